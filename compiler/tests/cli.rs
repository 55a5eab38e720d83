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
        text(&output.stderr).contains("1 known, 1 open, 0 errors, 2 with facts that do not fit")
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

    std::fs::write(&path, good.replacen("expect discount", "expect dicount", 1)).unwrap();
    let output = polc(&folder, &["check", "small"], "");
    assert_eq!(status(&output), 1);
    for says in ["P0802 bad-test", "did you mean `discount`?"] {
        assert!(
            text(&output.stdout).contains(says),
            "{}",
            text(&output.stdout)
        );
    }

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

/// The root of the repository: the policies are in it.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn first_lines(output: &Output, count: usize) -> String {
    let text = text(&output.stdout);
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_shipped_population_is_told_with_what_other_readings_would_change() {
    for (policy, partners, open) in [
        ("accreditation", 15, 4),
        ("connect", 14, 3),
        ("conduct", 12, 1),
    ] {
        let program = format!("policies/{policy}");
        let facts = format!("{program}/examples/population.jsonl");
        // Only what the people of the program ask first; all decisions are in the golden files.
        let asked = match policy {
            "accreditation" => "renewal_outcome",
            "connect" => "certification_decision",
            _ => "security_requirements_met",
        };
        let arguments = ["eval", &program, "--facts", &facts, "--readings", "all"];
        let all = polc(&root(), &arguments, "");
        // Some facts are missing, on purpose.
        assert_eq!(status(&all), 3, "{policy}: {}", text(&all.stderr));
        let records: Vec<Value> = text(&all.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(records.len(), partners, "{policy}");
        let mut ids = Vec::new();
        for (at, record) in records.iter().enumerate() {
            assert_eq!(record.get("line"), Some(&Value::from(at + 1)));
            let decided = record.pointer(&format!("/decisions/{asked}/status"));
            assert!(decided.is_some(), "{policy}: {record}");
            for alternative in record.get("alternatives").unwrap().as_array().unwrap() {
                for key in ["reading", "chosen", "alternative"] {
                    assert!(
                        alternative.get(key).unwrap().is_string(),
                        "{policy}: {alternative}"
                    );
                }
                assert_ne!(alternative.get("chosen"), alternative.get("alternative"));
                let changes = alternative.get("changes").unwrap().as_object().unwrap();
                assert!(!changes.is_empty());
                for (decision, change) in changes {
                    let now = record.pointer(&format!("/decisions/{decision}"));
                    assert_eq!(change.get("from"), now, "{policy}: {decision}");
                    assert_ne!(change.get("from"), change.get("to"));
                }
            }
            ids.push(record.get("id").unwrap().as_str().unwrap());
        }
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted, "{policy}: in order, each once");
        assert_eq!(
            text(&all.stderr),
            format!(
                "{} known, {open} open, 0 errors, 0 with facts that do not fit\n",
                partners - open
            )
        );

        let without = polc(&root(), &["eval", &program, "--facts", &facts], "");
        assert!(!text(&without.stdout).contains("\"alternatives\""));
    }
}

const STUDIO: [&str; 8] = [
    "simulate",
    "policies/connect",
    "--facts",
    "policies/connect/examples/studio.json",
    "--from",
    "2026-02-01",
    "--to",
    "2026-12-31",
];

#[test]
fn simulate_shows_the_days_on_which_something_changes() {
    let studio = |more: &[&str]| {
        let arguments: Vec<&str> = STUDIO.iter().chain(more).copied().collect();
        polc(&root(), &arguments, "")
    };
    let output = studio(&["--decision", "stage"]);
    assert_eq!(status(&output), 0);
    assert_eq!(
        first_lines(&output, 6),
        "connect 2026.1, studio, from 2026-02-01 through 2026-12-31\n\
         \n\
         2026-02-01  install_counts[0].on\n\
         \x20 stage  not_applied\n\
         \n\
         2026-02-10  applied_on"
    );
    assert!(output.stderr.is_empty());
    // What is counted down is named at the end and shown beside other changes only.
    let output = studio(&["--decision", "stage", "--decision", "days_left"]);
    assert!(
        text(&output.stdout)
            .ends_with("\nCounting with the days, shown only beside other changes: days_left\n")
    );

    let output = studio(&["--decision", "stage", "--format", "json"]);
    assert_eq!(status(&output), 0);
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (at, wanted) in [
        ("/format", Value::from(2)),
        ("/id", Value::from("studio")),
        ("/from", Value::from("2026-02-01")),
        ("/to", Value::from("2026-12-31")),
        ("/points/0/changes/stage/from", Value::Null),
        ("/points/1/on", Value::from("2026-02-10")),
        (
            "/points/1/changes/stage/from/value",
            Value::from("not_applied"),
        ),
        (
            "/points/1/changes/stage/to/value",
            Value::from("under_consideration"),
        ),
    ] {
        assert_eq!(line.pointer(at), Some(&wanted), "{at}");
    }

    let output = studio(&["--decision", "stage", "--format", "mermaid"]);
    assert_eq!(status(&output), 0);
    assert_eq!(
        first_lines(&output, 5),
        "gantt\n  title connect studio\n  dateFormat YYYY-MM-DD\n  section Place in the program\n\
         \x20 not_applied :2026-02-01, 2026-02-10"
    );
    assert!(text(&output.stdout).contains("\n  certified :2026-09-01, 2027-01-01\n"));

    // Another reading, another time line: nobody goes on with 41 installs.
    let output = studio(&[
        "--decision",
        "stage",
        "--reading",
        "cert_installs=fifty_always",
        "--format",
        "mermaid",
    ]);
    assert!(text(&output.stdout).contains("\n  beta_listed :2026-04-10, 2027-01-01\n"));
}

#[test]
fn simulate_needs_no_lifecycle() {
    let folder = folder("simulated");
    let program = PROGRAM.replace("fact total", "event paid_on\nfact total")
        + "\ndecision paid: bool = paid_on is not none\n";
    std::fs::write(folder.join("small/small.pol"), program).unwrap();
    let arguments = [
        "simulate",
        "small",
        "--facts",
        "-",
        "--from",
        "2026-01-01",
        "--to",
        "2026-01-03",
        "--decision",
        "paid",
    ];
    let facts = r#"{"total":100,"fine":"yes","parts":[1],"paid_on":"2026-01-02"}"#;
    let output = polc(&folder, &arguments, facts);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    assert_eq!(
        text(&output.stdout),
        "small 1, one partner, from 2026-01-01 through 2026-01-03\n\n2026-01-01\n  paid  no\n\n\
         2026-01-02  paid_on\n  paid  yes  (was no)\n"
    );
    // The first day and the last may be the same.
    let one = arguments.map(|argument| argument.replace("2026-01-03", "2026-01-01"));
    let one: Vec<&str> = one.iter().map(String::as_str).collect();
    let output = polc(&folder, &one, facts);
    assert_eq!(status(&output), 0);
    assert!(text(&output.stdout).ends_with("\n2026-01-01\n  paid  no\n"));
}

#[test]
fn simulate_and_graph_refuse_what_makes_no_sense() {
    let connect = "policies/connect";
    let studio = "policies/connect/examples/studio.json";
    let simulate = |facts, from, to| {
        vec![
            "simulate", connect, "--facts", facts, "--from", from, "--to", to,
        ]
    };
    let day = "2026-02-01";
    let mut misspelt = simulate(studio, day, day);
    misspelt.extend(["--decision", "stge"]);
    let mut misread = simulate(studio, day, day);
    misread.extend(["--reading", "beta_period=two_months"]);
    let mut dotted = simulate(studio, day, day);
    dotted.extend(["--format", "dot"]);
    for (arguments, says) in [
        (
            simulate(studio, "2026-12-31", day),
            "`--from 2026-12-31` is after `--to 2026-02-01`",
        ),
        (
            simulate(studio, day, "2026-02-30"),
            "`--to 2026-02-30` is not a date",
        ),
        (
            simulate(studio, "1 February", day),
            "`--from 1 February` is not a date",
        ),
        (
            simulate("nowhere.json", day, day),
            "`nowhere.json` cannot be read",
        ),
        (simulate("-", day, day), "did you mean `applied_on`?"),
        (misspelt, "did you mean `stage`?"),
        (
            misread,
            "publication_is_day_0, publication_is_day_1, three_months",
        ),
        (dotted, "invalid value 'dot'"),
        (
            vec!["simulate", connect, "--facts", studio, "--from", day],
            "--to <YYYY-MM-DD>",
        ),
        (
            vec!["graph", connect, "--decision", "titel"],
            "did you mean `title`?",
        ),
        (
            vec!["graph", connect, "--all", "--decision", "title"],
            "cannot be used with",
        ),
        (
            vec!["graph", "policies/nowhere"],
            "`policies/nowhere` cannot be read: it does not exist",
        ),
        (
            vec!["graph", connect, "--format", "svg"],
            "invalid value 'svg'",
        ),
    ] {
        let output = polc(&root(), &arguments, r#"{"aplied_on":"2026-02-01"}"#);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(
            text(&output.stderr).contains(says),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
    }

    let folder = folder("faulty");
    let output = polc(&folder, &["graph", "small"], "");
    assert_eq!(status(&output), 2);
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("the program has no lifecycle; `--all` draws"));
    let faulty = PROGRAM.replace("when large", "when lrge");
    std::fs::write(folder.join("small/small.pol"), faulty).unwrap();
    for arguments in [
        &["graph", "small", "--all"][..],
        &[
            "simulate",
            "small",
            "--facts",
            "-",
            "--from",
            "2026-01-01",
            "--to",
            "2026-01-01",
        ],
    ] {
        let output = polc(&folder, arguments, "{}");
        assert_eq!(status(&output), 1, "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(text(&output.stderr).contains("did you mean `large`?"));
    }
}

#[test]
fn graph_draws_a_lifecycle_or_what_a_decision_reads() {
    let connect = "policies/connect";
    for (more, begins) in [
        (
            &[][..],
            "stateDiagram-v2\n  %% Place in the program\n  state \"not applied\" as s0\n",
        ),
        (
            &["--format", "mermaid"],
            "stateDiagram-v2\n  %% Place in the program\n  state \"not applied\" as s0\n",
        ),
        (
            &["--format", "dot"],
            "digraph \"Place in the program\" {\n  rankdir=TB;",
        ),
        (
            &["--decision", "application_admissible"],
            "flowchart LR\n  d",
        ),
        (&["--all"], "flowchart LR\n"),
        (
            &["--decision", "title", "--format", "dot"],
            "digraph \"connect\" {\n  rankdir=LR;",
        ),
        (&["--all", "--format", "dot"], "digraph \"connect\" {\n"),
    ] {
        let mut arguments = vec!["graph", connect];
        arguments.extend(more);
        let output = polc(&root(), &arguments, "");
        assert_eq!(status(&output), 0, "{more:?}");
        assert!(
            text(&output.stdout).starts_with(begins),
            "{more:?}: {}",
            first_lines(&output, 4)
        );
        assert!(output.stderr.is_empty(), "{more:?}");
    }
    // The lifecycle is whole: each way in, each end.
    let picture = text(&polc(&root(), &["graph", connect], "").stdout);
    for line in [
        "state \"removed\" as s14",
        "s14 --> [*]",
        "s6 --> s15: late after listing period ends on unless reached 40",
    ] {
        assert!(picture.contains(line), "{line} in\n{picture}");
    }
    // A picture shows one lifecycle; where there are several, one is chosen.
    let partners = "policies/technology_partner";
    let several = polc(&root(), &["graph", partners], "");
    assert_eq!(status(&several), 2);
    assert!(several.stdout.is_empty());
    assert!(text(&several.stderr).contains("`--lifecycle`: activation, program_status"));
    for (name, begins, code) in [
        (
            "activation",
            "stateDiagram-v2\n  %% From an offered tier",
            0,
        ),
        (
            "program_status",
            "stateDiagram-v2\n  %% Place in the program",
            0,
        ),
        ("activtion", "", 2),
    ] {
        let output = polc(&root(), &["graph", partners, "--lifecycle", name], "");
        assert_eq!(status(&output), code, "{name}");
        assert!(text(&output.stdout).starts_with(begins), "{name}");
        let drawn = text(&output.stdout).matches("stateDiagram").count();
        assert_eq!(drawn, usize::from(code == 0), "{name}");
    }
    // What has no lifecycle still has decisions.
    let output = polc(&folder("drawn"), &["graph", "small", "--all"], "");
    assert_eq!(status(&output), 0);
    assert!(text(&output.stdout).starts_with("flowchart LR\n"));
}

#[test]
fn why_takes_one_partner_of_several_all_decisions_and_two_days() {
    let folder = folder("why_flags");
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let source = readme.split("```pol\n").nth(1).unwrap();
    std::fs::write(
        folder.join("tiers.pol"),
        source.split("```").next().unwrap(),
    )
    .unwrap();
    let line = |id: &str, revenue: &str| {
        format!(
            "{{\"id\":\"{id}\",\"as_of\":\"2026-12-31\",\"revenue\":\"{revenue}\",\"certified\":false}}\n"
        )
    };
    let all = [line("acme", "210000.00"), line("birch", "60000.00")].concat();
    std::fs::write(folder.join("partners.jsonl"), all).unwrap();
    let why = |more: &[&str]| {
        let mut arguments = vec!["why", "tiers.pol", "--facts", "partners.jsonl"];
        arguments.extend(more);
        polc(&folder, &arguments, "")
    };
    let output = why(&["--id", "birch", "--decision", "tier"]);
    assert_eq!(status(&output), 0);
    assert!(
        text(&output.stdout)
            .starts_with("birch, as of 2026-12-31\n\nThe partner's tier (tier): silver\n")
    );
    // Every decision is told, in a few lines.
    assert!(
        text(&why(&["--id", "birch"]).stdout).starts_with("The partner's tier (tier): silver\n")
    );
    // The day after, the waiver is over.
    let output = why(&[
        "--id",
        "acme",
        "--decision",
        "tier",
        "--compare",
        "2027-01-01",
    ]);
    let printed = text(&output.stdout);
    assert!(
        printed.contains("The partner's tier (tier): gold, then silver\n"),
        "{printed}"
    );
    assert!(printed.contains("  first year: applies"), "{printed}");
    let output = why(&[
        "--id",
        "acme",
        "--compare",
        "2027-01-01",
        "--format",
        "json",
    ]);
    assert!(
        text(&output.stdout).contains("\"after\""),
        "{}",
        text(&output.stdout)
    );
    for (more, says) in [
        (&[][..], "name one with `--id`"),
        (&["--id", "nobody"], "holds no partner `nobody`"),
        (&["--id", "acme", "--compare", "2027-02-30"], "2027-02-30"),
    ] {
        let output = why(more);
        assert_eq!(status(&output), 2, "{more:?}");
        assert!(
            text(&output.stderr).contains(says),
            "{}",
            text(&output.stderr)
        );
    }
}
