//! Provisions: what of a program can be cited.

use super::lifecycle::LineLayout;
use super::{ClauseId, LifecycleLayout, NodeId, Op, Program};
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
    /// A phrase with names by their labels.
    #[must_use]
    pub fn told(&self, phrase: &Phrase) -> String {
        let mut out = String::new();
        for words in phrase {
            match words {
                Words::Text(text) => out.push_str(text),
                Words::Name(id) => match self.provisions.get(*id as usize) {
                    Some(known) if !known.label.is_empty() => {
                        out.push('“');
                        out.push_str(&known.label);
                        out.push('”');
                    }
                    Some(known) => out.push_str(&crate::words::spoken(&known.name)),
                    None => {}
                },
            }
        }
        out
    }

    /// What sets a line of a lifecycle off; empty where it is the end of a deadline.
    #[must_use]
    pub fn line_words(&self, line: ProvisionId) -> String {
        let Some(line) = self.provisions.get(line as usize) else {
            return String::new();
        };
        let (event, when) = (self.told(&line.value), self.told(&line.condition));
        match (event.as_str(), when.as_str()) {
            (_, "") => event,
            ("", when) => format!("when {when}"),
            (event, when) => format!("{event} when {when}"),
        }
    }

    /// A line of a lifecycle in few words.
    #[must_use]
    pub fn line_told(&self, line: &LineLayout) -> String {
        match self.line_words(line.provision) {
            words if words.is_empty() => "late".to_owned(),
            words => words,
        }
    }

    /// The deadline of a state, with what stops it; empty where it has none.
    #[must_use]
    pub fn deadline_words(&self, layout: &LifecycleLayout, state: u32) -> String {
        let states = self.enums.get(layout.states as usize);
        let name = states.and_then(|states| states.values.get(state as usize));
        let own = |known: &&Provision| {
            let of = known.of.and_then(|of| self.provisions.get(of as usize));
            known.kind == ProvisionKind::State
                && Some(&known.name) == name
                && of.is_some_and(|of| of.name == layout.name)
        };
        let Some(state) = self.provisions.iter().find(own) else {
            return String::new();
        };
        match (self.told(&state.value), self.told(&state.condition)) {
            (deadline, unless) if unless.is_empty() => deadline,
            (deadline, unless) => format!("{deadline} unless {unless}"),
        }
    }

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
