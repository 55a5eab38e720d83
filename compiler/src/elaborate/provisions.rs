//! What of a program can be cited: one provision for each named declaration, and one for each of its parts.

use super::Elaborator;
use crate::names::{Meaning, SymbolKind, Symbols};
use crate::source::Span;
use crate::syntax::{Word, Written, ast};
use polc_runtime::ir::{ClauseId, NodeId, Phrase, Provision, ProvisionId, ProvisionKind, Words};

/// Where a part stands, and by what it is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    place: Span,
    condition: Option<Span>,
    value: Option<Span>,
}

impl Said {
    /// Something that is told by neither condition nor value.
    pub(super) fn at(place: Span) -> Said {
        Said {
            place,
            condition: None,
            value: None,
        }
    }

    /// It waits for this.
    pub(super) fn when(self, condition: Option<&ast::Expr>) -> Said {
        Said {
            condition: condition.map(|expr| expr.span),
            ..self
        }
    }

    /// It gives this.
    pub(super) fn gives(self, value: Option<Span>) -> Said {
        Said { value, ..self }
    }
}

/// A provision for each named declaration, in their order: its number is the symbol's.
pub(super) fn of_symbols(symbols: &Symbols, written: Written) -> (Vec<Provision>, Vec<Span>) {
    let of = |symbol: &crate::names::Symbol| {
        let (mut condition, mut value) = (None, None);
        let (kind, label) = match symbol.kind {
            SymbolKind::Fact(fact) => (ProvisionKind::Fact, &fact.label),
            SymbolKind::Judgement(judgement) => (ProvisionKind::Fact, &judgement.label),
            SymbolKind::Grants(grants) => (ProvisionKind::Fact, &grants.label),
            SymbolKind::Value(value) => (ProvisionKind::Value, &value.label),
            SymbolKind::Define(define) => {
                if let ast::Body::Expr(expr) = &define.body {
                    value = Some(expr.span);
                }
                let kind = match define.decision {
                    true => ProvisionKind::Decision,
                    false => ProvisionKind::Definition,
                };
                (kind, &define.label)
            }
            SymbolKind::Table(table) => (ProvisionKind::Table, &table.label),
            SymbolKind::Requirements(grid) => (ProvisionKind::Requirements, &grid.label),
            SymbolKind::Waiver(waiver) => {
                condition = waiver.condition.as_ref().map(|expr| expr.span);
                (ProvisionKind::Waiver, &waiver.label)
            }
            SymbolKind::Exception(exception) => {
                condition = exception.condition.as_ref().map(|expr| expr.span);
                value = exception.use_value.as_ref().map(|expr| expr.span);
                (ProvisionKind::Exception, &None)
            }
            SymbolKind::Schedule(_) => (ProvisionKind::Schedule, &None),
            SymbolKind::Lifecycle(lifecycle) => (ProvisionKind::Lifecycle, &lifecycle.label),
            SymbolKind::Obligations(rules) => (ProvisionKind::Obligations, &rules.label),
            SymbolKind::Duty(duty) => (ProvisionKind::Duty, &duty.label),
            SymbolKind::Order(order) => (ProvisionKind::Order, &order.label),
        };
        let phrase = |span: Option<Span>| match span {
            Some(span) => phrase(symbols, written, span),
            None => Phrase::new(),
        };
        Provision {
            kind,
            of: None,
            name: symbol.name.text.clone(),
            label: label.clone().unwrap_or_default(),
            condition: phrase(condition),
            value: phrase(value),
            cites: symbols.cites(&symbol.declaration.cites),
        }
    };
    let list = symbols.list.iter();
    let places = list.clone().map(|symbol| symbol.declaration.span).collect();
    (list.map(of).collect(), places)
}

/// A stretch of source with its names resolved.
fn phrase(symbols: &Symbols, written: Written, span: Span) -> Phrase {
    let mut found = Phrase::new();
    let mut say = |text: &str| match found.last_mut() {
        Some(Words::Text(before)) => before.push_str(text),
        _ => found.push(Words::Text(text.to_owned())),
    };
    let (mut names, mut closed) = (Vec::new(), false);
    for (place, word) in written.words(span) {
        let after_bracket = std::mem::replace(&mut closed, false);
        match word {
            Word::Other(text) => {
                closed = text.ends_with([')', ']']);
                say(text);
            }
            Word::Name("as_of") => say("the day asked about"),
            Word::Name(name) => {
                let (first, rest) = name.split_once('.').unwrap_or((name, ""));
                let rest = rest.replace(['.', '_'], " ");
                let place = Span {
                    end: place.start + first.len() as u32,
                    ..place
                };
                let declared = match symbols.references.at_place(place) {
                    Some(Meaning::Symbol(id)) => Some(id),
                    _ => None,
                };
                match declared {
                    Some(id) => {
                        names.push(id as ProvisionId);
                        say("\u{0}");
                        if !rest.is_empty() {
                            say(&format!(", {rest}"));
                        }
                    }
                    None if first.is_empty() && after_bracket => say(&format!(", {rest}")),
                    None if first.is_empty() => say(&rest),
                    None if rest.is_empty() => say(&first.replace('_', " ")),
                    None => say(&format!("{}’s {rest}", first.replace('_', " "))),
                }
            }
        }
    }
    for words in &mut found {
        if let Words::Text(text) = words {
            *text = in_one_line(text);
        }
    }
    // Names stand between the texts.
    let mut names = names.into_iter();
    let mut whole = Phrase::new();
    for words in found {
        let Words::Text(text) = words else { continue };
        for (at, piece) in text.split('\u{0}').enumerate() {
            if at > 0 {
                whole.extend(names.next().map(Words::Name));
            }
            if !piece.is_empty() {
                whole.push(Words::Text(piece.to_owned()));
            }
        }
    }
    whole
}

/// What may be laid out over several lines, in one: no comma before a bracket that closes, no space inside brackets.
fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = if letter.is_whitespace() { ' ' } else { letter };
        let drop = letter == ' ' && (line.ends_with(' ') || line.ends_with(['(', '[']));
        if matches!(letter, ')' | ']') {
            line.truncate(line.trim_end_matches([' ', ',']).len());
        }
        if !drop {
            line.push(letter);
        }
    }
    line
}

impl Elaborator<'_, '_> {
    /// The provision of a named declaration.
    pub(super) fn provision(&self, name: &str) -> Option<ProvisionId> {
        let at = self.symbols.by_name.get(name)?;
        ProvisionId::try_from(*at).ok()
    }

    fn phrase(&self, span: Option<Span>) -> Phrase {
        match span {
            Some(span) => phrase(self.symbols, self.written, span),
            None => Phrase::new(),
        }
    }

    /// A new provision: a part of a named declaration.
    pub(super) fn part(
        &mut self,
        of: &str,
        kind: ProvisionKind,
        name: impl Into<String>,
        said: Said,
        cites: &[ClauseId],
    ) -> ProvisionId {
        let id = self.provisions.len() as ProvisionId;
        self.provisions.push(Provision {
            kind,
            of: self.provision(of),
            name: name.into(),
            label: String::new(),
            condition: self.phrase(said.condition),
            value: self.phrase(said.value),
            cites: cites.to_vec(),
        });
        self.places.push(said.place);
        id
    }

    /// Puts a provision around what it says; what holds always says nothing.
    pub(super) fn cited_guard(&mut self, provision: ProvisionId, guard: NodeId) -> NodeId {
        match self.builder.truth(guard) {
            Some(true) => guard,
            _ => self.builder.mark(provision, guard),
        }
    }
}
