//! Rules that cite nothing, in a program that lists its sources.
//!
//! A line that decides (a case, a row, a version, a way out of a state) is a rule; a header that cites does so for
//! all its lines. A `define` is a step of the rules that read it, so what they cite covers it, and a name
//! for one expression says no more than what the expression reads.

use super::Elaborator;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Dependencies, SymbolId, SymbolKind};
use crate::source::Span;
use crate::syntax::ast::{self, Name};
use polc_runtime::ir::Treatment;

/// The rules of a declaration: their citations and places. A header that cites does so for all of them.
struct Rules<'a> {
    header: &'a [Name],
    lines: Vec<(&'a [Name], Span)>,
    /// A name for one expression.
    plain: bool,
}

impl<'a> Rules<'a> {
    fn of(kind: SymbolKind<'a>, declaration: &'a ast::Declaration) -> Self {
        let mut rules = Rules {
            header: &declaration.cites,
            lines: Vec::new(),
            plain: false,
        };
        match kind {
            SymbolKind::Value(value) => {
                let all = value.versions.iter();
                rules.add(all.map(|line| (&line.cites, line.span)));
            }
            SymbolKind::Define(define) => rules.body(define),
            SymbolKind::Requirements(grid) => {
                rules.add(grid.rows.iter().map(|line| (&line.cites, line.span)));
            }
            SymbolKind::Waiver(waiver) => {
                rules.add(waiver.lifts.iter().map(|line| (&line.cites, line.span)));
            }
            SymbolKind::Table(table) => {
                rules.add(table.rows.iter().map(|line| (&line.cites, line.span)));
            }
            SymbolKind::Lifecycle(lifecycle) => {
                let everywhere = lifecycle.everywhere.iter();
                rules.add(everywhere.map(|line| (&line.cites, line.span)));
                for state in &lifecycle.states {
                    let cites = |line: &'a ast::Transition| match line.cites.is_empty() {
                        true => (&state.cites, line.span),
                        false => (&line.cites, line.span),
                    };
                    rules.add(state.lines.iter().map(cites));
                }
            }
            SymbolKind::Obligations(obligations) => {
                let all = obligations.rules.iter();
                rules.add(all.map(|line| (&line.cites, line.span)));
            }
            SymbolKind::Order(order) => {
                rules.add(order.rules.iter().map(|line| (&line.cites, line.span)));
            }
            SymbolKind::Exception(exception) => rules.lines.push((&[], exception.name.span)),
            SymbolKind::Schedule(schedule) => rules.lines.push((&[], schedule.name.span)),
            SymbolKind::Duty(duty) => rules.lines.push((&[], duty.name.span)),
            SymbolKind::Fact(_) | SymbolKind::Judgement(_) | SymbolKind::Grants(_) => {}
        }
        rules
    }

    fn add(&mut self, lines: impl Iterator<Item = (&'a Vec<Name>, Span)>) {
        self.lines
            .extend(lines.map(|(cites, span)| (cites.as_slice(), span)));
    }

    fn body(&mut self, define: &'a ast::Define) {
        match &define.body {
            ast::Body::Expr(_) => {
                self.plain = true;
                self.lines.push((&[], define.name.span));
            }
            ast::Body::Cases(cases) => self.cases(cases),
            ast::Body::Reading { alternatives, .. } => {
                // One rule, read in different ways: the clause is the same.
                let mut lines = alternatives.iter();
                let cited = lines.clone().find(|line| !line.cites.is_empty());
                if let Some(line) = cited.or(lines.next()) {
                    self.lines.push((&line.cites, line.span));
                }
            }
        }
    }

    fn cases(&mut self, cases: &'a [ast::Case]) {
        for case in cases {
            match &case.kind {
                ast::CaseKind::Block { cases, .. } if case.cites.is_empty() => self.cases(cases),
                ast::CaseKind::Block { .. } | ast::CaseKind::Value { .. } => {
                    self.lines.push((&case.cites, case.span));
                }
                // It says why in its own words.
                ast::CaseKind::NotApplicable { .. } => {}
            }
        }
    }

    fn cites(&self) -> bool {
        !self.header.is_empty() || self.lines.iter().any(|(cites, _)| !cites.is_empty())
    }

    /// The lines that nothing of the declaration gives a citation.
    fn uncited(&self) -> Vec<Span> {
        let lines = self.lines.iter();
        let open = lines.filter(|(cites, _)| cites.is_empty() && self.header.is_empty());
        open.map(|(_, span)| *span).collect()
    }
}

impl Elaborator<'_, '_> {
    /// Warns of rules that cite nothing: one finding for each declaration.
    pub(super) fn uncited_rules(&mut self) {
        let symbols = self.symbols;
        let listed = |treatment: &Treatment| !matches!(treatment, Treatment::External);
        let mut clauses = symbols.clauses.values();
        if !clauses.any(|(clause, _)| listed(&clause.treatment)) {
            return;
        }
        let all: Vec<Rules> = symbols
            .list
            .iter()
            .map(|symbol| Rules::of(symbol.kind, symbol.declaration))
            .collect();
        let cites = |id: &SymbolId| all.get(*id).is_some_and(Rules::cites);
        let (cited, reads) = ((0..all.len()).filter(cites), &symbols.dependencies);
        let read_by_cited = reads.reach(cited.clone(), Dependencies::reads);
        let reading_cited = reads.reach(cited, Dependencies::readers);
        let mut found: Vec<(String, Vec<Span>)> = Vec::new();
        for (id, (rules, symbol)) in all.iter().zip(&symbols.list).enumerate() {
            let is_step = matches!(symbol.kind, SymbolKind::Define(define) if !define.decision);
            let covered = is_step && read_by_cited.contains(&id)
                || rules.plain && reading_cited.contains(&id);
            if !covered {
                let name = format!("{} `{}`", symbol.kind.word(), symbol.name.text);
                found.push((name, rules.uncited()));
            }
        }
        for (amend, declaration) in &symbols.amends {
            let lines = amend.changes.iter().filter(|line| line.cites.is_empty());
            let lines = lines.map(|line| line.span).collect();
            if declaration.cites.is_empty() {
                found.push((format!("amendment of `{}`", amend.target.text), lines));
            }
        }
        for (name, lines) in found {
            self.uncited(&name, &lines);
        }
    }

    fn uncited(&mut self, name: &str, lines: &[Span]) {
        let Some((first, rest)) = lines.split_first() else {
            return;
        };
        let mut found = Diagnostic::new(
            Code::UncitedRule,
            *first,
            format!("a rule of the {name} cites no clause"),
        )
        .help("write `cite CLAUSE` at the end of the line, or on the header for all its lines");
        for line in rest.iter().take(2) {
            found = found.label(*line, "and this one");
        }
        self.diagnostics.push(found);
    }
}
