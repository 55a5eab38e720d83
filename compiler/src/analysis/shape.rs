//! Hash-consing of a program's nodes: equal expressions get one number, whatever node they came from.
//!
//! One pass over the arena, done once per program. The items of two loops over equal lists count as
//! equal, so `count of reviews where C` written twice is one thing.

use polc_runtime::ir::{BinderId, Bound, NodeId, Op, Program, Type, Use};
use std::collections::HashMap;

/// What the pass found out.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    canon: Vec<NodeId>,
    scoped: Vec<bool>,
    binders: HashMap<BinderId, BinderId>,
}

impl Shapes {
    /// Looks at every node once.
    pub(super) fn new(program: &Program) -> Self {
        let binders = binder_names(program);
        let mut shapes = Shapes {
            canon: Vec::with_capacity(program.nodes.len()),
            scoped: Vec::with_capacity(program.nodes.len()),
            binders: HashMap::new(),
        };
        let mut renamed: HashMap<BinderId, BinderId> = HashMap::new();
        let mut known: HashMap<(Option<NodeId>, u32), BinderId> = HashMap::new();
        let mut first: HashMap<(Op, &Type), NodeId> = HashMap::new();
        for (at, node) in program.nodes.iter().enumerate() {
            let id = at as NodeId;
            let mut op = node.op.clone();
            op.replace(
                |child| shapes.canon.get(child as usize).copied().unwrap_or(child),
                |binder| {
                    *renamed
                        .entry(binder)
                        .or_insert_with(|| match binders.get(&binder) {
                            Some((list, depth)) if *list < id => {
                                let list = shapes.canon.get(*list as usize).copied();
                                *known.entry((list, *depth)).or_insert(binder)
                            }
                            Some(_) | None => binder,
                        })
                },
            );
            let canon = *first.entry((op, &node.ty)).or_insert(id);
            shapes.canon.push(canon);
            let scoped = may_not_apply(&node.op, &shapes);
            shapes.scoped.push(scoped);
        }
        shapes.binders = renamed;
        shapes
    }

    /// The first node equal to this one.
    pub(super) fn canon(&self, node: NodeId) -> NodeId {
        self.canon.get(node as usize).copied().unwrap_or(node)
    }

    /// The loop variable this one counts as.
    pub(super) fn binder(&self, binder: BinderId) -> BinderId {
        self.binders.get(&binder).copied().unwrap_or(binder)
    }

    /// Whether the node may be not applicable.
    pub(super) fn scoped(&self, node: NodeId) -> bool {
        self.scoped.get(node as usize).copied().unwrap_or(false)
    }
}

/// Direct children, in order.
pub(super) fn children(op: &Op) -> Vec<NodeId> {
    let mut found = Vec::new();
    op.operands(|child, _| found.push(child));
    found
}

/// The loop variable a node binds, with the list it ranges over and the body it is bound in.
pub(super) fn binding(op: &Op) -> Option<(BinderId, NodeId, NodeId)> {
    let (mut own, mut list, mut body) = (None, None, None);
    op.binders(|binder, how| own = (how == Bound::Introduced).then_some(binder));
    op.operands(|node, how| match how {
        Use::Here => list = Some(node),
        Use::EachItem => body = Some(node),
        Use::Bound | Use::OtherDays => {}
    });
    Some((own?, list?, body?))
}

/// For every binder its list and how many loops it stands inside, as far as its body can tell.
fn binder_names(program: &Program) -> HashMap<BinderId, (NodeId, u32)> {
    let mut free: Vec<Vec<BinderId>> = Vec::with_capacity(program.nodes.len());
    for node in &program.nodes {
        let mut here: Vec<BinderId> = Vec::new();
        if let Op::Item(binder) = node.op {
            here.push(binder);
        } else {
            let bound = binding(&node.op);
            for child in children(&node.op) {
                for binder in free.get(child as usize).into_iter().flatten() {
                    let own = bound.is_some_and(|(own, _, body)| own == *binder && child == body);
                    if !own && !here.contains(binder) {
                        here.push(*binder);
                    }
                }
            }
        }
        free.push(here);
    }
    let mut names: HashMap<BinderId, (NodeId, u32)> = HashMap::new();
    for node in program.nodes.iter().rev() {
        if let Some((binder, list, body)) = binding(&node.op) {
            let outer = free.get(body as usize).into_iter().flatten();
            let depth = outer
                .filter(|other| **other != binder)
                .map(|other| names.get(other).map_or(1, |(_, depth)| depth + 1))
                .max();
            names.insert(binder, (list, depth.unwrap_or(0)));
        }
    }
    names
}

fn may_not_apply(op: &Op, shapes: &Shapes) -> bool {
    let mut may = matches!(op, Op::Scope { .. } | Op::NotApplicable(_));
    // What an item's body comes to is said of the item.
    op.operands(|node, how| may |= how != Use::EachItem && shapes.scoped(node));
    may
}
