//! Where texts come from, and which files a program is made of.

mod left_out;
mod uses;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest};
use crate::source::{FileId, Sources, Span};
use crate::syntax::{self, ast};
use std::collections::BTreeMap;
use uses::normal;

/// The largest source file taken, in bytes.
pub const FILE_LIMIT: usize = 8 * 1024 * 1024;

/// Where texts come from: a disk or memory. Paths use `/`.
pub trait Loader {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Says in words why the file cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
    /// The `.pol` files directly in a folder, sorted; `None` when the path is not a folder.
    fn folder(&self, path: &str) -> Option<Vec<String>>;
    /// The files in a folder and in those below it whose names end in `.pol`, however that is spelt; sorted.
    fn below(&self, path: &str) -> Vec<String> {
        let _ = path;
        Vec::new()
    }
}

/// Files in memory, by path.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// With one file more, or with another text in it.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> Memory {
        self.files.insert(path.into(), text.into());
        self
    }

    /// The files below a folder whose paths are as wanted.
    fn inside(&self, folder: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let prefix = match folder.trim_end_matches('/') {
            "" | "." => String::new(),
            folder => format!("{folder}/"),
        };
        let paths = self.files.keys();
        let inside = paths.filter(|path| path.strip_prefix(&prefix).is_some_and(&wanted));
        inside.cloned().collect()
    }
}

impl<P: Into<String>, T: Into<Vec<u8>>> FromIterator<(P, T)> for Memory {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Memory {
        let files = files.into_iter();
        Memory {
            files: files
                .map(|(path, text)| (path.into(), text.into()))
                .collect(),
        }
    }
}

impl Loader for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let bytes = self.files.get(path).cloned();
        bytes.ok_or_else(|| "it does not exist".to_owned())
    }

    fn folder(&self, path: &str) -> Option<Vec<String>> {
        let found = self.inside(path, |rest| !rest.contains('/') && rest.ends_with(".pol"));
        (!found.is_empty()).then_some(found)
    }

    fn below(&self, path: &str) -> Vec<String> {
        self.inside(path, |rest| rest.to_ascii_lowercase().ends_with(".pol"))
    }
}

/// The texts of a program and their trees, before anything is known of names.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// Every file read.
    pub sources: Sources,
    /// Their trees, by file; files that could not be read have none.
    pub trees: Vec<ast::File>,
    /// What reading and parsing found.
    pub(crate) diagnostics: Diagnostics,
}

impl Parsed {
    /// Reads and parses a folder or a file, with everything it uses.
    #[must_use]
    pub fn read(loader: &dyn Loader, path: &str) -> Parsed {
        let mut reading = Reading::new(loader);
        match loader.folder(path) {
            Some(paths) if paths.is_empty() => {
                let span = reading.nowhere(path);
                reading.diagnostics.push(
                    Diagnostic::new(
                        Code::EmptyProgram,
                        span,
                        format!("the folder `{path}` holds no `.pol` file"),
                    )
                    .help("name a folder with a program in it, or start one with `polc new NAME`"),
                );
            }
            Some(paths) => paths.iter().for_each(|path| reading.file(path, None)),
            None => reading.file(path, None),
        }
        reading.follow_uses();
        reading.left_out(path);
        Parsed {
            sources: reading.sources,
            trees: reading.trees,
            diagnostics: reading.diagnostics,
        }
    }
}

/// Files read so far.
struct Reading<'l> {
    loader: &'l dyn Loader,
    sources: Sources,
    diagnostics: Diagnostics,
    trees: Vec<ast::File>,
    /// Normalised paths, parallel to `trees`.
    paths: Vec<String>,
}

impl<'l> Reading<'l> {
    fn new(loader: &'l dyn Loader) -> Self {
        Reading {
            loader,
            sources: Sources::default(),
            diagnostics: Diagnostics::default(),
            trees: Vec::new(),
            paths: Vec::new(),
        }
    }

    /// Reads and parses one file; `used_at` is the `use` that asked for it.
    fn file(&mut self, path: &str, used_at: Option<Span>) {
        let bytes = match self.loader.read(path) {
            Ok(bytes) => bytes,
            Err(why) => {
                let span = used_at.unwrap_or_else(|| self.nowhere(path));
                let help = match self.near(path) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "check the path; it is relative to the file that uses it".to_owned(),
                };
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::CannotRead,
                        span,
                        format!("`{path}` cannot be read: {why}"),
                    )
                    .help(help),
                );
                return;
            }
        };
        if bytes.len() > FILE_LIMIT {
            let span = self.nowhere(path);
            self.diagnostics.push(
                Diagnostic::new(
                    Code::FileTooLarge,
                    span,
                    format!(
                        "`{path}` has {} bytes; at most {FILE_LIMIT} are read",
                        bytes.len()
                    ),
                )
                .help("split the program into several files of one folder"),
            );
            return;
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let lossy = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = self.sources.add(path, lossy);
                let span = Span {
                    file,
                    start: at as u32,
                    end: at as u32,
                };
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::NotUtf8,
                        span,
                        format!("byte {at} of `{path}` is not UTF-8"),
                    )
                    .at("here")
                    .help("save the file as UTF-8"),
                );
                return;
            }
        };
        let file = self.sources.add(path, text);
        let text = self
            .sources
            .get(file)
            .map(|file| file.text.clone())
            .unwrap_or_default();
        let tree = syntax::parse(file, &text, &mut self.diagnostics);
        if tree.declarations.is_empty() && text.trim().is_empty() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::EmptyProgram,
                    Span {
                        file,
                        start: 0,
                        end: 0,
                    },
                    format!("`{path}` is empty"),
                )
                .help("write a declaration, or remove the file"),
            );
        }
        self.trees.push(tree);
        self.paths.push(normal(path));
    }

    /// A file of the same folder with nearly this name.
    fn near(&self, path: &str) -> Option<String> {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        let beside = self.loader.folder(folder)?;
        let names = beside.iter().filter_map(|path| path.rsplit('/').next());
        nearest(name, names)
    }

    fn nowhere(&mut self, path: &str) -> Span {
        let file: FileId = self.sources.add(path, "");
        Span {
            file,
            start: 0,
            end: 0,
        }
    }

    /// Warns of files in and below a program's folder that it does not take in.
    fn left_out(&mut self, folder: &str) {
        let header = self.trees.iter().flat_map(|tree| &tree.declarations);
        let header = header.into_iter().find_map(|declaration| {
            let ast::DeclarationKind::Program(program) = &declaration.kind else {
                return None;
            };
            Some(program.name.span)
        });
        let Some(header) = header else { return };
        let found = left_out::files(self.loader, folder, &self.paths);
        found.into_iter().for_each(|(message, help)| {
            let found = Diagnostic::new(Code::FileLeftOut, header, message);
            self.diagnostics.push(found.help(help));
        });
    }
}
