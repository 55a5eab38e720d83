//! What keeps a way from leaving, and where it is after a move.

use super::super::Evaluation;
use super::Fold;
use super::ready::Led;
use super::ways::{Step, Way, What};
use super::when::{Passed, When};
use crate::ir::lifecycle::Move;
use crate::ir::plain;
use crate::ir::{NodeId, Op, Type};
use crate::value::algebra::{self, day_number, error, join, open, truth};
use crate::value::{Bounds, Date, Number, Open, Outcome, Value};
use std::sync::Arc;

/// What keeps a line from leading on.
pub(super) enum Held {
    Free,
    /// Its state was entered in this round already.
    Today,
    /// Its state is shut.
    Shut,
    /// Its state may be shut, for want of this, or may have been entered in this round.
    Perhaps {
        shut: Option<Open>,
        today: bool,
    },
}

impl Evaluation<'_> {
    /// What keeps a way from going where a line leads.
    pub(super) fn held(way: &Way, to: &Move, when: When, takes: bool) -> Result<Held, Outcome> {
        if to.to == way.state && !to.again {
            return Ok(Held::Free);
        }
        let mut shut = None;
        if !to.again
            && let Some(again) = way.again.get(&to.to)
        {
            let first = match when {
                When::Day(day) => Some(day),
                When::Span { first, .. } => first,
            };
            match again {
                Outcome::Known(Value::Date(again)) if when.day() < *again => return Ok(Held::Shut),
                Outcome::Known(Value::Date(again)) if first.is_none_or(|first| first < *again) => {
                    shut = Some(Open::default());
                }
                Outcome::Open(open) => {
                    let (low, high) = (open.bounds.low, open.bounds.high);
                    if low
                        .zip(day_number(when.day()))
                        .is_some_and(|(low, day)| day < low)
                    {
                        return Ok(Held::Shut);
                    }
                    let first = first.and_then(day_number);
                    if high.zip(first).is_none_or(|(high, first)| first < high) {
                        shut = Some(Open::clone(open));
                    }
                }
                failed @ Outcome::Error(_) => return Err(failed.clone()),
                Outcome::Known(_) | Outcome::NotApplicable(_) => {}
            }
        }
        // An item begins a new round of the day.
        let entered = way.entered.get(&to.to).filter(|_| !takes);
        Ok(match (entered, shut) {
            (None, None) => Held::Free,
            (Some(true), None) => Held::Today,
            // Held back by both it waits; by the first alone it is spent.
            (today, shut) => Held::Perhaps {
                shut,
                today: today.is_some(),
            },
        })
    }

    /// Whether the deadline of the state has passed; `certain` is false where it may have.
    pub(super) fn passed(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        when: When,
    ) -> Result<Option<Passed>, Outcome> {
        let state = fold.machine.states.get(way.state as usize);
        let unless = state.and_then(|state| state.unless);
        let day = when.day();
        let since = match &way.since {
            Outcome::Open(open) => Open::clone(open),
            Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => Open::default(),
        };
        let passed = |needs: Open, certain: bool, dated: bool| {
            let leaves = certain;
            Ok(Some(Passed {
                needs,
                certain,
                dated,
                leaves,
            }))
        };
        match &way.deadline {
            Outcome::Known(Value::Date(last)) if day > *last => {
                let whole = match when {
                    When::Day(_) => true,
                    When::Span { first, .. } => first.is_some_and(|first| first > *last),
                };
                let dated = matches!(when, When::Day(_));
                let stops = match unless {
                    Some(unless) => self.truth_on(fold, way, unless, *last),
                    None => truth(false),
                };
                match stops {
                    Outcome::Known(Value::Bool(true)) => Ok(None),
                    Outcome::Open(needs)
                        if !needs.facts.is_empty() || !needs.because.is_empty() =>
                    {
                        passed(Open::clone(&needs), false, dated)
                    }
                    failed @ Outcome::Error(_) => Err(failed),
                    Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) => {
                        // Within a span it may have been left before.
                        Ok(Some(Passed {
                            needs: since,
                            certain: whole,
                            dated,
                            leaves: true,
                        }))
                    }
                }
            }
            Outcome::Open(needs) => {
                let number = day_number(day);
                if needs
                    .bounds
                    .low
                    .zip(number)
                    .is_some_and(|(low, day)| day <= low)
                {
                    return Ok(None);
                }
                let first = match when {
                    When::Day(_) => number,
                    When::Span { first, .. } => first.and_then(day_number),
                };
                let after = |day: Option<Number>| {
                    unless.is_none()
                        && day
                            .zip(needs.bounds.high)
                            .is_some_and(|(day, high)| day > high)
                };
                let (certain, leaves) = (after(first), after(number));
                let mut needs = Open {
                    bounds: Bounds::default(),
                    ..Open::clone(needs)
                };
                if let Some(unless) = unless {
                    // It is read on the day of the deadline, which may be any up to this one.
                    for on in [Date::FIRST, day] {
                        if let Outcome::Open(stops) = self.truth_on(fold, way, unless, on) {
                            join(&mut needs, &stops);
                        }
                    }
                }
                Ok(Some(Passed {
                    needs,
                    certain,
                    dated: false,
                    leaves,
                }))
            }
            failed @ Outcome::Error(_) => Err(failed.clone()),
            Outcome::Known(_) | Outcome::NotApplicable(_) => Ok(None),
        }
    }

    /// The way after a line was taken; on a day that is not known unless it is `dated`.
    pub(super) fn take(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        to: &Move,
        led: &Led,
        when: When,
    ) -> Way {
        let mut next = way.clone();
        next.restless = false;
        join(&mut next.needs, &led.needs);
        next.assumed.extend(led.assumes.iter().copied());
        if let Some(mark) = &led.mark {
            next.spent.insert(mark.clone(), led.exact);
        }
        if let Some((round, taken)) = &led.takes {
            if let Some(slot) = next.taken.get_mut(*round as usize) {
                *slot = taken.clone();
            }
            // A new round of the day; what was spent for the item before matters no more.
            next.entered.clear();
            next.refused.clear();
            next.spent
                .retain(|mark, _| mark.items.iter().all(|(at, _)| at != round));
        }
        let on = self.moment(fold, &next, to, led, when);
        let day = when.day();
        let mut kept = next.kept.clone();
        for (field, value) in &to.set {
            let value = match (&on, self.op(*value)) {
                (Outcome::Open(_), Some(Op::AsOf)) => on.clone(),
                (Outcome::Open(_), _) if !self.steady(*value, when) => {
                    let read = self.read(fold, &next, *value, day);
                    unbounded(&on, &read)
                }
                _ => self.read(fold, &next, *value, day),
            };
            if let Some(slot) = kept.get_mut(*field as usize) {
                *slot = value;
            }
        }
        if to.to != way.state || to.again {
            self.enter(fold, &mut next, to, &on, when);
        }
        next.kept = kept;
        next
    }

    /// The day of a move.
    fn moment(&self, fold: &Fold, way: &Way, to: &Move, led: &Led, when: When) -> Outcome {
        if let (When::Day(day), true) = (when, led.dated) {
            return Outcome::Known(Value::Date(day));
        }
        let mut missing = led.needs.clone();
        let before_all = matches!(when, When::Span { first: None, .. });
        match &way.since {
            // On the same day, whichever it is, as the move before.
            Outcome::Open(since) if led.dated => join(&mut missing, since),
            _ if led.dated && before_all => {
                missing.because.insert(fold.undated_since(to.to));
            }
            Outcome::Known(_)
            | Outcome::Open(_)
            | Outcome::NotApplicable(_)
            | Outcome::Error(_) => {}
        }
        if algebra::nothing_missing(&missing) {
            join(&mut missing, &way.needs);
        }
        if algebra::nothing_missing(&missing) {
            missing.because.insert(fold.undated_since(to.to));
        }
        missing.bounds = when.bounds();
        open(missing)
    }

    fn enter(&mut self, fold: &mut Fold, next: &mut Way, to: &Move, on: &Outcome, when: When) {
        if !to.again {
            let left = next.state;
            let shut = fold
                .machine
                .states
                .get(left as usize)
                .and_then(|state| state.no_reentry);
            if let Some(length) = shut {
                let until = self.length_from(fold, next, length, on, when);
                next.again.insert(left, until);
            }
        }
        next.state = to.to;
        next.since = on.clone();
        next.entered.insert(to.to, true);
        next.refused.clear();
        next.spent.retain(|mark, _| mark.what != What::Stay);
        next.deadline = match fold
            .machine
            .states
            .get(to.to as usize)
            .and_then(|state| state.deadline)
        {
            None => Outcome::Known(Value::None),
            Some(node) => match self.deadline_from(fold, next, node, on, when) {
                Outcome::NotApplicable(because) => {
                    let text = format!(
                        "the deadline of {} in `{}` is not applicable: {because}",
                        fold.state_name(to.to),
                        fold.machine.name
                    );
                    fold.notes.insert(text);
                    Outcome::Known(Value::None)
                }
                failed @ Outcome::Error(_) => {
                    next.failed = Some(failed);
                    Outcome::Known(Value::None)
                }
                other @ (Outcome::Known(_) | Outcome::Open(_)) => other,
            },
        };
        let step = Step {
            on: on.clone(),
            to: to.to,
            id: to.id,
        };
        if let Some(history) = &mut next.history {
            Arc::make_mut(history).push(step);
        }
    }

    /// A deadline read on the day of entry; on a day that is not known as far as it can be told.
    fn deadline_from(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        node: NodeId,
        on: &Outcome,
        when: When,
    ) -> Outcome {
        let Outcome::Open(_) = on else {
            return self.read(fold, way, node, when.day());
        };
        let as_of = |id: NodeId| matches!(self.op(id), Some(Op::AsOf));
        match self.op(node) {
            Some(Op::AddDays(date, length) | Op::AddMonths(date, length)) if as_of(*date) => {
                self.length_from(fold, way, *length, on, when)
            }
            _ if self.steady(node, when) => self.read(fold, way, node, when.day()),
            _ => {
                let read = self.read(fold, way, node, when.day());
                unbounded(on, &read)
            }
        }
    }

    /// Whether a node is the same on all days of a span. What the fold does not look at on days of its own, such as
    /// a value to keep, may change within one.
    fn steady(&mut self, node: NodeId, when: When) -> bool {
        let When::Span { first, last } = when else {
            return true;
        };
        if self.undated(node) {
            return true;
        }
        let about = self.program.tables().node(node);
        if about.is_none_or(|about| !about.free.is_empty()) {
            return false;
        }
        let changes = self.changes(node);
        let mut days = changes.days.range(..=last);
        !changes.daily && days.next_back().is_none_or(|day| Some(*day) <= first)
    }

    /// A length of time counted from a day, known or not.
    fn length_from(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        length: NodeId,
        from: &Outcome,
        when: When,
    ) -> Outcome {
        let day = when.day();
        if matches!(from, Outcome::Open(_)) && !self.steady(length, when) {
            let read = self.read(fold, way, length, day);
            return unbounded(from, &read);
        }
        let count = match self.read(fold, way, length, day) {
            Outcome::Known(Value::Number(number)) => number,
            Outcome::Open(needs) => {
                let mut missing = Open::clone(&needs);
                missing.bounds = Bounds::default();
                if let Outcome::Open(from) = from {
                    join(&mut missing, from);
                }
                return open(missing);
            }
            Outcome::Known(_) => return error("not a length of time"),
            other @ (Outcome::NotApplicable(_) | Outcome::Error(_)) => return other,
        };
        let months = matches!(plain(self.ty(length)), Type::Months);
        let later = |day: Date| {
            let count = count.to_i64()?;
            if months {
                day.checked_add_months(count)
            } else {
                day.checked_add_days(count)
            }
        };
        match from {
            Outcome::Known(Value::Date(day)) => later(*day).map_or_else(
                || error("date out of range"),
                |day| Outcome::Known(Value::Date(day)),
            ),
            Outcome::Open(inner) => {
                let moved = |bound: Option<Number>| {
                    let day = i32::try_from(bound?.to_i64()?)
                        .ok()
                        .and_then(Date::from_days)?;
                    day_number(later(day)?)
                };
                let mut missing = Open::clone(inner);
                missing.bounds = Bounds {
                    low: moved(inner.bounds.low),
                    high: moved(inner.bounds.high),
                };
                open(missing)
            }
            other @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
                other.clone()
            }
        }
    }
}

/// An open day or value of which nothing more is known: it hangs on what the day hangs on, and on what it lacks itself.
fn unbounded(on: &Outcome, read: &Outcome) -> Outcome {
    let mut missing = Open::default();
    algebra::join_deep(&mut missing, on);
    algebra::join_deep(&mut missing, read);
    open(missing)
}
