//! Numbers: exact or an error, with bounds carried for open ones.

use super::Evaluation;
use crate::ir::{LARGEST_EXPONENT, NodeId, Rounding, Type};
use crate::value::algebra::{
    bounds_of, error, hull_all, may_fail, not_none, strict, sure_bounds_of, too_large, with_limits,
};
use crate::value::{Bounds, Number, Outcome, Value};

/// The number in a known outcome.
pub(super) fn number(outcome: &Outcome) -> Option<Number> {
    match outcome {
        Outcome::Known(Value::Number(number)) => Some(*number),
        Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => {
            None
        }
    }
}

/// Limits of a sum.
pub(super) fn add_bounds(a: Bounds, b: Bounds) -> Bounds {
    let add = |a: Option<Number>, b: Option<Number>| a.zip(b).and_then(|(a, b)| a.checked_add(b));
    Bounds {
        low: add(a.low, b.low),
        high: add(a.high, b.high),
    }
}

/// Limits of a difference.
pub(super) fn sub_bounds(a: Bounds, b: Bounds) -> Bounds {
    let sub = |a: Option<Number>, b: Option<Number>| a.zip(b).and_then(|(a, b)| a.checked_sub(b));
    Bounds {
        low: sub(a.low, b.high),
        high: sub(a.high, b.low),
    }
}

/// Limits of a multiple.
fn scale_bounds(limits: Bounds, factor: Number) -> Bounds {
    let scale = |end: Option<Number>| end.and_then(|end| end.checked_mul(factor));
    let (low, high) = (scale(limits.low), scale(limits.high));
    if factor < Number::from_i64(0) {
        Bounds {
            low: high,
            high: low,
        }
    } else {
        Bounds { low, high }
    }
}

/// A known result, or an error when it does not fit.
fn fits(result: Option<Number>) -> Outcome {
    result.map_or_else(too_large, |number| Outcome::Known(Value::Number(number)))
}

/// An exponent that there is.
fn exponent_of(number: Number) -> Option<u32> {
    let exponent = u32::try_from(number.to_i64()?).ok();
    exponent.filter(|exponent| *exponent <= LARGEST_EXPONENT)
}

/// What takes the place of a calculation whose operands are not both known.
struct Instead {
    outcome: Outcome,
    left: Bounds,
    right: Bounds,
}

impl Evaluation<'_> {
    /// Two numbers, or what takes their place.
    fn numbers(&mut self, a: NodeId, b: NodeId) -> Result<(Number, Number), Box<Instead>> {
        let (a, b) = (self.eval(a), self.eval(b));
        match (number(&a), number(&b)) {
            (Some(a), Some(b)) => Ok((a, b)),
            _ => {
                let instead = strict([&a, &b]).unwrap_or_else(|| error("none in a calculation"));
                Err(Box::new(Instead {
                    outcome: instead,
                    left: bounds_of(&a),
                    right: bounds_of(&b),
                }))
            }
        }
    }

    pub(super) fn add(&mut self, a: NodeId, b: NodeId) -> Outcome {
        match self.numbers(a, b) {
            Ok((a, b)) => fits(a.checked_add(b)),
            Err(instead) => with_limits(instead.outcome, add_bounds(instead.left, instead.right)),
        }
    }

    pub(super) fn subtract(&mut self, a: NodeId, b: NodeId) -> Outcome {
        match self.numbers(a, b) {
            Ok((a, b)) => fits(a.checked_sub(b)),
            Err(instead) => with_limits(instead.outcome, sub_bounds(instead.left, instead.right)),
        }
    }

    /// An open length that may turn out not to be whole: what counts with it may fail.
    fn length(&self, outcome: Outcome, operands: [NodeId; 2], divided: bool) -> Outcome {
        let is_length = |id: &NodeId| matches!(self.ty(*id), Type::Days | Type::Months);
        let lengths = operands.iter().filter(|id| is_length(id)).count();
        let whole = |id: &NodeId| is_length(id) || matches!(self.ty(*id), Type::Int);
        if lengths == 1 && (divided || !operands.iter().all(whole)) {
            return may_fail(outcome);
        }
        outcome
    }

    pub(super) fn multiply(&mut self, a: NodeId, b: NodeId) -> Outcome {
        let operands = [a, b];
        match self.numbers(a, b) {
            Ok((a, b)) => fits(a.checked_mul(b)),
            Err(instead) => {
                let Instead {
                    outcome,
                    left: a,
                    right: b,
                } = *instead;
                let limits = match (point(a), point(b)) {
                    (Some(factor), _) => scale_bounds(b, factor),
                    (_, Some(factor)) => scale_bounds(a, factor),
                    _ => Bounds::default(),
                };
                self.length(with_limits(outcome, limits), operands, false)
            }
        }
    }

    pub(super) fn divide(&mut self, a: NodeId, b: NodeId) -> Outcome {
        let operands = [a, b];
        match self.numbers(a, b) {
            Ok((_, b)) if b == Number::from_i64(0) => error("division by zero"),
            Ok((a, b)) => fits(a.checked_div(b)),
            Err(instead) => {
                let zero = Bounds {
                    low: Some(Number::ZERO),
                    high: Some(Number::ZERO),
                };
                let factor = point(instead.right).and_then(|b| Number::ONE.checked_div(b));
                let limits = factor.map(|factor| scale_bounds(instead.left, factor));
                let outcome = with_limits(instead.outcome, limits.unwrap_or_default());
                let outcome = self.length(outcome, operands, true);
                // The divisor may turn out to be zero.
                if instead.right.apart(zero) {
                    outcome
                } else {
                    may_fail(outcome)
                }
            }
        }
    }

    pub(super) fn modulo(&mut self, a: NodeId, b: NodeId) -> Outcome {
        match self.numbers(a, b) {
            Ok((_, b)) if b == Number::ZERO => error("division by zero"),
            Ok((a, b)) => fits(a.checked_modulo(b)),
            Err(instead) => {
                let zero = Some(Number::ZERO);
                let Bounds { low, high } = instead.right;
                let limits = match (low > zero, high.is_some_and(|high| high < Number::ZERO)) {
                    (true, _) => Bounds { low: zero, high },
                    (_, true) => Bounds { low, high: zero },
                    _ => return may_fail(with_limits(instead.outcome, Bounds::default())),
                };
                with_limits(instead.outcome, limits)
            }
        }
    }

    pub(super) fn power(
        &mut self,
        base: NodeId,
        exponent: NodeId,
        rounded: Option<(Rounding, Number)>,
    ) -> Outcome {
        let (base, exponent) = (self.eval(base), self.eval(exponent));
        let times = match number(&exponent).map(exponent_of) {
            Some(None) if !matches!(base, Outcome::Open(_) | Outcome::NotApplicable(_)) => {
                return error(format!(
                    "the exponent must be a whole number from 0 through {LARGEST_EXPONENT}"
                ));
            }
            times => times.flatten(),
        };
        if let (Some(base), Some(times)) = (number(&base), times) {
            return fits(base.checked_power(times, rounded));
        }
        let instead = strict([&base, &exponent]).unwrap_or_else(|| error("none in a calculation"));
        let Bounds { low, high } = bounds_of(&base);
        // Of numbers that are not below zero the larger has the larger power.
        let grows = low.is_some_and(|low| low >= Number::ZERO);
        let end = |end: Option<Number>| end?.checked_power(times.filter(|_| grows)?, rounded);
        let (low, high) = (end(low), end(high));
        let limits = with_limits(instead, Bounds { low, high });
        // It may turn out not to fit.
        if high.is_some() {
            limits
        } else {
            may_fail(limits)
        }
    }

    pub(super) fn round(&mut self, value: NodeId, mode: Rounding, step: Number) -> Outcome {
        let value = self.eval(value);
        match number(&value) {
            Some(number) => fits(number.round_to(step, mode)),
            None => {
                let limits = bounds_of(&value);
                let end = |end: Option<Number>| end.and_then(|end| end.round_to(step, mode));
                let limits = Bounds {
                    low: end(limits.low),
                    high: end(limits.high),
                };
                let instead = strict([&value]).unwrap_or_else(|| error("none in a calculation"));
                with_limits(instead, limits)
            }
        }
    }

    pub(super) fn extreme(&mut self, all: &[NodeId], largest: bool) -> Outcome {
        let operands: Vec<Outcome> = all.iter().map(|id| self.eval(*id)).collect();
        if let Some(instead) = strict(&operands) {
            // One that is none cannot be compared.
            let may_be_none = all
                .iter()
                .zip(&operands)
                .any(|(id, one)| matches!(self.ty(*id), Type::Optional(_)) && !not_none(one));
            if may_be_none {
                return may_fail(with_limits(instead, Bounds::default()));
            }
            if let Some(decided) = unbeaten(&operands, largest) {
                return decided;
            }
            return with_limits(instead, extreme_bounds(&operands, largest));
        }
        let mut best: Option<(Number, &Outcome)> = None;
        for operand in &operands {
            let Some(at) = bounds_of(operand).low else {
                return error("none compared");
            };
            if best.is_none_or(|(top, _)| if largest { at > top } else { at < top }) {
                best = Some((at, operand));
            }
        }
        best.map_or_else(
            || error("nothing to choose from"),
            |(_, outcome)| outcome.clone(),
        )
    }
}

/// The value of limits that leave only one.
pub(super) fn point(limits: Bounds) -> Option<Number> {
    limits.low.filter(|low| limits.high == Some(*low))
}

/// A known operand that nothing in doubt can beat.
pub(super) fn unbeaten(operands: &[Outcome], largest: bool) -> Option<Outcome> {
    let reaches = operands.iter().map(|operand| {
        let limits = sure_bounds_of(operand);
        if largest { limits.high } else { limits.low }
    });
    let reaches: Vec<Number> = reaches.collect::<Option<_>>()?;
    let best = if largest {
        reaches.iter().max()
    } else {
        reaches.iter().min()
    };
    let known = |outcome: &&Outcome| matches!(outcome, Outcome::Known(_));
    let mut known = operands.iter().filter(known);
    known
        .find(|outcome| bounds_of(outcome).low == best.copied())
        .cloned()
}

/// Limits of the largest (smallest) of some outcomes that are numbers.
pub(super) fn extreme_bounds(operands: &[Outcome], largest: bool) -> Bounds {
    let every: Vec<Bounds> = operands.iter().map(bounds_of).collect();
    let mut limits = hull_all(operands);
    if largest {
        limits.low = every.iter().filter_map(|b| b.low).max();
    } else {
        limits.high = every.iter().filter_map(|b| b.high).min();
    }
    limits
}
