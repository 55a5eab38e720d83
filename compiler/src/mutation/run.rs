//! Tries mutants, several at once.

use super::equal::{Equal, EqualFault};
use super::key::Key;
use super::report::Report;
use super::suite::{Notices, Verdict};
use super::tried::{Fate, Tried};
use super::{Mutant, mutants};
use crate::pipeline::Parsed;
use crate::source::Span;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Lines by path of the file, as (first, last); every line of a file that has no list.
pub type Lines = BTreeMap<String, Option<Vec<(usize, usize)>>>;

/// Which mutants of a program are tried.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only those that touch one of these lines.
    pub lines: Option<Lines>,
    /// Only each n-th, beginning with the k-th: (k, n), counted from 1 over all mutants of the program.
    pub share: Option<(usize, usize)>,
    /// Only those within declarations of these names.
    pub within: Vec<String>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Mutants tried.
    pub done: usize,
    /// Mutants to try.
    pub of: usize,
    /// Mutants that no test noticed.
    pub survived: usize,
}

/// Tries the mutants of a program that checks and passes its tests. `listed` are those said to be equal in meaning.
pub fn run(
    parsed: &Parsed,
    selection: &Selection,
    listed: &Equal,
    threads: usize,
    progress: &(dyn Fn(Progress) + Sync),
) -> Report {
    let all = mutants(&parsed.sources, &parsed.trees);
    let keys = Key::of_all(&parsed.sources, &all);
    let chosen: Vec<usize> = (0..all.len())
        .filter(|at| {
            all.get(*at)
                .is_some_and(|mutant| selection.takes(parsed, *at, mutant))
        })
        .collect();
    let (next, survived) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let fates: Mutex<BTreeMap<usize, Fate>> = Mutex::new(BTreeMap::new());
    let notices = Notices::default();
    let work = || {
        let mut own = parsed.clone();
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(at) = chosen.get(turn).copied() else {
                break;
            };
            let Some(mutant) = all.get(at) else { break };
            let fate = try_one(&mut own, mutant, &notices);
            if fate == Fate::Survived {
                survived.fetch_add(1, Ordering::Relaxed);
            }
            let mut fates = fates.lock().unwrap_or_else(PoisonError::into_inner);
            fates.insert(at, fate);
            progress(Progress {
                done: fates.len(),
                of: chosen.len(),
                survived: survived.load(Ordering::Relaxed),
            });
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            // Deep programs are walked by recursion whose depth the parser caps for a stack of this size.
            let builder = std::thread::Builder::new().stack_size(64 * 1024 * 1024);
            if builder.spawn_scoped(scope, work).is_err() {
                work();
                break;
            }
        }
    });
    let fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut tried = Vec::new();
    for ((at, mutant), key) in all.iter().enumerate().zip(keys.iter().cloned()) {
        let Some(fate) = fates.get(&at).copied() else {
            continue;
        };
        let fate = if fate == Fate::Survived && listed.holds(&key) {
            Fate::Equal
        } else {
            fate
        };
        tried.push(Tried {
            place: parsed.sources.position(mutant.place),
            mutant: mutant.clone(),
            key,
            fate,
        });
    }
    let whole = chosen.len() == all.len();
    let faults = listed.faults(&keys, &tried);
    Report {
        tried,
        faults,
        whole,
    }
}

fn try_one(parsed: &mut Parsed, mutant: &Mutant, notices: &Notices) -> Fate {
    let file = mutant.edit.span.file;
    let text = parsed.sources.get(file).map(|file| file.text.clone());
    let changed = text.and_then(|text| mutant.edit.apply(&text));
    let compiled = changed.and_then(|text| parsed.compile_with(file, &text));
    let Some(compiled) = compiled else {
        return Fate::Refused;
    };
    match notices.judge(&mutant.within, compiled) {
        Verdict::Refused => Fate::Refused,
        Verdict::Killed => Fate::Killed,
        Verdict::Survived => Fate::Survived,
    }
}

impl Selection {
    fn takes(&self, parsed: &Parsed, at: usize, mutant: &Mutant) -> bool {
        let in_share = self
            .share
            .is_none_or(|(part, of)| of > 0 && at % of == part.saturating_sub(1));
        let named = self.within.is_empty() || self.within.contains(&mutant.within);
        in_share && named && self.touches(parsed, mutant.edit.span)
    }

    fn touches(&self, parsed: &Parsed, span: Span) -> bool {
        let Some(lines) = &self.lines else {
            return true;
        };
        let Some(file) = parsed.sources.get(span.file) else {
            return false;
        };
        let (first, last) = (file.position(span.start).line, file.position(span.end).line);
        match lines.get(&file.path) {
            None => false,
            Some(None) => true,
            Some(Some(ranges)) => ranges
                .iter()
                .any(|(from, to)| *from <= last && first <= *to),
        }
    }
}

impl Report {
    /// What is wrong with the list of equal mutants.
    #[must_use]
    pub fn faults(&self) -> &[EqualFault] {
        &self.faults
    }
}
