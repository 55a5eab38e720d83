//! A row of a table: the tests of its cells, and what it gives.

use super::amend::When;
use super::arithmetic::kernel;
use super::builder::required;
use super::env::Env;
use super::table::{Columns, Row};
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{self, TableCellKind};
use polc_runtime::ir::{self, Cmp, NodeId, Op, Type};

/// A change to a cell: when it holds, what the row gives then, and where it stands.
type Amended = (NodeId, Option<NodeId>, Span);

impl<'a> Elaborator<'_, 'a> {
    /// A row of the table: one answer, or one for each column after the left ones.
    pub(super) fn table_row(
        &mut self,
        env: &Env,
        table: &'a ast::Table,
        row: &'a ast::TableRow,
        at: usize,
        table_columns: &Columns<'a>,
    ) -> Option<Vec<Row>> {
        let Columns {
            inputs,
            outputs,
            item,
            ..
        } = table_columns;
        let expected = inputs.len() + table.headings.len();
        if row.cells.len() != expected {
            self.report(
                Diagnostic::new(
                    Code::WrongCellCount,
                    row.span,
                    format!(
                        "this row has {} cells, but the header has {expected}",
                        row.cells.len()
                    ),
                )
                .help("write one cell for each column; `-` where nothing is asked or given"),
            );
            return None;
        }
        let cites = self.cite(&row.cites);
        let period = self.period(env, &row.dates)?;
        let mut guards = vec![self.in_force(period), self.under(row.under.as_ref())?];
        let mut rest = false;
        let mut left = Vec::new();
        let mut results = outputs.iter();
        let label = self.row_label(row, inputs);
        for (cell, input) in row.cells.iter().zip(inputs) {
            match input {
                Some(input) => match self.test(env, cell, &input.typed)? {
                    Some(guard) => guards.push(guard),
                    None => rest = true,
                },
                None => {
                    let (_, ty) = results.next()?;
                    left.push(self.output(env, cell, ty)?);
                }
            }
        }
        let name = label
            .filter(|label| label != "-")
            .unwrap_or_else(|| format!("row {}", at + 1));
        let (lifts, uses) = self.exceptions_inside(env, &table.name.text, &name);
        let place = guards.clone();
        self.excepted(&lifts, &place);
        for lift in lifts.iter().filter_map(|lift| lift.guard) {
            guards.push(self.builder.not(lift));
        }
        let guard = self.builder.and(guards);
        let common = Row {
            guard,
            rest,
            value: guard,
            span: row.span,
            name,
            cites,
        };
        if table_columns.across.is_some() {
            return self.across_rows(env, row, table_columns, &common, &left);
        }
        let mut value = self.row_value(&left, item);
        let base = Typed {
            node: value,
            ty: item.clone(),
        };
        if let Some((node, rules)) = self.overridden(env, &uses, &base) {
            self.excepted(&rules, &place);
            value = node;
        }
        Some(vec![Row { value, ..common }])
    }

    /// The answers of a row, one for each column after the left ones, and for each version of its cells.
    fn across_rows(
        &mut self,
        env: &Env,
        row: &'a ast::TableRow,
        columns: &Columns<'a>,
        common: &Row,
        left: &[NodeId],
    ) -> Option<Vec<Row>> {
        let (asked, id) = columns.across.as_ref()?;
        let mut rows = Vec::new();
        let values = self.types.enums.get(*id as usize)?.values.clone();
        let likes = self.like_columns(&columns.amends, &values)?;
        for (value, column) in &columns.headings {
            let cell = row.cells.get(columns.inputs.len() + column)?;
            let word = values.get(*value)?;
            let scale = (values.as_slice(), likes.as_slice());
            let changes = self.cell_changes(env, &columns.amends, &common.name, *value, scale)?;
            let here = self
                .builder
                .add(Op::Const(ir::Const::Enum(*value as u32)), Type::Enum(*id));
            let here = self.builder.compare(Cmp::Eq, asked.node, here);
            let mut versions = Vec::new();
            for (when, kind) in changes {
                let cell = ast::TableCell {
                    kind,
                    span: when.span,
                };
                versions.push((when, self.across_cell(env, &cell, &columns.gives)?));
            }
            let cell_name = format!("`{}` for {word}", common.name);
            let ordered = self.in_order(versions, PartialEq::eq, &cell_name)?;
            let cell_row = Row {
                name: format!("{} for {word}", common.name),
                cites: common.cites.clone(),
                ..*common
            };
            let answer = (left, &columns.item);
            let (found, amended) = self.cell_versions(&cell_row, here, &ordered, answer);
            rows.extend(found);
            let mut printed = None;
            let earlier: Vec<NodeId> = amended.iter().map(|(guard, ..)| *guard).collect();
            let not_before = self.none_of(&earlier);
            if let Some(parts) = self.across_cell(env, cell, &columns.gives)? {
                let value = self.row_value(&[left, &parts].concat(), &columns.item);
                printed = Some(value);
                rows.push(Row {
                    guard: self.builder.and([common.guard, here, not_before]),
                    value,
                    ..cell_row
                });
            }
            let cell = format!("`{}` for `{word}`", common.name);
            self.amended_row(&cell, common.guard, &amended, printed);
        }
        Some(rows)
    }

    /// What a cell says where it is amended, the latest change first.
    fn cell_versions(
        &mut self,
        row: &Row,
        here: NodeId,
        ordered: &[(When, Option<Vec<NodeId>>)],
        (left, item): (&[NodeId], &Type),
    ) -> (Vec<Row>, Vec<Amended>) {
        let (mut rows, mut before) = (Vec::new(), Vec::new());
        let mut amended: Vec<Amended> = Vec::new();
        for (when, parts) in ordered.iter().rev() {
            let not_before = self.none_of(&before);
            let value = parts
                .as_ref()
                .map(|parts| self.row_value(&[left, parts].concat(), item));
            amended.push((when.guard, value, when.span));
            if let Some(value) = value {
                rows.push(Row {
                    guard: self.builder.and([row.guard, here, when.guard, not_before]),
                    value,
                    span: when.span,
                    name: format!("{}, amended", row.name),
                    cites: row.cites.iter().chain(&when.cites).copied().collect(),
                    ..*row
                });
            }
            before.push(when.guard);
        }
        (rows, amended)
    }

    pub(super) fn none_of(&mut self, guards: &[NodeId]) -> NodeId {
        let any = self.builder.or(guards.iter().copied());
        self.builder.not(any)
    }

    pub(super) fn row_value(&mut self, parts: &[NodeId], item_type: &Type) -> NodeId {
        match parts {
            [only] => *only,
            _ => self
                .builder
                .add(Op::MakeRecord(parts.to_vec()), item_type.clone()),
        }
    }

    /// The parts an `across` cell gives; none for `-` (no row there).
    pub(super) fn across_cell(
        &mut self,
        env: &Env,
        cell: &ast::TableCell,
        gives: &[(String, Type)],
    ) -> Option<Option<Vec<NodeId>>> {
        match &cell.kind {
            TableCellKind::Dash => Some(None),
            TableCellKind::Values(values) if values.len() <= gives.len() => {
                let mut parts = Vec::new();
                for (at, (name, ty)) in gives.iter().enumerate() {
                    parts.push(match values.get(at) {
                        Some(value) => self.check(env, value, ty)?,
                        None if matches!(ty, Type::Optional(_)) => self.builder.none(ty.clone()),
                        None => {
                            self.report(
                                Diagnostic::new(
                                    Code::BadCell,
                                    cell.span,
                                    format!("this cell does not give `{name}`"),
                                )
                                .help("write every part, separated by commas"),
                            );
                            return None;
                        }
                    });
                }
                Some(Some(parts))
            }
            TableCellKind::NotApplicable(because) => {
                let mut parts = Vec::new();
                for (_, ty) in gives {
                    parts.push(
                        self.builder
                            .add(Op::NotApplicable(because.clone()), ty.clone()),
                    );
                }
                Some(Some(parts))
            }
            TableCellKind::Values(_)
            | TableCellKind::Otherwise(_)
            | TableCellKind::Tests(_)
            | TableCellKind::Range(_, _) => {
                let parts: Vec<&str> = gives.iter().map(|(name, _)| name.as_str()).collect();
                self.report(
                    Diagnostic::new(
                        Code::BadCell,
                        cell.span,
                        "this cell is not what the table gives",
                    )
                    .help(format!("write {}, or `-`", parts.join(", "))),
                );
                None
            }
        }
    }

    pub(super) fn output(&mut self, env: &Env, cell: &ast::TableCell, ty: &Type) -> Option<NodeId> {
        match &cell.kind {
            TableCellKind::Dash if matches!(ty, Type::Optional(_)) => {
                Some(self.builder.none(ty.clone()))
            }
            TableCellKind::Values(values) => match values.as_slice() {
                [only] => self.check(env, only, ty),
                _ => self.bad_output(cell, ty),
            },
            TableCellKind::NotApplicable(because) => Some(
                self.builder
                    .add(Op::NotApplicable(because.clone()), ty.clone()),
            ),
            TableCellKind::Dash
            | TableCellKind::Otherwise(_)
            | TableCellKind::Tests(_)
            | TableCellKind::Range(_, _) => self.bad_output(cell, ty),
        }
    }

    pub(super) fn bad_output(&mut self, cell: &ast::TableCell, ty: &Type) -> Option<NodeId> {
        let name = self.type_name(ty);
        self.report(
            Diagnostic::new(
                Code::BadCell,
                cell.span,
                format!("this cell must hold one value: {name}"),
            )
            .help("only columns without `->` take tests"),
        );
        None
    }

    /// The test of an input cell: `Some(None)` for `otherwise`.
    pub(super) fn test(
        &mut self,
        env: &Env,
        cell: &ast::TableCell,
        input: &Typed,
    ) -> Option<Option<NodeId>> {
        let wanted = required(&input.ty);
        Some(Some(match &cell.kind {
            TableCellKind::Otherwise(_) => return Some(None),
            TableCellKind::Dash => self.builder.bool(true),
            TableCellKind::Values(values) => {
                let mut ways = Vec::new();
                for value in values {
                    let typed = self.infer(env, value, Some(&wanted))?;
                    self.unify(&input.ty, &typed.ty, value.span)?;
                    let is_none = self.builder.constant(typed.node) == Some(&ir::Const::None);
                    ways.push(match (self.builder.written(typed.node), &wanted) {
                        _ if is_none => self.builder.is_none(input.node),
                        (Some(ir::Const::Bool(true)), Type::Bool) => input.node,
                        (Some(ir::Const::Bool(false)), Type::Bool) => self.builder.not(input.node),
                        _ => self.builder.compare(Cmp::Eq, input.node, typed.node),
                    });
                }
                self.builder.or(ways)
            }
            TableCellKind::Tests(tests) => {
                let mut parts = self.present(input);
                for (op, value) in tests {
                    let node = self.check(env, value, &wanted)?;
                    let test = self.builder.compare(kernel(*op), input.node, node);
                    parts.push(test);
                }
                self.builder.and(parts)
            }
            TableCellKind::Range(low, high) => {
                let mut parts = self.present(input);
                let (low, high) = (
                    self.check(env, low, &wanted)?,
                    self.check(env, high, &wanted)?,
                );
                parts.push(self.builder.compare(Cmp::Ge, input.node, low));
                parts.push(self.builder.compare(Cmp::Le, input.node, high));
                self.builder.and(parts)
            }
            TableCellKind::NotApplicable(_) => {
                self.report(
                    Diagnostic::new(
                        Code::BadCell,
                        cell.span,
                        "this column is a test, not a result",
                    )
                    .help("write a value, a comparison such as `>= $5K`, or `-`"),
                );
                return None;
            }
        }))
    }

    pub(super) fn present(&mut self, input: &Typed) -> Vec<NodeId> {
        if !matches!(input.ty, Type::Optional(_)) {
            return Vec::new();
        }
        let none = self.builder.is_none(input.node);
        vec![self.builder.not(none)]
    }
}
