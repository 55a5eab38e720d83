//! Tests that cannot be run as they are written.

use super::expect::expected;
use super::{Broken, cases, facts, prepared::prepare};
use crate::diagnostics::{Code, Diagnostic};
use crate::syntax::ast::{self, TestColumn, TestValue, TestValueKind};
use polc_runtime::ir::{self, Type};

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
        TestValueKind::Empty
        | TestValueKind::Value(_)
        | TestValueKind::Unknown(_)
        | TestValueKind::NeedsDecision(_)
        | TestValueKind::NotApplicable
        | TestValueKind::Error => Ok(()),
    };
    let TestColumn::Expect(name) = column else {
        return match column {
            TestColumn::ExpectCell { .. } => renamed(None),
            TestColumn::Fact(_)
            | TestColumn::AsOf(_)
            | TestColumn::Expect(_)
            | TestColumn::Note(_) => Ok(()),
        };
    };
    let (_, ty) = expected(ir, name)?;
    renamed(Some(&ty))?;
    match &value.kind {
        TestValueKind::Value(expr) => facts::constant(ir, &ty, expr).map(|_| ()),
        TestValueKind::Empty
        | TestValueKind::Unknown(_)
        | TestValueKind::NeedsDecision(_)
        | TestValueKind::NotApplicable
        | TestValueKind::Error => Ok(()),
    }
}

fn is_word(expr: &ast::Expr, word: &str) -> bool {
    matches!(&expr.kind, ast::ExprKind::Name(name) if name == word)
}
