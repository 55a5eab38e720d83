//! On which days as_of passes a date: how dates are made from as_of and from one another, step by step.

use super::changes::{Changes, MOST_DAYS, dates};
use super::{Evaluation, time};
use crate::ir::plain;
use crate::ir::{self, NodeId, Op, ScheduleId, Type};
use crate::value::{Date, Outcome, Value};
use std::collections::BTreeSet;

/// As many parts of a date are looked at for the ways it may be made.
const MOST_FORMS: usize = 2_000;

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
    /// A comparison changes where an operand does, and where as_of passes a date it is compared with.
    pub(super) fn compared(&mut self, operands: &[NodeId]) -> Changes {
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
            (Some(Op::DaysBetween(..) | Op::MonthsBetween(..) | Op::FullBetween(..)), _) => (a, b),
            (_, Some(Op::DaysBetween(..) | Op::MonthsBetween(..) | Op::FullBetween(..))) => (b, a),
            _ => return None,
        };
        let count = self.fixed(length)?;
        let (from, to, unit) = match op(self, span) {
            Some(Op::DaysBetween(from, to)) => (*from, *to, Shift::Days(1)),
            Some(Op::MonthsBetween(from, to)) => (*from, *to, Shift::Months(1)),
            Some(Op::FullBetween(unit, from, to)) => (*from, *to, length_of(*unit)),
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
                // Which of the two is earlier is not looked at: both ways, and a day or so on either side. More units
                // than these are a unit away.
                for signed in [count, count.saturating_neg()] {
                    let counts = [signed.saturating_sub(1), signed, signed.saturating_add(1)];
                    for near in counts
                        .into_iter()
                        .filter_map(|n| unit.times(n)?.applied(*date))
                    {
                        let days = (-4..=4).filter_map(|off| near.checked_add_days(off));
                        days.for_each(|day| passes(steps, day, &mut changes));
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
    pub(super) fn moved(&mut self, end: NodeId, body: &Changes, changes: &mut Changes) {
        let forms = self.forms(end, changes);
        let (shifts, dates) = self.told(forms, changes);
        for steps in &shifts {
            for day in &body.days {
                passes(steps, *day, changes);
            }
        }
        dates.into_iter().for_each(|date| changes.around(date));
    }

    pub(super) fn scheduled(&mut self, schedule: ScheduleId, on: NodeId) -> Changes {
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
}

/// How long a calendar unit is.
fn length_of(unit: ir::CalendarUnit) -> Shift {
    match unit {
        ir::CalendarUnit::Week => Shift::Days(7),
        ir::CalendarUnit::Month => Shift::Months(1),
        ir::CalendarUnit::Quarter => Shift::Months(3),
        ir::CalendarUnit::Year => Shift::Months(12),
    }
}

impl Shift {
    /// A length so many times.
    fn times(&self, count: i64) -> Option<Shift> {
        match self {
            Shift::Days(days) => days.checked_mul(count).map(Shift::Days),
            Shift::Months(months) => months.checked_mul(count).map(Shift::Months),
            Shift::Start(_) | Shift::End(_) => None,
        }
    }

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
