//! Places in a list: its first and last items, and lists made from their ends.

use super::Evaluation;
use super::arithmetic::number;
use super::lists::{list_of, open_list};
use super::position::Places;
use crate::ir::{CalendarUnit, Ends, MOST_MADE, NodeId, Steps};
use crate::value::algebra::{
    both_present, bounds_of, day_number, error, may_fail, not_none, row_presence, strict, truth,
    with_limits,
};
use crate::value::{Bounds, Date, Item, Number, Outcome, Presence, Value};

impl Evaluation<'_> {
    /// The first or last items of a list, or what is left without them.
    pub(super) fn slice(&mut self, ends: Ends, list: NodeId, count: NodeId) -> Outcome {
        let last = matches!(ends, Ends::Last | Ends::WithoutLast);
        let without = matches!(ends, Ends::WithoutFirst | Ends::WithoutLast);
        let (list, count) = (self.list(list), self.eval(count));
        let known = number(&count);
        let below = |end: Option<Number>| end.is_none_or(|end| end < Number::ZERO);
        if known.is_some()
            && below(known)
            && !matches!(list, Err(Outcome::Open(_) | Outcome::NotApplicable(_)))
        {
            return error("fewer than no items are asked for");
        }
        let items = match list {
            Ok(items) => items,
            // None of its items is asked for.
            Err(Outcome::Open(needs))
                if known == Some(Number::ZERO) && !without && !needs.may_fail =>
            {
                return list_of(Vec::new());
            }
            Err(instead) => {
                let limits = bounds_of(&instead);
                let joined = strict([&instead, &count]).unwrap_or(instead);
                let joined = with_limits(joined, limits);
                return if below(bounds_of(&count).low) {
                    may_fail(joined)
                } else {
                    joined
                };
            }
        };
        let limits = bounds_of(&count);
        if known.is_none() && (below(limits.low) || !matches!(count, Outcome::Open(_))) {
            let instead = strict([&count]).unwrap_or_else(|| error("none in a calculation"));
            return open_list(may_fail(instead), &items.items, None);
        }
        let mut places = Places::default();
        let mut kept: Vec<Item> = Vec::new();
        let length = items.items.len();
        for at in 0..length {
            let at = if last { length - 1 - at } else { at };
            let Some(item) = items.items.get(at) else {
                break;
            };
            let taken = self.taken(&places, &count, limits);
            let taken = if without {
                crate::value::algebra::not(&taken)
            } else {
                taken
            };
            places.pass(&item.presence);
            if let Some(presence) = row_presence(&taken) {
                kept.push(Item {
                    presence: both_present(&item.presence, &presence),
                    value: item.value.clone(),
                });
            }
        }
        if last {
            kept.reverse();
        }
        list_of(kept)
    }

    /// Whether the next place is one of the first so many.
    fn taken(&self, places: &Places, count: &Outcome, limits: Bounds) -> Outcome {
        let (first, last) = places.limits();
        if limits.low.is_some_and(|low| Number::from_i64(last) <= low) {
            return truth(true);
        }
        if limits
            .high
            .is_some_and(|high| Number::from_i64(first) > high)
        {
            return truth(false);
        }
        strict([count].into_iter().chain(&places.doubt)).unwrap_or_else(|| truth(false))
    }

    /// Every number, day or month from one through another.
    pub(super) fn range(&mut self, steps: Steps, a: NodeId, b: NodeId) -> Outcome {
        let (from, to) = (self.eval(a), self.eval(b));
        let Some(instead) = strict([&from, &to]) else {
            return match ends(steps, &from, &to) {
                Ok((first, last)) => self.made_list(steps, first, last),
                Err(why) => error(why),
            };
        };
        let limits = Bounds {
            // A month begins before its days.
            low: bounds_of(&from).low.filter(|_| steps != Steps::Months),
            high: bounds_of(&to).high,
        };
        let most = limits
            .low
            .zip(limits.high)
            .and_then(|(low, high)| high.checked_sub(low));
        let fits = most.is_some_and(|most| most < Number::from_i64(MOST_MADE));
        let made = with_limits(instead, limits);
        if fits && not_none(&from) && not_none(&to) {
            made
        } else {
            may_fail(made)
        }
    }

    fn made_list(&mut self, steps: Steps, first: i64, last: i64) -> Outcome {
        let most = match steps {
            Steps::Numbers | Steps::Days => MOST_MADE,
            // So many days are no more months.
            Steps::Months => i64::MAX,
        };
        if last.saturating_sub(first) >= most {
            return error(format!("a made list has at most {MOST_MADE} items"));
        }
        let day = |at: i64| Date::from_days(i32::try_from(at).ok()?);
        let values: Vec<Value> = match steps {
            Steps::Numbers => (first..=last)
                .map(|at| Value::Number(Number::from_i64(at)))
                .collect(),
            Steps::Days => (first..=last).filter_map(day).map(Value::Date).collect(),
            Steps::Months => {
                let begins = day(first).map(|day| day.start_of(CalendarUnit::Month));
                let end = day(last);
                std::iter::successors(begins, |month| month.checked_add_months(1))
                    .take_while(|month| end.is_some_and(|end| *month <= end))
                    .take(MOST_MADE as usize + 1)
                    .map(Value::Date)
                    .collect()
            }
        };
        if values.len() as i64 > MOST_MADE {
            return error(format!("a made list has at most {MOST_MADE} items"));
        }
        if !self.spend(values.len()) {
            return self.out_of_steps();
        }
        let certain = |value| Item {
            presence: Presence::Certain,
            value: Outcome::Known(value),
        };
        list_of(values.into_iter().map(certain).collect())
    }
}

/// The ends of a made list as whole numbers, or why there are none.
fn ends(steps: Steps, from: &Outcome, to: &Outcome) -> Result<(i64, i64), &'static str> {
    let whole = |outcome: &Outcome| match outcome {
        Outcome::Known(Value::Number(number)) => number.to_i64(),
        Outcome::Known(Value::Date(date)) => day_number(*date).and_then(|day| day.to_i64()),
        Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => {
            None
        }
    };
    match (whole(from), whole(to), steps) {
        (Some(first), Some(last), _) => Ok((first, last)),
        (_, _, Steps::Numbers) => Err("the ends of a list of numbers are whole numbers"),
        (None, _, _) => Err("this period has no first day"),
        (_, None, _) => Err("this period has no last day"),
    }
}
