//! Lists.

use super::number::Fraction;
use super::ops::PLACES;
use super::value::{Item, Outcome, There, Value, equal, order};
use super::{Day, Env, Run};
use polc_runtime::ir::{BinderId, Ends, NodeId, Steps, Type};
use std::cmp::Ordering;

/// A list, or what prevents it.
pub fn items(list: Outcome) -> Result<Vec<Item>, Outcome> {
    match list {
        Outcome::Known(Value::List(items)) => Ok(items),
        Outcome::Known(_) => Err(Outcome::Error),
        other => Err(other),
    }
}

/// What prevails where every item counts: open, not applicable, error.
fn prevails(items: &[Item]) -> Option<Outcome> {
    let outcomes: Vec<Outcome> = items
        .iter()
        .flat_map(|item| {
            let there = match item.there {
                There::Certain => Outcome::YES,
                There::Error => Outcome::Error,
                There::Open => Outcome::Open,
            };
            [there, item.value.clone()]
        })
        .collect();
    Outcome::strictest(&outcomes.iter().collect::<Vec<_>>())
}

/// The values of a list of which every item is there and known.
fn known(items: &[Item]) -> Result<Vec<Value>, Outcome> {
    if let Some(prevails) = prevails(items) {
        return Err(prevails);
    }
    let values = items.iter().filter_map(|item| match &item.value {
        Outcome::Known(value) => Some(value.clone()),
        Outcome::NotApplicable | Outcome::Error | Outcome::Open => None,
    });
    Ok(values.collect())
}

fn or_outcome(result: Result<Outcome, Outcome>) -> Outcome {
    result.unwrap_or_else(|outcome| outcome)
}

/// The sum, or the average.
pub fn sum(list: Outcome, average: bool) -> Outcome {
    or_outcome(items(list).and_then(|items| {
        let values = known(&items)?;
        let mut total = Some(Fraction::ZERO);
        for value in &values {
            // what is none counts nothing in an average or sum of values that may be none: not written down
            let Value::Number(number) = value else {
                return Err(Outcome::Open);
            };
            total = total.and_then(|total| total.add(*number));
        }
        if !average {
            return Ok(Outcome::number(total));
        }
        if values.is_empty() {
            return Ok(Outcome::Known(Value::None));
        }
        let count = Fraction::whole(values.len() as i64);
        Ok(Outcome::number(total.and_then(|total| total.by(count))))
    }))
}

/// The smallest or largest item.
pub fn extreme(list: Outcome, wanted: Ordering) -> Outcome {
    or_outcome(items(list).and_then(|items| {
        let values = known(&items)?;
        let mut best: Option<Value> = None;
        for value in values {
            if value == Value::None {
                return Err(Outcome::Open);
            }
            let better = best
                .as_ref()
                .is_none_or(|best| order(&value, best) == Some(wanted));
            if better {
                best = Some(value);
            }
        }
        Ok(Outcome::Known(best.unwrap_or(Value::None)))
    }))
}

/// How many items there are.
pub fn count(list: Outcome) -> Outcome {
    or_outcome(items(list).map(|items| {
        let there = |one| items.iter().any(|item| item.there == one);
        if there(There::Open) {
            Outcome::Open
        } else if there(There::Error) {
            Outcome::Error
        } else {
            Outcome::number(Some(Fraction::whole(items.len() as i64)))
        }
    }))
}

/// The items of a list of truths that count, each as yes, no, an error or open.
pub fn truths(items: &[Item]) -> Vec<Outcome> {
    let counted = items
        .iter()
        .filter(|item| item.value != Outcome::NotApplicable);
    counted
        .map(|item| match (item.there, &item.value) {
            (There::Certain, value) => value.clone(),
            (_, value) if *value == Outcome::NO => Outcome::NO,
            (There::Open, _) | (There::Error, Outcome::Open) => Outcome::Open,
            (There::Error, _) => Outcome::Error,
        })
        .collect()
}

/// Whether at least so many of a list of truths hold.
pub fn at_least(least: &Outcome, tests: &[Outcome]) -> Outcome {
    let Outcome::Known(Value::Number(least)) = least else {
        // As in arithmetic: what is open prevails.
        let open = tests.contains(&Outcome::Open);
        return if open { Outcome::Open } else { least.clone() };
    };
    let Some(least) = least.to_whole() else {
        return Outcome::Error;
    };
    let of = |one: &Outcome| tests.iter().filter(|test| *test == one).count() as i64;
    let (yes, open, error) = (of(&Outcome::YES), of(&Outcome::Open), of(&Outcome::Error));
    if yes >= least {
        Outcome::YES
    } else if yes + open + error < least {
        Outcome::NO
    } else if open > 0 {
        Outcome::Open
    } else {
        Outcome::Error
    }
}

/// Without repeats; first occurrences stay.
pub fn distinct(list: Outcome) -> Outcome {
    or_outcome(items(list).and_then(|items| {
        let mut kept: Vec<Value> = Vec::new();
        for value in known(&items).map_err(unsettled)? {
            match same_as_one(&kept, &value)? {
                Some(_) => {}
                None => kept.push(value),
            }
        }
        Ok(Outcome::list(kept.into_iter().map(Outcome::Known)))
    }))
}

/// What becomes of a list whose parts are not all known is not written down for everything.
fn unsettled(_: Outcome) -> Outcome {
    Outcome::Open
}

fn same_as_one(kept: &[Value], value: &Value) -> Result<Option<usize>, Outcome> {
    for (at, one) in kept.iter().enumerate() {
        let same = equal(
            &Outcome::Known(one.clone()),
            &Outcome::Known(value.clone()),
            &Type::Bool,
        );
        match same {
            Outcome::Known(Value::Bool(true)) => return Ok(Some(at)),
            Outcome::Known(_) => {}
            Outcome::NotApplicable | Outcome::Error | Outcome::Open => return Err(Outcome::Open),
        }
    }
    Ok(None)
}

/// The only item: none of an empty list, an error where there are several different ones.
pub fn only(list: Outcome) -> Outcome {
    match distinct(list) {
        Outcome::Known(Value::List(kept)) => match kept.as_slice() {
            [] => Outcome::Known(Value::None),
            [one] => one.value.clone(),
            _ => Outcome::Error,
        },
        other => other,
    }
}

/// The first or last item.
pub fn end(list: Outcome, first: bool) -> Outcome {
    or_outcome(items(list).map(|items| {
        let one = if first { items.first() } else { items.last() };
        match one {
            None => Outcome::Known(Value::None),
            Some(item) if item.there == There::Certain => item.value.clone(),
            Some(_) => Outcome::Open,
        }
    }))
}

/// The first or last so many items, or the others. The place of an item is counted in every way the items before it
/// may be there or not.
pub fn slice(ends: Ends, list: Outcome, count: &Outcome) -> Outcome {
    let (last, without) = match ends {
        Ends::First => (false, false),
        Ends::Last => (true, false),
        Ends::WithoutFirst => (false, true),
        Ends::WithoutLast => (true, true),
    };
    let mut items = match items(list) {
        Ok(items) => items,
        // none of a list that is missing is none
        Err(Outcome::Open) if *count == Outcome::number(Some(Fraction::ZERO)) && !without => {
            return Outcome::list([]);
        }
        Err(other) => return Outcome::strictest(&[&other, count]).unwrap_or(other),
    };
    let count = match count {
        Outcome::Known(Value::Number(count)) => match count.to_whole() {
            Some(count) if count >= 0 => count,
            _ => return Outcome::Error,
        },
        // which of the items it cannot be is not followed here
        Outcome::Known(_) => return Outcome::Open,
        other => return other.clone(),
    };
    if last {
        items.reverse();
    }
    let mut kept = Vec::new();
    let (mut least, mut most, mut doubt) = (0, 0, There::Certain);
    for item in items {
        let ways: Vec<bool> = (least..=most)
            .map(|before| (before < count) != without)
            .collect();
        let taken = match (ways.contains(&true), ways.contains(&false)) {
            (true, false) => Some(There::Certain),
            (false, _) => None,
            (true, true) => Some(doubt),
        };
        most += 1;
        match item.there {
            There::Certain => least += 1,
            other if doubt != There::Open => doubt = other,
            _ => {}
        }
        let Some(taken) = taken else { continue };
        let there = match (item.there, taken) {
            (There::Open, _) | (_, There::Open) => There::Open,
            (There::Error, _) | (_, There::Error) => There::Error,
            (There::Certain, There::Certain) => There::Certain,
        };
        kept.push(Item { there, ..item });
    }
    if last {
        kept.reverse();
    }
    Outcome::Known(Value::List(kept))
}

/// A list made from its ends.
pub fn range(steps: Steps, a: &Outcome, b: &Outcome) -> Outcome {
    if let Some(prevails) = Outcome::strictest(&[a, b]) {
        return prevails;
    }
    let end = |end: &Outcome| match end {
        Outcome::Known(Value::Number(number)) => number.to_whole(),
        Outcome::Known(Value::Date(date)) => Some(*date),
        _ => None,
    };
    let (Some(first), Some(last)) = (end(a), end(b)) else {
        return Outcome::Error;
    };
    let value = |at: i64| match steps {
        Steps::Numbers => Outcome::number(Some(Fraction::whole(at))),
        Steps::Days | Steps::Months => Outcome::Known(Value::Date(at)),
    };
    let of_month = |at: &i64| *at == first || super::day::civil(*at).2 == 1;
    let all: Vec<i64> = match steps {
        Steps::Numbers | Steps::Days if last - first >= 40_000 => return Outcome::Error,
        Steps::Numbers | Steps::Days => (first..=last).collect(),
        // more than these are not followed here
        Steps::Months if last - first > 80_000 => return Outcome::Open,
        Steps::Months => (first..=last)
            .filter(of_month)
            .map(|at| super::day::start_of(at, 1))
            .collect(),
    };
    Outcome::list(all.into_iter().map(value))
}

/// A list of lists as one.
pub fn flatten(list: Outcome) -> Outcome {
    or_outcome(items(list).and_then(|lists| {
        let mut all = Vec::new();
        for list in lists {
            if list.there != There::Certain {
                return Err(Outcome::Open);
            }
            all.extend(items(list.value).map_err(unsettled)?);
        }
        Ok(Outcome::Known(Value::List(all)))
    }))
}

/// Two lists one after the other.
pub fn concat(a: Outcome, b: Outcome) -> Outcome {
    match (items(a), items(b)) {
        (Ok(mut a), Ok(b)) => {
            a.extend(b);
            Outcome::Known(Value::List(a))
        }
        (a, b) => {
            let [a, b] = [a, b].map(|one| one.err().unwrap_or(Outcome::YES));
            Outcome::strictest(&[&a, &b]).unwrap_or(Outcome::Error)
        }
    }
}

/// How many days a list of periods covers; none where an end is open.
pub fn covered(list: Outcome) -> Outcome {
    or_outcome(items(list).and_then(|items| {
        let mut days = std::collections::BTreeSet::new();
        let mut open = false;
        for value in known(&items)? {
            let Value::Record(ends) = value else {
                return Err(Outcome::Error);
            };
            match ends.as_slice() {
                [
                    Outcome::Known(Value::Date(from)),
                    Outcome::Known(Value::Date(through)),
                ] => {
                    if from > through {
                        return Err(Outcome::Error);
                    }
                    days.extend(*from..=*through);
                }
                [Outcome::Known(_), Outcome::Known(_)] => open = true,
                _ => return Err(Outcome::Open),
            }
        }
        if open {
            return Ok(Outcome::Known(Value::None));
        }
        Ok(Outcome::number(Some(Fraction::whole(days.len() as i64))))
    }))
}

impl Run<'_> {
    fn inside(
        &self,
        body: NodeId,
        binder: BinderId,
        item: &Outcome,
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        env.push((binder, item.clone()));
        let outcome = self.node(body, day, env);
        env.pop();
        outcome
    }

    /// A rule says of its arguments what it would say in their place.
    pub(super) fn call(
        &self,
        body: NodeId,
        arguments: &[(BinderId, NodeId)],
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        let mut inside = Env::new();
        for (binder, argument) in arguments {
            inside.push((*binder, self.node(*argument, day, env)));
        }
        self.node(body, day, &mut inside)
    }

    pub(super) fn filter(
        &self,
        list: Outcome,
        binder: BinderId,
        body: NodeId,
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        or_outcome(items(list).map(|items| {
            let mut kept = Vec::new();
            for item in items {
                let there = match self.inside(body, binder, &item.value, day, env) {
                    Outcome::Known(Value::Bool(true)) => There::Certain,
                    Outcome::Known(_) | Outcome::NotApplicable => continue,
                    Outcome::Error => There::Error,
                    Outcome::Open => There::Open,
                };
                let there = match (item.there, there) {
                    (There::Open, _) | (_, There::Open) => There::Open,
                    (There::Error, _) | (_, There::Error) => There::Error,
                    (There::Certain, There::Certain) => There::Certain,
                };
                kept.push(Item {
                    there,
                    value: item.value,
                });
            }
            Outcome::Known(Value::List(kept))
        }))
    }

    pub(super) fn map(
        &self,
        list: Outcome,
        binder: BinderId,
        body: NodeId,
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        or_outcome(items(list).map(|items| {
            let mut mapped = Vec::new();
            for (before, item) in items.iter().enumerate() {
                let doubt = |there| items[..before].iter().any(|item| item.there == there);
                let place = if doubt(There::Open) {
                    Outcome::Open
                } else if doubt(There::Error) {
                    Outcome::Error
                } else {
                    Outcome::number(Some(Fraction::whole(before as i64 + 1)))
                };
                env.push((binder + PLACES, place));
                mapped.push(Item {
                    there: item.there,
                    value: self.inside(body, binder, &item.value, day, env),
                });
                env.pop();
            }
            Outcome::Known(Value::List(mapped))
        }))
    }

    /// Items with the key of each; every item is there and every key known.
    fn keyed(
        &self,
        list: Outcome,
        binder: BinderId,
        key: NodeId,
        day: Day,
        env: &mut Env,
    ) -> Result<Vec<(Value, Outcome)>, Outcome> {
        let items = items(list)?;
        let mut keyed = Vec::new();
        let mut not_applicable = false;
        for item in items {
            match (item.there, self.inside(key, binder, &item.value, day, env)) {
                (There::Certain, Outcome::Known(key)) => keyed.push((key, item.value)),
                (There::Certain, Outcome::NotApplicable) => not_applicable = true,
                _ => return Err(Outcome::Open),
            }
        }
        if not_applicable {
            return Err(Outcome::Open);
        }
        Ok(keyed)
    }

    pub(super) fn sorted(
        &self,
        list: Outcome,
        (binder, key): (BinderId, NodeId),
        descending: bool,
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        or_outcome(
            self.keyed(list, binder, key, day, env)
                .and_then(|mut keyed| {
                    if keyed.iter().any(|(key, _)| *key == Value::None) {
                        return Err(Outcome::Open);
                    }
                    keyed.sort_by(|(a, _), (b, _)| {
                        let order = order(a, b).unwrap_or(Ordering::Equal);
                        if descending { order.reverse() } else { order }
                    });
                    Ok(Outcome::list(keyed.into_iter().map(|(_, item)| item)))
                }),
        )
    }

    pub(super) fn grouped(
        &self,
        list: Outcome,
        (binder, key): (BinderId, NodeId),
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        or_outcome(self.keyed(list, binder, key, day, env).and_then(|keyed| {
            let (mut keys, mut groups): (Vec<Value>, Vec<Vec<Outcome>>) = Default::default();
            for (key, item) in keyed {
                match same_as_one(&keys, &key)? {
                    Some(at) => groups[at].push(item),
                    None => {
                        keys.push(key);
                        groups.push(vec![item]);
                    }
                }
            }
            let groups = keys.into_iter().zip(groups).map(|(key, group)| {
                Outcome::Known(Value::Record(vec![
                    Outcome::Known(key),
                    Outcome::list(group),
                ]))
            });
            Ok(Outcome::list(groups))
        }))
    }

    pub(super) fn list_where(
        &self,
        entries: &[(NodeId, NodeId)],
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        let mut kept = Vec::new();
        for (guard, value) in entries {
            let there = match self.node(*guard, day, env) {
                Outcome::Known(Value::Bool(true)) => There::Certain,
                Outcome::Known(_) => continue,
                Outcome::NotApplicable => continue,
                Outcome::Error => There::Error,
                Outcome::Open => There::Open,
            };
            let value = self.node(*value, day, env);
            kept.push(Item { there, value });
        }
        Outcome::Known(Value::List(kept))
    }
}
