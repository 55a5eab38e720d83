//! Tables: rows of tests and values → `Cases` (one answer) or `ListWhere` (every row).

use super::amend::When;
use super::builder::required;
use super::left::Before;
use super::provisions::Said;
use super::{Elaborator, Typed};
use crate::analysis::{CompleteKind, DisjointKind, Obligation, ReachKind, Side};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::names::{Sought, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, TableCellKind, TableMode};
use polc_runtime::ir::{self, Cmp, NodeId, Op, ProvisionKind, Type};

/// Tables up to this size are looked at for rows that others cover with the same value.
const AGREEING_ROWS: usize = 60;

/// A tested column.
pub(super) struct Input {
    pub(super) typed: Typed,
}

/// One row, lowered.
struct Row {
    guard: NodeId,
    /// The row says `otherwise`: what no other row covers.
    rest: bool,
    value: NodeId,
    span: Span,
    name: String,
    cites: Vec<ir::ClauseId>,
}

impl<'a> Elaborator<'_, 'a> {
    pub(super) fn table(&mut self, table: &'a ast::Table, cites: Vec<ir::ClauseId>) {
        let changed = self.symbols.amends.iter();
        let mut changed = changed.filter(|(amend, _)| amend.target.text == table.name.text);
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
            self.marginal(table, cites);
            return;
        }
        let across = match &table.across {
            Some(expr) => {
                let Some(typed) = self.infer(expr, None) else {
                    return;
                };
                let Type::Enum(id) = required(&typed.ty) else {
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
                    return;
                };
                Some((typed, id))
            }
            None => None,
        };
        let Some((inputs, outputs)) = self.table_columns(table) else {
            return;
        };
        let Some(gives) = self.table_gives(table) else {
            return;
        };
        if outputs.is_empty() && gives.is_empty() {
            self.report(
                Diagnostic::new(
                    Code::MissingPart,
                    table.name.span,
                    "this table gives nothing",
                )
                .help("add a column `-> name: type`, or `gives name: type` after `for …`"),
            );
            return;
        }
        let fields: Vec<ir::Field> = outputs
            .iter()
            .chain(&gives)
            .map(|(name, ty)| ir::Field {
                name: name.clone(),
                ty: ty.clone(),
                range: None,
                kind: ir::FactKind::Given,
                absent: None,
            })
            .collect();
        let item_type = match fields.as_slice() {
            [only] => only.ty.clone(),
            _ => {
                let columns = table.columns.iter().filter_map(|column| match column {
                    ast::Column::Output(name, _) => Some(name),
                    ast::Column::Input(_) => None,
                });
                let gives = table.gives.iter().map(|(name, _)| name);
                let places = columns.chain(gives).map(|name| name.span).collect();
                Type::Record(self.anonymous_record(fields, places))
            }
        };
        let headings = match &across {
            Some((_, id)) => match self.headings(table, *id) {
                Some(headings) => headings,
                None => return,
            },
            None => Vec::new(),
        };
        let amends: Vec<_> = self
            .symbols
            .amends
            .iter()
            .filter(|(amend, _)| amend.target.text == table.name.text)
            .copied()
            .collect();
        let mut rows: Vec<Row> = Vec::new();
        let mut rests: Vec<(&ast::TableRow, NodeId)> = Vec::new();
        let values = across
            .as_ref()
            .and_then(|(_, id)| self.enums.get(*id as usize));
        let values = values.map(|item| item.values.clone());
        let mut fine = self.amended_rows(table, &inputs, &amends, values.as_deref());
        for (at, row) in table.rows.iter().enumerate() {
            let lowered = self.table_row(
                table,
                row,
                at,
                &inputs,
                &outputs,
                &gives,
                across.as_ref(),
                &headings,
                &item_type,
                &amends,
            );
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
        self.rest_rows(&inputs, &rests, &rows);
        let (node, ty) = self.join_rows(
            table,
            rows.as_slice(),
            &item_type,
            across.as_ref().map(|(typed, _)| typed),
        );
        self.row_obligations(table, &rows, across.as_ref().map(|(typed, _)| typed));
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
            node,
            rules,
            cites,
        };
        self.store(&table.name, Typed { node, ty }, definition);
    }

    /// A row as something that can be cited.
    fn cited_row(&mut self, table: &ast::Table, mut row: Row) -> Row {
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

    fn row_label(&self, row: &ast::TableRow, inputs: &[Option<Input>]) -> Option<String> {
        let outputs: Vec<bool> = inputs.iter().map(Option::is_none).collect();
        self.row_name(row, &outputs)
    }

    /// Reports changes that name no row, or one of several.
    fn amended_rows(
        &mut self,
        table: &ast::Table,
        inputs: &[Option<Input>],
        amends: &[(&'a ast::Amend, &'a ast::Declaration)],
        across: Option<&[String]>,
    ) -> bool {
        let labels: Vec<String> = table
            .rows
            .iter()
            .filter_map(|row| self.row_label(row, inputs))
            .collect();
        let mut fine = true;
        for change in amends.iter().flat_map(|(amend, _)| &amend.changes) {
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
                && let Some(values) = across
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

    #[expect(clippy::type_complexity, reason = "two parallel lists, used once")]
    pub(super) fn table_columns(
        &mut self,
        table: &'a ast::Table,
    ) -> Option<(Vec<Option<Input>>, Vec<(String, Type)>)> {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        let mut fine = true;
        for column in &table.columns {
            match column {
                ast::Column::Input(expr) => match self.infer(expr, None) {
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

    fn table_gives(&mut self, table: &ast::Table) -> Option<Vec<(String, Type)>> {
        let mut gives = Vec::new();
        for (name, ty) in &table.gives {
            gives.push((name.text.clone(), self.read_type(ty)?));
        }
        Some(gives)
    }

    /// For each column after the left ones, the value that heads it; `like` columns come last.
    fn headings(&mut self, table: &ast::Table, id: ir::EnumId) -> Option<Vec<(usize, usize)>> {
        let values = self.enums.get(id as usize)?.values.clone();
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
        let amends = self.symbols.amends.iter();
        let amends: Vec<_> = amends
            .filter(|(amend, _)| amend.target.text == table.name.text)
            .copied()
            .collect();
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

    #[expect(
        clippy::too_many_arguments,
        reason = "what a row is read against; one call"
    )]
    fn table_row(
        &mut self,
        table: &'a ast::Table,
        row: &'a ast::TableRow,
        at: usize,
        inputs: &[Option<Input>],
        outputs: &[(String, Type)],
        gives: &[(String, Type)],
        across: Option<&(Typed, ir::EnumId)>,
        headings: &[(usize, usize)],
        item_type: &Type,
        amends: &[(&'a ast::Amend, &'a ast::Declaration)],
    ) -> Option<Vec<Row>> {
        let columns = inputs.len();
        let expected = columns + table.headings.len();
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
        let period = self.period(&row.dates)?;
        let mut guards = vec![self.in_force(period), self.under(row.under.as_ref())?];
        let mut rest = false;
        let mut left = Vec::new();
        let mut results = outputs.iter();
        let label = self.row_label(row, inputs);
        for (cell, input) in row.cells.iter().zip(inputs) {
            match input {
                Some(input) => match self.test(cell, &input.typed)? {
                    Some(guard) => guards.push(guard),
                    None => rest = true,
                },
                None => {
                    let (_, ty) = results.next()?;
                    left.push(self.output(cell, ty)?);
                }
            }
        }
        let name = label
            .filter(|label| label != "-")
            .unwrap_or_else(|| format!("row {}", at + 1));
        let (lifts, uses) = self.exceptions_inside(&format!("{}.{name}", table.name.text));
        let place = guards.clone();
        self.excepted(&lifts, &place);
        for lift in lifts.iter().filter_map(|lift| lift.guard) {
            guards.push(self.builder.not(lift));
        }
        let guard = self.builder.and(guards);
        let Some((asked, id)) = across else {
            let mut value = self.row_value(&left, item_type);
            let base = Typed {
                node: value,
                ty: item_type.clone(),
            };
            if let Some((node, rules)) = self.overridden(&uses, &base) {
                self.excepted(&rules, &place);
                value = node;
            }
            return Some(vec![Row {
                guard,
                rest,
                value,
                span: row.span,
                name,
                cites,
            }]);
        };
        let mut rows = Vec::new();
        let values = self.enums.get(*id as usize)?.values.clone();
        let likes = self.like_columns(amends, &values)?;
        for (value, column) in headings {
            let cell = row.cells.get(columns + column)?;
            let word = values.get(*value)?;
            let changes = self.cell_changes(amends, &name, *value, (&values, &likes))?;
            let here = self
                .builder
                .add(Op::Const(ir::Const::Enum(*value as u32)), Type::Enum(*id));
            let here = self.builder.compare(Cmp::Eq, asked.node, here);
            let mut before = Vec::new();
            let mut versions = Vec::new();
            for (when, kind) in changes {
                let cell = ast::TableCell {
                    kind,
                    span: when.span,
                };
                versions.push((when, self.across_cell(&cell, gives)?));
            }
            let cell_name = format!("`{name}` for {word}");
            let ordered = self.in_order(versions, PartialEq::eq, &cell_name)?;
            let mut amended: Vec<(NodeId, Option<NodeId>, Span)> = Vec::new();
            for (
                When {
                    guard: change_guard,
                    span,
                    cites: changed,
                    ..
                },
                parts,
            ) in ordered.iter().rev()
            {
                let not_before = self.none_of(&before);
                amended.push((*change_guard, None, *span));
                if let Some(parts) = parts.clone() {
                    let all: Vec<NodeId> = left.iter().copied().chain(parts).collect();
                    let value = self.row_value(&all, item_type);
                    if let Some(version) = amended.last_mut() {
                        version.1 = Some(value);
                    }
                    let guard = self.builder.and([guard, here, *change_guard, not_before]);
                    rows.push(Row {
                        guard,
                        rest,
                        value,
                        span: *span,
                        name: format!("{name} for {word}, amended"),
                        cites: cites.iter().chain(changed).copied().collect(),
                    });
                }
                before.push(*change_guard);
            }
            let not_before = self.none_of(&before);
            let mut printed = None;
            if let Some(parts) = self.across_cell(cell, gives)? {
                let all: Vec<NodeId> = left.iter().copied().chain(parts).collect();
                let value = self.row_value(&all, item_type);
                printed = Some(value);
                let guard = self.builder.and([guard, here, not_before]);
                rows.push(Row {
                    guard,
                    rest,
                    value,
                    span: row.span,
                    name: format!("{name} for {word}"),
                    cites: cites.clone(),
                });
            }
            self.amended_row(&format!("`{name}` for `{word}`"), guard, &amended, printed);
        }
        Some(rows)
    }

    fn none_of(&mut self, guards: &[NodeId]) -> NodeId {
        let any = self.builder.or(guards.iter().copied());
        self.builder.not(any)
    }

    /// Changes to one cell of an `across` table, from `amend`; a column that is like another has its changes too.
    fn cell_changes(
        &mut self,
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
                        let when = self.amended_when((amend, declaration), change)?;
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
                    _ => continue,
                };
                let _ = self.cite(&change.cites);
                found.push((when, self.amended_cell(cell)?));
            }
        }
        let model = likes.iter().find(|(new, _)| *new == column);
        if let Some((_, model)) = model
            && !named
        {
            found.extend(self.cell_changes(amends, row, *model, (values, likes))?);
        }
        Some(found)
    }

    fn amended_cell(&mut self, cell: &ast::Cell) -> Option<TableCellKind> {
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

    fn row_value(&mut self, parts: &[NodeId], item_type: &Type) -> NodeId {
        match parts {
            [only] => *only,
            _ => self
                .builder
                .add(Op::MakeRecord(parts.to_vec()), item_type.clone()),
        }
    }

    /// The parts an `across` cell gives; none for `-` (no row there).
    fn across_cell(
        &mut self,
        cell: &ast::TableCell,
        gives: &[(String, Type)],
    ) -> Option<Option<Vec<NodeId>>> {
        match &cell.kind {
            TableCellKind::Dash => Some(None),
            TableCellKind::Values(values) if values.len() <= gives.len() => {
                let mut parts = Vec::new();
                for (at, (name, ty)) in gives.iter().enumerate() {
                    parts.push(match values.get(at) {
                        Some(value) => self.check(value, ty)?,
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

    pub(super) fn output(&mut self, cell: &ast::TableCell, ty: &Type) -> Option<NodeId> {
        match &cell.kind {
            TableCellKind::Dash if matches!(ty, Type::Optional(_)) => {
                Some(self.builder.none(ty.clone()))
            }
            TableCellKind::Values(values) => match values.as_slice() {
                [only] => self.check(only, ty),
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

    fn bad_output(&mut self, cell: &ast::TableCell, ty: &Type) -> Option<NodeId> {
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
    fn test(&mut self, cell: &ast::TableCell, input: &Typed) -> Option<Option<NodeId>> {
        let wanted = required(&input.ty);
        Some(Some(match &cell.kind {
            TableCellKind::Otherwise(_) => return Some(None),
            TableCellKind::Dash => self.builder.bool(true),
            TableCellKind::Values(values) => {
                let mut ways = Vec::new();
                for value in values {
                    let typed = self.infer(value, Some(&wanted))?;
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
                    let node = self.check(value, &wanted)?;
                    let cmp = match op {
                        ast::BinaryOp::Lt => Cmp::Lt,
                        ast::BinaryOp::Le => Cmp::Le,
                        ast::BinaryOp::Gt => Cmp::Gt,
                        ast::BinaryOp::Ge => Cmp::Ge,
                        ast::BinaryOp::Ne => Cmp::Ne,
                        _ => Cmp::Eq,
                    };
                    parts.push(self.builder.compare(cmp, input.node, node));
                }
                self.builder.and(parts)
            }
            TableCellKind::Range(low, high) => {
                let mut parts = self.present(input);
                let (low, high) = (self.check(low, &wanted)?, self.check(high, &wanted)?);
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

    fn present(&mut self, input: &Typed) -> Vec<NodeId> {
        match input.ty {
            Type::Optional(_) => {
                let none = self.builder.is_none(input.node);
                vec![self.builder.not(none)]
            }
            _ => Vec::new(),
        }
    }

    fn join_rows(
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
    fn rest_rows(
        &mut self,
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
                        narrowed: self.narrowed.len(),
                    };
                    self.otherwise_cell(&before, otherwise, &input.typed);
                }
            }
        }
    }

    /// One answer needs rows that cover everything and do not overlap; every row has to count somewhere.
    fn row_obligations(&mut self, table: &ast::Table, rows: &[Row], across: Option<&Typed>) {
        let scope = match across {
            Some(typed) if matches!(typed.ty, Type::Optional(_)) => {
                let none = self.builder.is_none(typed.node);
                Some(self.builder.not(none))
            }
            _ => None,
        };
        self.live_rows(table, rows, scope);
        let kind = match table.mode {
            TableMode::EveryRow => return,
            TableMode::ExactlyOneRow => DisjointKind::Rows,
            TableMode::AnyRow => DisjointKind::RowsMayAgree,
        };
        self.obligations.push(Obligation::Complete {
            what: table.name.text.clone(),
            kind: CompleteKind::Rows,
            scope,
            guards: rows.iter().map(|row| row.guard).collect(),
            span: table.name.span,
        });
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
    fn live_rows(&mut self, table: &ast::Table, rows: &[Row], scope: Option<NodeId>) {
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
            let earlier = if row.rest {
                plain.clone()
            } else if table.mode == TableMode::AnyRow && rows.len() <= AGREEING_ROWS {
                rows.iter().take(at).map(|row| row.guard).collect()
            } else {
                Vec::new()
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
