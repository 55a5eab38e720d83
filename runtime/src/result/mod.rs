//! The answers of one evaluation, typed; written by `serde` they are the JSON that tools read.

mod alternatives;
mod cells;
mod standing;

pub use crate::reply::{Asked, Datum, Reply, SoFar, plain_text, reply};
pub use crate::words::minor_digits;
pub use alternatives::{Alternative, Change};
pub use cells::{CellReply, Level, Need, Requirements};

use crate::eval::Evaluation;
use crate::ir::{self, DefinitionKind};
use crate::value::Date;
use indexmap::IndexMap;
use serde::Serialize;

/// The version of the result format.
pub const RESULT_FORMAT: u32 = 2;

/// What a program answers for one set of facts on one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Version of this form.
    pub format: u32,
    /// The program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// The SHA-256 of its source text.
    pub hash: String,
    /// Whom the facts are about, where they say.
    pub id: Option<String>,
    /// The day.
    pub as_of: Date,
    /// The decisions, in declaration order.
    pub decisions: IndexMap<String, Reply>,
    /// What the grids ask for.
    pub requirements: Requirements,
    /// The readings the answers rest on, with the alternative taken.
    pub readings: IndexMap<String, String>,
    /// Absent facts on whose supplied value an answer rests.
    pub assumptions: Vec<String>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// What other readings would change, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<Alternative>>,
}

impl Report {
    /// The report as a tree of JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        // Plain structures with text keys always serialise.
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Evaluation<'_> {
    /// The whole result; with `only`, just those definitions and no requirements.
    pub fn report(&mut self, only: Option<&[String]>) -> Report {
        let program = self.program().ir();
        let mut decisions = IndexMap::new();
        let mut roots = Vec::new();
        for definition in &program.definitions {
            let asked = match only {
                Some(names) => names.contains(&definition.name),
                None => definition.kind == DefinitionKind::Decision,
            };
            if asked && definition.parameters.is_empty() {
                let outcome = self.node(definition.node);
                roots.push(definition.node);
                let reply = reply(program, &definition.ty, &outcome);
                decisions.insert(definition.name.clone(), reply);
            }
        }
        let requirements = match only {
            None => self.requirements(),
            Some(_) => Requirements::new(),
        };
        let named = |(id, alternative): (ir::ReadingId, u32)| {
            let reading = program.readings.get(id as usize)?;
            let name = reading.alternatives.get(alternative as usize)?;
            Some((reading.name.clone(), name.clone()))
        };
        let readings = self.readings().into_iter().filter_map(named).collect();
        let standing = self.standing(&roots, only.is_none()).into_iter();
        let facts = standing.filter_map(|id| program.facts.get(id as usize));
        let assumptions = facts.map(|fact| fact.name.clone()).collect();
        Report {
            format: RESULT_FORMAT,
            program: program.name.clone(),
            version: program.version.clone(),
            hash: program.hash.clone(),
            id: self.facts().id().map(str::to_owned),
            as_of: self.as_of(),
            decisions,
            requirements,
            readings,
            assumptions,
            notes: self.notes(),
            alternatives: None,
        }
    }
}
