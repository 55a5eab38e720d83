//! Relations between atoms: which values of several atoms satisfy bounds on their weighted sums.
//!
//! Exact over numbers that may lie anywhere (Fourier and Motzkin's elimination) and over whole numbers
//! (branching on what came out broken). Work is limited; beyond the limit nothing is claimed.

use super::atom::VarId;
use super::sets::{BOTH_NONE, Cut, NA, NONE, OPEN, Set};
use super::witness::State;
use polc_runtime::ir::Rounding;
use polc_runtime::value::Number;
use std::collections::BTreeMap;

/// Parts of the search looked at for one question.
const MAX_PARTS: usize = 2_000;
/// Inequalities that one elimination may come to.
const MAX_INEQUALITIES: usize = 300;

/// A weighted sum of atoms and where it may lie; its flags say which atoms may be no value.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    /// Atoms with their factors.
    pub(super) terms: Vec<(VarId, Number)>,
    /// What the sum may be.
    pub(super) allowed: Set,
    /// Two atoms compared: both may be none, which is a state of its own.
    pub(super) order: bool,
}

/// What came of the search.
pub(super) enum Solved {
    /// No values satisfy the relations.
    Nothing,
    /// These states do.
    Model(BTreeMap<VarId, State>),
    /// The limit was reached.
    Unsure,
}

#[derive(Clone)]
struct Part {
    states: BTreeMap<VarId, Set>,
    relations: Vec<Relation>,
}

/// `Σ factor · atom <= bound`, or `<`.
#[derive(Debug, Clone)]
struct Inequality {
    terms: BTreeMap<VarId, Number>,
    bound: Number,
    strict: bool,
}

enum Convex {
    Nothing,
    Model(BTreeMap<VarId, Number>),
    /// A whole number would have to lie between this one and the next.
    Broken(VarId, Number),
    TooMany,
}

/// States of all atoms in `states` that satisfy every relation. `last` is chosen after all others.
pub(super) fn solve(
    states: &BTreeMap<VarId, Set>,
    relations: Vec<Relation>,
    discrete: &dyn Fn(VarId) -> bool,
    last: Option<VarId>,
) -> Solved {
    let mut todo = vec![Part {
        states: states.clone(),
        relations,
    }];
    let mut parts = 0;
    let mut unsure = false;
    while let Some(mut part) = todo.pop() {
        parts += 1;
        if parts > MAX_PARTS {
            return Solved::Unsure;
        }
        if part.states.values().any(Set::is_empty) || !part.settle() {
            continue;
        }
        if let Some(halves) = part.split() {
            todo.extend(halves.into_iter().rev());
            continue;
        }
        match part.convex(discrete, last) {
            Convex::Nothing => {}
            Convex::TooMany => unsure = true,
            Convex::Broken(var, below) => {
                let cut = below.checked_add(Number::from_i64(1)).map(Cut::Before);
                let Some((cut, set)) = cut.zip(part.states.get(&var).cloned()) else {
                    unsure = true;
                    continue;
                };
                let mut above = part.clone();
                above
                    .states
                    .insert(var, set.meet(&Set::span(cut, Cut::Max)));
                part.states.insert(var, set.meet(&Set::span(Cut::Min, cut)));
                todo.push(above);
                todo.push(part);
            }
            Convex::Model(values) => match part.model(&values, discrete) {
                Some(model) => return Solved::Model(model),
                None => unsure = true,
            },
        }
    }
    if unsure {
        Solved::Unsure
    } else {
        Solved::Nothing
    }
}

impl Part {
    /// Drops relations that an atom without a value satisfies; false where one is broken by it.
    fn settle(&mut self) -> bool {
        let states = &self.states;
        let mut possible = true;
        self.relations.retain(|relation| {
            let sets = || relation.terms.iter().filter_map(|(var, _)| states.get(var));
            let (mut flags, mut every_none) = (0, true);
            for set in sets() {
                if !set.spans.is_empty() {
                    every_none = false;
                    continue;
                }
                every_none &= set.flags == NONE;
                flags |= set.flags;
            }
            if flags == 0 || sets().any(|set| !set.spans.is_empty() && set.flags != 0) {
                return true;
            }
            if every_none && relation.order {
                flags = BOTH_NONE;
            }
            possible &= relation.allowed.flags & flags != 0;
            false
        });
        possible
    }

    /// The first atom or relation that is not one span of values, taken apart.
    fn split(&self) -> Option<Vec<Part>> {
        for relation in &self.relations {
            for (var, _) in &relation.terms {
                let set = self.states.get(var)?;
                let kinds = set.spans.len() + set.flags.count_ones() as usize;
                if kinds > 1 {
                    let parts = pieces(set).into_iter().map(|piece| {
                        let mut part = self.clone();
                        part.states.insert(*var, piece);
                        part
                    });
                    return Some(parts.collect());
                }
            }
        }
        for (at, relation) in self.relations.iter().enumerate() {
            if relation.allowed.spans.len() > 1 {
                let spans = relation.allowed.spans.iter().map(|(low, high)| {
                    let mut part = self.clone();
                    if let Some(relation) = part.relations.get_mut(at) {
                        let flags = relation.allowed.flags;
                        relation.allowed = Set::span(*low, *high).with(flags);
                    }
                    part
                });
                return Some(spans.collect());
            }
        }
        None
    }

    /// All atoms and sums lie in one span each: elimination decides.
    fn convex(&self, discrete: &dyn Fn(VarId) -> bool, last: Option<VarId>) -> Convex {
        let mut system: Vec<Inequality> = Vec::new();
        let mut vars: Vec<VarId> = Vec::new();
        for relation in &self.relations {
            let Some((low, high)) = relation.allowed.spans.first().copied() else {
                return Convex::Nothing;
            };
            let whole = relation
                .terms
                .iter()
                .all(|(var, times)| discrete(*var) && times.is_integer());
            bounds(&relation.terms, low, high, whole, &mut system);
            vars.extend(relation.terms.iter().map(|(var, _)| *var));
        }
        vars.sort_by_key(|var| (Some(*var) != last, std::cmp::Reverse(*var)));
        vars.dedup();
        for var in &vars {
            if let Some((low, high)) = self.states.get(var).and_then(|set| set.spans.first()) {
                let alone = [(*var, Number::from_i64(1))];
                bounds(&alone, *low, *high, discrete(*var), &mut system);
            }
        }
        eliminate(system, &vars, discrete)
    }

    /// The states of all atoms, with these values.
    fn model(
        &self,
        values: &BTreeMap<VarId, Number>,
        discrete: &dyn Fn(VarId) -> bool,
    ) -> Option<BTreeMap<VarId, State>> {
        let mut model = BTreeMap::new();
        for (var, set) in &self.states {
            let state = match values.get(var) {
                Some(value) => State::Value(*value),
                None => match set.pick(discrete(*var)) {
                    Some(value) => State::Value(value),
                    None if set.flags & NONE != 0 => State::None,
                    None if set.flags & OPEN != 0 => State::NotRecorded,
                    None => return None,
                },
            };
            model.insert(*var, state);
        }
        Some(model)
    }
}

/// Every span and every flag of a set alone, spans first.
fn pieces(set: &Set) -> Vec<Set> {
    let spans = set.spans.iter().map(|(low, high)| Set::span(*low, *high));
    let flags = [NONE, OPEN, NA]
        .into_iter()
        .filter(|flag| set.flags & flag != 0);
    spans.chain(flags.map(Set::flags)).collect()
}

/// What a span says of a sum, as inequalities.
fn bounds(terms: &[(VarId, Number)], low: Cut, high: Cut, whole: bool, into: &mut Vec<Inequality>) {
    let one = Number::from_i64(1);
    let (bound, strict) = match high {
        Cut::Before(value) if whole && value.is_integer() => (value.checked_sub(one), false),
        Cut::Before(value) => (Some(value), true),
        Cut::After(value) => (Some(value), false),
        Cut::Min | Cut::Max => (None, false),
    };
    into.extend(bound.map(|bound| Inequality {
        terms: terms.iter().copied().collect(),
        bound,
        strict,
    }));
    let (bound, strict) = match low {
        Cut::After(value) if whole && value.is_integer() => (value.checked_add(one), false),
        Cut::After(value) => (Some(value), true),
        Cut::Before(value) => (Some(value), false),
        Cut::Min | Cut::Max => (None, false),
    };
    let negative: Option<BTreeMap<VarId, Number>> = terms
        .iter()
        .map(|(var, times)| Some((*var, times.negated()?)))
        .collect();
    if let (Some(terms), Some(bound)) = (negative, bound.and_then(Number::negated)) {
        into.push(Inequality {
            terms,
            bound,
            strict,
        });
    }
}

/// One atom's factor in an inequality made 1 or -1, and its share taken out of another.
fn paired(upper: &Inequality, lower: &Inequality, var: VarId) -> Option<Inequality> {
    let (up, down) = (*upper.terms.get(&var)?, lower.terms.get(&var)?.negated()?);
    let mut terms: BTreeMap<VarId, Number> = BTreeMap::new();
    for (inequality, times) in [(upper, down), (lower, up)] {
        for (var, factor) in &inequality.terms {
            let sum = terms.entry(*var).or_insert_with(|| Number::from_i64(0));
            *sum = sum.checked_add(factor.checked_mul(times)?)?;
        }
    }
    terms.retain(|_, factor| *factor != Number::from_i64(0));
    let bound = upper
        .bound
        .checked_mul(down)?
        .checked_add(lower.bound.checked_mul(up)?)?;
    Some(Inequality {
        terms,
        bound,
        strict: upper.strict || lower.strict,
    })
}

fn eliminate(
    mut system: Vec<Inequality>,
    vars: &[VarId],
    discrete: &dyn Fn(VarId) -> bool,
) -> Convex {
    let zero = Number::from_i64(0);
    let mut stages: Vec<(VarId, Vec<Inequality>)> = Vec::new();
    for var in vars {
        let (with, mut without): (Vec<_>, Vec<_>) = system
            .into_iter()
            .partition(|inequality| inequality.terms.contains_key(var));
        let positive = |one: &&Inequality| one.terms.get(var).is_some_and(|times| *times > zero);
        for upper in with.iter().filter(positive) {
            for lower in with.iter().filter(|one| !positive(one)) {
                match paired(upper, lower, *var) {
                    Some(next) => without.push(next),
                    None => return Convex::TooMany,
                }
            }
        }
        if without.len() > MAX_INEQUALITIES {
            return Convex::TooMany;
        }
        let broken = |one: &Inequality| {
            one.terms.is_empty() && (one.bound < zero || (one.strict && one.bound == zero))
        };
        if without.iter().any(broken) {
            return Convex::Nothing;
        }
        without.retain(|one| !one.terms.is_empty());
        stages.push((*var, with));
        system = without;
    }
    let mut values: BTreeMap<VarId, Number> = BTreeMap::new();
    for (var, stage) in stages.iter().rev() {
        let (mut low, mut high) = (Cut::Min, Cut::Max);
        for inequality in stage {
            match limit(inequality, *var, &values) {
                Some((end, true)) => high = high.min(end),
                Some((end, false)) => low = low.max(end),
                None => return Convex::TooMany,
            }
        }
        let whole = discrete(*var);
        let set = Set::span(low, high);
        let set = if whole { set.whole_numbers() } else { set };
        match set.pick(whole) {
            Some(value) => {
                values.insert(*var, value);
            }
            None => {
                let (Cut::Before(value) | Cut::After(value)) = low else {
                    return Convex::TooMany;
                };
                return match value.round_to(Number::from_i64(1), Rounding::Down) {
                    Some(below) if whole => Convex::Broken(*var, below),
                    _ => Convex::TooMany,
                };
            }
        }
    }
    Convex::Model(values)
}

/// The limit an inequality sets to one atom when the others are known, and whether it is an upper one.
fn limit(
    inequality: &Inequality,
    var: VarId,
    values: &BTreeMap<VarId, Number>,
) -> Option<(Cut, bool)> {
    let mut rest = inequality.bound;
    for (other, times) in inequality.terms.iter().filter(|(other, _)| **other != var) {
        rest = rest.checked_sub(values.get(other)?.checked_mul(*times)?)?;
    }
    let own = *inequality.terms.get(&var)?;
    let end = rest.checked_div(own)?;
    let is_upper = own > Number::from_i64(0);
    let cut = if is_upper != inequality.strict {
        Cut::After(end)
    } else {
        Cut::Before(end)
    };
    Some((cut, is_upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator of numbers (splitmix64).
    struct Random(u64);

    impl Random {
        fn within(&mut self, low: i64, high: i64) -> i64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            low + ((z ^ (z >> 31)) % (high - low + 1) as u64) as i64
        }
    }

    const LAST: i64 = 6;

    /// A weighted sum of whole numbers, and from where to where it may lie.
    type Sum = (Vec<i64>, i64, i64);

    fn holds(sums: &[Sum], values: &[i64]) -> bool {
        sums.iter().all(|(factors, low, high)| {
            let sum: i64 = factors.iter().zip(values).map(|(f, v)| f * v).sum();
            (*low..=*high).contains(&sum)
        })
    }

    /// Whether some values from 0 to `LAST` satisfy all sums, by trying every one.
    fn tried(sums: &[Sum], count: usize) -> bool {
        let mut values = vec![0; count];
        loop {
            if holds(sums, &values) {
                return true;
            }
            let Some(at) = values.iter().position(|value| *value < LAST) else {
                return false;
            };
            values[at] += 1;
            values[..at].fill(0);
        }
    }

    #[test]
    fn sums_of_whole_numbers_are_what_trying_every_one_finds() {
        let mut random = Random(7);
        let (mut possible, mut impossible, mut broken) = (0, 0, 0);
        for case in 0..4_000 {
            let count = random.within(2, 3) as usize;
            let mut sum = || {
                let factors = (0..count).map(|_| random.within(-4, 4)).collect();
                let low = random.within(-12, 12);
                (factors, low, low + random.within(0, 2))
            };
            let sums: Vec<Sum> = [sum(), sum()][..1 + case % 2].to_vec();
            let number = Number::from_i64;
            let states = (0..count).map(|var| (var, Set::whole(0, LAST)));
            let states: BTreeMap<VarId, Set> = states.collect();
            let relation = |(factors, low, high): &Sum| Relation {
                terms: factors
                    .iter()
                    .enumerate()
                    .filter(|(_, factor)| **factor != 0)
                    .map(|(var, factor)| (var, number(*factor)))
                    .collect(),
                allowed: Set::whole(*low, *high),
                order: false,
            };
            let relations: Vec<Relation> = sums.iter().map(relation).collect();
            if relations.iter().any(|one| one.terms.is_empty()) {
                continue;
            }
            let wanted = tried(&sums, count);
            match solve(&states, relations, &|_| true, None) {
                Solved::Model(model) => {
                    let value = |var| match model.get(&var) {
                        Some(State::Value(value)) => value.to_i64().unwrap_or(-1),
                        _ => -1,
                    };
                    let values: Vec<i64> = (0..count).map(value).collect();
                    assert!(holds(&sums, &values), "{sums:?}: {values:?}");
                    possible += 1;
                }
                Solved::Nothing => {
                    assert!(!wanted, "{sums:?} can be satisfied");
                    impossible += 1;
                }
                Solved::Unsure => broken += 1,
            }
        }
        assert!(
            possible > 1_000 && impossible > 500,
            "{possible} {impossible}"
        );
        assert!(broken < 20, "{broken} left open");
    }
}
