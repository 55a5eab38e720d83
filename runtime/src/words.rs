//! Values and outcomes in words, with the signs of their types: `$400,000`, `25%`, `30 days`.

mod phrases;

use crate::ir::{Program, Type, item_type, plain};
use crate::value::{Item, Number, Outcome, Presence, Value};
use std::borrow::Cow;
use std::fmt::Write;

/// Items of a list that are told one by one.
const ITEMS: usize = 12;

/// An outcome in words.
#[must_use]
pub fn outcome(program: &Program, ty: &Type, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Known(known) => value(program, ty, known),
        Outcome::Open(open) if open.facts.is_empty() && !open.judgements.is_empty() => {
            "needs a decision".to_owned()
        }
        Outcome::Open(_) => "unknown".to_owned(),
        Outcome::NotApplicable(because) => format!("not applicable ({because})"),
        Outcome::Error(because) => format!("error ({because})"),
    }
}

/// A value in words.
#[must_use]
pub fn value(program: &Program, ty: &Type, value: &Value) -> String {
    match value {
        Value::None => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(held) => number(program, plain(ty), *held),
        Value::Date(date) => date.to_string(),
        Value::Enum(at) => program
            .enum_of(plain(ty))
            .and_then(|item| item.values.get(*at as usize))
            .map_or_else(|| at.to_string(), |name| spoken(name)),
        Value::Text(text) => text.to_string(),
        Value::List(list) => {
            let item = item_type(ty);
            let records = matches!(plain(item), Type::Record(_));
            let shown = |one: &Item| {
                let words = outcome(program, item, &one.value);
                let words = if records { format!("({words})") } else { words };
                match one.presence {
                    Presence::Certain => words,
                    Presence::Open(_) | Presence::NotApplicable(_) | Presence::Error(_) => {
                        format!("perhaps {words}")
                    }
                }
            };
            match list.items.as_slice() {
                [] => "nothing".to_owned(),
                items => {
                    let mut told: Vec<String> = items.iter().take(ITEMS).map(shown).collect();
                    if items.len() > ITEMS {
                        told.push(format!("and {} more", items.len() - ITEMS));
                    }
                    told.join(", ")
                }
            }
        }
        Value::Record(parts) => record(program, plain(ty), parts),
    }
}

fn record(program: &Program, ty: &Type, parts: &[Outcome]) -> String {
    let Type::Record(id) = ty else {
        return String::new();
    };
    let Some(record) = program.records.get(*id as usize) else {
        return String::new();
    };
    let fields = record.fields.iter().zip(parts);
    let told = fields.filter(|(_, part)| **part != Outcome::Known(Value::None));
    let words: Vec<String> = told
        .map(|(field, part)| {
            format!(
                "{} {}",
                spoken(&field.name),
                outcome(program, &field.ty, part)
            )
        })
        .collect();
    words.join(", ")
}

/// Digits after the point that a currency always shows.
pub fn minor_digits(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A number with the sign of its type.
fn number(program: &Program, ty: &Type, number: Number) -> String {
    match ty {
        Type::Money => money(
            &number.render(minor_digits(&program.currency)),
            &program.currency,
        ),
        Type::Percent => format!("{}%", number.render(0)),
        Type::Days if number == Number::from_i64(1) => "1 day".to_owned(),
        Type::Days => format!("{} days", number.render(0)),
        Type::Months if number == Number::from_i64(1) => "1 month".to_owned(),
        Type::Months => format!("{} months", number.render(0)),
        Type::Bool
        | Type::Int
        | Type::Decimal
        | Type::Date
        | Type::Text
        | Type::Enum(_)
        | Type::Record(_)
        | Type::List(_)
        | Type::Set(_)
        | Type::Optional(_) => number.render(0),
    }
}

/// An amount with its sign: `400000.00` as `$400,000`; another currency keeps its code. What is no decimal stays.
#[must_use]
pub fn money(text: &str, currency: &str) -> String {
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text), |digits| ("-", digits));
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    if !whole.bytes().all(|digit| digit.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let places = if places.bytes().all(|digit| digit == b'0') {
        String::new()
    } else {
        format!(".{places}")
    };
    match currency {
        "USD" => format!("{sign}${grouped}{places}"),
        code => format!("{sign}{code} {grouped}{places}"),
    }
}

/// A name as it is spoken.
#[must_use]
pub fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

/// Whether a character steers what is shown instead of being shown: controls (line ends included), line and
/// paragraph separators, bidirectional marks, and marks without a width of their own.
#[must_use]
pub fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Text for a place within a line.
#[must_use]
pub fn within_line(text: &str) -> Cow<'_, str> {
    shown(text, steers)
}

/// Text with what is hidden written out.
#[must_use]
pub fn shown(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            _ if !hidden(letter) => out.push(letter),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => {
                // Writing into a string does not fail.
                let _ = write!(out, "\\u{{{:x}}}", letter as u32);
            }
        }
    }
    Cow::Owned(out)
}
