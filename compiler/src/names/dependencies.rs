//! Which declaration reads which, their order, and cycles.

use super::{SymbolId, SymbolKind, Symbols};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::syntax::ast;
use ast::{ExprKind, Name};

/// The declarations with every one after those it reads.
pub(super) fn order(symbols: &Symbols, diagnostics: &mut Diagnostics) -> Vec<SymbolId> {
    let edges: Vec<Vec<SymbolId>> = (0..symbols.list.len())
        .map(|id| reads(symbols, id))
        .collect();
    let mut state = vec![Mark::New; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    for root in 0..edges.len() {
        visit(root, &edges, &mut state, &mut order, symbols, diagnostics);
    }
    order
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// A depth-first walk with its own stack: chains of definitions may be as long as the file.
fn visit(
    root: SymbolId,
    edges: &[Vec<SymbolId>],
    state: &mut [Mark],
    order: &mut Vec<SymbolId>,
    symbols: &Symbols,
    diagnostics: &mut Diagnostics,
) {
    let mut stack: Vec<(SymbolId, usize)> = vec![(root, 0)];
    while let Some((id, next)) = stack.pop() {
        let (Some(mark), Some(targets)) = (state.get_mut(id), edges.get(id)) else {
            continue;
        };
        if next == 0 {
            if *mark != Mark::New {
                continue;
            }
            *mark = Mark::Open;
        }
        let Some(target) = targets.get(next) else {
            *mark = Mark::Done;
            order.push(id);
            continue;
        };
        stack.push((id, next + 1));
        match state.get(*target) {
            Some(Mark::New) => stack.push((*target, 0)),
            Some(Mark::Open) => {
                let start = stack.iter().position(|(at, _)| at == target).unwrap_or(0);
                let path: Vec<SymbolId> = stack.iter().skip(start).map(|(at, _)| *at).collect();
                diagnostics.push(cycle(symbols, &path));
            }
            Some(Mark::Done) | None => {}
        }
    }
}

fn cycle(symbols: &Symbols, path: &[SymbolId]) -> Diagnostic {
    let members: Vec<_> = path.iter().filter_map(|id| symbols.list.get(*id)).collect();
    let mut words: Vec<&str> = members
        .iter()
        .map(|symbol| symbol.name.text.as_str())
        .collect();
    words.extend(words.first().copied());
    let span = members
        .first()
        .map(|symbol| symbol.name.span)
        .unwrap_or_default();
    let mut diagnostic = Diagnostic::new(
        Code::CyclicDefinition,
        span,
        format!("a definition reads itself: {}", words.join(" → ")),
    )
    .at("the path begins here")
    .help("remove one of these references; a definition may only read what can be known before it");
    for symbol in members.iter().skip(1) {
        diagnostic = diagnostic.label(symbol.name.span, "and goes through here");
    }
    diagnostic
}

fn reads(symbols: &Symbols, id: SymbolId) -> Vec<SymbolId> {
    let Some(symbol) = symbols.list.get(id) else {
        return Vec::new();
    };
    let mut walk = Walk {
        symbols,
        found: Vec::new(),
    };
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
            walk.exceptions(&symbol.name.text);
        }
        SymbolKind::Define(define) => {
            if let Some(scope) = &define.applies {
                walk.expr(&scope.condition);
            }
            for (_, condition) in &define.notes {
                walk.maybe(condition.as_ref());
            }
            match &define.body {
                ast::Body::Expr(expr) => walk.expr(expr),
                ast::Body::Cases(cases) => walk.cases(cases),
                ast::Body::Reading { alternatives, .. } => {
                    for alternative in alternatives {
                        walk.expr(&alternative.value);
                        walk.maybe(alternative.gap.as_ref().map(|(guard, _)| guard));
                    }
                }
            }
            walk.exceptions(&symbol.name.text);
        }
        SymbolKind::Table(table) => {
            walk.maybe(table.across.as_ref());
            for column in &table.columns {
                if let ast::Column::Input(expr) = column {
                    walk.expr(expr);
                }
            }
            for cell in table.rows.iter().flat_map(|row| &row.cells) {
                walk.table_cell(&cell.kind);
            }
            walk.exceptions(&symbol.name.text);
        }
        SymbolKind::Requirements(grid) => {
            for row in &grid.rows {
                walk.row(row);
            }
            for (amend, _) in symbols
                .amends
                .iter()
                .filter(|(a, _)| a.target.text == grid.name.text)
            {
                for change in &amend.changes {
                    walk.change(change);
                }
            }
            walk.exceptions(&symbol.name.text);
            for other in &symbols.list {
                if matches!(other.kind, SymbolKind::Waiver(_))
                    || matches!(other.kind, SymbolKind::Grants(g) if g.grid.text == grid.name.text)
                {
                    walk.name(&other.name.text);
                }
            }
        }
        SymbolKind::Waiver(waiver) => {
            walk.maybe(waiver.condition.as_ref());
            walk.exceptions(&symbol.name.text);
        }
        SymbolKind::Exception(exception) => {
            walk.maybe(exception.condition.as_ref());
            walk.maybe(exception.use_value.as_ref());
        }
        SymbolKind::Lifecycle(lifecycle) => {
            for line in lifecycle.lines() {
                line.each_expr(|expr| walk.expr(expr));
            }
            for state in &lifecycle.states {
                walk.maybe(state.deadline.as_ref());
                walk.maybe(state.unless.as_ref());
                walk.maybe(state.no_reentry.as_ref());
            }
        }
        SymbolKind::Obligations(obligations) => {
            for each in &obligations.each {
                walk.expr(&each.list);
                walk.maybe(each.filter.as_ref());
                each.fields.iter().for_each(|(_, value)| walk.expr(value));
            }
            for rule in &obligations.rules {
                walk.expr(&rule.condition);
                walk.maybe(rule.when.as_ref());
            }
        }
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
            walk.exceptions(&symbol.name.text);
        }
    }
    walk.found
        .retain(|found| *found != id || !matches!(symbol.kind, SymbolKind::Exception(_)));
    walk.found
}

struct Walk<'s, 'a> {
    symbols: &'s Symbols<'a>,
    found: Vec<SymbolId>,
}

impl Walk<'_, '_> {
    fn name(&mut self, word: &str) {
        if let Some(id) = self.symbols.by_name.get(word)
            && !self.found.contains(id)
        {
            self.found.push(*id);
        }
    }

    /// The exceptions to a target are part of what it is.
    fn exceptions(&mut self, target: &str) {
        let part_of = |key: &str| {
            key.strip_prefix(target)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        for (key, ids) in &self.symbols.exceptions {
            for id in ids.iter().filter(|_| part_of(key)) {
                if !self.found.contains(id) {
                    self.found.push(*id);
                }
            }
        }
    }

    fn maybe(&mut self, expr: Option<&ast::Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn cases(&mut self, cases: &[ast::Case]) {
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

    fn row(&mut self, row: &ast::Row) {
        match &row.condition {
            ast::RowCondition::Condition(expr) => self.expr(expr),
            ast::RowCondition::Group(kind) => self.group(kind),
        }
        for cell in &row.cells {
            self.cell(&cell.kind);
        }
    }

    fn change(&mut self, change: &ast::Change) {
        match &change.kind {
            ast::ChangeKind::Cells { cell, .. } => self.cell(&cell.kind),
            ast::ChangeKind::Like { except, .. } => {
                for (_, cell) in except {
                    self.cell(&cell.kind);
                }
            }
            ast::ChangeKind::AddRow(row) => self.row(row),
        }
    }

    fn cell(&mut self, cell: &ast::CellKind) {
        match cell {
            ast::CellKind::Preferred(Some(expr)) | ast::CellKind::Value(expr) => self.expr(expr),
            ast::CellKind::NotRequired
            | ast::CellKind::Mandatory
            | ast::CellKind::Preferred(None) => {}
        }
    }

    fn table_cell(&mut self, cell: &ast::TableCellKind) {
        match cell {
            ast::TableCellKind::Values(values) => {
                for value in values {
                    self.expr(value);
                }
            }
            ast::TableCellKind::Tests(tests) => {
                for (_, value) in tests {
                    self.expr(value);
                }
            }
            ast::TableCellKind::Range(low, high) => {
                self.expr(low);
                self.expr(high);
            }
            ast::TableCellKind::Dash
            | ast::TableCellKind::Otherwise
            | ast::TableCellKind::NotApplicable(_) => {}
        }
    }

    fn group(&mut self, kind: &ast::GroupKind) {
        if let ast::GroupKind::AtLeast(count) = kind {
            self.expr(count);
        }
    }

    /// Nesting is capped by the parser, so recursion here is bounded.
    fn expr(&mut self, expr: &ast::Expr) {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::ItemField(_) => {}
            ExprKind::Name(word) => self.name(word),
            ExprKind::Period {
                from,
                through,
                before,
            } => {
                for end in [from, through, before].into_iter().flatten() {
                    self.expr(end);
                }
            }
            ExprKind::Overlaps(a, b) | ExprKind::Overlap(a, b) => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::DaysOf(inner) => self.expr(inner),
            ExprKind::Missing(fact) => self.name(&fact.text),
            ExprKind::Access(inner, _)
            | ExprKind::Recorded(inner, _)
            | ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::IsNone(inner, _)
            | ExprKind::IsApplicable(inner, _)
            | ExprKind::Aggregate(_, inner)
            | ExprKind::Round(inner, _, _)
            | ExprKind::Boundary(_, _, inner) => self.expr(inner),
            ExprKind::Binary(_, a, b)
            | ExprKind::OrElse(a, b)
            | ExprKind::Concat(a, b)
            | ExprKind::DaysBetween(a, b)
            | ExprKind::MonthsBetween(a, b)
            | ExprKind::AsOf(a, b)
            | ExprKind::In {
                item: a, list: b, ..
            }
            | ExprKind::Where {
                list: a,
                condition: b,
            }
            | ExprKind::Sort { list: a, by: b, .. }
            | ExprKind::GroupBy { list: a, by: b } => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Within {
                date: a,
                amount: b,
                anchor: c,
                ..
            }
            | ExprKind::If(a, b, c)
            | ExprKind::Ever {
                condition: a,
                amount: b,
                anchor: c,
            } => {
                self.expr(a);
                self.expr(b);
                self.expr(c);
            }
            ExprKind::Quantified {
                kind,
                list,
                condition,
                ..
            } => {
                self.group(kind);
                self.expr(list);
                self.maybe(condition.as_deref());
            }
            ExprKind::Group(kind, items) => {
                self.group(kind);
                items.iter().for_each(|item| self.expr(item));
            }
            ExprKind::List(items) | ExprKind::Extreme(_, items) => {
                items.iter().for_each(|item| self.expr(item));
            }
            ExprKind::ForEach {
                list, filter, body, ..
            } => {
                self.expr(list);
                self.maybe(filter.as_deref());
                self.expr(body);
            }
            ExprKind::Pick { list, by, then, .. } => {
                self.expr(list);
                self.maybe(by.as_deref());
                self.maybe(then.as_deref());
            }
            ExprKind::Record(fields) => fields.iter().for_each(|(_, value)| self.expr(value)),
            ExprKind::ListWhere(items) => {
                for (value, guard) in items {
                    self.expr(value);
                    self.maybe(guard.as_ref());
                }
            }
            ExprKind::NextOn(schedule, date) | ExprKind::PreviousBefore(schedule, date) => {
                self.name(&schedule.text);
                self.expr(date);
            }
            ExprKind::HighestMeeting { grid, .. } => self.name(&grid.text),
            ExprKind::RowsOf { grid, tier, .. } => {
                self.name(&grid.text);
                self.expr(tier);
            }
            ExprKind::ResultOf { grid, tier, row } => {
                match grid {
                    Some(grid) => self.name(&grid.text),
                    None => self.grid_with(&row.text),
                }
                self.expr(tier);
            }
        }
    }

    fn grid_with(&mut self, row: &str) {
        for symbol in &self.symbols.list {
            if let SymbolKind::Requirements(grid) = symbol.kind
                && grid.rows.iter().any(|candidate| candidate.name.text == row)
            {
                self.name(&grid.name.text);
            }
        }
    }
}

/// `waiver W` and `schedule S` name their target after a word.
pub(crate) fn target_name(target: &str) -> &str {
    target.split_whitespace().last().unwrap_or(target)
}

/// Shows every list of citations inside a declaration.
pub(super) fn inner_cites(kind: &ast::DeclarationKind, see: &mut impl FnMut(&[Name])) {
    match kind {
        ast::DeclarationKind::Value(value) => {
            value
                .versions
                .iter()
                .for_each(|version| see(&version.cites));
        }
        ast::DeclarationKind::Define(define) => {
            if let Some(scope) = &define.applies {
                see(&scope.cites);
            }
            match &define.body {
                ast::Body::Expr(_) => {}
                ast::Body::Cases(cases) => case_cites(cases, see),
                ast::Body::Reading { alternatives, .. } => {
                    alternatives
                        .iter()
                        .for_each(|alternative| see(&alternative.cites));
                }
            }
        }
        ast::DeclarationKind::Requirements(grid) => {
            grid.rows.iter().for_each(|row| see(&row.cites));
        }
        ast::DeclarationKind::Amend(amend) => {
            amend.changes.iter().for_each(|change| see(&change.cites));
        }
        ast::DeclarationKind::Waiver(waiver) => {
            waiver.lifts.iter().for_each(|lift| see(&lift.cites));
        }
        ast::DeclarationKind::Lifecycle(lifecycle) => {
            lifecycle.lines().for_each(|line| see(&line.cites));
            lifecycle.states.iter().for_each(|state| see(&state.cites));
            lifecycle.keeps.iter().for_each(|keep| see(&keep.cites));
        }
        ast::DeclarationKind::Obligations(obligations) => {
            obligations.rules.iter().for_each(|rule| see(&rule.cites));
        }
        ast::DeclarationKind::Order(order) => {
            order.rules.iter().for_each(|rule| see(&rule.cites));
        }
        ast::DeclarationKind::Table(table) => {
            table.rows.iter().for_each(|row| see(&row.cites));
        }
        ast::DeclarationKind::Program(_)
        | ast::DeclarationKind::Module(_)
        | ast::DeclarationKind::Use(_)
        | ast::DeclarationKind::Source(_)
        | ast::DeclarationKind::Enum(_)
        | ast::DeclarationKind::Record(_)
        | ast::DeclarationKind::Fact(_)
        | ast::DeclarationKind::Judgement(_)
        | ast::DeclarationKind::Grants(_)
        | ast::DeclarationKind::Exception(_)
        | ast::DeclarationKind::Prevails(_)
        | ast::DeclarationKind::Schedule(_)
        | ast::DeclarationKind::Reading(_)
        | ast::DeclarationKind::Duty(_)
        | ast::DeclarationKind::Tests(_) => {}
    }
}

fn case_cites(cases: &[ast::Case], see: &mut impl FnMut(&[Name])) {
    for case in cases {
        see(&case.cites);
        if let ast::CaseKind::Block { cases, .. } = &case.kind {
            case_cites(cases, see);
        }
    }
}
