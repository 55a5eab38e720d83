//! On which days an outcome may change: worked out from the dates in the facts and in the rules, so that
//! lifecycles, `ever` and time lines look at those days and not at every day.
//!
//! The answer is always a superset: between two of its days the outcome is the same. Where no such set
//! can be given (a rule counts the days to as_of), every day is one.

use super::algebra::bounds_of;
use super::{Evaluation, plain, time};
use crate::facts::Slot;
use crate::ir::{self, FactKind, NodeId, Op, ScheduleId, Type};
use crate::value::{Date, Number, Outcome, Presence, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// As many parts of a date are looked at for the ways it may be made.
const MOST_FORMS: usize = 2_000;

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

/// How a date is made: from as_of or from a node, step by step.
struct Form {
    /// The node it starts from; as_of when absent.
    base: Option<NodeId>,
    /// From there, in order.
    steps: Vec<Shift>,
}

/// A step from one date to another.
#[derive(Clone, Copy)]
enum Shift {
    Days(i64),
    Months(i64),
    Start(ir::CalendarUnit),
    End(ir::CalendarUnit),
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

    /// Nothing that counts while `stack` gives up.
    pub(super) fn days(&mut self, id: NodeId) -> Arc<Changes> {
        let closed = self
            .program
            .tables()
            .node(id)
            .is_some_and(|about| about.free.is_empty());
        if let Some(known) = self.known_days.get(&id).filter(|_| closed) {
            return known.clone();
        }
        let undated = self.program.tables().node(id).is_some_and(|n| !n.dated);
        let found = if undated || !self.spend(1) {
            Changes::default()
        } else {
            match self.deeper_days(id, closed, |this| this.work_out(id)) {
                Some(found) => found,
                None if self.stack.gives_up() => return Arc::default(),
                None => Changes::every_day(),
            }
        };
        let found = Arc::new(found);
        if closed {
            self.known_days.insert(id, found.clone());
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
            Op::OrElse(a, b) => {
                let first = self.days_of(*a);
                changes.join(&first);
                let there = |outcome: &Outcome| matches!(outcome, Outcome::Known(value) if *value != Value::None);
                // What takes its place matters only where it may be none.
                if first.daily || !self.on_each(*a, &first).iter().all(there) {
                    changes.join(&self.days_of(*b));
                }
            }
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
                            if matches!(item.presence, Presence::Error(_)) {
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
            op @ (Op::Const(_)
            | Op::Missing(_)
            | Op::RecordedField(..)
            | Op::Item(_)
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
            | Op::Round { .. }
            | Op::Min(_)
            | Op::Max(_)
            | Op::AddDays(..)
            | Op::AddMonths(..)
            | Op::DaysBetween(..)
            | Op::MonthsBetween(..)
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
            | Op::MakeRecord(_)) => op.operands(|child, _| {
                let days = self.days_of(child);
                changes.join(&days);
            }),
        }
        changes
    }

    /// What a node is before all and on each of the days it changes.
    pub(super) fn on_each(&mut self, id: NodeId, changes: &Changes) -> Vec<Outcome> {
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
            if found.last() != Some(&outcome) {
                found.push(outcome);
            }
        }
        found
    }

    /// A comparison changes where an operand does, and where as_of passes a date it is compared with.
    fn compared(&mut self, operands: &[NodeId]) -> Changes {
        if let [a, b] = operands
            && let Some(changes) = self.lengths_compared(*a, *b)
        {
            return changes;
        }
        let mut changes = Changes::default();
        let mut sides = Vec::with_capacity(operands.len());
        for operand in operands {
            let forms = self.forms(*operand, &mut changes);
            sides.push(self.told(forms, &mut changes));
        }
        for (at, (shifts, _)) in sides.iter().enumerate() {
            for (other, (other_shifts, dates)) in sides.iter().enumerate() {
                if other == at {
                    continue;
                }
                let only_days =
                    |steps: &Vec<Shift>| steps.iter().all(|step| matches!(step, Shift::Days(_)));
                // Two dates that both go with as_of keep their order, unless months stretch between them.
                if !shifts.is_empty() && !other_shifts.is_empty() {
                    let same = shifts.iter().chain(other_shifts).all(only_days);
                    if !same {
                        return Changes::every_day();
                    }
                }
                for steps in shifts {
                    for date in dates {
                        passes(steps, *date, &mut changes);
                    }
                }
            }
        }
        changes
    }

    /// `days from a to b` or `months from a to b` beside a fixed length.
    fn lengths_compared(&mut self, a: NodeId, b: NodeId) -> Option<Changes> {
        let op = |this: &Self, id: NodeId| this.op(id);
        let (span, length) = match (op(self, a), op(self, b)) {
            (Some(Op::DaysBetween(..) | Op::MonthsBetween(..)), _) => (a, b),
            (_, Some(Op::DaysBetween(..) | Op::MonthsBetween(..))) => (b, a),
            _ => return None,
        };
        let count = self.fixed(length)?;
        let (from, to, months) = match op(self, span) {
            Some(Op::DaysBetween(from, to)) => (*from, *to, false),
            Some(Op::MonthsBetween(from, to)) => (*from, *to, true),
            _ => return None,
        };
        let mut changes = Changes::default();
        let (from, to) = (self.forms(from, &mut changes), self.forms(to, &mut changes));
        let (from, to) = (self.told(from, &mut changes), self.told(to, &mut changes));
        for (shifts, dates) in [(&from.0, &to.1), (&to.0, &from.1)] {
            for (steps, date) in shifts
                .iter()
                .flat_map(|s| dates.iter().map(move |d| (s, d)))
            {
                // Which of the two is earlier is not looked at: both ways, and a day or so on either side.
                for signed in [count, -count] {
                    let near = if months {
                        date.checked_add_months(signed)
                    } else {
                        date.checked_add_days(signed)
                    };
                    for off in -4..=4 {
                        if let Some(day) = near.and_then(|near| near.checked_add_days(off)) {
                            passes(steps, day, &mut changes);
                        }
                    }
                }
            }
        }
        let moving = !from.0.is_empty() && !to.0.is_empty();
        Some(if moving {
            Changes::every_day()
        } else {
            changes
        })
    }

    /// A number that is the same on every day.
    fn fixed(&mut self, node: NodeId) -> Option<i64> {
        let about = self.program.tables().node(node)?;
        if about.dated {
            return None;
        }
        match self.eval(node) {
            Outcome::Known(Value::Number(number)) => number.to_i64(),
            Outcome::Known(_)
            | Outcome::Open(_)
            | Outcome::NotApplicable(_)
            | Outcome::Error(_) => None,
        }
    }

    /// The ways from as_of, and the dates that stand still, among the forms of a date; where these change is joined.
    fn told(&mut self, forms: Vec<Form>, changes: &mut Changes) -> (Vec<Vec<Shift>>, Vec<Date>) {
        let (mut shifts, mut found) = (Vec::new(), Vec::new());
        for form in forms {
            let Some(base) = form.base else {
                shifts.push(form.steps);
                continue;
            };
            let days = self.days_of(base);
            changes.join(&days);
            // Only dates are compared with as_of.
            if days.daily || *plain(self.ty(base)) != Type::Date {
                continue;
            }
            for value in self.on_each(base, &days) {
                for date in dates(&value) {
                    let end = form
                        .steps
                        .iter()
                        .try_fold(date, |date, step| step.applied(date));
                    found.extend(end);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        (shifts, found)
    }

    /// The ways a date may be made; what chooses between them is joined to the changes. What is left to look at is
    /// kept in a list: dates build on each other as long as a program likes.
    fn forms(&mut self, id: NodeId, changes: &mut Changes) -> Vec<Form> {
        let mut found = Vec::new();
        // Steps from the outside inwards.
        let mut left: Vec<(NodeId, Vec<Shift>)> = vec![(id, Vec::new())];
        let mut looked_at = 0;
        while let Some((id, mut steps)) = left.pop() {
            looked_at += 1;
            let dated = self.program.tables().node(id).is_some_and(|n| n.dated);
            // Beyond the limit a date is looked at as a whole.
            let dated = dated && looked_at <= MOST_FORMS;
            let op = self.op(id);
            let parts: Vec<NodeId> = match op.filter(|_| dated) {
                Some(Op::AsOf) => {
                    steps.reverse();
                    found.push(Form { base: None, steps });
                    continue;
                }
                Some(Op::OrElse(a, b)) => vec![*a, *b],
                Some(Op::Min(all) | Op::Max(all)) => all.clone(),
                Some(Op::Cases { cases, otherwise }) => {
                    for (guard, _) in cases {
                        let days = self.days_of(*guard);
                        changes.join(&days);
                    }
                    let values = cases.iter().map(|(_, value)| *value);
                    values.chain(*otherwise).collect()
                }
                Some(op) => match self.goes_on(op) {
                    Some((inner, step)) => {
                        steps.push(step);
                        left.push((inner, steps));
                        continue;
                    }
                    None => Vec::new(),
                },
                None => Vec::new(),
            };
            for part in parts.iter().rev() {
                left.push((*part, steps.clone()));
            }
            if parts.is_empty() {
                steps.reverse();
                found.push(Form {
                    base: Some(id),
                    steps,
                });
            }
        }
        found
    }

    /// The date that an operation goes on from, and how.
    fn goes_on(&mut self, op: &Op) -> Option<(NodeId, Shift)> {
        if let Op::AddDays(date, days) = op {
            Some((*date, Shift::Days(self.fixed(*days)?)))
        } else if let Op::AddMonths(date, months) = op {
            Some((*date, Shift::Months(self.fixed(*months)?)))
        } else if let Op::StartOf(unit, date) = op {
            Some((*date, Shift::Start(*unit)))
        } else if let Op::EndOf(unit, date) = op {
            Some((*date, Shift::End(*unit)))
        } else {
            None
        }
    }

    /// The days on which a date that ends a span or names another day meets the days of what is looked at there.
    fn moved(&mut self, end: NodeId, body: &Changes, changes: &mut Changes) {
        let forms = self.forms(end, changes);
        let (shifts, dates) = self.told(forms, changes);
        for steps in &shifts {
            for day in &body.days {
                passes(steps, *day, changes);
            }
        }
        dates.into_iter().for_each(|date| changes.around(date));
    }

    fn scheduled(&mut self, schedule: ScheduleId, on: NodeId) -> Changes {
        let mut changes = Changes::default();
        if let Some(ir::ScheduleRule::Every { anchor, .. }) =
            self.ir().schedules.get(schedule as usize).map(|s| &s.rule)
        {
            changes.join(&self.days_of(*anchor));
        }
        let forms = self.forms(on, &mut changes);
        let (shifts, _) = self.told(forms, &mut changes);
        if shifts.is_empty() {
            return changes;
        }
        let (first, last) = (self.first_day(), self.now.today);
        // A year away on either side: the date asked about may lie there.
        let from = first.checked_add_months(-13).unwrap_or(first);
        let to = last.checked_add_months(13).unwrap_or(last);
        let Some(days) = self.occurrences(schedule, from, to) else {
            return Changes::every_day();
        };
        for steps in &shifts {
            for day in &days {
                passes(steps, *day, &mut changes);
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
                Outcome::Known(_)
                | Outcome::Open(_)
                | Outcome::NotApplicable(_)
                | Outcome::Error(_) => return Some(Vec::new()),
            },
            ir::ScheduleRule::DayOfMonths { .. } | ir::ScheduleRule::Months { .. } => None,
        };
        let whole_months = matches!(schedule.rule, ir::ScheduleRule::Months { .. });
        let mut found = Vec::new();
        let mut on = from;
        while let Some(day) = time::next(schedule, anchor, on).filter(|day| *day <= to) {
            found.push(day);
            if found.len() > MOST_DAYS {
                return None;
            }
            let last = if whole_months {
                let end = day.end_of(ir::CalendarUnit::Month);
                found.push(end);
                end
            } else {
                day
            };
            match last.checked_add_days(1) {
                Some(next) => on = next,
                None => break,
            }
        }
        // Days that are left out may begin and end in the middle of a month.
        let edges = schedule.except.iter().chain([&schedule.period]);
        found.extend(edges.flat_map(|period| [period.from, period.before].into_iter().flatten()));
        Some(found)
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

impl Shift {
    /// The date this step leads to.
    fn applied(&self, date: Date) -> Option<Date> {
        match self {
            Shift::Days(count) => date.checked_add_days(*count),
            Shift::Months(count) => date.checked_add_months(*count),
            Shift::Start(unit) => Some(date.start_of(*unit)),
            Shift::End(unit) => Some(date.end_of(*unit)),
        }
    }
}

/// The days around which `as_of`, shifted, passes a date.
fn passes(steps: &[Shift], date: Date, changes: &mut Changes) {
    let mut days = BTreeSet::from([date]);
    days.extend(date.checked_add_days(1));
    for step in steps.iter().rev() {
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
                Shift::Start(unit) | Shift::End(unit) => {
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
        Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => Vec::new(),
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
