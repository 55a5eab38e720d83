//! What a lifecycle says: the record it evaluates to, and notes beside it.

use super::super::Evaluation;
use super::super::facts::WAITS;
use super::Fold;
use super::ways::{Way, hangs_on};
use crate::facts::Slot;
use crate::ir::Op;
use crate::ir::lifecycle::{self, Lifecycle, Sign, Trigger};
use crate::value::algebra::{join, join_deep, open};
use crate::value::{Bounds, Item, List, Open, Outcome, Presence, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Evaluation<'_> {
    /// What a way says, as the record the lifecycle evaluates to.
    pub(super) fn record(&mut self, fold: &mut Fold, way: &Way) -> Outcome {
        if let Some(failed) = &way.failed {
            return failed.clone();
        }
        let machine = fold.machine;
        let today = self.now.today;
        let known = |value: Value| Outcome::Known(value);
        let state = machine.states.get(way.state as usize);
        let waits_for = state
            .and_then(|state| state.waits_for)
            .map_or(Value::None, Value::Enum);
        let mut deadline = way.deadline.clone();
        // A deadline that has passed without consequence was stopped.
        if matches!(deadline, Outcome::Known(Value::Date(last)) if last < today) {
            deadline = known(Value::None);
        }
        if let (Outcome::Known(Value::Date(_)) | Outcome::Open(_), Some(unless)) =
            (&deadline, state.and_then(|state| state.unless))
        {
            match self.read(fold, way, unless, today) {
                // Whichever day it is, it was stopped or has passed.
                Outcome::Known(Value::Bool(true)) => deadline = known(Value::None),
                // It may have been stopped already.
                Outcome::Open(needs) if !needs.facts.is_empty() => {
                    let mut missing = Open {
                        bounds: Bounds::default(),
                        not_none: false,
                        ..Open::clone(&needs)
                    };
                    join_deep(&mut missing, &deadline);
                    deadline = open(missing);
                }
                Outcome::Known(_)
                | Outcome::Open(_)
                | Outcome::NotApplicable(_)
                | Outcome::Error(_) => {}
            }
        }
        let mut moves: Vec<u32> = Vec::new();
        let open_state = state.filter(|state| !state.is_final);
        let lines = open_state
            .into_iter()
            .flat_map(|state| machine.everywhere.iter().chain(&state.lines));
        for line in lines {
            if matches!(line.trigger, Trigger::Read(Sign::Decision, _))
                && !moves.contains(&line.to.to)
            {
                moves.push(line.to.to);
            }
        }
        let steps = way.history.iter().flat_map(|history| history.iter());
        let history = steps.map(|step| {
            let text = self.line_text(machine, step.id);
            let parts = vec![
                hangs_on(&step.on, &way.needs),
                known(Value::Enum(step.to)),
                known(Value::Text(text.into())),
            ];
            known(Value::Record(parts.into()))
        });
        let history = match &way.history {
            Some(_) => list(history.collect()),
            None => unknown_history(way),
        };
        let mut fields = vec![
            known(Value::Enum(way.state)),
            hangs_on(&way.since, &way.needs),
            hangs_on(&deadline, &way.needs),
            known(waits_for),
            list(moves.into_iter().map(|to| known(Value::Enum(to))).collect()),
            history,
        ];
        fields.extend(way.kept.iter().map(|kept| hangs_on(kept, &way.needs)));
        known(Value::Record(fields.into()))
    }

    /// Notes events that happened and moved nothing: they wait for their state, or came too late for it.
    pub(super) fn note_waiting(&mut self, machine: &Lifecycle, ways: &[Way]) {
        let used: BTreeSet<u32> = ways
            .iter()
            .flat_map(|way| way.history.iter().flat_map(|history| history.iter()))
            .map(|step| step.id)
            .collect();
        let mut moved: BTreeMap<u32, bool> = BTreeMap::new();
        for (_, line) in machine.lines() {
            let Trigger::Read(Sign::Event, node) = &line.trigger else {
                continue;
            };
            if let Some(Op::Fact(fact)) = self.op(*node) {
                *moved.entry(*fact).or_default() |= used.contains(&line.to.id);
            }
        }
        for (id, _) in moved.into_iter().filter(|(_, moved)| !moved) {
            let Slot::Given { value, .. } = self.facts.slot(id) else {
                continue;
            };
            if let (Outcome::Known(Value::Date(on)), Some(fact)) =
                (value, self.ir().facts.get(id as usize))
                && *on <= self.outer.today
            {
                let text = format!(
                    "`{}` ({on}) has moved nothing in `{}`: no state has waited for it yet",
                    fact.name, machine.name
                );
                self.notes.insert((id, WAITS), text);
            }
        }
    }

    /// Notes decisions without a day: they count from the day on which they could be taken.
    pub(super) fn note_undated(&mut self, fold: &Fold, ways: &[Way]) {
        let machine = fold.machine;
        for (_, line) in machine.lines() {
            let Trigger::Read(Sign::Decision, recorded) = &line.trigger else {
                continue;
            };
            let Some(Op::Recorded(id)) = self.op(*recorded) else {
                continue;
            };
            let (id, steps) = (
                *id,
                ways.iter()
                    .flat_map(|way| way.history.iter().flat_map(|h| h.iter())),
            );
            let taken = steps.rev().find(|step| step.id == line.to.id);
            let undated = matches!(self.facts.slot(id), Slot::Given { on: None, .. });
            if let (true, Some(step), Some(fact)) =
                (undated, taken, self.ir().facts.get(id as usize))
                && let Outcome::Known(Value::Date(on)) = &step.on
            {
                let text = format!(
                    "`{}` has no day; in `{}` it counts from {on}, when it could be taken",
                    fact.name, machine.name
                );
                self.notes.insert((id, WAITS), text);
            }
        }
    }
}

/// Several ways led here.
fn unknown_history(way: &Way) -> Outcome {
    let mut needs = way.needs.clone();
    if let Outcome::Open(since) = &way.since {
        join(&mut needs, since);
    }
    open(needs)
}

/// A list of certain items.
fn list(items: Vec<Outcome>) -> Outcome {
    let items = items.into_iter().map(|value| Item {
        presence: Presence::Certain,
        value,
    });
    Outcome::Known(Value::List(Arc::new(List {
        items: items.collect(),
    })))
}

// The fixed fields of a lifecycle's record, in order; `record` above writes them so.
const _: () = assert!(lifecycle::KEPT == 6 && lifecycle::HISTORY == 5 && lifecycle::MOVES == 4);
