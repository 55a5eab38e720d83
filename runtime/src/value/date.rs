//! Civil days.

use jiff::Span;
use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Calendar unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CalendarUnit {
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
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
            CalendarUnit::Month => date.month(),
            CalendarUnit::Quarter => (date.month() - 1) / 3 * 3 + 1,
            CalendarUnit::Year => 1,
        };
        Date::new(date.year(), month, 1).unwrap_or(self)
    }

    /// The last day of the calendar unit it lies in.
    #[must_use]
    pub fn end_of(self, unit: CalendarUnit) -> Self {
        let start = self.start_of(unit).civil();
        let month = match unit {
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
    fn knows_quarters() {
        let day = d("2026-11-21");
        assert_eq!(day.start_of(CalendarUnit::Quarter), d("2026-10-01"));
        assert_eq!(day.end_of(CalendarUnit::Quarter), d("2026-12-31"));
        assert_eq!(day.end_of(CalendarUnit::Month), d("2026-11-30"));
    }
}
