//! Verification: what the evaluator may rely on without looking again.

use super::lifecycle::{self, Lifecycle, Sign, Trigger};
use super::{
    BinderId, Bound, Const, Definition, Exception, Fact, FactKind, NodeId, Op, Program, Record,
    ScheduleRule, Type,
};
use crate::value::{CalendarUnit, DatePart};
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

    /// What is wrong with one operation beyond the order of its operands.
    fn operation(&self, op: &Op, ty: &Type) -> Option<String> {
        let program = self.program;
        if let Some(word) = self.missing(op) {
            return Some(format!("{word} does not exist"));
        }
        let bools = |parts: &[NodeId]| parts.iter().all(|part| self.is_bool(*part));
        let list = |id: &NodeId| self.is_list(*id);
        let number = |id: &NodeId| self.is_number(*id);
        let date = |id: &NodeId| self.is_date(*id);
        let says_bool = matches!(ty, Type::Bool);
        let fine = match op {
            Op::Recorded(id) => {
                let judged = |fact: &Fact| matches!(fact.kind, FactKind::Judgement { .. });
                program.facts.get(*id as usize).is_some_and(judged) && says_bool
            }
            Op::ReadingIs(id, at) => {
                let reading = program.readings.get(*id as usize);
                reading.is_some_and(|it| (*at as usize) < it.alternatives.len()) && says_bool
            }
            Op::Item(binder) => *binder < program.binders,
            Op::Field(of, at) | Op::RecordedField(of, at) => self.has_field(*of, *at),
            Op::Const(value) => constant_fits(program, value, ty),
            Op::AsOf => matches!(ty, Type::Date),
            Op::AddDays(a, b) | Op::AddMonths(a, b) => date(a) && number(b),
            Op::And(parts) | Op::Or(parts) | Op::StrictAnd(parts) | Op::StrictOr(parts) => {
                bools(parts) && says_bool
            }
            Op::AtLeast(count, parts) => number(count) && bools(parts) && says_bool,
            Op::Not(a) => self.is_bool(*a) && says_bool,
            Op::Compare(_, _, _) | Op::IsNone(_) | Op::IsApplicable(_) | Op::InForce(_) => {
                says_bool
            }
            Op::Contains { list: a, .. } => list(a) && says_bool,
            Op::Subset(a, b) => list(a) && list(b) && says_bool,
            Op::Add(a, b) | Op::Sub(a, b) | Op::Mul(a, b) | Op::Div(a, b) => number(a) && number(b),
            Op::Round { value, step, .. } => number(value) && *step > crate::value::Number::ZERO,
            Op::Min(parts) | Op::Max(parts) => !parts.is_empty(),
            Op::DaysBetween(a, b) | Op::MonthsBetween(a, b) => date(a) && date(b),
            Op::FullBetween(_, a, b) => date(a) && date(b) && matches!(ty, Type::Int),
            Op::DatePart(DatePart::Weekday, a) => date(a) && self.has_values(ty, 7),
            Op::DatePart(_, a) => date(a) && matches!(ty, Type::Int),
            Op::StartOf(_, a) => date(a),
            // The calendar ends within a week.
            Op::EndOf(unit, a) => date(a) && *unit != CalendarUnit::Week,
            Op::ScheduleOn(_, a) | Op::ScheduleNext(_, a) | Op::SchedulePrevious(_, a) => date(a),
            Op::Cases { cases, .. } => cases.iter().all(|(guard, _)| self.is_bool(*guard)),
            Op::Override {
                exceptions, beats, ..
            } => self.is_ranked(exceptions, beats),
            Op::Scope { applies, .. } => self.is_bool(*applies),
            Op::Filter { list: a, body, .. } => list(a) && self.is_bool(*body),
            Op::Map { list: a, .. }
            | Op::Flatten(a)
            | Op::Count(a)
            | Op::DaysCovered(a)
            | Op::Sum(a)
            | Op::Average(a)
            | Op::Smallest(a)
            | Op::Largest(a)
            | Op::AnyItem(a)
            | Op::AllItems(a)
            | Op::AtLeastItems(_, a)
            | Op::Distinct(a)
            | Op::Sort { list: a, .. }
            | Op::GroupBy { list: a, .. }
            | Op::First(a)
            | Op::Last(a)
            | Op::Only(a) => list(a),
            Op::ListWhere(items) | Op::EveryRow(items) => {
                items.iter().all(|(guard, _)| self.is_bool(*guard))
            }
            Op::Concat(a, b) => list(a) && list(b),
            Op::MakeRecord(parts) => self.makes(ty, parts.len()),
            Op::AtDate { date: day, .. } => date(day),
            Op::Ever { body, from, to } => {
                self.is_bool(*body) && date(from) && date(to) && says_bool
            }
            Op::Note { when, .. } => self.is_bool(*when),
            Op::Lifecycle(machine) => return self.machine(machine, ty),
            Op::Provision { body, .. } => {
                let body = program.nodes.get(*body as usize);
                body.is_some_and(|body| body.ty == *ty)
            }
            Op::Call { arguments, .. } => binds_each_once(arguments),
            Op::Fact(_)
            | Op::Missing(_)
            | Op::Granted { .. }
            | Op::OrElse(_, _)
            | Op::NotApplicable(_) => true,
        };
        if fine {
            None
        } else {
            Some("its operands or its type do not fit".to_owned())
        }
    }

    /// What an operation names that is not there.
    fn missing(&self, op: &Op) -> Option<&'static str> {
        let program = self.program;
        let (at, count, word) =
            if let Op::Fact(id) | Op::Missing(id) | Op::Granted { fact: id, .. } = op {
                (*id, program.facts.len(), "the fact")
            } else if let Op::Recorded(id) = op {
                (*id, program.facts.len(), "the judgement")
            } else if let Op::ReadingIs(id, _) = op {
                (*id, program.readings.len(), "the reading")
            } else if let Op::ScheduleOn(id, _)
            | Op::ScheduleNext(id, _)
            | Op::SchedulePrevious(id, _) = op
            {
                (*id, program.schedules.len(), "the schedule")
            } else if let Op::Provision { provision, .. } = op {
                (*provision, program.provisions.len(), "the provision")
            } else {
                return None;
            };
        (at as usize >= count).then_some(word)
    }

    /// Whether a type is an enumeration of so many values.
    fn has_values(&self, ty: &Type, count: usize) -> bool {
        let Type::Enum(id) = ty else { return false };
        let declared = self.program.enums.get(*id as usize);
        declared.is_some_and(|declared| declared.values.len() == count)
    }

    fn is_list(&self, id: NodeId) -> bool {
        matches!(self.node_type(id), Some(Type::List(_) | Type::Set(_)))
    }

    fn is_date(&self, id: NodeId) -> bool {
        matches!(self.node_type(id), Some(Type::Date))
    }

    fn is_number(&self, id: NodeId) -> bool {
        matches!(
            self.node_type(id),
            Some(
                Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months
            )
        )
    }

    fn record(&self, ty: Option<&Type>) -> Option<&Record> {
        let Some(Type::Record(id)) = ty else {
            return None;
        };
        self.program.records.get(*id as usize)
    }

    fn has_field(&self, of: NodeId, at: u32) -> bool {
        let record = self.record(self.node_type(of));
        record.is_some_and(|record| (at as usize) < record.fields.len())
    }

    fn makes(&self, ty: &Type, parts: usize) -> bool {
        let record = self.record(Some(ty));
        record.is_some_and(|record| record.fields.len() == parts)
    }

    fn is_ranked(&self, exceptions: &[Exception], beats: &[(u32, u32)]) -> bool {
        let count = exceptions.len() as u32;
        let guarded = exceptions.iter().all(|one| self.is_bool(one.guard));
        guarded && beats.iter().all(|(a, b)| *a < count && *b < count)
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

/// A parameter has one argument.
fn binds_each_once(arguments: &[(BinderId, NodeId)]) -> bool {
    let mut binders: Vec<BinderId> = arguments.iter().map(|(binder, _)| *binder).collect();
    binders.sort_unstable();
    binders.windows(2).all(|pair| pair.first() != pair.last())
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
