//! Cases with the condition first, or with the words of other languages.

use super::{Slip, Stuck, word};

/// `when C then V`, `if C then V`, `V if C`, `V else`, `else V`, `otherwise V`.
pub(super) fn case(stuck: &Stuck<'_>) -> Option<Slip> {
    if !stuck.case {
        return None;
    }
    let first = word(stuck.words);
    let rest = stuck.words.get(first.len()..)?.trim();
    let (at, written, meant) = match (first, stuck.found) {
        ("when" | "if", _) => {
            let (condition, value) = rest.split_once(" then ")?;
            if value.split_whitespace().any(|word| word == "else") {
                return None;
            }
            let meant = format!("{} when {}", value.trim(), condition.trim());
            (0..first.len(), first, meant)
        }
        ("else" | "otherwise" | "default", _) if !rest.is_empty() => {
            let value = rest.trim_start_matches([':', '=']).trim_start();
            (0..first.len(), first, format!("{value} otherwise"))
        }
        (_, found @ ("if" | "else")) => {
            let before = stuck.words.get(..stuck.at)?.trim();
            let after = stuck.words.get(stuck.at + found.len()..)?.trim();
            let meant = match found {
                "if" => format!("{before} when {after}"),
                _ => format!("{before} otherwise"),
            };
            (stuck.at..stuck.at + found.len(), found, meant)
        }
        _ => return None,
    };
    let message =
        format!("`{written}` is not expected here: expected a value, then `when` or `otherwise`");
    let mut slip = Slip::new(at, message, format!("write `{}`", meant.replace('`', "")));
    slip.goes_on = true;
    Some(slip)
}
