//! Formulas over atoms, and what a value can be under which.

use super::atom::VarId;
use super::form::Linear;
use super::sets::Set;
use polc_runtime::ir::{Const, Type};
use polc_runtime::value::{Date, Number};
use std::collections::HashSet;
use std::rc::Rc;

/// Parts of a formula that are taken over into the one around it. Taking over more would copy what two
/// formulas share, once per formula above it.
const MAX_FLAT: usize = 64;

/// A formula over atoms. Formulas share their parts: a walk over one looks at a part once, however many
/// ways lead to it, as their number doubles with each definition that tests another twice.
#[derive(Debug)]
pub(super) enum Formula {
    /// Always.
    True,
    /// Never.
    False,
    /// The atom is in one of these states.
    Is(VarId, Set),
    /// All of these.
    All(Vec<Rc<Formula>>),
    /// Some of these.
    Any(Vec<Rc<Formula>>),
}

/// One thing a value can be.
#[derive(Debug, Clone)]
pub(super) enum Leaf {
    /// A constant.
    Const(Const),
    /// Whatever the atom is.
    Var(VarId),
    /// A number made from atoms.
    Linear(Linear),
    /// Not applicable.
    Outside,
}

/// What a value can be, each with its condition.
pub(super) type Branches = Rc<Vec<(Rc<Formula>, Leaf)>>;

impl Leaf {
    /// As a sum of multiples of atoms.
    pub(super) fn linear(&self) -> Option<Linear> {
        let plain = |constant: Number| Linear {
            terms: Vec::new(),
            constant,
        };
        match self {
            Leaf::Const(Const::Number(value)) => Some(plain(*value)),
            Leaf::Const(Const::Date(date)) => Some(plain(Number::from_i64(date.days().into()))),
            Leaf::Var(var) => Some(Linear {
                terms: vec![(*var, Number::from_i64(1))],
                constant: Number::from_i64(0),
            }),
            Leaf::Linear(form) => Some(form.clone()),
            Leaf::Const(_) | Leaf::Outside => None,
        }
    }

    /// As simple a leaf as says what a form says.
    pub(super) fn of(form: Linear, ty: &Type) -> Option<Leaf> {
        match form.terms.as_slice() {
            [] if matches!(ty, Type::Date) => {
                let days = i32::try_from(form.constant.to_i64()?).ok()?;
                Some(Leaf::Const(Const::Date(Date::from_days(days)?)))
            }
            [] => Some(Leaf::Const(Const::Number(form.constant))),
            [(var, one)] if *one == Number::from_i64(1) && form.constant == Number::from_i64(0) => {
                Some(Leaf::Var(*var))
            }
            _ => Some(Leaf::Linear(form)),
        }
    }
}

/// All of these, simplified.
pub(super) fn all(parts: Vec<Rc<Formula>>) -> Rc<Formula> {
    let mut kept: Vec<Rc<Formula>> = Vec::with_capacity(parts.len());
    for part in parts {
        match &*part {
            Formula::True => {}
            Formula::False => return part,
            Formula::All(inner) if inner.len() <= MAX_FLAT => kept.extend(inner.iter().cloned()),
            Formula::All(_) | Formula::Any(_) | Formula::Is(..) => kept.push(part),
        }
    }
    once(&mut kept);
    match kept.len() {
        0 => Rc::new(Formula::True),
        1 => kept.swap_remove(0),
        _ => Rc::new(Formula::All(kept)),
    }
}

/// Some of these, simplified.
pub(super) fn any(parts: Vec<Rc<Formula>>) -> Rc<Formula> {
    let mut kept: Vec<Rc<Formula>> = Vec::with_capacity(parts.len());
    for part in parts {
        match &*part {
            Formula::False => {}
            Formula::True => return part,
            Formula::Any(inner) if inner.len() <= MAX_FLAT => kept.extend(inner.iter().cloned()),
            Formula::All(_) | Formula::Any(_) | Formula::Is(..) => kept.push(part),
        }
    }
    once(&mut kept);
    match kept.len() {
        0 => Rc::new(Formula::False),
        1 => kept.swap_remove(0),
        _ => Rc::new(Formula::Any(kept)),
    }
}

/// Leaves out what is there already.
fn once(parts: &mut Vec<Rc<Formula>>) {
    if parts.len() > 1 && parts.iter().any(|part| Rc::strong_count(part) > 1) {
        let mut seen = HashSet::with_capacity(parts.len());
        parts.retain(|part| seen.insert(Rc::as_ptr(part)));
    }
}

/// Always or never.
pub(super) fn truth(value: bool) -> Rc<Formula> {
    Rc::new(if value { Formula::True } else { Formula::False })
}
