//! What each operation reads and binds, and when it is dated: the one description of every operation, in [`described`].

use super::{
    BinderId, Exception, FactId, NodeId, Op, Program, ReadingId, ScheduleId, ScheduleRule,
};

/// How an operation reads an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// On its own day, with the items around it.
    Here,
    /// For each item of a list, which it binds.
    EachItem,
    /// With items of its own, which it binds once.
    Bound,
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
            Op::Item(item) | Op::Position(item) => {
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
            | Op::DatePart(_, a)
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
            | Op::Mod(a, b)
            | Op::Power(a, b, _)
            | Op::AddDays(a, b)
            | Op::AddMonths(a, b)
            | Op::DaysBetween(a, b)
            | Op::MonthsBetween(a, b)
            | Op::FullBetween(_, a, b)
            | Op::AtLeastItems(a, b)
            | Op::Concat(a, b)
            | Op::Range(_, a, b)
            | Op::Slice(_, a, b)
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
            Op::Call { body, arguments } => {
                for (item, argument) in arguments {
                    binder(item, Bound::Introduced);
                    node(argument, Use::Here);
                }
                node(body, Use::Bound);
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
