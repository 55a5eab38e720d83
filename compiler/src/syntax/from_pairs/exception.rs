//! Exceptions, and which of two prevails.

use polc_grammar::Rule;

use super::super::ast::{Exception, Expr, Name, Prevails};
use super::super::text::Line;
use super::{Builder, P, Tail, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    pub(super) fn exception(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Exception> {
        let mut exception = None;
        if let Some(pair) = self.read(Rule::exception_line, header) {
            let target = pair
                .clone()
                .into_inner()
                .find(|part| part.as_rule() == Rule::target)?;
            let span = self.span(&target);
            let words: Vec<&str> = target.as_str().split_whitespace().collect();
            let target = Name {
                text: words.join(" ").replace('`', ""),
                span,
            };
            let of = pair.clone().into_inner();
            let of = of
                .into_iter()
                .find(|part| part.as_rule() == Rule::of_record);
            let (name, label, tail, condition) = self.named_rule(pair)?;
            cites.extend(tail.cites);
            exception = Some(Exception {
                name,
                target,
                of: of.and_then(|part| self.only_name(part)),
                label,
                dates: tail.dates,
                condition,
                use_value: None,
            });
        }
        let mut seen = false;
        let mut use_value = None;
        for line in body {
            let place = self.line_span(*line);
            let Some(pair) = self.read(Rule::exception_body, *line) else {
                continue;
            };
            if std::mem::replace(&mut seen, true) {
                self.twice(place, "what the exception does");
            }
            for part in parts(pair) {
                match part.as_rule() {
                    Rule::use_value => {
                        use_value = parts(part).next().and_then(|value| self.expr(value))
                    }
                    Rule::cites => cites.extend(self.names(part)),
                    _ => {}
                }
            }
        }
        let mut exception = exception?;
        exception.use_value = use_value;
        if !seen && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                "this exception does not say what holds instead",
                "write `use VALUE` or `does not apply` on an indented line",
            );
        }
        Some(exception)
    }

    pub(super) fn prevails(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Prevails> {
        self.no_body(body);
        let mut inner = parts(self.read(Rule::prevails_line, header)?);
        let (winner, loser) = (inner.next()?, inner.next()?);
        let because = Self::because(inner.next()?)?;
        if let Some(part) = inner.next() {
            cites.extend(self.names(part));
        }
        Some(Prevails {
            winner: self.name(&winner),
            loser: self.name(&loser),
            because,
        })
    }

    /// Name, label, dates and condition of a header; the target of an exception is read before.
    pub(super) fn named_rule(
        &mut self,
        pair: P<'t>,
    ) -> Option<(Name, Option<String>, Tail, Option<Expr>)> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let name = self.name(&word);
        let mut label = None;
        let mut condition = None;
        let mut tail = Tail::default();
        for part in inner {
            let place = self.span(&part);
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            match part.as_rule() {
                Rule::text => {
                    let before = label.replace(Self::text(&part)).is_some();
                    self.once(place, "the label", before);
                }
                Rule::when => {
                    let before = condition.is_some();
                    condition = self.expr(part);
                    self.once(place, "when", before);
                }
                _ => {}
            }
        }
        Some((name, label, tail, condition))
    }
}
