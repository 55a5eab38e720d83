//! A program whose provisions are no nodes: the same outcomes from fewer nodes. What is evaluated when nobody asks why.

use super::{Arena, Cell, NodeId, Op, Program, ScheduleRule, rewrite};

/// The program without provisions, and for each node of the whole one its node there.
#[must_use]
pub fn lean(whole: &Program) -> (Program, Vec<NodeId>) {
    let mut arena = Arena::default();
    let mut to: Vec<NodeId> = Vec::with_capacity(whole.nodes.len());
    for node in &whole.nodes {
        let at = |id: NodeId| to.get(id as usize).copied().unwrap_or_default();
        let made = match &node.op {
            Op::Provision { body, .. } => at(*body),
            Op::And(parts) => arena.all_of(parts.iter().map(|part| at(*part))),
            Op::Or(parts) => arena.any_of(parts.iter().map(|part| at(*part))),
            Op::StrictAnd(parts) => arena.and(parts.iter().map(|part| at(*part))),
            Op::StrictOr(parts) => arena.or(parts.iter().map(|part| at(*part))),
            Op::Not(a) => arena.not(at(*a)),
            Op::IsNone(a) => arena.is_none(at(*a)),
            Op::Cases { cases, otherwise } => {
                let cases: Vec<(NodeId, NodeId)> = cases
                    .iter()
                    .map(|(guard, value)| (at(*guard), at(*value)))
                    .collect();
                let otherwise = otherwise.map(at);
                match same_whatever_the_day(&arena, &cases, otherwise) {
                    Some(value) => value,
                    None => arena.cases(cases, otherwise, node.ty.clone()),
                }
            }
            Op::Scope { applies, body, .. } if arena.truth(at(*applies)) == Some(true) => at(*body),
            other => {
                let mut op = other.clone();
                rewrite(&mut op, at);
                arena.add(op, node.ty.clone())
            }
        };
        to.push(made);
    }
    let mut program = Program {
        nodes: arena.nodes,
        ..layout_of(whole)
    };
    program.map_layout(|id| to.get(id as usize).copied().unwrap_or_default());
    (program, to)
}

/// Everything of a program but its nodes and provisions.
fn layout_of(whole: &Program) -> Program {
    Program {
        name: whole.name.clone(),
        label: whole.label.clone(),
        version: whole.version.clone(),
        currency: whole.currency.clone(),
        hash: whole.hash.clone(),
        enums: whole.enums.clone(),
        records: whole.records.clone(),
        facts: whole.facts.clone(),
        readings: whole.readings.clone(),
        schedules: whole.schedules.clone(),
        nodes: Vec::new(),
        provisions: whole.provisions.clone(),
        binders: whole.binders,
        definitions: whole.definitions.clone(),
        grids: whole.grids.clone(),
        lifecycles: whole.lifecycles.clone(),
        waivers: whole.waivers.clone(),
        clauses: whole.clauses.clone(),
    }
}

/// The value of cases that give the same on every day and under every reading.
fn same_whatever_the_day(
    arena: &Arena,
    cases: &[(NodeId, NodeId)],
    otherwise: Option<NodeId>,
) -> Option<NodeId> {
    let value = otherwise?;
    let same = cases
        .iter()
        .all(|(guard, other)| *other == value && settled(arena, *guard));
    same.then_some(value)
}

/// Whether a condition reads the day and the readings alone, so that it is always yes or no.
fn settled(arena: &Arena, id: NodeId) -> bool {
    match arena.op(id) {
        Some(Op::InForce(_) | Op::ReadingIs(..)) => true,
        Some(Op::Not(a)) => settled(arena, *a),
        Some(Op::And(parts) | Op::Or(parts) | Op::StrictAnd(parts) | Op::StrictOr(parts)) => {
            parts.iter().all(|part| settled(arena, *part))
        }
        _ => false,
    }
}

impl Program {
    /// Replaces every node that stands outside of the nodes themselves.
    fn map_layout(&mut self, to: impl Fn(NodeId) -> NodeId) {
        for fact in &mut self.facts {
            fact.assume = fact.assume.map(&to);
            fact.derived = fact.derived.map(&to);
        }
        for schedule in &mut self.schedules {
            if let ScheduleRule::Every { anchor, .. } = &mut schedule.rule {
                *anchor = to(*anchor);
            }
        }
        for definition in &mut self.definitions {
            definition.node = to(definition.node);
            for rule in &mut definition.rules {
                rule.guard = rule.guard.map(&to);
                rule.value = rule.value.map(&to);
            }
        }
        for lifecycle in &mut self.lifecycles {
            lifecycle.node = to(lifecycle.node);
        }
        let cells = self.grids.iter_mut().flat_map(|grid| &mut grid.rows);
        for cell in cells.flat_map(|row| &mut row.cells) {
            map_cell(cell, &to);
        }
    }
}

fn map_cell(cell: &mut Cell, to: impl Fn(NodeId) -> NodeId) {
    for node in [
        &mut cell.required,
        &mut cell.preferred,
        &mut cell.condition,
        &mut cell.passes,
    ] {
        *node = to(*node);
    }
    for node in [&mut cell.have, &mut cell.need] {
        *node = node.map(&to);
    }
    for waiver in &mut cell.waivers {
        waiver.lifts = to(waiver.lifts);
    }
}
