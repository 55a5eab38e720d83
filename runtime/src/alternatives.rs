//! What would be answered under every other reading.

use crate::facts::Facts;
use crate::ir::{DefinitionKind, ReadingId};
use crate::program::{Options, Program};
use crate::result::outcome_json;
use crate::value::Date;
use serde_json::{Map, Value as Json, json};

/// One other way to read an ambiguity, and the decisions that come out differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The reading.
    pub reading: ReadingId,
    /// The alternative taken now.
    pub chosen: u32,
    /// The other one.
    pub alternative: u32,
    /// Decision, outcome as it is, outcome under the other alternative; in declaration order.
    pub changes: Vec<(String, Json, Json)>,
}

impl Program {
    /// Every alternative that changes a decision (of `only`, or of all), one reading at a time.
    ///
    /// A reading that no answer rests on cannot change any, so only those are tried.
    pub fn alternatives(
        &self,
        facts: &Facts,
        as_of: Date,
        options: &Options,
        only: Option<&[String]>,
    ) -> Vec<Alternative> {
        let mut base = self.evaluate(facts, as_of, options);
        let before = self.outcomes(&mut base, only);
        let mut found = Vec::new();
        for (reading, chosen) in base.readings() {
            let count = self
                .ir()
                .readings
                .get(reading as usize)
                .map_or(0, |reading| reading.alternatives.len() as u32);
            for alternative in (0..count).filter(|other| *other != chosen) {
                let mut options = options.clone();
                options.readings.insert(reading, alternative);
                let mut evaluation = self.evaluate(facts, as_of, &options);
                let after = self.outcomes(&mut evaluation, only);
                let changes: Vec<(String, Json, Json)> = before
                    .iter()
                    .zip(after)
                    .filter(|((_, from), (_, to))| from != to)
                    .map(|((name, from), (_, to))| (name.clone(), from.clone(), to))
                    .collect();
                if !changes.is_empty() {
                    found.push(Alternative {
                        reading,
                        chosen,
                        alternative,
                        changes,
                    });
                }
            }
        }
        found
    }

    /// The decisions as the result prints them.
    pub(crate) fn outcomes(
        &self,
        evaluation: &mut crate::Evaluation,
        only: Option<&[String]>,
    ) -> Vec<(String, Json)> {
        let wanted = |name: &String| only.is_none_or(|only| only.contains(name));
        let decisions = self
            .ir()
            .definitions
            .iter()
            .filter(|each| each.kind == DefinitionKind::Decision && wanted(&each.name));
        decisions
            .map(|each| {
                let outcome = evaluation.node(each.node);
                (
                    each.name.clone(),
                    outcome_json(self.ir(), &each.ty, &outcome),
                )
            })
            .collect()
    }

    /// Alternatives as the result's JSON.
    #[must_use]
    pub fn alternatives_json(&self, found: &[Alternative]) -> Json {
        let name = |reading: ReadingId, at: u32| {
            let reading = self.ir().readings.get(reading as usize);
            reading.and_then(|reading| reading.alternatives.get(at as usize).cloned())
        };
        let list = found.iter().map(|each| {
            let mut changes = Map::new();
            for (decision, from, to) in &each.changes {
                changes.insert(decision.clone(), json!({ "from": from, "to": to }));
            }
            let reading = self.ir().readings.get(each.reading as usize);
            json!({
                "reading": reading.map(|reading| reading.name.as_str()),
                "chosen": name(each.reading, each.chosen),
                "alternative": name(each.reading, each.alternative),
                "changes": changes,
            })
        });
        list.collect()
    }
}
