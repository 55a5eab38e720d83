//! The embeddable evaluator of compiled Pol programs: no parser, no clock, no I/O.

mod alternatives;
pub mod eval;
pub mod explain;
pub mod facts;
mod fast;
pub mod ir;
mod program;
pub mod result;
pub mod schema;
mod timeline;
pub mod value;
pub mod words;

pub use alternatives::Alternative;
pub use eval::{CellOutcome, CellResult, Changes, Compared, Evaluation, WaivedBy};
pub use fast::{Prepared, Scalar, Slots};
pub use program::{Limits, Options, Program, ProgramError};
pub use timeline::{Point, Timeline};

/// Compiles the example in the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../docs/embedding.md")]
struct Embedding;
