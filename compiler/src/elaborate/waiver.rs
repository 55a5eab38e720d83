//! Waivers: which cells they lift, and when.

use super::Elaborator;
use super::env::Env;
use super::provisions::Said;
use crate::analysis::Obligation;
use crate::names::{Sought, Unknown};
use crate::source::Span;
use crate::syntax::ast;
use polc_runtime::ir::{self, NodeId, Period, ProvisionId, ProvisionKind, Type};

/// A waiver ready for the grids.
pub(super) struct Lowered {
    pub(super) waiver: ir::Waiver,
    /// When it applies, apart from the dates of its lines.
    pub(super) applies: NodeId,
    /// What it lifts.
    pub(super) lifts: Vec<Lift>,
}

/// One `waives` line.
#[derive(Clone)]
pub(super) struct Lift {
    pub(super) grid: Option<String>,
    pub(super) rows: Vec<String>,
    pub(super) tiers: Vec<String>,
    pub(super) period: Period,
    pub(super) span: Span,
    pub(super) provision: ProvisionId,
}

impl Elaborator<'_, '_> {
    pub(super) fn waiver(&mut self, waiver: &ast::Waiver, mut cites: Vec<ir::ClauseId>) {
        let env = &Env::default();
        let Some(period) = self.period(env, &waiver.dates) else {
            return;
        };
        let Some(condition) = self.waiver_condition(env, waiver) else {
            return;
        };
        // A line with dates of its own may lift outside of the waiver's.
        let own = |lift: &ast::Lift| {
            let dates = &lift.dates;
            dates.from.is_some() || dates.through.is_some() || dates.before.is_some()
        };
        let in_force = match waiver.lifts.iter().any(own) {
            true => self.builder.bool(true),
            false => self.in_force(period),
        };
        let mut parts = vec![condition];
        let symbols = self.symbols;
        for (id, exception) in symbols.exceptions_to(&waiver.name.text, None) {
            let cites = self.cite_of(id);
            if let Some(guard) = self.exception_guard(env, exception) {
                let rule = ir::Rule {
                    kind: ir::RuleKind::Exception,
                    name: exception.name.text.clone(),
                    guard: Some(guard),
                    value: None,
                    cites,
                };
                self.excepted(&[rule], &[condition, in_force]);
                parts.push(self.builder.not(guard));
            }
        }
        let applies = self.builder.and(parts);
        let mut lifts = Vec::new();
        for lift in &waiver.lifts {
            cites.extend(self.cite(&lift.cites));
            lifts.extend(self.lift(env, waiver, lift, lifts.len(), period));
        }
        cites.sort_unstable();
        cites.dedup();
        let applies = match self.provision(&waiver.name.text) {
            Some(provision) => self.builder.mark(provision, applies),
            None => applies,
        };
        let lowered = Lowered {
            waiver: ir::Waiver {
                name: waiver.name.text.clone(),
                label: waiver.label.clone().unwrap_or_default(),
                period,
                cites,
            },
            applies,
            lifts,
        };
        let id = self.symbol_at(waiver.name.span);
        self.made.waivers.extend(id.map(|id| (id, lowered)));
    }

    fn waiver_condition(&mut self, env: &Env, waiver: &ast::Waiver) -> Option<NodeId> {
        let Some(expr) = &waiver.condition else {
            return Some(self.builder.bool(true));
        };
        let condition = self.check(&env.lenient(), expr, &Type::Bool)?;
        let condition = self.guard(condition, expr.span);
        self.obligations.push(Obligation::Decides {
            what: format!("the condition of the waiver `{}`", waiver.name.text),
            scope: None,
            condition,
            may_never_hold: false,
            span: expr.span,
        });
        Some(condition)
    }

    /// One line of a waiver; `whole` is when the waiver itself is in force.
    fn lift(
        &mut self,
        env: &Env,
        waiver: &ast::Waiver,
        lift: &ast::Lift,
        at: usize,
        whole: Period,
    ) -> Option<Lift> {
        let own = self.period(env, &lift.dates)?;
        // What a line says of its own dates stands in the place of the waiver's, `through 9999-12-31` too.
        let (begins, ends) = (&lift.dates.from, (&lift.dates.through, &lift.dates.before));
        let period = Period {
            from: if begins.is_some() {
                own.from
            } else {
                whole.from
            },
            before: match ends {
                (None, None) => whole.before,
                _ => own.before,
            },
        };
        if !self.lift_exists(lift) {
            return None;
        }
        let (kind, name) = (ProvisionKind::Lift, format!("line {}", at + 1));
        let (said, cites) = (Said::at(lift.span), self.cite(&lift.cites));
        Some(Lift {
            provision: self.part(&waiver.name.text, kind, name, said, &cites),
            grid: lift.grid.as_ref().map(|name| name.text.clone()),
            rows: lift.rows.iter().map(|name| name.text.clone()).collect(),
            tiers: lift.tiers.iter().map(|name| name.text.clone()).collect(),
            period,
            span: lift.span,
        })
    }

    /// Reports a line that lifts a row or tier no grid has.
    fn lift_exists(&mut self, lift: &ast::Lift) -> bool {
        let symbols = self.symbols;
        let grids: Vec<&ast::Requirements> = symbols
            .grids()
            .into_iter()
            .filter(|grid| {
                lift.grid
                    .as_ref()
                    .is_none_or(|name| name.text == grid.name.text)
            })
            .collect();
        let mut rows: Vec<&str> = grids
            .iter()
            .flat_map(|grid| &grid.rows)
            .map(|row| row.name.text.as_str())
            .collect();
        // A value of the scale without a column is reported at the grid.
        let scales = grids.iter().filter_map(|grid| {
            let scale = symbols.enums.get(grid.scale.text.as_str());
            scale.map(|(scale, _)| &scale.values)
        });
        let mut tiers: Vec<&str> = grids
            .iter()
            .map(|grid| &grid.tiers)
            .chain(scales)
            .flatten()
            .map(|tier| tier.text.as_str())
            .collect();
        for (amend, _) in &symbols.amends {
            for change in &amend.changes {
                match &change.kind {
                    ast::ChangeKind::AddRow(row) => rows.push(&row.name.text),
                    ast::ChangeKind::Like { tier, .. } => tiers.push(&tier.text),
                    ast::ChangeKind::Cells { .. } => {}
                }
            }
        }
        let mut fine = true;
        let all = [
            (&lift.rows, &rows, Sought::AnyRow),
            (&lift.tiers, &tiers, Sought::AnyTier),
        ];
        for (names, known, sought) in all {
            for name in names {
                if known.contains(&name.text.as_str()) {
                    continue;
                }
                fine = false;
                self.unknown(Unknown::new(name, sought, known));
            }
        }
        fine
    }
}
