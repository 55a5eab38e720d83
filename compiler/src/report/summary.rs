//! The text form of a result: every decision on a line, then what it rests on.

use super::terminal;
use polc_runtime::ir::{self, Type};
use polc_runtime::words;
use serde_json::{Map, Value};

/// The result for people.
#[must_use]
pub fn text(report: &Value, program: &ir::Program) -> String {
    let report = &terminal::tree(report);
    let empty = Map::new();
    let field = |name: &str| {
        report
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let decisions = report
        .get("decisions")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let who = match field("id") {
        id if id.is_empty() => "one partner".to_owned(),
        id => id,
    };
    let mut out = format!(
        "{} {}, {who}, as of {}\n\n",
        field("program"),
        field("version"),
        field("as_of")
    );
    let width = decisions.keys().map(String::len).max().unwrap_or(0);
    for (name, outcome) in decisions {
        let definition = program.definitions.iter().find(|each| each.name == *name);
        let signed = definition
            .map(|each| signed(program, &each.ty, outcome))
            .unwrap_or_default();
        out.push_str(&format!("{name:width$}  {}\n", outcome_words(&signed)));
    }
    if let Some(tiers) = report.get("requirements").and_then(Value::as_object)
        && !tiers.is_empty()
    {
        out.push_str("\nRequirements\n");
        for (tier, rows) in tiers {
            let rows = rows.as_object().unwrap_or(&empty);
            let width = rows.keys().map(String::len).max().unwrap_or(0);
            out.push_str(&format!("  {tier}\n"));
            for (row, cell) in rows {
                out.push_str(&format!("    {row:width$}  {}\n", cell_words(cell)));
            }
        }
    }
    let readings = report
        .get("readings")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    if !readings.is_empty() {
        out.push_str("\nReadings\n");
        for (name, alternative) in readings {
            let because = program
                .readings
                .iter()
                .find(|reading| reading.name == *name)
                .map(|reading| terminal::within_line(&reading.because))
                .unwrap_or_default();
            out.push_str(&format!("  {name}: {} ({because})\n", plain(alternative)));
        }
    }
    if let Some(found) = report.get("alternatives").and_then(Value::as_array) {
        out.push_str(&alternatives(found, program));
    }
    for (title, key) in [("Assumptions", "assumptions"), ("Notes", "notes")] {
        let items = report
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        if !items.is_empty() {
            out.push_str(&format!("\n{title}\n"));
            for item in items {
                out.push_str(&format!("  {}\n", plain(&item)));
            }
        }
    }
    out
}

/// What would be answered under other readings.
fn alternatives(found: &[Value], program: &ir::Program) -> String {
    if found.is_empty() {
        return "\nUnder any other reading the answers are the same.\n".to_owned();
    }
    let mut out = "\nUnder other readings\n".to_owned();
    for each in found {
        let word = |name: &str| each.get(name).map(plain).unwrap_or_default();
        out.push_str(&format!(
            "  {}: {} (instead of {})\n",
            word("reading"),
            word("alternative"),
            word("chosen")
        ));
        for (name, change) in each
            .get("changes")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let definition = program.definitions.iter().find(|each| each.name == *name);
            let words = |key: &str| {
                let outcome = change.get(key).cloned().unwrap_or_default();
                match definition {
                    Some(each) => outcome_words(&signed(program, &each.ty, &outcome)),
                    None => outcome_words(&outcome),
                }
            };
            out.push_str(&format!(
                "    {name}: {} (was {})\n",
                words("to"),
                words("from")
            ));
        }
    }
    out
}

/// An outcome whose number wears its sign: `5%`, `$400,000`.
#[must_use]
pub fn signed(program: &ir::Program, ty: &Type, outcome: &Value) -> Value {
    let mut ty = ty;
    while let Type::Optional(inner) = ty {
        ty = inner;
    }
    let mut outcome = outcome.clone();
    if let Some(Value::String(text)) = outcome.get_mut("value") {
        match ty {
            Type::Percent => text.push('%'),
            Type::Money => *text = words::money(text, &terminal::within_line(&program.currency)),
            _ => {}
        }
    }
    outcome
}

/// A cell whose amounts wear their sign, by the type of what it needs.
#[must_use]
pub fn signed_cell(program: &ir::Program, ty: Option<&Type>, cell: &Value) -> Value {
    let mut cell = cell.clone();
    let Some(ty) = ty else { return cell };
    for key in ["have", "need"] {
        if let Some(part) = cell.get_mut(key) {
            let outcome = signed(program, ty, &serde_json::json!({ "value": part.clone() }));
            *part = outcome.get("value").cloned().unwrap_or_default();
        }
    }
    cell
}

/// A cell of a grid in words.
#[must_use]
pub fn cell_words(cell: &Value) -> String {
    let word = |name: &str| cell.get(name).map(plain);
    let mut text = word("result").unwrap_or_default().replace('_', " ");
    if let Some(by) = word("by") {
        text.push_str(&format!(" by {by}"));
    }
    if let Some(otherwise) = word("otherwise") {
        text.push_str(&format!(", otherwise {}", otherwise.replace('_', " ")));
    }
    match (word("have"), word("need")) {
        (_, Some(need)) if need == "preferred" && text == "preferred missing" => {}
        (_, Some(need)) if need == "mandatory" || need == "preferred" => {
            text.push_str(&format!(" ({need})"));
        }
        (Some(have), Some(need)) => text.push_str(&format!(" (have {have}, need {need})")),
        (None, Some(need)) => text.push_str(&format!(" (need {need})")),
        _ => {}
    }
    text
}

/// An outcome in words.
#[must_use]
pub fn outcome_words(outcome: &Value) -> String {
    let list = |name: &str| -> Vec<String> {
        outcome
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(plain)
            .collect()
    };
    let judgements = || -> Vec<String> {
        outcome
            .get("judgements")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|item| {
                let part = |name: &str| item.get(name).map(plain).unwrap_or_default();
                let permitted: Vec<String> = item
                    .get("permitted")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .map(plain)
                    .collect();
                format!(
                    "{} by {} ({})",
                    part("judgement"),
                    part("by"),
                    permitted.join(", ")
                )
            })
            .collect()
    };
    let because = || outcome.get("because").map(plain).unwrap_or_default();
    match outcome
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "known" => outcome.get("value").map(plain).unwrap_or_default(),
        "unknown" => {
            let mut needs = list("needs");
            needs.extend(judgements());
            if needs.is_empty() {
                return format!("unknown{}: {}", between(outcome), because());
            }
            format!("unknown{}: needs {}", between(outcome), needs.join(", "))
        }
        "needs_decision" => format!("needs a decision: {}", judgements().join(", ")),
        "not_applicable" => format!("not applicable: {}", because()),
        _ => format!("error: {}", because()),
    }
}

/// How low and how high an open value on a scale may be, where it certainly is one.
fn between(outcome: &Value) -> String {
    let end = |name: &str| outcome.get(name).and_then(Value::as_str);
    match (end("at_least"), end("at_most")) {
        (Some(low), Some(high)) => format!(", from {low} to {high}"),
        _ => String::new(),
    }
}

/// Whether an object stands for a part that is not a known value.
fn is_outcome(fields: &Map<String, Value>) -> bool {
    let status = fields.get("status").and_then(Value::as_str);
    match status {
        Some("not_applicable" | "error") => fields.contains_key("because"),
        Some("unknown" | "needs_decision") => fields.contains_key("judgements"),
        _ => false,
    }
}

/// A JSON value without quotes and braces.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "nothing".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) if is_outcome(fields) => format!("({})", outcome_words(value)),
        Value::Object(fields) => {
            let parts: Vec<String> = fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| format!("{} {}", name.replace('_', " "), plain(value)))
                .collect();
            format!("({})", parts.join(", "))
        }
    }
}
