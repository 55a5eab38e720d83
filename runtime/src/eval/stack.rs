//! Evaluating deep programs on a small stack, without threads.
//!
//! Nodes are evaluated by recursion, but only so many levels down. A node that lies deeper is put aside: what
//! is being evaluated is given up, the node is evaluated first, and what was given up is taken up again; it
//! then finds the outcome remembered. Operations that go through items or days pick up what their bodies put
//! aside themselves, so that they need not begin again.

use super::changes::Changes;
use super::{Evaluation, Moment};
use crate::ir::{BinderId, NodeId};
use crate::value::Outcome;
use crate::value::algebra::error;
use std::sync::Arc;

/// Levels from where evaluation begins after which a node is put aside.
pub(super) const LEVELS: u32 = 40;

/// Levels that the body of an operation on items or days has for itself before its nodes are put aside.
pub(super) const BODY_LEVELS: u32 = 12;

/// Levels in all: beyond these, bodies have no levels of their own.
pub(super) const MOST_LEVELS: u32 = 120;

/// Where on the stack evaluation is.
#[derive(Debug)]
pub(super) struct Stack {
    /// Nodes being evaluated inside one another.
    level: u32,
    /// From this level on nodes are put aside.
    limit: u32,
    /// Calls on this level pick up what was put aside.
    base: u32,
    /// Items and day on this level are those of the innermost body.
    own: bool,
    /// What has to be evaluated first; while it is there, everything is given up.
    aside: Option<Task>,
}

/// Where a body began, to go back to.
pub(super) struct Outside {
    limit: u32,
    base: u32,
    own: bool,
}

/// What was put aside.
#[derive(Debug, Clone)]
struct Task {
    at: Moment,
    node: NodeId,
    asked: Asked,
    /// The items that it reads, and the stamp of the day they stand with.
    items: Vec<(BinderId, Option<(Outcome, u64)>)>,
    day: u64,
}

#[derive(Debug, Clone, Copy)]
enum Asked {
    /// Its outcome.
    Outcome,
    /// The days on which it changes.
    Days,
}

impl Stack {
    pub(super) fn new() -> Stack {
        Stack {
            level: 0,
            limit: LEVELS,
            base: 0,
            own: true,
            aside: None,
        }
    }

    /// Begins the body of an operation on items or days.
    pub(super) fn enter(&mut self) -> Outside {
        let outside = Outside {
            limit: self.limit,
            base: self.base,
            own: self.own,
        };
        self.own = self.level + BODY_LEVELS <= MOST_LEVELS && self.aside.is_none();
        if self.own {
            self.base = self.level;
            self.limit = self.limit.max(self.level + BODY_LEVELS);
        } else {
            // Nothing may be picked up here: only further out.
            self.base = u32::MAX;
        }
        outside
    }

    pub(super) fn leave(&mut self, outside: Outside) {
        self.limit = outside.limit;
        self.base = outside.base;
        self.own = outside.own;
    }

    /// Everything is being given up: outcomes mean nothing now, and nothing may be kept.
    pub(super) fn gives_up(&self) -> bool {
        self.aside.is_some()
    }
}

/// Takes the place of an outcome that is given up.
pub(super) fn given_up() -> Outcome {
    error("nested too deep")
}

impl Evaluation<'_> {
    /// The outcome of a node on the current day with the current items.
    pub(super) fn eval(&mut self, id: NodeId) -> Outcome {
        loop {
            let outcome = self.outcome(id);
            if !self.picks_up() {
                return outcome;
            }
            self.evaluate_aside();
        }
    }

    /// The days on which a node may change.
    pub(super) fn days_of(&mut self, id: NodeId) -> Arc<Changes> {
        self.untraced(|this| this.days_of_now(id))
    }

    fn days_of_now(&mut self, id: NodeId) -> Arc<Changes> {
        loop {
            let days = self.days(id);
            if !self.picks_up() {
                return days;
            }
            self.evaluate_aside();
        }
    }

    fn picks_up(&self) -> bool {
        self.stack.aside.is_some() && self.stack.level == self.stack.base
    }

    /// Evaluates what was put aside, and before that what it puts aside itself.
    fn evaluate_aside(&mut self) {
        let mut waiting: Vec<Task> = Vec::new();
        loop {
            match self.stack.aside.take() {
                Some(task) => waiting.push(task),
                None => drop(waiting.pop()),
            }
            let Some(task) = waiting.last().cloned() else {
                return;
            };
            let before = (self.now, self.now_stamp);
            if !task.items.is_empty() {
                (self.now, self.now_stamp) = (task.at, task.day);
            } else if self.now != task.at {
                self.now = task.at;
                self.now_stamp = self.stamp();
            }
            let items = self.exchange(task.items);
            self.apart(|this| match task.asked {
                Asked::Outcome => drop(this.outcome(task.node)),
                Asked::Days => this.untraced(|this| drop(this.days(task.node))),
            });
            self.exchange(items);
            (self.now, self.now_stamp) = before;
        }
    }

    /// Puts items in their places; gives those that were there.
    fn exchange(
        &mut self,
        items: Vec<(BinderId, Option<(Outcome, u64)>)>,
    ) -> Vec<(BinderId, Option<(Outcome, u64)>)> {
        let put = items.into_iter().map(|(binder, item)| {
            let slot = self.items.get_mut(binder as usize);
            (binder, slot.and_then(|slot| std::mem::replace(slot, item)))
        });
        put.collect()
    }

    /// Goes one level down, unless the node has to be put aside. `closed`: what it comes to is found again from anywhere.
    pub(super) fn deeper<T>(
        &mut self,
        node: NodeId,
        closed: bool,
        compute: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        self.go_down(node, closed, Asked::Outcome, compute)
    }

    /// The same for the days on which a node changes.
    pub(super) fn deeper_days<T>(
        &mut self,
        node: NodeId,
        closed: bool,
        compute: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        self.go_down(node, closed, Asked::Days, compute)
    }

    fn go_down<T>(
        &mut self,
        node: NodeId,
        closed: bool,
        asked: Asked,
        compute: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.stack.aside.is_some() {
            return None;
        }
        let kept = match asked {
            Asked::Outcome => closed || self.stack.own,
            // Those of nodes that read items of loops are not remembered.
            Asked::Days => closed,
        };
        if self.stack.level >= self.stack.limit && kept {
            let about = self.program.tables().node(node);
            let free = about.map_or(&[][..], |about| &about.free);
            let item = |binder: &BinderId| {
                let item = self.items.get(*binder as usize).cloned();
                (*binder, item.flatten())
            };
            self.stack.aside = Some(Task {
                at: self.now,
                node,
                asked,
                items: free.iter().map(item).collect(),
                day: self.now_stamp,
            });
            return None;
        }
        // Only bodies within bodies within bodies come here.
        if self.stack.level >= MOST_LEVELS + BODY_LEVELS {
            return None;
        }
        self.stack.level += 1;
        let result = compute(self);
        self.stack.level -= 1;
        (self.stack.aside.is_none()).then_some(result)
    }
}
