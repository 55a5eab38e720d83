//! Diagnostics as text for people, and as JSON, SARIF and workflow commands for programs.

use super::{Diagnostic, Label, Severity};
use crate::report::terminal::{self, within_line};
use crate::source::{Sources, Span};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};
use serde_json::{Value, json};
use std::fmt;

/// How to print diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
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
        Format::Text { color } => text(diagnostics, sources, color),
        Format::Json => pretty(&as_json(diagnostics, accepted, sources)),
        Format::Sarif => pretty(&as_sarif(diagnostics, accepted, sources)),
        Format::Github => github(diagnostics, sources),
    }
}

fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{}\n", terminal::json(&text))
}

/// Lines between two labels that still make one picture.
const FAR: usize = 12;

/// One diagnostic as miette sees it: the labels of one file, the other files as related reports.
#[derive(Debug)]
struct Report {
    diagnostic: Diagnostic,
    source: NamedSource<String>,
    labels: Vec<LabeledSpan>,
    related: Vec<Report>,
    /// For labels shown apart: where they are.
    inner: Option<&'static str>,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.inner {
            return formatter.write_str(place);
        }
        formatter.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if self.inner.is_some() {
            return None;
        }
        let code = self.diagnostic.code;
        Some(Box::new(format!("{} {}", code.number(), code.slug())))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity() {
            _ if self.inner.is_some() => miette::Severity::Advice,
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if self.inner.is_some() {
            return None;
        }
        self.diagnostic
            .help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(
            self.related
                .iter()
                .map(|report| report as &dyn miette::Diagnostic),
        ))
    }
}

fn report(diagnostic: &Diagnostic, sources: &Sources) -> Report {
    let main = diagnostic
        .labels
        .first()
        .map(|label| label.span)
        .unwrap_or_default();
    // Labels of one place are shown in one picture; what is far away gets a picture of its own.
    let line = |span: Span| sources.position(span).line;
    let near = |span: Span| span.file == main.file && line(span).abs_diff(line(main)) <= FAR;
    let mut apart: Vec<(u32, usize)> = Vec::new();
    for label in diagnostic.labels.iter().filter(|label| !near(label.span)) {
        let own = label.span.file == main.file;
        let place = (label.span.file, if own { line(label.span) } else { 0 });
        if !apart.contains(&place) {
            apart.push(place);
        }
    }
    let part = |file: u32, at: Option<usize>, related: Vec<Report>| {
        let (path, text) = sources
            .get(file)
            .map(|file| {
                let path = within_line(&file.path).into_owned();
                (path, terminal::source(&file.text).into_owned())
            })
            .unwrap_or_default();
        let labels = diagnostic
            .labels
            .iter()
            .filter(|label| match at {
                None => near(label.span),
                Some(0) => label.span.file == file,
                Some(at) => label.span.file == file && line(label.span) == at,
            })
            .map(|Label { span, text }| {
                let length = span.end.saturating_sub(span.start) as usize;
                let words = (!text.is_empty()).then(|| text.clone());
                LabeledSpan::new(words, span.start as usize, length)
            })
            .collect();
        Report {
            diagnostic: diagnostic.clone(),
            source: NamedSource::new(path, text),
            labels,
            related,
            inner: match at {
                None => None,
                Some(0) => Some("in another file"),
                Some(_) => Some("elsewhere in this file"),
            },
        }
    };
    let related = apart
        .into_iter()
        .map(|(file, at)| part(file, Some(at), Vec::new()))
        .collect();
    part(main.file, None, related)
}

fn text(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let theme = if color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(100)
        .with_wrap_lines(true);
    let mut out = String::new();
    for diagnostic in diagnostics {
        // Writing into a string does not fail.
        let _ = handler.render_report(&mut out, &report(&shown(diagnostic), sources));
        out.push('\n');
    }
    out
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
