//! Syntax trees → symbols: what every name declares, and in which order declarations must be read.
//!
//! In: the files of one program. Out: [`Symbols`]. After it no name is declared twice, every clause
//! cited exists, and [`Dependencies::order`] lists each declaration after the ones it reads; cycles have been
//! reported as a path and broken.

mod collect;
mod dependencies;
mod references;
mod resolve;
mod unknown;

pub use collect::collect;
pub use dependencies::Dependencies;
pub(crate) use dependencies::{cycle, target_name};
pub use references::{Meaning, References};
pub(crate) use unknown::{Reported, Sought, Unknown};

use crate::source::Span;
use crate::syntax::ast;
use indexmap::IndexMap;
use polc_runtime::ir;
use std::collections::HashSet;

/// A top-level declaration that has a name: index into [`Symbols::list`].
pub type SymbolId = usize;

/// A named declaration.
#[derive(Debug, Clone, Copy)]
pub struct Symbol<'a> {
    /// Its name.
    pub name: &'a ast::Name,
    /// What it is.
    pub kind: SymbolKind<'a>,
    /// The whole declaration.
    pub declaration: &'a ast::Declaration,
}

/// Kinds of named declaration that expressions can reach.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each variant is its keyword")]
pub enum SymbolKind<'a> {
    Fact(&'a ast::Fact),
    Judgement(&'a ast::Judgement),
    Grants(&'a ast::Grants),
    Value(&'a ast::Value),
    Define(&'a ast::Define),
    Table(&'a ast::Table),
    Requirements(&'a ast::Requirements),
    Waiver(&'a ast::Waiver),
    Exception(&'a ast::Exception),
    Schedule(&'a ast::Schedule),
    Lifecycle(&'a ast::Lifecycle),
    Obligations(&'a ast::Obligations),
    Duty(&'a ast::Duty),
    Order(&'a ast::Order),
}

impl SymbolKind<'_> {
    /// The word people know it by.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            SymbolKind::Fact(fact) if fact.event => "event",
            SymbolKind::Fact(_) => "fact",
            SymbolKind::Judgement(_) => "judgement",
            SymbolKind::Grants(_) => "grants",
            SymbolKind::Value(_) => "value",
            SymbolKind::Define(define) if define.decision => "decision",
            SymbolKind::Define(_) => "definition",
            SymbolKind::Table(_) => "table",
            SymbolKind::Requirements(_) => "requirements",
            SymbolKind::Waiver(_) => "waiver",
            SymbolKind::Exception(_) => "exception",
            SymbolKind::Schedule(_) => "schedule",
            SymbolKind::Lifecycle(_) => "lifecycle",
            SymbolKind::Obligations(_) => "obligations",
            SymbolKind::Duty(_) => "duty",
            SymbolKind::Order(_) => "order",
        }
    }
}

/// An exception and what it goes to inside a declaration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Excepting<'a> {
    /// The exception.
    pub(crate) exception: SymbolId,
    /// A case or row; none for the whole declaration.
    pub(crate) part: Option<&'a str>,
}

/// Everything a program declares.
#[derive(Debug, Default)]
pub struct Symbols<'a> {
    /// The header.
    pub program: Option<&'a ast::Program>,
    /// Named declarations in source order.
    pub list: Vec<Symbol<'a>>,
    /// Name → index in `list`.
    pub by_name: IndexMap<&'a str, SymbolId>,
    /// Enumerations and scales by name.
    pub enums: IndexMap<&'a str, (&'a ast::Enum, Span)>,
    /// Records by name.
    pub records: IndexMap<&'a str, &'a ast::Record>,
    /// Clauses by id.
    pub clauses: IndexMap<String, (ir::Clause, Span)>,
    /// Readings by name: only `by reading` and `under` name them, so they share no names with the rest.
    pub readings: IndexMap<&'a str, (&'a ast::Reading, &'a ast::Declaration)>,
    /// Citations on the headers of types and of the program.
    pub type_cites: Vec<&'a [ast::Name]>,
    /// Amendments in source order.
    pub amends: Vec<(&'a ast::Amend, &'a ast::Declaration)>,
    /// Rankings of exceptions.
    pub prevails: Vec<&'a ast::Prevails>,
    /// Test blocks.
    pub tests: Vec<&'a ast::Tests>,
    /// Declarations that could not be read: what misses them needs no report of its own.
    pub broken: Vec<&'a ast::Broken>,
    /// A file that the program uses could not be read: any name may be in it.
    pub incomplete: bool,
    /// Exceptions by the declaration they go to.
    pub(crate) exceptions: IndexMap<SymbolId, Vec<Excepting<'a>>>,
    /// Indexes of amendments by the declaration they change.
    pub(crate) amended: IndexMap<SymbolId, Vec<usize>>,
    /// Every word that is a value of some enumeration, declared or made by a form.
    pub values: HashSet<&'a str>,
    /// What every word means that needs no types to tell.
    pub references: References,
    /// What reads what.
    pub dependencies: Dependencies,
}

impl<'a> Symbols<'a> {
    /// The declaration of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Symbol<'a>> {
        self.by_name.get(name).and_then(|at| self.list.get(*at))
    }

    /// The name of a declaration.
    #[must_use]
    pub fn name(&self, id: SymbolId) -> &'a str {
        self.list.get(id).map_or("", |symbol| &symbol.name.text)
    }

    /// The code of the currency that the program declares.
    #[must_use]
    pub fn currency(&self) -> Option<&'a str> {
        let currency = self.program?.currency.as_ref()?;
        Some(&currency.text)
    }

    /// Whether the declaration of a name could not be read.
    #[must_use]
    pub fn is_broken(&self, name: &str) -> bool {
        self.broken.iter().any(|broken| broken.name.text == name)
    }

    /// Whether a declaration with one of these keywords could not be read: what is missing may stand in it.
    #[must_use]
    pub fn lacks(&self, keywords: &[&str]) -> bool {
        let mut broken = self.broken.iter();
        // A misspelt keyword may be any.
        broken.any(|broken| {
            keywords.contains(&broken.keyword.as_str())
                || polc_grammar::keyword(&broken.keyword).is_none()
        })
    }

    /// Names of the rows of a grid, those that `amend` adds too.
    #[must_use]
    pub fn rows_of(&self, grid: &'a ast::Requirements) -> Vec<&'a str> {
        let own = grid.rows.iter().map(|row| row.name.text.as_str());
        let added = self.changes(grid).filter_map(|change| match &change.kind {
            ast::ChangeKind::AddRow(row) => Some(row.name.text.as_str()),
            ast::ChangeKind::Cells { .. } | ast::ChangeKind::Like { .. } => None,
        });
        own.chain(added).collect()
    }

    /// Names of the columns of a grid, those that `amend` adds too.
    #[must_use]
    pub fn tiers_of(&self, grid: &'a ast::Requirements) -> Vec<&'a str> {
        let own = grid.tiers.iter().map(|tier| tier.text.as_str());
        let added = self.changes(grid).filter_map(|change| match &change.kind {
            ast::ChangeKind::Like { tier, .. } => Some(tier.text.as_str()),
            ast::ChangeKind::Cells { .. } | ast::ChangeKind::AddRow(_) => None,
        });
        own.chain(added).collect()
    }

    fn changes(&self, grid: &ast::Requirements) -> impl Iterator<Item = &'a ast::Change> {
        let amends = self.amends_of(&grid.name.text);
        amends.flat_map(|(amend, _)| &amend.changes)
    }

    /// What amends a grid or table, in source order.
    pub(crate) fn amends_of(
        &self,
        name: &str,
    ) -> impl Iterator<Item = (&'a ast::Amend, &'a ast::Declaration)> {
        let id = self.by_name.get(name);
        let amends = id.and_then(|id| self.amended.get(id));
        let amends = amends.into_iter().flatten();
        amends.filter_map(|at| self.amends.get(*at).copied())
    }

    /// The exceptions to a declaration, or to a case or row of it.
    pub(crate) fn exceptions_to(
        &self,
        name: &str,
        part: Option<&str>,
    ) -> Vec<(SymbolId, &'a ast::Exception)> {
        let id = self.by_name.get(name);
        let all = id.and_then(|id| self.exceptions.get(id));
        let here = all.into_iter().flatten().filter(|one| one.part == part);
        let found = here.filter_map(|one| {
            let SymbolKind::Exception(exception) = self.list.get(one.exception)?.kind else {
                return None;
            };
            Some((one.exception, exception))
        });
        found.collect()
    }

    /// What a declaration is asked for with, where it is a rule with parameters.
    pub(crate) fn takes(&self, id: SymbolId) -> Option<&'a ast::Takes> {
        let takes = match self.list.get(id)?.kind {
            SymbolKind::Define(define) => &define.takes,
            SymbolKind::Table(table) => &table.takes,
            SymbolKind::Fact(_)
            | SymbolKind::Judgement(_)
            | SymbolKind::Grants(_)
            | SymbolKind::Value(_)
            | SymbolKind::Requirements(_)
            | SymbolKind::Waiver(_)
            | SymbolKind::Exception(_)
            | SymbolKind::Schedule(_)
            | SymbolKind::Lifecycle(_)
            | SymbolKind::Obligations(_)
            | SymbolKind::Duty(_)
            | SymbolKind::Order(_) => return None,
        };
        Some(takes).filter(|takes| !takes.parameters.is_empty())
    }

    /// The items that have a name in all of a declaration: the parameters of the rule that it changes.
    pub(crate) fn items_around(
        &self,
        kind: &ast::DeclarationKind,
    ) -> impl Iterator<Item = &'a ast::Name> + use<'a> {
        let target = if let ast::DeclarationKind::Exception(exception) = kind {
            let name = target_name(&exception.target.text);
            self.by_name.get(name.split('.').next().unwrap_or(name))
        } else if let ast::DeclarationKind::Amend(amend) = kind {
            self.by_name.get(amend.target.text.as_str())
        } else {
            None
        };
        let takes = target.and_then(|id| self.takes(*id));
        takes.into_iter().flat_map(ast::Takes::names)
    }

    /// Every grid, in source order.
    #[must_use]
    pub fn grids(&self) -> Vec<&'a ast::Requirements> {
        let grids = self.list.iter().filter_map(|symbol| {
            let SymbolKind::Requirements(grid) = symbol.kind else {
                return None;
            };
            Some(grid)
        });
        grids.collect()
    }

    /// The grids that have a row of this name.
    #[must_use]
    pub fn grids_with(&self, row: &str) -> Vec<&'a ast::Requirements> {
        self.grids()
            .into_iter()
            .filter(|grid| self.rows_of(grid).contains(&row))
            .collect()
    }

    /// Whether a word names an enumeration.
    #[must_use]
    pub fn is_enum(&self, word: &str) -> bool {
        self.enums.contains_key(word) || matches!(word, "CellResult" | "DutyState" | "Weekday")
    }

    /// Indexes of the clauses; ids that do not exist are reported by [`collect`].
    #[must_use]
    pub fn cites(&self, names: &[ast::Name]) -> Vec<ir::ClauseId> {
        let mut ids: Vec<ir::ClauseId> = names
            .iter()
            .filter_map(|name| self.clauses.get_index_of(&name.text))
            .map(|at| at as ir::ClauseId)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Types that are built in.
pub const BUILT_IN_TYPES: &[&str] = &[
    "bool", "int", "decimal", "percent", "money", "date", "days", "months", "text", "period",
];

/// Values of `CellResult`: what a cell of a grid comes to.
pub const CELL_RESULTS: [&str; 5] = [
    "met",
    "not_met",
    "waived",
    "not_required",
    "preferred_missing",
];

/// Values of `DutyState`.
pub const DUTY_STATES: [&str; 5] = ["open", "due", "missed", "done", "done_late"];

/// Values of `Weekday`.
pub const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Whom a lifecycle waits for that waits for nobody.
pub const NOBODY: &str = "nobody";
