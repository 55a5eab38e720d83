//! Diagnostics: one code, a message with the cause, labels with the places, a help with the cure.

mod codes;
mod otherwise;
mod render;
mod suggest;

pub use codes::{Code, Severity};
pub(crate) use otherwise::{other_values, unnamed_otherwise};
pub use render::{Format, render, render_all};
pub use suggest::{all_nearest, nearest};

use crate::source::Span;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind.
    pub code: Code,
    /// The cause: one sentence, lower case, no full stop, user text in backticks.
    pub message: String,
    /// The places; the first is the main one.
    pub labels: Vec<Label>,
    /// The cure.
    pub help: Option<String>,
    /// The cure as an edit, where it is certain.
    pub fix: Option<Fix>,
}

/// What to write in place of a piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The piece.
    pub span: Span,
    /// What belongs there.
    pub text: String,
}

/// A place and what it has to do with the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// Why it is shown; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// A finding at a place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            message: message.into(),
            labels: vec![Label {
                span,
                text: String::new(),
            }],
            help: None,
            fix: None,
        }
    }

    /// The words beside the main place.
    #[must_use]
    pub fn at(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// The cure.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The cure as an edit.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        self.fix = Some(Fix { span, text });
        self
    }

    /// The same finding where its files stand so many places later.
    #[must_use]
    pub fn shifted(mut self, by: u32) -> Self {
        for label in &mut self.labels {
            label.span.file += by;
        }
        if let Some(fix) = &mut self.fix {
            fix.span.file += by;
        }
        self
    }

    /// Error or warning.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Orders findings by cause, then by place: errors before warnings, and what is found earlier in a program (its
/// files, its syntax, its names, its types …) before what may follow from it.
pub fn order(list: &mut [Diagnostic]) {
    let place = |finding: &Diagnostic| finding.labels.first().map(|label| label.span);
    list.sort_by_key(|finding| {
        let code = finding.code;
        (code.severity(), code.stage(), place(finding), code)
    });
}

/// Findings of a run, in the order they were made.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether anything is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// The findings in their [`order`], repeated ones once.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        order(&mut self.list);
        self.list.dedup();
        self.list
    }

    /// How many findings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes back all findings but the first so many.
    pub fn truncate(&mut self, length: usize) {
        self.list.truncate(length);
    }

    /// The findings in the order they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }
}
