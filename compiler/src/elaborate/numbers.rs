//! Powers and shares.

use super::arithmetic::is_number;
use super::env::Env;
use super::{Elaborator, Typed};
use crate::syntax::ast::Expr;
use polc_runtime::ir::{NodeId, Op, Rounding, Type};
use polc_runtime::value::Number;

impl Elaborator<'_, '_> {
    /// `a ^ b`. A percentage is the number it stands for: 103% is 1.03.
    pub(super) fn power(&mut self, env: &Env, base: &Expr, exponent: &Expr) -> Option<Typed> {
        let mut typed = self.infer(env, base, None)?;
        if typed.ty == Type::Percent {
            let hundred = self.builder.number(Number::from_i64(100), Type::Int);
            typed = self.make(Op::Div(typed.node, hundred), Type::Decimal);
        }
        if !matches!(typed.ty, Type::Int | Type::Decimal) {
            self.mismatch(base.span, &typed.ty, &Type::Decimal);
            return None;
        }
        let exponent = self.check(env, exponent, &Type::Int)?;
        let op = Op::Power(typed.node, exponent, None);
        Some(self.make(op, typed.ty))
    }

    /// A power with the rounding that is written on it.
    pub(super) fn rounded_power(&mut self, power: NodeId, rounding: (Rounding, Number)) -> NodeId {
        let ty = self.builder.ty(power);
        match self.builder.op(power) {
            Some(Op::Power(base, exponent, _)) => {
                let op = Op::Power(*base, *exponent, Some(rounding));
                self.builder.add(op, ty)
            }
            _ => power,
        }
    }

    /// `32% of x`.
    pub(super) fn percent_of(&mut self, env: &Env, percent: &Expr, of: &Expr) -> Option<Typed> {
        let percent = self.check(env, percent, &Type::Percent)?;
        let typed = self.infer(env, of, None)?;
        self.number_type(&typed, of.span)?;
        Some(self.share(percent, typed.node, &typed.ty))
    }

    /// The product of a percentage and a number of a type.
    pub(super) fn share(&mut self, a: NodeId, b: NodeId, ty: &Type) -> Typed {
        let ty = if *ty == Type::Int {
            Type::Decimal
        } else {
            ty.clone()
        };
        let product = self.builder.add(Op::Mul(a, b), ty.clone());
        let hundred = self.builder.number(Number::from_i64(100), Type::Int);
        self.make(Op::Div(product, hundred), ty)
    }

    /// `(a / b) as percent`.
    pub(super) fn as_percent(&mut self, env: &Env, number: &Expr) -> Option<Typed> {
        let typed = self.infer(env, number, None)?;
        if is_number(&typed.ty) && !matches!(typed.ty, Type::Int | Type::Decimal) {
            self.mismatch(number.span, &typed.ty, &Type::Decimal);
            return None;
        }
        self.number_type(&typed, number.span)?;
        let hundred = self.builder.number(Number::from_i64(100), Type::Int);
        Some(self.make(Op::Mul(typed.node, hundred), Type::Percent))
    }
}
