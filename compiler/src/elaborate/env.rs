//! What is known where an expression stands. It is passed down, never set: whoever knows more hands on a new one.

use super::Typed;
use crate::syntax::ast::Name;
use polc_runtime::ir::NodeId;

/// What is known where an expression stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Env {
    /// Items that have a name, the innermost last.
    pub(super) named: Vec<(Name, Typed)>,
    /// The item that `.field` means.
    pub(super) item: Option<Typed>,
    /// Nodes known not to be none.
    present: Vec<NodeId>,
    /// What `cell` means.
    pub(super) cell: Option<Typed>,
    /// A condition before this place could not be read: anything may be known not to be none.
    uncertain: bool,
    /// In a grid a none operand fails the test instead of being an error.
    pub(super) lenient: bool,
    /// While types and inputs are declared no name has a value.
    pub(super) declaring: bool,
}

impl Env {
    /// Where types and inputs are declared.
    pub(super) fn declaring() -> Self {
        Env {
            declaring: true,
            ..Env::default()
        }
    }

    /// With one more item, under its name or as what `.field` means.
    pub(super) fn with_item(&self, name: Option<&Name>, item: Typed) -> Self {
        let mut env = self.clone();
        match name {
            Some(name) => env.named.push((name.clone(), item)),
            None => env.item = Some(item),
        }
        env
    }

    /// Where these nodes are known not to be none.
    pub(super) fn knowing(&self, present: Vec<NodeId>) -> Self {
        let mut env = self.clone();
        env.present.extend(present);
        env
    }

    /// The same, for a line after another.
    pub(super) fn know(&mut self, present: Vec<NodeId>) {
        self.present.extend(present);
    }

    /// After a condition that could not be read.
    pub(super) fn uncertain(&self) -> Self {
        let mut env = self.clone();
        env.uncertain = true;
        env
    }

    /// On another day nothing that was tested today is known not to be none.
    pub(super) fn elsewhere(&self) -> Self {
        let mut env = self.clone();
        env.present.clear();
        env
    }

    /// Where a none operand fails a test.
    pub(super) fn lenient(&self) -> Self {
        let mut env = self.clone();
        env.lenient = true;
        env
    }

    /// In the condition of a row, for one cell.
    pub(super) fn with_cell(&self, cell: Option<Typed>) -> Self {
        let mut env = self.clone();
        env.cell = cell;
        env
    }

    /// Whether a node is not none here, as far as anybody can tell.
    pub(super) fn is_present(&self, node: NodeId) -> bool {
        self.uncertain || self.present.contains(&node)
    }

    /// Whether a node was tested for none, and is not.
    pub(super) fn is_known_present(&self, node: NodeId) -> bool {
        self.present.contains(&node)
    }
}
