//! From nodes to what their values can be, each with its condition.

use super::atom::Grade;
use super::domain::plain;
use super::formula::{Branches, Formula, Leaf, all, any, truth};
use super::query::{MAX_NODES, Query, Sign};
use super::sets::{NA, NONE, Set};
use polc_runtime::ir::{Const, NodeId, Op, Type};
use std::rc::Rc;

/// Alternatives a value may have before it counts as opaque.
const MAX_BRANCHES: usize = 24;

impl Query<'_, '_> {
    pub(super) fn none(&mut self, node: NodeId, sign: Sign) -> Option<Rc<Formula>> {
        let branches = self.branches(node)?;
        let mut ways = Vec::with_capacity(branches.len());
        for (when, leaf) in branches.iter() {
            let part = match (leaf, sign) {
                (Leaf::Outside, sign) => truth(sign == Sign::Outside),
                (Leaf::Const(value), Sign::Holds) => truth(*value == Const::None),
                (Leaf::Const(value), Sign::Fails) => truth(*value != Const::None),
                (Leaf::Const(_), Sign::Outside) => truth(false),
                (Leaf::Linear(_), Sign::Holds) => truth(false),
                (Leaf::Linear(form), Sign::Outside) => self.form_outside(form),
                (Leaf::Linear(form), Sign::Fails) => {
                    let values = form.terms.iter().map(|(var, _)| self.is(*var, &Set::all()));
                    all(values.collect())
                }
                (Leaf::Var(var), Sign::Holds) => self.is(*var, &Set::flags(NONE)),
                (Leaf::Var(var), Sign::Fails) => self.is(*var, &Set::all()),
                (Leaf::Var(var), Sign::Outside) => self.is(*var, &Set::flags(NA)),
            };
            ways.push(all(vec![when.clone(), part]));
        }
        Some(any(ways))
    }

    /// What a value can be, and when.
    pub(super) fn branches(&mut self, node: NodeId) -> Option<Branches> {
        let node = self.regions.shapes.canon(node);
        if let Some(known) = self.values.get(&node) {
            return known.clone();
        }
        self.seen += 1;
        let atom = matches!(
            self.regions.op(node),
            Some(Op::Const(_) | Op::Fact(_) | Op::AsOf)
        );
        let found = if !atom && (self.seen > MAX_NODES || self.depth >= self.max_depth) {
            self.cut = true;
            self.opaque_value(node)
        } else {
            self.depth += 1;
            let mut found = self.split(node);
            if found.is_none() {
                found = self.opaque_value(node);
            }
            self.depth -= 1;
            found.map(|ways| self.made.shared_ways(&ways))
        };
        self.values.insert(node, found.clone());
        found
    }

    /// A guard that is not applicable may leave the value so; where the ways agree it does not.
    pub(super) fn may_pass_on(
        &mut self,
        ways: &mut Vec<(Rc<Formula>, Leaf)>,
        before: &[Rc<Formula>],
        guard: NodeId,
    ) {
        let outside = self.sign(guard, Sign::Outside);
        if !matches!(*outside, Formula::False) {
            let mut when = before.to_vec();
            when.push(outside);
            ways.push((all(when), Leaf::Outside));
        }
    }

    pub(super) fn opaque_value(&mut self, node: NodeId) -> Option<Branches> {
        let comparable = !matches!(
            self.regions.ty(node).map(|ty| plain(ty).0),
            None | Some(Type::Record(_) | Type::List(_) | Type::Set(_))
        );
        if !comparable {
            return None;
        }
        let var = self.var(node, Some(Grade::Opaque));
        Some(Rc::new(vec![(truth(true), Leaf::Var(var))]))
    }

    pub(super) fn split(&mut self, node: NodeId) -> Option<Branches> {
        let regions = self.regions;
        let mut ways: Vec<(Rc<Formula>, Leaf)> = Vec::new();
        match regions.op(node) {
            Some(Op::Const(Const::List(_))) => return None,
            Some(Op::Const(value)) => ways.push((truth(true), Leaf::Const(value.clone()))),
            Some(Op::NotApplicable(_)) => ways.push((truth(true), Leaf::Outside)),
            Some(Op::Scope { applies, body, .. }) => {
                let inside = self.sign(*applies, Sign::Holds);
                let body = self.branches(*body)?;
                add(&mut ways, &[inside], &body);
                ways.push((self.passed_over(*applies), Leaf::Outside));
            }
            Some(Op::Cases { cases, otherwise }) if cases.len() <= MAX_BRANCHES => {
                let mut before: Vec<Rc<Formula>> = Vec::new();
                for (guard, value) in cases {
                    let value = self.branches(*value)?;
                    let mut when = before.clone();
                    when.push(self.sign(*guard, Sign::Holds));
                    add(&mut ways, &when, &value);
                    self.may_pass_on(&mut ways, &before, *guard);
                    before.push(self.passed_over(*guard));
                    if ways.len() > MAX_BRANCHES {
                        return None;
                    }
                }
                if let Some(otherwise) = otherwise {
                    let value = self.branches(*otherwise)?;
                    add(&mut ways, &before, &value);
                }
            }
            Some(Op::Override {
                base,
                exceptions,
                beats,
            }) if exceptions.len() <= MAX_BRANCHES => {
                for (at, exception) in exceptions.iter().enumerate() {
                    let value = self.branches(exception.value)?;
                    let when = self.exception(at, exceptions, beats);
                    add(&mut ways, &when, &value);
                    self.may_pass_on(&mut ways, &[], exception.guard);
                }
                let when: Vec<_> = exceptions
                    .iter()
                    .map(|one| self.passed_over(one.guard))
                    .collect();
                let value = self.branches(*base)?;
                add(&mut ways, &when, &value);
            }
            Some(Op::OrElse(first, second)) => {
                let first = self.branches(*first)?;
                let second = self.branches(*second)?;
                for (when, leaf) in first.iter() {
                    match leaf {
                        Leaf::Const(Const::None) => {
                            add(&mut ways, std::slice::from_ref(when), &second);
                        }
                        Leaf::Var(var) => {
                            let value = self.is(*var, &Set::all());
                            ways.push((all(vec![when.clone(), value]), leaf.clone()));
                            let none = self.is(*var, &Set::flags(NONE));
                            add(&mut ways, &[when.clone(), none], &second);
                        }
                        Leaf::Const(_) | Leaf::Linear(_) | Leaf::Outside => {
                            ways.push((when.clone(), leaf.clone()))
                        }
                    }
                }
            }
            Some(op) => match self.linear(node, op) {
                Some(found) => ways.extend(found.iter().cloned()),
                None => {
                    let ty = plain(regions.ty(node)?).0;
                    if matches!(ty, Type::Record(_) | Type::List(_) | Type::Set(_)) {
                        return None;
                    }
                    let var = self.var(node, None);
                    ways.push((truth(true), Leaf::Var(var)));
                }
            },
            None => return None,
        }
        ways.retain(|(when, _)| !matches!(**when, Formula::False));
        (ways.len() <= MAX_BRANCHES).then(|| Rc::new(ways))
    }
}

fn add(ways: &mut Vec<(Rc<Formula>, Leaf)>, when: &[Rc<Formula>], value: &Branches) {
    for (inner, leaf) in value.iter() {
        let mut parts = when.to_vec();
        parts.push(inner.clone());
        ways.push((all(parts), leaf.clone()));
    }
}
