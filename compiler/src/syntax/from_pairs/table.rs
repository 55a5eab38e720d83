//! Tables.

use polc_grammar::Rule;

use super::super::ast::{
    Column, Expr, Name, Table, TableCell, TableCellKind, TableMode, TableRow, Takes,
};
use super::super::text::Line;
use super::expr::comparison;
use super::{Builder, P, Tail, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    pub(super) fn table(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Table> {
        let mut table = None;
        if let Some(pair) = self.read(Rule::table_line, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let mut read = Table {
                name: self.name(&word),
                takes: Takes::default(),
                label: None,
                mode: TableMode::ExactlyOneRow,
                across: None,
                gives: Vec::new(),
                marginal: false,
                columns: Vec::new(),
                headings: Vec::new(),
                rows: Vec::new(),
            };
            for part in inner {
                match part.as_rule() {
                    Rule::table_takes => {
                        read.takes = self.takes(part)?;
                        self.may_take(&read.name, &read.takes, false);
                    }
                    Rule::text => read.label = Some(Self::text(&part)),
                    Rule::marginal => read.marginal = true,
                    Rule::across => {
                        let across = parts(part).next()?;
                        read.across = Some(self.expr(across)?);
                    }
                    Rule::gives => {
                        for field in parts(part) {
                            let field = self.field_type(field)?;
                            read.gives.push(field);
                        }
                    }
                    Rule::table_mode => {
                        read.mode = match part.as_str().split_whitespace().next()? {
                            "any" => TableMode::AnyRow,
                            "first" => TableMode::FirstRow,
                            "every" => TableMode::EveryRow,
                            "exactly" => TableMode::ExactlyOneRow,
                            _ => return None,
                        }
                    }
                    _ => cites.extend(self.names(part)),
                }
            }
            table = Some(read);
        }
        let mut columns = None;
        let mut rows = Vec::new();
        for line in body {
            if columns.is_none() {
                let read = self.read(Rule::table_header, *line);
                columns = Some(
                    read.and_then(|pair| self.columns(pair, cites))
                        .unwrap_or_default(),
                );
            } else if let Some(pair) = self.read(Rule::table_row, *line) {
                rows.extend(self.table_row(pair, *line));
            }
        }
        let mut table = table?;
        let columns = match columns {
            Some(columns) => columns,
            None => {
                let place = self.line_span(header);
                self.error(
                    Code::SyntaxError,
                    place,
                    "this table has no header row",
                    "write the columns first: `| package_value | -> percent: percent |`, then the rows",
                );
                Vec::new()
            }
        };
        if table.across.is_some() {
            // what stands left of the headings: the first column, and all up to the last that is no bare word
            let last = columns
                .iter()
                .rposition(|column| bare_word(column).is_none());
            let left = last.map_or(1, |at| at + 1);
            for (at, column) in columns.into_iter().enumerate() {
                match bare_word(&column) {
                    Some(name) if at >= left => table.headings.push(name),
                    _ => table.columns.push(column),
                }
            }
        } else {
            table.columns = columns;
        }
        table.rows = rows;
        Some(table)
    }

    fn columns(&mut self, pair: P<'t>, cites: &mut Vec<Name>) -> Option<Vec<Column>> {
        let mut columns = Vec::new();
        for part in parts(pair) {
            if part.as_rule() == Rule::cites {
                cites.extend(self.names(part));
                continue;
            }
            let mut inner = parts(part);
            let first = inner.next()?;
            columns.push(if first.as_rule() == Rule::word {
                Column::Output(self.name(&first), self.type_expr(inner.next()?)?)
            } else {
                Column::Input(self.expr(first)?)
            });
        }
        Some(columns)
    }

    fn table_row(&mut self, pair: P<'t>, line: Line) -> Option<TableRow> {
        let span = self.line_span(line);
        let mut tail = Tail::default();
        let mut name = None;
        let mut cells = Vec::new();
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            match part.as_rule() {
                Rule::word => name = Some(self.name(&part)),
                _ => cells.push(self.table_cell(part)?),
            }
        }
        Some(TableRow {
            name,
            cells,
            dates: tail.dates,
            under: tail.under,
            cites: tail.cites,
            span,
        })
    }

    fn table_cell(&mut self, pair: P<'t>) -> Option<TableCell> {
        let span = self.span(&pair);
        let inner = parts(pair).next()?;
        let kind = match inner.as_rule() {
            Rule::dash | Rule::any_value => TableCellKind::Dash,
            Rule::otherwise_case => TableCellKind::Otherwise(self.otherwise(inner)?),
            Rule::cell_reason => TableCellKind::NotApplicable(Self::because(inner)?),
            Rule::tests => {
                let mut tests = Vec::new();
                for bound in parts(inner) {
                    let mut inner = parts(bound);
                    let operator = comparison(inner.next()?.as_str());
                    let value = inner.next()?;
                    tests.push((operator, self.expr(value)?));
                }
                TableCellKind::Tests(tests)
            }
            _ => {
                let mut values: Vec<Expr> = Vec::new();
                let mut end = None;
                for value in parts(inner) {
                    let is_end = value.as_rule() == Rule::range_end;
                    let value = self.expr(value)?;
                    if is_end {
                        end = Some(value);
                    } else {
                        values.push(value);
                    }
                }
                match end {
                    Some(end) => TableCellKind::Range(values.pop()?, end),
                    None => TableCellKind::Values(values),
                }
            }
        };
        Some(TableCell { kind, span })
    }
}

fn bare_word(column: &Column) -> Option<Name> {
    let Column::Input(input) = column else {
        return None;
    };
    Some(Name {
        text: input.word()?.to_owned(),
        span: input.span,
    })
}
