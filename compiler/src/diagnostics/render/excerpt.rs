//! Findings with excerpts of the source around them, for a terminal.

use super::shown;
use crate::diagnostics::{Diagnostic, Label, Severity};
use crate::report::terminal::{self, within_line};
use crate::source::{Sources, Span};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};
use std::fmt;

/// Lines between two labels that still make one excerpt.
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
    // Labels of one place are shown in one excerpt; what is far away gets an excerpt of its own.
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

pub(super) fn text(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
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
