//! The time line of one partner: what happened, and every day on which an answer changes.
//!
//! The days are worked out from the dates in facts and rules, not sampled; each is then evaluated on its own.

use crate::facts::{Facts, Slot};
use crate::ir::{DefinitionKind, FactKind, Type};
use crate::program::{Options, Program};
use crate::value::{Date, Outcome, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// A time line.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// First day looked at.
    pub from: Date,
    /// Last day looked at.
    pub to: Date,
    /// Days in order; the first is `from` and has every decision.
    pub points: Vec<Point>,
    /// Decisions that count days and so change every day; they are shown on the days of the others.
    pub daily: Vec<String>,
}

/// A day on which something happens or changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The day.
    pub on: Date,
    /// Events of the facts on that day.
    pub events: Vec<String>,
    /// Decision, outcome before (none on the first day), outcome from this day on.
    pub changes: Vec<(String, Option<Json>, Json)>,
}

/// The longest span that is walked day by day for answers that may change on any day, in days.
const LONGEST_DAILY: i64 = 4000;

impl Program {
    /// The time line from one day through another, of the decisions in `only` or of all.
    pub fn timeline(
        &self,
        facts: &Facts,
        from: Date,
        to: Date,
        options: &Options,
        only: Option<&[String]>,
    ) -> Timeline {
        let mut whole = self.evaluate(facts, to, options);
        let (mut days, mut every_day, mut daily) = (BTreeSet::from([from]), false, Vec::new());
        for definition in &self.ir().definitions {
            let wanted = only.is_none_or(|only| only.contains(&definition.name));
            if definition.kind != DefinitionKind::Decision || !wanted {
                continue;
            }
            let changes = whole.changes(definition.node);
            if !changes.daily {
                days.extend(changes.days.range(from..=to));
            } else if counts_days(&definition.ty) {
                daily.push(definition.name.clone());
            } else {
                every_day = true;
            }
        }
        if every_day && from.days_until(to) <= LONGEST_DAILY {
            let all = std::iter::successors(Some(from), |day| day.checked_add_days(1));
            days.extend(all.take_while(|day| *day <= to));
        }
        let mut events = self.events(facts, from, to);
        days.extend(events.keys().copied());
        let mut points: Vec<Point> = Vec::new();
        let mut before: BTreeMap<String, Json> = BTreeMap::new();
        for day in days {
            let mut evaluation = self.evaluate(facts, day, options);
            let mut changes = Vec::new();
            for (name, outcome) in self.outcomes(&mut evaluation, only) {
                let old = before.insert(name.clone(), outcome.clone());
                if old.as_ref() != Some(&outcome) {
                    changes.push((name, old, outcome));
                }
            }
            let happened = events.remove(&day).unwrap_or_default();
            let told = |(name, _, _): &(String, _, _)| !daily.contains(name);
            if !happened.is_empty() || changes.iter().any(told) {
                points.push(Point {
                    on: day,
                    events: happened,
                    changes,
                });
            }
        }
        Timeline {
            from,
            to,
            points,
            daily,
        }
    }

    /// The events and dated judgements of the facts by day.
    fn events(&self, facts: &Facts, from: Date, to: Date) -> BTreeMap<Date, Vec<String>> {
        let mut found: BTreeMap<Date, Vec<String>> = BTreeMap::new();
        if facts.misfit(self.ir()).is_some() {
            return found;
        }
        let mut add = |on: Date, name: String| {
            if from <= on && on <= to {
                found.entry(on).or_default().push(name);
            }
        };
        for (id, fact) in self.ir().facts.iter().enumerate() {
            let Slot::Given { value, on, .. } = facts.slot(id as u32) else {
                continue;
            };
            if let Some(on) = on {
                add(*on, fact.name.clone());
            }
            if let (FactKind::Event, Outcome::Known(Value::Date(on))) = (&fact.kind, value) {
                add(*on, fact.name.clone());
            }
            self.items(&fact.name, &fact.ty, value, &mut add);
        }
        found
    }

    /// The dated items and events inside a value.
    fn items(&self, path: &str, ty: &Type, value: &Outcome, add: &mut impl FnMut(Date, String)) {
        match (value, crate::eval::plain(ty)) {
            (Outcome::Known(Value::List(list)), Type::List(inner) | Type::Set(inner)) => {
                for (at, item) in list.items.iter().enumerate() {
                    self.items(&format!("{path}[{at}]"), inner, &item.value, add);
                }
            }
            (Outcome::Known(Value::Record(fields)), Type::Record(id)) => {
                let Some(record) = self.ir().records.get(*id as usize) else {
                    return;
                };
                for (at, (value, field)) in fields.iter().zip(&record.fields).enumerate() {
                    let path = format!("{path}.{}", field.name);
                    match value {
                        Outcome::Known(Value::Record(made))
                            if matches!(field.kind, FactKind::Judgement { .. })
                                && !matches!(crate::eval::plain(&field.ty), Type::Record(_)) =>
                        {
                            if let Some(Outcome::Known(Value::Date(on))) = made.get(1) {
                                add(*on, path);
                            }
                        }
                        Outcome::Known(Value::Date(on))
                            if field.kind == FactKind::Event || record.dated == Some(at as u32) =>
                        {
                            add(*on, path);
                        }
                        _ => self.items(&path, &field.ty, value, add),
                    }
                }
            }
            _ => {}
        }
    }

    /// A time line as JSON.
    #[must_use]
    pub fn timeline_json(&self, facts: &Facts, line: &Timeline) -> Json {
        let points: Vec<Json> = line
            .points
            .iter()
            .map(|point| {
                let mut changes = Map::new();
                for (name, from, to) in &point.changes {
                    changes.insert(name.clone(), json!({ "from": from, "to": to }));
                }
                json!({ "on": point.on.to_string(), "events": point.events, "changes": changes })
            })
            .collect();
        json!({
            "format": crate::result::RESULT_FORMAT,
            "program": self.ir().name,
            "version": self.ir().version,
            "id": facts.id(),
            "from": line.from.to_string(),
            "to": line.to.to_string(),
            "daily": line.daily,
            "points": points,
        })
    }
}

/// Whether values of a type may grow with the days.
fn counts_days(ty: &Type) -> bool {
    match crate::eval::plain(ty) {
        Type::Int | Type::Decimal | Type::Days | Type::Months => true,
        Type::List(inner) | Type::Set(inner) => counts_days(inner),
        _ => false,
    }
}
