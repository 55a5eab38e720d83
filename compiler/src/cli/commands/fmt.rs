//! `polc fmt`

use crate::cli::disk::{self, Disk};
use crate::cli::{Color, FAILED, FINE, USAGE, err, out, usage};
use crate::diagnostics::{self, Diagnostics};
use crate::format;
use crate::pipeline::Loader;
use crate::source::Sources;
use crate::syntax;
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 done, 1 a file would change (--check) or does not parse, 2 usage or I/O."
)]
pub(in crate::cli) struct Arguments {
    /// Files, programs, or folders that hold programs [default: policies]
    paths: Vec<String>,
    /// Change nothing; fail if a file is not laid out canonically.
    #[arg(long)]
    check: bool,
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    let found = match disk::paths(&arguments.paths) {
        Ok(found) => found,
        Err(message) => return usage(&message),
    };
    let mut status = FINE;
    for found in found {
        let files = Disk
            .folder(&found.path)
            .unwrap_or_else(|| vec![found.path.clone()]);
        for path in files {
            status = status.max(one(&path, arguments.check, color));
        }
    }
    status
}

fn one(path: &str, check: bool, color: Color) -> u8 {
    let bytes = match Disk.read(path) {
        Ok(bytes) => bytes,
        Err(why) => return usage(&format!("`{path}` cannot be read: {why}")),
    };
    let Ok(text) = String::from_utf8(bytes) else {
        err(&format!("error P0101 not-utf8: `{path}` is not UTF-8\n"));
        return FAILED;
    };
    let Some(formatted) = format::format(&text) else {
        let mut sources = Sources::default();
        let file = sources.add(path, text.as_str());
        let mut found = Diagnostics::default();
        let _ = syntax::parse(file, &text, &mut found);
        let format = diagnostics::Format::Text {
            color: color.on_stderr(),
        };
        err(&diagnostics::render(&found.sorted(), &sources, format));
        return FAILED;
    };
    if formatted == text {
        return FINE;
    }
    if check {
        out(&format!(
            "{path} is not laid out canonically; run `polc fmt {path}`\n"
        ));
        return FAILED;
    }
    if let Err(error) = std::fs::write(path, formatted) {
        err(&format!("error: `{path}` cannot be written: {error}\n"));
        return USAGE;
    }
    out(&format!("{path}\n"));
    FINE
}
