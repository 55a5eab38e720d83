//! Results in words.

pub mod drawing;
pub mod faults;
pub mod graph;
pub mod summary;
pub mod terminal;
pub mod timeline;
