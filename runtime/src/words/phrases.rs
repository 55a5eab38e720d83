//! What of a program is cited, in its own words: phrases, lines and deadlines.

use super::spoken;
use crate::ir::lifecycle::LineLayout;
use crate::ir::{LifecycleLayout, Phrase, Program, Provision, ProvisionId, ProvisionKind, Words};

impl Program {
    /// A phrase with names by their labels.
    #[must_use]
    pub fn told(&self, phrase: &Phrase) -> String {
        let mut out = String::new();
        for words in phrase {
            match words {
                Words::Text(text) => out.push_str(text),
                Words::Name(id) => match self.provisions.get(*id as usize) {
                    Some(known) if !known.label.is_empty() => {
                        out.push('“');
                        out.push_str(&known.label);
                        out.push('”');
                    }
                    Some(known) => out.push_str(&spoken(&known.name)),
                    None => {}
                },
            }
        }
        out
    }

    /// What sets a line of a lifecycle off; empty where it is the end of a deadline.
    #[must_use]
    pub fn line_words(&self, line: ProvisionId) -> String {
        let Some(line) = self.provisions.get(line as usize) else {
            return String::new();
        };
        let (event, when) = (self.told(&line.value), self.told(&line.condition));
        match (event.as_str(), when.as_str()) {
            (_, "") => event,
            ("", when) => format!("when {when}"),
            (event, when) => format!("{event} when {when}"),
        }
    }

    /// A line of a lifecycle in few words.
    #[must_use]
    pub fn line_told(&self, line: &LineLayout) -> String {
        match self.line_words(line.provision) {
            words if words.is_empty() => "late".to_owned(),
            words => words,
        }
    }

    /// The deadline of a state, with what stops it; empty where it has none.
    #[must_use]
    pub fn deadline_words(&self, layout: &LifecycleLayout, state: u32) -> String {
        let states = self.enums.get(layout.states as usize);
        let name = states.and_then(|states| states.values.get(state as usize));
        let own = |known: &&Provision| {
            let of = known.of.and_then(|of| self.provisions.get(of as usize));
            known.kind == ProvisionKind::State
                && Some(&known.name) == name
                && of.is_some_and(|of| of.name == layout.name)
        };
        let Some(state) = self.provisions.iter().find(own) else {
            return String::new();
        };
        match (self.told(&state.value), self.told(&state.condition)) {
            (deadline, unless) if unless.is_empty() => deadline,
            (deadline, unless) => format!("{deadline} unless {unless}"),
        }
    }
}
