//! The name of a mutant in a list beside the program.

use super::{Mutant, Operator};
use crate::source::Sources;
use std::collections::BTreeMap;

/// How a mutant is named where lines may move: by file, declaration, operator and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Path of the file.
    pub path: String,
    within: String,
    operator: Operator,
    before: String,
    after: String,
    /// Which of several that read the same, counted from 1.
    nth: usize,
}

impl Key {
    /// The names of mutants, in their order.
    pub(super) fn of_all(sources: &Sources, all: &[Mutant]) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for mutant in all {
            let path = sources.get(mutant.place.file).map(|file| &file.path);
            let mut key = Key {
                path: path.cloned().unwrap_or_default(),
                within: mutant.within.clone(),
                operator: mutant.operator,
                before: mutant.before.clone(),
                after: mutant.after.clone(),
                nth: 1,
            };
            let count = seen.entry(key.line()).or_default();
            *count += 1;
            key.nth = *count;
            keys.push(key);
        }
        keys
    }

    /// The line of the list.
    #[must_use]
    pub fn line(&self) -> String {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        let nth = match self.nth {
            1 => String::new(),
            nth => format!(" #{nth}"),
        };
        let line = format!(
            "{file} {} {}{nth}: {} -> {}",
            self.within,
            self.operator.word(),
            self.before,
            self.after
        );
        line.trim_end().to_owned()
    }
}
