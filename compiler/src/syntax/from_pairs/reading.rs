//! Readings: interpretations of an ambiguous text.

use polc_grammar::Rule;

use super::super::ast::{Chosen, Name, Reading};
use super::super::text::Line;
use super::{Builder, Tail, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn reading(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Reading> {
        let mut reading = None;
        if let Some(pair) = self.read(Rule::reading_line, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let mut read = Reading {
                name: self.name(&word),
                label: None,
                alternatives: Vec::new(),
                chosen: Vec::new(),
            };
            for part in inner {
                match part.as_rule() {
                    Rule::text => read.label = Some(Self::text(&part)),
                    _ => cites.extend(self.names(part)),
                }
            }
            reading = Some(read);
        }
        let mut alternatives = Vec::new();
        let mut chosen = Vec::new();
        for line in body {
            let span = self.line_span(*line);
            let Some(pair) = self.read(Rule::reading_body, *line) else {
                continue;
            };
            let part = parts(pair).next()?;
            let is_choice = part.as_rule() == Rule::choice;
            let mut inner = parts(part);
            let word = inner.next()?;
            let name = self.name(&word);
            if is_choice {
                alternatives.push((name, inner.next().map(|text| Self::text(&text))));
                continue;
            }
            let mut tail = Tail::default();
            let mut because = String::new();
            for part in inner {
                if let Some(part) = self.tail(&mut tail, part) {
                    because = Self::because(part)?;
                }
            }
            chosen.push(Chosen {
                name,
                dates: tail.dates,
                because,
                span,
            });
        }
        let mut reading = reading?;
        reading.alternatives = alternatives;
        reading.chosen = chosen;
        Some(reading)
    }
}
