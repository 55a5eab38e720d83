//! The four shipped programs on partial facts: what is decided stays so, whatever is learned.

use crate::compare::report;
use crate::given::Given;
use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER, shipped};
use crate::plain::day_of;
use crate::run::{Random, cases, shown};
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

const DAYS: [&str; 8] = [
    "2026-07-15",
    "2026-10-15",
    "2026-12-31",
    "2027-01-01",
    "2027-01-15",
    "2027-04-30",
    "2028-02-29",
    "2029-07-16",
];

/// How often what is decided is looked at again.
const COMPLETIONS: usize = 3;

/// What is decided in a result, by a name for it.
fn decided(result: &Json) -> Vec<(String, &Json)> {
    let mut found = Vec::new();
    for (name, answer) in result["decisions"].as_object().unwrap() {
        if matches!(
            answer["status"].as_str(),
            Some("known" | "not_applicable" | "error")
        ) {
            found.push((name.clone(), answer));
        }
    }
    for (grid, tiers) in result["requirements"].as_object().unwrap() {
        for (row, cell) in tiers.as_object().unwrap() {
            if !matches!(
                cell["result"].as_str(),
                None | Some("unknown" | "needs_decision")
            ) {
                found.push((format!("{grid}/{row}"), cell));
            }
        }
    }
    found
}

/// The answer of a name of [`decided`].
fn answer<'r>(result: &'r Json, name: &str) -> &'r Json {
    match name.split_once('/') {
        None => &result["decisions"][name],
        Some((grid, row)) => &result["requirements"][grid][row],
    }
}

/// What of two answers must be the same.
fn essence(answer: &Json) -> [&Json; 3] {
    [&answer["status"], &answer["value"], &answer["result"]]
}

/// Whether an answer lists an assumption about a fact that was learned.
fn rests_on(assumptions: &Json, learned: &BTreeSet<&str>) -> bool {
    let names = assumptions.as_array().unwrap().iter();
    names
        .filter_map(Json::as_str)
        .any(|name| learned.contains(name))
}

/// What the answer of a name of [`decided`] assumes.
fn assumptions(program: &Program, facts: &Map<String, Json>, as_of: Date, name: &str) -> Json {
    let text = Json::Object(facts.clone()).to_string();
    let facts = Facts::from_json(program.ir(), &text).unwrap();
    let mut evaluation = program.evaluate(&facts, as_of, &Options::default());
    let result = match name.contains('/') {
        true => evaluation.report(None).json(),
        false => evaluation.report(Some(&[name.to_owned()])).json(),
    };
    result["assumptions"].clone()
}

/// The items a partial list is certain to hold.
fn lost<'r>(before: &'r Json, after: &Json) -> Option<&'r Json> {
    let held = after["value"].as_array().or(after["certain"].as_array())?;
    let certain = before["certain"].as_array()?;
    certain.iter().find(|item| !held.contains(item))
}

/// Runs as many decided answers of a program as asked for.
fn program(folder: &'static str, wanted: u64) {
    let program = shipped(folder);
    let (mut count, mut case, mut long) = (0, 0, 0);
    let mut violations = Vec::new();
    while count < wanted {
        let mut random = Random::of_case(folder, case);
        let day = *random.pick(&DAYS);
        let percent = *random.pick(&[5, 15, 30, 60]);
        let as_of = Date::parse(day).unwrap();
        let mut given = Given::new(program.ir(), random, day_of(day).unwrap());
        if case % 50 == 0 {
            given.longest = 40;
            long += 1;
        }
        let full = given.facts();
        let fewer = given.fewer(&full, percent);
        let before = report(program, &fewer, as_of);
        let mut more = vec![with_assumed(&mut given, &full)];
        more.extend((1..COMPLETIONS).map(|_| given.completed(&fewer)));
        count += decided(&before).len() as u64;
        for facts in &more {
            let after = report(program, facts, as_of);
            let known: BTreeSet<&str> = fewer.keys().map(String::as_str).collect();
            let learned = facts
                .keys()
                .map(String::as_str)
                .filter(|name| !known.contains(name))
                .collect();
            let mut violation = |name: &str, was: &Json, is: &Json| {
                violations.push(format!(
                    "{name} on {day} was\n{was}\nis\n{is}\nwith {}\nand  {}",
                    written(&fewer),
                    written(facts)
                ));
            };
            for (name, was) in decided(&before) {
                let is = answer(&after, &name);
                if essence(was) != essence(is)
                    && !rests_on(&assumptions(program, &fewer, as_of, &name), &learned)
                {
                    violation(&name, was, is);
                }
            }
            for (name, was) in before["decisions"].as_object().unwrap() {
                let is = &after["decisions"][name];
                if lost(was, is).is_some()
                    && !rests_on(&assumptions(program, &fewer, as_of, name), &learned)
                {
                    violation(name, was, is);
                }
            }
        }
        case += 1;
    }
    println!(
        "{folder}: {count} decided answers of {case} partial facts ({long} with long lists), {COMPLETIONS} completions each, {} violations",
        violations.len()
    );
    assert!(
        violations.is_empty(),
        "{} of {count}:\n{}",
        violations.len(),
        violations[..violations.len().min(shown())].join("\n\n")
    );
}

/// The facts with a value for what is otherwise assumed, now and then.
fn with_assumed(given: &mut Given<'_>, facts: &Map<String, Json>) -> Map<String, Json> {
    match given.random.chance(50) {
        true => given.with_assumed(facts),
        false => facts.clone(),
    }
}

fn written(facts: &Map<String, Json>) -> String {
    Json::Object(facts.clone()).to_string()
}

#[test]
fn technology_partner() {
    program(TECHNOLOGY_PARTNER, cases(200_000, 2_000));
}

#[test]
fn connect() {
    program(CONNECT, cases(100_000, 1_000));
}

#[test]
fn conduct() {
    program(CONDUCT, cases(100_000, 1_000));
}

#[test]
fn accreditation() {
    program(ACCREDITATION, cases(100_000, 1_000));
}
