//! Patterns of numbers written in strings, with their range where digits can say it.

use crate::ir::Range;
use crate::value::Number;

/// A fraction of whole numbers, such as `43/9`.
const FRACTION: &str = "-?[0-9]+/0*[1-9][0-9]*";

/// How a type writes its numbers in strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `5`, `5.0`
    Whole,
    /// `5`, `0.5`, `43/9`
    Exact,
}

/// The pattern of the strings that are numbers of a form within a range.
pub(super) fn pattern(form: Form, range: Option<&Range>) -> String {
    let (low, high) = range.map_or((None, None), |range| (range.low, range.high));
    let mut ways = decimals(form, low, high).unwrap_or_else(|| match form {
        Form::Whole => vec!["-?[0-9]+([.]0+)?".to_owned()],
        Form::Exact => vec!["-?[0-9]+([.][0-9]+)?".to_owned()],
    });
    if form == Form::Exact {
        let from_zero = low.is_some_and(|low| low >= Number::ZERO);
        ways.push(if from_zero {
            FRACTION.replace("-?", "")
        } else {
            FRACTION.to_owned()
        });
    }
    format!("^({})$", ways.join("|"))
}

/// The decimals from one bound to the other; nothing where the bounds are negative or not whole.
fn decimals(form: Form, low: Option<Number>, high: Option<Number>) -> Option<Vec<String>> {
    let places = match form {
        Form::Whole => "([.]0+)?",
        Form::Exact => "([.][0-9]+)?",
    };
    let bound = |number: Number| number.to_i64().and_then(|bound| u64::try_from(bound).ok());
    let from = bound(low?)?;
    let mut ways = Vec::new();
    if from == 0 {
        ways.push("-0+([.]0+)?".to_owned());
    }
    match high {
        None => {
            let digits = from.to_string().len();
            let last = 10_u64
                .checked_pow(u32::try_from(digits).ok()?)?
                .checked_sub(1)?;
            let mut whole = between(from, last);
            whole.push(format!("[1-9][0-9]{{{digits},}}"));
            ways.push(format!("0*({}){places}", whole.join("|")));
        }
        Some(high) => {
            let to = bound(high)?;
            if from < to {
                ways.push(format!("0*({}){places}", between(from, to - 1).join("|")));
            }
            ways.push(format!("0*{to}([.]0+)?"));
        }
    }
    Some(ways)
}

/// Patterns of the whole numbers from one to another, each of one length.
fn between(from: u64, to: u64) -> Vec<String> {
    let mut found = Vec::new();
    let mut low = from;
    while low <= to {
        // The longest run of free digits at the end that stays inside.
        let mut free = 0_u32;
        while let Some(step) = 10_u64.checked_pow(free + 1)
            && low != 0
            && low.is_multiple_of(step)
            && low.checked_add(step - 1).is_some_and(|end| end <= to)
        {
            free += 1;
        }
        let step = 10_u64.pow(free);
        // Of the digit before them, as many values as fit.
        let digit = low / step % 10;
        let more = (9 - digit).min((to - low + 1) / step - 1);
        let head = low / step / 10;
        let head = if head == 0 {
            String::new()
        } else {
            head.to_string()
        };
        let class = match more {
            0 => digit.to_string(),
            _ => format!("[{digit}-{}]", digit + more),
        };
        let tail = match free {
            0 => String::new(),
            _ => format!("[0-9]{{{free}}}"),
        };
        found.push(format!("{head}{class}{tail}"));
        let Some(next) = low.checked_add(step * (more + 1)) else {
            break;
        };
        low = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a pattern of `between` has a number: heads, one class of digits and free ones.
    fn has(pattern: &str, number: u64) -> bool {
        let mut digits = number.to_string().chars().collect::<Vec<_>>().into_iter();
        let mut rest = pattern;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("[0-9]{") {
                let (count, after) = after.split_once('}').unwrap();
                for _ in 0..count.parse::<u32>().unwrap() {
                    if digits.next().is_none() {
                        return false;
                    }
                }
                rest = after;
            } else if let Some(after) = rest.strip_prefix('[') {
                let (class, after) = after.split_once(']').unwrap();
                let (a, b) = class.split_once('-').unwrap();
                let digit = digits.next().map(String::from).unwrap_or_default();
                if !(a..=b).contains(&digit.as_str()) {
                    return false;
                }
                rest = after;
            } else {
                if digits.next() != rest.chars().next() {
                    return false;
                }
                rest = &rest[1..];
            }
        }
        digits.next().is_none()
    }

    #[test]
    fn numbers_from_one_to_another_and_no_others() {
        for (from, to) in [
            (0, 0),
            (0, 4),
            (0, 10),
            (1, 5),
            (1, 9),
            (7, 123),
            (10, 99),
            (95, 1005),
            (0, 99),
            (100, 999),
            (18, 18),
        ] {
            let patterns = between(from, to);
            for number in 0..1200 {
                let found = patterns
                    .iter()
                    .filter(|pattern| has(pattern, number))
                    .count();
                let wanted = usize::from((from..=to).contains(&number));
                assert_eq!(found, wanted, "{number} in {from}..{to}: {patterns:?}");
            }
        }
    }
}
