//! The forms of expression that need more than a line, but no file of their own.

use super::dates::calendar_unit;
use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind, Operation};
use polc_runtime::ir::{self, Const, NodeId, Op, Type};
use polc_runtime::value::Number;

impl Elaborator<'_, '_> {
    /// A test, or that it fails.
    pub(super) fn or_not(&mut self, test: NodeId, negated: bool) -> Typed {
        Typed::bool(if negated {
            self.builder.not(test)
        } else {
            test
        })
    }

    pub(super) fn item_field(&mut self, env: &Env, field: &ast::Name, span: Span) -> Option<Typed> {
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
        if item.ty.inner().is_none() && !matches!(item.ty, Type::Record(_)) {
            let name = self.type_name(&item.ty);
            let found = format!("the items of this list are {name} and have no fields");
            let found = Diagnostic::new(Code::UnknownField, field.span, found);
            self.report(found.help("write `it` for the item itself"));
            return None;
        }
        self.field(env, item, field)
    }

    pub(super) fn negated(
        &mut self,
        env: &Env,
        inner: &Expr,
        hint: Option<&Type>,
    ) -> Option<Typed> {
        let typed = self.infer(env, inner, hint)?;
        self.number_type(&typed, inner.span)?;
        let zero = self.builder.number(Number::ZERO, typed.ty.clone());
        Some(self.make(Op::Sub(zero, typed.node), typed.ty))
    }

    pub(super) fn is_none(&mut self, env: &Env, inner: &Expr, span: Span) -> Option<NodeId> {
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
        Some(self.builder.is_none(typed.node))
    }

    pub(super) fn missing(
        &mut self,
        env: &Env,
        name: &ast::Name,
        hint: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let fact = self.symbol_at(name.span);
        let Some(fact) = fact.and_then(|id| self.fact_of(id)) else {
            self.unknown_word(env, &name.text, None, name.span);
            return None;
        };
        self.used.facts.insert(fact);
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

    pub(super) fn if_else(
        &mut self,
        env: &Env,
        condition: &Expr,
        [yes, no]: [&Expr; 2],
        hint: Option<&Type>,
    ) -> Option<Typed> {
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
        let node = self
            .builder
            .cases(vec![(guard, first.node)], Some(second.node), ty.clone());
        Some(Typed { node, ty })
    }

    pub(super) fn rounded(
        &mut self,
        env: &Env,
        value: &Expr,
        mode: ast::Rounding,
        to: &ast::RoundTo,
        hint: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let mut typed = self.infer(env, value, hint)?;
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
        if let ExprKind::Operation(Operation::Power, _) = &value.kind {
            // Written directly on a power: the exact one is rounded, however long it is.
            typed.node = self.rounded_power(typed.node, (mode, step));
        }
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

    pub(super) fn boundary(
        &mut self,
        env: &Env,
        end: bool,
        unit: ast::CalendarUnit,
        date: &Expr,
    ) -> Option<Typed> {
        let date = self.check(env, date, &Type::Date)?;
        let unit = calendar_unit(unit);
        let op = if end {
            Op::EndOf(unit, date)
        } else {
            Op::StartOf(unit, date)
        };
        Some(self.make(op, Type::Date))
    }

    pub(super) fn extreme(
        &mut self,
        env: &Env,
        largest: bool,
        items: &[Expr],
        hint: Option<&Type>,
    ) -> Option<Typed> {
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
        let op = if largest {
            Op::Max(nodes)
        } else {
            Op::Min(nodes)
        };
        Some(self.make(op, ty?))
    }

    pub(super) fn as_of(
        &mut self,
        env: &Env,
        body: &Expr,
        date: &Expr,
        hint: Option<&Type>,
    ) -> Option<Typed> {
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
}
