//! Symbols → typed kernel: every form is checked and lowered to nodes in one walk.
//!
//! In: [`Symbols`] without duplicates or cycles. Out: an [`ir::Program`] and the [`Obligation`]s that the
//! analysis must prove. After it every node has a type, units agree, dates are half-open periods and no
//! surface form is left. A surface form has no type but that of its kernel term, so checking it and
//! lowering it are one step.

mod amend;
mod applicable;
mod arithmetic;
mod builder;
pub(crate) mod currency;
mod declare;
mod define;
mod duties;
mod exception;
mod expr;
mod grid;
mod grid_query;
mod idle;
mod in_force;
mod left;
mod lifecycle;
mod lists;
mod marginal;
mod mixed;
mod narrow;
mod period;
mod provisions;
mod row_names;
mod schedule;
mod table;
mod time;
mod types;
mod uncited;
mod unused;
mod waiver;
mod words;

use crate::analysis::Obligation;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::names::{
    Meaning, References, Reported, Sought, SymbolId, SymbolKind, Symbols, Unknown, cycle,
};
use crate::source::{Sources, Span};
use crate::syntax::ast;
use builder::Builder;
use indexmap::{IndexMap, IndexSet};
use polc_runtime::ir::{self, NodeId, Op, Type};

/// What came of elaboration.
#[derive(Debug)]
pub struct Elaborated {
    /// The program; only to be used when nothing was reported as an error.
    pub program: ir::Program,
    /// What remains to be proved.
    pub obligations: Vec<Obligation>,
    /// Where each provision of the program stands.
    pub places: Vec<Span>,
    /// What words mean, where types tell.
    pub settled: References,
}

/// A node and the type it has here (narrower than the node's own after a test for none).
#[derive(Debug, Clone, PartialEq)]
struct Typed {
    node: NodeId,
    ty: Type,
}

impl Typed {
    fn bool(node: NodeId) -> Self {
        Typed {
            node,
            ty: Type::Bool,
        }
    }
}

/// A definition being collected, before source order is restored.
#[derive(Debug, Clone)]
struct Defined {
    typed: Typed,
    definition: Option<ir::Definition>,
}

/// Declarations being read inside each other, through words that could have been values of an enumeration.
const MAX_NESTED: usize = 64;

struct Elaborator<'s, 'a> {
    symbols: &'s Symbols<'a>,
    sources: &'s Sources,
    diagnostics: &'s mut Diagnostics,
    builder: Builder,
    /// What can be cited: first the named declarations, then parts of them.
    provisions: Vec<ir::Provision>,
    /// Where each of them stands.
    places: Vec<Span>,
    /// While types and inputs are declared no name has a value.
    declaring: bool,
    /// Amendments that were reported as clashing, by their lines.
    clashes: Vec<(Span, Span)>,
    enums: Vec<ir::Enum>,
    /// Where the values of each enumeration are declared.
    value_places: Vec<Vec<Span>>,
    /// The enumeration of how duties stand, once something asks for it.
    duty_states: Option<ir::EnumId>,
    records: Vec<ir::Record>,
    /// Where the fields of each record are declared.
    field_places: Vec<Vec<Span>>,
    facts: Vec<ir::Fact>,
    fact_ids: IndexMap<SymbolId, ir::FactId>,
    readings: Vec<ir::Reading>,
    schedules: Vec<ir::Schedule>,
    schedule_ids: IndexMap<SymbolId, ir::ScheduleId>,
    waivers: IndexMap<SymbolId, waiver::Lowered>,
    grids: IndexMap<SymbolId, grid::Lowered>,
    defined: IndexMap<SymbolId, Defined>,
    lifecycles: IndexMap<SymbolId, lifecycle::Lowered>,
    /// Plans in a valid order, by their order.
    orders: IndexMap<SymbolId, Typed>,
    /// Named items of enclosing `for each`.
    locals: Vec<(ast::Name, Typed)>,
    /// Items that `.field` means; the innermost is last.
    items: Vec<Typed>,
    /// Nodes known not to be none here.
    narrowed: Vec<NodeId>,
    /// What `cell` means here.
    cell: Option<Typed>,
    /// A condition before this place could not be read: what is known not to be none is not certain.
    uncertain: bool,
    /// What words mean, where types tell.
    settled: References,
    /// Names that have been reported as unknown.
    reported: Reported,
    /// In a grid a `none` operand fails the test instead of being an error.
    lenient: bool,
    /// Declarations whose reading has begun.
    begun: IndexSet<SymbolId>,
    /// Declarations being read and those that wait for them, the innermost last.
    open: Vec<SymbolId>,
    /// How many were begun inside another.
    nested: usize,
    used: IndexSet<ir::FactId>,
    cited: IndexSet<ir::ClauseId>,
    readings_used: IndexSet<ir::ReadingId>,
    obligations: Vec<Obligation>,
    idle: idle::Idle,
    row_names: row_names::RowNames,
    /// Conditions that decide whether something counts, and where they are.
    guards: Vec<(NodeId, Span)>,
    /// The nodes of values that are not in force before a day.
    starts: IndexMap<NodeId, polc_runtime::value::Date>,
}

/// Checks and lowers a program.
pub fn elaborate(
    symbols: &Symbols,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Elaborated {
    let (provisions, places) = provisions::of_symbols(symbols, sources);
    let mut elaborator = Elaborator {
        symbols,
        sources,
        diagnostics,
        builder: Builder::default(),
        provisions,
        places,
        declaring: false,
        clashes: Vec::new(),
        enums: Vec::new(),
        value_places: Vec::new(),
        duty_states: None,
        records: Vec::new(),
        field_places: Vec::new(),
        facts: Vec::new(),
        fact_ids: IndexMap::new(),
        readings: Vec::new(),
        schedules: Vec::new(),
        schedule_ids: IndexMap::new(),
        waivers: IndexMap::new(),
        grids: IndexMap::new(),
        defined: IndexMap::new(),
        lifecycles: IndexMap::new(),
        orders: IndexMap::new(),
        locals: Vec::new(),
        items: Vec::new(),
        narrowed: Vec::new(),
        cell: None,
        uncertain: false,
        settled: References::default(),
        reported: Reported::default(),
        lenient: false,
        begun: IndexSet::new(),
        open: Vec::new(),
        nested: 0,
        used: IndexSet::new(),
        cited: IndexSet::new(),
        readings_used: IndexSet::new(),
        obligations: Vec::new(),
        idle: idle::Idle::default(),
        row_names: row_names::RowNames::default(),
        guards: Vec::new(),
        starts: IndexMap::new(),
    };
    for cites in &symbols.type_cites {
        let _ = elaborator.cite(cites);
    }
    elaborator.declaring = true;
    elaborator.declare();
    elaborator.declaring = false;
    // Which alternative a reading chooses makes no rule depend on it.
    elaborator.readings_used.clear();
    elaborator.check_prevails();
    elaborator.check_amends();
    for id in &symbols.dependencies.order {
        elaborator.demand(*id);
    }
    elaborator.finish()
}

impl<'a> Elaborator<'_, 'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a name that means nothing, once.
    fn unknown(&mut self, unknown: Unknown) {
        if let Some(finding) = self.reported.once(unknown, self.symbols) {
            self.diagnostics.push(finding);
        }
    }

    /// Reads a declaration, after all that it certainly needs, unless that is done.
    fn demand(&mut self, id: SymbolId) {
        let symbols = self.symbols;
        let done = |id: SymbolId| self.begun.contains(&id);
        let open = |id: SymbolId| self.open.contains(&id);
        let (before, ways) = symbols.dependencies.before(id, &done, &open);
        for way in ways {
            self.circle(&way);
        }
        for next in before {
            let Some(symbol) = symbols.list.get(next) else {
                continue;
            };
            // All on the way to it wait for it.
            let waiting = symbols.dependencies.way(id, next).unwrap_or_default();
            let depth = self.open.len();
            self.open.extend(waiting);
            if self.begun.insert(next) {
                self.symbol(symbol);
            }
            self.open.truncate(depth);
        }
    }

    /// Makes sure that what a word stands for is there: the order of declarations leaves out words that may be
    /// values. Reports the cycle when it is being read already.
    fn available(&mut self, id: SymbolId, span: Span) -> Option<()> {
        if self.open.contains(&id) {
            self.circle(&[id]);
            return None;
        }
        if self.begun.contains(&id) {
            return Some(());
        }
        if self.nested >= MAX_NESTED {
            self.report(
                Diagnostic::new(
                    Code::NestedTooDeep,
                    span,
                    format!(
                        "too many names that are values as well lead to `{}`",
                        self.symbols.name(id)
                    ),
                )
                .help(
                    "rename the definition, so that no value of an enumeration is called like it",
                ),
            );
            return None;
        }
        let outside = (
            std::mem::take(&mut self.locals),
            std::mem::take(&mut self.items),
            std::mem::take(&mut self.narrowed),
            self.cell.take(),
            std::mem::take(&mut self.lenient),
        );
        self.nested += 1;
        self.demand(id);
        self.nested -= 1;
        (
            self.locals,
            self.items,
            self.narrowed,
            self.cell,
            self.lenient,
        ) = outside;
        Some(())
    }

    /// Reports the cycle that a way back to a declaration being read closes.
    fn circle(&mut self, way: &[SymbolId]) {
        let Some((target, way)) = way.split_last() else {
            return;
        };
        let open = self.open.iter().position(|open| open == target);
        let inner = open.and_then(|at| self.open.get(at..)).unwrap_or_default();
        let mut path: Vec<SymbolId> = inner.iter().chain(way).copied().collect();
        path.dedup();
        let known = &self.symbols.dependencies.cyclic;
        if !path.iter().any(|id| known.contains(id)) {
            self.report(cycle(self.symbols, &path));
        }
    }

    fn symbol(&mut self, symbol: &crate::names::Symbol<'a>) {
        let cites = self.cite(&symbol.declaration.cites);
        match symbol.kind {
            SymbolKind::Fact(fact) => self.fact_body(fact),
            SymbolKind::Judgement(_) | SymbolKind::Grants(_) => {}
            SymbolKind::Value(value) => self.value(value, cites),
            SymbolKind::Define(define) => self.define(define, cites),
            SymbolKind::Table(table) => self.table(table, cites),
            SymbolKind::Requirements(grid) => self.grid(grid, cites),
            SymbolKind::Waiver(waiver) => self.waiver(waiver, cites),
            SymbolKind::Exception(exception) => self.exception_target(exception),
            SymbolKind::Schedule(schedule) => self.schedule_body(schedule),
            SymbolKind::Lifecycle(lifecycle) => {
                let label = lifecycle.label.clone().unwrap_or_default();
                self.lifecycle(lifecycle, cites, &label);
            }
            SymbolKind::Obligations(obligations) => self.obligations(obligations, cites),
            SymbolKind::Duty(duty) => self.duty(duty, cites),
            SymbolKind::Order(order) => self.order(order, cites),
        }
    }

    /// The clauses of a citation, remembered as cited.
    fn cite(&mut self, names: &[ast::Name]) -> Vec<ir::ClauseId> {
        let ids = self.symbols.cites(names);
        self.cited.extend(ids.iter().copied());
        ids
    }

    /// The words of the source, on one line, without their citations.
    fn text(&self, span: Span) -> String {
        let text = self.sources.text(span);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // Citations are printed as such, not as words of the rule.
        match words.rfind(" cite ") {
            Some(at) if !words.get(at..).unwrap_or_default().contains('"') => {
                words.get(..at).unwrap_or_default().to_owned()
            }
            _ => words,
        }
    }

    /// What a top-level name stands for in an expression.
    fn symbol_value(&mut self, id: SymbolId, span: Span) -> Option<Typed> {
        let symbol = self.symbols.list.get(id)?;
        let word = &symbol.name.text;
        if self.declaring {
            self.report(
                Diagnostic::new(
                    Code::NotConstant,
                    span,
                    "what stands here must be written out",
                )
                .label(
                    symbol.name.span,
                    "this name has no value yet when it is read",
                )
                .help("write the number, date or word itself"),
            );
            return None;
        }
        self.available(id, span)?;
        match symbol.kind {
            SymbolKind::Fact(_) | SymbolKind::Judgement(_) | SymbolKind::Grants(_) => {
                let fact = self.fact_of(id)?;
                self.used.insert(fact);
                let ty = self.facts.get(fact as usize)?.ty.clone();
                Some(self.make(Op::Fact(fact), ty))
            }
            SymbolKind::Value(_)
            | SymbolKind::Define(_)
            | SymbolKind::Table(_)
            | SymbolKind::Lifecycle(_)
            | SymbolKind::Obligations(_)
            | SymbolKind::Duty(_)
            | SymbolKind::Order(_) => {
                // Absent after an error in that definition, which has been reported there.
                self.defined.get(&id).map(|defined| defined.typed.clone())
            }
            SymbolKind::Requirements(_)
            | SymbolKind::Waiver(_)
            | SymbolKind::Exception(_)
            | SymbolKind::Schedule(_) => {
                let help = match symbol.kind {
                    SymbolKind::Requirements(_) => format!("write `highest SCALE meeting {word}`"),
                    SymbolKind::Schedule(_) => {
                        format!("write `DATE in {word}` or `next {word} on or after DATE`")
                    }
                    _ => "only facts, values, definitions, decisions and tables have a value"
                        .to_owned(),
                };
                let (declared, kind) = (symbol.name.span, symbol.kind.word());
                self.report(
                    Diagnostic::new(
                        Code::TypeMismatch,
                        span,
                        format!("`{word}` is a {kind}, which has no value of its own"),
                    )
                    .label(declared, "declared here")
                    .help(help),
                );
                None
            }
        }
    }

    fn fact_of(&self, id: SymbolId) -> Option<ir::FactId> {
        self.fact_ids.get(&id).copied()
    }

    /// What the word at a place means, if that needs no types.
    fn meaning(&self, place: Span) -> Option<Meaning> {
        self.symbols.references.at_place(place)
    }

    /// The declaration that the word at a place stands for, or declares.
    fn symbol_at(&self, place: Span) -> Option<SymbolId> {
        match self.meaning(place) {
            Some(Meaning::Symbol(id)) => Some(id),
            _ => None,
        }
    }

    /// The kind of declaration that the word at a place stands for.
    fn kind_at(&self, place: Span) -> Option<SymbolKind<'a>> {
        let symbol = self.symbols.list.get(self.symbol_at(place)?);
        symbol.map(|symbol| symbol.kind)
    }

    /// The enumeration that the word at a place stands for.
    fn enum_at(&mut self, place: Span) -> Option<ir::EnumId> {
        match self.meaning(place) {
            // The one of cells comes first.
            Some(Meaning::Enum(at)) => ir::EnumId::try_from(at + 1).ok(),
            Some(Meaning::CellResults) => Some(declare::CELL_RESULT),
            Some(Meaning::DutyStates) => Some(self.duty_states()),
            _ => None,
        }
    }

    /// The record that the word at a place stands for.
    fn record_at(&self, place: Span) -> Option<ir::RecordId> {
        match self.meaning(place) {
            Some(Meaning::Record(at)) => ir::RecordId::try_from(at).ok(),
            _ => None,
        }
    }

    /// A new enumeration, and where its values are declared.
    fn push_enum(&mut self, item: ir::Enum, places: Vec<Span>) -> ir::EnumId {
        let id = self.enums.len() as ir::EnumId;
        self.enums.push(item);
        self.value_places.push(places);
        id
    }

    /// A new record, and where its fields are declared.
    fn push_record(&mut self, record: ir::Record, places: Vec<Span>) -> ir::RecordId {
        let id = self.records.len() as ir::RecordId;
        self.records.push(record);
        self.field_places.push(places);
        id
    }

    /// Takes down that a word is a value of an enumeration.
    fn means_value(&mut self, place: Span, id: ir::EnumId, at: usize) {
        let declared = self
            .value_places
            .get(id as usize)
            .and_then(|all| all.get(at));
        self.means_what_is_at(place, declared.copied());
    }

    /// Takes down that a word is a field of a record.
    fn means_field(&mut self, place: Span, id: ir::RecordId, at: usize) {
        let declared = self
            .field_places
            .get(id as usize)
            .and_then(|all| all.get(at));
        self.means_what_is_at(place, declared.copied());
    }

    fn means_what_is_at(&mut self, place: Span, declared: Option<Span>) {
        let meaning = declared.and_then(|declared| {
            let later = self.settled.at_place(declared);
            later.or_else(|| self.meaning(declared))
        });
        self.settled.put(place, meaning.unwrap_or(Meaning::BuiltIn));
    }

    /// The guard `under R ALT`, or `yes` when nothing is written.
    fn under(&mut self, under: Option<&(ast::Name, ast::Name)>) -> Option<NodeId> {
        let Some((reading, alternative)) = under else {
            return Some(self.builder.bool(true));
        };
        let (id, at) = self.alternative(reading, alternative)?;
        Some(self.builder.add(Op::ReadingIs(id, at), Type::Bool))
    }

    fn reading_of(&mut self, name: &ast::Name) -> Option<ir::ReadingId> {
        let found = match self.meaning(name.span) {
            Some(Meaning::Reading(at)) => ir::ReadingId::try_from(at).ok(),
            _ => None,
        };
        self.readings_used.extend(found);
        if found.is_none() {
            let known = self.symbols.readings.keys();
            self.unknown(Unknown::new(name, Sought::Reading, known));
        }
        found
    }

    fn alternative(
        &mut self,
        reading: &ast::Name,
        name: &ast::Name,
    ) -> Option<(ir::ReadingId, u32)> {
        let id = self.reading_of(reading)?;
        let known = self.readings.get(id as usize)?.alternatives.clone();
        let at = known
            .iter()
            .position(|alternative| *alternative == name.text);
        if at.is_none() {
            let sought = Sought::Alternative(&reading.text);
            self.unknown(Unknown::new(name, sought, known));
        }
        at.map(|at| (id, at as u32))
    }

    /// Puts everything in source order and looks for what nothing uses.
    fn finish(mut self) -> Elaborated {
        self.idle_obligations();
        // After an error rules are missing, and everything they read would seem unused.
        if !self.diagnostics.has_errors() {
            self.unused();
            self.row_names();
            self.mixed_guards();
        }
        let mut definitions = Vec::new();
        for (at, symbol) in self.symbols.list.iter().enumerate() {
            if let SymbolKind::Fact(fact) = symbol.kind
                && fact.published
                && let Some(id) = self.fact_of(at)
                && let Some(declared) = self.facts.get(id as usize)
            {
                let (label, cites, ty) = (
                    declared.label.clone(),
                    declared.cites.clone(),
                    declared.ty.clone(),
                );
                let node = self.builder.add(Op::Fact(id), ty.clone());
                let provision = at as ir::ProvisionId;
                let node = self.builder.mark(provision, node);
                definitions.push(ir::Definition {
                    name: fact.name.text.clone(),
                    label,
                    kind: ir::DefinitionKind::Decision,
                    ty,
                    node,
                    rules: Vec::new(),
                    cites,
                });
            }
            if let Some(defined) = self.defined.get(&at)
                && let Some(definition) = &defined.definition
            {
                definitions.push(definition.clone());
            }
        }
        applicable::simplify(&mut self.builder.nodes, &self.facts, self.builder.binders);
        let program = self.symbols.program;
        let waivers = self
            .waivers
            .into_values()
            .map(|lowered| lowered.waiver)
            .collect();
        Elaborated {
            program: ir::Program {
                name: program
                    .map(|program| program.name.text.clone())
                    .unwrap_or_default(),
                label: program
                    .and_then(|program| program.label.clone())
                    .unwrap_or_default(),
                version: program
                    .and_then(|program| program.version.clone())
                    .unwrap_or_default(),
                currency: self.symbols.currency().unwrap_or("USD").to_owned(),
                hash: String::new(),
                enums: self.enums,
                records: self.records,
                facts: self.facts,
                readings: self.readings,
                schedules: self.schedules,
                nodes: self.builder.nodes,
                provisions: self.provisions,
                binders: self.builder.binders,
                definitions,
                grids: self
                    .grids
                    .into_values()
                    .map(|lowered| lowered.grid)
                    .collect(),
                lifecycles: self
                    .lifecycles
                    .into_values()
                    .map(|lowered| lowered.layout)
                    .collect(),
                waivers,
                clauses: self
                    .symbols
                    .clauses
                    .values()
                    .map(|(clause, _)| clause.clone())
                    .collect(),
            },
            obligations: self.obligations,
            places: self.places,
            settled: self.settled,
        }
    }
}
