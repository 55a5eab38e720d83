//! The rows of a grid with everything that changes them: `amend`, columns that are like others, exceptions.

use super::Elaborator;
use super::amend::When;
use super::env::Env;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, CellKind};
use indexmap::IndexMap;
use polc_runtime::ir::NodeId;
use std::collections::BTreeMap;

/// A row with everything that may change it.
pub(super) struct Plan<'a> {
    pub(super) row: &'a ast::Row,
    /// Its stage, of those of the grid.
    pub(super) stage: usize,
    pub(super) guard: NodeId,
    /// Per tier: the base cell, then changes.
    pub(super) cells: Vec<PlannedCell<'a>>,
    /// By tier, the line that makes its column like another.
    pub(super) likes: BTreeMap<usize, (&'a ast::Declaration, &'a ast::Change)>,
}

/// A cell as written, if it is, and the changes to it with when they hold.
pub(super) type PlannedCell<'a> = (Option<&'a CellKind>, Vec<(When, &'a CellKind)>);

/// The lines of every `amend`.
pub(super) fn changes_of<'a>(
    amends: &[(&'a ast::Amend, &'a ast::Declaration)],
) -> Vec<((&'a ast::Amend, &'a ast::Declaration), &'a ast::Change)> {
    let lines = |amend: &(&'a ast::Amend, &'a ast::Declaration)| {
        let amend = *amend;
        amend.0.changes.iter().map(move |change| (amend, change))
    };
    amends.iter().flat_map(lines).collect()
}

impl<'a> Elaborator<'_, 'a> {
    /// Rows with their base cells and their changes.
    pub(super) fn plans(
        &mut self,
        grid: &'a ast::Requirements,
        values: &[String],
        stages: &[String],
        amends: &[(&'a ast::Amend, &'a ast::Declaration)],
    ) -> Option<Vec<Plan<'a>>> {
        let mut plans: Vec<Plan<'a>> = Vec::new();
        let mut fine = true;
        for row in &grid.rows {
            let stage = row.stage.as_ref().and_then(|stage| {
                let known = stages.iter();
                known.into_iter().position(|known| *known == stage.text)
            });
            fine &= self
                .add_row(grid, row, stage.unwrap_or(0), None, values, &mut plans)
                .is_some();
        }
        for ((amend, _), change) in changes_of(amends) {
            let _ = self.cite(&change.cites);
            if let ast::ChangeKind::AddRow(row) = &change.kind {
                let added = self.added_row(grid, amend, row, values, stages, &mut plans);
                fine &= added.is_some();
            }
        }
        for (amend, change) in changes_of(amends) {
            if let ast::ChangeKind::Cells { row, tiers, cell } = &change.kind {
                let changed = self.changed_cells(grid, amend, change, row, tiers, values, &plans);
                let Some((at, columns, when)) = changed else {
                    fine = false;
                    continue;
                };
                let cells = plans.get_mut(at).map(|plan| plan.cells.as_mut_slice());
                for (column, slot) in cells.unwrap_or_default().iter_mut().enumerate() {
                    if columns.contains(&column) {
                        slot.1.push((when.clone(), &cell.kind));
                    }
                }
            }
        }
        fine &= self.likes(grid, amends, values, &mut plans).is_some();
        for plan in &mut plans {
            let (whole, part) = (&grid.name.text, &plan.row.name.text);
            let (lifts, _) = self.exceptions_inside(&Env::default(), whole, part);
            self.excepted(&lifts, &[plan.guard]);
            for lift in lifts.iter().filter_map(|lift| lift.guard) {
                let free = self.builder.not(lift);
                plan.guard = self.builder.and([plan.guard, free]);
            }
        }
        fine.then_some(plans)
    }

    /// A row that `add` gives, in its stage.
    pub(super) fn added_row(
        &mut self,
        grid: &'a ast::Requirements,
        amend: &ast::Amend,
        row: &'a ast::Row,
        values: &[String],
        stages: &[String],
        plans: &mut Vec<Plan<'a>>,
    ) -> Option<()> {
        let group = row.name.text.split_once('.').and_then(|(parent, _)| {
            let group = plans.iter().find(|plan| plan.row.name.text == parent)?;
            Some(group.stage)
        });
        let stage = self.stage_of_added(row, group, stages)?;
        let outer = self.under(amend.under.as_ref())?;
        self.add_row(grid, row, stage, Some(outer), values, plans)
    }

    /// Which cells a line changes (row, columns), and when.
    #[expect(clippy::too_many_arguments, reason = "the parts of one line; one call")]
    pub(super) fn changed_cells(
        &mut self,
        grid: &'a ast::Requirements,
        (amend, declaration): (&ast::Amend, &ast::Declaration),
        change: &ast::Change,
        row: &ast::Name,
        tiers: &[ast::Name],
        values: &[String],
        plans: &[Plan<'a>],
    ) -> Option<(usize, Vec<usize>, When)> {
        let when = self.amended_when(&Env::default(), (amend, declaration), change);
        let at = self.row_at(grid, row, plans);
        let columns: Vec<Option<usize>> = tiers
            .iter()
            .map(|tier| self.tier_at(tier, values))
            .collect();
        let columns = columns.into_iter().collect::<Option<Vec<usize>>>();
        let (when, at, columns) = (when?, at?, columns?);
        if plans
            .get(at)
            .is_some_and(|plan| matches!(plan.row.condition, ast::RowCondition::Group(_)))
        {
            self.report(
                Diagnostic::new(
                    Code::BadCell,
                    row.span,
                    format!("`{}` is a group, which has no cells of its own", row.text),
                )
                .help("amend the cells of its rows"),
            );
            return None;
        }
        let printed = |tier: &ast::Name| grid.tiers.iter().any(|known| known.text == tier.text);
        let column = !tiers.iter().all(printed);
        self.changes_some_days(amend, change, column)
            .then_some((at, columns, when))
    }

    /// The columns that are like others: those cells on every day, changed ones too, but for the cells that are named.
    pub(super) fn likes(
        &mut self,
        grid: &'a ast::Requirements,
        amends: &[(&'a ast::Amend, &'a ast::Declaration)],
        values: &[String],
        plans: &mut [Plan<'a>],
    ) -> Option<()> {
        let columns = self.like_columns(amends, values)?;
        let mut named: IndexMap<(usize, usize), &'a CellKind> = IndexMap::new();
        for ((_, declaration), change) in changes_of(amends) {
            if let ast::ChangeKind::Like { tier, except, .. } = &change.kind {
                let column = self.tier_at(tier, values)?;
                for plan in plans.iter_mut() {
                    plan.likes.insert(column, (declaration, change));
                }
                for (row, cell) in except {
                    named.insert((self.row_at(grid, row, plans)?, column), &cell.kind);
                }
            }
        }
        for (column, model) in columns {
            for (at, plan) in plans.iter_mut().enumerate() {
                let (base, changes) = match named.get(&(at, column)) {
                    Some(kind) => (Some(*kind), Vec::new()),
                    None => plan.cells.get(model).cloned().unwrap_or_default(),
                };
                if let Some(slot) = plan.cells.get_mut(column) {
                    slot.0 = base;
                    slot.1.extend(changes);
                }
            }
        }
        Some(())
    }

    pub(super) fn add_row(
        &mut self,
        grid: &'a ast::Requirements,
        row: &'a ast::Row,
        stage: usize,
        outer: Option<NodeId>,
        values: &[String],
        plans: &mut Vec<Plan<'a>>,
    ) -> Option<()> {
        if let Some(first) = plans
            .iter()
            .find(|plan| plan.row.name.text == row.name.text)
        {
            let first = first.row.name.span;
            self.report(
                Diagnostic::new(
                    Code::DuplicateName,
                    row.name.span,
                    format!("the row `{}` stands twice", row.name.text),
                )
                .label(first, "first here")
                .help("rename one of them, or change the first with `amend`"),
            );
            return None;
        }
        if let Some((parent, _)) = row.name.text.split_once('.') {
            let group = plans.iter().any(|plan| {
                plan.row.name.text == parent
                    && matches!(plan.row.condition, ast::RowCondition::Group(_))
            });
            if !group {
                let span = Span {
                    end: row.name.span.start + parent.len() as u32,
                    ..row.name.span
                };
                let groups = plans
                    .iter()
                    .filter(|plan| matches!(plan.row.condition, ast::RowCondition::Group(_)))
                    .map(|plan| plan.row.name.text.clone());
                let (groups, sought) = (groups.collect(), Sought::Group(&row.name.text));
                self.unknown(Unknown::word(parent, span, sought, groups, Vec::new()));
                return None;
            }
        }
        let group = matches!(row.condition, ast::RowCondition::Group(_));
        if row.cells.len() != grid.tiers.len() && !(group && row.cells.is_empty()) {
            self.report(
                Diagnostic::new(
                    Code::WrongCellCount,
                    row.span,
                    format!(
                        "the row `{}` has {} cells, but there are {} tiers",
                        row.name.text,
                        row.cells.len(),
                        grid.tiers.len()
                    ),
                )
                .help("write one cell for each tier; `-` where nothing is required"),
            );
            return None;
        }
        let period = self.period(&Env::default(), &row.dates)?;
        let in_force = self.in_force(period);
        let under = self.under(row.under.as_ref())?;
        let always = self.builder.bool(true);
        let guard = self.builder.and([in_force, under, outer.unwrap_or(always)]);
        let cells = values
            .iter()
            .map(|value| {
                let column = grid.tiers.iter().position(|tier| tier.text == *value);
                let cell = column
                    .and_then(|column| row.cells.get(column))
                    .map(|cell| &cell.kind);
                (cell, Vec::new())
            })
            .collect();
        plans.push(Plan {
            likes: BTreeMap::new(),
            row,
            stage,
            guard,
            cells,
        });
        Some(())
    }

    pub(super) fn row_at(
        &mut self,
        grid: &'a ast::Requirements,
        row: &ast::Name,
        plans: &[Plan],
    ) -> Option<usize> {
        let found = plans.iter().position(|plan| plan.row.name.text == row.text);
        let rows = self.symbols.rows_of(grid);
        // A row that is there and has no plan has been reported.
        if found.is_none() && !rows.contains(&row.text.as_str()) {
            self.unknown(Unknown::new(row, Sought::Row, rows));
        }
        found
    }

    pub(super) fn tier_at(&mut self, tier: &ast::Name, values: &[String]) -> Option<usize> {
        let found = values.iter().position(|value| *value == tier.text);
        if found.is_none() {
            self.unknown(Unknown::new(tier, Sought::Tier, values));
        }
        found
    }
}
