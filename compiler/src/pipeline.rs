//! The only file that calls the stages in order: reading, names, elaboration, analysis, and the look into the tests.

mod accepted;
mod merge;

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast;
use crate::{analysis, elaborate, names, syntax, testing};
use sha2::{Digest, Sha256};

pub use crate::loader::{FILE_LIMIT, Loader, Memory, Parsed};
pub use accepted::Accepted;

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

/// A program without errors.
#[derive(Debug)]
pub struct Compiled {
    /// What the runtime takes.
    pub ir: polc_runtime::ir::Program,
    /// The `tests` declarations, as written.
    pub tests: Vec<ast::Tests>,
    /// Where each provision of the program stands.
    pub places: Vec<Span>,
    /// What every word means.
    pub references: names::References,
}

/// Compiles a folder or a file, with everything it uses.
///
/// ```
/// let text = "program small \"Small\" version 1\nfact n: int\ndecision twice: int = 2 * n\n";
/// let files = polc::loader::Memory::default().with("small.pol", text);
/// let compiled = polc::pipeline::compile(&files, "small.pol").program.ok_or("it has errors")?;
/// let program = polc_runtime::Program::new(compiled.ir)?;
/// let facts = program.facts(r#"{ "n": 21 }"#)?;
/// let twice = program.answer(&facts, "2026-12-31".parse()?, "twice")?;
/// assert_eq!(twice.to_string(), "42");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compile(loader: &dyn Loader, path: &str) -> Compilation {
    Parsed::read(loader, path).into_compilation()
}

impl Parsed {
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
            diagnostics: merge::merge(diagnostics.sorted(), &sources),
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
        let Parsed { sources, trees, .. } = self;
        let old_text = sources.replace(file, text.into())?;
        let tree = trees.get_mut(file as usize)?;
        let old_tree = std::mem::replace(tree, changed);
        let program = stages(sources, trees, false, Wanted::Errors, &mut diagnostics);
        if let Some(tree) = trees.get_mut(file as usize) {
            *tree = old_tree;
        }
        let _ = sources.replace(file, old_text);
        program
    }
}

/// The same as [`compile`], with a look into the tests.
///
/// ```
/// let text = "program small \"Small\" version 1\nfact n: int\ndecision twice: int = 2 * m\n";
/// let files = polc::loader::Memory::default().with("small.pol", text);
/// let found = polc::pipeline::check(&files, "small.pol").diagnostics;
/// assert_eq!(found[0].message, "nothing is called `m`");
/// ```
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
    let mut symbols = names::collect(trees, diagnostics);
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
    let mut references = std::mem::take(&mut symbols.references);
    references.extend(elaborated.settled);
    Some(Compiled {
        ir: program,
        tests: symbols.tests.iter().map(|tests| (*tests).clone()).collect(),
        places: elaborated.places,
        references,
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
