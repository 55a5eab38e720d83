//! What came of the mutants of a program.

use super::equal::EqualFault;
use super::tried::{Fate, Tried};
use super::{Mutant, Operator};
use crate::report::terminal::within_line;
use indexmap::IndexMap;
use serde::Serialize;

/// The mutants of a program.
#[derive(Debug, Default)]
pub struct Report {
    /// Those that were tried, in order of place.
    pub tried: Vec<Tried>,
    /// What is wrong with the list of equal mutants.
    pub(super) faults: Vec<EqualFault>,
    /// Every mutant of the program was tried.
    pub whole: bool,
}

impl Report {
    /// How many ended so.
    #[must_use]
    pub fn count(&self, fate: Fate) -> usize {
        self.tried.iter().filter(|tried| tried.fate == fate).count()
    }

    /// Mutants that `check` takes.
    #[must_use]
    pub fn counted(&self) -> usize {
        self.tried.len() - self.count(Fate::Refused)
    }

    /// Killed of all that count and are not listed as equal, in tenths of a percent, rounded down.
    #[must_use]
    pub fn score(&self) -> usize {
        let of = self.counted() - self.count(Fate::Equal);
        (self.count(Fate::Killed) * 1000)
            .checked_div(of)
            .unwrap_or(1000)
    }

    /// Listed as equal of all that count, in tenths of a percent, rounded up.
    #[must_use]
    pub fn equal_share(&self) -> usize {
        let equal = self.count(Fate::Equal) * 1000;
        equal.checked_div(self.counted()).map_or(0, |share| {
            share + usize::from(!equal.is_multiple_of(self.counted()))
        })
    }

    /// For people: the survivors by place, and a summary.
    #[must_use]
    pub fn text(&self, program: &str) -> String {
        let mut out = String::new();
        for tried in self
            .tried
            .iter()
            .filter(|tried| tried.fate == Fate::Survived)
        {
            let mutant = &tried.mutant;
            out.push_str(&format!(
                "{}:{}:{} {} {}\n    {}\n",
                within_line(&tried.key.path),
                tried.place.line,
                tried.place.column,
                within_line(&mutant.within),
                within_line(&what(mutant)),
                within_line(&tried.key.line()),
            ));
        }
        for fault in &self.faults {
            out.push_str(&format!("{}\n", within_line(&fault.to_string())));
        }
        let score = self.score();
        out.push_str(&format!(
            "{}: {} mutants{}, {} refused by check, {} killed, {} survived, {} listed as equal: {}.{} %\n",
            within_line(program),
            self.tried.len(),
            if self.whole { "" } else { " (a part)" },
            self.count(Fate::Refused),
            self.count(Fate::Killed),
            self.count(Fate::Survived),
            self.count(Fate::Equal),
            score / 10,
            score % 10,
        ));
        out
    }

    /// For programs, as it is written by `serde`.
    #[must_use]
    pub fn written(&self, program: &str) -> Written<'_> {
        let by_operator = Operator::ALL.into_iter().map(|operator| {
            let of = |fate| {
                let same = |tried: &&Tried| tried.mutant.operator == operator && tried.fate == fate;
                self.tried.iter().filter(same).count()
            };
            (operator.word().to_owned(), Fates::of(of))
        });
        let left = |tried: &&Tried| matches!(tried.fate, Fate::Survived | Fate::Equal);
        Written {
            program: program.to_owned(),
            mutants: self.tried.len(),
            whole: self.whole,
            fates: Fates::of(|fate| self.count(fate)),
            score: format!("{}.{}", self.score() / 10, self.score() % 10),
            operators: by_operator.collect(),
            not_killed: self.tried.iter().filter(left).map(Left::of).collect(),
            list: self.faults.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What came of the mutants of one program, to be written.
#[derive(Debug, Serialize)]
pub struct Written<'a> {
    program: String,
    mutants: usize,
    whole: bool,
    #[serde(flatten)]
    fates: Fates,
    score: String,
    operators: IndexMap<String, Fates>,
    not_killed: Vec<Left<'a>>,
    list: Vec<String>,
}

/// How many mutants met which fate.
#[derive(Debug, Serialize)]
struct Fates {
    refused: usize,
    killed: usize,
    survived: usize,
    equal: usize,
}

impl Fates {
    fn of(count: impl Fn(Fate) -> usize) -> Fates {
        Fates {
            refused: count(Fate::Refused),
            killed: count(Fate::Killed),
            survived: count(Fate::Survived),
            equal: count(Fate::Equal),
        }
    }
}

/// A mutant that no test kills.
#[derive(Debug, Serialize)]
struct Left<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    within: &'a str,
    operator: &'static str,
    before: &'a str,
    after: &'a str,
    fate: &'static str,
    key: String,
}

impl Left<'_> {
    fn of(tried: &Tried) -> Left<'_> {
        Left {
            file: &tried.key.path,
            line: tried.place.line,
            column: tried.place.column,
            within: &tried.mutant.within,
            operator: tried.mutant.operator.word(),
            before: &tried.mutant.before,
            after: &tried.mutant.after,
            fate: tried.fate.word(),
            key: tried.key.line(),
        }
    }
}

/// The change in words.
fn what(mutant: &Mutant) -> String {
    match mutant.operator {
        Operator::LeftOut => format!("left out: {}", mutant.before),
        Operator::Swapped => format!("swapped: {} ⇄ {}", mutant.before, mutant.after),
        Operator::Number
        | Operator::Day
        | Operator::Neighbour
        | Operator::Opposite
        | Operator::AndOr
        | Operator::Not
        | Operator::NextCell
        | Operator::EmptyCell
        | Operator::Level
        | Operator::Reading => {
            format!(
                "{}: {} → {}",
                mutant.operator.word(),
                mutant.before,
                mutant.after
            )
        }
    }
}
