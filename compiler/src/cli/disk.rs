//! The disk as a source of programs.

use super::USAGE;
use crate::pipeline::{FILE_LIMIT, Loader};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// As many folders below a program are looked into for files that it does not take in.
const MAX_FOLDERS: usize = 1000;

/// Reads programs from the disk.
#[derive(Debug, Default)]
pub(super) struct Disk {
    /// Something that is there could not be read: a failure of the disk, not of the program.
    failed: Cell<bool>,
}

impl Disk {
    /// The status of a run that read what it could: a disk that fails comes before what was found in the rest.
    pub(super) fn status(&self, of_rest: u8) -> u8 {
        if self.failed.get() { USAGE } else { of_rest }
    }
}

impl Loader for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        // One byte more than is taken tells a file that is too large without reading all of it.
        let limit = FILE_LIMIT as u64 + 1;
        let read = fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => {
                // Using a file that is not there, or a folder, is a mistake of the program.
                let kind = error.kind();
                let mistaken = kind == ErrorKind::IsADirectory
                    || kind == ErrorKind::NotFound && fs::symlink_metadata(path).is_err();
                self.failed.set(self.failed.get() || !mistaken);
                Err(words(&error))
            }
        }
    }

    fn folder(&self, path: &str) -> Option<Vec<String>> {
        let files = pol_files(path);
        let failed = files.is_none() && Path::new(path).is_dir();
        self.failed.set(self.failed.get() || failed);
        files
    }

    fn below(&self, path: &str) -> Vec<String> {
        let (mut found, mut todo) = (Vec::new(), vec![path.to_owned()]);
        let mut seen = BTreeSet::new();
        while let Some(folder) = todo.pop() {
            // Links may lead back up: each folder is looked into once.
            let new = fs::canonicalize(&folder).is_ok_and(|whole| seen.insert(whole));
            if !new || seen.len() > MAX_FOLDERS {
                continue;
            }
            for entry in entries(&folder).unwrap_or_default() {
                let name = entry.rsplit('/').next().unwrap_or_default();
                if Path::new(&entry).is_dir() {
                    if !name.starts_with('.') {
                        todo.push(entry);
                    }
                } else if name.to_ascii_lowercase().ends_with(".pol") {
                    found.push(entry);
                }
            }
        }
        found.sort();
        found
    }
}

/// The `.pol` files directly in a folder, sorted; a link that leads nowhere is one, and cannot be read.
fn pol_files(path: &str) -> Option<Vec<String>> {
    let is_file = |path: &Path| path.is_file() || !path.exists();
    let mut files: Vec<String> = entries(path)?
        .into_iter()
        .filter(|entry| entry.ends_with(".pol") && is_file(Path::new(entry)))
        .collect();
    files.sort();
    Some(files)
}

fn entries(path: &str) -> Option<Vec<String>> {
    if !Path::new(path).is_dir() {
        return None;
    }
    let base = path.trim_end_matches('/');
    let names = fs::read_dir(path).ok()?;
    let mut found: Vec<String> = names
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|name| {
            if base.is_empty() {
                format!("/{name}")
            } else {
                format!("{base}/{name}")
            }
        })
        .collect();
    found.sort();
    Some(found)
}

/// A program, or files that only others use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Folder or file.
    pub(super) path: String,
    /// Its files all begin with `module`: nothing to check by itself.
    pub(super) module: bool,
}

/// The programs a path names: itself, or the ones below it.
fn programs(path: &str) -> Result<Vec<Found>, String> {
    if fs::symlink_metadata(path).is_err() {
        return Err(format!("`{path}` does not exist"));
    }
    let mut found = Vec::new();
    collect(path, &mut BTreeSet::new(), &mut found);
    Ok(found)
}

fn collect(path: &str, seen: &mut BTreeSet<PathBuf>, found: &mut Vec<Found>) {
    let Some(files) = pol_files(path) else {
        return found.push(Found {
            path: path.to_owned(),
            module: false,
        });
    };
    if !files.is_empty() {
        let module = files.iter().all(|file| begins_with_module(file));
        return found.push(Found {
            path: path.to_owned(),
            module,
        });
    }
    // Links may lead back up: each folder is looked into once.
    if let Ok(whole) = fs::canonicalize(path)
        && !seen.insert(whole)
    {
        return;
    }
    for entry in entries(path).unwrap_or_default() {
        let hidden = entry
            .rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with('.'));
        if Path::new(&entry).is_dir() && !hidden {
            collect(&entry, seen, found);
        }
    }
}

fn begins_with_module(path: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|text| {
        text.lines()
            .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .is_some_and(|line| line.starts_with("module "))
    })
}

/// The paths a command works on: those given, else `policies`, else this folder.
pub(super) fn paths(given: &[String]) -> Result<Vec<Found>, String> {
    let default = if Path::new("policies").is_dir() {
        "policies"
    } else {
        "."
    };
    let given = if given.is_empty() {
        vec![default.to_owned()]
    } else {
        given.to_vec()
    };
    let mut found = Vec::new();
    for path in given {
        found.extend(some_programs(&path)?);
    }
    Ok(found)
}

fn some_programs(path: &str) -> Result<Vec<Found>, String> {
    let found = programs(path)?;
    if found.is_empty() {
        return Err(format!("there is no `.pol` file in `{path}`"));
    }
    Ok(found)
}

/// Whether a path is the place of one program, for subcommands that take one.
pub(super) fn one_program(path: &str) -> Result<(), String> {
    let found = some_programs(path)?;
    if found.iter().any(|found| found.path == path) {
        return Ok(());
    }
    let below: Vec<String> = found
        .iter()
        .filter(|found| !found.module)
        .map(|found| format!("`{}`", found.path))
        .collect();
    Err(format!(
        "there is no `.pol` file in `{path}` itself; name one of the programs below it: {}",
        below.join(", ")
    ))
}

/// An I/O error in words.
pub(super) fn words(error: &std::io::Error) -> String {
    let known = [
        (ErrorKind::NotFound, "it does not exist"),
        (ErrorKind::PermissionDenied, "permission denied"),
        (ErrorKind::IsADirectory, "it is a folder"),
    ];
    let found = known.into_iter().find(|(kind, _)| *kind == error.kind());
    found.map_or_else(|| error.to_string(), |(_, words)| words.to_owned())
}
