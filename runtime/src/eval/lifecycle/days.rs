//! The days a fold looks at: where its guards, events, lists and deadlines change.

use super::super::Evaluation;
use super::super::changes::Changes;
use super::ways::Way;
use crate::ir::lifecycle::{Lifecycle, Round, Sign, Trigger};
use crate::ir::{NodeId, Op};
use crate::value::algebra::bounds_of;
use crate::value::{Date, Outcome, Value};
use std::collections::BTreeSet;

impl Evaluation<'_> {
    /// The days on which a machine may move: where its guards, events and deadlines change.
    pub(in crate::eval) fn fold_days(&mut self, machine: &Lifecycle) -> Changes {
        let mut changes = self.line_days(machine);
        if changes.daily {
            return changes;
        }
        let mut fold = self.fold(machine);
        if let Ok((_, deadlines)) = self.run(&mut fold, &changes) {
            changes.days.extend(deadlines);
        }
        changes
    }

    /// Where guards, events and lists change; deadlines follow from the fold itself.
    pub(super) fn line_days(&mut self, machine: &Lifecycle) -> Changes {
        self.untraced(|this| this.seen_whole(|this| this.line_days_now(machine)))
    }

    fn line_days_now(&mut self, machine: &Lifecycle) -> Changes {
        let mut nodes = Vec::new();
        machine.operands(|node| nodes.push(*node), |_| ());
        let mut changes = Changes::default();
        for node in nodes {
            let about = self.program.tables().node(node);
            let rounds: Vec<&Round> = machine
                .rounds
                .iter()
                .filter(|round| about.is_some_and(|about| about.free.contains(&round.binder)))
                .collect();
            // A deadline is read once, on entry; it sets no day of its own. But what has no day lies before all that is
            // read so, and before the deadlines that the facts or the program name.
            let deadline = machine.states.iter();
            let deadline = { deadline }.any(|state| state.deadline == Some(node));
            let read_once = deadline
                || { machine.states.iter() }.any(|state| state.no_reentry == Some(node))
                || { machine.lines() }
                    .any(|(_, line)| line.to.set.iter().any(|(_, value)| *value == node));
            if read_once {
                if rounds.is_empty() {
                    let days = self.days_of(node);
                    changes.days.extend(days.days.first());
                    if deadline {
                        self.days_named(node, &days, &mut changes);
                    }
                }
                continue;
            }
            let event = machine
                .lines()
                .any(|(_, line)| line.trigger == Trigger::Read(Sign::Event, node));
            match rounds.as_slice() {
                [] => {
                    let days = self.days_of(node);
                    changes.join(&days);
                    if event {
                        self.days_named(node, &days, &mut changes);
                    }
                }
                rounds => {
                    for round in rounds {
                        let Outcome::Known(Value::List(list)) = self.eval(round.list) else {
                            continue;
                        };
                        for item in &list.items {
                            self.with_item(round.binder, &item.value, |this| {
                                let days = this.days_of(node);
                                changes.join(&days);
                                if event {
                                    this.days_named(node, &days, &mut changes);
                                }
                            });
                        }
                    }
                }
            }
        }
        for round in &machine.rounds {
            self.days_of_items(round, &mut changes);
        }
        changes
    }

    /// The days that an event may name: one that is computed may lie later than what it is computed from.
    fn days_named(&mut self, event: NodeId, days: &Changes, changes: &mut Changes) {
        if days.daily {
            return;
        }
        for outcome in self.on_each(event, days) {
            if let Outcome::Known(Value::Date(on)) = outcome {
                changes.days.insert(on);
            }
        }
    }

    /// The days of the items of a list, as far as it is ever seen.
    fn days_of_items(&mut self, round: &Round, changes: &mut Changes) {
        let days = self.days_of(round.list);
        if days.daily {
            return;
        }
        let is_fact = matches!(self.op(round.list), Some(Op::Fact(_)));
        // A list of the facts only grows.
        let earlier = days.days.range(..self.now.today).copied();
        let earlier: Vec<_> = earlier.filter(|_| !is_fact).collect();
        for day in earlier.into_iter().chain([self.now.today]) {
            let Outcome::Known(Value::List(list)) = self.node_at(round.list, day) else {
                continue;
            };
            for item in &list.items {
                if let Outcome::Known(Value::Record(fields)) = &item.value
                    && let Some(Outcome::Known(Value::Date(on))) = fields.get(round.date as usize)
                {
                    changes.days.insert(*on);
                }
            }
        }
    }

    /// The days on which something may change, up to today.
    pub(super) fn days_to_fold(&self, changes: &Changes) -> Result<BTreeSet<Date>, Outcome> {
        let today = self.now.today;
        if !changes.daily {
            return Ok(changes.days.range(..=today).copied().collect());
        }
        let first = self.first_day();
        let count = u64::try_from(first.days_until(today)).unwrap_or(0);
        if count >= self.options.limits.days {
            return Err(self.too_many_days());
        }
        Ok(
            std::iter::successors(Some(first), |day| day.checked_add_days(1))
                .take_while(|day| *day <= today)
                .collect(),
        )
    }

    /// Adds the days on which something that ways wait for is over.
    pub(super) fn wait_for(
        &self,
        ways: &[Way],
        day: Date,
        today: Date,
        queue: &mut BTreeSet<Date>,
        found: &mut BTreeSet<Date>,
    ) {
        let latest = |outcome: &Outcome| {
            let days = bounds_of(outcome).high?.to_i64()?;
            Date::from_days(i32::try_from(days).ok()?)
        };
        for way in ways {
            let late = latest(&way.deadline).and_then(|deadline| deadline.checked_add_days(1));
            let free = way.again.values().filter_map(latest);
            for next in free.chain(late).filter(|next| *next > day) {
                found.insert(next);
                if next <= today {
                    queue.insert(next);
                }
            }
        }
    }
}
