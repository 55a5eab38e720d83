//! A program whose provisions are no nodes: the same outcomes from fewer nodes. What is evaluated when nobody asks why.

use super::{Arena, Cell, Cmp, Const, NodeId, Op, Program, ScheduleRule, Type, rewrite};

/// The program without provisions, and for each node of the whole one its node there.
#[must_use]
pub fn lean(whole: &Program) -> (Program, Vec<NodeId>) {
    let mut arena = Arena::default();
    let mut to: Vec<NodeId> = Vec::with_capacity(whole.nodes.len());
    // Of the nodes made so far.
    let mut settled: Vec<bool> = Vec::new();
    for node in &whole.nodes {
        let at = |id: NodeId| to.get(id as usize).copied().unwrap_or_default();
        let mut op = node.op.clone();
        rewrite(&mut op, at);
        let made = folded(&mut arena, &settled, op, &node.ty);
        to.push(made);
        for node in arena.nodes.iter().skip(settled.len()) {
            settled.push(is_settled(&settled, &node.op));
        }
    }
    let mut program = Program {
        nodes: arena.nodes,
        ..layout_of(whole)
    };
    program.map_layout(|id| to.get(id as usize).copied().unwrap_or_default());
    (program, to)
}

/// The node for an operation on finished nodes. What is not named here says what it says.
fn folded(arena: &mut Arena, settled: &[bool], op: Op, ty: &Type) -> NodeId {
    if let Op::Provision { body, .. } = op {
        body
    } else if let Op::And(parts) = op {
        arena.all_of(parts)
    } else if let Op::Or(parts) = op {
        arena.any_of(parts)
    } else if let Op::StrictAnd(parts) = op {
        arena.and(parts)
    } else if let Op::StrictOr(parts) = op {
        arena.or(parts)
    } else if let Op::Not(a) = op {
        arena.not(a)
    } else if let Op::IsNone(a) = op {
        arena.is_none(a)
    } else if let Op::Cases { cases, otherwise } = op {
        match same_whatever_the_day(settled, &cases, otherwise) {
            Some(value) => value,
            None => arena.cases(cases, otherwise, ty.clone()),
        }
    } else if let Op::Call { body, arguments } = op {
        arena.call(body, arguments, ty.clone())
    } else if let Op::Scope { applies, body, .. } = op
        && arena.truth(applies) == Some(true)
    {
        body
    } else if let Some(node) = of_constants(arena, &op, ty) {
        node
    } else {
        arena.add(op, ty.clone())
    }
}

/// What constants come to whose provisions are gone.
fn of_constants(arena: &mut Arena, op: &Op, ty: &Type) -> Option<NodeId> {
    if let Op::Sub(a, b) = op
        && let (Some(Const::Number(a)), Some(Const::Number(b))) =
            (arena.constant(*a), arena.constant(*b))
        && let Some(number) = a.checked_sub(*b)
    {
        Some(arena.number(number, ty.clone()))
    } else if let Op::Compare(Cmp::Eq, a, b) = op
        && let Some(Const::Bool(wanted)) = arena.constant(*b)
        && arena.ty(*a) == Type::Bool
    {
        Some(if *wanted { *a } else { arena.not(*a) })
    } else if let Op::ListWhere(items) = op {
        let value = |(guard, value): &(NodeId, NodeId)| match arena.truth(*guard) {
            Some(true) => arena.constant(*value).cloned(),
            _ => None,
        };
        let values: Option<Vec<Const>> = items.iter().map(value).collect();
        Some(arena.add(Op::Const(Const::List(values?)), ty.clone()))
    } else {
        None
    }
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
    settled: &[bool],
    cases: &[(NodeId, NodeId)],
    otherwise: Option<NodeId>,
) -> Option<NodeId> {
    let value = otherwise?;
    let same = cases.iter().all(|(guard, other)| {
        *other == value && settled.get(*guard as usize).is_some_and(|settled| *settled)
    });
    same.then_some(value)
}

/// Whether a condition reads the day and the readings alone, so that it is always yes or no.
fn is_settled(settled: &[bool], op: &Op) -> bool {
    let all = |parts: &[NodeId]| {
        let known = |part: &NodeId| settled.get(*part as usize).is_some_and(|settled| *settled);
        parts.iter().all(known)
    };
    if let Op::InForce(_) | Op::ReadingIs(..) = op {
        true
    } else if let Op::Not(a) = op {
        all(&[*a])
    } else if let Op::And(parts) | Op::Or(parts) | Op::StrictAnd(parts) | Op::StrictOr(parts) = op {
        all(parts)
    } else {
        false
    }
}

impl Program {
    /// Replaces every node that stands outside of the nodes themselves.
    pub fn map_layout(&mut self, to: impl Fn(NodeId) -> NodeId) {
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
