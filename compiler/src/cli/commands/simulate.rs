//! `polc simulate`

use super::eval::{facts, pretty, read_facts};
use crate::cli::{Color, FAILED, FINE, load, out, usage};
use crate::report::timeline;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0, or 1 the program has errors or a limit is reached, 2 usage, I/O or facts that do not fit.\n\
Example: polc simulate policies/connect --facts studio.json --from 2026-02-01 --to 2026-12-31"
)]
pub(in crate::cli) struct Arguments {
    /// A folder, a `.pol` file or a built program.
    program: String,
    /// A JSON file, or `-` for standard input; its `as_of` is not used.
    #[arg(long)]
    facts: String,
    /// First day.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: String,
    /// Last day.
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: String,
    /// Only these decisions.
    #[arg(long = "decision", value_name = "NAME")]
    decisions: Vec<String>,
    /// Take a reading another way.
    #[arg(long = "reading", value_name = "NAME=ALTERNATIVE")]
    readings: Vec<String>,
    /// How to print the timeline.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Mermaid,
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    match simulate(arguments, color) {
        Ok(status) | Err(status) => status,
    }
}

fn simulate(arguments: &Arguments, color: Color) -> Result<u8, u8> {
    let program = load::program(&arguments.program, color)?;
    load::decisions(&program, &arguments.decisions)?;
    let options = load::options(&program, &arguments.readings)?;
    let from = load::date("--from", &arguments.from)?;
    let to = load::date("--to", &arguments.to)?;
    if from > to {
        return Err(usage(&format!("`--from {from}` is after `--to {to}`")));
    }
    let bytes = read_facts(&arguments.facts)?;
    let facts = facts(&program, &bytes)?;
    let only = (!arguments.decisions.is_empty()).then_some(arguments.decisions.as_slice());
    let line = program.timeline(&facts, from, to, &options, only);
    out(&match arguments.format {
        Format::Text => timeline::text(program.ir(), facts.id(), &line),
        Format::Json => pretty(&line),
        Format::Mermaid => timeline::mermaid(program.ir(), facts.id(), &line),
    });
    // Said on the output too, in text and JSON; a diagram has no place for it.
    if let Some(stopped) = &line.stopped {
        let (on, because) = (stopped.on, &stopped.because);
        eprintln!("error: not looked at from {on} on: {because}");
        return Ok(FAILED);
    }
    Ok(FINE)
}
