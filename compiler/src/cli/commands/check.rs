//! `polc check`

use crate::cli::disk::{self, Disk};
use crate::cli::{Color, FAILED, FINE, err, out_coloured, usage};
use crate::diagnostics::{self, Severity};
use crate::pipeline;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 clean, 1 errors (warnings too with --deny warnings), 2 usage or I/O.\n\
Example: polc check policies --format github"
)]
pub(in crate::cli) struct Arguments {
    /// Programs, or folders that hold programs [default: policies]
    paths: Vec<String>,
    /// How to print findings.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Treat warnings as errors.
    #[arg(long, value_enum)]
    deny: Option<Deny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    let programs = match disk::paths(&arguments.paths) {
        Ok(programs) => programs,
        Err(message) => return usage(&message),
    };
    let format = match arguments.format {
        Format::Text => diagnostics::Format::Text {
            color: color.on_stdout(),
        },
        Format::Json => diagnostics::Format::Json,
        Format::Sarif => diagnostics::Format::Sarif,
        Format::Github => diagnostics::Format::Github,
    };
    let disk = Disk::default();
    let (mut errors, mut warnings, mut checked) = (0, 0, 0);
    let mut sources = crate::source::Sources::default();
    let (mut findings, mut accepted) = (Vec::new(), Vec::new());
    for program in programs.iter().filter(|program| !program.module) {
        let compilation = pipeline::check(&disk, &program.path);
        checked += 1;
        for diagnostic in &compilation.diagnostics {
            match diagnostic.severity() {
                Severity::Error => errors += 1,
                Severity::Warning => warnings += 1,
            }
        }
        // Machine formats are one document for the whole run, so files get numbers of the whole run.
        let shift = sources.len();
        for (_, file) in compilation.sources.iter() {
            sources.add(file.path.clone(), file.text.clone());
        }
        findings.extend(
            compilation
                .diagnostics
                .into_iter()
                .map(|diagnostic| diagnostic.shifted(shift)),
        );
        accepted.extend(compilation.accepted.into_iter().map(|accepted| {
            let finding = accepted.finding.shifted(shift);
            (finding, accepted.because)
        }));
    }
    out_coloured(&diagnostics::render_all(
        &findings, &accepted, &sources, format,
    ));
    if arguments.format == Format::Text {
        let count = |count: usize, word: &str| {
            format!("{count} {word}{}", if count == 1 { "" } else { "s" })
        };
        let also = match accepted.len() {
            0 => String::new(),
            number => format!(", {number} accepted"),
        };
        err(&format!(
            "{} checked: {}, {}{also}\n",
            count(checked, "program"),
            count(errors, "error"),
            count(warnings, "warning")
        ));
    }
    let failed = errors > 0 || (warnings > 0 && arguments.deny.is_some());
    disk.status(if failed { FAILED } else { FINE })
}
