//! Which values of a scale or enumeration reach an `otherwise`, where several things are tested above it.

use super::LeftValue;
use super::questions::Verdict;
use super::regions::Regions;
use crate::diagnostics::{Code, Diagnostic, other_values, unnamed_otherwise};
use crate::source::Span;
use polc_runtime::ir::NodeId;

/// Compares the values that can arrive with those named, or tells them where none are.
pub(super) fn check(
    regions: &Regions<'_>,
    scale: &str,
    (scope, earlier): (Option<NodeId>, &[NodeId]),
    values: &[LeftValue],
    named: bool,
    span: Span,
) -> Option<Diagnostic> {
    let (mut arrive, mut open, mut wrong) = (Vec::new(), None, false);
    for value in values {
        match regions.reach(scope, earlier, Some(value.test)) {
            Verdict::Never => wrong |= value.named,
            Verdict::Example(_) => {
                arrive.push(value.written.as_str());
                wrong |= !value.named;
            }
            // What is named may arrive for all that is known.
            Verdict::NotProved(_) if value.named => arrive.push(value.written.as_str()),
            Verdict::NotProved(why) => open = Some((value, why)),
        }
    }
    let takes = arrive.join(", ");
    if !named {
        return (!arrive.is_empty() && open.is_none())
            .then(|| unnamed_otherwise(span, scale, &takes));
    }
    let names = values.iter().filter(|value| value.named);
    let names: Vec<&str> = names.map(|value| value.written.as_str()).collect();
    if wrong {
        return Some(other_values(span, &takes, &names.join(", ")));
    }
    open.map(|(value, why)| {
        Diagnostic::new(
            Code::CasesNotProved,
            span,
            format!(
                "whether `{}` arrives at this `otherwise` is not proved",
                value.written
            ),
        )
        .at(why)
        .help("name it here, or give it a line of its own above")
    })
}
