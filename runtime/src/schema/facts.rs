//! JSON Schema of facts: it takes what the reader takes, and nothing else.
//!
//! What a schema cannot say stands in a `$comment`: the order of two days, the range of a fraction in a string,
//! how many digits are exact. A repeated key no schema sees.

use super::DIALECT;
use super::digits::{Form, pattern};
use crate::facts::FactLimits;
use crate::ir::{self, Fact, FactKind, Range, Type};
use crate::value::Number;
use serde_json::{Map, Value, json};

/// A day there is, leap years included.
const DATE: &str = "^(([0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)$";

/// The schema of the facts object.
#[must_use]
pub fn facts(program: &ir::Program) -> Value {
    let mut properties = Map::new();
    properties.insert(
        "id".to_owned(),
        json!({ "type": "string", "description": "echoed in the result" }),
    );
    properties.insert(
        "as_of".to_owned(),
        json!({ "$ref": "#/$defs/date", "description": "the day of evaluation" }),
    );
    properties.insert("note".to_owned(), json!({ "description": "ignored" }));
    for fact in &program.facts {
        properties.insert(fact.name.clone(), about(program, fact));
    }
    json!({
        "$schema": DIALECT,
        "title": format!("Facts of {}", program.name),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": { "date": { "type": "string", "format": "date", "pattern": DATE } },
    })
}

fn about(program: &ir::Program, fact: &Fact) -> Value {
    let mut schema = of_type(program, &fact.ty, fact.range.as_ref());
    if let Some(rows) = granted_rows(program, fact)
        && let Some(requirement) = schema.pointer_mut("/items/properties/requirement")
    {
        *requirement = json!({ "enum": rows });
    }
    if let FactKind::Judgement { by } = &fact.kind {
        schema = judgement(schema, &fact.ty, by);
    }
    if let Value::Object(fields) = &mut schema
        && !fact.label.is_empty()
    {
        fields.insert("description".to_owned(), json!(fact.label));
    }
    schema
}

/// The rows that grants may name.
fn granted_rows<'p>(program: &'p ir::Program, fact: &Fact) -> Option<Vec<&'p str>> {
    let name = fact.grants.as_ref()?;
    let grid = program.grids.iter().find(|grid| grid.name == *name)?;
    Some(grid.rows.iter().map(|row| row.name.as_str()).collect())
}

/// A judgement: its value, null where it is not made, or its value with who made it and when.
fn judgement(value: Value, ty: &Type, by: &str) -> Value {
    let none = json!({ "type": "null" });
    let mut ways = vec![value.clone(), none.clone()];
    if !matches!(ty, Type::Record(_)) {
        ways.push(json!({
            "type": "object",
            "properties": {
                "value": { "anyOf": [value, none] },
                "by": { "type": ["string", "null"] },
                "on": { "anyOf": [{ "$ref": "#/$defs/date" }, none] },
            },
            "required": ["value"],
            "additionalProperties": false,
        }));
    }
    json!({
        "anyOf": ways,
        "$comment": format!("a judgement by {by}; absent or null: not made"),
    })
}

fn of_type(program: &ir::Program, ty: &Type, range: Option<&Range>) -> Value {
    match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Text => json!({ "type": "string" }),
        Type::Date => match range {
            None => json!({ "$ref": "#/$defs/date" }),
            Some(range) => json!({ "$ref": "#/$defs/date", "$comment": days(range) }),
        },
        Type::Enum(id) => super::enumeration(program, *id),
        Type::Int | Type::Days | Type::Months => number("integer", Form::Whole, range),
        Type::Decimal | Type::Percent | Type::Money => number("number", Form::Exact, range),
        Type::List(inner) | Type::Set(inner) => json!({
            "type": "array",
            "items": of_type(program, inner, range),
            "maxItems": FactLimits::default().items,
        }),
        Type::Optional(inner) => {
            json!({ "anyOf": [of_type(program, inner, range), { "type": "null" }] })
        }
        Type::Record(id) => match program.records.get(*id as usize) {
            Some(about) => record(program, about),
            None => json!({ "type": "object" }),
        },
    }
}

fn record(program: &ir::Program, record: &ir::Record) -> Value {
    let mut properties = Map::new();
    for field in &record.fields {
        let value = of_type(program, &field.ty, field.range.as_ref());
        let value = match &field.kind {
            FactKind::Judgement { by } => judgement(value, &field.ty, by),
            FactKind::Given | FactKind::Event => value,
        };
        properties.insert(field.name.clone(), value);
    }
    let mut schema =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    let two_days = ["from", "through"].iter().all(|name| {
        let mut fields = record.fields.iter();
        fields.any(|field| field.name == *name)
    });
    if two_days && let Value::Object(fields) = &mut schema {
        fields.insert(
            "$comment".to_owned(),
            json!("`through` is not before `from`"),
        );
    }
    schema
}

/// A number as such, or in a string.
fn number(kind: &str, form: Form, range: Option<&Range>) -> Value {
    let mut plain = Map::new();
    plain.insert("type".to_owned(), json!(kind));
    let mut bound = |key: &str, end: Option<Number>| {
        let shown = end.and_then(|end| end.render(0).parse::<serde_json::Number>().ok());
        if let Some(shown) = shown {
            plain.insert(key.to_owned(), Value::Number(shown));
        }
    };
    bound("minimum", range.and_then(|range| range.low));
    bound("maximum", range.and_then(|range| range.high));
    let comment = match form {
        Form::Whole => "read exactly, at most 28 digits",
        Form::Exact => "read exactly, at most 28 digits; the range holds for fractions too",
    };
    json!({
        "anyOf": [plain, { "type": "string", "pattern": pattern(form, range) }],
        "$comment": comment,
    })
}

/// A range of days in words: patterns of days would not be read by anybody.
fn days(range: &Range) -> String {
    let day = |end: Option<Number>| {
        let days = end
            .and_then(|end| end.to_i64())
            .and_then(|days| i32::try_from(days).ok());
        days.and_then(crate::value::Date::from_days)
    };
    match (day(range.low), day(range.high)) {
        (Some(low), Some(high)) => format!("from {low} through {high}"),
        (Some(low), None) => format!("{low} or later"),
        (None, Some(high)) => format!("{high} or earlier"),
        (None, None) => "any day".to_owned(),
    }
}
