//! The search: propagate, split on the smallest alternative, try the values at the end.

use super::atom::{Grade, Key, Root, VarId};
use super::formula::{Formula, all, any};
use super::query::Query;
use super::relations::{self, Relation, Solved};
use super::sets::{Cut, NA, NONE, Set, after};
use super::witness::State;
use polc_runtime::value::Number;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// What the search came to.
#[derive(Debug)]
pub(super) enum Found {
    /// No state of the atoms satisfies the formula.
    Nothing,
    /// These states do, and they can be had together.
    Model(BTreeMap<VarId, State>),
    /// Neither is certain.
    Unsure(String),
}

/// Whether a clause has ways that are not about one atom only.
fn is_nested(clause: &Formula) -> bool {
    match clause {
        Formula::Any(ways) => ways.iter().any(|way| !matches!(**way, Formula::Is(..))),
        Formula::True | Formula::False | Formula::Is(..) | Formula::All(_) => false,
    }
}

enum Ending {
    Impossible,
    Model(BTreeMap<VarId, State>),
    Unsure(String),
}

/// From this many clauses on, and where clauses are nested, the search cuts along an atom instead
/// of trying ways one by one: it never looks at more parts than the thresholds make.
const MANY: usize = 6;

/// A branch of the search: what each atom may still be, and what is left to satisfy.
struct Branch {
    sets: Vec<Option<Set>>,
    clauses: Vec<Rc<Formula>>,
}

/// What formulas come to while the sets stay as they are. It keeps the formulas, so that their places stay theirs.
type Simple = HashMap<*const Formula, (Rc<Formula>, Rc<Formula>)>;

struct Search<'q, 'r, 'a> {
    query: &'q Query<'r, 'a>,
    steps: usize,
    opaque: bool,
}

/// Decides a formula. `steps` limits the work; how much it took is told.
pub(super) fn solve(query: &Query<'_, '_>, formula: &Rc<Formula>, steps: usize) -> (Found, usize) {
    let opaque = query.vars.iter().any(|var| var.grade == Grade::Opaque);
    let mut search = Search {
        query,
        steps,
        opaque: false,
    };
    let mut found = search.run(formula);
    let mut taken = steps - search.steps;
    if opaque && !matches!(found, Found::Model(_)) {
        search.opaque = true;
        search.steps = steps;
        found = search.run(formula);
        taken += steps - search.steps;
    }
    (found, taken)
}

impl Search<'_, '_, '_> {
    fn run(&mut self, formula: &Rc<Formula>) -> Found {
        let mut unsure = None;
        let mut stack = vec![Branch {
            sets: vec![None; self.query.vars.len()],
            clauses: vec![formula.clone()],
        }];
        while let Some(mut branch) = stack.pop() {
            self.steps = self.steps.saturating_sub(branch.sets.len() / 16);
            match self.propagate(&mut branch) {
                None => return Found::Unsure("there are too many combinations".to_owned()),
                Some(false) => continue,
                Some(true) => {}
            }
            let nested = branch.clauses.iter().any(|clause| is_nested(clause));
            if (nested || branch.clauses.len() >= MANY)
                && let Some((var, lower)) = self.axis(&branch)
            {
                let here = self.set(&branch.sets, var);
                let (lower, upper) = (here.meet(&lower), here.minus(&lower));
                let mut above = Branch {
                    sets: branch.sets.clone(),
                    clauses: branch.clauses.clone(),
                };
                for (branch, half) in [(&mut above, upper), (&mut branch, lower)] {
                    if let Some(slot) = branch.sets.get_mut(var) {
                        *slot = Some(half);
                    }
                }
                stack.push(above);
                stack.push(branch);
                continue;
            }
            let smallest = branch
                .clauses
                .iter()
                .filter_map(|clause| match &**clause {
                    Formula::Any(ways) => Some(ways),
                    Formula::True | Formula::False | Formula::Is(..) | Formula::All(_) => None,
                })
                .min_by_key(|ways| ways.len())
                .cloned();
            let Some(ways) = smallest else {
                match self.finish(&branch.sets) {
                    Ending::Impossible => {}
                    Ending::Model(model) => return Found::Model(model),
                    Ending::Unsure(why) => {
                        if self.opaque {
                            return Found::Unsure(why);
                        }
                        unsure.get_or_insert(why);
                    }
                }
                continue;
            };
            for at in (0..ways.len()).rev() {
                let (Some(way), Some(earlier)) = (ways.get(at), ways.get(..at)) else {
                    continue;
                };
                let mut next = Branch {
                    sets: branch.sets.clone(),
                    clauses: branch.clauses.clone(),
                };
                // The ways are tried in order, so each may take for granted that those before fail.
                let mut possible = true;
                for earlier in earlier {
                    if let Formula::Is(var, set) = &**earlier {
                        let rest = self.set(&next.sets, *var).minus(set);
                        possible &= !rest.is_empty();
                        if let Some(slot) = next.sets.get_mut(*var) {
                            *slot = Some(rest);
                        }
                    }
                }
                self.steps = self.steps.saturating_sub(1 + branch.clauses.len() / 16);
                if possible {
                    next.clauses.insert(0, way.clone());
                    stack.push(next);
                }
            }
        }
        unsure.map_or(Found::Nothing, Found::Unsure)
    }

    /// Where to cut a question of many clauses in two: the atom most of them speak of, halfway.
    fn axis(&mut self, branch: &Branch) -> Option<(VarId, Set)> {
        let mut places: BTreeMap<VarId, Vec<Cut>> = BTreeMap::new();
        let mut literal: Option<(VarId, &Set)> = None;
        let mut todo: Vec<&Formula> = branch.clauses.iter().map(|clause| &**clause).collect();
        let mut seen: HashSet<*const Formula> = HashSet::new();
        while let Some(formula) = todo.pop() {
            self.steps = self.steps.saturating_sub(1);
            let shared = matches!(formula, Formula::All(_) | Formula::Any(_));
            if shared && !seen.insert(formula) {
                continue;
            }
            match formula {
                Formula::True | Formula::False => {}
                Formula::Is(var, set) => {
                    literal.get_or_insert((*var, set));
                    let cuts = set.spans.iter().flat_map(|span| [span.0, span.1]);
                    places.entry(*var).or_default().extend(cuts);
                }
                Formula::All(parts) | Formula::Any(parts) => {
                    todo.extend(parts.iter().map(|part| &**part));
                }
            }
        }
        let mut best: Option<(usize, VarId, Cut)> = None;
        for (var, mut cuts) in places {
            let here = self.set(&branch.sets, var);
            cuts.retain(|cut| here.low() < *cut && *cut < here.high());
            if cuts.is_empty() || best.is_some_and(|(most, ..)| most >= cuts.len()) {
                continue;
            }
            cuts.sort();
            if let Some(middle) = cuts.get(cuts.len() / 2) {
                best = Some((cuts.len(), var, *middle));
            }
        }
        match best {
            Some((_, var, cut)) => Some((var, Set::span(Cut::Min, cut))),
            None => literal.map(|(var, set)| (var, set.clone())),
        }
    }

    fn set(&self, sets: &[Option<Set>], var: VarId) -> Set {
        match sets.get(var) {
            Some(Some(set)) => set.clone(),
            _ => self
                .query
                .vars
                .get(var)
                .map(|var| var.domain.clone())
                .unwrap_or_default(),
        }
    }

    /// Narrows the atoms as far as the clauses force them; `None` when the budget is used up.
    fn propagate(&mut self, branch: &mut Branch) -> Option<bool> {
        let mut simple = Simple::new();
        loop {
            let mut narrowed = false;
            let mut kept = Vec::with_capacity(branch.clauses.len());
            let mut work: Vec<Rc<Formula>> = branch.clauses.drain(..).rev().collect();
            while let Some(clause) = work.pop() {
                let clause = self.simplify(&clause, &branch.sets, &mut simple)?;
                match &*clause {
                    Formula::True => {}
                    Formula::False => return Some(false),
                    Formula::Is(var, set) => {
                        let set = self.set(&branch.sets, *var).meet(set);
                        if let Some(slot) = branch.sets.get_mut(*var) {
                            *slot = Some(set);
                            narrowed = true;
                            simple.clear();
                        }
                    }
                    Formula::All(parts) => work.extend(parts.iter().rev().cloned()),
                    Formula::Any(_) => kept.push(clause),
                }
            }
            branch.clauses = kept;
            if !narrowed || branch.clauses.is_empty() {
                return Some(true);
            }
        }
    }

    fn simplify(
        &mut self,
        formula: &Rc<Formula>,
        sets: &[Option<Set>],
        simple: &mut Simple,
    ) -> Option<Rc<Formula>> {
        self.steps = self.steps.checked_sub(1)?;
        let (parts, and) = match &**formula {
            Formula::True | Formula::False => return Some(formula.clone()),
            Formula::Is(var, set) => return Some(self.literal(formula, *var, set, sets)),
            Formula::All(parts) => (parts, true),
            Formula::Any(parts) => (parts, false),
        };
        if let Some((_, known)) = simple.get(&Rc::as_ptr(formula)) {
            return Some(known.clone());
        }
        let mut list = Vec::with_capacity(parts.len());
        let (mut changed, mut decided) = (false, None);
        for part in parts {
            let one = self.simplify(part, sets, simple)?;
            if matches!(
                (&*one, and),
                (Formula::False, true) | (Formula::True, false)
            ) {
                decided = Some(one);
                break;
            }
            changed |= !Rc::ptr_eq(&one, part);
            list.push(one);
        }
        let result = match decided {
            Some(decided) => decided,
            None if !changed => formula.clone(),
            None if and => all(list),
            None => any(list),
        };
        // Most parts stand in one place only and are not met again.
        if Rc::strong_count(formula) > 1 {
            simple.insert(Rc::as_ptr(formula), (formula.clone(), result.clone()));
        }
        Some(result)
    }

    /// An atom that is one of some states, with what the atom may still be.
    fn literal(
        &self,
        formula: &Rc<Formula>,
        var: VarId,
        set: &Set,
        sets: &[Option<Set>],
    ) -> Rc<Formula> {
        let info = self.query.vars.get(var);
        if !self.opaque && info.is_some_and(|info| info.grade == Grade::Opaque) {
            return Rc::new(Formula::False);
        }
        let here = match (sets.get(var), info) {
            (Some(Some(set)), _) => set,
            (_, Some(info)) => &info.domain,
            (_, None) => return Rc::new(Formula::False),
        };
        let both = here.meet(set);
        if both.is_empty() {
            Rc::new(Formula::False)
        } else if both == *here {
            Rc::new(Formula::True)
        } else {
            formula.clone()
        }
    }

    /// Turns what the atoms may be into an example, or says why there is none.
    fn finish(&self, sets: &[Option<Set>]) -> Ending {
        let query = self.query;
        let mut states: BTreeMap<VarId, Set> = BTreeMap::new();
        let mut relations: Vec<Relation> = Vec::new();
        for (var, set) in sets.iter().enumerate() {
            let (Some(set), Some(info)) = (set, query.vars.get(var)) else {
                continue;
            };
            if *set == info.domain {
                continue;
            }
            match &info.key {
                Key::Order(a, b) => relations.push(self.order(*a, *b, set)),
                Key::Linear(terms) => relations.push(Relation {
                    terms: terms.clone(),
                    allowed: set.clone(),
                    order: false,
                }),
                Key::AsOf | Key::Fact(_) | Key::Reading(_) | Key::Node(_) => {
                    states.insert(var, set.clone());
                }
            }
        }
        for relation in &relations {
            for (var, _) in &relation.terms {
                states.entry(*var).or_insert_with(|| self.set(sets, *var));
            }
        }
        // An event is never later than the day it is looked at.
        if let Some(as_of) = query.known_as_of() {
            let events: Vec<VarId> = states
                .keys()
                .copied()
                .filter(|var| query.vars.get(*var).is_some_and(|var| var.event))
                .collect();
            for event in events {
                if states.get(&event).is_some_and(|set| set.spans.is_empty()) {
                    continue;
                }
                states.entry(as_of).or_insert_with(|| self.set(sets, as_of));
                relations.push(self.order(event, as_of, &Set::whole(0, 1).with(NONE)));
            }
        }
        if states.values().any(Set::is_empty) {
            return Ending::Impossible;
        }
        let related: Vec<VarId> = relations
            .iter()
            .flat_map(|one| &one.terms)
            .map(|one| one.0)
            .collect();
        let solved = relations::solve(
            &states,
            relations,
            &|var| self.discrete(var),
            query.known_as_of(),
        );
        if matches!(solved, Solved::Nothing) {
            return Ending::Impossible;
        }
        if let Some(why) = self.doubt(&states) {
            return Ending::Unsure(why);
        }
        match solved {
            Solved::Model(model) => Ending::Model(model),
            Solved::Nothing => Ending::Impossible,
            Solved::Unsure => {
                let outside = |var: &&VarId| query.regions.never_applies(query, **var);
                let var = related.iter().find(outside).or(related.first());
                let var = var.or(states.keys().find(outside)).copied();
                self.cannot(var.unwrap_or_default())
            }
        }
    }

    /// That two atoms compare in certain ways, as what their difference may be.
    fn order(&self, a: VarId, b: VarId, ways: &Set) -> Relation {
        let zero = Number::from_i64(0);
        let whole = self.discrete(a) && self.discrete(b);
        let above = after(zero, whole);
        let spans = [
            Set::span(Cut::Min, Cut::Before(zero)),
            Set::span(Cut::Before(zero), above),
            Set::span(above, Cut::Max),
        ];
        let mut allowed = Set::flags(ways.flags);
        for (way, span) in (0..).zip(&spans) {
            if !ways.meet(&Set::whole(way, way)).spans.is_empty() {
                allowed = allowed.join(span);
            }
        }
        Relation {
            terms: vec![(a, Number::from_i64(1)), (b, Number::from_i64(-1))],
            allowed,
            order: true,
        }
    }

    fn cannot(&self, var: VarId) -> Ending {
        let name = self.query.describe(var);
        let cause = if self.query.regions.never_applies(self.query, var) {
            "may be not applicable"
        } else {
            "depends on other values in a way the check does not follow"
        };
        Ending::Unsure(format!("`{name}` {cause}"))
    }

    fn discrete(&self, var: VarId) -> bool {
        self.query.vars.get(var).is_some_and(|var| var.discrete)
    }

    /// Why an example that rests on these atoms would not be certain.
    fn doubt(&self, states: &BTreeMap<VarId, Set>) -> Option<String> {
        let mut owner: BTreeMap<&Root, VarId> = BTreeMap::new();
        let mut parts: BTreeMap<u32, BTreeSet<VarId>> = BTreeMap::new();
        for (var, set) in states {
            let info = self.query.vars.get(*var)?;
            if info.grade == Grade::Opaque {
                let name = self.query.describe(*var);
                return Some(format!(
                    "it depends on `{name}`, which the check does not look into"
                ));
            }
            if set.spans.is_empty() && set.flags == NA {
                let name = self.query.describe(*var);
                return Some(format!("`{name}` may be not applicable"));
            }
            // The day alone ties nothing together as long as there is something else to choose.
            let only_day = info.roots.iter().all(|root| *root == Root::AsOf);
            for root in &info.roots {
                if *root == Root::AsOf && !only_day {
                    continue;
                }
                let clash = match root {
                    Root::Fact(fact, part) => {
                        let users = parts.entry(*fact).or_default();
                        users.insert(*var);
                        let whole = Root::Fact(*fact, None);
                        match part {
                            None => users.iter().copied().find(|user| user != var),
                            Some(_) => owner.get(&whole).copied(),
                        }
                    }
                    Root::AsOf | Root::Item(_) => None,
                };
                let same = owner
                    .insert(root, *var)
                    .or(clash)
                    .filter(|other| other != var);
                let members = |var: VarId| {
                    self.query.vars.get(var).is_some_and(|var| {
                        var.grade == Grade::Free && matches!(var.key, Key::Node(_))
                    })
                };
                if let Some(other) = same.filter(|other| !(members(*other) && members(*var))) {
                    let (a, b) = (self.query.describe(other), self.query.describe(*var));
                    return Some(format!("`{a}` and `{b}` depend on the same facts"));
                }
            }
        }
        None
    }
}
