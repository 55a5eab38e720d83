//! The kernel operations, and what they are made of. What each reads and binds stands in `describe`.

use super::{
    BinderId, ClauseId, FactId, Lifecycle, NodeId, Period, ProvisionId, ReadingId, ScheduleId, Type,
};
use crate::value::{
    CalendarUnit, Date, DatePart, Item, List, Number, Outcome, Presence, Rounding, Value,
};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::sync::Arc;

/// An expression with its type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Node {
    /// What it computes.
    pub op: Op,
    /// Type of the result.
    pub ty: Type,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Const {
    /// Known to be none.
    None,
    /// A truth value.
    Bool(bool),
    /// Any number: int, decimal, percent, money, days, months.
    Number(Number),
    /// A day.
    Date(Date),
    /// Index of a value in its enumeration.
    Enum(u32),
    /// Text.
    Text(String),
    /// A list or set.
    List(Vec<Const>),
}

/// Comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cmp {
    /// Equal (any type).
    Eq,
    /// Not equal (any type).
    Ne,
    /// Less (numbers, dates, scales).
    Lt,
    /// At most.
    Le,
    /// Greater.
    Gt,
    /// At least.
    Ge,
}

impl Cmp {
    /// The same with its sides exchanged.
    #[must_use]
    pub fn turned(self) -> Cmp {
        match self {
            Cmp::Eq | Cmp::Ne => self,
            Cmp::Lt => Cmp::Gt,
            Cmp::Le => Cmp::Ge,
            Cmp::Gt => Cmp::Lt,
            Cmp::Ge => Cmp::Le,
        }
    }

    /// The one that holds exactly where this one does not.
    #[must_use]
    pub fn opposite(self) -> Cmp {
        match self {
            Cmp::Eq => Cmp::Ne,
            Cmp::Ne => Cmp::Eq,
            Cmp::Lt => Cmp::Ge,
            Cmp::Le => Cmp::Gt,
            Cmp::Gt => Cmp::Le,
            Cmp::Ge => Cmp::Lt,
        }
    }

    /// Whether it holds of two values in this order.
    #[must_use]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Cmp::Eq => order.is_eq(),
            Cmp::Ne => order.is_ne(),
            Cmp::Lt => order.is_lt(),
            Cmp::Le => order.is_le(),
            Cmp::Gt => order.is_gt(),
            Cmp::Ge => order.is_ge(),
        }
    }

    /// How it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Cmp::Eq => "=",
            Cmp::Ne => "!=",
            Cmp::Lt => "<",
            Cmp::Le => "<=",
            Cmp::Gt => ">",
            Cmp::Ge => ">=",
        }
    }
}

/// Which items of a list an [`Op::Slice`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ends {
    /// The first.
    First,
    /// The last.
    Last,
    /// All but the first.
    WithoutFirst,
    /// All but the last.
    WithoutLast,
}

/// The most items of a list that is made from its ends.
pub const MOST_MADE: i64 = 40_000;

/// What the items of a [`Op::Range`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Steps {
    /// Whole numbers.
    Numbers,
    /// Days.
    Days,
    /// The first days of the calendar months that have a day in it.
    Months,
}

/// The largest exponent of a power.
pub const LARGEST_EXPONENT: u32 = 1000;

/// The kernel operations.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Op {
    /// A constant.
    Const(Const),
    /// The day of evaluation.
    AsOf,
    /// A fact, event or judgement, with its assume/derived/hiding rules.
    Fact(FactId),
    /// Always unknown: what is asked for is this fact.
    Missing(FactId),
    /// Whether a judgement is recorded (always known).
    Recorded(FactId),
    /// Whether a judgement field of a record is recorded (known where the record is).
    RecordedField(NodeId, u32),
    /// Whether a reading is taken that way (always known; marks the answer as resting on it).
    ReadingIs(ReadingId, u32),
    /// The current item of an enclosing list operation.
    Item(BinderId),
    /// A field of a record.
    Field(NodeId, u32),

    /// Conjunction.
    And(Vec<NodeId>),
    /// Disjunction.
    Or(Vec<NodeId>),
    /// Conjunction of the parts of a guard: what is not applicable is passed on, not left out.
    StrictAnd(Vec<NodeId>),
    /// Disjunction that passes on what is not applicable.
    StrictOr(Vec<NodeId>),
    /// Negation.
    Not(NodeId),
    /// At least k (an int) of these hold.
    AtLeast(NodeId, Vec<NodeId>),
    /// Comparison of two values of one type.
    Compare(Cmp, NodeId, NodeId),
    /// Whether a `T or none` is none.
    IsNone(NodeId),
    /// Whether a value is applicable: never not applicable itself.
    IsApplicable(NodeId),
    /// The first, unless it is none, then the second.
    OrElse(NodeId, NodeId),
    /// Whether a value is an item of a list or set.
    Contains {
        /// The list or set.
        list: NodeId,
        /// The value.
        item: NodeId,
    },
    /// Whether every item of the first list or set is in the second.
    Subset(NodeId, NodeId),

    /// Sum (numbers of one type).
    Add(NodeId, NodeId),
    /// Difference.
    Sub(NodeId, NodeId),
    /// Product.
    Mul(NodeId, NodeId),
    /// Quotient; an error on division by zero.
    Div(NodeId, NodeId),
    /// What a division leaves: with the sign of the divisor; an error on division by zero.
    Mod(NodeId, NodeId),
    /// A number to the power of a whole one from 0 through [`LARGEST_EXPONENT`]; an error where it does not fit. With a
    /// rounding the exact power is rounded to a multiple of a positive step.
    Power(NodeId, NodeId, Option<(Rounding, Number)>),
    /// Rounded to a multiple of a positive step.
    Round {
        /// What to round.
        value: NodeId,
        /// How.
        mode: Rounding,
        /// To a multiple of this.
        step: Number,
    },
    /// The smallest of these (numbers, dates, scales).
    Min(Vec<NodeId>),
    /// The largest of these.
    Max(Vec<NodeId>),

    /// A date plus (minus, if negative) a number of days.
    AddDays(NodeId, NodeId),
    /// A date plus a number of months, clamped to the month's end.
    AddMonths(NodeId, NodeId),
    /// Days from the first date to the second.
    DaysBetween(NodeId, NodeId),
    /// Whole months from the first date to the second.
    MonthsBetween(NodeId, NodeId),
    /// The most calendar units that can be added to the first date without passing the second.
    FullBetween(CalendarUnit, NodeId, NodeId),
    /// What a date says of itself: a number, or a value of the enumeration of the days of the week.
    DatePart(DatePart, NodeId),
    /// First day of the calendar unit of a date.
    StartOf(CalendarUnit, NodeId),
    /// Last day of the calendar unit of a date.
    EndOf(CalendarUnit, NodeId),
    /// Whether as_of lies in the period. The one place dated rules lower to.
    InForce(Period),
    /// Whether a date is one of the schedule's.
    ScheduleOn(ScheduleId, NodeId),
    /// First date of the schedule on or after a date (none when there is none left).
    ScheduleNext(ScheduleId, NodeId),
    /// Last date of the schedule before a date (none when there is none).
    SchedulePrevious(ScheduleId, NodeId),

    /// The first case that applies; without `otherwise` and without a match the result is an error
    /// (the compiler proves that it cannot happen or has warned).
    Cases {
        /// Guards and values, top down.
        cases: Vec<(NodeId, NodeId)>,
        /// Value when no guard holds.
        otherwise: Option<NodeId>,
    },
    /// A base value with named exceptions.
    Override {
        /// What holds when no exception applies.
        base: NodeId,
        /// The exceptions; no order among them but `beats`.
        exceptions: Vec<Exception>,
        /// Pairs (winner, loser) of indexes into `exceptions`, transitively closed.
        beats: Vec<(u32, u32)>,
    },
    /// Not applicable unless the scope holds.
    Scope {
        /// The condition.
        applies: NodeId,
        /// The value inside the scope.
        body: NodeId,
        /// Why not, for people.
        because: String,
    },
    /// A value that tells something to whoever gets an answer made from it.
    Note {
        /// The value.
        body: NodeId,
        /// Whether the note is told (a bool).
        when: NodeId,
        /// The note.
        text: String,
    },
    /// The same as its body: what a part of the program that can be cited says.
    Provision {
        /// Which part.
        provision: ProvisionId,
        /// What it says.
        body: NodeId,
    },
    /// Always not applicable.
    NotApplicable(String),
    /// A rule with parameters, of arguments: once for the same arguments on the same day.
    Call {
        /// What the rule says, with its parameters as items.
        body: NodeId,
        /// Each parameter with its argument.
        arguments: Vec<(BinderId, NodeId)>,
    },

    /// A machine folded over dated events up to as_of: a record (see [`lifecycle`](super::lifecycle)).
    Lifecycle(Box<Lifecycle>),

    /// The items for which a condition holds.
    Filter {
        /// The list.
        list: NodeId,
        /// The item inside `body`.
        binder: BinderId,
        /// A bool.
        body: NodeId,
    },
    /// One value per item.
    Map {
        /// The list.
        list: NodeId,
        /// The item inside `body`.
        binder: BinderId,
        /// The new item.
        body: NodeId,
    },
    /// A list of lists as one list.
    Flatten(NodeId),
    /// Number of items.
    Count(NodeId),
    /// Sum of a list of numbers; 0 for an empty list.
    Sum(NodeId),
    /// Average of a list of numbers; none for an empty list.
    Average(NodeId),
    /// How many days a list of periods (records of a first and a last day) covers, each once; none where an end is open.
    DaysCovered(NodeId),
    /// Smallest item; none for an empty list.
    Smallest(NodeId),
    /// Largest item; none for an empty list.
    Largest(NodeId),
    /// Whether some item of a list of bools holds.
    AnyItem(NodeId),
    /// Whether every item of a list of bools holds.
    AllItems(NodeId),
    /// Whether at least k items of a list of bools hold.
    AtLeastItems(NodeId, NodeId),
    /// Without repeated items, first occurrences kept.
    Distinct(NodeId),
    /// Items sorted by a key; stable.
    Sort {
        /// The list.
        list: NodeId,
        /// The item inside `key`.
        binder: BinderId,
        /// Key to sort by.
        key: NodeId,
        /// Largest first.
        descending: bool,
    },
    /// Groups by key: a list of records (key, items), by first occurrence.
    GroupBy {
        /// The list.
        list: NodeId,
        /// The item inside `key`.
        binder: BinderId,
        /// The key.
        key: NodeId,
    },
    /// The first item, none for an empty list.
    First(NodeId),
    /// The last item, none for an empty list.
    Last(NodeId),
    /// The only item, none for an empty list, an error when there are several different ones.
    Only(NodeId),
    /// A list of the values whose guard holds (`[x when C]`, findings).
    ListWhere(Vec<(NodeId, NodeId)>),
    /// A list of the values of a table's rows whose guard holds (`every row`): not applicable where a
    /// guard is.
    EveryRow(Vec<(NodeId, NodeId)>),
    /// The place of the current item of an enclosing [`Op::Map`], from 1.
    Position(BinderId),
    /// Items of a list (the first) by their places: so many (the second), not below zero; all of a shorter list.
    Slice(Ends, NodeId, NodeId),
    /// Every whole number, day or first day of a month from one through another; at most
    /// [`MOST_MADE`].
    Range(Steps, NodeId, NodeId),
    /// Two lists one after the other.
    Concat(NodeId, NodeId),
    /// A record.
    MakeRecord(Vec<NodeId>),

    /// A subgraph evaluated as on another day.
    AtDate {
        /// What to evaluate.
        body: NodeId,
        /// The day.
        date: NodeId,
    },
    /// Whether a condition held on some day of a closed span, as far as as_of has seen it.
    Ever {
        /// The condition.
        body: NodeId,
        /// First day.
        from: NodeId,
        /// Last day.
        to: NodeId,
    },
    /// Whether a grant in the facts lifts a row for a tier on as_of.
    Granted {
        /// The fact that holds the grants.
        fact: FactId,
        /// The row's name.
        row: String,
        /// The tier.
        tier: u32,
    },
}

/// One exception of an [`Op::Override`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Exception {
    /// Name.
    pub name: String,
    /// When it applies.
    pub guard: NodeId,
    /// What holds then.
    pub value: NodeId,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A constant as a value.
pub(crate) fn value_of(constant: &Const) -> Value {
    match constant {
        Const::None => Value::None,
        Const::Bool(value) => Value::Bool(*value),
        Const::Number(number) => Value::Number(*number),
        Const::Date(date) => Value::Date(*date),
        Const::Enum(index) => Value::Enum(*index),
        Const::Text(text) => Value::Text(text.as_str().into()),
        Const::List(items) => Value::List(Arc::new(List {
            items: items
                .iter()
                .map(|item| certain(Outcome::Known(value_of(item))))
                .collect(),
        })),
    }
}

/// An item that is certainly there.
fn certain(value: Outcome) -> Item {
    Item {
        presence: Presence::Certain,
        value,
    }
}
