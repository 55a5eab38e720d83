//! Civil days.

use jiff::Span;
use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Calendar unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CalendarUnit {
    /// Week of the calendar, from Monday.
    Week,
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
}

/// What a day says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DatePart {
    /// The day of the week, 0 for Monday.
    Weekday,
    /// The ISO week, 1 to 53.
    Week,
    /// The year.
    Year,
    /// The month, 1 to 12.
    Month,
    /// The day of the month.
    Day,
}

/// A day of the calendar, years 1 to 9999, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// 0001-01-01, the first day there is.
    pub const FIRST: Date = Date(-719_162);
    /// 9999-12-31, the last day there is.
    pub const LAST: Date = Date(2_932_896);

    /// The day, if there is one.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().and_then(Date::of)
    }

    /// Reads `2026-10-15` and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape {
            return None;
        }
        let year = text.get(0..4)?.parse().ok()?;
        Date::new(
            year,
            text.get(5..7)?.parse().ok()?,
            text.get(8..10)?.parse().ok()?,
        )
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(self) -> i32 {
        self.0
    }

    /// The day so many days after 1970-01-01.
    #[must_use]
    pub fn from_days(days: i32) -> Option<Self> {
        Date(0).checked_add_days(i64::from(days))
    }

    fn of(date: civil::Date) -> Option<Self> {
        if date.year() < 1 {
            return None;
        }
        let days = Date::epoch().until(date).ok()?.get_days();
        Some(Date(days))
    }

    fn epoch() -> civil::Date {
        civil::date(1970, 1, 1)
    }

    fn civil(self) -> civil::Date {
        // Every `Date` was made from a civil one, so this cannot saturate.
        Date::epoch().saturating_add(Span::new().days(self.0))
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.civil().year()
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.civil().month()
    }

    /// The day of the month.
    #[must_use]
    pub fn day(self) -> i8 {
        self.civil().day()
    }

    /// So many days later, or earlier when negative.
    #[must_use]
    pub fn checked_add_days(self, days: i64) -> Option<Self> {
        let moved = i64::from(self.0).checked_add(days)?;
        let moved = Date(i32::try_from(moved).ok()?);
        (Date::FIRST..=Date::LAST).contains(&moved).then_some(moved)
    }

    /// So many months later, or earlier when negative; a day the month lacks becomes its last one.
    #[must_use]
    pub fn checked_add_months(self, months: i64) -> Option<Self> {
        let date = self.civil();
        let total = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
        let total = total.checked_add(months)?;
        let year = i16::try_from(total.div_euclid(12))
            .ok()
            .filter(|year| (1..=9999).contains(year))?;
        let month = i8::try_from(total.rem_euclid(12) + 1).ok()?;
        let last = civil::Date::new(year, month, 1).ok()?.days_in_month();
        Date::new(year, month, date.day().min(last))
    }

    /// The first day of the calendar unit it lies in.
    #[must_use]
    pub fn start_of(self, unit: CalendarUnit) -> Self {
        let date = self.civil();
        let month = match unit {
            CalendarUnit::Week => {
                let back = date.weekday().to_monday_zero_offset();
                // The calendar begins on a Monday.
                return self.checked_add_days(-i64::from(back)).unwrap_or(self);
            }
            CalendarUnit::Month => date.month(),
            CalendarUnit::Quarter => (date.month() - 1) / 3 * 3 + 1,
            CalendarUnit::Year => 1,
        };
        Date::new(date.year(), month, 1).unwrap_or(self)
    }

    /// The last day of the calendar unit it lies in, or of the calendar.
    #[must_use]
    pub fn end_of(self, unit: CalendarUnit) -> Self {
        let first = self.start_of(unit);
        let start = first.civil();
        let month = match unit {
            CalendarUnit::Week => return first.checked_add_days(6).unwrap_or(Date::LAST),
            CalendarUnit::Month => start.month(),
            CalendarUnit::Quarter => start.month() + 2,
            CalendarUnit::Year => 12,
        };
        civil::Date::new(start.year(), month, 1)
            .ok()
            .and_then(|first| Date::of(first.last_of_month()))
            .unwrap_or(self)
    }

    /// Days from this day to another.
    #[must_use]
    pub fn days_until(self, other: Date) -> i64 {
        i64::from(other.0) - i64::from(self.0)
    }

    /// Whole months from this day to another: the most that can be added without passing it.
    #[must_use]
    pub fn whole_months_until(self, other: Date) -> i64 {
        let (a, b) = (self.civil(), other.civil());
        let months = (i64::from(b.year()) - i64::from(a.year())) * 12 + i64::from(b.month())
            - i64::from(a.month());
        let reached = self.checked_add_months(months);
        match reached {
            Some(reached) if other >= self && reached > other => months - 1,
            Some(reached) if other < self && reached < other => months + 1,
            _ => months,
        }
    }

    /// The most calendar units that can be added to this day without passing another; below zero where that one is
    /// earlier. What is added is clamped to the end of the month.
    #[must_use]
    pub fn full_units_until(self, unit: CalendarUnit, other: Date) -> i64 {
        let (a, b) = (self.civil(), other.civil());
        let years = i64::from(b.year()) - i64::from(a.year());
        let months = years * 12 + i64::from(b.month()) - i64::from(a.month());
        let passes = self
            .checked_add_months(months)
            .is_some_and(|day| day > other);
        let months = if passes { months - 1 } else { months };
        match unit {
            CalendarUnit::Week => self.days_until(other).div_euclid(7),
            CalendarUnit::Month => months,
            CalendarUnit::Quarter => months.div_euclid(3),
            CalendarUnit::Year => months.div_euclid(12),
        }
    }

    /// What the day says of itself.
    #[must_use]
    pub fn part(self, part: DatePart) -> i64 {
        let date = self.civil();
        match part {
            DatePart::Weekday => i64::from(date.weekday().to_monday_zero_offset()),
            DatePart::Week => i64::from(date.iso_week_date().week()),
            DatePart::Year => i64::from(date.year()),
            DatePart::Month => i64::from(date.month()),
            DatePart::Day => i64::from(date.day()),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.civil();
        write!(
            formatter,
            "{:04}-{:02}-{:02}",
            date.year(),
            date.month(),
            date.day()
        )
    }
}

/// Text that is no day of the calendar, written as `2026-12-31`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date; write it as `2026-12-31`")]
pub struct NotADate(pub String);

impl std::str::FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Date, NotADate> {
        Date::parse(text).ok_or_else(|| NotADate(text.to_owned()))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Date::parse(&text).ok_or_else(|| de::Error::custom("not a date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn reads_one_shape_only() {
        assert_eq!(d("2026-10-15").to_string(), "2026-10-15");
        for bad in [
            "2026-2-1",
            "20261015",
            "2026-02-30",
            "2026-10-15T00:00",
            "0000-01-01",
            " 2026-10-15",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
        assert_eq!(d("0001-01-01"), Date::FIRST);
        assert_eq!(d("9999-12-31"), Date::LAST);
        assert_eq!(d("9999-12-31").checked_add_days(1), None);
    }

    #[test]
    fn months_clamp_from_the_anchor() {
        assert_eq!(d("2025-08-31").checked_add_months(6), Some(d("2026-02-28")));
        assert_eq!(
            d("2024-02-29").checked_add_months(24),
            Some(d("2026-02-28"))
        );
        assert_eq!(
            d("2026-03-31").checked_add_months(-1),
            Some(d("2026-02-28"))
        );
        assert_eq!(d("2026-01-31").whole_months_until(d("2026-02-28")), 1);
        assert_eq!(d("2026-01-15").whole_months_until(d("2026-03-14")), 1);
        assert_eq!(d("2026-03-14").whole_months_until(d("2026-01-15")), -1);
    }

    #[test]
    fn full_units_never_pass_the_other_day() {
        let full = |unit, a, b| d(a).full_units_until(unit, d(b));
        let months = |a, b| full(CalendarUnit::Month, a, b);
        assert_eq!(months("2026-01-31", "2026-02-28"), 1);
        assert_eq!(months("2026-01-31", "2026-02-27"), 0);
        assert_eq!(months("2026-03-14", "2026-01-15"), -2);
        assert_eq!(months("2026-03-14", "2026-01-14"), -2);
        assert_eq!(months("2026-03-31", "2026-02-28"), -1);
        let years = |a, b| full(CalendarUnit::Year, a, b);
        assert_eq!(years("2008-02-29", "2026-02-28"), 18);
        assert_eq!(years("2008-03-01", "2026-02-28"), 17);
        assert_eq!(years("2026-02-28", "2025-03-01"), -1);
        assert_eq!(years("0001-01-01", "9999-12-31"), 9998);
        assert_eq!(full(CalendarUnit::Week, "2026-01-05", "2026-01-04"), -1);
    }

    #[test]
    fn weeks_begin_on_monday() {
        for (day, weekday, week, monday) in [
            ("2026-01-01", 3, 1, "2025-12-29"),
            ("2026-12-31", 3, 53, "2026-12-28"),
            ("2027-01-03", 6, 53, "2026-12-28"),
            ("2027-01-04", 0, 1, "2027-01-04"),
            ("0001-01-01", 0, 1, "0001-01-01"),
            ("9999-12-31", 4, 52, "9999-12-27"),
        ] {
            assert_eq!(d(day).part(DatePart::Weekday), weekday, "{day}");
            assert_eq!(d(day).part(DatePart::Week), week, "{day}");
            assert_eq!(d(day).start_of(CalendarUnit::Week), d(monday), "{day}");
        }
    }

    #[test]
    fn knows_quarters() {
        let day = d("2026-11-21");
        assert_eq!(day.start_of(CalendarUnit::Quarter), d("2026-10-01"));
        assert_eq!(day.end_of(CalendarUnit::Quarter), d("2026-12-31"));
        assert_eq!(day.end_of(CalendarUnit::Month), d("2026-11-30"));
    }
}
