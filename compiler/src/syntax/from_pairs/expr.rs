//! Expressions: runs of operands and operators folded by precedence.

use std::iter::Peekable;

use polc_grammar::{AND, MULTIPLY, NEGATE, NOT, OR_ELSE, POSTFIX, ROUNDED, Rule, precedence};

use super::super::ast::{Arithmetic, BinaryOp, Comparison, Expr, ExprKind, Operation};
use super::{Builder, P, parts};
use crate::diagnostics::Code;
use crate::source::Span;

impl<'t> Builder<'t, '_> {
    /// An expression, or any rule that holds a run of operands and operators.
    pub(super) fn expr(&mut self, pair: P<'t>) -> Option<Expr> {
        match pair.as_rule() {
            Rule::expr
            | Rule::operand
            | Rule::comparison
            | Rule::short_test
            | Rule::tight
            | Rule::list
            | Rule::subject
            | Rule::range_value
            | Rule::local_value
            | Rule::count
            | Rule::range_end => self.fold(&mut parts(pair).peekable(), 0),
            Rule::when | Rule::otherwise_result => {
                let inner = parts(pair).next()?;
                self.expr(inner)
            }
            _ => self.primary(pair),
        }
    }

    pub(super) fn first(&mut self, pair: P<'t>) -> Option<Expr> {
        let inner = parts(pair).next()?;
        self.expr(inner)
    }

    pub(super) fn boxed(&mut self, pair: Option<P<'t>>) -> Option<Box<Expr>> {
        self.expr(pair?).map(Box::new)
    }

    /// Folds a run of operands and operators that hold at least as tight as `least`.
    fn fold<I: Iterator<Item = P<'t>>>(
        &mut self,
        run: &mut Peekable<I>,
        least: u8,
    ) -> Option<Expr> {
        let first = run.next()?;
        let place = self.span(&first);
        let mut left = match first.as_rule() {
            Rule::op_not => {
                let inner = self.fold(run, NOT)?;
                let span = place.to(inner.span);
                Expr {
                    kind: ExprKind::Not(Box::new(inner)),
                    span,
                }
            }
            Rule::op_negate => {
                let inner = self.fold(run, NEGATE)?;
                let span = place.to(inner.span);
                self.negated_power(&inner, span);
                Expr {
                    kind: ExprKind::Negate(Box::new(inner)),
                    span,
                }
            }
            _ => self.primary(first)?,
        };
        while let Some(next) = run.peek() {
            let precedence = precedence(next.as_rule());
            if precedence < least {
                break;
            }
            let operator = run.next()?;
            let place = self.span(&operator);
            let (infix, tighter) = match operator.as_rule() {
                Rule::op_or => (BinaryOp::Or, AND),
                Rule::op_and => (BinaryOp::And, NOT),
                Rule::op_compare => {
                    let right = self.fold(run, OR_ELSE)?;
                    let span = left.span.to(right.span);
                    let sign = comparison(operator.as_str());
                    left = Expr {
                        kind: ExprKind::Compare(sign, Box::new(left), Box::new(right)),
                        span,
                    };
                    continue;
                }
                Rule::op_add if operator.as_str() == "+" => {
                    (BinaryOp::Arithmetic(Arithmetic::Add), MULTIPLY)
                }
                Rule::op_add => (BinaryOp::Arithmetic(Arithmetic::Sub), MULTIPLY),
                Rule::op_multiply => (BinaryOp::Arithmetic(product(operator.as_str())), NEGATE),
                Rule::op_power => {
                    self.second_power(&left, place);
                    let right = self.fold(run, POSTFIX)?;
                    let span = left.span.to(right.span);
                    let kind = ExprKind::Operation(Operation::Power, vec![left, right]);
                    left = Expr { kind, span };
                    continue;
                }
                Rule::op_or_else => {
                    let right = self.fold(run, ROUNDED)?;
                    let span = left.span.to(right.span);
                    left = Expr {
                        kind: ExprKind::OrElse(Box::new(left), Box::new(right)),
                        span,
                    };
                    continue;
                }
                Rule::op_in => {
                    let negated = operator.as_str().starts_with("not");
                    let list = Box::new(self.fold(run, OR_ELSE)?);
                    let span = left.span.to(list.span);
                    left = Expr {
                        kind: ExprKind::In {
                            item: Box::new(left),
                            list,
                            negated,
                        },
                        span,
                    };
                    continue;
                }
                _ => {
                    left = self.postfix(left, operator)?;
                    continue;
                }
            };
            let right = self.fold(run, tighter)?;
            if infix == BinaryOp::Or && (bare_and(&left) || bare_and(&right)) {
                self.mixed(place);
            }
            let span = left.span.to(right.span);
            left = Expr {
                kind: ExprKind::Binary(infix, Box::new(left), Box::new(right)),
                span,
            };
        }
        Some(left)
    }

    fn negated_power(&mut self, power: &Expr, place: Span) {
        if bare_power(power) {
            self.error(
                Code::SyntaxError,
                place,
                "is the power negative here, or what it is the power of?",
                "put parentheses around one of them: `-(a ^ 2)` or `(-a) ^ 2`",
            );
        }
    }

    fn second_power(&mut self, first: &Expr, place: Span) {
        if bare_power(first) {
            self.error(
                Code::SyntaxError,
                place,
                "which of the two powers comes first is not said",
                "put parentheses around one of them: `(a ^ b) ^ c` or `a ^ (b ^ c)`",
            );
        }
    }

    fn mixed(&mut self, place: Span) {
        if !self.failed {
            self.error(
                Code::MixedAndOr,
                place,
                "`and` and `or` are mixed without parentheses",
                "put parentheses around the part that belongs together: `(a and b) or c`",
            );
        }
    }
}

/// An `and` that is not in parentheses: its span begins at its first operand.
fn bare_and(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary(BinaryOp::And, left, _) if left.span.start == expr.span.start)
}

/// What a sign of products asks for.
fn product(sign: &str) -> Arithmetic {
    match sign {
        "*" => Arithmetic::Mul,
        "/" => Arithmetic::Div,
        _ => Arithmetic::Mod,
    }
}

/// A power that is not in parentheses.
fn bare_power(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Operation(Operation::Power, operands) => operands
            .first()
            .is_some_and(|base| base.span.start == expr.span.start),
        _ => false,
    }
}

/// The comparison that a sign or words ask for.
pub(super) fn comparison(words: &str) -> Comparison {
    match words {
        "=" => Comparison::Eq,
        "!=" => Comparison::Ne,
        "<" => Comparison::Lt,
        "<=" => Comparison::Le,
        ">" => Comparison::Gt,
        ">=" => Comparison::Ge,
        _ if words.contains("not") => Comparison::Ne,
        _ => Comparison::Eq,
    }
}
