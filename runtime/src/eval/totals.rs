//! What a list comes to in one value: how many items, their sum, average, smallest and largest.

use super::Evaluation;
use super::arithmetic::{add_bounds, extreme_bounds, number, point};
use crate::ir::item_type;
use crate::ir::{NodeId, Type};
use crate::value::algebra::{
    bounds_of, error, hull, hull_all, may_fail, not_none, open, position, present, strict,
    sure_bounds_of, too_large, with_bounds, with_limits,
};
use crate::value::{Bounds, Item, List, Number, Open, Outcome, Presence, Value};

impl Evaluation<'_> {
    pub(super) fn count(&mut self, list: NodeId) -> Outcome {
        let list = match self.unordered(list) {
            Ok(list) => list,
            Err(instead) => {
                let limits = Bounds {
                    low: Some(Number::from_i64(0)),
                    high: None,
                };
                return with_limits(instead, limits);
            }
        };
        let presences: Vec<Outcome> = list.items.iter().map(|i| present(&i.presence)).collect();
        let (low, high) = list.length();
        match strict(&presences) {
            None => Outcome::Known(Value::Number(count_of(low))),
            Some(instead) => {
                let limits = Bounds {
                    low: Some(count_of(low)),
                    high: Some(count_of(high)),
                };
                with_limits(instead, limits)
            }
        }
    }

    /// The outcome that takes the place of a calculation over all items, if any.
    fn items_in_the_way(list: &List) -> Option<Outcome> {
        let operands: Vec<Outcome> = list
            .items
            .iter()
            .flat_map(|item| [present(&item.presence), item.value.clone()])
            .collect();
        strict(&operands)
    }

    /// The limits of the sum: an item in doubt may also add nothing.
    fn sum_bounds(list: &List) -> Bounds {
        let zero = Number::from_i64(0);
        let nothing = Bounds {
            low: Some(zero),
            high: Some(zero),
        };
        list.items.iter().fold(nothing, |sum, item| {
            let own = bounds_of(&item.value);
            let own = match item.presence {
                Presence::Certain => own,
                Presence::Open(_) | Presence::NotApplicable(_) | Presence::Error(_) => {
                    hull(own, nothing)
                }
            };
            add_bounds(sum, own)
        })
    }

    fn known_sum(list: &List) -> Result<Number, Outcome> {
        let mut sum = Number::from_i64(0);
        for item in &list.items {
            let value = number(&item.value).ok_or_else(|| error("none in a calculation"))?;
            sum = sum.checked_add(value).ok_or_else(too_large)?;
        }
        Ok(sum)
    }

    pub(super) fn sum(&mut self, list: NodeId) -> Outcome {
        let list = match self.unordered(list) {
            Ok(list) => list,
            Err(instead) => {
                let each = bounds_of(&instead);
                let zero = Number::from_i64(0);
                let limits = Bounds {
                    low: each.low.filter(|low| *low >= zero).map(|_| zero),
                    high: each.high.filter(|high| *high <= zero).map(|_| zero),
                };
                return with_limits(instead, limits);
            }
        };
        match Self::items_in_the_way(&list) {
            Some(instead) => match (&instead, point(Self::sum_bounds(&list))) {
                // What is in doubt adds nothing either way.
                (Outcome::Open(open), Some(sum)) if !open.may_fail => {
                    Outcome::Known(Value::Number(sum))
                }
                _ => with_limits(instead, Self::sum_bounds(&list)),
            },
            None => match Self::known_sum(&list) {
                Ok(sum) => Outcome::Known(Value::Number(sum)),
                Err(instead) => instead,
            },
        }
    }

    /// The days of several periods, each counted once.
    pub(super) fn days_covered(&mut self, list: NodeId) -> Outcome {
        let list = match self.unordered(list) {
            Ok(list) => list,
            Err(instead) => return with_bounds(instead, Bounds::default()),
        };
        if let Some(instead) = Self::items_in_the_way(&list) {
            return with_bounds(instead, Bounds::default());
        }
        let mut ends = Vec::with_capacity(2 * list.items.len());
        for item in &list.items {
            match &item.value {
                Outcome::Known(Value::Record(own)) => ends.extend(own.iter()),
                other @ (Outcome::Known(_)
                | Outcome::Open(_)
                | Outcome::NotApplicable(_)
                | Outcome::Error(_)) => return other.clone(),
            }
        }
        let endless = ends
            .iter()
            .any(|end| matches!(end, Outcome::Known(Value::None)));
        match crate::value::algebra::strict(ends.iter().copied()) {
            // One end that is open settles it, whatever the others turn out to be.
            Some(Outcome::Open(others)) if endless && !others.may_fail => {
                return Outcome::Known(Value::None);
            }
            Some(instead) => return with_bounds(instead, Bounds::default()),
            None if endless => return Outcome::Known(Value::None),
            None => {}
        }
        let mut spans = Vec::with_capacity(list.items.len());
        for pair in ends.chunks(2) {
            if let [
                Outcome::Known(Value::Date(from)),
                Outcome::Known(Value::Date(through)),
            ] = pair
            {
                spans.push((from.days(), through.days()));
            }
        }
        spans.sort_unstable();
        let (mut days, mut counted) = (0_i64, None::<i32>);
        for (from, through) in spans {
            let from = counted.map_or(from, |end| from.max(end.saturating_add(1)));
            if from <= through {
                days += i64::from(through) - i64::from(from) + 1;
                counted = Some(through);
            }
        }
        Outcome::Known(Value::Number(Number::from_i64(days)))
    }

    pub(super) fn average(&mut self, list: NodeId) -> Outcome {
        let list = match self.unordered(list) {
            Ok(list) => list,
            Err(instead) => return instead,
        };
        if list.items.is_empty() {
            return Outcome::Known(Value::None);
        }
        match Self::items_in_the_way(&list) {
            Some(instead) => {
                let values: Vec<Outcome> = list.items.iter().map(|i| i.value.clone()).collect();
                with_bounds(instead, hull_all(&values))
            }
            None => match Self::known_sum(&list) {
                Ok(sum) => sum
                    .checked_div(count_of(list.items.len()))
                    .map_or_else(too_large, |mean| Outcome::Known(Value::Number(mean))),
                Err(instead) => instead,
            },
        }
    }

    pub(super) fn extreme_item(&mut self, list: NodeId, largest: bool) -> Outcome {
        let ty = self.ty(list);
        let list = match self.unordered(list) {
            Ok(list) => list,
            Err(instead) => return instead,
        };
        let better = |a: Number, b: Number| if largest { a > b } else { a < b };
        let mut best: Option<(Number, &Outcome)> = None;
        let mut not_ordered = false;
        for item in &list.items {
            if item.presence != Presence::Certain {
                continue;
            }
            if let Outcome::Known(value) = &item.value {
                match position(value) {
                    Some(at) if best.is_none_or(|(top, _)| better(at, top)) => {
                        best = Some((at, &item.value));
                    }
                    Some(_) => {}
                    None => not_ordered = true,
                }
            }
        }
        let Some(instead) = Self::items_in_the_way(&list) else {
            return match best {
                _ if not_ordered => error("none compared"),
                Some((_, value)) => value.clone(),
                None => Outcome::Known(Value::None),
            };
        };
        // One that is none cannot be compared, and one without limits may be anything.
        let optional = matches!(item_type(ty), Type::Optional(_));
        let comparable = |item: &Item| !optional || not_none(&item.value);
        if !list.items.iter().all(comparable) {
            return may_fail(instead);
        }
        // Certain and not beaten by anything that is still in doubt: decided all the same.
        if let Some((top, value)) = best {
            let unbeaten = list.items.iter().all(|item| {
                let limits = sure_bounds_of(&item.value);
                let reach = if largest { limits.high } else { limits.low };
                let there = match &item.presence {
                    Presence::Certain => true,
                    Presence::Open(needs) => !needs.may_fail,
                    Presence::NotApplicable(_) | Presence::Error(_) => false,
                };
                there && reach.is_some_and(|reach| !better(reach, top))
            });
            if unbeaten {
                return value.clone();
            }
        }
        let all: Vec<Outcome> = list.items.iter().map(|i| i.value.clone()).collect();
        let sure: Vec<Outcome> = list
            .items
            .iter()
            .filter(|item| item.presence == Presence::Certain)
            .map(|item| item.value.clone())
            .collect();
        let mut limits = hull_all(&all);
        if !sure.is_empty() {
            let certain = extreme_bounds(&sure, largest);
            if largest {
                limits.low = certain.low;
            } else {
                limits.high = certain.high;
            }
        }
        match with_bounds(instead, limits) {
            Outcome::Open(needs) if !sure.is_empty() => open(Open {
                not_none: true,
                ..Open::clone(&needs)
            }),
            other @ (Outcome::Known(_)
            | Outcome::Open(_)
            | Outcome::NotApplicable(_)
            | Outcome::Error(_)) => other,
        }
    }
}

/// A count as a number.
fn count_of(items: usize) -> Number {
    Number::from_i64(i64::try_from(items).unwrap_or(i64::MAX))
}
