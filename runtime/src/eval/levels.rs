//! How deep evaluation may come inside the bodies of operations on items and days: worked out from the program
//! alone, so that `check` can refuse what the evaluator would not take.

use super::stack::{BODY_LEVELS, LEVELS, MOST_LEVELS};
use super::tables::Tables;
use crate::ir::{self, NodeId, Op, ScheduleRule};

/// Where a node may stand when it is evaluated, at worst.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stand {
    /// Nodes being evaluated around it, with itself.
    level: u32,
    /// From this level on what can be put aside is.
    limit: u32,
    /// The body around it has no levels of its own: what reads its items cannot be put aside.
    bare: bool,
}

impl Stand {
    const OUTSIDE: Stand = Stand {
        level: 1,
        limit: LEVELS,
        bare: false,
    };

    /// Where a node inside stands; `closed` nodes read no item of an enclosing list.
    fn inside(self, body: bool, closed: bool) -> Stand {
        let mut next = self;
        if body {
            next.bare = self.level + BODY_LEVELS > MOST_LEVELS;
            // What was put aside begins further out, so that this may be any level up to the worst.
            let own = self.level.min(MOST_LEVELS - BODY_LEVELS);
            next.limit = self.limit.max(own + BODY_LEVELS);
        }
        let level = self.level.saturating_add(1);
        next.level = match closed || !next.bare {
            true => level.min(next.limit),
            false => level,
        };
        next
    }

    fn worse(self, other: Stand) -> Stand {
        Stand {
            level: self.level.max(other.level),
            limit: self.limit.max(other.limit),
            bare: self.bare || other.bare,
        }
    }
}

/// The first node that may lie deeper, inside loops within loops, than is evaluated.
#[must_use]
pub fn too_deep_in_loops(program: &ir::Program) -> Option<NodeId> {
    let tables = Tables::new(program)?;
    let mut stands = vec![Stand::OUTSIDE; program.nodes.len()];
    // Children come before parents; facts may be derived from nodes further on, so passes repeat.
    for _ in 0..=program.facts.len() {
        let before = stands.clone();
        for (at, node) in program.nodes.iter().enumerate().rev() {
            let Some(here) = stands.get(at).copied() else {
                continue;
            };
            each_inside(program, &node.op, &mut |child, body| {
                let closed = tables
                    .node(child)
                    .is_some_and(|about| about.free.is_empty());
                if let Some(slot) = stands.get_mut(child as usize) {
                    *slot = slot.worse(here.inside(body, closed));
                }
            });
        }
        if stands == before {
            break;
        }
    }
    let beyond = |stand: &Stand| stand.level > MOST_LEVELS + BODY_LEVELS;
    stands.iter().position(beyond).map(|at| at as NodeId)
}

/// Shows every node an operation evaluates, and whether it does so for an item or on a day.
fn each_inside(program: &ir::Program, op: &Op, see: &mut impl FnMut(NodeId, bool)) {
    match op {
        Op::Filter { list, body, .. } | Op::Map { list, body, .. } => {
            see(*list, false);
            see(*body, true);
        }
        Op::Sort { list, key, .. } | Op::GroupBy { list, key, .. } => {
            see(*list, false);
            see(*key, true);
        }
        Op::AtDate { body, date } => {
            see(*body, true);
            see(*date, false);
        }
        Op::Ever { body, from, to } => {
            see(*body, true);
            see(*from, false);
            see(*to, false);
        }
        Op::Lifecycle(machine) => machine.nodes(|node| see(node, true)),
        Op::Fact(fact) | Op::Granted { fact, .. } => {
            let fact = program.facts.get(*fact as usize);
            let parts = fact.map(|fact| [fact.derived, fact.assume]);
            parts
                .into_iter()
                .flatten()
                .flatten()
                .for_each(|node| see(node, false));
        }
        Op::ScheduleOn(id, date) | Op::ScheduleNext(id, date) | Op::SchedulePrevious(id, date) => {
            see(*date, false);
            let rule = program.schedules.get(*id as usize).map(|one| &one.rule);
            if let Some(ScheduleRule::Every { anchor, .. }) = rule {
                see(*anchor, false);
            }
        }
        op => ir::children(op, |node| see(node, false)),
    }
}
