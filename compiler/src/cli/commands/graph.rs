//! `polc graph`

use crate::cli::{Color, FINE, load, out, usage};
use crate::diagnostics::nearest;
use crate::report::graph::{self, Language};
use clap::{Args, ValueEnum};
use polc_runtime::ir;

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0, or 1 the program has errors, 2 usage or I/O.\n\
Examples:\n  polc graph policies/connect\n  \
polc graph policies/technology_partner --lifecycle activation\n  \
polc graph policies/technology_partner --decision eligible_tier --format dot | dot -Tsvg"
)]
pub(in crate::cli) struct Arguments {
    /// A folder, a `.pol` file or a built program.
    program: String,
    /// Draw this lifecycle; needed where the program has several.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["decision", "all"])]
    lifecycle: Option<String>,
    /// Draw what this decision reads instead of a lifecycle.
    #[arg(long, value_name = "NAME")]
    decision: Option<String>,
    /// Draw what every decision reads instead of a lifecycle.
    #[arg(long, conflicts_with = "decision")]
    all: bool,
    /// The language of the diagram.
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
    let diagram = if arguments.all || arguments.decision.is_some() {
        graph::dependencies(program.ir(), arguments.decision.as_deref(), language)
    } else {
        lifecycle(program.ir(), arguments.lifecycle.as_deref(), language)
            .map_err(|message| usage(&message))?
    };
    out(&diagram);
    Ok(FINE)
}

/// The lifecycle of a name, or the only one: a diagram shows one.
fn lifecycle(
    program: &ir::Program,
    wanted: Option<&str>,
    language: Language,
) -> Result<String, String> {
    let names: Vec<&str> = program
        .lifecycles
        .iter()
        .map(|each| each.name.as_str())
        .collect();
    let name = match (wanted, names.as_slice()) {
        (_, []) => {
            let cure = "`--all` draws which decision reads what";
            return Err(format!("the program has no lifecycle; {cure}"));
        }
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, several) => {
            return Err(format!(
                "the program has several lifecycles, and a diagram shows one; choose it with \
                 `--lifecycle`: {}",
                several.join(", ")
            ));
        }
    };
    graph::lifecycle(program, name, language).ok_or_else(|| {
        let hint = nearest(name, &names)
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        format!("the program has no lifecycle `{name}`{hint}")
    })
}
