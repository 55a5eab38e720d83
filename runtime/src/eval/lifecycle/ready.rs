//! Whether a line is set off and its guard holds on a way.

use super::super::Evaluation;
use super::Fold;
use super::items::NextItem;
use super::ways::{Mark, Taken, Way, What};
use super::when::{Passed, When};
use crate::ir::lifecycle::{Line, Sign, Trigger};
use crate::ir::{Const, FactKind, NodeId, Op, Type};
use crate::value::algebra::{self, Tally, day_number, join, truth};
use crate::value::{Date, Open, Outcome, Value};

/// A line that is ready, or may be.
pub(super) struct Led {
    /// What is missing; nothing when it is certainly ready.
    pub(super) needs: Open,
    pub(super) certain: bool,
    /// Whether the day of the move is the day asked about.
    pub(super) dated: bool,
    /// What is spent by it.
    pub(super) mark: Option<Mark>,
    /// Conditions that it takes to be so, and whether they are all it lacks.
    pub(super) assumes: Vec<(NodeId, bool)>,
    pub(super) only_assumes: bool,
    pub(super) takes: Option<(u32, Taken)>,
    /// Whether what is spent is certainly spent: an event that may have several days is not.
    pub(super) exact: bool,
}

impl Evaluation<'_> {
    fn is_plain_fact(&self, node: NodeId, event: bool) -> bool {
        let Some(Op::Fact(id)) = self.op(node) else {
            return false;
        };
        self.ir().facts.get(*id as usize).is_some_and(|fact| {
            let given = fact.derived.is_none() && fact.assume.is_none();
            match fact.kind {
                FactKind::Event => event && given,
                FactKind::Given => !event && given && fact.ty == Type::Bool,
                FactKind::Judgement { .. } => false,
            }
        })
    }

    /// A condition on a way: what the way takes to be so counts.
    pub(super) fn truth_on(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        node: NodeId,
        day: Date,
    ) -> Outcome {
        let read = self.read(fold, way, node, day);
        if !matches!(read, Outcome::Open(_)) {
            return read;
        }
        if let Some(value) = way.assumed.get(&self.ir().bare(node)) {
            return truth(*value);
        }
        match self.op(node) {
            Some(Op::Not(inner)) => algebra::not(&self.truth_on(fold, way, *inner, day)),
            Some(op @ (Op::And(parts) | Op::Or(parts))) => {
                let mut tally = Tally::default();
                for part in parts {
                    tally.add(&self.truth_on(fold, way, *part, day));
                }
                if matches!(op, Op::And(_)) {
                    tally.and()
                } else {
                    tally.or()
                }
            }
            Some(Op::Cases { cases, otherwise }) => match self.both(cases, *otherwise) {
                Some((first, rest)) => match self.truth_on(fold, way, first, day) {
                    Outcome::Known(Value::Bool(true)) => self.truth_on(fold, way, rest, day),
                    first @ Outcome::Open(_) => {
                        let rest = self.truth_on(fold, way, rest, day);
                        let mut tally = Tally::default();
                        tally.add(&first);
                        tally.add(&rest);
                        tally.and()
                    }
                    first @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
                        first
                    }
                },
                None => read,
            },
            _ => read,
        }
    }

    /// The two conditions of a guard that holds where both do (the first alone where it is not applicable).
    fn both(
        &self,
        cases: &[(NodeId, NodeId)],
        otherwise: Option<NodeId>,
    ) -> Option<(NodeId, NodeId)> {
        let [both] = cases else { return None };
        let last = self.op(otherwise?)?;
        (*last == Op::Const(Const::Bool(false))).then_some(*both)
    }

    /// The open parts of a condition that must hold, each with the value it must have.
    fn open_parts(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        node: NodeId,
        day: Date,
    ) -> Vec<(NodeId, bool)> {
        if !matches!(self.truth_on(fold, way, node, day), Outcome::Open(_)) {
            return Vec::new();
        }
        match self.op(node) {
            Some(Op::And(parts) | Op::StrictAnd(parts)) => {
                let mut found = Vec::new();
                for part in parts {
                    found.extend(self.open_parts(fold, way, *part, day));
                }
                found
            }
            Some(Op::Cases { cases, otherwise }) => match self.both(cases, *otherwise) {
                Some((first, rest)) => {
                    let mut found = self.open_parts(fold, way, first, day);
                    found.extend(self.open_parts(fold, way, rest, day));
                    found
                }
                None => vec![(node, true)],
            },
            Some(Op::Not(inner)) => vec![(*inner, false)],
            _ => vec![(node, true)],
        }
    }

    pub(super) fn undated(&self, node: NodeId) -> bool {
        let about = self.program.tables().node(node);
        about.is_some_and(|about| !about.dated)
    }

    /// What a line that was set off so spends; `None` where the items it speaks of are not known.
    fn mark(
        &self,
        fold: &Fold,
        way: &Way,
        line: u32,
        what: What,
        nodes: &[NodeId],
    ) -> Option<Mark> {
        let mut items = Vec::new();
        for (at, round) in (0..).zip(&fold.machine.rounds) {
            let speaks = nodes.iter().any(|node| {
                let about = self.program.tables().node(*node);
                about.is_some_and(|about| about.free.contains(&round.binder))
            });
            match way.taken.get(at as usize) {
                Some(Taken::Items {
                    last: Some(key), ..
                }) if speaks => items.push((at, *key)),
                Some(Taken::Unknown(_)) if speaks => return None,
                _ => {}
            }
        }
        Some(Mark { line, what, items })
    }

    /// Whether a line is set off and its guard holds, whatever keeps it from leading on.
    pub(super) fn ready(
        &mut self,
        fold: &mut Fold,
        way: &mut Way,
        line: &Line,
        when: When,
    ) -> Result<Option<Led>, Outcome> {
        let (id, day) = (line.to.id, when.day());
        if way.refused.contains(&id) {
            return Ok(None);
        }
        let mut led = Led {
            needs: Open::default(),
            certain: true,
            dated: true,
            mark: None,
            assumes: Vec::new(),
            only_assumes: true,
            takes: None,
            exact: true,
        };
        if !self.set_off(fold, way, line, day, &mut led)? {
            return Ok(None);
        }
        let ahead;
        let on: &Way = match &led.takes {
            Some((round, taken)) => {
                let mut next = way.clone();
                if let Some(slot) = next.taken.get_mut(*round as usize) {
                    *slot = taken.clone();
                }
                ahead = next;
                &ahead
            }
            None => way,
        };
        match self.truth_on(fold, on, line.guard, day) {
            Outcome::Known(Value::Bool(true)) => {}
            // A judgement that is not made: the state waits.
            Outcome::Open(open) if !open.facts.is_empty() || !open.because.is_empty() => {
                led.certain = false;
                join(&mut led.needs, &open);
                let parts = self.open_parts(fold, on, line.guard, day);
                led.dated &= parts.iter().all(|(part, _)| self.undated(*part));
                let assumed = |part: &&(NodeId, bool)| self.is_plain_fact(part.0, false);
                let assumes: Vec<(NodeId, bool)> = parts
                    .iter()
                    .filter(assumed)
                    .map(|(part, value)| (self.ir().bare(*part), *value))
                    .collect();
                led.only_assumes &= assumes.len() == parts.len() && parts.len() == 1;
                led.assumes.extend(assumes);
            }
            failed @ Outcome::Error(_) => return Err(failed),
            Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) => {
                // When it comes to hold it leads on anew.
                if let Some(mark) = &led.mark
                    && mark.what == What::Stay
                {
                    way.spent.remove(mark);
                }
                return Ok(None);
            }
        }
        let spent = Evaluation::spent(way, led.mark.as_ref(), led.certain);
        match spent {
            Spent::Yes => return Ok(None),
            Spent::Perhaps => led.doubt(way),
            Spent::No => {}
        }
        Ok(Some(led))
    }

    /// Whether what sets a line off has led on already.
    fn spent(way: &mut Way, mark: Option<&Mark>, certain: bool) -> Spent {
        let Some(mark) = mark else {
            return Spent::No;
        };
        match way.spent.get(mark) {
            // A condition that may have failed to hold today may come to hold anew from tomorrow.
            Some(true) if !certain && mark.what == What::Stay => {
                way.spent.insert(mark.clone(), false);
                return Spent::Yes;
            }
            Some(true) => return Spent::Yes,
            Some(false) => return Spent::Perhaps,
            None => {}
        }
        // An event of one day and one whose day is not known may be the same.
        let maybe_same = |known: &Mark| match (known.what, mark.what) {
            (What::Event(a), What::Event(b)) => {
                a.is_none() != b.is_none() && known.line == mark.line && known.items == mark.items
            }
            _ => false,
        };
        if matches!(mark.what, What::Event(_)) && way.spent.keys().any(maybe_same) {
            return Spent::Perhaps;
        }
        Spent::No
    }

    /// Whether the trigger of a line has come; what it spends and takes.
    fn set_off(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        line: &Line,
        day: Date,
        led: &mut Led,
    ) -> Result<bool, Outcome> {
        let id = line.to.id;
        match &line.trigger {
            Trigger::Condition => led.mark = self.mark(fold, way, id, What::Stay, &[line.guard]),
            Trigger::Read(Sign::Event, node) => {
                let what = match self.read(fold, way, *node, day) {
                    Outcome::Known(Value::Date(on)) if on <= day => What::Event(Some(on)),
                    Outcome::Open(_) if way.assumed.get(&self.ir().bare(*node)) == Some(&true) => {
                        What::Event(None)
                    }
                    Outcome::Open(open) => {
                        if open
                            .bounds
                            .low
                            .zip(day_number(day))
                            .is_some_and(|(low, day)| low > day)
                        {
                            return Ok(false);
                        }
                        join(&mut led.needs, &open);
                        (led.certain, led.dated) = (false, false);
                        if self.is_plain_fact(*node, true) {
                            led.assumes.push((self.ir().bare(*node), true));
                        } else {
                            led.exact = false;
                        }
                        What::Event(None)
                    }
                    failed @ Outcome::Error(_) => return Err(failed),
                    Outcome::Known(_) | Outcome::NotApplicable(_) => return Ok(false),
                };
                led.mark = self.mark(fold, way, id, what, &[*node, line.guard]);
            }
            Trigger::Read(Sign::Decision, recorded) => {
                match self.truth_on(fold, way, *recorded, day) {
                    Outcome::Known(Value::Bool(true)) => {}
                    Outcome::Open(open) => {
                        join(&mut led.needs, &open);
                        led.certain = false;
                        led.dated &= self.undated(*recorded);
                        led.only_assumes = false;
                    }
                    failed @ Outcome::Error(_) => return Err(failed),
                    Outcome::Known(_) | Outcome::NotApplicable(_) => return Ok(false),
                }
                led.mark = self.mark(fold, way, id, What::Decision, &[*recorded, line.guard]);
            }
            Trigger::Each(round) => match self.next_item(fold, way, *round, day)? {
                NextItem::None => return Ok(false),
                NextItem::One(key) => {
                    let taken = way.taken.get(*round as usize).map(|taken| taken.and(key));
                    led.takes = taken.map(|taken| (*round, taken));
                }
                NextItem::Unknown(open) => {
                    join(&mut led.needs, &open);
                    (led.certain, led.dated) = (false, false);
                    led.takes = Some((*round, Taken::Unknown(open)));
                }
            },
        }
        Ok(true)
    }
}

/// Whether what sets a line off has led on already.
enum Spent {
    No,
    Yes,
    Perhaps,
}

impl Led {
    /// The deadline of a state.
    pub(super) fn of_deadline(mark: Mark, passed: &Passed) -> Led {
        Led {
            needs: if passed.certain {
                Open::default()
            } else {
                passed.needs.clone()
            },
            certain: passed.certain,
            dated: passed.dated,
            mark: Some(mark),
            assumes: Vec::new(),
            only_assumes: false,
            takes: None,
            exact: true,
        }
    }

    /// It is not certain on this way.
    fn doubt(&mut self, way: &Way) {
        (self.certain, self.dated) = (false, false);
        join(&mut self.needs, &way.needs);
        if let Outcome::Open(since) = &way.since {
            join(&mut self.needs, since);
        }
    }
}
