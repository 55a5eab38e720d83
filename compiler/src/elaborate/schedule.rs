//! Exceptions to schedules: whether one takes any day away.

use super::Elaborator;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use polc_runtime::ir::{Period, Schedule, ScheduleRule};
use polc_runtime::value::Date;

impl Elaborator<'_, '_> {
    /// Warns of an exception to a schedule that has no day in it anyway.
    pub(super) fn takes_a_day(
        &mut self,
        name: &str,
        schedule: &Schedule,
        except: Period,
        span: Span,
    ) {
        if has_a_day(schedule, except) {
            return;
        }
        let found = Diagnostic::new(
            Code::ExceptionNeverApplies,
            span,
            format!("the exception `{name}` never applies"),
        );
        let why = format!(
            "`{}` has no day then that it could take away",
            schedule.name
        );
        self.report(found.at(why).help("correct its dates, or remove it"));
    }
}

/// Whether a schedule may have a day in a period. Where it counts from a day of the facts, any day may be one.
fn has_a_day(schedule: &Schedule, within: Period) -> bool {
    let from = within.from.max(schedule.period.from).unwrap_or(Date::FIRST);
    let ends = [within.before, schedule.period.before];
    let before = ends.into_iter().flatten().min();
    let mut day = Some(from);
    while let Some(date) = day {
        if before.is_some_and(|before| date >= before) {
            return false;
        }
        let inside = |period: &Period| {
            period.from.is_none_or(|from| from <= date)
                && period.before.is_none_or(|before| date < before)
        };
        let excepted =
            schedule.except_years.contains(&date.year()) || schedule.except.iter().any(inside);
        if !excepted && recurs(&schedule.rule, date) {
            return true;
        }
        day = date.checked_add_days(1);
    }
    false
}

/// Whether a rule may have this day.
fn recurs(rule: &ScheduleRule, date: Date) -> bool {
    let month = u8::try_from(date.month()).unwrap_or(0);
    match rule {
        ScheduleRule::DayOfMonths { day, months } => {
            let last = date.checked_add_days(1).is_none_or(|next| next.day() == 1);
            let on = u8::try_from(date.day()).unwrap_or(0);
            months.contains(&month) && (on == *day || (last && on < *day))
        }
        ScheduleRule::Months { months } => months.contains(&month),
        ScheduleRule::Every { .. } => true,
    }
}
