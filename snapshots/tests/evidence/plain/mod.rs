//! A plain evaluator: what the documents say, as directly as it can be written, to compare the runtime with.
//!
//! It reads the data of a compiled program, JSON facts and a day. Nothing here comes from the runtime but that data
//! (a test looks); it is slow, keeps no bounds and no needs, and calls `Open` whatever the documents leave open.

mod choose;
mod dates;
mod day;
mod facts;
mod items;
mod machine;
mod number;
mod ops;
mod schedule;
mod value;

use polc_runtime::ir::{BinderId, NodeId, Op, Program, Type, children};
use serde_json::{Map, Value as Json};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

pub use day::{parse as day_of, written as written_day};
pub use value::{Outcome, Value, equal, order as in_order, read};

/// A program as the evaluator reads it.
pub struct Plain<'p> {
    program: &'p Program,
    /// The loop variables each node reads that are bound outside it.
    free: Vec<BTreeSet<BinderId>>,
}

/// The day that is evaluated and the last one that may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Day {
    on: i64,
    seen: i64,
}

/// One evaluation: facts, and what was worked out already.
pub struct Run<'p> {
    plain: &'p Plain<'p>,
    facts: &'p Map<String, Json>,
    as_of: i64,
    known: RefCell<HashMap<(NodeId, Day), Outcome>>,
}

/// Items of loops, innermost last.
type Env = Vec<(BinderId, Outcome)>;

impl<'p> Plain<'p> {
    pub fn new(program: &'p Program) -> Plain<'p> {
        let mut free: Vec<BTreeSet<BinderId>> = Vec::new();
        for node in &program.nodes {
            let mut reads = BTreeSet::new();
            children(&node.op, |child| reads.extend(&free[child as usize]));
            match &node.op {
                Op::Item(binder) | Op::Position(binder) => {
                    reads.insert(*binder);
                }
                Op::Filter { binder, .. }
                | Op::Map { binder, .. }
                | Op::Sort { binder, .. }
                | Op::GroupBy { binder, .. } => {
                    reads.remove(binder);
                }
                Op::Call { arguments, .. } => {
                    for (binder, _) in arguments {
                        reads.remove(binder);
                    }
                }
                Op::Lifecycle(machine) => {
                    for round in &machine.rounds {
                        reads.remove(&round.binder);
                    }
                }
                _ => {}
            }
            free.push(reads);
        }
        Plain { program, free }
    }

    /// Starts an evaluation on facts and a day.
    pub fn run(&'p self, facts: &'p Map<String, Json>, as_of: i64) -> Run<'p> {
        Run {
            plain: self,
            facts,
            as_of,
            known: RefCell::default(),
        }
    }
}

impl Run<'_> {
    /// The outcome of a node, whole.
    pub fn outcome(&self, node: NodeId) -> Outcome {
        let day = Day {
            on: self.as_of,
            seen: self.as_of,
        };
        self.node(node, day, &mut Env::new()).settled()
    }

    fn node(&self, node: NodeId, day: Day, env: &mut Env) -> Outcome {
        let keep = self.plain.free[node as usize].is_empty();
        if keep && let Some(known) = self.known.borrow().get(&(node, day)) {
            return known.clone();
        }
        let outcome = match self.op(node, day, env) {
            Outcome::Known(Value::List(items)) if matches!(self.ty(node), Type::Set(_)) => {
                Outcome::Known(Value::List(value::in_order(items)))
            }
            other => other,
        };
        if keep {
            self.known.borrow_mut().insert((node, day), outcome.clone());
        }
        outcome
    }

    fn ty(&self, node: NodeId) -> &Type {
        &self.plain.program.nodes[node as usize].ty
    }
}
