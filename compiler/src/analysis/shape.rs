//! Hash-consing of a program's nodes: equal expressions get one number, whatever node they came from.
//!
//! One pass over the arena, done once per program. The items of two loops over equal lists count as
//! equal, so `count of reviews where C` written twice is one thing.

use polc_runtime::ir::{BinderId, Const, NodeId, Op, Program, rewrite};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

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
        let mut known: HashMap<(NodeId, u32), BinderId> = HashMap::new();
        let mut buckets: HashMap<u64, Vec<(NodeId, Op)>> = HashMap::new();
        for (at, node) in program.nodes.iter().enumerate() {
            let id = at as NodeId;
            let mut hasher = DefaultHasher::new();
            std::mem::discriminant(&node.op).hash(&mut hasher);
            let mut op = mapped(&node.op, &mut |child| {
                let child = shapes.canon.get(child as usize).copied().unwrap_or(child);
                child.hash(&mut hasher);
                child
            });
            rename(&mut op, &mut |binder| {
                *renamed
                    .entry(binder)
                    .or_insert_with(|| match binders.get(&binder) {
                        Some((list, depth)) if *list < id => {
                            let list = shapes.canon.get(*list as usize).copied().unwrap_or(*list);
                            *known.entry((list, *depth)).or_insert(binder)
                        }
                        _ => binder,
                    })
            });
            payload(&op, &mut hasher);
            let bucket = buckets.entry(hasher.finish()).or_default();
            let same = bucket.iter().find(|(other, shape)| {
                *shape == op
                    && program
                        .nodes
                        .get(*other as usize)
                        .is_some_and(|other| other.ty == node.ty)
            });
            let canon = match same {
                Some((other, _)) => *other,
                None => {
                    bucket.push((id, op));
                    id
                }
            };
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
    mapped(op, &mut |child| {
        found.push(child);
        child
    });
    found
}

/// The loop variable a node binds, with the list it ranges over and the body it is bound in.
pub(super) fn binding(op: &Op) -> Option<(BinderId, NodeId, NodeId)> {
    match op {
        Op::Filter { list, binder, body } | Op::Map { list, binder, body } => {
            Some((*binder, *list, *body))
        }
        Op::Sort {
            list, binder, key, ..
        }
        | Op::GroupBy { list, binder, key } => Some((*binder, *list, *key)),
        _ => None,
    }
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
    match op {
        Op::Scope { .. } | Op::NotApplicable(_) => true,
        Op::Filter { list, .. }
        | Op::Map { list, .. }
        | Op::Sort { list, .. }
        | Op::GroupBy { list, .. } => shapes.scoped(*list),
        _ => children(op).into_iter().any(|child| shapes.scoped(child)),
    }
}

fn rename(op: &mut Op, to: &mut impl FnMut(BinderId) -> BinderId) {
    match op {
        Op::Item(binder)
        | Op::Filter { binder, .. }
        | Op::Map { binder, .. }
        | Op::Sort { binder, .. }
        | Op::GroupBy { binder, .. } => *binder = to(*binder),
        _ => {}
    }
}

/// What else tells two nodes of one kind apart. The rest is left to comparing them.
fn payload(op: &Op, hasher: &mut impl Hasher) {
    match op {
        Op::Const(value) => constant(value, hasher),
        Op::Fact(id)
        | Op::Missing(id)
        | Op::Recorded(id)
        | Op::Item(id)
        | Op::Field(_, id)
        | Op::RecordedField(_, id) => id.hash(hasher),
        Op::ReadingIs(id, alternative) => (id, alternative).hash(hasher),
        Op::Compare(cmp, ..) => std::mem::discriminant(cmp).hash(hasher),
        Op::InForce(period) => {
            let days = |date: Option<polc_runtime::value::Date>| date.map(|date| date.days());
            (days(period.from), days(period.before)).hash(hasher);
        }
        Op::Scope { because, .. } => because.hash(hasher),
        Op::NotApplicable(because) => because.hash(hasher),
        Op::Note { text, .. } => text.hash(hasher),
        Op::Granted { fact, row, tier } => (fact, row, tier).hash(hasher),
        _ => {}
    }
}

fn constant(value: &Const, hasher: &mut impl Hasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Const::None => {}
        Const::Bool(value) => value.hash(hasher),
        Const::Number(value) => value.hash(hasher),
        Const::Date(value) => value.days().hash(hasher),
        Const::Enum(value) => value.hash(hasher),
        Const::Text(value) => value.hash(hasher),
        Const::List(values) => values.iter().for_each(|value| constant(value, hasher)),
    }
}

/// The same operation on other children.
fn mapped(op: &Op, to: &mut impl FnMut(NodeId) -> NodeId) -> Op {
    let mut op = op.clone();
    rewrite(&mut op, to);
    op
}
