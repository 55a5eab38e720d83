//! Civil days, as whole numbers of days from 1970-01-01.

use polc_runtime::ir::{CalendarUnit, DatePart};

/// The last day there is: 9999-12-31.
pub const LAST: i64 = 2_932_896;

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month has.
pub fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days in the years before one, from year 0.
fn before_year(year: i64) -> i64 {
    let past = year - 1;
    year * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400) + 1
}

/// The number of a day.
pub fn number(year: i64, month: i64, day: i64) -> i64 {
    let months: i64 = (1..month).map(|month| length(year, month)).sum();
    before_year(year) - before_year(1970) + months + day - 1
}

/// Year, month and day of a number.
pub fn civil(number_of: i64) -> (i64, i64, i64) {
    let mut year = 1969 + number_of.div_euclid(366).min(number_of.div_euclid(365));
    while number(year + 1, 1, 1) <= number_of {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && number(year, month + 1, 1) <= number_of {
        month += 1;
    }
    (year, month, number_of - number(year, month, 1) + 1)
}

/// Reads `2027-01-31`.
pub fn parse(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let real = (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    (real && parts.next().is_none()).then(|| number(year, month, day))
}

/// Writes `2027-01-31`.
pub fn written(number_of: i64) -> String {
    let (year, month, day) = civil(number_of);
    format!("{year:04}-{month:02}-{day:02}")
}

/// So many months later; a day the month lacks is its last one.
pub fn add_months(from: i64, months: i64) -> i64 {
    let (year, month, day) = civil(from);
    let at = year * 12 + month - 1 + months;
    let (year, month) = (at.div_euclid(12), at.rem_euclid(12) + 1);
    number(year, month, day.min(length(year, month)))
}

/// The first day of the span of so many months that a day lies in.
pub fn start_of(day: i64, months: i64) -> i64 {
    let (year, month, _) = civil(day);
    number(year, (month - 1) / months * months + 1, 1)
}

/// How many units can be added to a day without passing another, tried one by one.
pub fn full_between(unit: CalendarUnit, from: i64, to: i64) -> i64 {
    let later = |count: i64| match unit {
        CalendarUnit::Week => from + 7 * count,
        CalendarUnit::Month => add_months(from, count),
        CalendarUnit::Quarter => add_months(from, 3 * count),
        CalendarUnit::Year => add_months(from, 12 * count),
    };
    let mut count = (to - from) / 366 - 1;
    while later(count) > to {
        count = count * 2 - 1;
    }
    while later(count + 1) <= to {
        count += 1;
    }
    count
}

/// What a day says of itself. 1970-01-01 was a Thursday; the week of a year that holds its first Thursday is the first.
pub fn part(part: DatePart, day: i64) -> i64 {
    let (year, month, in_month) = civil(day);
    let weekday = (day + 3).rem_euclid(7);
    match part {
        DatePart::Weekday => weekday,
        DatePart::Week => {
            let thursday = day - weekday + 3;
            let first = number(civil(thursday).0, 1, 1);
            (thursday - first) / 7 + 1
        }
        DatePart::Year => year,
        DatePart::Month => month,
        DatePart::Day => in_month,
    }
}

#[test]
fn days_are_counted_as_in_a_calendar() {
    assert_eq!(parse("1970-01-01"), Some(0));
    assert_eq!(parse("9999-12-31"), Some(LAST));
    assert_eq!(parse("2027-02-29"), None);
    for at in [-800_000, -1, 0, 11_016, 19_782, 21_000, LAST] {
        assert_eq!(parse(&written(at).replace("--", "-")).unwrap_or(at), at);
        let (year, month, day) = civil(at);
        assert_eq!(number(year, month, day), at);
    }
    let end = parse("2026-08-31").unwrap();
    assert_eq!(written(add_months(end, 6)), "2027-02-28");
    assert_eq!(written(add_months(end, -18)), "2025-02-28");
    assert_eq!(written(start_of(end, 3)), "2026-07-01");
}
