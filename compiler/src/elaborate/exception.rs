//! Named exceptions: `Override` nodes, and the rankings among them.

use super::env::Env;
use super::{Elaborator, Typed};
use crate::analysis::{DisjointKind, Obligation, Side};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, SymbolId, SymbolKind, Unknown, target_name};
use crate::source::Span;
use crate::syntax::ast;
use polc_runtime::ir::{self, NodeId, Op, Type};

/// An exception ready to be placed.
struct Ready {
    exception: ir::Exception,
    span: Span,
    rule: ir::Rule,
}

impl<'a> Elaborator<'_, 'a> {
    /// Reports an exception to something that is not there, or cannot have one.
    pub(super) fn exception_target(&mut self, exception: &ast::Exception) {
        let name = target_name(&exception.target.text);
        let symbols = self.symbols;
        let (whole, part) = match name.split_once('.') {
            Some((whole, part)) => (whole, Some(part)),
            None => (name, None),
        };
        if let Some(id) = symbols.by_name.get(whole).copied()
            && self.other_record(exception, id)
        {
            return;
        }
        let problem = match (symbols.get(whole).map(|symbol| symbol.kind), part) {
            (
                Some(
                    SymbolKind::Value(_)
                    | SymbolKind::Define(_)
                    | SymbolKind::Table(_)
                    | SymbolKind::Waiver(_),
                ),
                None,
            ) => return,
            (Some(SymbolKind::Schedule(_)), None) => {
                if exception.condition.is_none() && exception.use_value.is_none() {
                    return;
                }
                (
                    "a schedule is the same for everybody".to_owned(),
                    "leave dates out of it: `exception NAME to schedule S from D through D`, then `does not apply`".to_owned(),
                )
            }
            (Some(kind), Some(part)) => {
                let parts = self.parts_of(kind);
                if parts.iter().any(|known| known == part) {
                    if matches!(kind, SymbolKind::Requirements(_)) && exception.use_value.is_some() {
                        (
                            "a row of a grid has no value of its own".to_owned(),
                            "write `does not apply`, or change its cells with `amend`".to_owned(),
                        )
                    } else {
                        return;
                    }
                } else {
                    let (span, sought) = (exception.target.span, Sought::Part(whole));
                    self.unknown(Unknown::word(part, span, sought, parts, Vec::new()));
                    return;
                }
            }
            (Some(other), None) => (
                format!("a {} cannot have an exception", other.word()),
                "an exception goes to a definition, a decision, a value, a table, a waiver, a schedule, or to one case or row: `DECISION.VALUE`, `TABLE.ROW`, `GRID.ROW`".to_owned(),
            ),
            (None, _) => {
                let (span, known) = (exception.target.span, symbols.by_name.keys());
                let known = known.map(|name| (*name).to_owned()).collect();
                let sought = Sought::Excepted;
                self.unknown(Unknown::word(whole, span, sought, known, Vec::new()));
                return;
            }
        };
        self.report(
            Diagnostic::new(Code::UnknownTarget, exception.target.span, problem.0).help(problem.1),
        );
    }

    /// Reports an exception that does not say which record the rule it goes to is a rule of.
    fn other_record(&mut self, exception: &ast::Exception, target: SymbolId) -> bool {
        let record = self.symbols.takes(target).and_then(ast::Takes::record);
        let said = exception.of.as_ref();
        if record.map(|name| &name.text) == said.map(|name| &name.text) {
            return false;
        }
        let name = self.symbols.name(target);
        let (message, help) = match record {
            Some(record) => (
                format!("`{name}` is a rule of {}", record.text),
                format!(
                    "write `exception {} to {name} of {}`",
                    exception.name.text, record.text
                ),
            ),
            None => (
                format!("`{name}` is no rule of a record"),
                format!("write `exception {} to {name}`", exception.name.text),
            ),
        };
        let span = said.map_or(exception.target.span, |name| name.span);
        self.report(Diagnostic::new(Code::UnknownTarget, span, message).help(help));
        true
    }

    /// What an exception may name inside a declaration: the values of cases, the rows of tables and grids.
    fn parts_of(&self, kind: SymbolKind<'a>) -> Vec<String> {
        fn values(cases: &[ast::Case], this: &Elaborator, into: &mut Vec<String>) {
            for case in cases {
                match &case.kind {
                    ast::CaseKind::Value { value, .. } => into.push(this.text(value.span)),
                    ast::CaseKind::Block { cases, .. } => values(cases, this, into),
                    ast::CaseKind::NotApplicable { .. } => {}
                }
            }
        }
        let mut parts = Vec::new();
        if let SymbolKind::Define(define) = kind
            && let ast::Body::Cases(cases) = &define.body
        {
            values(cases, self, &mut parts);
        }
        if let SymbolKind::Table(table) = kind {
            let outputs: Vec<bool> = table
                .columns
                .iter()
                .map(|column| matches!(column, ast::Column::Output(..)))
                .collect();
            let rows = table.rows.iter();
            parts.extend(rows.filter_map(|row| self.row_name(row, &outputs)));
        }
        if let SymbolKind::Requirements(grid) = kind {
            parts.extend(grid.rows.iter().map(|row| row.name.text.clone()));
        }
        parts
    }

    /// The exceptions to one case or row: when they lift it, and those that give it another value.
    pub(super) fn exceptions_inside(
        &mut self,
        env: &Env,
        whole: &str,
        part: &str,
    ) -> (Vec<ir::Rule>, Vec<SymbolId>) {
        let symbols = self.symbols;
        let (mut lifts, mut uses) = (Vec::new(), Vec::new());
        for (id, exception) in symbols.exceptions_to(whole, Some(part)) {
            if exception.use_value.is_some() {
                uses.push(id);
                continue;
            }
            let cites = self.cite_of(id);
            if let Some(guard) = self.exception_guard(env, exception) {
                lifts.push(ir::Rule {
                    kind: ir::RuleKind::Exception,
                    name: exception.name.text.clone(),
                    guard: Some(guard),
                    value: None,
                    cites,
                });
            }
        }
        for lift in &mut lifts {
            for id in &uses {
                self.rank_inside(env, lift, *id);
            }
        }
        (lifts, uses)
    }

    /// One exception lifts a case, another gives it a value: where both apply, one must be ranked above the other.
    fn rank_inside(&mut self, env: &Env, lift: &mut ir::Rule, other: SymbolId) {
        let symbols = self.symbols;
        let Some(symbol) = symbols.list.get(other) else {
            return;
        };
        let (SymbolKind::Exception(exception), Some(guard)) = (symbol.kind, lift.guard) else {
            return;
        };
        let ranked = |winner: &str, loser: &str| {
            let mut all = symbols.prevails.iter();
            all.any(|ranking| ranking.winner.text == winner && ranking.loser.text == loser)
        };
        let name = &exception.name.text;
        if ranked(&lift.name, name) {
            return;
        }
        let Some(other_guard) = self.exception_guard(env, exception) else {
            return;
        };
        if ranked(name, &lift.name) {
            let free = self.builder.not(other_guard);
            lift.guard = Some(self.builder.and([guard, free]));
            return;
        }
        let lifted = symbols.get(&lift.name).map(|symbol| symbol.name.span);
        let side = |this: &mut Self, name: &str, guard: NodeId, span: Span| {
            // Being lifted and having a value are never the same.
            let value = this.builder.text(name);
            Side {
                name: name.to_owned(),
                scope: None,
                guard: Some(guard),
                value,
                span,
            }
        };
        let a = side(self, &lift.name.clone(), guard, lifted.unwrap_or_default());
        let b = side(self, name, other_guard, exception.name.span);
        self.obligations.push(Obligation::Disjoint {
            a,
            b,
            kind: DisjointKind::Exceptions,
        });
    }

    /// When an exception applies: its dates and its condition.
    pub(super) fn exception_guard(
        &mut self,
        env: &Env,
        exception: &ast::Exception,
    ) -> Option<NodeId> {
        let period = self.period(env, &exception.dates)?;
        let in_force = self.in_force(period);
        let condition = match &exception.condition {
            Some(expr) => {
                let condition = self.check(env, expr, &Type::Bool)?;
                let condition = self.guard(condition, expr.span);
                self.idle
                    .condition(&exception.name.text, condition, expr.span);
                condition
            }
            None => self.builder.bool(true),
        };
        let guard = self.builder.and([in_force, condition]);
        // One that holds always is told where it applies.
        Some(match self.provision(&exception.name.text) {
            Some(provision) => self.builder.mark(provision, guard),
            None => guard,
        })
    }

    /// The base value with the exceptions to it, if there are any.
    pub(super) fn exceptions_to(
        &mut self,
        env: &Env,
        target: &str,
        base: &Typed,
    ) -> Option<(NodeId, Vec<ir::Rule>)> {
        let all = self.symbols.exceptions_to(target, None).into_iter();
        let ids: Vec<SymbolId> = all.map(|(id, _)| id).collect();
        let (node, rules) = self.overridden(env, &ids, base)?;
        self.excepted(&rules, &[]);
        Some((node, rules))
    }

    /// A value with exceptions to it.
    pub(super) fn overridden(
        &mut self,
        env: &Env,
        ids: &[SymbolId],
        base: &Typed,
    ) -> Option<(NodeId, Vec<ir::Rule>)> {
        let symbols = self.symbols;
        let mut ready = Vec::new();
        for id in ids {
            let Some(symbol) = symbols.list.get(*id) else {
                continue;
            };
            let SymbolKind::Exception(exception) = symbol.kind else {
                continue;
            };
            let cites = self.cite(&symbol.declaration.cites);
            let guard = self.exception_guard(env, exception);
            let value = match &exception.use_value {
                Some(expr) => self.check(env, expr, &base.ty),
                None => {
                    let because = format!("{} excepts it", exception.name.text);
                    Some(
                        self.builder
                            .add(Op::NotApplicable(because), base.ty.clone()),
                    )
                }
            };
            let (Some(guard), Some(value)) = (guard, value) else {
                continue;
            };
            let name = exception.name.text.clone();
            let value = match self.provision(&name) {
                Some(provision) => self.builder.mark(provision, value),
                None => value,
            };
            ready.push(Ready {
                rule: ir::Rule {
                    kind: ir::RuleKind::Exception,
                    name: name.clone(),
                    guard: Some(guard),
                    value: Some(value),
                    cites: cites.clone(),
                },
                exception: ir::Exception {
                    name,
                    guard,
                    value,
                    cites,
                },
                span: exception.name.span,
            });
        }
        if ready.is_empty() {
            return None;
        }
        let beats = self.ranking(&ready);
        self.clashes(&ready, &beats);
        let exceptions = ready.iter().map(|ready| ready.exception.clone()).collect();
        let rules = ready.into_iter().map(|ready| ready.rule).collect();
        let op = Op::Override {
            base: base.node,
            exceptions,
            beats,
        };
        Some((self.builder.add(op, base.ty.clone()), rules))
    }

    /// (winner, loser) pairs from `prevails over`, transitively closed.
    fn ranking(&mut self, ready: &[Ready]) -> Vec<(u32, u32)> {
        let position = |name: &ast::Name| {
            ready
                .iter()
                .position(|ready| ready.exception.name == name.text)
                .map(|at| at as u32)
        };
        let mut beats: Vec<(u32, u32)> = Vec::new();
        for prevails in &self.symbols.prevails {
            if let (Some(winner), Some(loser)) =
                (position(&prevails.winner), position(&prevails.loser))
            {
                beats.push((winner, loser));
            }
        }
        loop {
            let mut more = Vec::new();
            for (a, b) in &beats {
                for (c, d) in &beats {
                    if b == c && !beats.contains(&(*a, *d)) && !more.contains(&(*a, *d)) {
                        more.push((*a, *d));
                    }
                }
            }
            if more.is_empty() {
                break;
            }
            beats.extend(more);
        }
        if let Some((at, _)) = beats.iter().find(|(a, b)| a == b)
            && let Some(first) = ready.get(*at as usize)
        {
            let (name, span) = (first.exception.name.clone(), first.span);
            self.report(
                Diagnostic::new(
                    Code::PrevailsCycle,
                    span,
                    format!("`{name}` prevails over itself"),
                )
                .help("remove one of the `prevails over` lines that lead back to it"),
            );
        }
        beats.sort_unstable();
        beats.dedup();
        beats
    }

    /// Two exceptions that nothing ranks must never apply together with different values.
    fn clashes(&mut self, ready: &[Ready], beats: &[(u32, u32)]) {
        for (at, first) in ready.iter().enumerate() {
            for (other, second) in ready.iter().enumerate().skip(at + 1) {
                let pair = (at as u32, other as u32);
                if beats.contains(&pair) || beats.contains(&(pair.1, pair.0)) {
                    continue;
                }
                let side = |ready: &Ready| Side {
                    name: ready.exception.name.clone(),
                    scope: None,
                    guard: Some(ready.exception.guard),
                    value: ready.exception.value,
                    span: ready.span,
                };
                self.obligations.push(Obligation::Disjoint {
                    a: side(first),
                    b: side(second),
                    kind: DisjointKind::Exceptions,
                });
            }
        }
    }

    /// Reports changes to what is not there.
    pub(super) fn check_amends(&mut self) {
        let symbols = self.symbols;
        for (amend, _) in &symbols.amends {
            let kind = self.kind_at(amend.target.span);
            if matches!(
                kind,
                Some(SymbolKind::Requirements(_) | SymbolKind::Table(_))
            ) {
                continue;
            }
            let known = symbols
                .list
                .iter()
                .filter(|symbol| {
                    matches!(
                        symbol.kind,
                        SymbolKind::Requirements(_) | SymbolKind::Table(_)
                    )
                })
                .map(|symbol| symbol.name.text.as_str());
            self.unknown(Unknown::new(&amend.target, Sought::Amended, known));
        }
    }

    /// Reports rankings of exceptions that do not exist.
    pub(super) fn check_prevails(&mut self) {
        let symbols = self.symbols;
        for prevails in &symbols.prevails {
            for name in [&prevails.winner, &prevails.loser] {
                if matches!(self.kind_at(name.span), Some(SymbolKind::Exception(_))) {
                    continue;
                }
                let known = symbols
                    .list
                    .iter()
                    .filter(|symbol| matches!(symbol.kind, SymbolKind::Exception(_)))
                    .map(|symbol| symbol.name.text.as_str());
                self.unknown(Unknown::new(name, Sought::Exception, known));
            }
        }
    }
}
