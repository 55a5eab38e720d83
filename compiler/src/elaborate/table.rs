//! Tables: rows of tests and values → `Cases` (one answer) or `ListWhere` (every row).

use super::builder::required;
use super::env::Env;
use super::provisions::Said;
use super::rules::Asked;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::names::{Sought, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self};
use polc_runtime::ir::{self, NodeId, ProvisionKind, Type};

/// A tested column.
pub(super) struct Input {
    pub(super) typed: Typed,
}

/// What the rows of a table are read against.
pub(super) struct Columns<'a> {
    /// The left columns; none where a column gives something.
    pub(super) inputs: Vec<Option<Input>>,
    /// What the left columns give.
    pub(super) outputs: Vec<(String, Type)>,
    /// What a cell after the left columns gives.
    pub(super) gives: Vec<(String, Type)>,
    /// What those columns are values of.
    pub(super) across: Option<(Typed, ir::EnumId)>,
    /// For each of those columns, the value that heads it.
    pub(super) headings: Vec<(usize, usize)>,
    /// The type of one answer.
    pub(super) item: Type,
    /// What changes the table.
    pub(super) amends: Vec<(&'a ast::Amend, &'a ast::Declaration)>,
}

/// One row, lowered.
pub(super) struct Row {
    pub(super) guard: NodeId,
    /// The row says `otherwise`: what no other row covers.
    pub(super) rest: bool,
    pub(super) value: NodeId,
    pub(super) span: Span,
    pub(super) name: String,
    pub(super) cites: Vec<ir::ClauseId>,
}

impl<'a> Elaborator<'_, 'a> {
    pub(super) fn table(&mut self, table: &'a ast::Table, cites: Vec<ir::ClauseId>) {
        let Some(Asked { env, parameters }) = self.inside_rule(&table.name, &table.takes) else {
            return;
        };
        let env = &env;
        let mut changed = self.symbols.amends_of(&table.name.text);
        if table.marginal
            && let Some((amend, _)) = changed.next()
        {
            self.report(
                Diagnostic::new(
                    Code::UnknownTarget,
                    amend.target.span,
                    format!("the graded table `{}` cannot be amended", table.name.text),
                )
                .help("date its rows in the table itself"),
            );
        }
        if table.marginal {
            self.marginal(env, table, (parameters, cites));
            return;
        }
        let Some(columns) = self.columns_of(env, table) else {
            return;
        };
        let across = columns.across.as_ref().map(|(typed, _)| typed);
        let mut rows: Vec<Row> = Vec::new();
        let mut rests: Vec<(&ast::TableRow, NodeId)> = Vec::new();
        let mut fine = self.amended_rows(table, &columns);
        for (at, row) in table.rows.iter().enumerate() {
            let lowered = self.table_row(env, table, row, at, &columns);
            match lowered {
                Some(lowered) => {
                    if lowered.iter().any(|row| row.rest) {
                        let guards = lowered.iter().map(|row| row.guard);
                        rests.push((row, self.builder.or(guards)));
                    }
                    rows.extend(lowered.into_iter().map(|row| self.cited_row(table, row)));
                }
                None => fine = false,
            }
        }
        if !fine {
            return;
        }
        self.rest_rows(env, &columns.inputs, &rests, &rows);
        let (node, ty) = self.join_rows(table, rows.as_slice(), &columns.item, across);
        self.row_obligations(table, &rows, across);
        let rules = rows
            .into_iter()
            .map(|row| ir::Rule {
                kind: ir::RuleKind::Row,
                name: row.name,
                guard: Some(row.guard),
                value: Some(row.value),
                cites: row.cites,
            })
            .collect();
        let definition = ir::Definition {
            name: table.name.text.clone(),
            label: table.label.clone().unwrap_or_default(),
            kind: ir::DefinitionKind::Define,
            ty: ty.clone(),
            parameters,
            node,
            rules,
            cites,
        };
        self.store(env, &table.name, Typed { node, ty }, definition);
    }

    /// What a table tests and gives; reports what is wrong with its header.
    fn columns_of(&mut self, env: &Env, table: &'a ast::Table) -> Option<Columns<'a>> {
        let across = match &table.across {
            Some(expr) => Some(self.across(env, expr)?),
            None => None,
        };
        let (inputs, outputs) = self.table_columns(env, table)?;
        let gives = self.table_gives(table)?;
        if outputs.is_empty() && gives.is_empty() {
            self.report(
                Diagnostic::new(
                    Code::MissingPart,
                    table.name.span,
                    "this table gives nothing",
                )
                .help("add a column `-> name: type`, or `gives name: type` after `for …`"),
            );
            return None;
        }
        let item = self.table_item(table, &outputs, &gives);
        let headings = match &across {
            Some((_, id)) => self.headings(table, *id)?,
            None => Vec::new(),
        };
        let amends = self.symbols.amends_of(&table.name.text);
        Some(Columns {
            inputs,
            outputs,
            gives,
            across,
            headings,
            item,
            amends: amends.collect(),
        })
    }

    /// What the columns after the left ones are values of.
    fn across(&mut self, env: &Env, expr: &ast::Expr) -> Option<(Typed, ir::EnumId)> {
        let typed = self.infer(env, expr, None)?;
        if let Type::Enum(id) = required(&typed.ty) {
            return Some((typed, id));
        }
        let wanted = "an enumeration or scale";
        let found = self.type_name(&typed.ty);
        self.report(
            Diagnostic::new(
                Code::TypeMismatch,
                expr.span,
                format!("this is {found}, but columns need {wanted}"),
            )
            .help("name a fact or definition whose values head the columns"),
        );
        None
    }

    /// The type of one answer: the only result, or a record of them.
    fn table_item(
        &mut self,
        table: &ast::Table,
        outputs: &[(String, Type)],
        gives: &[(String, Type)],
    ) -> Type {
        let all: Vec<&(String, Type)> = outputs.iter().chain(gives).collect();
        if let [(_, only)] = all.as_slice() {
            return only.clone();
        }
        let fields = all.into_iter().map(|(name, ty)| ir::Field {
            name: name.clone(),
            ty: ty.clone(),
            range: None,
            kind: ir::FactKind::Given,
            absent: None,
        });
        let columns = table.columns.iter().filter_map(|column| match column {
            ast::Column::Output(name, _) => Some(name),
            ast::Column::Input(_) => None,
        });
        let names = columns.chain(table.gives.iter().map(|(name, _)| name));
        let places = names.map(|name| name.span).collect();
        Type::Record(self.anonymous_record(fields.collect(), places))
    }

    /// A row as something that can be cited.
    pub(super) fn cited_row(&mut self, table: &ast::Table, mut row: Row) -> Row {
        let name = &table.name.text;
        let part = self.part(
            name,
            ProvisionKind::Row,
            &row.name,
            Said::at(row.span),
            &row.cites,
        );
        row.guard = self.cited_guard(part, row.guard);
        row.value = self.builder.mark(part, row.value);
        row
    }

    /// What a row of a table is called: its name, or else its first result on the left.
    pub(super) fn row_name(&self, row: &ast::TableRow, outputs: &[bool]) -> Option<String> {
        let results = row.cells.iter().zip(outputs);
        row.name.as_ref().map(|name| name.text.clone()).or_else(|| {
            let mut results = results.filter(|(_, output)| **output);
            results.next().map(|(cell, _)| self.text(cell.span))
        })
    }

    pub(super) fn row_label(
        &self,
        row: &ast::TableRow,
        inputs: &[Option<Input>],
    ) -> Option<String> {
        let outputs: Vec<bool> = inputs.iter().map(Option::is_none).collect();
        self.row_name(row, &outputs)
    }

    #[expect(clippy::type_complexity, reason = "two parallel lists, used once")]
    pub(super) fn table_columns(
        &mut self,
        env: &Env,
        table: &'a ast::Table,
    ) -> Option<(Vec<Option<Input>>, Vec<(String, Type)>)> {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        let mut fine = true;
        for column in &table.columns {
            match column {
                ast::Column::Input(expr) => match self.infer(env, expr, None) {
                    Some(typed) => inputs.push(Some(Input { typed })),
                    None => fine = false,
                },
                ast::Column::Output(name, ty) => match self.read_type(ty) {
                    Some(ty) => {
                        inputs.push(None);
                        outputs.push((name.text.clone(), ty));
                    }
                    None => fine = false,
                },
            }
        }
        fine.then_some((inputs, outputs))
    }

    pub(super) fn table_gives(&mut self, table: &ast::Table) -> Option<Vec<(String, Type)>> {
        let mut gives = Vec::new();
        for (name, ty) in &table.gives {
            gives.push((name.text.clone(), self.read_type(ty)?));
        }
        Some(gives)
    }

    /// For each column after the left ones, the value that heads it; `like` columns come last.
    pub(super) fn headings(
        &mut self,
        table: &ast::Table,
        id: ir::EnumId,
    ) -> Option<Vec<(usize, usize)>> {
        let values = self.types.enums.get(id as usize)?.values.clone();
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut fine = true;
        for (column, heading) in table.headings.iter().enumerate() {
            let Some(value) = values.iter().position(|value| *value == heading.text) else {
                fine = false;
                self.unknown(Unknown::new(heading, Sought::Heading, &values));
                continue;
            };
            self.means_value(heading.span, id, value);
            if found.iter().any(|(known, _)| *known == value) {
                fine = false;
                self.report(
                    Diagnostic::new(
                        Code::TierTwice,
                        heading.span,
                        format!("`{}` has two columns", heading.text),
                    )
                    .help("keep one column for each value"),
                );
            }
            found.push((value, column));
        }
        let amends: Vec<_> = self.symbols.amends_of(&table.name.text).collect();
        for (value, from) in self.like_columns(&amends, &values)? {
            match found.iter().find(|(known, _)| *known == from).copied() {
                Some((_, column)) => found.push((value, column)),
                None => fine = false,
            }
        }
        // A column under a misspelt name is there.
        let headings = table.headings.iter().map(|heading| heading.text.as_str());
        let mut misspelt: Vec<&str> = headings
            .filter(|heading| !values.iter().any(|value| value == heading))
            .collect();
        for (at, value) in values.iter().enumerate() {
            if !found.iter().any(|(known, _)| *known == at) {
                fine = false;
                if let Some(near) = nearest(value, &misspelt) {
                    misspelt.retain(|name| *name != near);
                    continue;
                }
                self.report(
                    Diagnostic::new(
                        Code::TierMissing,
                        table.name.span,
                        format!("`{value}` has no column"),
                    )
                    .help(format!(
                        "add a column `{value}`, or `amend {}` with `{value} like …`",
                        table.name.text
                    )),
                );
            }
        }
        fine.then_some(found)
    }
}
