//! Runs `tests` blocks: facts from cells, outcomes against expectations, and what the tests reach.

mod boundary;
mod coverage;
mod facts;
pub mod mutate;
mod situations;

pub use situations::{Situation, situations};

pub use coverage::Coverage;

use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::report::terminal::within_line;
use crate::source::{Sources, Span};
use crate::syntax::ast::{self, TestColumn, TestValue, TestValueKind};
use facts::Writer;
use indexmap::IndexMap;
use polc_runtime::facts::{Facts, leaf_text};
use polc_runtime::ir::{self, Type};
use polc_runtime::result::{Reply, plain_text, reply};
use polc_runtime::value::{Date, Leaf, Outcome, Step};
use polc_runtime::{Evaluation, Options, Program};
use serde::Serialize;
use serde_json::Value;

/// What came of the tests of one program.
#[derive(Debug, Default)]
pub struct Report {
    /// Cases run.
    pub cases: usize,
    /// Expectations checked.
    pub expectations: usize,
    /// What went wrong, in source order.
    pub failures: Vec<Failure>,
    /// What the cases reached.
    pub coverage: Coverage,
}

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
struct Case<'t> {
    tests: &'t ast::Tests,
    row: Option<&'t ast::TestRow>,
    span: Span,
}

/// A broken case: the place and the reason.
struct Broken {
    span: Span,
    message: String,
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
fn cases(block: &ast::Tests) -> Vec<Case<'_>> {
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

/// Reports tests that cannot be run as they are written, without running any.
#[must_use]
pub fn check_written(ir: &ir::Program, tests: &[ast::Tests]) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for case in tests.iter().flat_map(cases) {
        let found = prepare(ir, &case).and_then(|_| {
            let cells = case
                .row
                .map(|row| case.tests.columns.iter().zip(&row.cells));
            let in_block = case
                .tests
                .expects
                .iter()
                .map(|(column, value)| (column, value));
            let mut all = cells.into_iter().flatten().chain(in_block);
            all.try_for_each(|(column, value)| expectation(ir, column, value))
        });
        if let Err(broken) = found {
            diagnostics.push(
                Diagnostic::new(Code::BadTest, broken.span, broken.message)
                    .help("correct the test; `polc test` cannot run it as it is"),
            );
        }
    }
    diagnostics
}

/// Whether an expectation names something there is, and a value that it may have.
fn expectation(ir: &ir::Program, column: &TestColumn, value: &TestValue) -> Result<(), Broken> {
    let renamed = |ty: Option<&Type>| match &value.kind {
        TestValueKind::Value(expr) if is_word(expr, "broken") => {
            let legal = ty.is_some_and(|ty| facts::constant(ir, ty, expr).is_ok());
            let words = "the outcome `broken` is called `error` now; write `error`";
            if legal {
                Ok(())
            } else {
                Err(Broken::new(value.span, words))
            }
        }
        _ => Ok(()),
    };
    let TestColumn::Expect(name) = column else {
        return match column {
            TestColumn::ExpectCell { .. } => renamed(None),
            _ => Ok(()),
        };
    };
    let (_, ty) = expected(ir, name)?;
    renamed(Some(&ty))?;
    match &value.kind {
        TestValueKind::Value(expr) => facts::constant(ir, &ty, expr).map(|_| ()),
        _ => Ok(()),
    }
}

fn is_word(expr: &ast::Expr, word: &str) -> bool {
    matches!(&expr.kind, ast::ExprKind::Name(name) if name == word)
}

/// What an expectation is about.
fn expected(ir: &ir::Program, name: &ast::Name) -> Result<(ir::NodeId, Type), Broken> {
    named(ir, &name.text).ok_or_else(|| {
        let near = nearest(&name.text, ir.definitions.iter().map(|known| &known.name));
        let hint = near
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        Broken::new(
            name.span,
            format!("nothing is called `{}`{hint}", name.text),
        )
    })
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

/// A case ready to be evaluated.
struct Prepared<'p> {
    writer: Writer<'p>,
    facts: Facts,
    as_of: Date,
    options: Options,
}

fn prepare<'p>(ir: &'p ir::Program, case: &Case) -> Result<Prepared<'p>, Broken> {
    let mut writer = Writer::new(ir);
    for given in &case.tests.given {
        writer.fact(&given.name, &given.value)?;
    }
    let mut as_of = match &case.tests.as_of {
        Some(expr) => Some(date(expr)?),
        None => None,
    };
    let cells: Vec<(&TestColumn, &TestValue)> = case
        .row
        .map(|row| case.tests.columns.iter().zip(&row.cells).collect())
        .unwrap_or_default();
    if let Some(row) = case.row
        && row.cells.len() != case.tests.columns.len()
    {
        let count = row.cells.len();
        let message = format!(
            "this row has {count} cell{}, the header has {}",
            if count == 1 { "" } else { "s" },
            case.tests.columns.len()
        );
        return Err(Broken::new(row.span, message));
    }
    for (column, value) in &cells {
        match (column, &value.kind) {
            (_, TestValueKind::Empty) => {}
            (TestColumn::Fact(name), TestValueKind::Value(expr)) => writer.fact(name, expr)?,
            (TestColumn::Fact(name), _) => {
                return Err(Broken::new(
                    value.span,
                    format!("the fact `{}` needs a value", name.text),
                ));
            }
            (TestColumn::AsOf(_), TestValueKind::Value(expr)) => as_of = Some(date(expr)?),
            (TestColumn::AsOf(span), _) => return Err(Broken::new(*span, "`as_of` needs a date")),
            (TestColumn::Note(_) | TestColumn::Expect(_) | TestColumn::ExpectCell { .. }, _) => {}
        }
    }
    let Some(as_of) = as_of else {
        return Err(Broken::new(
            case.span,
            "the test has no date; write `as_of DATE` after its label",
        ));
    };
    let options = readings(ir, &case.tests.under)?;
    let facts = Facts::from_json(ir, &writer.json()).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Broken::new(
            case.span,
            format!("the facts do not fit: {}", faults.join("; ")),
        )
    })?;
    Ok(Prepared {
        writer,
        facts,
        as_of,
        options,
    })
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
        if value.kind_is_empty()
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

fn date(expr: &ast::Expr) -> Result<Date, Broken> {
    match &expr.kind {
        ast::ExprKind::Literal(ast::Literal::Date(text)) => Date::parse(text)
            .ok_or_else(|| Broken::new(expr.span, format!("there is no date `{text}`"))),
        _ => Err(Broken::new(expr.span, "a date is wanted here")),
    }
}

fn readings(program: &ir::Program, under: &[(ast::Name, ast::Name)]) -> Result<Options, Broken> {
    let mut options = Options::default();
    for (name, alternative) in under {
        let Some(at) = program
            .readings
            .iter()
            .position(|reading| reading.name == name.text)
        else {
            let near = nearest(
                &name.text,
                program.readings.iter().map(|reading| &reading.name),
            );
            let hint = near
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            return Err(Broken::new(
                name.span,
                format!("there is no reading `{}`{hint}", name.text),
            ));
        };
        let known = program
            .readings
            .get(at)
            .map(|reading| reading.alternatives.clone())
            .unwrap_or_default();
        let Some(chosen) = known.iter().position(|known| *known == alternative.text) else {
            let words = format!(
                "`{}` has no alternative `{}`; it has {}",
                name.text,
                alternative.text,
                known.join(", ")
            );
            return Err(Broken::new(alternative.span, words));
        };
        options.readings.insert(at as u32, chosen as u32);
    }
    Ok(options)
}

/// `Ok(Err(words))` when the expectation is not met.
fn check(
    evaluation: &mut Evaluation,
    column: &TestColumn,
    value: &TestValue,
) -> Result<Result<(), String>, Broken> {
    let program = evaluation.program();
    match column {
        TestColumn::Expect(name) => {
            let (node, ty) = expected(program.ir(), name)?;
            let outcome = evaluation.node(node);
            check_outcome(program, &name.text, &ty, &outcome, value)
        }
        TestColumn::ExpectCell { row, tier, grid } => {
            check_cell(evaluation, row, tier, grid.as_ref(), value)
        }
        TestColumn::Fact(_) | TestColumn::AsOf(_) | TestColumn::Note(_) => Ok(Ok(())),
    }
}

/// The node of a definition, or of a fact.
fn named(program: &ir::Program, name: &str) -> Option<(ir::NodeId, Type)> {
    if let Some(definition) = program.definitions.iter().find(|known| known.name == name) {
        return Some((definition.node, definition.ty.clone()));
    }
    let fact = program.facts.iter().position(|fact| fact.name == name)? as ir::FactId;
    let node = program
        .nodes
        .iter()
        .position(|node| node.op == ir::Op::Fact(fact))?;
    let ty = program.facts.get(fact as usize)?.ty.clone();
    Some((node as ir::NodeId, ty))
}

fn check_outcome(
    program: &Program,
    name: &str,
    ty: &Type,
    outcome: &Outcome,
    value: &TestValue,
) -> Result<Result<(), String>, Broken> {
    let ir = program.ir();
    let told = reply(ir, ty, outcome);
    let got = || match &told {
        Reply::Known { .. } => plain_text(ir, ty, outcome),
        Reply::Unknown { .. }
        | Reply::NeedsDecision { .. }
        | Reply::NotApplicable { .. }
        | Reply::Error { .. } => super::report::summary::outcome_words(&told),
    };
    let wrong = |expected: String| Ok(Err(format!("{name}: expected {expected}, got {}", got())));
    match &value.kind {
        TestValueKind::Empty => Ok(Ok(())),
        TestValueKind::Value(expr) => {
            let expected = facts::constant(ir, ty, expr)?;
            let Reply::Known { value: actual } = &told else {
                return wrong(words(&expected));
            };
            if facts::same(ir, ty, &expected, actual) {
                Ok(Ok(()))
            } else {
                wrong(words(&expected))
            }
        }
        TestValueKind::Unknown(needs) => match outcome.missing() {
            open if !open.facts.is_empty() || !open.because.is_empty() => {
                // What is asked of every item of a list that is absent is the list.
                let whole = |leaf: &Leaf| match leaf.path.first() {
                    Some(Step::Every) => leaf_text(ir, &Leaf::fact(leaf.fact)),
                    Some(Step::Index(_) | Step::Field(_)) | None => leaf_text(ir, leaf),
                };
                let mut actual: Vec<String> = open.facts.iter().map(whole).collect();
                let mut expected: Vec<String> =
                    needs.iter().map(|need| need.text.clone()).collect();
                actual.sort();
                actual.dedup();
                expected.sort();
                if expected.is_empty() || actual == expected {
                    return Ok(Ok(()));
                }
                wrong(format!("unknown: needs {}", expected.join(", ")))
            }
            _ => wrong("unknown".to_owned()),
        },
        TestValueKind::NeedsDecision(by) => match outcome.missing() {
            open if open.facts.is_empty()
                && open.because.is_empty()
                && !open.judgements.is_empty() =>
            {
                let name = |leaf: &polc_runtime::value::Leaf| leaf_text(ir, leaf);
                let mut actual: Vec<String> = open.judgements.iter().map(name).collect();
                let mut expected: Vec<String> =
                    by.iter().map(|judgement| judgement.text.clone()).collect();
                actual.sort();
                expected.sort();
                if expected.is_empty() || actual == expected {
                    return Ok(Ok(()));
                }
                wrong(format!("needs a decision: {}", expected.join(", ")))
            }
            _ => wrong("needs_decision".to_owned()),
        },
        TestValueKind::NotApplicable => match &told {
            Reply::NotApplicable { .. } => Ok(Ok(())),
            Reply::Known { .. }
            | Reply::Unknown { .. }
            | Reply::NeedsDecision { .. }
            | Reply::Error { .. } => wrong("not_applicable".to_owned()),
        },
        TestValueKind::Error => match &told {
            Reply::Error { .. } => Ok(Ok(())),
            Reply::Known { .. }
            | Reply::Unknown { .. }
            | Reply::NeedsDecision { .. }
            | Reply::NotApplicable { .. } => wrong("an error".to_owned()),
        },
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

fn check_cell(
    evaluation: &mut Evaluation,
    row: &ast::Name,
    tier: &ast::Name,
    grid: Option<&ast::Name>,
    value: &TestValue,
) -> Result<Result<(), String>, Broken> {
    let ir = evaluation.program().ir();
    let mut place = None;
    for (grid_at, known) in ir.grids.iter().enumerate() {
        if grid.is_some_and(|name| name.text != known.name) {
            continue;
        }
        let row_at = known
            .rows
            .iter()
            .position(|candidate| candidate.name == row.text);
        let tiers = ir
            .enums
            .get(known.scale as usize)
            .map(|scale| scale.values.as_slice())
            .unwrap_or_default();
        let tier_at = tiers.iter().position(|candidate| *candidate == tier.text);
        if let (Some(row_at), Some(tier_at)) = (row_at, tier_at) {
            place = Some((grid_at, row_at, tier_at));
            break;
        }
    }
    let Some((grid_at, row_at, tier_at)) = place else {
        let rows = ir
            .grids
            .iter()
            .flat_map(|grid| &grid.rows)
            .map(|row| row.name.as_str());
        let hint = nearest(&row.text, rows)
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        return Err(Broken::new(
            row.span,
            format!("no grid has `{}` for `{}`{hint}", row.text, tier.text),
        ));
    };
    let Some(cell) = evaluation.cell(grid_at, row_at, tier_at) else {
        return Err(Broken::new(row.span, "the cell does not exist"));
    };
    let expected = match &value.kind {
        TestValueKind::Empty => return Ok(Ok(())),
        TestValueKind::Value(ast::Expr {
            kind: ast::ExprKind::Name(word),
            ..
        }) => word.clone(),
        TestValueKind::Unknown(_) => "unknown".to_owned(),
        TestValueKind::NeedsDecision(_) => "needs_decision".to_owned(),
        TestValueKind::NotApplicable => "not_applicable".to_owned(),
        TestValueKind::Error => "error".to_owned(),
        TestValueKind::Value(expr) => {
            return Err(Broken::new(
                expr.span,
                "a cell is met, not_met, waived, not_required, preferred_missing, unknown, …",
            ));
        }
    };
    let actual = cell.result.name();
    if actual == expected {
        return Ok(Ok(()));
    }
    Ok(Err(format!(
        "{} for {}: expected {expected}, got {actual}",
        row.text, tier.text
    )))
}

impl TestValue {
    fn kind_is_empty(&self) -> bool {
        matches!(self.kind, TestValueKind::Empty)
    }
}

impl Report {
    /// Whether every case passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// For people.
    #[must_use]
    pub fn text(&self, path: &str, coverage: bool) -> String {
        let mut out = String::new();
        let path = within_line(path);
        for failure in &self.failures {
            out.push_str(&format!(
                "{}:{} \"{}\"\n  {}\n",
                within_line(&failure.file),
                failure.line,
                within_line(&failure.test),
                within_line(&failure.message)
            ));
            for detail in &failure.details {
                out.push_str(&format!("    {}\n", within_line(detail)));
            }
        }
        if self.cases == 0 {
            out.push_str(&format!("{path}: no tests\n"));
        } else {
            let failed = self.failures.len();
            let verdict = if failed == 0 {
                "passed".to_owned()
            } else {
                format!("{failed} failed")
            };
            out.push_str(&format!(
                "{path}: {} cases, {} expectations, {verdict}\n",
                self.cases, self.expectations
            ));
        }
        if coverage {
            out.push_str(&self.coverage.text());
        }
        out
    }

    /// For programs, as it is written by `serde`.
    #[must_use]
    pub fn written<'a>(&'a self, path: &'a str) -> Written<'a> {
        Written {
            program: path,
            cases: self.cases,
            expectations: self.expectations,
            failures: &self.failures,
            coverage: self.coverage.written(),
        }
    }
}

/// What the tests of one program came to, to be written.
#[derive(Debug, Serialize)]
pub struct Written<'a> {
    program: &'a str,
    cases: usize,
    expectations: usize,
    failures: &'a [Failure],
    coverage: IndexMap<String, coverage::Share<'a>>,
}
