//! `polc check`

use crate::cli::disk::{self, Disk};
use crate::cli::{Color, FAILED, FINE, changes, err, out, out_coloured, usage};
use crate::diagnostics::{self, Diagnostic, Severity};
use crate::pipeline;
use crate::report::counted;
use crate::source::Sources;
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
    /// Make the fixes that are certain, shown as a diff first; `show` only shows them.
    #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "write")]
    fix: Option<Fix>,
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

/// What to do with the fixes that findings offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fix {
    /// Show what changes, then change the files.
    Write,
    /// Show what would change.
    Show,
}

/// What a run over all programs found; files have numbers of the whole run.
#[derive(Default)]
struct Found {
    programs: usize,
    sources: Sources,
    findings: Vec<Diagnostic>,
    accepted: Vec<(Diagnostic, String)>,
}

impl Found {
    fn count(&self, severity: Severity) -> usize {
        let of_this = |finding: &&Diagnostic| finding.severity() == severity;
        self.findings.iter().filter(of_this).count()
    }
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    let programs = match disk::paths(&arguments.paths) {
        Ok(programs) => programs,
        Err(message) => return usage(&message),
    };
    let disk = Disk::default();
    let mut found = checked(&disk, &programs);
    if let Some(fix) = arguments.fix {
        match mend(fix, &found) {
            Ok(false) => {}
            Ok(true) => found = checked(&disk, &programs),
            Err(status) => return status,
        }
    }
    show(arguments, color, &found);
    let warnings = found.count(Severity::Warning);
    let failed = found.count(Severity::Error) > 0 || (warnings > 0 && arguments.deny.is_some());
    disk.status(if failed { FAILED } else { FINE })
}

fn checked(disk: &Disk, programs: &[disk::Found]) -> Found {
    let mut found = Found::default();
    for program in programs.iter().filter(|program| !program.module) {
        let compilation = pipeline::check(disk, &program.path);
        found.programs += 1;
        let shift = found.sources.len();
        for (_, file) in compilation.sources.iter() {
            found.sources.add(file.path.clone(), file.text.clone());
        }
        let findings = compilation.diagnostics.into_iter();
        found
            .findings
            .extend(findings.map(|finding| finding.shifted(shift)));
        found
            .accepted
            .extend(compilation.accepted.into_iter().map(|accepted| {
                let finding = accepted.finding.shifted(shift);
                (finding, accepted.because)
            }));
    }
    found
}

/// Shows the fixes that findings offer and makes them; whether files were changed.
fn mend(fix: Fix, found: &Found) -> Result<bool, u8> {
    let files = changes::offered(&found.findings, &found.sources);
    files.iter().for_each(|file| out(&file.diff()));
    let fixes: usize = files.iter().map(changes::Mended::fixes).sum();
    let what = format!(
        "{} in {}",
        match fixes {
            1 => "1 fix".to_owned(),
            fixes => format!("{fixes} fixes"),
        },
        counted(files.len(), "file")
    );
    if fix == Fix::Show || files.is_empty() {
        err(&format!("{what} offered\n"));
        return Ok(false);
    }
    let changed = files
        .iter()
        .map(|file| (file.path.to_owned(), file.text()))
        .collect();
    if changes::place(changed)? != FINE {
        return Err(FAILED);
    }
    err(&format!("{what} made\n"));
    Ok(true)
}

fn show(arguments: &Arguments, color: Color, found: &Found) {
    let format = match arguments.format {
        Format::Text => diagnostics::Format::Text {
            color: color.on_stdout(),
        },
        Format::Json => diagnostics::Format::Json,
        Format::Sarif => diagnostics::Format::Sarif,
        Format::Github => diagnostics::Format::Github,
    };
    out_coloured(&diagnostics::render_all(
        &found.findings,
        &found.accepted,
        &found.sources,
        format,
    ));
    if arguments.format == Format::Text {
        let also = match found.accepted.len() {
            0 => String::new(),
            number => format!(", {number} accepted"),
        };
        err(&format!(
            "{} checked: {}, {}{also}\n",
            counted(found.programs, "program"),
            counted(found.count(Severity::Error), "error"),
            counted(found.count(Severity::Warning), "warning")
        ));
    }
}
