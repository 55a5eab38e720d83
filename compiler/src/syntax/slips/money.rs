//! Amounts with the sign of another currency, or with the code behind them.

use super::{Slip, Stuck, begins};

/// Signs of currencies that no amount is written with, and their codes.
const SIGNS: &[(char, &str)] = &[
    ('€', "EUR"),
    ('£', "GBP"),
    ('¥', "JPY"),
    ('₹', "INR"),
    ('₩', "KRW"),
    ('₽', "RUB"),
];

/// How many bytes of a text are a number as amounts have it.
fn number(text: &str) -> usize {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '_'));
    let length = end.unwrap_or(text.len());
    let unit = text.get(length..).and_then(|rest| rest.chars().next());
    let letter = |at| text.get(at..).and_then(|rest: &str| rest.chars().next());
    let unit = length > 0
        && matches!(unit, Some('K' | 'M'))
        && letter(length + 1).is_none_or(|next: char| !next.is_alphanumeric());
    length + usize::from(unit)
}

fn declares(stuck: &Stuck<'_>, code: &str) -> bool {
    let mut lines = stuck.file.lines().map(str::split_whitespace);
    lines.any(|mut words| words.next() == Some("currency") && words.next() == Some(code))
}

fn amount(stuck: &Stuck<'_>, place: std::ops::Range<usize>, code: &str, number: &str) -> Slip {
    let written = stuck.words.get(place.clone()).unwrap_or("").trim();
    let message =
        format!("`{written}` is no amount: the code of the currency stands before the number");
    let right = format!("{code} {number}");
    if declares(stuck, code) {
        return Slip::new(place.clone(), message, format!("write `{right}`")).edit(place, right);
    }
    let help = format!(
        "write `{right}`, and `currency {code}` below `program`; an amount of the currency declared is written `${number}`"
    );
    Slip::new(place, message, help)
}

/// `€150`, `150 €` and `150€`.
pub(super) fn sign(stuck: &Stuck<'_>, at: usize, rest: &str) -> Option<Slip> {
    let first = rest.chars().next()?;
    let code = |sign: char| {
        SIGNS
            .iter()
            .find(|(known, _)| *known == sign)
            .map(|(_, code)| *code)
    };
    if let Some(code) = code(first) {
        let after = rest.get(first.len_utf8()..)?;
        let spaces = after.len() - after.trim_start().len();
        let length = number(after.trim_start());
        let digits = after.trim_start().get(..length)?;
        let digits = if digits.is_empty() { "150" } else { digits };
        let end = if length == 0 { 0 } else { spaces + length };
        return Some(amount(stuck, at..at + first.len_utf8() + end, code, digits));
    }
    if !begins(stuck.words, at) || !first.is_ascii_digit() {
        return None;
    }
    let digits = rest.get(..number(rest))?;
    let after = rest.get(digits.len()..)?;
    let spaces = after.len() - after.trim_start().len();
    let sign = after.trim_start().chars().next()?;
    let code = code(sign)?;
    Some(amount(
        stuck,
        at..at + digits.len() + spaces + sign.len_utf8(),
        code,
        digits,
    ))
}

/// `150 USD`, where reading ended at the code.
pub(super) fn code_behind(stuck: &Stuck<'_>) -> Option<Slip> {
    let code = stuck.found;
    if code.len() != 3 || !code.chars().all(|letter| letter.is_ascii_uppercase()) {
        return None;
    }
    let before = stuck.words.get(..stuck.at)?.trim_end();
    let from = before
        .rfind(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '_' | 'K' | 'M'))
        .map_or(0, |at| {
            at + before
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8)
        });
    let digits = before.get(from..)?;
    let begun = digits.starts_with(|first: char| first.is_ascii_digit());
    begun.then(|| amount(stuck, from..stuck.at + code.len(), code, digits))
}

/// `$10 k`, where reading ended at the letter.
pub(super) fn apart(stuck: &Stuck<'_>) -> Option<Slip> {
    let unit = stuck.found.to_ascii_uppercase();
    if !matches!(unit.as_str(), "K" | "M") {
        return None;
    }
    let before = stuck.words.get(..stuck.at)?.trim_end();
    let digits = before
        .trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '_'));
    let number = before.get(digits.len()..)?;
    if number.is_empty() || !digits.ends_with('$') {
        return None;
    }
    let place = digits.len() - 1..stuck.at + stuck.found.len();
    let meant = format!("${number}{unit}");
    let message = stuck.unexpected(stuck.found);
    Some(Slip::new(place.clone(), message, format!("write `{meant}`")).edit(place, meant))
}
