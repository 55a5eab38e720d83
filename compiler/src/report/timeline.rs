//! A timeline in words, and as a Mermaid diagram.

use super::drawing::{mermaid as mermaid_text, mermaid_bar};
use super::summary::decision_words;
use super::terminal::within_line;
use polc_runtime::ir;
use polc_runtime::result::Reply;
use polc_runtime::{Change, Timeline};

/// The timeline for people: a block for each day on which something happens.
#[must_use]
pub fn text(program: &ir::Program, id: Option<&str>, line: &Timeline) -> String {
    let mut out = format!(
        "{} {}, {}, from {} through {}\n",
        within_line(&program.name),
        within_line(&program.version),
        within_line(id.unwrap_or("one partner")),
        line.from,
        line.to
    );
    for (at, point) in line.points.iter().enumerate() {
        out.push_str(&format!("\n{}", point.on));
        if !point.events.is_empty() {
            out.push_str(&format!("  {}", within_line(&point.events.join(", "))));
        }
        out.push('\n');
        let width = point
            .changes
            .keys()
            .map(|name| within_line(name).len())
            .max();
        for (name, Change { from, to }) in &point.changes {
            let width = width.unwrap_or(0);
            let now = words(program, name, to);
            let shown = within_line(name);
            // The first day is the state of things, not a change.
            match from.as_ref().filter(|_| at > 0) {
                Some(from) => {
                    let before = words(program, name, from);
                    out.push_str(&format!("  {shown:width$}  {now}  (was {before})\n"));
                }
                None => out.push_str(&format!("  {shown:width$}  {now}\n")),
            }
        }
    }
    if let Some(stopped) = &line.stopped {
        let (on, because) = (stopped.on, &stopped.because);
        out.push_str(&format!("\nNot looked at from {on} on: {because}\n"));
    }
    if !line.daily.is_empty() {
        out.push_str(&format!(
            "\nCounting with the days, shown only beside other changes: {}\n",
            within_line(&line.daily.join(", "))
        ));
    }
    out
}

fn words(program: &ir::Program, name: &str, reply: &Reply) -> String {
    within_line(&decision_words(program, name, reply)).into_owned()
}

/// The timeline as a Mermaid Gantt chart: a bar for each span in which a decision stays the same.
#[must_use]
pub fn mermaid(program: &ir::Program, id: Option<&str>, line: &Timeline) -> String {
    let mut out = format!(
        "gantt\n  title {} {}\n  dateFormat YYYY-MM-DD\n",
        mermaid_text(&program.name),
        mermaid_text(id.unwrap_or_default())
    );
    for definition in &program.definitions {
        let name = &definition.name;
        if line.daily.contains(name) {
            continue;
        }
        let mut spans: Vec<(String, String)> = Vec::new();
        for point in &line.points {
            if let Some(change) = point.changes.get(name) {
                spans.push((point.on.to_string(), words(program, name, &change.to)));
            }
        }
        // What never changes is no line of time.
        if spans.len() < 2 {
            continue;
        }
        let section = match definition.label.as_str() {
            "" => name.replace('_', " "),
            label => label.to_owned(),
        };
        out.push_str(&format!("  section {}\n", mermaid_text(&section)));
        let ends = spans.iter().skip(1).map(|(on, _)| on.clone());
        let last = line.to.checked_add_days(1).unwrap_or(line.to).to_string();
        for ((on, what), end) in spans.iter().zip(ends.chain([last])) {
            out.push_str(&format!("  {} :{on}, {end}\n", mermaid_bar(what)));
        }
    }
    let events: Vec<(String, &String)> = line
        .points
        .iter()
        .flat_map(|point| {
            point
                .events
                .iter()
                .map(|event| (point.on.to_string(), event))
        })
        .collect();
    if !events.is_empty() {
        out.push_str("  section events\n");
        for (on, event) in events {
            out.push_str(&format!("  {} :milestone, {on}, 0d\n", mermaid_bar(event)));
        }
    }
    out
}
