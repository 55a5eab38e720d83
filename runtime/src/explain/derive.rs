//! From what was read to steps.

mod asked;
mod figures;
mod others;

use super::grids::Grids;
use super::{
    Cited, Clause, EXPLANATION_FORMAT, Explanation, Figure, Holds, Move, Part, Read, Step, Taken,
};
use crate::eval::trace::{Frame, FrameId, Trace};
use crate::facts::Facts;
use crate::ir::{self, NodeId, Op, Provision, ProvisionId, ProvisionKind, Type};
use crate::program::{Options, Program};
use crate::result::reply;
use crate::value::{Date, Item, Outcome, Presence, Value};
use crate::words;
use others::other_answers;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn explanation(
    program: &Program,
    facts: &Facts,
    as_of: Date,
    options: &Options,
    name: &str,
) -> Option<Explanation> {
    let traced = program.traced();
    let ir = traced.ir();
    let definition = ir
        .definitions
        .iter()
        .find(|definition| definition.name == name && definition.parameters.is_empty())?;
    let mut evaluation = traced.evaluate(facts, as_of, options);
    evaluation.keep_trace();
    let outcome = evaluation.node(definition.node);
    let mut derived = Derive {
        ir,
        trace: evaluation.trace()?,
        grids: Grids::new(ir),
        told: BTreeSet::new(),
        later: Vec::new(),
        cited: Cited::new(),
        readings: BTreeSet::new(),
        parameters: RefCell::default(),
    };
    // Where a limit is reached before anything was read, there is nothing to tell but that.
    let frame = derived.trace.of(definition.node).unwrap_or(FrameId::MAX);
    let mut step = derived.step(frame, definition, &outcome);
    if step.day.is_empty() {
        step.day = as_of.to_string();
    }
    while let Some(deep) = derived.later.pop() {
        step.from.extend(derived.inner(deep, 1));
    }
    let readings: Vec<Taken> = ir
        .readings
        .iter()
        .enumerate()
        .filter(|(at, _)| derived.readings.contains(&(*at as u32)))
        .map(|(at, reading)| {
            derived.cited.extend(&reading.cites);
            let chosen = evaluation.chosen_on(at as u32, as_of);
            Taken {
                reading: reading.name.clone(),
                label: reading.label.clone(),
                chosen: reading
                    .alternatives
                    .get(chosen as usize)
                    .cloned()
                    .unwrap_or_default(),
                alternatives: reading.alternatives.clone(),
                because: reading.because.clone(),
                cites: clause_ids(ir, &reading.cites),
                otherwise: other_answers(program, facts, as_of, options, name, (at as u32, chosen)),
            }
        })
        .collect();
    let clauses = derived
        .cited
        .iter()
        .filter_map(|id| ir.clauses.get(*id as usize));
    let clauses = clauses
        .map(|clause| Clause {
            clause: clause.id.clone(),
            source: clause.title.clone(),
            section: clause.section.clone(),
            text: clause.text.clone(),
        })
        .collect();
    let assumptions = evaluation.assumptions();
    let fact = |id: &u32| ir.facts.get(*id as usize).map(|fact| fact.name.clone());
    Some(Explanation {
        format: EXPLANATION_FORMAT,
        program: ir.name.clone(),
        id: facts.id().map(str::to_owned),
        as_of: as_of.to_string(),
        step,
        readings,
        assumptions: assumptions.iter().filter_map(fact).collect(),
        notes: evaluation.notes(),
        clauses,
    })
}

fn clause_ids(ir: &ir::Program, cites: &[ir::ClauseId]) -> Vec<String> {
    let clauses = cites.iter().filter_map(|id| ir.clauses.get(*id as usize));
    clauses.map(|clause| clause.id.clone()).collect()
}

/// Steps inside one another; what lies deeper stands below the first one.
const DEEPEST: usize = 24;

struct Derive<'t> {
    ir: &'t ir::Program,
    trace: &'t Trace,
    grids: Grids,
    /// Frames of steps told so far.
    told: BTreeSet<FrameId>,
    /// Frames of steps that lie too deep to stand inside others.
    later: Vec<FrameId>,
    cited: Cited,
    /// Readings asked for.
    readings: BTreeSet<u32>,
    /// The parameters of rules that mattered for frames.
    parameters: RefCell<BTreeMap<FrameId, BTreeSet<ir::BinderId>>>,
}

/// What is collected for one step.
#[derive(Default)]
struct Found {
    /// The declaration.
    at: Option<ProvisionId>,
    /// The items it is for.
    of: Vec<ir::BinderId>,
    parts: Vec<Part>,
    /// Which part is being read, if any.
    inside: Vec<usize>,
    figures: Vec<Figure>,
    facts: Vec<Read>,
    moves: Vec<Move>,
    steps: Vec<FrameId>,
    /// What was read of cells: by part, whether they ask, are preferred, are met.
    cells: BTreeMap<usize, super::grids::Seen>,
    seen: BTreeSet<FrameId>,
}

impl<'t> Derive<'t> {
    fn frame(&self, id: FrameId) -> Option<&'t Frame> {
        self.trace.frames.get(id)
    }

    fn op(&self, node: NodeId) -> Option<&'t Op> {
        self.ir.nodes.get(node as usize).map(|node| &node.op)
    }

    fn bare_op(&self, node: NodeId) -> Option<&'t Op> {
        self.op(self.ir.bare(node))
    }

    fn cite(&mut self, cites: &[ir::ClauseId]) -> Vec<String> {
        self.cited.extend(cites);
        clause_ids(self.ir, cites)
    }

    /// The step of a declaration.
    fn step(&mut self, id: FrameId, definition: &ir::Definition, outcome: &Outcome) -> Step {
        let provision = match self.op(definition.node) {
            Some(Op::Provision { provision, .. }) => *provision,
            _ => 0,
        };
        let cites = &definition.cites;
        self.made(id, provision, &definition.ty, cites, outcome, 0)
    }

    fn made(
        &mut self,
        id: FrameId,
        at: ProvisionId,
        ty: &Type,
        cites: &[ir::ClauseId],
        outcome: &Outcome,
        depth: usize,
    ) -> Step {
        let mut found = Found {
            at: Some(at),
            ..Found::default()
        };
        let above = !self.told.insert(id);
        let frame = self.frame(id);
        if let Some(frame) = frame.filter(|_| !above) {
            found.of = frame.items.iter().map(|(binder, _)| *binder).collect();
            for read in &frame.reads {
                self.walk(*read, None, &mut found);
            }
        }
        let mut from = Vec::new();
        let steps = std::mem::take(&mut found.steps);
        if depth < DEEPEST {
            for inner in steps {
                from.extend(self.inner(inner, depth + 1));
            }
        } else {
            self.later.extend(steps);
        }
        let parts = std::mem::take(&mut found.parts);
        let (parts, requirements) = self.grids.requirements(self.ir, parts, &found.cells);
        let (passed, decided) = parts.into_iter().partition(|part| part.holds == Holds::No);
        let provision = self.ir.provisions.get(at as usize);
        Step {
            provision: at,
            kind: provision.map_or(ProvisionKind::Definition, |provision| provision.kind),
            name: provision
                .map(|provision| provision.name.clone())
                .unwrap_or_default(),
            label: provision
                .map(|provision| provision.label.clone())
                .unwrap_or_default(),
            day: frame.map(|frame| frame.day.to_string()).unwrap_or_default(),
            of: frame
                .map(|frame| self.items(frame, &[]))
                .unwrap_or_default(),
            outcome: reply(self.ir, ty, outcome),
            words: words::outcome(self.ir, ty, outcome),
            says: provision
                .map(|known| self.ir.told(&known.value))
                .unwrap_or_default(),
            cites: self.cite(cites),
            above,
            decided,
            passed,
            requirements,
            figures: found.figures,
            moves: found.moves,
            facts: found.facts,
            from,
        }
    }

    /// The step of a provision that was read on the way.
    fn inner(&mut self, id: FrameId, depth: usize) -> Option<Step> {
        let frame = self.frame(id)?;
        let Op::Provision { provision, .. } = self.op(frame.node)? else {
            return None;
        };
        let declared = self.ir.provisions.get(*provision as usize)?;
        let definition = self
            .ir
            .definitions
            .iter()
            .find(|known| known.name == declared.name);
        let node = self.ir.nodes.get(frame.node as usize)?;
        let ty = definition
            .filter(|definition| definition.node == frame.node)
            .map_or(&node.ty, |definition| &definition.ty);
        // A lifecycle is told by its state, whichever part of it was read.
        let machine = self
            .ir
            .lifecycles
            .iter()
            .find(|layout| layout.name == declared.name);
        if let (Some(layout), Outcome::Known(Value::Record(fields))) = (machine, &frame.outcome)
            && let Some(state) = fields.get(ir::lifecycle::STATE as usize)
        {
            let cites = definition.map_or(&declared.cites, |definition| &definition.cites);
            return Some(self.made(
                id,
                *provision,
                &Type::Enum(layout.states),
                cites,
                state,
                depth,
            ));
        }
        let cites = definition.map_or(&declared.cites, |definition| &definition.cites);
        Some(self.made(id, *provision, ty, cites, &frame.outcome, depth))
    }

    /// The items a frame was read for, in words, without those that are known.
    fn items(&self, frame: &Frame, known: &[ir::BinderId]) -> Vec<String> {
        let words = |(binder, item): &(u32, Outcome)| {
            let of = self
                .ir
                .nodes
                .iter()
                .find(|node| node.op == Op::Item(*binder))?;
            Some(words::outcome(self.ir, &of.ty, item))
        };
        let items = frame.items.iter();
        let items = items.filter(|(binder, _)| !known.contains(binder));
        items.filter_map(words).collect()
    }

    /// Goes through what was read until the next declaration; `holds` is set where a guard is read.
    fn walk(&mut self, id: FrameId, guard: Option<Holds>, found: &mut Found) {
        let mut stack = vec![(id, guard, false)];
        while let Some((id, guard, leave)) = stack.pop() {
            if leave {
                found.inside.pop();
                continue;
            }
            let Some(frame) = self.frame(id) else {
                continue;
            };
            let Some(op) = self.op(frame.node) else {
                continue;
            };
            if let Op::Provision { provision, .. } = op {
                let Some(known) = self.ir.provisions.get(*provision as usize) else {
                    continue;
                };
                if is_step(known) && found.at != Some(*provision) {
                    self.figure_of_step(known, frame, guard, found);
                    if !found.steps.contains(&id) {
                        found.steps.push(id);
                    }
                    continue;
                }
                if is_step(known) {
                    stack.extend(frame.reads.iter().rev().map(|read| (*read, guard, false)));
                    continue;
                }
                let part = self.part(*provision, known, frame, guard, found);
                if known.kind == ProvisionKind::Cell {
                    let seen = found.cells.entry(part).or_default();
                    self.grids.see(frame.node, holds(&frame.outcome), seen);
                }
                found.inside.push(part);
                stack.push((id, None, true));
                stack.extend(frame.reads.iter().rev().map(|read| (*read, None, false)));
                continue;
            }
            // What was read before is told; its part may be another.
            if !found.seen.insert(id) && found.inside.is_empty() {
                continue;
            }
            self.leaf(op, frame, guard, found);
            let reads = self.relevant(op, frame);
            stack.extend(
                reads
                    .into_iter()
                    .rev()
                    .map(|(read, guard)| (read, guard, false)),
            );
        }
    }

    /// What mattered of what was read, with what guards came to.
    fn relevant(&self, op: &Op, frame: &Frame) -> Vec<(FrameId, Option<Holds>)> {
        let guards: Vec<NodeId> = match op {
            Op::And(_) | Op::StrictAnd(_) | Op::Or(_) | Op::StrictOr(_) => {
                let decides =
                    Outcome::Known(Value::Bool(matches!(op, Op::Or(_) | Op::StrictOr(_))));
                // Of a waived row people want to know what it would have been.
                let only = frame.outcome == decides && !self.grids.whole.contains(&frame.node);
                let reads = frame.reads.iter().filter(|read| {
                    !only
                        || self
                            .frame(**read)
                            .is_some_and(|read| read.outcome == decides)
                });
                return reads.map(|read| (*read, None)).collect();
            }
            Op::Cases { cases, .. } => cases.iter().map(|(guard, _)| *guard).collect(),
            Op::ListWhere(cases) | Op::EveryRow(cases) => {
                cases.iter().map(|(guard, _)| *guard).collect()
            }
            Op::Override { exceptions, .. } => {
                exceptions.iter().map(|exception| exception.guard).collect()
            }
            Op::Call { body, arguments } => return self.asked_for(*body, arguments, frame),
            _ => Vec::new(),
        };
        let read = |id: &FrameId| {
            let guard = self.frame(*id).filter(|frame| guards.contains(&frame.node));
            (*id, guard.map(|frame| holds(&frame.outcome)))
        };
        frame.reads.iter().map(read).collect()
    }

    /// A part that was read: once for each day and item.
    fn part(
        &mut self,
        at: ProvisionId,
        known: &Provision,
        frame: &Frame,
        guard: Option<Holds>,
        found: &mut Found,
    ) -> usize {
        let day = frame.day.to_string();
        let items = self.items(frame, &found.of);
        let before = found
            .parts
            .iter()
            .position(|part| part.provision == at && part.day == day && part.items == items);
        // Where it is no guard of cases its own truth says whether it holds.
        let own = match known.kind {
            // Its findings, or whether there are any.
            ProvisionKind::Obligation => Some(match &frame.outcome {
                Outcome::Known(Value::List(found)) if found.items.is_empty() => Holds::No,
                Outcome::Known(Value::List(found)) if found.items.iter().all(in_doubt) => {
                    Holds::Open
                }
                other => holds(other),
            }),
            ProvisionKind::Fact
            | ProvisionKind::Lift
            | ProvisionKind::Exception
            | ProvisionKind::Waiver
            | ProvisionKind::Transition => Some(holds(&frame.outcome)),
            _ => None,
        };
        let truth = guard.or(own);
        if let Some(at) = before {
            if let (Some(part), Some(truth)) = (found.parts.get_mut(at), truth) {
                part.holds = truth;
            }
            return at;
        }
        let of = known.of.and_then(|of| self.ir.provisions.get(of as usize));
        let part = Part {
            provision: at,
            kind: known.kind,
            of: of.map(|of| of.name.clone()).unwrap_or_default(),
            name: known.name.clone(),
            day,
            items,
            holds: truth.unwrap_or(Holds::Yes),
            when: self.ir.told(&known.condition),
            gives: self.ir.told(&known.value),
            figures: Vec::new(),
            cites: self.cite(&known.cites),
        };
        found.parts.push(part);
        found.parts.len() - 1
    }

    /// Facts, readings, schedules, comparisons and moves of lifecycles.
    fn leaf(&mut self, op: &Op, frame: &Frame, guard: Option<Holds>, found: &mut Found) {
        match op {
            Op::Fact(id) | Op::Granted { fact: id, .. } | Op::Recorded(id) | Op::Missing(id) => {
                self.fact(*id, op, frame, guard, found);
            }
            Op::ReadingIs(id, _) => {
                self.readings.insert(*id);
            }
            Op::ScheduleOn(id, _) | Op::ScheduleNext(id, _) | Op::SchedulePrevious(id, _) => {
                self.schedule(*id, frame, found);
            }
            Op::Compare(cmp, a, b) => self.compared(*cmp, *a, *b, frame, found),
            Op::IsNone(of) => self.asked_for_none(*of, frame, found),
            Op::Contains { list, item } => self.looked_for(*list, *item, frame, found),
            Op::Lifecycle(machine) => {
                let layout = self
                    .ir
                    .lifecycles
                    .iter()
                    .find(|layout| layout.name == machine.name);
                let Some(layout) = layout else { return };
                for (line, on) in &frame.taken {
                    let Some(line) = layout.lines.get(*line as usize) else {
                        continue;
                    };
                    let states = self.ir.enums.get(layout.states as usize);
                    let to = states.and_then(|states| states.values.get(line.to as usize));
                    let made = Move {
                        provision: line.provision,
                        on: words::outcome(self.ir, &Type::Date, on),
                        to: to.cloned().unwrap_or_default(),
                        text: self.ir.line_words(line.provision),
                        cites: self.cite(&line.cites),
                    };
                    found.moves.push(made);
                }
            }
            _ => {}
        }
    }

    /// A schedule that was asked for its dates.
    fn schedule(&mut self, id: ir::ScheduleId, frame: &Frame, found: &mut Found) {
        let Some(schedule) = self.ir.schedules.get(id as usize) else {
            return;
        };
        let named = |known: &Provision| {
            known.kind == ProvisionKind::Schedule && known.name == schedule.name
        };
        let Some(at) = self.ir.provisions.iter().position(named) else {
            return;
        };
        if found.parts.iter().any(|part| part.provision as usize == at) {
            return;
        }
        for provision in [at as ProvisionId].iter().chain(&schedule.rests_on) {
            let Some(known) = self.ir.provisions.get(*provision as usize) else {
                continue;
            };
            let of = known.of.and_then(|of| self.ir.provisions.get(of as usize));
            let part = Part {
                provision: *provision,
                kind: known.kind,
                of: of.map(|of| of.name.clone()).unwrap_or_default(),
                name: known.name.clone(),
                day: frame.day.to_string(),
                items: Vec::new(),
                holds: Holds::Yes,
                when: String::new(),
                gives: String::new(),
                figures: Vec::new(),
                cites: self.cite(&known.cites),
            };
            found.parts.push(part);
        }
    }
}

/// Whether a provision is told as a step of its own.
fn is_step(provision: &Provision) -> bool {
    provision.of.is_none()
        && !matches!(
            provision.kind,
            ProvisionKind::Exception | ProvisionKind::Waiver | ProvisionKind::Fact
        )
}

fn holds(outcome: &Outcome) -> Holds {
    match outcome {
        Outcome::Known(Value::Bool(false)) => Holds::No,
        Outcome::Known(_) => Holds::Yes,
        Outcome::Open(_) => Holds::Open,
        Outcome::NotApplicable(_) => Holds::NotApplicable,
        Outcome::Error(_) => Holds::Error,
    }
}

/// Whether an item may not be there.
fn in_doubt(item: &Item) -> bool {
    item.presence != Presence::Certain
}
