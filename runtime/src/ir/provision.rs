//! Provisions: what of a program can be cited.

use super::{ClauseId, NodeId, Op, Program};
use serde::{Deserialize, Serialize};

/// Index of a provision in [`Program::provisions`].
pub type ProvisionId = u32;

/// A part of a program that says something of its own and can be cited: a definition, a case, a cell, a waiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provision {
    /// What kind of part.
    pub kind: ProvisionKind,
    /// What it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ProvisionId>,
    /// Its name, unique in what it is part of.
    pub name: String,
    /// Its label for people; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What it waits for, as it is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub condition: Phrase,
    /// What it gives, as it is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value: Phrase,
    /// Clauses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<ClauseId>,
}

/// Words to tell something by.
pub type Phrase = Vec<Words>;

/// A piece of a [`Phrase`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// As they are.
    Text(String),
    /// What is named: told by its label where it has one.
    Name(ProvisionId),
}

/// The kinds of [`Provision`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvisionKind {
    /// A fact, event, judgement or grants.
    Fact,
    /// A dated value.
    Value,
    /// A definition.
    Definition,
    /// A published answer.
    Decision,
    /// A table.
    Table,
    /// A grid of requirements.
    Requirements,
    /// A waiver.
    Waiver,
    /// An exception.
    Exception,
    /// Recurring dates.
    Schedule,
    /// A lifecycle.
    Lifecycle,
    /// A list of obligations.
    Obligations,
    /// A duty.
    Duty,
    /// An order.
    Order,
    /// One of the dated versions of a value.
    Version,
    /// A case of a definition.
    Case,
    /// The body of a definition under one alternative of a reading.
    Alternative,
    /// A row of a table.
    Row,
    /// A cell of a grid.
    Cell,
    /// A change of a cell.
    Amendment,
    /// One line of what a waiver lifts.
    Lift,
    /// A state of a lifecycle: its deadline, and when it can be entered again.
    State,
    /// A line of a lifecycle.
    Transition,
    /// A rule that binds somebody.
    Obligation,
    /// A condition under which a definition is applicable.
    Scope,
    /// A note.
    Note,
}

impl Program {
    /// The node inside the provisions around it.
    #[must_use]
    pub fn bare(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while let Some(Op::Provision { body, .. }) = self.nodes.get(at as usize).map(|n| &n.op) {
            at = *body;
        }
        at
    }
}
