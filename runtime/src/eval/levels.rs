//! How deep evaluation may come inside the bodies of operations on items and days: worked out from the program
//! alone, so that `check` can refuse what the evaluator would not take.

use super::stack::{BODY_LEVELS, LEVELS, MOST_LEVELS};
use crate::ir::{self, NodeId, Use};
use crate::program::tables::Tables;

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
    let tables = Tables::new(program);
    let mut stands = vec![Stand::OUTSIDE; program.nodes.len()];
    // Children come before parents; facts may be derived from nodes further on, so passes repeat.
    for _ in 0..=program.facts.len() {
        let before = stands.clone();
        for (at, node) in program.nodes.iter().enumerate().rev() {
            let Some(here) = stands.get(at).copied() else {
                continue;
            };
            program.reads(&node.op, |child, how| {
                let closed = tables
                    .node(child)
                    .is_some_and(|about| about.free.is_empty());
                if let Some(slot) = stands.get_mut(child as usize) {
                    *slot = slot.worse(here.inside(how != Use::Here, closed));
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
