//! What words mean here: asked of the table that `names` made, and taken down in it where only types tell.

use super::{Elaborator, Typed};
use super::{declare, env::Env};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Meaning, SymbolId, SymbolKind};
use crate::source::Span;
use polc_runtime::ir::{self, Op};

impl<'a> Elaborator<'_, 'a> {
    /// What a top-level name stands for in an expression.
    pub(super) fn symbol_value(&mut self, env: &Env, id: SymbolId, span: Span) -> Option<Typed> {
        let symbol = self.symbols.list.get(id)?;
        let word = &symbol.name.text;
        if env.declaring {
            self.must_be_written(span, symbol.name.span);
            return None;
        }
        if self.symbols.takes(id).is_some() {
            self.ask_differently(id, span);
            return None;
        }
        self.available(id, span)?;
        match symbol.kind {
            SymbolKind::Fact(_) | SymbolKind::Judgement(_) | SymbolKind::Grants(_) => {
                let fact = self.fact_of(id)?;
                self.used.facts.insert(fact);
                let ty = self.inputs.facts.get(fact as usize)?.ty.clone();
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
                self.made
                    .defined
                    .get(&id)
                    .map(|defined| defined.typed.clone())
            }
            SymbolKind::Requirements(_)
            | SymbolKind::Waiver(_)
            | SymbolKind::Exception(_)
            | SymbolKind::Schedule(_) => {
                let help = if matches!(symbol.kind, SymbolKind::Requirements(_)) {
                    format!("write `highest SCALE meeting {word}`")
                } else if matches!(symbol.kind, SymbolKind::Schedule(_)) {
                    format!("write `DATE in {word}` or `next {word} on or after DATE`")
                } else {
                    "only facts, values, definitions, decisions and tables have a value".to_owned()
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

    /// Reports a name where only what is written out can stand.
    pub(super) fn must_be_written(&mut self, span: Span, declared: Span) {
        self.report(
            Diagnostic::new(
                Code::NotConstant,
                span,
                "what stands here must be written out",
            )
            .label(declared, "this name has no value yet when it is read")
            .help("write the number, date or word itself"),
        );
    }

    pub(super) fn fact_of(&self, id: SymbolId) -> Option<ir::FactId> {
        self.inputs.fact_ids.get(&id).copied()
    }

    /// What the word at a place means, if that needs no types.
    pub(super) fn meaning(&self, place: Span) -> Option<Meaning> {
        self.symbols.references.at_place(place)
    }

    /// The declaration that the word at a place stands for, or declares.
    pub(super) fn symbol_at(&self, place: Span) -> Option<SymbolId> {
        match self.meaning(place) {
            Some(Meaning::Symbol(id)) => Some(id),
            _ => None,
        }
    }

    /// The kind of declaration that the word at a place stands for.
    pub(super) fn kind_at(&self, place: Span) -> Option<SymbolKind<'a>> {
        let symbol = self.symbols.list.get(self.symbol_at(place)?);
        symbol.map(|symbol| symbol.kind)
    }

    /// The enumeration that the word at a place stands for.
    pub(super) fn enum_at(&mut self, place: Span) -> Option<ir::EnumId> {
        match self.meaning(place) {
            // The one of cells comes first.
            Some(Meaning::Enum(at)) => ir::EnumId::try_from(at + 1).ok(),
            Some(Meaning::CellResults) => Some(declare::CELL_RESULT),
            Some(Meaning::DutyStates) => Some(self.duty_states()),
            Some(Meaning::Weekdays) => Some(self.weekdays()),
            _ => None,
        }
    }

    /// The record that the word at a place stands for.
    pub(super) fn record_at(&self, place: Span) -> Option<ir::RecordId> {
        match self.meaning(place) {
            Some(Meaning::Record(at)) => ir::RecordId::try_from(at).ok(),
            _ => None,
        }
    }

    /// A new enumeration, and where its values are declared.
    pub(super) fn push_enum(&mut self, item: ir::Enum, places: Vec<Span>) -> ir::EnumId {
        let id = self.types.enums.len() as ir::EnumId;
        self.types.enums.push(item);
        self.types.value_places.push(places);
        id
    }

    /// A new record, and where its fields are declared.
    pub(super) fn push_record(&mut self, record: ir::Record, places: Vec<Span>) -> ir::RecordId {
        let id = self.types.records.len() as ir::RecordId;
        self.types.records.push(record);
        self.types.field_places.push(places);
        id
    }

    /// Takes down that a word is a value of an enumeration.
    pub(super) fn means_value(&mut self, place: Span, id: ir::EnumId, at: usize) {
        let declared = self
            .types
            .value_places
            .get(id as usize)
            .and_then(|all| all.get(at));
        self.means_what_is_at(place, declared.copied());
    }

    /// Takes down that a word is a field of a record.
    pub(super) fn means_field(&mut self, place: Span, id: ir::RecordId, at: usize) {
        let declared = self
            .types
            .field_places
            .get(id as usize)
            .and_then(|all| all.get(at));
        self.means_what_is_at(place, declared.copied());
    }

    pub(super) fn means_what_is_at(&mut self, place: Span, declared: Option<Span>) {
        let meaning = declared.and_then(|declared| {
            let later = self.settled.at_place(declared);
            later.or_else(|| self.meaning(declared))
        });
        self.settled.put(place, meaning.unwrap_or(Meaning::BuiltIn));
    }
}
