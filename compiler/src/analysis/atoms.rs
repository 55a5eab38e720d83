//! From nodes to formulas: conditions become positive combinations of `atom is one of these states`.
//!
//! A condition is asked for in three ways ([`Sign`]): that it holds, that it does not, and that it is
//! not applicable. Each way is a formula of its own, so no formula is ever negated and states that are
//! neither (a judgement that is not recorded) need no special rule.

use super::domain::{discrete, plain, within};
use super::linear::Linear;
use super::made::Made;
use super::regions::Regions;
use super::sets::{Cut, NA, NONE, OPEN, Set, after};
use super::shape::{binding, children};
use polc_runtime::ir::{
    BinderId, Const, Exception, Fact, FactId, FactKind, NodeId, Op, Period, ReadingId, Type,
};
use polc_runtime::value::Number;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Index of an atom in one query.
pub(super) type VarId = usize;

/// Nodes one query looks into before it takes the rest as they are.
const MAX_NODES: usize = 20_000;
/// How deep a question looks into definitions: first hardly, then a little, then as far as is sensible.
pub(super) const DEPTHS: [usize; 3] = [3, 12, 96];
/// Alternatives a value may have before it counts as opaque.
const MAX_BRANCHES: usize = 24;
/// Cases and exceptions that are looked into.
const MAX_CASES: usize = 200;
/// Nodes looked at to find what a derived atom depends on.
const MAX_SUPPORT: usize = 400;

/// Parts of a formula that are taken over into the one around it. Taking over more would copy what two
/// formulas share, once per formula above it.
const MAX_FLAT: usize = 64;

/// A formula over atoms. Formulas share their parts: a walk over one looks at a part once, however many
/// ways lead to it, as their number doubles with each definition that tests another twice.
#[derive(Debug)]
pub(super) enum Formula {
    /// Always.
    True,
    /// Never.
    False,
    /// The atom is in one of these states.
    Is(VarId, Set),
    /// All of these.
    All(Vec<Rc<Formula>>),
    /// Some of these.
    Any(Vec<Rc<Formula>>),
}

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

/// What tells two atoms apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    /// The day of evaluation.
    AsOf,
    /// An input.
    Fact(FactId),
    /// A declared ambiguity.
    Reading(ReadingId),
    /// Any other node.
    Node(NodeId),
    /// How two atoms compare: 0 less, 1 equal, 2 greater.
    Order(VarId, VarId),
    /// A weighted sum of several atoms.
    Linear(Vec<(VarId, Number)>),
}

/// How far an example may rest on an atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    /// An input: every state of its domain can be had.
    Free,
    /// Computed: every state can be had as long as nothing else pins its inputs.
    Derived,
    /// Nothing is known about which states can be had together with others.
    Opaque,
}

/// Something a derived atom depends on: a fact, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Root {
    /// The day of evaluation.
    AsOf,
    /// A fact, or one field of it.
    Fact(FactId, Option<NodeId>),
    /// An item of a list, or one field of it.
    Item(NodeId),
}

/// An atom.
#[derive(Debug, Clone)]
pub(super) struct Var {
    /// Identity.
    pub(super) key: Key,
    /// Type of its values.
    pub(super) ty: Type,
    /// Every state it can be in.
    pub(super) domain: Set,
    /// Between two whole numbers there is nothing.
    pub(super) discrete: bool,
    /// How far to trust an example.
    pub(super) grade: Grade,
    /// What it depends on.
    pub(super) roots: Vec<Root>,
    /// Never later than the day of evaluation.
    pub(super) event: bool,
}

/// One thing a value can be.
#[derive(Debug, Clone)]
pub(super) enum Leaf {
    /// A constant.
    Const(Const),
    /// Whatever the atom is.
    Var(VarId),
    /// A number made from atoms.
    Linear(Linear),
    /// Not applicable.
    Outside,
}

/// What a value can be, each with its condition.
pub(super) type Branches = Rc<Vec<(Rc<Formula>, Leaf)>>;

/// One question and the atoms it is about.
pub(super) struct Query<'r, 'a> {
    pub(super) regions: &'r Regions<'a>,
    pub(super) vars: Vec<Var>,
    keys: HashMap<Key, VarId>,
    signs: HashMap<(NodeId, Sign), Rc<Formula>>,
    values: HashMap<NodeId, Option<Branches>>,
    made: Made,
    seen: usize,
    depth: usize,
    max_depth: usize,
    /// Something was taken as it is because it lies too deep.
    pub(super) cut: bool,
}

/// All of these, simplified.
pub(super) fn all(parts: Vec<Rc<Formula>>) -> Rc<Formula> {
    let mut kept: Vec<Rc<Formula>> = Vec::with_capacity(parts.len());
    for part in parts {
        match &*part {
            Formula::True => {}
            Formula::False => return part,
            Formula::All(inner) if inner.len() <= MAX_FLAT => kept.extend(inner.iter().cloned()),
            Formula::All(_) | Formula::Any(_) | Formula::Is(..) => kept.push(part),
        }
    }
    once(&mut kept);
    match kept.len() {
        0 => Rc::new(Formula::True),
        1 => kept.swap_remove(0),
        _ => Rc::new(Formula::All(kept)),
    }
}

/// Some of these, simplified.
pub(super) fn any(parts: Vec<Rc<Formula>>) -> Rc<Formula> {
    let mut kept: Vec<Rc<Formula>> = Vec::with_capacity(parts.len());
    for part in parts {
        match &*part {
            Formula::False => {}
            Formula::True => return part,
            Formula::Any(inner) if inner.len() <= MAX_FLAT => kept.extend(inner.iter().cloned()),
            Formula::All(_) | Formula::Any(_) | Formula::Is(..) => kept.push(part),
        }
    }
    once(&mut kept);
    match kept.len() {
        0 => Rc::new(Formula::False),
        1 => kept.swap_remove(0),
        _ => Rc::new(Formula::Any(kept)),
    }
}

/// Leaves out what is there already.
fn once(parts: &mut Vec<Rc<Formula>>) {
    if parts.len() > 1 && parts.iter().any(|part| Rc::strong_count(part) > 1) {
        let mut seen = HashSet::with_capacity(parts.len());
        parts.retain(|part| seen.insert(Rc::as_ptr(part)));
    }
}

/// Always or never.
pub(super) fn truth(value: bool) -> Rc<Formula> {
    Rc::new(if value { Formula::True } else { Formula::False })
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

    fn decompose(&mut self, node: NodeId, sign: Sign) -> Rc<Formula> {
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
    fn among_cases(
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
    fn exception(
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

    fn together(&mut self, parts: &[NodeId], sign: Sign, and: bool) -> Rc<Formula> {
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
    fn strictly(&mut self, parts: &[NodeId], sign: Sign, and: bool) -> Rc<Formula> {
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

    fn at_least(&mut self, k: NodeId, parts: &[NodeId], sign: Sign) -> Option<Rc<Formula>> {
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

    fn in_force(&mut self, period: Period, sign: Sign) -> Rc<Formula> {
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

    fn reading(&mut self, reading: ReadingId, alternative: u32, sign: Sign) -> Rc<Formula> {
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

    fn recorded(&mut self, fact: FactId, sign: Sign) -> Rc<Formula> {
        let var = self.fact(fact);
        match sign {
            Sign::Holds => self.is(var, &Set::all().with(NONE)),
            Sign::Fails => self.is(var, &Set::flags(OPEN)),
            Sign::Outside => truth(false),
        }
    }

    pub(super) fn none(&mut self, node: NodeId, sign: Sign) -> Option<Rc<Formula>> {
        let branches = self.branches(node)?;
        let mut ways = Vec::with_capacity(branches.len());
        for (when, leaf) in branches.iter() {
            let part = match (leaf, sign) {
                (Leaf::Outside, sign) => truth(sign == Sign::Outside),
                (Leaf::Const(value), Sign::Holds) => truth(*value == Const::None),
                (Leaf::Const(value), Sign::Fails) => truth(*value != Const::None),
                (Leaf::Const(_), Sign::Outside) => truth(false),
                (Leaf::Linear(_), Sign::Holds) => truth(false),
                (Leaf::Linear(form), Sign::Outside) => self.form_outside(form),
                (Leaf::Linear(form), Sign::Fails) => {
                    let values = form.terms.iter().map(|(var, _)| self.is(*var, &Set::all()));
                    all(values.collect())
                }
                (Leaf::Var(var), Sign::Holds) => self.is(*var, &Set::flags(NONE)),
                (Leaf::Var(var), Sign::Fails) => self.is(*var, &Set::all()),
                (Leaf::Var(var), Sign::Outside) => self.is(*var, &Set::flags(NA)),
            };
            ways.push(all(vec![when.clone(), part]));
        }
        Some(any(ways))
    }

    /// What a value can be, and when.
    pub(super) fn branches(&mut self, node: NodeId) -> Option<Branches> {
        let node = self.regions.shapes.canon(node);
        if let Some(known) = self.values.get(&node) {
            return known.clone();
        }
        self.seen += 1;
        let atom = matches!(
            self.regions.op(node),
            Some(Op::Const(_) | Op::Fact(_) | Op::AsOf)
        );
        let found = if !atom && (self.seen > MAX_NODES || self.depth >= self.max_depth) {
            self.cut = true;
            self.opaque_value(node)
        } else {
            self.depth += 1;
            let mut found = self.split(node);
            if found.is_none() {
                found = self.opaque_value(node);
            }
            self.depth -= 1;
            found.map(|ways| self.made.shared_ways(&ways))
        };
        self.values.insert(node, found.clone());
        found
    }

    /// A guard that is not applicable may leave the value so; where the ways agree it does not.
    fn may_pass_on(
        &mut self,
        ways: &mut Vec<(Rc<Formula>, Leaf)>,
        before: &[Rc<Formula>],
        guard: NodeId,
    ) {
        let outside = self.sign(guard, Sign::Outside);
        if !matches!(*outside, Formula::False) {
            let mut when = before.to_vec();
            when.push(outside);
            ways.push((all(when), Leaf::Outside));
        }
    }

    fn opaque_value(&mut self, node: NodeId) -> Option<Branches> {
        let comparable = !matches!(
            self.regions.ty(node).map(|ty| plain(ty).0),
            None | Some(Type::Record(_) | Type::List(_) | Type::Set(_))
        );
        if !comparable {
            return None;
        }
        let var = self.var(node, Some(Grade::Opaque));
        Some(Rc::new(vec![(truth(true), Leaf::Var(var))]))
    }

    fn split(&mut self, node: NodeId) -> Option<Branches> {
        let regions = self.regions;
        let mut ways: Vec<(Rc<Formula>, Leaf)> = Vec::new();
        match regions.op(node) {
            Some(Op::Const(Const::List(_))) => return None,
            Some(Op::Const(value)) => ways.push((truth(true), Leaf::Const(value.clone()))),
            Some(Op::NotApplicable(_)) => ways.push((truth(true), Leaf::Outside)),
            Some(Op::Scope { applies, body, .. }) => {
                let inside = self.sign(*applies, Sign::Holds);
                let body = self.branches(*body)?;
                add(&mut ways, &[inside], &body);
                ways.push((self.passed_over(*applies), Leaf::Outside));
            }
            Some(Op::Cases { cases, otherwise }) if cases.len() <= MAX_BRANCHES => {
                let mut before: Vec<Rc<Formula>> = Vec::new();
                for (guard, value) in cases {
                    let value = self.branches(*value)?;
                    let mut when = before.clone();
                    when.push(self.sign(*guard, Sign::Holds));
                    add(&mut ways, &when, &value);
                    self.may_pass_on(&mut ways, &before, *guard);
                    before.push(self.passed_over(*guard));
                    if ways.len() > MAX_BRANCHES {
                        return None;
                    }
                }
                if let Some(otherwise) = otherwise {
                    let value = self.branches(*otherwise)?;
                    add(&mut ways, &before, &value);
                }
            }
            Some(Op::Override {
                base,
                exceptions,
                beats,
            }) if exceptions.len() <= MAX_BRANCHES => {
                for (at, exception) in exceptions.iter().enumerate() {
                    let value = self.branches(exception.value)?;
                    let when = self.exception(at, exceptions, beats);
                    add(&mut ways, &when, &value);
                    self.may_pass_on(&mut ways, &[], exception.guard);
                }
                let when: Vec<_> = exceptions
                    .iter()
                    .map(|one| self.passed_over(one.guard))
                    .collect();
                let value = self.branches(*base)?;
                add(&mut ways, &when, &value);
            }
            Some(Op::OrElse(first, second)) => {
                let first = self.branches(*first)?;
                let second = self.branches(*second)?;
                for (when, leaf) in first.iter() {
                    match leaf {
                        Leaf::Const(Const::None) => {
                            add(&mut ways, std::slice::from_ref(when), &second);
                        }
                        Leaf::Var(var) => {
                            let value = self.is(*var, &Set::all());
                            ways.push((all(vec![when.clone(), value]), leaf.clone()));
                            let none = self.is(*var, &Set::flags(NONE));
                            add(&mut ways, &[when.clone(), none], &second);
                        }
                        Leaf::Const(_) | Leaf::Linear(_) | Leaf::Outside => {
                            ways.push((when.clone(), leaf.clone()))
                        }
                    }
                }
            }
            Some(op) => match self.linear(node, op) {
                Some(found) => ways.extend(found.iter().cloned()),
                None => {
                    let ty = plain(regions.ty(node)?).0;
                    if matches!(ty, Type::Record(_) | Type::List(_) | Type::Set(_)) {
                        return None;
                    }
                    let var = self.var(node, None);
                    ways.push((truth(true), Leaf::Var(var)));
                }
            },
            None => return None,
        }
        ways.retain(|(when, _)| !matches!(**when, Formula::False));
        (ways.len() <= MAX_BRANCHES).then(|| Rc::new(ways))
    }

    /// The atom of a key, made when it is new.
    pub(super) fn atom(&mut self, key: Key, make: impl FnOnce() -> Var) -> VarId {
        if let Some(known) = self.keys.get(&key) {
            return *known;
        }
        let var = self.vars.len();
        self.vars.push(make());
        self.keys.insert(key, var);
        var
    }

    /// The day of evaluation.
    pub(super) fn as_of(&mut self) -> VarId {
        self.atom(Key::AsOf, || Var {
            key: Key::AsOf,
            ty: Type::Date,
            domain: Set::all(),
            discrete: true,
            grade: Grade::Free,
            roots: vec![Root::AsOf],
            event: false,
        })
    }

    /// The day of evaluation, if the question has to do with it.
    pub(super) fn known_as_of(&self) -> Option<VarId> {
        self.keys.get(&Key::AsOf).copied()
    }

    fn fact(&mut self, id: FactId) -> VarId {
        let fact = self.regions.program.facts.get(id as usize);
        let event = fact.is_some_and(|fact| fact.kind == FactKind::Event);
        if event {
            self.as_of();
        }
        let regions = self.regions;
        self.atom(Key::Fact(id), || {
            let ty = fact.map_or(Type::Bool, |fact: &Fact| fact.ty.clone());
            let mut domain = regions.domain(&ty);
            if let Some(fact) = fact {
                domain = within(domain, fact.range.as_ref(), discrete(&ty));
                if matches!(fact.kind, FactKind::Judgement { .. }) {
                    domain.flags |= OPEN;
                }
            }
            Var {
                key: Key::Fact(id),
                discrete: discrete(&ty),
                ty,
                domain,
                grade: Grade::Free,
                roots: vec![Root::Fact(id, None)],
                event,
            }
        })
    }

    /// The atom of a node that is not taken apart.
    fn var(&mut self, node: NodeId, grade: Option<Grade>) -> VarId {
        let node = self.regions.shapes.canon(node);
        match self.regions.op(node) {
            Some(Op::AsOf) => return self.as_of(),
            Some(Op::Fact(id)) => return self.fact(*id),
            _ => {}
        }
        if let Some(known) = self.keys.get(&Key::Node(node)) {
            return *known;
        }
        let regions = self.regions;
        let ty = regions.ty(node).cloned().unwrap_or(Type::Bool);
        let mut domain = regions.domain(&ty);
        let mut event = false;
        if let Some(field) = regions.field(node) {
            domain = within(domain, field.range.as_ref(), discrete(&ty));
            event = field.kind == FactKind::Event;
        }
        let (low, high) = regions.bounds(node, 0);
        let (low, high) = (
            low.map_or(Cut::Min, Cut::Before),
            high.map_or(Cut::Max, |high| after(high, discrete(&ty))),
        );
        if (low, high) != (Cut::Min, Cut::Max) {
            domain = domain.meet(&Set::span(low, high).with(NONE));
        }
        if regions.shapes.scoped(node) {
            domain.flags |= NA;
        }
        if event {
            self.as_of();
        }
        let (roots, found) = self.support(node).unwrap_or((Vec::new(), Grade::Opaque));
        let grade = grade.unwrap_or(match (&ty, found) {
            (Type::Bool, Grade::Derived) => Grade::Opaque,
            _ => found,
        });
        self.atom(Key::Node(node), || Var {
            key: Key::Node(node),
            discrete: discrete(&ty),
            ty,
            domain,
            grade,
            roots,
            event,
        })
    }

    /// What a node depends on and how.
    pub(super) fn support(&self, node: NodeId) -> Option<(Vec<Root>, Grade)> {
        let regions = self.regions;
        if let Some(root) = regions.root(node) {
            return Some((vec![root], Grade::Free));
        }
        let mut roots: Vec<Root> = Vec::new();
        let mut grade = Grade::Derived;
        let mut binders: HashSet<BinderId> = HashSet::new();
        let mut todo: Vec<(NodeId, bool)> = vec![(node, false)];
        let mut seen: HashSet<NodeId> = HashSet::new();
        while let Some((node, in_list)) = todo.pop() {
            let node = regions.shapes.canon(node);
            if !seen.insert(node) {
                continue;
            }
            if seen.len() > MAX_SUPPORT {
                return None;
            }
            if let Some(root) = regions.root(node) {
                if !roots.contains(&root) {
                    roots.push(root);
                }
                continue;
            }
            let op = regions.op(node)?;
            let bound = binding(op);
            binders.extend(bound.map(|(binder, ..)| regions.shapes.binder(binder)));
            let chooses = matches!(
                op,
                Op::Cases { .. } | Op::Override { .. } | Op::Scope { .. } | Op::OrElse(..)
            );
            let loses = matches!(
                op,
                Op::Ever { .. }
                    | Op::AtDate { .. }
                    | Op::Granted { .. }
                    | Op::Recorded(_)
                    | Op::ScheduleNext(..)
                    | Op::SchedulePrevious(..)
                    | Op::ScheduleOn(..)
                    | Op::Round { .. }
                    | Op::StartOf(..)
                    | Op::EndOf(..)
                    | Op::Distinct(_)
            );
            if loses || (chooses && !in_list) {
                grade = Grade::Opaque;
            }
            todo.extend(
                children(op)
                    .into_iter()
                    .map(|child| (child, in_list || bound.is_some())),
            );
        }
        // The items of its own loops are not chosen apart from the list.
        roots.retain(|root| match root {
            Root::Item(item) => regions
                .loop_of(*item)
                .is_none_or(|own| !binders.contains(&own)),
            Root::AsOf | Root::Fact(..) => true,
        });
        if roots.is_empty() {
            grade = Grade::Opaque;
        }
        Some((roots, grade))
    }
}

fn add(ways: &mut Vec<(Rc<Formula>, Leaf)>, when: &[Rc<Formula>], value: &Branches) {
    for (inner, leaf) in value.iter() {
        let mut parts = when.to_vec();
        parts.push(inner.clone());
        ways.push((all(parts), leaf.clone()));
    }
}
