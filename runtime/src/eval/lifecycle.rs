//! Lifecycles: a fold over the days on which anything can happen, up to as_of.
//!
//! The fold carries the states that are possible. While every date and guard it meets is known there is
//! one; an unknown one splits it, and states that come out the same merge again. A state entered on a day
//! that is not known is followed at the end: from there on only what certainly or possibly happened
//! counts, not when.

use super::algebra::{error, join, open};
use super::changes::Changes;
use super::{Evaluation, plain};
use crate::facts::Slot;
use crate::ir::lifecycle::{self, Lifecycle, Line, Move, Round, Trigger};
use crate::ir::{NodeId, Op, Type};
use crate::value::{Date, Item, List, Open, Outcome, Presence, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// More possible ways than this at once are errors, always in the same way.
const MOST_WAYS: usize = 256;
/// The longest fold whose guards may change every day.
const LONGEST_DAILY: i64 = 40_000;

/// One way things may have gone.
#[derive(Debug, Clone, PartialEq)]
struct Way {
    state: u32,
    since: Outcome,
    deadline: Outcome,
    /// How many items of each list were taken.
    taken: Vec<usize>,
    kept: Vec<Outcome>,
    /// When states were last left.
    left: BTreeMap<u32, Date>,
    history: Vec<Step>,
    entered: Vec<u32>,
    /// Lines whose unknown guard is taken not to hold here; it is the same on every day.
    refused: BTreeSet<u32>,
    /// What is missing to know whether it went this way.
    needs: Open,
    /// The day of the last move is not known.
    timeless: bool,
}

impl Way {
    /// Where everything starts.
    fn new(machine: &Lifecycle) -> Way {
        Way {
            state: machine.starts,
            since: Outcome::Known(Value::None),
            deadline: Outcome::Known(Value::None),
            taken: vec![0; machine.rounds.len()],
            kept: vec![Outcome::Known(Value::None); machine.kept.len()],
            left: BTreeMap::new(),
            history: Vec::new(),
            entered: Vec::new(),
            refused: BTreeSet::new(),
            needs: Open::default(),
            timeless: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Step {
    on: Outcome,
    to: u32,
    id: u32,
}

/// Whether a line is ready on a day.
enum Ready {
    Yes,
    No,
    /// It depends on what is missing; and whether the day of the move would be known.
    Maybe(Open, bool),
    Error(Outcome),
}

/// What became of a way in one step.
enum Next {
    Stays(Box<Way>),
    Moves(Vec<Way>),
}

impl Evaluation<'_> {
    /// The days on which a machine may move: where its guards, events and deadlines change.
    pub(super) fn fold_days(&mut self, machine: &Lifecycle) -> Changes {
        let mut changes = self.line_days(machine);
        if changes.daily {
            return changes;
        }
        if let Ok((_, deadlines)) = self.run(machine, &changes) {
            changes.days.extend(deadlines);
        }
        changes
    }

    /// Where guards, events and lists change; deadlines follow from the fold itself.
    fn line_days(&mut self, machine: &Lifecycle) -> Changes {
        self.seen_whole(|this| this.line_days_now(machine))
    }

    fn line_days_now(&mut self, machine: &Lifecycle) -> Changes {
        let mut nodes = Vec::new();
        machine.nodes(|node| nodes.push(node));
        let mut changes = Changes::default();
        for node in nodes {
            let about = self.program.tables().node(node);
            let rounds: Vec<&Round> = machine
                .rounds
                .iter()
                .filter(|round| about.is_some_and(|about| about.free.contains(&round.binder)))
                .collect();
            // A deadline is read once, on entry; it sets no day of its own.
            let read_once = machine
                .states
                .iter()
                .any(|state| state.deadline == Some(node) || state.no_reentry == Some(node))
                || machine
                    .lines()
                    .any(|(_, line)| line.to.set.iter().any(|(_, value)| *value == node));
            if read_once {
                continue;
            }
            match rounds.as_slice() {
                [] => changes.join(&self.days_of(node)),
                rounds => {
                    for round in rounds {
                        let Outcome::Known(Value::List(list)) = self.eval(round.list) else {
                            continue;
                        };
                        for item in &list.items {
                            let days = self
                                .with_item(round.binder, &item.value, |this| this.days_of(node));
                            changes.join(&days);
                        }
                    }
                }
            }
        }
        changes
    }

    pub(super) fn lifecycle(&mut self, machine: &Lifecycle, ty: &Type) -> Outcome {
        let days = self.line_days(machine);
        let ways = match self.run(machine, &days) {
            Ok((ways, _)) => ways,
            Err(failed) => return failed,
        };
        if self.stack.gives_up() {
            return super::stack::given_up();
        }
        if self.now == self.outer {
            self.note_waiting(machine, &ways);
            self.note_undated(machine, &ways);
        }
        let mut needs = Open::default();
        let mut records = Vec::with_capacity(ways.len());
        for way in &ways {
            join(&mut needs, &way.needs);
            self.taken.extend(
                way.history
                    .iter()
                    .map(|step| (machine.name.clone(), step.id)),
            );
            records.push(self.record(machine, way));
        }
        self.settle(&[open(needs)], &records, ty)
    }

    /// Folds over the days; the ways left, and the days found on the way on which a state may be left: the day after
    /// a deadline, and the day after a move that could not be made twice in a day.
    fn run(
        &mut self,
        machine: &Lifecycle,
        changes: &Changes,
    ) -> Result<(Vec<Way>, BTreeSet<Date>), Outcome> {
        let today = self.now.today;
        let mut queue: BTreeSet<Date> = if changes.daily {
            let first = self.first_day();
            if first.days_until(today) > LONGEST_DAILY {
                return Err(error("the lifecycle looks at too many days"));
            }
            std::iter::successors(Some(first), |day| day.checked_add_days(1))
                .take_while(|day| *day <= today)
                .collect()
        } else {
            changes.days.range(..=today).copied().collect()
        };
        if queue.is_empty() {
            queue.insert(today);
        }
        let start = Way::new(machine);
        if let Some(before) = queue.first().and_then(|day| day.checked_add_days(-1))
            && self.may_have_moved(machine, &start, before)
        {
            queue.insert(before);
        }
        let mut deadlines = BTreeSet::new();
        let mut ways = vec![start];
        while let Some(day) = queue.pop_first() {
            let mut after = Vec::new();
            for mut way in ways {
                way.entered.clear();
                if way.timeless {
                    after.push(way);
                } else {
                    self.on(machine, way, day, &mut after)?;
                }
            }
            ways = merged(after);
            if let [only] = ways.as_mut_slice()
                && !only.timeless
            {
                only.needs = Open::default();
            }
            if ways.len() > MOST_WAYS {
                return Err(error("too many possible ways through the lifecycle"));
            }
            for way in &ways {
                let late = match way.deadline {
                    Outcome::Known(Value::Date(deadline)) => deadline.checked_add_days(1),
                    _ => None,
                };
                let again = if held_back(machine, way) {
                    day.checked_add_days(1)
                } else {
                    None
                };
                for next in [late, again].into_iter().flatten() {
                    if next > day {
                        deadlines.insert(next);
                        if next <= today {
                            queue.insert(next);
                        }
                    }
                }
            }
        }
        let mut left = Vec::new();
        for way in ways {
            if way.timeless {
                self.follow(machine, way, changes, &mut left)?;
            } else {
                left.push(way);
            }
        }
        Ok((merged(left), deadlines))
    }

    /// Whether something whose day is not known may have moved the machine on a day.
    fn may_have_moved(&mut self, machine: &Lifecycle, way: &Way, day: Date) -> bool {
        let Some(state) = machine.states.get(way.state as usize) else {
            return false;
        };
        let mut lines = machine.everywhere.iter().chain(&state.lines);
        lines.any(|line| matches!(self.ready(machine, way, line, day), Ready::Maybe(_, false)))
    }

    /// Everything that happens to one way on one day.
    fn on(
        &mut self,
        machine: &Lifecycle,
        way: Way,
        day: Date,
        after: &mut Vec<Way>,
    ) -> Result<(), Outcome> {
        let mut work = vec![way];
        while let Some(way) = work.pop() {
            if !self.spend(1) {
                return Err(error("evaluation takes too many steps"));
            }
            if way.timeless {
                after.push(way);
                continue;
            }
            match self.step(machine, way, day)? {
                Next::Stays(way) => after.push(*way),
                Next::Moves(ways) => work.extend(ways),
            }
            if work.len() + after.len() > MOST_WAYS {
                return Err(error("too many possible ways through the lifecycle"));
            }
        }
        Ok(())
    }

    /// One move, or none: lines of every open state first, then a passed deadline, then the state's own lines,
    /// then those that say `otherwise`.
    fn step(&mut self, machine: &Lifecycle, mut way: Way, day: Date) -> Result<Next, Outcome> {
        let Some(state) = machine.states.get(way.state as usize) else {
            return Err(error("no such state"));
        };
        if state.is_final {
            return Ok(Next::Stays(Box::new(way)));
        }
        let own = |otherwise: bool| state.lines.iter().filter(move |l| l.otherwise == otherwise);
        let anywhere = |otherwise: bool| {
            let lines = machine.everywhere.iter();
            lines.filter(move |line| line.otherwise == otherwise)
        };
        let groups: [Vec<&Line>; 4] = [
            anywhere(false).collect(),
            anywhere(true).collect(),
            own(false).collect(),
            own(true).collect(),
        ];
        let mut moved = Vec::new();
        for (at, lines) in groups.iter().enumerate() {
            if at == 2
                && let Some(to) = &state.late
                && !way.entered.contains(&to.to)
                && !way.refused.contains(&to.id)
            {
                match self.passed(machine, &way, day) {
                    Ready::Yes => {
                        moved.push(self.enter(machine, &way, to, Some(day), None)?);
                        return Ok(Next::Moves(moved));
                    }
                    Ready::Maybe(needs, dated) => {
                        join(&mut way.needs, &needs);
                        let on = dated.then_some(day);
                        moved.push(self.enter(machine, &way, to, on, Some(&needs))?);
                        way.refused.insert(to.id);
                        if dated {
                            // Here the deadline was stopped.
                            way.deadline = Outcome::Known(Value::None);
                        }
                    }
                    Ready::Error(failed) => return Err(failed),
                    Ready::No => {}
                }
            }
            let mut ready: Vec<&Line> = Vec::new();
            let mut perhaps: Vec<(&Line, Open, bool)> = Vec::new();
            for line in lines {
                match self.ready(machine, &way, line, day) {
                    Ready::Yes => ready.push(line),
                    Ready::No => {}
                    Ready::Maybe(needs, dated) => perhaps.push((line, needs, dated)),
                    Ready::Error(failed) => return Err(failed),
                }
            }
            if let Some(first) = ready.first() {
                if let Some(other) = ready.iter().find(|line| line.to.to != first.to.to) {
                    return Err(self.compete(machine, first, other, day));
                }
                moved.push(self.enter_by(machine, &way, first, Some(day), None)?);
                return Ok(Next::Moves(moved));
            }
            for (line, needs, dated) in perhaps {
                // Where what is missing does not change from day to day, it either moved today or never does.
                // Otherwise the day is not known, which covers every later day too.
                let settled = dated && self.same_every_day(machine, &way, line.guard, day);
                join(&mut way.needs, &needs);
                let on = settled.then_some(day);
                moved.push(self.enter_by(machine, &way, line, on, Some(&needs))?);
                way.refused.insert(line.to.id);
            }
        }
        if moved.is_empty() {
            return Ok(Next::Stays(Box::new(way)));
        }
        // It may also have stayed: nothing else can move it today, so it is only carried on.
        way.entered.push(u32::MAX);
        moved.push(way);
        Ok(Next::Moves(moved))
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
            .map_or_else(String::new, |line| line.text.clone())
    }

    fn tables_say_undated(&self, node: NodeId) -> bool {
        let about = self.program.tables().node(node);
        about.is_some_and(|about| !about.dated)
    }

    /// Whether the open parts of a condition are the same on every day.
    fn same_every_day(&mut self, machine: &Lifecycle, way: &Way, guard: NodeId, day: Date) -> bool {
        let parts = match self.ir().nodes.get(guard as usize).map(|node| &node.op) {
            Some(Op::And(parts) | Op::StrictAnd(parts)) => parts.as_slice(),
            _ => &[guard],
        };
        parts.iter().all(|part| {
            self.tables_say_undated(*part)
                || !matches!(self.read(machine, way, *part, day), Outcome::Open(_))
        })
    }

    /// Whether the deadline of the state has passed on a day.
    fn passed(&mut self, machine: &Lifecycle, way: &Way, day: Date) -> Ready {
        let state = machine.states.get(way.state as usize);
        let unless = state.and_then(|state| state.unless);
        match &way.deadline {
            Outcome::Known(Value::Date(deadline)) if day > *deadline => {
                let last = *deadline;
                let Some(unless) = unless else {
                    return Ready::Yes;
                };
                match self.read(machine, way, unless, last) {
                    Outcome::Known(Value::Bool(true)) => Ready::No,
                    Outcome::Open(needs) if !needs.facts.is_empty() => {
                        Ready::Maybe(Open::clone(&needs), true)
                    }
                    failed @ Outcome::Error(_) => Ready::Error(failed),
                    _ => Ready::Yes,
                }
            }
            Outcome::Open(needs) => Ready::Maybe(Open::clone(needs), false),
            failed @ Outcome::Error(_) => Ready::Error(failed.clone()),
            _ => Ready::No,
        }
    }

    fn ready(&mut self, machine: &Lifecycle, way: &Way, line: &Line, day: Date) -> Ready {
        if way.entered.contains(&line.to.to)
            || way.entered.contains(&u32::MAX)
            || way.refused.contains(&line.to.id)
        {
            return Ready::No;
        }
        if let Some(again) = self.again_from(machine, way, line.to.to)
            && day < again
        {
            return Ready::No;
        }
        let mut way = way;
        let ahead;
        let (mut needs, mut dated) = (Open::default(), true);
        match &line.trigger {
            Trigger::Condition => {}
            Trigger::On(node) => match self.read(machine, way, *node, day) {
                Outcome::Known(Value::Date(on)) if on <= day => {}
                Outcome::Open(open) => {
                    join(&mut needs, &open);
                    dated = false;
                }
                failed @ Outcome::Error(_) => return Ready::Error(failed),
                _ => return Ready::No,
            },
            Trigger::Decision { recorded } => match self.read(machine, way, *recorded, day) {
                Outcome::Known(Value::Bool(true)) => {}
                Outcome::Open(open) => join(&mut needs, &open),
                failed @ Outcome::Error(_) => return Ready::Error(failed),
                _ => return Ready::No,
            },
            Trigger::Next(round) => {
                match self.next_item(machine, way, *round, day) {
                    Ready::Yes => {}
                    Ready::Maybe(open, _) => {
                        join(&mut needs, &open);
                        dated = false;
                    }
                    other => return other,
                }
                let mut next = way.clone();
                if let Some(taken) = next.taken.get_mut(*round as usize) {
                    *taken += 1;
                }
                ahead = next;
                way = &ahead;
            }
        }
        match self.read(machine, way, line.guard, day) {
            Outcome::Known(Value::Bool(true)) => {}
            // A judgement that is not made: the state waits.
            Outcome::Open(open) if open.facts.is_empty() => return Ready::No,
            Outcome::Open(open) if dated => join(&mut needs, &open),
            // On a day that is not known the guard asks for what it lacks today; the rest shows with the day.
            Outcome::Open(_) => {
                let today = self.now.today;
                if let Outcome::Open(open) = self.read(machine, way, line.guard, today) {
                    join(&mut needs, &open);
                }
            }
            failed @ Outcome::Error(_) => return Ready::Error(failed),
            _ => return Ready::No,
        }
        if needs.facts.is_empty() && needs.judgements.is_empty() {
            Ready::Yes
        } else {
            Ready::Maybe(needs, dated)
        }
    }

    /// The first day a state may be entered again.
    fn again_from(&mut self, machine: &Lifecycle, way: &Way, state: u32) -> Option<Date> {
        let length = machine.states.get(state as usize)?.no_reentry?;
        let left = *way.left.get(&state)?;
        let Outcome::Known(Value::Number(number)) = self.read(machine, way, length, left) else {
            return None;
        };
        let count = number.to_i64()?;
        match plain(self.ty(length)) {
            Type::Months => left.checked_add_months(count),
            _ => left.checked_add_days(count),
        }
    }

    /// Whether there is another item to take on a day.
    fn next_item(&mut self, machine: &Lifecycle, way: &Way, round: u32, day: Date) -> Ready {
        let taken = way.taken.get(round as usize).copied().unwrap_or(0);
        match self.items(machine, round, day) {
            // An item in doubt may come before the others.
            Ok((_, Some(doubt))) => Ready::Maybe(doubt, false),
            Ok((items, None)) if items.len() > taken => Ready::Yes,
            Ok(_) => Ready::No,
            Err(Outcome::Open(needs)) => Ready::Maybe(Open::clone(&needs), false),
            Err(failed @ Outcome::Error(_)) => Ready::Error(failed),
            Err(_) => Ready::No,
        }
    }

    /// The dated items of a list up to a day, by date and then by place; and what is missing about others.
    fn items(
        &mut self,
        machine: &Lifecycle,
        round: u32,
        day: Date,
    ) -> Result<(Vec<Outcome>, Option<Open>), Outcome> {
        let Some(round) = machine.rounds.get(round as usize) else {
            return Err(error("no such list"));
        };
        let list = match self.node_at(round.list, day) {
            Outcome::Known(Value::List(list)) => list,
            other => return Err(other),
        };
        let mut dated = Vec::new();
        let mut doubt: Option<Open> = None;
        for item in &list.items {
            let on = match &item.value {
                Outcome::Known(Value::Record(fields)) => fields.get(round.date as usize),
                other => Some(other),
            };
            match (on, &item.presence) {
                (Some(Outcome::Known(Value::Date(on))), Presence::Certain) if *on <= day => {
                    dated.push((*on, item.value.clone()));
                }
                (Some(Outcome::Open(needs)), _) | (_, Presence::Open(needs)) => {
                    join(doubt.get_or_insert_with(Open::default), needs);
                }
                _ => {}
            }
        }
        dated.sort_by_key(|(on, _)| *on);
        Ok((dated.into_iter().map(|(_, item)| item).collect(), doubt))
    }

    /// A node as of a day, with the items taken last.
    fn read(&mut self, machine: &Lifecycle, way: &Way, node: NodeId, day: Date) -> Outcome {
        let free = match self.program.tables().node(node) {
            Some(about) => &about.free,
            None => return error("no such node"),
        };
        let bound: Vec<(usize, &Round)> = machine
            .rounds
            .iter()
            .enumerate()
            .filter(|(_, round)| free.contains(&round.binder))
            .collect();
        self.read_with(machine, way, node, day, &bound)
    }

    fn read_with(
        &mut self,
        machine: &Lifecycle,
        way: &Way,
        node: NodeId,
        day: Date,
        bound: &[(usize, &Round)],
    ) -> Outcome {
        let Some(((at, round), rest)) = bound.split_first() else {
            return self.node_at(node, day);
        };
        let taken = way.taken.get(*at).copied().unwrap_or(0);
        let item = match self.items(machine, *at as u32, day) {
            // An item in doubt may be the one.
            Ok((_, Some(doubt))) => Some(open(doubt)),
            Ok((items, None)) => taken.checked_sub(1).and_then(|k| items.get(k).cloned()),
            Err(other) => Some(other),
        };
        let item = item.unwrap_or_else(|| Outcome::NotApplicable("nothing is taken yet".into()));
        self.with_item(round.binder, &item, |this| {
            this.read_with(machine, way, node, day, rest)
        })
    }

    fn enter_by(
        &mut self,
        machine: &Lifecycle,
        way: &Way,
        line: &Line,
        on: Option<Date>,
        needs: Option<&Open>,
    ) -> Result<Way, Outcome> {
        if let Trigger::Next(round) = &line.trigger {
            let day = on.unwrap_or(self.now.today);
            // Which items there are is not known: then how many were taken says nothing.
            let counted = matches!(self.items(machine, *round, day), Ok((_, None)));
            let mut next = way.clone();
            if let Some(taken) = next.taken.get_mut(*round as usize)
                && counted
            {
                *taken += 1;
            }
            return self.enter(machine, &next, &line.to, on, needs);
        }
        self.enter(machine, way, &line.to, on, needs)
    }

    /// The way after a move; on a day that is not known when `on` is absent.
    fn enter(
        &mut self,
        machine: &Lifecycle,
        way: &Way,
        to: &Move,
        on: Option<Date>,
        needs: Option<&Open>,
    ) -> Result<Way, Outcome> {
        let mut next = way.clone();
        let day = on.unwrap_or(self.now.today);
        let when = match (on, needs) {
            (Some(day), _) => Outcome::Known(Value::Date(day)),
            (None, needs) => {
                next.timeless = true;
                let mut missing = way.needs.clone();
                if let Some(needs) = needs {
                    join(&mut missing, needs);
                }
                open(missing)
            }
        };
        if on.is_some() {
            next.left.insert(way.state, day);
        }
        for (field, value) in &to.set {
            let value = match &when {
                Outcome::Open(_) if !self.tables_say_undated(*value) => when.clone(),
                _ => self.read(machine, &next, *value, day),
            };
            if let Some(slot) = next.kept.get_mut(*field as usize) {
                *slot = value;
            }
        }
        next.state = to.to;
        next.since = when.clone();
        next.entered.push(to.to);
        next.refused.clear();
        let deadline = machine
            .states
            .get(to.to as usize)
            .and_then(|state| state.deadline);
        next.deadline = match (deadline, &when) {
            (None, _) => Outcome::Known(Value::None),
            (Some(node), Outcome::Known(_)) => match self.read(machine, &next, node, day) {
                failed @ Outcome::Error(_) => return Err(failed),
                Outcome::NotApplicable(_) => Outcome::Known(Value::None),
                other => other,
            },
            (Some(_), unknown) => unknown.clone(),
        };
        next.history.push(Step {
            on: when,
            to: to.to,
            id: to.id,
        });
        Ok(next)
    }

    /// Where a way may be today that entered its state on a day that is not known: order and time of what
    /// happened since are open, so every line that held on some day may have been taken.
    fn follow(
        &mut self,
        machine: &Lifecycle,
        way: Way,
        changes: &Changes,
        left: &mut Vec<Way>,
    ) -> Result<(), Outcome> {
        let today = self.now.today;
        let every = self.days_to_ask(changes);
        let mut seen: Vec<(u32, Vec<usize>, Vec<Outcome>)> = Vec::new();
        let (start, mut met_again) = (left.len(), Open::default());
        let mut work = vec![way];
        while let Some(mut way) = work.pop() {
            let key = (way.state, way.taken.clone(), way.kept.clone());
            if seen.contains(&key) {
                join(&mut met_again, &way.needs);
                continue;
            }
            seen.push(key);
            if seen.len() > MOST_WAYS || !self.spend(1) {
                return Err(error("too many possible ways through the lifecycle"));
            }
            let Some(state) = machine.states.get(way.state as usize) else {
                return Err(error("no such state"));
            };
            if state.is_final {
                left.push(way);
                continue;
            }
            let mut gone = false;
            let mut moved = Vec::new();
            for line in machine.everywhere.iter().chain(&state.lines) {
                let mut asked = way.clone();
                asked.entered.clear();
                asked.refused.clear();
                asked.left.clear();
                let target = machine.states.get(line.to.to as usize);
                let free_to_enter = target.is_some_and(|state| state.no_reentry.is_none());
                let (mut always, mut ever, mut needs) = (free_to_enter, false, Open::default());
                let asked_on: Vec<Date> = match &line.trigger {
                    Trigger::Next(_) => every.clone(),
                    _ if self.tables_say_undated(line.guard) => vec![today],
                    trigger => self.line_asked_on(line.guard, trigger, &every),
                };
                for day in &asked_on {
                    match self.ready(machine, &asked, line, *day) {
                        // A trigger that is ready today was ready on every day after it: only today counts for sure.
                        Ready::Yes => ever = true,
                        Ready::Maybe(open, _) => {
                            ever = true;
                            always &= *day != today;
                            join(&mut needs, &open);
                        }
                        Ready::No => always &= *day != today,
                        Ready::Error(failed) => return Err(failed),
                    }
                }
                if !ever {
                    continue;
                }
                gone |= always;
                join(&mut way.needs, &needs);
                moved.push(self.enter_by(machine, &way, line, None, Some(&needs))?);
            }
            if let Some(to) = &state.late
                && way.deadline != Outcome::Known(Value::None)
            {
                let needs = match &way.since {
                    Outcome::Open(open) => Open::clone(open),
                    _ => Open::default(),
                };
                moved.push(self.enter(machine, &way, to, None, Some(&needs))?);
            }
            for mut next in moved {
                join(&mut next.needs, &way.needs);
                work.push(next);
            }
            if !gone {
                left.push(way);
            }
        }
        for way in left.iter_mut().skip(start) {
            join(&mut way.needs, &met_again);
        }
        Ok(())
    }

    /// The days on which to ask what changes on some days: the day before all of them, each of them, and today.
    fn days_to_ask(&self, changes: &Changes) -> Vec<Date> {
        let today = self.now.today;
        let first = if changes.daily {
            self.first_day()
        } else {
            changes.days.first().map_or(today, |day| *day)
        };
        let before = first.checked_add_days(-1).unwrap_or(first).min(today);
        if changes.daily {
            return std::iter::successors(Some(before), |day| day.checked_add_days(1))
                .take_while(|day| *day <= today)
                .collect();
        }
        let mut days: BTreeSet<Date> = changes.days.range(..=today).copied().collect();
        days.extend([before, today]);
        days.into_iter().collect()
    }

    /// The days on which to ask about one line: those of its guard and of what sets it off.
    fn line_asked_on(&mut self, guard: NodeId, trigger: &Trigger, every: &[Date]) -> Vec<Date> {
        let mut nodes = vec![guard];
        match trigger {
            Trigger::On(node) | Trigger::Decision { recorded: node } => nodes.push(*node),
            Trigger::Condition | Trigger::Next(_) => {}
        }
        let mut changes = Changes::default();
        for node in nodes {
            let about = self.program.tables().node(node);
            if about.is_none_or(|about| !about.free.is_empty()) {
                return every.to_vec();
            }
            let days = self.seen_whole(|this| this.days_of(node));
            changes.join(&days);
        }
        self.days_to_ask(&changes)
    }

    /// What a way says, as the record the lifecycle evaluates to.
    fn record(&mut self, machine: &Lifecycle, way: &Way) -> Outcome {
        let today = self.now.today;
        let known = |value: Value| Outcome::Known(value);
        let state = machine.states.get(way.state as usize);
        let waits_for = state
            .and_then(|state| state.waits_for)
            .map_or(Value::None, Value::Enum);
        let mut deadline = way.deadline.clone();
        // A deadline that has passed without consequence was stopped.
        if matches!(deadline, Outcome::Known(Value::Date(last)) if last < today) {
            deadline = known(Value::None);
        }
        if let (Outcome::Known(Value::Date(_)), Some(unless)) =
            (&deadline, state.and_then(|state| state.unless))
        {
            match self.read(machine, way, unless, today) {
                Outcome::Known(Value::Bool(true)) => deadline = known(Value::None),
                // It may have been stopped already.
                Outcome::Open(needs) if !needs.facts.is_empty() => deadline = Outcome::Open(needs),
                _ => {}
            }
        }
        let mut moves: Vec<u32> = Vec::new();
        let open_state = state.filter(|state| !state.is_final);
        let lines = open_state
            .into_iter()
            .flat_map(|state| machine.everywhere.iter().chain(&state.lines));
        for line in lines {
            if matches!(line.trigger, Trigger::Decision { .. }) && !moves.contains(&line.to.to) {
                moves.push(line.to.to);
            }
        }
        let history = way.history.iter().map(|step| {
            let text = self.line_text(machine, step.id);
            let parts = vec![
                step.on.clone(),
                known(Value::Enum(step.to)),
                known(Value::Text(text.into())),
            ];
            known(Value::Record(parts.into()))
        });
        let history = list(history.collect());
        let mut fields = vec![
            known(Value::Enum(way.state)),
            way.since.clone(),
            deadline,
            known(waits_for),
            list(moves.into_iter().map(|to| known(Value::Enum(to))).collect()),
            history,
        ];
        fields.extend(way.kept.iter().cloned());
        known(Value::Record(fields.into()))
    }

    /// Notes events that happened and moved nothing: they wait for their state, or came too late for it.
    fn note_waiting(&mut self, machine: &Lifecycle, ways: &[Way]) {
        let used: BTreeSet<u32> = ways
            .iter()
            .flat_map(|way| way.history.iter().map(|step| step.id))
            .collect();
        let mut moved: BTreeMap<u32, bool> = BTreeMap::new();
        for (_, line) in machine.lines() {
            let Trigger::On(node) = &line.trigger else {
                continue;
            };
            if let Some(Op::Fact(fact)) = self.ir().nodes.get(*node as usize).map(|n| &n.op) {
                *moved.entry(*fact).or_default() |= used.contains(&line.to.id);
            }
        }
        for (id, _) in moved.into_iter().filter(|(_, moved)| !moved) {
            let Slot::Given { value, .. } = self.facts.slot(id) else {
                continue;
            };
            if let (Outcome::Known(Value::Date(on)), Some(fact)) =
                (value, self.ir().facts.get(id as usize))
                && *on <= self.outer.today
            {
                let text = format!(
                    "`{}` ({on}) has moved nothing in `{}`: no state has waited for it yet",
                    fact.name, machine.name
                );
                self.notes.insert((id, super::facts::WAITS), text);
            }
        }
    }

    /// Notes decisions without a day: they count from the day on which they could be taken.
    fn note_undated(&mut self, machine: &Lifecycle, ways: &[Way]) {
        for (_, line) in machine.lines() {
            let Trigger::Decision { recorded } = &line.trigger else {
                continue;
            };
            let Some(Op::Recorded(id)) = self.ir().nodes.get(*recorded as usize).map(|n| &n.op)
            else {
                continue;
            };
            let (id, steps) = (*id, ways.iter().flat_map(|way| &way.history));
            let taken = steps.rev().find(|step| step.id == line.to.id);
            let undated = matches!(self.facts.slot(id), Slot::Given { on: None, .. });
            if let (true, Some(step), Some(fact)) =
                (undated, taken, self.ir().facts.get(id as usize))
                && let Outcome::Known(Value::Date(on)) = &step.on
            {
                let text = format!(
                    "`{}` has no day; in `{}` it counts from {on}, when it could be taken",
                    fact.name, machine.name
                );
                self.notes.insert((id, super::facts::WAITS), text);
            }
        }
    }

    /// The lines of lifecycles that were taken so far: the lifecycle's name and the number of the line.
    pub fn lines_taken(&self) -> &BTreeSet<(String, u32)> {
        &self.taken
    }
}

/// A list of certain items.
fn list(items: Vec<Outcome>) -> Outcome {
    let items = items.into_iter().map(|value| Item {
        presence: Presence::Certain,
        value,
    });
    Outcome::Known(Value::List(Arc::new(List {
        items: items.collect(),
    })))
}

/// Whether a way out of the state leads to one that was entered today already: it may be taken tomorrow.
fn held_back(machine: &Lifecycle, way: &Way) -> bool {
    let Some(state) = machine.states.get(way.state as usize) else {
        return false;
    };
    let lines = machine.everywhere.iter().chain(&state.lines);
    let mut moves = lines.map(|line| &line.to).chain(&state.late);
    !way.timeless && !state.is_final && moves.any(|to| way.entered.contains(&to.to))
}

/// Ways that came out the same are one.
fn merged(ways: Vec<Way>) -> Vec<Way> {
    let mut kept: Vec<Way> = Vec::new();
    for way in ways {
        let same = kept.iter_mut().find(|other| {
            other.state == way.state
                && other.timeless == way.timeless
                && other.since == way.since
                && other.deadline == way.deadline
                && other.taken == way.taken
                && other.kept == way.kept
                && other.left == way.left
                && other.history == way.history
        });
        match same {
            Some(other) => {
                join(&mut other.needs, &way.needs);
                // A line is refused for good only where both refused it.
                other.refused = other.refused.intersection(&way.refused).copied().collect();
            }
            None => kept.push(way),
        }
    }
    kept
}

// The fixed fields of a lifecycle's record, in order; `record` above writes them so.
const _: () = assert!(lifecycle::KEPT == 6 && lifecycle::HISTORY == 5 && lifecycle::MOVES == 4);
