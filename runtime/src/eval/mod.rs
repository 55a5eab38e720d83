//! The evaluator: a verified program, facts and a day in; outcomes out.
//!
//! Evaluation is driven by demand and remembers what it has computed: once for nodes that are the
//! same on every day, once for each day otherwise, and for as long as the enclosing items stay the
//! same for nodes under a list operation.

mod absent;
mod arithmetic;
mod calls;
mod cells;
mod changes;
mod choice;
mod compared;
mod equality;
mod facts;
mod levels;
mod lifecycle;
mod lists;
mod logic;
mod memory;
mod passing;
mod places;
mod position;
mod stack;
#[cfg(test)]
mod tests;
mod time;
mod totals;
pub(crate) mod trace;

pub use cells::{CellOutcome, CellResult, WaivedBy};
pub use changes::Changes;
pub use compared::Compared;
pub use levels::too_deep_in_loops;

use crate::facts::Facts;
use crate::ir::{self, BinderId, FactId, NodeId, Op, ReadingId, Type, plain, value_of};
use crate::program::{Options, Program};
use crate::value::algebra::{self, error};
use crate::value::{Date, Leaf, Open, Outcome, Value};
use memory::{Memory, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A day of evaluation. What is dated after `seen` does not exist yet: `seen` is never after
/// `today`, nor after any day from which this one is being looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Moment {
    today: Date,
    seen: Date,
}

/// One program evaluated on one set of facts as of one day.
pub struct Evaluation<'a> {
    program: &'a Program,
    facts: &'a Facts,
    options: Options,
    outer: Moment,
    now: Moment,
    now_stamp: u64,
    memory: Memory,
    items: Vec<Option<(Outcome, u64)>>,
    /// Where the items stand that are mapped.
    places: Vec<Option<Outcome>>,
    stamps: u64,
    steps: u64,
    stack: stack::Stack,
    touched: BTreeSet<FactId>,
    /// Facts for which something was supplied, though they are absent.
    assumed: BTreeSet<FactId>,
    /// Facts for which nothing is supplied, to see what rests on it.
    unassumed: BTreeSet<FactId>,
    /// Nodes asked for from outside.
    asked: BTreeSet<NodeId>,
    readings: BTreeSet<ReadingId>,
    notes: BTreeMap<(FactId, u8), String>,
    /// Notes that rules tell.
    told: BTreeSet<String>,
    /// Lines of lifecycles that were taken.
    taken: BTreeSet<(String, u32)>,
    /// On which days nodes may change.
    known_days: BTreeMap<(NodeId, u64), Arc<Changes>>,
    /// Rules with parameters and what they came to.
    calls: calls::Calls,
    /// Why the facts cannot be used: they were read for another program.
    misfit: Option<Arc<str>>,
    /// What was compared with what, when somebody watches.
    compared: Option<BTreeSet<(NodeId, Compared)>>,
    /// What was read for what, when somebody asks why.
    trace: Option<trace::Trace>,
}

impl Program {
    /// Starts an evaluation; nothing is computed before it is asked for.
    ///
    /// ```
    /// # use polc_runtime::{Options, Program};
    /// # fn example(program: &Program) -> Result<(), Box<dyn std::error::Error>> {
    /// let facts = program.facts(r#"{ "revenue": "210000.00" }"#)?;
    /// let mut evaluation = program.evaluate(&facts, "2026-12-31".parse()?, &Options::default());
    /// // The answers to every decision, as `polc eval --format json` writes them.
    /// println!("{}", evaluation.report(None).json());
    /// # Ok(())
    /// # }
    /// ```
    pub fn evaluate<'a>(
        &'a self,
        facts: &'a Facts,
        as_of: Date,
        options: &Options,
    ) -> Evaluation<'a> {
        Evaluation::new(self, facts, as_of, options.clone())
    }
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(
        program: &'a Program,
        facts: &'a Facts,
        as_of: Date,
        options: Options,
    ) -> Evaluation<'a> {
        let outer = Moment {
            today: as_of,
            seen: as_of,
        };
        Evaluation {
            program,
            facts,
            options,
            outer,
            now: outer,
            now_stamp: 0,
            memory: Memory::new(program.ir().nodes.len()),
            items: vec![None; program.ir().binders as usize],
            places: vec![None; program.ir().binders as usize],
            stamps: 0,
            steps: 0,
            stack: stack::Stack::new(),
            touched: BTreeSet::new(),
            assumed: BTreeSet::new(),
            unassumed: BTreeSet::new(),
            asked: BTreeSet::new(),
            readings: BTreeSet::new(),
            notes: BTreeMap::new(),
            told: BTreeSet::new(),
            taken: BTreeSet::new(),
            known_days: BTreeMap::new(),
            calls: calls::Calls::default(),
            misfit: facts.misfit(program.ir()).map(Arc::from),
            compared: None,
            trace: None,
        }
    }

    /// The program that is evaluated.
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// The facts it is evaluated on.
    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// The day it is evaluated for.
    pub fn as_of(&self) -> Date {
        self.outer.today
    }

    /// The outcome of a definition or decision; `None` when the program has none of that name.
    pub fn decision(&mut self, name: &str) -> Option<Outcome> {
        let node = *self.program.tables().definitions.get(name)?;
        Some(self.node(node))
    }

    /// The outcome of a node.
    pub fn node(&mut self, id: NodeId) -> Outcome {
        self.asked.insert(id);
        self.eval(id)
    }

    /// The outcome of a node as on another day.
    pub fn node_at(&mut self, id: NodeId, day: Date) -> Outcome {
        self.on_day(day, |evaluation| evaluation.eval(id))
    }

    /// The readings the answers so far rest on, with the alternative taken on the day of evaluation.
    pub fn readings(&self) -> Vec<(ReadingId, u32)> {
        self.readings
            .iter()
            .map(|id| (*id, self.chosen(*id, self.outer.today)))
            .collect()
    }

    /// What a reader of the answers so far should know: hidden future items, supplied values that
    /// differ from derived ones.
    pub fn notes(&mut self) -> Vec<String> {
        self.compare_supplied_with_derived();
        self.notes.values().chain(&self.told).cloned().collect()
    }

    fn ir(&self) -> &'a ir::Program {
        self.program.ir()
    }

    /// The operation of a node, looked at through provisions.
    fn op(&self, id: NodeId) -> Option<&'a Op> {
        let program = self.ir();
        program
            .nodes
            .get(program.bare(id) as usize)
            .map(|node| &node.op)
    }

    fn ty(&self, id: NodeId) -> &'a Type {
        self.ir()
            .nodes
            .get(id as usize)
            .map_or(&Type::Bool, |node| &node.ty)
    }

    /// The outcome of a node on the current day with the current items; nothing that counts while `stack` gives up.
    fn outcome(&mut self, id: NodeId) -> Outcome {
        if let Some(why) = &self.misfit {
            return error(Arc::clone(why));
        }
        let Some(about) = self.program.tables().node(id) else {
            return error("no such node");
        };
        let place = self.place(about);
        let traced = self.is_traced();
        let known = if traced {
            self.read_again(id, &place)
        } else {
            self.recall(id, &place)
        };
        if let Some(outcome) = known {
            return outcome;
        }
        if !self.spend(1) {
            return self.out_of_steps();
        }
        let Some(node) = self.ir().nodes.get(id as usize) else {
            return error("no such node");
        };
        let kept = self.kept_under(about).is_some();
        if traced {
            self.open_frame(id, &about.free, about.dated);
        }
        let made = if let Op::Provision { body, .. } = &node.op {
            // No level of its own.
            let outcome = self.outcome(*body);
            (!self.stack.gives_up()).then_some(outcome)
        } else {
            self.deeper(id, kept, |this| this.compute(&node.op, &node.ty))
        };
        if traced {
            self.close_frame(id, &place, made.as_ref());
        }
        let Some(outcome) = made else {
            return stack::given_up();
        };
        self.remember(id, &place, &outcome);
        if self.compared.is_some() {
            self.watched(id, &node.op);
        }
        outcome
    }

    /// Counts work done; false when the limit is reached.
    fn spend(&mut self, steps: usize) -> bool {
        self.steps = self.steps.saturating_add(steps as u64);
        self.steps <= self.options.limits.steps
    }

    /// How many steps were taken so far.
    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    /// The outcome when the limit of steps is reached.
    fn out_of_steps(&self) -> Outcome {
        let most = self.options.limits.steps;
        error(format!(
            "evaluation takes too many steps: the limit `steps` is {most}"
        ))
    }

    /// The outcome when the limit of days is reached.
    fn too_many_days(&self) -> Outcome {
        let most = self.options.limits.days;
        error(format!(
            "too many days to look at: the limit `days` is {most}"
        ))
    }

    fn stamp(&mut self) -> u64 {
        self.stamps += 1;
        self.stamps
    }

    /// Runs `body` with an item bound.
    fn with_item<T>(
        &mut self,
        binder: BinderId,
        item: &Outcome,
        body: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let stamp = self.stamp();
        let index = binder as usize;
        let before = self
            .items
            .get_mut(index)
            .and_then(|slot| slot.replace((item.clone(), stamp)));
        let outside = self.stack.enter();
        let result = body(self);
        self.stack.leave(outside);
        if let Some(slot) = self.items.get_mut(index) {
            *slot = before;
        }
        result
    }

    /// Runs `body` as on another day.
    fn on_day<T>(&mut self, day: Date, body: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.now, self.now_stamp);
        self.now = Moment {
            today: day,
            seen: day.min(self.now.seen),
        };
        if self.now != before.0 {
            self.now_stamp = self.stamp();
        }
        let outside = self.stack.enter();
        let result = body(self);
        self.stack.leave(outside);
        (self.now, self.now_stamp) = before;
        result
    }

    fn compute(&mut self, op: &'a Op, ty: &'a Type) -> Outcome {
        match op {
            Op::Const(constant) => Outcome::Known(value_of(constant)),
            Op::AsOf => Outcome::Known(Value::Date(self.now.today)),
            Op::Fact(id) => self.fact(*id),
            Op::Missing(id) => algebra::open(Open {
                facts: BTreeSet::from([Leaf::fact(*id)]),
                ..Open::default()
            }),
            Op::Recorded(id) => self.recorded(*id),
            Op::RecordedField(record, field) => self.recorded_field(*record, *field),
            Op::ReadingIs(id, alternative) => {
                self.readings.insert(*id);
                algebra::truth(self.chosen(*id, self.now.today) == *alternative)
            }
            Op::Item(binder) => self.item(*binder),
            Op::Position(binder) => self.position(*binder),
            Op::Field(record, field) => self.field(*record, *field, ty),
            Op::And(all) => self.and(all),
            Op::Or(all) => self.or(all),
            Op::StrictAnd(all) => self.strict_and(all),
            Op::StrictOr(all) => self.strict_or(all),
            Op::Not(a) => algebra::not(&self.eval(*a)),
            Op::AtLeast(k, all) => self.at_least(*k, all),
            Op::Compare(cmp, a, b) => self.compare(*cmp, *a, *b),
            Op::IsNone(a) => self.is_none(*a),
            Op::IsApplicable(a) => self.is_applicable(*a),
            Op::OrElse(a, b) => self.or_else(*a, *b, ty),
            Op::Contains { list, item } => self.contains(*list, *item),
            Op::Subset(a, b) => self.subset(*a, *b),
            Op::Add(a, b) => self.add(*a, *b),
            Op::Sub(a, b) => self.subtract(*a, *b),
            Op::Mul(a, b) => self.multiply(*a, *b),
            Op::Div(a, b) => self.divide(*a, *b),
            Op::Mod(a, b) => self.modulo(*a, *b),
            Op::Power(base, exponent, rounded) => self.power(*base, *exponent, *rounded),
            Op::Round { value, mode, step } => self.round(*value, *mode, *step),
            Op::Min(all) => self.extreme(all, false),
            Op::Max(all) => self.extreme(all, true),
            Op::AddDays(date, days) => self.add_days(*date, *days),
            Op::AddMonths(date, months) => self.add_months(*date, *months),
            Op::DaysBetween(a, b) => self.days_between(*a, *b),
            Op::MonthsBetween(a, b) => self.months_between(*a, *b),
            Op::FullBetween(unit, a, b) => self.full_between(*unit, *a, *b),
            Op::DatePart(part, date) => self.date_part(*part, *date),
            Op::StartOf(unit, date) => self.edge_of(*unit, *date, false),
            Op::EndOf(unit, date) => self.edge_of(*unit, *date, true),
            Op::InForce(period) => algebra::truth(time::contains(period, self.now.today)),
            Op::ScheduleOn(id, date) => self.schedule(*id, *date, time::Query::On, ty),
            Op::ScheduleNext(id, date) => self.schedule(*id, *date, time::Query::Next, ty),
            Op::SchedulePrevious(id, date) => self.schedule(*id, *date, time::Query::Previous, ty),
            Op::Cases { cases, otherwise } => self.cases(cases, *otherwise, ty),
            Op::Override {
                base,
                exceptions,
                beats,
            } => self.exceptions(*base, exceptions, beats, ty),
            Op::Scope {
                applies,
                body,
                because,
            } => self.scope(*applies, *body, because),
            Op::Note { body, when, text } => self.note(*body, *when, text),
            Op::Provision { body, .. } => self.outcome(*body),
            Op::NotApplicable(because) => Outcome::NotApplicable(because.as_str().into()),
            Op::Call { body, arguments } => self.call(*body, arguments),
            Op::Filter { list, binder, body } => self.filter(*list, *binder, *body),
            Op::Map { list, binder, body } => self.map(*list, *binder, *body),
            Op::Flatten(list) => self.flatten(*list),
            Op::Count(list) => self.count(*list),
            Op::DaysCovered(list) => self.days_covered(*list),
            Op::Sum(list) => self.sum(*list),
            Op::Average(list) => self.average(*list),
            Op::Smallest(list) => self.extreme_item(*list, false),
            Op::Largest(list) => self.extreme_item(*list, true),
            Op::AnyItem(list) => self.any_item(*list),
            Op::AllItems(list) => self.all_items(*list),
            Op::AtLeastItems(k, list) => self.at_least_items(*k, *list),
            Op::Distinct(list) if matches!(plain(ty), Type::Set(_)) => self.set_of(*list),
            Op::Distinct(list) => self.distinct(*list),
            Op::Sort {
                list,
                binder,
                key,
                descending,
            } => self.sort(*list, *binder, *key, *descending),
            Op::GroupBy { list, binder, key } => self.group_by(*list, *binder, *key),
            Op::First(list) => self.end_item(*list, false, ty),
            Op::Last(list) => self.end_item(*list, true, ty),
            Op::Only(list) => self.only_item(*list, ty),
            Op::ListWhere(all) => self.list_where(all, false),
            Op::EveryRow(all) => self.list_where(all, true),
            Op::Slice(ends, list, count) => self.slice(*ends, *list, *count),
            Op::Range(steps, a, b) => self.range(*steps, *a, *b),
            Op::Concat(a, b) => self.concat(*a, *b),
            Op::MakeRecord(fields) => self.make_record(fields, ty),
            Op::AtDate { body, date } => self.at_date(*body, *date),
            Op::Ever { body, from, to } => self.ever(*body, *from, *to),
            Op::Granted { fact, row, tier } => self.granted(*fact, row, *tier),
            Op::Lifecycle(machine) => self.lifecycle(machine, ty),
        }
    }

    /// The item of an enclosing list that is looked at.
    fn item(&self, binder: BinderId) -> Outcome {
        let item = self.items.get(binder as usize).and_then(Option::as_ref);
        item.map_or_else(
            || error("an item outside its list"),
            |(item, _)| item.clone(),
        )
    }

    fn note(&mut self, body: NodeId, when: NodeId, text: &str) -> Outcome {
        if self.eval(when) == algebra::truth(true) {
            self.told.insert(text.to_owned());
        }
        self.eval(body)
    }

    fn make_record(&mut self, fields: &[NodeId], ty: &Type) -> Outcome {
        let fields: Vec<Outcome> = fields.iter().map(|field| self.eval(*field)).collect();
        if let Some(instead) = self.out_of_order(ty, &fields) {
            return instead;
        }
        Outcome::Known(Value::Record(fields.into()))
    }

    /// The alternative of a reading taken on a day.
    pub(crate) fn chosen_on(&self, id: ReadingId, day: Date) -> u32 {
        self.chosen(id, day)
    }

    /// The alternative of a reading taken on a day.
    fn chosen(&self, id: ReadingId, day: Date) -> u32 {
        if let Some(alternative) = self.options.readings.get(&id) {
            return *alternative;
        }
        let reading = self.ir().readings.get(id as usize);
        reading
            .and_then(|reading| {
                let on = |(period, _): &&(ir::Period, u32)| time::contains(period, day);
                reading.chosen.iter().find(on)
            })
            .map_or(0, |(_, alternative)| *alternative)
    }
}
