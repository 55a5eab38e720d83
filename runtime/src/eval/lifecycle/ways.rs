//! One way things may have gone, and when two of them are told as one.

use super::super::Evaluation;
use crate::ir::NodeId;
use crate::ir::lifecycle::Lifecycle;
use crate::value::algebra::{bounds_of, hull, join, join_deep, open, open_inside};
use crate::value::{Bounds, Date, Open, Outcome, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An item of a list by its day and its place among those of that day. The place in the whole list would
/// not do: an item of an earlier day may be recorded later.
pub(super) type ItemKey = (Date, u32);

/// One way things may have gone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    pub(super) state: u32,
    /// A day, none in the state everything starts in, or open.
    pub(super) since: Outcome,
    pub(super) deadline: Outcome,
    /// For each list, the items taken.
    pub(super) taken: Vec<Taken>,
    pub(super) kept: Vec<Outcome>,
    /// From when on states that were left may be entered again.
    pub(super) again: BTreeMap<u32, Outcome>,
    /// The moves so far; `None` where ways with different ones were told as one.
    pub(super) history: Option<Arc<Vec<Step>>>,
    /// The states entered in this round of the day; false where that is so only on some of the ways told as one.
    pub(super) entered: BTreeMap<u32, bool>,
    /// What has led on already or was held back; false where that is not certain.
    pub(super) spent: BTreeMap<Mark, bool>,
    /// What is missing and taken to be so on this way: conditions that are the same on every day, and events
    /// of which no day is known that are taken to have happened by now.
    pub(super) assumed: BTreeMap<NodeId, bool>,
    /// Lines whose unknown guard is taken not to hold here; it is the same on every day.
    pub(super) refused: BTreeSet<u32>,
    /// Why no answer can be given on this way.
    pub(super) failed: Option<Outcome>,
    /// What is missing to know whether it went this way.
    pub(super) needs: Open,
    /// Something may move it on a day that is not known.
    pub(super) restless: bool,
}

/// A quick hasher: it only keeps apart what need not be compared.
struct Print(u64);

impl Hasher for Print {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_i32(&mut self, value: i32) {
        self.write_u64(u64::from(value.unsigned_abs()));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517C_C1B7_2722_0A95);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u64(value.unsigned_abs() as u64);
    }
}

/// The items taken from one list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Taken {
    /// How many of each day, and the one taken last.
    Items {
        counts: Arc<BTreeMap<Date, u32>>,
        last: Option<ItemKey>,
    },
    /// It is not known which.
    Unknown(Arc<Open>),
}

/// A move.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) on: Outcome,
    pub(super) to: u32,
    pub(super) id: u32,
}

/// What leads on once only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Mark {
    pub(super) line: u32,
    pub(super) what: What,
    /// The items the line speaks of, by list.
    pub(super) items: Vec<(u32, ItemKey)>,
}

/// What a line was set off by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum What {
    /// A condition or a deadline: until it comes to hold anew or a state is entered.
    Stay,
    /// An event of a day; `None` where its day is not known.
    Event(Option<Date>),
    /// A recorded judgement.
    Decision,
}

impl Way {
    /// Where everything starts.
    pub(super) fn new(machine: &Lifecycle) -> Way {
        let none = Outcome::Known(Value::None);
        let taken = Taken::Items {
            counts: Arc::default(),
            last: None,
        };
        Way {
            state: machine.starts,
            since: none.clone(),
            deadline: none.clone(),
            taken: vec![taken; machine.rounds.len()],
            kept: vec![none; machine.kept.len()],
            again: BTreeMap::new(),
            history: Some(Arc::default()),
            entered: BTreeMap::new(),
            spent: BTreeMap::new(),
            assumed: BTreeMap::new(),
            refused: BTreeSet::new(),
            failed: None,
            needs: Open::default(),
            restless: false,
        }
    }

    /// The same but for what is missing to know whether it went this way.
    fn same(&self, other: &Way) -> bool {
        self.leads_like(other) && self.since == other.since
    }

    /// The same in all that it leads on by: not in the day of the last move.
    fn leads_like(&self, other: &Way) -> bool {
        self.alike(other)
            && self.deadline == other.deadline
            && self.history == other.history
            && self.refused == other.refused
            && self.failed == other.failed
    }

    /// The same but for the days and the moves that led here.
    fn alike(&self, other: &Way) -> bool {
        self.state == other.state
            && self.taken == other.taken
            && self.entered == other.entered
            && self.spent == other.spent
            && self.assumed == other.assumed
            && self.again == other.again
            && self.kept == other.kept
    }

    /// A number that ways have in common that are alike.
    fn print(&self) -> u64 {
        let mut hasher = Print(0);
        self.state.hash(&mut hasher);
        for taken in &self.taken {
            if let Taken::Items { counts, last } = taken {
                (counts.last_key_value(), counts.len(), last).hash(&mut hasher);
            }
        }
        self.entered.hash(&mut hasher);
        self.spent.hash(&mut hasher);
        self.assumed.hash(&mut hasher);
        hasher.finish()
    }

    /// Whether nothing that may still matter on it is in doubt.
    pub(super) fn is_settled(&self) -> bool {
        let open = |outcome: &Outcome| matches!(outcome, Outcome::Open(_));
        !self.timeless()
            && self.history.is_some()
            && self
                .entered
                .values()
                .chain(self.spent.values())
                .all(|certain| *certain)
            && !self.again.values().any(open)
            && !open(&self.deadline)
            && self
                .taken
                .iter()
                .all(|taken| matches!(taken, Taken::Items { .. }))
    }

    /// Nothing is missing any more to know whether it went this way. What is still open of what it keeps, or of its
    /// days, may have come about on more ways than this one.
    pub(super) fn settle(&mut self) {
        let needs = std::mem::take(&mut self.needs);
        if needs == Open::default() {
            return;
        }
        for kept in &mut self.kept {
            *kept = hangs_on(kept, &needs);
        }
        let open = |step: &Step| matches!(step.on, Outcome::Open(_));
        if let Some(history) = &mut self.history
            && history.iter().any(open)
        {
            for step in Arc::make_mut(history) {
                step.on = hangs_on(&step.on, &needs);
            }
        }
    }

    /// Whether the day of the last move is open: such ways are told as one where nothing else differs.
    fn timeless(&self) -> bool {
        matches!(self.since, Outcome::Open(_))
    }
}

/// The ways so far; those that came out the same are one.
pub(super) struct Ways {
    pub(super) all: Vec<Way>,
    /// The print of each.
    prints: Vec<u64>,
    /// Whether ways in the same state are told as one, whatever else differs.
    coarse: bool,
    /// Whether one that differs in the day of the last move alone says nothing new.
    any_day: bool,
    most: usize,
}

impl Ways {
    pub(super) fn new(most: usize) -> Ways {
        Ways {
            all: Vec::new(),
            prints: Vec::new(),
            coarse: false,
            any_day: false,
            most: most.max(1),
        }
    }

    /// The ways that were followed on through a span already.
    pub(super) fn tried(most: usize) -> Ways {
        Ways {
            any_day: true,
            ..Ways::new(most)
        }
    }

    pub(super) fn is_coarse(&self) -> bool {
        self.coarse
    }

    /// Adds a way; where it said something new, what it now stands among the others as.
    pub(super) fn add(
        &mut self,
        evaluation: &Evaluation,
        machine: &Lifecycle,
        way: Way,
    ) -> Option<&Way> {
        let at = self.place(evaluation, machine, way)?;
        self.all.get(at)
    }

    /// The place of a way that said something new.
    fn place(&mut self, evaluation: &Evaluation, machine: &Lifecycle, way: Way) -> Option<usize> {
        let print = way.print();
        let mut known = self.all.iter_mut().zip(&self.prints);
        if let Some((known, _)) = known.find(|(known, with)| **with == print && known.same(&way)) {
            join(&mut known.needs, &way.needs);
            known.restless |= way.restless;
            return None;
        }
        let coarse = self.coarse;
        let near = |known: &Way, with: u64| {
            known.state == way.state
                && known.failed.is_none()
                && way.failed.is_none()
                && (coarse
                    || (with == print && known.timeless() && way.timeless() && known.alike(&way)))
        };
        let known = self.all.iter_mut().zip(&mut self.prints);
        let mut known = known.enumerate();
        if let Some((at, (known, with))) = known.find(|(_, (known, with))| near(known, **with)) {
            let merged = evaluation.merged_way(machine, known, &way);
            let new = if self.any_day {
                !merged.leads_like(known)
            } else {
                !merged.same(known)
            };
            *known = merged;
            *with = known.print();
            return new.then_some(at);
        }
        let state = way.state;
        let failed = way.failed.is_some();
        self.prints.push(print);
        self.all.push(way);
        if self.all.len() > self.most && !self.coarse {
            self.become_coarse(evaluation, machine);
            let mut all = self.all.iter();
            return all.rposition(|way| way.state == state && way.failed.is_some() == failed);
        }
        Some(self.all.len() - 1)
    }

    /// From here on ways in the same state are one.
    pub(super) fn become_coarse(&mut self, evaluation: &Evaluation, machine: &Lifecycle) {
        self.coarse = true;
        self.prints.clear();
        for way in std::mem::take(&mut self.all) {
            self.add(evaluation, machine, way);
        }
    }
}

impl Evaluation<'_> {
    /// Two ways in the same state as one: what they agree on, and where they do not, what covers both.
    fn merged_way(&self, machine: &Lifecycle, a: &Way, b: &Way) -> Way {
        let mut needs = a.needs.clone();
        join(&mut needs, &b.needs);
        let kept = a.kept.iter().zip(&b.kept).zip(&machine.kept);
        let kept = kept.map(|((a, b), ty)| {
            if a == b {
                a.clone()
            } else {
                self.settle(&[open(needs.clone())], &[a.clone(), b.clone()], ty)
            }
        });
        let taken = a.taken.iter().zip(&b.taken).map(|(a, b)| {
            if a == b {
                return a.clone();
            }
            let mut missing = needs.clone();
            for taken in [a, b] {
                if let Taken::Unknown(open) = taken {
                    join(&mut missing, open);
                }
            }
            Taken::Unknown(Arc::new(missing))
        });
        let mut again = BTreeMap::new();
        for state in a.again.keys().chain(b.again.keys()) {
            let merged = match (a.again.get(state), b.again.get(state)) {
                (Some(a), Some(b)) => either_day(&needs, a, b),
                // On one of them it was never left: it may be free already.
                (Some(one), None) | (None, Some(one)) => {
                    let high = bounds_of(one).high;
                    unknown_day(&needs, &[one], Bounds { low: None, high })
                }
                (None, None) => continue,
            };
            again.insert(*state, merged);
        }
        let agreed = |node: &NodeId, value: &bool| b.assumed.get(node) == Some(value);
        Way {
            state: a.state,
            since: either_day(&needs, &a.since, &b.since),
            deadline: either_day(&needs, &a.deadline, &b.deadline),
            taken: taken.collect(),
            kept: kept.collect(),
            again,
            history: a.history.clone().filter(|_| a.history == b.history),
            entered: in_either(&a.entered, &b.entered),
            spent: in_either(&a.spent, &b.spent),
            assumed: a
                .assumed
                .iter()
                .filter(|(node, value)| agreed(node, value))
                .map(|(node, value)| (*node, *value))
                .collect(),
            refused: &a.refused & &b.refused,
            failed: a.failed.clone().or_else(|| b.failed.clone()),
            needs,
            restless: a.restless || b.restless,
        }
    }
}

/// What is open hangs on this as well.
pub(super) fn hangs_on(outcome: &Outcome, needs: &Open) -> Outcome {
    match outcome {
        Outcome::Open(missing) => {
            let mut missing = Open::clone(missing);
            join(&mut missing, needs);
            open(missing)
        }
        Outcome::Known(Value::Record(fields)) if open_inside(outcome) => {
            let fields = fields.iter().map(|field| hangs_on(field, needs));
            Outcome::Known(Value::Record(fields.collect()))
        }
        Outcome::Known(Value::List(_)) if open_inside(outcome) => {
            let mut missing = needs.clone();
            join_deep(&mut missing, outcome);
            open(missing)
        }
        other @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
            other.clone()
        }
    }
}

/// What is in either; certain where it is so in both.
fn in_either<K: Ord + Clone>(a: &BTreeMap<K, bool>, b: &BTreeMap<K, bool>) -> BTreeMap<K, bool> {
    if a == b {
        return a.clone();
    }
    let certain = |map: &BTreeMap<K, bool>, key: &K| map.get(key) == Some(&true);
    let keys = a.keys().chain(b.keys());
    keys.map(|key| (key.clone(), certain(a, key) && certain(b, key)))
        .collect()
}

/// A day that is one or the other.
fn either_day(needs: &Open, a: &Outcome, b: &Outcome) -> Outcome {
    if a == b {
        return a.clone();
    }
    unknown_day(needs, &[a, b], hull(bounds_of(a), bounds_of(b)))
}

fn unknown_day(needs: &Open, days: &[&Outcome], bounds: Bounds) -> Outcome {
    let mut missing = Open {
        bounds,
        ..needs.clone()
    };
    for day in days {
        if let Outcome::Open(open) = day {
            join(&mut missing, open);
        }
    }
    open(missing)
}
