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
mod cases;
mod collected;
pub(crate) mod currency;
mod dates;
mod declare;
mod define;
mod demand;
mod duties;
mod env;
mod exception;
mod expr;
mod expr_forms;
mod finish;
mod grid;
mod grid_cell;
mod grid_plan;
mod grid_query;
mod idle;
mod in_force;
mod left;
mod lifecycle;
mod lifecycle_items;
mod lifecycle_lines;
mod lifecycle_shape;
mod list_forms;
mod lists;
mod loops;
mod marginal;
mod meaning;
mod mixed;
mod narrow;
mod numbers;
mod obligations;
mod order;
mod period;
mod places;
mod provisions;
mod reading;
mod row_names;
mod rules;
mod schedule;
mod table;
mod table_amend;
mod table_proof;
mod table_row;
mod time;
mod types;
mod uncited;
mod unused;
mod value;
mod waiver;
mod words;

use crate::analysis::Obligation;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::names::{References, Reported, SymbolId, Symbols, Unknown};
use crate::source::{Sources, Span};
use crate::syntax::{Written, ast};
use builder::Builder;
use collected::{Inputs, Made, Queue, Types, Used};
use indexmap::IndexMap;
use polc_runtime::ir::{self, NodeId, Type};

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
    pub(super) fn bool(node: NodeId) -> Self {
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
    parameters: Vec<ir::Parameter>,
    definition: Option<ir::Definition>,
}

/// Declarations being read inside each other, through words that could have been values of an enumeration.
const MAX_NESTED: usize = 64;

struct Elaborator<'s, 'a> {
    symbols: &'s Symbols<'a>,
    written: Written<'s>,
    diagnostics: &'s mut Diagnostics,
    builder: Builder,
    /// What can be cited: first the named declarations, then parts of them.
    provisions: Vec<ir::Provision>,
    /// Where each of them stands.
    places: Vec<Span>,
    /// Amendments that were reported as clashing, by their lines.
    clashes: Vec<(Span, Span)>,
    types: Types,
    inputs: Inputs,
    made: Made,
    /// What words mean, where types tell.
    settled: References,
    /// Names that have been reported as unknown.
    reported: Reported,
    queue: Queue,
    used: Used,
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
    let written = Written::new(sources);
    let (provisions, places) = provisions::of_symbols(symbols, written);
    let mut elaborator = Elaborator {
        symbols,
        written,
        diagnostics,
        builder: Builder::default(),
        provisions,
        places,
        clashes: Vec::new(),
        types: Types::default(),
        inputs: Inputs::default(),
        made: Made::default(),
        settled: References::default(),
        reported: Reported::default(),
        queue: Queue::default(),
        used: Used::default(),
        obligations: Vec::new(),
        idle: idle::Idle::default(),
        row_names: row_names::RowNames::default(),
        guards: Vec::new(),
        starts: IndexMap::new(),
    };
    for cites in &symbols.type_cites {
        let _ = elaborator.cite(cites);
    }
    elaborator.declare();
    // Which alternative a reading chooses makes no rule depend on it.
    elaborator.used.readings.clear();
    elaborator.check_prevails();
    elaborator.check_amends();
    for id in &symbols.dependencies.order {
        elaborator.demand(*id);
    }
    elaborator.finish()
}

impl<'a> Elaborator<'_, 'a> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a name that means nothing, once.
    pub(super) fn unknown(&mut self, unknown: Unknown) {
        if let Some(finding) = self.reported.once(unknown, self.symbols) {
            self.diagnostics.push(finding);
        }
    }

    /// The clauses of a citation, remembered as cited.
    pub(super) fn cite(&mut self, names: &[ast::Name]) -> Vec<ir::ClauseId> {
        let ids = self.symbols.cites(names);
        self.used.clauses.extend(ids.iter().copied());
        ids
    }

    /// The clauses of a named declaration, remembered as cited.
    pub(super) fn cite_of(&mut self, id: SymbolId) -> Vec<ir::ClauseId> {
        let symbol = self.symbols.list.get(id);
        symbol.map_or_else(Vec::new, |symbol| self.cite(&symbol.declaration.cites))
    }

    /// The words of the source, on one line, without their citations.
    pub(super) fn text(&self, span: Span) -> String {
        self.written.in_one_line(span)
    }
}
