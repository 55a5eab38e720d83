//! What a condition says about none: after `x is not none` x is not none.

use super::Elaborator;
use polc_runtime::ir::{Cmp, NodeId, Op, Type};

impl Elaborator<'_, '_> {
    /// After a guard is known to hold, what it says is not none; gives the depth to go back to.
    pub(super) fn narrow_true(&mut self, guard: NodeId) -> usize {
        let depth = self.narrowed.len();
        for part in self.builder.conjuncts(guard) {
            match self.builder.op(part) {
                Some(Op::Not(inner)) => {
                    if let Some(Op::IsNone(node)) = self.builder.op(*inner) {
                        self.narrowed.push(self.builder.bare(*node));
                    }
                }
                Some(Op::Compare(cmp, a, b)) => {
                    // `x is rising` and any ordering say that neither side is none.
                    let (cmp, a, b) = (*cmp, *a, *b);
                    let plain =
                        |this: &Self, id: NodeId| !matches!(this.builder.ty(id), Type::Optional(_));
                    if cmp != Cmp::Ne {
                        if plain(self, b) {
                            self.narrowed.push(self.builder.bare(a));
                        }
                        if plain(self, a) {
                            self.narrowed.push(self.builder.bare(b));
                        }
                    }
                }
                _ => {}
            }
        }
        depth
    }

    /// After a guard is known not to hold.
    pub(super) fn narrow_false(&mut self, guard: NodeId) -> usize {
        let depth = self.narrowed.len();
        let parts = match self.builder.op(guard) {
            Some(Op::Or(parts) | Op::StrictOr(parts)) => parts.clone(),
            _ => vec![guard],
        };
        for part in parts {
            if let Some(Op::IsNone(node)) = self.builder.op(part) {
                self.narrowed.push(self.builder.bare(*node));
            }
        }
        depth
    }
}
