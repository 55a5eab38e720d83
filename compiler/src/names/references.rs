//! What every word of a program means, by its place.

use super::{SymbolId, Symbols};
use crate::source::{FileId, Span};
use std::collections::{BTreeMap, HashMap};

/// What a word means. What has no number of its own is known by the place where it is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// A named declaration.
    Symbol(SymbolId),
    /// An enumeration or scale, by its number.
    Enum(usize),
    /// A record, by its number.
    Record(usize),
    /// A clause, by its number.
    Clause(usize),
    /// A reading, by its number.
    Reading(usize),
    /// The program, a module or a source.
    Header(Span),
    /// An alternative of a reading.
    Alternative(Span),
    /// A value of an enumeration, a judgement or a lifecycle.
    Value(Span),
    /// A field of a record, written or made; a result of a table.
    Field(Span),
    /// A row of a grid or table.
    Row(Span),
    /// A stage of a grid.
    Stage(Span),
    /// What a lifecycle keeps.
    Kept(Span),
    /// An item of a list that has a name.
    Item(Span),
    /// Somebody who decides, is bound or is waited for: declared by being named.
    Party(usize),
    /// What a cell of a grid comes to, as an enumeration.
    CellResults,
    /// How a duty stands, as an enumeration.
    DutyStates,
    /// The days of the week, as an enumeration.
    Weekdays,
    /// Something else of the language itself.
    BuiltIn,
}

/// The meaning of every word of a program, by its place.
#[derive(Debug, Clone, Default)]
pub struct References {
    places: BTreeMap<Span, Meaning>,
    declared: HashMap<Meaning, Span>,
    /// The named declarations: by which word they are known.
    kinds: Vec<&'static str>,
    parties: Vec<String>,
}

impl References {
    pub(super) fn new(symbols: &Symbols) -> Self {
        let list = symbols.list.iter();
        let mut found = References {
            kinds: list.clone().map(|symbol| symbol.kind.word()).collect(),
            ..References::default()
        };
        for (id, symbol) in list.enumerate() {
            found.declare(symbol.name.span, Meaning::Symbol(id));
        }
        for (at, (_, span)) in symbols.enums.values().enumerate() {
            found.declare(*span, Meaning::Enum(at));
        }
        for (at, record) in symbols.records.values().enumerate() {
            found.declare(record.name.span, Meaning::Record(at));
        }
        for (at, (_, span)) in symbols.clauses.values().enumerate() {
            found.declare(*span, Meaning::Clause(at));
        }
        for (at, (reading, _)) in symbols.readings.values().enumerate() {
            found.declare(reading.name.span, Meaning::Reading(at));
        }
        found
    }

    /// Takes down what a word means.
    pub(crate) fn put(&mut self, place: Span, meaning: Meaning) {
        self.places.insert(place, meaning);
    }

    /// Takes down that something is declared here.
    pub(crate) fn declare(&mut self, place: Span, meaning: Meaning) {
        self.put(place, meaning);
        self.declared.entry(meaning).or_insert(place);
    }

    /// Takes down that something is declared here whose name is not written.
    pub(super) fn unwritten(&mut self, place: Span, meaning: Meaning) {
        self.declared.entry(meaning).or_insert(place);
    }

    /// Takes down that somebody is named.
    pub(super) fn party(&mut self, place: Span, name: &str) {
        let known = self.parties.iter().position(|party| party == name);
        let at = known.unwrap_or_else(|| {
            self.parties.push(name.to_owned());
            self.parties.len() - 1
        });
        self.put(place, Meaning::Party(at));
    }

    /// What was settled later.
    pub(crate) fn extend(&mut self, later: References) {
        self.places.extend(later.places);
        for (meaning, place) in later.declared {
            self.declared.entry(meaning).or_insert(place);
        }
    }

    /// What the word at exactly this place means.
    #[must_use]
    pub fn at_place(&self, place: Span) -> Option<Meaning> {
        self.places.get(&place).copied()
    }

    /// The word around or just before a byte of a file, and what it means.
    #[must_use]
    pub fn at(&self, file: FileId, byte: u32) -> Option<(Span, Meaning)> {
        let last = Span {
            file,
            start: byte,
            end: u32::MAX,
        };
        let before = self.places.range(..=last).rev();
        // Words do not overlap but for a name within a dotted one, which begins later.
        let mut near = before.take_while(|(place, _)| place.file == file).take(2);
        near.find(|(place, _)| byte <= place.end)
            .map(|(place, meaning)| (*place, *meaning))
    }

    /// Where something is declared; parties and what belongs to the language are nowhere.
    #[must_use]
    pub fn declared(&self, meaning: Meaning) -> Option<Span> {
        self.declared.get(&meaning).copied()
    }

    /// Every word that means something, without its declaration, in the order of the files.
    #[must_use]
    pub fn uses(&self, meaning: Meaning) -> Vec<Span> {
        let declared = self.declared(meaning);
        let places = self.places.iter().filter(|(_, other)| **other == meaning);
        places
            .map(|(place, _)| *place)
            .filter(|place| Some(*place) != declared)
            .collect()
    }

    /// Every word with what it means, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = (Span, Meaning)> {
        self.places
            .iter()
            .map(|(place, meaning)| (*place, *meaning))
    }

    /// The word for the kind of thing it is.
    #[must_use]
    pub fn kind(&self, meaning: Meaning) -> &'static str {
        match meaning {
            Meaning::Symbol(id) => self.kinds.get(id).copied().unwrap_or_default(),
            Meaning::Enum(_) | Meaning::CellResults | Meaning::DutyStates | Meaning::Weekdays => {
                "enumeration"
            }
            Meaning::Record(_) => "record",
            Meaning::Clause(_) => "clause",
            Meaning::Reading(_) => "reading",
            Meaning::Header(_) => "header",
            Meaning::Alternative(_) => "alternative",
            Meaning::Value(_) => "value of an enumeration",
            Meaning::Field(_) => "field",
            Meaning::Row(_) => "row",
            Meaning::Stage(_) => "stage",
            Meaning::Kept(_) => "kept value",
            Meaning::Item(_) => "item",
            Meaning::Party(_) => "party",
            Meaning::BuiltIn => "word of the language",
        }
    }
}
