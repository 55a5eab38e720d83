//! Definitions and decisions.

use polc_grammar::Rule;

use super::super::ast::{Alternative, Body, Define, Expr, ExprKind, Literal, Name, Scope, Takes};
use super::super::text::{Line, Shape};
use super::{Builder, P, Tail, parts};
use crate::diagnostics::Code;
use crate::source::Span;

/// A definition that says nothing yet.
fn empty(decision: bool, name: Name) -> Define {
    Define {
        decision,
        name,
        takes: Takes::default(),
        ty: None,
        label: None,
        applies: None,
        notes: Vec::new(),
        body: Body::Cases(Vec::new()),
    }
}

impl<'t> Builder<'t, '_> {
    pub(super) fn define(
        &mut self,
        keyword: &str,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Define> {
        let decision = keyword == "decision";
        let rule = if decision {
            Rule::decision_line
        } else {
            Rule::define_line
        };
        let mut define = None;
        let mut reading = None;
        let mut has_value = false;
        if let Some(pair) = self.read(rule, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let mut read = empty(decision, self.name(&word));
            for part in inner {
                match part.as_rule() {
                    Rule::takes => read.takes = self.takes(part)?,
                    Rule::r#type => read.ty = Some(self.type_expr(part)?),
                    Rule::text => read.label = Some(Self::text(&part)),
                    Rule::defined_as => {
                        let value = parts(part).next()?;
                        read.body = Body::Expr(self.expr(value)?);
                        has_value = true;
                    }
                    Rule::by_reading => reading = self.only_name(part),
                    _ => cites.extend(self.names(part)),
                }
            }
            self.may_take(&read.name, &read.takes, decision);
            define = Some(read);
        }
        let mut applies = None;
        let mut notes = Vec::new();
        let mut alternatives = Vec::new();
        let mut rest = Vec::new();
        for line in body {
            let words = self.clean.get(line.start..line.end).unwrap_or("");
            let is_note = words
                .strip_prefix("note ")
                .is_some_and(|rest| rest.trim_start().starts_with('"'));
            if is_note && line.shape == Shape::Plain {
                notes.extend(self.note(*line));
                continue;
            }
            let is_applies = words
                .strip_prefix("applies ")
                .is_some_and(|rest| rest.trim_start().starts_with("when "));
            if is_applies && line.shape == Shape::Plain {
                let place = self.line_span(*line);
                let Some(pair) = self.read(Rule::case_line, *line) else {
                    continue;
                };
                let scope = self.scope(pair);
                if applies.is_some() {
                    self.twice(place, "applies when");
                }
                applies = scope;
            } else if reading.is_some() {
                if let Some(alternative) = self.alternative(*line) {
                    alternatives.push(alternative);
                }
            } else {
                rest.push(*line);
            }
        }
        if has_value && let Some(line) = rest.first() {
            let place = self.line_span(*line);
            self.error(
                Code::SyntaxError,
                place,
                "the header already gives the value",
                "remove `= …` from the header and write cases, or remove this line",
            );
        }
        let cases = self.cases(&rest);
        let mut define = define?;
        define.applies = applies;
        define.notes = notes;
        if let Some(reading) = reading {
            define.body = Body::Reading {
                reading,
                alternatives,
            };
        } else if !has_value {
            if cases.is_empty() && !self.failed {
                self.without_value(header, &define.name);
            }
            define.body = Body::Cases(cases);
        }
        Some(define)
    }

    fn without_value(&mut self, header: Line, name: &Name) {
        let place = self.line_span(header);
        self.error(
            Code::SyntaxError,
            place,
            format!("`{}` has no value", name.text),
            "write `= EXPRESSION`, or cases on indented lines: `VALUE when CONDITION`, `VALUE otherwise`",
        );
    }

    /// `note "TEXT" when C`
    fn note(&mut self, line: Line) -> Option<(String, Option<Expr>)> {
        let mut inner = parts(self.read(Rule::note_line, line)?);
        let text = inner.next()?;
        let text = Self::text(&text);
        let condition = match inner.next() {
            Some(when) => Some(self.expr(when)?),
            None => None,
        };
        Some((text, condition))
    }

    fn scope(&mut self, pair: P<'t>) -> Option<Scope> {
        let mut tail = Tail::default();
        let mut scope = None;
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            let mut inner = parts(part);
            let condition = inner.next()?;
            let condition = self.expr(condition)?;
            let because = inner.next().and_then(Self::because);
            scope = Some((condition, because));
        }
        let (condition, because) = scope?;
        if tail.under.is_some() || tail.dates.span != Span::default() {
            self.error(
                Code::SyntaxError,
                condition.span,
                "`applies when` is neither dated nor under a reading",
                "put the date or the reading into a definition and name it here",
            );
        }
        Some(Scope {
            condition,
            because,
            cites: tail.cites,
        })
    }

    fn alternative(&mut self, line: Line) -> Option<Alternative> {
        let span = self.line_span(line);
        let mut inner = parts(self.read(Rule::alternative_line, line)?);
        let word = inner.next()?;
        let name = self.name(&word);
        let mut value = None;
        let mut gap = None;
        let mut cites = Vec::new();
        for part in inner {
            let place = self.span(&part);
            match part.as_rule() {
                Rule::cites => cites = self.names(part),
                Rule::because => {
                    // never holds, so the reason is always given
                    let literal = |literal| Expr {
                        kind: ExprKind::Literal(literal),
                        span: place,
                    };
                    value = Some(literal(Literal::None));
                    gap = Some((literal(Literal::Bool(false)), Self::because(part)?));
                }
                Rule::gap => {
                    let mut inner = parts(part);
                    let condition = self.expr(inner.next()?)?;
                    gap = Some((condition, Self::because(inner.next()?)?));
                }
                _ => value = Some(self.expr(part)?),
            }
        }
        Some(Alternative {
            name,
            value: value?,
            gap,
            cites,
            span,
        })
    }
}
