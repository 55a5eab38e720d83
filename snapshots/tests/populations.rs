//! The populations that are shipped as examples: whose answers another reading would change, and to what.

use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, golden, root, shipped};
use polc_runtime::facts::Facts;
use polc_runtime::{Alternative, Options, Program};
use serde_json::Value as Json;
use std::fmt::Write;
use std::path::Path;

/// The partners of a program's population, in order.
fn population(program: &Program, folder: &str) -> Vec<Facts> {
    let path = root().join(folder).join("examples/population.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| {
            Facts::from_json(program.ir(), line).unwrap_or_else(|faults| panic!("{faults:?}"))
        })
        .collect()
}

fn alternatives(program: &Program, facts: &Facts, only: Option<&[String]>) -> Vec<Alternative> {
    let as_of = facts.as_of().unwrap();
    program.alternatives(facts, as_of, &Options::default(), only)
}

/// An outcome on one line.
fn words(outcome: &Json) -> String {
    let plain = |json: &Json| {
        json.as_str()
            .map_or_else(|| json.to_string(), str::to_owned)
    };
    let names = |key: &str, of: &dyn Fn(&Json) -> String| {
        let list = outcome[key].as_array().into_iter().flatten();
        list.map(of).collect::<Vec<_>>().join(", ")
    };
    match outcome["status"].as_str().unwrap() {
        "known" => plain(&outcome["value"]),
        "unknown" => format!("unknown, needs {}", names("needs", &plain)),
        "needs_decision" => {
            let who = |judgement: &Json| plain(&judgement["judgement"]);
            format!("needs a decision on {}", names("judgements", &who))
        }
        status => format!("{status}: {}", plain(&outcome["because"])),
    }
}

/// Every partner with every other reading and every decision it changes.
fn report(folder: &'static str) -> String {
    let program = shipped(folder);
    let mut text = String::new();
    for facts in population(program, folder) {
        let (id, as_of) = (facts.id().unwrap(), facts.as_of().unwrap());
        writeln!(text, "{id}, as of {as_of}").unwrap();
        for found in alternatives(program, &facts, None) {
            let (reading, chosen) = (&found.reading, &found.chosen);
            writeln!(text, "  {reading}: {}, not {chosen}", found.alternative).unwrap();
            for (decision, change) in &found.changes {
                let change = serde_json::to_value(change).unwrap();
                let (from, to) = (words(&change["from"]), words(&change["to"]));
                writeln!(text, "    {decision}: {from} -> {to}").unwrap();
            }
        }
    }
    text
}

/// For each partner the readings that change one of the decisions, as `reading=alternative`.
fn touched(folder: &'static str, decisions: &[&str]) -> Vec<(String, String)> {
    let program = shipped(folder);
    let only: Vec<String> = decisions.iter().map(|&name| name.to_owned()).collect();
    let of = |facts: &Facts| {
        let found = alternatives(program, facts, Some(&only));
        let names = found
            .iter()
            .map(|found| format!("{}={}", found.reading, found.alternative));
        names.collect::<Vec<_>>().join(" ")
    };
    let all = population(program, folder);
    all.iter()
        .map(|facts| (facts.id().unwrap().to_owned(), of(facts)))
        .collect()
}

#[track_caller]
fn expect(folder: &'static str, decisions: &[&str], wanted: &[(&str, &str)]) {
    let found = touched(folder, decisions);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(id, readings)| (id.as_str(), readings.as_str()))
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn what_other_readings_would_change() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/populations");
    for (folder, name) in [
        (ACCREDITATION, "accreditation"),
        (CONDUCT, "conduct"),
        (CONNECT, "connect"),
    ] {
        golden(&cases, name, &report(folder));
    }
}

#[test]
fn whose_accreditation_rests_on_a_reading() {
    expect(
        ACCREDITATION,
        &["accreditation_status"],
        &[
            ("alder", ""),
            ("beech", "marks_threshold=more_than_three"),
            ("cedar", ""),
            ("damson", "serious=only_speeds_up"),
            ("elder", "only_marks=marks_only grace=none_unless_recorded"),
            ("fir", "marks_window=whole_record"),
            (
                "gorse",
                "only_marks=marks_only tier_loss_path=board_and_director",
            ),
            ("hazel", "cert_failure=grace_applies"),
            ("ivy", "board_vs_director=refusal_returns_to_board"),
            ("juniper", "board_vs_director=renewal_needs_director_too"),
            ("larch", "cert_failure=grace_applies"),
            ("maple", "serious=only_speeds_up"),
            ("nettle", "status_pending=lapses_at_renewal"),
            ("oak", ""),
            ("poplar", ""),
        ],
    );
}

#[test]
fn whose_place_in_connect_rests_on_a_reading() {
    expect(
        CONNECT,
        &["stage"],
        &[
            ("anchor", ""),
            ("beacon", ""),
            (
                "compass",
                "cert_installs=fifty_always cert_installs=forty_for_all beta_latch=held_on_the_last_day",
            ),
            (
                "dinghy",
                "cert_installs=fifty_always beta_latch=held_on_the_last_day",
            ),
            ("estuary", "site_page_deadline=approved_in_time"),
            ("ferry", "sla=phone_only"),
            ("galley", "beta_period=publication_is_day_1"),
            ("harbor", "nps_formula=rounded"),
            ("inlet", "cert_other_requirements=entry_criteria"),
            ("jetty", "route_switch=steps_first"),
            ("keel", ""),
            ("lagoon", ""),
            ("marina", ""),
            ("narrows", ""),
        ],
    );
}

#[test]
fn whose_conduct_rests_on_a_reading() {
    expect(
        CONDUCT,
        &[
            "eligibility",
            "security_requirements_met",
            "permitted_sanctions",
            "action_order",
        ],
        &[
            ("agate", ""),
            ("basalt", "access_removal_deadline=same_day"),
            ("chert", "role_change_scope=both_kinds"),
            ("dolomite", "eligibility_open_list=attestation_needed"),
            ("emery", "gold_two_years=before_the_anniversary"),
            ("flint", "onboarding_deadline=no_deadline"),
            (
                "granite",
                "sanction_severity=severity_first sanction_severity=one_step_at_a_time",
            ),
            ("halite", "sanction_before_investigation=suspension"),
            (
                "jasper",
                "order_which_sanctions=opportunities_too order_which_sanctions=every_action",
            ),
            ("kaolin", "should=obligation"),
            ("lignite", ""),
            ("marl", ""),
        ],
    );
}
