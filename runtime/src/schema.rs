//! JSON Schema of a program's facts and results, for editors, forms and other languages.

mod digits;
mod facts;

pub use facts::facts;

use crate::ir::{self, DefinitionKind, Type};
use serde_json::{Map, Value, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a result.
#[must_use]
pub fn result(program: &ir::Program) -> Value {
    let mut decisions = Map::new();
    for definition in program
        .definitions
        .iter()
        .filter(|each| each.kind == DefinitionKind::Decision)
    {
        let ty = &definition.ty;
        let mut outcome = json!({
            "type": "object",
            "properties": {
                "status": { "enum": ["known", "unknown", "needs_decision", "not_applicable", "error"] },
                "value": printed(program, ty),
                "needs": { "type": "array", "items": { "type": "string" } },
                "judgements": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "judgement": { "type": "string" },
                            "by": { "type": "string" },
                            "permitted": { "type": "array" },
                        },
                    },
                },
                "because": { "type": "string" },
                "certain": { "type": "array" },
                "possible": { "type": "array" },
                "at_least": { "type": ["string", "null"] },
                "at_most": { "type": "string" },
            },
            "required": ["status"],
        });
        if let Value::Object(fields) = &mut outcome
            && !definition.label.is_empty()
        {
            fields.insert("description".to_owned(), json!(definition.label));
        }
        decisions.insert(definition.name.clone(), outcome);
    }
    json!({
        "$schema": DIALECT,
        "title": format!("Result of {}", program.name),
        "$defs": { "part": {
            "description": "a part of a list or record that is not a known value",
            "type": "object",
            "properties": {
                "status": { "enum": ["known", "unknown", "needs_decision", "not_applicable", "error"] },
            },
            "required": ["status"],
        } },
        "type": "object",
        "properties": {
            "format": { "const": crate::result::RESULT_FORMAT },
            "program": { "const": program.name },
            "version": { "type": "string" },
            "hash": { "type": "string" },
            "id": { "type": ["string", "null"] },
            "as_of": { "type": "string", "format": "date" },
            "decisions": { "type": "object", "properties": decisions },
            "requirements": { "type": "object" },
            "readings": { "type": "object", "additionalProperties": { "type": "string" } },
            "assumptions": { "type": "array", "items": { "type": "string" } },
            "notes": { "type": "array", "items": { "type": "string" } },
        },
        "required": ["format", "program", "version", "hash", "as_of", "decisions"],
    })
}

fn enumeration(program: &ir::Program, id: ir::EnumId) -> Value {
    json!({ "enum": program.enums.get(id as usize).map(|item| item.values.clone()).unwrap_or_default() })
}

fn printed(program: &ir::Program, ty: &Type) -> Value {
    match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Text => json!({ "type": "string" }),
        Type::Date => json!({ "type": "string", "format": "date" }),
        Type::Enum(id) => enumeration(program, *id),
        Type::Int | Type::Days | Type::Months => json!({ "type": ["integer", "string"] }),
        Type::Decimal | Type::Percent | Type::Money => json!({ "type": "string" }),
        Type::List(inner) | Type::Set(inner) => {
            json!({ "type": "array", "items": part(program, inner) })
        }
        Type::Optional(inner) => json!({ "anyOf": [printed(program, inner), { "type": "null" }] }),
        Type::Record(id) => {
            let mut properties = Map::new();
            let fields = program
                .records
                .get(*id as usize)
                .map(|record| record.fields.as_slice());
            for field in fields.unwrap_or_default() {
                properties.insert(field.name.clone(), part(program, &field.ty));
            }
            json!({ "type": "object", "properties": properties })
        }
    }
}

/// A part of a list or record: a value, or its own outcome.
fn part(program: &ir::Program, ty: &Type) -> Value {
    json!({ "anyOf": [printed(program, ty), { "$ref": "#/$defs/part" }] })
}
