//! `polc eval`: one partner and whole populations.

use super::{folder, polc, root, status, text};
use serde_json::Value;

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
