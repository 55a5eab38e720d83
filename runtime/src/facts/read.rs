//! The schema-driven reader: every value is checked against its declared type and range.

use super::faults::{DATE, date_help, describe, nearest, place, show, whole};
use super::json::{self, Document, Json, plain};
use super::place::Place;
use super::{FactFault, FactLimits, Facts, Slot};
use crate::ir::{self, Type};
use crate::key::in_order;
use crate::value::{Bounds, Date, Item, Leaf, List, Number, Open, Outcome, Presence, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Keys that are not facts.
const RESERVED: [&str; 3] = ["id", "as_of", "note"];

/// The text of some bytes.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Vec<FactFault>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let at = place(&String::from_utf8_lossy(before));
        whole(
            format!("{at}: this byte is not UTF-8"),
            "the facts must be a text in UTF-8",
            "save the file as UTF-8",
        )
    })
}

pub(super) fn read(
    program: &ir::Program,
    text: &str,
    limits: &FactLimits,
) -> Result<Facts, Vec<FactFault>> {
    if text.len() > limits.bytes {
        return Err(whole(
            format!("the facts have {} bytes", text.len()),
            &format!("at most {} are read", limits.bytes),
            "split the facts into several objects",
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Document { value, repeated } = json::read(text).map_err(|fault| {
        let at = place(text.get(..fault.at).unwrap_or(text));
        let found = format!("{at}: {}", fault.why);
        whole(found, "the facts must be valid JSON", fault.help)
    })?;
    let Json::Object(entries) = value else {
        return Err(whole(
            format!("the facts are {}", show(&value)),
            "one object with fact names as keys is wanted",
            "write `{ \"as_of\": \"2026-10-15\", … }`",
        ));
    };
    let mut reader = Reader {
        program,
        limits,
        faults: Vec::new(),
    };
    for path in repeated {
        reader.faults.push(FactFault {
            path,
            found: "the key stands twice".to_owned(),
            expected: "each key once".to_owned(),
            help: "remove one of them".to_owned(),
        });
    }
    let mut facts = Facts::empty(program);
    for (key, value) in entries {
        match key.as_str() {
            "id" => match value {
                Json::Text(id) => facts.id = Some(id),
                other @ (Json::Null
                | Json::Bool(_)
                | Json::Number(_)
                | Json::List(_)
                | Json::Object(_)) => {
                    reader.fault("id", &other, "a text", "write the id in quotes")
                }
            },
            "note" => {}
            "as_of" => match &value {
                Json::Text(day) if Date::parse(day).is_some() => facts.as_of = Date::parse(day),
                other @ (Json::Null
                | Json::Bool(_)
                | Json::Number(_)
                | Json::Text(_)
                | Json::List(_)
                | Json::Object(_)) => reader.fault("as_of", other, DATE, date_help(other)),
            },
            _ => reader.entry(&key, &value, &mut facts),
        }
    }
    if reader.faults.is_empty() {
        Ok(facts)
    } else {
        Err(reader.faults)
    }
}

struct Reader<'p> {
    program: &'p ir::Program,
    limits: &'p FactLimits,
    faults: Vec<FactFault>,
}

impl Reader<'_> {
    fn fault(&mut self, path: &str, found: &Json, expected: &str, help: &str) {
        self.faults.push(FactFault {
            path: path.to_owned(),
            found: show(found),
            expected: expected.to_owned(),
            help: help.to_owned(),
        });
    }

    fn entry(&mut self, key: &str, value: &Json, facts: &mut Facts) {
        let program = self.program;
        let Some(at) = program.facts.iter().position(|fact| fact.name == key) else {
            let names = program
                .facts
                .iter()
                .map(|fact| fact.name.as_str())
                .chain(RESERVED);
            let help = nearest(key, names).map_or_else(
                || "remove it".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.faults.push(FactFault {
                path: plain(key),
                found: "no fact has this name".to_owned(),
                expected: "the name of a fact".to_owned(),
                help,
            });
            return;
        };
        let Some(fact) = program.facts.get(at) else {
            return;
        };
        let place = Place {
            text: key.to_owned(),
            leaf: Leaf {
                fact: at as u32,
                path: Vec::new(),
            },
        };
        let judgement = matches!(fact.kind, ir::FactKind::Judgement { .. });
        let slot = match value {
            Json::Null if judgement => Slot::Absent,
            Json::Object(parts) if judgement && !matches!(fact.ty, Type::Record(_)) => {
                self.judgement(&place, &fact.ty, value, parts)
            }
            Json::Null
            | Json::Bool(_)
            | Json::Number(_)
            | Json::Text(_)
            | Json::List(_)
            | Json::Object(_) => match self.value(&place, &fact.ty, fact.range.as_ref(), value) {
                Some(value) => {
                    if let Some(grid) = &fact.grants {
                        self.granted(&place, grid, &value);
                    }
                    Slot::Given {
                        value: Outcome::Known(value),
                        on: None,
                        by: None,
                    }
                }
                None => Slot::Absent,
            },
        };
        facts.set(at as u32, slot);
    }

    /// `{"value": …, "by": "…", "on": "…"}`
    fn judgement(
        &mut self,
        place: &Place,
        ty: &Type,
        whole: &Json,
        parts: &[(String, Json)],
    ) -> Slot {
        let (mut value, mut on, mut by) = (None, None, None);
        for (key, part) in parts {
            let path = format!("{}.{}", place.text, plain(key));
            match (key.as_str(), part) {
                ("value", Json::Null) => {}
                ("value", part) => {
                    let mut inner = place.clone();
                    inner.text.clone_from(&path);
                    value = self.value(&inner, ty, None, part);
                }
                ("by", Json::Text(name)) => by = Some(name.clone()),
                ("by", Json::Null) | ("on", Json::Null) => {}
                ("on", Json::Text(day)) if Date::parse(day).is_some() => on = Date::parse(day),
                ("by", other) => self.fault(&path, other, "a text", "write who decided, in quotes"),
                ("on", other) => self.fault(&path, other, DATE, date_help(other)),
                (_, _) => self.faults.push(FactFault {
                    path,
                    found: "a judgement has no such part".to_owned(),
                    expected: "`value`, `by` or `on`".to_owned(),
                    help: nearest(key, ["value", "by", "on"]).map_or_else(
                        || "remove it".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    ),
                }),
            }
        }
        match value {
            Some(value) => Slot::Given {
                value: Outcome::Known(value),
                on,
                by,
            },
            None => {
                if !parts.iter().any(|(key, _)| key == "value") {
                    let help = "add `\"value\": …`";
                    self.fault(&place.text, whole, "a judgement with its `value`", help);
                }
                Slot::Absent
            }
        }
    }

    fn value(
        &mut self,
        place: &Place,
        ty: &Type,
        range: Option<&ir::Range>,
        value: &Json,
    ) -> Option<Value> {
        let path = place.text.as_str();
        match (ty, value) {
            (Type::Optional(_), Json::Null) => Some(Value::None),
            (Type::Optional(inner), _) => self.value(place, inner, range, value),
            (_, Json::Null) => {
                let expected = describe(self.program, ty);
                let help = if path.ends_with(']') {
                    "remove the item"
                } else {
                    "leave the key out when the value is not known"
                };
                self.fault(path, value, &expected, help);
                None
            }
            (Type::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
            (Type::Text, Json::Text(text)) => Some(Value::Text(Arc::from(text.as_str()))),
            (Type::Date, Json::Text(text)) if Date::parse(text).is_some() => {
                let date = Date::parse(text)?;
                let days = Number::from_i64(i64::from(date.days()));
                self.in_range(path, days, range, value, ty)?;
                Some(Value::Date(date))
            }
            (Type::Enum(id), Json::Text(text)) => {
                let item = self.program.enums.get(*id as usize)?;
                if let Some(at) = item.values.iter().position(|known| known == text) {
                    return Some(Value::Enum(at as u32));
                }
                let help = nearest(text, item.values.iter().map(String::as_str)).map_or_else(
                    || "choose one of these".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let expected = format!("one of {}", item.values.join(", "));
                self.fault(path, value, &expected, &help);
                None
            }
            (Type::Int | Type::Days | Type::Months, Json::Number(text) | Json::Text(text)) => {
                match written(value, text, true) {
                    Some(number) if number.is_integer() => {
                        self.in_range(path, number, range, value, ty)?;
                        Some(Value::Number(number))
                    }
                    Some(_) => {
                        let expected = describe(self.program, ty);
                        self.fault(path, value, &expected, "write it without a fraction");
                        None
                    }
                    None if text.contains('/') && Number::parse(text).is_some() => {
                        let expected = describe(self.program, ty);
                        self.fault(path, value, &expected, "write it without a fraction");
                        None
                    }
                    None => self.no_number(path, value, ty, text),
                }
            }
            (
                Type::Decimal | Type::Percent | Type::Money,
                Json::Number(text) | Json::Text(text),
            ) => match written(value, text, false) {
                Some(number) => {
                    self.in_range(path, number, range, value, ty)?;
                    Some(Value::Number(number))
                }
                None => self.no_number(path, value, ty, text),
            },
            (Type::List(inner) | Type::Set(inner), Json::List(items)) => {
                self.list(place, ty, inner, range, value, items)
            }
            (Type::Record(id), Json::Object(parts)) => {
                let record = self.program.records.get(*id as usize)?;
                self.record(place, record, parts)
            }
            _ => {
                let expected = describe(self.program, ty);
                let help = match ty {
                    Type::Date => date_help(value),
                    Type::Bool => "write true or false, without quotes",
                    Type::Enum(_) | Type::Text => "write it in quotes",
                    Type::List(_) | Type::Set(_) => "write `[ … ]`",
                    Type::Record(_) => "write `{ … }`",
                    Type::Int
                    | Type::Decimal
                    | Type::Percent
                    | Type::Money
                    | Type::Days
                    | Type::Months
                    | Type::Optional(_) => "write the number alone",
                };
                self.fault(path, value, &expected, help);
                None
            }
        }
    }

    /// A text that is no number, or one too long to be held exactly.
    fn no_number(&mut self, path: &str, value: &Json, ty: &Type, text: &str) -> Option<Value> {
        let mut expected = describe(self.program, ty);
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let number = |letter: char| matches!(letter, '0'..='9' | '-' | '.' | '/' | 'e' | 'E');
        let long = digits > 28 || matches!(value, Json::Number(_));
        let help = if long && text.chars().all(number) {
            expected.push_str(", at most 28 digits long");
            "write fewer digits"
        } else if text.contains([',', '_', '\'', ' ']) {
            "write the number without separators and without its unit"
        } else if text.contains(|letter| !number(letter)) {
            "write the number alone, without its unit"
        } else {
            "write a number as in 1234 or 0.50"
        };
        self.fault(path, value, &expected, help);
        None
    }

    fn list(
        &mut self,
        place: &Place,
        ty: &Type,
        inner: &Type,
        range: Option<&ir::Range>,
        value: &Json,
        items: &[Json],
    ) -> Option<Value> {
        if items.len() > self.limits.items {
            let expected = format!("at most {} items", self.limits.items);
            self.fault(&place.text, value, &expected, "split the facts");
            return None;
        }
        let mut read: Vec<Item> = Vec::with_capacity(items.len());
        let mut complete = true;
        for (at, item) in items.iter().enumerate() {
            match self.value(&place.index(at), inner, range, item) {
                Some(item) => {
                    let value = Outcome::Known(item);
                    if matches!(ty, Type::Set(_)) && read.iter().any(|known| known.value == value) {
                        continue;
                    }
                    read.push(Item {
                        presence: Presence::Certain,
                        value,
                    });
                }
                None => complete = false,
            }
        }
        if matches!(ty, Type::Set(_)) {
            read = in_order(self.program, read, inner);
        }
        complete.then(|| Value::List(Arc::new(List { items: read })))
    }

    fn record(
        &mut self,
        place: &Place,
        record: &ir::Record,
        parts: &[(String, Json)],
    ) -> Option<Value> {
        let before = self.faults.len();
        for (key, _) in parts {
            if !record.fields.iter().any(|field| field.name == *key) {
                let names = record.fields.iter().map(|field| field.name.as_str());
                let help = nearest(key, names).map_or_else(
                    || "remove it".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.faults.push(FactFault {
                    path: format!("{}.{}", place.text, plain(key)),
                    found: "no field has this name".to_owned(),
                    expected: "the name of a field".to_owned(),
                    help,
                });
            }
        }
        let mut fields = Vec::with_capacity(record.fields.len());
        for (at, field) in record.fields.iter().enumerate() {
            let inner = place.field(at, &field.name);
            let given = parts.iter().find(|(key, _)| *key == field.name);
            if matches!(field.kind, ir::FactKind::Judgement { .. }) {
                fields.push(self.field_judgement(&inner, field, given.map(|(_, value)| value)));
                continue;
            }
            fields.push(match given {
                Some((_, value)) => {
                    match self.value(&inner, &field.ty, field.range.as_ref(), value) {
                        Some(value) => Outcome::Known(value),
                        None => continue,
                    }
                }
                None if field.absent.is_some() => {
                    let absent = field.absent.as_ref().map(ir::value_of);
                    Outcome::Known(absent.unwrap_or(Value::None))
                }
                None => {
                    let bounds = bounds(field.range.as_ref());
                    let facts = BTreeSet::from([inner.leaf]);
                    Outcome::Open(Arc::new(Open {
                        facts,
                        bounds,
                        not_none: !matches!(field.ty, ir::Type::Optional(_)),
                        ..Open::default()
                    }))
                }
            });
        }
        if record.name == ir::PERIOD {
            self.in_order(place, &fields, ir::PERIOD_ENDS);
        }
        (self.faults.len() == before).then(|| Value::Record(Arc::from(fields)))
    }

    /// A first and a last day, given as two fields of a record, in this order.
    fn in_order(&mut self, place: &Place, fields: &[Outcome], (first, last): (usize, usize)) {
        let day = |at: usize| match fields.get(at) {
            Some(Outcome::Known(Value::Date(day))) => Some(*day),
            _ => None,
        };
        if let (Some(from), Some(through)) = (day(first), day(last))
            && through < from
        {
            self.faults.push(FactFault {
                path: format!("{}.through", place.text),
                found: format!("\"{through}\""),
                expected: format!("a day not before `from`, {from}"),
                help: "both days count, so one day alone stands in both".to_owned(),
            });
        }
    }

    /// Grants name a row of their grid, and last at least a day.
    fn granted(&mut self, place: &Place, grid: &str, value: &Value) {
        let grids = &self.program.grids;
        let Some(grid) = grids.iter().find(|known| known.name == grid) else {
            return;
        };
        let Value::List(list) = value else { return };
        for (at, item) in list.items.iter().enumerate() {
            let Outcome::Known(Value::Record(fields)) = &item.value else {
                continue;
            };
            let place = place.index(at);
            if let Some(Outcome::Known(Value::Text(row))) = fields.first()
                && !grid.rows.iter().any(|known| known.name == **row)
            {
                let rows = || grid.rows.iter().map(|row| row.name.as_str());
                let help = nearest(row, rows()).map_or_else(
                    || "choose one of these".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.faults.push(FactFault {
                    path: format!("{}.requirement", place.text),
                    found: format!("\"{}\"", plain(row)),
                    expected: format!("one of {}", rows().collect::<Vec<_>>().join(", ")),
                    help,
                });
            }
            self.in_order(&place, fields, ir::GRANT_ENDS);
        }
    }

    /// A judgement that belongs to one record: absent means not made.
    fn field_judgement(
        &mut self,
        place: &Place,
        field: &ir::Field,
        given: Option<&Json>,
    ) -> Outcome {
        let not_made = Outcome::Open(Arc::new(Open {
            judgements: BTreeSet::from([place.leaf.clone()]),
            ..Open::default()
        }));
        let slot = match given {
            None | Some(Json::Null) => Slot::Absent,
            Some(whole @ Json::Object(parts)) if !matches!(field.ty, Type::Record(_)) => {
                self.judgement(place, &field.ty, whole, parts)
            }
            Some(value) => match self.value(place, &field.ty, field.range.as_ref(), value) {
                Some(value) => return Outcome::Known(value),
                None => return not_made,
            },
        };
        match slot {
            Slot::Absent => not_made,
            Slot::Given {
                value,
                on: Some(on),
                ..
            } => super::dated_judgement(value, on, not_made),
            Slot::Given { value, .. } => value,
        }
    }

    fn in_range(
        &mut self,
        path: &str,
        number: Number,
        range: Option<&ir::Range>,
        value: &Json,
        ty: &Type,
    ) -> Option<()> {
        let Some(range) = range else { return Some(()) };
        let low = range.low.is_none_or(|low| number >= low);
        let high = range.high.is_none_or(|high| number <= high);
        if low && high {
            return Some(());
        }
        let show = |number: Number| match ty {
            Type::Date => number
                .to_i64()
                .and_then(|days| i32::try_from(days).ok())
                .and_then(Date::from_days)
                .map_or_else(|| number.to_string(), |date| date.to_string()),
            Type::Bool
            | Type::Int
            | Type::Decimal
            | Type::Percent
            | Type::Money
            | Type::Days
            | Type::Months
            | Type::Text
            | Type::Enum(_)
            | Type::Record(_)
            | Type::List(_)
            | Type::Set(_)
            | Type::Optional(_) => number.to_string(),
        };
        let expected = match (range.low, range.high) {
            (Some(low), Some(high)) => format!("a value from {} to {}", show(low), show(high)),
            (Some(low), None) => format!("at least {}", show(low)),
            (None, Some(high)) => format!("at most {}", show(high)),
            (None, None) => return Some(()),
        };
        self.fault(path, value, &expected, "correct the value");
        None
    }
}

/// The declared range as limits of an unknown value.
pub(crate) fn bounds(range: Option<&ir::Range>) -> Bounds {
    range.map_or_else(Bounds::default, |range| Bounds {
        low: range.low,
        high: range.high,
    })
}

/// A number as JSON has it, or in a string: digits there, and a fraction of whole numbers where the type has fractions.
fn written(value: &Json, text: &str, whole: bool) -> Option<Number> {
    let fraction = text.contains('/');
    let plain = !text.contains(['e', 'E']) && !(fraction && (whole || text.contains('.')));
    match value {
        Json::Text(_) if !plain => None,
        Json::Null
        | Json::Bool(_)
        | Json::Number(_)
        | Json::Text(_)
        | Json::List(_)
        | Json::Object(_) => Number::parse(text),
    }
}
