//! A mutant that was tried, and what came of it.

use super::Mutant;
use super::key::Key;
use crate::source::LineColumn;

/// What came of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// `check` refuses it; it is not counted.
    Refused,
    /// A test fails.
    Killed,
    /// Every test passes.
    Survived,
    /// Every test passes, and it is listed as equal in meaning.
    Equal,
}

impl Fate {
    pub(super) fn word(self) -> &'static str {
        match self {
            Fate::Refused => "refused",
            Fate::Killed => "killed",
            Fate::Survived => "survived",
            Fate::Equal => "equal",
        }
    }
}

/// A mutant that was tried.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The mutant.
    pub mutant: Mutant,
    /// Where it is.
    pub place: LineColumn,
    /// How a list of equal mutants names it.
    pub key: Key,
    /// What came of it.
    pub fate: Fate,
}
