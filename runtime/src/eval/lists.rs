//! Lists and sets, whose items may be in doubt.

use super::Evaluation;
use super::position::Places;
use crate::facts::Slot;
use crate::ir::item_type;
use crate::ir::{BinderId, NodeId, Op, Type};
use crate::key::{Key, in_order, key};
use crate::value::algebra::{
    Tally, both_present, bounds_of, either_present, error, hull, join, join_deep, may_fail, open,
    presence, present, strict, strict_and, strict_or, sure_bounds_of, truth, with_bounds,
    with_limits,
};
use crate::value::{Bounds, Item, Leaf, List, Number, Open, Outcome, Presence, Step, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A list as an outcome.
pub(super) fn list_of(items: Vec<Item>) -> Outcome {
    Outcome::Known(Value::List(Arc::new(List { items })))
}

/// A list that is not known: the same list's unknown item, with the list's own leaves marked `[*]`.
fn every_item(list: &Open) -> Outcome {
    let facts = list.facts.iter().map(|leaf| {
        let mut path = leaf.path.clone();
        path.push(Step::Every);
        Leaf {
            fact: leaf.fact,
            path,
        }
    });
    open(Open {
        facts: facts.collect(),
        judgements: list.judgements.clone(),
        because: list.because.clone(),
        bounds: list.bounds,
        may_fail: list.may_fail,
        not_none: false,
    })
}

impl Evaluation<'_> {
    /// The items of a list, or the outcome that takes their place.
    pub(super) fn list(&mut self, id: NodeId) -> Result<Arc<List>, Outcome> {
        match self.eval(id) {
            Outcome::Known(Value::List(list)) => {
                if self.spend(list.items.len()) {
                    Ok(list)
                } else {
                    Err(self.out_of_steps())
                }
            }
            Outcome::Known(_) => Err(error("none where a list is expected")),
            // The list is not none; its items, for which the outcome will stand, may be.
            Outcome::Open(needs) => Err(open(Open {
                not_none: false,
                ..Open::clone(&needs)
            })),
            other @ (Outcome::NotApplicable(_) | Outcome::Error(_)) => Err(other),
        }
    }

    pub(super) fn filter(&mut self, list: NodeId, binder: BinderId, body: NodeId) -> Outcome {
        let items = match self.list(list) {
            Ok(items) => items,
            Err(Outcome::Open(list)) => return self.filter_unknown(&list, binder, body),
            Err(instead) => return instead,
        };
        let mut kept = Vec::new();
        for item in &items.items {
            let condition = self.with_item(binder, &item.value, |e| e.eval(body));
            if let Some(presence) = presence(&condition) {
                kept.push(Item {
                    presence: both_present(&item.presence, &presence),
                    value: item.value.clone(),
                });
            }
        }
        list_of(kept)
    }

    /// An unknown list filtered: empty if nothing could pass, else what the list and the condition need.
    fn filter_unknown(&mut self, list: &Arc<Open>, binder: BinderId, body: NodeId) -> Outcome {
        let item = every_item(list);
        match self.with_item(binder, &item, |e| e.eval(body)) {
            // A list that may not come about at all is not empty yet.
            Outcome::Known(Value::Bool(false)) | Outcome::NotApplicable(_) if list.may_fail => {
                Outcome::Open(list.clone())
            }
            Outcome::Known(Value::Bool(false)) | Outcome::NotApplicable(_) => list_of(Vec::new()),
            Outcome::Open(condition) => {
                let mut needs = Open::clone(list);
                let foreign = condition
                    .facts
                    .iter()
                    .filter(|leaf| !list.facts.iter().any(|own| is_inside(leaf, own)));
                needs.facts.extend(foreign.cloned());
                needs
                    .judgements
                    .extend(condition.judgements.iter().cloned());
                needs.may_fail |= condition.may_fail;
                open(needs)
            }
            Outcome::Error(_) => may_fail(Outcome::Open(list.clone())),
            Outcome::Known(_) => Outcome::Open(list.clone()),
        }
    }

    pub(super) fn map(&mut self, list: NodeId, binder: BinderId, body: NodeId) -> Outcome {
        let items = match self.list(list) {
            Ok(items) => items,
            Err(Outcome::Open(list)) => return self.map_unknown(&list, binder, body),
            Err(instead) => return instead,
        };
        let mut mapped = Vec::with_capacity(items.items.len());
        let mut places = Places::default();
        for item in &items.items {
            let place = places.outcome();
            places.pass(&item.presence);
            mapped.push(Item {
                presence: item.presence.clone(),
                value: self.with_item_at(binder, place, &item.value, |e| e.eval(body)),
            });
        }
        list_of(mapped)
    }

    /// An unknown list mapped: open, with the limits of any one item; a leaf inside an item stands for
    /// the list's own leaf.
    fn map_unknown(&mut self, list: &Arc<Open>, binder: BinderId, body: NodeId) -> Outcome {
        let item = every_item(list);
        let place = with_limits(
            Outcome::Open(list.clone()),
            Bounds {
                low: Some(Number::ONE),
                high: None,
            },
        );
        let value = self.with_item_at(binder, place, &item, |e| e.eval(body));
        let mut needs = Open {
            judgements: list.judgements.clone(),
            bounds: bounds_of(&value),
            may_fail: list.may_fail,
            ..Open::default()
        };
        join_deep(&mut needs, &value);
        let inside = needs.facts.clone();
        // The item as a whole says no more than the list itself.
        if let Outcome::Open(whole) = &item {
            for leaf in &whole.facts {
                needs.facts.remove(leaf);
            }
        }
        for leaf in &list.facts {
            let deeper = inside
                .iter()
                .any(|other| is_inside(other, leaf) && other.path.len() > leaf.path.len() + 1);
            // A fact that is given is asked for by a rule in words: as it stands, not for what its items lack.
            let given = matches!(self.facts.slot(leaf.fact), Slot::Given { .. });
            let in_words = leaf.path.is_empty() && given;
            if in_words {
                needs.facts.retain(|other| !is_inside(other, leaf));
            }
            if in_words || !deeper {
                needs.facts.insert(leaf.clone());
            }
        }
        open(needs)
    }

    pub(super) fn flatten(&mut self, list: NodeId) -> Outcome {
        let outer = match self.list(list) {
            Ok(outer) => outer,
            Err(instead) => return instead,
        };
        let mut flat = Vec::new();
        let mut problems = Vec::new();
        for item in &outer.items {
            match &item.value {
                Outcome::Known(Value::List(inner)) => {
                    if !self.spend(inner.items.len()) {
                        return self.out_of_steps();
                    }
                    flat.extend(inner.items.iter().map(|inner| Item {
                        presence: both_present(&item.presence, &inner.presence),
                        value: inner.value.clone(),
                    }));
                }
                Outcome::Known(_) => problems.push(error("none where a list is expected")),
                other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
                    problems.push(present(&item.presence));
                    problems.push(other.clone());
                }
            }
        }
        match strict(&problems) {
            Some(instead) => {
                let inner = outer.items.iter().map(|item| &item.value);
                let inner = inner.filter(|value| matches!(value, Outcome::Open(_)));
                open_list(instead, &flat, inner.map(bounds_of).reduce(hull))
            }
            None => list_of(flat),
        }
    }

    pub(super) fn concat(&mut self, a: NodeId, b: NodeId) -> Outcome {
        match (self.list(a), self.list(b)) {
            (Ok(a), Ok(b)) => list_of(a.items.iter().chain(&b.items).cloned().collect()),
            (Ok(list), Err(other)) | (Err(other), Ok(list)) => {
                let others = bounds_of(&other);
                open_list(other, &list.items, Some(others))
            }
            (Err(a), Err(b)) => {
                let limits = hull(bounds_of(&a), bounds_of(&b));
                let joined = strict([&a, &b]).unwrap_or_else(|| error("not a list"));
                with_bounds(joined, limits)
            }
        }
    }

    /// The items of a list of conditions; what is not applicable does not count.
    fn conditions(&mut self, list: NodeId) -> Result<Vec<(Presence, Outcome)>, Outcome> {
        Ok(self
            .unordered(list)?
            .items
            .iter()
            .filter(|item| !matches!(item.value, Outcome::NotApplicable(_)))
            .map(|item| (item.presence.clone(), item.value.clone()))
            .collect())
    }

    pub(super) fn any_item(&mut self, list: NodeId) -> Outcome {
        match self.conditions(list) {
            Ok(conditions) => {
                let mut tally = Tally::default();
                for (presence, value) in &conditions {
                    tally.add_strict(&strict_and(&present(presence), value));
                }
                tally.or()
            }
            Err(instead) => with_bounds(instead, Bounds::default()),
        }
    }

    pub(super) fn all_items(&mut self, list: NodeId) -> Outcome {
        match self.conditions(list) {
            Ok(conditions) => {
                let mut tally = Tally::default();
                for (presence, value) in &conditions {
                    let absent = crate::value::algebra::not(&present(presence));
                    tally.add_strict(&strict_or(&absent, value));
                }
                tally.and()
            }
            Err(instead) => with_bounds(instead, Bounds::default()),
        }
    }

    pub(super) fn at_least_items(&mut self, a: NodeId, b: NodeId) -> Outcome {
        // The count and the list are told apart by their types.
        let list_first = matches!(crate::ir::plain(self.ty(a)), Type::List(_) | Type::Set(_));
        let (k, list) = if list_first { (b, a) } else { (a, b) };
        let k = self.eval(k);
        match self.conditions(list) {
            Ok(conditions) => {
                let mut tally = Tally::default();
                for (presence, value) in &conditions {
                    tally.add_strict(&strict_and(&present(presence), value));
                }
                tally.at_least(&k, true)
            }
            Err(instead) => {
                let none_asked = sure_bounds_of(&k)
                    .high
                    .is_some_and(|k| k <= Number::from_i64(0));
                match &instead {
                    Outcome::Open(needs) if none_asked && !needs.may_fail => truth(true),
                    Outcome::Known(_)
                    | Outcome::Open(_)
                    | Outcome::NotApplicable(_)
                    | Outcome::Error(_) => strict([&instead, &k]).unwrap_or(instead),
                }
            }
        }
    }

    pub(super) fn distinct(&mut self, list: NodeId) -> Outcome {
        match self.without_repeats(list) {
            Ok((_, Some(order))) => open(order),
            Ok((kept, None)) => list_of(kept),
            Err(instead) => instead,
        }
    }

    /// A list without its repeats, as a set.
    pub(super) fn set_of(&mut self, list: NodeId) -> Outcome {
        match self.without_repeats(list) {
            Ok((kept, _)) => list_of(in_order(self.ir(), kept, item_type(self.ty(list)))),
            Err(instead) => instead,
        }
    }

    /// The items of a list for who does not ask for their order.
    pub(super) fn unordered(&mut self, list: NodeId) -> Result<Arc<List>, Outcome> {
        match (self.list(list), self.op(list)) {
            (Err(Outcome::Open(_)), Some(&Op::Distinct(whole))) => self
                .without_repeats(whole)
                .map(|(items, _)| Arc::new(List { items })),
            (found, _) => found,
        }
    }

    /// Every value once, where it stands first; and what that order hangs on where it is open: with the first of
    /// equal values in doubt, the others that stand before the second may come before it.
    fn without_repeats(&mut self, id: NodeId) -> Result<(Vec<Item>, Option<Open>), Outcome> {
        let list = self.list(id)?;
        let inner = item_type(self.ty(id));
        let values: Vec<Outcome> = list.items.iter().map(|item| item.value.clone()).collect();
        let first = self.first_equals(&list, &values, inner)?;
        let mut at: BTreeMap<usize, usize> = BTreeMap::new();
        let mut kept: Vec<Item> = Vec::new();
        let mut order: Option<Open> = None;
        for (index, (item, first)) in list.items.iter().zip(first).enumerate() {
            let is_last = at.get(&first).is_none_or(|at| at + 1 == kept.len());
            if let Some(slot) = at.get(&first).and_then(|at| kept.get_mut(*at)) {
                if let (false, Presence::Open(before)) = (is_last, &slot.presence) {
                    let order = order.get_or_insert_default();
                    join(order, before);
                    if let Presence::Open(own) = &item.presence {
                        join(order, own);
                    }
                }
                slot.presence = either_present(&slot.presence, &item.presence);
            } else {
                at.insert(index, kept.len());
                kept.push(item.clone());
            }
        }
        Ok((kept, order))
    }

    /// For every value the place of the first that equals it, or the outcome that takes the place of
    /// the whole list: which of the values are equal must be certain.
    fn first_equals(
        &mut self,
        list: &List,
        values: &[Outcome],
        ty: &Type,
    ) -> Result<Vec<usize>, Outcome> {
        let keys: Vec<Option<Key>> = values
            .iter()
            .map(|value| key(self.ir(), value, ty).ok())
            .collect();
        let mut at: BTreeMap<&Key, usize> = BTreeMap::new();
        let mut found = Vec::with_capacity(values.len());
        let mut problems = Vec::new();
        for (index, (value, own)) in values.iter().zip(&keys).enumerate() {
            let Some(own) = own else {
                found.push(index);
                if !self.spend(values.len()) {
                    return Err(error("evaluation takes too many steps"));
                }
                // Parts of it are in doubt: certainly different from all others, or in the way.
                for (other, (against, key)) in values.iter().zip(&keys).enumerate() {
                    if other == index || (other > index && key.is_none()) {
                        continue;
                    }
                    let same = self.equal(value, against, ty, ty);
                    if same != truth(false) {
                        let doubts = [index, other]
                            .into_iter()
                            .filter_map(|at| list.items.get(at));
                        problems.extend(doubts.map(|item| present(&item.presence)));
                        problems.push(same);
                    }
                }
                continue;
            };
            found.push(*at.entry(own).or_insert(index));
        }
        match strict(&problems) {
            Some(open @ Outcome::Open(_)) => Err(open_list(open, &list.items, None)),
            Some(instead) => Err(instead),
            // Two values that are equal although parts of them are in doubt: there are none.
            None => Ok(found),
        }
    }

    /// The key of every item, or the outcome that takes the place of the whole list.
    fn keys(&mut self, list: &List, binder: BinderId, body: NodeId) -> Result<Vec<Key>, Outcome> {
        let ty = self.ty(body);
        let mut keys = Vec::with_capacity(list.items.len());
        for item in &list.items {
            let value = self.with_item(binder, &item.value, |e| e.eval(body));
            keys.push(key(self.ir(), &value, ty));
        }
        if let Some(instead) = unsettled(list, &keys) {
            return Err(instead);
        }
        Ok(keys.into_iter().filter_map(Result::ok).collect())
    }

    pub(super) fn sort(
        &mut self,
        id: NodeId,
        binder: BinderId,
        body: NodeId,
        descending: bool,
    ) -> Outcome {
        let list = match self.list(id) {
            Ok(list) => list,
            Err(instead) => return instead,
        };
        if list.items.len() < 2 {
            return Outcome::Known(Value::List(list));
        }
        let keys = match self.keys(&list, binder, body) {
            Ok(keys) => keys,
            Err(instead) => return instead,
        };
        if keys.contains(&Key::None) {
            return error("none compared");
        }
        let mut order: Vec<(Key, Item)> =
            keys.into_iter().zip(list.items.iter().cloned()).collect();
        order.sort_by(
            |(a, _), (b, _)| {
                if descending { b.cmp(a) } else { a.cmp(b) }
            },
        );
        list_of(order.into_iter().map(|(_, item)| item).collect())
    }

    pub(super) fn group_by(&mut self, id: NodeId, binder: BinderId, body: NodeId) -> Outcome {
        let list = match self.list(id) {
            Ok(list) => list,
            Err(instead) => return instead,
        };
        let ty = self.ty(body);
        let mut keys = Vec::with_capacity(list.items.len());
        for item in &list.items {
            keys.push(self.with_item(binder, &item.value, |e| e.eval(body)));
        }
        let first = match self.first_equals(&list, &keys, ty) {
            Ok(first) => first,
            Err(instead) => return instead,
        };
        let mut at: BTreeMap<usize, usize> = BTreeMap::new();
        let mut groups: Vec<(Outcome, Presence, Vec<Item>)> = Vec::new();
        for (index, (item, first)) in list.items.iter().zip(first).enumerate() {
            if let Some((_, group, items)) = at.get(&first).and_then(|at| groups.get_mut(*at)) {
                *group = either_present(group, &item.presence);
                items.push(item.clone());
            } else {
                let Some(key) = keys.get(index).cloned() else {
                    continue;
                };
                at.insert(index, groups.len());
                groups.push((key, item.presence.clone(), vec![item.clone()]));
            }
        }
        // Groups stand by first occurrence, which is not known while an item in doubt opens one that
        // others would open later.
        let uncertain_order = groups.len() > 1
            && groups.iter().any(|(_, _, items)| {
                items.len() > 1
                    && items
                        .first()
                        .is_some_and(|i| i.presence != Presence::Certain)
            });
        if uncertain_order {
            let mut needs = Open::default();
            join_deep(&mut needs, &Outcome::Known(Value::List(list)));
            return open(needs);
        }
        list_of(
            groups
                .into_iter()
                .map(|(key, presence, items)| Item {
                    presence,
                    value: Self::group(key, items),
                })
                .collect(),
        )
    }
}

/// Whether a leaf lies inside (or is) another.
fn is_inside(leaf: &Leaf, outer: &Leaf) -> bool {
    leaf.fact == outer.fact && leaf.path.starts_with(&outer.path)
}

/// A list that is open: with the needs of the items there are, and the limits any one of its items has.
pub(super) fn open_list(outcome: Outcome, items: &[Item], others: Option<Bounds>) -> Outcome {
    let Outcome::Open(needs) = &outcome else {
        return outcome;
    };
    let mut joined = Open::clone(needs);
    join_deep(&mut joined, &list_of(items.to_vec()));
    let limits = items.iter().map(|item| bounds_of(&item.value));
    joined.bounds = limits.chain(others).reduce(hull).unwrap_or_default();
    open(joined)
}

/// The outcome that takes the place of a list some of whose keys are not known.
fn unsettled(list: &List, keys: &[Result<Key, Outcome>]) -> Option<Outcome> {
    let problems: Vec<Outcome> = list
        .items
        .iter()
        .zip(keys)
        .filter_map(|(item, key)| {
            let problem = key.as_ref().err()?;
            // A problem with an item that may not be there is a doubt, whatever it is.
            match &item.presence {
                Presence::Open(needs) => {
                    let mut needs = Open::clone(needs);
                    if let Outcome::Open(more) = problem {
                        join(&mut needs, more);
                    }
                    Some(open(needs))
                }
                Presence::Certain | Presence::NotApplicable(_) | Presence::Error(_) => {
                    Some(problem.clone())
                }
            }
        })
        .collect();
    match strict(&problems) {
        Some(open @ Outcome::Open(_)) => Some(open_list(open, &list.items, None)),
        other => other,
    }
}
