//! Dates of schedules, looked for day by day.

use super::value::{Outcome, Value};
use super::{Day, Env, Run, day};
use polc_runtime::ir::{Period, Schedule, ScheduleId, ScheduleRule};

/// How far one looks: a schedule without a date in so many days has none left.
const FAR: i64 = 366 * 60;

/// Whether a day lies in a period.
pub fn inside(period: &Period, on: i64) -> bool {
    let number =
        |date: &dyn ToString| day::parse(&date.to_string()).expect("a date of the program");
    period.from.as_ref().is_none_or(|from| number(from) <= on)
        && period
            .before
            .as_ref()
            .is_none_or(|before| on < number(before))
}

/// Whether a day is one of the schedule's; the anchor is known.
fn is_one(schedule: &Schedule, anchor: Option<i64>, on: i64) -> bool {
    let (year, month, of_month) = day::civil(on);
    let excepted = schedule
        .except_years
        .iter()
        .any(|one| i64::from(*one) == year)
        || schedule.except.iter().any(|period| inside(period, on));
    let recurs = match &schedule.rule {
        ScheduleRule::DayOfMonths { day, months } => {
            months.iter().any(|one| i64::from(*one) == month)
                && of_month == i64::from(*day).min(day::length(year, month))
        }
        ScheduleRule::Months { months } => months.iter().any(|one| i64::from(*one) == month),
        ScheduleRule::Every { months, .. } => anchor.is_some_and(|anchor| {
            let (from_year, from_month, _) = day::civil(anchor);
            let apart = (year - from_year) * 12 + month - from_month;
            let step = i64::from(*months);
            apart > 0 && apart % step == 0 && day::add_months(anchor, apart) == on
        }),
    };
    recurs && !excepted && inside(&schedule.period, on)
}

impl Run<'_> {
    fn anchor(&self, schedule: &Schedule, day: Day, env: &mut Env) -> Result<Option<i64>, Outcome> {
        let ScheduleRule::Every { anchor, .. } = schedule.rule else {
            return Ok(None);
        };
        match self.node(anchor, day, env) {
            Outcome::Known(Value::Date(anchor)) => Ok(Some(anchor)),
            Outcome::Known(_) => Ok(None),
            other => Err(other),
        }
    }

    /// Whether a date is one of the schedule's (`0`), the first on or after it (`1`), the last before it (`-1`).
    pub(super) fn scheduled(
        &self,
        id: ScheduleId,
        from: Outcome,
        way: i64,
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        let schedule = &self.plain.program.schedules[id as usize];
        let anchor = self.anchor(schedule, day, env);
        let unfit = anchor.clone().err().unwrap_or(Outcome::NO);
        if let Some(prevails) = Outcome::strictest(&[&from, &unfit]) {
            return prevails;
        }
        let Ok(anchor) = anchor else {
            return Outcome::Open;
        };
        let from = match from {
            Outcome::Known(Value::Date(from)) => from,
            Outcome::Known(Value::None) => return Outcome::Open,
            _ => return Outcome::Error,
        };
        if way == 0 {
            return Outcome::truth(is_one(schedule, anchor, from));
        }
        let first = if way > 0 { from } else { from - 1 };
        let found = (0..FAR)
            .map(|by| first + way * by)
            .find(|on| is_one(schedule, anchor, *on));
        Outcome::Known(found.map_or(Value::None, Value::Date))
    }
}
