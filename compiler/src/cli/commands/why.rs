//! `polc why`

use super::eval::{facts, read_facts, status_of};
use crate::cli::{Color, load, out, usage};
use crate::report::{faults, terminal};
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "Exit status: as eval.\n\
Example: polc why policies/technology_partner --facts acme.json --decision eligible_tier")]
pub(in crate::cli) struct Arguments {
    /// A folder, a `.pol` file or a built program.
    program: String,
    /// A JSON file, or `-` for standard input.
    #[arg(long)]
    facts: String,
    /// The decision to explain.
    #[arg(long, value_name = "NAME")]
    decision: String,
    /// The day of evaluation.
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
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
    load::decisions(&program, std::slice::from_ref(&arguments.decision))?;
    let options = load::options(&program, &arguments.readings)?;
    let day = load::day(arguments.as_of.as_deref())?;
    let bytes = read_facts(&arguments.facts)?;
    let facts = facts(&program, &bytes)?;
    let as_of = faults::day(day, facts.as_of()).map_err(|message| usage(&message))?;
    let Some(explanation) = program.explain(&facts, as_of, &options, &arguments.decision) else {
        return Err(usage(&format!(
            "the program has no decision `{}`",
            arguments.decision
        )));
    };
    match arguments.format {
        Format::Json => out(&written(&explanation)),
        Format::Text => out(&explanation.text(arguments.full)),
    }
    Ok(status_of(&explanation.step.outcome))
}

/// The explanation as JSON.
fn written(explanation: &polc_runtime::explain::Explanation) -> String {
    // A tree of plain structures with text keys always serialises.
    let text = serde_json::to_string_pretty(explanation).unwrap_or_default();
    format!("{}\n", terminal::json(&text))
}
