//! What a program asks for from outside: facts, readings, recurring dates.

use super::{ClauseId, NodeId, Program, Range, Type};
use crate::value::{Date, Leaf, Step};
use serde::{Deserialize, Serialize};

/// What kind of input a fact is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FactKind {
    /// A plain fact.
    #[default]
    Given,
    /// A date on which something happened: read as none on days before it.
    Event,
    /// Something only a person decides: absent means not recorded, never unknown.
    Judgement {
        /// Who decides.
        by: String,
    },
}

/// An input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Name in the facts file.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// Type (for an event `date or none`).
    pub ty: Type,
    /// Kind of input.
    pub kind: FactKind,
    /// Declared range.
    pub range: Option<Range>,
    /// Value to use, and to report as an assumption, when the fact is absent.
    pub assume: Option<NodeId>,
    /// How to compute the fact from others when it is absent.
    pub derived: Option<NodeId>,
    /// The text mentions it but gives no value.
    pub stated_nowhere: bool,
    /// The grid whose rows its items lift, of a fact that `grants` declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<String>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A declared ambiguity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Name.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// Named alternatives.
    pub alternatives: Vec<String>,
    /// The chosen alternative over time; periods tile the time line.
    pub chosen: Vec<(Period, u32)>,
    /// Why this one is the default.
    pub because: String,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A half-open span of days; either end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Period {
    /// First day inside.
    pub from: Option<Date>,
    /// First day after.
    pub before: Option<Date>,
}

/// Recurring dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Name.
    pub name: String,
    /// The rule.
    pub rule: ScheduleRule,
    /// When the schedule is in force.
    pub period: Period,
    /// Years without any date.
    pub except_years: Vec<i16>,
    /// Periods without any date.
    pub except: Vec<Period>,
    /// What else it is made from: its exceptions, and the value that is its step.
    pub rests_on: Vec<super::ProvisionId>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// How a schedule recurs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ScheduleRule {
    /// On a day of certain months (1–12); a day past the month's end is its last day.
    DayOfMonths {
        /// Day of the month, 1–31.
        day: u8,
        /// Months, ascending.
        months: Vec<u8>,
    },
    /// Every day of certain months.
    Months {
        /// Months, ascending.
        months: Vec<u8>,
    },
    /// Every `months` months after an anchor date, always counted from the anchor.
    Every {
        /// Step in months, at least 1.
        months: u32,
        /// The anchor (a date, or `date or none`).
        anchor: NodeId,
    },
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
