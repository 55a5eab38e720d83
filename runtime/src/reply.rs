//! Outcomes as results tell them: values by their names, and what goes with each status.

use crate::facts::leaf_text;
use crate::ir::{self, FactKind, Type, item_type, plain};
use crate::value::algebra::{
    error_inside, join_deep, nothing_missing, open_inside, row_not_applicable,
};
use crate::value::{Date, Item, Leaf, List, Number, Open, Outcome, Presence, Value};
use crate::words::minor_digits;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// An outcome as a result tells it.
///
/// A list or record is known when every part is known or not applicable. With an open part it is open, else with an
/// error an error; what is known of its parts is told all the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Reply {
    /// A value.
    Known {
        /// It.
        value: Datum,
    },
    /// Facts are missing.
    Unknown {
        /// Their paths in the facts, in declaration order.
        needs: Vec<String>,
        /// What else is known.
        #[serde(flatten)]
        so_far: SoFar,
    },
    /// Only judgements are missing.
    NeedsDecision {
        /// Which, and what else is known.
        #[serde(flatten)]
        so_far: SoFar,
    },
    /// Out of scope.
    NotApplicable {
        /// Why.
        because: String,
    },
    /// No answer can be given.
    Error {
        /// Why.
        because: String,
        /// What is known of a list or record all the same.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Datum>,
    },
}

/// What is known of an open answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SoFar {
    /// The judgements that are not recorded.
    pub judgements: Vec<Option<Asked>>,
    /// Why no fact would settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Items of a list that are certainly there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certain: Option<Vec<Datum>>,
    /// Items that may be there besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possible: Option<Vec<Datum>>,
    /// The parts of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Datum>,
    /// How low a value of a scale, a number or a day may be; none where it may be none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Datum>,
    /// How high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Datum>,
}

/// What only a person may decide.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asked {
    /// Its path in the facts.
    pub judgement: String,
    /// Who decides.
    pub by: String,
    /// The values that may be recorded; empty where they cannot be listed.
    pub permitted: Vec<Datum>,
}

/// A value in a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// Known to be none.
    None,
    /// Yes or no.
    Bool(bool),
    /// A whole number, or a number of days or months.
    Whole(i64),
    /// Any other number with its digits, a day, a text, or a value of an enumeration by its name.
    Text(String),
    /// A list or set.
    List(Vec<Datum>),
    /// A record, field by field.
    Record(IndexMap<String, Datum>),
    /// A part of a list or record that is not a known value.
    Part(Box<Reply>),
}

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Datum::None => serializer.serialize_none(),
            Datum::Bool(value) => serializer.serialize_bool(*value),
            Datum::Whole(value) => serializer.serialize_i64(*value),
            Datum::Text(text) => serializer.serialize_str(text),
            Datum::List(items) => items.serialize(serializer),
            Datum::Record(fields) => fields.serialize(serializer),
            Datum::Part(reply) => reply.serialize(serializer),
        }
    }
}

impl Reply {
    /// The value, as far as there is one.
    #[must_use]
    pub fn value(&self) -> Option<&Datum> {
        match self {
            Reply::Known { value } => Some(value),
            Reply::Unknown { so_far, .. } | Reply::NeedsDecision { so_far } => {
                so_far.value.as_ref()
            }
            Reply::NotApplicable { .. } => None,
            Reply::Error { value, .. } => value.as_ref(),
        }
    }

    /// The facts that are missing.
    #[must_use]
    pub fn needs(&self) -> &[String] {
        match self {
            Reply::Unknown { needs, .. } => needs,
            Reply::Known { .. }
            | Reply::NeedsDecision { .. }
            | Reply::NotApplicable { .. }
            | Reply::Error { .. } => &[],
        }
    }

    /// What is known of an open answer; none where it is not open.
    #[must_use]
    pub fn so_far(&self) -> Option<&SoFar> {
        match self {
            Reply::Unknown { so_far, .. } | Reply::NeedsDecision { so_far } => Some(so_far),
            Reply::Known { .. } | Reply::NotApplicable { .. } | Reply::Error { .. } => None,
        }
    }

    /// The judgements that are not recorded.
    pub fn judgements(&self) -> impl Iterator<Item = &Asked> {
        let open = self.so_far().into_iter();
        open.flat_map(|open| open.judgements.iter().flatten())
    }
}

impl Datum {
    /// What it is in words, as facts would hold it.
    pub(crate) fn words(&self) -> String {
        match self {
            Datum::None => "none".to_owned(),
            Datum::Bool(true) => "yes".to_owned(),
            Datum::Bool(false) => "no".to_owned(),
            Datum::Whole(number) => number.to_string(),
            Datum::Text(text) => text.clone(),
            Datum::List(_) | Datum::Record(_) | Datum::Part(_) => {
                // Plain structures with text keys always serialise.
                serde_json::to_string(self).unwrap_or_default()
            }
        }
    }
}

/// A value of a type as results tell it. A part of a list or record that is not a known value stands in it as its own
/// outcome; items that may not be in a list at all are left out.
pub(crate) fn datum(program: &ir::Program, ty: &Type, value: &Value) -> Datum {
    match value {
        Value::None => Datum::None,
        Value::Bool(value) => Datum::Bool(*value),
        Value::Number(held) => number(program, plain(ty), *held),
        Value::Date(date) => Datum::Text(date.to_string()),
        Value::Enum(index) => Datum::Text(enum_name(program, plain(ty), *index)),
        Value::Text(text) => Datum::Text(text.to_string()),
        Value::List(list) => {
            let inner = item_type(ty);
            let shown = |item: &Item| match &item.presence {
                Presence::Certain => Some(part(program, inner, &item.value)),
                Presence::Error(because) => Some(error(because)),
                Presence::NotApplicable(because) => Some(not_applicable(because)),
                Presence::Open(_) => None,
            };
            Datum::List(list.items.iter().filter_map(shown).collect())
        }
        Value::Record(fields) => {
            let Some(record) = program.record_of(plain(ty)) else {
                return Datum::None;
            };
            let parts = record.fields.iter().zip(fields.iter());
            let named = |(field, value): (&ir::Field, &Outcome)| {
                (field.name.clone(), part(program, &field.ty, value))
            };
            Datum::Record(parts.map(named).collect())
        }
    }
}

/// A part of a list or record: its value, or its outcome where that is not a value.
fn part(program: &ir::Program, ty: &Type, part: &Outcome) -> Datum {
    match part {
        // Its own parts tell what is missing or wrong in it.
        Outcome::Known(value @ Value::Record(_)) => datum(program, ty, value),
        Outcome::Known(value) if is_settled(part) => datum(program, ty, value),
        Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => {
            Datum::Part(Box::new(reply(program, ty, part)))
        }
    }
}

/// Whether nothing is missing in an outcome, nothing is an error, and no row is not applicable.
fn is_settled(outcome: &Outcome) -> bool {
    let mut needs = Open::default();
    join_deep(&mut needs, outcome);
    let whole = match outcome {
        Outcome::Known(value) => row_not_applicable(value).is_none(),
        Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => false,
    };
    whole && nothing_missing(&needs) && error_inside(outcome).is_none()
}

fn error(because: &str) -> Datum {
    Datum::Part(Box::new(Reply::Error {
        because: because.to_owned(),
        value: None,
    }))
}

fn not_applicable(because: &str) -> Datum {
    Datum::Part(Box::new(Reply::NotApplicable {
        because: because.to_owned(),
    }))
}

fn number(program: &ir::Program, ty: &Type, number: Number) -> Datum {
    match ty {
        Type::Int | Type::Days | Type::Months => match number.to_i64() {
            Some(whole) => Datum::Whole(whole),
            None => Datum::Text(number.render(0)),
        },
        Type::Money => Datum::Text(number.render(minor_digits(&program.currency))),
        Type::Bool
        | Type::Decimal
        | Type::Percent
        | Type::Date
        | Type::Text
        | Type::Enum(_)
        | Type::Record(_)
        | Type::List(_)
        | Type::Set(_)
        | Type::Optional(_) => Datum::Text(number.render(0)),
    }
}

fn enum_name(program: &ir::Program, ty: &Type, index: u32) -> String {
    let name = program
        .enum_of(ty)
        .and_then(|item| item.values.get(index as usize));
    name.cloned().unwrap_or_else(|| index.to_string())
}

/// An outcome of a type as results tell it.
#[must_use]
pub fn reply(program: &ir::Program, ty: &Type, outcome: &Outcome) -> Reply {
    match outcome {
        Outcome::NotApplicable(because) => Reply::NotApplicable {
            because: because.to_string(),
        },
        Outcome::Error(because) => Reply::Error {
            because: because.to_string(),
            value: None,
        },
        Outcome::Open(_) => open(program, ty, outcome),
        Outcome::Known(_) if open_inside(outcome) => open(program, ty, outcome),
        Outcome::Known(value) => {
            if let Some(because) = row_not_applicable(value) {
                return Reply::NotApplicable {
                    because: because.to_string(),
                };
            }
            let told = datum(program, ty, value);
            match error_inside(outcome) {
                Some(because) => Reply::Error {
                    because: because.to_string(),
                    value: Some(told),
                },
                None => Reply::Known { value: told },
            }
        }
    }
}

/// An open answer with what it needs and what is known of it.
fn open(program: &ir::Program, ty: &Type, outcome: &Outcome) -> Reply {
    let mut needs = Open::default();
    join_deep(&mut needs, outcome);
    let because: Vec<&str> = needs.because.iter().map(AsRef::as_ref).collect();
    let mut so_far = SoFar {
        judgements: judgements(program, &needs),
        because: (!because.is_empty()).then(|| because.join("; ")),
        ..SoFar::default()
    };
    known_of_open(program, ty, outcome, &mut so_far);
    limits(program, ty, outcome, &mut so_far);
    if needs.facts.is_empty() && needs.because.is_empty() && !needs.judgements.is_empty() {
        Reply::NeedsDecision { so_far }
    } else {
        Reply::Unknown {
            needs: leaves(program, &needs),
            so_far,
        }
    }
}

/// What is known of an open answer: the items of a list, the parts of a record, how low and how high a value on a scale
/// may be.
fn known_of_open(program: &ir::Program, ty: &Type, outcome: &Outcome, so_far: &mut SoFar) {
    let open = match outcome {
        Outcome::Known(Value::List(list)) => {
            let (certain, possible) = split(program, item_type(ty), list);
            so_far.certain = Some(certain);
            so_far.possible = Some(possible);
            return;
        }
        Outcome::Known(value) => {
            so_far.value = Some(datum(program, ty, value));
            return;
        }
        Outcome::Open(open) => open,
        Outcome::NotApplicable(_) | Outcome::Error(_) => return,
    };
    if let Type::List(inner) | Type::Set(inner) = plain(ty) {
        // Nothing is known of it. Every value of an enumeration is possible in a set; else anything is, which no
        // list can say.
        so_far.certain = Some(Vec::new());
        if let (Type::Set(_), Some(item)) = (plain(ty), program.enum_of(plain(inner))) {
            so_far.possible = Some(names(item));
        }
        return;
    }
    let Some(scale) = program.enum_of(plain(ty)).filter(|item| item.ordered) else {
        return;
    };
    let at = |end: Option<Number>, otherwise: usize| {
        let index = end
            .and_then(Number::to_i64)
            .and_then(|at| usize::try_from(at).ok());
        let name = scale.values.get(index.unwrap_or(otherwise));
        Some(name.map_or(Datum::None, |name| Datum::Text(name.clone())))
    };
    let may_be_none = matches!(ty, Type::Optional(_)) && !open.not_none;
    so_far.at_least = if may_be_none {
        Some(Datum::None)
    } else {
        at(open.bounds.low, 0)
    };
    so_far.at_most = at(open.bounds.high, scale.values.len().saturating_sub(1));
}

fn names(item: &ir::Enum) -> Vec<Datum> {
    item.values.iter().cloned().map(Datum::Text).collect()
}

/// Between which limits an answer lies that no fact would settle.
fn limits(program: &ir::Program, ty: &Type, outcome: &Outcome, so_far: &mut SoFar) {
    let Outcome::Open(open) = outcome else { return };
    if open.because.is_empty() {
        return;
    }
    let limit = |bound: Number| match plain(ty) {
        Type::Date => bound
            .to_i64()
            .and_then(|days| i32::try_from(days).ok())
            .and_then(Date::from_days)
            .map(|day| Datum::Text(day.to_string())),
        Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
            Some(number(program, plain(ty), bound))
        }
        Type::Bool
        | Type::Text
        | Type::Enum(_)
        | Type::Record(_)
        | Type::List(_)
        | Type::Set(_)
        | Type::Optional(_) => None,
    };
    if let Some(low) = open.bounds.low.and_then(limit) {
        so_far.at_least = Some(low);
    }
    if let Some(high) = open.bounds.high.and_then(limit) {
        so_far.at_most = Some(high);
    }
}

/// The paths of missing facts, in declaration order.
pub(crate) fn leaves(program: &ir::Program, needs: &Open) -> Vec<String> {
    let facts = needs.facts.iter();
    facts.map(|leaf| leaf_text(program, leaf)).collect()
}

/// The judgements that are not recorded: who decides and what is permitted.
pub(crate) fn judgements(program: &ir::Program, needs: &Open) -> Vec<Option<Asked>> {
    let all = needs.judgements.iter();
    all.map(|leaf| asked(program, leaf)).collect()
}

fn asked(program: &ir::Program, leaf: &Leaf) -> Option<Asked> {
    let (ty, kind) = ir::input(program, leaf)?;
    let by = match kind {
        FactKind::Judgement { by } => by.clone(),
        FactKind::Given | FactKind::Event => String::new(),
    };
    let permitted = if let Type::Bool = plain(ty) {
        vec![Datum::Bool(true), Datum::Bool(false)]
    } else {
        program.enum_of(plain(ty)).map(names).unwrap_or_default()
    };
    Some(Asked {
        judgement: leaf_text(program, leaf),
        by,
        permitted,
    })
}

/// The items of an open list that are certain, and those that are possible besides.
fn split(program: &ir::Program, inner: &Type, list: &List) -> (Vec<Datum>, Vec<Datum>) {
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for item in &list.items {
        let mut missing = Open::default();
        join_deep(&mut missing, &item.value);
        let told = part(program, inner, &item.value);
        match &item.presence {
            Presence::Certain if nothing_missing(&missing) => certain.push(told),
            Presence::Certain | Presence::Open(_) => possible.push(told),
            Presence::NotApplicable(because) => possible.push(not_applicable(because)),
            Presence::Error(because) => possible.push(error(because)),
        }
    }
    (certain, possible)
}

/// An outcome in words, for notes and tests.
#[must_use]
pub fn plain_text(program: &ir::Program, ty: &Type, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Known(value) => datum(program, ty, value).words(),
        Outcome::Open(needs) if needs.facts.is_empty() => "not decided".to_owned(),
        Outcome::Open(_) => "unknown".to_owned(),
        Outcome::NotApplicable(because) => format!("not applicable ({because})"),
        Outcome::Error(because) => format!("error ({because})"),
    }
}
