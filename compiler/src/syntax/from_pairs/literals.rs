//! Literals: digits are kept as text, only joined and multiplied out.

use polc_grammar::Rule;

use super::super::ast::Literal;
use super::{Builder, P};
use crate::diagnostics::Code;

/// Digits a number may have.
const MAX_DIGITS: usize = 28;

impl<'t> Builder<'t, '_> {
    pub(super) fn literal(&mut self, pair: &P<'t>) -> Option<Literal> {
        let words = pair.as_str();
        Some(match pair.as_rule() {
            Rule::text => Literal::Text(Self::text(pair)),
            Rule::boolean => Literal::Bool(words == "yes"),
            Rule::nothing => Literal::None,
            Rule::number => Literal::Number(self.digits(pair, words)?),
            Rule::percent => Literal::Percent(self.digits(pair, words.trim_end_matches('%'))?),
            Rule::money => {
                let (currency, rest) = match words.strip_prefix('$') {
                    Some(rest) => ("$".to_owned(), rest),
                    None => (format!("{} ", words.get(..3)?), words.get(3..)?),
                };
                let (amount, zeros) = match rest.strip_suffix('K') {
                    Some(amount) => (amount, 3),
                    None => rest
                        .strip_suffix('M')
                        .map_or((rest, 0), |amount| (amount, 6)),
                };
                let digits = multiplied(amount.trim(), zeros);
                Literal::Money(format!("{currency}{}", self.digits(pair, &digits)?))
            }
            Rule::date => {
                let part = |from: usize, to: usize| {
                    words
                        .get(from..to)
                        .and_then(|part| part.parse::<u32>().ok())
                };
                let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
                if year == 0 || day == 0 || day > days_in(year, month) {
                    let help = if (1..=12).contains(&month) && day > 0 && year > 0 {
                        format!(
                            "the last day of that month is {}-{:02}",
                            words.get(..7)?,
                            days_in(year, month)
                        )
                    } else {
                        "a date is written year-month-day, as in `2026-10-15`".to_owned()
                    };
                    let place = self.span(pair);
                    self.error(
                        Code::NoSuchDate,
                        place,
                        format!("there is no day `{words}`"),
                        help,
                    );
                }
                Literal::Date(words.to_owned())
            }
            Rule::duration => {
                let mut inner = words.split_whitespace();
                let digits = self.digits(pair, inner.next()?)?;
                let (factor, calendar) = match inner.next()?.trim_end_matches('s') {
                    "day" => (1, false),
                    "week" => (7, false),
                    "month" => (1, true),
                    _ => (12, true),
                };
                let Some(amount) = digits
                    .parse::<u32>()
                    .ok()
                    .and_then(|amount| amount.checked_mul(factor))
                else {
                    let place = self.span(pair);
                    self.error(
                        Code::NumberTooLong,
                        place,
                        format!("`{words}` is longer than any calendar"),
                        "write a shorter period",
                    );
                    return None;
                };
                if calendar {
                    Literal::Months(amount)
                } else {
                    Literal::Days(amount)
                }
            }
            _ => return None,
        })
    }

    fn digits(&mut self, pair: &P<'t>, written: &str) -> Option<String> {
        let digits: String = written
            .chars()
            .filter(|letter| letter.is_ascii_digit() || *letter == '.')
            .collect();
        let significant = digits
            .trim_start_matches('0')
            .chars()
            .filter(char::is_ascii_digit)
            .count();
        if significant > MAX_DIGITS {
            let place = self.span(pair);
            self.error(
                Code::NumberTooLong,
                place,
                format!("this number has {significant} digits"),
                format!("numbers have at most {MAX_DIGITS} digits"),
            );
            return None;
        }
        Some(digits)
    }
}

/// The digits with the point moved to the right.
fn multiplied(written: &str, zeros: usize) -> String {
    if zeros == 0 {
        return written.to_owned();
    }
    let plain = written.replace('_', "");
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let moved = part.len().min(zeros);
    let (front, back) = part.split_at(moved);
    let joined = format!("{whole}{front}{}", "0".repeat(zeros - moved));
    let trimmed = joined.trim_start_matches('0');
    let whole = if trimmed.is_empty() { "0" } else { trimmed };
    if back.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{back}")
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}
