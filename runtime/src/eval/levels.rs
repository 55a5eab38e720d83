//! How deep evaluation may come inside the bodies of operations on items and days: worked out from the program
//! alone, so that `check` can refuse what the evaluator would not take.

use super::stack::{BODY_LEVELS, LEVELS, MOST_LEVELS};
use crate::ir::{self, NodeId, Use};
use crate::program::tables::{NodeFacts, Tables};

/// Where a node may stand when it is evaluated, at worst.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stand {
    /// Nodes being evaluated around it, with itself.
    level: u32,
    /// From this level on what can be put aside is.
    limit: u32,
    /// The body around it has no levels of its own: what reads its items cannot be put aside.
    bare: bool,
    /// It is read on another day than the rule with parameters around it was asked for.
    elsewhere: bool,
}

impl Stand {
    const OUTSIDE: Stand = Stand {
        level: 1,
        limit: LEVELS,
        bare: false,
        elsewhere: false,
    };

    /// Where a node inside stands: `closed` ones, which read no item of an enclosing list, can be put aside.
    fn inside(self, how: Use, about: &NodeFacts) -> Stand {
        let mut next = self;
        next.elsewhere = match how {
            Use::Here | Use::EachItem => self.elsewhere,
            Use::Bound => false,
            Use::OtherDays => true,
        };
        let of_rule = about.of_rule && !(about.dated && next.elsewhere);
        let closed = about.free.is_empty() || of_rule;
        if matches!(how, Use::EachItem | Use::OtherDays) {
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
            elsewhere: self.elsewhere || other.elsewhere,
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
                if let (Some(slot), Some(about)) =
                    (stands.get_mut(child as usize), tables.node(child))
                {
                    *slot = slot.worse(here.inside(how, about));
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
