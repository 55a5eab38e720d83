//! The closed set of outcomes and the values inside it.

use super::{Date, Number};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What every definition, decision and cell yields: exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A known value.
    Known(Value),
    /// Facts or judgements are missing and the answer depends on them.
    Open(Arc<Open>),
    /// Out of scope, with the reason.
    NotApplicable(Arc<str>),
    /// No answer can be given, with the reason: overflow, division by zero, rules that disagree.
    Error(Arc<str>),
}

/// A value of the language. Types are known statically, so every number is a [`Number`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Known to be none.
    None,
    /// A truth value.
    Bool(bool),
    /// Int, decimal, percent, money, days or months.
    Number(Number),
    /// A day.
    Date(Date),
    /// Index of a value in its enumeration.
    Enum(u32),
    /// Text.
    Text(Arc<str>),
    /// A list or a set.
    List(Arc<List>),
    /// A record; each field is an outcome, so one missing field leaves the others usable.
    Record(Arc<[Outcome]>),
}

/// A list whose items may be in doubt.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct List {
    /// Items in order.
    pub items: Vec<Item>,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// Whether it is in the list at all.
    pub presence: Presence,
    /// Its value.
    pub value: Outcome,
}

/// Whether an item belongs to a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Certainly.
    Certain,
    /// Only if what is missing turns out that way.
    Open(Arc<Open>),
    /// Its row's condition is not applicable: so is the list, except where the answer is decided without it.
    NotApplicable(Arc<str>),
    /// Its condition is an error: the list cannot be used, except where the answer is decided without it.
    Error(Arc<str>),
}

/// Why an answer is open, and what is known of it all the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Open {
    /// Missing facts, in declaration order.
    pub facts: BTreeSet<Leaf>,
    /// Judgements not recorded, in declaration order.
    pub judgements: BTreeSet<Leaf>,
    /// Why it is open although nothing of the above would settle it.
    pub because: BTreeSet<Arc<str>>,
    /// Limits of an open number, date (days since 1970-01-01) or scale value (index).
    pub bounds: Bounds,
    /// Whether it may still turn out not applicable or an error. What is known of its value then
    /// decides nothing: a decided answer never becomes not applicable or an error.
    pub may_fail: bool,
    /// Whether it is certainly not none, if it turns out a value at all.
    pub not_none: bool,
}

/// Index of a fact among those of its program.
pub type FactId = u32;

/// The place of a missing value in the facts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leaf {
    /// The fact.
    pub fact: FactId,
    /// From the fact to the place.
    pub path: Vec<Step>,
}

impl Leaf {
    /// A fact as a whole.
    #[must_use]
    pub fn fact(fact: FactId) -> Leaf {
        Leaf {
            fact,
            path: Vec::new(),
        }
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// `[17]`
    Index(u32),
    /// `[*]`: the list itself is absent.
    Every,
    /// `.name`, by index in the record type.
    Field(u32),
}

/// Closed limits; either may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Bounds {
    /// Never below.
    pub low: Option<Number>,
    /// Never above.
    pub high: Option<Number>,
}

impl List {
    /// The fewest and the most items it may have.
    pub(crate) fn length(&self) -> (usize, usize) {
        let sure = self
            .items
            .iter()
            .filter(|item| item.presence == Presence::Certain);
        (sure.count(), self.items.len())
    }
}

impl Bounds {
    /// Whether no value lies within both limits.
    pub(crate) fn apart(self, other: Bounds) -> bool {
        let above = |low: Option<Number>, high: Option<Number>| {
            low.zip(high).is_some_and(|(low, high)| low > high)
        };
        above(self.low, other.high) || above(other.low, self.high)
    }
}
