//! Rows made one answer, and what must be proved of them.

use super::env::Env;
use super::left::Before;
use super::table::{Input, Row};
use super::{Elaborator, Typed};
use crate::analysis::{CompleteKind, DisjointKind, Obligation, ReachKind, Side};
use crate::syntax::ast::{self, TableCellKind, TableMode};
use polc_runtime::ir::{NodeId, Op, Type};

/// Tables up to this size are looked at for rows that others cover with the same value.
pub(super) const AGREEING_ROWS: usize = 60;

impl Elaborator<'_, '_> {
    pub(super) fn join_rows(
        &mut self,
        table: &ast::Table,
        rows: &[Row],
        item: &Type,
        across: Option<&Typed>,
    ) -> (NodeId, Type) {
        let plain: Vec<NodeId> = rows
            .iter()
            .filter(|row| !row.rest)
            .map(|row| row.guard)
            .collect();
        let uncovered = self.none_of(&plain);
        let guarded: Vec<(NodeId, NodeId)> = rows
            .iter()
            .map(|row| {
                let guard = if row.rest {
                    self.builder.and([row.guard, uncovered])
                } else {
                    row.guard
                };
                (guard, row.value)
            })
            .collect();
        if table.mode == TableMode::EveryRow {
            let ty = Type::List(Box::new(item.clone()));
            return (self.builder.add(Op::EveryRow(guarded), ty.clone()), ty);
        }
        let mut cases: Vec<(NodeId, NodeId)> = rows
            .iter()
            .filter(|row| !row.rest)
            .map(|row| (row.guard, row.value))
            .collect();
        cases.extend(
            rows.iter()
                .filter(|row| row.rest)
                .map(|row| (row.guard, row.value)),
        );
        let node = self.builder.cases(cases, None, item.clone());
        let node = match across {
            Some(typed) if matches!(typed.ty, Type::Optional(_)) => {
                let none = self.builder.is_none(typed.node);
                let applies = self.builder.not(none);
                let because = format!("{} has no column when it is none", table.name.text);
                self.builder.add(
                    Op::Scope {
                        applies,
                        body: node,
                        because,
                    },
                    item.clone(),
                )
            }
            _ => node,
        };
        (node, item.clone())
    }

    /// The cells that say `otherwise`, against all rows that do not.
    pub(super) fn rest_rows(
        &mut self,
        env: &Env,
        inputs: &[Option<Input>],
        rests: &[(&ast::TableRow, NodeId)],
        rows: &[Row],
    ) {
        let plain = rows.iter().filter(|row| !row.rest);
        let guards: Vec<NodeId> = plain.map(|row| row.guard).collect();
        for (row, own) in rests {
            for (cell, input) in row.cells.iter().zip(inputs) {
                if let (TableCellKind::Otherwise(otherwise), Some(input)) = (&cell.kind, input) {
                    let before = Before {
                        scope: None,
                        guards: &guards,
                        own: Some(*own),
                        env,
                    };
                    self.otherwise_cell(&before, otherwise, &input.typed);
                }
            }
        }
    }

    /// One answer needs rows that cover everything and do not overlap; every row has to count somewhere.
    pub(super) fn row_obligations(
        &mut self,
        table: &ast::Table,
        rows: &[Row],
        across: Option<&Typed>,
    ) {
        let scope = match across {
            Some(typed) if matches!(typed.ty, Type::Optional(_)) => {
                let none = self.builder.is_none(typed.node);
                Some(self.builder.not(none))
            }
            _ => None,
        };
        self.live_rows(table, rows, scope);
        let overlap = match table.mode {
            TableMode::EveryRow => return,
            TableMode::ExactlyOneRow => Some(DisjointKind::Rows),
            TableMode::AnyRow => Some(DisjointKind::RowsMayAgree),
            TableMode::FirstRow => None,
        };
        self.obligations.push(Obligation::Complete {
            what: table.name.text.clone(),
            kind: CompleteKind::Rows,
            scope,
            guards: rows.iter().map(|row| row.guard).collect(),
            span: table.name.span,
        });
        let Some(kind) = overlap else {
            return;
        };
        let plain: Vec<NodeId> = rows
            .iter()
            .filter(|row| !row.rest)
            .map(|row| row.guard)
            .collect();
        for rest in [false, true] {
            let sides: Vec<Side> = rows
                .iter()
                .filter(|row| row.rest == rest)
                .map(|row| Side {
                    name: row.name.clone(),
                    scope,
                    guard: Some(row.guard),
                    value: row.value,
                    span: row.span,
                })
                .collect();
            if !rest || sides.len() > 1 {
                self.obligations.push(Obligation::Rows {
                    what: table.name.text.clone(),
                    without: if rest { plain.clone() } else { Vec::new() },
                    rows: sides,
                    kind,
                });
            }
        }
    }

    /// Every row as written applies to something, in one column at least. Where rows may agree, one that
    /// others cover is idle too.
    pub(super) fn live_rows(&mut self, table: &ast::Table, rows: &[Row], scope: Option<NodeId>) {
        let plain: Vec<NodeId> = rows
            .iter()
            .filter(|row| !row.rest)
            .map(|row| row.guard)
            .collect();
        let mut at = 0;
        while let Some(row) = rows.get(at) {
            let same = |other: &&Row| other.span == row.span && other.rest == row.rest;
            let written: Vec<NodeId> = rows
                .iter()
                .skip(at)
                .take_while(same)
                .map(|row| row.guard)
                .collect();
            let above = || rows.iter().take(at).map(|row| row.guard);
            let earlier = match table.mode {
                _ if row.rest => plain.clone(),
                TableMode::FirstRow => above().collect(),
                TableMode::AnyRow if rows.len() <= AGREEING_ROWS => above().collect(),
                TableMode::AnyRow | TableMode::ExactlyOneRow | TableMode::EveryRow => Vec::new(),
            };
            at += written.len().max(1);
            self.obligations.push(Obligation::Reachable {
                what: format!("row `{}` of `{}`", row.name, table.name.text),
                scope,
                earlier,
                guards: written,
                span: row.span,
                kind: if row.rest {
                    ReachKind::Otherwise
                } else {
                    ReachKind::Row
                },
            });
        }
    }
}
