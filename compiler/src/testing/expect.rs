//! Outcomes against expectations.

use super::{Broken, facts};
use crate::diagnostics::nearest;
use crate::report::summary::outcome_words;
use crate::syntax::ast::{self, TestColumn, TestValue, TestValueKind};
use polc_runtime::facts::leaf_text;
use polc_runtime::ir::{self, Type};
use polc_runtime::result::{Reply, plain_text, reply};
use polc_runtime::value::{Leaf, Outcome, Step};
use polc_runtime::{Evaluation, Program};
use serde_json::Value;

/// `Ok(Err(words))` when the expectation is not met.
pub(crate) fn check(
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
    let mut alone = program.definitions.iter();
    let named = |known: &&ir::Definition| known.name == name && known.parameters.is_empty();
    if let Some(definition) = alone.find(named) {
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
        | Reply::Error { .. } => outcome_words(&told),
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
        other @ (Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
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

/// What an expectation is about.
pub(super) fn expected(ir: &ir::Program, name: &ast::Name) -> Result<(ir::NodeId, Type), Broken> {
    named(ir, &name.text).ok_or_else(|| {
        let rule = ir.definitions.iter().find(|known| known.name == name.text);
        if rule.is_some() {
            return Broken::new(
                name.span,
                format!(
                    "`{}` has parameters; expect something of a decision that asks for it",
                    name.text
                ),
            );
        }
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
