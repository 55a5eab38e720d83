//! The arena of kernel nodes under construction: equal nodes are one node, constants fold.

use polc_runtime::ir::{Cmp, Const, Node, NodeId, Op, Type};
use polc_runtime::value::Number;
use std::collections::HashMap;

/// Nodes so far; children always come before parents because a node is made from finished ones.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) nodes: Vec<Node>,
    known: HashMap<Node, NodeId>,
    pub(super) binders: u32,
}

impl Builder {
    /// The node for an operation, made once.
    pub(super) fn add(&mut self, op: Op, ty: Type) -> NodeId {
        let node = Node { op, ty };
        if let Some(id) = self.known.get(&node) {
            return *id;
        }
        let id = self.nodes.len() as NodeId;
        self.known.insert(node.clone(), id);
        self.nodes.push(node);
        id
    }

    pub(super) fn binder(&mut self) -> u32 {
        self.binders += 1;
        self.binders - 1
    }

    pub(super) fn op(&self, id: NodeId) -> Option<&Op> {
        self.nodes.get(id as usize).map(|node| &node.op)
    }

    pub(super) fn ty(&self, id: NodeId) -> Type {
        self.nodes
            .get(id as usize)
            .map_or(Type::Bool, |node| node.ty.clone())
    }

    pub(super) fn constant(&self, id: NodeId) -> Option<&Const> {
        match self.op(id) {
            Some(Op::Const(value)) => Some(value),
            _ => None,
        }
    }

    fn truth(&self, id: NodeId) -> Option<bool> {
        match self.constant(id) {
            Some(Const::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn bool(&mut self, value: bool) -> NodeId {
        self.add(Op::Const(Const::Bool(value)), Type::Bool)
    }

    pub(super) fn number(&mut self, value: Number, ty: Type) -> NodeId {
        self.add(Op::Const(Const::Number(value)), ty)
    }

    pub(super) fn text(&mut self, value: &str) -> NodeId {
        self.add(Op::Const(Const::Text(value.to_owned())), Type::Text)
    }

    pub(super) fn none(&mut self, ty: Type) -> NodeId {
        self.add(Op::Const(Const::None), optional(ty))
    }

    /// A conjunction; nested ones flatten, `yes` drops out, `no` decides.
    pub(super) fn and(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        let mut flat = Vec::new();
        for part in parts {
            match self.op(part) {
                Some(Op::And(inner)) => {
                    for id in inner.clone() {
                        push_new(&mut flat, id);
                    }
                }
                _ => match self.truth(part) {
                    Some(true) => {}
                    Some(false) => return part,
                    None => push_new(&mut flat, part),
                },
            }
        }
        match flat.as_slice() {
            [] => self.bool(true),
            [only] => *only,
            _ => self.add(Op::And(flat), Type::Bool),
        }
    }

    /// A disjunction, simplified likewise.
    pub(super) fn or(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        let mut flat = Vec::new();
        for part in parts {
            match self.op(part) {
                Some(Op::Or(inner)) => {
                    for id in inner.clone() {
                        push_new(&mut flat, id);
                    }
                }
                _ => match self.truth(part) {
                    Some(false) => {}
                    Some(true) => return part,
                    None => push_new(&mut flat, part),
                },
            }
        }
        match flat.as_slice() {
            [] => self.bool(false),
            [only] => *only,
            _ => self.add(Op::Or(flat), Type::Bool),
        }
    }

    pub(super) fn not(&mut self, id: NodeId) -> NodeId {
        if let Some(value) = self.truth(id) {
            return self.bool(!value);
        }
        match self.op(id) {
            Some(Op::Not(inner)) => *inner,
            _ => self.add(Op::Not(id), Type::Bool),
        }
    }

    pub(super) fn compare(&mut self, cmp: Cmp, a: NodeId, b: NodeId) -> NodeId {
        self.add(Op::Compare(cmp, a, b), Type::Bool)
    }

    pub(super) fn is_none(&mut self, id: NodeId) -> NodeId {
        match self.constant(id) {
            Some(Const::None) => self.bool(true),
            Some(_) => self.bool(false),
            None => self.add(Op::IsNone(id), Type::Bool),
        }
    }

    /// Cases; guards that are constant are folded away.
    pub(super) fn cases(
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

fn push_new(list: &mut Vec<NodeId>, id: NodeId) {
    if !list.contains(&id) {
        list.push(id);
    }
}

/// `T or none`; never nested.
pub(super) fn optional(ty: Type) -> Type {
    match ty {
        Type::Optional(_) => ty,
        other => Type::Optional(Box::new(other)),
    }
}

/// `T` without `or none`.
pub(super) fn required(ty: &Type) -> Type {
    match ty {
        Type::Optional(inner) => (**inner).clone(),
        other => other.clone(),
    }
}
