//! Findings accepted in writing, and `accept` that nothing needs.

use super::Compilation;
use crate::diagnostics::{Code, Diagnostic, order};

/// A finding that was accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The finding.
    pub finding: Diagnostic,
    /// Why it was accepted.
    pub because: String,
}

impl Compilation {
    /// Sets aside the findings that are accepted on their line.
    pub(super) fn accept(&mut self) {
        let list = std::mem::take(&mut self.diagnostics);
        for finding in list {
            let place = finding.labels.first().map(|label| label.span);
            let accept = self.accepts.iter_mut().find(|(accept, _)| {
                accept.code.text == finding.code.number()
                    && place.is_some_and(|place| {
                        place.file == accept.line.file
                            && (accept.line.start..=accept.line.end).contains(&place.start)
                    })
            });
            match accept {
                Some((accept, needed)) => {
                    *needed += 1;
                    let because = accept.because.clone();
                    self.accepted.push(Accepted { finding, because });
                }
                None => self.diagnostics.push(finding),
            }
        }
    }

    /// Warns of every `accept` that nothing needed. Tests are looked into by `check` only.
    pub(super) fn stale(&mut self, of_tests: bool) {
        if self.program.is_none() {
            return;
        }
        for (accept, needed) in &self.accepts {
            let code = &accept.code.text;
            if *needed == 0 && code.starts_with("P08") == of_tests {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::StaleAccept,
                        accept.span,
                        format!("`{code}` does not occur here"),
                    )
                    .help("remove this `accept`, or move it to the line it is about")
                    .fix(accept.span, ""),
                );
            }
        }
        order(&mut self.diagnostics);
    }
}
