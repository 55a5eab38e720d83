//! What is said of an `otherwise`, by elaboration and by the analysis alike.

use super::{Code, Diagnostic};
use crate::source::Span;

/// An `otherwise` that does not say what it takes.
pub(crate) fn unnamed_otherwise(span: Span, scale: &str, takes: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnnamedOtherwise,
        span,
        format!("`otherwise` does not say which values of {scale} it takes"),
    )
    .at(format!("it takes {takes}"))
    .help(format!(
        "write `otherwise ({takes})`: whoever adds a value is then asked to decide here"
    ))
    .fix(span, format!("otherwise ({takes})"))
}

/// An `otherwise` that takes other values than it names.
pub(crate) fn other_values(span: Span, takes: &str, names: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Code::OtherwiseTakesOther,
        span,
        format!("`otherwise` names {names}, which are not exactly the values it takes"),
    );
    if takes.is_empty() {
        return finding
            .at("no value is left")
            .help("remove this line, or narrow one above it");
    }
    finding
        .at(format!("it takes {takes}"))
        .help(format!(
            "decide about each: give it a line of its own above, or write `otherwise ({takes})`"
        ))
        .fix(span, format!("otherwise ({takes})"))
}
