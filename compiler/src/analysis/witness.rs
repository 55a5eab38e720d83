//! Examples in the words of the program.

use super::atom::{Key, Var, VarId};
use super::query::Query;
use super::regions::Regions;
use super::sets::NA;
use polc_runtime::ir::{BinderId, CalendarUnit, Const, NodeId, Op, ScheduleId, Type};
use polc_runtime::value::{Date, DatePart, Number};
use std::fmt;

/// The state of one atom in an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A value: numbers as they are, dates as days since 1970-01-01, the rest by index.
    Value(Number),
    /// Known to be none.
    None,
    /// A judgement nobody has recorded.
    NotRecorded,
}

/// One atom of an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// What it is called.
    pub name: String,
    /// What it is, in words; empty when it is not recorded.
    pub text: String,
    /// What it is.
    pub state: State,
    pub(super) key: Key,
}

/// An example: what some facts and definitions would have to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Witness {
    /// One line per atom, in the order the question met them.
    pub samples: Vec<Sample>,
}

impl fmt::Display for Sample {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.state {
            State::NotRecorded => write!(out, "{} not recorded", self.name),
            State::Value(_) | State::None => write!(out, "{} = {}", self.name, self.text),
        }
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.samples.is_empty() {
            return out.write_str("any facts");
        }
        for (at, sample) in self.samples.iter().enumerate() {
            if at > 0 {
                out.write_str(", ")?;
            }
            write!(out, "{sample}")?;
        }
        Ok(())
    }
}

impl Query<'_, '_> {
    /// What an atom is called.
    pub(super) fn describe(&self, var: VarId) -> String {
        let Some(info) = self.vars.get(var) else {
            return String::new();
        };
        let program = self.regions.program;
        match &info.key {
            Key::AsOf => "as_of".to_owned(),
            Key::Fact(fact) => program
                .facts
                .get(*fact as usize)
                .map_or(String::new(), |fact| fact.name.clone()),
            Key::Reading(reading) => program
                .readings
                .get(*reading as usize)
                .map_or(String::new(), |reading| format!("reading {}", reading.name)),
            Key::Node(node) => self.regions.words(*node),
            Key::Order(a, b) => format!("{} against {}", self.describe(*a), self.describe(*b)),
            Key::Linear(terms) => {
                let term = |(var, times): &(VarId, Number)| {
                    let name = self.describe(*var);
                    if *times == Number::from_i64(1) {
                        name
                    } else {
                        format!("{times} * {name}")
                    }
                };
                let terms: Vec<String> = terms.iter().map(term).collect();
                terms.join(" + ")
            }
        }
    }

    /// An atom and its state in an example.
    pub(super) fn sample(&self, var: VarId, state: State) -> Option<Sample> {
        let info = self.vars.get(var)?;
        let text = match state {
            State::None => "none".to_owned(),
            State::NotRecorded => String::new(),
            State::Value(value) => self.text(info, value),
        };
        Some(Sample {
            name: self.describe(var),
            text,
            state,
            key: info.key.clone(),
        })
    }

    fn text(&self, info: &Var, value: Number) -> String {
        let regions = self.regions;
        if let Key::Reading(reading) = info.key {
            let names = regions.program.readings.get(reading as usize);
            return index(value)
                .and_then(|at| names?.alternatives.get(at).cloned())
                .unwrap_or_default();
        }
        regions.value_text(&info.ty, value)
    }
}

/// A small whole number.
fn index(value: Number) -> Option<usize> {
    value.to_string().parse().ok()
}

impl Regions<'_> {
    /// Whether an atom may be not applicable.
    pub(super) fn never_applies(&self, query: &Query<'_, '_>, var: VarId) -> bool {
        query
            .vars
            .get(var)
            .is_some_and(|var| var.domain.flags & NA != 0)
    }

    /// A value in the notation of the language.
    fn value_text(&self, ty: &Type, value: Number) -> String {
        match ty {
            Type::Optional(inner) => self.value_text(inner, value),
            Type::Bool => if value == Number::from_i64(0) {
                "no"
            } else {
                "yes"
            }
            .to_owned(),
            Type::Date => match value.to_string().parse::<i32>() {
                Ok(days) => {
                    Date::from_days(days).map_or_else(|| value.to_string(), |date| date.to_string())
                }
                Err(_) => value.to_string(),
            },
            Type::Percent => format!("{value}%"),
            Type::Days => format!("{value} days"),
            Type::Months => format!("{value} months"),
            Type::Money if self.program.currency == "USD" => {
                let text = value.to_string();
                match text.strip_prefix('-') {
                    Some(rest) => format!("-${rest}"),
                    None => format!("${text}"),
                }
            }
            Type::Money => format!("{value} {}", self.program.currency),
            Type::Enum(id) => {
                let values = self.program.enums.get(*id as usize);
                index(value)
                    .and_then(|at| values?.values.get(at).cloned())
                    .unwrap_or_else(|| value.to_string())
            }
            Type::Text => index(value)
                .and_then(|at| self.text_list.get(at))
                .map_or_else(|| "any other text".to_owned(), |text| format!("\"{text}\"")),
            Type::Int | Type::Decimal | Type::Record(_) | Type::List(_) | Type::Set(_) => {
                value.to_string()
            }
        }
    }

    fn const_text(&self, ty: &Type, value: &Const) -> String {
        match value {
            Const::None => "none".to_owned(),
            Const::List(values) => {
                let inner = if let Type::List(inner) | Type::Set(inner) = ty {
                    inner
                } else {
                    ty
                };
                let values: Vec<String> = values
                    .iter()
                    .map(|value| self.const_text(inner, value))
                    .collect();
                values.join(", ")
            }
            Const::Bool(_)
            | Const::Number(_)
            | Const::Date(_)
            | Const::Enum(_)
            | Const::Text(_) => self
                .key(value)
                .map_or(String::new(), |key| self.value_text(ty, key)),
        }
    }

    /// A node in words: its name, or what it computes.
    pub(super) fn words(&self, node: NodeId) -> String {
        self.phrase(node, 0)
    }

    fn phrase(&self, node: NodeId, depth: usize) -> String {
        let node = self.shapes.canon(node);
        match (self.names.get(&node), self.op(node)) {
            (Some(name), _) => name.clone(),
            (None, Some(op)) if depth <= 4 => self.operation(node, op, depth),
            (None, _) => "…".to_owned(),
        }
    }

    /// A rule of its arguments, by its name.
    fn call(&self, body: NodeId, arguments: &[(BinderId, NodeId)], depth: usize) -> String {
        let mut rules = self.program.definitions.iter();
        let rule = rules.find(|rule| rule.node == body && !rule.parameters.is_empty());
        let name = rule.map_or("a rule", |rule| rule.name.as_str());
        let arguments = arguments
            .iter()
            .map(|(_, node)| self.phrase(*node, depth + 1));
        format!("{name}({})", arguments.collect::<Vec<_>>().join(", "))
    }

    fn schedule(&self, id: ScheduleId) -> &str {
        let schedule = self.program.schedules.get(id as usize);
        schedule.map_or("…", |schedule| &schedule.name)
    }

    fn operation(&self, node: NodeId, op: &Op, depth: usize) -> String {
        let say = |node: NodeId| self.phrase(node, depth + 1);
        let list = |nodes: &[NodeId], word: &str| {
            let parts: Vec<String> = nodes.iter().map(|node| say(*node)).collect();
            parts.join(word)
        };
        let between =
            |a: &NodeId, sign: &str, b: &NodeId| format!("{} {sign} {}", say(*a), say(*b));
        let span =
            |of: &str, a: &NodeId, b: &NodeId| format!("{of} from {} to {}", say(*a), say(*b));
        match op {
            Op::Const(value) => self
                .ty(node)
                .map_or(String::new(), |ty| self.const_text(ty, value)),
            Op::AsOf => "as_of".to_owned(),
            Op::Fact(id) | Op::Recorded(id) => {
                let name = self.program.facts.get(*id as usize);
                let name = name.map_or("…", |fact| fact.name.as_str());
                if matches!(op, Op::Fact(_)) {
                    name.to_owned()
                } else {
                    format!("{name} recorded")
                }
            }
            Op::Field(record, _) => {
                let name = self.field(node).map_or("…", |field| field.name.as_str());
                if matches!(self.op(*record), Some(Op::Item(_))) {
                    format!(".{name}")
                } else {
                    format!("{}.{name}", say(*record))
                }
            }
            Op::Item(_) => "item".to_owned(),
            Op::And(all) | Op::StrictAnd(all) => list(all, " and "),
            Op::Or(all) | Op::StrictOr(all) => list(all, " or "),
            Op::Not(inner) => format!("not {}", say(*inner)),
            Op::AtLeast(k, all) => format!("at least {} of ({})", say(*k), list(all, ", ")),
            Op::Compare(cmp, a, b) => format!("{} {} {}", say(*a), cmp.sign(), say(*b)),
            Op::IsNone(inner) => format!("{} is none", say(*inner)),
            Op::OrElse(a, b) => format!("{} or else {}", say(*a), say(*b)),
            Op::Contains { list, item } => format!("{} contains {}", say(*list), say(*item)),
            Op::Subset(a, b) => format!("{} within {}", say(*a), say(*b)),
            Op::Add(a, b) | Op::AddDays(a, b) | Op::AddMonths(a, b) => between(a, "+", b),
            Op::Sub(a, b) => between(a, "-", b),
            Op::Mul(a, b) => between(a, "*", b),
            Op::Div(a, b) => between(a, "/", b),
            Op::Mod(a, b) => between(a, "mod", b),
            Op::Power(base, exponent, _) => between(base, "^", exponent),
            Op::Round { value, .. } => format!("{} rounded", say(*value)),
            Op::Min(all) => format!("smallest of ({})", list(all, ", ")),
            Op::Max(all) => format!("largest of ({})", list(all, ", ")),
            Op::DaysBetween(a, b) => span("days", a, b),
            Op::MonthsBetween(a, b) => span("months", a, b),
            Op::FullBetween(which, a, b) => span(&format!("full {}s", unit(which)), a, b),
            Op::DatePart(which, day) => format!("{} of {}", part(which), say(*day)),
            Op::StartOf(which, day) => format!("start of {} of {}", unit(which), say(*day)),
            Op::EndOf(which, day) => format!("end of {} of {}", unit(which), say(*day)),
            Op::ScheduleOn(id, day) => format!("{} in {}", say(*day), self.schedule(*id)),
            Op::Filter { list, body, .. } => format!("{} where {}", say(*list), say(*body)),
            Op::Map { list, body, .. } => format!("{}{}", say(*list), dotted(&say(*body))),
            Op::Flatten(list) | Op::Sort { list, .. } => say(*list),
            Op::Count(list) => format!("count of {}", say(*list)),
            Op::Sum(list) => format!("sum of {}", say(*list)),
            Op::Average(list) => format!("average of {}", say(*list)),
            Op::Smallest(list) => format!("smallest of {}", say(*list)),
            Op::Largest(list) => format!("largest of {}", say(*list)),
            Op::AnyItem(list) => format!("any of {}", say(*list)),
            Op::AllItems(list) => format!("all of {}", say(*list)),
            Op::Distinct(list) => format!("distinct {}", say(*list)),
            Op::First(list) => format!("first of {}", say(*list)),
            Op::Last(list) => format!("last of {}", say(*list)),
            Op::Only(list) => format!("only {}", say(*list)),
            Op::Scope { body, .. } => say(*body),
            Op::AtDate { body, date } => format!("{} as of {}", say(*body), say(*date)),
            Op::Ever { body, from, to } => span(&format!("ever {}", say(*body)), from, to),
            Op::Granted { row, .. } => format!("grant of {row}"),
            Op::Call { body, arguments } => self.call(*body, arguments, depth),
            Op::Missing(_)
            | Op::RecordedField(..)
            | Op::ReadingIs(..)
            | Op::IsApplicable(_)
            | Op::InForce(_)
            | Op::ScheduleNext(..)
            | Op::SchedulePrevious(..)
            | Op::Cases { .. }
            | Op::Override { .. }
            | Op::Note { .. }
            | Op::Provision { .. }
            | Op::NotApplicable(_)
            | Op::Lifecycle(_)
            | Op::DaysCovered(_)
            | Op::AtLeastItems(..)
            | Op::GroupBy { .. }
            | Op::ListWhere(_)
            | Op::EveryRow(_)
            | Op::Concat(..)
            | Op::Slice(..)
            | Op::Position(_)
            | Op::Range(..)
            | Op::MakeRecord(_) => "a computed value".to_owned(),
        }
    }
}

fn dotted(body: &str) -> String {
    if body.starts_with('.') {
        body.to_owned()
    } else {
        format!(" as {body}")
    }
}

fn unit(unit: &CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Week => "week",
        CalendarUnit::Month => "month",
        CalendarUnit::Quarter => "quarter",
        CalendarUnit::Year => "year",
    }
}

fn part(part: &DatePart) -> &'static str {
    match part {
        DatePart::Weekday => "weekday",
        DatePart::Week => "week",
        DatePart::Year => "year",
        DatePart::Month => "month",
        DatePart::Day => "day",
    }
}
