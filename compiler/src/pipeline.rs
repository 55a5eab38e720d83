//! The only file that calls the stages in order.

mod left_out;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, merge, nearest, order};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast;
use crate::{analysis, elaborate, names, syntax, testing};
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
    /// The files in a folder and in those below it whose names end in `.pol`, however that is spelt; sorted.
    fn below(&self, path: &str) -> Vec<String> {
        let _ = path;
        Vec::new()
    }
}

/// What came of a program.
#[derive(Debug, Default)]
pub struct Compilation {
    /// Every file read.
    pub sources: Sources,
    /// Findings, by cause and then by place, without those accepted in writing.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings accepted in writing.
    pub accepted: Vec<Accepted>,
    /// Every `accept` of the files, and how often it was needed.
    accepts: Vec<(syntax::Accept, usize)>,
    /// The program, unless there are errors.
    pub program: Option<Compiled>,
}

/// A finding that was accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The finding.
    pub finding: Diagnostic,
    /// Why it was accepted.
    pub because: String,
}

impl Compilation {
    /// Sets aside the findings that are accepted on their line.
    fn accept(&mut self) {
        let list = std::mem::take(&mut self.diagnostics);
        for finding in list {
            let place = finding.labels.first().map(|label| label.span);
            let accept = self.accepts.iter_mut().find(|(accept, _)| {
                accept.code.text == finding.code.number()
                    && place.is_some_and(|place| {
                        place.file == accept.line.file
                            && (accept.line.start..=accept.line.end).contains(&place.start)
                    })
            });
            match accept {
                Some((accept, needed)) => {
                    *needed += 1;
                    let because = accept.because.clone();
                    self.accepted.push(Accepted { finding, because });
                }
                None => self.diagnostics.push(finding),
            }
        }
    }

    /// Warns of every `accept` that nothing needed. Tests are looked into by `check` only.
    fn stale(&mut self, of_tests: bool) {
        if self.program.is_none() {
            return;
        }
        for (accept, needed) in &self.accepts {
            let code = &accept.code.text;
            if *needed == 0 && code.starts_with("P08") == of_tests {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::StaleAccept,
                        accept.span,
                        format!("`{code}` does not occur here"),
                    )
                    .help("remove this `accept`, or move it to the line it is about")
                    .fix(accept.span, ""),
                );
            }
        }
        order(&mut self.diagnostics);
    }
}

/// A program without errors.
#[derive(Debug)]
pub struct Compiled {
    /// What the runtime takes.
    pub ir: polc_runtime::ir::Program,
    /// The `tests` declarations, as written.
    pub tests: Vec<ast::Tests>,
    /// Where each provision of the program stands.
    pub places: Vec<Span>,
}

/// Compiles a folder or a file, with everything it uses.
pub fn compile(loader: &dyn Loader, path: &str) -> Compilation {
    Parsed::read(loader, path).into_compilation()
}

/// The texts of a program and their trees, before anything is known of names.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// Every file read.
    pub sources: Sources,
    /// Their trees, by file; files that could not be read have none.
    pub trees: Vec<ast::File>,
    /// What reading and parsing found.
    diagnostics: Diagnostics,
}

impl Parsed {
    /// Reads and parses a folder or a file, with everything it uses.
    #[must_use]
    pub fn read(loader: &dyn Loader, path: &str) -> Parsed {
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
        reading.left_out(path);
        Parsed {
            sources: reading.sources,
            trees: reading.trees,
            diagnostics: reading.diagnostics,
        }
    }

    /// Checks what was read.
    #[must_use]
    pub fn compile(&self) -> Compilation {
        self.clone().into_compilation()
    }

    fn into_compilation(self) -> Compilation {
        let Parsed {
            sources,
            trees,
            mut diagnostics,
        } = self;
        let broken = diagnostics.has_errors();
        let program = stages(&sources, &trees, broken, Wanted::All, &mut diagnostics);
        let accepts = trees.into_iter().flat_map(|tree| tree.accepts);
        let mut compilation = Compilation {
            diagnostics: merge(diagnostics.sorted(), &sources),
            sources,
            program,
            accepted: Vec::new(),
            accepts: accepts.map(|accept| (accept, 0)).collect(),
        };
        compilation.accept();
        compilation.stale(false);
        compilation
    }

    /// The program with another text in one file, if it has no errors. For programs that were read without any.
    #[must_use]
    pub fn compile_with(&mut self, file: FileId, text: &str) -> Option<Compiled> {
        let mut diagnostics = Diagnostics::default();
        let changed = syntax::parse(file, text, &mut diagnostics);
        if diagnostics.has_errors() {
            return None;
        }
        let old_text = self.sources.replace(file, text.into())?;
        let tree = self.trees.get_mut(file as usize)?;
        let old_tree = std::mem::replace(tree, changed);
        let wanted = Wanted::Errors;
        let program = stages(&self.sources, &self.trees, false, wanted, &mut diagnostics);
        if let Some(tree) = self.trees.get_mut(file as usize) {
            *tree = old_tree;
        }
        let _ = self.sources.replace(file, old_text);
        program
    }
}

/// The same as [`compile`], with a look into the tests.
pub fn check(loader: &dyn Loader, path: &str) -> Compilation {
    let mut compilation = compile(loader, path);
    if let Some(compiled) = &compilation.program {
        let found = testing::check_written(&compiled.ir, &compiled.tests);
        compilation.diagnostics.extend(found);
        compilation.accept();
        compilation.stale(true);
    }
    compilation
}

/// Which findings are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// All.
    All,
    /// Those without which there is no program.
    Errors,
}

/// Names, elaboration, analysis; a stage runs on what the one before left whole.
fn stages(
    sources: &Sources,
    trees: &[ast::File],
    broken: bool,
    wanted: Wanted,
    diagnostics: &mut Diagnostics,
) -> Option<Compiled> {
    if broken && trees.iter().all(|tree| tree.declarations.is_empty()) {
        return None;
    }
    let symbols = names::collect(trees, diagnostics);
    let mut elaborated = elaborate::elaborate(&symbols, sources, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    if wanted == Wanted::Errors {
        elaborated.obligations.retain(analysis::Obligation::refuses);
    }
    let mut program = elaborated.program;
    program.hash = hash(sources);
    let place = |name: &str| symbols.get(name).map(|symbol| symbol.name.span);
    let (lean, nodes) = polc_runtime::ir::lean(&program);
    for obligation in &mut elaborated.obligations {
        obligation.map_nodes(&|node| nodes.get(node as usize).copied().unwrap_or_default());
    }
    analysis::check_loops(&lean, place, diagnostics);
    analysis::analyse(&lean, &elaborated.obligations, diagnostics);
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
        places: elaborated.places,
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
        let header = header
            .into_iter()
            .find_map(|declaration| match &declaration.kind {
                ast::DeclarationKind::Program(program) => Some(program.name.span),
                _ => None,
            });
        let Some(header) = header else { return };
        let found = left_out::files(self.loader, folder, &self.paths);
        found.into_iter().for_each(|(message, help)| {
            let found = Diagnostic::new(Code::FileLeftOut, header, message);
            self.diagnostics.push(found.help(help));
        });
    }

    /// Reads what files use, each once, and reports modules that use each other in a circle.
    fn follow_uses(&mut self) {
        let mut at = 0;
        let mut edges: Vec<Edge> = Vec::new();
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
                edges.push(Edge {
                    from: at,
                    to,
                    span: used.span,
                });
            }
            at += 1;
        }
        self.report_circles(&edges);
    }

    /// Each circle once, at the first `use` in it, with the other ones beside it.
    fn report_circles(&mut self, edges: &[Edge]) {
        let mut reported: Vec<Vec<usize>> = Vec::new();
        for edge in edges {
            let Some(back) = route(edge.to, edge.from, edges) else {
                continue;
            };
            let mut files: Vec<usize> = back.iter().map(|edge| edge.from).collect();
            files.push(edge.from);
            files.sort_unstable();
            if reported.contains(&files) {
                continue;
            }
            reported.push(files);
            let path = |at: usize| self.paths.get(at).map_or("", String::as_str);
            let message = if back.is_empty() {
                format!("`{}` uses itself", path(edge.from))
            } else {
                let names: Vec<&str> = std::iter::once(edge.from)
                    .chain(std::iter::once(edge.to))
                    .chain(back.iter().map(|edge| edge.to))
                    .map(path)
                    .collect();
                format!("files use each other in a circle: {}", names.join(" → "))
            };
            let mut found = Diagnostic::new(Code::CyclicImport, edge.span, message);
            found = if back.is_empty() {
                found.help("remove this line")
            } else {
                found.help("move what both need into a third file")
            };
            for edge in back {
                found = found.label(edge.span, "and this goes on");
            }
            self.diagnostics.push(found);
        }
    }
}

/// One file uses another.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    /// The path in the `use`.
    span: Span,
}

/// The shortest way from one file to another; empty when they are the same.
fn route(from: usize, goal: usize, edges: &[Edge]) -> Option<Vec<Edge>> {
    let mut seen = vec![from];
    let mut ways = vec![(from, Vec::new())];
    let mut next = 0;
    while let Some((at, way)) = ways.get(next).cloned() {
        if at == goal {
            return Some(way);
        }
        for edge in edges.iter().filter(|edge| edge.from == at) {
            if !seen.contains(&edge.to) {
                seen.push(edge.to);
                let mut way = way.clone();
                way.push(*edge);
                ways.push((edge.to, way));
            }
        }
        next += 1;
    }
    None
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
