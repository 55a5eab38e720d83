//! Atoms: what conditions compare, as the search sees it.

use super::sets::Set;
use polc_runtime::ir::{FactId, NodeId, ReadingId, Type};
use polc_runtime::value::Number;

/// Index of an atom in one query.
pub(super) type VarId = usize;

/// What tells two atoms apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    /// The day of evaluation.
    AsOf,
    /// An input.
    Fact(FactId),
    /// A declared ambiguity.
    Reading(ReadingId),
    /// Any other node.
    Node(NodeId),
    /// How two atoms compare: 0 less, 1 equal, 2 greater.
    Order(VarId, VarId),
    /// A weighted sum of several atoms.
    Linear(Vec<(VarId, Number)>),
}

/// How far an example may rest on an atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    /// An input: every state of its domain can be had.
    Free,
    /// Computed: every state can be had as long as nothing else pins its inputs.
    Derived,
    /// Nothing is known about which states can be had together with others.
    Opaque,
}

/// Something a derived atom depends on: a fact, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Root {
    /// The day of evaluation.
    AsOf,
    /// A fact, or one field of it.
    Fact(FactId, Option<NodeId>),
    /// An item of a list, or one field of it.
    Item(NodeId),
}

/// An atom.
#[derive(Debug, Clone)]
pub(super) struct Var {
    /// Identity.
    pub(super) key: Key,
    /// Type of its values.
    pub(super) ty: Type,
    /// Every state it can be in.
    pub(super) domain: Set,
    /// Between two whole numbers there is nothing.
    pub(super) discrete: bool,
    /// How far to trust an example.
    pub(super) grade: Grade,
    /// What it depends on.
    pub(super) roots: Vec<Root>,
    /// Never later than the day of evaluation.
    pub(super) event: bool,
}
