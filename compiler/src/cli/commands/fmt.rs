//! `polc fmt`

use crate::cli::disk::{self, Disk};
use crate::cli::{Color, FAILED, FINE, changes, err, err_coloured, out, replace, usage};
use crate::diagnostics::{self, Diagnostics};
use crate::format;
use crate::pipeline::Loader;
use crate::report::terminal::within_line;
use crate::source::Sources;
use crate::syntax;
use clap::Args;
use std::path::Path;

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
    match lay_out(arguments, color) {
        Ok(status) | Err(status) => status,
    }
}

fn lay_out(arguments: &Arguments, color: Color) -> Result<u8, u8> {
    let found = disk::paths(&arguments.paths).map_err(|message| usage(&message))?;
    let disk = Disk::default();
    let (mut status, mut changed) = (FINE, Vec::new());
    for found in found {
        let files = disk
            .folder(&found.path)
            .unwrap_or_else(|| vec![found.path.clone()]);
        for path in files {
            match one(&disk, &path, color) {
                Ok(None) => clear_beside(arguments, &path),
                Ok(Some(text)) => changed.push((path, text)),
                Err(failed) => status = status.max(failed),
            }
        }
    }
    if arguments.check {
        for (path, _) in &changed {
            let path = within_line(path);
            out(&format!(
                "{path} is not laid out canonically; run `polc fmt {path}`\n"
            ));
            status = status.max(FAILED);
        }
        return Ok(status);
    }
    if status != FINE {
        if !changed.is_empty() {
            err("no file was changed\n");
        }
        return Ok(status);
    }
    changes::place(changed)
}

fn clear_beside(arguments: &Arguments, path: &str) {
    if !arguments.check {
        replace::clear_beside(Path::new(path));
    }
}

/// The text of a file laid out; none where it is so already.
fn one(disk: &Disk, path: &str, color: Color) -> Result<Option<String>, u8> {
    let bytes = disk
        .read(path)
        .map_err(|why| usage(&format!("`{path}` cannot be read: {why}")))?;
    let Ok(text) = String::from_utf8(bytes) else {
        err(&format!(
            "error P0101 not-utf8: `{}` is not UTF-8\n",
            within_line(path)
        ));
        return Err(FAILED);
    };
    let Some(formatted) = format::format(&text) else {
        let mut sources = Sources::default();
        let file = sources.add(path, text.as_str());
        let mut found = Diagnostics::default();
        let _ = syntax::parse(file, &text, &mut found);
        let format = diagnostics::Format::Text {
            color: color.on_stderr(),
        };
        err_coloured(&diagnostics::render(&found.sorted(), &sources, format));
        return Err(FAILED);
    };
    Ok((formatted != text).then_some(formatted))
}
