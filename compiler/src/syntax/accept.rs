//! `accept P0711 because "…"` at the end of a line: a finding somebody has looked at. It may stand on any line, so
//! it is read before the grammar, like a comment.

use super::ast::Name;
use super::text::{self, Cut};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, nearest};
use crate::source::{FileId, Span};

const FORM: &str = "write `accept P0711 because \"why\"` at the end of the line it is about";

/// A finding accepted in writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// The code, as written.
    pub code: Name,
    /// Why.
    pub because: String,
    /// From `accept` to the closing quote.
    pub span: Span,
    /// The line it is about.
    pub line: Span,
}

/// The code and the reason; the text begins with `accept`.
fn parts(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("accept")?.trim_start();
    let (code, rest) = rest.split_once(' ')?;
    let reason = rest.trim_start().strip_prefix("because")?.trim_start();
    let reason = reason.strip_prefix('"')?.strip_suffix('"')?;
    (!reason.contains('"')).then_some((code, reason))
}

/// Reads what was found in a file, and reports what cannot be accepted.
pub(super) fn read(
    file: FileId,
    source: &str,
    cut: &Cut,
    diagnostics: &mut Diagnostics,
) -> Vec<Accept> {
    let mut accepts = Vec::new();
    for found in &cut.accepts {
        let span = text::span(file, found.start, found.end);
        let mut report = |place: Span, message: String, help: String| {
            diagnostics.push(Diagnostic::new(Code::BadAccept, place, message).help(help));
        };
        let Some((code, because)) = source.get(found.start..found.end).and_then(parts) else {
            report(
                span,
                "this is no whole `accept`".to_owned(),
                FORM.to_owned(),
            );
            continue;
        };
        let at = found.start
            + source
                .get(found.start..)
                .and_then(|rest| rest.find(code))
                .unwrap_or(0);
        let place = text::span(file, at, at + code.len());
        let mut lines = cut.chunks.iter().flat_map(|chunk| &chunk.lines);
        let line = lines.find(|line| (line.start..=line.end).contains(&found.content));
        let known = Code::ALL.iter().find(|known| known.number() == code);
        match (known, line) {
            (None, _) => {
                let near = nearest(code, Code::ALL.iter().map(|known| known.number()));
                let help = near.map_or_else(
                    || "write the code that `polc check` prints".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                report(place, format!("there is no finding `{code}`"), help);
            }
            (Some(known), _) if known.severity() == Severity::Error => report(
                place,
                format!("`{code}` is an error, and errors cannot be accepted"),
                format!("mend it; `polc explain {code}` says how"),
            ),
            (Some(Code::StaleAccept), _) => report(
                place,
                format!("`{code}` says that an `accept` is not needed, and cannot be accepted"),
                "remove the `accept` that is not needed".to_owned(),
            ),
            (Some(_), _) if because.trim().is_empty() => {
                report(
                    span,
                    "this `accept` gives no reason".to_owned(),
                    FORM.to_owned(),
                );
            }
            (Some(_), None) => {
                report(
                    span,
                    "this `accept` stands alone".to_owned(),
                    FORM.to_owned(),
                );
            }
            (Some(_), Some(line)) => accepts.push(Accept {
                code: Name {
                    text: code.to_owned(),
                    span: place,
                },
                because: because.to_owned(),
                span,
                line: text::span(file, line.start, line.end),
            }),
        }
    }
    accepts
}
