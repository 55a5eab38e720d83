//! The only file that calls the stages in order.

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast;
use crate::{analysis, elaborate, names, syntax};
use sha2::{Digest, Sha256};

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
}

/// What came of a program.
#[derive(Debug, Default)]
pub struct Compilation {
    /// Every file read.
    pub sources: Sources,
    /// Findings, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The program, unless there are errors.
    pub program: Option<Compiled>,
}

/// A program without errors.
#[derive(Debug)]
pub struct Compiled {
    /// What the runtime takes.
    pub ir: polc_runtime::ir::Program,
    /// The `tests` declarations, as written.
    pub tests: Vec<ast::Tests>,
}

/// Compiles a folder or a file, with everything it uses.
pub fn compile(loader: &dyn Loader, path: &str) -> Compilation {
    let mut reading = Reading::new(loader);
    match loader.folder(path) {
        Some(paths) if paths.is_empty() => {
            let file = reading.sources.add(path, "");
            reading.diagnostics.push(
                Diagnostic::new(
                    Code::EmptyProgram,
                    Span {
                        file,
                        start: 0,
                        end: 0,
                    },
                    format!("the folder `{path}` holds no `.pol` file"),
                )
                .help("name a folder with a program in it, or start one with `polc new NAME`"),
            );
        }
        Some(paths) => paths.iter().for_each(|path| reading.file(path, None)),
        None => reading.file(path, None),
    }
    reading.follow_uses();
    let Reading {
        sources,
        mut diagnostics,
        trees,
        ..
    } = reading;
    let broken = diagnostics.has_errors();
    let program = check(&sources, &trees, broken, &mut diagnostics);
    Compilation {
        sources,
        diagnostics: diagnostics.sorted(),
        program,
    }
}

/// Names, elaboration, analysis; a stage runs on what the one before left whole.
fn check(
    sources: &Sources,
    trees: &[ast::File],
    broken: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Compiled> {
    if broken && trees.iter().all(|tree| tree.declarations.is_empty()) {
        return None;
    }
    let symbols = names::collect(trees, diagnostics);
    let elaborated = elaborate::elaborate(&symbols, sources, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let mut program = elaborated.program;
    program.hash = hash(sources);
    analysis::analyse(&program, &elaborated.obligations, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    if let Err(faults) = polc_runtime::ir::verify(&program) {
        let span = symbols
            .program
            .map(|program| program.name.span)
            .unwrap_or_default();
        let fault = faults.first().map(ToString::to_string).unwrap_or_default();
        diagnostics.push(
            Diagnostic::new(
                Code::BadIr,
                span,
                format!("the compiler made a program that does not verify: {fault}"),
            )
            .help("this is a fault of polc; please report it with the program"),
        );
        return None;
    }
    Some(Compiled {
        ir: program,
        tests: symbols.tests.iter().map(|tests| (*tests).clone()).collect(),
    })
}

fn hash(sources: &Sources) -> String {
    let mut hasher = Sha256::new();
    for (_, file) in sources.iter() {
        hasher.update(file.text.as_bytes());
        hasher.update([0]);
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
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
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::CannotRead,
                        span,
                        format!("`{path}` cannot be read: {why}"),
                    )
                    .help("check the path; it is relative to the file that uses it"),
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

    fn nowhere(&mut self, path: &str) -> Span {
        let file: FileId = self.sources.add(path, "");
        Span {
            file,
            start: 0,
            end: 0,
        }
    }

    /// Reads what files use, each once, and reports modules that use each other in a circle.
    fn follow_uses(&mut self) {
        let mut at = 0;
        let mut edges: Vec<(usize, usize, Span)> = Vec::new();
        while at < self.trees.len() {
            let Some(from) = self.paths.get(at).cloned() else {
                break;
            };
            let uses: Vec<ast::Use> = self
                .trees
                .get(at)
                .into_iter()
                .flat_map(|tree| &tree.declarations)
                .filter_map(|declaration| match &declaration.kind {
                    ast::DeclarationKind::Use(used) => Some(used.clone()),
                    _ => None,
                })
                .collect();
            for used in uses {
                let target = relative(&from, &used.path);
                let known = self.paths.iter().position(|path| *path == target);
                let to = match known {
                    Some(to) => to,
                    None => {
                        let before = self.trees.len();
                        self.file(&target, Some(used.span));
                        if self.trees.len() == before {
                            continue;
                        }
                        before
                    }
                };
                edges.push((at, to, used.span));
            }
            at += 1;
        }
        self.report_circles(&edges);
    }

    fn report_circles(&mut self, edges: &[(usize, usize, Span)]) {
        for (from, to, span) in edges {
            if reaches(*to, *from, edges) {
                let mut paths =
                    [from, to].map(|at| self.paths.get(*at).cloned().unwrap_or_default());
                paths.sort();
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::CyclicImport,
                        *span,
                        format!("files use each other in a circle: {}", paths.join(" ↔ ")),
                    )
                    .help("move what both need into a third file"),
                );
            }
        }
    }
}

fn reaches(from: usize, goal: usize, edges: &[(usize, usize, Span)]) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(at) = seen.get(next).copied() {
        if at == goal {
            return true;
        }
        for (_, to, _) in edges.iter().filter(|(origin, _, _)| *origin == at) {
            if !seen.contains(to) {
                seen.push(*to);
            }
        }
        next += 1;
    }
    false
}

/// A path without `.` and `..` where they can be resolved.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts
                .last()
                .is_some_and(|last| *last != ".." && !last.is_empty()) =>
            {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// The path a `use` means, seen from the file it stands in.
fn relative(from: &str, used: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    if used.starts_with('/') || folder.is_empty() {
        normal(used)
    } else {
        normal(&format!("{folder}/{used}"))
    }
}
