//! Values, and the outcomes they come in.

use super::day;
use super::number::Fraction;
use polc_runtime::ir::{Const, Program, Type};
use serde_json::Value as Json;
use std::cmp::Ordering;

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Known(Value),
    NotApplicable,
    Error,
    /// Facts or judgements are missing, or the documents leave it open what happens.
    Open,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    None,
    Bool(bool),
    Number(Fraction),
    Date(i64),
    Enum(u32),
    Text(String),
    List(Vec<Item>),
    Record(Vec<Outcome>),
}

/// An item of a list: whether it is there, and what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub there: There,
    pub value: Outcome,
}

/// Whether an item is in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum There {
    Certain,
    Error,
    Open,
}

impl Outcome {
    pub const YES: Outcome = Outcome::Known(Value::Bool(true));
    pub const NO: Outcome = Outcome::Known(Value::Bool(false));

    pub fn truth(yes: bool) -> Outcome {
        Outcome::Known(Value::Bool(yes))
    }

    pub fn number(number: Option<Fraction>) -> Outcome {
        number.map_or(Outcome::Error, |number| {
            Outcome::Known(Value::Number(number))
        })
    }

    pub fn list(values: impl IntoIterator<Item = Outcome>) -> Outcome {
        let items = values.into_iter().map(|value| Item {
            there: There::Certain,
            value,
        });
        Outcome::Known(Value::List(items.collect()))
    }

    /// What prevails of several where none of them is left out: open, not applicable, error, known.
    pub fn strictest(all: &[&Outcome]) -> Option<Outcome> {
        [Outcome::Open, Outcome::NotApplicable, Outcome::Error]
            .into_iter()
            .find(|one| all.contains(&one))
    }

    /// The outcome as a whole: that of a list or record is that of its parts.
    pub fn settled(&self) -> Outcome {
        let mut parts = Vec::new();
        match self {
            Outcome::Known(Value::Record(fields)) => {
                parts.extend(fields.iter().map(Outcome::settled));
            }
            Outcome::Known(Value::List(items)) => {
                for item in items {
                    parts.push(match item.there {
                        There::Certain => item.value.settled(),
                        There::Error => Outcome::Error,
                        There::Open => Outcome::Open,
                    });
                }
            }
            Outcome::Known(_) | Outcome::NotApplicable | Outcome::Error | Outcome::Open => {}
        }
        [Outcome::Open, Outcome::Error]
            .into_iter()
            .find(|one| parts.contains(one))
            .unwrap_or_else(|| self.clone())
    }
}

/// Whether two outcomes are equal: what is known to differ settles it.
pub fn equal(a: &Outcome, b: &Outcome, ty: &Type) -> Outcome {
    if let Some(prevails) = Outcome::strictest(&[a, b]) {
        return prevails;
    }
    let (Outcome::Known(a), Outcome::Known(b)) = (a, b) else {
        return Outcome::Open;
    };
    match (a, b, ty) {
        (a, b, Type::Optional(inner)) if *a != Value::None && *b != Value::None => equal(
            &Outcome::Known(a.clone()),
            &Outcome::Known(b.clone()),
            inner,
        ),
        (Value::List(a), Value::List(b), Type::Set(_)) => {
            let inside = |of: &[Item], all: &[Item]| {
                let tests = of.iter().map(|item| contains(all, &item.value));
                every(tests.collect())
            };
            every(vec![inside(a, b), inside(b, a)])
        }
        (Value::List(a), Value::List(b), _) => lists_equal(a, b),
        (Value::Record(a), Value::Record(b), _) => every(
            a.iter()
                .zip(b)
                .map(|(a, b)| equal(a, b, &Type::Bool))
                .collect(),
        ),
        (a, b, _) => Outcome::truth(a == b),
    }
}

fn lists_equal(a: &[Item], b: &[Item]) -> Outcome {
    let mut there = a.iter().chain(b).map(|item| item.there);
    if there.clone().any(|there| there == There::Open) {
        return Outcome::Open;
    }
    if there.any(|there| there == There::Error) {
        // which items are compared with which is not written down
        return Outcome::Open;
    }
    if a.len() != b.len() {
        return Outcome::NO;
    }
    let parts = a.iter().zip(b);
    every(
        parts
            .map(|(a, b)| equal(&a.value, &b.value, &Type::Bool))
            .collect(),
    )
}

/// No, open, not applicable, error, yes.
pub fn every(tests: Vec<Outcome>) -> Outcome {
    [
        Outcome::NO,
        Outcome::Open,
        Outcome::NotApplicable,
        Outcome::Error,
    ]
    .into_iter()
    .find(|one| tests.contains(one))
    .unwrap_or(Outcome::YES)
}

/// Whether a value is in a list: yes, open, not applicable, error, no.
pub fn contains(items: &[Item], value: &Outcome) -> Outcome {
    let mut tests = vec![Outcome::NO];
    for item in items {
        let same = equal(&item.value, value, &Type::Bool);
        tests.push(match (item.there, same) {
            (_, Outcome::Known(Value::Bool(false))) => Outcome::NO,
            (There::Certain, same) => same,
            (There::Open, _) | (There::Error, Outcome::Open) => Outcome::Open,
            // both an error and not applicable: not written down
            (There::Error, Outcome::NotApplicable) => Outcome::Open,
            (There::Error, Outcome::Known(_) | Outcome::Error) => Outcome::Error,
        });
    }
    [
        Outcome::YES,
        Outcome::Open,
        Outcome::NotApplicable,
        Outcome::Error,
    ]
    .into_iter()
    .find(|one| tests.contains(one))
    .unwrap_or(Outcome::NO)
}

/// The items of a set, by their values; as they are where these are not all known.
pub fn in_order(mut items: Vec<Item>) -> Vec<Item> {
    let known = |item: &Item| matches!(item.value, Outcome::Known(_));
    if items.iter().all(known) {
        items.sort_by(|a, b| match (&a.value, &b.value) {
            (Outcome::Known(a), Outcome::Known(b)) => order(a, b).unwrap_or(Ordering::Equal),
            _ => Ordering::Equal,
        });
    }
    items
}

/// The order of two values of one type; `None` where there is none.
pub fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.compare(*b),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Enum(a), Value::Enum(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// The value of a constant.
pub fn constant(of: &Const) -> Value {
    match of {
        Const::None => Value::None,
        Const::Bool(yes) => Value::Bool(*yes),
        Const::Number(number) => {
            Value::Number(Fraction::parse(&number.to_string()).expect("a number of the program"))
        }
        Const::Date(date) => {
            Value::Date(day::parse(&date.to_string()).expect("a date of the program"))
        }
        Const::Enum(at) => Value::Enum(*at),
        Const::Text(text) => Value::Text(text.clone()),
        Const::List(items) => {
            match Outcome::list(items.iter().map(|item| Outcome::Known(constant(item)))) {
                Outcome::Known(list) => list,
                Outcome::NotApplicable | Outcome::Error | Outcome::Open => Value::None,
            }
        }
    }
}

/// Reads a value of a type as facts and results write it; a part of a result may be an outcome of its own.
pub fn read(program: &Program, ty: &Type, json: &Json) -> Outcome {
    if let Some(status) = json.get("status").and_then(Json::as_str) {
        return match status {
            "known" => read(program, ty, &json["value"]),
            "not_applicable" => Outcome::NotApplicable,
            "error" | "broken" => Outcome::Error,
            _ => Outcome::Open,
        };
    }
    match (ty, json) {
        (Type::Optional(_), Json::Null) => return Outcome::Known(Value::None),
        (Type::Optional(inner), json) => return read(program, inner, json),
        _ => {}
    }
    let value = match ty {
        Type::Bool => json.as_bool().map(Value::Bool),
        Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
            let text = json
                .as_str()
                .map_or_else(|| json.to_string(), str::to_owned);
            Fraction::parse(&text).map(Value::Number)
        }
        Type::Date => json.as_str().and_then(day::parse).map(Value::Date),
        Type::Text => json.as_str().map(|text| Value::Text(text.to_owned())),
        Type::Enum(id) => {
            let values = &program.enums[*id as usize].values;
            let at = json
                .as_str()
                .and_then(|name| values.iter().position(|value| value == name));
            at.map(|at| Value::Enum(at as u32))
        }
        Type::List(inner) | Type::Set(inner) => json.as_array().map(|items| {
            let values = items.iter().map(|item| read(program, inner, item));
            match Outcome::list(values) {
                Outcome::Known(Value::List(items)) if matches!(ty, Type::Set(_)) => {
                    Value::List(in_order(items))
                }
                Outcome::Known(list) => list,
                Outcome::NotApplicable | Outcome::Error | Outcome::Open => Value::None,
            }
        }),
        Type::Record(id) => json.as_object().map(|object| {
            let fields = program.records[*id as usize].fields.iter().map(|field| {
                object
                    .get(&field.name)
                    .map_or(Outcome::Open, |json| read(program, &field.ty, json))
            });
            Value::Record(fields.collect())
        }),
        Type::Optional(_) => None,
    };
    Outcome::Known(value.unwrap_or_else(|| panic!("{json} is no {ty:?}")))
}
