//! What `amend` changes in a table.

use super::Elaborator;
use super::amend::When;
use super::env::Env;
use super::table::Columns;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, Unknown};
use crate::syntax::ast::{self, TableCellKind};

impl<'a> Elaborator<'_, 'a> {
    /// Reports changes that name no row, or one of several.
    pub(super) fn amended_rows(&mut self, table: &ast::Table, columns: &Columns<'a>) -> bool {
        let across = columns.across.as_ref();
        let across = across.and_then(|(_, id)| self.types.enums.get(*id as usize));
        let across = across.map(|item| item.values.clone());
        let labels: Vec<String> = table
            .rows
            .iter()
            .filter_map(|row| self.row_label(row, &columns.inputs))
            .collect();
        let mut fine = true;
        for change in columns.amends.iter().flat_map(|(amend, _)| &amend.changes) {
            if table.across.is_none() && !matches!(change.kind, ast::ChangeKind::AddRow(_)) {
                fine = false;
                self.report(
                    Diagnostic::new(
                        Code::UnknownTarget,
                        change.span,
                        format!("`{}` has no columns for a scale to amend", table.name.text),
                    )
                    .help("date its rows in the table itself"),
                );
                continue;
            }
            if let ast::ChangeKind::Cells { tiers, .. } = &change.kind
                && let Some(values) = &across
            {
                for tier in tiers {
                    fine &= self.tier_at(tier, values).is_some();
                }
            }
            let named: Vec<&ast::Name> = match &change.kind {
                ast::ChangeKind::Cells { row, .. } => vec![row],
                ast::ChangeKind::Like { except, .. } => except.iter().map(|(row, _)| row).collect(),
                ast::ChangeKind::AddRow(row) => {
                    fine = false;
                    self.report(
                        Diagnostic::new(
                            Code::UnknownTarget,
                            row.span,
                            "`add` gives a row to a grid, not to a table",
                        )
                        .help("write the row in the table itself, with its dates at the end"),
                    );
                    continue;
                }
            };
            for name in named {
                let several = labels.iter().filter(|label| **label == name.text).count();
                fine &= several == 1;
                match several {
                    1 => {}
                    0 => self.unknown(Unknown::new(name, Sought::Row, &labels)),
                    several => {
                        let message = format!("`{}` could be any of {several} rows", name.text);
                        let found = Diagnostic::new(Code::UnknownRow, name.span, message);
                        self.report(found.help(
                            "change the row meant in the table itself, with dates at its end",
                        ));
                    }
                }
            }
        }
        fine
    }

    /// Changes to one cell of an `across` table, from `amend`; a column that is like another has its changes too.
    pub(super) fn cell_changes(
        &mut self,
        env: &Env,
        amends: &[(&'a ast::Amend, &'a ast::Declaration)],
        row: &str,
        column: usize,
        (values, likes): (&[String], &[(usize, usize)]),
    ) -> Option<Vec<(When, TableCellKind)>> {
        let word = values.get(column)?;
        let mut found = Vec::new();
        let mut named = false;
        for (amend, declaration) in amends {
            let _ = self.cite(&declaration.cites);
            for change in &amend.changes {
                let (cell, when) = match &change.kind {
                    ast::ChangeKind::Cells {
                        row: name,
                        tiers,
                        cell,
                    } if name.text == row && tiers.iter().any(|tier| tier.text == *word) => {
                        let like = likes.iter().any(|(new, _)| *new == column);
                        let when = self.amended_when(env, (amend, declaration), change)?;
                        if !self.changes_some_days(amend, change, like) {
                            return None;
                        }
                        (cell, when)
                    }
                    ast::ChangeKind::Like { tier, except, .. } if tier.text == *word => {
                        match except.iter().find(|(name, _)| name.text == row) {
                            Some((_, cell)) => {
                                named = true;
                                (cell, self.always(cell.span))
                            }
                            None => continue,
                        }
                    }
                    ast::ChangeKind::Cells { .. }
                    | ast::ChangeKind::Like { .. }
                    | ast::ChangeKind::AddRow(_) => continue,
                };
                let _ = self.cite(&change.cites);
                found.push((when, self.amended_cell(cell)?));
            }
        }
        let model = likes.iter().find(|(new, _)| *new == column);
        if let Some((_, model)) = model
            && !named
        {
            found.extend(self.cell_changes(env, amends, row, *model, (values, likes))?);
        }
        Some(found)
    }

    pub(super) fn amended_cell(&mut self, cell: &ast::Cell) -> Option<TableCellKind> {
        match &cell.kind {
            ast::CellKind::NotRequired => Some(TableCellKind::Dash),
            ast::CellKind::Value(expr) | ast::CellKind::Preferred(Some(expr)) => {
                Some(TableCellKind::Values(vec![expr.clone()]))
            }
            ast::CellKind::Mandatory | ast::CellKind::Preferred(None) => {
                self.report(
                    Diagnostic::new(Code::BadCell, cell.span, "a table cell holds a value")
                        .help("write the value, or `-`"),
                );
                None
            }
        }
    }
}
