//! The time line of one partner: what happened, and every day on which an answer changes.
//!
//! The days are worked out from the dates in facts and rules, not sampled; each is then evaluated on its own.

use crate::facts::{Facts, Slot};
use crate::ir::{DefinitionKind, FactKind, Type};
use crate::program::{Options, Program};
use crate::result::{Change, Datum, RESULT_FORMAT, Reply};
use crate::value::{Date, Outcome, Value};
use indexmap::IndexMap;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A time line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    /// Version of this form: that of results.
    pub format: u32,
    /// The program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// Whom the facts are about, where they say.
    pub id: Option<String>,
    /// First day looked at.
    pub from: Date,
    /// Last day looked at.
    pub to: Date,
    /// Decisions that count the days for a while and so change by the same every day; these changes are shown only
    /// on the days of others.
    pub daily: Vec<String>,
    /// Days in order; the first is `from` and has every decision.
    pub points: Vec<Point>,
    /// Where it ends before its last day.
    pub stopped: Option<Stopped>,
}

/// Where a time line ends because a limit is reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stopped {
    /// The first day that is not looked at.
    pub on: Date,
    /// Which limit it is.
    pub because: String,
}

/// A day on which something happens or changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// The day.
    pub on: Date,
    /// Events of the facts on that day.
    pub events: Vec<String>,
    /// By decision: the outcome before, none on the first day, and the outcome from this day on.
    pub changes: IndexMap<String, Change>,
}

/// What changes on a day: decision and outcome from this day on.
type Changed = Vec<(String, Reply)>;

impl Program {
    /// The time line from one day through another, of the decisions in `only` or of all.
    ///
    /// ```
    /// # use polc_runtime::{Options, Program};
    /// # fn example(program: &Program, facts: &polc_runtime::facts::Facts) -> Result<(), Box<dyn std::error::Error>> {
    /// let (from, to) = ("2026-01-01".parse()?, "2027-12-31".parse()?);
    /// let line = program.timeline(facts, from, to, &Options::default(), None);
    /// for point in &line.points {
    ///     println!("{}: {} answers change", point.on, point.changes.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeline(
        &self,
        facts: &Facts,
        from: Date,
        to: Date,
        options: &Options,
        only: Option<&[String]>,
    ) -> Timeline {
        let mut whole = self.evaluate(facts, to, options);
        let (mut days, mut every_day) = (BTreeSet::from([from]), false);
        let mut counted: BTreeSet<String> = BTreeSet::new();
        for definition in &self.ir().definitions {
            let wanted = only.is_none_or(|only| only.contains(&definition.name));
            if definition.kind != DefinitionKind::Decision || !wanted {
                continue;
            }
            let changes = whole.changes(definition.node);
            days.extend(changes.days.range(from..=to));
            every_day |= changes.daily;
            if changes.daily && counts_days(&definition.ty) {
                counted.insert(definition.name.clone());
            }
        }
        let mut events = self.events(facts, from, to);
        days.extend(events.keys().copied());
        let most = usize::try_from(options.limits.days).unwrap_or(usize::MAX);
        if every_day {
            let all = std::iter::successors(Some(from), |day| day.checked_add_days(1));
            // One more than are looked at, to know where it stops.
            days.extend(
                all.take_while(|day| *day <= to)
                    .take(most.saturating_add(1)),
            );
        }
        let mut stopped = None;
        let (mut changed, mut steps) = (Vec::new(), whole.steps());
        let mut before: BTreeMap<String, Reply> = BTreeMap::new();
        for (at, day) in days.into_iter().enumerate() {
            if at >= most || steps >= options.limits.steps {
                let (name, most) = match at >= most {
                    true => ("days", options.limits.days),
                    false => ("steps", options.limits.steps),
                };
                stopped = Some(Stopped {
                    on: day,
                    because: format!("the limit `{name}` is {most}"),
                });
                break;
            }
            let mut evaluation = self.evaluate(facts, day, options);
            let mut new = Changed::new();
            for (name, outcome) in self.outcomes(&mut evaluation, only) {
                if before.get(&name) != Some(&outcome) {
                    before.insert(name.clone(), outcome.clone());
                    new.push((name, outcome));
                }
            }
            steps = steps.saturating_add(evaluation.steps());
            changed.push((day, new));
        }
        let (points, daily) = points(changed, &counted, &mut events);
        Timeline {
            format: RESULT_FORMAT,
            program: self.ir().name.clone(),
            version: self.ir().version.clone(),
            id: facts.id().map(str::to_owned),
            from,
            to,
            daily,
            points,
            stopped,
        }
    }

    /// The events and dated judgements of the facts by day.
    fn events(&self, facts: &Facts, from: Date, to: Date) -> BTreeMap<Date, Vec<String>> {
        let mut found: BTreeMap<Date, Vec<String>> = BTreeMap::new();
        if facts.misfit(self.ir()).is_some() {
            return found;
        }
        let mut add = |on: Date, name: String| {
            if from <= on && on <= to {
                found.entry(on).or_default().push(name);
            }
        };
        for (id, fact) in self.ir().facts.iter().enumerate() {
            let Slot::Given { value, on, .. } = facts.slot(id as u32) else {
                continue;
            };
            if let Some(on) = on {
                add(*on, fact.name.clone());
            }
            if let (FactKind::Event, Outcome::Known(Value::Date(on))) = (&fact.kind, value) {
                add(*on, fact.name.clone());
            }
            self.items(&fact.name, &fact.ty, value, &mut add);
        }
        found
    }

    /// The dated items and events inside a value.
    fn items(&self, path: &str, ty: &Type, value: &Outcome, add: &mut impl FnMut(Date, String)) {
        match (value, crate::ir::plain(ty)) {
            (Outcome::Known(Value::List(list)), Type::List(inner) | Type::Set(inner)) => {
                for (at, item) in list.items.iter().enumerate() {
                    self.items(&format!("{path}[{at}]"), inner, &item.value, add);
                }
            }
            (Outcome::Known(Value::Record(fields)), Type::Record(id)) => {
                let Some(record) = self.ir().records.get(*id as usize) else {
                    return;
                };
                for (at, (value, field)) in fields.iter().zip(&record.fields).enumerate() {
                    let path = format!("{path}.{}", field.name);
                    match value {
                        Outcome::Known(Value::Record(made))
                            if matches!(field.kind, FactKind::Judgement { .. })
                                && !matches!(crate::ir::plain(&field.ty), Type::Record(_)) =>
                        {
                            if let Some(Outcome::Known(Value::Date(on))) = made.get(1) {
                                add(*on, path);
                            }
                        }
                        Outcome::Known(Value::Date(on))
                            if field.kind == FactKind::Event || record.dated == Some(at as u32) =>
                        {
                            add(*on, path);
                        }
                        Outcome::Known(_)
                        | Outcome::Open(_)
                        | Outcome::NotApplicable(_)
                        | Outcome::Error(_) => self.items(&path, &field.ty, value, add),
                    }
                }
            }
            _ => {}
        }
    }
}

/// The days to show, and the decisions that count. A change of a decision that counts days is not told for itself where
/// the day before or after it changes by the same.
fn points(
    changed: Vec<(Date, Changed)>,
    counted: &BTreeSet<String>,
    events: &mut BTreeMap<Date, Vec<String>>,
) -> (Vec<Point>, Vec<String>) {
    let mut grows: BTreeMap<(String, Date), Option<i64>> = BTreeMap::new();
    let mut last: BTreeMap<String, Reply> = BTreeMap::new();
    for (at, (day, new)) in changed.iter().enumerate() {
        for (name, outcome) in new.iter().filter(|(name, _)| counted.contains(name)) {
            let by = |old: &Reply| Some(whole(outcome)? - whole(old)?);
            if at > 0 {
                grows.insert((name.clone(), *day), last.get(name).and_then(by));
            }
            last.insert(name.clone(), outcome.clone());
        }
    }
    let counts = |name: &String, day: Date| {
        let here = grows.get(&(name.clone(), day));
        let beside = [-1, 1]
            .into_iter()
            .filter_map(|off| day.checked_add_days(off));
        let mut beside = beside.filter_map(|day| grows.get(&(name.clone(), day)));
        here.is_some_and(|here| beside.any(|other| other == here))
    };
    let (mut points, mut daily): (Vec<Point>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
    let (mut shown, mut now): (BTreeMap<String, Reply>, BTreeMap<String, Reply>) =
        Default::default();
    let mut order: Vec<String> = Vec::new();
    for (at, (on, new)) in changed.into_iter().enumerate() {
        let happened = events.remove(&on).unwrap_or_default();
        let mut tell = at == 0 || !happened.is_empty();
        let mut jumps: BTreeMap<String, Option<Reply>> = BTreeMap::new();
        for (name, outcome) in new {
            if counted.contains(&name) && counts(&name, on) {
                daily.insert(name.clone());
            } else {
                tell = true;
                jumps.insert(name.clone(), now.get(&name).cloned());
            }
            if !order.contains(&name) {
                order.push(name.clone());
            }
            now.insert(name, outcome);
        }
        if !tell {
            continue;
        }
        let mut changes = IndexMap::new();
        for name in &order {
            let Some(to) = now.get(name) else { continue };
            let jump = jumps.remove(name);
            if jump.is_some() || shown.get(name) != Some(to) {
                let before = shown.insert(name.clone(), to.clone());
                let (from, to) = (jump.unwrap_or(before), to.clone());
                changes.insert(name.clone(), Change { from, to });
            }
        }
        points.push(Point {
            on,
            events: happened,
            changes,
        });
    }
    let mut daily: Vec<String> = order
        .into_iter()
        .filter(|name| daily.contains(name))
        .collect();
    daily.dedup();
    (points, daily)
}

/// The whole number an outcome is.
fn whole(outcome: &Reply) -> Option<i64> {
    match outcome.value()? {
        Datum::Whole(number) => Some(*number),
        Datum::None
        | Datum::Bool(_)
        | Datum::Text(_)
        | Datum::List(_)
        | Datum::Record(_)
        | Datum::Part(_) => None,
    }
}

/// Whether values of a type may grow with the days.
fn counts_days(ty: &Type) -> bool {
    match crate::ir::plain(ty) {
        Type::Int | Type::Decimal | Type::Days | Type::Months => true,
        Type::List(inner) | Type::Set(inner) => counts_days(inner),
        Type::Bool
        | Type::Percent
        | Type::Money
        | Type::Date
        | Type::Text
        | Type::Enum(_)
        | Type::Record(_)
        | Type::Optional(_) => false,
    }
}
