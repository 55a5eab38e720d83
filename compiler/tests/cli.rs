//! The command line as scripts see it: exit statuses, streams, shapes.
//!
//! It stands here, not with the other end-to-end tests, because cargo names a binary's path only to the
//! tests of its own package.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = r#"program small "Small" version 1
  currency USD
fact total: money >= 0 "What it comes to"
judgement fine: yes, no by us
reading edge "At exactly $100"
  inside  "counts"
  outside "does not"
  chosen inside because "the guide says at least"
define large: bool by reading edge
  inside  total >= $100
  outside total > $100
decision discount: percent "The discount"
  10% when large
  0%  otherwise
decision accepted: bool = fine is yes
decision share: decimal = 10 / count of parts
fact parts: list of int

tests "edge" as_of 2026-01-01
  | total | expect discount |
  | $100  | 10%             |
  | $99   | 0%              |
"#;

/// A folder of its own for one test, with the program in it.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("small")).unwrap();
    std::fs::write(folder.join("small/small.pol"), PROGRAM).unwrap();
    folder
}

fn polc(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_polc"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that fails before it reads its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn eval_tells_known_open_broken_and_bad_facts_apart() {
    let folder = folder("statuses");
    let eval = |facts: &str, more: &[&str]| {
        let mut arguments = vec!["eval", "small", "--facts", "-", "--format", "json"];
        arguments.extend(more);
        polc(&folder, &arguments, facts)
    };
    let known = r#"{"as_of":"2026-01-01","total":100,"fine":"yes","parts":[1,2]}"#;
    let output = eval(known, &[]);
    assert_eq!(status(&output), 0);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        result.pointer("/decisions/discount/value"),
        Some(&Value::from("10"))
    );
    assert_eq!(
        result.pointer("/decisions/share/value"),
        Some(&Value::from("5"))
    );
    assert_eq!(
        result.pointer("/readings/edge"),
        Some(&Value::from("inside"))
    );

    let other = eval(known, &["--reading", "edge=outside"]);
    let result: Value = serde_json::from_slice(&other.stdout).unwrap();
    assert_eq!(
        result.pointer("/decisions/discount/value"),
        Some(&Value::from("0"))
    );

    let open = eval(r#"{"as_of":"2026-01-01","total":100,"parts":[1]}"#, &[]);
    assert_eq!(status(&open), 3);
    let result: Value = serde_json::from_slice(&open.stdout).unwrap();
    assert_eq!(
        result.pointer("/decisions/accepted/judgements/0/permitted/0"),
        Some(&Value::from("yes"))
    );

    let broken = eval(
        r#"{"as_of":"2026-01-01","total":100,"fine":"yes","parts":[]}"#,
        &[],
    );
    assert_eq!(status(&broken), 1);

    for (facts, says) in [
        (
            r#"{"as_of":"2026-01-01","totl":1}"#,
            "did you mean `total`?",
        ),
        (r#"{"as_of":"2026-01-01","total":-1}"#, "at least 0"),
        (
            r#"{"as_of":"2026-01-01","total":1,"total":2}"#,
            "stands twice",
        ),
        (r#"{"as_of":"2026-02-30"}"#, "a date"),
        ("{", "valid JSON"),
    ] {
        let output = eval(facts, &[]);
        assert_eq!(status(&output), 2, "{facts}");
        assert!(output.stdout.is_empty(), "{facts}");
        assert!(
            text(&output.stderr).contains(says),
            "{facts}: {}",
            text(&output.stderr)
        );
    }
}

#[test]
fn wrong_usage_is_told_and_exits_with_two() {
    let folder = folder("usage");
    let facts = r#"{"as_of":"2026-01-01"}"#;
    for (arguments, says) in [
        (
            vec!["eval", "small", "--facts", "-", "--decision", "discont"],
            "did you mean `discount`?",
        ),
        (
            vec!["eval", "small", "--facts", "-", "--reading", "edge=middle"],
            "it has inside, outside",
        ),
        (
            vec!["eval", "small", "--facts", "-", "--as-of", "2026-01-02"],
            "remove one of them",
        ),
        (
            vec!["eval", "small", "--facts", "nowhere.json"],
            "it does not exist",
        ),
        (vec!["eval", "nowhere", "--facts", "-"], "it does not exist"),
        (vec!["check", "nowhere"], "does not exist"),
        (vec!["explain", "P9999"], "there is no code"),
        (vec!["frobnicate"], "unrecognized subcommand"),
    ] {
        let output = polc(&folder, &arguments, facts);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(
            text(&output.stderr).contains(says),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
    }
    let output = polc(
        &folder,
        &["eval", "small", "--facts", "-"],
        r#"{"total":1}"#,
    );
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("there is no date"));
}

#[test]
fn a_population_keeps_its_order_and_goes_on_after_a_bad_line() {
    let folder = folder("population");
    let lines =
        "{\"id\":\"a\",\"total\":500}\n\n{\"id\":\"b\",\"totl\":1}\nnot json\n{\"id\":\"c\"}\n";
    std::fs::write(folder.join("all.jsonl"), lines).unwrap();
    let arguments = [
        "eval",
        "small",
        "--facts",
        "all.jsonl",
        "--as-of",
        "2026-01-01",
        "--decision",
        "discount",
    ];
    let output = polc(&folder, &arguments, "");
    assert_eq!(status(&output), 2);
    let records: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let numbers: Vec<_> = records
        .iter()
        .map(|record| record.get("line").cloned().unwrap())
        .collect();
    assert_eq!(numbers, [1, 3, 4, 5].map(Value::from));
    let ids: Vec<_> = records
        .iter()
        .map(|record| record.get("id").cloned().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            Value::from("a"),
            Value::from("b"),
            Value::Null,
            Value::from("c")
        ]
    );
    assert!(records.get(1).unwrap().get("errors").is_some());
    assert!(
        text(&output.stderr).contains("1 known, 1 open, 0 broken, 2 with facts that do not fit")
    );
}

#[test]
fn a_built_program_stands_for_its_folder_until_it_is_damaged() {
    let folder = folder("built");
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "small.polir"], "")),
        0
    );
    let facts = r#"{"as_of":"2026-01-01","total":100,"fine":"no","parts":[3]}"#;
    let run = |program: &str| {
        polc(
            &folder,
            &["eval", program, "--facts", "-", "--format", "json"],
            facts,
        )
    };
    assert_eq!(run("small").stdout, run("small.polir").stdout);
    let whole = std::fs::read(folder.join("small.polir")).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let newer = text(&whole)
        .replacen("pol-ir 2 ", "pol-ir 3 ", 1)
        .into_bytes();
    let short = whole.get(..whole.len() / 2).unwrap().to_vec();
    for (bytes, says) in [
        (short, "cut short"),
        (flipped, "checksum does not match"),
        (newer, "format version is `3`"),
    ] {
        std::fs::write(folder.join("bad.polir"), bytes).unwrap();
        let output = run("bad.polir");
        assert_eq!(status(&output), 2, "{says}");
        assert!(
            text(&output.stderr).contains(says),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn check_test_and_fmt_fail_when_something_is_wrong() {
    let folder = folder("verbs");
    assert_eq!(
        status(&polc(
            &folder,
            &["check", "small", "--deny", "warnings"],
            ""
        )),
        0
    );
    assert_eq!(
        status(&polc(&folder, &["test", "small", "--coverage"], "")),
        0
    );
    assert_eq!(status(&polc(&folder, &["fmt", "small"], "")), 0);
    assert_eq!(status(&polc(&folder, &["fmt", "small", "--check"], "")), 0);
    let path = folder.join("small/small.pol");
    let good = std::fs::read_to_string(&path).unwrap();

    std::fs::write(&path, good.replace("10% when large", "11% when large")).unwrap();
    let output = polc(&folder, &["test", "small"], "");
    assert_eq!(status(&output), 1);
    assert!(
        text(&output.stdout).contains("discount: expected 10, got 11"),
        "{}",
        text(&output.stdout)
    );

    std::fs::write(
        &path,
        good.replace("fact total: money", "fact total:   money"),
    )
    .unwrap();
    assert_eq!(status(&polc(&folder, &["fmt", "small", "--check"], "")), 1);

    std::fs::write(&path, good.replace("when large", "when lrge")).unwrap();
    for (format, says) in [
        ("text", "did you mean `large`?"),
        ("json", "\"code\": \"P0301\""),
        ("sarif", "\"ruleId\": \"P0301\""),
        ("github", "::error file=small/small.pol,line="),
    ] {
        let output = polc(&folder, &["check", "small", "--format", format], "");
        assert_eq!(status(&output), 1, "{format}");
        assert!(
            text(&output.stdout).contains(says),
            "{format}: {}",
            text(&output.stdout)
        );
    }
    assert_eq!(
        status(&polc(&folder, &["eval", "small", "--facts", "-"], "{}")),
        1
    );

    let nothing = good.replace("expect discount", "note           ");
    std::fs::write(
        &path,
        nothing
            .replace("| 10%             |", "| \"ten\"           |")
            .replace("| 0%              |", "| \"none\"          |"),
    )
    .unwrap();
    let output = polc(&folder, &["test", "small"], "");
    assert_eq!(status(&output), 1);
    assert!(
        text(&output.stdout).contains("P0801"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn a_new_program_checks_tests_and_answers() {
    let folder = folder("new");
    assert_eq!(status(&polc(&folder, &["new", "fresh"], "")), 0);
    assert_eq!(status(&polc(&folder, &["new", "fresh"], "")), 1);
    assert_eq!(status(&polc(&folder, &["new", "Not-A-Name"], "")), 2);
    assert_eq!(
        status(&polc(
            &folder,
            &["check", "fresh", "--deny", "warnings"],
            ""
        )),
        0
    );
    assert_eq!(status(&polc(&folder, &["fmt", "fresh", "--check"], "")), 0);
    assert_eq!(status(&polc(&folder, &["test", "fresh"], "")), 0);
    assert_eq!(
        status(&polc(
            &folder,
            &["eval", "fresh", "--facts", "fresh/example.json"],
            ""
        )),
        0
    );
    let arguments = [
        "why",
        "fresh",
        "--facts",
        "fresh/example.json",
        "--decision",
        "discount",
    ];
    let output = polc(&folder, &arguments, "");
    assert!(
        text(&output.stdout).contains("The discount on an order (discount): 5%"),
        "{}",
        text(&output.stdout)
    );
    let schema = polc(&folder, &["schema", "fresh"], "");
    let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert!(schema.pointer("/facts/properties/order_total").is_some());
    assert!(
        !polc(&folder, &["completions", "bash"], "")
            .stdout
            .is_empty()
    );
}
