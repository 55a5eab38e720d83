//! `polc why`

use super::eval::{facts, read_facts, status_of};
use crate::cli::{Color, FAILED, FINE, OPEN, load, out, usage};
use crate::report::{faults, terminal};
use clap::{Args, ValueEnum};
use polc_runtime::explain::Explanation;
use polc_runtime::facts::Facts;
use polc_runtime::ir::DefinitionKind;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde::Serialize;
use serde_json::Value;

#[derive(Debug, Args)]
#[command(after_help = "Exit status: as eval.\n\
Examples:\n  polc why policies/technology_partner --facts acme.json --decision eligible_tier\n  \
polc why policies/technology_partner --facts partners.jsonl --id acme --decision eligible_tier --compare 2027-01-01")]
pub(in crate::cli) struct Arguments {
    /// A folder, a `.pol` file or a built program.
    program: String,
    /// A JSON file, a `.jsonl` file with one partner a line (then with `--id`), or `-` for standard input.
    #[arg(long)]
    facts: String,
    /// The partner to take out of several.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The decision to explain; all of them, briefly, where none is named.
    #[arg(long = "decision", value_name = "NAME")]
    decisions: Vec<String>,
    /// The day of evaluation.
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// Tell what is different on this day, and by which rules.
    #[arg(long, value_name = "YYYY-MM-DD")]
    compare: Option<String>,
    /// Take a reading another way.
    #[arg(long = "reading", value_name = "NAME=ALTERNATIVE")]
    readings: Vec<String>,
    /// Tell every step, however long it gets.
    #[arg(long)]
    full: bool,
    /// How to print the explanation.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    match explain(arguments, color) {
        Ok(status) | Err(status) => status,
    }
}

fn explain(arguments: &Arguments, color: Color) -> Result<u8, u8> {
    let program = load::program(&arguments.program, color)?;
    load::decisions(&program, &arguments.decisions)?;
    let options = load::options(&program, &arguments.readings)?;
    let day = load::day(arguments.as_of.as_deref())?;
    let other = load::day(arguments.compare.as_deref())?;
    let bytes = read_facts(&arguments.facts)?;
    let bytes = match &arguments.id {
        Some(id) => of_partner(&bytes, id)
            .ok_or_else(|| usage(&format!("`{}` holds no partner `{id}`", arguments.facts)))?,
        None if arguments.facts.ends_with(".jsonl") => {
            return Err(usage(
                "a `.jsonl` file holds several partners: name one with `--id`",
            ));
        }
        None => bytes,
    };
    let facts = facts(&program, &bytes)?;
    let as_of = faults::day(day, facts.as_of()).map_err(|message| usage(&message))?;
    let ask = Ask {
        program: &program,
        facts: &facts,
        options: &options,
        arguments,
    };
    match arguments.decisions.as_slice() {
        [] => ask.all(as_of, other),
        [one] => ask.one(one, as_of, other),
        several => {
            let mut worst = Vec::new();
            for name in several {
                worst.push(ask.one(name, as_of, other)?);
            }
            Ok(worse(&worst))
        }
    }
}

/// The line of a population that is about a partner.
fn of_partner(bytes: &[u8], id: &str) -> Option<Vec<u8>> {
    let about = |bytes: &[u8]| {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        (value.get("id")?.as_str()? == id).then(|| bytes.to_vec())
    };
    about(bytes).or_else(|| bytes.split(|byte| *byte == b'\n').find_map(about))
}

/// The worst of several statuses.
fn worse(statuses: &[u8]) -> u8 {
    let first = [FAILED, OPEN]
        .into_iter()
        .find(|status| statuses.contains(status));
    first.unwrap_or(FINE)
}

/// What is explained, and how.
struct Ask<'a> {
    program: &'a Program,
    facts: &'a Facts,
    options: &'a Options,
    arguments: &'a Arguments,
}

impl Ask<'_> {
    fn explanation(&self, name: &str, day: Date) -> Result<Explanation, u8> {
        let found = self.program.explain(self.facts, day, self.options, name);
        found.map_err(|error| usage(&error.to_string()))
    }

    /// One decision, on one day or on two.
    fn one(&self, name: &str, as_of: Date, other: Option<Date>) -> Result<u8, u8> {
        let explanation = self.explanation(name, as_of)?;
        let status = status_of(&explanation.step.outcome);
        match (other, self.arguments.format) {
            (None, Format::Json) => out(&written(&explanation)),
            (None, Format::Text) => out(&explanation.text(self.arguments.full)),
            (Some(day), format) => {
                let comparison = explanation.compare(&self.explanation(name, day)?);
                out(&match format {
                    Format::Json => written(&comparison),
                    Format::Text => comparison.text(),
                });
            }
        }
        Ok(status)
    }

    /// Every decision in a few lines each.
    fn all(&self, as_of: Date, other: Option<Date>) -> Result<u8, u8> {
        let mut statuses = Vec::new();
        let mut explanations = Vec::new();
        for definition in &self.program.ir().definitions {
            if definition.kind != DefinitionKind::Decision {
                continue;
            }
            if other.is_some() {
                statuses.push(self.one(&definition.name, as_of, other)?);
                continue;
            }
            let explanation = self.explanation(&definition.name, as_of)?;
            statuses.push(status_of(&explanation.step.outcome));
            explanations.push(explanation);
        }
        match self.arguments.format {
            Format::Json if other.is_none() => out(&written(&explanations)),
            Format::Json => {}
            Format::Text => explanations.iter().for_each(|one| out(&one.brief())),
        }
        Ok(worse(&statuses))
    }
}

/// A tree as JSON.
fn written(tree: &impl Serialize) -> String {
    // A tree of plain structures with text keys always serialises.
    let text = serde_json::to_string_pretty(tree).unwrap_or_default();
    format!("{}\n", terminal::json(&text))
}
