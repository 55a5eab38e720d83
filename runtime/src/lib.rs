//! The embeddable evaluator of compiled Pol programs: no parser, no clock, no I/O.
//!
//! [`Program::load`] reads a built program, [`Program::facts`] the facts of one partner, [`Program::answer`] says what
//! a decision comes to on a day, [`Program::explain`] why. What stands in [`ir`], [`eval`] and [`value`] is for tools
//! that look inside.

mod answer;
pub mod eval;
pub mod explain;
pub mod facts;
mod fast;
pub mod ir;
mod key;
mod program;
mod reply;
pub mod result;
pub mod schema;
mod timeline;
pub mod value;
pub mod words;

pub use answer::{Answer, Data, Judgement, NoSuchDecision};
pub use eval::{CellOutcome, CellResult, Changes, Compared, Evaluation, WaivedBy};
pub use fast::{Prepared, Scalar, Slots};
pub use program::{Limits, Options, Program, ProgramError};
pub use result::{Alternative, Change, Report};
pub use timeline::{Point, Stopped, Timeline};

/// Compiles the example in the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../docs/embedding.md")]
struct Embedding;
