//! Ranges of facts and fields that do not include their ends, or are written with other signs.

use super::{Slip, Stuck};

/// `int > 0`, `int 0-10` and `int 0 to 10`, where reading ended at the sign.
pub(super) fn range(stuck: &Stuck<'_>) -> Option<Slip> {
    if !stuck.ranged {
        return None;
    }
    let before = stuck.words.get(..stuck.at)?;
    let rest = stuck.words.get(stuck.at..)?;
    let whole = before.split_whitespace().any(|word| word == "int");
    match rest.chars().next()? {
        sign @ ('>' | '<') if !rest.starts_with("<>") => Some(open(stuck, sign, rest, whole)),
        '-' | '–' | 't' => between(stuck, before, rest),
        _ => None,
    }
}

fn open(stuck: &Stuck<'_>, sign: char, rest: &str, whole: bool) -> Slip {
    let after = rest.get(1..).unwrap_or("");
    let bound = after.split_whitespace().next().unwrap_or("");
    let end = stuck.at + rest.len() - after.trim_start().len() + bound.len();
    let message = format!("`{sign}` is not expected here: a range includes its ends");
    let number = bound.parse::<i64>().ok().filter(|_| whole);
    let next = number.and_then(|number| match sign {
        '>' => number.checked_add(1).map(|next| format!(">= {next}")),
        _ => number.checked_sub(1).map(|next| format!("<= {next}")),
    });
    let only = !after
        .split_whitespace()
        .any(|word| matches!(word, "and" | "<" | ">" | "<=" | ">="));
    match next {
        Some(next) if only => {
            Slip::new(stuck.at..end, message, format!("write `{next}`")).edit(stuck.at..end, next)
        }
        // The smallest amount above nothing.
        _ if only && (sign, bound) == ('>', "0") && stuck.words.contains("money") => {
            Slip::new(stuck.at..end, message, "write `>= $0.01`")
        }
        _ => {
            let help = "write `>= LOW`, `<= HIGH` or `LOW..HIGH` with the first and the last value that is allowed";
            Slip::new(stuck.at..end, message, help)
        }
    }
}

fn between(stuck: &Stuck<'_>, before: &str, rest: &str) -> Option<Slip> {
    let low = before.split_whitespace().next_back()?;
    let sign = ["-", "–", "to "]
        .into_iter()
        .find(|sign| rest.starts_with(sign))?;
    let high = rest.get(sign.len()..)?.split_whitespace().next()?;
    let digit = |text: &str| {
        text.trim_start_matches('$')
            .starts_with(|first: char| first.is_ascii_digit())
    };
    if !digit(low) || !digit(high) {
        return None;
    }
    let from = before.trim_end().len() - low.len();
    let end = stuck.words.len() - rest.get(sign.len()..)?.trim_start().len() + high.len();
    let message = format!(
        "`{}` is not expected here: a range is written with `..`",
        sign.trim()
    );
    let written = format!("{low}..{high}");
    Some(Slip::new(from..end, message, format!("write `{written}`")).edit(from..end, written))
}

/// `int?` and `int optional`.
pub(super) fn optional(stuck: &Stuck<'_>) -> Option<Slip> {
    let before = stuck.words.get(..stuck.at)?;
    let (at, word) = match stuck.found {
        "?" => (stuck.at, "?"),
        "" if before.trim_end().ends_with(" optional") => {
            (before.trim_end().len() - "optional".len(), "optional")
        }
        _ => return None,
    };
    if !stuck.ranged {
        return None;
    }
    let message =
        format!("`{word}` is not expected here: expected `or none` or the end of the line");
    let help = "what may be none has a type that says so: `int or none`";
    Some(Slip::new(at..at + word.len(), message, help))
}

/// `fact x: bool = yes`.
pub(super) fn given(stuck: &Stuck<'_>) -> Option<Slip> {
    if !stuck.ranged || stuck.found != "=" {
        return None;
    }
    let message =
        "`=` is not expected here: a fact is supplied, not written in the program".to_owned();
    let value = super::operand(stuck.words.get(stuck.at + 1..)?)
        .trim()
        .replace('`', "");
    let help = format!(
        "remove it, or write `assume {value}` for what holds where the fact is absent; a constant is a `value`"
    );
    Some(Slip::new(stuck.at..stuck.at + 1, message, help))
}
