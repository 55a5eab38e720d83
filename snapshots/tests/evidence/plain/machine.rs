//! Lifecycles, walked day by day.

use super::value::{Outcome, Value};
use super::{Day, Env, Run};
use polc_runtime::ir::Lifecycle;
use polc_runtime::ir::lifecycle::{
    DEADLINE, HISTORY, KEPT, Line, MOVES, Move, SINCE, STATE, Sign, State, Trigger, WAITING_FOR,
};

/// So many days before the day asked about, nothing has happened yet.
const BACK: i64 = 800;

/// Where the fold stands.
struct Stay {
    state: usize,
    since: Option<i64>,
    /// The last day inside.
    deadline: Option<i64>,
    kept: Vec<Outcome>,
}

/// What the documents leave open.
struct NotSaid;

impl Run<'_> {
    pub(super) fn lifecycle(&self, machine: &Lifecycle, day: Day, env: &mut Env) -> Outcome {
        match self.folded(machine, day, env) {
            Ok(stay) => self.shown(machine, &stay, day, env),
            Err(NotSaid) => Outcome::Open,
        }
    }

    fn folded(&self, machine: &Lifecycle, day: Day, env: &mut Env) -> Result<Stay, NotSaid> {
        if !machine.rounds.is_empty() {
            return Err(NotSaid);
        }
        let mut stay = Stay {
            state: machine.starts as usize,
            since: None,
            deadline: None,
            kept: vec![Outcome::Known(Value::None); machine.kept.len()],
        };
        let first = day.on - BACK;
        for on in first..=day.on {
            let now = Day {
                on,
                seen: day.seen.min(on),
            };
            let mut entered = Vec::new();
            while let Some(to) = self.next(machine, &stay, now, env)? {
                // undated conditions out of the first state, and what would come round again
                if on == first || entered.contains(&to.to) || entered.len() > machine.states.len() {
                    return Err(NotSaid);
                }
                entered.push(to.to);
                let values: Vec<(usize, Outcome)> = to
                    .set
                    .iter()
                    .map(|(at, node)| (*at as usize, self.node(*node, now, env)))
                    .collect();
                values
                    .into_iter()
                    .for_each(|(at, value)| stay.kept[at] = value);
                stay.state = to.to as usize;
                stay.since = Some(on);
                stay.deadline = self.deadline(&machine.states[stay.state], now, env)?;
            }
        }
        Ok(stay)
    }

    /// The last day inside a state, read on the day it is entered; none where it does not apply.
    fn deadline(&self, state: &State, day: Day, env: &mut Env) -> Result<Option<i64>, NotSaid> {
        match state.deadline.map(|node| self.node(node, day, env)) {
            None | Some(Outcome::NotApplicable | Outcome::Known(Value::None)) => Ok(None),
            Some(Outcome::Known(Value::Date(on))) => Ok(Some(on)),
            Some(Outcome::Known(_) | Outcome::Error | Outcome::Open) => Err(NotSaid),
        }
    }

    /// The move that is taken now.
    fn next<'m>(
        &self,
        machine: &'m Lifecycle,
        stay: &Stay,
        day: Day,
        env: &mut Env,
    ) -> Result<Option<&'m Move>, NotSaid> {
        let state = &machine.states[stay.state];
        if state.is_final {
            return Ok(None);
        }
        for gives_way in [false, true] {
            if let Some(to) = self.ready(&machine.everywhere, gives_way, day, env)? {
                return Ok(Some(to));
            }
        }
        if let (Some(deadline), Some(late)) = (stay.deadline, &state.late)
            && day.on > deadline
            && !self.stopped(state, deadline, day, env)?
        {
            return Ok(Some(late));
        }
        for gives_way in [false, true] {
            if let Some(to) = self.ready(&state.lines, gives_way, day, env)? {
                return Ok(Some(to));
            }
        }
        Ok(None)
    }

    /// Whether `unless` held on the deadline's last day.
    fn stopped(
        &self,
        state: &State,
        deadline: i64,
        day: Day,
        env: &mut Env,
    ) -> Result<bool, NotSaid> {
        let last = Day {
            on: deadline,
            seen: day.seen.min(deadline),
        };
        match state.unless.map(|node| self.node(node, last, env)) {
            None | Some(Outcome::NotApplicable) => Ok(false),
            Some(Outcome::Known(value)) => Ok(value == Value::Bool(true)),
            Some(Outcome::Error | Outcome::Open) => Err(NotSaid),
        }
    }

    fn ready<'m>(
        &self,
        lines: &'m [Line],
        gives_way: bool,
        day: Day,
        env: &mut Env,
    ) -> Result<Option<&'m Move>, NotSaid> {
        let mut found: Option<&Move> = None;
        for line in lines.iter().filter(|line| line.otherwise == gives_way) {
            let set_off = match &line.trigger {
                Trigger::Condition => Outcome::YES,
                Trigger::Read(Sign::Event, node) => match self.node(*node, day, env) {
                    Outcome::Known(Value::Date(on)) => Outcome::truth(on <= day.on),
                    Outcome::Known(_) | Outcome::NotApplicable => Outcome::NO,
                    other => other,
                },
                Trigger::Each(_) => return Err(NotSaid),
                Trigger::Read(Sign::Decision, recorded) => self.node(*recorded, day, env),
            };
            if set_off == Outcome::NO {
                continue;
            }
            let holds = match (set_off, self.node(line.guard, day, env)) {
                (Outcome::Known(_), Outcome::Known(value)) => value == Value::Bool(true),
                // with every fact given, what is missing is a judgement; it is waited for
                (Outcome::Known(_), Outcome::NotApplicable | Outcome::Open) => false,
                (_, _) => return Err(NotSaid),
            };
            if holds {
                if found.is_some_and(|found| found.to != line.to.to || found.set != line.to.set) {
                    return Err(NotSaid);
                }
                found = Some(&line.to);
            }
        }
        Ok(found)
    }

    fn shown(&self, machine: &Lifecycle, stay: &Stay, day: Day, env: &mut Env) -> Outcome {
        let state = &machine.states[stay.state];
        let mut parts = vec![Outcome::Open; KEPT as usize];
        let date = |on: Option<i64>| Outcome::Known(on.map_or(Value::None, Value::Date));
        parts[STATE as usize] = Outcome::Known(Value::Enum(stay.state as u32));
        parts[SINCE as usize] = date(stay.since);
        let stops = match state.unless.map(|node| self.node(node, day, env)) {
            Some(Outcome::Known(value)) => Some(value == Value::Bool(true)),
            None | Some(Outcome::NotApplicable) => Some(false),
            Some(Outcome::Error | Outcome::Open) => None,
        };
        parts[DEADLINE as usize] = match (stay.deadline, stops) {
            (None, _) | (Some(_), Some(true)) => date(None),
            (Some(deadline), Some(false)) if day.on > deadline => date(None),
            (Some(deadline), Some(false)) => date(Some(deadline)),
            (Some(_), None) => Outcome::Open,
        };
        let waits = if state.is_final {
            None
        } else {
            state.waits_for
        };
        parts[WAITING_FOR as usize] = Outcome::Known(waits.map_or(Value::None, Value::Enum));
        // what they hold is told in words, and of guards that a judgement is part of
        parts[MOVES as usize] = Outcome::Open;
        parts[HISTORY as usize] = Outcome::Open;
        parts.extend(stay.kept.iter().cloned());
        Outcome::Known(Value::Record(parts))
    }
}
