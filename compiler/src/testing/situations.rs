//! The cases of the tests as facts on a day, for whoever wants to ask more of them than they expect.

use super::{cases, prepare};
use crate::source::Sources;
use crate::syntax::ast::{self, TestColumn};
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, ir};

/// One case: its facts, its day, its readings, and what it expects something of.
#[derive(Debug)]
pub struct Situation {
    /// The label of its block.
    pub label: String,
    /// The file it stands in.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The facts.
    pub facts: Facts,
    /// The day.
    pub as_of: Date,
    /// The readings it takes another way.
    pub options: Options,
    /// The decisions and definitions it expects something of, in order.
    pub decisions: Vec<String>,
}

/// Every case that can be run, file by file.
#[must_use]
pub fn situations(ir: &ir::Program, tests: &[ast::Tests], sources: &Sources) -> Vec<Situation> {
    let mut found = Vec::new();
    for block in tests {
        let columns = block.columns.iter();
        let lines = block.expects.iter().map(|(column, _)| column);
        let decisions: Vec<String> = columns
            .chain(lines)
            .filter_map(|column| match column {
                TestColumn::Expect(name) => Some(name.text.clone()),
                TestColumn::ExpectCell { .. }
                | TestColumn::Fact(_)
                | TestColumn::AsOf(_)
                | TestColumn::Note(_) => None,
            })
            .collect();
        for case in cases(block) {
            let Ok(prepared) = prepare(ir, &case) else {
                continue;
            };
            let file = sources.get(case.span.file);
            found.push(Situation {
                label: block.label.clone(),
                file: file.map(|file| file.path.clone()).unwrap_or_default(),
                line: sources.position(case.span).line,
                facts: prepared.facts,
                as_of: prepared.as_of,
                options: prepared.options,
                decisions: decisions.clone(),
            });
        }
    }
    found
}
