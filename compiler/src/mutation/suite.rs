//! The tests of a program, run on its mutants until one of them fails.

use crate::pipeline::Compiled;
use crate::syntax::ast::{TestColumn, Tests};
use crate::testing::{Case, cases, check, check_written, prepare};
use polc_runtime::Program;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Which cases have noticed something so far. It decides the order in which cases are tried, never what they say.
#[derive(Debug, Default)]
pub(super) struct Notices {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// By declaration, the latest last.
    within: BTreeMap<String, Vec<usize>>,
    /// By case, how often.
    often: BTreeMap<usize, u32>,
}

/// What the tests say of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A test cannot be run as it is written, which `check` reports.
    Refused,
    /// A test fails.
    Killed,
    /// Every test passes.
    Survived,
}

impl Notices {
    /// Cases in the order to try them: those that noticed a change of the same declaration, those that expect
    /// something of it, those that noticed anything, and the others.
    fn order(&self, within: &str, all: &[Case]) -> Vec<usize> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let near = seen.within.get(within);
        let rank = |at: usize, case: &Case| {
            let near = near.and_then(|near| near.iter().rposition(|known| *known == at));
            let named = expects(case.tests, within);
            let often = seen.often.get(&at).copied().unwrap_or(0);
            (near, named, often)
        };
        let mut ranked: Vec<_> = all
            .iter()
            .enumerate()
            .map(|(at, case)| (rank(at, case), at))
            .collect();
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    fn noticed(&self, within: &str, case: usize) {
        const REMEMBERED: usize = 40;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen.often.entry(case).or_default() += 1;
        let near = seen.within.entry(within.to_owned()).or_default();
        near.retain(|known| *known != case);
        near.push(case);
        if near.len() > REMEMBERED {
            near.remove(0);
        }
    }

    /// Runs the tests of a mutant of a declaration.
    pub(super) fn judge(&self, within: &str, compiled: Compiled) -> Verdict {
        let Compiled { ir, tests, .. } = compiled;
        let Ok(program) = Program::new(ir) else {
            return Verdict::Refused;
        };
        if !check_written(program.ir(), &tests).is_empty() {
            return Verdict::Refused;
        }
        let all: Vec<Case> = tests.iter().flat_map(cases).collect();
        for at in self.order(within, &all) {
            if let Some(case) = all.get(at)
                && !passes(&program, case)
            {
                self.noticed(within, at);
                return Verdict::Killed;
            }
        }
        Verdict::Survived
    }
}

/// Whether a case comes out as it expects.
fn passes(program: &Program, case: &Case) -> bool {
    let Ok(prepared) = prepare(program.ir(), case) else {
        return false;
    };
    let mut evaluation = program.evaluate(&prepared.facts, prepared.as_of, &prepared.options);
    let in_row = case
        .row
        .map(|row| case.tests.columns.iter().zip(&row.cells));
    let in_row = in_row.into_iter().flatten();
    let in_block = case.tests.expects.iter();
    let in_block = in_block.map(|(column, value)| (column, value));
    let mut all = in_row.chain(in_block);
    all.all(|(column, value)| {
        let said = match column {
            TestColumn::Expect(_) | TestColumn::ExpectCell { .. } => {
                check(&mut evaluation, column, value)
            }
            TestColumn::Fact(_) | TestColumn::AsOf(_) | TestColumn::Note(_) => return true,
        };
        matches!(said, Ok(Ok(())))
    })
}

/// Whether a block expects something of a declaration.
fn expects(tests: &Tests, name: &str) -> bool {
    let in_lines = tests.expects.iter().map(|(column, _)| column);
    tests
        .columns
        .iter()
        .chain(in_lines)
        .any(|column| match column {
            TestColumn::Expect(expected) => expected.text.split('.').next() == Some(name),
            TestColumn::ExpectCell { grid, .. } => {
                grid.as_ref().is_some_and(|grid| grid.text == name)
            }
            TestColumn::Fact(_) | TestColumn::AsOf(_) | TestColumn::Note(_) => false,
        })
}
