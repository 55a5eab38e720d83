//! `lifecycle`: states and what leads from one to another.

use super::{Dates, Expr, Name, TypeExpr};
use crate::source::Span;

/// `lifecycle NAME [: ENUM] starts STATE` and its lines.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    /// Name.
    pub name: Name,
    /// The enumeration of its states, when it is declared elsewhere.
    pub ty: Option<TypeExpr>,
    /// Label.
    pub label: Option<String>,
    /// The state everything starts in.
    pub starts: Name,
    /// `keeps FIELD: TYPE` lines.
    pub keeps: Vec<Keep>,
    /// Lines under `any open state`.
    pub everywhere: Vec<Transition>,
    /// States in the order written, final ones too.
    pub states: Vec<State>,
}

/// `keeps end_reason: EndReason`.
#[derive(Debug, Clone)]
pub struct Keep {
    /// Name.
    pub name: Name,
    /// Type; the value is none until a move sets it.
    pub ty: TypeExpr,
    /// Clauses.
    pub cites: Vec<Name>,
}

/// `state S [waits for WHO] [deadline D [unless C]] [no re-entry for P]`, or a name after `final`.
#[derive(Debug, Clone)]
pub struct State {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
    /// Nothing follows.
    pub is_final: bool,
    /// Whom it waits for.
    pub waits_for: Option<Name>,
    /// A length from entry, or a date.
    pub deadline: Option<Expr>,
    /// What stops the deadline.
    pub unless: Option<Expr>,
    /// How long before it can be entered again.
    pub no_reentry: Option<Expr>,
    /// Its lines.
    pub lines: Vec<Transition>,
    /// Clauses.
    pub cites: Vec<Name>,
}

/// A line that leads to another state.
#[derive(Debug, Clone)]
pub struct Transition {
    /// What sets it off.
    pub kind: TransitionKind,
    /// The condition.
    pub guard: Option<Expr>,
    /// Where to; of `may` one for each of its values.
    pub targets: Vec<Goto>,
    /// Only when no other line is ready.
    pub otherwise: bool,
    /// In force.
    pub dates: Dates,
    /// `under R ALT`.
    pub under: Option<(Name, Name)>,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line.
    pub span: Span,
}

/// Kinds of transition.
#[derive(Debug, Clone)]
pub enum TransitionKind {
    /// `on EVENT [when C] -> S`.
    On {
        /// The day (date or none).
        event: Expr,
    },
    /// `on each ITEM of LIST by .FIELD [when C] -> S`.
    Each {
        /// What the item is called from there on.
        item: Name,
        /// The list.
        list: Expr,
        /// The field that dates an item.
        by: Name,
    },
    /// `when C -> S`; without a condition `otherwise -> S`.
    When,
    /// `may J: value -> S, value -> S [when C]`.
    May {
        /// The judgement.
        judgement: Expr,
        /// Its values.
        answers: Vec<Name>,
    },
    /// `late -> S`.
    Late,
}

/// `-> STATE set FIELD VALUE`, `-> again`.
#[derive(Debug, Clone)]
pub struct Goto {
    /// The state; `again` enters the one it stands in anew.
    pub state: Name,
    /// What is kept.
    pub sets: Vec<(Name, Expr)>,
}

impl Lifecycle {
    /// Every line, those of every open state first.
    pub fn lines(&self) -> impl Iterator<Item = &Transition> {
        let own = self.states.iter().flat_map(|state| &state.lines);
        self.everywhere.iter().chain(own)
    }
}

impl Goto {
    /// Whether it enters the state it stands in anew.
    #[must_use]
    pub fn is_again(&self) -> bool {
        self.state.text == AGAIN
    }
}

/// The target that stands for the state a line belongs to.
pub const AGAIN: &str = "again";

impl TransitionKind {
    /// What sets the line off, as it is written, beside its condition.
    #[must_use]
    pub fn subject(&self) -> Option<&Expr> {
        match self {
            TransitionKind::On { event: subject }
            | TransitionKind::Each { list: subject, .. }
            | TransitionKind::May {
                judgement: subject, ..
            } => Some(subject),
            TransitionKind::When | TransitionKind::Late => None,
        }
    }
}

impl Transition {
    /// The name of the item it takes.
    #[must_use]
    pub fn item(&self) -> Option<&Name> {
        if let TransitionKind::Each { item, .. } = &self.kind {
            Some(item)
        } else {
            None
        }
    }

    /// Shows every expression of the line.
    pub fn each_expr<'a>(&'a self, mut see: impl FnMut(&'a Expr)) {
        self.kind.subject().into_iter().for_each(&mut see);
        self.guard.iter().for_each(&mut see);
        for to in &self.targets {
            to.sets.iter().for_each(|(_, value)| see(value));
        }
    }
}
