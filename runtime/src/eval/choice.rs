//! Choosing between values: cases, exceptions, scopes.

use super::Evaluation;
use crate::ir::{Exception, NodeId, Type};
use crate::ir::{item_type, plain};
use crate::key::{Key, field_type, is_ordered, key};
use crate::value::algebra::{
    both_present, bounds_of, error, hull, join, join_deep, may_fail, not_none, open, open_inside,
    presence, present, row_presence, strict, truth,
};
use crate::value::{Item, List, Open, Outcome, Presence, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Evaluation<'_> {
    /// The first case whose guard holds. One whose guard is open, not applicable or an error is a
    /// candidate, and the search goes on.
    pub(super) fn cases(
        &mut self,
        cases: &[(NodeId, NodeId)],
        otherwise: Option<NodeId>,
        ty: &Type,
    ) -> Outcome {
        let (mut guards, mut candidates) = (Vec::new(), Vec::new());
        let mut last = otherwise;
        for (guard, value) in cases {
            match self.eval(*guard) {
                Outcome::Known(Value::Bool(true)) => {
                    last = Some(*value);
                    break;
                }
                Outcome::Known(Value::Bool(false)) => {}
                unsettled @ (Outcome::Known(_)
                | Outcome::Open(_)
                | Outcome::NotApplicable(_)
                | Outcome::Error(_)) => {
                    guards.push(truth_of(unsettled));
                    candidates.push(self.eval(*value));
                }
            }
        }
        let last = last.map(|last| self.eval(last));
        if guards.is_empty() {
            return last.unwrap_or_else(|| error("no case applies"));
        }
        // Without `otherwise` the cases are complete: one of the candidates is the answer.
        candidates.extend(last);
        self.settle(&guards, &candidates, ty)
    }

    /// The outcome when guards that neither hold nor fail decide between the candidates: theirs if
    /// all are known and equal; that of the guards if two differ or none is open; else open.
    pub(super) fn settle(&self, guards: &[Outcome], candidates: &[Outcome], ty: &Type) -> Outcome {
        if self.all_same(candidates, ty)
            && let Some(first) = candidates.first()
        {
            return first.clone();
        }
        if let Some(merged) = self.merge(guards, candidates, ty) {
            return merged;
        }
        // a list or record of which a part is open has not settled on anything yet
        if !guards.iter().any(open_inside)
            && (!candidates.iter().any(open_inside) || self.some_differ(candidates, ty))
        {
            return strict(guards).unwrap_or_else(|| error("no case applies"));
        }
        let mut result = self.undecided(guards, candidates);
        let values = || {
            let settled =
                |o: &&Outcome| !matches!(o, Outcome::NotApplicable(_) | Outcome::Error(_));
            candidates.iter().filter(settled)
        };
        if is_ordered(ty) {
            result.bounds = values()
                .filter(|outcome| !matches!(outcome, Outcome::Known(Value::None)))
                .map(bounds_of)
                .reduce(hull)
                .unwrap_or_default();
        }
        result.not_none = values().all(not_none);
        open(result)
    }

    /// The needs of guards and candidates, and whether these may fail.
    fn undecided(&self, guards: &[Outcome], candidates: &[Outcome]) -> Open {
        let mut result = Open::default();
        for outcome in guards.iter().chain(candidates) {
            join_deep(&mut result, outcome);
        }
        result
    }

    /// Whether two of the known candidates certainly differ.
    fn some_differ(&self, candidates: &[Outcome], ty: &Type) -> bool {
        candidates.iter().enumerate().any(|(at, a)| {
            let later = candidates.iter().skip(at + 1);
            matches!(a, Outcome::Known(_))
                && later
                    .filter(|b| matches!(b, Outcome::Known(_)))
                    .any(|b| self.equal(a, b, ty, ty) == truth(false))
        })
    }

    /// Like `settle` where candidates that differ may also turn out to clash: nothing but their needs
    /// is known then.
    fn settle_or_clash(&self, guards: &[Outcome], candidates: &[Outcome], ty: &Type) -> Outcome {
        let undecided = guards.iter().chain(candidates).any(open_inside);
        if self.all_same(candidates, ty) || !undecided {
            return self.settle(guards, candidates, ty);
        }
        open(Open {
            may_fail: true,
            ..self.undecided(guards, candidates)
        })
    }

    /// Records are settled field by field, sets item by item: what the candidates agree on is known.
    fn merge(&self, guards: &[Outcome], candidates: &[Outcome], ty: &Type) -> Option<Outcome> {
        match plain(ty) {
            Type::Record(_) => {
                let mut records = Vec::new();
                for candidate in candidates {
                    match candidate {
                        Outcome::Known(Value::Record(fields)) => records.push(fields),
                        Outcome::Known(_)
                        | Outcome::Open(_)
                        | Outcome::NotApplicable(_)
                        | Outcome::Error(_) => return None,
                    }
                }
                let width = records.first()?.len();
                let fields: Vec<Outcome> = (0..width)
                    .map(|index| {
                        let values: Vec<Outcome> = records
                            .iter()
                            .filter_map(|fields| fields.get(index).cloned())
                            .collect();
                        self.settle(guards, &values, field_type(self.ir(), ty, index))
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
                        if matches!(
                            item.presence,
                            Presence::NotApplicable(_) | Presence::Error(_)
                        ) {
                            return None;
                        }
                        if !order.iter().any(|(known, _)| *known == key) {
                            order.push((key.clone(), item));
                        }
                        set.insert(key, item);
                    }
                    sets.push(set);
                }
                let doubt = strict(guards).as_ref().and_then(row_presence)?;
                order.sort_by(|(a, _), (b, _)| a.cmp(b));
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
            Type::Bool
            | Type::Int
            | Type::Decimal
            | Type::Percent
            | Type::Money
            | Type::Date
            | Type::Days
            | Type::Months
            | Type::Text
            | Type::Enum(_)
            | Type::List(_)
            | Type::Optional(_) => None,
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
        let mut unsettled = Vec::new();
        let (mut holding, mut doubtful) = (Vec::new(), Vec::new());
        for (index, (exception, guard)) in exceptions.iter().zip(&guards).enumerate() {
            if beaten(index, &is_true) {
                continue;
            }
            match guard {
                Outcome::Known(Value::Bool(true)) => holding.push(exception),
                Outcome::Known(Value::Bool(false)) => {}
                other @ (Outcome::Known(_)
                | Outcome::Open(_)
                | Outcome::NotApplicable(_)
                | Outcome::Error(_)) => {
                    unsettled.push(truth_of(other.clone()));
                    doubtful.push(exception);
                }
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
        // What has settled otherwise than on yes takes part in no clash.
        let may_clash = doubtful.len() + holding.len() > 1 && unsettled.iter().any(open_inside);
        if holding.len() > 1 || may_clash {
            return self.settle_or_clash(&unsettled, &candidates, ty);
        }
        self.settle(&unsettled, &candidates, ty)
    }

    /// What several exceptions that hold together say: an error when they differ.
    fn agreed(&self, holding: &[&Exception], values: &[Outcome], ty: &Type) -> Outcome {
        let Some(first) = values.first() else {
            return error("no exception applies");
        };
        if values.iter().all(|value| value == first) || self.all_same(values, ty) {
            return first.clone();
        }
        if values
            .iter()
            .all(|value| matches!(value, Outcome::NotApplicable(_)))
        {
            return first.clone();
        }
        let mut needs = Open::default();
        let mut rest = values;
        while let [value, others @ ..] = rest {
            join_deep(&mut needs, value);
            if others.iter().any(|other| self.differ(value, other, ty)) {
                return error(self.clash(holding));
            }
            rest = others;
        }
        if crate::value::algebra::nothing_missing(&needs) {
            return error(self.clash(holding));
        }
        needs.may_fail = true;
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
                body @ Outcome::NotApplicable(_) if !scope.may_fail => body,
                body @ (Outcome::Known(_)
                | Outcome::Open(_)
                | Outcome::NotApplicable(_)
                | Outcome::Error(_)) => {
                    let mut needs = Open {
                        bounds: bounds_of(&body),
                        not_none: not_none(&body),
                        ..Open::default()
                    };
                    join(&mut needs, &scope);
                    join_deep(&mut needs, &body);
                    needs.may_fail = true;
                    open(needs)
                }
            },
            other @ (Outcome::NotApplicable(_) | Outcome::Error(_)) => other,
        }
    }

    /// The values whose guard holds. Where the guards are those of a table's rows, one that is not
    /// applicable leaves its item in doubt; anywhere else it leaves the item out.
    pub(super) fn list_where(&mut self, all: &[(NodeId, NodeId)], rows: bool) -> Outcome {
        let of = if rows { row_presence } else { presence };
        let mut items = Vec::new();
        for (guard, value) in all {
            if let Some(presence) = of(&self.eval(*guard)) {
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
        let (mut guards, mut candidates) = (Vec::new(), Vec::new());
        let count = list.items.len();
        for at in 0..count {
            let at = if last { count - 1 - at } else { at };
            let Some(item) = list.items.get(at) else {
                break;
            };
            candidates.push(item.value.clone());
            match &item.presence {
                Presence::Certain => {
                    return match candidates.as_slice() {
                        [only] => only.clone(),
                        _ => self.settle(&guards, &candidates, ty),
                    };
                }
                doubt @ (Presence::Open(_) | Presence::NotApplicable(_) | Presence::Error(_)) => {
                    guards.push(present(doubt))
                }
            }
        }
        candidates.push(Outcome::Known(Value::None));
        match candidates.as_slice() {
            [only] => only.clone(),
            _ => self.settle(&guards, &candidates, ty),
        }
    }

    pub(super) fn only_item(&mut self, id: NodeId, ty: &Type) -> Outcome {
        let list = match self.list(id) {
            Ok(list) => list,
            // A list that is not known may hold several that differ.
            Err(instead) => return may_fail(instead),
        };
        let mut guards = Vec::new();
        let (mut sure, mut doubtful) = (Vec::new(), Vec::new());
        for Item { presence, value } in &list.items {
            match presence {
                Presence::Certain => sure.push(value.clone()),
                doubt @ (Presence::Open(_) | Presence::NotApplicable(_) | Presence::Error(_)) => {
                    guards.push(present(doubt));
                    doubtful.push(value.clone());
                }
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
            return match sure.as_slice() {
                [] => Outcome::Known(Value::None),
                [first, rest @ ..] => {
                    let same = rest
                        .iter()
                        .map(|other| self.equal(first, other, inner, inner));
                    let doubts: Vec<Outcome> = same.filter(|same| *same != truth(true)).collect();
                    if doubts.is_empty() {
                        return first.clone();
                    }
                    self.settle_or_clash(&doubts, &sure, ty)
                }
            };
        }
        if sure.is_empty() {
            doubtful.push(Outcome::Known(Value::None));
        }
        sure.extend(doubtful);
        self.settle_or_clash(&guards, &sure, ty)
    }
}

/// A guard that is no truth value is an error.
fn truth_of(guard: Outcome) -> Outcome {
    match guard {
        Outcome::Known(_) => error("not a truth value"),
        other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => other,
    }
}
