//! What could be written in vain: exceptions, waivers and amendments, as the analysis looks at them.
//!
//! In: rules while they are lowered. Out: obligations, one for each thing written, that it counts somewhere.

use super::Elaborator;
use super::amend::When;
use super::grid::Version;
use crate::analysis::{CellVersion, Obligation};
use crate::names::SymbolKind;
use crate::source::Span;
use indexmap::IndexMap;
use polc_runtime::ir::{self, NodeId, Period};

/// What was met so far, by what it is written as.
#[derive(Debug, Default)]
pub(super) struct Idle {
    exceptions: IndexMap<String, Excepted>,
    waivers: IndexMap<(String, u32), Waived>,
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
        for (name, lowered) in &self.waivers {
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

    /// Hands over what was remembered.
    pub(super) fn idle_obligations(&mut self) {
        let idle = std::mem::take(&mut self.idle);
        for (name, one) in idle.exceptions {
            let dates = match self.symbols.get(&name).map(|symbol| symbol.kind) {
                Some(SymbolKind::Exception(exception)) => self.period(&exception.dates),
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
