//! What a declaration reads: the names in it, minus those that mean something nearer by.

use super::{SymbolId, SymbolKind, Symbols};
use crate::syntax::ast;
use ast::{ChangeKind, ExprKind};

/// What one declaration reads.
#[derive(Debug, Default, Clone)]
pub(super) struct Reads {
    /// Names that stand for the declaration whatever the types are.
    pub(super) certain: Vec<SymbolId>,
    /// Words that are values of some enumeration as well: where such a value is wanted, they are no reference.
    pub(super) perhaps: Vec<SymbolId>,
}

pub(super) fn reads(symbols: &Symbols, id: SymbolId) -> Reads {
    let Some(symbol) = symbols.list.get(id) else {
        return Reads::default();
    };
    let mut walk = Walk {
        symbols,
        locals: Vec::new(),
        found: Reads::default(),
    };
    let name = symbol.name.text.as_str();
    match symbol.kind {
        SymbolKind::Fact(fact) => {
            walk.maybe(fact.assume.as_ref());
            walk.maybe(fact.derived.as_ref());
        }
        SymbolKind::Judgement(_) | SymbolKind::Grants(_) => {}
        SymbolKind::Value(value) => {
            for version in &value.versions {
                walk.expr(&version.value);
            }
            walk.exceptions(name);
        }
        SymbolKind::Define(define) => {
            walk.define(define);
            walk.exceptions(name);
        }
        SymbolKind::Table(table) => {
            walk.table(table);
            walk.changes(name);
            walk.exceptions(name);
        }
        SymbolKind::Requirements(grid) => {
            for row in &grid.rows {
                walk.row(row);
            }
            walk.changes(name);
            walk.exceptions(name);
            walk.lifted_by(grid);
        }
        SymbolKind::Waiver(waiver) => {
            walk.maybe(waiver.condition.as_ref());
            walk.exceptions(name);
        }
        SymbolKind::Exception(exception) => {
            walk.maybe(exception.condition.as_ref());
            walk.maybe(exception.use_value.as_ref());
        }
        SymbolKind::Lifecycle(lifecycle) => walk.lifecycle(lifecycle),
        SymbolKind::Obligations(obligations) => walk.obligations(obligations),
        SymbolKind::Duty(duty) => {
            if let Some((day, when)) = &duty.arises {
                walk.expr(day);
                walk.maybe(when.as_ref());
            }
            walk.maybe(duty.due.as_ref());
            walk.maybe(duty.done.as_ref());
        }
        SymbolKind::Order(order) => {
            walk.expr(&order.plan);
            for rule in &order.rules {
                walk.maybe(rule.when.as_ref());
            }
        }
        SymbolKind::Schedule(schedule) => {
            if let ast::ScheduleRule::Every(step, anchor) = &schedule.rule {
                walk.expr(step);
                walk.expr(anchor);
            }
            walk.exceptions(name);
        }
    }
    walk.found
}

struct Walk<'s, 'a> {
    symbols: &'s Symbols<'a>,
    /// Items that have a name here; they hide declarations of that name.
    locals: Vec<&'a str>,
    found: Reads,
}

impl<'a> Walk<'_, 'a> {
    fn certain(&mut self, id: SymbolId) {
        if !self.found.certain.contains(&id) {
            self.found.certain.push(id);
        }
    }

    /// A name where only a declaration can stand.
    fn declared(&mut self, word: &str) {
        if let Some(id) = self.symbols.by_name.get(word) {
            self.certain(*id);
        }
    }

    /// A bare word in an expression.
    fn word(&mut self, word: &str) {
        if self.locals.contains(&word) {
            return;
        }
        let Some(id) = self.symbols.by_name.get(word).copied() else {
            return;
        };
        match self.symbols.list.get(id).map(|symbol| symbol.kind) {
            // These have no value; that they stand here is a mistake of its own.
            Some(
                SymbolKind::Requirements(_)
                | SymbolKind::Waiver(_)
                | SymbolKind::Exception(_)
                | SymbolKind::Schedule(_),
            )
            | None => {}
            Some(_) if self.symbols.values.contains(word) => {
                if !self.found.perhaps.contains(&id) {
                    self.found.perhaps.push(id);
                }
            }
            Some(_) => self.certain(id),
        }
    }

    /// The exceptions to a target are part of what it is.
    fn exceptions(&mut self, target: &str) {
        let part_of = |key: &str| {
            key.strip_prefix(target)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let all = self.symbols.exceptions.iter();
        let ids: Vec<SymbolId> = all
            .filter(|(key, _)| part_of(key))
            .flat_map(|(_, ids)| ids.iter().copied())
            .collect();
        ids.into_iter().for_each(|id| self.certain(id));
    }

    /// The waivers that lift a cell of a grid, and no others.
    fn lifted_by(&mut self, grid: &ast::Requirements) {
        let rows = self.symbols.rows_of(grid);
        let tiers = self.symbols.tiers_of(grid);
        for (id, symbol) in self.symbols.list.iter().enumerate() {
            let SymbolKind::Waiver(waiver) = symbol.kind else {
                continue;
            };
            let here = |lift: &ast::Lift| match &lift.grid {
                Some(name) => name.text == grid.name.text,
                None => {
                    lift.rows.iter().any(|row| rows.contains(&&*row.text))
                        && lift.tiers.iter().any(|tier| tiers.contains(&&*tier.text))
                }
            };
            if waiver.lifts.iter().any(here) {
                self.certain(id);
            }
        }
    }

    /// What `amend` writes into a grid or table.
    fn changes(&mut self, target: &str) {
        for (amend, _) in &self.symbols.amends {
            if amend.target.text != target {
                continue;
            }
            for change in &amend.changes {
                match &change.kind {
                    ChangeKind::Cells { cell, .. } => self.cell(&cell.kind),
                    ChangeKind::Like { except, .. } => {
                        except.iter().for_each(|(_, cell)| self.cell(&cell.kind));
                    }
                    ChangeKind::AddRow(row) => self.row(row),
                }
            }
        }
    }

    fn maybe(&mut self, expr: Option<&'a ast::Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    /// Reads with a name for an item.
    fn with(&mut self, item: Option<&'a str>, body: impl FnOnce(&mut Self)) {
        let depth = self.locals.len();
        self.locals.extend(item);
        body(self);
        self.locals.truncate(depth);
    }

    fn define(&mut self, define: &'a ast::Define) {
        self.maybe(define.applies.as_ref().map(|scope| &scope.condition));
        for (_, condition) in &define.notes {
            self.maybe(condition.as_ref());
        }
        match &define.body {
            ast::Body::Expr(expr) => self.expr(expr),
            ast::Body::Cases(cases) => self.cases(cases),
            ast::Body::Reading { alternatives, .. } => {
                for alternative in alternatives {
                    self.expr(&alternative.value);
                    self.maybe(alternative.gap.as_ref().map(|(guard, _)| guard));
                }
            }
        }
    }

    fn cases(&mut self, cases: &'a [ast::Case]) {
        for case in cases {
            match &case.kind {
                ast::CaseKind::Value { value, guard } => {
                    self.expr(value);
                    self.maybe(guard.as_ref());
                }
                ast::CaseKind::Block { guard, cases } => {
                    self.expr(guard);
                    self.cases(cases);
                }
                ast::CaseKind::NotApplicable { guard, .. } => self.maybe(guard.as_ref()),
            }
        }
    }

    fn table(&mut self, table: &'a ast::Table) {
        self.maybe(table.across.as_ref());
        for column in &table.columns {
            if let ast::Column::Input(expr) = column {
                self.expr(expr);
            }
        }
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            cell.kind.each_expr(|value| self.expr(value));
        }
    }

    fn row(&mut self, row: &'a ast::Row) {
        match &row.condition {
            ast::RowCondition::Condition(expr) => self.expr(expr),
            ast::RowCondition::Group(kind) => self.maybe(kind.count()),
        }
        for cell in &row.cells {
            self.cell(&cell.kind);
        }
    }

    fn cell(&mut self, cell: &'a ast::CellKind) {
        match cell {
            ast::CellKind::Preferred(Some(expr)) | ast::CellKind::Value(expr) => self.expr(expr),
            ast::CellKind::NotRequired
            | ast::CellKind::Mandatory
            | ast::CellKind::Preferred(None) => {}
        }
    }

    fn lifecycle(&mut self, lifecycle: &'a ast::Lifecycle) {
        for line in lifecycle.lines() {
            if let ast::TransitionKind::Each { item, .. } = &line.kind {
                self.locals.push(&item.text);
            }
        }
        for line in lifecycle.lines() {
            line.each_expr(|expr| self.expr(expr));
        }
        for state in &lifecycle.states {
            self.maybe(state.deadline.as_ref());
            self.maybe(state.unless.as_ref());
            self.maybe(state.no_reentry.as_ref());
        }
    }

    fn obligations(&mut self, obligations: &'a ast::Obligations) {
        for each in &obligations.each {
            self.list(&each.list);
            self.with(Some(&each.item.text), |walk| {
                walk.maybe(each.filter.as_ref());
                each.fields.iter().for_each(|(_, value)| walk.expr(value));
            });
        }
        for rule in &obligations.rules {
            let each = rule.each.and_then(|at| obligations.each.get(at));
            self.with(each.map(|each| each.item.text.as_str()), |walk| {
                walk.expr(&rule.condition);
                walk.maybe(rule.when.as_ref());
            });
        }
    }

    /// Where a list is wanted the name of an enumeration is the list of its values.
    fn list(&mut self, list: &'a ast::Expr) {
        match &list.kind {
            ExprKind::Name(word) if self.symbols.is_enum(word) => {}
            _ => self.expr(list),
        }
    }

    /// Nesting is capped by the parser, so recursion here is bounded.
    fn expr(&mut self, expr: &'a ast::Expr) {
        match &expr.kind {
            ExprKind::Name(word) => self.word(word),
            // `Tier.gold` is a value.
            ExprKind::Access(inner, _)
                if matches!(&inner.kind, ExprKind::Name(word)
                    if self.symbols.is_enum(word)) => {}
            // The days of a schedule.
            ExprKind::In { item, list, .. } => {
                self.expr(item);
                match &list.kind {
                    ExprKind::Name(word)
                        if matches!(
                            self.symbols.get(word).map(|symbol| symbol.kind),
                            Some(SymbolKind::Schedule(_))
                        ) =>
                    {
                        self.declared(word);
                    }
                    _ => self.expr(list),
                }
            }
            ExprKind::Aggregate(_, list) => self.list(list),
            ExprKind::Where { list, condition } => {
                self.list(list);
                self.expr(condition);
            }
            ExprKind::Sort { list, by, .. } | ExprKind::GroupBy { list, by } => {
                self.list(list);
                self.expr(by);
            }
            ExprKind::Pick { list, by, then, .. } => {
                self.list(list);
                self.maybe(by.as_deref());
                self.maybe(then.as_deref());
            }
            ExprKind::Quantified {
                kind,
                list,
                item,
                condition,
            } => {
                self.maybe(kind.count());
                self.list(list);
                let item = item.as_ref().map(|item| item.text.as_str());
                self.with(item, |walk| walk.maybe(condition.as_deref()));
            }
            ExprKind::ForEach {
                item,
                list,
                filter,
                body,
            } => {
                self.list(list);
                self.with(Some(&item.text), |walk| {
                    walk.maybe(filter.as_deref());
                    walk.expr(body);
                });
            }
            ExprKind::NextOn(schedule, date) | ExprKind::PreviousBefore(schedule, date) => {
                self.declared(&schedule.text);
                self.expr(date);
            }
            ExprKind::HighestMeeting { grid, .. } => self.declared(&grid.text),
            ExprKind::RowsOf { grid, tier, .. } => {
                self.declared(&grid.text);
                self.expr(tier);
            }
            ExprKind::ResultOf { grid, tier, row } => {
                match (grid, self.symbols.grids_with(&row.text).as_slice()) {
                    (Some(grid), _) => self.declared(&grid.text),
                    (None, [only]) => self.declared(&only.name.text),
                    (None, _) => {}
                }
                self.expr(tier);
            }
            // `needs FACT` asks for the fact; it does not read it.
            ExprKind::Missing(_) => {}
            _ => expr.each_part(&mut |part| self.expr(part)),
        }
    }
}
