//! The region engine: can conditions hold together, and can none of them hold?
//!
//! In: nodes of a lowered program. Out: `Never` (proved), an example, or why neither is certain.
//! Conditions are boolean combinations of comparisons; what they compare (facts, counts, dates) are
//! atoms with sets of values. `Never` is a proof whatever the atoms stand for; an example is only
//! given when the atoms in it can be chosen freely.

use super::formula::{Formula, all};
use super::query::{DEPTHS, Query, Sign};
use super::regions::Regions;
use super::solve::{Found, solve};
use super::witness::Witness;
use polc_runtime::ir::NodeId;
use std::rc::Rc;

/// Work one question may take after that.
const SPARE_STEPS: usize = 10_000;
/// What making the formula of one node costs, in steps of the search.
const NODE_STEPS: usize = 24;
/// What each part of it costs that is made.
const PART_STEPS: usize = 3;

/// A condition and whether it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Literal {
    /// A bool node.
    pub node: NodeId,
    /// Known to hold, or known not to.
    pub holds: bool,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Proved to be impossible.
    Never,
    /// Possible: like this.
    Example(Witness),
    /// Neither, with the reason.
    NotProved(String),
}

impl<'a> Regions<'a> {
    /// Can all of these be so at once?
    #[must_use]
    pub fn satisfiable(&self, literals: &[Literal]) -> Verdict {
        self.ask(|query| {
            all(literals
                .iter()
                .map(|literal| literal.formula(query))
                .collect())
        })
    }

    /// Is there a point in scope where no guard holds? `Never` means the guards are complete.
    #[must_use]
    pub fn gap(&self, scope: Option<NodeId>, guards: &[NodeId]) -> Verdict {
        self.ask(|query| {
            let scope: Vec<_> = scope.into_iter().collect();
            let mut parts: Vec<_> = scope
                .into_iter()
                .map(|node| query.sign(node, Sign::Holds))
                .collect();
            // Where a guard is not applicable, so is the answer: no gap.
            parts.extend(guards.iter().map(|node| query.sign(*node, Sign::Fails)));
            all(parts)
        })
    }

    /// Is there a point in scope where the guard holds and none of the earlier ones does?
    #[must_use]
    pub fn reach(
        &self,
        scope: Option<NodeId>,
        earlier: &[NodeId],
        guard: Option<NodeId>,
    ) -> Verdict {
        self.ask(|query| {
            let mut parts = Vec::with_capacity(earlier.len() + 2);
            for node in scope.into_iter().chain(guard) {
                parts.push(query.sign(node, Sign::Holds));
            }
            for node in earlier {
                parts.push(query.passed_over(*node));
            }
            all(parts)
        })
    }

    /// Can both sides be so at once?
    #[must_use]
    pub fn overlap(&self, a: &[Literal], b: &[Literal]) -> Verdict {
        let both: Vec<Literal> = a.iter().chain(b).copied().collect();
        self.satisfiable(&both)
    }

    /// Can both sides be so at once, with different values?
    #[must_use]
    pub fn clash(&self, a: (&[Literal], NodeId), b: (&[Literal], NodeId)) -> Verdict {
        self.ask(|query| {
            let literals = a.0.iter().chain(b.0);
            let mut parts: Vec<_> = literals.map(|literal| literal.formula(query)).collect();
            parts.push(query.differ(a.1, b.1));
            all(parts)
        })
    }

    /// Asks with definitions looked into a little, and again deeper if that is not enough.
    pub(super) fn ask(&self, formula: impl Fn(&mut Query<'_, 'a>) -> Rc<Formula>) -> Verdict {
        let mut verdict = Verdict::NotProved(String::new());
        for depth in DEPTHS {
            let mut query = Query::new(self, depth);
            let formula = formula(&mut query);
            let (nodes, parts) = query.work();
            self.spend(nodes.saturating_mul(NODE_STEPS));
            self.spend(parts.saturating_mul(PART_STEPS));
            verdict = self.decide(&query, &formula);
            let found = !matches!(verdict, Verdict::NotProved(_));
            if !query.cut || found || self.left.get() == 0 {
                break;
            }
        }
        verdict
    }

    fn spend(&self, steps: usize) {
        self.left.set(self.left.get().saturating_sub(steps));
    }

    pub(super) fn decide(&self, query: &Query<'_, '_>, formula: &Rc<Formula>) -> Verdict {
        let limit = self.steps.min(self.left.get().max(SPARE_STEPS));
        let (found, taken) = solve(query, formula, limit);
        self.spend(taken);
        match found {
            Found::Nothing => Verdict::Never,
            Found::Unsure(why) => Verdict::NotProved(why),
            Found::Model(model) => {
                let samples = model
                    .into_iter()
                    .filter_map(|(var, state)| query.sample(var, state))
                    .collect();
                Verdict::Example(Witness { samples })
            }
        }
    }
}

impl Literal {
    /// The condition holds.
    #[must_use]
    pub fn yes(node: NodeId) -> Self {
        Literal { node, holds: true }
    }

    /// The condition does not hold.
    #[must_use]
    pub fn no(node: NodeId) -> Self {
        Literal { node, holds: false }
    }

    pub(super) fn formula(self, query: &mut Query<'_, '_>) -> Rc<Formula> {
        query.sign(
            self.node,
            if self.holds { Sign::Holds } else { Sign::Fails },
        )
    }
}
