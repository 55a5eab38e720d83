//! The command line: subcommands, exit statuses and the disk. Nothing outside this folder does I/O.

mod changes;
mod commands;
mod disk;
mod load;
mod replace;
mod streams;

use clap::{Parser, Subcommand, ValueEnum};
use std::io::{ErrorKind, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;
use streams::{err, err_coloured, out, out_coloured, usage};

/// Exit status: everything fine, every answer known.
const FINE: u8 = 0;
/// Exit status: errors found, tests failed, something in error.
const FAILED: u8 = 1;
/// Exit status: bad usage, I/O, facts that do not fit.
const USAGE: u8 = 2;
/// Exit status: some answer is open.
const OPEN: u8 = 3;

/// Checks, evaluates, explains and tests policies written in Pol.
#[derive(Debug, Parser)]
#[command(name = "polc", version, about, max_term_width = 100)]
struct Arguments {
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

/// When to use colour; `auto` asks the terminal and NO_COLOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    fn on(self, terminal: bool) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }

    fn on_stdout(self) -> bool {
        self.on(std::io::stdout().is_terminal())
    }

    fn on_stderr(self) -> bool {
        self.on(std::io::stderr().is_terminal())
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find every error of every file in one run.
    Check(commands::check::Arguments),
    /// Evaluate decisions on a partner's facts, or on a whole population.
    Eval(commands::eval::Arguments),
    /// Explain a decision in words, with the clauses it rests on.
    Why(commands::why::Arguments),
    /// Show the timeline of one partner: every day on which an answer changes.
    Simulate(commands::simulate::Arguments),
    /// Draw a program: its lifecycles, or which decision reads what.
    Graph(commands::graph::Arguments),
    /// Run the `tests` of programs.
    Test(commands::test::Arguments),
    /// Lay out files in the one canonical way.
    Fmt(commands::fmt::Arguments),
    /// Compile a program into one file that `eval`, `why` and the library take.
    Build(commands::build::Arguments),
    /// Print the JSON Schema of a program's facts and of its results.
    Schema(commands::schema::Arguments),
    /// Print the page of an error code.
    Explain(commands::explain::Arguments),
    /// Start a small program that checks, tests and evaluates.
    New(commands::new::Arguments),
    /// Print a completion script for a shell.
    Completions(commands::completions::Arguments),
}

/// Runs the command line.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let status = if error.use_stderr() { USAGE } else { FINE };
            let lost = error
                .print()
                .is_err_and(|error| error.kind() != ErrorKind::BrokenPipe);
            return ExitCode::from(if lost { USAGE } else { status });
        }
    };
    let arguments = Arc::new(arguments);
    // Deep programs are checked by recursive walks whose depth the parser caps; a stack of our own
    // keeps that cap independent of the platform's default.
    let worker = std::thread::Builder::new()
        .stack_size(64 * 1024 * 1024)
        .spawn({
            let arguments = Arc::clone(&arguments);
            move || run(&arguments)
        });
    let status = match worker {
        Ok(worker) => worker.join().unwrap_or(USAGE),
        // Where there are no threads, this one has to do.
        Err(_) => run(&arguments),
    };
    ExitCode::from(streams::status(status))
}

fn run(arguments: &Arguments) -> u8 {
    let color = arguments.color;
    match &arguments.command {
        Command::Check(arguments) => commands::check::run(arguments, color),
        Command::Eval(arguments) => commands::eval::run(arguments, color),
        Command::Why(arguments) => commands::why::run(arguments, color),
        Command::Simulate(arguments) => commands::simulate::run(arguments, color),
        Command::Graph(arguments) => commands::graph::run(arguments, color),
        Command::Test(arguments) if arguments.mutate => commands::mutate::run(arguments, color),
        Command::Test(arguments) => commands::test::run(arguments, color),
        Command::Fmt(arguments) => commands::fmt::run(arguments, color),
        Command::Build(arguments) => commands::build::run(arguments, color),
        Command::Schema(arguments) => commands::schema::run(arguments, color),
        Command::Explain(arguments) => commands::explain::run(arguments),
        Command::New(arguments) => commands::new::run(arguments),
        Command::Completions(arguments) => commands::completions::run(arguments),
    }
}
