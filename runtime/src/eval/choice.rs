//! Choosing between values: cases, exceptions, scopes.

use super::algebra::{
    both_present, bounds_of, error, hull, join, join_deep, open, presence, truth,
};
use super::equality::{Key, field_type, is_ordered, key};
use super::{Evaluation, item_type, plain};
use crate::ir::{Exception, NodeId, Type};
use crate::value::{Item, List, Open, Outcome, Presence, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Evaluation<'_> {
    pub(super) fn cases(
        &mut self,
        cases: &[(NodeId, NodeId)],
        otherwise: Option<NodeId>,
        ty: &Type,
    ) -> Outcome {
        let mut needs = Open::default();
        let mut candidates = Vec::new();
        let mut last = None;
        for (guard, value) in cases {
            match self.eval(*guard) {
                Outcome::Known(Value::Bool(true)) => {
                    last = Some(self.eval(*value));
                    break;
                }
                Outcome::Known(Value::Bool(false)) | Outcome::NotApplicable(_) => {}
                Outcome::Known(_) => {
                    last = Some(error("not a truth value"));
                    break;
                }
                Outcome::Open(guard) => {
                    join(&mut needs, &guard);
                    candidates.push(self.eval(*value));
                }
                failed @ Outcome::Error(_) => {
                    last = Some(failed);
                    break;
                }
            }
        }
        let last = match (last, otherwise) {
            (Some(last), _) => Some(last),
            (None, Some(otherwise)) => Some(self.eval(otherwise)),
            (None, None) => None,
        };
        match last {
            Some(last) if candidates.is_empty() => return last,
            Some(last) => candidates.push(last),
            None if candidates.is_empty() => return error("no case applies"),
            None => {}
        }
        self.settle(&needs, &candidates, ty)
    }

    /// The outcome when `needs` decide between the candidates: theirs if it is all the same, else open.
    pub(super) fn settle(&self, needs: &Open, candidates: &[Outcome], ty: &Type) -> Outcome {
        if self.all_same(candidates, ty)
            && let Some(first) = candidates.first()
        {
            return first.clone();
        }
        if let Some(merged) = self.merge(needs, candidates, ty) {
            return merged;
        }
        let mut result = Open::default();
        join(&mut result, needs);
        for candidate in candidates {
            join_deep(&mut result, candidate);
        }
        let is_number = |outcome: &&Outcome| !matches!(outcome, Outcome::Known(Value::None));
        if is_ordered(ty) {
            result.bounds = candidates
                .iter()
                .filter(is_number)
                .map(bounds_of)
                .reduce(hull)
                .unwrap_or_default();
        }
        open(result)
    }

    /// Like `settle` where candidates that differ may also turn out to clash: nothing but their needs
    /// is known then.
    fn settle_or_clash(&self, needs: &Open, candidates: &[Outcome], ty: &Type) -> Outcome {
        if self.all_same(candidates, ty) {
            return self.settle(needs, candidates, ty);
        }
        let mut result = Open::default();
        join(&mut result, needs);
        for candidate in candidates {
            join_deep(&mut result, candidate);
        }
        open(result)
    }

    /// Records are settled field by field, sets item by item: what the candidates agree on is known.
    fn merge(&self, needs: &Open, candidates: &[Outcome], ty: &Type) -> Option<Outcome> {
        match plain(ty) {
            Type::Record(_) => {
                let mut records = Vec::new();
                for candidate in candidates {
                    match candidate {
                        Outcome::Known(Value::Record(fields)) => records.push(fields),
                        _ => return None,
                    }
                }
                let width = records.first()?.len();
                let fields: Vec<Outcome> = (0..width)
                    .map(|index| {
                        let values: Vec<Outcome> = records
                            .iter()
                            .filter_map(|fields| fields.get(index).cloned())
                            .collect();
                        self.settle(needs, &values, field_type(self.ir(), ty, index))
                    })
                    .collect();
                Some(Outcome::Known(Value::Record(fields.into())))
            }
            Type::Set(inner) => {
                let mut sets: Vec<BTreeMap<Key, &Item>> = Vec::new();
                let mut order: Vec<(Key, &Item)> = Vec::new();
                for candidate in candidates {
                    let Outcome::Known(Value::List(list)) = candidate else {
                        return None;
                    };
                    let mut set = BTreeMap::new();
                    for item in &list.items {
                        let key = key(self.ir(), &item.value, inner).ok()?;
                        if matches!(item.presence, Presence::Error(_)) {
                            return None;
                        }
                        if !order.iter().any(|(known, _)| *known == key) {
                            order.push((key.clone(), item));
                        }
                        set.insert(key, item);
                    }
                    sets.push(set);
                }
                let doubt = Presence::Open(Arc::new(Open {
                    facts: needs.facts.clone(),
                    judgements: needs.judgements.clone(),
                    ..Open::default()
                }));
                let items = order
                    .into_iter()
                    .map(|(key, item)| {
                        let found: Vec<&&Item> = sets.iter().filter_map(|s| s.get(&key)).collect();
                        let everywhere = found.len() == sets.len();
                        let start = if everywhere
                            && found.iter().all(|i| i.presence == Presence::Certain)
                        {
                            Presence::Certain
                        } else {
                            doubt.clone()
                        };
                        Item {
                            presence: found.iter().fold(start, |presence, item| {
                                both_present(&presence, &item.presence)
                            }),
                            value: item.value.clone(),
                        }
                    })
                    .collect();
                Some(Outcome::Known(Value::List(Arc::new(List { items }))))
            }
            _ => None,
        }
    }

    pub(super) fn exceptions(
        &mut self,
        base: NodeId,
        exceptions: &[Exception],
        beats: &[(u32, u32)],
        ty: &Type,
    ) -> Outcome {
        let guards: Vec<Outcome> = exceptions.iter().map(|e| self.eval(e.guard)).collect();
        let is_true = |index: usize| guards.get(index) == Some(&truth(true));
        let beaten = |index: usize, by: &dyn Fn(usize) -> bool| {
            beats
                .iter()
                .any(|(winner, loser)| *loser as usize == index && by(*winner as usize))
        };
        let mut needs = Open::default();
        let (mut holding, mut doubtful, mut failed) = (Vec::new(), Vec::new(), None);
        for (index, (exception, guard)) in exceptions.iter().zip(&guards).enumerate() {
            if beaten(index, &is_true) {
                continue;
            }
            match guard {
                Outcome::Known(Value::Bool(true)) => holding.push(exception),
                Outcome::Known(Value::Bool(false)) | Outcome::NotApplicable(_) => {}
                Outcome::Open(open) => {
                    join(&mut needs, open);
                    doubtful.push(exception);
                }
                Outcome::Known(_) => failed = Some((index, error("not a truth value"))),
                Outcome::Error(_) => failed = failed.or(Some((index, guard.clone()))),
            }
        }
        if let Some((index, reason)) = &failed {
            let is_open = |index: usize| matches!(guards.get(index), Some(Outcome::Open(_)));
            if doubtful.is_empty() || !beaten(*index, &is_open) {
                return reason.clone();
            }
        }
        let mut candidates: Vec<Outcome> = Vec::new();
        for exception in &holding {
            candidates.push(self.eval(exception.value));
        }
        if doubtful.is_empty() {
            if holding.is_empty() {
                return self.eval(base);
            }
            return self.agreed(&holding, &candidates, ty);
        }
        for exception in &doubtful {
            candidates.push(self.eval(exception.value));
        }
        if holding.is_empty() {
            candidates.push(self.eval(base));
        }
        candidates.extend(failed.map(|(_, reason)| reason));
        if holding.len() + doubtful.len() > 1 {
            return self.settle_or_clash(&needs, &candidates, ty);
        }
        self.settle(&needs, &candidates, ty)
    }

    /// What several exceptions that hold together say: an error when they differ.
    fn agreed(&self, holding: &[&Exception], values: &[Outcome], ty: &Type) -> Outcome {
        let Some(first) = values.first() else {
            return error("no exception applies");
        };
        if values.len() == 1 || self.all_same(values, ty) {
            return first.clone();
        }
        let mut needs = Open::default();
        for (index, value) in values.iter().enumerate() {
            join_deep(&mut needs, value);
            for other in values.iter().skip(index + 1) {
                if self.differ(value, other, ty) {
                    return error(self.clash(holding));
                }
            }
        }
        if super::algebra::nothing_missing(&needs) {
            return error(self.clash(holding));
        }
        open(needs)
    }

    /// Whether two outcomes certainly differ.
    fn differ(&self, a: &Outcome, b: &Outcome, ty: &Type) -> bool {
        match (a, b) {
            (Outcome::NotApplicable(_), Outcome::NotApplicable(_)) => false,
            (Outcome::Known(_) | Outcome::Open(_), Outcome::Known(_) | Outcome::Open(_)) => {
                self.equal(a, b, ty, ty) == truth(false)
            }
            (Outcome::Open(_), _) | (_, Outcome::Open(_)) => false,
            _ => a != b,
        }
    }

    fn clash(&self, holding: &[&Exception]) -> String {
        let names: Vec<String> = holding
            .iter()
            .map(|exception| {
                let cites: Vec<&str> = exception
                    .cites
                    .iter()
                    .filter_map(|cite| self.ir().clauses.get(*cite as usize))
                    .map(|clause| clause.id.as_str())
                    .collect();
                if cites.is_empty() {
                    format!("`{}`", exception.name)
                } else {
                    format!("`{}` ({})", exception.name, cites.join(", "))
                }
            })
            .collect();
        format!(
            "exceptions {} apply together and disagree",
            names.join(" and ")
        )
    }

    pub(super) fn scope(&mut self, applies: NodeId, body: NodeId, because: &str) -> Outcome {
        match self.eval(applies) {
            Outcome::Known(Value::Bool(true)) => self.eval(body),
            Outcome::Known(Value::Bool(false)) => Outcome::NotApplicable(because.into()),
            Outcome::Known(_) => error("not a truth value"),
            Outcome::Open(scope) => match self.eval(body) {
                body @ Outcome::NotApplicable(_) => body,
                body => {
                    let mut needs = Open::default();
                    join(&mut needs, &scope);
                    join_deep(&mut needs, &body);
                    open(needs)
                }
            },
            other => other,
        }
    }

    pub(super) fn list_where(&mut self, all: &[(NodeId, NodeId)]) -> Outcome {
        let mut items = Vec::new();
        for (guard, value) in all {
            if let Some(presence) = presence(&self.eval(*guard)) {
                items.push(Item {
                    presence,
                    value: self.eval(*value),
                });
            }
        }
        Outcome::Known(Value::List(Arc::new(List { items })))
    }

    /// A list with one item for each record of a group.
    pub(super) fn group(key: Outcome, items: Vec<Item>) -> Outcome {
        let items = Outcome::Known(Value::List(Arc::new(List { items })));
        Outcome::Known(Value::Record(vec![key, items].into()))
    }

    /// The candidates for one end of a list: the values in order up to the first certain one, and none.
    pub(super) fn end_item(&mut self, list: NodeId, last: bool, ty: &Type) -> Outcome {
        let list = match self.list(list) {
            Ok(list) => list,
            Err(instead) => return instead,
        };
        let mut needs = Open::default();
        let mut candidates = Vec::new();
        let count = list.items.len();
        for at in 0..count {
            let at = if last { count - 1 - at } else { at };
            let Some(item) = list.items.get(at) else {
                break;
            };
            match &item.presence {
                Presence::Open(doubt) => {
                    join(&mut needs, doubt);
                    candidates.push(item.value.clone());
                    continue;
                }
                Presence::Certain => candidates.push(item.value.clone()),
                Presence::Error(reason) => candidates.push(Outcome::Error(reason.clone())),
            }
            return match candidates.as_slice() {
                [only] => only.clone(),
                _ => self.settle(&needs, &candidates, ty),
            };
        }
        candidates.push(Outcome::Known(Value::None));
        match candidates.as_slice() {
            [only] => only.clone(),
            _ => self.settle(&needs, &candidates, ty),
        }
    }

    pub(super) fn only_item(&mut self, id: NodeId, ty: &Type) -> Outcome {
        let list = match self.list(id) {
            Ok(list) => list,
            Err(instead) => return instead,
        };
        let mut needs = Open::default();
        let (mut sure, mut doubtful, mut failed) = (Vec::new(), Vec::new(), None);
        for Item { presence, value } in &list.items {
            match presence {
                Presence::Certain => sure.push(value.clone()),
                Presence::Open(doubt) => {
                    join(&mut needs, doubt);
                    doubtful.push(value.clone());
                }
                Presence::Error(reason) => failed = Some(Outcome::Error(reason.clone())),
            }
        }
        let inner = item_type(self.ty(id));
        for (index, value) in sure.iter().enumerate() {
            if sure
                .iter()
                .skip(index + 1)
                .any(|other| self.differ(value, other, inner))
            {
                return error("several different items where only one is expected");
            }
        }
        if doubtful.is_empty() {
            if let Some(failed) = failed {
                return failed;
            }
            return match sure.as_slice() {
                [] => Outcome::Known(Value::None),
                [only] => only.clone(),
                _ => self.settle(&needs, &sure, ty),
            };
        }
        if sure.is_empty() {
            doubtful.push(Outcome::Known(Value::None));
        }
        sure.extend(doubtful);
        sure.extend(failed);
        self.settle_or_clash(&needs, &sure, ty)
    }
}
