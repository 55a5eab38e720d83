//! Results in words.

#![deny(clippy::too_many_lines, clippy::wildcard_enum_match_arm)]

pub mod drawing;
pub mod faults;
pub mod graph;
pub mod summary;
pub mod terminal;
pub mod timeline;
