//! Exit statuses: every verb gives the same one for the same thing.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{folder, polc, status, text};
use std::fs;
use std::os::unix::fs::symlink;

const PROGRAM: &str = r#"program every "Every outcome" version 1
  currency USD
record Part "A part"
  size: decimal
  seen: bool
fact total: int "What it comes to"
fact missing: int "Not given"
fact parts: list of Part
judgement fine: yes, no by us
decision known: int = total
decision open: int = missing
decision judged: bool = fine is yes
decision left_out: bool = yes
  applies when total > 100
decision wrong: decimal = 10 / (total - 1)
decision record_open: Part = {size: missing, seen: yes}
decision record_wrong: Part = {size: 10 / (total - 1), seen: yes}
decision record_both: Part = {size: 10 / (total - 1), seen: missing > 1}
decision list_known: list of decimal = [1, 2]
decision list_open: list of decimal = [1, missing]
decision list_maybe: list of decimal = [1, 2 when missing > 1]
decision list_wrong: list of decimal = [1, 10 / (total - 1)]
decision items_open: list of decimal = for each part in parts give part.size
decision nested: list of Part = [{size: missing, seen: yes}]
"#;

#[test]
fn why_exits_as_eval_does() {
    let folder = folder("why_status");
    fs::write(folder.join("p.pol"), PROGRAM).unwrap();
    let facts = r#"{"as_of":"2026-01-01","total":1,"parts":[{"size":1},{"seen":true}]}"#;
    let checked = polc(&folder, &["check", "p.pol"], b"");
    assert_eq!(status(&checked), 0, "{}", text(&checked.stdout));
    let mut counts = [0; 4];
    let decisions = PROGRAM
        .lines()
        .filter_map(|line| line.strip_prefix("decision "));
    for name in decisions.filter_map(|line| line.split(':').next()) {
        let arguments = ["p.pol", "--facts", "-", "--decision", name];
        let run = |verb: &str, more: &[&str]| {
            let all: Vec<&str> = [verb]
                .iter()
                .chain(&arguments)
                .chain(more)
                .copied()
                .collect();
            polc(&folder, &all, facts.as_bytes())
        };
        let eval = status(&run("eval", &[]));
        counts[eval as usize] += 1;
        for format in ["text", "json"] {
            let why = run("why", &["--format", format]);
            assert_eq!(
                status(&why),
                eval,
                "{name}, {format}: {}",
                text(&why.stdout)
            );
        }
    }
    assert!(
        counts[0] >= 2 && counts[1] >= 2 && counts[3] >= 4,
        "{counts:?}"
    );
}

#[test]
fn every_verb_says_the_same_of_an_empty_folder_and_of_a_file_it_cannot_read() {
    let folder = folder("unreadable");
    fs::write(folder.join("facts.json"), "{}").unwrap();
    fs::create_dir(folder.join("empty")).unwrap();
    fs::create_dir(folder.join("broken")).unwrap();
    fs::write(folder.join("broken/a.pol"), PROGRAM).unwrap();
    symlink("nowhere", folder.join("broken/b.pol")).unwrap();
    symlink("nowhere", folder.join("link.pol")).unwrap();
    fs::create_dir(folder.join("several")).unwrap();
    fs::rename(folder.join("broken"), folder.join("several/broken")).unwrap();
    for verb in [
        "check",
        "fmt",
        "fmt --check",
        "test",
        "graph",
        "schema",
        "build -o built",
        "eval --facts facts.json",
        "why --facts facts.json --decision d0",
        "simulate --facts facts.json --from 2026-01-01 --to 2026-01-01",
    ] {
        for (path, says) in [
            ("empty", "there is no `.pol` file in `empty`"),
            ("nowhere", "`nowhere`"),
            ("link.pol", "`link.pol` cannot be read"),
            ("several/broken", "b.pol` cannot be read"),
        ] {
            let mut arguments: Vec<&str> = verb.split(' ').collect();
            arguments.push(path);
            let output = polc(&folder, &arguments, b"");
            let told = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(status(&output), 2, "{arguments:?}: {told}");
            assert!(told.contains(says), "{arguments:?}: {told}");
        }
    }
    // One program below is not taken for the folder itself, but named.
    let output = polc(&folder, &["schema", "several"], b"");
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("name one of the programs below it: `several/broken`"));
}

#[test]
fn facts_without_end_are_refused() {
    let folder = folder("endless");
    fs::write(folder.join("p.pol"), PROGRAM).unwrap();
    let long = format!("{{\"note\": \"{}\"}}", "x".repeat(8 << 20));
    for verb in [
        "eval p.pol",
        "why p.pol --decision known",
        "simulate p.pol --from 2026-01-01 --to 2026-01-02",
    ] {
        for (facts, input, says) in [
            ("-", long.as_str(), "at most 8388608 are read"),
            ("/dev/zero", "", "have more than 536870912 bytes"),
        ] {
            let mut arguments: Vec<&str> = verb.split(' ').collect();
            arguments.extend(["--facts", facts]);
            let output = polc(&folder, &arguments, input.as_bytes());
            assert_eq!(status(&output), 2, "{arguments:?}");
            let told = text(&output.stderr);
            assert!(told.contains(says), "{arguments:?}: {told}");
        }
    }
    let lines = format!("{long}\n{{\"as_of\": \"2026-01-01\", \"total\": 1}}\n");
    let arguments = [
        "eval",
        "p.pol",
        "--facts",
        "-",
        "--in",
        "jsonl",
        "--decision",
        "known",
    ];
    let output = polc(&folder, &arguments, lines.as_bytes());
    assert_eq!(status(&output), 2);
    assert_eq!(text(&output.stdout).lines().count(), 2);
}
