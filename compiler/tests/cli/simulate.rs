//! `polc simulate`.

use super::{PROGRAM, first_lines, folder, polc, root, status, text};
use serde_json::Value;

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
