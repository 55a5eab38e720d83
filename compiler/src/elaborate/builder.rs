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

    pub(super) fn truth(&self, id: NodeId) -> Option<bool> {
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

    /// A conjunction that is not the author's own: the parts of a guard, a window, a row. What is not
    /// applicable is passed on. Nested ones flatten, `yes` drops out, `no` decides.
    pub(super) fn and(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.connect(Connective::StrictAnd, parts)
    }

    /// A disjunction that passes on what is not applicable, simplified likewise.
    pub(super) fn or(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.connect(Connective::StrictOr, parts)
    }

    /// `and`, `all of`: what is not applicable is left out.
    pub(super) fn all_of(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.connect(Connective::And, parts)
    }

    /// `or`, `any of`: what is not applicable is left out.
    pub(super) fn any_of(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.connect(Connective::Or, parts)
    }

    fn connect(&mut self, how: Connective, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        let neutral = matches!(how, Connective::And | Connective::StrictAnd);
        let mut flat = Vec::new();
        for part in parts {
            match self.op(part).and_then(|op| how.operands(op)) {
                Some(inner) => {
                    for id in inner.iter().copied() {
                        push_new(&mut flat, id);
                    }
                }
                None => match self.truth(part) {
                    Some(value) if value == neutral => {}
                    Some(_) => return part,
                    None => push_new(&mut flat, part),
                },
            }
        }
        match flat.as_slice() {
            [] => self.bool(neutral),
            [only] => *only,
            _ => self.add(how.op(flat), Type::Bool),
        }
    }

    /// What holds where a condition holds: its operands, however they are connected.
    pub(super) fn conjuncts(&self, condition: NodeId) -> Vec<NodeId> {
        match self.op(condition) {
            Some(Op::And(parts) | Op::StrictAnd(parts)) => {
                let inner = parts.iter().flat_map(|part| self.conjuncts(*part));
                inner.collect()
            }
            _ => vec![condition],
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
