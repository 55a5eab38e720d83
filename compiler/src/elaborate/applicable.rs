//! Which nodes may be not applicable, and what is simpler where none is.

use indexmap::IndexMap;
use polc_runtime::ir::{self, Fact, Node, NodeId, Op, Through};

/// The list that each item runs over.
pub(super) fn lists_of_items(nodes: &[Node]) -> IndexMap<ir::BinderId, NodeId> {
    let mut found = IndexMap::new();
    for node in nodes {
        if let Op::Filter { list, binder, .. }
        | Op::Map { list, binder, .. }
        | Op::Sort { list, binder, .. }
        | Op::GroupBy { list, binder, .. } = &node.op
        {
            found.insert(*binder, *list);
        }
    }
    found
}

/// For every node whether it may be not applicable.
pub(super) fn may_not_apply(nodes: &[Node], facts: &[Fact]) -> Vec<bool> {
    let mut sources: IndexMap<ir::BinderId, Vec<NodeId>> = IndexMap::new();
    for (binder, list) in lists_of_items(nodes) {
        sources.entry(binder).or_default().push(list);
    }
    for node in nodes {
        if let Op::Call { arguments, .. } = &node.op {
            for (binder, argument) in arguments {
                sources.entry(*binder).or_default().push(*argument);
            }
        }
    }
    let mut found = vec![false; nodes.len()];
    // A fact may be derived from nodes further on.
    loop {
        let mut changed = false;
        for (at, node) in nodes.iter().enumerate() {
            let of = |id: NodeId| found.get(id as usize).copied().unwrap_or(false);
            let mut may = matches!(node.op, Op::Scope { .. } | Op::NotApplicable(_));
            if !matches!(node.op, Op::IsApplicable(_)) {
                ir::children(&node.op, |child| may |= of(child));
            }
            if let Op::Item(binder) = &node.op {
                may |= sources
                    .get(binder)
                    .is_some_and(|all| all.iter().any(|one| of(*one)));
            }
            if let Through::Fact(fact) = node.op.through()
                && let Some(fact) = facts.get(fact as usize)
            {
                may |= fact.derived.into_iter().chain(fact.assume).any(of);
            }
            if let Some(slot) = found.get_mut(at)
                && may
                && !*slot
            {
                *slot = true;
                changed = true;
            }
        }
        if !changed {
            return found;
        }
    }
}

/// Where no operand may be not applicable, nothing is passed on: the plain connectives say the same.
pub(super) fn simplify(nodes: &mut [Node], facts: &[Fact]) {
    let may = may_not_apply(nodes, facts);
    for at in 0..nodes.len() {
        let Some((before, [node, ..])) = nodes.split_at_mut_checked(at) else {
            continue;
        };
        let (Op::And(parts) | Op::StrictAnd(parts) | Op::Or(parts) | Op::StrictOr(parts)) =
            &node.op
        else {
            continue;
        };
        let and = matches!(node.op, Op::And(_) | Op::StrictAnd(_));
        if may.get(at) != Some(&false) {
            continue;
        }
        let mut flat: Vec<NodeId> = Vec::with_capacity(parts.len());
        for part in parts {
            let inner = match before.get(*part as usize).map(|inner| &inner.op) {
                Some(Op::And(inner)) if and => inner.as_slice(),
                Some(Op::Or(inner)) if !and => inner.as_slice(),
                _ => std::slice::from_ref(part),
            };
            for id in inner {
                if !flat.contains(id) {
                    flat.push(*id);
                }
            }
        }
        node.op = if and { Op::And(flat) } else { Op::Or(flat) };
    }
}
