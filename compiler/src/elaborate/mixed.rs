//! Conditions that leave out what is not applicable where a person may not expect it: in `and` and `or` with
//! operands that always apply.

use super::{Elaborator, applicable};
use crate::analysis::Obligation;
use crate::source::Span;
use indexmap::IndexSet;
use polc_runtime::ir::{self, NodeId, Op, Type};

impl Elaborator<'_, '_> {
    /// Remembers a condition that decides whether something counts.
    pub(super) fn guard(&mut self, condition: NodeId, span: Span) -> NodeId {
        self.guards.push((condition, span));
        condition
    }

    /// Asks of guards with `and` or `or` in which one operand may be not applicable and another may not that it
    /// always applies after all.
    pub(super) fn mixed_guards(&mut self) {
        let guards = std::mem::take(&mut self.guards);
        let may = applicable::may_not_apply(&self.builder.nodes, &self.inputs.facts);
        let looker = Looker {
            nodes: &self.builder.nodes,
            may: &may,
        };
        let guards: IndexSet<(NodeId, Span)> = guards.into_iter().collect();
        let mut found = Vec::new();
        for (condition, span) in guards {
            let mixed = looker.mixed(condition);
            found.extend(mixed.into_iter().map(|mixed| (mixed, span)));
        }
        for (mixed, span) in found {
            let asked = mixed.asked.into_iter();
            let asked: Vec<NodeId> = asked.map(|node| self.applies(node)).collect();
            let scope = match asked.is_empty() {
                true => None,
                false => Some(self.builder.and(asked)),
            };
            for part in mixed.open {
                let applies = self.applies(part);
                self.obligations.push(Obligation::Applies {
                    and: mixed.and,
                    scope,
                    applies,
                    span,
                });
            }
        }
    }

    fn applies(&mut self, node: NodeId) -> NodeId {
        self.builder.add(Op::IsApplicable(node), Type::Bool)
    }
}

/// Operands of one `and` or `or`.
struct Mixed {
    and: bool,
    /// What other operands ask to be applicable.
    asked: Vec<NodeId>,
    /// Those that may be left out all the same.
    open: Vec<NodeId>,
}

struct Looker<'n> {
    nodes: &'n [ir::Node],
    may: &'n [bool],
}

impl Looker<'_> {
    /// The node inside the provisions around it.
    fn bare(&self, mut node: NodeId) -> NodeId {
        while let Some(ir::Node {
            op: Op::Provision { body, .. },
            ..
        }) = self.nodes.get(node as usize)
        {
            node = *body;
        }
        node
    }

    fn op(&self, node: NodeId) -> Option<&Op> {
        self.nodes
            .get(self.bare(node) as usize)
            .map(|node| &node.op)
    }

    fn may(&self, node: NodeId) -> bool {
        self.may.get(node as usize).copied().unwrap_or(false)
    }

    /// The connectives of a condition of which a part may be left out while another always counts.
    fn mixed(&self, condition: NodeId) -> Vec<Mixed> {
        let (mut todo, mut seen) = (vec![condition], IndexSet::new());
        let mut found = Vec::new();
        while let Some(node) = todo.pop() {
            if !seen.insert(node) {
                continue;
            }
            let (and, parts) = match self.op(node) {
                Some(Op::And(parts)) => (true, parts),
                Some(Op::Or(parts)) => (false, parts),
                Some(Op::Not(inner)) => {
                    todo.push(*inner);
                    continue;
                }
                _ => continue,
            };
            found.extend(self.left_out(parts, and));
            todo.extend(parts);
        }
        found
    }

    fn left_out(&self, parts: &[NodeId], and: bool) -> Option<Mixed> {
        let asked: Vec<NodeId> = parts
            .iter()
            .filter_map(|part| self.asked(*part, and))
            .collect();
        let certain = |part: &NodeId| !self.may(*part) && self.asked(*part, and).is_none();
        let open: Vec<NodeId> = parts
            .iter()
            .copied()
            .filter(|part| self.open(*part, &asked))
            .collect();
        (parts.iter().any(certain) && !open.is_empty()).then_some(Mixed { and, asked, open })
    }

    /// What a part asks to be applicable: in `and` that it is, in `or` that it is not.
    fn asked(&self, part: NodeId, and: bool) -> Option<NodeId> {
        match (self.op(part)?, and) {
            (Op::IsApplicable(inner), true) => Some(self.bare(*inner)),
            (Op::Not(inner), false) => {
                let Op::IsApplicable(inner) = self.op(*inner)? else {
                    return None;
                };
                Some(self.bare(*inner))
            }
            _ => None,
        }
    }

    /// Whether a part may be not applicable though what is asked for is.
    fn open(&self, part: NodeId, asked: &[NodeId]) -> bool {
        let (mut todo, mut seen) = (vec![part], IndexSet::new());
        while let Some(node) = todo.pop() {
            let node = self.bare(node);
            if !self.may(node) || asked.contains(&node) || !seen.insert(node) {
                continue;
            }
            let Some(op) = self.op(node) else { continue };
            let mut inner = Vec::new();
            ir::children(op, |child| inner.push(child));
            if matches!(op, Op::Scope { .. } | Op::NotApplicable(_))
                || !inner.iter().any(|child| self.may(*child))
            {
                return true;
            }
            todo.extend(inner);
        }
        false
    }
}
