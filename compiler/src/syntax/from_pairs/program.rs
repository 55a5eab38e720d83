//! Programs, modules and the files they use.

use polc_grammar::Rule;

use super::super::ast::{Module, Program, Use};
use super::super::text::Line;
use super::{Builder, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn program(&mut self, header: Line, body: &[Line]) -> Option<Program> {
        let read = self.read(Rule::program_line, header);
        let mut currency = None;
        for line in body {
            let place = self.line_span(*line);
            if let Some(pair) = self.read(Rule::currency_line, *line) {
                if currency.is_some() {
                    self.twice(place, "currency");
                }
                currency = self.only_name(pair);
            }
        }
        let mut inner = parts(read?);
        let word = inner.next()?;
        let mut program = Program {
            name: self.name(&word),
            label: None,
            version: None,
            currency,
        };
        for part in inner {
            match part.as_rule() {
                Rule::text => program.label = Some(Self::text(&part)),
                _ => program.version = Some(Self::text(&part)),
            }
        }
        Some(program)
    }

    pub(super) fn module(&mut self, header: Line, body: &[Line]) -> Option<Module> {
        self.no_body(body);
        let mut inner = parts(self.read(Rule::module_line, header)?);
        let word = inner.next()?;
        Some(Module {
            name: self.name(&word),
            label: inner.next().map(|text| Self::text(&text)),
        })
    }

    pub(super) fn use_file(&mut self, header: Line, body: &[Line]) -> Option<Use> {
        self.no_body(body);
        let text = parts(self.read(Rule::use_line, header)?).next()?;
        Some(Use {
            path: Self::text(&text),
            span: self.span(&text),
        })
    }
}
