//! Numbers made from atoms, and what comparing them says: `2 * n + 1 <= m` says something of the one number `2 * n - m`.

use super::atom::{Grade, Key, Var, VarId};
use super::compare::compared;
use super::form::{Linear, scale};
use super::formula::{Branches, Formula, Leaf, all, any, truth};
use super::query::{Query, Sign};
use super::sets::{Cut, NA, NONE, OPEN, Set, after};
use polc_runtime::ir::{Cmp, Const, NodeId, Op, Type};
use polc_runtime::value::Number;
use std::rc::Rc;

/// Pairs of alternatives the operands of one operation may have.
const MAX_PAIRS: usize = 96;

impl Query<'_, '_> {
    /// What a sum, difference, product or quotient can be; none where it is not linear.
    pub(super) fn linear(&mut self, node: NodeId, op: &Op) -> Option<Branches> {
        let one = Number::from_i64(1);
        let less = Number::from_i64(-1);
        if let Op::Add(a, b) | Op::AddDays(a, b) = op {
            self.combine(node, *a, *b, |x, y| x.plus(y, one))
        } else if let Op::Sub(a, b) | Op::DaysBetween(b, a) = op {
            self.combine(node, *a, *b, |x, y| x.plus(y, less))
        } else if let Op::Mul(a, b) = op {
            self.combine(node, *a, *b, Linear::product)
        } else if let Op::Div(a, b) = op {
            self.combine(node, *a, *b, Linear::quotient)
        } else {
            None
        }
    }

    fn combine(
        &mut self,
        node: NodeId,
        a: NodeId,
        b: NodeId,
        join: impl Fn(&Linear, &Linear) -> Option<Linear>,
    ) -> Option<Branches> {
        let ty = self.regions.ty(node)?;
        let (left, right) = (self.branches(a)?, self.branches(b)?);
        if left.len() * right.len() > MAX_PAIRS {
            return None;
        }
        let mut ways = Vec::new();
        for (when_left, a) in left.iter() {
            for (when_right, b) in right.iter() {
                let Some(when) = self.together_when(when_left, when_right) else {
                    continue;
                };
                let leaf = match (a, b) {
                    (Leaf::Outside, _) | (_, Leaf::Outside) => Leaf::Outside,
                    _ => Leaf::of(join(&a.linear()?, &b.linear()?)?, ty)?,
                };
                ways.push((when, leaf));
            }
        }
        Some(Rc::new(ways))
    }

    /// Both conditions, unless they visibly exclude each other: the spans of two dated values mostly do.
    pub(super) fn together_when(&self, a: &Rc<Formula>, b: &Rc<Formula>) -> Option<Rc<Formula>> {
        if let (Formula::Is(x, first), Formula::Is(y, second)) = (&**a, &**b)
            && x == y
        {
            let both = self.is(*x, &first.meet(second));
            return (!matches!(*both, Formula::False)).then_some(both);
        }
        Some(all(vec![a.clone(), b.clone()]))
    }

    /// What a comparison says where a side is a linear form.
    pub(super) fn compare_linear(
        &mut self,
        cmp: Cmp,
        left: &Leaf,
        right: &Leaf,
        sign: Sign,
    ) -> Option<Rc<Formula>> {
        let holds = sign == Sign::Holds;
        let wanted = if holds { cmp } else { cmp.opposite() };
        if matches!(left, Leaf::Const(Const::None)) || matches!(right, Leaf::Const(Const::None)) {
            return Some(truth(wanted == Cmp::Ne));
        }
        let form = left
            .linear()?
            .plus(&right.linear()?, Number::from_i64(-1))?;
        let zero = Number::from_i64(0);
        let (gone, live): (Vec<_>, Vec<_>) = form
            .terms
            .iter()
            .copied()
            .partition(|(_, times)| *times == zero);
        let mut parts: Vec<_> = gone
            .iter()
            .map(|(var, _)| self.is(*var, &Set::all()))
            .collect();
        let against = zero.checked_sub(form.constant)?;
        parts.push(match live.as_slice() {
            [] => truth(
                !Set::point(zero, false)
                    .meet(&compared(against, wanted, false))
                    .is_empty(),
            ),
            [(var, times)] => {
                let discrete = self.vars.get(*var)?.discrete;
                let cmp = if *times < zero {
                    wanted.turned()
                } else {
                    wanted
                };
                let against = against.checked_div(*times)?;
                self.is(*var, &compared(against, cmp, discrete))
            }
            [(a, x), (b, y)] if against == zero && x.checked_add(*y) == Some(zero) => {
                let (a, b) = if *x > zero { (*a, *b) } else { (*b, *a) };
                self.compare_vars(a, b, cmp, sign)?
            }
            _ => {
                let scale = scale(&live)?;
                let mut terms = Vec::with_capacity(live.len());
                for (var, times) in &live {
                    terms.push((*var, times.checked_mul(scale)?));
                }
                let cmp = if scale < zero {
                    wanted.turned()
                } else {
                    wanted
                };
                let var = self.form(terms)?;
                let discrete = self.vars.get(var)?.discrete;
                self.is(var, &compared(against.checked_mul(scale)?, cmp, discrete))
            }
        });
        Some(all(parts))
    }

    /// When a form is not applicable: when some atom in it is.
    pub(super) fn form_outside(&self, form: &Linear) -> Rc<Formula> {
        let parts = form
            .terms
            .iter()
            .map(|(var, _)| self.is(*var, &Set::flags(NA)));
        any(parts.collect())
    }

    /// The atom for a sum of several atoms.
    fn form(&mut self, terms: Vec<(VarId, Number)>) -> Option<VarId> {
        let zero = Number::from_i64(0);
        let (mut discrete, mut flags, mut opaque) = (true, 0, false);
        let (mut low, mut high) = (Some(zero), Some(zero));
        for (var, times) in &terms {
            let var = self.vars.get(*var)?;
            discrete &= var.discrete;
            flags |= var.domain.flags & (NONE | OPEN | NA);
            opaque |= var.grade == Grade::Opaque;
            let ends = (value(var.domain.low()), value(var.domain.high()));
            let (least, most) = if *times < zero {
                (ends.1, ends.0)
            } else {
                ends
            };
            let add = |sum: Option<Number>, end: Option<Number>| {
                sum?.checked_add(end?.checked_mul(*times)?)
            };
            (low, high) = (add(low, least), add(high, most));
        }
        let low = low.map_or(Cut::Min, Cut::Before);
        let high = high.map_or(Cut::Max, |high| after(high, discrete));
        let key = Key::Linear(terms);
        Some(self.atom(key.clone(), || Var {
            key,
            ty: Type::Decimal,
            domain: Set::span(low, high).with(flags),
            discrete,
            grade: if opaque { Grade::Opaque } else { Grade::Free },
            roots: Vec::new(),
            event: false,
        }))
    }
}

/// The number at a cut: a limit that may or may not be reached.
fn value(cut: Cut) -> Option<Number> {
    match cut {
        Cut::Before(value) | Cut::After(value) => Some(value),
        Cut::Min | Cut::Max => None,
    }
}
