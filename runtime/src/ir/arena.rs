//! The arena of kernel nodes: equal nodes are one node, constants fold. A provision is never merged or folded.

use super::{BinderId, Bound, Cmp, Const, Node, NodeId, Op, ProvisionId, Type};
use crate::value::Number;
use std::collections::{BTreeSet, HashMap};

/// Nodes so far; children always come before parents because a node is made from finished ones.
#[derive(Debug, Default)]
pub struct Arena {
    /// The nodes.
    pub nodes: Vec<Node>,
    known: HashMap<Node, NodeId>,
    /// The items that each node reads and does not bind, ascending.
    free: Vec<Vec<BinderId>>,
    /// How many binders they use.
    pub binders: u32,
}

impl Arena {
    /// The node for an operation, made once.
    pub fn add(&mut self, op: Op, ty: Type) -> NodeId {
        let node = Node { op, ty };
        if let Some(id) = self.known.get(&node) {
            return *id;
        }
        let id = self.nodes.len() as NodeId;
        self.free.push(self.items_of(&node.op));
        self.known.insert(node.clone(), id);
        self.nodes.push(node);
        id
    }

    /// The items that a node reads and does not bind.
    #[must_use]
    pub fn free(&self, id: NodeId) -> &[BinderId] {
        self.free.get(id as usize).map_or(&[], Vec::as_slice)
    }

    fn items_of(&self, op: &Op) -> Vec<BinderId> {
        let mut free: Vec<BinderId> = Vec::new();
        op.operands(|read, _| free.extend(self.free(read)));
        op.binders(|binder, how| match how {
            Bound::Read => free.push(binder),
            Bound::Introduced => free.retain(|free| *free != binder),
        });
        free.sort_unstable();
        free.dedup();
        free
    }

    /// A rule of arguments; those that it does not read are none of its.
    pub fn call(&mut self, body: NodeId, arguments: Vec<(BinderId, NodeId)>, ty: Type) -> NodeId {
        let read = |(binder, _): &(BinderId, NodeId)| self.free(body).contains(binder);
        let arguments: Vec<_> = arguments.into_iter().filter(read).collect();
        match arguments.is_empty() {
            true => body,
            false => self.add(Op::Call { body, arguments }, ty),
        }
    }

    /// Puts a provision around a node.
    pub fn mark(&mut self, provision: ProvisionId, body: NodeId) -> NodeId {
        let ty = self.ty(body);
        self.add(Op::Provision { provision, body }, ty)
    }

    /// A binder that no other list operation has.
    pub fn binder(&mut self) -> u32 {
        self.binders += 1;
        self.binders - 1
    }

    /// The operation itself, be it a provision.
    fn outer(&self, id: NodeId) -> Option<&Op> {
        self.nodes.get(id as usize).map(|node| &node.op)
    }

    /// The node inside the provisions around it.
    #[must_use]
    pub fn bare(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while let Some(Op::Provision { body, .. }) = self.outer(at) {
            at = *body;
        }
        at
    }

    /// The provisions right around a node, the outermost first.
    #[must_use]
    pub fn provisions(&self, id: NodeId) -> Vec<ProvisionId> {
        let mut found = Vec::new();
        let mut at = id;
        while let Some(Op::Provision { provision, body }) = self.outer(at) {
            found.push(*provision);
            at = *body;
        }
        found
    }

    /// The operation, looked at through provisions.
    #[must_use]
    pub fn op(&self, id: NodeId) -> Option<&Op> {
        self.outer(self.bare(id))
    }

    /// The type of a node.
    #[must_use]
    pub fn ty(&self, id: NodeId) -> Type {
        self.nodes
            .get(id as usize)
            .map_or(Type::Bool, |node| node.ty.clone())
    }

    /// The constant a node is, provisions or not.
    #[must_use]
    pub fn constant(&self, id: NodeId) -> Option<&Const> {
        match self.op(id) {
            Some(Op::Const(value)) => Some(value),
            _ => None,
        }
    }

    /// The constant a node is by itself: a value that can be cited is none.
    #[must_use]
    pub fn written(&self, id: NodeId) -> Option<&Const> {
        match self.outer(id) {
            Some(Op::Const(value)) => Some(value),
            _ => None,
        }
    }

    /// What a condition is on every day, where nothing that can be cited says so.
    #[must_use]
    pub fn truth(&self, id: NodeId) -> Option<bool> {
        match self.outer(id) {
            Some(Op::Const(Const::Bool(value))) => Some(*value),
            _ => None,
        }
    }

    /// A truth value.
    pub fn bool(&mut self, value: bool) -> NodeId {
        self.add(Op::Const(Const::Bool(value)), Type::Bool)
    }

    /// A number.
    pub fn number(&mut self, value: Number, ty: Type) -> NodeId {
        self.add(Op::Const(Const::Number(value)), ty)
    }

    /// A text.
    pub fn text(&mut self, value: &str) -> NodeId {
        self.add(Op::Const(Const::Text(value.to_owned())), Type::Text)
    }

    /// None, of a type.
    pub fn none(&mut self, ty: Type) -> NodeId {
        self.add(Op::Const(Const::None), optional(ty))
    }

    /// A conjunction that is not the author's own: the parts of a guard, a window, a row. What is not
    /// applicable is passed on. Nested ones flatten, `yes` drops out, `no` decides.
    pub fn and(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.connect(Connective::StrictAnd, parts)
    }

    /// A disjunction that passes on what is not applicable, simplified likewise.
    pub fn or(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.connect(Connective::StrictOr, parts)
    }

    /// `and`, `all of`: what is not applicable is left out, so that a `yes` counts where nothing else does.
    pub fn all_of(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.connect(Connective::And, parts)
    }

    /// `or`, `any of`: what is not applicable is left out, so that a `no` counts where nothing else does.
    pub fn any_of(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.connect(Connective::Or, parts)
    }

    fn connect(&mut self, how: Connective, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        let neutral = matches!(how, Connective::And | Connective::StrictAnd);
        let leaves_out = matches!(how, Connective::And | Connective::Or);
        let mut flat = Vec::new();
        let mut idle = None;
        for part in parts {
            match self.outer(part).and_then(|op| how.operands(op)) {
                Some(inner) => {
                    for id in inner.iter().copied() {
                        push_new(&mut flat, id);
                    }
                }
                None => match self.truth(part) {
                    Some(value) if value == neutral => idle = Some(part),
                    Some(_) => return part,
                    None => push_new(&mut flat, part),
                },
            }
        }
        if leaves_out && !flat.is_empty() {
            idle.into_iter().for_each(|part| push_new(&mut flat, part));
        }
        match flat.as_slice() {
            [] => self.bool(neutral),
            [only] => *only,
            _ => self.add(how.op(flat), Type::Bool),
        }
    }

    /// What holds where a condition holds: its operands, however they are connected, each once.
    #[must_use]
    pub fn conjuncts(&self, condition: NodeId) -> Vec<NodeId> {
        let (mut found, mut todo) = (Vec::new(), vec![condition]);
        let mut seen = BTreeSet::new();
        while let Some(node) = todo.pop() {
            if !seen.insert(node) {
                continue;
            }
            match self.op(node) {
                Some(Op::And(parts) | Op::StrictAnd(parts)) => {
                    todo.extend(parts.iter().rev().copied());
                }
                _ => found.push(node),
            }
        }
        found
    }

    /// Negation; two of them are none.
    pub fn not(&mut self, id: NodeId) -> NodeId {
        if let Some(value) = self.truth(id) {
            return self.bool(!value);
        }
        match self.outer(id) {
            Some(Op::Not(inner)) => *inner,
            _ => self.add(Op::Not(id), Type::Bool),
        }
    }

    /// A comparison.
    pub fn compare(&mut self, cmp: Cmp, a: NodeId, b: NodeId) -> NodeId {
        self.add(Op::Compare(cmp, a, b), Type::Bool)
    }

    /// Whether a value is none; known where it is a constant.
    pub fn is_none(&mut self, id: NodeId) -> NodeId {
        match self.outer(id) {
            Some(Op::Const(Const::None)) => self.bool(true),
            Some(Op::Const(_)) => self.bool(false),
            _ => self.add(Op::IsNone(id), Type::Bool),
        }
    }

    /// Cases; guards that are constant are folded away.
    pub fn cases(
        &mut self,
        cases: Vec<(NodeId, NodeId)>,
        otherwise: Option<NodeId>,
        ty: Type,
    ) -> NodeId {
        let mut kept = Vec::new();
        let mut otherwise = otherwise;
        for (guard, value) in cases {
            match self.truth(guard) {
                Some(false) => {}
                Some(true) => {
                    otherwise = Some(value);
                    break;
                }
                None => kept.push((guard, value)),
            }
        }
        match (kept.is_empty(), otherwise) {
            (true, Some(value)) => value,
            _ => self.add(
                Op::Cases {
                    cases: kept,
                    otherwise,
                },
                ty,
            ),
        }
    }
}

/// The ways to connect conditions.
#[derive(Debug, Clone, Copy)]
enum Connective {
    And,
    Or,
    StrictAnd,
    StrictOr,
}

impl Connective {
    fn op(self, parts: Vec<NodeId>) -> Op {
        match self {
            Connective::And => Op::And(parts),
            Connective::Or => Op::Or(parts),
            Connective::StrictAnd => Op::StrictAnd(parts),
            Connective::StrictOr => Op::StrictOr(parts),
        }
    }

    /// The operands of an operation that connects in this way.
    fn operands(self, op: &Op) -> Option<&[NodeId]> {
        match (self, op) {
            (Connective::And, Op::And(parts))
            | (Connective::Or, Op::Or(parts))
            | (Connective::StrictAnd, Op::StrictAnd(parts))
            | (Connective::StrictOr, Op::StrictOr(parts)) => Some(parts),
            _ => None,
        }
    }
}

fn push_new(list: &mut Vec<NodeId>, id: NodeId) {
    if !list.contains(&id) {
        list.push(id);
    }
}

/// `T or none`; never nested.
fn optional(ty: Type) -> Type {
    if matches!(ty, Type::Optional(_)) {
        ty
    } else {
        Type::Optional(Box::new(ty))
    }
}
