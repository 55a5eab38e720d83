//! Why facts cannot be evaluated, in words.

use super::terminal::within_line;
use polc_runtime::facts::FactFault;
use polc_runtime::value::Date;
use std::fmt::Write;

/// Why facts do not fit, each fault with what to do.
#[must_use]
pub fn text(faults: &[FactFault]) -> String {
    let mut text = String::new();
    for fault in faults {
        let _ = writeln!(
            text,
            "error P0901 bad-facts: {}\n  help: {}",
            within_line(&fault.to_string()),
            within_line(&fault.help)
        );
    }
    text.push_str("nothing was evaluated: the facts do not fit the program\n");
    text
}

/// The day of evaluation from the command line and the facts.
///
/// # Errors
/// When neither gives it, or both do and differ.
pub fn day(option: Option<Date>, facts: Option<Date>) -> Result<Date, String> {
    match (option, facts) {
        (Some(a), Some(b)) if a != b => Err(format!(
            "`--as-of` says {a}, but the facts say {b}; remove one of them"
        )),
        (Some(day), _) | (None, Some(day)) => Ok(day),
        (None, None) => Err(
            "there is no date: give `--as-of YYYY-MM-DD`, or `\"as_of\"` in the facts".to_owned(),
        ),
    }
}
