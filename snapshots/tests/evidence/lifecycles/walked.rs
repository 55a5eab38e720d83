//! A lifecycle walked day by day, in plain Rust from the reference: what it answers when everything is known.

use super::made::{
    Condition, Day, Deadline, Kept, LONGER_FROM, Line, Machine, Target, Trigger, WAIT,
};
use super::recorded::{Facts, Item};
use std::collections::BTreeMap;

/// A day on which a state was entered: before everything dated, or known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Since {
    Start,
    Before,
    Day(Day),
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub state: usize,
    pub since: Since,
    pub deadline: Option<Day>,
    pub kept: Option<i64>,
    pub history: Vec<(Since, usize)>,
}

pub struct Walk<'a> {
    machine: &'a Machine,
    facts: &'a Facts,
    place: Place,
    /// Items by their number in the file: those taken, and the last one.
    taken: Vec<usize>,
    /// The last day of each state that was left.
    left: BTreeMap<usize, Day>,
    /// Lines (state or every, place) that have led on, with the day of the event and the item.
    used: Vec<(LineAt, Option<Day>, Option<usize>)>,
    /// `when` lines, and `late`, that must come to hold anew.
    waiting: Vec<LineAt>,
    /// Days that pass between the first move and everything dated, if the walk begins so.
    begun: Option<Day>,
}

type LineAt = (Option<usize>, usize);
const LATE: usize = usize::MAX;

impl<'a> Walk<'a> {
    /// From a day before everything dated through another. Whatever is entered on the first day was entered so
    /// many days earlier.
    pub fn run(machine: &'a Machine, facts: &'a Facts, as_of: Day, earlier: Day) -> Place {
        let first = facts.days().into_iter().chain(machine.days()).min();
        let mut walk = Walk {
            machine,
            facts,
            place: Place {
                state: 0,
                since: Since::Start,
                deadline: None,
                kept: None,
                history: Vec::new(),
            },
            taken: Vec::new(),
            left: BTreeMap::new(),
            used: Vec::new(),
            waiting: Vec::new(),
            begun: None,
        };
        let first = first.map_or(as_of, |first| first.min(as_of + 1) - 1);
        let start = first - earlier;
        walk.begun = Some(start);
        walk.day(start);
        walk.begun = None;
        for day in start + 1..=as_of {
            if day <= first {
                // Still before everything dated.
                walk.begun = Some(day);
            }
            walk.day(day);
            walk.begun = None;
        }
        let mut place = walk.place.clone();
        let stopped = match walk.machine.states[place.state].deadline.as_ref() {
            Some((_, Some(unless), _)) => walk.holds(unless, as_of) == Some(true),
            _ => false,
        };
        if stopped || place.deadline.is_some_and(|last| last < as_of) {
            place.deadline = None;
        }
        place
    }

    fn day(&mut self, today: Day) {
        let mut entered: Vec<usize> = Vec::new();
        loop {
            if self.moves(today, &mut entered) {
                continue;
            }
            let Some(item) = self.next_item(today) else {
                return;
            };
            let lines = self.machine.lines_of(self.place.state, true);
            let before = self.taken.clone();
            self.taken.push(item);
            let ready = lines.into_iter().find(|(_, line)| {
                let to = self.target(line, 0);
                self.asks(line, today) && !self.shut(to, line.targets[0], today)
            });
            let Some((_, line)) = ready else {
                self.taken = before;
                return;
            };
            // What was to come to hold for the item before is another matter for this one.
            let machine = self.machine;
            self.waiting.retain(|at| !speaks_of_item(machine, *at));
            entered.clear();
            self.go(line, 0, today, &mut entered);
        }
    }

    /// One move of a line that takes no item; whether there was one.
    fn moves(&mut self, today: Day, entered: &mut Vec<usize>) -> bool {
        let machine = self.machine;
        let state = self.place.state;
        if machine.states[state].is_final {
            return false;
        }
        let lines = machine.lines_of(state, false);
        let (every, own): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(at, _)| at.0.is_none());
        for (at, line) in every {
            if self.tries(at, line, today, entered) {
                return true;
            }
        }
        if self.is_late(today) {
            let at = (Some(state), LATE);
            if let Some((_, _, target)) = &machine.states[state].deadline
                && !self.waiting.contains(&at)
            {
                let to = match target {
                    Target::State(to) => *to,
                    Target::Again => state,
                };
                let stays = to == state && *target != Target::Again;
                if !self.shut(to, *target, today) {
                    self.waiting.push(at);
                    if stays || !entered.contains(&to) {
                        self.enter(to, stays, *target == Target::Again, today, entered);
                        return true;
                    }
                }
            }
        }
        for (at, line) in own {
            if self.tries(at, line, today, entered) {
                return true;
            }
        }
        false
    }

    fn is_late(&self, today: Day) -> bool {
        let Some(last) = self.place.deadline.filter(|last| today > *last) else {
            return false;
        };
        match &self.machine.states[self.place.state].deadline {
            Some((_, Some(unless), _)) => self.holds(unless, last) != Some(true),
            _ => true,
        }
    }

    /// Takes a line if it leads on today.
    fn tries(&mut self, at: LineAt, line: &Line, today: Day, entered: &mut Vec<usize>) -> bool {
        let item = self.taken.last().copied();
        let speaks = speaks_of_item(self.machine, at);
        let mut answer = 0;
        let mut event = None;
        let made = |verdict: &Option<(usize, Option<Day>)>| {
            verdict
                .filter(|(_, on)| on.is_none_or(|on| on <= today))
                .map(|(answer, _)| answer)
        };
        match line.trigger {
            Trigger::When => {}
            Trigger::On(e) => match self.facts.events[e].flatten().filter(|on| *on <= today) {
                Some(on) => event = Some(on),
                None => return false,
            },
            Trigger::OnItem => match self.item().and_then(|item| item.done.flatten()) {
                Some(on) if on <= today => event = Some(on),
                _ => return false,
            },
            Trigger::May => match made(&self.facts.verdict) {
                Some(chosen) => answer = chosen,
                None => return false,
            },
            Trigger::MayItem => match self.item().and_then(|item| made(&item.verdict)) {
                Some(chosen) => answer = chosen,
                None => return false,
            },
            Trigger::Each => return false,
        }
        if !self.asks(line, today) {
            self.waiting.retain(|other| *other != at);
            return false;
        }
        let once = (at, event, item.filter(|_| speaks));
        let is_when = line.trigger == Trigger::When;
        if is_when && self.waiting.contains(&at) || !is_when && self.used.contains(&once) {
            return false;
        }
        let to = self.target(line, answer);
        if self.shut(to, line.targets[answer], today) {
            return false;
        }
        if is_when {
            self.waiting.push(at);
        } else {
            self.used.push(once);
        }
        let stays = line.targets[answer] == Target::State(self.place.state);
        if !stays && entered.contains(&to) {
            // Only the rule holds it back that a state is entered once: it is spent.
            return false;
        }
        self.go(line, answer, today, entered);
        true
    }

    fn go(&mut self, line: &Line, answer: usize, today: Day, entered: &mut Vec<usize>) {
        match line.set {
            None => {}
            Some(Kept::Number(number)) => self.place.kept = Some(number),
            Some(Kept::Count) => self.place.kept = Some(self.level(today)),
            Some(Kept::Item) => self.place.kept = self.item().map(|item| item.n),
        }
        let to = self.target(line, answer);
        let again = line.targets[answer] == Target::Again;
        self.enter(to, to == self.place.state && !again, again, today, entered);
    }

    fn enter(&mut self, to: usize, stays: bool, again: bool, today: Day, entered: &mut Vec<usize>) {
        if stays {
            return;
        }
        if !again {
            self.left.insert(self.place.state, today);
        }
        let since = match self.begun {
            Some(_) => Since::Before,
            None => Since::Day(today),
        };
        self.place.state = to;
        self.place.since = since;
        self.place.deadline = match &self.machine.states[to].deadline {
            Some((Deadline::Days(days), _, _)) => Some(today + days),
            Some((Deadline::Limit, _, _)) => self.facts.limit,
            Some((Deadline::Wait, _, _)) => Some(today + WAIT[usize::from(today >= LONGER_FROM)]),
            None => None,
        };
        self.place.history.push((since, to));
        self.waiting.clear();
        entered.push(to);
    }

    fn target(&self, line: &Line, answer: usize) -> usize {
        match line.targets[answer] {
            Target::State(to) => to,
            Target::Again => self.place.state,
        }
    }

    fn shut(&self, to: usize, target: Target, today: Day) -> bool {
        if target == Target::Again || to == self.place.state {
            return false;
        }
        let days = self.machine.states[to].cool_down;
        days.zip(self.left.get(&to))
            .is_some_and(|(days, left)| today < left + days)
    }

    /// The next item by its day, then by its place.
    fn next_item(&self, today: Day) -> Option<usize> {
        if self.machine.states[self.place.state].is_final {
            return None;
        }
        let items = self.facts.items.iter().flatten().enumerate();
        let dated = items.filter_map(|(at, item)| Some((item.on.flatten()?, at)));
        let open = dated.filter(|(on, at)| *on <= today && !self.taken.contains(at));
        open.min().map(|(_, at)| at)
    }

    fn item(&self) -> Option<&Item> {
        let items = self.facts.items.as_ref()?;
        items.get(*self.taken.last()?)
    }

    fn asks(&self, line: &Line, today: Day) -> bool {
        let condition = line.condition.as_ref();
        condition.is_none_or(|condition| self.holds(condition, today) == Some(true))
    }

    fn level(&self, today: Day) -> i64 {
        let counts = self.facts.counts.iter().flatten();
        let seen = counts.filter(|(on, _)| on.is_some_and(|on| on <= today));
        seen.max_by_key(|(on, _)| *on)
            .map_or(0, |(_, count)| *count)
    }

    fn holds(&self, condition: &Condition, today: Day) -> Option<bool> {
        Some(match condition {
            Condition::Fact(at) => self.facts.truths[*at]?,
            Condition::NotFact(at) => !self.facts.truths[*at]?,
            Condition::Happened(at) => self.facts.events[*at]?.is_some_and(|on| on <= today),
            Condition::Count(least) => self.level(today) >= *least,
            Condition::From(day) => today >= *day,
            Condition::Flag => self.item()?.flag?,
            Condition::NotFlag => !self.item()?.flag?,
        })
    }
}

fn speaks_of_item(machine: &Machine, at: LineAt) -> bool {
    let lines = match at.0 {
        None => &machine.everywhere,
        Some(state) => &machine.states[state].lines,
    };
    lines.get(at.1).is_some_and(|line| {
        matches!(line.trigger, Trigger::OnItem | Trigger::MayItem)
            || matches!(line.condition, Some(Condition::Flag | Condition::NotFlag))
    })
}

impl Machine {
    /// The lines of a state in the order they are looked at: every open state's, then its own; `otherwise` last of each.
    fn lines_of(&self, state: usize, items: bool) -> Vec<(LineAt, &Line)> {
        let mut found = Vec::new();
        for (of, lines) in [
            (None, &self.everywhere),
            (Some(state), &self.states[state].lines),
        ] {
            for otherwise in [false, true] {
                let lines = lines.iter().enumerate().filter(|(_, line)| {
                    line.otherwise == otherwise && items == (line.trigger == Trigger::Each)
                });
                found.extend(lines.map(|(at, line)| ((of, at), line)));
            }
        }
        found
    }

    /// The days the program names.
    fn days(&self) -> Vec<Day> {
        let own = self.states.iter().flat_map(|state| &state.lines);
        let lines = self.everywhere.iter().chain(own);
        let conditions = lines.filter_map(|line| line.condition.as_ref());
        let unless = self
            .states
            .iter()
            .filter_map(|state| state.deadline.as_ref());
        let all = conditions.chain(unless.filter_map(|(_, unless, _)| unless.as_ref()));
        let named = all.filter_map(|condition| match condition {
            Condition::From(day) => Some(*day),
            _ => None,
        });
        let waits = self
            .states
            .iter()
            .any(|state| matches!(state.deadline, Some((Deadline::Wait, ..))));
        named.chain(waits.then_some(LONGER_FROM)).collect()
    }
}
