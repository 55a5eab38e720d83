//! Operations on dates.

use super::number::Fraction;
use super::value::{Outcome, Value};
use super::{Day, Env, Run, day};
use polc_runtime::ir::{CalendarUnit, DatePart, NodeId, Op};

impl Run<'_> {
    pub(super) fn of_dates(&self, op: &Op, day: Day, env: &mut Env) -> Outcome {
        match op {
            Op::AddDays(date, by) => self.moved(*date, *by, day, env, |date, by| Some(date + by)),
            Op::AddMonths(date, by) => self.moved(*date, *by, day, env, |date, by| {
                (by.abs() < 200_000).then(|| day::add_months(date, by))
            }),
            Op::DaysBetween(a, b) => self.dates(*a, *b, day, env, |a, b| {
                Outcome::number(Some(Fraction::whole(b - a)))
            }),
            Op::MonthsBetween(a, b) => self.dates(*a, *b, day, env, months_between),
            Op::FullBetween(unit, a, b) => self.dates(*a, *b, day, env, |a, b| {
                Outcome::number(Some(Fraction::whole(day::full_between(*unit, a, b))))
            }),
            Op::DatePart(part, date) => self.dates(*date, *date, day, env, |date, _| {
                let found = day::part(*part, date);
                match part {
                    DatePart::Weekday => Outcome::Known(Value::Enum(found as u32)),
                    DatePart::Week | DatePart::Year | DatePart::Month | DatePart::Day => {
                        Outcome::number(Some(Fraction::whole(found)))
                    }
                }
            }),
            Op::StartOf(CalendarUnit::Week, date) => {
                self.dates(*date, *date, day, env, |date, _| {
                    Outcome::Known(Value::Date(date - day::part(DatePart::Weekday, date)))
                })
            }
            Op::StartOf(unit, date) => self.dates(*date, *date, day, env, |date, _| {
                Outcome::Known(Value::Date(day::start_of(date, months_of(*unit))))
            }),
            Op::EndOf(unit, date) => self.dates(*date, *date, day, env, |date, _| {
                let months = months_of(*unit);
                let after = day::add_months(day::start_of(date, months), months);
                Outcome::Known(Value::Date(after - 1))
            }),
            Op::ScheduleOn(id, date) => {
                self.scheduled(*id, self.node(*date, day, env), 0, day, env)
            }
            Op::ScheduleNext(id, date) => {
                self.scheduled(*id, self.node(*date, day, env), 1, day, env)
            }
            Op::SchedulePrevious(id, date) => {
                self.scheduled(*id, self.node(*date, day, env), -1, day, env)
            }
            other => unreachable!("{other:?} is nothing of dates"),
        }
    }

    fn dates(
        &self,
        a: NodeId,
        b: NodeId,
        day: Day,
        env: &mut Env,
        with: impl Fn(i64, i64) -> Outcome,
    ) -> Outcome {
        let both = self.all(&[a, b], day, env);
        if let Some(prevails) = Outcome::strictest(&[&both[0], &both[1]]) {
            return prevails;
        }
        match both[..] {
            [
                Outcome::Known(Value::Date(a)),
                Outcome::Known(Value::Date(b)),
            ] => with(a, b),
            _ => Outcome::Open,
        }
    }

    /// A date moved by whole days or months; what lies outside the calendar is an error.
    fn moved(
        &self,
        date: NodeId,
        by: NodeId,
        day: Day,
        env: &mut Env,
        with: impl Fn(i64, i64) -> Option<i64>,
    ) -> Outcome {
        let both = self.all(&[date, by], day, env);
        if let Some(prevails) = Outcome::strictest(&[&both[0], &both[1]]) {
            return prevails;
        }
        let [
            Outcome::Known(Value::Date(date)),
            Outcome::Known(Value::Number(by)),
        ] = both[..]
        else {
            return Outcome::Open;
        };
        match by.to_whole().and_then(|by| with(date, by)) {
            Some(moved) if moved > day::LAST => Outcome::Error,
            // how far back the calendar goes is not written down
            Some(moved) if day::civil(moved).0 < 1 => Outcome::Open,
            Some(moved) => Outcome::Known(Value::Date(moved)),
            None => Outcome::Error,
        }
    }
}

fn months_of(unit: CalendarUnit) -> i64 {
    match unit {
        CalendarUnit::Week => unreachable!("a week is no number of months"),
        CalendarUnit::Month => 1,
        CalendarUnit::Quarter => 3,
        CalendarUnit::Year => 12,
    }
}

/// Whole months that lie between two dates, counted from the first; negative where the second is earlier.
fn months_between(from: i64, to: i64) -> Outcome {
    let (a, b) = (day::civil(from), day::civil(to));
    let mut months = (b.0 - a.0) * 12 + b.1 - a.1;
    while months > 0 && day::add_months(from, months) > to {
        months -= 1;
    }
    while months < 0 && day::add_months(from, months) < to {
        months += 1;
    }
    Outcome::number(Some(Fraction::whole(months)))
}
