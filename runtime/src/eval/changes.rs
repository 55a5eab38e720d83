//! On which days an outcome may change: worked out from the dates in the facts and in the rules, so that
//! lifecycles, `ever` and time lines look at those days and not at every day.
//!
//! The answer is always a superset: between two of its days the outcome is the same. Where no such set
//! can be given (a rule counts the days to as_of), every day is one.

use super::Evaluation;
use crate::facts::Slot;
use crate::ir::{BinderId, FactId, FactKind, NodeId, Op, Period, ReadingId, Type};
use crate::value::algebra::bounds_of;
use crate::value::{Date, Number, Outcome, Presence, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// More days than this are as good as every day.
pub(super) const MOST_DAYS: usize = 20_000;

/// The days on which an outcome may differ from the day before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// The days.
    pub days: BTreeSet<Date>,
    /// Every day may be one.
    pub daily: bool,
}

impl Changes {
    pub(super) fn every_day() -> Changes {
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

    /// The days on which a period begins and is over.
    fn ends(&mut self, period: &Period) {
        self.days
            .extend(period.from.into_iter().chain(period.before));
    }

    /// The day itself and the day after: before, on and after a date an answer may differ.
    pub(super) fn around(&mut self, date: Date) {
        self.days.insert(date);
        self.days.extend(date.checked_add_days(1));
    }
}

impl Evaluation<'_> {
    /// The days on which a node's outcome may change, up to the day of the evaluation.
    pub fn changes(&mut self, id: NodeId) -> Changes {
        self.seen_whole(|this| Changes::clone(&this.days_of(id)))
    }

    /// Runs `body` as on the day of the evaluation, with everything in sight: what is found then holds for every day.
    pub(super) fn seen_whole<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.now, self.now_stamp);
        (self.now, self.now_stamp) = (self.outer, 0);
        let result = body(self);
        (self.now, self.now_stamp) = before;
        result
    }

    /// Nothing that counts while `stack` gives up.
    pub(super) fn days(&mut self, id: NodeId) -> Arc<Changes> {
        let about = self.program.tables().node(id);
        let kept = about.and_then(|about| self.kept_under(about));
        let key = kept.map(|stamp| (id, stamp));
        if let Some(known) = key.and_then(|key| self.known_days.get(&key)) {
            return known.clone();
        }
        let undated = about.is_some_and(|about| !about.dated);
        let found = if undated || !self.spend(1) {
            Changes::default()
        } else {
            match self.deeper_days(id, key.is_some(), |this| this.work_out(id)) {
                Some(found) => found,
                None if self.stack.gives_up() => return Arc::default(),
                None => Changes::every_day(),
            }
        };
        let found = Arc::new(found);
        if let Some(key) = key {
            self.known_days.insert(key, found.clone());
        }
        // Days were joined one by one.
        self.spend(found.days.len());
        found
    }

    fn work_out(&mut self, id: NodeId) -> Changes {
        let Some(node) = self.ir().nodes.get(self.ir().bare(id) as usize) else {
            return Changes::default();
        };
        let mut changes = Changes::default();
        match &node.op {
            Op::AsOf => return Changes::every_day(),
            Op::Fact(fact) => self.fact_days(*fact, &mut changes),
            Op::Recorded(fact) => changes.days.extend(self.recorded_on(*fact)),
            Op::Granted { fact, .. } => self.grant_days(*fact, &mut changes),
            Op::InForce(period) => changes.ends(period),
            Op::ReadingIs(reading, _) => self.reading_days(*reading, &mut changes),
            Op::Compare(_, a, b) => return self.compared(&[*a, *b]),
            Op::Min(all) | Op::Max(all) if matches!(node.ty, Type::Date) => {
                return self.compared(all);
            }
            Op::ScheduleOn(schedule, on)
            | Op::ScheduleNext(schedule, on)
            | Op::SchedulePrevious(schedule, on) => return self.scheduled(*schedule, *on),
            Op::OrElse(a, b) => self.else_days(*a, *b, &mut changes),
            Op::AtDate { body, date } => self.days_elsewhere(*body, &[*date], &mut changes),
            Op::Ever { body, from, to } => {
                self.days_elsewhere(*body, &[*from, *to], &mut changes);
            }
            Op::Filter { list, binder, body } | Op::Map { list, binder, body } => {
                self.item_days(*list, *binder, *body, &mut changes);
            }
            Op::Sort {
                list, binder, key, ..
            }
            | Op::GroupBy { list, binder, key } => {
                self.item_days(*list, *binder, *key, &mut changes);
            }
            Op::Call { body, arguments } => self.call_days(*body, arguments, &mut changes),
            Op::Lifecycle(machine) => return self.fold_days(machine),
            op @ (Op::Const(_)
            | Op::Missing(_)
            | Op::RecordedField(..)
            | Op::Item(_)
            | Op::Position(_)
            | Op::Field(..)
            | Op::And(_)
            | Op::Or(_)
            | Op::StrictAnd(_)
            | Op::StrictOr(_)
            | Op::Not(_)
            | Op::AtLeast(..)
            | Op::IsNone(_)
            | Op::IsApplicable(_)
            | Op::Contains { .. }
            | Op::Subset(..)
            | Op::Add(..)
            | Op::Sub(..)
            | Op::Mul(..)
            | Op::Div(..)
            | Op::Mod(..)
            | Op::Power(..)
            | Op::Round { .. }
            | Op::Min(_)
            | Op::Max(_)
            | Op::AddDays(..)
            | Op::AddMonths(..)
            | Op::DaysBetween(..)
            | Op::MonthsBetween(..)
            | Op::FullBetween(..)
            | Op::DatePart(..)
            | Op::StartOf(..)
            | Op::EndOf(..)
            | Op::Cases { .. }
            | Op::Override { .. }
            | Op::Scope { .. }
            | Op::Note { .. }
            | Op::Provision { .. }
            | Op::NotApplicable(_)
            | Op::Flatten(_)
            | Op::Count(_)
            | Op::Sum(_)
            | Op::Average(_)
            | Op::DaysCovered(_)
            | Op::Smallest(_)
            | Op::Largest(_)
            | Op::AnyItem(_)
            | Op::AllItems(_)
            | Op::AtLeastItems(..)
            | Op::Distinct(_)
            | Op::First(_)
            | Op::Last(_)
            | Op::Only(_)
            | Op::ListWhere(_)
            | Op::EveryRow(_)
            | Op::Concat(..)
            | Op::Slice(..)
            | Op::Range(..)
            | Op::MakeRecord(_)) => op.operands(|child, _| {
                let days = self.days_of(child);
                changes.join(&days);
            }),
        }
        changes
    }

    /// Where a list changes, and what is asked of each of its items.
    fn item_days(&mut self, list: NodeId, binder: BinderId, each: NodeId, changes: &mut Changes) {
        let of_list = self.days_of(list);
        changes.join(&of_list);
        let dated = self
            .program
            .tables()
            .node(each)
            .is_some_and(|about| about.dated);
        if dated && !changes.daily {
            for items in self.on_each(list, &of_list) {
                let Outcome::Known(Value::List(list)) = items else {
                    continue;
                };
                for item in &list.items {
                    if matches!(item.presence, Presence::Error(_)) {
                        continue;
                    }
                    let days = self.with_item(binder, &item.value, |this| this.days_of(each));
                    changes.join(&days);
                }
            }
        }
    }

    /// The days on which another alternative of a reading is chosen.
    fn reading_days(&self, reading: ReadingId, changes: &mut Changes) {
        let chosen = self.ir().readings.get(reading as usize);
        for (period, _) in chosen.into_iter().flat_map(|reading| &reading.chosen) {
            changes.ends(period);
        }
    }

    /// The day a judgement is recorded on.
    fn recorded_on(&self, fact: FactId) -> Option<Date> {
        match self.facts.slot(fact) {
            Slot::Given { on, .. } => *on,
            Slot::Absent => None,
        }
    }

    /// Where something changes that is read on other days, and where these days meet its own.
    fn days_elsewhere(&mut self, body: NodeId, ends: &[NodeId], changes: &mut Changes) {
        let body = self.days_of(body);
        changes.join(&body);
        for end in ends {
            self.moved(*end, &body, changes);
        }
    }

    /// What takes the place of none matters only where the first may be none.
    fn else_days(&mut self, a: NodeId, b: NodeId, changes: &mut Changes) {
        let first = self.days_of(a);
        changes.join(&first);
        let there =
            |outcome: &Outcome| matches!(outcome, Outcome::Known(value) if *value != Value::None);
        if first.daily || !self.on_each(a, &first).iter().all(there) {
            changes.join(&self.days_of(b));
        }
    }

    /// What a node is before all and on each of the days it changes.
    pub(super) fn on_each(&mut self, id: NodeId, changes: &Changes) -> Vec<Outcome> {
        let mut found: Vec<Outcome> = Vec::new();
        for day in self.days_to_look_at(changes) {
            let outcome = self.node_at(id, day);
            if found.last() != Some(&outcome) {
                found.push(outcome);
            }
        }
        found
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
        match (value, crate::ir::plain(ty)) {
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
        Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => {}
    }
}

/// The dates in an outcome that is compared with as_of, or the limits of one that is open.
pub(super) fn dates(outcome: &Outcome) -> Vec<Date> {
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
        Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => Vec::new(),
    }
}
