//! Records and their fields.

use polc_grammar::Rule;

use super::super::ast::{Field, FieldInput, LeftOut, Name, Record};
use super::super::text::Line;
use super::{Builder, P, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    pub(super) fn record(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Record> {
        let read = self.read(Rule::record_line, header);
        let dated = self
            .clean
            .get(header.start..header.end)?
            .split_whitespace()
            .nth(2)
            == Some("dated");
        let mut record = None;
        if let Some(pair) = read {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let mut read = Record {
                name: self.name(&word),
                dated: None,
                label: None,
                fields: Vec::new(),
            };
            for part in inner {
                match part.as_rule() {
                    Rule::word if dated => read.dated = Some(self.name(&part)),
                    Rule::text => read.label = Some(Self::text(&part)),
                    _ => cites.extend(self.names(part)),
                }
            }
            record = Some(read);
        }
        let mut fields = Vec::new();
        for line in body {
            let Some(pair) = self.read(Rule::field_line, *line) else {
                continue;
            };
            if let Some(field) = self.field(pair, cites) {
                fields.push(field);
            }
        }
        let mut record = record?;
        record.fields = fields;
        if record.fields.is_empty() && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                "this record has no fields",
                "write a field on each indented line: `stars: decimal 1..5`",
            );
        }
        Some(record)
    }

    fn field(&mut self, pair: P<'t>, cites: &mut Vec<Name>) -> Option<Field> {
        let mut inner = parts(pair);
        let first = inner.next()?;
        let mut range = None;
        let (name, input) = match first.as_rule() {
            Rule::event_field => (self.only_name(first)?, FieldInput::Event),
            Rule::judged_field => {
                let mut inner = parts(first);
                let word = inner.next()?;
                let name = self.name(&word);
                let values = self.judgement_values(inner.next()?)?;
                let word = inner.next()?;
                let by = self.name(&word);
                (name, FieldInput::Judgement { values, by })
            }
            _ => {
                let name = self.name(&first);
                let (ty, read) = self.typed(inner.next()?)?;
                range = read;
                (name, FieldInput::Given(ty))
            }
        };
        let mut field = Field {
            name,
            input,
            range,
            left_out: LeftOut::Unknown,
            label: None,
        };
        for part in inner {
            match part.as_rule() {
                Rule::left_out_field => {
                    field.left_out = match parts(part).next() {
                        Some(value) => LeftOut::Value(self.expr(value)?),
                        None => LeftOut::None,
                    };
                }
                Rule::text => field.label = Some(Self::text(&part)),
                _ => cites.extend(self.names(part)),
            }
        }
        Some(field)
    }
}
