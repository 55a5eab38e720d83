//! The embeddable evaluator of compiled Pol programs: no parser, no clock, no I/O.

pub mod eval;
pub mod facts;
mod fast;
pub mod ir;
mod program;
pub mod result;
pub mod schema;
pub mod value;

pub use eval::{CellOutcome, CellResult, Evaluation, WaivedBy};
pub use fast::{Prepared, Scalar, Slots};
pub use program::{Limits, Options, Program, ProgramError};

/// Compiles the example in the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../docs/embedding.md")]
struct Embedding;
