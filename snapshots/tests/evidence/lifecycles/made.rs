//! Lifecycles drawn by dice, as program text.

use crate::run::{Census, Random};
use polc_runtime::value::Date;
use std::fmt::Write;

/// A day as its number since 1970-01-01.
pub type Day = i64;

/// The first day on which anything of a case happens.
pub const BASE: Day = 20_820;
/// How many days a case spans.
pub const SPAN: i64 = 24;

pub const EVENTS: usize = 4;
pub const ANSWERS: [&str; 2] = ["go", "back"];

/// A day as it is written.
pub fn written(day: Day) -> String {
    Date::from_days(i32::try_from(day).unwrap())
        .unwrap()
        .to_string()
}

/// What a line or a deadline asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Fact(usize),
    NotFact(usize),
    Happened(usize),
    /// The latest count is at least this.
    Count(i64),
    /// From a day on.
    From(Day),
    /// A field of the item taken last.
    Flag,
    NotFlag,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    On(usize),
    When,
    Each,
    OnItem,
    May,
    MayItem,
}

/// Where a line leads: a state, or the same one anew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    State(usize),
    Again,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    Number(i64),
    Count,
    Item,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub trigger: Trigger,
    pub condition: Option<Condition>,
    pub otherwise: bool,
    /// One target, or one for each answer of a judgement.
    pub targets: Vec<Target>,
    pub set: Option<Kept>,
}

#[derive(Debug, Clone)]
pub enum Deadline {
    Days(i64),
    /// The fact `limit`.
    Limit,
    /// A few days, that are others from [`LONGER_FROM`] on.
    Wait,
}

pub const LONGER_FROM: Day = BASE + 10;
/// The length of [`Deadline::Wait`] before that day and from it on.
pub const WAIT: [i64; 2] = [3, 6];

#[derive(Debug, Clone, Default)]
pub struct State {
    pub is_final: bool,
    pub deadline: Option<(Deadline, Option<Condition>, Target)>,
    pub cool_down: Option<i64>,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone)]
pub struct Machine {
    pub states: Vec<State>,
    pub everywhere: Vec<Line>,
}

fn condition(random: &mut Random, items: bool) -> Condition {
    match random.below(if items { 8 } else { 6 }) {
        0 => Condition::Fact(random.below(2) as usize),
        1 => Condition::NotFact(random.below(2) as usize),
        2 => Condition::Happened(random.below(EVENTS as u64) as usize),
        3 | 4 => Condition::Count(random.within(1, 3)),
        5 => Condition::From(BASE + random.within(0, SPAN)),
        6 => Condition::Flag,
        _ => Condition::NotFlag,
    }
}

fn opposite(condition: &Condition) -> Option<Condition> {
    match condition {
        Condition::Fact(at) => Some(Condition::NotFact(*at)),
        Condition::NotFact(at) => Some(Condition::Fact(*at)),
        Condition::Flag => Some(Condition::NotFlag),
        Condition::NotFlag => Some(Condition::Flag),
        _ => None,
    }
}

/// Lines that do not compete: at most one trigger in each rank, or opposite conditions of one.
fn lines(random: &mut Random, states: usize, own: Option<usize>, density: u64) -> Vec<Line> {
    let mut lines = Vec::new();
    for (takes, otherwise) in [(false, false), (false, true), (true, false), (true, true)] {
        let chance = if takes { density / 2 } else { density };
        if !random.chance(chance) || (otherwise && random.chance(50)) {
            continue;
        }
        let trigger = match random.below(8) {
            _ if takes => Trigger::Each,
            0..4 => Trigger::On(random.below(EVENTS as u64) as usize),
            4 | 5 => Trigger::When,
            6 => Trigger::May,
            _ if random.chance(50) => Trigger::OnItem,
            _ => Trigger::MayItem,
        };
        let with_items = matches!(trigger, Trigger::Each | Trigger::OnItem | Trigger::MayItem);
        let asks = trigger == Trigger::When || random.chance(35);
        let speaks = with_items || random.chance(30);
        // Sets something each time its condition comes to hold anew, and moves nothing.
        let stays = own.filter(|_| trigger == Trigger::When && random.chance(30));
        let condition = asks.then(|| match stays {
            Some(_) if random.chance(60) => Condition::Count(random.within(1, 3)),
            _ => condition(random, speaks),
        });
        let target = |random: &mut Random| match stays {
            Some(own) => Target::State(own),
            None if own.is_some() && random.chance(8) => Target::Again,
            None => Target::State(random.below(states as u64) as usize),
        };
        let set = |random: &mut Random| {
            let much = if stays.is_some() { 90 } else { 40 };
            random.chance(much).then(|| match random.below(3) {
                0 => Kept::Number(random.within(1, 9)),
                1 => Kept::Count,
                _ if with_items => Kept::Item,
                _ => Kept::Number(7),
            })
        };
        let mut targets = vec![target(random)];
        if matches!(trigger, Trigger::May | Trigger::MayItem) {
            targets.push(target(random));
        }
        let line = Line {
            trigger,
            otherwise,
            targets,
            set: set(random),
            condition,
        };
        let other = line.condition.as_ref().and_then(opposite);
        if let Some(condition) = other.filter(|_| random.chance(40)) {
            lines.push(Line {
                condition: Some(condition),
                targets: line.targets.iter().map(|_| target(random)).collect(),
                set: set(random),
                ..line.clone()
            });
        }
        lines.push(line);
    }
    lines
}

impl Machine {
    pub fn draw(random: &mut Random) -> Machine {
        let count = random.within(3, 6) as usize;
        let mut states: Vec<State> = vec![State::default(); count];
        let last = count - 1;
        states[last].is_final = random.chance(60);
        for (at, state) in states.iter_mut().enumerate() {
            if state.is_final {
                continue;
            }
            state.lines = lines(random, count, Some(at), 70);
            if random.chance(35) {
                state.cool_down = Some(random.within(0, 6));
            }
            if random.chance(40) {
                let deadline = match random.below(10) {
                    0..6 => Deadline::Days(random.within(0, 9)),
                    6 | 7 => Deadline::Wait,
                    _ => Deadline::Limit,
                };
                let unless = random.chance(40).then(|| condition(random, false));
                let to = if random.chance(15) {
                    Target::Again
                } else {
                    Target::State(random.below(count as u64) as usize)
                };
                state.deadline = Some((deadline, unless, to));
            }
        }
        let everywhere = if random.chance(30) {
            lines(random, count, None, 30)
        } else {
            Vec::new()
        };
        let mut machine = Machine { states, everywhere };
        machine.connect(random);
        let undated = random.chance(15);
        if undated {
            machine.begins_undated();
        }
        if undated || random.chance(30) {
            machine.asks_no_counts();
        }
        let items = |line: &Line| {
            matches!(line.trigger, Trigger::OnItem | Trigger::MayItem)
                || matches!(line.condition, Some(Condition::Flag | Condition::NotFlag))
        };
        let takes = |line: &Line| line.trigger == Trigger::Each;
        let speaks = machine.every_line().any(|(_, line)| items(line));
        if speaks && !machine.every_line().any(|(_, line)| takes(line)) {
            machine.states[0].lines.push(Line {
                trigger: Trigger::Each,
                condition: None,
                otherwise: false,
                targets: vec![Target::State(random.below(count as u64) as usize)],
                set: Some(Kept::Item),
            });
        }
        machine
    }

    /// The first state is left for want of a day before everything dated, and what is kept then changes later.
    fn begins_undated(&mut self) {
        let here = &mut self.states[0].lines;
        here.retain(|line| line.otherwise || line.trigger == Trigger::Each);
        here.push(Line {
            trigger: Trigger::When,
            condition: Some(Condition::Fact(0)),
            otherwise: false,
            targets: vec![Target::State(1)],
            set: Some(Kept::Count),
        });
    }

    /// No condition asks for the counts: only what is kept hangs on them, and on days that nothing else looks at.
    fn asks_no_counts(&mut self) {
        let own = self.states.iter_mut();
        let own = own.flat_map(|state| {
            let unless = state.deadline.iter_mut();
            let unless = unless.filter_map(|(_, unless, _)| unless.as_mut());
            let lines = state.lines.iter_mut();
            unless.chain(lines.filter_map(|line| line.condition.as_mut()))
        });
        let everywhere = self.everywhere.iter_mut();
        let everywhere = everywhere.filter_map(|line| line.condition.as_mut());
        for condition in own.chain(everywhere) {
            if let Condition::Count(least) = condition {
                *condition = Condition::Happened(*least as usize);
            }
        }
    }

    /// Adds what is missing for every state to be reached and left.
    fn connect(&mut self, random: &mut Random) {
        let count = self.states.len();
        for at in 0..count {
            if self.states[at].is_final {
                continue;
            }
            // Leads on to the next state in a rank of its own: `otherwise`, after an event.
            let free = |line: &Line| !(line.otherwise && line.trigger != Trigger::Each);
            let next = Target::State((at + 1) % count);
            let here = &mut self.states[at].lines;
            let leads = here.iter().any(|line| line.targets.contains(&next));
            if !leads {
                here.retain(free);
                here.push(Line {
                    trigger: Trigger::On(random.below(EVENTS as u64) as usize),
                    condition: None,
                    otherwise: true,
                    targets: vec![next],
                    set: None,
                });
            }
        }
    }

    fn every_line(&self) -> impl Iterator<Item = (Option<usize>, &Line)> {
        let own = self.states.iter().enumerate();
        let own = own.flat_map(|(at, state)| state.lines.iter().map(move |line| (Some(at), line)));
        self.everywhere.iter().map(|line| (None, line)).chain(own)
    }

    /// Whether a state can be reached from itself through another.
    fn loops(&self) -> bool {
        let out = |at: usize| -> Vec<usize> {
            let state = &self.states[at];
            let lines = state.lines.iter().flat_map(|line| &line.targets);
            let late = state.deadline.iter().map(|(_, _, to)| to);
            let to = lines.chain(late).filter_map(|to| match to {
                Target::State(to) if *to != at => Some(*to),
                _ => None,
            });
            to.collect()
        };
        (0..self.states.len()).any(|start| {
            let mut seen = vec![false; self.states.len()];
            let mut todo = out(start);
            while let Some(at) = todo.pop() {
                if at == start {
                    return true;
                }
                if !std::mem::replace(&mut seen[at], true) {
                    todo.extend(out(at));
                }
            }
            false
        })
    }

    pub fn census(&self, census: &mut Census) {
        let mut some = |kind: &str, holds: bool| {
            if holds {
                census.count(kind);
            }
        };
        let line = |test: &dyn Fn(&Line) -> bool| self.every_line().any(|(_, line)| test(line));
        let state = |test: &dyn Fn(&State) -> bool| self.states.iter().any(test);
        some("loop", self.loops());
        some("cool-down", state(&|state| state.cool_down.is_some()));
        some("late", state(&|state| state.deadline.is_some()));
        some(
            "dated deadline",
            state(&|s| matches!(s.deadline, Some((Deadline::Wait, ..)))),
        );
        let counts = |line: &Line| matches!(line.condition, Some(Condition::Count(_)));
        some(
            "counts that are only kept",
            line(&|line| line.set == Some(Kept::Count)) && !line(&counts),
        );
        let undated = |line: &Line| matches!(line.condition, Some(Condition::Fact(0)));
        some(
            "undated first move that keeps a count",
            self.states[0]
                .lines
                .iter()
                .any(|line| undated(line) && line.set == Some(Kept::Count)),
        );
        some(
            "unless",
            state(&|s| matches!(s.deadline, Some((_, Some(_), _)))),
        );
        some("every open state", !self.everywhere.is_empty());
        some("on each", line(&|line| line.trigger == Trigger::Each));
        some("judgement", line(&|line| line.trigger == Trigger::May));
        some(
            "judgement of an item",
            line(&|line| line.trigger == Trigger::MayItem),
        );
        some(
            "event of an item",
            line(&|line| line.trigger == Trigger::OnItem),
        );
        some("kept", line(&|line| line.set.is_some()));
        some("again", line(&|line| line.targets.contains(&Target::Again)));
        let stays = |(at, line): (Option<usize>, &Line)| {
            at.is_some_and(|at| line.targets.contains(&Target::State(at)))
        };
        some("no move", self.every_line().any(stays));
    }

    /// The program.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "program made \"Made\" version 1
record R
  event on_day
  flag: bool
  n: int
  event done_on
  judgement verdict: go, back by board
record Count dated on
  on: date
  count: int
event e0
event e1
event e2
event e3
fact b0: bool
fact b1: bool
fact limit: date
fact rs: list of R
fact counts: list of Count
judgement verdict: go, back by board
define last_count = latest of counts by .on
define level: int
  0 when last_count is none
  last_count.count otherwise
",
        );
        let [short, long] = WAIT;
        let from = written(LONGER_FROM);
        writeln!(
            text,
            "define wait: days\n  {short} days when as_of < {from}\n  {long} days otherwise"
        )
        .unwrap();
        text.push_str("lifecycle stage starts s0\n  keeps k: int\n");
        if !self.everywhere.is_empty() {
            text.push_str("  any open state\n");
            for line in &self.everywhere {
                write_line(&mut text, line);
            }
        }
        for (at, state) in self.states.iter().enumerate() {
            if state.is_final {
                writeln!(text, "  final s{at}").unwrap();
                continue;
            }
            write!(text, "  state s{at}").unwrap();
            if let Some((deadline, unless, _)) = &state.deadline {
                match deadline {
                    Deadline::Days(days) => write!(text, " deadline {days} days").unwrap(),
                    Deadline::Limit => text.push_str(" deadline limit"),
                    Deadline::Wait => text.push_str(" deadline wait"),
                }
                if let Some(unless) = unless {
                    write!(text, " unless {}", asked(unless)).unwrap();
                }
            }
            if let Some(days) = state.cool_down {
                write!(text, " no re-entry for {days} days").unwrap();
            }
            text.push('\n');
            for line in &state.lines {
                write_line(&mut text, line);
            }
            if let Some((_, _, to)) = &state.deadline {
                writeln!(text, "    late -> {}", named(*to)).unwrap();
            }
        }
        text.push_str(
            "decision since: date or none = stage.since
decision deadline: date or none = stage.deadline
decision history = stage.history
decision kept: int or none = stage.k
",
        );
        text
    }
}

fn named(target: Target) -> String {
    match target {
        Target::State(at) => format!("s{at}"),
        Target::Again => "again".to_owned(),
    }
}

fn asked(condition: &Condition) -> String {
    match condition {
        Condition::Fact(at) => format!("b{at}"),
        Condition::NotFact(at) => format!("not b{at}"),
        Condition::Happened(at) => format!("e{at} is not none"),
        Condition::Count(least) => format!("level >= {least}"),
        Condition::From(day) => format!("as_of >= {}", written(*day)),
        Condition::Flag => "r.flag".to_owned(),
        Condition::NotFlag => "not r.flag".to_owned(),
    }
}

fn write_line(text: &mut String, line: &Line) {
    let set = match &line.set {
        None => String::new(),
        Some(Kept::Number(number)) => format!(" set k {number}"),
        Some(Kept::Count) => " set k level".to_owned(),
        Some(Kept::Item) => " set k r.n".to_owned(),
    };
    let condition = line.condition.as_ref();
    let when = condition.map_or(String::new(), |it| format!(" when {}", asked(it)));
    let otherwise = if line.otherwise { " otherwise" } else { "" };
    let to = |at: usize| format!("{}{set}", named(line.targets[at]));
    let answers = || format!("go -> {}, back -> {}", to(0), to(1));
    let written = match &line.trigger {
        Trigger::On(event) => format!("on e{event}{when}{otherwise} -> {}", to(0)),
        Trigger::OnItem => format!("on r.done_on{when}{otherwise} -> {}", to(0)),
        Trigger::When => format!("{}{otherwise} -> {}", when.trim_start(), to(0)),
        Trigger::Each => format!("on each r of rs by .on_day{when}{otherwise} -> {}", to(0)),
        Trigger::May => format!("may verdict: {}{when}{otherwise}", answers()),
        Trigger::MayItem => format!("may r.verdict: {}{when}{otherwise}", answers()),
    };
    writeln!(text, "    {written}").unwrap();
}
