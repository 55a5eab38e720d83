//! What nothing uses: facts, clauses, values, definitions, tables, schedules, readings, values of enumerations.

use super::Elaborator;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast;
use indexmap::IndexSet;
use polc_runtime::ir::{self, Const, Node, Op, Type};

impl Elaborator<'_, '_> {
    /// Warns of what nothing uses: facts no rule reads, clauses no rule cites, names nothing asks for.
    pub(super) fn unused(&mut self) {
        self.unused_facts();
        self.uncited_clauses();
        self.unused_names();
        self.unused_readings();
        self.unused_values();
        self.uncited_rules();
    }

    fn unused_facts(&mut self) {
        for symbol in &self.symbols.list {
            let SymbolKind::Judgement(judgement) = symbol.kind else {
                continue;
            };
            for item in &judgement.evidence {
                match self.symbol_at(item.span).and_then(|id| self.fact_of(id)) {
                    Some(id) => {
                        self.used.facts.insert(id);
                    }
                    None => {
                        let known = self.inputs.facts.iter().map(|fact| &fact.name);
                        self.unknown(Unknown::new(item, Sought::Fact, known));
                    }
                }
            }
        }
        for (id, symbol) in self.symbols.list.iter().enumerate() {
            // Those who may grant need not.
            let meant = !matches!(symbol.kind, SymbolKind::Grants(_))
                && !matches!(symbol.kind, SymbolKind::Fact(fact) if fact.published || fact.stated_nowhere || fact.informational);
            let fact = self.fact_of(id).filter(|_| meant);
            if fact.is_some_and(|id| !self.used.facts.contains(&id)) {
                let name = symbol.name;
                self.report(
                    Diagnostic::new(
                        Code::UnusedFact,
                        name.span,
                        format!("no rule reads the {} `{}`", symbol.kind.word(), name.text),
                    )
                    .help("use it in a rule, name it as `evidence` of a judgement, or remove it"),
                );
            }
        }
    }

    fn uncited_clauses(&mut self) {
        for (at, (clause, span)) in self.symbols.clauses.values().enumerate() {
            if clause.treatment == ir::Treatment::Encoded
                && !self.used.clauses.contains(&(at as u32))
            {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::UncitedClause,
                        *span,
                        format!("no rule cites the clause `{}`", clause.id),
                    )
                    .help("cite it where it is encoded, or mark it `informational` or `left out because \"…\"`"),
                );
            }
        }
    }

    /// Values, definitions, tables and schedules that no other declaration and no test asks for.
    fn unused_names(&mut self) {
        let tests = self.symbols.tests.iter();
        let tested: IndexSet<&str> = tests.flat_map(|tests| tested(tests)).collect();
        for (id, symbol) in self.symbols.list.iter().enumerate() {
            let help = match symbol.kind {
                SymbolKind::Define(define) if define.decision => continue,
                SymbolKind::Define(_) => {
                    "use it in a rule, make it a `decision` if it is an answer, or remove it"
                }
                SymbolKind::Value(_) | SymbolKind::Table(_) | SymbolKind::Schedule(_) => {
                    "use it in a rule, or remove it"
                }
                SymbolKind::Fact(_)
                | SymbolKind::Judgement(_)
                | SymbolKind::Grants(_)
                | SymbolKind::Requirements(_)
                | SymbolKind::Waiver(_)
                | SymbolKind::Exception(_)
                | SymbolKind::Lifecycle(_)
                | SymbolKind::Obligations(_)
                | SymbolKind::Duty(_)
                | SymbolKind::Order(_) => continue,
            };
            if self.symbols.dependencies.readers(id).is_empty()
                && !tested.contains(symbol.name.text.as_str())
            {
                let message = format!(
                    "no rule uses the {} `{}`",
                    symbol.kind.word(),
                    symbol.name.text
                );
                let found = Diagnostic::new(Code::UnusedName, symbol.name.span, message);
                self.diagnostics.push(found.help(help));
            }
        }
    }

    /// Readings that no rule is written under.
    fn unused_readings(&mut self) {
        for (at, (reading, _)) in self.symbols.readings.values().enumerate() {
            if !self.used.readings.contains(&(at as ir::ReadingId)) {
                let message = format!("no rule depends on the reading `{}`", reading.name.text);
                let found = Diagnostic::new(Code::UnusedName, reading.name.span, message);
                self.diagnostics.push(found.help(format!(
                    "write `by reading {0}` or `under {0} ALTERNATIVE` where the readings part, or remove it",
                    reading.name.text
                )));
            }
        }
    }

    /// Values of enumerations that no rule gives or asks about, where no fact can have them either.
    fn unused_values(&mut self) {
        let mut given: IndexSet<ir::EnumId> = IndexSet::new();
        for fact in &self.inputs.facts {
            self.given_by(&fact.ty, &mut given);
        }
        // A list of what is not kept says `must` and `should`, whichever of them its rules need.
        for symbol in &self.symbols.list {
            if let SymbolKind::Obligations(obligations) = symbol.kind
                && let Some(record) = self.record_at(obligations.record.span)
                && let Some(record) = self.types.records.get(record as usize)
                && let Some(modality) = record.fields.get(1)
            {
                self.given_by(&modality.ty, &mut given);
            }
        }
        let named = named(&self.builder.nodes);
        let mut list: Vec<Span> = Vec::new();
        for (at, (item, _)) in self.symbols.enums.values().enumerate() {
            // The one of cells comes first.
            let id = at as ir::EnumId + 1;
            if given.contains(&id) {
                continue;
            }
            let values = item.values.iter().enumerate();
            let unused = values.filter(|(at, _)| !named.contains(&(id, *at as u32)));
            let unused: Vec<Span> = unused.map(|(_, value)| value.span).collect();
            // One mistake is one finding.
            match unused.len() == item.values.len() {
                true => list.push(item.name.span),
                false => list.extend(unused),
            }
        }
        for span in list {
            let message = format!("no rule gives or asks about `{}`", self.written.at(span));
            let found = Diagnostic::new(Code::UnusedName, span, message);
            self.diagnostics
                .push(found.help("use it in a rule, or remove it"));
        }
    }

    /// The enumerations that a value of this type may come from facts with.
    fn given_by(&self, ty: &Type, given: &mut IndexSet<ir::EnumId>) {
        let mut todo = vec![ty];
        let mut records: IndexSet<ir::RecordId> = IndexSet::new();
        while let Some(ty) = todo.pop() {
            todo.extend(ty.inner());
            if let Type::Enum(id) = ty {
                given.insert(*id);
            }
            if let Type::Record(id) = ty
                && records.insert(*id)
                && let Some(record) = self.types.record(ty)
            {
                todo.extend(record.fields.iter().map(|field| &field.ty));
            }
        }
    }
}

/// Every value of an enumeration that stands in a node.
fn named(nodes: &[Node]) -> IndexSet<(ir::EnumId, u32)> {
    let mut found = IndexSet::new();
    for node in nodes {
        let Op::Const(value) = &node.op else { continue };
        let mut todo = vec![(value, &node.ty)];
        while let Some((value, mut ty)) = todo.pop() {
            while let Type::Optional(inner) = ty {
                ty = inner;
            }
            match (value, ty) {
                (Const::Enum(at), Type::Enum(id)) => {
                    found.insert((*id, *at));
                }
                (Const::List(values), Type::List(item) | Type::Set(item)) => {
                    todo.extend(values.iter().map(|value| (value, item.as_ref())));
                }
                _ => {}
            }
        }
    }
    found
}

/// The names that a block of tests expects something of.
fn tested(tests: &ast::Tests) -> Vec<&str> {
    let lines = tests.expects.iter().map(|(column, _)| column);
    let expected = tests.columns.iter().chain(lines).filter_map(|column| {
        let ast::TestColumn::Expect(name) = column else {
            return None;
        };
        name.text.split('.').next()
    });
    expected.collect()
}
