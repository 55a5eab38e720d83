//! Values: parameters with their versions.

use polc_grammar::Rule;

use super::super::ast::{Name, Value, Version};
use super::super::text::Line;
use super::{Builder, Tail, parts};
use crate::diagnostics::Code;
use crate::source::Span;

impl<'t> Builder<'t, '_> {
    pub(super) fn value(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Value> {
        let mut value = None;
        if let Some(pair) = self.read(Rule::value_line, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let mut read = Value {
                name: self.name(&word),
                ty: None,
                label: None,
                versions: Vec::new(),
                not_before: None,
            };
            let mut tail = Tail::default();
            let mut single = None;
            for part in inner {
                let Some(part) = self.tail(&mut tail, part) else {
                    continue;
                };
                match part.as_rule() {
                    Rule::r#type => read.ty = Some(self.type_expr(part)?),
                    Rule::text => read.label = Some(Self::text(&part)),
                    _ => single = Some(self.expr(part)?),
                }
            }
            cites.extend(tail.cites);
            self.no_reading(tail.under.as_ref());
            match single {
                Some(expr) => {
                    let span = self.line_span(header);
                    read.versions.push(Version {
                        value: expr,
                        dates: tail.dates,
                        cites: Vec::new(),
                        span,
                    });
                }
                None if tail.dates.span != Span::default() => self.error(
                    Code::SyntaxError,
                    tail.dates.span,
                    "a date stands here but no value",
                    "write `= VALUE` before the date, or dated lines below",
                ),
                None => {}
            }
            value = Some(read);
        }
        let mut versions = Vec::new();
        let mut not_before = None;
        for line in body {
            let span = self.line_span(*line);
            let Some(pair) = self.read(Rule::version_line, *line) else {
                continue;
            };
            let mut tail = Tail::default();
            let mut inner = parts(pair);
            let first = inner.next()?;
            for part in inner {
                self.tail(&mut tail, part);
            }
            self.no_reading(tail.under.as_ref());
            if first.as_rule() == Rule::not_in_force {
                if not_before.is_some() {
                    self.twice(span, "not in force before");
                }
                not_before = parts(first).next().and_then(|date| self.expr(date));
                cites.extend(tail.cites);
            } else if let Some(value) = self.expr(first) {
                versions.push(Version {
                    value,
                    dates: tail.dates,
                    cites: tail.cites,
                    span,
                });
            }
        }
        let mut value = value?;
        value.versions.extend(versions);
        value.not_before = not_before;
        if value.versions.is_empty() && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                format!("`{}` has no value", value.name.text),
                "write `= VALUE`, or a value with its dates on each indented line: `3.5 from 2026-01-01`",
            );
        }
        Some(value)
    }

    fn no_reading(&mut self, under: Option<&(Name, Name)>) {
        if let Some((reading, alternative)) = under {
            self.error(
                Code::SyntaxError,
                reading.span.to(alternative.span),
                "a value does not depend on a reading",
                "write `define … by reading R` with one line for each alternative",
            );
        }
    }
}
