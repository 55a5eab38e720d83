//! What stands behind an operand: fields, filters, tests, roundings.

use polc_grammar::Rule;

use super::super::ast::{Expr, ExprKind, Literal, Operation, RoundTo, Rounding, Taken, Window};
use super::{Builder, P, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    /// What stands behind an operand.
    pub(super) fn postfix(&mut self, left: Expr, pair: P<'t>) -> Option<Expr> {
        let span = left.span.to(self.span(&pair));
        let negated = pair.as_str().contains("not");
        let kind = match pair.as_rule() {
            Rule::access => ExprKind::Access(Box::new(left), self.only_name(pair)?),
            Rule::as_of => ExprKind::AsOf(Box::new(left), Box::new(self.first(pair)?)),
            Rule::filtered => ExprKind::Where {
                list: Box::new(left),
                condition: Box::new(self.first(pair)?),
            },
            Rule::sorted => self.sorted(left, pair)?,
            Rule::grouped => ExprKind::GroupBy {
                list: Box::new(left),
                by: Box::new(self.first(pair)?),
            },
            Rule::followed => ExprKind::Concat(Box::new(left), Box::new(self.first(pair)?)),
            Rule::overlaps => ExprKind::Overlaps(Box::new(left), Box::new(self.first(pair)?)),
            Rule::is_none => ExprKind::IsNone(Box::new(left), negated),
            Rule::is_applicable => ExprKind::IsApplicable(Box::new(left), negated),
            Rule::is_one_of => self.one_of(left, pair)?,
            Rule::recorded => self.recorded(left, pair)?,
            Rule::within => self.within(left, pair)?,
            Rule::rounded => self.rounded(left, pair)?,
            Rule::month_end => self.month_end(left, pair),
            Rule::without => self.without(left, pair)?,
            Rule::as_percent => ExprKind::Operation(Operation::AsPercent, vec![left]),
            Rule::in_units => self.in_units(left, pair),
            _ => return None,
        };
        Some(Expr { kind, span })
    }

    /// `sorted by .f`
    fn sorted(&mut self, left: Expr, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair).peekable();
        let plain = inner
            .peek()
            .is_none_or(|next| next.as_rule() == Rule::descending);
        if plain {
            let descending = inner.next().is_some();
            return Some(ExprKind::Operation(
                Operation::Sorted(descending),
                vec![left],
            ));
        }
        let by = self.boxed(inner.next())?;
        Some(ExprKind::Sort {
            list: Box::new(left),
            by,
            descending: inner.next().is_some(),
        })
    }

    /// `without none`, `without the first 3`
    fn without(&mut self, left: Expr, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        if word.as_rule() == Rule::without_none {
            return Some(ExprKind::Operation(Operation::WithoutNone, vec![left]));
        }
        let ends = match word.as_str().ends_with("first") {
            true => Taken::WithoutFirst,
            false => Taken::WithoutLast,
        };
        let count = self.expr(inner.next()?)?;
        Some(ExprKind::Operation(
            Operation::Taken(ends),
            vec![left, count],
        ))
    }

    /// `is one of a, b`
    fn one_of(&mut self, left: Expr, pair: P<'t>) -> Option<ExprKind> {
        let negated = pair.as_str().split_whitespace().nth(1) == Some("not");
        let mut items = Vec::new();
        for item in parts(pair) {
            items.push(self.expr(item)?);
        }
        let place = items.first()?.span.to(items.last()?.span);
        let list = Box::new(Expr {
            kind: ExprKind::List(items),
            span: place,
        });
        Some(ExprKind::In {
            item: Box::new(left),
            list,
            negated,
        })
    }

    /// `recorded`, `not recorded`
    fn recorded(&mut self, left: Expr, pair: P<'t>) -> Option<ExprKind> {
        if !matches!(
            left.kind,
            ExprKind::Name(_) | ExprKind::Access(..) | ExprKind::ItemField(_)
        ) {
            self.error(
                Code::SyntaxError,
                left.span,
                "only a judgement can be `recorded`",
                "write the name of the judgement before `recorded`",
            );
            return None;
        }
        Some(ExprKind::Recorded(
            Box::new(left),
            pair.as_str().starts_with("not"),
        ))
    }

    /// `within 30 days before D`
    fn within(&mut self, left: Expr, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let first = inner.next()?;
        let (amount, window) = if first.as_rule() == Rule::whole_months {
            (self.whole_months(first)?, Window::WholeMonthsBefore)
        } else {
            let amount = self.expr(first)?;
            let word = inner.next()?;
            let window = match word.as_str().split_whitespace().next()? {
                "before" => Window::Before,
                "up" => Window::UpTo,
                "from" => Window::From,
                _ => Window::After,
            };
            (amount, window)
        };
        let anchor = self.boxed(inner.next())?;
        Some(ExprKind::Within {
            date: Box::new(left),
            amount: Box::new(amount),
            window,
            anchor,
        })
    }

    /// `rounded half up to 2 places`
    fn rounded(&mut self, left: Expr, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let mode = inner.next()?;
        let rounding = match mode.as_str().split_whitespace().last()? {
            "even" => Rounding::HalfEven,
            "down" => Rounding::Down,
            _ if mode.as_str().contains("half") => Rounding::HalfUp,
            _ => Rounding::Up,
        };
        let target = inner.next()?;
        let to = if target.as_rule() == Rule::number {
            let Some(places) = target
                .as_str()
                .parse::<u32>()
                .ok()
                .filter(|places| *places <= 28)
            else {
                let place = self.span(&target);
                self.error(
                    Code::SyntaxError,
                    place,
                    format!("`{}` is no number of places", target.as_str()),
                    "write a whole number up to 28",
                );
                return None;
            };
            RoundTo::Places(places)
        } else {
            RoundTo::Nearest(Box::new(self.expr(target)?))
        };
        Some(ExprKind::Round(Box::new(left), rounding, to))
    }

    /// `12 whole months`: as months when it is a literal.
    fn whole_months(&mut self, pair: P<'t>) -> Option<Expr> {
        let span = self.span(&pair);
        let amount = parts(pair).next()?;
        if amount.as_rule() != Rule::number {
            return self.primary(amount);
        }
        let Ok(months) = amount.as_str().parse::<u32>() else {
            self.error(
                Code::SyntaxError,
                span,
                format!("`{}` is no number of months", amount.as_str()),
                "write a whole number",
            );
            return None;
        };
        Some(Expr {
            kind: ExprKind::Literal(Literal::Months(months)),
            span,
        })
    }
}
