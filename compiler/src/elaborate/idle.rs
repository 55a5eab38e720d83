//! What could be written in vain: exceptions, waivers and amendments, as the analysis looks at them.
//!
//! In: rules while they are lowered. Out: obligations, one for each thing written, that it counts somewhere.

use super::Elaborator;
use super::amend::When;
use super::env::Env;
use super::grid_cell::Version;
use crate::analysis::{CellVersion, Obligation};
use crate::names::SymbolKind;
use crate::source::Span;
use crate::syntax::ast;
use indexmap::{IndexMap, IndexSet};
use polc_runtime::ir::{self, NodeId, Period};

/// What was met so far, by what it is written as.
#[derive(Debug, Default)]
pub(super) struct Idle {
    exceptions: IndexMap<String, Excepted>,
    waivers: IndexMap<(String, u32), Waived>,
    /// Conditions of cells met so far.
    asked: IndexSet<NodeId>,
    /// What exceptions wait for, by their names.
    conditions: IndexMap<String, (NodeId, Span)>,
}

impl Idle {
    /// Remembers what an exception waits for.
    pub(super) fn condition(&mut self, name: &str, condition: NodeId, span: Span) {
        self.conditions.insert(name.to_owned(), (condition, span));
    }
}

#[derive(Debug)]
struct Excepted {
    guard: NodeId,
    stronger: Vec<NodeId>,
    /// Conditions of each place it goes to, which hold together.
    places: Vec<Vec<NodeId>>,
    span: Span,
}

#[derive(Debug)]
struct Waived {
    span: Span,
    cells: Vec<(String, NodeId, NodeId)>,
}

impl Elaborator<'_, '_> {
    /// Remembers exceptions and a place they go to.
    pub(super) fn excepted(&mut self, rules: &[ir::Rule], place: &[NodeId]) {
        for rule in rules {
            let Some(guard) = rule.guard else { continue };
            let wins = |other: &&ir::Rule| {
                let mut all = self.symbols.prevails.iter();
                all.any(|one| one.winner.text == other.name && one.loser.text == rule.name)
            };
            let stronger = rules
                .iter()
                .filter(wins)
                .filter_map(|other| other.guard)
                .collect();
            let symbol = self.symbols.get(&rule.name);
            let Some(span) = symbol.map(|symbol| symbol.name.span) else {
                continue;
            };
            let known = self.idle.exceptions.entry(rule.name.clone());
            let known = known.or_insert_with(|| Excepted {
                guard,
                stronger,
                places: Vec::new(),
                span,
            });
            known.places.push(place.to_vec());
        }
    }

    /// Remembers which lines of waivers lift a cell.
    pub(super) fn waived(&mut self, grid: &str, row: &str, tier: &str, required: NodeId) {
        let mut lifted = Vec::new();
        for lowered in self.made.waivers.values() {
            let name = &lowered.waiver.name;
            for lift in &lowered.lifts {
                let here = lift.grid.as_ref().is_none_or(|name| name == grid)
                    && lift.rows.iter().any(|name| name == row)
                    && lift.tiers.iter().any(|name| name == tier);
                if here {
                    lifted.push((name.clone(), lift.span, lift.period, lowered.applies));
                }
            }
        }
        for (name, span, period, applies) in lifted {
            let in_force = self.in_force(period);
            let lifts = self.builder.and([in_force, applies]);
            let line = self.idle.waivers.entry((name, span.start));
            let line = line.or_insert_with(|| Waived {
                span,
                cells: Vec::new(),
            });
            line.cells
                .push((format!("`{row}` for `{tier}`"), required, lifts));
        }
    }

    /// Asks of every change to a cell that it changes something: `versions` has the strongest first.
    pub(super) fn amended(
        &mut self,
        row: &str,
        tier: &str,
        in_force: NodeId,
        versions: &[(When, Version)],
        base: &Version,
    ) {
        let cell = |version: &Version| CellVersion {
            required: version.required,
            preferred: version.preferred,
            condition: version.condition,
        };
        for (at, (when, version)) in versions.iter().enumerate() {
            let weaker = versions.iter().skip(at + 1);
            let mut weaker: Vec<_> = weaker
                .map(|(when, one)| (Some(when.guard), cell(one)))
                .collect();
            weaker.push((None, cell(base)));
            self.obligations.push(Obligation::Changes {
                what: format!("`{row}` for `{tier}`"),
                scope: in_force,
                guard: when.guard,
                stronger: versions
                    .iter()
                    .take(at)
                    .map(|(when, _)| when.guard)
                    .collect(),
                new: cell(version),
                weaker,
                span: when.span,
            });
        }
    }

    /// Asks of every change to what a row gives in a column that it changes something.
    pub(super) fn amended_row(
        &mut self,
        what: &str,
        row: NodeId,
        versions: &[(NodeId, Option<NodeId>, Span)],
        printed: Option<NodeId>,
    ) {
        let gives = |value: Option<NodeId>| CellVersion {
            required: value.is_some(),
            preferred: false,
            condition: value.unwrap_or(row),
        };
        for (at, (guard, value, span)) in versions.iter().enumerate() {
            let weaker = versions.iter().skip(at + 1);
            let weaker = weaker.map(|(guard, value, _)| (Some(*guard), gives(*value)));
            self.obligations.push(Obligation::Changes {
                what: what.to_owned(),
                scope: row,
                guard: *guard,
                stronger: versions.iter().take(at).map(|(guard, ..)| *guard).collect(),
                new: gives(*value),
                weaker: weaker.chain([(None, gives(printed))]).collect(),
                span: *span,
            });
        }
    }

    /// Asks of every cell that its condition decides something: each condition once.
    pub(super) fn asked(
        &mut self,
        row: &str,
        tier: &str,
        expr: &ast::Expr,
        versions: &[(NodeId, Version)],
        base: &Version,
    ) {
        for version in versions.iter().map(|(_, version)| version).chain([base]) {
            if version.required && self.idle.asked.insert(version.condition) {
                self.obligations.push(Obligation::Decides {
                    what: format!("what `{row}` asks for `{tier}`"),
                    scope: None,
                    condition: version.condition,
                    may_never_hold: false,
                    span: expr.span,
                });
            }
        }
    }

    /// Asks of a condition that it decides something.
    pub(super) fn decides(&mut self, what: String, condition: NodeId, span: Span) -> NodeId {
        self.obligations.push(Obligation::Decides {
            what,
            scope: None,
            condition,
            may_never_hold: false,
            span,
        });
        condition
    }

    /// Hands over what was remembered.
    pub(super) fn idle_obligations(&mut self) {
        let env = &Env::default();
        let idle = std::mem::take(&mut self.idle);
        for (name, one) in idle.exceptions {
            let dates = match self.symbols.get(&name).map(|symbol| symbol.kind) {
                Some(SymbolKind::Exception(exception)) => self.period(env, &exception.dates),
                _ => None,
            };
            self.obligations.push(Obligation::Excepts {
                name,
                days: days(dates.unwrap_or_default()),
                guard: one.guard,
                stronger: one.stronger,
                places: one.places,
                span: one.span,
            });
        }
        for (name, (condition, span)) in idle.conditions {
            self.obligations.push(Obligation::Decides {
                what: format!("the condition of the exception `{name}`"),
                scope: None,
                condition,
                may_never_hold: true,
                span,
            });
        }
        for ((waiver, _), one) in idle.waivers {
            self.obligations.push(Obligation::Lifts {
                waiver,
                cells: one.cells,
                span: one.span,
            });
        }
    }
}

/// A period in words; empty when it has no ends.
fn days(period: Period) -> String {
    let last = period.before.and_then(|before| before.checked_add_days(-1));
    match (period.from, last) {
        (Some(from), Some(last)) => format!("from {from} through {last}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(last)) => format!("through {last}"),
        (None, None) => String::new(),
    }
}
