//! `polc test`

use super::eval::pretty;
use crate::cli::disk::{self, Disk};
use crate::cli::{Color, FAILED, FINE, err, err_coloured, out, usage};
use crate::diagnostics;
use crate::pipeline;
use crate::report::terminal::within_line;
use crate::testing;
use clap::{Args, ValueEnum};
use polc_runtime::Program;
use serde_json::json;

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 all pass, 1 a failure or a test that expects nothing, 2 usage or I/O;\n\
with --mutate also 1 below --least or where the list of equal mutants is wrong.\n\
Example: polc test policies --coverage"
)]
pub(in crate::cli) struct Arguments {
    /// Programs, or folders that hold programs [default: policies]
    pub(super) paths: Vec<String>,
    /// Print which rules, rows, cells, exceptions and clauses the tests reach.
    #[arg(long)]
    coverage: bool,
    /// Change the rules one place at a time and list the changes that no test notices.
    #[arg(long, conflicts_with = "coverage")]
    pub(in crate::cli) mutate: bool,
    /// With --mutate: only what touches lines changed since a revision of git.
    #[arg(long, value_name = "REV", requires = "mutate")]
    pub(super) since: Option<String>,
    /// With --mutate: only the K-th of N parts.
    #[arg(long, value_name = "K/N", requires = "mutate")]
    pub(super) share: Option<String>,
    /// With --mutate: only the declaration of this name; may be repeated.
    #[arg(long, value_name = "NAME", requires = "mutate")]
    pub(super) within: Vec<String>,
    /// With --mutate: fail where the tests notice less than this percentage.
    #[arg(long, value_name = "PERCENT", requires = "mutate")]
    pub(super) least: Option<String>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    let programs = match disk::paths(&arguments.paths) {
        Ok(programs) => programs,
        Err(message) => return usage(&message),
    };
    let disk = Disk::default();
    let mut failed = false;
    let mut reports = Vec::new();
    for found in programs.iter().filter(|found| !found.module) {
        let compilation = pipeline::compile(&disk, &found.path);
        let Some(compiled) = compilation.program else {
            let format = diagnostics::Format::Text {
                color: color.on_stderr(),
            };
            err_coloured(&diagnostics::render(
                &compilation.diagnostics,
                &compilation.sources,
                format,
            ));
            failed = true;
            continue;
        };
        let program = match Program::new(compiled.ir) {
            Ok(program) => program,
            Err(error) => {
                let error = error.to_string();
                err(&format!("error P0902 bad-ir: {}\n", within_line(&error)));
                failed = true;
                continue;
            }
        };
        let report = testing::run(&program, &compiled.tests, &compilation.sources);
        failed |= !report.passed();
        match arguments.format {
            Format::Text => out(&report.text(&found.path, arguments.coverage)),
            Format::Json => reports.push((found.path.clone(), report)),
        }
    }
    if arguments.format == Format::Json {
        let reports: Vec<_> = reports
            .iter()
            .map(|(path, one)| one.written(path))
            .collect();
        out(&pretty(&json!({ "format": 1, "programs": reports })));
    }
    disk.status(if failed { FAILED } else { FINE })
}
