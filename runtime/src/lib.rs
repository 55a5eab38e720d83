//! The embeddable evaluator of compiled Pol programs: no parser, no clock, no I/O.

pub mod ir;
pub mod value;
