//! Changes to declarations.

use super::{Collector, Role};
use crate::syntax::ast::{
    Alternative, Amend, Body, ChangeKind, Column, Dates, Declaration, DeclarationKind, Define,
    Duty, Exception, Expr, Fact, Field, GroupKind, LeftOut, Requirements, Row, RowCondition,
    Schedule, ScheduleRule, Table, TableMode, TypeExpr, TypeKind, Value, Waiver,
};

impl Collector<'_> {
    /// One declaration and everything in it.
    pub(super) fn declaration(&mut self, declaration: &Declaration) {
        self.within = name_of(&declaration.kind);
        match &declaration.kind {
            DeclarationKind::Program(_)
            | DeclarationKind::Module(_)
            | DeclarationKind::Use(_)
            | DeclarationKind::Source(_)
            | DeclarationKind::Enum(_)
            | DeclarationKind::Judgement(_)
            | DeclarationKind::Grants(_)
            | DeclarationKind::Prevails(_)
            | DeclarationKind::Tests(_) => {}
            DeclarationKind::Record(record) => {
                record.fields.iter().for_each(|field| self.field(field));
            }
            DeclarationKind::Fact(fact) => self.fact(fact),
            DeclarationKind::Value(value) => self.dated_value(value),
            DeclarationKind::Define(define) => self.define(define),
            DeclarationKind::Requirements(grid) => self.grid(grid),
            DeclarationKind::Amend(amend) => self.amend(amend),
            DeclarationKind::Waiver(waiver) => {
                self.leave_out(declaration.span);
                self.waiver(waiver);
            }
            DeclarationKind::Exception(exception) => {
                self.leave_out(declaration.span);
                self.exception(exception);
            }
            DeclarationKind::Table(table) => self.table(table),
            DeclarationKind::Schedule(schedule) => self.schedule(schedule),
            DeclarationKind::Reading(reading) => {
                for chosen in &reading.chosen {
                    self.chosen(&reading.name, &chosen.name);
                    self.dates(&chosen.dates);
                }
            }
            DeclarationKind::Lifecycle(lifecycle) => self.lifecycle(lifecycle),
            DeclarationKind::Obligations(obligations) => self.obligations(obligations),
            DeclarationKind::Duty(duty) => self.duty(duty),
            DeclarationKind::Order(order) => self.order(order),
        }
    }

    /// `from D`, `through D`, …
    pub(super) fn dates(&mut self, dates: &Dates) {
        let Dates {
            from,
            through,
            before,
            announced,
            span: _,
        } = dates;
        let written = [from, through, before, announced].into_iter().flatten();
        written.for_each(|date| self.value(date));
    }

    fn range(&mut self, range: Option<&(Option<Expr>, Option<Expr>)>) {
        if let Some((low, high)) = range {
            let ends = [low, high].into_iter().flatten();
            ends.for_each(|end| self.value(end));
        }
    }

    fn field(&mut self, field: &Field) {
        self.range(field.range.as_ref());
        match &field.left_out {
            LeftOut::Value(value) => self.value(value),
            LeftOut::Unknown | LeftOut::None => {}
        }
    }

    fn fact(&mut self, fact: &Fact) {
        self.range(fact.range.as_ref());
        let role = role_of(fact.ty.as_ref());
        let written = [&fact.assume, &fact.derived].into_iter().flatten();
        written.for_each(|expr| self.expr(expr, role));
    }

    fn dated_value(&mut self, value: &Value) {
        for version in &value.versions {
            self.expr(&version.value, role_of(value.ty.as_ref()));
            self.dates(&version.dates);
        }
        let not_before = value.not_before.iter();
        not_before.for_each(|date| self.value(date));
    }

    fn define(&mut self, define: &Define) {
        let role = role_of(define.ty.as_ref());
        let applies = define.applies.iter();
        applies.for_each(|scope| self.condition(&scope.condition));
        for (_, condition) in &define.notes {
            condition.iter().for_each(|expr| self.condition(expr));
        }
        match &define.body {
            Body::Expr(expr) => self.expr(expr, role),
            Body::Cases(cases) => self.cases(cases, role),
            Body::Reading {
                reading: _,
                alternatives,
            } => {
                let each = alternatives.iter();
                each.for_each(|alternative| self.alternative(alternative, role));
            }
        }
    }

    fn alternative(&mut self, alternative: &Alternative, role: Role) {
        self.expr(&alternative.value, role);
        if let Some((condition, _)) = &alternative.gap {
            self.condition(condition);
        }
    }

    fn grid(&mut self, grid: &Requirements) {
        for row in &grid.rows {
            self.leave_out(row.span);
            self.row(row);
        }
    }

    fn row(&mut self, row: &Row) {
        match &row.condition {
            RowCondition::Condition(condition) => self.condition(condition),
            RowCondition::Group(kind) => self.row_group(row, kind),
        }
        self.grid_cells(&row.cells);
        self.dates(&row.dates);
    }

    /// `| influenced: any of |`
    fn row_group(&mut self, row: &Row, kind: &GroupKind) {
        self.how_many(kind);
        let after_name = crate::source::Span {
            start: row.name.span.end,
            ..row.span
        };
        self.group_word(after_name, kind);
    }

    fn amend(&mut self, amend: &Amend) {
        for change in &amend.changes {
            self.leave_out(change.span);
            match &change.kind {
                ChangeKind::Cells {
                    row: _,
                    tiers: _,
                    cell,
                } => self.grid_cell(cell, Some("mandatory".to_owned())),
                ChangeKind::Like {
                    tier: _,
                    model: _,
                    except,
                } => {
                    for (_, cell) in except {
                        self.grid_cell(cell, Some("mandatory".to_owned()));
                    }
                }
                ChangeKind::AddRow(row) => {
                    self.row(row);
                    continue;
                }
            }
            self.dates(&change.dates);
        }
    }

    fn waiver(&mut self, waiver: &Waiver) {
        self.dates(&waiver.dates);
        waiver
            .condition
            .iter()
            .for_each(|expr| self.condition(expr));
        for lift in &waiver.lifts {
            if waiver.lifts.len() > 1 {
                self.leave_out(lift.span);
            }
            self.dates(&lift.dates);
        }
    }

    fn exception(&mut self, exception: &Exception) {
        self.dates(&exception.dates);
        let condition = exception.condition.iter();
        condition.for_each(|expr| self.condition(expr));
        exception.use_value.iter().for_each(|expr| self.value(expr));
    }

    fn table(&mut self, table: &Table) {
        table.across.iter().for_each(|expr| self.value(expr));
        for column in &table.columns {
            match column {
                Column::Input(expr) => self.value(expr),
                Column::Output(..) => {}
            }
        }
        for row in &table.rows {
            self.leave_out(row.span);
            self.dates(&row.dates);
        }
        if table.mode == TableMode::FirstRow {
            for (first, second) in table.rows.iter().zip(table.rows.iter().skip(1)) {
                self.swap(first.span, second.span);
            }
        }
        self.table_cells(table);
    }

    fn schedule(&mut self, schedule: &Schedule) {
        match &schedule.rule {
            ScheduleRule::DayOfMonths(day, _) => self.value(day),
            ScheduleRule::Months(_) => {}
            ScheduleRule::Every(step, start) => {
                self.value(step);
                self.value(start);
            }
        }
        self.dates(&schedule.dates);
        let years = schedule.except_years.iter();
        years.for_each(|year| self.value(year));
    }

    fn duty(&mut self, duty: &Duty) {
        if let Some((day, condition)) = &duty.arises {
            self.value(day);
            condition.iter().for_each(|expr| self.condition(expr));
        }
        let days = [&duty.due, &duty.done].into_iter().flatten();
        days.for_each(|day| self.value(day));
    }
}

/// What a value of a written type is there for.
fn role_of(ty: Option<&TypeExpr>) -> Role {
    match ty.map(|ty| &ty.kind) {
        Some(TypeKind::Named(name)) if name.text == "bool" => Role::Condition,
        Some(
            TypeKind::Named(_)
            | TypeKind::List(_)
            | TypeKind::Set(_)
            | TypeKind::Optional(_)
            | TypeKind::Record(_),
        )
        | None => Role::Value,
    }
}

/// The name of a declaration; that of its target for an amendment.
fn name_of(kind: &DeclarationKind) -> String {
    let name = match kind {
        DeclarationKind::Program(item) => &item.name,
        DeclarationKind::Module(item) => &item.name,
        DeclarationKind::Use(item) => return item.path.clone(),
        DeclarationKind::Source(item) => &item.name,
        DeclarationKind::Enum(item) => &item.name,
        DeclarationKind::Record(item) => &item.name,
        DeclarationKind::Fact(item) => &item.name,
        DeclarationKind::Judgement(item) => &item.name,
        DeclarationKind::Value(item) => &item.name,
        DeclarationKind::Define(item) => &item.name,
        DeclarationKind::Requirements(item) => &item.name,
        DeclarationKind::Amend(item) => &item.target,
        DeclarationKind::Waiver(item) => &item.name,
        DeclarationKind::Grants(item) => &item.name,
        DeclarationKind::Exception(item) => &item.name,
        DeclarationKind::Prevails(item) => &item.winner,
        DeclarationKind::Table(item) => &item.name,
        DeclarationKind::Schedule(item) => &item.name,
        DeclarationKind::Reading(item) => &item.name,
        DeclarationKind::Lifecycle(item) => &item.name,
        DeclarationKind::Obligations(item) => &item.name,
        DeclarationKind::Duty(item) => &item.name,
        DeclarationKind::Order(item) => &item.name,
        DeclarationKind::Tests(item) => return item.label.clone(),
    };
    name.text.clone()
}
