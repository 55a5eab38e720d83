//! Mutants that are equal in meaning: a list beside the program, each with the reason.
//!
//! ```text
//! # comment
//! tiers.pol next_tier number: 4 -> 5
//!   because "no tier lies above"
//! ```

use super::Mutant;
use super::key::Key;
use super::tried::{Fate, Tried};
use crate::pipeline::Parsed;
use std::fmt;

/// A list of mutants that are equal in meaning.
#[derive(Debug, Clone, Default)]
pub struct Equal {
    /// Where it was read.
    path: String,
    entries: Vec<Entry>,
    broken: Vec<EqualFault>,
}

#[derive(Debug, Clone)]
struct Entry {
    key: String,
    reason: String,
    line: usize,
}

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EqualFault {
    /// The file.
    pub path: String,
    /// The line.
    pub line: usize,
    /// What is wrong, and the cure.
    pub message: String,
}

impl fmt::Display for EqualFault {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{}:{} {}", self.path, self.line, self.message)
    }
}

impl Equal {
    /// Reads a list.
    #[must_use]
    pub fn read(path: &str, text: &str) -> Equal {
        let mut list = Equal {
            path: path.to_owned(),
            ..Equal::default()
        };
        for (at, line) in text.lines().enumerate() {
            let number = at + 1;
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if !line.starts_with(char::is_whitespace) {
                let key = line.split_whitespace().collect::<Vec<_>>().join(" ");
                if list.entries.iter().any(|entry| entry.key == key) {
                    list.fault(number, "this mutant is listed twice; remove one of the two");
                }
                list.entries.push(Entry {
                    key,
                    reason: String::new(),
                    line: number,
                });
                continue;
            }
            let reason = line.trim().strip_prefix("because ").map(str::trim);
            let reason = reason.and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
            let open = list
                .entries
                .last_mut()
                .filter(|entry| entry.reason.is_empty());
            match (reason, open) {
                (Some(reason), Some(entry)) if !reason.trim().is_empty() => {
                    entry.reason = reason.to_owned();
                }
                _ => list.fault(
                    number,
                    "this is no reason of a mutant; write `because \"…\"`, indented, once below each",
                ),
            }
        }
        let bare: Vec<usize> = list
            .entries
            .iter()
            .filter(|entry| entry.reason.is_empty())
            .map(|entry| entry.line)
            .collect();
        for line in bare {
            list.fault(
                line,
                "this mutant has no reason; write `because \"…\"` below it, indented",
            );
        }
        list
    }

    fn fault(&mut self, line: usize, message: &str) {
        self.broken.push(EqualFault {
            path: self.path.clone(),
            line,
            message: message.to_owned(),
        });
    }

    /// The mutants of a program that are listed.
    #[must_use]
    pub fn mutants(&self, parsed: &Parsed) -> Vec<Mutant> {
        let all = super::mutants(&parsed.sources, &parsed.trees);
        let keys = Key::of_all(&parsed.sources, &all);
        let both = all.into_iter().zip(keys);
        both.filter(|(_, key)| self.holds(key))
            .map(|(mutant, _)| mutant)
            .collect()
    }

    /// Whether a mutant is listed, with a reason.
    #[must_use]
    pub fn holds(&self, key: &Key) -> bool {
        let line = key.line();
        self.entries
            .iter()
            .any(|entry| entry.key == line && !entry.reason.is_empty())
    }

    /// What is wrong with it: lines that cannot be read, mutants there are not, and those that a test notices.
    #[must_use]
    pub(super) fn faults(&self, known: &[Key], tried: &[Tried]) -> Vec<EqualFault> {
        let known: Vec<String> = known.iter().map(Key::line).collect();
        let mut faults = self.broken.clone();
        for entry in &self.entries {
            let fate = tried.iter().find(|tried| tried.key.line() == entry.key);
            let message = match fate.map(|tried| tried.fate) {
                None if !known.contains(&entry.key) => {
                    "there is no such mutant; remove it, or take the line that `--mutate` prints"
                }
                Some(Fate::Killed) => "a test notices this mutant, so it is not equal; remove it",
                Some(Fate::Refused) => "`check` refuses this mutant; remove it",
                Some(Fate::Survived | Fate::Equal) | None => continue,
            };
            faults.push(EqualFault {
                path: self.path.clone(),
                line: entry.line,
                message: message.to_owned(),
            });
        }
        faults.sort_by_key(|fault| fault.line);
        faults
    }
}
