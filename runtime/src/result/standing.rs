//! On which supplied values answers rest.

use super::Requirements;
use crate::eval::Evaluation;
use crate::ir::{FactId, NodeId, Type};
use crate::reply::{Reply, reply};
use std::collections::BTreeSet;

impl Evaluation<'_> {
    /// Absent facts on whose supplied value an answer asked for so far rests, in declaration order.
    pub fn assumptions(&mut self) -> Vec<FactId> {
        let asked = self.asked();
        self.standing(&asked, false)
    }

    /// The absent facts on whose supplied value these answers rest: those with which taken as unknown
    /// some answer would be another.
    ///
    /// A fact that is found not to matter stays unknown while the others are tried, so learning any
    /// facts that are not named here, one or several, changes no answer.
    pub(crate) fn standing(&mut self, roots: &[NodeId], cells: bool) -> Vec<FactId> {
        let answers = self.answers(roots, cells);
        let supplied = self.supplied();
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
        let program = self.program().ir();
        let printed = |root: &NodeId| {
            let outcome = self.node(*root);
            let ty = program.nodes.get(*root as usize).map(|node| &node.ty);
            reply(program, ty.unwrap_or(&Type::Bool), &outcome)
        };
        let outcomes = roots.iter().map(printed).collect();
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
        self.with_nothing_for(facts).answers(roots, cells)
    }
}
