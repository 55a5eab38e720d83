//! Results in words.

pub mod drawing;
pub mod faults;
pub mod graph;
pub mod summary;
pub mod terminal;
pub mod timeline;

/// A number of things in words: `1 case`, `2 cases`.
#[must_use]
pub fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
