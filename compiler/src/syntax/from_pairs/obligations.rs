//! Obligations.

use polc_grammar::Rule;

use super::super::ast::{Each, Modality, Name, Obligation, Obligations};
use super::super::text::Line;
use super::{Builder, P, Tail, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    pub(super) fn obligations(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Obligations> {
        let mut read = None;
        if let Some(pair) = self.read(Rule::obligations_line, header) {
            let (mut words, mut label) = (Vec::new(), None);
            for part in parts(pair) {
                match part.as_rule() {
                    Rule::word => words.push(self.name(&part)),
                    Rule::text => label = Some(Self::text(&part)),
                    _ => cites.extend(self.names(part)),
                }
            }
            let mut words = words.into_iter();
            read = Some(Obligations {
                name: words.next()?,
                record: words.next()?,
                bearer: words.next()?,
                label,
                each: Vec::new(),
                rules: Vec::new(),
            });
        }
        let (mut each, mut rules): (Vec<Each>, Vec<Obligation>) = (Vec::new(), Vec::new());
        for line in body {
            let Some(pair) = self.read(Rule::obligations_body, *line) else {
                continue;
            };
            let Some(part) = parts(pair).next() else {
                continue;
            };
            if part.as_rule() == Rule::each_of {
                each.extend(self.each_of(part, *line));
            } else {
                let current = each.len().checked_sub(1);
                rules.extend(self.obligation(part, *line, current));
            }
        }
        let mut read = read?;
        read.each = each;
        read.rules = rules;
        if read.rules.is_empty() && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                "these obligations have no rules",
                "write one on each indented line: `must NAME CONDITION`",
            );
        }
        Some(read)
    }

    fn each_of(&mut self, pair: P<'t>, line: Line) -> Option<Each> {
        let span = self.line_span(line);
        let mut inner = parts(pair);
        let word = inner.next()?;
        let mut each = Each {
            item: self.name(&word),
            list: self.expr(inner.next()?)?,
            filter: None,
            fields: Vec::new(),
            span,
        };
        for part in inner {
            if part.as_rule() == Rule::given_fields {
                for entry in parts(part) {
                    let mut inner = parts(entry);
                    let field = inner.next()?;
                    let value = inner.next()?;
                    each.fields.push((self.name(&field), self.expr(value)?));
                }
            } else {
                each.filter = Some(self.expr(part)?);
            }
        }
        Some(each)
    }

    fn obligation(&mut self, pair: P<'t>, line: Line, each: Option<usize>) -> Option<Obligation> {
        let span = self.line_span(line);
        let mut tail = Tail::default();
        let (mut modality, mut name, mut condition) = (None, None, None);
        let (mut when, mut label) = (None, None);
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            match part.as_rule() {
                Rule::modality => {
                    let words: Vec<&str> = part.as_str().split_whitespace().collect();
                    modality = Some(match words.as_slice() {
                        ["must"] => Modality::Must,
                        ["must", _] => Modality::MustNot,
                        ["should"] => Modality::Should,
                        ["should", _] => Modality::ShouldNot,
                        _ => Modality::May,
                    });
                }
                Rule::word => name = Some(self.name(&part)),
                Rule::when => when = Some(self.expr(part)?),
                Rule::text => label = Some(Self::text(&part)),
                _ => condition = Some(self.expr(part)?),
            }
        }
        Some(Obligation {
            modality: modality?,
            name: name?,
            condition: condition?,
            when,
            label,
            each,
            dates: tail.dates,
            under: tail.under,
            cites: tail.cites,
            span,
        })
    }
}
