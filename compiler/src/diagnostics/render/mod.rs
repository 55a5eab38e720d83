//! Diagnostics as text for people, and as JSON, SARIF and workflow commands for programs.

#[cfg(feature = "cli")]
mod excerpt;

use super::{Diagnostic, Label, Severity};
use crate::report::terminal::{self, within_line};
use crate::source::{Sources, Span};
use serde_json::{Value, json};

/// How to print diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, one line for each and one for its help.
    Lines,
    /// For people, with excerpts of the source; with the feature `cli`.
    #[cfg(feature = "cli")]
    Text {
        /// With colour.
        color: bool,
    },
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands.
    Github,
}

/// Prints diagnostics in their order.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, format: Format) -> String {
    render_all(diagnostics, &[], sources, format)
}

/// Prints diagnostics, and for programs those that were accepted, with why.
#[must_use]
pub fn render_all(
    diagnostics: &[Diagnostic],
    accepted: &[(Diagnostic, String)],
    sources: &Sources,
    format: Format,
) -> String {
    match format {
        Format::Lines => lines(diagnostics, sources),
        #[cfg(feature = "cli")]
        Format::Text { color } => excerpt::text(diagnostics, sources, color),
        Format::Json => pretty(&as_json(diagnostics, accepted, sources)),
        Format::Sarif => pretty(&as_sarif(diagnostics, accepted, sources)),
        Format::Github => github(diagnostics, sources),
    }
}

fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{}\n", terminal::json(&text))
}

/// A finding whose words do not steer a terminal, whatever they quote.
fn shown(diagnostic: &Diagnostic) -> Diagnostic {
    let mut shown = diagnostic.clone();
    let words = shown.labels.iter_mut().map(|label| &mut label.text);
    for text in words.chain([&mut shown.message]).chain(&mut shown.help) {
        *text = within_line(text).into_owned();
    }
    shown
}

/// `t.pol:4:16: error P0201 syntax-error: …` and its help.
fn lines(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for finding in diagnostics.iter().map(shown) {
        if let Some(label) = finding.labels.first() {
            let path = sources.get(label.span.file).map(|file| file.path.as_str());
            let at = sources.position(label.span);
            let path = within_line(path.unwrap_or_default());
            out.push_str(&format!("{path}:{}:{}: ", at.line, at.column));
        }
        let (severity, code) = (word(finding.severity()), finding.code);
        let message = &finding.message;
        out.push_str(&format!(
            "{severity} {} {}: {message}\n",
            code.number(),
            code.slug()
        ));
        if let Some(help) = &finding.help {
            out.push_str(&format!("  help: {help}\n"));
        }
    }
    out
}

fn place(span: Span, sources: &Sources) -> Value {
    let path = sources
        .get(span.file)
        .map(|file| file.path.clone())
        .unwrap_or_default();
    let start = sources.position(span);
    let end = sources.position(Span {
        start: span.end,
        ..span
    });
    json!({
        "file": path,
        "line": start.line, "column": start.column,
        "end_line": end.line, "end_column": end.column,
        "start": span.start, "end": span.end,
    })
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn json_of(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let mut value = place(label.span, sources);
            if let Value::Object(fields) = &mut value {
                fields.insert("text".to_owned(), json!(label.text));
            }
            value
        })
        .collect();
    let mut value = json!({
        "code": diagnostic.code.number(),
        "slug": diagnostic.code.slug(),
        "severity": word(diagnostic.severity()),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "labels": labels,
    });
    if let (Some(fix), Value::Object(fields)) = (&diagnostic.fix, &mut value) {
        let mut edit = place(fix.span, sources);
        if let Value::Object(edit) = &mut edit {
            edit.insert("text".to_owned(), json!(fix.text));
        }
        fields.insert("fix".to_owned(), edit);
    }
    value
}

fn as_json(
    diagnostics: &[Diagnostic],
    accepted: &[(Diagnostic, String)],
    sources: &Sources,
) -> Value {
    let list: Vec<Value> = diagnostics
        .iter()
        .map(|each| json_of(each, sources))
        .collect();
    let mut whole = json!({ "format": 1, "diagnostics": list });
    let accepted: Vec<Value> = accepted
        .iter()
        .map(|(finding, because)| {
            let mut value = json_of(finding, sources);
            if let Value::Object(fields) = &mut value {
                fields.insert("because".to_owned(), json!(because));
            }
            value
        })
        .collect();
    if let (false, Value::Object(fields)) = (accepted.is_empty(), &mut whole) {
        fields.insert("accepted".to_owned(), Value::Array(accepted));
    }
    whole
}

fn as_sarif(
    diagnostics: &[Diagnostic],
    accepted: &[(Diagnostic, String)],
    sources: &Sources,
) -> Value {
    let all = || {
        let open = diagnostics.iter().map(|diagnostic| (diagnostic, None));
        let accepted = accepted.iter().map(|(finding, why)| (finding, Some(why)));
        open.chain(accepted)
    };
    let mut codes: Vec<_> = all().map(|(diagnostic, _)| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| json!({ "id": code.number(), "name": code.slug() }))
        .collect();
    let location = |label: &Label| {
        let path = sources
            .get(label.span.file)
            .map(|file| file.path.clone())
            .unwrap_or_default();
        let start = sources.position(label.span);
        let end = sources.position(Span {
            start: label.span.end,
            ..label.span
        });
        json!({
            "physicalLocation": {
                "artifactLocation": { "uri": path },
                "region": {
                    "startLine": start.line, "startColumn": start.column,
                    "endLine": end.line, "endColumn": end.column,
                },
            },
            "message": { "text": label.text },
        })
    };
    let results: Vec<Value> = all()
        .map(|(diagnostic, accepted)| {
            let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            let mut result = json!({
                "ruleId": diagnostic.code.number(),
                "level": word(diagnostic.severity()),
                "message": { "text": format!("{}{help}", diagnostic.message) },
                "locations": diagnostic.labels.iter().take(1).map(location).collect::<Vec<_>>(),
                "relatedLocations": diagnostic.labels.iter().skip(1).map(location).collect::<Vec<_>>(),
            });
            if let (Some(why), Value::Object(fields)) = (accepted, &mut result) {
                let accepted = json!([{ "kind": "inSource", "justification": why }]);
                fields.insert("suppressions".to_owned(), accepted);
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "polc", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn github(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let escape = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let mut out = String::new();
    for diagnostic in diagnostics.iter().map(shown) {
        let span = diagnostic
            .labels
            .first()
            .map(|label| label.span)
            .unwrap_or_default();
        let path = sources
            .get(span.file)
            .map(|file| file.path.as_str())
            .unwrap_or_default();
        let at = sources.position(span);
        let help = diagnostic
            .help
            .as_ref()
            .map(|help| format!("\n{help}"))
            .unwrap_or_default();
        out.push_str(&format!(
            "::{} file={},line={},col={},title={}::{}\n",
            word(diagnostic.severity()),
            property(&within_line(path)),
            at.line,
            at.column,
            property(&format!(
                "{} {}",
                diagnostic.code.number(),
                diagnostic.code.slug()
            )),
            escape(&format!("{}{help}", diagnostic.message)),
        ));
    }
    out
}
