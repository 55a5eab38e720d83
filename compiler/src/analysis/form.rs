//! Linear forms: sums of multiples of atoms.

use super::atom::VarId;
use polc_runtime::value::Number;

/// Terms a form may have; beyond it the value counts as an atom of its own.
const MAX_TERMS: usize = 8;

/// A sum of multiples of atoms and a constant. Atoms that cancel out stay with the factor 0: the form is
/// still not applicable where they are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Linear {
    /// Atoms, ascending, with their factors.
    pub(super) terms: Vec<(VarId, Number)>,
    /// What is added.
    pub(super) constant: Number,
}

impl Linear {
    /// This and `factor` times the other.
    pub(super) fn plus(&self, other: &Linear, factor: Number) -> Option<Linear> {
        let mut terms = self.terms.clone();
        for (var, times) in &other.terms {
            let times = times.checked_mul(factor)?;
            match terms.binary_search_by_key(var, |term| term.0) {
                Ok(at) => {
                    let own = terms.get_mut(at)?;
                    own.1 = own.1.checked_add(times)?;
                }
                Err(at) => terms.insert(at, (*var, times)),
            }
        }
        let constant = other.constant.checked_mul(factor)?;
        (terms.len() <= MAX_TERMS).then_some(Linear {
            terms,
            constant: self.constant.checked_add(constant)?,
        })
    }

    pub(super) fn times(&self, factor: Number) -> Option<Linear> {
        let nothing = Linear {
            terms: Vec::new(),
            constant: Number::from_i64(0),
        };
        nothing.plus(self, factor)
    }

    pub(super) fn product(&self, other: &Linear) -> Option<Linear> {
        if other.terms.is_empty() {
            self.times(other.constant)
        } else if self.terms.is_empty() {
            other.times(self.constant)
        } else {
            None
        }
    }

    pub(super) fn quotient(&self, other: &Linear) -> Option<Linear> {
        if !other.terms.is_empty() {
            return None;
        }
        self.times(Number::from_i64(1).checked_div(other.constant)?)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

/// The number that makes all factors whole, without a common divisor, and the first one positive.
pub(super) fn scale(terms: &[(VarId, Number)]) -> Option<Number> {
    let mut denominator: i128 = 1;
    let mut numerator: i128 = 0;
    for (_, factor) in terms {
        let own = factor.denominator();
        denominator = denominator.checked_mul(own.checked_div(gcd(denominator, own))?)?;
    }
    for (_, factor) in terms {
        let whole = factor.checked_mul(Number::from_parts(denominator, 1)?)?;
        numerator = gcd(numerator, whole.numerator());
    }
    let negative = terms.first()?.1 < Number::from_i64(0);
    let sign = if negative { -1 } else { 1 };
    Number::from_parts(sign * denominator, numerator)
}
