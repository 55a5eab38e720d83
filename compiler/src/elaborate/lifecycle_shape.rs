//! What can be said of a lifecycle without evaluating it: states nobody reaches or leaves, deadlines that lead nowhere,
//! starts without a day.

use super::Elaborator;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{self, AGAIN, TransitionKind};
use polc_runtime::ir::lifecycle::{Lifecycle, Trigger};
use polc_runtime::ir::{self, Dated, NodeId, Op, Type};
use std::collections::BTreeSet;

impl Elaborator<'_, '_> {
    /// What can be said of a lifecycle without evaluating it.
    pub(super) fn check_shape(&mut self, lifecycle: &ast::Lifecycle) {
        let reached = reached(lifecycle);
        for (state, reached) in lifecycle.states.iter().zip(reached) {
            self.check_state(lifecycle, state, reached);
        }
        for line in &lifecycle.everywhere {
            if matches!(line.kind, TransitionKind::Late) {
                self.report(
                    Diagnostic::new(
                        Code::MissingPart,
                        line.span,
                        "`late` belongs to a state with a deadline",
                    )
                    .help("put it below the state"),
                );
            }
        }
    }

    fn check_state(&mut self, lifecycle: &ast::Lifecycle, state: &ast::State, reached: bool) {
        let name = &state.name;
        if name.text == AGAIN {
            self.report(
                Diagnostic::new(
                    Code::ReservedName,
                    name.span,
                    "no state is named `again`: after `->` it enters the same state anew",
                )
                .help("give the state another name"),
            );
            return;
        }
        if !reached {
            self.report(
                Diagnostic::new(
                    Code::UnreachableState,
                    name.span,
                    format!("nothing leads to the state `{}`", name.text),
                )
                .help("add a line `… -> STATE` that leads here, or remove the state"),
            );
        }
        let out = lifecycle.everywhere.len() + state.lines.len();
        if !state.is_final && out == 0 {
            self.report(
                Diagnostic::new(
                    Code::DeadEnd,
                    name.span,
                    format!("nothing leads out of the state `{}`", name.text),
                )
                .help(format!("add a line to it, or write `final {}`", name.text)),
            );
        }
        self.check_deadline(state);
    }

    /// A deadline and what happens when it has passed belong together.
    fn check_deadline(&mut self, state: &ast::State) {
        let name = &state.name;
        let lates = state
            .lines
            .iter()
            .filter(|line| matches!(line.kind, TransitionKind::Late));
        match (&state.deadline, lates.clone().next()) {
            (Some(deadline), None) => self.report(
                Diagnostic::new(
                    Code::DeadlineWithoutLate,
                    deadline.span,
                    format!(
                        "nothing happens when the deadline of `{}` has passed",
                        name.text
                    ),
                )
                .help("add `late -> STATE` below the state"),
            ),
            (None, Some(late)) => self.report(
                Diagnostic::new(
                    Code::MissingPart,
                    late.span,
                    format!("`{}` has no deadline that could be missed", name.text),
                )
                .help("write `deadline 30 days` after the state, or remove the line"),
            ),
            _ => {}
        }
        if let Some(second) = lates.clone().nth(1) {
            self.report(
                Diagnostic::new(
                    Code::DuplicateName,
                    second.span,
                    format!("`{}` says twice what is late", name.text),
                )
                .help("keep one `late` line"),
            );
        }
    }

    /// A condition without a day that leads out of the first state: nobody knows since when the next one holds.
    pub(super) fn undated_starts(&mut self, lifecycle: &ast::Lifecycle, machine: &Lifecycle) {
        let first = lifecycle
            .states
            .iter()
            .find(|state| state.name.text == lifecycle.starts.text);
        let own = first.into_iter().flat_map(|state| &state.lines);
        let written: Vec<Span> = lifecycle
            .everywhere
            .iter()
            .chain(own)
            .filter(|line| matches!(line.kind, TransitionKind::When))
            .map(|line| line.span)
            .collect();
        let state = machine.states.get(machine.starts as usize);
        let own = state.into_iter().flat_map(|state| &state.lines);
        let lines: Vec<NodeId> = machine
            .everywhere
            .iter()
            .chain(own)
            .filter(|line| line.trigger == Trigger::Condition)
            .map(|line| line.guard)
            .collect();
        for (span, guard) in written.into_iter().zip(lines) {
            if !self.is_dated(guard) {
                self.report(
                    Diagnostic::new(
                        Code::UndatedStart,
                        span,
                        "nothing says since when this holds, so the day of the move is never known",
                    )
                    .help("lead on with an event, `on EVENT when …`, or with a condition on dated facts"),
                );
            }
        }
    }

    /// Whether a node may differ from one day to another.
    pub(super) fn is_dated(&self, node: NodeId) -> bool {
        let mut seen = BTreeSet::new();
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            if !seen.insert(node) {
                continue;
            }
            let Some(op) = self.builder.op(node) else {
                continue;
            };
            let dated = match op.dated() {
                Dated::Always | Dated::Reading(_) => true,
                Dated::Fact(id) => self.inputs.facts.get(id as usize).is_none_or(|fact| {
                    fact.kind != ir::FactKind::Given
                        || fact.derived.is_some()
                        || self.has_days(&fact.ty, 0)
                }),
                Dated::AsRead => matches!(op, Op::RecordedField(..) | Op::Item(_)),
            };
            if dated {
                return true;
            }
            ir::children(op, |child| todo.push(child));
        }
        false
    }

    /// Whether values of a type say when parts of them happened.
    pub(super) fn has_days(&self, ty: &Type, depth: u32) -> bool {
        if let Some(inner) = ty.inner() {
            return self.has_days(inner, depth);
        }
        self.types.record(ty).is_some_and(|record| {
            let days = |field: &ir::Field| {
                field.kind != ir::FactKind::Given || self.has_days(&field.ty, depth + 1)
            };
            depth > 8 || record.dated.is_some() || record.fields.iter().any(days)
        })
    }
}

/// Which states can be reached; all of them where a name is misspelt.
fn reached(lifecycle: &ast::Lifecycle) -> Vec<bool> {
    let find = |name: &str| lifecycle.states.iter().position(|s| s.name.text == name);
    let goals = lifecycle.lines().flat_map(|line| &line.targets);
    let names = goals.map(|to| &to.state).chain([&lifecycle.starts]);
    let mut names = names;
    let misspelt = names.any(|name| find(&name.text).is_none());
    let mut reached = vec![misspelt; lifecycle.states.len()];
    let mut todo: Vec<usize> = find(&lifecycle.starts.text).into_iter().collect();
    while let Some(at) = todo.pop() {
        let Some(slot) = reached.get_mut(at) else {
            continue;
        };
        if std::mem::replace(slot, true) {
            continue;
        }
        let Some(state) = lifecycle.states.get(at).filter(|state| !state.is_final) else {
            continue;
        };
        for line in lifecycle.everywhere.iter().chain(&state.lines) {
            todo.extend(
                line.targets
                    .iter()
                    .filter(|to| !to.is_again())
                    .filter_map(|to| find(&to.state.text)),
            );
        }
    }
    reached
}
