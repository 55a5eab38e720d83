//! Results in words.

pub mod faults;
pub mod summary;
pub mod why;
