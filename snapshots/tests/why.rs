//! The reasons of decisions on the examples that are shipped, in full: to be read aloud when they change.

use crate::harness::{
    ACCREDITATION, CONDUCT, CONNECT, Files, TECHNOLOGY_PARTNER, golden, root, shipped,
};
use polc::testing::situations;
use polc_runtime::explain::{Explanation, Holds, Step};
use polc_runtime::facts::Facts;
use polc_runtime::ir::ProvisionKind;
use polc_runtime::result::Datum;
use polc_runtime::{Options, Program};
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

/// What an explanation may show, and its name.
type Kind = (&'static str, fn(&Explanation) -> bool);

/// What the cases are taken for.
const KINDS: [Kind; 8] = [
    ("another-day", |why| {
        any(&why.step, &|step| step.day != why.as_of)
    }),
    ("exception", |why| applied(why, ProvisionKind::Exception)),
    ("amendment", |why| applied(why, ProvisionKind::Amendment)),
    ("table-row", |why| applied(why, ProvisionKind::Row)),
    (
        "list",
        |why| matches!(why.step.outcome.value(), Some(Datum::List(items)) if !items.is_empty()),
    ),
    ("lifecycle", |why| {
        any(&why.step, &|step| !step.moves.is_empty())
    }),
    ("open", |why| why.step.outcome.so_far().is_some()),
    ("reading", |why| !why.readings.is_empty()),
];

fn any(step: &Step, is: &dyn Fn(&Step) -> bool) -> bool {
    is(step) || step.from.iter().any(|inner| any(inner, is))
}

/// Whether a part of a kind applied anywhere.
fn applied(why: &Explanation, kind: ProvisionKind) -> bool {
    any(&why.step, &|step| {
        let mut parts = step.decided.iter();
        parts.any(|part| part.kind == kind && part.holds == Holds::Yes)
    })
}

#[test]
fn reasons_of_the_first_case_of_each_kind() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/why");
    let mut shown = 0;
    for folder in [ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER] {
        let compilation = Files::whole(folder).compile(folder);
        let compiled = compilation.program.unwrap();
        let program = Program::new(compiled.ir).unwrap();
        let all = situations(program.ir(), &compiled.tests, &compilation.sources);
        // Two of each kind, of different decisions; the second is none that is shown already.
        let mut missing: Vec<_> = KINDS.iter().chain(&KINDS).copied().collect();
        let mut taken: Vec<(&str, String)> = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        for case in &all {
            for name in &case.decisions {
                let name = name.split('.').next().unwrap();
                let why = program.explain(&case.facts, case.as_of, &case.options, name);
                let Ok(why) = why else { continue };
                let told = why.text(false);
                let shown_already = texts.contains(&told);
                let wanted = |taken: &[(&str, String)], (kind, is): &Kind| {
                    let first = taken.iter().all(|(known, _)| known != kind);
                    is(&why)
                        && !taken.contains(&(kind, name.to_owned()))
                        && (first || !shown_already)
                };
                while let Some(at) = missing.iter().position(|kind| wanted(&taken, kind)) {
                    let (kind, _) = missing.remove(at);
                    taken.push((kind, name.to_owned()));
                    let nth = taken.iter().filter(|(known, _)| *known == kind).count();
                    let text = format!(
                        "{}, \"{}\"\n\n{}",
                        case.file.rsplit('/').next().unwrap(),
                        case.label,
                        told
                    );
                    // Every answer cites.
                    assert!(text.contains("\nWhere it says so"), "{folder} {name}");
                    let of = folder.rsplit('/').next().unwrap();
                    golden(&cases, &format!("{of}-{kind}-{nth}"), &text);
                    shown += 1;
                    texts.push(told.clone());
                }
            }
            if missing.is_empty() {
                break;
            }
        }
    }
    assert!(shown >= 24, "{shown}");
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
    assert!(at("\n  perhaps ") < at("\n  otherwise "));
}

#[test]
fn a_field_of_what_stands_in_brackets_is_told_apart_from_it() {
    let text = "program t \"T\" version 1
record Deal
  size: int
fact deals: list of Deal \"Deals\"
define weight of Deal: int = deal.size * 2
decision total: int \"Total\" = 2 * sum of (deals where .weight > 1).weight
";
    let program = Files::one(text).program("t.pol");
    let facts = Facts::from_json(program.ir(), r#"{"deals": [{"size": 3}]}"#).unwrap();
    let day = polc_runtime::value::Date::parse("2027-01-01").unwrap();
    let why = program.explain(&facts, day, &Options::default(), "total");
    let told = why.unwrap().text(false);
    assert!(
        told.contains("2 * sum of (“Deals” where weight > 1), weight"),
        "{told}"
    );
}
