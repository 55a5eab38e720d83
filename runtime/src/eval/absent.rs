//! What is not in the facts: what a node may still ask for.

use super::Evaluation;
use crate::facts::Slot;
use crate::ir::{FactId, FactKind, NodeId, Op};
use crate::value::algebra::join_deep;
use crate::value::{Leaf, Open};
use std::collections::BTreeSet;

impl<'a> Evaluation<'a> {
    /// The nodes asked for from outside so far.
    pub(crate) fn asked(&self) -> Vec<NodeId> {
        self.asked.iter().copied().collect()
    }

    /// The absent facts for which something was supplied so far.
    pub(crate) fn supplied(&self) -> BTreeSet<FactId> {
        self.assumed.clone()
    }

    /// The same evaluation anew, with nothing supplied for some absent facts.
    pub(crate) fn with_nothing_for(&self, facts: &BTreeSet<FactId>) -> Evaluation<'a> {
        let as_of = self.outer.today;
        let mut other = Evaluation::new(self.program, self.facts, as_of, self.options.clone());
        other.unassumed.clone_from(facts);
        other
    }

    /// Adds everything missing in the facts that a node may read, on whatever day.
    pub(super) fn missing_below(&mut self, node: NodeId, needs: &mut Open) {
        let mut seen = BTreeSet::new();
        let mut stack = vec![node];
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(node) = self.ir().nodes.get(id as usize) else {
                continue;
            };
            if let Op::Fact(fact) = &node.op {
                self.missing_in(*fact, needs, &mut stack);
            } else if let Op::Granted { fact, .. } = &node.op {
                // What nobody granted is assumed to be nothing.
                let granted = self.grants(*fact);
                join_deep(needs, &granted);
            } else if let Op::Missing(fact) = &node.op {
                needs.facts.insert(Leaf::fact(*fact));
            } else {
                self.ir().reads(&node.op, |read, _| stack.push(read));
            }
        }
    }

    fn missing_in(&mut self, id: FactId, needs: &mut Open, stack: &mut Vec<NodeId>) {
        let Some(fact) = self.ir().facts.get(id as usize) else {
            return;
        };
        if let Slot::Given { value, .. } = self.facts.slot(id) {
            join_deep(needs, value);
            return;
        }
        self.touched.insert(id);
        if fact.assume.is_some() && !self.unassumed.contains(&id) {
            self.assumed.insert(id);
            stack.extend(fact.assume);
            return;
        }
        stack.extend(fact.derived);
        match fact.kind {
            FactKind::Judgement { .. } => needs.judgements.insert(Leaf::fact(id)),
            FactKind::Given | FactKind::Event => needs.facts.insert(Leaf::fact(id)),
        };
    }
}
