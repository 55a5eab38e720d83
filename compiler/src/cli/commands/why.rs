//! `polc why`

use super::eval::{facts, pretty, read_facts, status_of};
use crate::cli::{Color, FINE, load, out, usage};
use crate::report::{faults, why};
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
    let mut evaluation = program.evaluate(&facts, as_of, &options);
    let Some(tree) = why::explain(&mut evaluation, &arguments.decision) else {
        return Err(usage(&format!(
            "the program has no decision `{}`",
            arguments.decision
        )));
    };
    match arguments.format {
        Format::Json => out(&pretty(&tree)),
        Format::Text => out(&why::text(&tree)),
    }
    Ok(tree.get("outcome").map_or(FINE, status_of))
}
