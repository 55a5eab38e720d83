//! Sources and their clauses.

use polc_grammar::Rule;

use super::super::ast::{Clause, Source, Treatment};
use super::super::text::Line;
use super::{Builder, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn source(&mut self, header: Line, body: &[Line]) -> Option<Source> {
        let read = self.read(Rule::source_line, header);
        let mut clauses = Vec::new();
        let mut section = String::new();
        for line in body {
            let Some(pair) = self.read(Rule::source_body, *line) else {
                continue;
            };
            let part = parts(pair).next()?;
            let is_section = part.as_rule() == Rule::section;
            let mut inner = parts(part);
            let first = inner.next()?;
            if is_section {
                section = Self::text(&first);
                continue;
            }
            let text = inner.next()?;
            let treatment = match inner.next() {
                None => Treatment::Encoded,
                Some(pair) if pair.as_rule() == Rule::informational => Treatment::Informational,
                Some(pair) => Treatment::LeftOut(Self::because(pair)?),
            };
            let (id, text) = (self.name(&first), Self::text(&text));
            clauses.push(Clause {
                id,
                section: section.clone(),
                text,
                treatment,
            });
        }
        let mut inner = parts(read?);
        let word = inner.next()?;
        let title = inner.next()?;
        Some(Source {
            name: self.name(&word),
            title: Self::text(&title),
            external: inner.next().is_some(),
            clauses,
        })
    }
}
