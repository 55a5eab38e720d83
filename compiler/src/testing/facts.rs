//! Constants of a test → the JSON the facts reader takes, guided by the declared type.

use super::Broken;
use crate::diagnostics::nearest;
use crate::elaborate::currency;
use crate::source::Span;
use crate::syntax::ast::{Arithmetic, BinaryOp, Expr, ExprKind, Literal, Name};
use polc_runtime::ir::{self, FactKind, Type};
use polc_runtime::result::Datum;
use polc_runtime::value::Number;
use serde_json::{Map, Value, json};

/// The facts of one case, later ones in the place of earlier ones.
pub(super) struct Writer<'p> {
    program: &'p ir::Program,
    values: Map<String, Value>,
}

impl<'p> Writer<'p> {
    pub(super) fn new(program: &'p ir::Program) -> Self {
        Writer {
            program,
            values: Map::new(),
        }
    }

    pub(super) fn fact(&mut self, name: &Name, value: &Expr) -> Result<(), Broken> {
        let Some(fact) = self
            .program
            .facts
            .iter()
            .find(|fact| fact.name == name.text)
        else {
            let near = nearest(&name.text, self.program.facts.iter().map(|fact| &fact.name));
            let hint = near
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            return Err(Broken::new(
                name.span,
                format!("there is no fact `{}`{hint}", name.text),
            ));
        };
        let judgement = matches!(fact.kind, FactKind::Judgement { .. });
        // `{value: no, on: 2026-03-01}`: a judgement with its day.
        let value = if let ExprKind::Record(parts) = &value.kind
            && judgement
        {
            let mut object = Map::new();
            for (part, inner) in parts {
                let ty = match part.text.as_str() {
                    "on" => Type::Date,
                    "by" => Type::Text,
                    _ => fact.ty.clone(),
                };
                object.insert(part.text.clone(), constant(self.program, &ty, inner)?);
            }
            Value::Object(object)
        } else {
            constant(self.program, &fact.ty, value)?
        };
        self.values.insert(fact.name.clone(), value);
        Ok(())
    }

    pub(super) fn json(&self) -> String {
        Value::Object(self.values.clone()).to_string()
    }

    /// The facts in a line.
    pub(super) fn words(&self) -> String {
        let parts: Vec<String> = self
            .values
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        if parts.is_empty() {
            "no facts".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

/// A constant as JSON, by type.
pub(super) fn constant(program: &ir::Program, ty: &Type, expr: &Expr) -> Result<Value, Broken> {
    let wrong = |what: &str| Broken::new(expr.span, format!("{what} is wanted here"));
    if let (Type::Money, ExprKind::Literal(Literal::Money(text))) = (ty, &expr.kind)
        && let Some((message, _)) = currency::fault(text, Some(&program.currency))
    {
        return Err(Broken::new(expr.span, message));
    }
    match (ty, &expr.kind) {
        (Type::Optional(_), ExprKind::Literal(Literal::None)) => Ok(Value::Null),
        (Type::Optional(inner), _) => constant(program, inner, expr),
        (Type::Bool, ExprKind::Literal(Literal::Bool(value))) => Ok(json!(value)),
        (Type::Enum(id), _) => word(program, *id, expr),
        (Type::Text, ExprKind::Literal(Literal::Text(text))) => Ok(json!(text)),
        // Row names and the like are texts that read as words.
        (Type::Text, ExprKind::Name(word)) => Ok(json!(word)),
        (Type::Date, ExprKind::Literal(Literal::Date(text))) => Ok(json!(text)),
        (
            Type::Int | Type::Decimal | Type::Days | Type::Months,
            ExprKind::Literal(Literal::Number(text)),
        )
        | (Type::Percent, ExprKind::Literal(Literal::Percent(text)))
        | (Type::Money, ExprKind::Literal(Literal::Money(text))) => {
            let digits: String = text
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '.' || *c == '-')
                .collect();
            Ok(json!(digits))
        }
        (Type::Days, ExprKind::Literal(Literal::Days(count)))
        | (Type::Months, ExprKind::Literal(Literal::Months(count))) => Ok(json!(count.to_string())),
        (
            Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months,
            ExprKind::Negate(inner),
        ) => match constant(program, ty, inner)? {
            Value::String(text) => Ok(json!(format!("-{text}"))),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => Err(wrong("a number")),
        },
        // A quotient that does not terminate: `43/9`.
        (
            Type::Decimal | Type::Money | Type::Percent,
            ExprKind::Binary(BinaryOp::Arithmetic(Arithmetic::Div), a, b),
        ) => {
            match (
                constant(program, &Type::Decimal, a)?,
                constant(program, &Type::Decimal, b)?,
            ) {
                (Value::String(a), Value::String(b)) => Ok(json!(format!("{a}/{b}"))),
                _ => Err(wrong("a number")),
            }
        }
        (Type::List(inner) | Type::Set(inner), ExprKind::List(items)) => items
            .iter()
            .map(|item| constant(program, inner, item))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        (Type::List(inner) | Type::Set(inner), ExprKind::ListWhere(items))
            if items.iter().all(|(_, guard)| guard.is_none()) =>
        {
            let items = items.iter().map(|(item, _)| constant(program, inner, item));
            items.collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        (Type::Record(id), ExprKind::Record(parts)) => record(program, *id, expr.span, parts),
        (Type::Bool, _) => Err(wrong("`yes` or `no`")),
        (Type::Text, _) => Err(wrong("a text in quotes")),
        (Type::Date, _) => Err(wrong("a date such as 2026-10-15")),
        (Type::Money, _) => Err(wrong("an amount such as `$400K`")),
        (Type::Percent, _) => Err(wrong("a percentage such as `5%`")),
        (Type::Days, _) => Err(wrong("a number of days such as `14 days`")),
        (Type::Months, _) => Err(wrong("a number of months such as `12 months`")),
        (Type::Int | Type::Decimal, _) => Err(wrong("a number")),
        (Type::List(_) | Type::Set(_), _) => Err(wrong("a list such as `[a, b]`")),
        (Type::Record(_), _) => Err(wrong("a record such as `{field: value}`")),
    }
}

/// A value of an enumeration.
fn word(program: &ir::Program, id: ir::EnumId, expr: &Expr) -> Result<Value, Broken> {
    let wrong = |what: &str| Broken::new(expr.span, format!("{what} is wanted here"));
    let item = program
        .enums
        .get(id as usize)
        .ok_or_else(|| wrong("another value"))?;
    let word = if let ExprKind::Name(word) = &expr.kind {
        word.as_str()
    } else if let ExprKind::Literal(Literal::Bool(value)) = &expr.kind {
        if *value { "yes" } else { "no" }
    } else if let ExprKind::Literal(Literal::None) = &expr.kind {
        "none"
    } else if let ExprKind::Access(inner, word) = &expr.kind
        && matches!(&inner.kind, ExprKind::Name(name) if *name == item.name)
    {
        word.text.as_str()
    } else {
        return Err(wrong(&format!("one of {}", item.values.join(", "))));
    };
    if !item.values.iter().any(|value| value == word) {
        let hint = nearest(word, &item.values)
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        let values = item.values.join(", ");
        return Err(Broken::new(
            expr.span,
            format!("`{word}` is not one of {values}{hint}"),
        ));
    }
    Ok(json!(word))
}

/// A record with its fields.
fn record(
    program: &ir::Program,
    id: ir::RecordId,
    span: Span,
    parts: &[(Name, Expr)],
) -> Result<Value, Broken> {
    let record = program
        .records
        .get(id as usize)
        .ok_or_else(|| Broken::new(span, "another value is wanted here"))?;
    let mut object = Map::new();
    for (name, value) in parts {
        let Some(field) = record.fields.iter().find(|field| field.name == name.text) else {
            let near = nearest(&name.text, record.fields.iter().map(|field| &field.name));
            let hint = near
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            return Err(Broken::new(
                name.span,
                format!("there is no field `{}`{hint}", name.text),
            ));
        };
        object.insert(name.text.clone(), constant(program, &field.ty, value)?);
    }
    Ok(Value::Object(object))
}

/// Whether an expected constant and the value of a result are the same, by type.
pub(super) fn same(program: &ir::Program, ty: &Type, expected: &Value, actual: &Datum) -> bool {
    match ty {
        Type::Optional(inner) => match (expected, actual) {
            (Value::Null, Datum::None) => true,
            _ => same(program, inner, expected, actual),
        },
        Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
            let expected = match expected {
                Value::String(text) => Number::parse(text),
                Value::Number(number) => Number::parse(&number.to_string()),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
            };
            let actual = match actual {
                Datum::Text(text) => Number::parse(text),
                Datum::Whole(number) => Some(Number::from_i64(*number)),
                Datum::None
                | Datum::Bool(_)
                | Datum::List(_)
                | Datum::Record(_)
                | Datum::Part(_) => None,
            };
            expected.is_some() && expected == actual
        }
        Type::List(inner) => match (expected, actual) {
            (Value::Array(a), Datum::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(program, inner, a, b))
            }
            _ => false,
        },
        Type::Set(inner) => match (expected, actual) {
            (Value::Array(a), Datum::List(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|a| b.iter().any(|b| same(program, inner, a, b)))
            }
            _ => false,
        },
        // A record expectation names the fields it is about; the others are not checked.
        Type::Record(id) => match (expected, actual, program.records.get(*id as usize)) {
            (Value::Object(a), Datum::Record(b), Some(record)) => a.iter().all(|(name, value)| {
                let field = record.fields.iter().find(|field| field.name == *name);
                field.is_some_and(|field| {
                    same(
                        program,
                        &field.ty,
                        value,
                        b.get(name).unwrap_or(&Datum::None),
                    )
                })
            }),
            _ => false,
        },
        Type::Bool => match (expected, actual) {
            (Value::Bool(a), Datum::Bool(b)) => a == b,
            _ => false,
        },
        Type::Date | Type::Text | Type::Enum(_) => match (expected, actual) {
            (Value::String(a), Datum::Text(b)) => a == b,
            _ => false,
        },
    }
}
