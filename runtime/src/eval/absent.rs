//! What is not in the facts: on which supplied values answers rest, and what a node may still ask for.

use super::Evaluation;
use super::algebra::join_deep;
use crate::facts::Slot;
use crate::ir::{FactId, FactKind, NodeId, Op};
use crate::result::{Reply, Requirements, reply};
use crate::value::{Leaf, Open};
use std::collections::BTreeSet;

impl Evaluation<'_> {
    /// The absent facts on whose supplied value these answers rest: those with which taken as unknown
    /// some answer would be another.
    ///
    /// A fact that is found not to matter stays unknown while the others are tried, so learning any
    /// facts that are not named here, one or several, changes no answer.
    pub(crate) fn standing(&mut self, roots: &[NodeId], cells: bool) -> Vec<FactId> {
        let answers = self.answers(roots, cells);
        let supplied = self.assumed.clone();
        if supplied.is_empty() || self.unknown_instead(&supplied, roots, cells) == answers {
            return Vec::new();
        }
        let (mut unknown, mut standing) = (BTreeSet::new(), Vec::new());
        for fact in supplied {
            unknown.insert(fact);
            if self.unknown_instead(&unknown, roots, cells) != answers {
                unknown.remove(&fact);
                standing.push(fact);
            }
        }
        standing
    }

    /// The answers as the result prints them.
    fn answers(&mut self, roots: &[NodeId], cells: bool) -> (Vec<Reply>, Requirements) {
        let program = self.ir();
        let printed = |this: &mut Self, root: &NodeId| {
            let outcome = this.eval(*root);
            reply(program, this.ty(*root), &outcome)
        };
        let outcomes = roots.iter().map(|root| printed(self, root)).collect();
        let cells = match cells {
            true => self.requirements(),
            false => Requirements::new(),
        };
        (outcomes, cells)
    }

    /// The answers with nothing supplied for some absent facts.
    fn unknown_instead(
        &self,
        facts: &BTreeSet<FactId>,
        roots: &[NodeId],
        cells: bool,
    ) -> (Vec<Reply>, Requirements) {
        let as_of = self.outer.today;
        let mut other = Evaluation::new(self.program, self.facts, as_of, self.options.clone());
        other.unassumed.clone_from(facts);
        other.answers(roots, cells)
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
