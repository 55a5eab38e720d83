//! Dates, schedules and evaluation as on other days.

use super::Evaluation;
use super::arithmetic::{add_bounds, number, sub_bounds};
use crate::ir::{
    CalendarUnit, NodeId, Op, PERIOD, PERIOD_ENDS, Period, Schedule, ScheduleId, ScheduleRule, Type,
};
use crate::value::algebra::{
    Tally, bounds_of, error, may_fail, open, strict, truth, with_bounds, with_limits,
};
use crate::value::{Bounds, Date, DatePart, Number, Open, Outcome, Value};
use std::cmp::Ordering;

/// What is asked of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Query {
    On,
    Next,
    Previous,
}

/// Whether a day lies in a period.
pub(crate) fn contains(period: &Period, day: Date) -> bool {
    period.from.is_none_or(|from| day >= from) && period.before.is_none_or(|before| day < before)
}

/// The date in a known outcome.
fn date(outcome: &Outcome) -> Option<Date> {
    match outcome {
        Outcome::Known(Value::Date(date)) => Some(*date),
        Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => {
            None
        }
    }
}

/// A known date, or an error when there is no such day.
fn day(date: Option<Date>) -> Outcome {
    date.map_or_else(
        || error("date out of range"),
        |date| Outcome::Known(Value::Date(date)),
    )
}

/// A known whole number.
fn whole(number: i64) -> Outcome {
    Outcome::Known(Value::Number(Number::from_i64(number)))
}

/// The first and the last day that a date may turn out to be.
fn days_of(outcome: &Outcome) -> (Option<Date>, Option<Date>) {
    let limits = bounds_of(outcome);
    let day = |end: Option<Number>| Date::from_days(i32::try_from(end?.to_i64()?).ok()?);
    (day(limits.low), day(limits.high))
}

/// What a part of a day that lies between two others may be.
fn part_limits(part: DatePart, (first, last): (Option<Date>, Option<Date>)) -> Bounds {
    let year = |day: Option<Date>| day.map(|day| day.part(DatePart::Year));
    let (low, high) = match part {
        DatePart::Weekday => (None, None),
        DatePart::Year => (year(first), year(last)),
        DatePart::Week => (Some(1), Some(53)),
        DatePart::Day => (Some(1), Some(31)),
        DatePart::Month => match (first, last) {
            (Some(first), Some(last)) if year(Some(first)) == year(Some(last)) => {
                (Some(first.part(part)), Some(last.part(part)))
            }
            _ => (Some(1), Some(12)),
        },
    };
    Bounds {
        low: low.map(Number::from_i64),
        high: high.map(Number::from_i64),
    }
}

/// What takes the place of a calculation whose operands are not all there.
fn instead_of(operands: &[&Outcome]) -> Outcome {
    strict(operands.iter().copied()).unwrap_or_else(|| error("none where a date is expected"))
}

impl Evaluation<'_> {
    pub(super) fn add_days(&mut self, a: NodeId, b: NodeId) -> Outcome {
        let (from, days) = (self.eval(a), self.eval(b));
        match (date(&from), number(&days)) {
            (Some(from), Some(days)) => match days.to_i64() {
                Some(days) => day(from.checked_add_days(days)),
                None => error("not a whole number of days"),
            },
            _ => {
                let limits = add_bounds(bounds_of(&from), bounds_of(&days));
                with_bounds(instead_of(&[&from, &days]), limits)
            }
        }
    }

    pub(super) fn add_months(&mut self, a: NodeId, b: NodeId) -> Outcome {
        let (from, months) = (self.eval(a), self.eval(b));
        match (date(&from), number(&months)) {
            (Some(from), Some(months)) => match months.to_i64() {
                Some(months) => day(from.checked_add_months(months)),
                None => error("not a whole number of months"),
            },
            _ => instead_of(&[&from, &months]),
        }
    }

    /// Whether a node is a day before the first or after the last one of the calendar: it has no value, and still
    /// lies on one side of every day there is.
    pub(super) fn beyond_calendar(&mut self, node: NodeId) -> Option<Ordering> {
        let (start, length) = match self.op(node) {
            Some(Op::AddDays(start, length) | Op::AddMonths(start, length)) => (*start, *length),
            _ => return None,
        };
        let (start, length) = (self.eval(start), self.eval(length));
        date(&start)?;
        match number(&length)?.to_i64()? {
            0 => None,
            ..0 => Some(Ordering::Less),
            1.. => Some(Ordering::Greater),
        }
    }

    pub(super) fn days_between(&mut self, a: NodeId, b: NodeId) -> Outcome {
        let (from, to) = (self.eval(a), self.eval(b));
        match (date(&from), date(&to)) {
            (Some(from), Some(to)) => {
                Outcome::Known(Value::Number(Number::from_i64(from.days_until(to))))
            }
            _ => {
                let limits = sub_bounds(bounds_of(&to), bounds_of(&from));
                with_bounds(instead_of(&[&from, &to]), limits)
            }
        }
    }

    pub(super) fn months_between(&mut self, a: NodeId, b: NodeId) -> Outcome {
        let (from, to) = (self.eval(a), self.eval(b));
        match (date(&from), date(&to)) {
            (Some(from), Some(to)) => {
                Outcome::Known(Value::Number(Number::from_i64(from.whole_months_until(to))))
            }
            _ => instead_of(&[&from, &to]),
        }
    }

    pub(super) fn full_between(&mut self, unit: CalendarUnit, a: NodeId, b: NodeId) -> Outcome {
        let (from, to) = (self.eval(a), self.eval(b));
        match (date(&from), date(&to)) {
            (Some(from), Some(to)) => whole(from.full_units_until(unit, to)),
            _ => {
                let ((first, last), (early, late)) = (days_of(&from), days_of(&to));
                let limit = |from: Option<Date>, to: Option<Date>| {
                    let units = from?.full_units_until(unit, to?);
                    Some(Number::from_i64(units))
                };
                let limits = Bounds {
                    low: limit(last, early),
                    high: limit(first, late),
                };
                with_limits(instead_of(&[&from, &to]), limits)
            }
        }
    }

    pub(super) fn date_part(&mut self, part: DatePart, of: NodeId) -> Outcome {
        let of = self.eval(of);
        let Some(date) = date(&of) else {
            return with_limits(instead_of(&[&of]), part_limits(part, days_of(&of)));
        };
        let found = date.part(part);
        match part {
            DatePart::Weekday => {
                Outcome::Known(Value::Enum(u32::try_from(found).unwrap_or_default()))
            }
            DatePart::Week | DatePart::Year | DatePart::Month | DatePart::Day => whole(found),
        }
    }

    pub(super) fn edge_of(&mut self, unit: CalendarUnit, of: NodeId, end: bool) -> Outcome {
        let of = self.eval(of);
        match date(&of) {
            Some(date) if end => Outcome::Known(Value::Date(date.end_of(unit))),
            Some(date) => Outcome::Known(Value::Date(date.start_of(unit))),
            None => instead_of(&[&of]),
        }
    }

    /// What stands in the place of a period that ends before it begins, or may turn out to.
    pub(super) fn out_of_order(&self, ty: &Type, fields: &[Outcome]) -> Option<Outcome> {
        let Type::Record(id) = ty else { return None };
        if self.ir().records.get(*id as usize)?.name != PERIOD {
            return None;
        }
        let (from, through) = (fields.get(PERIOD_ENDS.0)?, fields.get(PERIOD_ENDS.1)?);
        match (date(from), date(through)) {
            (Some(from), Some(through)) if through < from => {
                return Some(error(format!(
                    "this period ends on {through}, before it begins on {from}"
                )));
            }
            (Some(_), Some(_)) => return None,
            _ => {}
        }
        let settled =
            |end: &Outcome| !matches!(end, Outcome::Open(_) | Outcome::Known(Value::Date(_)));
        let in_order = match (bounds_of(from).high, bounds_of(through).low) {
            (Some(latest), Some(earliest)) => latest <= earliest,
            _ => false,
        };
        if settled(from) || settled(through) || in_order {
            return None;
        }
        // It may still turn out an error.
        strict([from, through]).map(|open| may_fail(with_bounds(open, Bounds::default())))
    }

    pub(super) fn at_date(&mut self, body: NodeId, on: NodeId) -> Outcome {
        let on = self.eval(on);
        match date(&on) {
            Some(date) => self.on_day(date, |evaluation| evaluation.eval(body)),
            None => self.on_some_day(body, instead_of(&[&on])),
        }
    }

    /// What takes the place of an answer for a day that is not known: it needs whatever may be read then.
    fn on_some_day(&mut self, body: NodeId, instead: Outcome) -> Outcome {
        let Outcome::Open(day) = instead else {
            return instead;
        };
        let mut needs = Open {
            may_fail: true,
            ..Open::clone(&day)
        };
        self.missing_below(body, &mut needs);
        open(needs)
    }

    pub(super) fn ever(&mut self, body: NodeId, from: NodeId, to: NodeId) -> Outcome {
        let (from, to) = (self.eval(from), self.eval(to));
        let (Some(first), Some(last)) = (date(&from), date(&to)) else {
            return self.on_some_day(body, instead_of(&[&from, &to]));
        };
        let last = last.min(self.now.today);
        let changes = self.seen_whole(|this| this.days_of(body));
        let days: Vec<Date> = if changes.daily {
            let count = u64::try_from(first.days_until(last)).unwrap_or(0);
            if count >= self.options.limits.days {
                return self.too_many_days();
            }
            std::iter::successors(Some(first), |day| day.checked_add_days(1))
                .take_while(|day| *day <= last)
                .collect()
        } else if first > last {
            Vec::new()
        } else {
            let later = changes.days.range(first..=last).copied();
            std::iter::once(first)
                .chain(later.filter(|day| *day > first))
                .collect()
        };
        let mut tally = Tally::default();
        for date in days {
            let held = self.on_day(date, |evaluation| evaluation.eval(body));
            if !matches!(held, Outcome::NotApplicable(_)) {
                tally.add(&held);
            }
            if tally.has_true() {
                break;
            }
        }
        tally.or()
    }

    pub(super) fn schedule(
        &mut self,
        id: ScheduleId,
        on: NodeId,
        query: Query,
        ty: &Type,
    ) -> Outcome {
        let Some(schedule) = self.ir().schedules.get(id as usize) else {
            return error("no such schedule");
        };
        let on = self.eval(on);
        let anchor = match &schedule.rule {
            ScheduleRule::Every { anchor, .. } => Some(self.eval(*anchor)),
            ScheduleRule::DayOfMonths { .. } | ScheduleRule::Months { .. } => None,
        };
        let known_none = Some(&Outcome::Known(Value::None)) == anchor.as_ref();
        let start = anchor.as_ref().and_then(date);
        let unusable = anchor.as_ref().filter(|_| start.is_none() && !known_none);
        let (Some(day), None) = (date(&on), unusable) else {
            let operands: Vec<&Outcome> = [&on].into_iter().chain(anchor.as_ref()).collect();
            return match instead_of(&operands) {
                Outcome::Open(needs) => open(Open {
                    bounds: Bounds::default(),
                    ..Open::clone(&needs)
                }),
                other @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
                    other
                }
            };
        };
        let found = match query {
            _ if known_none => None,
            Query::On | Query::Next => next(schedule, start, day),
            Query::Previous => previous(schedule, start, day),
        };
        match (query, found) {
            (Query::On, found) => truth(found == Some(day)),
            (Query::Next | Query::Previous, Some(found)) => Outcome::Known(Value::Date(found)),
            (Query::Next | Query::Previous, None) if matches!(ty, Type::Optional(_)) => {
                Outcome::Known(Value::None)
            }
            (Query::Next, None) => error("the calendar ends before the next day of the schedule"),
            (Query::Previous, None) => {
                error("the calendar begins after the last day of the schedule")
            }
        }
    }
}

/// Where a search goes on when a date its rule gives does not count.
enum Search {
    /// The date counts.
    Found,
    /// Nothing counts before this day (for `previous`: from this day on).
    From(Date),
    /// Nothing is left.
    Over,
}

/// Whether a schedule keeps a date its rule gives, looking ahead or back.
fn search(schedule: &Schedule, date: Date, ahead: bool) -> Search {
    let edge = |period: &Period| if ahead { period.before } else { period.from };
    if !contains(&schedule.period, date) {
        return Search::Over;
    }
    let except = |period: &&Period| contains(period, date);
    let edge = match schedule.except.iter().find(except) {
        Some(period) => edge(period),
        None if !schedule.except_years.contains(&date.year()) => return Search::Found,
        None if ahead => date.end_of(CalendarUnit::Year).checked_add_days(1),
        None => Some(date.start_of(CalendarUnit::Year)),
    };
    edge.map_or(Search::Over, Search::From)
}

/// The scheduled day of a month, its last day when the month is shorter.
fn day_in_month(first: Date, day: u8) -> Option<Date> {
    let last = first.end_of(CalendarUnit::Month);
    let back = i64::from(last.day()).min(i64::from(day)) - i64::from(last.day());
    last.checked_add_days(back)
}

/// First date on or after a day.
pub(super) fn next(schedule: &Schedule, anchor: Option<Date>, on: Date) -> Option<Date> {
    let mut on = schedule.period.from.map_or(on, |from| from.max(on));
    loop {
        let date = recurs_from(&schedule.rule, anchor, on)?;
        match search(schedule, date, true) {
            Search::Found => return Some(date),
            Search::From(day) => on = day,
            Search::Over => return None,
        }
    }
}

/// Last date before a day.
fn previous(schedule: &Schedule, anchor: Option<Date>, before: Date) -> Option<Date> {
    let mut before = schedule.period.before.map_or(before, |end| end.min(before));
    loop {
        let date = recurs_before(&schedule.rule, anchor, before)?;
        match search(schedule, date, false) {
            Search::Found => return Some(date),
            Search::From(day) => before = day,
            Search::Over => return None,
        }
    }
}

/// First date a rule gives on or after a day, to the end of the calendar.
fn recurs_from(rule: &ScheduleRule, anchor: Option<Date>, on: Date) -> Option<Date> {
    let month = on.start_of(CalendarUnit::Month);
    let starts = (0..=12).map_while(|step| month.checked_add_months(step));
    match rule {
        ScheduleRule::DayOfMonths { day, months } => starts
            .filter(|first| months.contains(&month_of(*first)))
            .filter_map(|first| day_in_month(first, *day))
            .find(|date| *date >= on),
        ScheduleRule::Months { months } => starts
            .filter(|first| months.contains(&month_of(*first)))
            .map(|first| first.max(on))
            .next(),
        ScheduleRule::Every { months, .. } => {
            let (anchor, step) = (anchor?, i64::from(*months).max(1));
            let start = (anchor.whole_months_until(on).max(0) / step).max(1);
            (start..=start.saturating_add(2))
                .map_while(|k| anchor.checked_add_months(k.checked_mul(step)?))
                .find(|date| *date >= on)
        }
    }
}

/// Last date a rule gives before a day, from the beginning of the calendar.
fn recurs_before(rule: &ScheduleRule, anchor: Option<Date>, before: Date) -> Option<Date> {
    let month = before.start_of(CalendarUnit::Month);
    let starts = (0..=12).map_while(|step| month.checked_add_months(-step));
    match rule {
        ScheduleRule::DayOfMonths { day, months } => starts
            .filter(|first| months.contains(&month_of(*first)))
            .filter_map(|first| day_in_month(first, *day))
            .find(|date| *date < before),
        ScheduleRule::Months { months } => starts
            .filter(|first| months.contains(&month_of(*first)) && *first < before)
            .find_map(|first| {
                let last = first.end_of(CalendarUnit::Month);
                Some(last.min(before.checked_add_days(-1)?))
            }),
        ScheduleRule::Every { months, .. } => {
            let (anchor, step) = (anchor?, i64::from(*months).max(1));
            let last = anchor.whole_months_until(before).max(0) / step;
            (0..=2)
                .map(|back| last + 1 - back)
                .take_while(|k| *k >= 1)
                .filter_map(|k| anchor.checked_add_months(k.checked_mul(step)?))
                .find(|date| *date < before)
        }
    }
}

/// The month of a date, 1–12.
fn month_of(date: Date) -> u8 {
    u8::try_from(date.month()).unwrap_or_default()
}
