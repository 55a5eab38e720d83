//! What `check` says of cases, tables and exceptions, against trying everything: for every generated program
//! the evaluator is asked at each point of the whole domain which conditions hold there.
//!
//! A finding that is an error or says "never" has to be so; what is so has to be found. What is not proved is
//! counted, and has to stay rare.

mod definitions;
mod exceptions;
mod probe;
mod tables;
mod world;

use crate::harness::Files;
use crate::run::{Census, Random, cases};
use definitions::cases_of;
use exceptions::exceptions_of;
use polc::diagnostics::{Code, Diagnostic};
use polc_runtime::facts::Facts;
use polc_runtime::value::{Date, Outcome, Value};
use polc_runtime::{Options, Program};
use probe::{Case, Found, Guard, Probe, Truth, line, lines};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use tables::table_of;
use world::World;

/// How many programs the full run checks.
const FULL: u64 = 5_000;
/// Points of one domain; larger ones are drawn again.
const MOST_POINTS: usize = 700;
const DAYS: [&str; 5] = [
    "2027-01-01",
    "2027-01-02",
    "2027-01-03",
    "2027-01-04",
    "2027-01-05",
];
const CMPS: [&str; 6] = ["<", "<=", ">", ">=", "=", "!="];

/// What a finding is about: its code and the lines of its labels.
fn place(text: &str, finding: &Diagnostic) -> (&'static str, Vec<usize>) {
    let lines = finding
        .labels
        .iter()
        .map(|label| line(text, label.span.start));
    (finding.code.number(), lines.collect())
}

/// The code of an error whose absence of proof this is.
fn of_unproved(code: Code) -> Option<&'static [&'static str]> {
    match code {
        Code::CasesNotProved => Some(&["P0601"]),
        Code::ExceptionsNotProved => Some(&["P0604"]),
        Code::RowsNotProved => Some(&["P0606", "P0607"]),
        _ => None,
    }
}

const CHECKED: [&str; 9] = [
    "P0601", "P0603", "P0604", "P0606", "P0607", "P0609", "P0610", "P0611", "P0614",
];

/// Findings that are held to other properties: a name that nothing reads, what an `otherwise` takes, and what an
/// `and` leaves out.
const ELSEWHERE: [&str; 4] = ["P0309", "P0311", "P0616", "P0711"];

/// The findings that should not be there or are missing; how many are not proved.
fn compare(case: &Case) -> (Vec<String>, u64) {
    let compilation = Files::one(case.text.clone()).compile("t.pol");
    let mut found = Found::new();
    let mut unproved = Found::new();
    let mut wrong = Vec::new();
    let answer = line(
        &case.text,
        case.text.find("decision base").unwrap_or(0) as u32,
    );
    for finding in &compilation.diagnostics {
        let (code, lines) = place(&case.text, finding);
        // What is said of the rule that exceptions go to is looked at in the other properties.
        let aside = case.kind == "exceptions"
            && matches!(code, "P0603" | "P0610" | "P0611")
            && answer > 1
            && lines.iter().all(|line| (answer..answer + 3).contains(line));
        if let Some(of) = of_unproved(finding.code) {
            unproved.extend(of.iter().map(|code| (*code, lines.clone())));
        } else if CHECKED.contains(&code) {
            if !aside {
                found.insert((code, lines));
            }
        } else if !ELSEWHERE.contains(&code) {
            wrong.push(format!("unexpected {code} {}", finding.message));
        }
    }
    for one in found.difference(&case.expected) {
        wrong.push(format!("false {one:?}"));
    }
    for one in case.expected.difference(&found) {
        if !unproved.contains(one) {
            wrong.push(format!("missed {one:?}"));
        }
    }
    (wrong, unproved.len() as u64)
}

/// What the programs of a full run have often.
const OFTEN: [&str; 61] = [
    "P0601",
    "P0603",
    "P0604",
    "P0606",
    "P0607",
    "P0609",
    "P0610",
    "P0611",
    "P0614",
    "dated line",
    "under a reading",
    "ranked exceptions",
    "exception to a case",
    "exception to a value",
    "exception with a computed value",
    "table: exactly one row",
    "table: any row",
    "table: first row",
    "table: every row",
    "cell: any",
    "cell: bool",
    "cell: value",
    "cell: several values",
    "cell: range",
    "cell: comparison",
    "cell: two comparisons",
    "cell: otherwise",
    "condition: and",
    "condition: or",
    "condition: not",
    "condition: at least",
    "condition: bool",
    "condition: enum",
    "condition: enum is not",
    "condition: one of",
    "condition: scale",
    "condition: none",
    "condition: or else",
    "condition: dates",
    "condition: days between",
    "condition: as_of",
    "condition: linear",
    "condition: scoped",
    "scoped cell: several values",
    "scoped cell: value",
    "number: constant",
    "number: name",
    "number: multiple",
    "number: sum",
    "number: difference",
    "number: shifted",
    "number: half",
    "number: two multiples",
    "fact b",
    "fact p",
    "fact e",
    "fact s",
    "fact n",
    "fact m",
    "fact o",
    "fact d",
];

#[test]
fn findings_are_what_trying_everything_finds() {
    let mut census = Census::default();
    let mut failures: BTreeMap<u64, String> = BTreeMap::new();
    let mut unproved = 0;
    let total = cases(FULL, 200);
    for number in 0..total {
        let mut random = Random::of_case("analysis", number);
        let case = match number % 3 {
            0 => cases_of(&mut random, &mut census),
            1 => table_of(&mut random, &mut census),
            _ => exceptions_of(&mut random, &mut census),
        };
        census.count(case.kind);
        for (code, _) in &case.expected {
            census.count(*code);
        }
        let (wrong, open) = compare(&case);
        if open > 0 {
            unproved += open;
            println!("case {number}: {open} not proved\n{}", case.text);
        }
        if !wrong.is_empty() {
            failures.insert(
                number,
                format!("case {number}: {}\n{}", wrong.join("; "), case.text),
            );
        }
    }
    println!(
        "{total} programs: {} wrong, {unproved} findings not proved",
        failures.len()
    );
    println!("{census:?}");
    let shown: Vec<&str> = failures.values().take(5).map(String::as_str).collect();
    assert!(
        failures.is_empty(),
        "{} wrong:\n{}",
        failures.len(),
        shown.join("\n")
    );
    assert!(
        unproved * 200 <= total,
        "{unproved} findings of {total} programs are not proved"
    );
    census.expect(&["cases", "table", "exceptions"], FULL / 4);
    census.expect(&OFTEN, 50);
}
