//! Which nodes an operation reads: the one place that knows, for reading and for rewriting.

use super::{FactKind, NodeId, Op, Program, Type};
use crate::value::{Leaf, Step};

/// The nodes an operation reads directly.
pub fn children(op: &Op, mut see: impl FnMut(NodeId)) {
    match op {
        Op::Const(_)
        | Op::AsOf
        | Op::Fact(_)
        | Op::Missing(_)
        | Op::Recorded(_)
        | Op::ReadingIs(_, _)
        | Op::Item(_)
        | Op::InForce(_)
        | Op::NotApplicable(_)
        | Op::Granted { .. } => {}
        Op::Field(a, _)
        | Op::RecordedField(a, _)
        | Op::Not(a)
        | Op::IsNone(a)
        | Op::IsApplicable(a)
        | Op::Round { value: a, .. }
        | Op::Provision { body: a, .. }
        | Op::StartOf(_, a)
        | Op::EndOf(_, a)
        | Op::ScheduleOn(_, a)
        | Op::ScheduleNext(_, a)
        | Op::SchedulePrevious(_, a)
        | Op::Flatten(a)
        | Op::Count(a)
        | Op::DaysCovered(a)
        | Op::Sum(a)
        | Op::Average(a)
        | Op::Smallest(a)
        | Op::Largest(a)
        | Op::AnyItem(a)
        | Op::AllItems(a)
        | Op::Distinct(a)
        | Op::First(a)
        | Op::Last(a)
        | Op::Only(a) => see(*a),
        Op::Compare(_, a, b)
        | Op::OrElse(a, b)
        | Op::Contains { list: a, item: b }
        | Op::Subset(a, b)
        | Op::Add(a, b)
        | Op::Sub(a, b)
        | Op::Mul(a, b)
        | Op::Div(a, b)
        | Op::AddDays(a, b)
        | Op::AddMonths(a, b)
        | Op::DaysBetween(a, b)
        | Op::MonthsBetween(a, b)
        | Op::AtLeastItems(a, b)
        | Op::Concat(a, b)
        | Op::Scope {
            applies: a,
            body: b,
            ..
        }
        | Op::Filter {
            list: a, body: b, ..
        }
        | Op::Map {
            list: a, body: b, ..
        }
        | Op::Sort {
            list: a, key: b, ..
        }
        | Op::GroupBy {
            list: a, key: b, ..
        }
        | Op::Note {
            body: a, when: b, ..
        }
        | Op::AtDate { body: a, date: b } => {
            see(*a);
            see(*b);
        }
        Op::Ever { body, from, to } => [*body, *from, *to].into_iter().for_each(see),
        Op::Lifecycle(machine) => machine.nodes(see),
        Op::And(parts)
        | Op::Or(parts)
        | Op::StrictAnd(parts)
        | Op::StrictOr(parts)
        | Op::Min(parts)
        | Op::Max(parts)
        | Op::MakeRecord(parts) => {
            parts.iter().copied().for_each(see);
        }
        Op::AtLeast(count, parts) => {
            see(*count);
            parts.iter().copied().for_each(see);
        }
        Op::Cases { cases, otherwise } => {
            for (guard, value) in cases {
                see(*guard);
                see(*value);
            }
            otherwise.iter().copied().for_each(see);
        }
        Op::ListWhere(items) | Op::EveryRow(items) => {
            for (guard, value) in items {
                see(*guard);
                see(*value);
            }
        }
        Op::Override {
            base, exceptions, ..
        } => {
            see(*base);
            for exception in exceptions {
                see(exception.guard);
                see(exception.value);
            }
        }
    }
}

/// Replaces every node an operation reads directly.
pub fn rewrite(op: &mut Op, mut to: impl FnMut(NodeId) -> NodeId) {
    match op {
        Op::Const(_)
        | Op::AsOf
        | Op::Fact(_)
        | Op::Missing(_)
        | Op::Recorded(_)
        | Op::ReadingIs(..)
        | Op::Item(_)
        | Op::InForce(_)
        | Op::NotApplicable(_)
        | Op::Granted { .. } => {}
        Op::Field(a, _)
        | Op::RecordedField(a, _)
        | Op::Not(a)
        | Op::IsNone(a)
        | Op::IsApplicable(a)
        | Op::Round { value: a, .. }
        | Op::Provision { body: a, .. }
        | Op::StartOf(_, a)
        | Op::EndOf(_, a)
        | Op::ScheduleOn(_, a)
        | Op::ScheduleNext(_, a)
        | Op::SchedulePrevious(_, a)
        | Op::Flatten(a)
        | Op::Count(a)
        | Op::DaysCovered(a)
        | Op::Sum(a)
        | Op::Average(a)
        | Op::Smallest(a)
        | Op::Largest(a)
        | Op::AnyItem(a)
        | Op::AllItems(a)
        | Op::Distinct(a)
        | Op::First(a)
        | Op::Last(a)
        | Op::Only(a) => *a = to(*a),
        Op::And(all)
        | Op::Or(all)
        | Op::StrictAnd(all)
        | Op::StrictOr(all)
        | Op::Min(all)
        | Op::Max(all)
        | Op::MakeRecord(all) => {
            all.iter_mut().for_each(|a| *a = to(*a));
        }
        Op::AtLeast(k, all) => {
            *k = to(*k);
            all.iter_mut().for_each(|a| *a = to(*a));
        }
        Op::Compare(_, a, b)
        | Op::OrElse(a, b)
        | Op::Contains { list: a, item: b }
        | Op::Subset(a, b)
        | Op::Add(a, b)
        | Op::Sub(a, b)
        | Op::Mul(a, b)
        | Op::Div(a, b)
        | Op::AddDays(a, b)
        | Op::AddMonths(a, b)
        | Op::DaysBetween(a, b)
        | Op::MonthsBetween(a, b)
        | Op::AtLeastItems(a, b)
        | Op::Concat(a, b)
        | Op::Scope {
            applies: a,
            body: b,
            ..
        }
        | Op::AtDate { body: a, date: b }
        | Op::Note {
            body: a, when: b, ..
        }
        | Op::Filter {
            list: a, body: b, ..
        }
        | Op::Map {
            list: a, body: b, ..
        }
        | Op::Sort {
            list: a, key: b, ..
        }
        | Op::GroupBy {
            list: a, key: b, ..
        } => {
            *a = to(*a);
            *b = to(*b);
        }
        Op::Cases { cases, otherwise } => {
            for (guard, value) in cases {
                *guard = to(*guard);
                *value = to(*value);
            }
            otherwise.iter_mut().for_each(|a| *a = to(*a));
        }
        Op::Override {
            base, exceptions, ..
        } => {
            *base = to(*base);
            for exception in exceptions {
                exception.guard = to(exception.guard);
                exception.value = to(exception.value);
            }
        }
        Op::Lifecycle(machine) => machine.rewrite(to),
        Op::ListWhere(pairs) | Op::EveryRow(pairs) => {
            for (guard, value) in pairs {
                *guard = to(*guard);
                *value = to(*value);
            }
        }
        Op::Ever {
            body,
            from,
            to: end,
        } => {
            *body = to(*body);
            *from = to(*from);
            *end = to(*end);
        }
    }
}

/// The type and kind of input at a place in the facts; `None` when the program has no such place.
#[must_use]
pub fn input<'p>(program: &'p Program, leaf: &Leaf) -> Option<(&'p Type, &'p FactKind)> {
    let fact = program.facts.get(leaf.fact as usize)?;
    let (mut ty, mut kind) = (&fact.ty, &fact.kind);
    for step in &leaf.path {
        while let Type::Optional(inner) = ty {
            ty = inner;
        }
        match (step, ty) {
            (Step::Index(_) | Step::Every, Type::List(inner) | Type::Set(inner)) => ty = inner,
            (Step::Field(field), Type::Record(id)) => {
                let record = program.records.get(*id as usize)?;
                let field = record.fields.get(*field as usize)?;
                (ty, kind) = (&field.ty, &field.kind);
            }
            _ => return None,
        }
    }
    Some((ty, kind))
}
