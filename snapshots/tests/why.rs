//! The reasons of decisions on the examples that are shipped, in full: to be read aloud when they change.

use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER, golden, root, shipped};
use polc_runtime::Options;
use polc_runtime::facts::Facts;
use std::path::Path;

/// The explanation of a decision on an example of a program.
fn explained(folder: &'static str, example: &str, decision: &str) -> String {
    let program = shipped(folder);
    let path = root().join(folder).join(format!("examples/{example}.json"));
    let text = std::fs::read_to_string(path).unwrap();
    let facts = Facts::from_json(program.ir(), &text).unwrap_or_else(|faults| panic!("{faults:?}"));
    let as_of = facts.as_of().unwrap();
    let explanation = program.explain(&facts, as_of, &Options::default(), decision);
    explanation.unwrap().text(false)
}

#[test]
fn reasons_that_can_be_read_aloud() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/why");
    for (folder, example, decision) in [
        (ACCREDITATION, "acme", "renewal_outcome"),
        (ACCREDITATION, "birch", "renewal_outcome"),
        (CONDUCT, "acme", "permitted_sanctions"),
        (CONDUCT, "acme", "security_findings"),
        (CONNECT, "studio", "stage"),
        (CONNECT, "studio", "certification_decision"),
        (TECHNOLOGY_PARTNER, "acme", "movement"),
        (TECHNOLOGY_PARTNER, "acme_records", "movement"),
    ] {
        let text = explained(folder, example, decision);
        let program = folder.rsplit('/').next().unwrap();
        // Every answer cites.
        assert!(text.contains("\nWhere it says so"), "{program} {decision}");
        golden(&cases, &format!("{program}-{example}-{decision}"), &text);
    }
}

#[test]
fn a_step_that_fails_is_not_told_as_if_it_held() {
    // NPS 20, and the reading that compares it exactly: both steps are `no`.
    let text = explained(CONNECT, "studio", "certification_decision");
    assert!(!text.contains("because no\n"), "{text}");
    // The grid of a tier is told once, where the tier is worked out.
    let text = explained(TECHNOLOGY_PARTNER, "acme", "movement");
    assert_eq!(text.matches("  not for leading\n").count(), 1, "{text}");
    // What is open below a known answer did not matter to it.
    let text = explained(CONDUCT, "acme", "security_findings");
    assert!(!text.contains("unknown"), "{text}");
    // Above an open answer the line that surely holds comes last.
    let text = explained(ACCREDITATION, "birch", "renewal_outcome");
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words} in {text}"))
    };
    assert!(at("\n  perhaps because ") < at("\n  otherwise because "));
}
