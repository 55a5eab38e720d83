//! Limits count steps, never time: each is reached somewhere here, and what must pass does.

use super::answers;
use crate::harness::{Files, day};
use crate::run::is_full;
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Limits, Options, Program, Stopped, Timeline};
use serde_json::{Value as Json, json};
use std::fmt::Write;
use std::time::Instant;

const PAYMENTS: &str = "program t \"T\" version 1
record Payment
  event on_day
  amount: int
fact payments: list of Payment
lifecycle stage starts waiting
  keeps last: int
  state waiting
    on each payment of payments by .on_day -> even set last payment.amount
  state even
    on each payment of payments by .on_day -> odd set last payment.amount
  state odd
    on each payment of payments by .on_day -> even set last payment.amount
decision last: int or none = stage.last
";

/// So many payments, some of them on the same day.
fn payments(count: i32) -> Json {
    let one = |at: i32| json!({ "on_day": later(at / 3 * 2), "amount": at });
    json!({ "payments": (0..count).map(one).collect::<Vec<_>>() })
}

fn later(days: i32) -> String {
    Date::from_days(7_300 + days).unwrap().to_string()
}

/// A condition that may change on any day.
const DAILY: &str = "program t \"T\" version 1
event begun_on
define age = days from (begun_on or else as_of) to as_of
lifecycle stage starts begun
  state begun
    when age * 2 >= 21000 days -> old
  final old
decision since: date or none = stage.since
decision ever_old = ever (age * 2 >= 21000 days) within 200000 days from (begun_on or else as_of)
decision age_now = age
";

fn error_of(answer: &Json, limit: &str) {
    assert_eq!(answer["status"], "error", "{answer}");
    let because = answer["because"].as_str().unwrap();
    assert!(
        because.contains(&format!("the limit `{limit}` is")),
        "{because}"
    );
}

#[test]
fn two_thousand_items_are_taken() {
    let program = Files::one(PAYMENTS).program("t.pol");
    let found = answers(&program, &payments(2_000), "2026-01-01", Limits::default());
    assert_eq!(found["last"]["value"], 1999, "{found}");
    assert_eq!(found["stage"]["value"], "odd");
    let few = Limits {
        steps: 20_000,
        ..Limits::default()
    };
    error_of(
        &answers(&program, &payments(2_000), "2026-01-01", few)["stage"],
        "steps",
    );
}

#[test]
fn every_day_of_thirty_years_is_looked_at_but_not_of_ages() {
    let program = Files::one(DAILY).program("t.pol");
    let facts = json!({ "begun_on": "1996-01-01" });
    let found = answers(&program, &facts, "2026-01-01", Limits::default());
    assert_eq!(found["stage"]["value"], "old", "{found}");
    assert_eq!(found["since"]["value"], "2024-09-30");
    assert_eq!(found["ever_old"]["value"], true);
    let facts = json!({ "begun_on": "1726-01-01" });
    let found = answers(&program, &facts, "2026-01-01", Limits::default());
    error_of(&found["stage"], "days");
    error_of(&found["ever_old"], "days");
}

/// Two hundred definitions, each of the one before and of a day of its own, and a lifecycle that reads them all.
fn two_hundred_definitions() -> (Program, Json) {
    let mut text = String::from(
        "program t \"T\" version 1
record Count dated on
  on: date
  count: int
fact counts: list of Count
define last = latest of counts by .on
define d0: int
  0 when last is none
  last.count otherwise
",
    );
    for at in 1..200 {
        let before = at - 1;
        writeln!(
            text,
            "define d{at}: int\n  d{before} + 1 when as_of >= 2020-01-01 + {at} days\n  d{before} otherwise"
        )
        .unwrap();
    }
    text.push_str(
        "lifecycle stage starts low
  state low
    when d199 >= 250 -> high
  state high
    when d199 < 250 -> low
decision since: date or none = stage.since
",
    );
    let count = |at: i32| json!({ "on": later(at * 40), "count": 20 + at });
    let facts = json!({ "counts": (0..100).map(count).collect::<Vec<_>>() });
    (Files::one(text).program("t.pol"), facts)
}

#[test]
fn two_hundred_definitions_are_read_by_one_lifecycle() {
    let (program, facts) = two_hundred_definitions();
    let found = answers(&program, &facts, "2026-01-01", Limits::default());
    assert_eq!(found["stage"]["value"], "high", "{found}");
}

fn timeline(program: &Program, facts: &Json, (from, to): (&str, &str), limits: Limits) -> Timeline {
    let facts = Facts::from_json(program.ir(), &facts.to_string()).unwrap();
    let options = Options {
        limits,
        ..Options::default()
    };
    program.timeline(&facts, day(from), day(to), &options, None)
}

#[test]
fn a_time_line_says_where_it_stopped() {
    let program = Files::one(DAILY).program("t.pol");
    let facts = json!({ "begun_on": "1996-01-01" });
    let days = Limits {
        days: 400,
        ..Limits::default()
    };
    let all = ("1996-01-01", "9999-12-31");
    let Stopped { on, because } = timeline(&program, &facts, all, days).stopped.unwrap();
    assert_eq!(on, day("1997-02-04"));
    assert_eq!(because, "the limit `days` is 400");
    let steps = Limits {
        steps: 5_000,
        ..Limits::default()
    };
    let Stopped { because, .. } = timeline(&program, &facts, all, steps).stopped.unwrap();
    assert_eq!(because, "the limit `steps` is 5000");
}

#[test]
fn a_time_line_of_all_days_ends_at_its_steps() {
    let (program, facts) = two_hundred_definitions();
    let all = ("0001-01-01", "9999-12-31");
    let limits = Limits {
        steps: 2_000_000,
        ..Limits::default()
    };
    let begun = Instant::now();
    let Stopped { on, because } = timeline(&program, &facts, all, limits).stopped.unwrap();
    let few = begun.elapsed();
    assert!(day("1990-01-01") < on && on < day("2020-01-01"), "{on}");
    assert_eq!(because, "the limit `steps` is 2000000");
    if is_full() {
        let begun = Instant::now();
        let line = timeline(&program, &facts, all, Limits::default());
        let many = begun.elapsed();
        println!("{few:?}, then {many:?} to {:?}", line.stopped);
        // Twenty-five times the steps: what a step takes does not grow.
        assert!(many < few * 75);
    }
}

#[test]
fn a_count_of_days_is_told_where_it_does_anything_but_count() {
    let program = Files::one(
        "program t \"T\" version 1
event begun_on
event begun_again_on
define start = begun_again_on or else begun_on
define age = days from (start or else as_of) to as_of
decision only_age = age
decision doubled: days = age * 2
",
    )
    .program("t.pol");
    let facts = json!({ "begun_on": "2026-01-10", "begun_again_on": "2026-02-01" });
    let line = timeline(
        &program,
        &facts,
        ("2026-01-01", "2026-03-01"),
        Limits::default(),
    );
    let told: Vec<(String, Vec<String>)> = line
        .points
        .iter()
        .map(|point| {
            let changes = point.changes.iter();
            let value = |change: &polc_runtime::Change| serde_json::to_value(&change.to).unwrap();
            let words = changes.map(|(name, change)| format!("{name} {}", value(change)["value"]));
            (point.on.to_string(), words.collect())
        })
        .collect();
    let point = |on: &str, age: i64| {
        (
            on.to_owned(),
            vec![format!("only_age {age}"), format!("doubled {}", age * 2)],
        )
    };
    assert_eq!(told.first(), Some(&point("2026-01-01", 0)));
    assert!(told.contains(&point("2026-02-01", 0)), "{told:?}");
    assert_eq!(line.daily, ["only_age", "doubled"]);
    assert!(line.points.len() <= 4, "{told:?}");
    assert_eq!(line.stopped, None);
}

#[test]
fn a_length_beside_a_fixed_one_changes_on_no_day_but_that_on_which_it_is_reached() {
    for (unit, length) in [("days", "40 days"), ("months", "3 months")] {
        let age = format!("({unit} from begun to as_of)");
        for compare in ["<", "<=", ">", ">="] {
            for [a, b] in [[age.as_str(), length], [length, age.as_str()]] {
                let text = format!(
                    "program t \"T\" version 1\nfact begun: date\ndecision so = {a} {compare} {b}\n"
                );
                let program = Files::one(text.clone()).program("t.pol");
                let facts = json!({ "begun": "2026-02-10" });
                let year = ("2026-01-01", "2026-12-31");
                // Were every day looked at, this would not do.
                let days = Limits {
                    days: 100,
                    ..Limits::default()
                };
                let line = timeline(&program, &facts, year, days);
                assert!(
                    line.stopped.is_none() && line.points.len() == 2,
                    "{text}{line:?}"
                );
            }
        }
    }
}
