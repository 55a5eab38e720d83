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
        /// The condition.
        guard: Option<Expr>,
        /// Where to.
        to: Goto,
    },
    /// `on each ITEM of LIST by .FIELD [when C] -> S`.
    Each {
        /// What the item is called from there on.
        item: Name,
        /// The list.
        list: Expr,
        /// The field that dates an item.
        by: Name,
        /// The condition.
        guard: Option<Expr>,
        /// Where to.
        to: Goto,
    },
    /// `when C -> S`; without a condition `otherwise -> S`.
    When {
        /// The condition.
        guard: Option<Expr>,
        /// Where to.
        to: Goto,
    },
    /// `may J: value -> S, value -> S [when C]`.
    May {
        /// The judgement.
        judgement: Expr,
        /// Its values and where they lead.
        answers: Vec<(Name, Goto)>,
        /// The condition.
        guard: Option<Expr>,
    },
    /// `late -> S`.
    Late(Goto),
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

impl Transition {
    /// Where it may lead.
    #[must_use]
    pub fn targets(&self) -> Vec<&Goto> {
        match &self.kind {
            TransitionKind::On { to, .. }
            | TransitionKind::Each { to, .. }
            | TransitionKind::When { to, .. }
            | TransitionKind::Late(to) => vec![to],
            TransitionKind::May { answers, .. } => answers.iter().map(|(_, to)| to).collect(),
        }
    }

    /// Shows every expression of the line.
    pub fn each_expr<'a>(&'a self, mut see: impl FnMut(&'a Expr)) {
        match &self.kind {
            TransitionKind::On { event, guard, .. } => {
                see(event);
                guard.iter().for_each(&mut see);
            }
            TransitionKind::Each { list, guard, .. } => {
                see(list);
                guard.iter().for_each(&mut see);
            }
            TransitionKind::When { guard, .. } => guard.iter().for_each(&mut see),
            TransitionKind::May {
                judgement, guard, ..
            } => {
                see(judgement);
                guard.iter().for_each(&mut see);
            }
            TransitionKind::Late(_) => {}
        }
        for to in self.targets() {
            to.sets.iter().for_each(|(_, value)| see(value));
        }
    }
}
