//! On which days an outcome may change: worked out from the dates in the facts and in the rules, so that
//! lifecycles, `ever` and time lines look at those days and not at every day.
//!
//! The answer is always a superset: between two of its days the outcome is the same. Where no such set
//! can be given (a rule counts the days to as_of), every day is one.

use super::Evaluation;
use super::algebra::bounds_of;
use super::time;
use crate::facts::Slot;
use crate::ir::{self, FactKind, NodeId, Op, ScheduleId, Type};
use crate::value::{Date, Number, Outcome, Presence, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// More days than this are as good as every day.
const MOST_DAYS: usize = 20_000;

/// The days on which an outcome may differ from the day before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// The days.
    pub days: BTreeSet<Date>,
    /// Every day may be one.
    pub daily: bool,
}

impl Changes {
    fn every_day() -> Changes {
        Changes {
            days: BTreeSet::new(),
            daily: true,
        }
    }

    pub(super) fn join(&mut self, other: &Changes) {
        self.daily |= other.daily;
        self.days.extend(other.days.iter().copied());
        if self.days.len() > MOST_DAYS {
            *self = Changes::every_day();
        }
    }

    /// The day itself and the day after: before, on and after a date an answer may differ.
    fn around(&mut self, date: Date) {
        self.days.insert(date);
        self.days.extend(date.checked_add_days(1));
    }
}

/// How a date follows from as_of.
enum Shift {
    Days(i64),
    Months(i64),
    Edge(ir::CalendarUnit),
}

impl Evaluation<'_> {
    /// The days on which a node's outcome may change, up to the day of the evaluation.
    pub fn changes(&mut self, id: NodeId) -> Changes {
        self.seen_whole(|this| Changes::clone(&this.days_of(id)))
    }

    /// Runs `body` as on the day of the evaluation, with everything in sight: what is found then holds for every day.
    pub(super) fn seen_whole<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.now, self.now_stamp);
        if self.now != self.outer {
            self.now = self.outer;
            self.now_stamp = 0;
        }
        let result = body(self);
        (self.now, self.now_stamp) = before;
        result
    }

    pub(super) fn days_of(&mut self, id: NodeId) -> Arc<Changes> {
        let closed = self
            .program
            .tables()
            .node(id)
            .is_some_and(|about| about.free.is_empty());
        if let Some(known) = self.days.get(&id).filter(|_| closed) {
            return known.clone();
        }
        let undated = self.program.tables().node(id).is_some_and(|n| !n.dated);
        let found = if undated || !self.spend(1) {
            Changes::default()
        } else {
            self.work_out(id)
        };
        let found = Arc::new(found);
        if closed {
            self.days.insert(id, found.clone());
        }
        found
    }

    fn work_out(&mut self, id: NodeId) -> Changes {
        let Some(node) = self.ir().nodes.get(id as usize) else {
            return Changes::default();
        };
        let mut changes = Changes::default();
        match &node.op {
            Op::AsOf => return Changes::every_day(),
            Op::Fact(fact) => self.fact_days(*fact, &mut changes),
            Op::Recorded(fact) => {
                if let Slot::Given { on: Some(on), .. } = self.facts.slot(*fact) {
                    changes.days.insert(*on);
                }
            }
            Op::Granted { fact, .. } => self.grant_days(*fact, &mut changes),
            Op::InForce(period) => changes
                .days
                .extend(period.from.into_iter().chain(period.before)),
            Op::ReadingIs(reading, _) => {
                let chosen = self.ir().readings.get(*reading as usize);
                for (period, _) in chosen.into_iter().flat_map(|reading| &reading.chosen) {
                    changes
                        .days
                        .extend(period.from.into_iter().chain(period.before));
                }
            }
            Op::Compare(_, a, b) => return self.compared(&[*a, *b]),
            Op::Min(all) | Op::Max(all) if matches!(node.ty, Type::Date) => {
                return self.compared(all);
            }
            Op::ScheduleOn(schedule, on)
            | Op::ScheduleNext(schedule, on)
            | Op::SchedulePrevious(schedule, on) => return self.scheduled(*schedule, *on),
            Op::AtDate { body, date } => {
                let body = self.days_of(*body);
                changes.join(&body);
                self.moved(*date, &body, &mut changes);
            }
            Op::Ever { body, from, to } => {
                let body = self.days_of(*body);
                changes.join(&body);
                for end in [*from, *to] {
                    self.moved(end, &body, &mut changes);
                }
            }
            Op::Filter {
                list,
                binder,
                body: each,
            }
            | Op::Map {
                list,
                binder,
                body: each,
            }
            | Op::Sort {
                list,
                binder,
                key: each,
                ..
            }
            | Op::GroupBy {
                list,
                binder,
                key: each,
            } => {
                let of_list = self.days_of(*list);
                changes.join(&of_list);
                let dated = self
                    .program
                    .tables()
                    .node(*each)
                    .is_some_and(|about| about.dated);
                if dated && !changes.daily {
                    for items in self.on_each(*list, &of_list) {
                        let Outcome::Known(Value::List(list)) = items else {
                            continue;
                        };
                        for item in &list.items {
                            if matches!(item.presence, Presence::Broken(_)) {
                                continue;
                            }
                            let days =
                                self.with_item(*binder, &item.value, |this| this.days_of(*each));
                            changes.join(&days);
                        }
                    }
                }
            }
            Op::Lifecycle(machine) => {
                changes = self.fold_days(machine);
            }
            op => ir::children(op, |child| {
                let days = self.days_of(child);
                changes.join(&days);
            }),
        }
        changes
    }

    /// What a node is before all and on each of the days it changes.
    fn on_each(&mut self, id: NodeId, changes: &Changes) -> Vec<Outcome> {
        let today = self.now.today;
        let first = changes
            .days
            .first()
            .and_then(|day| day.checked_add_days(-1))
            .map_or(today, |day| day.min(today));
        let days = changes.days.range(..=today).copied();
        let mut found: Vec<Outcome> = Vec::new();
        for day in std::iter::once(first).chain(days).chain([today]) {
            let outcome = self.node_at(id, day);
            if !found.contains(&outcome) {
                found.push(outcome);
            }
        }
        found
    }

    /// A comparison changes where an operand does, and where as_of passes a date it is compared with.
    fn compared(&mut self, operands: &[NodeId]) -> Changes {
        let mut changes = Changes::default();
        let mut shifted = Vec::new();
        let mut others = Vec::new();
        for operand in operands {
            match self.shift(*operand) {
                Some(shift) => shifted.push(shift),
                None => others.push(*operand),
            }
        }
        for other in &others {
            changes.join(&self.days_of(*other));
        }
        if shifted.is_empty() || changes.daily {
            return changes;
        }
        if shifted.len() > 1 {
            return Changes::every_day();
        }
        for other in others {
            let days = self.days_of(other);
            for value in self.on_each(other, &days) {
                for date in dates(&value) {
                    shifted
                        .iter()
                        .for_each(|shift| passes(shift, date, &mut changes));
                }
            }
        }
        changes
    }

    /// The days on which a date that ends a span or names another day meets the days of what is looked at there.
    fn moved(&mut self, end: NodeId, body: &Changes, changes: &mut Changes) {
        match self.shift(end) {
            Some(shift) => {
                for day in &body.days {
                    passes(&shift, *day, changes);
                }
            }
            None => {
                let days = self.days_of(end);
                changes.join(&days);
                for value in self.on_each(end, &days) {
                    for date in dates(&value) {
                        changes.around(date);
                    }
                }
            }
        }
    }

    fn scheduled(&mut self, schedule: ScheduleId, on: NodeId) -> Changes {
        let mut changes = Changes::default();
        if let Some(ir::ScheduleRule::Every { anchor, .. }) =
            self.ir().schedules.get(schedule as usize).map(|s| &s.rule)
        {
            changes.join(&self.days_of(*anchor));
        }
        match self.shift(on) {
            None => changes.join(&self.days_of(on)),
            Some(shift) => {
                let (first, last) = (self.first_day(), self.now.today);
                // A month away on either side: the date asked about may lie there.
                let from = first.checked_add_months(-13).unwrap_or(first);
                let to = last.checked_add_months(13).unwrap_or(last);
                match self.occurrences(schedule, from, to) {
                    Some(days) => days
                        .into_iter()
                        .for_each(|day| passes(&shift, day, &mut changes)),
                    None => return Changes::every_day(),
                }
            }
        }
        changes
    }

    /// The dates of a schedule in a span; `None` when there are too many to list.
    fn occurrences(&mut self, id: ScheduleId, from: Date, to: Date) -> Option<Vec<Date>> {
        let schedule = self.ir().schedules.get(id as usize)?;
        let anchor = match &schedule.rule {
            ir::ScheduleRule::Every { anchor, .. } => match self.eval(*anchor) {
                Outcome::Known(Value::Date(date)) => Some(date),
                _ => return Some(Vec::new()),
            },
            _ => None,
        };
        let whole_months = matches!(schedule.rule, ir::ScheduleRule::Months { .. });
        let mut found = Vec::new();
        let mut on = from;
        while let Some(day) = time::next(schedule, anchor, on).filter(|day| *day <= to) {
            found.push(day);
            if found.len() > MOST_DAYS {
                return None;
            }
            on = if whole_months {
                let end = day.end_of(ir::CalendarUnit::Month);
                found.push(end);
                end.checked_add_days(1)?
            } else {
                day.checked_add_days(1)?
            };
        }
        Some(found)
    }

    /// How a date node follows from as_of, if it does so step by step.
    fn shift(&mut self, id: NodeId) -> Option<Vec<Shift>> {
        let dated = self.program.tables().node(id)?.dated;
        if !dated {
            return None;
        }
        let node = self.ir().nodes.get(id as usize)?;
        let amount = |this: &mut Self, node: NodeId| {
            let undated = this.program.tables().node(node).is_some_and(|n| !n.dated);
            match undated.then(|| this.eval(node)) {
                Some(Outcome::Known(Value::Number(number))) => number.to_i64(),
                _ => None,
            }
        };
        match &node.op {
            Op::AsOf => Some(Vec::new()),
            Op::AddDays(date, days) => {
                let mut shift = self.shift(*date)?;
                shift.push(Shift::Days(amount(self, *days)?));
                Some(shift)
            }
            Op::AddMonths(date, months) => {
                let mut shift = self.shift(*date)?;
                shift.push(Shift::Months(amount(self, *months)?));
                Some(shift)
            }
            Op::StartOf(unit, date) | Op::EndOf(unit, date) => {
                let mut shift = self.shift(*date)?;
                shift.push(Shift::Edge(*unit));
                Some(shift)
            }
            _ => None,
        }
    }

    fn fact_days(&mut self, id: u32, changes: &mut Changes) {
        let Some(fact) = self.ir().facts.get(id as usize) else {
            return;
        };
        if let Slot::Given { value, on, .. } = self.facts.slot(id) {
            changes.days.extend(*on);
            self.hidden_days(value, &fact.ty, &fact.kind, changes);
        } else {
            for node in fact.derived.into_iter().chain(fact.assume) {
                let days = self.days_of(node);
                changes.join(&days);
            }
        }
    }

    /// The dates up to which parts of a value are hidden.
    fn hidden_days(&self, value: &Outcome, ty: &Type, kind: &FactKind, changes: &mut Changes) {
        match (value, super::plain(ty)) {
            (Outcome::Known(Value::Date(date)), _) if *kind == FactKind::Event => {
                changes.days.insert(*date);
            }
            (Outcome::Known(Value::Record(made)), inner)
                if matches!(kind, FactKind::Judgement { .. })
                    && !matches!(inner, Type::Record(_)) =>
            {
                if let Some(Outcome::Known(Value::Date(on))) = made.get(1) {
                    changes.days.insert(*on);
                }
            }
            (Outcome::Known(Value::List(list)), Type::List(inner) | Type::Set(inner)) => {
                for item in &list.items {
                    self.hidden_days(&item.value, inner, &FactKind::Given, changes);
                }
            }
            (Outcome::Known(Value::Record(fields)), Type::Record(id)) => {
                let Some(record) = self.ir().records.get(*id as usize) else {
                    return;
                };
                for (at, (value, field)) in fields.iter().zip(&record.fields).enumerate() {
                    if record.dated == Some(at as u32)
                        && let Outcome::Known(Value::Date(date)) = value
                    {
                        changes.days.insert(*date);
                    }
                    self.hidden_days(value, &field.ty, &field.kind, changes);
                }
            }
            _ => {}
        }
    }

    /// Grants begin and end on their own days.
    fn grant_days(&mut self, fact: u32, changes: &mut Changes) {
        let Outcome::Known(Value::List(list)) = self.grants(fact) else {
            return;
        };
        for item in &list.items {
            let Outcome::Known(Value::Record(fields)) = &item.value else {
                continue;
            };
            for field in fields.iter() {
                for date in dates(field) {
                    changes.around(date);
                }
            }
        }
    }

    /// The first day anything in the facts is dated, the day of evaluation if nothing is.
    pub(super) fn first_day(&self) -> Date {
        let mut changes = Changes::default();
        for (id, fact) in self.ir().facts.iter().enumerate() {
            if let Slot::Given { value, on, .. } = self.facts.slot(id as u32) {
                changes.days.extend(*on);
                all_dates(value, &mut changes.days);
                self.hidden_days(value, &fact.ty, &fact.kind, &mut changes);
            }
        }
        let first = changes.days.first().copied();
        first.map_or(self.now.today, |first| first.min(self.now.today))
    }
}

/// The days around which `as_of`, shifted, passes a date.
fn passes(shift: &[Shift], date: Date, changes: &mut Changes) {
    let mut days = BTreeSet::from([date]);
    days.extend(date.checked_add_days(1));
    for step in shift.iter().rev() {
        let mut before = BTreeSet::new();
        for day in &days {
            match step {
                Shift::Days(count) => before.extend(day.checked_add_days(-count)),
                // Months are clamped to their end: a few days on either side hold every day that can meet it.
                Shift::Months(count) => {
                    if let Some(near) = day.checked_add_months(-count) {
                        before.extend((-4..=4).filter_map(|off| near.checked_add_days(off)));
                    }
                }
                Shift::Edge(unit) => {
                    before.insert(day.start_of(*unit));
                    let end = day.end_of(*unit);
                    before.insert(end);
                    before.extend(end.checked_add_days(1));
                }
            }
        }
        days = before;
    }
    changes.days.extend(days);
}

/// The dates in an outcome that is compared with as_of, or the limits of one that is open.
fn dates(outcome: &Outcome) -> Vec<Date> {
    let day = |number: Option<Number>| {
        let days = number.and_then(|number| number.to_i64())?;
        Date::from_days(i32::try_from(days).ok()?)
    };
    match outcome {
        Outcome::Known(Value::Date(date)) => vec![*date],
        Outcome::Open(_) => {
            let bounds = bounds_of(outcome);
            day(bounds.low)
                .into_iter()
                .chain(day(bounds.high))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn all_dates(outcome: &Outcome, into: &mut BTreeSet<Date>) {
    match outcome {
        Outcome::Known(Value::Date(date)) => {
            into.insert(*date);
        }
        Outcome::Known(Value::List(list)) => {
            list.items
                .iter()
                .for_each(|item| all_dates(&item.value, into));
        }
        Outcome::Known(Value::Record(fields)) => {
            fields.iter().for_each(|field| all_dates(field, into));
        }
        _ => {}
    }
}
