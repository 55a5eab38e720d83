//! What would be answered under every other reading.

use crate::facts::Facts;
use crate::ir::DefinitionKind;
use crate::program::{Options, Program};
use crate::reply::{Reply, reply};
use crate::value::Date;
use indexmap::IndexMap;
use serde::Serialize;

/// One other way to read an ambiguity, and the decisions that come out differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    /// The reading.
    pub reading: String,
    /// The alternative taken now.
    pub chosen: String,
    /// The other one.
    pub alternative: String,
    /// By decision, in declaration order.
    pub changes: IndexMap<String, Change>,
}

/// A decision that comes out differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What it comes to; none where nothing was said before.
    pub from: Option<Reply>,
    /// What it comes to then.
    pub to: Reply,
}

impl Program {
    /// Every alternative that changes a decision (of `only`, or of all), one reading at a time.
    ///
    /// A reading that no answer rests on cannot change any, so only those are tried.
    ///
    /// ```
    /// # use polc_runtime::{Options, Program};
    /// # fn example(program: &Program, facts: &polc_runtime::facts::Facts) -> Result<(), Box<dyn std::error::Error>> {
    /// for other in program.alternatives(facts, "2026-12-31".parse()?, &Options::default(), None) {
    ///     println!("{} read as {}", other.reading, other.alternative);
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
        for (id, chosen) in base.readings() {
            let Some(reading) = self.ir().readings.get(id as usize) else {
                continue;
            };
            let now = reading.alternatives.get(chosen as usize);
            for (alternative, name) in (0..).zip(&reading.alternatives) {
                if alternative == chosen {
                    continue;
                }
                let mut options = options.clone();
                options.readings.insert(id, alternative);
                let mut evaluation = self.evaluate(facts, as_of, &options);
                let after = self.outcomes(&mut evaluation, only);
                let changes: IndexMap<String, Change> = before
                    .iter()
                    .zip(after)
                    .filter(|((_, from), (_, to))| from != to)
                    .map(|((name, from), (_, to))| {
                        let from = Some(from.clone());
                        (name.clone(), Change { from, to })
                    })
                    .collect();
                if !changes.is_empty() {
                    found.push(Alternative {
                        reading: reading.name.clone(),
                        chosen: now.cloned().unwrap_or_default(),
                        alternative: name.clone(),
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
    ) -> Vec<(String, Reply)> {
        let wanted = |name: &String| only.is_none_or(|only| only.contains(name));
        let decisions = self
            .ir()
            .definitions
            .iter()
            .filter(|each| each.kind == DefinitionKind::Decision && wanted(&each.name));
        decisions
            .map(|each| {
                let outcome = evaluation.node(each.node);
                (each.name.clone(), reply(self.ir(), &each.ty, &outcome))
            })
            .collect()
    }
}
