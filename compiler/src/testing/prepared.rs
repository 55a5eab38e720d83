//! A case ready to be evaluated: its facts, its day and its readings.

use super::facts::Writer;
use super::{Broken, Case};
use crate::diagnostics::nearest;
use crate::syntax::ast::{self, TestColumn, TestValue, TestValueKind};
use polc_runtime::Options;
use polc_runtime::facts::Facts;
use polc_runtime::ir;
use polc_runtime::value::Date;

/// A case ready to be evaluated.
pub(crate) struct Prepared<'p> {
    pub(super) writer: Writer<'p>,
    pub(crate) facts: Facts,
    pub(crate) as_of: Date,
    pub(crate) options: Options,
}

pub(crate) fn prepare<'p>(ir: &'p ir::Program, case: &Case) -> Result<Prepared<'p>, Broken> {
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

fn date(expr: &ast::Expr) -> Result<Date, Broken> {
    let ast::ExprKind::Literal(ast::Literal::Date(text)) = &expr.kind else {
        return Err(Broken::new(expr.span, "a date is wanted here"));
    };
    Date::parse(text).ok_or_else(|| Broken::new(expr.span, format!("there is no date `{text}`")))
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
