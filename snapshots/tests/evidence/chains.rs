//! Long chains of definitions that each use the one before: `check` and `why` end within seconds.

use crate::harness::{Files, day, errors};
use crate::run::{cases, is_full};
use polc_runtime::facts::Facts;
use polc_runtime::{Options, Program};
use std::time::{Duration, Instant};

/// What each of the two may take of a processor in a release build.
const LONGEST: Duration = Duration::from_secs(3);

/// The time this thread has run, whatever else the machine does; where the system tells.
fn run_time(begun: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

const HEAD: &str = "program t \"T\" version 1
enum Colour { red, green, blue }
scale Tier { low < middle < high }
fact number: int 0..100
fact flag: bool
fact colour: Colour
fact tier: Tier
";

/// Name, first link, and a link: `@` is the one before, `#` its number, `%` a constant.
const FORMS: [(&str, &str, &str); 10] = [
    (
        "cases",
        "number",
        "define link#: int\n  @ when flag\n  % otherwise",
    ),
    (
        "cases of a comparison",
        "number",
        "define link#: int\n  @ when number > %\n  % otherwise",
    ),
    (
        "cases of the one before",
        "number",
        "define link#: int\n  @ when @ > %\n  % otherwise",
    ),
    ("all of it", "flag", "define link# = @ and number > %"),
    ("some of it", "flag", "define link# = not @ or number > %"),
    (
        "the last value again",
        "number",
        "define link# = if @ > % then @ + 1 else @",
    ),
    ("sums", "number", "define link# = @ + %"),
    (
        "enumerations",
        "colour",
        "define link#: Colour\n  red when @ is green\n  green when @ is blue\n  blue otherwise (red)",
    ),
    (
        "scales",
        "tier",
        "define link#: Tier\n  low when @ >= high\n  middle when @ is low\n  high otherwise (middle)",
    ),
    (
        "tables",
        "number",
        "table link#\n  | @ | -> v: int |\n  | <= 2 | 1 |\n  | > 2 | 3 |",
    ),
];

#[test]
fn check_and_why_take_seconds_for_a_long_chain() {
    let begun = Instant::now();
    for (name, first, link) in FORMS {
        let mut text = HEAD.to_owned();
        let mut before = first.to_owned();
        let links = cases(1_000, 60);
        for at in 1..=links {
            let constant = (at % 100).to_string();
            let link = link.replace('#', &at.to_string()).replace('%', &constant);
            text += &link.replace('@', &before);
            text.push('\n');
            before = format!("link{at}");
        }
        text += &format!("decision last = {before}\n");
        let began = run_time(begun);
        let compilation = Files::one(text).compile("t.pol");
        let checked = run_time(begun) - began;
        let told = errors(&compilation);
        let program = compilation
            .program
            .unwrap_or_else(|| panic!("{name}: {told}"));
        let program = Program::new(program.ir).unwrap();
        let facts = r#"{"number": 5, "flag": true, "colour": "red", "tier": "low"}"#;
        let facts = Facts::from_json(program.ir(), facts).unwrap();
        let began = run_time(begun);
        let why = program.explain(&facts, day("2026-06-01"), &Options::default(), "last");
        assert!(!why.unwrap().text(true).is_empty(), "{name}");
        let explained = run_time(begun) - began;
        println!("{name}: {links} links checked in {checked:?}, explained in {explained:?}");
        if is_full() && !cfg!(debug_assertions) {
            assert!(checked < LONGEST && explained < LONGEST, "{name}");
        }
    }
}
