//! What is worked out once for each program: what every node depends on and how deep it is.

use crate::ir::{self, BinderId, FactKind, NodeId, Op, ScheduleRule, Type};
use std::collections::BTreeMap;

/// Facts about the nodes of one program.
#[derive(Debug)]
pub(crate) struct Tables {
    nodes: Vec<NodeFacts>,
    facts: Vec<bool>,
    records: Vec<bool>,
    /// Definitions by name.
    pub(crate) definitions: BTreeMap<String, NodeId>,
}

/// What one node depends on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct NodeFacts {
    /// Binders it reads that it does not introduce, ascending.
    pub(crate) free: Vec<BinderId>,
    /// Whether its outcome may differ from one day to another.
    pub(crate) dated: bool,
    /// Length of the longest chain of nodes below it.
    pub(crate) height: u32,
}

impl Tables {
    /// Works the tables out; `None` when definitions depend on themselves.
    pub(crate) fn new(program: &ir::Program) -> Option<Tables> {
        let mut tables = Tables {
            nodes: vec![NodeFacts::default(); program.nodes.len()],
            facts: Vec::new(),
            records: hiding_records(program),
            definitions: BTreeMap::new(),
        };
        tables.facts = program
            .facts
            .iter()
            .map(|fact| fact.kind != FactKind::Given || tables.hides(&fact.ty))
            .collect();
        for definition in &program.definitions {
            tables
                .definitions
                .insert(definition.name.clone(), definition.node);
        }
        // Children come before parents, so one pass settles everything but facts derived from nodes
        // further on; passes repeat until nothing changes.
        loop {
            let mut changed = false;
            for (index, node) in program.nodes.iter().enumerate() {
                let next = tables.describe(program, &node.op);
                if next.height as usize > program.nodes.len() {
                    return None;
                }
                if let Some(slot) = tables.nodes.get_mut(index)
                    && *slot != next
                {
                    *slot = next;
                    changed = true;
                }
            }
            if !changed {
                return Some(tables);
            }
        }
    }

    /// What a node depends on.
    pub(crate) fn node(&self, id: NodeId) -> Option<&NodeFacts> {
        self.nodes.get(id as usize)
    }

    /// Whether a fact reads differently on different days.
    pub(crate) fn fact_is_dated(&self, fact: u32) -> bool {
        self.facts.get(fact as usize).copied().unwrap_or(true)
    }

    /// Whether values of a type have parts that are hidden on earlier days.
    pub(crate) fn hides(&self, ty: &Type) -> bool {
        match ty {
            Type::Record(id) => self.records.get(*id as usize).copied().unwrap_or(false),
            Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => self.hides(inner),
            _ => false,
        }
    }

    fn describe(&self, program: &ir::Program, op: &Op) -> NodeFacts {
        let mut result = NodeFacts::default();
        // A provision is no step of its own.
        let below = u32::from(!matches!(op, Op::Provision { .. }));
        let mut add = |id: NodeId| {
            if let Some(child) = self.nodes.get(id as usize) {
                result.dated |= child.dated;
                result.height = result.height.max(child.height.saturating_add(below));
                for binder in &child.free {
                    if let Err(at) = result.free.binary_search(binder) {
                        result.free.insert(at, *binder);
                    }
                }
            }
        };
        match op {
            Op::Fact(fact) => {
                if let Some(fact) = program.facts.get(*fact as usize) {
                    fact.derived
                        .into_iter()
                        .chain(fact.assume)
                        .for_each(&mut add);
                }
            }
            Op::Granted { fact, .. } => {
                if let Some(fact) = program.facts.get(*fact as usize) {
                    fact.derived
                        .into_iter()
                        .chain(fact.assume)
                        .for_each(&mut add);
                }
            }
            Op::ScheduleOn(id, date)
            | Op::ScheduleNext(id, date)
            | Op::SchedulePrevious(id, date) => {
                add(*date);
                if let Some(ScheduleRule::Every { anchor, .. }) =
                    program.schedules.get(*id as usize).map(|s| &s.rule)
                {
                    add(*anchor);
                }
            }
            _ => ir::children(op, &mut add),
        }
        match op {
            Op::AsOf | Op::InForce(_) | Op::Granted { .. } | Op::Recorded(_) | Op::Ever { .. } => {
                result.dated = true;
            }
            Op::Fact(fact) => result.dated |= self.fact_is_dated(*fact),
            Op::ReadingIs(reading, _) => {
                let choices = program.readings.get(*reading as usize);
                result.dated = choices.is_none_or(|r| r.chosen.len() > 1);
            }
            Op::Item(binder) => result.free.push(*binder),
            Op::Lifecycle(machine) => {
                result.dated = true;
                let own = |free: &BinderId| machine.rounds.iter().any(|r| r.binder == *free);
                result.free.retain(|free| !own(free));
            }
            Op::Filter { binder, .. }
            | Op::Map { binder, .. }
            | Op::Sort { binder, .. }
            | Op::GroupBy { binder, .. } => result.free.retain(|free| free != binder),
            _ => {}
        }
        result
    }
}

/// Which record types have a dated item or an event somewhere inside.
fn hiding_records(program: &ir::Program) -> Vec<bool> {
    fn mentions(ty: &Type, known: &[bool]) -> bool {
        match ty {
            Type::Record(id) => known.get(*id as usize).copied().unwrap_or(false),
            Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => mentions(inner, known),
            _ => false,
        }
    }
    let mut known: Vec<bool> = program
        .records
        .iter()
        .map(|record| {
            let kept = |field: &ir::Field| field.kind == FactKind::Given;
            record.dated.is_some() || !record.fields.iter().all(kept)
        })
        .collect();
    loop {
        let next: Vec<bool> = program
            .records
            .iter()
            .zip(&known)
            .map(|(record, hides)| {
                *hides
                    || record
                        .fields
                        .iter()
                        .any(|field| mentions(&field.ty, &known))
            })
            .collect();
        if next == known {
            return known;
        }
        known = next;
    }
}
