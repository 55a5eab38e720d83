//! Lifecycles: a fold over the days on which anything can happen, up to as_of.
//!
//! The fold carries the ways things may have gone. While every date and condition it meets is known there is
//! one; what is missing splits it, and ways that come out the same merge again. On a day on which something may
//! happen each way goes on until nothing leads further. Between two such days nothing changes but what has no
//! known day: where a way waits for that, the span between them is looked at as one day that is not known.
//! The span before all of them is where undated conditions lead on.

mod days;
mod items;
mod moves;
mod ready;
mod record;
mod ways;
mod when;

use super::Evaluation;
use super::changes::Changes;
use crate::ir::lifecycle::{Lifecycle, Line, Trigger};
use crate::ir::{NodeId, Type};
use crate::value::algebra::{error, join, open};
use crate::value::{Date, Open, Outcome, Value};
use moves::Held;
use ready::Led;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use ways::{Mark, Way, Ways, What};
use when::When;

/// What one fold works with.
struct Fold<'m> {
    machine: &'m Lifecycle,
    /// The states by name.
    names: &'m [String],
    /// The lists on the day they were looked at last.
    lists: BTreeMap<u32, (Date, Result<Arc<items::Listed>, Outcome>)>,
    /// What nodes lack about the items of a list.
    needs_of_items: BTreeMap<(u32, NodeId), Open>,
    notes: BTreeSet<String>,
}

impl Fold<'_> {
    fn state_name(&self, state: u32) -> &str {
        self.names.get(state as usize).map_or("", String::as_str)
    }

    /// Why the day is not known on which a state was entered by what has no date.
    fn undated_since(&self, state: u32) -> Arc<str> {
        let (name, state) = (&self.machine.name, self.state_name(state));
        format!("no dated fact says since when `{name}` is `{state}`").into()
    }
}

/// What became of a way in one step.
#[derive(Default)]
struct Next {
    /// It may stay, now that nothing leads on for certain.
    stays: Option<Way>,
    moved: Vec<Way>,
}

/// The lines that are looked at together, in this order.
#[derive(Clone, Copy)]
enum Group {
    /// Lines of every open state; whether of those that take items, and those that say `otherwise`.
    Everywhere(bool, bool),
    Late,
    Own(bool, bool),
}

/// Lines of every open state first, then a deadline that has passed, then the state's own, those that say `otherwise`
/// after the others; then what takes an item.
const GROUPS: [Group; 9] = [
    Group::Everywhere(false, false),
    Group::Everywhere(false, true),
    Group::Late,
    Group::Own(false, false),
    Group::Own(false, true),
    Group::Everywhere(true, false),
    Group::Everywhere(true, true),
    Group::Own(true, false),
    Group::Own(true, true),
];

impl Evaluation<'_> {
    fn fold<'m>(&self, machine: &'m Lifecycle) -> Fold<'m>
    where
        Self: 'm,
    {
        let names = self
            .ir()
            .lifecycles
            .iter()
            .find(|layout| layout.name == machine.name)
            .and_then(|layout| self.ir().enums.get(layout.states as usize));
        Fold {
            machine,
            names: names.map_or(&[], |states| &states.values),
            lists: BTreeMap::new(),
            needs_of_items: BTreeMap::new(),
            notes: BTreeSet::new(),
        }
    }

    pub(super) fn lifecycle(&mut self, machine: &Lifecycle, ty: &Type) -> Outcome {
        let days = self.line_days(machine);
        let mut fold = self.fold(machine);
        let ways = match self.run(&mut fold, &days) {
            Ok((ways, _)) => ways,
            Err(failed) => return failed,
        };
        if self.stack.gives_up() {
            return super::stack::given_up();
        }
        if self.now == self.outer {
            self.note_waiting(machine, &ways);
            self.note_undated(&fold, &ways);
            self.told.append(&mut fold.notes);
            for way in &ways {
                if let Outcome::Open(since) = &way.since {
                    let because = since.because.iter().map(|because| because.to_string());
                    self.told.extend(because);
                }
            }
        }
        let mut needs = Open::default();
        let mut records = Vec::with_capacity(ways.len());
        for way in &ways {
            join(&mut needs, &way.needs);
            let steps = way.history.iter().flat_map(|history| history.iter());
            for step in steps {
                self.taken.insert((machine.name.clone(), step.id));
                self.trace_taken(step.id, &step.on);
            }
            records.push(self.record(&mut fold, way));
        }
        // It went one way only: that is the answer, an error too.
        match records.as_slice() {
            [only] => only.clone(),
            several => self.settle(&[open(needs)], several, ty),
        }
    }

    /// Folds over the days; the ways left, and the days found on the way on which a state may be left or entered:
    /// the day after a deadline, and the day from which a state that was shut may be entered again.
    fn run(
        &mut self,
        fold: &mut Fold,
        changes: &Changes,
    ) -> Result<(Vec<Way>, BTreeSet<Date>), Outcome> {
        let today = self.now.today;
        let mut queue = self.days_to_fold(changes)?;
        // Before everything dated.
        let before = queue.first().and_then(|day| day.checked_add_days(-1));
        let first = When::Span {
            first: None,
            last: if queue.is_empty() {
                today
            } else {
                before.unwrap_or(today)
            },
        };
        let mut ways = vec![Way::new(fold.machine)];
        let mut found = BTreeSet::new();
        if queue.is_empty() || before.is_some() {
            ways = self.span(fold, ways, first)?;
            self.wait_for(&ways, first.day(), today, &mut queue, &mut found);
        }
        let mut last = first.day();
        let mut looked_at: u64 = 0;
        while let Some(day) = queue.pop_first() {
            looked_at += 1;
            if looked_at > self.options.limits.days {
                return Err(self.too_many_days());
            }
            ways = self.between(fold, ways, last, day.checked_add_days(-1))?;
            ways = self.phase(fold, ways, When::Day(day))?;
            // Whatever else was possible came to the same.
            if let [only] = ways.as_mut_slice()
                && only.is_settled()
            {
                only.settle();
            }
            self.wait_for(&ways, day, today, &mut queue, &mut found);
            last = day;
        }
        let ways = self.between(fold, ways, last, Some(today))?;
        Ok((ways, found))
    }

    /// The days after one and through another, for the ways that wait for something without a known day.
    fn between(
        &mut self,
        fold: &mut Fold,
        ways: Vec<Way>,
        after: Date,
        last: Option<Date>,
    ) -> Result<Vec<Way>, Outcome> {
        let first = after.checked_add_days(1);
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(ways);
        };
        if first > last || !ways.iter().any(|way| way.restless) {
            return Ok(ways);
        }
        let first = Some(first);
        let (restless, mut still): (Vec<Way>, Vec<Way>) =
            ways.into_iter().partition(|way| way.restless);
        still.extend(self.span(fold, restless, When::Span { first, last })?);
        Ok(self.told_together(fold, still))
    }

    fn told_together(&self, fold: &Fold, ways: Vec<Way>) -> Vec<Way> {
        let mut together = Ways::new(self.options.limits.ways);
        for way in ways {
            together.add(self, fold.machine, way);
        }
        together.all
    }

    /// A span of days on which nothing has a known day: whatever may happen does so on one of them, in any order.
    fn span(&mut self, fold: &mut Fold, ways: Vec<Way>, when: When) -> Result<Vec<Way>, Outcome> {
        let mut tried = Ways::tried(self.options.limits.ways);
        let mut seen = Ways::new(self.options.limits.ways);
        let mut work = ways;
        for way in &mut work {
            way.entered.clear();
            tried.add(self, fold.machine, way.clone());
        }
        while !work.is_empty() {
            let mut next = Vec::new();
            let apart = !tried.is_coarse();
            for way in self.phase(fold, work, when)? {
                // What stays as it was would do the same on a later day.
                if way.restless {
                    next.extend(tried.add(self, fold.machine, way.clone()).cloned());
                }
                seen.add(self, fold.machine, way);
            }
            if apart && tried.is_coarse() {
                next.clone_from(&tried.all);
            }
            work = next;
        }
        Ok(seen.all)
    }

    /// Everything that happens on one day: each way goes on until nothing leads further.
    fn phase(&mut self, fold: &mut Fold, ways: Vec<Way>, when: When) -> Result<Vec<Way>, Outcome> {
        let most = self.options.limits.ways;
        let mut met = Ways::new(most.saturating_mul(4));
        let mut rested = Ways::new(most);
        let mut work = ways;
        for way in &mut work {
            way.entered.clear();
            way.restless = false;
        }
        while let Some(way) = work.pop() {
            if !self.spend(1) {
                return Err(self.out_of_steps());
            }
            let next = self.step(fold, way, when);
            if let Some(mut way) = next.stays {
                way.entered.clear();
                rested.add(self, fold.machine, way);
            }
            // While there is one way only it cannot be met again.
            if let ([_], true, true) = (
                next.moved.as_slice(),
                work.is_empty(),
                rested.all.is_empty(),
            ) {
                work.extend(next.moved);
                continue;
            }
            let apart = !met.is_coarse();
            for way in next.moved {
                work.extend(met.add(self, fold.machine, way).cloned());
            }
            if work.len() > most && !met.is_coarse() {
                met.become_coarse(self, fold.machine);
            }
            // What was told as one was not followed as one yet.
            if apart && met.is_coarse() {
                work.extend(met.all.iter().cloned());
            }
        }
        Ok(rested.all)
    }

    /// One move, or none.
    fn step(&mut self, fold: &mut Fold, mut way: Way, when: When) -> Next {
        let mut next = Next::default();
        let machine = fold.machine;
        let state = machine.states.get(way.state as usize);
        let Some(state) = state.filter(|state| !state.is_final && way.failed.is_none()) else {
            next.stays = Some(way);
            return next;
        };
        let shut = way.again.values();
        way.restless |= { shut }.any(|again| matches!(again, Outcome::Open(_)));
        for group in GROUPS {
            let (lines, takes, otherwise): (&[Line], bool, bool) = match group {
                Group::Everywhere(takes, otherwise) => (&machine.everywhere, takes, otherwise),
                Group::Own(takes, otherwise) => (&state.lines, takes, otherwise),
                Group::Late => {
                    if self.late(fold, &mut way, when, &mut next) {
                        return next;
                    }
                    continue;
                }
            };
            let lines = lines.iter().filter(|line| {
                line.otherwise == otherwise && takes == matches!(line.trigger, Trigger::Each(_))
            });
            if self.line_group(fold, &mut way, lines, when, &mut next) {
                return next;
            }
        }
        next.stays = Some(way);
        next
    }

    /// The lines of one group; whether one of them leads on for certain.
    fn line_group<'l>(
        &mut self,
        fold: &mut Fold,
        way: &mut Way,
        lines: impl Iterator<Item = &'l Line>,
        when: When,
        next: &mut Next,
    ) -> bool {
        let mut certain: Option<(&Line, Led)> = None;
        let mut perhaps: Vec<(&Line, Led)> = Vec::new();
        for line in lines {
            let found = self.ready(fold, way, line, when).and_then(|led| {
                let takes = matches!(line.trigger, Trigger::Each(_));
                let held = Evaluation::held(way, &line.to, when, takes)?;
                Ok(led.map(|led| (led, held)))
            });
            let (mut led, held) = match found {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                Err(failed) => {
                    next.moved.push(fails(way, failed));
                    return true;
                }
            };
            match held {
                Held::Free => {}
                Held::Shut => continue,
                Held::Today => {
                    spend_mark(way, &led, led.certain);
                    // It may come on a later day.
                    way.restless |= !led.certain && !led.dated;
                    continue;
                }
                Held::Perhaps { shut, today } => {
                    if today {
                        spend_mark(way, &led, false);
                    }
                    (led.certain, led.only_assumes) = (false, false);
                    led.dated &= shut.is_none();
                    join(&mut led.needs, &shut.unwrap_or_default());
                }
            }
            if !led.certain {
                perhaps.push((line, led));
                continue;
            }
            match &certain {
                Some((first, _))
                    if (first.to.to, first.to.again) != (line.to.to, line.to.again) =>
                {
                    let failed = self.compete(fold.machine, first, line, when.day());
                    next.moved.push(fails(way, failed));
                    return true;
                }
                Some(_) => {}
                None => certain = Some((line, led)),
            }
        }
        for (line, led) in perhaps {
            next.moved.push(self.take(fold, way, &line.to, &led, when));
            join(&mut way.needs, &led.needs);
            way.restless |= !led.dated;
            // Where what is missing is the same on every day, it either led on today or never does.
            if led.dated {
                match led.assumes.as_slice() {
                    [(node, value)] if led.only_assumes => {
                        way.assumed.insert(*node, !value);
                    }
                    _ => {
                        way.refused.insert(line.to.id);
                    }
                }
            }
        }
        if let Some((line, led)) = certain {
            next.moved.push(self.take(fold, way, &line.to, &led, when));
            return true;
        }
        false
    }

    /// The deadline of the state; whether it has certainly passed.
    fn late(&mut self, fold: &mut Fold, way: &mut Way, when: When, next: &mut Next) -> bool {
        let machine = fold.machine;
        let state = machine.states.get(way.state as usize);
        let Some(to) = state.and_then(|state| state.late.as_ref()) else {
            return false;
        };
        let mark = Mark {
            line: to.id,
            what: What::Stay,
            items: Vec::new(),
        };
        let spent = way.spent.get(&mark).copied();
        if spent == Some(true) || way.refused.contains(&to.id) {
            return false;
        }
        let passed = match self.passed(fold, way, when) {
            Ok(Some(passed)) => passed,
            Ok(None) => {
                way.restless |= matches!(way.deadline, Outcome::Open(_));
                return false;
            }
            Err(failed) => {
                next.moved.push(fails(way, failed));
                return true;
            }
        };
        let mut led = Led::of_deadline(mark, &passed);
        led.certain &= spent.is_none();
        let mut leaves = passed.leaves && spent.is_none();
        match Evaluation::held(way, to, when, false) {
            Ok(Held::Free) => {}
            Ok(Held::Shut) => return false,
            Ok(Held::Today) => {
                spend_mark(way, &led, led.certain);
                way.restless |= !led.certain;
                return false;
            }
            Ok(Held::Perhaps { shut, today }) => {
                join(&mut led.needs, &shut.unwrap_or_default());
                if today {
                    spend_mark(way, &led, false);
                }
                (led.certain, led.dated, leaves) = (false, false, false);
            }
            Err(failed) => {
                next.moved.push(fails(way, failed));
                return true;
            }
        }
        next.moved.push(self.take(fold, way, to, &led, when));
        if led.certain {
            return true;
        }
        join(&mut way.needs, &led.needs);
        if leaves {
            // By the end of the span it has left, if nothing else took it away before.
            return self.before_the_end(fold, way, when, next);
        }
        if led.dated && matches!(way.deadline, Outcome::Known(_)) {
            // Here the deadline was stopped.
            way.refused.insert(to.id);
            way.deadline = Outcome::Known(Value::None);
        } else {
            way.restless = true;
        }
        false
    }

    /// The state's own lines on the days of a span before its deadline passed; true, for the way does not stay.
    fn before_the_end(
        &mut self,
        fold: &mut Fold,
        way: &mut Way,
        when: When,
        next: &mut Next,
    ) -> bool {
        let machine = fold.machine;
        let Some(state) = machine.states.get(way.state as usize) else {
            return true;
        };
        for (takes, otherwise) in [(false, false), (false, true), (true, false), (true, true)] {
            let all = [&machine.everywhere, &state.lines];
            for lines in all.iter().skip(usize::from(!takes)) {
                let lines = lines.iter().filter(|line| {
                    line.otherwise == otherwise && takes == matches!(line.trigger, Trigger::Each(_))
                });
                if self.line_group(fold, way, lines, when, next) {
                    return true;
                }
            }
        }
        true
    }

    fn compete(&self, machine: &Lifecycle, a: &Line, b: &Line, day: Date) -> Outcome {
        let text = |line: &Line| self.line_text(machine, line.to.id);
        error(format!(
            "on {day} two lines of `{}` apply together and lead apart: `{}` and `{}`",
            machine.name,
            text(a),
            text(b)
        ))
    }

    fn line_text(&self, machine: &Lifecycle, id: u32) -> String {
        self.ir()
            .lifecycles
            .iter()
            .find(|layout| layout.name == machine.name)
            .and_then(|layout| layout.lines.get(id as usize))
            .map_or_else(String::new, |line| self.ir().line_told(line))
    }

    /// The lines of lifecycles that were taken so far: the lifecycle's name and the number of the line.
    pub fn lines_taken(&self) -> &BTreeSet<(String, u32)> {
        &self.taken
    }
}

/// A way on which no answer can be given.
fn fails(way: &Way, failed: Outcome) -> Way {
    Way {
        failed: Some(failed),
        ..way.clone()
    }
}

/// What leads on no more although it did not lead on: only the rule held it back that a state is entered once.
fn spend_mark(way: &mut Way, led: &Led, certain: bool) {
    if let Some(mark) = &led.mark {
        let known = way.spent.entry(mark.clone()).or_insert(certain);
        *known |= certain;
    }
}
