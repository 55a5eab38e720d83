//! Grids, tables and tables of tests.

use polc_grammar::Rule;

use super::super::ast::{
    Amend, Cell, CellKind, Change, ChangeKind, Column, Expr, ExprKind, Given, GroupKind, Name,
    Requirements, Row, RowCondition, Table, TableCell, TableCellKind, TableMode, TableRow,
    TestColumn, TestRow, TestValue, TestValueKind, Tests,
};
use super::super::text::Line;
use super::expr::bound_operator;
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

    fn grid_row(&mut self, pair: P<'t>, line: Line, stage: Option<Name>) -> Option<Row> {
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

    fn cell(&mut self, pair: P<'t>) -> Option<Cell> {
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

    pub(super) fn amend(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Amend> {
        let mut amend = None;
        if let Some(pair) = self.read(Rule::amend_line, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let target = self.name(&word);
            let mut tail = Tail::default();
            for part in inner {
                self.tail(&mut tail, part);
            }
            cites.extend(tail.cites);
            amend = Some(Amend {
                target,
                under: tail.under,
                changes: Vec::new(),
            });
        }
        let mut changes = Vec::new();
        for line in body {
            let change = self
                .read(Rule::change_line, *line)
                .and_then(|pair| self.change(pair, *line));
            changes.extend(change);
        }
        let mut amend = amend?;
        amend.changes = changes;
        Some(amend)
    }

    fn change(&mut self, pair: P<'t>, line: Line) -> Option<Change> {
        let span = self.line_span(line);
        let mut tail = Tail::default();
        let mut kind = None;
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            let rule = part.as_rule();
            let mut inner = parts(part);
            let first = inner.next()?;
            kind = Some(match rule {
                Rule::add_row => {
                    let (stage, row) = match first.as_rule() {
                        Rule::word => (Some(self.name(&first)), inner.next()?),
                        _ => (None, first),
                    };
                    let row = self.grid_row(row, line, stage)?;
                    tail.dates = row.dates.clone();
                    tail.under.clone_from(&row.under);
                    tail.cites.extend(row.cites.iter().cloned());
                    ChangeKind::AddRow(row)
                }
                Rule::like => {
                    let model = inner.next()?;
                    let (tier, model) = (self.name(&first), self.name(&model));
                    let mut except = Vec::new();
                    for difference in inner {
                        let mut inner = parts(difference);
                        let row = inner.next()?;
                        let row = self.name(&row);
                        except.push((row, self.cell(inner.next()?)?));
                    }
                    ChangeKind::Like {
                        tier,
                        model,
                        except,
                    }
                }
                _ => {
                    let row = self.name(&first);
                    let tiers = self.names(inner.next()?);
                    ChangeKind::Cells {
                        row,
                        tiers,
                        cell: self.cell(inner.next()?)?,
                    }
                }
            });
        }
        Some(Change {
            kind: kind?,
            dates: tail.dates,
            under: tail.under,
            cites: tail.cites,
            span,
        })
    }

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
                            "every" => TableMode::EveryRow,
                            _ => TableMode::ExactlyOneRow,
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
                    let operator = bound_operator(inner.next()?.as_str());
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

    pub(super) fn tests(&mut self, header: Line, body: &[Line]) -> Option<Tests> {
        let mut tests = None;
        if let Some(pair) = self.read(Rule::tests_line, header) {
            let mut inner = parts(pair);
            let text = inner.next()?;
            let mut read = Tests {
                label: Self::text(&text),
                label_span: self.span(&text),
                as_of: None,
                under: Vec::new(),
                given: Vec::new(),
                columns: Vec::new(),
                rows: Vec::new(),
                expects: Vec::new(),
            };
            for part in inner {
                if part.as_rule() == Rule::tests_as_of {
                    let date = parts(part).next()?;
                    read.as_of = Some(self.expr(date)?);
                } else {
                    let names = self.names(part);
                    let mut names = names.into_iter();
                    while let (Some(reading), Some(alternative)) = (names.next(), names.next()) {
                        read.under.push((reading, alternative));
                    }
                }
            }
            tests = Some(read);
        }
        let mut given = Vec::new();
        let mut expects = Vec::new();
        let mut columns = None;
        let mut rows = Vec::new();
        for line in body {
            let words = self.clean.get(line.start..line.end)?;
            if words.starts_with('|') {
                if columns.is_none() {
                    let read = self.read(Rule::test_header, *line);
                    columns = Some(
                        read.and_then(|pair| self.test_columns(pair))
                            .unwrap_or_default(),
                    );
                } else if let Some(pair) = self.read(Rule::test_row, *line) {
                    let span = self.line_span(*line);
                    let mut cells = Vec::new();
                    for cell in parts(pair) {
                        cells.extend(self.test_value(cell));
                    }
                    rows.push(TestRow { cells, span });
                }
            } else if words.starts_with("expect ") {
                let Some(pair) = self.read(Rule::expect_line, *line) else {
                    continue;
                };
                let mut inner = parts(pair);
                let column = self.expectation(inner.next()?)?;
                if let Some(value) = self.test_value(inner.next()?) {
                    expects.push((column, value));
                }
            } else if let Some(pair) = self.read(Rule::given_line, *line) {
                let mut inner = parts(pair);
                let word = inner.next()?;
                let name = self.name(&word);
                if let Some(value) = self.expr(inner.next()?) {
                    given.push(Given { name, value });
                }
            }
        }
        let mut tests = tests?;
        tests.given = given;
        tests.expects = expects;
        tests.columns = columns.unwrap_or_default();
        tests.rows = rows;
        Some(tests)
    }

    fn test_columns(&mut self, pair: P<'t>) -> Option<Vec<TestColumn>> {
        let mut columns = Vec::new();
        for part in parts(pair) {
            let inner = parts(part).next()?;
            let span = self.span(&inner);
            columns.push(match inner.as_rule() {
                Rule::as_of_column => TestColumn::AsOf(span),
                Rule::note_column => TestColumn::Note(span),
                Rule::expectation => self.expectation(inner)?,
                _ => TestColumn::Fact(self.name(&inner)),
            });
        }
        Some(columns)
    }

    fn expectation(&mut self, pair: P<'t>) -> Option<TestColumn> {
        let mut names = self.names(pair).into_iter();
        let first = names.next()?;
        Some(match names.next() {
            None => TestColumn::Expect(first),
            Some(tier) => TestColumn::ExpectCell {
                row: first,
                tier,
                grid: names.next(),
            },
        })
    }

    fn test_value(&mut self, pair: P<'t>) -> Option<TestValue> {
        let span = self.span(&pair);
        let inner = parts(pair).next()?;
        let kind = match inner.as_rule() {
            Rule::dash | Rule::empty => TestValueKind::Empty,
            Rule::unknown => TestValueKind::Unknown(self.names(inner)),
            Rule::needs_decision => TestValueKind::NeedsDecision(self.names(inner)),
            Rule::outcome if inner.as_str().starts_with("error") => TestValueKind::Error,
            Rule::outcome => TestValueKind::NotApplicable,
            _ => TestValueKind::Value(self.expr(inner)?),
        };
        Some(TestValue { kind, span })
    }
}

fn bare_word(column: &Column) -> Option<Name> {
    match column {
        Column::Input(Expr {
            kind: ExprKind::Name(text),
            span,
        }) => Some(Name {
            text: text.clone(),
            span: *span,
        }),
        _ => None,
    }
}
