//! Obligations, duties and orders.

use polc_grammar::Rule;

use super::super::ast::{
    Duty, Each, Expr, Modality, Name, Obligation, Obligations, Order, Precedence,
};
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

    pub(super) fn order(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Order> {
        let mut read = None;
        if let Some(pair) = self.read(Rule::order_line, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let name = self.name(&word);
            let plan = self.expr(inner.next()?)?;
            let mut label = None;
            for part in inner {
                match part.as_rule() {
                    Rule::text => label = Some(Self::text(&part)),
                    _ => cites.extend(self.names(part)),
                }
            }
            read = Some(Order {
                name,
                label,
                plan,
                rules: Vec::new(),
            });
        }
        let mut rules = Vec::new();
        for line in body {
            let span = self.line_span(*line);
            let Some(pair) = self.read(Rule::order_body, *line) else {
                continue;
            };
            let mut tail = Tail::default();
            let (mut first, mut then, mut when) = (None, Vec::new(), None);
            for part in parts(pair) {
                let Some(part) = self.tail(&mut tail, part) else {
                    continue;
                };
                match part.as_rule() {
                    Rule::word => first = Some(self.name(&part)),
                    Rule::words => then = self.names(part),
                    _ => when = Some(self.expr(part)?),
                }
            }
            rules.push(Precedence {
                first: first?,
                then,
                when,
                dates: tail.dates,
                under: tail.under,
                cites: tail.cites,
                span,
            });
        }
        let mut order = read?;
        order.rules = rules;
        if order.rules.is_empty() && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                "this order says nothing",
                "write `FIRST before SECOND, THIRD` below it",
            );
        }
        Some(order)
    }
}
