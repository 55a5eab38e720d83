//! What tests reach: rules, rows, exceptions, grid cells both ways, the clauses of the sources, and both sides of bounds.

use super::boundary::{self, Edge};
use crate::report::terminal::within_line;
use indexmap::IndexMap;
use polc_runtime::ir::{self, Const, Op, RuleKind, Treatment};
use polc_runtime::value::{Outcome, Value};
use polc_runtime::{CellResult, Compared, Evaluation};
use serde::Serialize;
use std::collections::BTreeSet;

/// The word for both sides of bounds.
const BOUNDARIES: &str = "boundaries";

/// What the cases of one program reached.
#[derive(Debug, Default)]
pub struct Coverage {
    rules: Counted,
    rows: Counted,
    exceptions: Counted,
    cells: Counted,
    transitions: Counted,
    clauses: Counted,
    boundaries: Counted,
    /// Parallel to `boundaries`.
    edges: Vec<Edge>,
}

/// Things that can be reached, by name.
#[derive(Debug, Default)]
struct Counted {
    all: Vec<String>,
    seen: BTreeSet<usize>,
}

impl Counted {
    fn add(&mut self, name: String) {
        self.all.push(name);
    }

    fn missing(&self) -> Vec<&String> {
        self.all
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.seen.contains(at))
            .map(|(_, name)| name)
            .collect()
    }

    /// In tenths of a percent, rounded down: only everything is 100 %.
    fn share(&self) -> usize {
        if self.all.is_empty() {
            1000
        } else {
            self.seen.len() * 1000 / self.all.len()
        }
    }
}

impl Coverage {
    /// Everything a program's tests could reach.
    #[must_use]
    pub fn new(program: &ir::Program) -> Self {
        let mut coverage = Coverage::default();
        for (definition, rule) in rules(program) {
            let name = format!("{}: {}", definition.name, rule.name);
            match rule.kind {
                RuleKind::Case | RuleKind::Obligation => coverage.rules.add(name),
                RuleKind::Row => coverage.rows.add(name),
                RuleKind::Exception => coverage.exceptions.add(name),
            }
        }
        for (name, _) in cell_sides(program) {
            coverage.cells.add(name);
        }
        for lifecycle in &program.lifecycles {
            for line in &lifecycle.lines {
                coverage
                    .transitions
                    .add(line_name(program, lifecycle, line));
            }
        }
        coverage.clauses(program);
        coverage.edges = boundary::edges(program);
        for edge in &coverage.edges {
            coverage.boundaries.add(edge.name.clone());
        }
        coverage
    }

    fn clauses(&mut self, program: &ir::Program) {
        for clause in &program.clauses {
            let treated = match &clause.treatment {
                Treatment::External => continue,
                Treatment::Uncited => false,
                Treatment::Encoded | Treatment::Informational | Treatment::LeftOut(_) => true,
            };
            if treated {
                self.clauses.seen.insert(self.clauses.all.len());
            }
            self.clauses
                .add(format!("{} \"{}\"", clause.id, clause.text));
        }
    }

    /// Marks what one evaluated case reaches.
    pub fn see(&mut self, evaluation: &mut Evaluation) {
        let program = evaluation.program().ir();
        let (mut case, mut row, mut exception) = (0, 0, 0);
        for definition in &program.definitions {
            // A rule with parameters is reached as often as it was asked for.
            let reached = match definition.parameters.is_empty() {
                true => vec![
                    guards(definition)
                        .map(|node| evaluation.node(node))
                        .collect(),
                ],
                false => {
                    let nodes: Vec<ir::NodeId> = guards(definition).collect();
                    evaluation.in_calls(definition, &nodes)
                }
            };
            let held = |at: usize| {
                reached
                    .iter()
                    .any(|outcomes| holds(definition, outcomes, at))
            };
            for (number, rule) in definition.rules.iter().enumerate() {
                let (counted, at) = match rule.kind {
                    RuleKind::Case | RuleKind::Obligation => (&mut self.rules, &mut case),
                    RuleKind::Row => (&mut self.rows, &mut row),
                    RuleKind::Exception => (&mut self.exceptions, &mut exception),
                };
                if held(number) {
                    counted.seen.insert(*at);
                }
                *at += 1;
            }
        }
        for lifecycle in &program.lifecycles {
            let _ = evaluation.node(lifecycle.node);
        }
        self.see_lines(evaluation);
        let mut at = 0;
        for (grid_at, grid) in program.grids.iter().enumerate() {
            for (row_at, grid_row) in grid.rows.iter().enumerate() {
                for (tier, cell) in grid_row.cells.iter().enumerate() {
                    if never_required(program, cell) {
                        continue;
                    }
                    let condition = evaluation.node(cell.condition);
                    let required = evaluation
                        .cell(grid_at, row_at, tier)
                        .is_some_and(|cell| cell.result != CellResult::NotRequired);
                    match condition {
                        Outcome::Known(Value::Bool(true)) if required => {
                            self.cells.seen.insert(at);
                        }
                        Outcome::Known(Value::Bool(false)) if required => {
                            self.cells.seen.insert(at + 1);
                        }
                        Outcome::Known(_)
                        | Outcome::Open(_)
                        | Outcome::NotApplicable(_)
                        | Outcome::Error(_) => {}
                    }
                    at += 2;
                }
            }
        }
    }

    /// Marks the edges that were tried by what a case expects.
    pub fn see_edges(&mut self, compared: &BTreeSet<(ir::NodeId, Compared)>) {
        for (at, edge) in self.edges.iter().enumerate() {
            let made = compared.iter().filter(|(node, _)| *node == edge.node());
            if made.into_iter().any(|(node, pair)| edge.tried(*node, pair)) {
                self.boundaries.seen.insert(at);
            }
        }
    }

    /// Marks the lines of lifecycles that were taken.
    fn see_lines(&mut self, evaluation: &Evaluation) {
        let mut before = 0;
        for lifecycle in &evaluation.program().ir().lifecycles {
            let taken = evaluation.lines_taken();
            let own = taken.iter().filter(|(name, _)| *name == lifecycle.name);
            self.transitions
                .seen
                .extend(own.map(|(_, line)| before + *line as usize));
            before += lifecycle.lines.len();
        }
    }

    fn parts(&self) -> [(&'static str, &Counted); 7] {
        [
            ("rules", &self.rules),
            ("rows", &self.rows),
            ("exceptions", &self.exceptions),
            ("grid cells", &self.cells),
            ("transitions", &self.transitions),
            ("clauses", &self.clauses),
            (BOUNDARIES, &self.boundaries),
        ]
    }

    /// A line for each kind, and what was not reached.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (word, counted) in self.parts() {
            if counted.all.is_empty() {
                continue;
            }
            let share = counted.share();
            out.push_str(&format!(
                "  {word:<11} {:>3}.{} %  {} of {}\n",
                share / 10,
                share % 10,
                counted.seen.len(),
                counted.all.len()
            ));
        }
        for (word, counted) in self.parts() {
            let missing = if word == BOUNDARIES {
                "not tried"
            } else {
                "not reached"
            };
            for name in counted.missing() {
                let name = within_line(name);
                out.push_str(&format!("  {missing} ({word}): {name}\n"));
            }
        }
        out
    }

    /// The same, to be written.
    pub(super) fn written(&self) -> IndexMap<String, Share<'_>> {
        let parts = self.parts().into_iter();
        parts
            .map(|(word, counted)| {
                let share = Share {
                    reached: counted.seen.len(),
                    of: counted.all.len(),
                    missing: counted.missing(),
                };
                (word.replace(' ', "_"), share)
            })
            .collect()
    }
}

/// How much of one kind was reached.
#[derive(Debug, Serialize)]
pub struct Share<'a> {
    reached: usize,
    of: usize,
    missing: Vec<&'a String>,
}

/// The conditions of a definition's rules, in order.
fn guards(definition: &ir::Definition) -> impl Iterator<Item = ir::NodeId> {
    definition.rules.iter().filter_map(|rule| rule.guard)
}

/// Whether one of a definition's rules counts, where their conditions come to this: of cases the first that holds.
fn holds(definition: &ir::Definition, guards: &[Outcome], wanted: usize) -> bool {
    let (mut guards, mut decided) = (guards.iter(), false);
    for (at, rule) in definition.rules.iter().enumerate() {
        let holds = match rule.guard {
            None => !decided,
            Some(_) => guards.next().is_some_and(is_true),
        };
        let case = rule.kind == RuleKind::Case;
        if at == wanted {
            return holds && !(decided && case);
        }
        decided |= holds && case;
    }
    false
}

fn rules(program: &ir::Program) -> impl Iterator<Item = (&ir::Definition, &ir::Rule)> {
    program
        .definitions
        .iter()
        .flat_map(|definition| definition.rules.iter().map(move |rule| (definition, rule)))
}

/// A line by the states it joins.
fn line_name(
    program: &ir::Program,
    lifecycle: &ir::LifecycleLayout,
    line: &ir::lifecycle::LineLayout,
) -> String {
    let states = program
        .enums
        .get(lifecycle.states as usize)
        .map(|states| states.values.as_slice())
        .unwrap_or_default();
    let state = |at: u32| states.get(at as usize).map_or("", String::as_str);
    let from = line.from.map_or("any open state", state);
    format!(
        "{}: {from} -> {} ({})",
        lifecycle.name,
        state(line.to),
        program.line_told(line)
    )
}

/// Every cell that can ask something, both ways.
fn cell_sides(program: &ir::Program) -> Vec<(String, bool)> {
    let mut sides = Vec::new();
    for grid in &program.grids {
        let tiers = program
            .enums
            .get(grid.scale as usize)
            .map(|scale| scale.values.as_slice())
            .unwrap_or_default();
        for row in &grid.rows {
            for (cell, tier) in row.cells.iter().zip(tiers) {
                if !never_required(program, cell) {
                    sides.push((format!("{} {} for {tier}, met", grid.name, row.name), true));
                    sides.push((
                        format!("{} {} for {tier}, not met", grid.name, row.name),
                        false,
                    ));
                }
            }
        }
    }
    sides
}

fn never_required(program: &ir::Program, cell: &ir::Cell) -> bool {
    program
        .nodes
        .get(cell.required as usize)
        .is_some_and(|node| node.op == Op::Const(Const::Bool(false)))
}

fn is_true(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Known(Value::Bool(true)))
}
