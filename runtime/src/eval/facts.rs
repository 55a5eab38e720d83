//! Facts, events and judgements: what is given, what is assumed, derived or hidden.

use super::{Evaluation, Memory};
use crate::facts::Slot;
use crate::ir::plain;
use crate::ir::{Fact, FactId, FactKind, NodeId, Range, Type};
use crate::value::algebra::{Tally, both_present, error, open, strict_and, truth};
use crate::value::{Bounds, Item, Leaf, List, Number, Open, Outcome, Presence, Step, Value};
use std::sync::Arc;

/// Kinds of notes about a fact, in the order they are told.
const HIDDEN: u8 = 0;
const DIFFERS: u8 = 1;
pub(super) const WAITS: u8 = 2;

impl<'a> Evaluation<'a> {
    pub(super) fn fact(&mut self, id: FactId) -> Outcome {
        let Some(fact) = self.ir().facts.get(id as usize) else {
            return error("no such fact");
        };
        self.touched.insert(id);
        match self.given(id) {
            Some(value) => self.seen(id, fact, value),
            None => self.absent(id, fact),
        }
    }

    /// The value in the facts that counts on this day.
    fn given(&self, id: FactId) -> Option<&'a Outcome> {
        match self.facts.slot(id) {
            Slot::Absent => None,
            Slot::Given { value, on, .. } => {
                (!on.is_some_and(|on| on > self.now.seen)).then_some(value)
            }
        }
    }

    pub(super) fn recorded(&mut self, id: FactId) -> Outcome {
        truth(self.given(id).is_some())
    }

    fn absent(&mut self, id: FactId, fact: &Fact) -> Outcome {
        if let Some(derived) = fact.derived {
            return self.derived(id, fact, derived);
        }
        if let Some(assume) = fact.assume
            && !self.unassumed.contains(&id)
        {
            self.assumed.insert(id);
            return self.eval(assume);
        }
        let mut needs = Open {
            bounds: self.declared(&fact.ty, fact.range.as_ref()),
            not_none: !matches!(fact.ty, Type::Optional(_)),
            ..Open::default()
        };
        match fact.kind {
            FactKind::Judgement { .. } => needs.judgements.insert(Leaf::fact(id)),
            FactKind::Given | FactKind::Event => needs.facts.insert(Leaf::fact(id)),
        };
        open(needs)
    }

    /// A fact computed from others: where nothing of these is given, the fact itself is asked for.
    fn derived(&mut self, id: FactId, fact: &Fact, node: NodeId) -> Outcome {
        let outcome = self.eval(node);
        if outcome == Outcome::Known(Value::None) && !matches!(fact.ty, Type::Optional(_)) {
            return open(Open {
                facts: [Leaf::fact(id)].into(),
                bounds: self.declared(&fact.ty, fact.range.as_ref()),
                not_none: true,
                ..Open::default()
            });
        }
        let Outcome::Open(inner) = &outcome else {
            return outcome;
        };
        let whole = |leaf: &Leaf| {
            matches!(leaf.path.first(), None | Some(Step::Every))
                && matches!(self.facts.slot(leaf.fact), Slot::Absent)
        };
        if inner.facts.is_empty() || !inner.facts.iter().all(whole) {
            return outcome;
        }
        let mut needs = Open::clone(inner);
        needs.facts.clear();
        needs.facts.insert(Leaf::fact(id));
        // It is what would be derived, supplied or not: its limits are those of the derivation, however
        // much of it is there. A declared range says nothing of a derived value.
        if needs.bounds == Bounds::default() {
            needs.bounds = self.declared(&fact.ty, None);
        }
        needs.not_none |= !matches!(fact.ty, Type::Optional(_));
        open(needs)
    }

    /// The limits of an open value by its declaration.
    fn declared(&self, ty: &Type, range: Option<&Range>) -> Bounds {
        let mut limits = Bounds {
            low: range.and_then(|range| range.low),
            high: range.and_then(|range| range.high),
        };
        if let Type::Enum(id) = plain(ty) {
            let count = self
                .ir()
                .enums
                .get(*id as usize)
                .map_or(0, |e| e.values.len());
            if let Some(last) = i64::try_from(count).ok().and_then(|n| n.checked_sub(1)) {
                limits.low = limits.low.or(Some(Number::from_i64(0)));
                limits.high = limits.high.or(Some(Number::from_i64(last)));
            }
        }
        limits
    }

    /// A given value without what has not happened yet on this day.
    fn seen(&mut self, id: FactId, fact: &Fact, value: &Outcome) -> Outcome {
        if !self.program.tables().fact_is_dated(id) {
            return value.clone();
        }
        let mut hidden = 0;
        let mut visible = self.hide(value, &fact.ty, &mut hidden);
        let event = fact.kind == FactKind::Event;
        if event && self.is_later(&visible) {
            visible = Outcome::Known(Value::None);
            hidden += 1;
        }
        if hidden > 0 && self.now == self.outer {
            let day = self.outer.today;
            let text = match hidden {
                _ if event => format!("`{}` is later than {day} and is not seen", fact.name),
                1 => format!(
                    "`{}`: 1 item or date later than {day} is not seen",
                    fact.name
                ),
                n => format!(
                    "`{}`: {n} items or dates later than {day} are not seen",
                    fact.name
                ),
            };
            self.notes.insert((id, HIDDEN), text);
        }
        visible
    }

    fn is_later(&self, value: &Outcome) -> bool {
        matches!(value, Outcome::Known(Value::Date(date)) if *date > self.now.seen)
    }

    /// Whether a day that is not known lies within what is seen all the same.
    fn is_seen_by_its_range(&self, needs: &Open) -> bool {
        let seen = Number::from_i64(i64::from(self.now.seen.days()));
        needs.bounds.high.is_some_and(|latest| latest <= seen)
    }

    fn hide(&mut self, value: &Outcome, ty: &Type, hidden: &mut u64) -> Outcome {
        if !self.program.tables().hides(ty) {
            return value.clone();
        }
        match (value, plain(ty)) {
            (Outcome::Known(Value::List(list)), Type::List(inner) | Type::Set(inner)) => {
                let dated = self
                    .ir()
                    .record_of(plain(inner))
                    .and_then(|record| record.dated);
                self.spend(list.items.len());
                let mut items = Vec::with_capacity(list.items.len());
                for item in &list.items {
                    let mut presence = item.presence.clone();
                    match dated.and_then(|field| field_of(&item.value, field)) {
                        Some(date) if self.is_later(date) => {
                            *hidden += 1;
                            continue;
                        }
                        Some(Outcome::Open(needs)) => {
                            presence = both_present(&presence, &Presence::Open(needs.clone()));
                        }
                        _ => {}
                    }
                    items.push(Item {
                        presence,
                        value: self.hide(&item.value, inner, hidden),
                    });
                }
                Outcome::Known(Value::List(Arc::new(List { items })))
            }
            (Outcome::Known(Value::Record(fields)), Type::Record(id)) => {
                let Some(record) = self.ir().records.get(*id as usize) else {
                    return value.clone();
                };
                // One dated record that may be none is none before its day, and without its day it may be.
                if matches!(ty, Type::Optional(_))
                    && let Some(date) = record.dated.and_then(|at| fields.get(at as usize))
                {
                    match date {
                        date if self.is_later(date) => {
                            *hidden += 1;
                            return Outcome::Known(Value::None);
                        }
                        Outcome::Open(needs) if !self.is_seen_by_its_range(needs) => {
                            // None, or a record with whatever else is missing in it.
                            let mut all = value.missing();
                            all.may_fail |= needs.may_fail;
                            return open(all);
                        }
                        Outcome::Known(_)
                        | Outcome::Open(_)
                        | Outcome::NotApplicable(_)
                        | Outcome::Error(_) => {}
                    }
                }
                let mut seen = Vec::with_capacity(fields.len());
                for (value, field) in fields.iter().zip(&record.fields) {
                    match (&field.kind, value) {
                        (FactKind::Event, value) if self.is_later(value) => {
                            *hidden += 1;
                            seen.push(Outcome::Known(Value::None));
                        }
                        (FactKind::Judgement { .. }, Outcome::Known(Value::Record(made))) => {
                            seen.push(self.made_by_now(made, hidden));
                        }
                        _ => seen.push(self.hide(value, &field.ty, hidden)),
                    }
                }
                Outcome::Known(Value::Record(seen.into()))
            }
            _ => value.clone(),
        }
    }

    /// A judgement field that says when it was made (see [`crate::facts::dated_judgement`]).
    fn made_by_now(&self, made: &[Outcome], hidden: &mut u64) -> Outcome {
        let [value, on, not_yet] = made else {
            return error("not a judgement");
        };
        if self.is_later(on) {
            *hidden += 1;
            not_yet.clone()
        } else {
            value.clone()
        }
    }

    pub(super) fn recorded_field(&mut self, record: NodeId, field: u32) -> Outcome {
        match self.eval(record) {
            Outcome::Known(Value::Record(fields)) => match fields.get(field as usize) {
                Some(Outcome::Open(open)) => truth(!open.facts.is_empty()),
                Some(_) => truth(true),
                None => error("no such field"),
            },
            Outcome::Known(_) => truth(false),
            other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => other,
        }
    }

    pub(super) fn field(&mut self, record: NodeId, field: u32, ty: &Type) -> Outcome {
        match self.eval(record) {
            Outcome::Known(Value::Record(fields)) => fields
                .get(field as usize)
                .cloned()
                .unwrap_or_else(|| error("no such field")),
            Outcome::Known(Value::None) if matches!(ty, Type::Optional(_)) => {
                Outcome::Known(Value::None)
            }
            Outcome::Known(_) => error("a field of none"),
            Outcome::Open(needs) => {
                let record_ty = plain(self.ty(record));
                let record = self.ir().record_of(record_ty);
                let range = record.and_then(|record| record.fields.get(field as usize));
                let mut all_here = true;
                let facts = needs.facts.iter().map(|leaf| {
                    let mut leaf = leaf.clone();
                    if crate::ir::input(self.ir(), &leaf).map(|(ty, _)| plain(ty))
                        == Some(record_ty)
                    {
                        leaf.path.push(Step::Field(field));
                    } else {
                        all_here = false;
                    }
                    leaf
                });
                let facts = facts.collect();
                let declared = range.map_or(ty, |field| &field.ty);
                let not_none = needs.not_none && !matches!(declared, Type::Optional(_));
                // Only the record itself is missing: its field lies within the declared range.
                let bounds = match range {
                    Some(field) if all_here && needs.judgements.is_empty() => {
                        self.declared(&field.ty, field.range.as_ref())
                    }
                    _ => Bounds::default(),
                };
                open(Open {
                    facts,
                    judgements: needs.judgements.clone(),
                    because: needs.because.clone(),
                    bounds,
                    may_fail: needs.may_fail,
                    not_none,
                })
            }
            other @ (Outcome::NotApplicable(_) | Outcome::Error(_)) => other,
        }
    }

    /// The items of a fact that holds grants; a fact that is not there grants nothing.
    pub(super) fn grants(&mut self, fact: FactId) -> Outcome {
        if self.given(fact).is_some() {
            return self.fact(fact);
        }
        if self.unassumed.contains(&fact) {
            return open(Open {
                facts: [Leaf::fact(fact)].into(),
                not_none: true,
                ..Open::default()
            });
        }
        self.assumed.insert(fact);
        Outcome::Known(Value::List(Arc::default()))
    }

    pub(super) fn granted(&mut self, fact: FactId, row: &str, tier: u32) -> Outcome {
        let list = match self.grants(fact) {
            Outcome::Known(Value::List(list)) => list,
            Outcome::Known(_) => return truth(false),
            other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
                return other;
            }
        };
        if !self.spend(list.items.len()) {
            return self.out_of_steps();
        }
        let mut tally = Tally::default();
        for item in &list.items {
            let here = crate::value::algebra::present(&item.presence);
            tally.add(&strict_and(
                &here,
                &self.grant_applies(&item.value, row, tier),
            ));
        }
        tally.or()
    }

    /// Whether one grant lifts a row for a tier on this day.
    fn grant_applies(&self, grant: &Outcome, row: &str, tier: u32) -> Outcome {
        let Outcome::Known(Value::Record(fields)) = grant else {
            return grant.clone();
        };
        let today = self.now.today;
        let check = |index: usize, holds: &dyn Fn(&Value) -> bool| match fields.get(index) {
            None => truth(true),
            Some(Outcome::Known(value)) => truth(holds(value)),
            Some(other) => other.clone(),
        };
        let mut tally = Tally::default();
        tally.add(&check(
            0,
            &|value| matches!(value, Value::Text(name) if name.as_ref() == row),
        ));
        tally.add(&check(1, &|value| {
            *value == Value::None || *value == Value::Enum(tier)
        }));
        tally.add(&check(4, &|value| match value {
            Value::Date(from) => *from <= today,
            Value::None
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Enum(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Record(_) => true,
        }));
        tally.add(&check(5, &|value| match value {
            Value::Date(through) => today <= *through,
            Value::None
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Enum(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Record(_) => true,
        }));
        tally.and()
    }

    /// The last day of the grant that lifts a row for a tier, the latest if there are several.
    pub(super) fn granted_through(
        &mut self,
        fact: FactId,
        row: &str,
        tier: u32,
    ) -> Option<crate::value::Date> {
        let Outcome::Known(Value::List(list)) = self.grants(fact) else {
            return None;
        };
        let mut latest = None;
        for item in &list.items {
            if self.grant_applies(&item.value, row, tier) != truth(true) {
                continue;
            }
            match field_of(&item.value, 5) {
                Some(Outcome::Known(Value::Date(date))) => latest = latest.max(Some(*date)),
                _ => return None,
            }
        }
        latest
    }

    /// Notes facts that were supplied although they could be derived, and differ.
    pub(super) fn compare_supplied_with_derived(&mut self) {
        let fresh = Memory::new(self.ir().nodes.len());
        let kept = (
            std::mem::replace(&mut self.memory, fresh),
            self.assumed.clone(),
            self.readings.clone(),
            self.touched.clone(),
            self.steps,
            self.told.clone(),
        );
        for id in &kept.3 {
            let Some(fact) = self.ir().facts.get(*id as usize) else {
                continue;
            };
            let (Some(node), Some(supplied)) = (fact.derived, self.given(*id)) else {
                continue;
            };
            let derived = self.eval(node);
            if self.equal(supplied, &derived, &fact.ty, &fact.ty) == truth(false) {
                let text = format!(
                    "`{}` is supplied as {} and differs from {}, derived from the other facts; the supplied value is used",
                    fact.name,
                    crate::reply::plain_text(self.ir(), &fact.ty, supplied),
                    crate::reply::plain_text(self.ir(), &fact.ty, &derived),
                );
                self.notes.insert((*id, DIFFERS), text);
            }
        }
        (
            self.memory,
            self.assumed,
            self.readings,
            self.touched,
            self.steps,
            self.told,
        ) = kept;
    }
}

/// A field of a record that is there.
fn field_of(record: &Outcome, field: u32) -> Option<&Outcome> {
    match record {
        Outcome::Known(Value::Record(fields)) => fields.get(field as usize),
        Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => {
            None
        }
    }
}
