//! Standard output and standard error.

use super::{USAGE, disk};
use crate::report::terminal;
use std::io::{ErrorKind, Write};
use std::sync::Mutex;

/// What became of standard output, for the whole run: no subcommand can forget that a write failed.
static STDOUT: Mutex<Stdout> = Mutex::new(Stdout::Open);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stdout {
    Open,
    /// Its reader has left: nothing more is written, and nobody is told.
    Closed,
    /// A write failed, for this reason.
    Failed(String),
}

fn stdout() -> std::sync::MutexGuard<'static, Stdout> {
    STDOUT
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Prints results. Whatever steers a terminal and was not shown as an escape before is shown as one now.
pub(super) fn out(text: &str) {
    write(&terminal::lines(text));
}

/// Prints findings, which carry colours of their own.
pub(super) fn out_coloured(text: &str) {
    write(text);
}

fn write(text: &str) {
    let mut state = stdout();
    if *state == Stdout::Open {
        let mut stdout = std::io::stdout().lock();
        let written = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush());
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => *state = Stdout::Closed,
            Err(error) => *state = Stdout::Failed(disk::words(&error)),
        }
    }
}

/// Whether anybody reads what is printed: the reader has not left, and no write failed.
pub(super) fn is_read() -> bool {
    *stdout() == Stdout::Open
}

/// Whether a write of results failed, other than by a reader that left.
pub(super) fn failed() -> bool {
    matches!(*stdout(), Stdout::Failed(_))
}

/// The exit status of the run, given that of the subcommand: results that were not written are an error.
pub(super) fn status(of_verb: u8) -> u8 {
    let state = stdout().clone();
    match state {
        Stdout::Open | Stdout::Closed => of_verb,
        Stdout::Failed(why) => {
            err(&format!(
                "error: the results cannot be written to standard output: {why}\n"
            ));
            USAGE
        }
    }
}

/// Prints what is not a result.
pub(super) fn err(text: &str) {
    err_coloured(&terminal::lines(text));
}

/// Prints findings that are not the result, which carry colours of their own.
pub(super) fn err_coloured(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
}

/// Reports wrong usage: one line, whatever names it quotes.
pub(super) fn usage(message: &str) -> u8 {
    err(&format!("error: {}\n", terminal::within_line(message)));
    USAGE
}
