//! `polc build`

use crate::cli::{Color, FINE, disk, load, out, replace, streams, usage};
use clap::{Args, ValueEnum};
use std::path::Path;

#[derive(Debug, Args)]
#[command(after_help = "Exit status: as check.\n\
Example: polc build policies/technology_partner -o technology_partner.polir")]
pub(in crate::cli) struct Arguments {
    /// A folder or a `.pol` file.
    program: String,
    /// The file to write.
    #[arg(short, long, value_name = "FILE", required_unless_present = "emit")]
    output: Option<String>,
    /// Print another form of the program instead.
    #[arg(long, value_enum)]
    emit: Option<Emit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Emit {
    /// One line for each kernel node.
    Text,
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    match build(arguments, color) {
        Ok(status) | Err(status) => status,
    }
}

fn build(arguments: &Arguments, color: Color) -> Result<u8, u8> {
    let (program, files) = load::with_files(&arguments.program, color)?;
    let mut staged = None;
    if let Some(path) = &arguments.output {
        let target = Path::new(path);
        if is_source(target, &files) {
            return Err(usage(&format!(
                "`{path}` is a source, and would be lost; name another file to write"
            )));
        }
        let bytes = polc_runtime::ir::encode(program.whole());
        let file = replace::stage(target, bytes).map_err(|error| unwritable(path, &error))?;
        staged = Some((path, file));
    }
    if arguments.emit.is_some() {
        out(&polc_runtime::ir::print(program.ir()));
    }
    if let Some((path, file)) = staged.filter(|_| !streams::failed()) {
        file.place().map_err(|error| unwritable(path, &error))?;
    }
    Ok(FINE)
}

/// A file of the program, by whatever name, or one that would be read as one.
fn is_source(target: &Path, files: &[String]) -> bool {
    let named = target
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("pol"));
    named
        || files
            .iter()
            .any(|file| replace::same_file(target, Path::new(file)))
}

fn unwritable(path: &str, error: &std::io::Error) -> u8 {
    usage(&format!(
        "`{path}` cannot be written: {}",
        disk::words(error)
    ))
}
