//! What each operation asks of its operands and of its own type.

use super::{Check, constant_fits};
use crate::ir::{BinderId, Exception, Fact, FactKind, NodeId, Op, ReadingId, Record, Steps, Type};
use crate::value::{CalendarUnit, DatePart, Number};

impl Check<'_> {
    /// What is wrong with one operation beyond the order of its operands.
    pub(super) fn operation(&self, op: &Op, ty: &Type) -> Option<String> {
        let program = self.program;
        if let Some(word) = self.missing(op) {
            return Some(format!("{word} does not exist"));
        }
        let bools = |parts: &[NodeId]| parts.iter().all(|part| self.is_bool(*part));
        let list = |id: &NodeId| self.is_list(*id);
        let number = |id: &NodeId| self.is_number(*id);
        let date = |id: &NodeId| self.is_date(*id);
        let says_bool = matches!(ty, Type::Bool);
        let fine = match op {
            Op::Recorded(id) => {
                let judged = |fact: &Fact| matches!(fact.kind, FactKind::Judgement { .. });
                program.facts.get(*id as usize).is_some_and(judged) && says_bool
            }
            Op::ReadingIs(id, at) => self.has_alternative(*id, *at) && says_bool,
            Op::Item(binder) | Op::Position(binder) => *binder < program.binders,
            Op::Field(of, at) | Op::RecordedField(of, at) => self.has_field(*of, *at),
            Op::Const(value) => constant_fits(program, value, ty),
            Op::AsOf => matches!(ty, Type::Date),
            Op::And(parts) | Op::Or(parts) | Op::StrictAnd(parts) | Op::StrictOr(parts) => {
                bools(parts) && says_bool
            }
            Op::AtLeast(count, parts) => number(count) && bools(parts) && says_bool,
            Op::Not(a) => self.is_bool(*a) && says_bool,
            Op::Compare(_, _, _) | Op::IsNone(_) | Op::IsApplicable(_) | Op::InForce(_) => {
                says_bool
            }
            Op::Contains { list: a, .. } => list(a) && says_bool,
            Op::Subset(a, b) => list(a) && list(b) && says_bool,
            Op::Add(..)
            | Op::Sub(..)
            | Op::Mul(..)
            | Op::Div(..)
            | Op::Mod(..)
            | Op::Power(..)
            | Op::Round { .. } => self.of_numbers(op),
            Op::Min(parts) | Op::Max(parts) => !parts.is_empty(),
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
            | Op::SchedulePrevious(..) => self.of_dates(op, ty),
            Op::Cases { cases, .. } => cases.iter().all(|(guard, _)| self.is_bool(*guard)),
            Op::Override {
                exceptions, beats, ..
            } => self.is_ranked(exceptions, beats),
            Op::Scope { applies, .. } => self.is_bool(*applies),
            Op::Filter { .. }
            | Op::Map { .. }
            | Op::Flatten(_)
            | Op::Count(_)
            | Op::DaysCovered(_)
            | Op::Sum(_)
            | Op::Average(_)
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
            | Op::Concat(..) => self.of_lists(op, ty),
            Op::MakeRecord(parts) => self.makes(ty, parts.len()),
            Op::AtDate { date: day, .. } => date(day),
            Op::Ever { body, from, to } => {
                self.is_bool(*body) && date(from) && date(to) && says_bool
            }
            Op::Call { arguments, .. } => binds_each_once(arguments),
            Op::Note { when, .. } => self.is_bool(*when),
            Op::Lifecycle(machine) => return self.machine(machine, ty),
            Op::Provision { body, .. } => {
                let body = program.nodes.get(*body as usize);
                body.is_some_and(|body| body.ty == *ty)
            }
            Op::Fact(_)
            | Op::Missing(_)
            | Op::Granted { .. }
            | Op::OrElse(_, _)
            | Op::NotApplicable(_) => true,
        };
        if fine {
            None
        } else {
            Some("its operands or its type do not fit".to_owned())
        }
    }

    /// Whether an operation on numbers fits.
    fn of_numbers(&self, op: &Op) -> bool {
        let number = |id: &NodeId| self.is_number(*id);
        if let Op::Add(a, b) | Op::Sub(a, b) | Op::Mul(a, b) | Op::Div(a, b) | Op::Mod(a, b) = op {
            number(a) && number(b)
        } else if let Op::Power(base, exponent, rounded) = op {
            let steps = rounded.is_none_or(|(_, step)| step > Number::ZERO);
            number(base) && number(exponent) && steps
        } else if let Op::Round { value, step, .. } = op {
            number(value) && *step > Number::ZERO
        } else {
            false
        }
    }

    /// Whether an operation on dates fits.
    fn of_dates(&self, op: &Op, ty: &Type) -> bool {
        let date = |id: &NodeId| self.is_date(*id);
        let whole = matches!(ty, Type::Int);
        if let Op::AddDays(a, b) | Op::AddMonths(a, b) = op {
            date(a) && self.is_number(*b)
        } else if let Op::DaysBetween(a, b) | Op::MonthsBetween(a, b) = op {
            date(a) && date(b)
        } else if let Op::FullBetween(_, a, b) = op {
            date(a) && date(b) && whole
        } else if let Op::DatePart(DatePart::Weekday, a) = op {
            date(a) && self.has_values(ty, 7)
        } else if let Op::DatePart(_, a) = op {
            date(a) && whole
        } else if let Op::EndOf(unit, a) = op {
            // The calendar ends within a week.
            date(a) && *unit != CalendarUnit::Week
        } else if let Op::StartOf(_, a)
        | Op::ScheduleOn(_, a)
        | Op::ScheduleNext(_, a)
        | Op::SchedulePrevious(_, a) = op
        {
            date(a)
        } else {
            false
        }
    }

    /// Whether an operation on lists fits.
    fn of_lists(&self, op: &Op, ty: &Type) -> bool {
        let list = |id: &NodeId| self.is_list(*id);
        if let Op::Filter { list: a, body, .. } = op {
            list(a) && self.is_bool(*body)
        } else if let Op::ListWhere(items) | Op::EveryRow(items) = op {
            items.iter().all(|(guard, _)| self.is_bool(*guard))
        } else if let Op::Slice(_, a, count) = op {
            list(a) && self.is_number(*count)
        } else if let Op::Range(Steps::Numbers, a, b) = op {
            self.is_number(*a) && self.is_number(*b) && ty.item() == Some(&Type::Int)
        } else if let Op::Range(_, a, b) = op {
            self.is_date(*a) && self.is_date(*b) && ty.item() == Some(&Type::Date)
        } else if let Op::Concat(a, b) = op {
            list(a) && list(b)
        } else if let Op::Map { list: a, .. }
        | Op::Flatten(a)
        | Op::Count(a)
        | Op::DaysCovered(a)
        | Op::Sum(a)
        | Op::Average(a)
        | Op::Smallest(a)
        | Op::Largest(a)
        | Op::AnyItem(a)
        | Op::AllItems(a)
        | Op::AtLeastItems(_, a)
        | Op::Distinct(a)
        | Op::Sort { list: a, .. }
        | Op::GroupBy { list: a, .. }
        | Op::First(a)
        | Op::Last(a)
        | Op::Only(a) = op
        {
            list(a)
        } else {
            false
        }
    }

    /// What an operation names that is not there.
    fn missing(&self, op: &Op) -> Option<&'static str> {
        let program = self.program;
        let (at, count, word) =
            if let Op::Fact(id) | Op::Missing(id) | Op::Granted { fact: id, .. } = op {
                (*id, program.facts.len(), "the fact")
            } else if let Op::Recorded(id) = op {
                (*id, program.facts.len(), "the judgement")
            } else if let Op::ReadingIs(id, _) = op {
                (*id, program.readings.len(), "the reading")
            } else if let Op::ScheduleOn(id, _)
            | Op::ScheduleNext(id, _)
            | Op::SchedulePrevious(id, _) = op
            {
                (*id, program.schedules.len(), "the schedule")
            } else if let Op::Provision { provision, .. } = op {
                (*provision, program.provisions.len(), "the provision")
            } else {
                return None;
            };
        (at as usize >= count).then_some(word)
    }

    fn has_alternative(&self, reading: ReadingId, at: u32) -> bool {
        let reading = self.program.readings.get(reading as usize);
        reading.is_some_and(|reading| (at as usize) < reading.alternatives.len())
    }

    /// Whether a type is an enumeration of so many values.
    fn has_values(&self, ty: &Type, count: usize) -> bool {
        let Type::Enum(id) = ty else { return false };
        let declared = self.program.enums.get(*id as usize);
        declared.is_some_and(|declared| declared.values.len() == count)
    }

    fn is_list(&self, id: NodeId) -> bool {
        matches!(self.node_type(id), Some(Type::List(_) | Type::Set(_)))
    }

    fn is_date(&self, id: NodeId) -> bool {
        matches!(self.node_type(id), Some(Type::Date))
    }

    fn is_number(&self, id: NodeId) -> bool {
        matches!(
            self.node_type(id),
            Some(
                Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months
            )
        )
    }

    pub(super) fn record(&self, ty: Option<&Type>) -> Option<&Record> {
        let Some(Type::Record(id)) = ty else {
            return None;
        };
        self.program.records.get(*id as usize)
    }

    fn has_field(&self, of: NodeId, at: u32) -> bool {
        let record = self.record(self.node_type(of));
        record.is_some_and(|record| (at as usize) < record.fields.len())
    }

    fn makes(&self, ty: &Type, parts: usize) -> bool {
        let record = self.record(Some(ty));
        record.is_some_and(|record| record.fields.len() == parts)
    }

    fn is_ranked(&self, exceptions: &[Exception], beats: &[(u32, u32)]) -> bool {
        let count = exceptions.len() as u32;
        let guarded = exceptions.iter().all(|one| self.is_bool(one.guard));
        guarded && beats.iter().all(|(a, b)| *a < count && *b < count)
    }
}

/// A parameter has one argument.
fn binds_each_once(arguments: &[(BinderId, NodeId)]) -> bool {
    let mut binders: Vec<BinderId> = arguments.iter().map(|(binder, _)| *binder).collect();
    binders.sort_unstable();
    binders.windows(2).all(|pair| pair.first() != pair.last())
}
