//! Results in words.

pub mod summary;
pub mod why;
