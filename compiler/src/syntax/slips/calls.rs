//! Functions of spreadsheets and other languages: a name with parentheses behind it.

use super::{Slip, Stuck, begins, word};
use std::ops::Range;

/// A function called at this place.
pub(super) fn call(stuck: &Stuck<'_>, at: usize, rest: &str) -> Option<Slip> {
    if !begins(stuck.words, at) {
        return None;
    }
    let name = word(rest);
    let after = rest.get(name.len()..)?;
    let open = at + rest.len() - after.trim_start().len();
    if name.is_empty() || !after.trim_start().starts_with('(') {
        return None;
    }
    let (arguments, end) = arguments(stuck.words, rest, at, open - at)?;
    let (instead, certain) = meant(&name.to_ascii_lowercase(), &arguments)?;
    let whole: Range<usize> = at..end;
    let message = format!(
        "`{name}(…)` is not expected here: expected {}",
        stand_in(stuck)
    );
    let slip = Slip::new(
        whole.clone(),
        message,
        format!("write `{}`", instead.replace('`', "")),
    );
    Some(if certain {
        slip.edit(whole, instead)
    } else {
        slip
    })
}

fn stand_in<'t>(stuck: &'t Stuck<'_>) -> &'t str {
    if stuck.value && !stuck.expected.is_empty() {
        stuck.expected
    } else {
        "a value"
    }
}

/// The arguments as written, and where the parenthesis behind them ends.
fn arguments<'t>(
    words: &'t str,
    masked: &str,
    at: usize,
    open: usize,
) -> Option<(Vec<&'t str>, usize)> {
    let (mut depth, mut begun, mut parts) = (0usize, open + 1, Vec::new());
    for (place, letter) in masked.char_indices().skip_while(|(place, _)| *place < open) {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    parts.push(words.get(at + begun..at + place)?.trim());
                    if parts == [""] {
                        parts.clear();
                    }
                    return Some((parts, at + place + 1));
                }
            }
            ',' | ';' if depth == 1 => {
                parts.push(words.get(at + begun..at + place)?.trim());
                begun = place + 1;
            }
            _ => {}
        }
    }
    None
}

/// What is written instead, and whether that is certain.
fn meant(name: &str, arguments: &[&str]) -> Option<(String, bool)> {
    let list = || arguments.join(", ");
    let of = |words: &str| Some((format!("{words} of ({})", list()), true));
    match (name, arguments) {
        ("today" | "now" | "current_date" | "getdate" | "sysdate", []) => {
            Some(("as_of".to_owned(), true))
        }
        ("if" | "iff" | "iif", [condition, yes, no]) => {
            Some((format!("if {condition} then {yes} else {no}"), true))
        }
        ("if" | "iff" | "iif", [condition, yes]) => {
            Some((format!("if {condition} then {yes} else VALUE"), false))
        }
        ("round", [number, places]) => Some((
            format!("{number} rounded half up to {places} places"),
            false,
        )),
        ("round", [number]) => Some((format!("{number} rounded half up to 0 places"), false)),
        ("floor", [number]) => Some((format!("{number} rounded down to 0 places"), false)),
        ("ceil" | "ceiling", [number]) => Some((format!("{number} rounded up to 0 places"), false)),
        ("max" | "maximum", [_, _, ..]) => of("largest"),
        ("min" | "minimum", [_, _, ..]) => of("smallest"),
        ("max" | "maximum", [one]) => Some((format!("largest of {one}"), plain(one))),
        ("min" | "minimum", [one]) => Some((format!("smallest of {one}"), plain(one))),
        ("sum", [one]) => Some((format!("sum of {one}"), plain(one))),
        ("avg" | "average" | "mean", [one]) => Some((format!("average of {one}"), plain(one))),
        ("sum", [_, _, ..]) => Some((format!("sum of [{}]", list()), true)),
        ("avg" | "average" | "mean", [_, _, ..]) => {
            Some((format!("average of [{}]", list()), true))
        }
        ("count" | "len" | "length" | "size", [one]) => {
            Some((format!("count of {one}"), plain(one)))
        }
        ("and", [_, _, ..]) => Some((format!("all of ({})", list()), true)),
        ("or", [_, _, ..]) => Some((format!("any of ({})", list()), true)),
        ("coalesce" | "ifnull" | "nvl" | "isnull", [first, second]) => {
            Some((format!("({first} or else {second})"), true))
        }
        ("date", [year, month, day]) => {
            let number = |text: &str| text.parse::<u16>().ok();
            let (year, month, day) = (number(year)?, number(month)?, number(day)?);
            Some((format!("{year:04}-{month:02}-{day:02}"), true))
        }
        _ => None,
    }
}

fn plain(argument: &str) -> bool {
    !argument.is_empty()
        && argument
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '`'))
}
