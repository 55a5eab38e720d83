//! Periods: two days, either of them open. A period is a record of the kernel, its tests ordinary comparisons.

use super::builder::{optional, required};
use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::Expr;
use polc_runtime::ir::{self, Cmp, NodeId, Op, PERIOD, Type};
use polc_runtime::value::Number;

const FROM: u32 = 0;
const THROUGH: u32 = 1;

impl Elaborator<'_, '_> {
    /// The record of a period, made once.
    pub(super) fn period_type(&mut self) -> Type {
        if let Some(at) = self
            .types
            .records
            .iter()
            .position(|record| record.name == PERIOD)
        {
            return Type::Record(at as ir::RecordId);
        }
        let field = |name: &str| ir::Field {
            name: name.to_owned(),
            ty: optional(Type::Date),
            range: None,
            kind: ir::FactKind::Given,
            absent: None,
        };
        let record = ir::Record {
            name: PERIOD.to_owned(),
            fields: vec![field("from"), field("through")],
            dated: None,
        };
        Type::Record(self.push_record(record, Vec::new()))
    }

    pub(super) fn is_period(&self, ty: &Type) -> bool {
        let record = self.types.record(ty);
        record.is_some_and(|record| record.name == PERIOD)
    }

    /// An expression that must be a period.
    fn period_of(&mut self, env: &Env, expr: &Expr) -> Option<NodeId> {
        let ty = self.period_type();
        self.check(env, expr, &ty)
    }

    fn end(&mut self, period: NodeId, at: u32) -> NodeId {
        self.builder
            .add(Op::Field(period, at), optional(Type::Date))
    }

    pub(super) fn period_literal(
        &mut self,
        env: &Env,
        from: Option<&Expr>,
        through: Option<&Expr>,
        before: Option<&Expr>,
    ) -> Option<Typed> {
        let ty = self.period_type();
        let date = optional(Type::Date);
        let from = match from {
            Some(expr) => self.check(env, expr, &date)?,
            None => self.builder.none(Type::Date),
        };
        let through = match (through, before) {
            (Some(expr), _) => self.check(env, expr, &date)?,
            (None, Some(expr)) => {
                let end = self.check(env, expr, &Type::Date)?;
                let back = self.builder.number(Number::from_i64(-1), Type::Days);
                self.builder.add(Op::AddDays(end, back), Type::Date)
            }
            (None, None) => self.builder.none(Type::Date),
        };
        let node = self
            .builder
            .add(Op::MakeRecord(vec![from, through]), ty.clone());
        Some(Typed { node, ty })
    }

    /// `a` is not after `b`, where an open end never is.
    fn not_after(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let open = [self.builder.is_none(a), self.builder.is_none(b)];
        let in_order = self.builder.compare(Cmp::Le, a, b);
        self.builder.or([open[0], open[1], in_order])
    }

    /// `d in p`.
    pub(super) fn in_period(&mut self, item: &Typed, span: Span, period: &Typed) -> Option<NodeId> {
        if item.ty != Type::Date {
            let found = item.ty.clone();
            self.mismatch(span, &found, &Type::Date);
            return None;
        }
        let (from, through) = (self.end(period.node, FROM), self.end(period.node, THROUGH));
        let begun = self.not_after(from, item.node);
        let not_over = self.not_after(item.node, through);
        Some(self.builder.and([begun, not_over]))
    }

    fn overlapping(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let (a_from, a_through) = (self.end(a, FROM), self.end(a, THROUGH));
        let (b_from, b_through) = (self.end(b, FROM), self.end(b, THROUGH));
        let one = self.not_after(a_from, b_through);
        let other = self.not_after(b_from, a_through);
        // A period that ends before it begins has no day to share.
        let real = [
            self.not_after(a_from, a_through),
            self.not_after(b_from, b_through),
        ];
        self.builder.and([one, other, real[0], real[1]])
    }

    /// `p overlaps q`.
    pub(super) fn overlaps(&mut self, env: &Env, a: &Expr, b: &Expr) -> Option<Typed> {
        let (a, b) = (self.period_of(env, a)?, self.period_of(env, b)?);
        Some(Typed::bool(self.overlapping(a, b)))
    }

    /// The inner one of two ends; an open end is never inner.
    fn inner_end(&mut self, a: NodeId, b: NodeId, last: bool) -> NodeId {
        let date = optional(Type::Date);
        let none = [self.builder.is_none(a), self.builder.is_none(b)];
        let both = vec![a, b];
        let op = if last { Op::Min(both) } else { Op::Max(both) };
        let inner = self.builder.add(op, Type::Date);
        self.builder
            .cases(vec![(none[0], b), (none[1], a)], Some(inner), date)
    }

    /// `overlap of (p, q)`: the days both have, none where there are none.
    pub(super) fn overlap(&mut self, env: &Env, a: &Expr, b: &Expr) -> Option<Typed> {
        let (a, b) = (self.period_of(env, a)?, self.period_of(env, b)?);
        let shared = self.overlapping(a, b);
        let (a_from, b_from) = (self.end(a, FROM), self.end(b, FROM));
        let from = self.inner_end(a_from, b_from, false);
        let (a_through, b_through) = (self.end(a, THROUGH), self.end(b, THROUGH));
        let through = self.inner_end(a_through, b_through, true);
        let plain = self.period_type();
        let ty = optional(plain.clone());
        let both = self
            .builder
            .add(Op::MakeRecord(vec![from, through]), plain.clone());
        let none = self.builder.none(plain);
        let node = self
            .builder
            .cases(vec![(shared, both)], Some(none), ty.clone());
        Some(Typed { node, ty })
    }

    /// `days of p`, `days of PERIODS`: days counted once each; none where an end is open.
    pub(super) fn days_of(&mut self, env: &Env, expr: &Expr) -> Option<Typed> {
        let period = self.period_type();
        let typed = self.infer(env, expr, None)?;
        let listed = Type::List(Box::new(period.clone()));
        let list = if typed.ty == listed {
            typed.node
        } else if typed.ty == period {
            let yes = self.builder.bool(true);
            let one = Op::ListWhere(vec![(yes, typed.node)]);
            self.builder.add(one, listed)
        } else {
            let name = self.type_name(&required(&typed.ty));
            self.report(
                Diagnostic::new(
                    Code::TypeMismatch,
                    expr.span,
                    format!("this is {name}, not a period or a list of periods"),
                )
                .help("days between two dates are `days from A to B`"),
            );
            return None;
        };
        let ty = optional(Type::Days);
        Some(self.make(Op::DaysCovered(list), ty))
    }
}
