//! Evidence: properties over generated programs, facts and days, in numbers.
//!
//! How many cases run and from which seed is read from the environment ([`run`]): a small share in
//! `cargo test`, a larger one in `.ci/run`, the full counts in `.ci/full`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an oracle names what it knows and fails on the rest"
)]

mod analysis;
mod bounds;
mod chains;
mod compare;
mod completions;
mod damage;
mod dates;
mod diagrams;
mod equal_mutants;
mod expressions;
mod facts;
mod forms;
mod given;
mod grids;

#[path = "../harness.rs"]
#[allow(dead_code, reason = "shared with the other test binary")]
mod harness;
mod inlining;
mod kept;
mod learn;
mod lifecycles;
mod names;
mod otherwise;
mod outcomes;
mod plain;
mod processes;
mod reasons;
mod rulings;
mod run;
mod stack;
mod stack_of_rules;
mod typos;
