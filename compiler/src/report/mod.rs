//! Results in words.

#![deny(clippy::wildcard_enum_match_arm)]

pub mod drawing;
pub mod faults;
pub mod graph;
pub mod summary;
pub mod terminal;
pub mod timeline;
