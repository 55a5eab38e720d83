//! `polc build`

use crate::cli::{Color, FINE, USAGE, err, load, out};
use clap::{Args, ValueEnum};

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
    let program = match load::program(&arguments.program, color) {
        Ok(program) => program,
        Err(status) => return status,
    };
    if arguments.emit.is_some() {
        out(&polc_runtime::ir::print(program.ir()));
    }
    if let Some(path) = &arguments.output
        && let Err(error) = std::fs::write(path, polc_runtime::ir::encode(program.ir()))
    {
        err(&format!("error: `{path}` cannot be written: {error}\n"));
        return USAGE;
    }
    FINE
}
