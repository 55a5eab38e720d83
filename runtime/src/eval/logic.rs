//! Truth: connectives, comparison, membership, `none`.

use super::Evaluation;
use crate::ir::item_type;
use crate::ir::{Cmp, NodeId, Type};
use crate::value::algebra::{
    Tally, bounds_of, error, hull, join, join_deep, not_none, open, position, present,
    row_not_applicable, strict, sure_bounds_of, truth, with_bounds,
};
use crate::value::{Bounds, Number, Open, Outcome, Value};

impl Evaluation<'_> {
    pub(super) fn and(&mut self, all: &[NodeId]) -> Outcome {
        let mut tally = Tally::default();
        let whole = self.tells_every(all);
        for id in all {
            tally.add(&self.eval(*id));
            if tally.has_false() && !whole {
                break;
            }
        }
        tally.and()
    }

    pub(super) fn or(&mut self, all: &[NodeId]) -> Outcome {
        let mut tally = Tally::default();
        for id in all {
            tally.add(&self.eval(*id));
            if tally.has_true() {
                break;
            }
        }
        tally.or()
    }

    /// Conjunction that passes on what is not applicable.
    pub(super) fn strict_and(&mut self, all: &[NodeId]) -> Outcome {
        let mut tally = Tally::default();
        let whole = self.tells_every(all);
        for id in all {
            tally.add_strict(&self.eval(*id));
            if tally.has_false() && !whole {
                break;
            }
        }
        tally.and()
    }

    /// Disjunction that passes on what is not applicable.
    pub(super) fn strict_or(&mut self, all: &[NodeId]) -> Outcome {
        let mut tally = Tally::default();
        for id in all {
            tally.add_strict(&self.eval(*id));
            if tally.has_true() {
                break;
            }
        }
        tally.or()
    }

    pub(super) fn at_least(&mut self, k: NodeId, all: &[NodeId]) -> Outcome {
        let k = self.eval(k);
        let mut tally = Tally::default();
        for id in all {
            tally.add(&self.eval(*id));
        }
        tally.at_least(&k, false)
    }

    pub(super) fn compare(&mut self, cmp: Cmp, a: NodeId, b: NodeId) -> Outcome {
        let (left, right) = (self.eval(a), self.eval(b));
        if let Some(held) = self.compared_beyond_calendar(cmp, (a, &left), (b, &right)) {
            return held;
        }
        let (ty_a, ty_b) = (self.ty(a), self.ty(b));
        match cmp {
            Cmp::Eq => self.equal(&left, &right, ty_a, ty_b),
            Cmp::Ne => crate::value::algebra::not(&self.equal(&left, &right, ty_a, ty_b)),
            Cmp::Lt => ordered(&left, &right, false),
            Cmp::Ge => crate::value::algebra::not(&ordered(&left, &right, false)),
            Cmp::Gt => ordered(&right, &left, false),
            Cmp::Le => crate::value::algebra::not(&ordered(&right, &left, false)),
        }
    }

    /// A day compared with one that lies beyond the calendar, so that a window may reach over its ends.
    fn compared_beyond_calendar(
        &mut self,
        cmp: Cmp,
        (a, left): (NodeId, &Outcome),
        (b, right): (NodeId, &Outcome),
    ) -> Option<Outcome> {
        let order = match (left, right) {
            (Outcome::Error(_), Outcome::Known(Value::Date(_))) => self.beyond_calendar(a)?,
            (Outcome::Known(Value::Date(_)), Outcome::Error(_)) => {
                self.beyond_calendar(b)?.reverse()
            }
            _ => return None,
        };
        Some(truth(cmp.holds(order)))
    }

    pub(super) fn is_none(&mut self, a: NodeId) -> Outcome {
        match self.eval(a) {
            Outcome::Known(value) => truth(value == Value::None),
            Outcome::Open(needs) if needs.not_none && !needs.may_fail => truth(false),
            other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
                with_bounds(other, Bounds::default())
            }
        }
    }

    /// Two-valued once it is decided: an error is in scope.
    pub(super) fn is_applicable(&mut self, a: NodeId) -> Outcome {
        let outcome = self.eval(a);
        if let Outcome::Known(value @ Value::List(list)) = &outcome {
            if row_not_applicable(value).is_some() {
                return truth(false);
            }
            let doubts = list.items.iter().map(|item| present(&item.presence));
            let mut doubts = doubts.filter(|one| matches!(one, Outcome::Open(o) if o.may_fail));
            return doubts.next().unwrap_or_else(|| truth(true));
        }
        match outcome {
            Outcome::NotApplicable(_) => truth(false),
            Outcome::Open(needs) if needs.may_fail => open(Open {
                bounds: Bounds::default(),
                may_fail: false,
                not_none: true,
                ..Open::clone(&needs)
            }),
            Outcome::Known(_) | Outcome::Open(_) | Outcome::Error(_) => truth(true),
        }
    }

    pub(super) fn or_else(&mut self, a: NodeId, b: NodeId, ty: &Type) -> Outcome {
        match self.eval(a) {
            Outcome::Known(Value::None) => self.eval(b),
            Outcome::Open(first) if first.not_none => Outcome::Open(first),
            Outcome::Open(first) => {
                let second = self.eval(b);
                let mut needs = Open {
                    not_none: not_none(&second),
                    ..Open::default()
                };
                join(&mut needs, &first);
                join_deep(&mut needs, &second);
                if crate::key::is_ordered(ty) {
                    needs.bounds = match second {
                        Outcome::Known(Value::None)
                        | Outcome::NotApplicable(_)
                        | Outcome::Error(_) => first.bounds,
                        Outcome::Known(_) | Outcome::Open(_) => {
                            hull(first.bounds, bounds_of(&second))
                        }
                    };
                }
                open(needs)
            }
            other @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => other,
        }
    }

    pub(super) fn contains(&mut self, list: NodeId, item: NodeId) -> Outcome {
        let (values, value) = (self.eval(list), self.eval(item));
        let (ty_list, ty_item) = (self.ty(list), self.ty(item));
        match (&values, &value) {
            (Outcome::Known(Value::List(values)), _) => {
                if !self.spend(values.items.len()) {
                    return self.out_of_steps();
                }
                self.member(values, &value, item_type(ty_list), ty_item)
            }
            _ => strict([&values, &value]).unwrap_or_else(|| error("not a list")),
        }
    }

    pub(super) fn subset(&mut self, a: NodeId, b: NodeId) -> Outcome {
        let (left, right) = (self.eval(a), self.eval(b));
        let (ty_a, ty_b) = (item_type(self.ty(a)), item_type(self.ty(b)));
        match (&left, &right) {
            (Outcome::Known(Value::List(left)), _) if left.items.is_empty() => truth(true),
            (Outcome::Known(Value::List(left)), Outcome::Known(Value::List(right))) => {
                let work = left.items.len().saturating_mul(right.items.len());
                if !self.spend(work) {
                    return self.out_of_steps();
                }
                self.subset_of(left, right, ty_a, ty_b)
            }
            _ => strict([&left, &right]).unwrap_or_else(|| error("not a list")),
        }
    }
}

/// Whether the first is less than the second (or equal to it).
pub(super) fn ordered(a: &Outcome, b: &Outcome, or_equal: bool) -> Outcome {
    if let (Outcome::Known(a), Outcome::Known(b)) = (a, b) {
        return match (position(a), position(b)) {
            (Some(a), Some(b)) => truth(a < b || (or_equal && a == b)),
            _ => error("none compared"),
        };
    }
    let undecided = strict([a, b]).unwrap_or_else(|| error("values do not compare"));
    if !matches!(undecided, Outcome::Open(_)) {
        return undecided;
    }
    let (left, right) = (sure_bounds_of(a), sure_bounds_of(b));
    let below = |x: Option<Number>, y: Option<Number>, or_equal: bool| {
        x.zip(y).is_some_and(|(x, y)| x < y || (or_equal && x == y))
    };
    if below(left.high, right.low, or_equal) {
        truth(true)
    } else if below(right.high, left.low, !or_equal) {
        truth(false)
    } else {
        undecided
    }
}
