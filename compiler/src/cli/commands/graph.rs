//! `polc graph`

use crate::cli::{Color, FINE, load, out, usage};
use crate::report::graph::{self, Language};
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0, or 1 the program has errors, 2 usage or I/O.\n\
Examples:\n  polc graph policies/connect\n  \
polc graph policies/technology_partner --decision eligible_tier --format dot | dot -Tsvg"
)]
pub(in crate::cli) struct Arguments {
    /// A folder, a `.pol` file or a built program.
    program: String,
    /// Draw what this decision reads instead of the lifecycles.
    #[arg(long, value_name = "NAME")]
    decision: Option<String>,
    /// Draw what every decision reads instead of the lifecycles.
    #[arg(long, conflicts_with = "decision")]
    all: bool,
    /// The language of the picture.
    #[arg(long, value_enum, default_value_t = Format::Mermaid)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Mermaid,
    Dot,
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    match draw(arguments, color) {
        Ok(status) | Err(status) => status,
    }
}

fn draw(arguments: &Arguments, color: Color) -> Result<u8, u8> {
    let program = load::program(&arguments.program, color)?;
    let language = match arguments.format {
        Format::Mermaid => Language::Mermaid,
        Format::Dot => Language::Dot,
    };
    if let Some(name) = &arguments.decision {
        load::decisions(&program, std::slice::from_ref(name))?;
    }
    let picture = if arguments.all || arguments.decision.is_some() {
        graph::dependencies(program.ir(), arguments.decision.as_deref(), language)
    } else if program.ir().lifecycles.is_empty() {
        return Err(usage(
            "the program has no lifecycle; `--all` draws which decision reads what",
        ));
    } else {
        graph::lifecycles(program.ir(), None, language)
    };
    out(&picture);
    Ok(FINE)
}
