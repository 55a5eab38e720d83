//! Text of others on its way to a terminal: wherever a text comes in, and whatever verb prints it, it steers
//! nothing and cannot pass for a line of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{folder, polc, status, text};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Stands in every text of the program and the facts; no name is made of it.
const MARK: &str = "MARK";

const PROGRAM: &str = r#"program hostile "Hostile MARK" version 1
  currency USD

source guide "The MARK guide"
  section "Section MARK"
  G-1 "Clause MARK says so."

scale Tier "Tier MARK" { low < high }
enum Kind "Kind MARK" { plain, other }

record Part dated on "Part MARK"
  on: date
  name: text "Name MARK"

fact title: text or none "Title MARK"          cite G-1
fact total: int >= 0 "Total MARK"              cite G-1
fact parts: list of Part "Parts MARK"
fact held: bool "Held MARK"
event begun_on "Begun MARK"
judgement fine: yes, no by us "Fine MARK"

reading edge "Edge MARK"  cite G-1
  inside "inside MARK"
  outside "outside MARK"
  chosen inside because "the MARK says so"

value limit = 10 "Limit MARK"  cite G-1

define large: bool by reading edge
  note "large MARK" when total > 0
  inside total >= limit
  outside total > limit

decision kind: text or none "Kind of MARK"  cite G-1
  title when title is not none and title is not "none MARK"
  "nothing MARK" otherwise

decision judged: bool "Judged MARK" = fine is yes
decision scoped: bool "Scoped MARK" = large
  applies when total > 5 because "below MARK"
decision names = for each part in parts give part.name
decision all_parts = parts
decision broken: decimal "Broken MARK" = 10 / (total - 7)

requirements levels for Tier "Levels MARK"
  |                                 | low | high      |
  | total: total >= cell "Row MARK" | 3   | 20        |  cite G-1
  | held: held "Held MARK"          | -   | mandatory |  cite G-1

waiver eased through 2026-12-31 "Eased MARK"  cite G-1
  waives held for high

decision tier: Tier or none "Tier by MARK" = highest Tier meeting levels

lifecycle stage "Stage MARK" starts idle
  state idle "Idle MARK" waits for partner
    on begun_on when title is not "never MARK" -> running  cite G-1
  state running waits for us deadline 30 days
    may fine: yes -> won
    late -> lost
  final won, lost

tests "fails on MARK" as_of 2026-01-01
  given total = 12
  given title = "a MARK"
  | expect kind | note       |
  | "b MARK"    | "row MARK" |
"#;

const FACTS: &str = r#"{"id": "id MARK", "as_of": "2026-01-01", "note": "note MARK", "title": "title MARK",
 "total": 12, "begun_on": "2025-12-20", "parts": [{"on": "2025-01-01", "name": "part MARK"}],
 "fine": {"value": "yes", "by": "by MARK", "on": "2025-12-25"}}"#;

/// Steers a terminal, breaks the line, turns the reading direction, hides. Without line ends, which no text of a
/// source can have.
const IN_SOURCES: &str =
    "a\u{1b}[2J\u{9b}1A\u{7f}\u{8}\u{202e}\u{2066}\u{2028}\u{85}\u{feff}\u{e0041}b";
/// As facts and built programs may hold it.
const ANYWHERE: &str = "a\u{1b}[2J\u{9b}1A\n\ntier  high\r\nid  forged\u{b}\u{c}\u{202e}\u{2066}\u{2028}\u{85}\u{feff}b";

fn steers(letter: char) -> bool {
    letter.is_control() && letter != '\n'
        || "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}\u{e0041}"
            .contains(letter)
}

/// Every verb that prints what it was given.
const VERBS: [&str; 20] = [
    "eval P --facts F",
    "eval P --facts F --readings all",
    "eval P --facts F --format json",
    "eval P --facts F --in jsonl",
    "why P --facts F --decision tier",
    "why P --facts F --decision kind",
    "why P --facts F --decision names",
    "why P --facts F --decision all_parts",
    "why P --facts F --decision scoped",
    "why P --facts F --decision stage_now",
    "why P --facts F --decision kind --format json",
    "simulate P --facts F --from 2025-12-01 --to 2026-03-01",
    "simulate P --facts F --from 2025-12-01 --to 2026-03-01 --format json",
    "simulate P --facts F --from 2025-12-01 --to 2026-03-01 --format mermaid",
    "graph P",
    "graph P --format dot",
    "graph P --all",
    "graph P --all --format dot",
    "schema P",
    "build P --emit text",
];

/// Runs a verb with the mark in program and facts written as `hostile`, and as a harmless word: nothing steers, and
/// there are as many lines of either.
fn same_lines(folder: &Path, verb: &str, harmless: (&str, &str), hostile: (&str, &str)) {
    let run = |(program, facts): (&str, &str)| {
        let arguments: Vec<&str> = verb
            .split(' ')
            .map(|word| match word {
                "P" => program,
                "F" => facts,
                word => word,
            })
            .collect();
        let output = polc(folder, &arguments, b"");
        (
            status(&output),
            text(&output.stdout) + &text(&output.stderr),
        )
    };
    let (before, after) = (run(harmless), run(hostile));
    assert_eq!(before.0, after.0, "{verb}: {}", after.1);
    let steering: Vec<char> = after.1.chars().filter(|letter| steers(*letter)).collect();
    assert!(
        steering.is_empty(),
        "{verb} lets {steering:?} through:\n{}",
        after.1.escape_debug()
    );
    let lines = |text: &str| text.lines().count();
    assert_eq!(
        lines(&before.1),
        lines(&after.1),
        "{verb}:\n{}\nagainst\n{}",
        before.1,
        after.1
    );
}

/// A built program with another text at each mark.
fn rewritten(built: &[u8], hostile: &str) -> Vec<u8> {
    let whole = text(built);
    let (_, body) = whole.split_once('\n').unwrap();
    let quoted = serde_json::to_string(hostile).unwrap();
    let body = body.replace(MARK, quoted.trim_matches('"'));
    let sum: String = Sha256::digest(&body)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let version = polc_runtime::ir::FORMAT_VERSION;
    format!("pol-ir {version} {sum} {}\n{body}", body.len()).into_bytes()
}

#[test]
fn no_text_steers_the_terminal_or_makes_a_line() {
    let folder = folder("hostile");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    let program = format!("{PROGRAM}\ndecision stage_now = stage\n");
    write("p.pol", program.as_bytes());
    let output = polc(&folder, &["check", "p.pol"], b"");
    assert_eq!(status(&output), 0, "{}", text(&output.stdout));
    write("f.json", FACTS.replace('\n', " ").as_bytes());
    let quoted = serde_json::to_string(ANYWHERE).unwrap();
    let facts = FACTS
        .replace('\n', " ")
        .replace(MARK, quoted.trim_matches('"'));
    write("hostile.json", facts.as_bytes());
    write("hostile.pol", program.replace(MARK, IN_SOURCES).as_bytes());
    assert_eq!(
        status(&polc(&folder, &["build", "p.pol", "-o", "p"], b"")),
        0
    );
    let built = fs::read(folder.join("p")).unwrap();
    write("hostile", &rewritten(&built, ANYWHERE));
    for verb in VERBS {
        same_lines(
            &folder,
            verb,
            ("p.pol", "f.json"),
            ("p.pol", "hostile.json"),
        );
        same_lines(
            &folder,
            verb,
            ("p.pol", "f.json"),
            ("hostile.pol", "hostile.json"),
        );
        same_lines(&folder, verb, ("p", "f.json"), ("hostile", "hostile.json"));
    }
    for verb in ["test P", "test P --coverage", "test P --format json"] {
        same_lines(&folder, verb, ("p.pol", ""), ("hostile.pol", ""));
    }
}

#[test]
fn no_finding_repeats_what_steers() {
    let folder = folder("hostile_findings");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    // A finding beside each text, one within a comment's line, one for each kind of place that is quoted.
    let faulty = [
        PROGRAM.replace("when total > 0", "when totl > 0 # MARK"),
        PROGRAM.replace("given title = \"a MARK\"", "given title = 5 # MARK"),
        PROGRAM.replace("expect kind", "expect kin"),
        PROGRAM.replace("cite G-1\n\nvalue", "cite G-9 # MARK\n\nvalue"),
        PROGRAM.replace("= fine is yes", "= fine is \"MARK\""),
        PROGRAM.replace("large: bool", "large MARK: bool"),
        format!("{PROGRAM}\nuse \"MARK.pol\"\n"),
        format!("{PROGRAM}\nMARK\n"),
    ];
    for (at, program) in faulty.iter().enumerate() {
        write("p.pol", program);
        write("hostile.pol", &program.replace(MARK, IN_SOURCES));
        for verb in [
            "check P",
            "check P --format json",
            "check P --format sarif",
            "check P --format github",
            "fmt --check P",
            "test P",
            "schema P",
        ] {
            let program = "hostile.pol";
            let arguments: Vec<&str> = verb
                .split(' ')
                .map(|word| if word == "P" { program } else { word })
                .collect();
            let output = polc(&folder, &arguments, b"");
            let told = text(&output.stdout) + &text(&output.stderr);
            assert!(
                !told.chars().any(steers),
                "{at} {verb}: {}",
                told.escape_debug()
            );
        }
    }
}

#[test]
fn no_complaint_repeats_what_steers() {
    let folder = folder("hostile_complaints");
    fs::write(folder.join("p.pol"), PROGRAM).unwrap();
    let key = serde_json::to_string(ANYWHERE).unwrap();
    let hostile_name = ANYWHERE.replace('/', " ");
    fs::write(folder.join("bad"), format!("pol-ir {ANYWHERE} 1 1\n")).unwrap();
    let facts = [
        format!("{{{key}: 1}}"),
        format!("{{\"as_of\": {key}}}"),
        format!("{{\"as_of\": \"2026-01-01\", \"total\": {key}}}"),
        format!("{{\"as_of\": \"2026-01-01\", \"fine\": {key}}}"),
        format!("{{\"as_of\": \"2026-01-01\", \"parts\": [{{{key}: 1}}]}}"),
        format!("{{{key}: 1, {key}: 1}}"),
        ANYWHERE.to_owned(),
    ];
    let mut runs: Vec<(Vec<&str>, &str)> = facts
        .iter()
        .flat_map(|facts| {
            [
                (vec!["eval", "p.pol", "--facts", "-"], facts.as_str()),
                (
                    vec!["eval", "p.pol", "--facts", "-", "--in", "jsonl"],
                    facts,
                ),
                (
                    vec!["why", "p.pol", "--facts", "-", "--decision", "tier"],
                    facts,
                ),
            ]
        })
        .collect();
    let name = hostile_name.as_str();
    for arguments in [
        vec!["eval", name, "--facts", "-"],
        vec!["eval", "bad", "--facts", "-"],
        vec!["eval", "p.pol", "--facts", name],
        vec!["eval", "p.pol", "--facts", "-", "--decision", name],
        vec!["eval", "p.pol", "--facts", "-", "--reading", name],
        vec!["eval", "p.pol", "--facts", "-", "--as-of", name],
        vec!["check", name],
        vec!["fmt", name],
        vec!["test", name],
        vec!["explain", name],
        vec!["new", name],
        vec!["build", "p.pol", "-o", name],
    ] {
        runs.push((arguments, "{}"));
    }
    for (arguments, input) in runs {
        let output = polc(&folder, &arguments, input.as_bytes());
        let told = text(&output.stdout) + &text(&output.stderr);
        assert!(
            !told.chars().any(steers),
            "{arguments:?}: {}",
            told.escape_debug()
        );
        let forged = told
            .lines()
            .any(|line| line.starts_with("tier ") || line.starts_with("id "));
        assert!(!forged, "{arguments:?}: {told}");
    }
    // Files with such names, too.
    fs::write(folder.join(format!("{name}.pol")), "decision x: int =\n").unwrap();
    for verb in ["check", "test", "fmt"] {
        let output = polc(&folder, &[verb, "."], b"");
        let told = text(&output.stdout) + &text(&output.stderr);
        assert!(!told.chars().any(steers), "{verb}: {}", told.escape_debug());
    }
}
