//! Expressions → kernel nodes, checked on the way.

use super::builder::required;
use super::types::is_unresolved;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::syntax::ast::{self, Expr, ExprKind};
use polc_runtime::ir::{self, Const, NodeId, Op, Type};
use polc_runtime::value::Number;

impl Elaborator<'_, '_> {
    /// The node of an expression that must have a type.
    pub(super) fn check(&mut self, expr: &Expr, wanted: &Type) -> Option<NodeId> {
        let found = self.infer(expr, Some(wanted))?;
        if !self.fits(&found.ty, wanted) {
            self.mismatch(expr.span, &found.ty, wanted);
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
    pub(super) fn infer(&mut self, expr: &Expr, hint: Option<&Type>) -> Option<Typed> {
        let mut typed = self.infer_kind(expr, hint)?;
        if is_unresolved(&typed.ty) {
            return None;
        }
        if matches!(typed.ty, Type::Optional(_))
            && self.narrowed.contains(&self.builder.bare(typed.node))
        {
            typed.ty = required(&typed.ty);
        }
        Some(typed)
    }

    fn infer_kind(&mut self, expr: &Expr, hint: Option<&Type>) -> Option<Typed> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, hint, span),
            ExprKind::Name(word) => self.name(word, hint, span),
            ExprKind::ItemField(field) => {
                let Some(item) = self.items.last().cloned() else {
                    self.report(
                        Diagnostic::new(
                            Code::UnknownField,
                            span,
                            format!("`.{}` stands outside a list condition", field.text),
                        )
                        .help("write `.field` inside `where …`, or name the list it belongs to"),
                    );
                    return None;
                };
                self.field(item, field)
            }
            ExprKind::Access(inner, field) => self.access(inner, field),
            ExprKind::Not(inner) => {
                let inner = self.check(inner, &Type::Bool)?;
                Some(Typed::bool(self.builder.not(inner)))
            }
            ExprKind::Negate(inner) => {
                let typed = self.infer(inner, hint)?;
                self.number_type(&typed, inner.span)?;
                let zero = self.builder.number(Number::ZERO, typed.ty.clone());
                Some(self.make(Op::Sub(zero, typed.node), typed.ty))
            }
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b, hint, span),
            ExprKind::IsApplicable(inner, negated) => {
                let typed = self.infer(inner, None)?;
                let node = self.builder.add(Op::IsApplicable(typed.node), Type::Bool);
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::IsNone(inner, negated) => {
                let typed = self.infer(inner, None)?;
                if !matches!(self.builder.ty(typed.node), Type::Optional(_)) {
                    let name = self.type_name(&typed.ty);
                    self.report(
                        Diagnostic::new(
                            Code::TypeMismatch,
                            span,
                            format!("this is {name}, which is never none"),
                        )
                        .help("remove the test, or declare the type as `… or none`"),
                    );
                    return None;
                }
                let node = self.builder.is_none(typed.node);
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::In {
                item,
                list,
                negated,
            } => {
                let node = self.contains(item, list)?;
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::Within {
                date,
                amount,
                window,
                anchor,
            } => self.within(date, amount, *window, anchor),
            ExprKind::Period {
                from,
                through,
                before,
            } => self.period_literal(from.as_deref(), through.as_deref(), before.as_deref()),
            ExprKind::Overlaps(a, b) => self.overlaps(a, b),
            ExprKind::Overlap(a, b) => self.overlap(a, b),
            ExprKind::DaysOf(inner) => self.days_of(inner),
            ExprKind::Missing(name) => {
                let fact = self.symbol_at(name.span);
                let Some(fact) = fact.and_then(|id| self.fact_of(id)) else {
                    self.unknown_word(&name.text, None, name.span);
                    return None;
                };
                self.used.insert(fact);
                let Some(ty) = hint.cloned() else {
                    self.report(
                        Diagnostic::new(
                            Code::CannotInfer,
                            span,
                            "nothing tells the type of what is unknown here",
                        )
                        .help("write it after a value: `x or else needs FACT`"),
                    );
                    return None;
                };
                let node = self.builder.add(Op::Missing(fact), ty.clone());
                Some(Typed { node, ty })
            }
            ExprKind::Recorded(judgement, negated) => {
                let node = self.recorded(judgement)?;
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::OrElse(a, b) => {
                let first = self.infer(a, hint)?;
                let inner = required(&first.ty);
                let second = self.infer(b, Some(&inner))?;
                let ty = self.unify(&inner, &second.ty, b.span)?;
                Some(self.make(Op::OrElse(first.node, second.node), ty))
            }
            ExprKind::If(condition, yes, no) => {
                let guard = self.check(condition, &Type::Bool)?;
                let what = "the condition of this `if`".to_owned();
                let guard = self.decides(what, guard, condition.span);
                let guard = self.guard(guard, condition.span);
                let depth = self.narrow_true(guard);
                let first = self.infer(yes, hint);
                self.narrowed.truncate(depth);
                let depth = self.narrow_false(guard);
                let wanted = first.as_ref().map(|typed| typed.ty.clone());
                let second = self.infer(no, hint.or(wanted.as_ref()));
                self.narrowed.truncate(depth);
                let (first, second) = (first?, second?);
                let ty = self.unify(&first.ty, &second.ty, no.span)?;
                let node =
                    self.builder
                        .cases(vec![(guard, first.node)], Some(second.node), ty.clone());
                Some(Typed { node, ty })
            }
            ExprKind::Aggregate(kind, list) => self.aggregate(*kind, list),
            ExprKind::Quantified {
                kind,
                list,
                item,
                condition,
            } => self.quantified(kind, list, item.as_ref(), condition.as_deref()),
            ExprKind::Group(kind, members) => {
                let mut parts = Vec::new();
                for member in members {
                    parts.push(self.check(member, &Type::Bool));
                }
                let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
                let node = self.group(kind, parts)?;
                Some(Typed::bool(node))
            }
            ExprKind::Where { list, condition } => {
                let list = self.list(list)?;
                let (binder, body) =
                    self.per_item(&list, None, |this| this.check(condition, &Type::Bool))?;
                let op = Op::Filter {
                    list: list.node,
                    binder,
                    body,
                };
                Some(self.make(op, list.ty))
            }
            ExprKind::ForEach {
                item,
                list,
                filter,
                body,
            } => self.for_each(item, list, filter.as_deref(), body, hint),
            ExprKind::Pick {
                which,
                list,
                by,
                then,
            } => self.pick(*which, list, by.as_deref(), then.as_deref()),
            ExprKind::Sort {
                list,
                by,
                descending,
            } => {
                let list = self.list(list)?;
                let (binder, key) = self.per_item(&list, None, |this| {
                    let key = this.infer(by, None)?;
                    this.ordered(&key, by.span)?;
                    Some(key.node)
                })?;
                let op = Op::Sort {
                    list: list.node,
                    binder,
                    key,
                    descending: *descending,
                };
                Some(self.make(op, list.ty))
            }
            ExprKind::GroupBy { list, by } => {
                let list = self.list(list)?;
                let mut key_type = Type::Bool;
                let (binder, key) = self.per_item(&list, None, |this| {
                    let key = this.infer(by, None)?;
                    key_type = key.ty;
                    Some(key.node)
                })?;
                let field = ir::Field::plain;
                let fields = vec![field("key", key_type), field("items", list.ty.clone())];
                let record = self.anonymous_record(fields, Vec::new());
                let ty = Type::List(Box::new(Type::Record(record)));
                Some(self.make(
                    Op::GroupBy {
                        list: list.node,
                        binder,
                        key,
                    },
                    ty,
                ))
            }
            ExprKind::Concat(a, b) => {
                let first = self.infer(a, hint)?;
                let first = self.must_be_list(first, a.span)?;
                let second = self.infer(b, Some(&first.ty))?;
                let second = self.must_be_list(second, b.span)?;
                // Two sets one after the other may repeat themselves.
                let ty = match self.unify(&first.ty, &second.ty, b.span)? {
                    Type::Set(item) => Type::List(item),
                    ty => ty,
                };
                Some(self.make(Op::Concat(first.node, second.node), ty))
            }
            ExprKind::Record(fields) => self.record(fields, hint, span),
            ExprKind::List(items) => {
                let guarded: Vec<_> = items.iter().map(|item| (item, None)).collect();
                self.list_where(&guarded, hint, span)
            }
            ExprKind::ListWhere(items) => {
                let guarded: Vec<_> = items
                    .iter()
                    .map(|(item, guard)| (item, guard.as_ref()))
                    .collect();
                self.list_where(&guarded, hint, span)
            }
            ExprKind::Round(value, mode, to) => {
                let typed = self.infer(value, hint)?;
                self.number_type(&typed, value.span)?;
                let step = match to {
                    ast::RoundTo::Places(places) => {
                        let power = 10_i128.checked_pow(*places);
                        power.and_then(|power| Number::from_parts(1, power))
                    }
                    ast::RoundTo::Nearest(step) => {
                        let node = self.check(step, &typed.ty)?;
                        match self.builder.constant(node) {
                            Some(Const::Number(step)) if *step > Number::ZERO => Some(*step),
                            _ => None,
                        }
                    }
                };
                let Some(step) = step else {
                    self.report(
                        Diagnostic::new(
                            Code::NotConstant,
                            span,
                            "the step of a rounding must be a written number above zero",
                        )
                        .help("write for example `to 2 places` or `to nearest $0.05`"),
                    );
                    return None;
                };
                let mode = match mode {
                    ast::Rounding::HalfUp => ir::Rounding::HalfUp,
                    ast::Rounding::HalfEven => ir::Rounding::HalfEven,
                    ast::Rounding::Up => ir::Rounding::Up,
                    ast::Rounding::Down => ir::Rounding::Down,
                };
                let whole = step == Number::ONE && typed.ty == Type::Decimal;
                let ty = if whole { Type::Int } else { typed.ty };
                Some(self.make(
                    Op::Round {
                        value: typed.node,
                        mode,
                        step,
                    },
                    ty,
                ))
            }
            ExprKind::Boundary(end, unit, date) => {
                let date = self.check(date, &Type::Date)?;
                let unit = match unit {
                    ast::CalendarUnit::Month => ir::CalendarUnit::Month,
                    ast::CalendarUnit::Quarter => ir::CalendarUnit::Quarter,
                    ast::CalendarUnit::Year => ir::CalendarUnit::Year,
                };
                let op = if *end {
                    Op::EndOf(unit, date)
                } else {
                    Op::StartOf(unit, date)
                };
                Some(self.make(op, Type::Date))
            }
            ExprKind::DaysBetween(a, b) => {
                let (a, b) = (self.check(a, &Type::Date)?, self.check(b, &Type::Date)?);
                Some(self.make(Op::DaysBetween(a, b), Type::Days))
            }
            ExprKind::MonthsBetween(a, b) => {
                let (a, b) = (self.check(a, &Type::Date)?, self.check(b, &Type::Date)?);
                Some(self.make(Op::MonthsBetween(a, b), Type::Months))
            }
            ExprKind::Extreme(largest, items) => {
                let mut nodes = Vec::new();
                let mut ty: Option<Type> = None;
                for item in items {
                    let typed = self.infer(item, ty.as_ref().or(hint))?;
                    self.ordered(&typed, item.span)?;
                    ty = Some(match ty {
                        Some(ty) => self.unify(&ty, &typed.ty, item.span)?,
                        None => typed.ty,
                    });
                    nodes.push(typed.node);
                }
                let op = if *largest {
                    Op::Max(nodes)
                } else {
                    Op::Min(nodes)
                };
                Some(self.make(op, ty?))
            }
            ExprKind::NextOn(schedule, date) => {
                let id = self.schedule_of(schedule)?;
                let date = self.check(date, &Type::Date)?;
                let ty = self.schedule_type(id, true);
                Some(self.make(Op::ScheduleNext(id, date), ty))
            }
            ExprKind::PreviousBefore(schedule, date) => {
                let id = self.schedule_of(schedule)?;
                let date = self.check(date, &Type::Date)?;
                let ty = self.schedule_type(id, false);
                Some(self.make(Op::SchedulePrevious(id, date), ty))
            }
            ExprKind::AsOf(body, date) => {
                let body = self.elsewhere(|this| this.infer(body, hint))?;
                let date = self.check(date, &Type::Date)?;
                Some(self.make(
                    Op::AtDate {
                        body: body.node,
                        date,
                    },
                    body.ty,
                ))
            }
            ExprKind::Ever {
                condition,
                amount,
                anchor,
            } => {
                let body = self.elsewhere(|this| this.check(condition, &Type::Bool))?;
                let from = self.check(anchor, &Type::Date)?;
                let to = self.shifted(from, amount, false)?;
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
            } => self.rows_of(grid, tier, results, *negated, otherwise.as_ref()),
            ExprKind::ResultOf { row, tier, grid } => self.result_of(row, tier, grid.as_ref()),
        }
    }

    pub(super) fn make(&mut self, op: Op, ty: Type) -> Typed {
        Typed {
            node: self.builder.add(op, ty.clone()),
            ty,
        }
    }
}
