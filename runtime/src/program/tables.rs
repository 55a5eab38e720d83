//! What is worked out once for each program: what every node depends on.

use crate::ir::{self, BinderId, Bound, Dated, FactKind, NodeId, Op, Type};
use std::collections::{BTreeMap, BTreeSet};

/// Facts about the nodes of one program.
#[derive(Debug)]
pub(crate) struct Tables {
    nodes: Vec<NodeFacts>,
    facts: Vec<bool>,
    records: Vec<bool>,
    /// Binders that are parameters of rules.
    parameters: BTreeSet<BinderId>,
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
    /// Whether all that it reads from around it are parameters of a rule, at least one.
    pub(crate) of_rule: bool,
}

impl Tables {
    /// Works the tables out; they are empty where nodes read themselves.
    pub(crate) fn new(program: &ir::Program) -> Tables {
        let mut tables = Tables {
            nodes: vec![NodeFacts::default(); program.nodes.len()],
            facts: Vec::new(),
            records: hiding_records(program),
            parameters: parameters(program),
            definitions: BTreeMap::new(),
        };
        tables.facts = program
            .facts
            .iter()
            .map(|fact| fact.kind != FactKind::Given || tables.hides(&fact.ty))
            .collect();
        let whole = program.definitions.iter();
        for definition in whole.filter(|known| known.parameters.is_empty()) {
            tables
                .definitions
                .insert(definition.name.clone(), definition.node);
        }
        for id in program.in_reading_order().unwrap_or_default() {
            if let Some(node) = program.nodes.get(id as usize) {
                let about = tables.describe(program, &node.op);
                if let Some(slot) = tables.nodes.get_mut(id as usize) {
                    *slot = about;
                }
            }
        }
        tables
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
            Type::Bool
            | Type::Int
            | Type::Decimal
            | Type::Percent
            | Type::Money
            | Type::Date
            | Type::Days
            | Type::Months
            | Type::Text
            | Type::Enum(_) => false,
        }
    }

    fn describe(&self, program: &ir::Program, op: &Op) -> NodeFacts {
        let mut result = NodeFacts::default();
        program.reads(op, |id, _| {
            if let Some(read) = self.nodes.get(id as usize) {
                result.dated |= read.dated;
                for binder in &read.free {
                    if let Err(at) = result.free.binary_search(binder) {
                        result.free.insert(at, *binder);
                    }
                }
            }
        });
        op.binders(|binder, how| match how {
            Bound::Read => result.free.push(binder),
            Bound::Introduced => result.free.retain(|free| *free != binder),
        });
        let of_rule = |binder| self.parameters.contains(binder);
        result.of_rule = !result.free.is_empty() && result.free.iter().all(of_rule);
        result.dated |= match op.dated() {
            Dated::AsRead => false,
            Dated::Always => true,
            Dated::Fact(fact) => self.fact_is_dated(fact),
            Dated::Reading(reading) => {
                let choices = program.readings.get(reading as usize);
                choices.is_none_or(|reading| reading.chosen.len() > 1)
            }
        };
        result
    }
}

/// Binders that calls bind.
fn parameters(program: &ir::Program) -> BTreeSet<BinderId> {
    let mut found = BTreeSet::new();
    for node in &program.nodes {
        if let Op::Call { arguments, .. } = &node.op {
            found.extend(arguments.iter().map(|(binder, _)| *binder));
        }
    }
    found
}

/// Which record types have a dated item or an event somewhere inside.
fn hiding_records(program: &ir::Program) -> Vec<bool> {
    fn mentions(ty: &Type, known: &[bool]) -> bool {
        match ty {
            Type::Record(id) => known.get(*id as usize).copied().unwrap_or(false),
            Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => mentions(inner, known),
            Type::Bool
            | Type::Int
            | Type::Decimal
            | Type::Percent
            | Type::Money
            | Type::Date
            | Type::Days
            | Type::Months
            | Type::Text
            | Type::Enum(_) => false,
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
