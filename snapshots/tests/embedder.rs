//! The program of docs/embedding.md, as somebody writes it who embeds the evaluator: a crate outside of the workspace.

use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, Files, TECHNOLOGY_PARTNER, root};
use polc::testing::situations;
use polc_runtime::facts::Facts;
use polc_runtime::{Answer, Data, Options, Program};
use serde_json::{Value as Json, json};
use std::process::Command;

#[test]
fn an_embedders_program_answers_and_tells_why() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let source = readme
        .split("```pol\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let program = Files::one(source).program("t.pol");
    let folder = root().join("target/embedder");
    std::fs::create_dir_all(&folder).unwrap();
    let built = folder.join("tiers.polir");
    std::fs::write(&built, polc_runtime::ir::encode(program.whole())).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(root().join("snapshots/embedder/Cargo.toml"))
        .arg("--")
        .arg(&built)
        .env("CARGO_TARGET_DIR", &folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    let why = readme
        .split("```text\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    assert_eq!(printed, format!("tier: gold\n{why}"));
}

#[test]
fn the_page_shows_that_program() {
    let page = std::fs::read_to_string(root().join("docs/embedding.md")).unwrap();
    let code = std::fs::read_to_string(root().join("snapshots/embedder/src/main.rs")).unwrap();
    assert!(
        page.contains(&code),
        "docs/embedding.md does not show snapshots/embedder"
    );
    assert!(code.lines().count() <= 30);
}

/// A typed answer the way a result writes it, as far as both say the same.
fn json_of(answer: &Answer) -> (&'static str, Option<Json>) {
    match answer {
        Answer::Known(data) => ("known", plain(data)),
        Answer::Unknown { needs, .. } => ("unknown", Some(json!(needs))),
        Answer::NeedsDecision(judgements) => {
            let names: Vec<&str> = judgements.iter().map(|one| one.name.as_str()).collect();
            ("needs_decision", Some(json!(names)))
        }
        Answer::NotApplicable(because) => ("not_applicable", Some(json!(because))),
        Answer::Error(because) => ("error", Some(json!(because))),
    }
}

/// Values whose form does not depend on their type.
fn plain(data: &Data) -> Option<Json> {
    match data {
        Data::None => Some(Json::Null),
        Data::Bool(value) => Some(json!(value)),
        Data::Date(date) => Some(json!(date.to_string())),
        Data::Name(name) => Some(json!(name)),
        Data::Text(text) => Some(json!(text)),
        Data::Number(_) | Data::List(_) | Data::Record(_) => None,
    }
}

#[test]
fn typed_answers_say_what_results_say() {
    let (mut compared, mut statuses) = (0, std::collections::BTreeSet::new());
    for folder in [ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER] {
        let compilation = Files::whole(folder).compile(folder);
        let compiled = compilation.program.unwrap();
        let program = Program::new(compiled.ir).unwrap();
        let all = situations(program.ir(), &compiled.tests, &compilation.sources);
        for case in all.iter().step_by(9) {
            let options = Options::default();
            let report = program
                .evaluate(&case.facts, case.as_of, &options)
                .report(None)
                .json();
            for (name, outcome) in report["decisions"].as_object().unwrap() {
                let answer = program.answer(&case.facts, case.as_of, name).unwrap();
                let (status, said) = json_of(&answer);
                assert_eq!(outcome["status"], status, "{folder} {name}: {answer}");
                statuses.insert(status);
                let wanted = match status {
                    "known" => outcome["value"].clone(),
                    "unknown" => outcome["needs"].clone(),
                    "needs_decision" => {
                        let all = outcome["judgements"].as_array().unwrap().iter();
                        all.map(|one| one["judgement"].clone()).collect()
                    }
                    _ => outcome["because"].clone(),
                };
                if let Some(said) = said {
                    assert_eq!(wanted, said, "{folder} {name}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 1000, "{compared}");
    assert!(statuses.len() >= 4, "{statuses:?}");
}

#[test]
fn facts_come_from_text_and_from_values() {
    let program = Files::one(
        "program p \"P\" version 1\nfact a: int \"A\"\nfact b: decimal \"B\"\ndecision d: decimal = a + b\n",
    )
    .program("t.pol");
    let value = json!({ "a": 3, "b": "0.25" });
    let day = "2026-01-01".parse().unwrap();
    let answer = |facts: &Facts| program.answer(facts, day, "d").unwrap().to_string();
    assert_eq!(answer(&program.facts(&value.to_string()).unwrap()), "3.25");
    assert_eq!(answer(&program.facts_from(&value).unwrap()), "3.25");
    let wrong = program
        .facts_from(&json!({ "a": "three", "c": 1 }))
        .unwrap_err();
    assert_eq!(wrong.to_string().lines().count(), 2, "{wrong}");
    assert!("2026-02-30".parse::<polc_runtime::value::Date>().is_err());
    assert!(
        program
            .answer(&Facts::empty(program.ir()), day, "e")
            .is_err()
    );
}
