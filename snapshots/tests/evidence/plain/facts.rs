//! Facts as they are seen on a day: later events, items and judgements are hidden.

use super::value::{Item, Outcome, There, Value, constant, in_order, read};
use super::{Day, Env, Run, day};
use polc_runtime::ir::{FactId, FactKind, Program, Record, Type};
use serde_json::Value as Json;

/// A value of a type as seen on a day.
fn seen(program: &Program, ty: &Type, kind: &FactKind, json: &Json, last: i64) -> Outcome {
    match (kind, ty) {
        (FactKind::Event, _) => match read(program, ty, json) {
            Outcome::Known(Value::Date(on)) if on > last => Outcome::Known(Value::None),
            other => other,
        },
        (FactKind::Judgement { .. }, _) => judged(program, ty, json, last),
        (FactKind::Given, Type::Optional(inner)) => match json {
            Json::Null => Outcome::Known(Value::None),
            json if hidden(program, inner, json, last) == Some(true) => Outcome::Known(Value::None),
            // whether it has happened is not known
            json if hidden(program, inner, json, last).is_none() => Outcome::Open,
            json => seen(program, inner, kind, json, last),
        },
        (FactKind::Given, Type::List(inner) | Type::Set(inner)) => {
            let items = json.as_array().expect("a list").iter();
            let shown = items.filter_map(|item| {
                let there = match hidden(program, inner, item, last) {
                    Some(true) => return None,
                    Some(false) => There::Certain,
                    None => There::Open,
                };
                let value = seen(program, inner, &FactKind::Given, item, last);
                Some(Item { there, value })
            });
            let shown: Vec<Item> = shown.collect();
            Outcome::Known(Value::List(match ty {
                Type::Set(_) => in_order(shown),
                _ => shown,
            }))
        }
        (FactKind::Given, Type::Record(id)) => {
            let fields = program.records[*id as usize].fields.iter().map(|field| {
                match (json.get(&field.name), &field.absent) {
                    (Some(json), _) => seen(program, &field.ty, &field.kind, json, last),
                    (None, Some(absent)) => Outcome::Known(constant(absent)),
                    (None, None) => Outcome::Open,
                }
            });
            Outcome::Known(Value::Record(fields.collect()))
        }
        (FactKind::Given, ty) => read(program, ty, json),
    }
}

/// Whether a dated record lies after the last day seen; `None` when its day is not known.
fn hidden(program: &Program, ty: &Type, json: &Json, last: i64) -> Option<bool> {
    let Type::Record(id) = ty else {
        return Some(false);
    };
    let record: &Record = &program.records[*id as usize];
    let Some(dated) = record.dated else {
        return Some(false);
    };
    let on = json.get(&record.fields[dated as usize].name)?;
    Some(on.as_str().and_then(day::parse).is_some_and(|on| on > last))
}

/// A judgement: its value alone, or with who decided and the day it counts from.
fn judged(program: &Program, ty: &Type, json: &Json, last: i64) -> Outcome {
    let Some(value) = json.get("value") else {
        return match json {
            Json::Null if !matches!(ty, Type::Optional(_)) => Outcome::Open,
            json => read(program, ty, json),
        };
    };
    let on = json.get("on").and_then(Json::as_str).and_then(day::parse);
    if on.is_some_and(|on| on > last) {
        return Outcome::Open;
    }
    read(program, ty, value)
}

impl Run<'_> {
    fn given(&self, fact: FactId, day: Day) -> Option<Outcome> {
        let fact = &self.plain.program.facts[fact as usize];
        let json = self.facts.get(&fact.name)?;
        Some(seen(
            self.plain.program,
            &fact.ty,
            &fact.kind,
            json,
            day.seen,
        ))
    }

    pub(super) fn fact(&self, id: FactId, day: Day, env: &mut Env) -> Outcome {
        let fact = &self.plain.program.facts[id as usize];
        match (self.given(id, day), fact.derived, fact.assume) {
            // a given value is that of the day asked about; what it says of other days is not written down
            (Some(_), Some(_), _) if day.on != self.as_of => Outcome::Open,
            (Some(given), _, _) => given,
            (None, Some(derived), _) => self.node(derived, day, env),
            (None, None, Some(assumed)) => self.node(assumed, day, env),
            (None, None, None) => Outcome::Open,
        }
    }

    pub(super) fn recorded(&self, id: FactId, day: Day) -> bool {
        !matches!(self.given(id, day), None | Some(Outcome::Open))
    }

    pub(super) fn granted(&self, fact: FactId, row: &str, tier: u32, day: Day) -> Outcome {
        let Some(Json::Array(grants)) = self
            .facts
            .get(&self.plain.program.facts[fact as usize].name)
        else {
            return Outcome::NO;
        };
        let tier = self.plain.program.grids.iter().find_map(|grid| {
            let named = grid.rows.iter().any(|one| one.name == row);
            named.then(|| {
                self.plain.program.enums[grid.scale as usize].values[tier as usize].as_str()
            })
        });
        let on =
            |grant: &Json, part: &str| grant.get(part).and_then(Json::as_str).and_then(day::parse);
        let lifts = grants.iter().any(|grant| {
            grant["requirement"] == row
                && grant
                    .get("tier")
                    .is_none_or(|of| of.is_null() || of.as_str() == tier)
                && on(grant, "from").is_none_or(|from| from <= day.on)
                && on(grant, "through").is_none_or(|through| day.on <= through)
        });
        Outcome::truth(lifts)
    }
}
