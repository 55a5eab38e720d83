//! From nodes to formulas: conditions become positive combinations of `atom is one of these states`.
//!
//! A condition is asked for in three ways ([`Sign`]): that it holds, that it does not, and that it is
//! not applicable. Each way is a formula of its own, so no formula is ever negated and states that are
//! neither (a judgement that is not recorded) need no special rule.
use super::atom::{Grade, Key, Var, VarId};
use super::formula::{Branches, Formula, all, any, truth};
use super::made::Made;
use super::regions::Regions;
use super::sets::{Cut, NA, NONE, OPEN, Set};
use polc_runtime::ir::{Const, Exception, FactId, NodeId, Op, Period, ReadingId, Type};
use polc_runtime::value::Number;
use std::collections::HashMap;
use std::rc::Rc;

/// Nodes one query looks into before it takes the rest as they are.
pub(super) const MAX_NODES: usize = 20_000;
/// How deep a question looks into definitions: first hardly, then a little, then as far as is sensible.
pub(super) const DEPTHS: [usize; 3] = [3, 12, 96];

/// Cases and exceptions that are looked into.
const MAX_CASES: usize = 200;

/// How a condition is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sign {
    /// It is known to hold.
    Holds,
    /// It is known not to hold.
    Fails,
    /// It is not applicable.
    Outside,
}

/// One question and the atoms it is about.
pub(super) struct Query<'r, 'a> {
    pub(super) regions: &'r Regions<'a>,
    pub(super) vars: Vec<Var>,
    pub(super) keys: HashMap<Key, VarId>,
    signs: HashMap<(NodeId, Sign), Rc<Formula>>,
    pub(super) values: HashMap<NodeId, Option<Branches>>,
    pub(super) made: Made,
    pub(super) seen: usize,
    pub(super) depth: usize,
    pub(super) max_depth: usize,
    /// Something was taken as it is because it lies too deep.
    pub(super) cut: bool,
}

impl<'r, 'a> Query<'r, 'a> {
    pub(super) fn new(regions: &'r Regions<'a>, max_depth: usize) -> Self {
        Query {
            regions,
            vars: Vec::new(),
            keys: HashMap::new(),
            signs: HashMap::new(),
            values: HashMap::new(),
            made: Made::default(),
            seen: 0,
            depth: 0,
            max_depth,
            cut: false,
        }
    }

    /// What it took to make the formulas: nodes taken apart, and parts of formulas.
    pub(super) fn work(&self) -> (usize, usize) {
        (self.seen, self.made.work())
    }

    /// When the condition comes out that way.
    pub(super) fn sign(&mut self, node: NodeId, sign: Sign) -> Rc<Formula> {
        let node = self.regions.shapes.canon(node);
        if sign == Sign::Outside && !self.regions.shapes.scoped(node) {
            return truth(false);
        }
        if let Some(known) = self.signs.get(&(node, sign)) {
            return known.clone();
        }
        self.seen += 1;
        let formula = if self.seen > MAX_NODES || self.depth >= self.max_depth {
            self.cut = true;
            self.flag(node, sign, Some(Grade::Opaque))
        } else {
            self.depth += 1;
            let formula = self.decompose(node, sign);
            self.depth -= 1;
            self.made.shared(formula)
        };
        self.signs.insert((node, sign), formula.clone());
        formula
    }

    /// When the condition does not select a case: it fails or is not applicable.
    pub(super) fn passed_over(&mut self, node: NodeId) -> Rc<Formula> {
        let parts = vec![self.sign(node, Sign::Fails), self.sign(node, Sign::Outside)];
        any(parts)
    }

    pub(super) fn decompose(&mut self, node: NodeId, sign: Sign) -> Rc<Formula> {
        let regions = self.regions;
        // What is not taken apart here is taken as it is.
        match regions.op(node) {
            Some(Op::Const(Const::Bool(value))) => truth(match sign {
                Sign::Holds => *value,
                Sign::Fails => !*value,
                Sign::Outside => false,
            }),
            Some(Op::And(parts)) => self.together(parts, sign, true),
            Some(Op::Or(parts)) => self.together(parts, sign, false),
            Some(Op::StrictAnd(parts)) => self.strictly(parts, sign, true),
            Some(Op::StrictOr(parts)) => self.strictly(parts, sign, false),
            Some(Op::IsApplicable(inner)) => {
                let found = match sign {
                    Sign::Outside => Some(truth(false)),
                    Sign::Fails => self.outside(*inner),
                    Sign::Holds => self.inside(*inner),
                };
                found.unwrap_or_else(|| self.flag(node, sign, Some(Grade::Opaque)))
            }
            Some(Op::Not(inner)) => match sign {
                Sign::Holds => self.sign(*inner, Sign::Fails),
                Sign::Fails => self.sign(*inner, Sign::Holds),
                Sign::Outside => self.sign(*inner, Sign::Outside),
            },
            Some(Op::AtLeast(k, parts)) => match self.at_least(*k, parts, sign) {
                Some(formula) => formula,
                None => self.flag(node, sign, Some(Grade::Opaque)),
            },
            Some(Op::Compare(cmp, left, right)) => match self.compare(*cmp, *left, *right, sign) {
                Some(formula) => formula,
                None => self.flag(node, sign, Some(Grade::Opaque)),
            },
            Some(Op::IsNone(inner)) => match self.none(*inner, sign) {
                Some(formula) => formula,
                None => self.flag(node, sign, Some(Grade::Opaque)),
            },
            Some(Op::Contains { list, item }) => match self.contains(node, *list, *item, sign) {
                Some(formula) => formula,
                None => self.flag(node, sign, Some(Grade::Opaque)),
            },
            Some(Op::InForce(period)) => self.in_force(*period, sign),
            Some(Op::ReadingIs(reading, alternative)) => self.reading(*reading, *alternative, sign),
            Some(Op::Recorded(fact)) => self.recorded(*fact, sign),
            Some(Op::Scope { applies, body, .. }) => {
                let inside = self.sign(*applies, Sign::Holds);
                let body = self.sign(*body, sign);
                let within = all(vec![inside, body]);
                if sign == Sign::Outside {
                    any(vec![self.passed_over(*applies), within])
                } else {
                    within
                }
            }
            Some(Op::NotApplicable(_)) => truth(sign == Sign::Outside),
            Some(Op::Cases { cases, otherwise }) if cases.len() <= MAX_CASES => {
                self.among_cases(cases, *otherwise, sign)
            }
            Some(Op::Override {
                base,
                exceptions,
                beats,
            }) if exceptions.len() <= 32 => {
                let mut ways = Vec::with_capacity(exceptions.len() + 1);
                for (at, exception) in exceptions.iter().enumerate() {
                    let mut parts = self.exception(at, exceptions, beats);
                    parts.push(self.sign(exception.value, sign));
                    ways.push(all(parts));
                }
                let mut parts: Vec<_> = exceptions
                    .iter()
                    .map(|one| self.passed_over(one.guard))
                    .collect();
                parts.push(self.sign(*base, sign));
                ways.push(all(parts));
                if sign == Sign::Outside {
                    ways.extend(exceptions.iter().map(|one| self.sign(one.guard, sign)));
                }
                any(ways)
            }
            Some(Op::OrElse(first, second)) => {
                let (first, second) = (*first, *second);
                let own = self.sign(first, sign);
                match self.none(first, Sign::Holds) {
                    Some(none) => {
                        let other = self.sign(second, sign);
                        any(vec![own, all(vec![none, other])])
                    }
                    None => self.flag(node, sign, Some(Grade::Opaque)),
                }
            }
            Some(_) => self.flag(node, sign, None),
            None => self.flag(node, sign, Some(Grade::Opaque)),
        }
    }

    /// When the case that decides comes out that way.
    pub(super) fn among_cases(
        &mut self,
        cases: &[(NodeId, NodeId)],
        otherwise: Option<NodeId>,
        sign: Sign,
    ) -> Rc<Formula> {
        let mut rest = match otherwise {
            Some(otherwise) => self.sign(otherwise, sign),
            None => truth(false),
        };
        for (guard, value) in cases.iter().rev() {
            let taken = vec![self.sign(*guard, Sign::Holds), self.sign(*value, sign)];
            let next = vec![self.sign(*guard, Sign::Fails), rest.clone()];
            // A guard that is not applicable leaves what both ways agree on, else passes it on.
            let outside = self.sign(*guard, Sign::Outside);
            let either = match sign {
                Sign::Outside => outside,
                Sign::Holds | Sign::Fails => all(vec![outside, self.sign(*value, sign), rest]),
            };
            rest = any(vec![all(taken), all(next), either]);
        }
        rest
    }

    /// When exception `at` decides: it applies and none that prevails over it does.
    pub(super) fn exception(
        &mut self,
        at: usize,
        exceptions: &[Exception],
        beats: &[(u32, u32)],
    ) -> Vec<Rc<Formula>> {
        let mut parts = Vec::new();
        if let Some(exception) = exceptions.get(at) {
            parts.push(self.sign(exception.guard, Sign::Holds));
        }
        for (winner, loser) in beats {
            if *loser as usize == at
                && let Some(winner) = exceptions.get(*winner as usize)
            {
                parts.push(self.passed_over(winner.guard));
            }
        }
        parts
    }

    pub(super) fn together(&mut self, parts: &[NodeId], sign: Sign, and: bool) -> Rc<Formula> {
        let scoped = parts.iter().any(|part| self.regions.shapes.scoped(*part));
        let every = |query: &mut Self, sign: Sign| {
            let list: Vec<_> = parts.iter().map(|part| query.sign(*part, sign)).collect();
            list
        };
        let strong = if and { Sign::Holds } else { Sign::Fails };
        if sign == Sign::Outside {
            if parts.is_empty() {
                return truth(false);
            }
            return all(every(self, Sign::Outside));
        }
        if sign != strong {
            return any(every(self, sign));
        }
        if !scoped {
            return all(every(self, sign));
        }
        // Operands out of scope are left out, but not all of them can be.
        let some = any(every(self, sign));
        let mut list = vec![some];
        for part in parts {
            let either = vec![self.sign(*part, sign), self.sign(*part, Sign::Outside)];
            list.push(any(either));
        }
        all(list)
    }

    /// Operands that are not applicable are passed on where none decides.
    pub(super) fn strictly(&mut self, parts: &[NodeId], sign: Sign, and: bool) -> Rc<Formula> {
        let strong = if and { Sign::Holds } else { Sign::Fails };
        let every = |query: &mut Self, sign: Sign| {
            let list: Vec<_> = parts.iter().map(|part| query.sign(*part, sign)).collect();
            list
        };
        if sign == strong {
            return all(every(self, sign));
        }
        if sign != Sign::Outside {
            return any(every(self, sign));
        }
        let mut list = vec![any(every(self, Sign::Outside))];
        for part in parts {
            let either = vec![self.sign(*part, strong), self.sign(*part, Sign::Outside)];
            list.push(any(either));
        }
        all(list)
    }

    pub(super) fn at_least(
        &mut self,
        k: NodeId,
        parts: &[NodeId],
        sign: Sign,
    ) -> Option<Rc<Formula>> {
        if parts.len() > 64 {
            return None;
        }
        // Operands out of scope are left out, but not all of them can be.
        if sign == Sign::Outside {
            return Some(self.together(parts, sign, true));
        }
        let scoped = parts.iter().any(|part| self.regions.shapes.scoped(*part));
        let inside = match scoped {
            true => {
                let either = parts
                    .iter()
                    .flat_map(|part| [(*part, Sign::Holds), (*part, Sign::Fails)]);
                let either: Vec<_> = either.map(|(part, sign)| self.sign(part, sign)).collect();
                any(either)
            }
            false => truth(true),
        };
        let Some(Op::Const(Const::Number(k))) = self.regions.op(k) else {
            return None;
        };
        let k = (0..=parts.len() as i64 + 1)
            .find(|whole| Number::from_i64(*whole) >= *k)
            .unwrap_or(parts.len() as i64 + 1) as usize;
        let need = match sign {
            Sign::Holds => k,
            Sign::Fails | Sign::Outside => (parts.len() + 1).saturating_sub(k),
        };
        // ways[n]: at least n of the parts seen so far.
        let mut ways: Vec<Rc<Formula>> = vec![truth(true)];
        ways.resize(need + 1, truth(false));
        for part in parts {
            let mut part_so = vec![self.sign(*part, sign)];
            if sign == Sign::Fails {
                part_so.push(self.sign(*part, Sign::Outside));
            }
            let part = any(part_so);
            let mut next = Vec::with_capacity(ways.len());
            let mut fewer: Option<Rc<Formula>> = None;
            for way in &ways {
                next.push(match &fewer {
                    None => way.clone(),
                    Some(fewer) => any(vec![way.clone(), all(vec![fewer.clone(), part.clone()])]),
                });
                fewer = Some(way.clone());
            }
            ways = next;
        }
        ways.pop().map(|way| all(vec![inside, way]))
    }

    /// A condition that is an atom itself.
    pub(super) fn flag(&mut self, node: NodeId, sign: Sign, grade: Option<Grade>) -> Rc<Formula> {
        let var = self.var(node, grade);
        let set = match sign {
            Sign::Holds => Set::whole(1, 1),
            Sign::Fails => Set::whole(0, 0),
            Sign::Outside => Set::flags(NA),
        };
        self.is(var, &set)
    }

    pub(super) fn is(&self, var: VarId, set: &Set) -> Rc<Formula> {
        let Some(domain) = self.vars.get(var).map(|var| &var.domain) else {
            return truth(false);
        };
        let set = set.meet(domain);
        if set.is_empty() {
            truth(false)
        } else if set == *domain {
            truth(true)
        } else {
            Rc::new(Formula::Is(var, set))
        }
    }

    pub(super) fn in_force(&mut self, period: Period, sign: Sign) -> Rc<Formula> {
        let day =
            |date: polc_runtime::value::Date| Cut::Before(Number::from_i64(date.days().into()));
        let inside = Set::span(
            period.from.map_or(Cut::Min, day),
            period.before.map_or(Cut::Max, day),
        );
        let var = self.as_of();
        match sign {
            Sign::Holds => self.is(var, &inside),
            Sign::Fails => self.is(var, &Set::all().minus(&inside)),
            Sign::Outside => truth(false),
        }
    }

    pub(super) fn reading(
        &mut self,
        reading: ReadingId,
        alternative: u32,
        sign: Sign,
    ) -> Rc<Formula> {
        let count = self.regions.program.readings.get(reading as usize);
        let count = count.map_or(1, |reading| reading.alternatives.len() as i64);
        let var = self.atom(Key::Reading(reading), || Var {
            key: Key::Reading(reading),
            ty: Type::Int,
            domain: Set::whole(0, count - 1),
            discrete: true,
            grade: Grade::Free,
            roots: Vec::new(),
            event: false,
        });
        let one = Set::whole(alternative.into(), alternative.into());
        match sign {
            Sign::Holds => self.is(var, &one),
            Sign::Fails => self.is(var, &Set::all().minus(&one)),
            Sign::Outside => truth(false),
        }
    }

    pub(super) fn recorded(&mut self, fact: FactId, sign: Sign) -> Rc<Formula> {
        let var = self.fact(fact);
        match sign {
            Sign::Holds => self.is(var, &Set::all().with(NONE)),
            Sign::Fails => self.is(var, &Set::flags(OPEN)),
            Sign::Outside => truth(false),
        }
    }
}
