//! Values that cells of a grid compare with: they must be in force whenever the row is.

use super::Elaborator;
use super::grid_cell::Version;
use crate::analysis::Obligation;
use indexmap::IndexSet;
use polc_runtime::ir::{self, NodeId, Op, Period, Type};

impl Elaborator<'_, '_> {
    /// Asks of every version of a cell that what it compares with is in force while the version holds;
    /// `versions` has the strongest first.
    pub(super) fn values_in_force(
        &mut self,
        cell: &str,
        row: NodeId,
        versions: &[(NodeId, Version)],
        base: &Version,
    ) {
        let mut parts = vec![row];
        let always = self.builder.bool(true);
        for (guard, version) in versions.iter().copied().chain([(always, *base)]) {
            if let Some((need, span)) = version.need.zip(version.value)
                && let Some(begins) = self.begins(need)
            {
                let scope = self.builder.and(parts.iter().copied().chain([guard]));
                let begun = self.in_force(Period {
                    from: Some(begins),
                    before: None,
                });
                let applies = self.builder.add(Op::IsApplicable(need), Type::Bool);
                let applies = self.builder.or([begun, applies]);
                self.obligations.push(Obligation::InForce {
                    what: cell.to_owned(),
                    scope,
                    applies,
                    span,
                });
            }
            parts.push(self.builder.not(guard));
        }
    }

    /// The first day on which every value that a node reads is in force, where one is not from the beginning.
    fn begins(&self, node: NodeId) -> Option<polc_runtime::value::Date> {
        let (mut todo, mut seen) = (vec![node], IndexSet::new());
        let mut latest = None;
        while let Some(id) = todo.pop() {
            let id = self.builder.bare(id);
            if !seen.insert(id) {
                continue;
            }
            latest = latest.max(self.starts.get(&id).copied());
            if let Some(op) = self.builder.op(id) {
                ir::children(op, |child| todo.push(child));
            }
        }
        latest
    }
}
