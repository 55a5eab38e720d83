//! The only file that calls the stages in order.

use crate::diagnostics::Diagnostic;
use crate::source::Sources;
use crate::syntax::ast;

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

/// Compiles a folder or a file.
pub fn compile(_loader: &dyn Loader, _path: &str) -> Compilation {
    Compilation::default()
}
