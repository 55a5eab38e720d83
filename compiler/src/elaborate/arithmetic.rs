//! Operators → nodes: comparison, arithmetic with units, windows.

use super::builder::required;
use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::Meaning;
use crate::source::Span;
use crate::syntax::ast::{Arithmetic, BinaryOp, Comparison, Expr, ExprKind, Window};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, Type};
use polc_runtime::value::Number;

impl Elaborator<'_, '_> {
    /// Operators that follow each other, `a + b - c`. A line may hold hundreds: down their left sides and up again
    /// goes a loop, not a call for each.
    pub(super) fn chain(
        &mut self,
        env: &Env,
        expr: &Expr,
        mut hint: Option<&Type>,
    ) -> Option<Typed> {
        let (mut first, mut operators) = (expr, Vec::new());
        while let ExprKind::Binary(op, left, right) = &first.kind {
            if matches!(op, BinaryOp::And | BinaryOp::Or) {
                hint = Some(&Type::Bool);
            }
            operators.push((*op, (left.as_ref(), right.as_ref()), first.span));
            first = left;
        }
        let mut typed = self.infer(env, first, hint);
        for (op, sides, span) in operators.into_iter().rev() {
            let joined = self.joined(env, (op, typed), sides, span);
            typed = self.settled(env, joined);
        }
        typed
    }

    /// An operator with what its left side came to, if anything.
    fn joined(
        &mut self,
        env: &Env,
        (op, left): (BinaryOp, Option<Typed>),
        (a, b): (&Expr, &Expr),
        span: Span,
    ) -> Option<Typed> {
        let known = match op {
            BinaryOp::Arithmetic(op) => return self.arithmetic(env, op, (left?, a), b, span),
            BinaryOp::And => Self::present_if,
            BinaryOp::Or => Self::present_unless,
        };
        let first = left.and_then(|left| self.fitted(left, a.span, &Type::Bool));
        let then = match first {
            Some(first) => env.knowing(known(self, first)),
            None => env.uncertain(),
        };
        let second = self.check(&then, b, &Type::Bool);
        let pair = [first?, second?];
        Some(Typed::bool(match op {
            BinaryOp::Or => self.builder.any_of(pair),
            BinaryOp::And | BinaryOp::Arithmetic(_) => self.builder.all_of(pair),
        }))
    }

    pub(super) fn comparison(
        &mut self,
        env: &Env,
        cmp: Cmp,
        a: &Expr,
        b: &Expr,
        span: Span,
    ) -> Option<Typed> {
        if self.is_bare_value(a) && self.is_bare_value(b) && !self.is_value(a) {
            // Neither tells the other's type: the one that is no value of anything is the unknown one.
            let left = self.infer(env, a, None)?;
            let _ = left;
            return None;
        }
        let (left, right) = if self.is_bare_value(a) {
            let right = self.infer(env, b, None)?;
            (self.infer(env, a, Some(&right.ty))?, right)
        } else {
            let left = self.infer(env, a, None)?;
            let right = self.infer(env, b, Some(&left.ty))?;
            (left, right)
        };
        if self.join(&left.ty, &right.ty).is_none() {
            self.mismatch(b.span, &right.ty, &left.ty);
            return None;
        }
        if matches!(cmp, Cmp::Eq | Cmp::Ne) {
            self.row_names.compared(left.node, right.node, span);
            let node = self.builder.compare(cmp, left.node, right.node);
            return Some(Typed::bool(node));
        }
        let mut present = Vec::new();
        for (typed, expr) in [(&left, a), (&right, b)] {
            if matches!(typed.ty, Type::Optional(_)) && env.lenient {
                let none = self.builder.is_none(typed.node);
                present.push(self.builder.not(none));
                let inner = Typed {
                    node: typed.node,
                    ty: required(&typed.ty),
                };
                self.ordered(&inner, expr.span)?;
            } else {
                self.ordered(typed, expr.span)?;
            }
        }
        present.push(self.builder.compare(cmp, left.node, right.node));
        Some(Typed::bool(self.builder.and(present)))
    }

    /// A bare word that is no name of ours: a value whose enumeration the other side tells.
    pub(super) fn is_bare_value(&self, expr: &Expr) -> bool {
        expr.word().is_some_and(|word| {
            let meaning = self.meaning(expr.span);
            let known = matches!(meaning, Some(Meaning::Symbol(_) | Meaning::Item(_)));
            !known
                && !matches!(
                    (word, meaning),
                    ("as_of" | "cell" | "it", Some(Meaning::BuiltIn))
                )
        })
    }

    /// A bare word that is a value of some enumeration.
    fn is_value(&self, expr: &Expr) -> bool {
        expr.word()
            .is_some_and(|word| self.symbols.values.contains(word))
    }

    /// Checks that values of a type have an order.
    pub(super) fn ordered(&mut self, typed: &Typed, span: Span) -> Option<()> {
        let ordered = match &typed.ty {
            Type::Int
            | Type::Decimal
            | Type::Percent
            | Type::Money
            | Type::Date
            | Type::Days
            | Type::Months => true,
            Type::Enum(id) => {
                let declared = self.types.enums.get(*id as usize);
                declared.is_some_and(|declared| declared.ordered)
            }
            Type::Optional(inner) => {
                let wanted = (**inner).clone();
                self.mismatch(span, &typed.ty, &wanted);
                return None;
            }
            Type::Bool | Type::Text | Type::Record(_) | Type::List(_) | Type::Set(_) => false,
        };
        if !ordered {
            let name = self.type_name(&typed.ty);
            self.report(
                Diagnostic::new(Code::NotOrdered, span, format!("{name} has no order"))
                    .help("compare with `is`, or declare the values as a `scale`"),
            );
        }
        ordered.then_some(())
    }

    pub(super) fn number_type(&mut self, typed: &Typed, span: Span) -> Option<()> {
        if is_number(&typed.ty) {
            return Some(());
        }
        self.mismatch(span, &typed.ty, &Type::Decimal);
        None
    }

    pub(super) fn unify(&mut self, a: &Type, b: &Type, span: Span) -> Option<Type> {
        let joined = self.join(a, b);
        if joined.is_none() {
            self.mismatch(span, b, a);
        }
        joined
    }

    /// Reports operands that an operator does not take.
    fn no_arithmetic(
        &mut self,
        op: Arithmetic,
        (a, s): (Span, &Type),
        (b, t): (Span, &Type),
        span: Span,
    ) {
        let (first, second) = (self.type_name(s), self.type_name(t));
        let units = is_number(s) && is_number(t);
        let word = match op {
            Arithmetic::Add => "added to",
            Arithmetic::Sub => "subtracted from",
            Arithmetic::Mul => "multiplied by",
            Arithmetic::Div | Arithmetic::Mod => "divided by",
        };
        let help = if op == Arithmetic::Div && *t == Type::Percent && units {
            "put a quotient in parentheses before `as percent`: `(a / b) as percent`".to_owned()
        } else if units {
            self.unit_help_pair(s, t)
        } else {
            "arithmetic needs numbers, or a date and days or months".to_owned()
        };
        let message = if op == Arithmetic::Add || op == Arithmetic::Sub {
            format!("{second} cannot be {word} {first}")
        } else {
            format!("{first} cannot be {word} {second}")
        };
        let code = if units {
            Code::UnitMismatch
        } else {
            Code::TypeMismatch
        };
        self.report(
            Diagnostic::new(code, span, message)
                .label(a, first)
                .label(b, second)
                .help(help),
        );
    }

    fn arithmetic(
        &mut self,
        env: &Env,
        op: Arithmetic,
        (left, a): (Typed, &Expr),
        b: &Expr,
        span: Span,
    ) -> Option<Typed> {
        let right = self.infer(env, b, None)?;
        for (typed, expr) in [(&left, a), (&right, b)] {
            if let Type::Optional(inner) = &typed.ty {
                let wanted = (**inner).clone();
                self.mismatch(expr.span, &typed.ty, &wanted);
                return None;
            }
        }
        let plain = |ty: &Type| matches!(ty, Type::Int | Type::Decimal);
        let numeric = is_number;
        let (x, y) = (left.node, right.node);
        let made = match (op, &left.ty, &right.ty) {
            (Arithmetic::Add, Type::Date, Type::Days) => (Op::AddDays(x, y), Type::Date),
            (Arithmetic::Add, Type::Date, Type::Months) => (Op::AddMonths(x, y), Type::Date),
            (Arithmetic::Sub, Type::Date, Type::Days) => {
                let negative = self.negative(y, Type::Days);
                (Op::AddDays(x, negative), Type::Date)
            }
            (Arithmetic::Sub, Type::Date, Type::Months) => {
                let negative = self.negative(y, Type::Months);
                (Op::AddMonths(x, negative), Type::Date)
            }
            (Arithmetic::Sub, Type::Date, Type::Date) => (Op::DaysBetween(y, x), Type::Days),
            (Arithmetic::Add | Arithmetic::Sub, s, t)
                if numeric(s) && numeric(t) && self.join(s, t).is_some() =>
            {
                let ty = self.join(s, t)?;
                (
                    if op == Arithmetic::Add {
                        Op::Add(x, y)
                    } else {
                        Op::Sub(x, y)
                    },
                    ty,
                )
            }
            (Arithmetic::Mul, Type::Percent, t) | (Arithmetic::Mul, t, Type::Percent)
                if numeric(t) && *t != Type::Percent =>
            {
                return Some(self.share(x, y, t));
            }
            (Arithmetic::Mod, s, t) if numeric(s) && numeric(t) && self.join(s, t).is_some() => {
                (Op::Mod(x, y), self.join(s, t)?)
            }
            (Arithmetic::Mul, s, t) if plain(s) && numeric(t) => {
                let ty = if plain(t) {
                    self.join(s, t)?
                } else {
                    t.clone()
                };
                (Op::Mul(x, y), ty)
            }
            (Arithmetic::Mul, s, t) if numeric(s) && plain(t) => (Op::Mul(x, y), s.clone()),
            (Arithmetic::Div, s, t) if numeric(s) && plain(t) => {
                let ty = if matches!(s, Type::Money | Type::Percent) {
                    s.clone()
                } else {
                    Type::Decimal
                };
                (Op::Div(x, y), ty)
            }
            (Arithmetic::Div, s, t) if numeric(s) && s == t => (Op::Div(x, y), Type::Decimal),
            (_, s, t) => {
                self.no_arithmetic(op, (a.span, s), (b.span, t), span);
                return None;
            }
        };
        Some(self.make(made.0, made.1))
    }

    pub(super) fn unit_help_pair(&self, a: &Type, b: &Type) -> String {
        let _ = self;
        match (a, b) {
            (Type::Days, Type::Months) | (Type::Months, Type::Days) => {
                "months have no fixed number of days; write both in one unit".to_owned()
            }
            _ => "both sides must be of one unit".to_owned(),
        }
    }

    pub(super) fn negative(&mut self, node: NodeId, ty: Type) -> NodeId {
        if let Some(Const::Number(number)) = self.builder.written(node)
            && let Some(negated) = Number::ZERO.checked_sub(*number)
        {
            return self.builder.number(negated, ty);
        }
        let zero = self.builder.number(Number::ZERO, ty.clone());
        self.builder.add(Op::Sub(zero, node), ty)
    }

    /// A date moved by days or months, backwards when asked.
    pub(super) fn shifted(
        &mut self,
        env: &Env,
        date: NodeId,
        amount: &Expr,
        back: bool,
    ) -> Option<NodeId> {
        let typed = self.infer(env, amount, None)?;
        let node = if back {
            self.negative(typed.node, typed.ty.clone())
        } else {
            typed.node
        };
        let later = self.later(date, node, &typed.ty);
        if later.is_none() {
            self.mismatch(amount.span, &typed.ty, &Type::Days);
        }
        later
    }

    /// The day so many days or months after another; none where the type is no length of time.
    fn later(&mut self, date: NodeId, length: NodeId, ty: &Type) -> Option<NodeId> {
        let op = if *ty == Type::Days {
            Op::AddDays(date, length)
        } else if *ty == Type::Months {
            Op::AddMonths(date, length)
        } else {
            return None;
        };
        Some(self.builder.add(op, Type::Date))
    }

    /// The day that an expression names, or that lies so long after another.
    pub(super) fn day_or_length(
        &mut self,
        env: &Env,
        from: NodeId,
        expr: &Expr,
        keyword: &str,
    ) -> Option<NodeId> {
        let typed = self.infer(env, expr, None)?;
        let ty = required(&typed.ty);
        if ty == Type::Date {
            return Some(typed.node);
        }
        let later = self.later(from, typed.node, &ty);
        if later.is_none() {
            let name = self.type_name(&ty);
            let found = Diagnostic::new(
                Code::TypeMismatch,
                expr.span,
                format!("this is {name}, not a length of time or a date"),
            );
            self.report(found.help(format!("write it like `{keyword}`, or name a date")));
        }
        later
    }

    pub(super) fn within(
        &mut self,
        env: &Env,
        date: &Expr,
        amount: &Expr,
        window: Window,
        anchor: &Expr,
    ) -> Option<Typed> {
        let typed = self.infer(env, date, None)?;
        let mut parts = Vec::new();
        if matches!(&typed.ty, Type::Optional(inner) if **inner == Type::Date) && env.lenient {
            let none = self.builder.is_none(typed.node);
            parts.push(self.builder.not(none));
        } else if typed.ty != Type::Date {
            self.mismatch(date.span, &typed.ty, &Type::Date);
            return None;
        }
        let tested = typed.node;
        let anchor = self.check(env, anchor, &Type::Date)?;
        let (low, high) = match window {
            Window::Before => {
                let start = self.shifted(env, anchor, amount, true)?;
                ((Cmp::Ge, start), (Cmp::Lt, anchor))
            }
            Window::UpTo => {
                let start = self.shifted(env, anchor, amount, true)?;
                ((Cmp::Gt, start), (Cmp::Le, anchor))
            }
            Window::From => {
                let end = self.shifted(env, anchor, amount, false)?;
                ((Cmp::Ge, anchor), (Cmp::Le, end))
            }
            Window::After => {
                let end = self.shifted(env, anchor, amount, false)?;
                ((Cmp::Gt, anchor), (Cmp::Le, end))
            }
            Window::WholeMonthsBefore => {
                let end = self
                    .builder
                    .add(Op::StartOf(ir::CalendarUnit::Month, anchor), Type::Date);
                let start = self.shifted(env, end, amount, true)?;
                ((Cmp::Ge, start), (Cmp::Lt, end))
            }
        };
        parts.push(self.builder.compare(low.0, tested, low.1));
        parts.push(self.builder.compare(high.0, tested, high.1));
        Some(Typed::bool(self.builder.and(parts)))
    }
}

/// Whether values of a type can be added to their like.
pub(super) fn is_number(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months
    )
}

/// The comparison of the kernel that one written asks for.
pub(super) fn kernel(comparison: Comparison) -> Cmp {
    match comparison {
        Comparison::Eq => Cmp::Eq,
        Comparison::Ne => Cmp::Ne,
        Comparison::Lt => Cmp::Lt,
        Comparison::Le => Cmp::Le,
        Comparison::Gt => Cmp::Gt,
        Comparison::Ge => Cmp::Ge,
    }
}
