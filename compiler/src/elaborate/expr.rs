//! Expressions → kernel nodes, checked on the way.

use super::builder::required;
use super::env::Env;
use super::types::is_unresolved;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::syntax::ast::{self, Expr, ExprKind};
use polc_runtime::ir::{self, Const, NodeId, Op, Type};
use polc_runtime::value::Number;

impl Elaborator<'_, '_> {
    /// The node of an expression that must have a type.
    pub(super) fn check(&mut self, env: &Env, expr: &Expr, wanted: &Type) -> Option<NodeId> {
        let found = self.infer(env, expr, Some(wanted))?;
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
    pub(super) fn infer(&mut self, env: &Env, expr: &Expr, hint: Option<&Type>) -> Option<Typed> {
        let mut typed = self.infer_kind(env, expr, hint)?;
        if is_unresolved(&typed.ty) {
            return None;
        }
        if matches!(typed.ty, Type::Optional(_)) && env.is_present(self.builder.bare(typed.node)) {
            typed.ty = required(&typed.ty);
        }
        Some(typed)
    }

    fn infer_kind(&mut self, env: &Env, expr: &Expr, hint: Option<&Type>) -> Option<Typed> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, hint, span),
            ExprKind::Name(word) => self.name(env, word, hint, span),
            ExprKind::ItemField(field) => {
                let Some(item) = env.item.clone() else {
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
                self.field(env, item, field)
            }
            ExprKind::Access(inner, field) => self.access(env, inner, field),
            ExprKind::Not(inner) => {
                let inner = self.check(env, inner, &Type::Bool)?;
                Some(Typed::bool(self.builder.not(inner)))
            }
            ExprKind::Negate(inner) => {
                let typed = self.infer(env, inner, hint)?;
                self.number_type(&typed, inner.span)?;
                let zero = self.builder.number(Number::ZERO, typed.ty.clone());
                Some(self.make(Op::Sub(zero, typed.node), typed.ty))
            }
            ExprKind::Binary(op, a, b) => self.binary(env, *op, a, b, hint, span),
            ExprKind::IsApplicable(inner, negated) => {
                let typed = self.infer(env, inner, None)?;
                let node = self.builder.add(Op::IsApplicable(typed.node), Type::Bool);
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::IsNone(inner, negated) => {
                let typed = self.infer(env, inner, None)?;
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
                let node = self.contains(env, item, list)?;
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
            } => self.within(env, date, amount, *window, anchor),
            ExprKind::Period {
                from,
                through,
                before,
            } => self.period_literal(env, from.as_deref(), through.as_deref(), before.as_deref()),
            ExprKind::Overlaps(a, b) => self.overlaps(env, a, b),
            ExprKind::Overlap(a, b) => self.overlap(env, a, b),
            ExprKind::DaysOf(inner) => self.days_of(env, inner),
            ExprKind::Missing(name) => {
                let fact = self.symbol_at(name.span);
                let Some(fact) = fact.and_then(|id| self.fact_of(id)) else {
                    self.unknown_word(env, &name.text, None, name.span);
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
                let node = self.recorded(env, judgement)?;
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::OrElse(a, b) => {
                let first = self.infer(env, a, hint)?;
                let inner = required(&first.ty);
                let second = self.infer(env, b, Some(&inner))?;
                let ty = self.unify(&inner, &second.ty, b.span)?;
                Some(self.make(Op::OrElse(first.node, second.node), ty))
            }
            ExprKind::If(condition, yes, no) => {
                let guard = self.check(env, condition, &Type::Bool)?;
                let what = "the condition of this `if`".to_owned();
                let guard = self.decides(what, guard, condition.span);
                let guard = self.guard(guard, condition.span);
                let then = env.knowing(self.present_if(guard));
                let first = self.infer(&then, yes, hint);
                let otherwise = env.knowing(self.present_unless(guard));
                let wanted = first.as_ref().map(|typed| typed.ty.clone());
                let second = self.infer(&otherwise, no, hint.or(wanted.as_ref()));
                let (first, second) = (first?, second?);
                let ty = self.unify(&first.ty, &second.ty, no.span)?;
                let node =
                    self.builder
                        .cases(vec![(guard, first.node)], Some(second.node), ty.clone());
                Some(Typed { node, ty })
            }
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
            ExprKind::Where { list, condition } => {
                let list = self.list(env, list)?;
                let (binder, body) = self.per_item(env, &list, None, |this, env| {
                    this.check(env, condition, &Type::Bool)
                })?;
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
            } => self.for_each(env, item, list, filter.as_deref(), body, hint),
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
            } => {
                let list = self.list(env, list)?;
                let (binder, key) = self.per_item(env, &list, None, |this, env| {
                    let key = this.infer(env, by, None)?;
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
                let list = self.list(env, list)?;
                let mut key_type = Type::Bool;
                let (binder, key) = self.per_item(env, &list, None, |this, env| {
                    let key = this.infer(env, by, None)?;
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
                let first = self.infer(env, a, hint)?;
                let first = self.must_be_list(first, a.span)?;
                let second = self.infer(env, b, Some(&first.ty))?;
                let second = self.must_be_list(second, b.span)?;
                // Two sets one after the other may repeat themselves.
                let ty = match self.unify(&first.ty, &second.ty, b.span)? {
                    Type::Set(item) => Type::List(item),
                    ty => ty,
                };
                Some(self.make(Op::Concat(first.node, second.node), ty))
            }
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
            ExprKind::Round(value, mode, to) => {
                let typed = self.infer(env, value, hint)?;
                self.number_type(&typed, value.span)?;
                let step = match to {
                    ast::RoundTo::Places(places) => {
                        let power = 10_i128.checked_pow(*places);
                        power.and_then(|power| Number::from_parts(1, power))
                    }
                    ast::RoundTo::Nearest(step) => {
                        let node = self.check(env, step, &typed.ty)?;
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
                let date = self.check(env, date, &Type::Date)?;
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
            ExprKind::Extreme(largest, items) => {
                let mut nodes = Vec::new();
                let mut ty: Option<Type> = None;
                for item in items {
                    let typed = self.infer(env, item, ty.as_ref().or(hint))?;
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
            ExprKind::AsOf(body, date) => {
                let body = self.infer(&env.elsewhere(), body, hint)?;
                let date = self.check(env, date, &Type::Date)?;
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

    pub(super) fn make(&mut self, op: Op, ty: Type) -> Typed {
        Typed {
            node: self.builder.add(op, ty.clone()),
            ty,
        }
    }
}
