//! Rules with parameters: of what they were asked for with, what mattered.

use super::Derive;
use crate::eval::trace::{Frame, FrameId};
use crate::explain::Holds;
use crate::ir::{BinderId, NodeId, Op};
use std::collections::BTreeSet;

/// An argument for each parameter.
type Arguments = [(BinderId, NodeId)];

impl Derive<'_> {
    /// What a rule came to, and those of its arguments that mattered for it.
    pub(super) fn asked_for(
        &self,
        body: NodeId,
        arguments: &Arguments,
        frame: &Frame,
    ) -> Vec<(FrameId, Option<Holds>)> {
        let mut read: BTreeSet<BinderId> = BTreeSet::new();
        for id in self.reads_of(frame, body) {
            read.extend(self.parameters_read(id));
        }
        let reads = frame.reads.iter().filter(|id| {
            let node = self.frame(**id).map(|frame| frame.node);
            let mut same = arguments.iter().filter(|(_, one)| Some(*one) == node);
            node == Some(body) || same.any(|(binder, _)| read.contains(binder))
        });
        reads.map(|id| (*id, None)).collect()
    }

    fn reads_of<'f>(
        &'f self,
        frame: &'f Frame,
        node: NodeId,
    ) -> impl Iterator<Item = FrameId> + 'f {
        let reads = frame.reads.iter().copied();
        reads.filter(move |id| self.frame(*id).is_some_and(|frame| frame.node == node))
    }

    /// The parameters of the rule around it that mattered for a frame. Rules may ask for each other as deep as a program
    /// likes: what is left to look at is kept in a list.
    fn parameters_read(&self, root: FrameId) -> BTreeSet<BinderId> {
        let mut left = vec![(root, false)];
        while let Some((id, ready)) = left.pop() {
            let Some(frame) = self.frame(id) else {
                continue;
            };
            // What reads no parameter is made from nothing that does.
            if frame.items.is_empty() || self.parameters.borrow().contains_key(&id) {
                continue;
            }
            let op = self.op(frame.node);
            if !ready {
                left.push((id, true));
                let next = match op {
                    Some(Op::Call { .. }) | None => frame.reads.clone(),
                    Some(op) => self
                        .relevant(op, frame)
                        .into_iter()
                        .map(|(id, _)| id)
                        .collect(),
                };
                left.extend(next.into_iter().map(|id| (id, false)));
                continue;
            }
            let known = self.parameters.borrow();
            let of = |id: FrameId| known.get(&id).into_iter().flatten().copied();
            let mut found: BTreeSet<BinderId> = BTreeSet::new();
            match op {
                Some(Op::Item(binder)) => {
                    found.insert(*binder);
                }
                Some(Op::Call { body, arguments }) => {
                    let read: BTreeSet<BinderId> =
                        self.reads_of(frame, *body).flat_map(of).collect();
                    for (_, node) in arguments.iter().filter(|(binder, _)| read.contains(binder)) {
                        found.extend(self.reads_of(frame, *node).flat_map(of));
                    }
                }
                Some(op) => {
                    let reads = self.relevant(op, frame);
                    found.extend(reads.into_iter().flat_map(|(id, _)| of(id)));
                }
                None => {}
            }
            drop(known);
            self.parameters.borrow_mut().insert(id, found);
        }
        self.parameters
            .borrow()
            .get(&root)
            .cloned()
            .unwrap_or_default()
    }
}
