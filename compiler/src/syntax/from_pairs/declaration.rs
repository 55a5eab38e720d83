//! A declaration: the header line, then the lines of the body one by one, so that each can be reported.

use super::super::ast::{Declaration, DeclarationKind, Name};
use super::super::text::{Chunk, Line};
use super::Builder;
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    /// Reads a declaration; `None` when anything in it was reported.
    pub fn declaration(&mut self, keyword: &str, chunk: &Chunk) -> Option<Declaration> {
        let (header, body) = chunk.lines.split_first()?;
        let span = self
            .line_span(*header)
            .to(self.line_span(*chunk.lines.last()?));
        let mut cites = Vec::new();
        self.failed = false;
        let kind = self.kind(keyword, *header, body, &mut cites);
        if kind.is_none() && !self.failed {
            self.error(
                Code::SyntaxError,
                span,
                "this declaration cannot be read",
                polc_grammar::keyword(keyword).map_or("check its lines", |keyword| keyword.example),
            );
        }
        if self.failed {
            return None;
        }
        Some(Declaration {
            doc: chunk.doc.clone(),
            kind: kind?,
            span,
            cites,
        })
    }

    fn kind(
        &mut self,
        keyword: &str,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<DeclarationKind> {
        Some(match keyword {
            "program" => DeclarationKind::Program(self.program(header, body)?),
            "module" => DeclarationKind::Module(self.module(header, body)?),
            "use" => DeclarationKind::Use(self.use_file(header, body)?),
            "source" => DeclarationKind::Source(self.source(header, body)?),
            "enum" | "scale" => {
                DeclarationKind::Enum(self.enumeration(keyword, header, body, cites)?)
            }
            "record" => DeclarationKind::Record(self.record(header, body, cites)?),
            "fact" | "event" => DeclarationKind::Fact(self.fact(keyword, header, body, cites)?),
            "judgement" => DeclarationKind::Judgement(self.judgement(header, body, cites)?),
            "value" => DeclarationKind::Value(self.value(header, body, cites)?),
            "define" | "decision" => {
                DeclarationKind::Define(self.define(keyword, header, body, cites)?)
            }
            "requirements" => {
                DeclarationKind::Requirements(self.requirements(header, body, cites)?)
            }
            "amend" => DeclarationKind::Amend(self.amend(header, body, cites)?),
            "waiver" => DeclarationKind::Waiver(self.waiver(header, body, cites)?),
            "grants" => DeclarationKind::Grants(self.grants(header, body, cites)?),
            "exception" => DeclarationKind::Exception(self.exception(header, body, cites)?),
            "table" => DeclarationKind::Table(self.table(header, body, cites)?),
            "schedule" => DeclarationKind::Schedule(self.schedule(header, body, cites)?),
            "reading" => DeclarationKind::Reading(self.reading(header, body, cites)?),
            "lifecycle" => DeclarationKind::Lifecycle(self.lifecycle(header, body, cites)?),
            "obligations" => DeclarationKind::Obligations(self.obligations(header, body, cites)?),
            "duty" => DeclarationKind::Duty(self.duty(header, body, cites)?),
            "order" => DeclarationKind::Order(self.order(header, body, cites)?),
            "tests" => DeclarationKind::Tests(self.tests(header, body)?),
            _ => DeclarationKind::Prevails(self.prevails(header, body, cites)?),
        })
    }

    /// Reports lines where no body belongs.
    pub(super) fn no_body(&mut self, body: &[Line]) {
        if let Some(line) = body.first() {
            let place = self.line_span(*line);
            self.error(
                Code::SyntaxError,
                place,
                "this declaration has no body",
                "write it on one line, or begin a new declaration at the first column",
            );
        }
    }
}
