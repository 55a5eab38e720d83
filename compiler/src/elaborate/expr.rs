//! Expressions → kernel nodes, checked on the way.

use super::arithmetic::kernel;
use super::builder::required;
use super::env::Env;
use super::types::is_unresolved;
use super::{Elaborator, Typed};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Made, Operation, Taken};
use polc_runtime::ir::{NodeId, Op, Steps, Type};

impl Elaborator<'_, '_> {
    /// The node of an expression that must have a type.
    pub(super) fn check(&mut self, env: &Env, expr: &Expr, wanted: &Type) -> Option<NodeId> {
        let found = self.infer(env, expr, Some(wanted))?;
        self.fitted(found, expr.span, wanted)
    }

    /// The node of what stands at a place and must have a type.
    pub(super) fn fitted(&mut self, found: Typed, span: Span, wanted: &Type) -> Option<NodeId> {
        if !self.fits(&found.ty, wanted) {
            self.mismatch(span, &found.ty, wanted);
            return None;
        }
        Some(match (&found.ty, required(wanted)) {
            (Type::List(_), Type::Set(_)) => {
                self.builder.add(Op::Distinct(found.node), wanted.clone())
            }
            _ => found.node,
        })
    }

    /// The node and type of an expression; `hint` helps bare words, literals and records.
    pub(super) fn infer(&mut self, env: &Env, expr: &Expr, hint: Option<&Type>) -> Option<Typed> {
        let typed = self.infer_kind(env, expr, hint);
        self.settled(env, typed)
    }

    /// What an expression came to, where its type is known; without `none` where it is known to be there.
    pub(super) fn settled(&self, env: &Env, typed: Option<Typed>) -> Option<Typed> {
        let mut typed = typed.filter(|typed| !is_unresolved(&typed.ty))?;
        if matches!(typed.ty, Type::Optional(_)) && env.is_present(self.builder.bare(typed.node)) {
            typed.ty = required(&typed.ty);
        }
        Some(typed)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of expression")]
    fn infer_kind(&mut self, env: &Env, expr: &Expr, hint: Option<&Type>) -> Option<Typed> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, hint, span),
            ExprKind::Name(word) => self.name(env, word, hint, span),
            ExprKind::ItemField(field) => self.item_field(env, field, span),
            ExprKind::Access(inner, field) => self.access(env, inner, field),
            ExprKind::Call(rule, arguments) => self.call(env, rule, arguments, span),
            ExprKind::Not(inner) => {
                let inner = self.check(env, inner, &Type::Bool)?;
                Some(Typed::bool(self.builder.not(inner)))
            }
            ExprKind::Negate(inner) => self.negated(env, inner, hint),
            ExprKind::Binary(..) => self.chain(env, expr, hint),
            ExprKind::Compare(op, a, b) => self.comparison(env, kernel(*op), a, b, span),
            ExprKind::IsApplicable(inner, negated) => {
                let typed = self.infer(env, inner, None)?;
                let node = self.builder.add(Op::IsApplicable(typed.node), Type::Bool);
                Some(self.or_not(node, *negated))
            }
            ExprKind::IsNone(inner, negated) => {
                let node = self.is_none(env, inner, span)?;
                Some(self.or_not(node, *negated))
            }
            ExprKind::In {
                item,
                list,
                negated,
            } => {
                let node = self.contains(env, item, list)?;
                Some(self.or_not(node, *negated))
            }
            ExprKind::Within {
                date,
                amount,
                window,
                anchor,
            } => self.within(env, date, amount, *window, anchor),
            ExprKind::Period {
                from,
                through,
                before,
            } => self.period_literal(env, from.as_deref(), through.as_deref(), before.as_deref()),
            ExprKind::Overlaps(a, b) => self.overlaps(env, a, b),
            ExprKind::Overlap(a, b) => self.overlap(env, a, b),
            ExprKind::DaysOf(inner) => self.days_of(env, inner),
            ExprKind::Missing(name) => self.missing(env, name, hint, span),
            ExprKind::Recorded(judgement, negated) => {
                let node = self.recorded(env, judgement)?;
                Some(self.or_not(node, *negated))
            }
            ExprKind::OrElse(a, b) => {
                let first = self.infer(env, a, hint)?;
                let inner = required(&first.ty);
                let second = self.infer(env, b, Some(&inner))?;
                let ty = self.unify(&inner, &second.ty, b.span)?;
                Some(self.make(Op::OrElse(first.node, second.node), ty))
            }
            ExprKind::If(condition, yes, no) => self.if_else(env, condition, [yes, no], hint),
            ExprKind::Aggregate(kind, list) => self.aggregate(env, *kind, list),
            ExprKind::Quantified {
                kind,
                list,
                item,
                condition,
            } => self.quantified(env, kind, list, item.as_ref(), condition.as_deref()),
            ExprKind::Group(kind, members) => {
                let mut parts = Vec::new();
                for member in members {
                    parts.push(self.check(env, member, &Type::Bool));
                }
                let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
                let node = self.group(env, kind, parts)?;
                Some(Typed::bool(node))
            }
            ExprKind::Where { list, condition } => self.filtered(env, list, condition),
            ExprKind::ForEach { .. } => self.for_each(env, &expr.kind, hint),
            ExprKind::Pick {
                which,
                list,
                by,
                then,
            } => self.pick(env, *which, list, by.as_deref(), then.as_deref()),
            ExprKind::Sort {
                list,
                by,
                descending,
            } => self.sorted(env, list, by, *descending),
            ExprKind::GroupBy { list, by } => self.grouped(env, list, by),
            ExprKind::Concat(a, b) => self.concat(env, a, b, hint),
            ExprKind::Record(fields) => self.record(env, fields, hint, span),
            ExprKind::List(items) => {
                let guarded: Vec<_> = items.iter().map(|item| (item, None)).collect();
                self.list_where(env, &guarded, hint, span)
            }
            ExprKind::ListWhere(items) => {
                let guarded: Vec<_> = items
                    .iter()
                    .map(|(item, guard)| (item, guard.as_ref()))
                    .collect();
                self.list_where(env, &guarded, hint, span)
            }
            ExprKind::Round(value, mode, to) => self.rounded(env, value, *mode, to, hint, span),
            ExprKind::Boundary(end, unit, date) => self.boundary(env, *end, *unit, date),
            ExprKind::DaysBetween(a, b) => {
                let (a, b) = (
                    self.check(env, a, &Type::Date)?,
                    self.check(env, b, &Type::Date)?,
                );
                Some(self.make(Op::DaysBetween(a, b), Type::Days))
            }
            ExprKind::MonthsBetween(a, b) => {
                let (a, b) = (
                    self.check(env, a, &Type::Date)?,
                    self.check(env, b, &Type::Date)?,
                );
                Some(self.make(Op::MonthsBetween(a, b), Type::Months))
            }
            ExprKind::Operation(operation, operands) => self.operation(env, operation, operands),
            ExprKind::Extreme(largest, items) => self.extreme(env, *largest, items, hint),
            ExprKind::NextOn(schedule, date) => {
                let id = self.schedule_of(schedule)?;
                let date = self.check(env, date, &Type::Date)?;
                let ty = self.schedule_type(id, true);
                Some(self.make(Op::ScheduleNext(id, date), ty))
            }
            ExprKind::PreviousBefore(schedule, date) => {
                let id = self.schedule_of(schedule)?;
                let date = self.check(env, date, &Type::Date)?;
                let ty = self.schedule_type(id, false);
                Some(self.make(Op::SchedulePrevious(id, date), ty))
            }
            ExprKind::AsOf(body, date) => self.as_of(env, body, date, hint),
            ExprKind::Ever {
                condition,
                amount,
                anchor,
            } => {
                let body = self.check(&env.elsewhere(), condition, &Type::Bool)?;
                let from = self.check(env, anchor, &Type::Date)?;
                let to = self.shifted(env, from, amount, false)?;
                Some(self.make(Op::Ever { body, from, to }, Type::Bool))
            }
            ExprKind::HighestMeeting { scale, grid, stage } => {
                self.highest_meeting(scale, grid, stage.as_ref())
            }
            ExprKind::RowsOf {
                grid,
                tier,
                results,
                negated,
                otherwise,
            } => self.rows_of(env, grid, tier, results, *negated, otherwise.as_ref()),
            ExprKind::ResultOf { row, tier, grid } => self.result_of(env, row, tier, grid.as_ref()),
        }
    }

    fn operation(&mut self, env: &Env, which: &Operation, operands: &[Expr]) -> Option<Typed> {
        let (first, second) = (operands.first()?, operands.get(1));
        match which {
            Operation::FullBetween(unit) => self.full_between(env, *unit, first, second?),
            Operation::DatePart(part) => self.date_part(env, *part, first),
            Operation::Taken(Taken::Item) => self.item_at(env, first, second?),
            Operation::Taken(which @ (Taken::First | Taken::Last)) => {
                self.taken(env, *which, second?, first)
            }
            Operation::Taken(which @ (Taken::WithoutFirst | Taken::WithoutLast)) => {
                self.taken(env, *which, first, second?)
            }
            Operation::WithoutNone => self.without_none(env, first),
            Operation::Sorted(descending) => self.sorted_plainly(env, first, *descending),
            Operation::Made(Made::Numbers) => self.numbers(env, first, second?),
            Operation::Made(Made::Days) => self.units_in(env, Steps::Days, first),
            Operation::Made(Made::Months) => self.units_in(env, Steps::Months, first),
            Operation::Power => self.power(env, first, second?),
            Operation::PercentOf => self.percent_of(env, first, second?),
            Operation::AsPercent => self.as_percent(env, first),
            Operation::MonthEnd(way) => self.month_end(env, first, *way),
            Operation::Length(one) => self.in_units(env, first, one),
        }
    }

    pub(super) fn make(&mut self, op: Op, ty: Type) -> Typed {
        Typed {
            node: self.builder.add(op, ty.clone()),
            ty,
        }
    }
}
