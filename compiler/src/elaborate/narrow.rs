//! What a condition says about none: after `x is not none` x is not none.

use super::Elaborator;
use polc_runtime::ir::{Cmp, NodeId, Op, Type};

impl Elaborator<'_, '_> {
    /// The nodes that are not none where a guard holds.
    pub(super) fn present_if(&self, guard: NodeId) -> Vec<NodeId> {
        let mut present = Vec::new();
        for part in self.builder.conjuncts(guard) {
            match self.builder.op(part) {
                Some(Op::Not(inner)) => {
                    if let Some(Op::IsNone(node)) = self.builder.op(*inner) {
                        present.push(self.builder.bare(*node));
                    }
                }
                // `x is rising` and any ordering say that neither side is none.
                Some(Op::Compare(cmp, a, b)) if *cmp != Cmp::Ne => {
                    let plain = |id: NodeId| !matches!(self.builder.ty(id), Type::Optional(_));
                    if plain(*b) {
                        present.push(self.builder.bare(*a));
                    }
                    if plain(*a) {
                        present.push(self.builder.bare(*b));
                    }
                }
                _ => {}
            }
        }
        present
    }

    /// The nodes that are not none where a guard does not hold.
    pub(super) fn present_unless(&self, guard: NodeId) -> Vec<NodeId> {
        let parts = match self.builder.op(guard) {
            Some(Op::Or(parts) | Op::StrictOr(parts)) => parts.clone(),
            _ => vec![guard],
        };
        let mut present = Vec::new();
        for part in parts {
            if let Some(Op::IsNone(node)) = self.builder.op(part) {
                present.push(self.builder.bare(*node));
            }
        }
        present
    }
}
