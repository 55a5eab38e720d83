//! Verification: what the evaluator may rely on without looking again.

mod operations;

use super::lifecycle::{self, Lifecycle, Sign, Trigger};
use super::{Bound, Const, Definition, NodeId, Op, Program, ScheduleRule, Type};
use std::fmt;

/// One broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: String,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.why)
    }
}

/// Checks that every index points at something, that nodes only read earlier ones, that facts do not
/// derive from each other in a circle, that binders exist, and that types agree where the evaluator
/// relies on them.
///
/// # Errors
/// Everything found.
pub fn verify(program: &Program) -> Result<(), Vec<Fault>> {
    let mut check = Check {
        program,
        faults: Vec::new(),
    };
    check.types();
    check.nodes();
    check.binders();
    check.inputs();
    check.layout();
    if check.faults.is_empty() {
        check.circles();
    }
    if check.faults.is_empty() {
        Ok(())
    } else {
        Err(check.faults)
    }
}

struct Check<'p> {
    program: &'p Program,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn fault(&mut self, place: impl Into<String>, why: impl Into<String>) {
        self.faults.push(Fault {
            place: place.into(),
            why: why.into(),
        });
    }

    fn ty(&mut self, place: &str, ty: &Type) {
        let mut ty = ty;
        loop {
            match ty {
                Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => ty = inner,
                Type::Enum(id) if *id as usize >= self.program.enums.len() => {
                    return self.fault(place, format!("there is no enumeration {id}"));
                }
                Type::Record(id) if *id as usize >= self.program.records.len() => {
                    return self.fault(place, format!("there is no record {id}"));
                }
                Type::Bool
                | Type::Int
                | Type::Decimal
                | Type::Percent
                | Type::Money
                | Type::Date
                | Type::Days
                | Type::Months
                | Type::Text
                | Type::Enum(_)
                | Type::Record(_) => return,
            }
        }
    }

    fn types(&mut self) {
        for record in &self.program.records {
            for field in &record.fields {
                let place = format!("field {}", field.name);
                self.ty(&place, &field.ty);
                if let Some(absent) = &field.absent
                    && !constant_fits(self.program, absent, &field.ty)
                {
                    self.fault(place, "its value where it is left out is of another type");
                }
            }
            if record
                .dated
                .is_some_and(|at| at as usize >= record.fields.len())
            {
                self.fault(
                    format!("record {}", record.name),
                    "its dating field does not exist",
                );
            }
        }
        for fact in &self.program.facts {
            let place = format!("fact {}", fact.name);
            self.ty(&place, &fact.ty);
            if let Some(name) = &fact.grants
                && !self.program.grids.iter().any(|grid| grid.name == *name)
            {
                self.fault(place, "the grid it grants for does not exist");
            }
        }
    }

    fn node_type(&self, id: NodeId) -> Option<&Type> {
        let mut ty = &self.program.nodes.get(id as usize)?.ty;
        while let Type::Optional(inner) = ty {
            ty = inner;
        }
        Some(ty)
    }

    fn is_bool(&self, id: NodeId) -> bool {
        matches!(self.node_type(id), Some(Type::Bool))
    }

    fn nodes(&mut self) {
        for (at, node) in self.program.nodes.iter().enumerate() {
            let place = format!("node {at}");
            self.ty(&place, &node.ty);
            let mut late = None;
            node.op.operands(|child, _| {
                if child as usize >= at {
                    late = Some(child);
                }
            });
            if let Some(child) = late {
                self.fault(
                    &place,
                    format!("reads node {child}, which does not come before it"),
                );
                continue;
            }
            if let Some(why) = self.operation(&node.op, &node.ty) {
                self.fault(&place, why);
            }
        }
    }

    /// A machine only names states, lists and fields it has, and its record has room for what it says.
    fn machine(&self, machine: &Lifecycle, ty: &Type) -> Option<String> {
        let bool_node = |id: &NodeId| self.is_bool(*id);
        let date = |id: &NodeId| matches!(self.node_type(*id), Some(Type::Date));
        let states = machine.states.len();
        let goes = |to: &lifecycle::Move| {
            (to.to as usize) < states
                && to
                    .set
                    .iter()
                    .all(|(field, _)| (*field as usize) < machine.kept.len())
        };
        let lines = machine.lines().all(|(_, line)| {
            let set_off = match &line.trigger {
                Trigger::Condition => true,
                Trigger::Read(Sign::Event, node) => date(node),
                Trigger::Read(Sign::Decision, node) => bool_node(node),
                Trigger::Each(round) => (*round as usize) < machine.rounds.len(),
            };
            set_off && bool_node(&line.guard) && goes(&line.to)
        });
        let own = machine.states.iter().all(|state| {
            state.deadline.as_ref().is_none_or(date)
                && state.unless.as_ref().is_none_or(bool_node)
                && state.late.as_ref().is_none_or(goes)
                && state.no_reentry.is_none_or(|node| {
                    matches!(self.node_type(node), Some(Type::Days | Type::Months))
                })
        });
        let record = |ty: &Type| self.program.record_of(ty);
        let rounds = machine.rounds.iter().all(|round| {
            let fields = match self.node_type(round.list) {
                Some(Type::List(item)) => record(item),
                _ => None,
            };
            fields.is_some_and(|fields| (round.date as usize) < fields.fields.len())
                && round.binder < self.program.binders
        });
        let room = record(ty).is_some_and(|record| {
            record.fields.len() == lifecycle::KEPT as usize + machine.kept.len()
        });
        let fits = lines && own && rounds && room && (machine.starts as usize) < states;
        (!fits).then(|| "the lifecycle names what it does not have".to_owned())
    }

    /// Binders exist. An item read outside its list has no value, which evaluation reports as an error.
    fn binders(&mut self) {
        for (at, node) in self.program.nodes.iter().enumerate() {
            let mut missing = None;
            node.op.binders(|binder, how| {
                if how == Bound::Introduced && binder >= self.program.binders {
                    missing = Some(binder);
                }
            });
            if let Some(binder) = missing {
                self.fault(format!("node {at}"), format!("there is no binder {binder}"));
            }
        }
    }

    fn node(&mut self, place: &str, id: NodeId) {
        if id as usize >= self.program.nodes.len() {
            self.fault(place, format!("there is no node {id}"));
        }
    }

    fn inputs(&mut self) {
        let program = self.program;
        for fact in &program.facts {
            for id in [fact.assume, fact.derived].into_iter().flatten() {
                self.node(&format!("fact {}", fact.name), id);
            }
        }
        for schedule in &program.schedules {
            let place = format!("schedule {}", schedule.name);
            match &schedule.rule {
                ScheduleRule::DayOfMonths { day, months } => {
                    if !(1..=31).contains(day)
                        || months.iter().any(|month| !(1..=12).contains(month))
                    {
                        self.fault(&place, "its days do not exist");
                    }
                }
                ScheduleRule::Months { months } => {
                    if months.iter().any(|month| !(1..=12).contains(month)) {
                        self.fault(&place, "its months do not exist");
                    }
                }
                ScheduleRule::Every { months, anchor } => {
                    self.node(&place, *anchor);
                    if *months == 0 {
                        self.fault(&place, "its step is zero");
                    }
                }
            }
        }
        for reading in &program.readings {
            let count = reading.alternatives.len();
            let known = reading.chosen.iter().all(|(_, at)| (*at as usize) < count);
            let mut tiles = reading
                .chosen
                .first()
                .is_some_and(|(period, _)| period.from.is_none());
            for pair in reading.chosen.windows(2) {
                if let [(a, _), (b, _)] = pair {
                    tiles &= a.before.is_some() && a.before == b.from;
                }
            }
            tiles &= reading
                .chosen
                .last()
                .is_some_and(|(period, _)| period.before.is_none());
            if !known || !tiles {
                self.fault(
                    format!("reading {}", reading.name),
                    "its choice does not cover every day once",
                );
            }
        }
    }

    fn layout(&mut self) {
        let program = self.program;
        let clauses = program.clauses.len();
        let cited = |cites: &[u32]| cites.iter().all(|cite| (*cite as usize) < clauses);
        for (at, provision) in program.provisions.iter().enumerate() {
            let place = format!("provision {at}");
            if provision.of.is_some_and(|of| of as usize >= at) {
                self.fault(&place, "is part of what does not come before it");
            }
            if !cited(&provision.cites) {
                self.fault(&place, "cites a clause that does not exist");
            }
        }
        for definition in &program.definitions {
            let place = format!("definition {}", definition.name);
            self.definition(&place, definition);
            if !cited(&definition.cites) || !definition.rules.iter().all(|rule| cited(&rule.cites))
            {
                self.fault(&place, "cites a clause that does not exist");
            }
        }
        for lifecycle in &program.lifecycles {
            let place = format!("lifecycle {}", lifecycle.name);
            let count = program
                .enums
                .get(lifecycle.states as usize)
                .map_or(0, |states| states.values.len());
            match program.nodes.get(lifecycle.node as usize).map(|n| &n.op) {
                Some(Op::Lifecycle(machine)) if machine.states.len() == count => {}
                _ => self.fault(&place, "its machine does not exist"),
            }
            let inside = |line: &lifecycle::LineLayout| {
                (line.to as usize) < count
                    && line.from.is_none_or(|from| (from as usize) < count)
                    && cited(&line.cites)
            };
            if !lifecycle.lines.iter().all(inside)
                || !lifecycle.cites.iter().all(|cites| cited(cites))
                || lifecycle.parties as usize >= program.enums.len()
            {
                self.fault(&place, "names a state or a clause that does not exist");
            }
        }
        for grid in &program.grids {
            let place = format!("grid {}", grid.name);
            let width = match program.enums.get(grid.scale as usize) {
                Some(scale) => scale.values.len(),
                None => {
                    self.fault(&place, "its scale does not exist");
                    continue;
                }
            };
            for row in &grid.rows {
                let place = format!("{place}, row {}", row.name);
                if row.cells.len() != width || !cited(&row.cites) {
                    self.fault(
                        &place,
                        "has not one cell for each tier, or cites what does not exist",
                    );
                }
                for cell in &row.cells {
                    for id in [cell.required, cell.preferred, cell.condition, cell.passes] {
                        self.node(&place, id);
                        if !self.is_bool(id) {
                            self.fault(&place, "a part of a cell is not a truth value");
                        }
                    }
                    for id in [cell.have, cell.need].into_iter().flatten() {
                        self.node(&place, id);
                    }
                    for waiver in &cell.waivers {
                        self.node(&place, waiver.lifts);
                        if waiver.waiver as usize >= program.waivers.len() {
                            self.fault(&place, "its waiver does not exist");
                        }
                    }
                }
            }
        }
    }

    fn definition(&mut self, place: &str, definition: &Definition) {
        self.node(place, definition.node);
        for rule in &definition.rules {
            for id in [rule.guard, rule.value].into_iter().flatten() {
                self.node(place, id);
            }
        }
    }

    /// Facts derive from others, schedules have anchors: through them nodes must not reach themselves.
    fn circles(&mut self) {
        if let Err(node) = self.program.in_reading_order() {
            self.fault(format!("node {node}"), "it reads itself");
        }
    }
}

fn constant_fits(program: &Program, value: &Const, ty: &Type) -> bool {
    match (value, ty) {
        (Const::None, Type::Optional(_)) => true,
        (_, Type::Optional(inner)) => constant_fits(program, value, inner),
        (Const::Bool(_), Type::Bool)
        | (Const::Date(_), Type::Date)
        | (Const::Text(_), Type::Text) => true,
        (Const::Number(number), Type::Int | Type::Days | Type::Months) => number.is_integer(),
        (Const::Number(_), Type::Decimal | Type::Percent | Type::Money) => true,
        (Const::Enum(at), Type::Enum(id)) => program
            .enums
            .get(*id as usize)
            .is_some_and(|item| (*at as usize) < item.values.len()),
        (Const::List(items), Type::List(inner) | Type::Set(inner)) => {
            items.iter().all(|item| constant_fits(program, item, inner))
        }
        _ => false,
    }
}
