//! Text that reaches a terminal. Ids, labels, clauses and facts were written by others: a character that
//! steers the terminal, breaks the line or turns the reading direction is shown, never obeyed, so that no text
//! can pass for a line of the answer.

use std::borrow::Cow;
use std::fmt::Write;

pub use polc_runtime::words::{steers, within_line};

/// Text of several lines whose parts are safe already; the last guard before the terminal.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    polc_runtime::words::shown(text, |letter| {
        steers(letter) && !matches!(letter, '\n' | '\t')
    })
}

/// JSON already serialised: what steers can only stand within its strings, where an escape means the same.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    let hidden = |letter: char| steers(letter) && letter != '\n';
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if !hidden(letter) {
            out.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // Writing into a string does not fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    Cow::Owned(out)
}

/// Source text beside which a finding is printed: every byte keeps its place, so that labels still point at it.
#[must_use]
pub fn source(text: &str) -> Cow<'_, str> {
    let hidden = |letter: char| steers(letter) && !matches!(letter, '\n' | '\t');
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let stand_in = |letter: char| match (letter, letter.len_utf8()) {
        ('\r', _) => ' ',
        (_, 1) => '?',
        (_, 2) => '¿',
        (_, 3) => '\u{fffd}',
        _ => '\u{1f6ab}',
    };
    let whole = text.chars().map(|letter| match letter {
        letter if hidden(letter) => stand_in(letter),
        letter => letter,
    });
    Cow::Owned(whole.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_shown_and_the_rest_is_left_alone() {
        assert_eq!(within_line("Zoë — 5 % ✓"), "Zoë — 5 % ✓");
        assert_eq!(
            within_line("a\u{1b}[2J\n\u{202e}b"),
            "a\\u{1b}[2J\\n\\u{202e}b"
        );
        assert_eq!(lines("a\n\u{9b}b"), "a\n\\u{9b}b");
        for letter in (0..=0x0010_ffff)
            .filter_map(char::from_u32)
            .filter(|c| steers(*c))
        {
            let text = format!("a{letter}b");
            assert!(!within_line(&text).chars().any(steers), "{letter:?}");
            assert_eq!(source(&text).len(), text.len(), "{letter:?}");
            assert!(!source(&text).contains(letter) || matches!(letter, '\n' | '\t'));
            let written = serde_json::to_string(&text).unwrap_or_default();
            let escaped = json(&written);
            assert!(!escaped.chars().any(steers), "{letter:?}");
            assert_eq!(serde_json::from_str::<String>(&escaped).ok(), Some(text));
        }
    }
}
