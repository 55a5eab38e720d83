//! What binds somebody: obligations, duties and the order of planned actions.

use super::{Dates, Expr, Name};
use crate::source::Span;

/// `obligations NAME: RECORD by WHO` and its lines.
#[derive(Debug, Clone)]
pub struct Obligations {
    /// Name.
    pub name: Name,
    /// The record a finding is: its first field takes the rule's name, its second the modality.
    pub record: Name,
    /// Whom they bind.
    pub bearer: Name,
    /// Label.
    pub label: Option<String>,
    /// `for each` lines.
    pub each: Vec<Each>,
    /// Rules in order.
    pub rules: Vec<Obligation>,
}

/// `for each ITEM in LIST [where C] [give FIELD: VALUE, …]`: holds for the rules below it.
#[derive(Debug, Clone)]
pub struct Each {
    /// The item.
    pub item: Name,
    /// The list.
    pub list: Expr,
    /// Which items.
    pub filter: Option<Expr>,
    /// Fields of the finding.
    pub fields: Vec<(Name, Expr)>,
    /// The line.
    pub span: Span,
}

/// `must NAME CONDITION [when C]`.
#[derive(Debug, Clone)]
pub struct Obligation {
    /// How binding.
    pub modality: Modality,
    /// Its name.
    pub name: Name,
    /// What has to hold (for `must not`: what must not).
    pub condition: Expr,
    /// When it binds.
    pub when: Option<Expr>,
    /// Label.
    pub label: Option<String>,
    /// Index into [`Obligations::each`].
    pub each: Option<usize>,
    /// In force.
    pub dates: Dates,
    /// `under R ALT`.
    pub under: Option<(Name, Name)>,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line.
    pub span: Span,
}

/// How binding a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its words")]
pub enum Modality {
    Must,
    MustNot,
    Should,
    ShouldNot,
    May,
}

impl Modality {
    /// Whether it asks that its condition does not hold.
    #[must_use]
    pub fn forbids(self) -> bool {
        matches!(self, Modality::MustNot | Modality::ShouldNot)
    }

    /// As written.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Modality::Must => "must",
            Modality::MustNot => "must not",
            Modality::Should => "should",
            Modality::ShouldNot => "should not",
            Modality::May => "may",
        }
    }
}

/// `duty NAME of WHO to WHOM by CHANNEL` and its lines.
#[derive(Debug, Clone)]
pub struct Duty {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
    /// Who has to do it.
    pub bearer: Name,
    /// Towards whom.
    pub addressee: Option<Name>,
    /// How.
    pub channel: Option<Name>,
    /// `on DAY [when C]`: the day it arises (date or none).
    pub arises: Option<(Expr, Option<Expr>)>,
    /// `due LENGTH` or `due DAY`.
    pub due: Option<Expr>,
    /// `done DAY` (date or none).
    pub done: Option<Expr>,
}

/// `order NAME for LIST` and its lines.
#[derive(Debug, Clone)]
pub struct Order {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
    /// The plan: a list of an enumeration.
    pub plan: Expr,
    /// What comes before what.
    pub rules: Vec<Precedence>,
}

/// `A before B, C [when COND]`.
#[derive(Debug, Clone)]
pub struct Precedence {
    /// What comes first.
    pub first: Name,
    /// Before these.
    pub then: Vec<Name>,
    /// When it binds.
    pub when: Option<Expr>,
    /// In force.
    pub dates: Dates,
    /// `under R ALT`.
    pub under: Option<(Name, Name)>,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line.
    pub span: Span,
}
