//! Orders of planned actions.

use polc_grammar::Rule;

use super::super::ast::{Name, Order, Precedence};
use super::super::text::Line;
use super::{Builder, Tail, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
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
