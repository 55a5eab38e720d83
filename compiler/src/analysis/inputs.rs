//! From nodes to atoms: inputs, and computed values that are taken as they are.

use super::atom::{Grade, Key, Root, Var, VarId};
use super::domain::{discrete, within};
use super::query::Query;
use super::sets::{Cut, NA, NONE, OPEN, Set, after};
use super::shape::{binding, children};
use polc_runtime::ir::{BinderId, Fact, FactId, FactKind, NodeId, Op, Type};
use std::collections::HashSet;

/// Nodes looked at to find what a derived atom depends on.
const MAX_SUPPORT: usize = 400;

impl Query<'_, '_> {
    /// The atom of a key, made when it is new.
    pub(super) fn atom(&mut self, key: Key, make: impl FnOnce() -> Var) -> VarId {
        if let Some(known) = self.keys.get(&key) {
            return *known;
        }
        let var = self.vars.len();
        self.vars.push(make());
        self.keys.insert(key, var);
        var
    }

    /// The day of evaluation.
    pub(super) fn as_of(&mut self) -> VarId {
        self.atom(Key::AsOf, || Var {
            key: Key::AsOf,
            ty: Type::Date,
            domain: Set::all(),
            discrete: true,
            grade: Grade::Free,
            roots: vec![Root::AsOf],
            event: false,
        })
    }

    /// The day of evaluation, if the question has to do with it.
    pub(super) fn known_as_of(&self) -> Option<VarId> {
        self.keys.get(&Key::AsOf).copied()
    }

    pub(super) fn fact(&mut self, id: FactId) -> VarId {
        let fact = self.regions.program.facts.get(id as usize);
        let event = fact.is_some_and(|fact| fact.kind == FactKind::Event);
        if event {
            self.as_of();
        }
        let regions = self.regions;
        self.atom(Key::Fact(id), || {
            let ty = fact.map_or(Type::Bool, |fact: &Fact| fact.ty.clone());
            let mut domain = regions.domain(&ty);
            if let Some(fact) = fact {
                domain = within(domain, fact.range.as_ref(), discrete(&ty));
                if matches!(fact.kind, FactKind::Judgement { .. }) {
                    domain.flags |= OPEN;
                }
            }
            Var {
                key: Key::Fact(id),
                discrete: discrete(&ty),
                ty,
                domain,
                grade: Grade::Free,
                roots: vec![Root::Fact(id, None)],
                event,
            }
        })
    }

    /// The atom of a node that is not taken apart.
    pub(super) fn var(&mut self, node: NodeId, grade: Option<Grade>) -> VarId {
        let node = self.regions.shapes.canon(node);
        match self.regions.op(node) {
            Some(Op::AsOf) => return self.as_of(),
            Some(Op::Fact(id)) => return self.fact(*id),
            _ => {}
        }
        if let Some(known) = self.keys.get(&Key::Node(node)) {
            return *known;
        }
        let regions = self.regions;
        let ty = regions.ty(node).cloned().unwrap_or(Type::Bool);
        let mut domain = regions.domain(&ty);
        let mut event = false;
        if let Some(field) = regions.field(node) {
            domain = within(domain, field.range.as_ref(), discrete(&ty));
            event = field.kind == FactKind::Event;
        }
        let (low, high) = regions.bounds(node, 0);
        let (low, high) = (
            low.map_or(Cut::Min, Cut::Before),
            high.map_or(Cut::Max, |high| after(high, discrete(&ty))),
        );
        if (low, high) != (Cut::Min, Cut::Max) {
            domain = domain.meet(&Set::span(low, high).with(NONE));
        }
        if regions.shapes.scoped(node) {
            domain.flags |= NA;
        }
        if event {
            self.as_of();
        }
        let (roots, found) = self.support(node).unwrap_or((Vec::new(), Grade::Opaque));
        let grade = grade.unwrap_or(match (&ty, found) {
            (Type::Bool, Grade::Derived) => Grade::Opaque,
            _ => found,
        });
        self.atom(Key::Node(node), || Var {
            key: Key::Node(node),
            discrete: discrete(&ty),
            ty,
            domain,
            grade,
            roots,
            event,
        })
    }

    /// What a node depends on and how.
    pub(super) fn support(&self, node: NodeId) -> Option<(Vec<Root>, Grade)> {
        let regions = self.regions;
        if let Some(root) = regions.root(node) {
            return Some((vec![root], Grade::Free));
        }
        let mut roots: Vec<Root> = Vec::new();
        let mut grade = Grade::Derived;
        let mut binders: HashSet<BinderId> = HashSet::new();
        let mut todo: Vec<(NodeId, bool)> = vec![(node, false)];
        let mut seen: HashSet<NodeId> = HashSet::new();
        while let Some((node, in_list)) = todo.pop() {
            let node = regions.shapes.canon(node);
            if !seen.insert(node) {
                continue;
            }
            if seen.len() > MAX_SUPPORT {
                return None;
            }
            if let Some(root) = regions.root(node) {
                if !roots.contains(&root) {
                    roots.push(root);
                }
                continue;
            }
            let op = regions.op(node)?;
            let bound = binding(op);
            binders.extend(bound.map(|(binder, ..)| regions.shapes.binder(binder)));
            let chooses = matches!(
                op,
                Op::Cases { .. } | Op::Override { .. } | Op::Scope { .. } | Op::OrElse(..)
            );
            let loses = matches!(
                op,
                Op::Ever { .. }
                    | Op::AtDate { .. }
                    | Op::Granted { .. }
                    | Op::Recorded(_)
                    | Op::ScheduleNext(..)
                    | Op::SchedulePrevious(..)
                    | Op::ScheduleOn(..)
                    | Op::Round { .. }
                    | Op::Mod(..)
                    | Op::Power(..)
                    | Op::FullBetween(..)
                    | Op::DatePart(..)
                    | Op::StartOf(..)
                    | Op::EndOf(..)
                    | Op::Distinct(_)
            );
            if loses || (chooses && !in_list) {
                grade = Grade::Opaque;
            }
            todo.extend(
                children(op)
                    .into_iter()
                    .map(|child| (child, in_list || bound.is_some())),
            );
        }
        // The items of its own loops are not chosen apart from the list.
        roots.retain(|root| match root {
            Root::Item(item) => regions
                .loop_of(*item)
                .is_none_or(|own| !binders.contains(&own)),
            Root::AsOf | Root::Fact(..) => true,
        });
        if roots.is_empty() {
            grade = Grade::Opaque;
        }
        Some((roots, grade))
    }
}
