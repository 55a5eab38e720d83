//! The parser against whole files and broken lines.

use crate::diagnostics::Diagnostics;
use crate::source::Sources;

const SURFACE: &str = include_str!("surface.pol");

#[test]
fn the_whole_surface_reads() {
    let mut sources = Sources::default();
    let file = sources.add("surface.pol", SURFACE);
    let mut diagnostics = Diagnostics::default();
    let tree = super::parse(file, SURFACE, &mut diagnostics);
    let found: Vec<String> = diagnostics
        .sorted()
        .iter()
        .map(|finding| {
            let span = finding.labels[0].span;
            let line = sources.position(span).line;
            format!(
                "{line}: {} {} [{}] {:?}",
                finding.code.number(),
                finding.message,
                sources.text(span),
                finding.help
            )
        })
        .collect();
    assert_eq!(found.join("\n"), "");
    assert_eq!(tree.declarations.len(), 42);
}
