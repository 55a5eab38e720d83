//! Equality of values of any type.

use super::Evaluation;
use crate::ir::{Type, item_type, plain};
use crate::key::{field_type, is_ordered};
use crate::value::algebra::{
    Tally, error, join_deep, not, open, present, strict, strict_and, strict_or, sure_bounds_of,
    truth,
};
use crate::value::{List, Open, Outcome, Value};

impl Evaluation<'_> {
    /// Whether two outcomes are the same value; the types decide how lists and open values compare.
    pub(super) fn equal(&self, a: &Outcome, b: &Outcome, ty_a: &Type, ty_b: &Type) -> Outcome {
        if let (Outcome::Known(a), Outcome::Known(b)) = (a, b) {
            return self.equal_values(a, b, ty_a, ty_b);
        }
        let undecided = strict([a, b]).unwrap_or_else(|| error("values do not compare"));
        if !matches!(undecided, Outcome::Open(_)) {
            return undecided;
        }
        let may_both_be_none = |outcome: &Outcome, ty: &Type| match outcome {
            Outcome::Known(value) => *value == Value::None,
            Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => {
                matches!(ty, Type::Optional(_))
            }
        };
        if is_ordered(ty_a)
            && !(may_both_be_none(a, ty_a) && may_both_be_none(b, ty_b))
            && sure_bounds_of(a).apart(sure_bounds_of(b))
        {
            return truth(false);
        }
        let mut needs = Open::default();
        join_deep(&mut needs, a);
        join_deep(&mut needs, b);
        open(needs)
    }

    fn equal_values(&self, a: &Value, b: &Value, ty_a: &Type, ty_b: &Type) -> Outcome {
        match (a, b) {
            (Value::List(a), Value::List(b)) => {
                let sets =
                    matches!(plain(ty_a), Type::Set(_)) || matches!(plain(ty_b), Type::Set(_));
                let (inner_a, inner_b) = (item_type(ty_a), item_type(ty_b));
                if sets {
                    let inside = self.subset_of(a, b, inner_a, inner_b);
                    strict_and(&inside, &self.subset_of(b, a, inner_b, inner_a))
                } else {
                    self.equal_lists(a, b, inner_a, inner_b)
                }
            }
            (Value::Record(a), Value::Record(b)) => {
                let mut tally = Tally::default();
                for (index, (x, y)) in a.iter().zip(b.iter()).enumerate() {
                    let field_a = field_type(self.ir(), ty_a, index);
                    let field_b = field_type(self.ir(), ty_b, index);
                    tally.add_strict(&self.equal(x, y, field_a, field_b));
                }
                tally.and()
            }
            _ => truth(a == b),
        }
    }

    fn equal_lists(&self, a: &List, b: &List, ty_a: &Type, ty_b: &Type) -> Outcome {
        let (low_a, high_a) = a.length();
        let (low_b, high_b) = b.length();
        if low_a > high_b || low_b > high_a {
            return truth(false);
        }
        if low_a == high_a && low_b == high_b {
            let mut tally = Tally::default();
            for (x, y) in a.items.iter().zip(&b.items) {
                tally.add_strict(&self.equal(&x.value, &y.value, ty_a, ty_b));
            }
            return tally.and();
        }
        let presences: Vec<Outcome> = a
            .items
            .iter()
            .chain(&b.items)
            .map(|i| present(&i.presence))
            .collect();
        match strict(&presences) {
            Some(Outcome::Open(_)) => {
                let mut needs = Open::default();
                for item in a.items.iter().chain(&b.items) {
                    join_deep(&mut needs, &present(&item.presence));
                    join_deep(&mut needs, &item.value);
                }
                open(needs)
            }
            Some(other) => other,
            None => truth(false),
        }
    }

    /// Whether a value is among the items of a list.
    pub(super) fn member(
        &self,
        list: &List,
        item: &Outcome,
        ty_list: &Type,
        ty_item: &Type,
    ) -> Outcome {
        let mut tally = Tally::default();
        for other in &list.items {
            let same = self.equal(item, &other.value, ty_item, ty_list);
            tally.add_strict(&strict_and(&present(&other.presence), &same));
            if tally.has_true() {
                break;
            }
        }
        tally.or()
    }

    /// Whether every item of one list is among the items of another.
    pub(super) fn subset_of(&self, a: &List, b: &List, ty_a: &Type, ty_b: &Type) -> Outcome {
        let mut tally = Tally::default();
        for item in &a.items {
            let inside = self.member(b, &item.value, ty_b, ty_a);
            tally.add_strict(&strict_or(&not(&present(&item.presence)), &inside));
            if tally.has_false() {
                break;
            }
        }
        tally.and()
    }

    /// Whether all outcomes are known and certainly one and the same.
    pub(super) fn all_same(&self, outcomes: &[Outcome], ty: &Type) -> bool {
        let Some((first, rest)) = outcomes.split_first() else {
            return false;
        };
        let known = |outcome: &Outcome| matches!(outcome, Outcome::Known(_));
        known(first)
            && rest
                .iter()
                .all(|other| known(other) && self.equal(first, other, ty, ty) == truth(true))
    }
}
