//! What is said of facts that do not fit.

use super::FactFault;
use super::json::{Json, plain};
use crate::ir::{self, Type};

/// What a date is, for people.
pub(super) const DATE: &str = "a date (\"YYYY-MM-DD\")";

/// A fault of the text as a whole.
pub(super) fn whole(found: String, expected: &str, help: &str) -> Vec<FactFault> {
    vec![FactFault {
        path: String::new(),
        found,
        expected: expected.to_owned(),
        help: help.to_owned(),
    }]
}

/// The line and column where some text ends.
pub(super) fn place(before: &str) -> String {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    format!("line {line}, column {column}")
}

pub(super) fn describe(program: &ir::Program, ty: &Type) -> String {
    match ty {
        Type::Bool => "true or false".to_owned(),
        Type::Int => "a whole number".to_owned(),
        Type::Days => "a number of days".to_owned(),
        Type::Months => "a number of months".to_owned(),
        Type::Decimal => "a number".to_owned(),
        Type::Percent => "a percentage (the number before the sign)".to_owned(),
        Type::Money => format!("an amount of {}", program.currency),
        Type::Date => DATE.to_owned(),
        Type::Text => "a text".to_owned(),
        Type::Enum(id) => program
            .enums
            .get(*id as usize)
            .map_or_else(String::new, |item| {
                format!("one of {}", item.values.join(", "))
            }),
        Type::Record(id) => program
            .records
            .get(*id as usize)
            .map_or_else(String::new, |record| {
                let names: Vec<&str> = record
                    .fields
                    .iter()
                    .map(|field| field.name.as_str())
                    .collect();
                format!("an object with {}", names.join(", "))
            }),
        Type::List(inner) | Type::Set(inner) => {
            format!("a list, each item {}", describe(program, inner))
        }
        Type::Optional(inner) => format!("{}, or null for none", describe(program, inner)),
    }
}

/// How to write a date: in the right form, or on a day there is.
pub(super) fn date_help(value: &Json) -> &'static str {
    let form = |text: &str| {
        text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    match value {
        Json::Text(text) if form(text) => "there is no such day; correct it",
        Json::Null
        | Json::Bool(_)
        | Json::Number(_)
        | Json::Text(_)
        | Json::List(_)
        | Json::Object(_) => "write it as \"YYYY-MM-DD\"",
    }
}

pub(super) fn show(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(text) => plain(text),
        Json::Text(text) => format!("\"{}\"", plain(text)),
        Json::List(items) => match items.len() {
            1 => "a list of 1 item".to_owned(),
            length => format!("a list of {length} items"),
        },
        Json::Object(_) => "an object".to_owned(),
    }
}

pub(super) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let limit = word.chars().count() / 3 + 1;
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
