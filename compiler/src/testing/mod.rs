//! Runs `tests` blocks: facts from cells, outcomes against expectations, and what the tests reach.

mod boundary;
mod coverage;
mod expect;
mod facts;
mod prepared;
mod report;
mod situations;
mod written;

pub use coverage::Coverage;
pub use report::Report;
pub use situations::{Situation, situations};
pub use written::check_written;

pub(crate) use expect::check;
pub(crate) use prepared::prepare;

use crate::diagnostics::Code;
use crate::source::{Sources, Span};
use crate::syntax::ast::{self, TestColumn, TestValue, TestValueKind};
use facts::Writer;
use polc_runtime::value::Date;
use polc_runtime::{Evaluation, Program};
use prepared::Prepared;
use serde::Serialize;

/// A case that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// Label of the block.
    pub test: String,
    /// What is wrong, in words.
    pub message: String,
    /// More lines: facts, reasons.
    pub details: Vec<String>,
}

/// One row, or a block without rows.
pub(crate) struct Case<'t> {
    pub(crate) tests: &'t ast::Tests,
    pub(crate) row: Option<&'t ast::TestRow>,
    pub(crate) span: Span,
}

/// A broken case: the place and the reason.
pub(crate) struct Broken {
    pub(crate) span: Span,
    pub(crate) message: String,
}

impl Broken {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Broken {
            span,
            message: message.into(),
        }
    }
}

/// Runs every case.
///
/// ```
/// let text = "program small \"Small\" version 1\nfact n: int\ndecision twice: int = 2 * n\n\
///             tests \"twice\" as_of 2026-01-01\n  given n = 1\n  expect twice = 2\n";
/// let files = polc::loader::Memory::default().with("small.pol", text);
/// let compilation = polc::pipeline::check(&files, "small.pol");
/// let compiled = compilation.program.ok_or("it has errors")?;
/// let program = polc_runtime::Program::new(compiled.ir)?;
/// assert!(polc::testing::run(&program, &compiled.tests, &compilation.sources).passed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run(program: &Program, tests: &[ast::Tests], sources: &Sources) -> Report {
    let mut report = Report {
        coverage: Coverage::new(program.ir()),
        ..Report::default()
    };
    for block in tests {
        for case in cases(block) {
            report.cases += 1;
            if let Err(broken) = run_case(program, &case, sources, &mut report) {
                let failure = failure(sources, &case, broken.span, broken.message, Vec::new());
                report.failures.push(failure);
            }
        }
    }
    report
}

/// The cases of a block: its rows, or the block itself.
pub(crate) fn cases(block: &ast::Tests) -> Vec<Case<'_>> {
    if block.rows.is_empty() {
        return vec![Case {
            tests: block,
            row: None,
            span: block.label_span,
        }];
    }
    let of_row = |row| Case {
        tests: block,
        row: Some(row),
        span: row.span,
    };
    block.rows.iter().map(of_row).collect()
}

fn run_case(
    program: &Program,
    case: &Case,
    sources: &Sources,
    report: &mut Report,
) -> Result<(), Broken> {
    let Prepared {
        writer,
        facts,
        as_of,
        options,
    } = prepare(program.ir(), case)?;
    let cells: Vec<(&TestColumn, &TestValue)> = case
        .row
        .map(|row| case.tests.columns.iter().zip(&row.cells).collect())
        .unwrap_or_default();
    let mut evaluation = program.evaluate(&facts, as_of, &options);
    evaluation.watch();
    let in_row = cells.iter().map(|(column, value)| (*column, *value));
    let in_block = case
        .tests
        .expects
        .iter()
        .map(|(column, value)| (column, value));
    let mut checked = 0;
    for (column, value) in in_row.chain(in_block) {
        if matches!(value.kind, TestValueKind::Empty)
            || !matches!(
                column,
                TestColumn::Expect(_) | TestColumn::ExpectCell { .. }
            )
        {
            continue;
        }
        checked += 1;
        report.expectations += 1;
        if let Err(wrong) = check(&mut evaluation, column, value)? {
            let details = details(&mut evaluation, &writer, as_of);
            report
                .failures
                .push(failure(sources, case, value.span, wrong, details));
        }
    }
    if checked == 0 {
        let message = format!(
            "{}: the test expects nothing",
            Code::TestExpectsNothing.number()
        );
        return Err(Broken::new(case.span, message));
    }
    // Only what an expectation rests on is tried; everything that was evaluated is reached.
    let compared = evaluation.comparisons();
    report.coverage.see_edges(&compared);
    report.coverage.see(&mut evaluation);
    Ok(())
}

fn details(evaluation: &mut Evaluation, writer: &Writer, as_of: Date) -> Vec<String> {
    let mut lines = vec![format!("as of {as_of} with {}", writer.words())];
    for (reading, alternative) in evaluation.readings() {
        let program = evaluation.program().ir();
        if let Some(reading) = program.readings.get(reading as usize) {
            let name = reading
                .alternatives
                .get(alternative as usize)
                .cloned()
                .unwrap_or_default();
            lines.push(format!("reading {}: {name}", reading.name));
        }
    }
    lines
}

fn failure(
    sources: &Sources,
    case: &Case,
    span: Span,
    message: String,
    details: Vec<String>,
) -> Failure {
    Failure {
        file: sources
            .get(span.file)
            .map(|file| file.path.clone())
            .unwrap_or_default(),
        line: sources.position(span).line,
        test: case.tests.label.clone(),
        message,
        details,
    }
}
