//! Words: rounding without a mode, key words in capital letters or used as names.

use super::{Slip, Stuck, begins};

/// `rounded to 2 places`.
pub(super) fn rounding(stuck: &Stuck<'_>, at: usize, rest: &str) -> Option<Slip> {
    let after = rest.strip_prefix("rounded")?;
    let what = after.trim_start();
    let bare = what.starts_with("to ") && after.len() > what.len() && begins(stuck.words, at);
    if !bare {
        return None;
    }
    let end = at + rest.len() - what.len() + "to".len();
    let message = "`rounded to` does not say how: expected `rounded half up`, `rounded half even`, `rounded up` or `rounded down`";
    let tail = super::operand(what).replace('`', "");
    let help = format!("write for example `rounded half up {tail}`");
    Some(Slip::new(at..end, message.to_owned(), help))
}

/// Words that are written small.
const SMALL: &[&str] = &[
    "yes",
    "no",
    "none",
    "applicable",
    "one",
    "of",
    "each",
    "for",
    "given",
    "expect",
];

/// `AND`, where reading ended at it.
pub(super) fn capitals(stuck: &Stuck<'_>) -> Option<Slip> {
    let small = stuck.found.to_lowercase();
    let known = polc_grammar::RESERVED.contains(&small.as_str()) || SMALL.contains(&small.as_str());
    if small == stuck.found || !known {
        return None;
    }
    let place = stuck.at..stuck.at + stuck.found.len();
    let message = stuck.unexpected(stuck.found);
    Some(
        Slip::new(
            place.clone(),
            message,
            format!("write `{small}`: key words are small"),
        )
        .edit(place, small),
    )
}

/// A key word where a value or a name belongs.
pub(super) fn key_word(stuck: &Stuck<'_>) -> Option<Slip> {
    let word = stuck.found;
    if !stuck.value || !polc_grammar::RESERVED.contains(&word) {
        return None;
    }
    let place = stuck.at..stuck.at + word.len();
    let declared = stuck.file.lines().any(|line| {
        let mut words = line.split_whitespace();
        words
            .next()
            .is_some_and(|first| polc_grammar::keyword(first).is_some())
            && words.next().map(|name| name.trim_end_matches(':')) == Some(word)
    });
    if !declared {
        let help = format!(
            "write the value that is missing before `{word}`; a name that is a key word stands in backticks"
        );
        return Some(Slip::new(place, stuck.unexpected(word), help));
    }
    let message = format!("`{word}` is a key word: as a name it stands in backticks");
    let quoted = format!("`{word}`");
    Some(
        Slip::new(
            place.clone(),
            message,
            format!("write {quoted} with the backticks"),
        )
        .edit(place, quoted),
    )
}
