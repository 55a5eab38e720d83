//! The text form of a result: every decision on a line, then what it rests on.

use super::terminal::within_line;
use polc_runtime::ir::{self, Type};
use polc_runtime::result::{CellReply, Datum, Level, Need, Reply, SoFar};
use polc_runtime::{Alternative, CellResult, Report, words};

/// The result for people.
#[must_use]
pub fn text(report: &Report, program: &ir::Program) -> String {
    let who = match report.id.as_deref() {
        None | Some("") => "one partner",
        Some(id) => id,
    };
    let mut lines = vec![
        format!(
            "{} {}, {who}, as of {}",
            report.program, report.version, report.as_of
        ),
        String::new(),
    ];
    let width = width(report.decisions.keys());
    for (name, reply) in &report.decisions {
        let words = decision_words(program, name, reply);
        lines.push(format!("{:width$}  {words}", within_line(name)));
    }
    if !report.requirements.is_empty() {
        lines.extend([String::new(), "Requirements".to_owned()]);
        for (tier, rows) in &report.requirements {
            let width = self::width(rows.keys());
            lines.push(format!("  {tier}"));
            for (row, cell) in rows {
                lines.push(format!(
                    "    {:width$}  {}",
                    within_line(row),
                    cell_words(cell)
                ));
            }
        }
    }
    if !report.readings.is_empty() {
        lines.extend([String::new(), "Readings".to_owned()]);
        for (name, alternative) in &report.readings {
            let reading = program.readings.iter().find(|one| one.name == *name);
            let because = reading.map_or("", |reading| reading.because.as_str());
            lines.push(format!("  {name}: {alternative} ({because})"));
        }
    }
    if let Some(found) = &report.alternatives {
        alternatives(found, program, &mut lines);
    }
    for (title, items) in [
        ("Assumptions", &report.assumptions),
        ("Notes", &report.notes),
    ] {
        if !items.is_empty() {
            lines.extend([String::new(), title.to_owned()]);
            lines.extend(items.iter().map(|item| format!("  {item}")));
        }
    }
    let mut out = String::new();
    for line in lines {
        out.push_str(&within_line(&line));
        out.push('\n');
    }
    out
}

/// The width of the longest name, as it is printed.
fn width<'n>(names: impl Iterator<Item = &'n String>) -> usize {
    names.map(|name| within_line(name).len()).max().unwrap_or(0)
}

/// What would be answered under other readings.
fn alternatives(found: &[Alternative], program: &ir::Program, lines: &mut Vec<String>) {
    lines.push(String::new());
    if found.is_empty() {
        lines.push("Under any other reading the answers are the same.".to_owned());
        return;
    }
    lines.push("Under other readings".to_owned());
    for each in found {
        lines.push(format!(
            "  {}: {} (instead of {})",
            each.reading, each.alternative, each.chosen
        ));
        for (name, change) in &each.changes {
            let from = change.from.as_ref();
            let from = from.map(|from| decision_words(program, name, from));
            lines.push(format!(
                "    {name}: {} (was {})",
                decision_words(program, name, &change.to),
                from.unwrap_or_default()
            ));
        }
    }
}

/// What a decision comes to, in words; its number wears its sign: `5%`, `$400,000`.
#[must_use]
pub fn decision_words(program: &ir::Program, name: &str, reply: &Reply) -> String {
    let definition = program.definitions.iter().find(|each| each.name == name);
    let mut ty = definition.map(|each| &each.ty);
    while let Some(Type::Optional(inner)) = ty {
        ty = Some(inner);
    }
    match (reply, ty) {
        (
            Reply::Known {
                value: Datum::Text(text),
            },
            Some(Type::Percent),
        ) => format!("{text}%"),
        (
            Reply::Known {
                value: Datum::Text(text),
            },
            Some(Type::Money),
        ) => words::money(text, &within_line(&program.currency)),
        _ => outcome_words(reply),
    }
}

/// A cell of a grid in words.
#[must_use]
pub fn cell_words(cell: &CellReply) -> String {
    let mut text = cell.result.name().replace('_', " ");
    if let Some(by) = &cell.by {
        text.push_str(&format!(" by {by}"));
    }
    if let Some(otherwise) = cell.otherwise {
        let otherwise = otherwise.name().replace('_', " ");
        text.push_str(&format!(", otherwise {otherwise}"));
    }
    match (&cell.have, &cell.need) {
        (_, Some(Need::Level(Level::Preferred)))
            if cell.result == CellResult::PreferredMissing && cell.by.is_none() => {}
        (_, Some(Need::Level(level))) => text.push_str(&format!(" ({})", level.name())),
        (Some(have), Some(Need::Value(need))) => {
            text.push_str(&format!(" (have {}, need {})", plain(have), plain(need)));
        }
        (None, Some(Need::Value(need))) => text.push_str(&format!(" (need {})", plain(need))),
        (_, None) => {}
    }
    text
}

/// An outcome in words.
#[must_use]
pub fn outcome_words(reply: &Reply) -> String {
    let judgements = || {
        reply.judgements().map(|asked| {
            let permitted: Vec<String> = asked.permitted.iter().map(plain).collect();
            let permitted = permitted.join(", ");
            format!("{} by {} ({permitted})", asked.judgement, asked.by)
        })
    };
    match reply {
        Reply::Known { value } => plain(value),
        Reply::Unknown { needs, so_far } => {
            let needs: Vec<String> = needs.iter().cloned().chain(judgements()).collect();
            let between = between(so_far);
            if needs.is_empty() {
                let because = so_far.because.as_deref().unwrap_or_default();
                return format!("unknown{between}: {because}");
            }
            format!("unknown{between}: needs {}", needs.join(", "))
        }
        Reply::NeedsDecision { .. } => {
            let judgements: Vec<String> = judgements().collect();
            format!("needs a decision: {}", judgements.join(", "))
        }
        Reply::NotApplicable { because } => format!("not applicable: {because}"),
        Reply::Error { because, .. } => format!("error: {because}"),
    }
}

/// How low and how high an open value on a scale may be, where it certainly is one.
fn between(so_far: &SoFar) -> String {
    match (&so_far.at_least, &so_far.at_most) {
        (Some(Datum::Text(low)), Some(Datum::Text(high))) => format!(", from {low} to {high}"),
        _ => String::new(),
    }
}

/// A value without quotes and braces.
fn plain(value: &Datum) -> String {
    match value {
        Datum::None => "none".to_owned(),
        Datum::Bool(true) => "yes".to_owned(),
        Datum::Bool(false) => "no".to_owned(),
        Datum::Whole(number) => number.to_string(),
        Datum::Text(text) => text.clone(),
        Datum::List(items) if items.is_empty() => "nothing".to_owned(),
        Datum::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Datum::Part(reply) => format!("({})", outcome_words(reply)),
        Datum::Record(fields) => {
            let parts: Vec<String> = fields
                .iter()
                .filter(|(_, value)| **value != Datum::None)
                .map(|(name, value)| format!("{} {}", name.replace('_', " "), plain(value)))
                .collect();
            format!("({})", parts.join(", "))
        }
    }
}
