//! Every operation, one after another.

use super::number::{Fraction, To};
use super::schedule::inside;
use super::value::{Outcome, Value, constant, contains, equal, every, order};
use super::{Day, Env, Run, items};
use polc_runtime::ir::{BinderId, Cmp, NodeId, Op, PERIOD, PERIOD_ENDS, Rounding, Type};
use std::cmp::Ordering;

/// The places of the items of a binder stand so far behind it.
pub const PLACES: u32 = 1 << 31;

/// The longest span of `ever`, in days.
const LONGEST: i64 = 4000;

impl Run<'_> {
    pub(super) fn op(&self, node: NodeId, day: Day, env: &mut Env) -> Outcome {
        let op = &self.plain.program.nodes[node as usize].op;
        match op {
            Op::MakeRecord(parts) => self.record(node, parts, day, env),
            Op::Const(value) => Outcome::Known(constant(value)),
            Op::AsOf => Outcome::Known(Value::Date(day.on)),
            Op::Fact(id) => self.fact(*id, day, env),
            Op::Missing(_) => Outcome::Open,
            Op::Recorded(id) => Outcome::truth(self.recorded(*id, day)),
            Op::RecordedField(record, field) => self.field(*record, *field, true, day, env),
            Op::ReadingIs(id, wanted) => {
                let chosen = &self.plain.program.readings[*id as usize].chosen;
                let now = chosen.iter().find(|(period, _)| inside(period, day.on));
                Outcome::truth(now.is_some_and(|(_, alternative)| alternative == wanted))
            }
            Op::Position(binder) => bound(env, *binder + PLACES),
            Op::Item(binder) => bound(env, *binder),
            Op::Field(record, field) => self.field(*record, *field, false, day, env),
            Op::InForce(period) => Outcome::truth(inside(period, day.on)),
            Op::Cases { cases, otherwise } => self.cases(cases, *otherwise, day, env),
            Op::Override {
                base,
                exceptions,
                beats,
            } => self.with_exceptions(*base, exceptions, beats, day, env),
            Op::Scope { applies, body, .. } => self.scope(*applies, *body, day, env),
            Op::Note { body, .. } | Op::Provision { body, .. } => self.node(*body, day, env),
            Op::NotApplicable(_) => Outcome::NotApplicable,
            Op::Call { body, arguments } => self.call(*body, arguments, day, env),
            Op::Lifecycle(machine) => self.lifecycle(machine, day, env),
            Op::AtDate { body, date } => match self.node(*date, day, env) {
                Outcome::Known(Value::Date(on)) => {
                    let seen = day.seen.min(on);
                    self.node(*body, Day { on, seen }, env)
                }
                Outcome::Known(_) => Outcome::Open,
                other => other,
            },
            Op::Ever { body, from, to } => self.ever(*body, *from, *to, day, env),
            Op::Granted { fact, row, tier } => self.granted(*fact, row, *tier, day),
            Op::And(_)
            | Op::Or(_)
            | Op::StrictAnd(_)
            | Op::StrictOr(_)
            | Op::IsApplicable(_)
            | Op::Not(_)
            | Op::AtLeast(..)
            | Op::Compare(..)
            | Op::IsNone(_)
            | Op::OrElse(..)
            | Op::Contains { .. }
            | Op::Subset(..) => self.logic(op, day, env),
            Op::Add(..)
            | Op::Sub(..)
            | Op::Mul(..)
            | Op::Div(..)
            | Op::Mod(..)
            | Op::Power(..)
            | Op::Round { .. }
            | Op::Min(_)
            | Op::Max(_) => self.arithmetic(op, day, env),
            Op::AddDays(..)
            | Op::AddMonths(..)
            | Op::DaysBetween(..)
            | Op::MonthsBetween(..)
            | Op::FullBetween(..)
            | Op::DatePart(..)
            | Op::StartOf(..)
            | Op::EndOf(..)
            | Op::ScheduleOn(..)
            | Op::ScheduleNext(..)
            | Op::SchedulePrevious(..) => self.of_dates(op, day, env),
            Op::Filter { .. }
            | Op::Map { .. }
            | Op::Flatten(_)
            | Op::Count(_)
            | Op::Sum(_)
            | Op::Average(_)
            | Op::DaysCovered(_)
            | Op::Smallest(_)
            | Op::Largest(_)
            | Op::AnyItem(_)
            | Op::AllItems(_)
            | Op::AtLeastItems(..)
            | Op::Distinct(_)
            | Op::Sort { .. }
            | Op::GroupBy { .. }
            | Op::First(_)
            | Op::Last(_)
            | Op::Only(_)
            | Op::ListWhere(_)
            | Op::EveryRow(_)
            | Op::Slice(..)
            | Op::Range(..)
            | Op::Concat(..) => self.lists(op, day, env),
        }
    }

    pub(super) fn all(&self, nodes: &[NodeId], day: Day, env: &mut Env) -> Vec<Outcome> {
        nodes
            .iter()
            .map(|node| self.node(*node, day, env))
            .collect()
    }

    /// A field of a record, or whether it is recorded.
    fn field(&self, of: NodeId, at: u32, recorded: bool, day: Day, env: &mut Env) -> Outcome {
        match self.node(of, day, env) {
            Outcome::Known(Value::Record(fields)) if recorded => {
                Outcome::truth(fields[at as usize] != Outcome::Open)
            }
            Outcome::Known(Value::Record(fields)) => fields[at as usize].clone(),
            Outcome::Known(_) if !recorded => Outcome::Open,
            other => other,
        }
    }

    /// A record; one that is a period ends on the day it begins, or later.
    fn record(&self, node: NodeId, parts: &[NodeId], day: Day, env: &mut Env) -> Outcome {
        let parts = self.all(parts, day, env);
        if let Type::Record(id) = self.ty(node)
            && self.plain.program.records[*id as usize].name == PERIOD
        {
            let (from, through) = (&parts[PERIOD_ENDS.0], &parts[PERIOD_ENDS.1]);
            match (from, through) {
                (Outcome::Open, _) | (_, Outcome::Open) => return Outcome::Open,
                (Outcome::Known(Value::Date(from)), Outcome::Known(Value::Date(through)))
                    if from > through =>
                {
                    return Outcome::Error;
                }
                _ => {}
            }
        }
        Outcome::Known(Value::Record(parts))
    }

    fn ever(&self, body: NodeId, from: NodeId, to: NodeId, day: Day, env: &mut Env) -> Outcome {
        let ends = self.all(&[from, to], day, env);
        if let Some(prevails) = Outcome::strictest(&[&ends[0], &ends[1]]) {
            return prevails;
        }
        let [
            Outcome::Known(Value::Date(from)),
            Outcome::Known(Value::Date(to)),
        ] = ends[..]
        else {
            return Outcome::Open;
        };
        if to - from >= LONGEST - 1 {
            return Outcome::Open;
        }
        let days = from..=to.min(day.on);
        let held: Vec<Outcome> = days
            .map(|on| {
                self.node(
                    body,
                    Day {
                        on,
                        seen: day.seen.min(on),
                    },
                    env,
                )
            })
            .collect();
        either(held, Outcome::NO)
    }

    fn logic(&self, op: &Op, day: Day, env: &mut Env) -> Outcome {
        match op {
            Op::And(parts) => match counted(self.all(parts, day, env)) {
                None => Outcome::NotApplicable,
                Some(parts) => every(parts),
            },
            Op::Or(parts) => either(self.all(parts, day, env), Outcome::NotApplicable),
            Op::StrictAnd(parts) => every(self.all(parts, day, env)),
            Op::StrictOr(parts) => {
                let parts = self.all(parts, day, env).into_iter().map(turned);
                turned(every(parts.collect()))
            }
            Op::IsApplicable(part) => match self.node(*part, day, env) {
                Outcome::NotApplicable => Outcome::NO,
                Outcome::Open => Outcome::Open,
                Outcome::Known(_) | Outcome::Error => Outcome::YES,
            },
            Op::Not(part) => match self.node(*part, day, env) {
                Outcome::Known(Value::Bool(yes)) => Outcome::truth(!yes),
                other => other,
            },
            Op::AtLeast(least, parts) => {
                let least = self.node(*least, day, env);
                match counted(self.all(parts, day, env)) {
                    // not written down
                    None => Outcome::Open,
                    Some(parts) => items::at_least(&least, &parts),
                }
            }
            Op::Compare(cmp, a, b) => {
                let both = self.all(&[*a, *b], day, env);
                let ty = match self.ty(*a) {
                    Type::Optional(inner) => inner,
                    ty => ty,
                };
                compare(*cmp, &both[0], &both[1], ty)
            }
            Op::IsNone(part) => match self.node(*part, day, env) {
                Outcome::Known(value) => Outcome::truth(value == Value::None),
                other => other,
            },
            Op::OrElse(a, b) => match self.node(*a, day, env) {
                Outcome::Known(Value::None) => self.node(*b, day, env),
                other => other,
            },
            Op::Contains { list, item } => {
                let both = self.all(&[*list, *item], day, env);
                match items::items(both[0].clone()) {
                    // nothing is an item of an empty list
                    Ok(items) => contains(&items, &both[1]),
                    Err(other) => Outcome::strictest(&[&other, &both[1]]).unwrap_or(other),
                }
            }
            Op::Subset(a, b) => {
                let both = self.all(&[*a, *b], day, env);
                if let Some(prevails) = Outcome::strictest(&[&both[0], &both[1]]) {
                    return prevails;
                }
                let (Ok(inner), Ok(outer)) =
                    (items::items(both[0].clone()), items::items(both[1].clone()))
                else {
                    return Outcome::Error;
                };
                every(
                    inner
                        .iter()
                        .map(|item| contains(&outer, &item.value))
                        .collect(),
                )
            }
            other => unreachable!("{other:?} is no logic"),
        }
    }

    fn arithmetic(&self, op: &Op, day: Day, env: &mut Env) -> Outcome {
        match op {
            Op::Add(a, b) => self.numbers(*a, *b, day, env, Fraction::add),
            Op::Sub(a, b) => self.numbers(*a, *b, day, env, |a, b| a.add(b.minus())),
            Op::Mul(a, b) => self.numbers(*a, *b, day, env, Fraction::times),
            Op::Div(a, b) => self.numbers(*a, *b, day, env, Fraction::by),
            Op::Mod(a, b) => self.numbers(*a, *b, day, env, Fraction::modulo),
            Op::Power(base, exponent, rounded) => {
                let step = |text: String| Fraction::parse(&text).expect("a step");
                let rounded = rounded.map(|(mode, by)| (to(mode), step(by.to_string())));
                self.power((*base, *exponent), rounded, day, env)
            }
            Op::Round { value, mode, step } => {
                let to = to(*mode);
                let step = Fraction::parse(&step.to_string()).expect("a step");
                self.numbers(*value, *value, day, env, |value, _| value.rounded(to, step))
            }
            Op::Min(parts) => best(&self.all(parts, day, env), Ordering::Less),
            Op::Max(parts) => best(&self.all(parts, day, env), Ordering::Greater),
            other => unreachable!("{other:?} is no arithmetic"),
        }
    }

    fn power(
        &self,
        (base, exponent): (NodeId, NodeId),
        rounded: Option<(To, Fraction)>,
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        let times = |exponent: Fraction| exponent.to_whole().filter(|n| (0..=1000).contains(n));
        let exact = self.numbers(base, exponent, day, env, |base, exponent| {
            base.power(times(exponent)?)
        });
        let Some((mode, step)) = rounded else {
            return exact;
        };
        match (exact, self.node(exponent, day, env)) {
            (Outcome::Known(Value::Number(exact)), _) => Outcome::number(exact.rounded(mode, step)),
            // one that is too long here may fit when it is rounded
            (Outcome::Error, Outcome::Known(Value::Number(exponent)))
                if times(exponent).is_some() =>
            {
                Outcome::Open
            }
            (other, _) => other,
        }
    }

    fn numbers(
        &self,
        a: NodeId,
        b: NodeId,
        day: Day,
        env: &mut Env,
        with: impl Fn(Fraction, Fraction) -> Option<Fraction>,
    ) -> Outcome {
        let both = self.all(&[a, b], day, env);
        if let Some(prevails) = Outcome::strictest(&[&both[0], &both[1]]) {
            return prevails;
        }
        match &both[..] {
            [
                Outcome::Known(Value::Number(a)),
                Outcome::Known(Value::Number(b)),
            ] => Outcome::number(with(*a, *b)),
            _ => Outcome::Open,
        }
    }

    fn lists(&self, op: &Op, day: Day, env: &mut Env) -> Outcome {
        let mut of = |node: NodeId| self.node(node, day, env);
        match op {
            Op::Filter { list, binder, body } => {
                let list = of(*list);
                self.filter(list, *binder, *body, day, env)
            }
            Op::Map { list, binder, body } => {
                let list = of(*list);
                self.map(list, *binder, *body, day, env)
            }
            Op::Sort {
                list,
                binder,
                key,
                descending,
            } => {
                let list = of(*list);
                self.sorted(list, (*binder, *key), *descending, day, env)
            }
            Op::GroupBy { list, binder, key } => {
                let list = of(*list);
                self.grouped(list, (*binder, *key), day, env)
            }
            Op::Flatten(list) => items::flatten(of(*list)),
            Op::Count(list) => items::count(of(*list)),
            Op::Sum(list) => items::sum(of(*list), false),
            Op::Average(list) => items::sum(of(*list), true),
            Op::DaysCovered(list) => items::covered(of(*list)),
            Op::Smallest(list) => items::extreme(of(*list), Ordering::Less),
            Op::Largest(list) => items::extreme(of(*list), Ordering::Greater),
            Op::AnyItem(list) => match items::items(of(*list)) {
                Ok(items) => either(items::truths(&items), Outcome::NO),
                Err(other) => other,
            },
            Op::AllItems(list) => match items::items(of(*list)) {
                Ok(items) => every(all_truths(&items)),
                Err(other) => other,
            },
            Op::AtLeastItems(least, list) => {
                let (least, list) = (of(*least), of(*list));
                match items::items(list) {
                    Ok(items) => items::at_least(&least, &items::truths(&items)),
                    Err(other) => Outcome::strictest(&[&least, &other]).unwrap_or(other),
                }
            }
            Op::Distinct(list) => items::distinct(of(*list)),
            Op::First(list) => items::end(of(*list), true),
            Op::Last(list) => items::end(of(*list), false),
            Op::Only(list) => items::only(of(*list)),
            Op::ListWhere(entries) => self.list_where(entries, day, env),
            // what is decided without the row that is not applicable is not followed here
            Op::EveryRow(entries) => {
                let guards: Vec<NodeId> = entries.iter().map(|(guard, _)| *guard).collect();
                if self
                    .all(&guards, day, env)
                    .contains(&Outcome::NotApplicable)
                {
                    return Outcome::Open;
                }
                self.list_where(entries, day, env)
            }
            Op::Slice(ends, list, count) => {
                let (list, count) = (of(*list), of(*count));
                items::slice(*ends, list, &count)
            }
            Op::Range(steps, a, b) => {
                let (a, b) = (of(*a), of(*b));
                items::range(*steps, &a, &b)
            }
            Op::Concat(a, b) => {
                let (a, b) = (of(*a), of(*b));
                items::concat(a, b)
            }
            other => unreachable!("{other:?} is nothing of lists"),
        }
    }
}

fn to(mode: Rounding) -> To {
    match mode {
        Rounding::HalfUp => To::HalfUp,
        Rounding::HalfEven => To::HalfEven,
        Rounding::Up => To::Up,
        Rounding::Down => To::Down,
    }
}

/// Those that count; `None` where none of several does.
fn counted(parts: Vec<Outcome>) -> Option<Vec<Outcome>> {
    let some = !parts.is_empty();
    let counted: Vec<Outcome> = parts
        .into_iter()
        .filter(|one| *one != Outcome::NotApplicable)
        .collect();
    (!some || !counted.is_empty()).then_some(counted)
}

/// Yes, open, error, no; what is not applicable is left out, and where that is all of it, this is what it is.
fn either(parts: Vec<Outcome>, nothing: Outcome) -> Outcome {
    let Some(parts) = counted(parts) else {
        return nothing;
    };
    [Outcome::YES, Outcome::Open, Outcome::Error]
        .into_iter()
        .find(|one| parts.contains(one))
        .unwrap_or(Outcome::NO)
}

/// Items of a list of truths where all must hold: one that may not be there counts unless it holds anyway.
fn all_truths(items: &[super::value::Item]) -> Vec<Outcome> {
    let turned: Vec<_> = items
        .iter()
        .map(|item| super::value::Item {
            there: item.there,
            value: turned(item.value.clone()),
        })
        .collect();
    items::truths(&turned)
        .into_iter()
        .map(turned_back)
        .collect()
}

fn turned(truth: Outcome) -> Outcome {
    match truth {
        Outcome::Known(Value::Bool(yes)) => Outcome::truth(!yes),
        other => other,
    }
}

fn turned_back(truth: Outcome) -> Outcome {
    turned(truth)
}

fn compare(cmp: Cmp, a: &Outcome, b: &Outcome, ty: &Type) -> Outcome {
    match cmp {
        Cmp::Eq => return equal(a, b, ty),
        Cmp::Ne => return turned(equal(a, b, ty)),
        Cmp::Lt | Cmp::Le | Cmp::Gt | Cmp::Ge => {}
    }
    if let Some(prevails) = Outcome::strictest(&[a, b]) {
        return prevails;
    }
    let (Outcome::Known(a), Outcome::Known(b)) = (a, b) else {
        return Outcome::Open;
    };
    let Some(order) = order(a, b) else {
        return Outcome::Open;
    };
    Outcome::truth(match cmp {
        Cmp::Lt => order == Ordering::Less,
        Cmp::Le => order != Ordering::Greater,
        Cmp::Gt => order == Ordering::Greater,
        Cmp::Ge => order != Ordering::Less,
        Cmp::Eq | Cmp::Ne => false,
    })
}

fn best(parts: &[Outcome], wanted: Ordering) -> Outcome {
    if let Some(prevails) = Outcome::strictest(&parts.iter().collect::<Vec<_>>()) {
        return prevails;
    }
    let mut best: Option<&Value> = None;
    for part in parts {
        let Outcome::Known(value) = part else {
            return Outcome::Open;
        };
        if best.is_none_or(|best| order(value, best) == Some(wanted)) {
            best = Some(value);
        }
    }
    best.map_or(Outcome::Open, |value| Outcome::Known(value.clone()))
}

/// What a binder stands for where it was bound last.
fn bound(env: &[(BinderId, Outcome)], binder: BinderId) -> Outcome {
    let bound = env.iter().rev().find(|(one, _)| *one == binder);
    bound.map_or(Outcome::Open, |(_, bound)| bound.clone())
}
