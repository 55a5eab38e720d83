//! Putting files in place whole or not at all: written beside the target, flushed, then renamed over it.
//! What a run leaves behind that was killed in between is cleared by the next one.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// What stands between the target's name and the writer's number in the name of a file that is not yet in place.
const MARK: &str = ".polc-";

/// Letters of a name that are kept; four bytes each still leave room in a name of 255.
const MOST_LETTERS: usize = 50;

/// Links followed from a target before they count as a cycle.
const MOST_LINKS: usize = 40;

/// A file written and flushed beside its target, not yet in its place; dropped, it is gone.
#[derive(Debug)]
pub(super) struct Staged {
    /// None for a pipe or a device, which takes the bytes directly.
    beside: Option<Beside>,
    bytes: Vec<u8>,
    target: PathBuf,
}

#[derive(Debug)]
struct Beside {
    path: PathBuf,
    /// Open, and so locked, until the file is in place: nobody else takes it for a leftover.
    file: File,
    placed: bool,
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.placed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes bytes beside the target. Nothing that exists is changed before [`Staged::place`].
pub(super) fn stage(target: &Path, bytes: Vec<u8>) -> Result<Staged, Error> {
    let target = resolved(target)?;
    let old = match fs::metadata(&target) {
        Ok(old) if old.is_dir() => return Err(ErrorKind::IsADirectory.into()),
        Ok(old) if !old.is_file() => {
            return Ok(Staged {
                beside: None,
                bytes,
                target,
            });
        }
        Ok(old) => {
            // Whoever may not write the file may not replace it either.
            OpenOptions::new().write(true).open(&target)?;
            Some(old)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    clear_beside(&target);
    let path = target.with_file_name(format!("{}{}", beginning(&target), number()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if old.is_some() {
        // Not readable by more people than the old file while it is being written.
        private(&mut options);
    }
    let file = options.open(&path)?;
    // Without locks on this file system a leftover stays, which is better than taking a file away.
    let _ = file.try_lock();
    let mut beside = Beside {
        path,
        file,
        placed: false,
    };
    beside.file.write_all(&bytes)?;
    if let Some(old) = old {
        keep_owner(&beside.path, &old);
        beside.file.set_permissions(old.permissions())?;
    }
    beside.file.sync_all()?;
    Ok(Staged {
        beside: Some(beside),
        bytes,
        target,
    })
}

impl Staged {
    /// Puts the file into its place.
    pub(super) fn place(mut self) -> Result<(), Error> {
        let Some(beside) = &mut self.beside else {
            let mut target = OpenOptions::new().write(true).open(&self.target)?;
            return match target.write_all(&self.bytes) {
                // Its reader has seen enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                written => written,
            };
        };
        fs::rename(&beside.path, &self.target)?;
        beside.placed = true;
        // The new name is on the disk once its folder is; not every system lets a folder be opened for that.
        if let Some(folder) = self.target.parent().map(or_here)
            && let Ok(folder) = File::open(folder)
        {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Removes what killed runs left beside a target.
pub(super) fn clear_beside(target: &Path) {
    if let Some(folder) = target.parent().map(or_here) {
        let beginning = beginning(target);
        clear(folder, |name| {
            name.strip_prefix(&beginning).is_some_and(is_number)
        });
    }
}

fn clear(folder: &Path, ours: impl Fn(&str) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        // A file that is locked is still being written.
        if ours(&name.to_string_lossy())
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && let Ok(file) = OpenOptions::new().write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// How the names of files beside a target begin: `.NAME.polc-`; a long name is cut, so that there is room.
fn beginning(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().take(MOST_LETTERS).collect();
    format!(".{name}{MARK}")
}

/// How they end: a number no other file has that is being written now.
fn number() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{}{next:06}", std::process::id())
}

fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// Where a path leads: links stay as they are, the file they lead to is the one replaced, or made.
fn resolved(path: &Path) -> Result<PathBuf, Error> {
    let mut path = path.to_owned();
    if fs::metadata(&path).is_ok_and(|about| !about.is_file()) {
        // What is open under a number, such as standard output, is a link that leads nowhere in the folders.
        return Ok(path);
    }
    for _ in 0..MOST_LINKS {
        let Ok(link) = fs::read_link(&path) else {
            return Ok(path);
        };
        path = or_here(path.parent().unwrap_or(Path::new(""))).join(link);
    }
    Err(Error::other("its links lead in a cycle"))
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn private(_: &mut OpenOptions) {}

/// The new file belongs to whom the old one did, where that is allowed.
#[cfg(unix)]
fn keep_owner(path: &Path, old: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, chown};
    let now = fs::metadata(path);
    if now.is_ok_and(|now| (now.uid(), now.gid()) != (old.uid(), old.gid())) {
        let _ = chown(path, Some(old.uid()), Some(old.gid()))
            .or_else(|_| chown(path, None, Some(old.gid())));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &fs::Metadata) {}

/// Whether two paths are the same file, by whatever names.
pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |path: &Path| fs::metadata(path).map(|about| (about.dev(), about.ino()));
        if let (Ok(a), Ok(b)) = (id(a), id(b)) {
            return a == b;
        }
    }
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
