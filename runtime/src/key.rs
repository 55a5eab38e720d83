//! Keys of values of any type: what is the same value, and in which order values stand.

use crate::ir::{self, Type, item_type, plain};
use crate::value::algebra::{present, strict};
use crate::value::{Date, Item, Number, Outcome, Value};
use std::sync::Arc;

/// A fully known value in canonical form, so that values can be sorted and looked up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    None,
    Bool(bool),
    Number(Number),
    Date(Date),
    Enum(u32),
    Text(Arc<str>),
    List(Vec<Key>),
    Record(Vec<Key>),
}

/// The canonical form of an outcome, or what stands in its way.
pub(crate) fn key(program: &ir::Program, outcome: &Outcome, ty: &Type) -> Result<Key, Outcome> {
    let value = match outcome {
        Outcome::Known(value) => value,
        other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
            return Err(other.clone());
        }
    };
    Ok(match value {
        Value::None => Key::None,
        Value::Bool(value) => Key::Bool(*value),
        Value::Number(number) => Key::Number(*number),
        Value::Date(date) => Key::Date(*date),
        Value::Enum(index) => Key::Enum(*index),
        Value::Text(text) => Key::Text(text.clone()),
        Value::List(list) => {
            let inner = item_type(ty);
            let mut keys = Vec::with_capacity(list.items.len());
            let mut problems = Vec::new();
            for item in &list.items {
                match present(&item.presence) {
                    Outcome::Known(_) => {}
                    other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
                        problems.push(other)
                    }
                }
                match key(program, &item.value, inner) {
                    Ok(key) => keys.push(key),
                    Err(problem) => problems.push(problem),
                }
            }
            if let Some(problem) = strict(&problems) {
                return Err(problem);
            }
            if matches!(plain(ty), Type::Set(_)) {
                keys.sort();
                keys.dedup();
            }
            Key::List(keys)
        }
        Value::Record(fields) => {
            let mut keys = Vec::with_capacity(fields.len());
            let mut problems = Vec::new();
            for (index, field) in fields.iter().enumerate() {
                match key(program, field, field_type(program, ty, index)) {
                    Ok(key) => keys.push(key),
                    Err(problem) => problems.push(problem),
                }
            }
            if let Some(problem) = strict(&problems) {
                return Err(problem);
            }
            Key::Record(keys)
        }
    })
}

/// The type of a record's field.
pub(crate) fn field_type<'t>(program: &'t ir::Program, ty: &Type, index: usize) -> &'t Type {
    let fields = program.record_of(plain(ty)).map(|record| &record.fields);
    fields
        .and_then(|fields| fields.get(index))
        .map_or(&Type::Bool, |field| &field.ty)
}

/// Whether values of a type stand in an order.
pub(crate) fn is_ordered(ty: &Type) -> bool {
    !matches!(
        plain(ty),
        Type::Bool | Type::Text | Type::Record(_) | Type::List(_) | Type::Set(_)
    )
}

/// The items of a set in the order of their values, so that one set is one list, wherever it comes from. A value
/// that is not known has no place: the items stay as they are.
pub(crate) fn in_order(program: &ir::Program, items: Vec<Item>, inner: &Type) -> Vec<Item> {
    let keys: Option<Vec<Key>> = items
        .iter()
        .map(|item| key(program, &item.value, inner).ok())
        .collect();
    let Some(keys) = keys else {
        return items;
    };
    let mut keyed: Vec<(Key, Item)> = keys.into_iter().zip(items).collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    keyed.into_iter().map(|(_, item)| item).collect()
}
