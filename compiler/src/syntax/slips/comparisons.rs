//! Comparisons in words, and numbers with a comma.

use super::{Slip, Stuck};

/// `1,5`, where reading ended at the comma.
pub(super) fn decimal_comma(stuck: &Stuck<'_>) -> Option<Slip> {
    let (before, after) = (
        stuck.words.get(..stuck.at)?,
        stuck.words.get(stuck.at + 1..)?,
    );
    let digit = |letter: char| letter.is_ascii_digit();
    if stuck.found != "," || !before.ends_with(digit) || !after.starts_with(digit) {
        return None;
    }
    let from = before.trim_end_matches(digit).len();
    let decimals = after.find(|letter| !digit(letter)).unwrap_or(after.len());
    let place = from..stuck.at + 1 + decimals;
    let written = stuck.words.get(place.clone())?;
    let meant = written.replace(',', ".");
    let message = format!("`{written}` is no number: expected a point before its decimals");
    Some(Slip::new(place.clone(), message, format!("write `{meant}`")).edit(place, meant))
}

/// The word before a place.
fn before<'t>(stuck: &Stuck<'t>) -> &'t str {
    let before = stuck.words.get(..stuck.at).unwrap_or("");
    before.split_whitespace().next_back().unwrap_or("")
}

/// `n between 1 and 5` and `n in 1..5`.
pub(super) fn between(stuck: &Stuck<'_>) -> Option<Slip> {
    let (at, low, high) = match stuck.found {
        "between" => {
            let rest = stuck.words.get(stuck.at + "between".len()..)?;
            let (low, high) = rest.split_once(" and ")?;
            (
                stuck.at..stuck.at + "between".len(),
                low.trim(),
                super::operand(high),
            )
        }
        "." | ".." => {
            let line = stuck.words;
            let at = line.find(" in ")? + 1;
            let (low, high) = line.get(at + 3..)?.split_once("..")?;
            (at..at + 3 + low.len() + 2, low.trim(), super::operand(high))
        }
        _ => return None,
    };
    let what = stuck
        .words
        .get(..at.start)?
        .split_whitespace()
        .next_back()?;
    let high = high.split_whitespace().next()?.trim();
    let message = "a range is not expected here: expected a comparison".to_owned();
    let help = format!("write `{what} >= {low} and {what} <= {high}`");
    Some(Slip::new(at, message, help))
}

/// `is greater than`, `is less than`, `is not in`.
pub(super) fn in_words(stuck: &Stuck<'_>) -> Option<Slip> {
    let (words, sign): (&[&str], &str) = match (before(stuck), stuck.found) {
        ("greater" | "more" | "larger", "than") => (&["is greater", "is more", "is larger"], ">"),
        ("less" | "fewer" | "smaller", "than") => (&["is less", "is fewer", "is smaller"], "<"),
        ("not", "in") => (&["is not"], "not in"),
        ("is", "in") => (&["is"], "in"),
        ("equal", "to") => (&["is equal"], "="),
        _ => return None,
    };
    let line = stuck.words.get(..stuck.at)?.trim_end();
    let begun = words
        .iter()
        .find_map(|words| line.strip_suffix(words))?
        .len();
    let place = begun..stuck.at + stuck.found.len();
    let written = stuck.words.get(place.clone())?;
    let message = format!("`{written}` is not expected here: expected `{sign}`");
    Some(Slip::new(place.clone(), message, format!("write `{sign}`")).edit(place, sign))
}

/// `day before 2026-01-01`, where a comparison belongs.
pub(super) fn of_days(stuck: &Stuck<'_>) -> Option<Slip> {
    let sign = match stuck.found {
        "before" => "<",
        "after" => ">",
        _ => return None,
    };
    if stuck.value || !stuck.expected.contains("an operator") {
        return None;
    }
    let place = stuck.at..stuck.at + stuck.found.len();
    let help = format!("days are compared with signs: write `{sign}`");
    Some(Slip::new(place.clone(), stuck.unexpected(stuck.found), help).edit(place, sign))
}
