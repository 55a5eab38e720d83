//! Outcomes computed so far.

use super::{Evaluation, Moment};
use crate::ir::NodeId;
use crate::program::tables::NodeFacts;
use crate::value::{Outcome, Value};
use std::collections::BTreeMap;

/// How many outcomes of other days are kept before they are forgotten, those inside lists and records included.
const KEPT_WEIGHT: usize = 1 << 20;

/// Outcomes computed so far.
#[derive(Default)]
pub(super) struct Memory {
    /// By node: the same every day, or on the day the evaluation is about.
    pub(super) main: Vec<Option<Outcome>>,
    /// On other days.
    pub(super) other: BTreeMap<(Moment, NodeId), Outcome>,
    /// How many outcomes these are, those inside lists and records included.
    pub(super) weight: usize,
    /// By node under a list operation, with the stamp of the items and day it was computed for.
    pub(super) local: Vec<Option<(u64, Outcome)>>,
}

impl Memory {
    pub(super) fn new(nodes: usize) -> Memory {
        Memory {
            main: vec![None; nodes],
            other: BTreeMap::new(),
            weight: 0,
            local: vec![None; nodes],
        }
    }
}

/// Where a node's outcome is kept.
pub(super) enum Place {
    Main,
    Other,
    Local(u64),
}

impl Evaluation<'_> {
    /// Where the outcome of a node is kept now.
    pub(super) fn place(&self, about: &NodeFacts) -> Place {
        if !about.free.is_empty() {
            let day = if about.dated { self.now_stamp } else { 0 };
            Place::Local(about.free.iter().fold(day, |latest, binder| {
                let item = self.items.get(*binder as usize).and_then(Option::as_ref);
                latest.max(item.map_or(0, |(_, stamp)| *stamp))
            }))
        } else if !about.dated || self.now == self.outer {
            Place::Main
        } else {
            Place::Other
        }
    }

    pub(super) fn recall(&self, id: NodeId, place: &Place) -> Option<Outcome> {
        match place {
            Place::Main => self.memory.main.get(id as usize)?.clone(),
            Place::Other => self.memory.other.get(&(self.now, id)).cloned(),
            Place::Local(stamp) => match self.memory.local.get(id as usize)? {
                Some((at, outcome)) if at == stamp => Some(outcome.clone()),
                _ => None,
            },
        }
    }

    pub(super) fn remember(&mut self, id: NodeId, place: &Place, outcome: &Outcome) {
        match place {
            Place::Main => {
                if let Some(slot) = self.memory.main.get_mut(id as usize) {
                    *slot = Some(outcome.clone());
                }
            }
            Place::Other => {
                let weight = weight(outcome);
                if self.memory.weight.saturating_add(weight) > KEPT_WEIGHT {
                    self.memory.other.clear();
                    self.memory.weight = 0;
                }
                self.memory.weight = self.memory.weight.saturating_add(weight);
                self.memory.other.insert((self.now, id), outcome.clone());
            }
            Place::Local(stamp) => {
                if let Some(slot) = self.memory.local.get_mut(id as usize) {
                    *slot = Some((*stamp, outcome.clone()));
                }
            }
        }
    }
}

/// How many outcomes one is, those inside it included.
pub(super) fn weight(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Known(Value::List(list)) => {
            let items = list.items.iter().map(|item| weight(&item.value));
            items.fold(1, usize::saturating_add)
        }
        Outcome::Known(Value::Record(fields)) => {
            fields.iter().map(weight).fold(1, usize::saturating_add)
        }
        Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => 1,
    }
}
