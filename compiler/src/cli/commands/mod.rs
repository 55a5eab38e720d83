//! One file for each subcommand: its arguments and what it does.

pub(super) mod build;
pub(super) mod check;
pub(super) mod completions;
pub(super) mod eval;
pub(super) mod explain;
pub(super) mod fmt;
pub(super) mod graph;
pub(super) mod mutate;
pub(super) mod new;
pub(super) mod schema;
pub(super) mod simulate;
pub(super) mod test;
pub(super) mod why;
