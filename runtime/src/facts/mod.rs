//! Facts: JSON → typed slots, checked against the program before anything is evaluated.

mod faults;
mod json;
mod place;
mod read;

use crate::ir::{self, FactId};
use crate::program::Program;
use crate::value::{Date, Leaf, Outcome, Step, Value};
use serde::Serialize;
use std::fmt;

/// The inputs of one evaluation, for the program they were read for: another one has other facts in their places.
#[derive(Debug, Clone)]
pub struct Facts {
    program: Mark,
    id: Option<String>,
    as_of: Option<Date>,
    slots: Vec<Slot>,
}

/// Which program facts were read for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    name: String,
    hash: String,
}

impl Mark {
    fn of(program: &ir::Program) -> Mark {
        Mark {
            name: program.name.clone(),
            hash: program.hash.clone(),
        }
    }
}

/// One fact, event or judgement.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Slot {
    /// Not given: unknown, or for a judgement not made.
    #[default]
    Absent,
    /// Given.
    Given {
        /// The value.
        value: Outcome,
        /// When a judgement was made, if it says so.
        on: Option<Date>,
        /// Who made it, if it says so.
        by: Option<String>,
    },
}

/// How a record holds a judgement that says when it was made: its value, the day, and what it is before that day.
/// Evaluation takes it apart again, so rules never see this shape.
fn dated_judgement(value: Outcome, on: Date, before: Outcome) -> Outcome {
    let parts = vec![value, Outcome::Known(Value::Date(on)), before];
    Outcome::Known(Value::Record(parts.into()))
}

/// One reason why facts do not fit the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactFault {
    /// Where: `portal_users[17].left_on`; empty for the text as a whole.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for FactFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FactFault {
            path,
            found,
            expected,
            ..
        } = self;
        if path.is_empty() {
            write!(formatter, "{found}; {expected}")
        } else {
            write!(formatter, "`{path}`: {found}; expected {expected}")
        }
    }
}

/// Every reason why facts do not fit the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactErrors(pub Vec<FactFault>);

impl fmt::Display for FactErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            write!(formatter, "{gap}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for FactErrors {}

impl Program {
    /// Reads facts for this program: the text of one JSON object.
    ///
    /// ```
    /// # fn example(program: &polc_runtime::Program) -> Result<(), Box<dyn std::error::Error>> {
    /// let facts = program.facts(r#"{ "revenue": "210000.00", "certified": false }"#)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Every place that does not fit the program's facts.
    pub fn facts(&self, text: &str) -> Result<Facts, FactErrors> {
        Facts::from_json(self.ir(), text).map_err(FactErrors)
    }

    /// Facts for this program from anything that serialises to one JSON object: a `serde_json::Value`, a map, a
    /// structure of your own. Give amounts as texts or decimals; a binary floating-point number is taken as it prints.
    ///
    /// ```
    /// #[derive(serde::Serialize)]
    /// struct Partner {
    ///     revenue: String,
    ///     certified: bool,
    /// }
    /// # fn example(program: &polc_runtime::Program) -> Result<(), Box<dyn std::error::Error>> {
    /// let acme = Partner { revenue: "210000.00".to_owned(), certified: false };
    /// let facts = program.facts_from(&acme)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Every place that does not fit the program's facts, or what keeps it from being written as JSON.
    pub fn facts_from(&self, facts: &impl Serialize) -> Result<Facts, FactErrors> {
        let text = serde_json::to_string(facts).map_err(|error| {
            FactErrors(vec![FactFault {
                path: String::new(),
                found: error.to_string(),
                expected: "expected what can be written as a JSON object".to_owned(),
                help: "give a structure or a map with text keys".to_owned(),
            }])
        })?;
        self.facts(&text)
    }
}

/// How large facts may be; beyond it they are refused, always in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactLimits {
    /// Bytes of text.
    pub bytes: usize,
    /// Items of one list.
    pub items: usize,
}

impl Default for FactLimits {
    fn default() -> Self {
        FactLimits {
            bytes: 64 * 1024 * 1024,
            items: 100_000,
        }
    }
}

impl Facts {
    /// No facts at all: everything is unknown.
    #[must_use]
    pub fn empty(program: &ir::Program) -> Self {
        Facts {
            program: Mark::of(program),
            id: None,
            as_of: None,
            slots: vec![Slot::Absent; program.facts.len()],
        }
    }

    /// Reads one JSON object.
    ///
    /// # Errors
    /// Every place that does not fit the program's facts.
    pub fn from_json(program: &ir::Program, text: &str) -> Result<Self, Vec<FactFault>> {
        Self::from_json_within(program, text, &FactLimits::default())
    }

    /// Reads one JSON object as it comes from a file.
    ///
    /// # Errors
    /// Every place that does not fit the program's facts, or the first byte that is not UTF-8.
    pub fn from_slice(program: &ir::Program, bytes: &[u8]) -> Result<Self, Vec<FactFault>> {
        Self::from_json(program, read::text(bytes)?)
    }

    /// Reads one JSON object under limits of one's own.
    ///
    /// # Errors
    /// Every place that does not fit the program's facts or exceeds the limits.
    pub fn from_json_within(
        program: &ir::Program,
        text: &str,
        limits: &FactLimits,
    ) -> Result<Self, Vec<FactFault>> {
        read::read(program, text, limits)
    }

    /// Whether they were read for the program of this name and hash.
    pub(crate) fn are_for(&self, name: &str, hash: &str) -> bool {
        self.program.hash == hash && self.program.name == name
    }

    /// Why these facts say nothing to a program: they were read for another one, or another version of it.
    #[must_use]
    pub fn misfit(&self, program: &ir::Program) -> Option<String> {
        if self.are_for(&program.name, &program.hash) {
            return None;
        }
        let Mark { name, hash } = &self.program;
        let short = |hash: &str| hash.chars().take(12).collect::<String>();
        Some(format!(
            "these facts were read for the program {name} ({}), not for {} ({}); read them again for this one",
            short(hash),
            program.name,
            short(&program.hash),
        ))
    }

    /// The reserved `id`.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The reserved `as_of`.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// A fact; absent when it was not given.
    #[must_use]
    pub fn slot(&self, fact: FactId) -> &Slot {
        self.slots.get(fact as usize).unwrap_or(&Slot::Absent)
    }

    /// Gives a fact a value. The value must be of the fact's type; evaluation calls one that is not an error.
    pub fn set(&mut self, fact: FactId, slot: Slot) {
        if let Some(place) = self.slots.get_mut(fact as usize) {
            *place = slot;
        }
    }
}

/// How people write the place of a missing value: `reviews[3].stars`.
#[must_use]
pub fn leaf_text(program: &ir::Program, leaf: &Leaf) -> String {
    let Some(fact) = program.facts.get(leaf.fact as usize) else {
        return String::new();
    };
    let mut text = fact.name.clone();
    let mut ty = &fact.ty;
    for step in &leaf.path {
        while let ir::Type::Optional(inner) = ty {
            ty = inner;
        }
        match step {
            Step::Index(at) => text.push_str(&format!("[{at}]")),
            Step::Every => text.push_str("[*]"),
            Step::Field(at) => {
                let record = program.record_of(ty);
                if let Some(field) = record.and_then(|record| record.fields.get(*at as usize)) {
                    text.push('.');
                    text.push_str(&field.name);
                    ty = &field.ty;
                }
                continue;
            }
        }
        if let ir::Type::List(inner) | ir::Type::Set(inner) = ty {
            ty = inner;
        }
    }
    text
}
