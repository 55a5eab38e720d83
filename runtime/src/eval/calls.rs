//! Rules with parameters: the body of each is evaluated once for the same arguments on the same day.
//!
//! All parameters of a call have one stamp, and so has its day: whoever asks for the same again finds what is
//! remembered under it. So nodes that read parameters alone can be put aside like those that read nothing.

use super::changes::Changes;
use super::memory::weight;
use super::{Evaluation, Moment, stack};
use crate::ir::{self, BinderId, NodeId};
use crate::program::tables::NodeFacts;
use crate::value::{Date, Outcome};
use std::collections::HashMap;

/// How many calls are kept before those that are done are forgotten.
const KEPT: usize = 1 << 18;

/// A rule with its arguments, and the day where that matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Call {
    body: NodeId,
    arguments: Vec<Outcome>,
    at: Option<Moment>,
}

/// What is known of a call.
#[derive(Debug, Clone)]
struct Made {
    stamp: u64,
    /// Once it is evaluated.
    outcome: Option<Outcome>,
}

/// Calls met so far.
#[derive(Debug, Default)]
pub(super) struct Calls {
    known: HashMap<Call, Made>,
}

/// An argument for each parameter.
pub(super) type Arguments<'a> = &'a [(BinderId, NodeId)];

impl<'a> Evaluation<'a> {
    /// A rule of arguments. What is open or fails among them is the business of the body.
    pub(super) fn call(&mut self, body: NodeId, arguments: Arguments<'_>) -> Outcome {
        let outcomes: Vec<Outcome> = arguments.iter().map(|(_, node)| self.eval(*node)).collect();
        if self.stack.gives_up() {
            return stack::given_up();
        }
        let call = self.call_of(body, outcomes);
        let made = self.made(&call);
        // Whoever asks why reads what it was made from.
        if let Some(outcome) = made.outcome.filter(|_| !self.is_traced()) {
            return outcome;
        }
        let bound = arguments.iter().map(|(binder, _)| *binder);
        let outcome = self.inside(bound, &call.arguments, made.stamp, |this| this.eval(body));
        if self.stack.gives_up() {
            return stack::given_up();
        }
        if let Some(made) = self.calls.known.get_mut(&call) {
            made.outcome = Some(outcome.clone());
        }
        outcome
    }

    /// What these nodes of a rule come to, for each time that it was asked for so far.
    pub fn in_calls(&mut self, rule: &ir::Definition, nodes: &[NodeId]) -> Vec<Vec<Outcome>> {
        let about = self.program.tables().node(rule.node);
        let free = about.map_or(&[][..], |about| &about.free);
        if free.is_empty() {
            return vec![nodes.iter().map(|node| self.eval(*node)).collect()];
        }
        // Those that it does not read are no arguments.
        let bound = rule.parameters.iter().map(|parameter| parameter.binder);
        let bound = bound.filter(|binder| free.contains(binder));
        let known = self.calls.known.iter();
        let of_rule = known.filter(|(call, _)| call.body == rule.node);
        let mut calls: Vec<(u64, Call)> = of_rule
            .map(|(call, made)| (made.stamp, call.clone()))
            .collect();
        calls.sort_unstable_by_key(|(stamp, _)| *stamp);
        let mut found = Vec::with_capacity(calls.len());
        for (stamp, call) in calls {
            let bound = bound.clone();
            let day = std::mem::replace(&mut self.now, call.at.unwrap_or(self.outer));
            found.push(self.inside(bound, &call.arguments, stamp, |this| {
                nodes.iter().map(|node| this.eval(*node)).collect()
            }));
            self.now = day;
        }
        found
    }

    fn call_of(&mut self, body: NodeId, arguments: Vec<Outcome>) -> Call {
        let about = self.program.tables().node(body);
        let dated = about.is_none_or(|about| about.dated);
        Call {
            body,
            arguments,
            at: dated.then_some(self.now),
        }
    }

    /// What is known of a call; a new one gets a stamp.
    fn made(&mut self, call: &Call) -> Made {
        let size = call.arguments.iter().map(weight);
        let size = size.fold(1, usize::saturating_add);
        // They are looked at to know the call again.
        self.spend(size);
        if let Some(made) = self.calls.known.get(call) {
            return made.clone();
        }
        if self.calls.known.len() >= KEPT {
            // What is being evaluated is taken up again under its stamp.
            let known = &mut self.calls.known;
            known.retain(|_, made| made.outcome.is_none());
        }
        let made = Made {
            stamp: self.stamp(),
            outcome: None,
        };
        self.calls.known.insert(call.clone(), made.clone());
        made
    }

    /// Runs `body` with parameters bound. The day is part of the call: it has its stamp.
    fn inside<T>(
        &mut self,
        parameters: impl Iterator<Item = BinderId> + Clone,
        arguments: &[Outcome],
        stamp: u64,
        body: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mut before = Vec::with_capacity(arguments.len());
        for (binder, argument) in parameters.clone().zip(arguments) {
            let slot = self.items.get_mut(binder as usize);
            before.push(slot.and_then(|slot| slot.replace((argument.clone(), stamp))));
        }
        let day = std::mem::replace(&mut self.now_stamp, stamp);
        let result = body(self);
        self.now_stamp = day;
        for (binder, item) in parameters.zip(before) {
            if let Some(slot) = self.items.get_mut(binder as usize) {
                *slot = item;
            }
        }
        result
    }

    /// Under which stamp a node is found again whoever asks for it: none where it reads items of loops around it, or
    /// parameters on another day than that of their call.
    pub(super) fn kept_under(&self, about: &NodeFacts) -> Option<u64> {
        let Some(binder) = about.free.first() else {
            return Some(0);
        };
        let item = self.items.get(*binder as usize).and_then(Option::as_ref);
        let stamp = item.map(|(_, stamp)| *stamp).filter(|_| about.of_rule);
        stamp.filter(|stamp| !about.dated || *stamp == self.now_stamp)
    }

    /// Where a call changes: where its arguments do, and where the rule does for each of them.
    pub(super) fn call_days(
        &mut self,
        body: NodeId,
        arguments: Arguments<'_>,
        changes: &mut Changes,
    ) {
        let mut of_arguments = Changes::default();
        for (_, argument) in arguments {
            let days = self.days_of(*argument);
            of_arguments.join(&days);
        }
        changes.join(&of_arguments);
        let about = self.program.tables().node(body);
        if changes.daily || about.is_some_and(|about| !about.dated) {
            return;
        }
        let mut seen: Vec<Vec<Outcome>> = Vec::new();
        for day in self.days_to_look_at(&of_arguments) {
            let mut outcomes = Vec::with_capacity(arguments.len());
            for (_, argument) in arguments {
                outcomes.push(self.on_day(day, |this| this.eval(*argument)));
            }
            if self.stack.gives_up() {
                return;
            }
            if seen.contains(&outcomes) {
                continue;
            }
            let call = self.call_of(body, outcomes);
            let made = self.made(&call);
            let bound = arguments.iter().map(|(binder, _)| *binder);
            let days = self.inside(bound, &call.arguments, made.stamp, |this| {
                this.days_of(body)
            });
            changes.join(&days);
            seen.push(call.arguments);
        }
    }

    /// A day before all of these, and each of them.
    pub(super) fn days_to_look_at(&self, changes: &Changes) -> Vec<Date> {
        let today = self.now.today;
        let before = changes
            .days
            .first()
            .and_then(|day| day.checked_add_days(-1));
        let first = before.map_or(today, |day| day.min(today));
        let days = changes.days.range(..=today).copied();
        std::iter::once(first).chain(days).chain([today]).collect()
    }
}
