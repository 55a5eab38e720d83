//! Duties.

use polc_grammar::Rule;

use super::super::ast::{Duty, Expr, Name};
use super::super::text::Line;
use super::{Builder, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    pub(super) fn duty(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Duty> {
        let mut read = None;
        if let Some(pair) = self.read(Rule::duty_line, header) {
            let (mut words, mut label) = (Vec::new(), None);
            let (mut addressee, mut channel) = (None, None);
            for part in parts(pair) {
                match part.as_rule() {
                    Rule::word => words.push(self.name(&part)),
                    Rule::text => label = Some(Self::text(&part)),
                    Rule::addressee => addressee = self.only_name(part),
                    Rule::channel => channel = self.only_name(part),
                    _ => cites.extend(self.names(part)),
                }
            }
            let mut words = words.into_iter();
            read = Some(Duty {
                name: words.next()?,
                label,
                bearer: words.next()?,
                addressee,
                channel,
                arises: None,
                due: None,
                done: None,
            });
        }
        let (mut arises, mut due, mut done): (Option<(Expr, Option<Expr>)>, _, _) =
            (None, None, None);
        for line in body {
            let place = self.line_span(*line);
            let Some(pair) = self.read(Rule::duty_body, *line) else {
                continue;
            };
            for part in parts(pair) {
                match part.as_rule() {
                    Rule::arises => {
                        let mut inner = parts(part);
                        let day = self.expr(inner.next()?)?;
                        let when = match inner.next() {
                            Some(when) => Some(self.expr(when)?),
                            None => None,
                        };
                        self.once(place, "on", arises.is_some());
                        arises = Some((day, when));
                    }
                    Rule::due => {
                        self.once(place, "due", due.is_some());
                        due = self.expr(parts(part).next()?);
                    }
                    Rule::done => {
                        self.once(place, "done", done.is_some());
                        done = self.expr(parts(part).next()?);
                    }
                    _ => cites.extend(self.names(part)),
                }
            }
        }
        let mut duty = read?;
        (duty.arises, duty.due, duty.done) = (arises, due, done);
        if duty.arises.is_none() && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                "nothing says when this duty arises",
                "write `on DAY` below it: a date or none",
            );
        }
        Some(duty)
    }
}
