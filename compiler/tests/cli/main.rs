//! The command line as scripts see it: exit statuses, streams, shapes.
//!
//! It stands here, not with the other end-to-end tests, because cargo names a binary's path only to the
//! tests of its own package.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod check;
mod eval;
mod graph;
mod simulate;
mod why;

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
        .replacen("pol-ir 3 ", "pol-ir 4 ", 1)
        .into_bytes();
    let short = whole.get(..whole.len() / 2).unwrap().to_vec();
    for (bytes, says) in [
        (short, "cut short"),
        (flipped, "checksum does not match"),
        (newer, "format version is `4`"),
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

/// The root of the repository: the policies are in it.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn first_lines(output: &Output, count: usize) -> String {
    let text = text(&output.stdout);
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}
