//! Numbers and days one unit up and down.

use super::{Collector, Edit, Operator, one_line};
use crate::source::Span;
use crate::syntax::ast::Literal;
use polc_runtime::value::Date;

impl Collector<'_> {
    /// A literal: numbers and days have two neighbours, everything else none.
    pub(super) fn literal(&mut self, span: Span, literal: &Literal) {
        let written = self.clean(span);
        let (operator, start, part) = match literal {
            Literal::Bool(_) | Literal::None | Literal::Text(_) => return,
            Literal::Number(_) | Literal::Percent(_) => (Operator::Number, 0, number(written, 0)),
            Literal::Money(_) => (Operator::Number, 0, money(written, self.digits)),
            Literal::Date(_) => (Operator::Day, 0, day(written)),
            Literal::Days(_) | Literal::Months(_) => (Operator::Day, 0, number(written, 0)),
        };
        let Some((length, neighbours)) = part else {
            return;
        };
        for text in neighbours {
            if operator == Operator::Day && text.starts_with('-') {
                continue;
            }
            self.literal_change(operator, span, start, length, text);
        }
    }

    /// `to 2 places`: the number stands at the end of the span.
    pub(super) fn places(&mut self, span: Span) {
        let text = self.clean(span);
        let Some(at) = text.find(|letter: char| letter.is_ascii_digit()) else {
            return;
        };
        let Some((length, neighbours)) = number(text.get(at..).unwrap_or(""), 0) else {
            return;
        };
        for text in neighbours {
            if !text.starts_with('-') {
                self.literal_change(Operator::Number, span, at, length, text);
            }
        }
    }

    /// The edit is the number alone; people see the literal with its unit.
    fn literal_change(
        &mut self,
        operator: Operator,
        span: Span,
        start: usize,
        length: usize,
        text: String,
    ) {
        let whole = self.clean(span);
        let before = one_line(whole);
        let tail = whole.get(start + length..).unwrap_or("");
        let head = whole.get(..start).unwrap_or("");
        let after = one_line(&format!("{head}{text}{tail}"));
        let edit = Span {
            file: span.file,
            start: span.start + start as u32,
            end: span.start + (start + length) as u32,
        };
        self.change_as(operator, span, (before, after), Edit { span: edit, text });
    }
}

/// A decimal number as digits and how many of them stand behind the point.
#[derive(Clone, Copy)]
struct Digits {
    units: i128,
    scale: usize,
}

impl Digits {
    /// Reads the digits at the start of a text, and says how long they are.
    fn read(text: &str) -> Option<(usize, Digits)> {
        let inside = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '_');
        let length = text.find(|letter| !inside(letter)).unwrap_or(text.len());
        let plain = text.get(..length)?.replace('_', "");
        let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
        let units = format!("{whole}{part}").parse().ok()?;
        let scale = part.len();
        Some((length, Digits { units, scale }))
    }

    /// The same number with more digits behind the point.
    fn scaled(self, scale: usize) -> Option<Digits> {
        let more = u32::try_from(scale.checked_sub(self.scale)?).ok()?;
        let units = self.units.checked_mul(10_i128.checked_pow(more)?)?;
        Some(Digits { units, scale })
    }

    /// One unit of the last digit down and up.
    fn neighbours(self) -> [Digits; 2] {
        [-1, 1].map(|step| Digits {
            units: self.units + step,
            scale: self.scale,
        })
    }

    /// As it is written, with the sign and `sign` (`$`) in front.
    fn print(self, sign: &str) -> String {
        let minus = if self.units < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.units.abs(), width = self.scale + 1);
        let (whole, part) = digits.split_at(digits.len() - self.scale);
        if part.is_empty() {
            format!("{minus}{sign}{whole}")
        } else {
            format!("{minus}{sign}{whole}.{part}")
        }
    }
}

/// The length of a number at the start of a text, and its neighbours with at least `scale` digits behind the point.
fn number(text: &str, scale: usize) -> Option<(usize, Vec<String>)> {
    let (length, digits) = Digits::read(text)?;
    let digits = digits.scaled(scale.max(digits.scale))?;
    Some((
        length,
        digits.neighbours().map(|near| near.print("")).into(),
    ))
}

/// `$400K`: a coin less and a coin more, written out.
fn money(text: &str, coins: usize) -> Option<(usize, Vec<String>)> {
    let at = text.find(|letter: char| letter.is_ascii_digit())?;
    let (length, digits) = Digits::read(text.get(at..)?)?;
    let end = at + length;
    let (zeros, end) = match text.get(end..)?.chars().next() {
        Some('K') => (3, end + 1),
        Some('M') => (6, end + 1),
        _ => (0, end),
    };
    let moved = Digits {
        units: digits.units.checked_mul(10_i128.checked_pow(zeros)?)?,
        scale: digits.scale,
    };
    let exact = moved.scaled(coins.max(moved.scale))?;
    // `$0.5K` is written with a digit that `$500` no longer needs.
    let exact = exact.shortened(coins);
    let sign = text.get(..at)?;
    Some((end, exact.neighbours().map(|near| near.print(sign)).into()))
}

impl Digits {
    /// Without zeros at the end, but for the digits of a coin.
    fn shortened(mut self, coins: usize) -> Digits {
        while self.scale > coins && self.units % 10 == 0 {
            self.units /= 10;
            self.scale -= 1;
        }
        self
    }
}

/// The day before and the day after.
fn day(text: &str) -> Option<(usize, Vec<String>)> {
    let date = Date::parse(text)?;
    let near = [-1, 1].map(|step| date.checked_add_days(step));
    let words = near.into_iter().flatten().map(|date| date.to_string());
    Some((text.len(), words.collect()))
}
