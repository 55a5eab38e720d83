//! Requirements: grids of rows and tiers.

use polc_grammar::Rule;

use super::super::ast::{Cell, CellKind, GroupKind, Name, Requirements, Row, RowCondition};
use super::super::text::Line;
use super::{Builder, P, Tail, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    pub(super) fn requirements(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Requirements> {
        let mut grid = None;
        if let Some(pair) = self.read(Rule::requirements_line, header) {
            let mut inner = parts(pair);
            let (word, scale) = (inner.next()?, inner.next()?);
            let mut read = Requirements {
                name: self.name(&word),
                scale: self.name(&scale),
                label: None,
                tiers: Vec::new(),
                rows: Vec::new(),
            };
            for part in inner {
                match part.as_rule() {
                    Rule::text => read.label = Some(Self::text(&part)),
                    _ => cites.extend(self.names(part)),
                }
            }
            grid = Some(read);
        }
        let mut tiers = None;
        let mut rows = Vec::new();
        let mut stage = None;
        for line in body {
            let is_row = self.clean.get(line.start..line.end)?.starts_with('|');
            if !is_row {
                if let Some(pair) = self.read(Rule::stage_line, *line) {
                    stage = self.only_name(pair);
                }
            } else if tiers.is_none() {
                tiers = Some(
                    self.read(Rule::grid_header, *line)
                        .map_or_else(Vec::new, |pair| self.names(pair)),
                );
            } else if let Some(pair) = self.read(Rule::grid_line, *line) {
                let row = parts(pair)
                    .next()
                    .and_then(|row| self.grid_row(row, *line, stage.clone()));
                rows.extend(row);
            }
        }
        let mut grid = grid?;
        match tiers {
            Some(tiers) => grid.tiers = tiers,
            None if self.failed => {}
            None => {
                let place = self.line_span(header);
                self.error(
                    Code::SyntaxError,
                    place,
                    "this grid has no header row",
                    "write the tiers first: `| | partner | rising |`, then one row for each requirement",
                );
            }
        }
        grid.rows = rows;
        Some(grid)
    }

    pub(super) fn grid_row(&mut self, pair: P<'t>, line: Line, stage: Option<Name>) -> Option<Row> {
        let span = self.line_span(line);
        let mut tail = Tail::default();
        let mut inner = parts(pair);
        let first = inner.next()?;
        let name = self.name(&first);
        let condition = inner.next()?;
        let condition = if condition.as_rule() == Rule::grid_group {
            RowCondition::Group(match parts(condition.clone()).next() {
                Some(at_least) => self.group_kind(at_least)?,
                None if condition.as_str().starts_with("any") => GroupKind::Any,
                None if condition.as_str().starts_with("all") => GroupKind::All,
                None => GroupKind::No,
            })
        } else {
            RowCondition::Condition(self.expr(condition)?)
        };
        let mut label = None;
        let mut cells = Vec::new();
        for part in inner {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            match part.as_rule() {
                Rule::text => label = Some(Self::text(&part)),
                _ => cells.push(self.cell(part)?),
            }
        }
        Some(Row {
            name,
            stage,
            condition,
            label,
            cells,
            dates: tail.dates,
            under: tail.under,
            cites: tail.cites,
            span,
        })
    }

    pub(super) fn cell(&mut self, pair: P<'t>) -> Option<Cell> {
        let span = self.span(&pair);
        let inner = parts(pair).next()?;
        let kind = match inner.as_rule() {
            Rule::dash | Rule::lone_dash => CellKind::NotRequired,
            Rule::mandatory => CellKind::Mandatory,
            Rule::preferred => CellKind::Preferred(match parts(inner).next() {
                Some(value) => Some(self.expr(value)?),
                None => None,
            }),
            _ => CellKind::Value(self.expr(inner)?),
        };
        Some(Cell { kind, span })
    }
}
