//! Files → symbols: every declaration by its name, once.

use super::references::Meaning;
use super::unknown::{Reported, Sought, Unknown};
use super::{
    CELL_RESULTS, DUTY_STATES, Dependencies, Excepting, NOBODY, Symbol, SymbolKind, Symbols,
    WEEKDAYS, resolve, target_name,
};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::syntax::ast::{self, DeclarationKind as Kind};
use indexmap::IndexMap;
use polc_runtime::ir;
use std::collections::HashSet;

/// Collects the declarations of all files.
pub fn collect<'a>(files: &'a [ast::File], diagnostics: &mut Diagnostics) -> Symbols<'a> {
    let mut collector = Collector {
        symbols: Symbols::default(),
        sources: IndexMap::new(),
        diagnostics,
    };
    let unread = |finding: &Diagnostic| {
        use Code::{CannotRead, FileTooLarge, NotUtf8};
        matches!(finding.code, CannotRead | FileTooLarge | NotUtf8)
    };
    collector.symbols.incomplete = collector.diagnostics.iter().any(unread);
    collector.symbols.broken = files.iter().flat_map(|file| &file.broken).collect();
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        match named(&declaration.kind) {
            Some((name, kind)) => collector.named(name, kind, declaration),
            None => collector.unnamed(declaration),
        }
    }
    let mut symbols = collector.symbols;
    targets(&mut symbols);
    symbols.values = values(files);
    let (references, reads) = resolve::resolve(files, &symbols);
    symbols.references = references;
    check_cites(files, &symbols, diagnostics);
    symbols.dependencies = Dependencies::new(&symbols, reads, diagnostics);
    symbols
}

/// What a declaration declares, if expressions can reach it.
fn named(kind: &Kind) -> Option<(&ast::Name, SymbolKind<'_>)> {
    Some(match kind {
        Kind::Fact(item) => (&item.name, SymbolKind::Fact(item)),
        Kind::Judgement(item) => (&item.name, SymbolKind::Judgement(item)),
        Kind::Grants(item) => (&item.name, SymbolKind::Grants(item)),
        Kind::Value(item) => (&item.name, SymbolKind::Value(item)),
        Kind::Define(item) => (&item.name, SymbolKind::Define(item)),
        Kind::Table(item) => (&item.name, SymbolKind::Table(item)),
        Kind::Requirements(item) => (&item.name, SymbolKind::Requirements(item)),
        Kind::Waiver(item) => (&item.name, SymbolKind::Waiver(item)),
        Kind::Exception(item) => (&item.name, SymbolKind::Exception(item)),
        Kind::Schedule(item) => (&item.name, SymbolKind::Schedule(item)),
        Kind::Lifecycle(item) => (&item.name, SymbolKind::Lifecycle(item)),
        Kind::Obligations(item) => (&item.name, SymbolKind::Obligations(item)),
        Kind::Duty(item) => (&item.name, SymbolKind::Duty(item)),
        Kind::Order(item) => (&item.name, SymbolKind::Order(item)),
        Kind::Program(_)
        | Kind::Module(_)
        | Kind::Use(_)
        | Kind::Source(_)
        | Kind::Enum(_)
        | Kind::Record(_)
        | Kind::Amend(_)
        | Kind::Prevails(_)
        | Kind::Reading(_)
        | Kind::Tests(_) => return None,
    })
}

/// Finds what exceptions and amendments go to; what goes nowhere is reported where it is read.
fn targets(symbols: &mut Symbols) {
    for (exception, symbol) in symbols.list.iter().enumerate() {
        let SymbolKind::Exception(declared) = symbol.kind else {
            continue;
        };
        let name = target_name(&declared.target.text);
        let (whole, part) = match name.split_once('.') {
            Some((whole, part)) => (whole, Some(part)),
            None => (name, None),
        };
        if let Some(target) = symbols.by_name.get(whole) {
            let found = Excepting { exception, part };
            symbols.exceptions.entry(*target).or_default().push(found);
        }
    }
    for (at, (amend, _)) in symbols.amends.iter().enumerate() {
        if let Some(target) = symbols.by_name.get(amend.target.text.as_str()) {
            symbols.amended.entry(*target).or_default().push(at);
        }
    }
}

struct Collector<'a, 'd> {
    symbols: Symbols<'a>,
    /// Where each source is declared.
    sources: IndexMap<&'a str, Span>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Collector<'a, '_> {
    fn named(
        &mut self,
        name: &'a ast::Name,
        kind: SymbolKind<'a>,
        declaration: &'a ast::Declaration,
    ) {
        if matches!(name.text.as_str(), "as_of" | "cell" | "id" | "note") {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::ReservedName,
                    name.span,
                    format!("`{}` has a meaning of its own", name.text),
                )
                .help("choose another name"),
            );
            return;
        }
        let symbols = &mut self.symbols;
        if let Some(first) = symbols.get(&name.text) {
            let found = duplicate(kind.word(), name, first.name.span);
            self.diagnostics.push(found);
            return;
        }
        let id = symbols.list.len();
        symbols.by_name.insert(&name.text, id);
        symbols.list.push(Symbol {
            name,
            kind,
            declaration,
        });
    }

    fn unnamed(&mut self, declaration: &'a ast::Declaration) {
        let symbols = &mut self.symbols;
        if matches!(
            declaration.kind,
            Kind::Program(_) | Kind::Enum(_) | Kind::Record(_)
        ) {
            symbols.type_cites.push(&declaration.cites);
        }
        match &declaration.kind {
            Kind::Program(program) => match symbols.program {
                Some(first) => {
                    let found = duplicate("program", &program.name, first.name.span);
                    self.diagnostics.push(found);
                }
                None => symbols.program = Some(program),
            },
            Kind::Source(source) => self.source(source),
            Kind::Enum(item) => self.enumeration(item),
            Kind::Record(record) => {
                if self.is_free(&record.name) {
                    self.symbols.records.insert(&record.name.text, record);
                }
            }
            Kind::Amend(amend) => symbols.amends.push((amend, declaration)),
            Kind::Prevails(prevails) => symbols.prevails.push(prevails),
            Kind::Reading(reading) => match symbols.readings.get(reading.name.text.as_str()) {
                Some((first, _)) => {
                    let found = duplicate("reading", &reading.name, first.name.span);
                    self.diagnostics.push(found);
                }
                None => {
                    let entry = (reading, declaration);
                    symbols.readings.insert(&reading.name.text, entry);
                }
            },
            Kind::Tests(tests) => symbols.tests.push(tests),
            Kind::Module(_)
            | Kind::Use(_)
            | Kind::Fact(_)
            | Kind::Judgement(_)
            | Kind::Grants(_)
            | Kind::Value(_)
            | Kind::Define(_)
            | Kind::Table(_)
            | Kind::Requirements(_)
            | Kind::Waiver(_)
            | Kind::Exception(_)
            | Kind::Schedule(_)
            | Kind::Lifecycle(_)
            | Kind::Obligations(_)
            | Kind::Duty(_)
            | Kind::Order(_) => {}
        }
    }

    /// Whether no type has this name; reports it when one has.
    fn is_free(&mut self, name: &ast::Name) -> bool {
        let word = name.text.as_str();
        let taken = self.symbols.enums.get(word).map(|(_, span)| *span);
        let taken = taken.or(self.symbols.records.get(word).map(|it| it.name.span));
        let found = taken.map(|first| duplicate("type", name, first));
        found.map(|found| self.diagnostics.push(found)).is_none()
    }

    fn enumeration(&mut self, item: &'a ast::Enum) {
        if !self.is_free(&item.name) {
            return;
        }
        for (at, value) in item.values.iter().enumerate() {
            let mut before = item.values.iter().take(at);
            if let Some(first) = before.find(|other| other.text == value.text) {
                self.diagnostics.push(duplicate("value", value, first.span));
            }
        }
        self.symbols
            .enums
            .insert(&item.name.text, (item, item.name.span));
    }

    fn source(&mut self, source: &'a ast::Source) {
        let name = &source.name;
        if let Some(first) = self.sources.insert(&name.text, name.span) {
            self.diagnostics.push(duplicate("source", name, first));
        }
        for clause in &source.clauses {
            if let Some((_, first)) = self.symbols.clauses.get(&clause.id.text) {
                self.diagnostics
                    .push(duplicate("clause", &clause.id, *first));
                continue;
            }
            let treatment = match &clause.treatment {
                _ if source.external => ir::Treatment::External,
                ast::Treatment::Encoded => ir::Treatment::Encoded,
                ast::Treatment::Informational => ir::Treatment::Informational,
                ast::Treatment::LeftOut(why) => ir::Treatment::LeftOut(why.clone()),
            };
            let entry = ir::Clause {
                id: clause.id.text.clone(),
                source: name.text.clone(),
                title: source.title.clone(),
                section: clause.section.clone(),
                text: clause.text.clone(),
                treatment,
            };
            let clauses = &mut self.symbols.clauses;
            clauses.insert(clause.id.text.clone(), (entry, clause.id.span));
        }
    }
}

/// Values of enumerations: of declared ones, of judgements, of lifecycles, and of the built-in ones.
fn values(files: &[ast::File]) -> HashSet<&str> {
    let mut words: Vec<&ast::Name> = Vec::new();
    fn judged(values: &ast::JudgementValues) -> &[ast::Name] {
        match values {
            ast::JudgementValues::Words(words) => words,
            ast::JudgementValues::Type(_) => &[],
        }
    }
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        if let ast::DeclarationKind::Enum(item) = &declaration.kind {
            words.extend(&item.values);
        } else if let ast::DeclarationKind::Judgement(item) = &declaration.kind {
            words.extend(judged(&item.values));
            // Lifecycles wait for those who decide.
            words.push(&item.by);
        } else if let ast::DeclarationKind::Record(record) = &declaration.kind {
            for field in &record.fields {
                if let ast::FieldInput::Judgement { values, by } = &field.input {
                    words.extend(judged(values));
                    words.push(by);
                }
            }
        } else if let ast::DeclarationKind::Lifecycle(lifecycle) = &declaration.kind {
            for state in &lifecycle.states {
                words.push(&state.name);
                words.extend(&state.waits_for);
            }
        }
    }
    words
        .into_iter()
        .map(|name| name.text.as_str())
        .chain(CELL_RESULTS)
        .chain(DUTY_STATES)
        .chain(WEEKDAYS)
        .chain([NOBODY])
        .collect()
}

fn duplicate(what: &str, name: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        name.span,
        format!("the {what} `{}` is declared twice", name.text),
    )
    .at("declared again here")
    .label(first, "first declared here")
    .help("rename one of them, or remove it")
}

/// Reports every citation of a clause that no source lists.
fn check_cites(files: &[ast::File], symbols: &Symbols, diagnostics: &mut Diagnostics) {
    let mut reported = Reported::default();
    let mut check = |names: &[ast::Name]| {
        for name in names {
            if let Some(Meaning::Clause(_)) = symbols.references.at_place(name.span) {
                continue;
            }
            let unknown = Unknown::new(name, Sought::Clause, symbols.clauses.keys());
            if let Some(finding) = reported.once(unknown, symbols) {
                diagnostics.push(finding);
            }
        }
    };
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        check(&declaration.cites);
        declaration.kind.each_part(&mut |_, part| {
            if let ast::Part::Cites(cites) = part {
                check(cites);
            }
        });
    }
}
