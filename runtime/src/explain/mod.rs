//! Why an answer is what it is: what the evaluation read, as a typed tree.
//!
//! The decision is evaluated once more, on the program in which everything that can be cited is a node, and what was
//! read for what is kept. From it come the steps: for each definition its outcome on a day, what decided, what came
//! before and did not apply, and the definitions and facts that were read. What was not read is not in it.

mod compare;
#[allow(clippy::wildcard_enum_match_arm)]
mod derive;
#[allow(clippy::wildcard_enum_match_arm)]
mod grids;
mod text;

pub use compare::{Change, Comparison, Side};

use crate::answer::NoSuchDecision;
use crate::facts::Facts;
use crate::ir::{ClauseId, ProvisionId, ProvisionKind};
use crate::program::{Options, Program};
use crate::result::Reply;
use crate::value::Date;
use serde::Serialize;

/// Version of the form in which explanations are written.
pub const EXPLANATION_FORMAT: u32 = 3;

/// Why a decision is what it is.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// Version of this form.
    pub format: u32,
    /// The program.
    pub program: String,
    /// Who was asked about.
    pub id: Option<String>,
    /// The day asked about.
    pub as_of: String,
    /// The decision, with everything it was made from.
    #[serde(flatten)]
    pub step: Step,
    /// How ambiguous clauses were read, where it was asked.
    pub readings: Vec<Taken>,
    /// Facts for which a value was assumed.
    pub assumptions: Vec<String>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// Every clause named, in the order of the program.
    pub clauses: Vec<Clause>,
}

/// A definition, a decision, a table, a lifecycle or a value, on one day and for one item.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// Its provision.
    pub provision: ProvisionId,
    /// What it is.
    pub kind: ProvisionKind,
    /// Its name.
    pub name: String,
    /// Its label; empty where it has none.
    pub label: String,
    /// The day it was read for.
    pub day: String,
    /// The items of lists it was read for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// What it came to.
    pub outcome: Reply,
    /// The same in words.
    pub words: String,
    /// How it is worked out, where it is no block of cases; empty otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// Its clauses.
    pub cites: Vec<String>,
    /// It was told before: what it was made from stands there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub above: bool,
    /// What decided.
    pub decided: Vec<Part>,
    /// What came first and did not apply.
    pub passed: Vec<Part>,
    /// Rows of grids that were read, tier by tier.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Requirement>,
    /// What was compared outside of any part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// The moves of a lifecycle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
    /// Facts read.
    pub facts: Vec<Read>,
    /// What else was read.
    pub from: Vec<Step>,
}

/// A case, row, cell, version, exception, amendment, waiver line or line of a lifecycle that was read.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Its provision.
    pub provision: ProvisionId,
    /// What it is.
    pub kind: ProvisionKind,
    /// What it is part of.
    pub of: String,
    /// Its name there.
    pub name: String,
    /// The day it was read for.
    pub day: String,
    /// The items of lists it was read for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Whether it held: `yes`, `no`, `open`, `not_applicable` or `error`.
    pub holds: Holds,
    /// What it waits for; empty where nothing is said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// What it gives; empty where nothing is said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gives: String,
    /// What it compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// Its clauses.
    pub cites: Vec<String>,
}

/// What a row of a grid asks of a tier, and what it came to.
#[derive(Debug, Clone, Serialize)]
pub struct Requirement {
    /// The provision of the cell.
    pub provision: ProvisionId,
    /// The grid.
    pub grid: String,
    /// The row.
    pub row: String,
    /// Its label; empty where it has none.
    pub label: String,
    /// The tier.
    pub tier: String,
    /// The day it was read for.
    pub day: String,
    /// Whether it asks for anything; `open` where that is not known.
    pub asked: Holds,
    /// Whether it is only preferred.
    pub preferred: bool,
    /// Whether what it asks for holds; none where nobody looked.
    pub met: Option<Holds>,
    /// The cell is not the printed one: an amendment holds.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub amended: bool,
    /// What lifts it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waived_by: Vec<String>,
    /// What was compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// Its clauses and those of what lifts it.
    pub cites: Vec<String>,
}

impl Requirement {
    /// Whether the tier is missed for want of it.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.met == Some(Holds::No) && self.waived_by.is_empty() && !self.preferred
    }
}

/// Whether a part held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// It held.
    Yes,
    /// It did not.
    No,
    /// What is missing decides.
    Open,
    /// It was not applicable.
    NotApplicable,
    /// It could not be said.
    Error,
}

/// Two values that were compared, or a condition that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The day it was read for.
    pub day: String,
    /// What was looked at: a label or name; empty where it has none.
    pub what: String,
    /// The fact or definition that is, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it was.
    pub is: String,
    /// How it was compared; empty for a condition.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub test: String,
    /// What it was compared with, where that has a label or name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub with: String,
    /// The fact or definition that is, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_name: Option<String>,
    /// Whether the comparison held; `yes` for a condition, whose value says it.
    pub holds: Holds,
    /// The value it was compared with.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub against: String,
}

/// A fact that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Read {
    /// Its name.
    pub fact: String,
    /// Its label.
    pub label: String,
    /// The day it was read for.
    pub day: String,
    /// What it was.
    pub words: String,
    /// Its clauses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<String>,
}

/// A move of a lifecycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The provision of the line.
    pub provision: ProvisionId,
    /// The day; words where it is not known.
    pub on: String,
    /// The state it led to.
    pub to: String,
    /// The line.
    pub text: String,
    /// Its clauses.
    pub cites: Vec<String>,
}

/// How an ambiguous clause was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The reading.
    pub reading: String,
    /// Its label.
    pub label: String,
    /// The alternative taken.
    pub chosen: String,
    /// All alternatives.
    pub alternatives: Vec<String>,
    /// Why.
    pub because: String,
    /// Its clauses.
    pub cites: Vec<String>,
    /// Alternatives under which the answer is another; empty where it is the same under each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<Otherwise>,
}

/// What the answer is under another alternative of a reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Otherwise {
    /// The alternative.
    pub alternative: String,
    /// The answer in words.
    pub words: String,
}

/// A clause of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its identifier.
    pub clause: String,
    /// The title of the source.
    pub source: String,
    /// Its section.
    pub section: String,
    /// What it says.
    pub text: String,
}

impl Program {
    /// Why a decision, or any other definition, is what it is.
    ///
    /// ```
    /// # use polc_runtime::{Options, Program};
    /// # fn example(program: &Program, facts: &polc_runtime::facts::Facts) -> Result<(), Box<dyn std::error::Error>> {
    /// let why = program.explain(facts, "2026-12-31".parse()?, &Options::default(), "tier")?;
    /// println!("{}", why.text(false));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the program has no definition of that name.
    pub fn explain(
        &self,
        facts: &Facts,
        as_of: Date,
        options: &Options,
        name: &str,
    ) -> Result<Explanation, NoSuchDecision> {
        derive::explanation(self, facts, as_of, options, name)
            .ok_or_else(|| NoSuchDecision(name.to_owned()))
    }
}

impl Explanation {
    /// The explanation for people, on a page; every step of it with `full`.
    #[must_use]
    pub fn text(&self, full: bool) -> String {
        text::text(self, full)
    }

    /// The answer and what decided it, in a few lines.
    #[must_use]
    pub fn brief(&self) -> String {
        text::brief(self)
    }

    /// What changed from this day to another, and by which rules.
    ///
    /// ```
    /// # use polc_runtime::{Options, Program};
    /// # fn example(program: &Program, facts: &polc_runtime::facts::Facts) -> Result<(), Box<dyn std::error::Error>> {
    /// let on = |day: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(program.explain(facts, day.parse()?, &Options::default(), "tier")?)
    /// };
    /// println!("{}", on("2026-12-31")?.compare(&on("2027-01-01")?).text());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn compare(&self, other: &Explanation) -> Comparison {
        compare::comparison(self, other)
    }

    /// Every provision in it.
    #[must_use]
    pub fn provisions(&self) -> Vec<ProvisionId> {
        fn of(step: &Step, into: &mut Vec<ProvisionId>) {
            into.push(step.provision);
            into.extend(
                step.decided
                    .iter()
                    .chain(&step.passed)
                    .map(|part| part.provision),
            );
            into.extend(step.requirements.iter().map(|row| row.provision));
            into.extend(step.moves.iter().map(|made| made.provision));
            step.from.iter().for_each(|inner| of(inner, into));
        }
        let mut found = Vec::new();
        of(&self.step, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Clauses in the order of the program.
pub(super) type Cited = std::collections::BTreeSet<ClauseId>;
