//! `key: value`, as YAML writes everything.

use super::{Slip, Stuck, word};

/// The length of `- `, of `key:` or of both at the beginning of a line.
pub(in crate::syntax) fn pair(line: &str) -> Option<usize> {
    let rest = match line.strip_prefix('-') {
        Some(rest) if rest.starts_with(' ') => rest.trim_start(),
        Some(_) => return None,
        None => line,
    };
    let item = line.len() - rest.len();
    let key = word(rest);
    let colon = rest
        .get(key.len()..)
        .is_some_and(|after| after.starts_with(':'));
    let named = key.starts_with(|first: char| first.is_alphabetic());
    (named && colon).then_some(item + key.len() + 1)
}

/// A line of a body that is a pair, or an item of a list of pairs.
pub(super) fn in_a_body(stuck: &Stuck<'_>) -> Option<Slip> {
    let length = pair(stuck.words)?;
    if stuck.named && !stuck.words.starts_with('-') {
        return None;
    }
    let written = stuck.words.get(..length)?;
    let message =
        format!("`{written}` is not expected here: the lines of a declaration are no YAML");
    let mut slip = Slip::new(0..length, message, format!("the form is `{}`", stuck.form));
    slip.goes_on = true;
    Some(slip)
}

/// `|---|---|`, which tables of other notations have below their header.
pub(super) fn dashes(stuck: &Stuck<'_>) -> Option<Slip> {
    let line = stuck.words.trim_end();
    let only = line
        .chars()
        .all(|letter| matches!(letter, '|' | '-' | ':' | ' '));
    if !only || !line.starts_with('|') || !line.contains("--") {
        return None;
    }
    let message = "a line of dashes is not expected here: expected a row".to_owned();
    Some(Slip::new(0..line.len(), message, "remove the line").edit(0..line.len(), ""))
}
