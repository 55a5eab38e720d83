//! A rule with parameters says what it would say where it is asked for: the same outcomes, the same needs, the same
//! clauses, on full and partial facts.

use crate::expressions;
use crate::given::Given;
use crate::run::{Census, Random, cases};
use polc_runtime::facts::Facts;
use polc_runtime::ir::Op;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::{Map, Value as Json};

/// What is asked of one program.
struct Asked {
    decisions: Json,
    /// By decision.
    clauses: Vec<Json>,
}

fn asked(program: &Program, facts: &Map<String, Json>, day: Date) -> Asked {
    let text = Json::Object(facts.clone()).to_string();
    let facts = Facts::from_json(program.ir(), &text).expect("the facts fit");
    let options = Options::default();
    let result = program.evaluate(&facts, day, &options).report(None).json();
    let decisions = result["decisions"].clone();
    let names = decisions.as_object().expect("decisions").keys();
    let clauses = names.map(|name| {
        let why = program.explain(&facts, day, &options, name);
        let why = serde_json::to_value(why.expect("it is a decision")).expect("it is written");
        why["clauses"].clone()
    });
    Asked {
        clauses: clauses.collect(),
        decisions,
    }
}

fn calls(program: &Program) -> usize {
    let nodes = program.ir().nodes.iter();
    nodes
        .filter(|node| matches!(node.op, Op::Call { .. }))
        .count()
}

#[test]
fn a_rule_says_what_it_says_where_it_is_asked_for() {
    let mut census = Census::default();
    let (mut programs, mut answers) = (0, 0);
    let mut case = 0;
    while programs < cases(5_000, 30) {
        let drawn = expressions::twins(case);
        case += 1;
        let Some([(text, named), (out, plain)]) = drawn else {
            continue;
        };
        if calls(&named) == 0 {
            continue;
        }
        programs += 1;
        census.count(match calls(&plain) {
            0 => "every call written out",
            _ => "some calls stay",
        });
        let mut random = Random::of_case("facts for rules", case);
        let written = *random.pick(&expressions::DAYS);
        let day = Date::parse(written).expect("a date");
        let number = crate::plain::day_of(written).expect("a date");
        let mut given = Given::new(named.ir(), random, number);
        let full = given.facts();
        let partial = given.fewer(&full, 30);
        for facts in [full, partial, Map::new()] {
            let (a, b) = (asked(&named, &facts, day), asked(&plain, &facts, day));
            let shown = || {
                format!(
                    "on {written} with {}\n{text}\n----\n{out}",
                    Json::Object(facts.clone())
                )
            };
            let names = a.decisions.as_object().expect("decisions").keys();
            for (at, name) in names.enumerate() {
                answers += 1;
                let (one, other) = (&a.decisions[name], &b.decisions[name]);
                assert_eq!(one, other, "{name} {}", shown());
                assert_eq!(
                    a.clauses[at],
                    b.clauses[at],
                    "clauses of {name} {}",
                    shown()
                );
                census.count(one["status"].as_str().unwrap_or_default());
            }
        }
    }
    println!("{programs} programs, {answers} answers, {census:?}");
    census.expect(
        &[
            "every call written out",
            "some calls stay",
            "known",
            "unknown",
            "not_applicable",
            "error",
        ],
        50,
    );
}

/// One rule of one value says another thing on another day, and of another value.
#[test]
fn a_rule_is_remembered_by_its_values_and_its_day() {
    let text = "program t \"T\" version 1\nfact n: int\n\
        define rate(n: int): int\n  n + 1 when n > 0 from 2026-01-01\n  n + 2 otherwise\n\
        decision d: list of int = [rate(n), rate(n) as of 2020-01-01, rate(n + 1), rate(n)]\n";
    let program = crate::harness::Files::one(text).program("t.pol");
    let facts = serde_json::json!({ "n": 1 });
    let result = crate::harness::evaluate(&program, &facts, "2027-01-01");
    let wanted = serde_json::json!([2, 3, 3, 2]);
    assert_eq!(crate::harness::decision(&result, "d"), wanted);
}
