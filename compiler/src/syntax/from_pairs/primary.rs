//! Operands: names, literals, and what begins with a word of its own.

use polc_grammar::Rule;

use super::super::ast::{Expr, ExprKind, Made, Operation};
use super::{Builder, P, parts};

impl<'t> Builder<'t, '_> {
    /// An operand: all that is not put together with an operator.
    pub(super) fn primary(&mut self, pair: P<'t>) -> Option<Expr> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::parenthesised => {
                // the span takes in the parentheses: that is how a mixed `and`/`or` is told from a grouped one
                let inner = self.first(pair)?;
                return Some(Expr {
                    kind: inner.kind,
                    span,
                });
            }
            Rule::expr
            | Rule::operand
            | Rule::tight
            | Rule::list
            | Rule::subject
            | Rule::comparison => return self.expr(pair),
            Rule::aggregate => return self.aggregate(pair),
            Rule::name | Rule::word => ExprKind::Name(self.name(&pair).text),
            Rule::item_field => ExprKind::ItemField(self.only_name(pair)?),
            Rule::call => self.call(pair)?,
            Rule::missing => ExprKind::Missing(self.only_name(pair)?),
            Rule::if_expr => self.choice(pair)?,
            Rule::list_literal => self.list_literal(pair)?,
            Rule::record_literal => self.record_literal(pair)?,
            Rule::for_each => self.for_each(pair)?,
            Rule::group => self.group(pair)?,
            Rule::quantified => self.quantified(pair)?,
            Rule::pick => self.pick(pair)?,
            Rule::period => self.period(pair)?,
            Rule::overlap => self.overlap(pair)?,
            Rule::days_of => self.days_of(pair)?,
            Rule::boundary => self.boundary(pair)?,
            Rule::between => self.between(pair)?,
            Rule::full_between => self.full_between(pair)?,
            Rule::percent_of => self.operation(Operation::PercentOf, parts(pair))?,
            Rule::taken => self.taken(pair)?,
            Rule::range_of => self.operation(Operation::Made(Made::Numbers), parts(pair))?,
            Rule::units_in => self.units_in(pair)?,
            Rule::date_part => self.date_part(pair)?,
            Rule::next_on | Rule::previous_before => self.scheduled(pair)?,
            Rule::ever => self.ever(pair)?,
            Rule::highest => self.highest(pair)?,
            Rule::rows_of => self.rows_of(pair)?,
            Rule::result_of => self.result_of(pair)?,
            _ => ExprKind::Literal(self.literal(&pair)?),
        };
        Some(Expr { kind, span })
    }

    /// `f(x, y)`
    fn call(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let name = self.name(&word);
        let arguments = self.arguments(inner.next()?)?;
        Some(ExprKind::Call(name, arguments))
    }

    /// An operation on the operands that are left.
    pub(super) fn operation(
        &mut self,
        operation: Operation,
        operands: impl Iterator<Item = P<'t>>,
    ) -> Option<ExprKind> {
        let operands: Option<Vec<Expr>> = operands.map(|one| self.expr(one)).collect();
        Some(ExprKind::Operation(operation, operands?))
    }

    /// `if C then A else B`
    fn choice(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let condition = self.boxed(inner.next())?;
        let yes = self.boxed(inner.next())?;
        let no = self.boxed(inner.next())?;
        Some(ExprKind::If(condition, yes, no))
    }

    /// `{ name: value }`
    fn record_literal(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut fields = Vec::new();
        for entry in parts(pair) {
            let mut inner = parts(entry);
            let word = inner.next()?;
            let value = inner.next()?;
            fields.push((self.name(&word), self.expr(value)?));
        }
        Some(ExprKind::Record(fields))
    }

    fn list_literal(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut items = Vec::new();
        let mut guarded = false;
        for entry in parts(pair) {
            let mut inner = parts(entry);
            let value = inner.next()?;
            let value = self.expr(value)?;
            let guard = match inner.next() {
                Some(guard) => Some(self.expr(guard)?),
                None => None,
            };
            guarded |= guard.is_some();
            items.push((value, guard));
        }
        Some(if guarded {
            ExprKind::ListWhere(items)
        } else {
            ExprKind::List(items.into_iter().map(|(value, _)| value).collect())
        })
    }
}
