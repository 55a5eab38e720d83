//! Periods, days and schedules in expressions.

use polc_grammar::Rule;

use super::super::ast::{CalendarUnit, DatePart, Expr, ExprKind, Literal, NoSuchDay, Operation};
use super::{Builder, P, parts};

impl<'t> Builder<'t, '_> {
    /// `period from A through B`
    pub(super) fn period(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let (mut from, mut through, mut before) = (None, None, None);
        for part in parts(pair) {
            let slot = match part.as_rule() {
                Rule::from_date => &mut from,
                Rule::through_date => &mut through,
                _ => &mut before,
            };
            *slot = Some(Box::new(self.expr(parts(part).next()?)?));
        }
        Some(ExprKind::Period {
            from,
            through,
            before,
        })
    }

    /// `overlap of (a, b)`
    pub(super) fn overlap(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        Some(ExprKind::Overlap(
            self.boxed(inner.next())?,
            self.boxed(inner.next())?,
        ))
    }

    /// `days of P`
    pub(super) fn days_of(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let inner = parts(pair).next()?;
        let inner = if inner.as_rule() == Rule::arguments {
            parts(inner).next()?
        } else {
            inner
        };
        Some(ExprKind::DaysOf(Box::new(self.expr(inner)?)))
    }

    /// `end of month of D`
    pub(super) fn boundary(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let mut words = inner.next()?.as_str().split_whitespace();
        let end = words.next()? == "end";
        let unit = match words.nth(1)? {
            "week" => CalendarUnit::Week,
            "month" => CalendarUnit::Month,
            "quarter" => CalendarUnit::Quarter,
            _ => CalendarUnit::Year,
        };
        Some(ExprKind::Boundary(end, unit, self.boxed(inner.next())?))
    }

    /// `days from A to B`
    pub(super) fn between(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let days = inner.next()?.as_str().starts_with("days");
        let from = self.boxed(inner.next())?;
        let to = self.boxed(inner.next())?;
        Some(if days {
            ExprKind::DaysBetween(from, to)
        } else {
            ExprKind::MonthsBetween(from, to)
        })
    }

    /// `full months from A to B`
    pub(super) fn full_between(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let unit = match inner.next()?.as_str().split_whitespace().nth(1)? {
            "months" => CalendarUnit::Month,
            _ => CalendarUnit::Year,
        };
        self.operation(Operation::FullBetween(unit), inner)
    }

    /// `weekday of D`
    pub(super) fn date_part(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let part = match inner.next()?.as_str().split_whitespace().next()? {
            "weekday" => DatePart::Weekday,
            "week" => DatePart::Week,
            "year" => DatePart::Year,
            "month" => DatePart::Month,
            _ => DatePart::Day,
        };
        self.operation(Operation::DatePart(part), inner)
    }

    /// `D + 1 month rolling over`
    pub(super) fn month_end(&mut self, left: Expr, pair: P<'t>) -> ExprKind {
        let way = match pair.as_str().starts_with("rolling") {
            true => NoSuchDay::RollsOver,
            false => NoSuchDay::NotApplicable,
        };
        ExprKind::Operation(Operation::MonthEnd(way), vec![left])
    }

    /// `N days`
    pub(super) fn in_units(&mut self, left: Expr, pair: P<'t>) -> ExprKind {
        let one = match pair.as_str().trim_end_matches('s') {
            "day" => Literal::Days(1),
            "week" => Literal::Days(7),
            "month" => Literal::Months(1),
            _ => Literal::Months(12),
        };
        ExprKind::Operation(Operation::Length(one), vec![left])
    }

    /// `next S on or after D`, `previous S before D`
    pub(super) fn scheduled(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let rule = pair.as_rule();
        let mut inner = parts(pair);
        let word = inner.next()?;
        let name = self.name(&word);
        let date = self.boxed(inner.next())?;
        Some(if rule == Rule::next_on {
            ExprKind::NextOn(name, date)
        } else {
            ExprKind::PreviousBefore(name, date)
        })
    }

    /// `ever C within N from D`
    pub(super) fn ever(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let condition = self.boxed(inner.next())?;
        let amount = self.boxed(inner.next())?;
        let anchor = self.boxed(inner.next())?;
        Some(ExprKind::Ever {
            condition,
            amount,
            anchor,
        })
    }
}
