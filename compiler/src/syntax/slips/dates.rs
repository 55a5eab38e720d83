//! Dates that are not written year first.

use super::{Slip, Stuck, begins};

/// Three numbers with a sign between them, as the first is where a word may begin and the last ends one.
fn three(text: &str, at: usize, rest: &str, sign: char) -> Option<([u32; 3], [usize; 3], usize)> {
    if !begins(text, at) || !rest.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let (mut numbers, mut lengths, mut end) = ([0; 3], [0; 3], 0);
    for (index, (number, length)) in numbers.iter_mut().zip(&mut lengths).enumerate() {
        if index > 0 {
            end += rest
                .get(end..)?
                .strip_prefix(sign)
                .map(|_| sign.len_utf8())?;
        }
        let digits = rest.get(end..)?;
        *length = digits
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(digits.len());
        *number = digits.get(..*length)?.parse().ok()?;
        end += *length;
    }
    let after = rest.get(end..)?.chars().next();
    let ended =
        after.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_' && letter != sign);
    ended.then_some((numbers, lengths, end))
}

fn slip(at: usize, end: usize, written: &str, dates: &[String]) -> Slip {
    let message =
        format!("`{written}` is no date: a date is written with its year first, YYYY-MM-DD");
    let place = at..at + end;
    match dates {
        [] => Slip::new(
            place,
            message,
            "there is no such day; write a date such as `2026-12-31`",
        ),
        [date] => Slip::new(place.clone(), message, format!("write `{date}`")).edit(place, date),
        [first, second, ..] => Slip::new(
            place,
            message,
            format!("write `{first}` or `{second}`, whichever is meant"),
        ),
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last)
        .contains(&day)
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// `31.12.2026` and `2026.12.31`.
pub(super) fn with_points(stuck: &Stuck<'_>, at: usize, rest: &str) -> Option<Slip> {
    let (numbers, lengths, end) = three(stuck.words, at, rest, '.')?;
    let found = match (numbers, lengths) {
        ([day, month, year], [1..=2, 1..=2, 4]) => date(year, month, day),
        ([year, month, day], [4, 1..=2, 1..=2]) => date(year, month, day),
        _ => return None,
    };
    let found: Vec<String> = found.into_iter().collect();
    Some(slip(at, end, rest.get(..end)?, &found))
}

/// `12/31/2026`, `31/12/2026` and `2026/12/31`, which would read as quotients.
pub(in crate::syntax) fn with_slashes(words: &str) -> Option<Slip> {
    if !words.contains('/') {
        return None;
    }
    let masked = super::masked(words);
    masked.char_indices().find_map(|(at, _)| {
        let rest = masked.get(at..)?;
        let (numbers, lengths, end) = three(&masked, at, rest, '/')?;
        let mut found: Vec<String> = match (numbers, lengths) {
            ([first, second, year], [1..=2, 1..=2, 4]) => {
                let month_first = date(year, first, second);
                month_first
                    .into_iter()
                    .chain(date(year, second, first))
                    .collect()
            }
            ([year, month, day], [4, 1..=2, 1..=2]) => date(year, month, day).into_iter().collect(),
            _ => return None,
        };
        found.dedup();
        Some(slip(at, end, rest.get(..end)?, &found))
    })
}
