//! `polc completions`

use crate::cli::{Arguments as Polc, FINE, out};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

#[derive(Debug, Args)]
#[command(after_help = "Example: polc completions bash > /etc/bash_completion.d/polc")]
pub(in crate::cli) struct Arguments {
    /// The shell.
    shell: Shell,
}

pub(in crate::cli) fn run(arguments: &Arguments) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Polc::command(), "polc", &mut script);
    out(&String::from_utf8_lossy(&script));
    FINE
}
