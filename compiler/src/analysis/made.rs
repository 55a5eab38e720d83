//! Hash-consing of one query's formulas: equal formulas are one, so that what two definitions share is looked
//! at once.

use super::atom::VarId;
use super::formula::{Branches, Formula, all, any};
use super::sets::Set;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What tells two formulas apart whose parts are shared already; the order of the parts says nothing.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Shape {
    Is(VarId, Set),
    All(Vec<*const Formula>),
    Any(Vec<*const Formula>),
}

/// The formulas made so far.
#[derive(Debug, Default)]
pub(super) struct Made {
    known: HashMap<Shape, Rc<Formula>>,
    /// Those that are known: `known` keeps them, so no other can take their place in memory.
    shared: HashSet<*const Formula>,
    /// How many parts of formulas were looked at.
    work: usize,
}

impl Made {
    /// The formula equal to this one that was made first.
    pub(super) fn shared(&mut self, formula: Rc<Formula>) -> Rc<Formula> {
        self.work += 1;
        if self.shared.contains(&Rc::as_ptr(&formula)) {
            return formula;
        }
        let formula = match &*formula {
            Formula::True | Formula::False | Formula::Is(..) => formula,
            Formula::All(parts) => all(self.parts(parts)),
            Formula::Any(parts) => any(self.parts(parts)),
        };
        let shape = match &*formula {
            Formula::True | Formula::False => return formula,
            Formula::Is(var, set) => Shape::Is(*var, set.clone()),
            Formula::All(parts) => Shape::All(places(parts)),
            Formula::Any(parts) => Shape::Any(places(parts)),
        };
        let first = self.known.entry(shape).or_insert(formula).clone();
        self.shared.insert(Rc::as_ptr(&first));
        first
    }

    /// What making them took, in parts of formulas.
    pub(super) fn work(&self) -> usize {
        self.work
    }

    /// The same alternatives with shared conditions.
    pub(super) fn shared_ways(&mut self, ways: &Branches) -> Branches {
        let ways = ways
            .iter()
            .map(|(when, leaf)| (self.shared(when.clone()), leaf.clone()));
        Rc::new(ways.collect())
    }

    fn parts(&mut self, parts: &[Rc<Formula>]) -> Vec<Rc<Formula>> {
        parts.iter().map(|part| self.shared(part.clone())).collect()
    }
}

fn places(parts: &[Rc<Formula>]) -> Vec<*const Formula> {
    let mut places: Vec<_> = parts.iter().map(Rc::as_ptr).collect();
    places.sort_unstable();
    places
}
