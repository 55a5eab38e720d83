//! Comparisons and membership: what they say of the atoms on their sides.

use super::atom::{Grade, Key, Var, VarId};
use super::formula::{Formula, Leaf, all, any, truth};
use super::query::{Query, Sign};
use super::sets::{BOTH_NONE, Cut, NA, NONE, OPEN, Set, after};
use polc_runtime::ir::{Cmp, Const, NodeId, Op, Type};
use polc_runtime::value::Number;
use std::rc::Rc;

/// Pairs of alternatives one comparison may have.
const MAX_PAIRS: usize = 96;

/// Whether none satisfies the comparison with a value.
fn none_counts(cmp: Cmp) -> bool {
    cmp == Cmp::Ne
}

pub(super) fn compared(value: Number, cmp: Cmp, discrete: bool) -> Set {
    let (below, above) = (Cut::Before(value), after(value, discrete));
    let set = match cmp {
        Cmp::Eq => Set::span(below, above),
        Cmp::Ne => Set::all().minus(&Set::span(below, above)),
        Cmp::Lt => Set::span(Cut::Min, below),
        Cmp::Le => Set::span(Cut::Min, above),
        Cmp::Gt => Set::span(above, Cut::Max),
        Cmp::Ge => Set::span(below, Cut::Max),
    };
    if discrete && !value.is_integer() {
        set.whole_numbers()
    } else {
        set
    }
}

/// The states of an order atom that satisfy the comparison.
fn ordered(cmp: Cmp) -> Set {
    match cmp {
        Cmp::Eq => Set::whole(1, 1),
        Cmp::Ne => Set::whole(0, 0).join(&Set::whole(2, 2)),
        Cmp::Lt => Set::whole(0, 0),
        Cmp::Le => Set::whole(0, 1),
        Cmp::Gt => Set::whole(2, 2),
        Cmp::Ge => Set::whole(1, 2),
    }
}

impl Query<'_, '_> {
    pub(super) fn contains(
        &mut self,
        node: NodeId,
        list: NodeId,
        item: NodeId,
        sign: Sign,
    ) -> Option<Rc<Formula>> {
        let regions = self.regions;
        let shape = |node: NodeId| regions.op(regions.shapes.canon(node));
        if let Some(Op::Const(Const::List(values))) = shape(list) {
            let branches = self.branches(item)?;
            let mut ways = Vec::with_capacity(branches.len());
            for (when, leaf) in branches.iter() {
                let part = match (leaf, sign) {
                    (Leaf::Outside, sign) => truth(sign == Sign::Outside),
                    (Leaf::Const(_), Sign::Outside) => truth(false),
                    (Leaf::Const(value), sign) => {
                        truth(values.contains(value) == (sign == Sign::Holds))
                    }
                    (Leaf::Var(var), Sign::Outside) => self.is(*var, &Set::flags(NA)),
                    (Leaf::Linear(form), Sign::Outside) => self.form_outside(form),
                    (Leaf::Linear(_), sign) => {
                        let mut parts = Vec::with_capacity(values.len());
                        for value in values {
                            let value = Leaf::Const(value.clone());
                            parts.push(self.compare_linear(Cmp::Eq, leaf, &value, sign)?);
                        }
                        if sign == Sign::Holds {
                            any(parts)
                        } else {
                            all(parts)
                        }
                    }
                    (Leaf::Var(var), sign) => {
                        let discrete = self.vars.get(*var).is_some_and(|var| var.discrete);
                        let mut members = Set::default();
                        for value in values {
                            members = members.join(&match value {
                                Const::None => Set::flags(NONE),
                                Const::Bool(_)
                                | Const::Number(_)
                                | Const::Date(_)
                                | Const::Enum(_)
                                | Const::Text(_)
                                | Const::List(_) => {
                                    compared(regions.key(value)?, Cmp::Eq, discrete)
                                }
                            });
                        }
                        if sign == Sign::Holds {
                            self.is(*var, &members)
                        } else {
                            self.is(*var, &Set::all().with(NONE).minus(&members))
                        }
                    }
                };
                ways.push(all(vec![when.clone(), part]));
            }
            return Some(any(ways));
        }
        // Whether a supplied set holds a certain value says nothing about other values.
        let supplied = matches!(shape(list), Some(Op::Fact(_) | Op::Field(..)));
        let constant = matches!(shape(item), Some(Op::Const(_)));
        if supplied && constant {
            let leaf = self
                .support(list)
                .is_some_and(|(roots, grade)| grade == Grade::Free && roots.len() == 1);
            if leaf {
                return Some(self.flag(node, sign, Some(Grade::Free)));
            }
        }
        None
    }

    pub(super) fn compare(
        &mut self,
        cmp: Cmp,
        left: NodeId,
        right: NodeId,
        sign: Sign,
    ) -> Option<Rc<Formula>> {
        if self.regions.ty(left) == Some(&Type::Bool) {
            return self.compare_bools(cmp, left, right, sign);
        }
        let left = self.branches(left)?;
        let right = self.branches(right)?;
        if left.len() * right.len() > MAX_PAIRS {
            return None;
        }
        let mut ways = Vec::new();
        for (when_left, a) in left.iter() {
            for (when_right, b) in right.iter() {
                let part = self.compare_leaves(cmp, a, b, sign)?;
                ways.push(all(vec![when_left.clone(), when_right.clone(), part]));
            }
        }
        Some(any(ways))
    }

    /// When two values differ, as far as the check can tell; one alone that is not applicable does.
    pub(super) fn differ(&mut self, a: NodeId, b: NodeId) -> Rc<Formula> {
        if self.regions.same(a, b) {
            return truth(false);
        }
        let Some(differ) = self.compare(Cmp::Ne, a, b, Sign::Holds) else {
            return truth(true);
        };
        let outside = [a, b].map(|node| self.outside(node));
        match outside {
            [Some(first), Some(second)] => any(vec![differ, first, second]),
            _ => truth(true),
        }
    }

    /// When a value is not applicable.
    pub(super) fn outside(&mut self, node: NodeId) -> Option<Rc<Formula>> {
        if self.regions.ty(node) == Some(&Type::Bool) {
            return Some(self.sign(node, Sign::Outside));
        }
        self.none(node, Sign::Outside)
    }

    /// When a value is applicable.
    pub(super) fn inside(&mut self, node: NodeId) -> Option<Rc<Formula>> {
        let [some, none] = if self.regions.ty(node) == Some(&Type::Bool) {
            [Sign::Holds, Sign::Fails].map(|sign| Some(self.sign(node, sign)))
        } else {
            [Sign::Fails, Sign::Holds].map(|sign| self.none(node, sign))
        };
        Some(any(vec![some?, none?]))
    }

    fn compare_bools(
        &mut self,
        cmp: Cmp,
        left: NodeId,
        right: NodeId,
        sign: Sign,
    ) -> Option<Rc<Formula>> {
        let same = match cmp {
            Cmp::Eq => sign == Sign::Holds,
            Cmp::Ne => sign != Sign::Holds,
            Cmp::Lt | Cmp::Le | Cmp::Gt | Cmp::Ge => return None,
        };
        if sign == Sign::Outside {
            let either = vec![self.sign(left, sign), self.sign(right, sign)];
            return Some(any(either));
        }
        let (with_yes, with_no) = if same {
            (Sign::Holds, Sign::Fails)
        } else {
            (Sign::Fails, Sign::Holds)
        };
        let yes = vec![self.sign(left, Sign::Holds), self.sign(right, with_yes)];
        let no = vec![self.sign(left, Sign::Fails), self.sign(right, with_no)];
        Some(any(vec![all(yes), all(no)]))
    }

    fn compare_leaves(
        &mut self,
        cmp: Cmp,
        left: &Leaf,
        right: &Leaf,
        sign: Sign,
    ) -> Option<Rc<Formula>> {
        let wanted = match sign {
            Sign::Holds => cmp,
            Sign::Fails => cmp.opposite(),
            Sign::Outside => {
                let outside = |query: &Self, leaf: &Leaf| match leaf {
                    Leaf::Const(_) => truth(false),
                    Leaf::Var(var) => query.is(*var, &Set::flags(NA)),
                    Leaf::Linear(form) => query.form_outside(form),
                    Leaf::Outside => truth(true),
                };
                return Some(any(vec![outside(self, left), outside(self, right)]));
            }
        };
        match (left, right) {
            (Leaf::Outside, _) | (_, Leaf::Outside) => Some(truth(false)),
            (Leaf::Linear(_), _) | (_, Leaf::Linear(_)) => {
                self.compare_linear(cmp, left, right, sign)
            }
            (Leaf::Const(a), Leaf::Const(b)) => {
                let known = if *a == Const::None || *b == Const::None {
                    let same = a == b;
                    let holds = match cmp {
                        Cmp::Eq => same,
                        Cmp::Ne => !same,
                        Cmp::Lt | Cmp::Le | Cmp::Gt | Cmp::Ge => false,
                    };
                    holds == (sign == Sign::Holds)
                } else {
                    let (a, b) = (self.regions.key(a)?, self.regions.key(b)?);
                    !Set::point(a, false)
                        .meet(&compared(b, wanted, false))
                        .is_empty()
                };
                Some(truth(known))
            }
            (Leaf::Var(var), Leaf::Const(value)) => self.compare_const(*var, cmp, value, sign),
            (Leaf::Const(value), Leaf::Var(var)) => {
                self.compare_const(*var, cmp.turned(), value, sign)
            }
            (Leaf::Var(a), Leaf::Var(b)) => self.compare_vars(*a, *b, cmp, sign),
        }
    }

    fn compare_const(
        &mut self,
        var: VarId,
        cmp: Cmp,
        value: &Const,
        sign: Sign,
    ) -> Option<Rc<Formula>> {
        let holds = sign == Sign::Holds;
        if *value == Const::None {
            let set = match cmp {
                Cmp::Eq if holds => Set::flags(NONE),
                Cmp::Ne if !holds => Set::flags(NONE),
                Cmp::Eq | Cmp::Ne => Set::all(),
                _ if holds => Set::default(),
                Cmp::Lt | Cmp::Le | Cmp::Gt | Cmp::Ge => Set::all().with(NONE),
            };
            return Some(self.is(var, &set));
        }
        let key = self.regions.key(value)?;
        let discrete = self.vars.get(var)?.discrete;
        let wanted = if holds { cmp } else { cmp.opposite() };
        let mut set = compared(key, wanted, discrete);
        if none_counts(cmp) == holds {
            set.flags |= NONE;
        }
        Some(self.is(var, &set))
    }

    pub(super) fn compare_vars(
        &mut self,
        left: VarId,
        right: VarId,
        cmp: Cmp,
        sign: Sign,
    ) -> Option<Rc<Formula>> {
        let holds = sign == Sign::Holds;
        let (a, b, cmp) = if left <= right {
            (left, right, cmp)
        } else {
            (right, left, cmp.turned())
        };
        let (first, second) = (self.vars.get(a)?, self.vars.get(b)?);
        // A side that is no value leaves the order in a state of its own: atoms have no other.
        let mut states = (first.domain.flags | second.domain.flags) & (NONE | OPEN | NA);
        if first.domain.flags & second.domain.flags & NONE != 0 {
            states |= BOTH_NONE;
        }
        let wanted = if holds { cmp } else { cmp.opposite() };
        if a == b {
            let equal = matches!(wanted, Cmp::Eq | Cmp::Le | Cmp::Ge);
            let mut set = if equal { Set::all() } else { Set::default() };
            let none_equal = matches!(cmp, Cmp::Eq | Cmp::Ne);
            if (none_equal && equal) || (!none_equal && !holds) {
                set.flags |= NONE;
            }
            return Some(self.is(a, &set));
        }
        // Text is only equal or not; both still leave the order open.
        let grade = if first.grade == Grade::Opaque || second.grade == Grade::Opaque {
            Grade::Opaque
        } else {
            Grade::Free
        };
        let var = self.atom(Key::Order(a, b), || Var {
            key: Key::Order(a, b),
            ty: Type::Int,
            domain: Set::whole(0, 2).with(states),
            discrete: true,
            grade,
            roots: Vec::new(),
            event: false,
        });
        let mut set = ordered(wanted);
        if none_counts(cmp) == holds {
            set.flags |= NONE;
        } else if matches!(cmp, Cmp::Eq | Cmp::Ne) {
            set.flags |= BOTH_NONE;
        }
        Some(self.is(var, &set))
    }
}
