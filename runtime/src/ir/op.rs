//! The kernel operations. Each describes itself once, in [`described`]: which nodes it reads and how, which items it
//! binds or reads, what it reads through the program's tables, and when it is another on another day.

use super::{
    BinderId, ClauseId, FactId, Lifecycle, NodeId, Period, Program, ProvisionId, ReadingId,
    ScheduleId, ScheduleRule, Type,
};
use crate::value::{Date, Number};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

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

/// Calendar unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CalendarUnit {
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
}

/// Rounding mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rounding {
    /// Halves away from zero.
    HalfUp,
    /// Halves to the even neighbour.
    HalfEven,
    /// Toward positive infinity.
    Up,
    /// Toward negative infinity.
    Down,
}

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

    /// A machine folded over dated events up to as_of: a record (see [`lifecycle`]).
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

/// How an operation reads an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// On its own day, with the items around it.
    Here,
    /// For each item of a list, which it binds.
    EachItem,
    /// On other days.
    OtherDays,
}

/// What an operation does with an item of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Introduces it for what it reads.
    Introduced,
    /// Reads it.
    Read,
}

/// When an operation may have another outcome on another day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// Where something that it reads has.
    AsRead,
    /// Always.
    Always,
    /// Where the fact has, or something that it reads.
    Fact(FactId),
    /// Where the choice of the reading changes.
    Reading(ReadingId),
}

/// What an operation reads that is no operand of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// Nothing.
    Nothing,
    /// What a fact is derived from, or supplied by.
    Fact(FactId),
    /// What a schedule counts from.
    Schedule(ScheduleId),
}

/// The description of every operation. Shows each operand to `$node` and each item to `$binder`, as references that are
/// mutable where the operation is; comes to when it is dated and what it reads through tables.
macro_rules! described {
    ($op:expr, $operands:ident, $node:expr, $binder:expr) => {{
        let (node, binder) = (&mut $node, &mut $binder);
        let plain = (Dated::AsRead, Through::Nothing);
        match $op {
            Op::Const(_) | Op::Missing(_) | Op::NotApplicable(_) => plain,
            Op::AsOf | Op::InForce(_) | Op::Recorded(_) => (Dated::Always, Through::Nothing),
            Op::Fact(fact) => (Dated::Fact(*fact), Through::Fact(*fact)),
            Op::Granted { fact, .. } => (Dated::Always, Through::Fact(*fact)),
            Op::ReadingIs(reading, _) => (Dated::Reading(*reading), Through::Nothing),
            Op::Item(item) => {
                binder(item, Bound::Read);
                plain
            }
            Op::Field(a, _)
            | Op::RecordedField(a, _)
            | Op::Not(a)
            | Op::IsNone(a)
            | Op::IsApplicable(a)
            | Op::Round { value: a, .. }
            | Op::Provision { body: a, .. }
            | Op::StartOf(_, a)
            | Op::EndOf(_, a)
            | Op::Flatten(a)
            | Op::Count(a)
            | Op::DaysCovered(a)
            | Op::Sum(a)
            | Op::Average(a)
            | Op::Smallest(a)
            | Op::Largest(a)
            | Op::AnyItem(a)
            | Op::AllItems(a)
            | Op::Distinct(a)
            | Op::First(a)
            | Op::Last(a)
            | Op::Only(a) => {
                node(a, Use::Here);
                plain
            }
            Op::ScheduleOn(schedule, a)
            | Op::ScheduleNext(schedule, a)
            | Op::SchedulePrevious(schedule, a) => {
                node(a, Use::Here);
                (Dated::AsRead, Through::Schedule(*schedule))
            }
            Op::Compare(_, a, b)
            | Op::OrElse(a, b)
            | Op::Contains { list: a, item: b }
            | Op::Subset(a, b)
            | Op::Add(a, b)
            | Op::Sub(a, b)
            | Op::Mul(a, b)
            | Op::Div(a, b)
            | Op::AddDays(a, b)
            | Op::AddMonths(a, b)
            | Op::DaysBetween(a, b)
            | Op::MonthsBetween(a, b)
            | Op::AtLeastItems(a, b)
            | Op::Concat(a, b)
            | Op::Scope {
                applies: a,
                body: b,
                ..
            }
            | Op::Note {
                body: a, when: b, ..
            } => {
                node(a, Use::Here);
                node(b, Use::Here);
                plain
            }
            Op::And(parts)
            | Op::Or(parts)
            | Op::StrictAnd(parts)
            | Op::StrictOr(parts)
            | Op::Min(parts)
            | Op::Max(parts)
            | Op::MakeRecord(parts) => {
                for part in parts {
                    node(part, Use::Here);
                }
                plain
            }
            Op::AtLeast(count, parts) => {
                node(count, Use::Here);
                for part in parts {
                    node(part, Use::Here);
                }
                plain
            }
            Op::Cases { cases, otherwise } => {
                for (guard, value) in cases {
                    node(guard, Use::Here);
                    node(value, Use::Here);
                }
                if let Some(value) = otherwise {
                    node(value, Use::Here);
                }
                plain
            }
            Op::ListWhere(rows) | Op::EveryRow(rows) => {
                for (guard, value) in rows {
                    node(guard, Use::Here);
                    node(value, Use::Here);
                }
                plain
            }
            Op::Override {
                base, exceptions, ..
            } => {
                node(base, Use::Here);
                for Exception { guard, value, .. } in exceptions {
                    node(guard, Use::Here);
                    node(value, Use::Here);
                }
                plain
            }
            Op::Filter {
                list,
                binder: item,
                body,
            }
            | Op::Map {
                list,
                binder: item,
                body,
            }
            | Op::Sort {
                list,
                binder: item,
                key: body,
                ..
            }
            | Op::GroupBy {
                list,
                binder: item,
                key: body,
            } => {
                binder(item, Bound::Introduced);
                node(list, Use::Here);
                node(body, Use::EachItem);
                plain
            }
            Op::AtDate { body, date } => {
                node(body, Use::OtherDays);
                node(date, Use::Here);
                plain
            }
            Op::Ever { body, from, to } => {
                node(body, Use::OtherDays);
                node(from, Use::Here);
                node(to, Use::Here);
                (Dated::Always, Through::Nothing)
            }
            Op::Lifecycle(machine) => {
                machine.$operands(
                    |read| node(read, Use::OtherDays),
                    |item| binder(item, Bound::Introduced),
                );
                (Dated::Always, Through::Nothing)
            }
        }
    }};
}

impl Op {
    /// Shows every node it reads directly.
    pub fn operands(&self, mut see: impl FnMut(NodeId, Use)) {
        described!(
            self,
            operands,
            |node: &NodeId, how| see(*node, how),
            |_: &BinderId, _| ()
        );
    }

    /// Shows the items it introduces or reads.
    pub fn binders(&self, mut see: impl FnMut(BinderId, Bound)) {
        described!(
            self,
            operands,
            |_: &NodeId, _| (),
            |item: &BinderId, how| see(*item, how)
        );
    }

    /// Replaces the nodes it reads directly, and the items it introduces or reads.
    pub fn replace(
        &mut self,
        mut node: impl FnMut(NodeId) -> NodeId,
        mut item: impl FnMut(BinderId) -> BinderId,
    ) {
        described!(
            self,
            operands_mut,
            |at: &mut NodeId, _| *at = node(*at),
            |at: &mut BinderId, _| *at = item(*at)
        );
    }

    /// When its outcome may be another on another day.
    #[must_use]
    pub fn dated(&self) -> Dated {
        self.about().0
    }

    /// What it reads that is no operand.
    #[must_use]
    pub fn through(&self) -> Through {
        self.about().1
    }

    fn about(&self) -> (Dated, Through) {
        described!(self, operands, |_: &NodeId, _| (), |_: &BinderId, _| ())
    }
}

impl Program {
    /// All nodes, each after every node that it reads, also through facts and schedules.
    ///
    /// # Errors
    /// A node that reads itself.
    pub(crate) fn in_reading_order(&self) -> Result<Vec<NodeId>, NodeId> {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let mut marks = vec![Mark::New; self.nodes.len()];
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut left: Vec<(NodeId, bool)> = Vec::new();
        let mut next: Vec<NodeId> = Vec::new();
        for root in 0..self.nodes.len() {
            left.push((root as NodeId, false));
            while let Some((id, leave)) = left.pop() {
                let (Some(mark), Some(node)) =
                    (marks.get_mut(id as usize), self.nodes.get(id as usize))
                else {
                    continue;
                };
                if leave {
                    *mark = Mark::Done;
                    order.push(id);
                    continue;
                }
                // What waits twice is left by the time it is met again.
                if *mark == Mark::Done {
                    continue;
                }
                *mark = Mark::Open;
                left.push((id, true));
                self.reads(&node.op, |read, _| next.push(read));
                next.sort_unstable();
                next.dedup();
                for read in next.drain(..) {
                    match marks.get(read as usize) {
                        Some(Mark::Open) => return Err(read),
                        Some(Mark::New) => left.push((read, false)),
                        Some(Mark::Done) | None => {}
                    }
                }
            }
        }
        Ok(order)
    }

    /// Shows every node an operation reads: its operands, and what it reads through facts and schedules.
    pub fn reads(&self, op: &Op, mut see: impl FnMut(NodeId, Use)) {
        op.operands(&mut see);
        match op.through() {
            Through::Nothing => {}
            Through::Fact(fact) => {
                if let Some(fact) = self.facts.get(fact as usize) {
                    let parts = fact.derived.into_iter().chain(fact.assume);
                    parts.for_each(|node| see(node, Use::Here));
                }
            }
            Through::Schedule(schedule) => {
                let schedule = self.schedules.get(schedule as usize);
                if let Some(ScheduleRule::Every { anchor, .. }) = schedule.map(|one| &one.rule) {
                    see(*anchor, Use::Here);
                }
            }
        }
    }
}

/// The nodes an operation reads directly.
pub fn children(op: &Op, mut see: impl FnMut(NodeId)) {
    op.operands(|node, _| see(node));
}

/// Replaces every node an operation reads directly.
pub fn rewrite(op: &mut Op, to: impl FnMut(NodeId) -> NodeId) {
    op.replace(to, |item| item);
}
