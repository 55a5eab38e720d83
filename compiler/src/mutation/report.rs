//! What came of the mutants of a program.

use super::equal::EqualFault;
use super::tried::{Fate, Tried};
use super::{Mutant, Operator};
use crate::report::terminal::within_line;
use serde_json::{Value, json};

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

    /// For programs.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let by_operator = Operator::ALL.into_iter().map(|operator| {
            let of = |fate| {
                let same = |tried: &&Tried| tried.mutant.operator == operator && tried.fate == fate;
                self.tried.iter().filter(same).count()
            };
            let counts = json!({
                "refused": of(Fate::Refused), "killed": of(Fate::Killed),
                "survived": of(Fate::Survived), "equal": of(Fate::Equal),
            });
            (operator.word().to_owned(), counts)
        });
        let left = |tried: &&Tried| matches!(tried.fate, Fate::Survived | Fate::Equal);
        let listed: Vec<Value> = self.tried.iter().filter(left).map(tried_json).collect();
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        json!({
            "program": program, "mutants": self.tried.len(), "whole": self.whole,
            "refused": self.count(Fate::Refused), "killed": self.count(Fate::Killed),
            "survived": self.count(Fate::Survived), "equal": self.count(Fate::Equal),
            "score": format!("{}.{}", self.score() / 10, self.score() % 10),
            "operators": Value::Object(by_operator.collect()),
            "not_killed": listed, "list": faults,
        })
    }
}

fn tried_json(tried: &Tried) -> Value {
    json!({
        "file": tried.key.path, "line": tried.place.line, "column": tried.place.column,
        "within": tried.mutant.within, "operator": tried.mutant.operator.word(),
        "before": tried.mutant.before, "after": tried.mutant.after,
        "fate": tried.fate.word(), "key": tried.key.line(),
    })
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
