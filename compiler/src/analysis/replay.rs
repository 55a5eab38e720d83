//! Examples tried on the evaluator: nothing is shown to a person that the program does not do.
//!
//! In: an example and what it is an example of. Facts are made from its samples, what it leaves open is
//! filled in, and the program is evaluated. An example that does not come out as claimed is dropped.

use super::atom::Key;
use super::formula::all;
use super::query::{Query, Sign};
use super::questions::Verdict;
use super::regions::Regions;
use super::witness::{Sample, State, Witness};
use super::{DisjointKind, Side};
use polc_runtime::facts::Facts;
use polc_runtime::ir::{FactKind, Field, NodeId, Op, Range, Type};
use polc_runtime::value::{Date, Number, Outcome, Value};
use polc_runtime::{Evaluation, Options, Program};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// The day of an example that says none.
const SOME_DAY: &str = "2027-01-15";
/// Items a list of an example may have.
const MAX_ITEMS: i64 = 100;
/// How records may lie inside each other in filled-in facts.
const MAX_DEPTH: usize = 6;

/// What an example claims.
pub(super) enum Claim<'a> {
    /// In scope, none of these holds, and none is left open.
    Gap {
        scope: Option<NodeId>,
        guards: &'a [NodeId],
    },
    /// Both apply at once and none of the others does, with different values where the kind asks for it.
    Both(&'a Side, &'a Side, &'a [NodeId], DisjointKind),
}

/// Ways to fill in what an example says nothing of.
const FILLS: [Fill; 3] = [Fill::Low, Fill::High, Fill::Silent];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fill {
    /// The first or smallest value.
    Low,
    /// The last or largest value.
    High,
    /// The smallest value; judgements are not made.
    Silent,
}

impl Regions<'_> {
    /// The verdict, or `NotProved` where its example does not come out as claimed.
    pub(super) fn tried(&self, verdict: Verdict, claim: &Claim<'_>) -> Verdict {
        match verdict {
            Verdict::Example(witness) if !self.replays(&witness, claim) => Verdict::NotProved(
                format!("it may be so where {witness}, but no facts were found that come out so"),
            ),
            verdict @ (Verdict::Never | Verdict::Example(_) | Verdict::NotProved(_)) => verdict,
        }
    }

    fn replays(&self, witness: &Witness, claim: &Claim<'_>) -> bool {
        let program = self
            .replay
            .get_or_init(|| Program::new(self.program.clone()).ok());
        let Some(program) = program else {
            return false;
        };
        FILLS.iter().any(|fill| {
            let Some((facts, day, options)) = self.scene(witness, *fill) else {
                return false;
            };
            let mut evaluation = program.evaluate(&facts, day, &options);
            claim.comes_out(&mut evaluation)
        })
    }

    /// Facts, a day and readings that an example describes.
    fn scene(&self, witness: &Witness, fill: Fill) -> Option<(Facts, Date, Options)> {
        let mut samples = witness.samples.clone();
        let mut lists: BTreeMap<u32, Json> = BTreeMap::new();
        for sample in &witness.samples {
            if let Key::Node(node) = sample.key
                && let Some((fact, items, more)) = self.items_for(node, sample.state, fill)
            {
                lists.insert(fact, items);
                for sample in more {
                    if !samples.iter().any(|known| known.key == sample.key) {
                        samples.push(sample);
                    }
                }
            }
        }
        let mut options = Options::default();
        let mut day = Date::parse(SOME_DAY)?;
        let mut given: BTreeMap<Vec<u32>, State> = BTreeMap::new();
        for sample in &samples {
            match &sample.key {
                Key::AsOf => day = date(sample.state)?,
                Key::Fact(fact) => {
                    given.insert(vec![*fact], sample.state);
                }
                Key::Reading(reading) => {
                    let State::Value(value) = sample.state else {
                        return None;
                    };
                    let alternative = u32::try_from(value.to_i64()?).ok()?;
                    options.readings.insert(*reading, alternative);
                }
                Key::Node(node) => {
                    if let Some(path) = self.path(*node) {
                        given.insert(path, sample.state);
                    }
                }
                Key::Order(..) | Key::Linear(_) => {}
            }
        }
        let maker = Maker {
            regions: self,
            day,
            fill,
            given: &given,
        };
        let mut facts = Map::new();
        for (at, fact) in self.program.facts.iter().enumerate() {
            let at = at as u32;
            let made = match lists.remove(&at) {
                Some(list) => Some(list),
                None => maker.value(&[at], &fact.ty, fact.range.as_ref(), &fact.kind, 0),
            };
            if let Some(value) = made {
                facts.insert(fact.name.clone(), value);
            }
        }
        let facts = Facts::from_json(self.program, &Json::Object(facts).to_string()).ok()?;
        Some((facts, day, options))
    }

    /// The place of a field in the facts: the fact, and the fields down to it.
    fn path(&self, node: NodeId) -> Option<Vec<u32>> {
        match self.op(node) {
            Some(Op::Fact(fact)) => Some(vec![*fact]),
            Some(Op::Field(record, at)) => {
                let mut path = self.path(*record)?;
                path.push(*at);
                Some(path)
            }
            _ => None,
        }
    }

    /// Items of a list in the facts for which a count, sum or the like comes to this value, with what else
    /// they take for granted.
    fn items_for(
        &self,
        node: NodeId,
        state: State,
        fill: Fill,
    ) -> Option<(u32, Json, Vec<Sample>)> {
        let (mut list, count) = match (self.op(node)?, state) {
            (Op::Count(list), State::Value(value)) => (
                *list,
                value
                    .to_i64()
                    .filter(|count| (0..=MAX_ITEMS).contains(count))?,
            ),
            (
                Op::Sum(list) | Op::Average(list) | Op::Smallest(list) | Op::Largest(list),
                State::Value(_),
            ) => (*list, 1),
            (Op::Average(list) | Op::Smallest(list) | Op::Largest(list), State::None) => (*list, 0),
            _ => return None,
        };
        let single = !matches!(self.op(node), Some(Op::Count(_)));
        let mut query = Query::new(self, 48);
        let mut parts = Vec::new();
        let mut field = None;
        let fact = loop {
            match self.op(list) {
                Some(Op::Filter {
                    list: inner, body, ..
                }) => {
                    parts.push(query.sign(*body, Sign::Holds));
                    list = *inner;
                }
                Some(Op::Map {
                    list: inner, body, ..
                }) if single && field.is_none() => {
                    field = Some(self.shapes.canon(*body));
                    list = *inner;
                }
                Some(Op::Sort { list: inner, .. }) => list = *inner,
                Some(Op::Fact(fact)) => break *fact,
                _ => return None,
            }
        };
        let mut samples = Vec::new();
        if count > 0 {
            let Verdict::Example(found) = self.decide(&query, &all(parts)) else {
                return None;
            };
            samples = found.samples;
        }
        let Type::List(item) = &self.program.facts.get(fact as usize)?.ty else {
            return None;
        };
        let mut given: BTreeMap<Vec<u32>, State> = BTreeMap::new();
        let mut day = Date::parse(SOME_DAY)?;
        for sample in &samples {
            match &sample.key {
                Key::AsOf => day = date(sample.state)?,
                Key::Node(node) => {
                    given.extend(self.item_path(*node).map(|path| (path, sample.state)));
                }
                Key::Fact(_) | Key::Reading(_) | Key::Order(..) | Key::Linear(_) => {}
            }
        }
        if let Some(field) = field {
            given.insert(self.item_path(field)?, state);
        }
        let maker = Maker {
            regions: self,
            day,
            fill,
            given: &given,
        };
        let one = maker.value(&[0], item, None, &FactKind::Given, 0)?;
        let items = (0..count).map(|_| one.clone()).collect();
        Some((fact, Json::Array(items), samples))
    }

    /// The place of a field inside the item of a list; the item itself stands for the first number.
    fn item_path(&self, node: NodeId) -> Option<Vec<u32>> {
        match self.op(node) {
            Some(Op::Item(_)) => Some(vec![0]),
            Some(Op::Field(record, at)) => {
                let mut path = self.item_path(*record)?;
                path.push(*at);
                Some(path)
            }
            _ => None,
        }
    }
}

fn date(state: State) -> Option<Date> {
    match state {
        State::Value(value) => Date::from_days(i32::try_from(value.to_i64()?).ok()?),
        State::None | State::NotRecorded => None,
    }
}

/// Whether a guard does not select its case.
fn passed_over(outcome: &Outcome) -> bool {
    // One that is not applicable is passed on: the answer is not applicable, too.
    *outcome == Outcome::Known(Value::Bool(false))
}

impl Claim<'_> {
    fn comes_out(&self, evaluation: &mut Evaluation<'_>) -> bool {
        let yes = Outcome::Known(Value::Bool(true));
        match self {
            Claim::Gap { scope, guards } => {
                scope.is_none_or(|scope| evaluation.node(scope) == yes)
                    && guards
                        .iter()
                        .all(|guard| passed_over(&evaluation.node(*guard)))
            }
            Claim::Both(a, b, others, kind) => {
                let applies = [a.scope, a.guard, b.scope, b.guard];
                if applies
                    .into_iter()
                    .flatten()
                    .any(|node| evaluation.node(node) != yes)
                {
                    return false;
                }
                if !others
                    .iter()
                    .all(|guard| passed_over(&evaluation.node(*guard)))
                {
                    return false;
                }
                match kind {
                    DisjointKind::Rows => true,
                    DisjointKind::Exceptions | DisjointKind::Lines | DisjointKind::RowsMayAgree => {
                        let (first, second) = (evaluation.node(a.value), evaluation.node(b.value));
                        match (&first, &second) {
                            (Outcome::NotApplicable(_), Outcome::NotApplicable(_)) => false,
                            _ => first != second,
                        }
                    }
                }
            }
        }
    }
}

/// Makes facts: what an example says, and something for the rest.
struct Maker<'a, 'r> {
    regions: &'a Regions<'r>,
    day: Date,
    fill: Fill,
    given: &'a BTreeMap<Vec<u32>, State>,
}

impl Maker<'_, '_> {
    /// The value at a place; none where it is left out.
    fn value(
        &self,
        path: &[u32],
        ty: &Type,
        range: Option<&Range>,
        kind: &FactKind,
        depth: usize,
    ) -> Option<Json> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.given.get(path) {
            Some(State::Value(value)) => return self.said(ty, *value),
            Some(State::None) => return Some(Json::Null),
            Some(State::NotRecorded) => return None,
            None => {}
        }
        let inside = self
            .given
            .range(path.to_vec()..)
            .take_while(|(other, _)| other.starts_with(path))
            .next()
            .is_some();
        match ty {
            Type::Optional(inner)
                if inside || (self.fill == Fill::High && *kind != FactKind::Event) =>
            {
                self.value(path, inner, range, &FactKind::Given, depth + 1)
            }
            Type::Optional(_) => Some(Json::Null),
            _ if matches!(kind, FactKind::Judgement { .. }) && self.fill == Fill::Silent => None,
            Type::Record(id) => {
                let record = self.regions.program.records.get(*id as usize)?;
                let mut parts = Map::new();
                for (at, field) in record.fields.iter().enumerate() {
                    let Field {
                        name,
                        ty,
                        range,
                        kind,
                        absent: _,
                    } = field;
                    let mut inner = path.to_vec();
                    inner.push(at as u32);
                    if let Some(value) = self.value(&inner, ty, range.as_ref(), kind, depth + 1) {
                        parts.insert(name.clone(), value);
                    }
                }
                Some(Json::Object(parts))
            }
            Type::List(_) | Type::Set(_) => Some(Json::Array(Vec::new())),
            Type::Text => Some(Json::from("some text")),
            Type::Date => {
                let (low, high) = range.map_or((None, None), |range| (range.low, range.high));
                let day = Number::from_i64(self.day.days().into());
                let day = low.map_or(day, |low| day.max(low));
                self.said(ty, high.map_or(day, |high| day.min(high)))
            }
            Type::Bool => Some(Json::from(self.fill == Fill::High)),
            Type::Enum(id) => {
                let values = &self.regions.program.enums.get(*id as usize)?.values;
                let value = if self.fill == Fill::High {
                    values.last()
                } else {
                    values.first()
                };
                Some(Json::from(value?.as_str()))
            }
            Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
                let (low, high) = range.map_or((None, None), |range| (range.low, range.high));
                let value = match self.fill {
                    Fill::Low | Fill::Silent => {
                        low.or(high.filter(|high| *high < Number::from_i64(0)))
                    }
                    Fill::High => high.or(low),
                };
                self.said(ty, value.unwrap_or(Number::from_i64(0)))
            }
        }
    }

    /// A state as the facts write it.
    fn said(&self, ty: &Type, value: Number) -> Option<Json> {
        match ty {
            Type::Optional(inner) => self.said(inner, value),
            Type::Bool => Some(Json::from(value != Number::from_i64(0))),
            Type::Enum(id) => {
                let values = &self.regions.program.enums.get(*id as usize)?.values;
                let at = usize::try_from(value.to_i64()?).ok()?;
                Some(Json::from(values.get(at)?.as_str()))
            }
            Type::Text => {
                let at = usize::try_from(value.to_i64()?).ok();
                let known = at.and_then(|at| self.regions.text_list.get(at));
                Some(Json::from(known.map_or("some other text", |text| *text)))
            }
            Type::Date => {
                let day = Date::from_days(i32::try_from(value.to_i64()?).ok()?)?;
                Some(Json::from(day.to_string()))
            }
            Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
                Some(Json::from(value.to_string()))
            }
            Type::Record(_) | Type::List(_) | Type::Set(_) => None,
        }
    }
}
