//! Proof obligations of a program, said of its nodes without provisions.

use super::{CellVersion, Obligation, Side};
use polc_runtime::ir::NodeId;

impl Obligation {
    /// Replaces every node it speaks of.
    pub fn map_nodes(&mut self, to: &impl Fn(NodeId) -> NodeId) {
        let one = |node: &mut NodeId| *node = to(*node);
        let all = |nodes: &mut [NodeId]| nodes.iter_mut().for_each(one);
        let perhaps = |node: &mut Option<NodeId>| node.iter_mut().for_each(one);
        let version = |version: &mut CellVersion| one(&mut version.condition);
        let side = |side: &mut Side| {
            perhaps(&mut side.scope);
            perhaps(&mut side.guard);
            one(&mut side.value);
        };
        match self {
            Obligation::Complete { scope, guards, .. } => {
                perhaps(scope);
                all(guards);
            }
            Obligation::Reachable {
                scope,
                earlier,
                guards,
                ..
            } => {
                perhaps(scope);
                all(earlier);
                all(guards);
            }
            Obligation::Decides {
                scope, condition, ..
            } => {
                perhaps(scope);
                one(condition);
            }
            Obligation::Excepts {
                guard,
                stronger,
                places,
                ..
            } => {
                one(guard);
                all(stronger);
                places.iter_mut().for_each(|place| all(place));
            }
            Obligation::Lifts { cells, .. } => {
                for (_, required, lifted) in cells {
                    one(required);
                    one(lifted);
                }
            }
            Obligation::Changes {
                scope,
                guard,
                stronger,
                new,
                weaker,
                ..
            } => {
                one(scope);
                one(guard);
                all(stronger);
                version(new);
                for (guard, weak) in weaker {
                    perhaps(guard);
                    version(weak);
                }
            }
            Obligation::Disjoint { a, b, .. } => {
                side(a);
                side(b);
            }
            Obligation::Left {
                scope,
                earlier,
                values,
                ..
            } => {
                perhaps(scope);
                all(earlier);
                values.iter_mut().for_each(|value| one(&mut value.test));
            }
            Obligation::InForce { scope, applies, .. } => {
                one(scope);
                one(applies);
            }
            Obligation::Applies { scope, applies, .. } => {
                perhaps(scope);
                one(applies);
            }
            Obligation::Rows { without, rows, .. } => {
                all(without);
                rows.iter_mut().for_each(side);
            }
        }
    }
}
