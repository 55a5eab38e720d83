//! Random expressions and decisions: the runtime against the plain evaluator, on full and partial facts.

mod declare;
mod forms;
mod kinds;
mod rules;
mod write;

use crate::compare::{Comparison, accepted};
use crate::harness::{Files, decision, evaluate};
use crate::run::{Census, Random, cases};
use kinds::HEAD;
use polc::diagnostics::Severity;
use polc_runtime::Program;
use polc_runtime::ir::{DefinitionKind, Node, Op, Type};
use serde_json::json;
use write::Writer;

/// Decisions of one generated program.
const EACH: usize = 24;

/// The days programs are asked about.
pub const DAYS: [&str; 7] = [
    "2025-12-31",
    "2026-12-31",
    "2027-01-01",
    "2027-01-15",
    "2027-07-16",
    "2028-02-29",
    "2026-08-31",
];

/// A random program: its text and what it compiles to.
pub fn drawn(case: u64) -> Option<(String, Program)> {
    let mut writer = Writer::new(Random::of_case("expressions", case));
    let (text, program) = accepted(HEAD, (0..EACH).map(|at| writer.next(at)).collect())?;
    Some((text, with_subset(&program)))
}

/// A random program with rules that have parameters, and the same with what they say in their place.
pub fn twins(case: u64) -> Option<[(String, Program); 2]> {
    let mut writer = Writer::new(Random::of_case("rules and what they say", case));
    let mut pairs: Vec<[String; 2]> = (0..EACH / 2).map(|at| writer.twins(at)).collect();
    let head = cited(HEAD);
    while !pairs.is_empty() {
        let mut programs = Vec::new();
        for which in 0..2 {
            let chunks = pairs.iter().map(|pair| pair[which].as_str());
            let text = format!("{head}{}", chunks.collect::<String>());
            let compilation = Files::one(text.as_str()).compile("t.pol");
            if let Some(compiled) = compilation.program {
                let program = Program::new(compiled.ir).expect("what compiles verifies");
                programs.push((text, program));
                continue;
            }
            let mut end = head.len();
            pairs.retain(|pair| {
                let start = end;
                end += pair[which].len();
                !compilation.diagnostics.iter().any(|finding| {
                    let at = finding.labels[0].span.start as usize;
                    finding.severity() == Severity::Error && (start..end).contains(&at)
                })
            });
            break;
        }
        if let Ok(both) = <[_; 2]>::try_from(programs) {
            return Some(both);
        }
    }
    None
}

/// The head with a clause for each fact, so that reasons tell what was read.
fn cited(head: &str) -> String {
    let mut clauses = String::from("source law \"Law\"\n");
    let mut lines: Vec<String> = Vec::new();
    for line in head.lines() {
        let mut words = line.split([' ', ':']);
        let what = words.next().unwrap_or_default();
        if !["fact", "event", "judgement"].contains(&what) {
            lines.push(line.to_owned());
            continue;
        }
        let name = words.next().unwrap_or_default();
        clauses += &format!("  F-{name} \"{name}\"\n");
        lines.push(format!("{line} cite F-{name}"));
    }
    format!("{}\n{clauses}", lines.join("\n"))
}

/// The program with the operation that no form of the language becomes: whether one list is inside another.
fn with_subset(program: &Program) -> Program {
    let mut ir = program.ir().clone();
    let lists: Vec<u32> = (0..ir.nodes.len() as u32)
        .filter(|at| {
            let node = &ir.nodes[*at as usize];
            matches!(node.op, Op::Fact(_)) && matches!(&node.ty, Type::List(_) | Type::Set(_))
        })
        .collect();
    for (a, b) in lists
        .iter()
        .flat_map(|a| lists.iter().map(move |b| (*a, *b)))
    {
        let item = |at: u32| match &ir.nodes[at as usize].ty {
            Type::List(inner) | Type::Set(inner) => (**inner).clone(),
            other => other.clone(),
        };
        if a == b || item(a) != item(b) {
            continue;
        }
        let mut decision = ir.definitions[ir.definitions.len() - 1].clone();
        decision.name = format!("subset_{a}_{b}");
        decision.kind = DefinitionKind::Decision;
        decision.ty = Type::Bool;
        decision.node = ir.nodes.len() as u32;
        decision.rules.clear();
        ir.nodes.push(Node {
            op: Op::Subset(a, b),
            ty: Type::Bool,
        });
        ir.definitions.push(decision);
    }
    Program::new(ir).expect("the operation is well formed")
}

/// Lists in doubt that were once decided: what gives `d`, what is known first, and two ways in which it goes on.
const IN_DOUBT: [(&str, &str, [&str; 2]); 11] = [
    // the places behind an item that may or may not count are open
    (
        "text or none = item 2 of dated.name",
        r#"{"dated": [{"name": "b"}, {"name": "a", "on": "2026-05-01"}]}"#,
        [
            r#"{"dated": [{"name": "b", "on": "2026-05-01"}, {"name": "a", "on": "2026-05-01"}]}"#,
            r#"{"dated": [{"name": "b", "on": "2027-05-01"}, {"name": "a", "on": "2026-05-01"}]}"#,
        ],
    ),
    (
        "text or none = last of (first 1 of dated.name)",
        r#"{"dated": [{"name": "b"}, {"name": "a", "on": "2026-05-01"}]}"#,
        [
            r#"{"dated": [{"name": "b", "on": "2026-05-01"}, {"name": "a", "on": "2026-05-01"}]}"#,
            r#"{"dated": [{"name": "b", "on": "2027-05-01"}, {"name": "a", "on": "2026-05-01"}]}"#,
        ],
    ),
    (
        "list of text = dated.name without the last n",
        r#"{"dated": [{"name": "b", "on": "2026-05-01"}]}"#,
        [
            r#"{"n": 0, "dated": [{"name": "b", "on": "2026-05-01"}]}"#,
            r#"{"n": 1, "dated": [{"name": "b", "on": "2026-05-01"}]}"#,
        ],
    ),
    // of a candidate a part is open
    (
        "list of text\n  items.name when 1 / n > 0\n  distinct items.name otherwise",
        r#"{"n": 0, "items": [{"size": 1}]}"#,
        [
            r#"{"n": 0, "items": [{"size": 1, "name": "b"}]}"#,
            r#"{"n": 0, "items": [{"size": 1, "name": "c"}]}"#,
        ],
    ),
    // where the first of two that are alike is in doubt, what stands between may come before both
    (
        "list of text = distinct dated.name",
        r#"{"dated": [{"name": "b"}, {"name": "a", "on": "2026-05-01"}, {"name": "b", "on": "2026-05-02"}]}"#,
        [
            r#"{"dated": [{"name": "b", "on": "2026-05-01"}, {"name": "a", "on": "2026-05-01"}, {"name": "b", "on": "2026-05-02"}]}"#,
            r#"{"dated": [{"name": "b", "on": "2027-05-01"}, {"name": "a", "on": "2026-05-01"}, {"name": "b", "on": "2026-05-02"}]}"#,
        ],
    ),
    (
        "text or none = first of distinct dated.name",
        r#"{"dated": [{"name": "b"}, {"name": "a", "on": "2026-05-01"}, {"name": "b", "on": "2026-05-02"}]}"#,
        [
            r#"{"dated": [{"name": "b", "on": "2026-05-01"}, {"name": "a", "on": "2026-05-01"}, {"name": "b", "on": "2026-05-02"}]}"#,
            r#"{"dated": [{"name": "b", "on": "2027-05-01"}, {"name": "a", "on": "2026-05-01"}, {"name": "b", "on": "2026-05-02"}]}"#,
        ],
    ),
    // a list that is not known may hold several that differ
    (
        "int\n  1 when only of sizes = 3\n  2 otherwise",
        r#"{}"#,
        [r#"{"sizes": [3]}"#, r#"{"sizes": [3, 4]}"#],
    ),
    // what adds nothing may still fail
    (
        "int = sum of [3, 0 when 4 / n >= 1]",
        r#"{}"#,
        [r#"{"n": 4}"#, r#"{"n": 0}"#],
    ),
    // whether a rule applies at all may still fail
    (
        "int\n  applies when 4 / n >= 1 because \"it is so\"\n  not applicable because \"nothing is said\" otherwise",
        r#"{}"#,
        [r#"{"n": 4}"#, r#"{"n": 0}"#],
    ),
    // a length that is made may turn out not to be whole
    (
        "bool = 2026-07-01 within (1 day * (k / 4)) after 2026-06-01\nfact k: int 0..4",
        r#"{}"#,
        [r#"{"k": 4}"#, r#"{"k": 1}"#],
    ),
    // what is not before today may be today
    (
        "bool = l is two\nfact e: date\nlifecycle l starts one\n  state one\n    on later of (e, 2027-01-01) -> two\n  final two",
        r#"{}"#,
        [r#"{"e": "2027-01-01"}"#, r#"{"e": "2027-01-02"}"#],
    ),
];

#[test]
fn a_list_in_doubt_settles_nothing_that_hangs_on_it() {
    for (body, partial, full) in IN_DOUBT {
        let text = format!(
            "program t \"T\" version 1\nrecord Dated dated on\n  on: date\n  name: text\nfact n: int\n\
             fact items: list of {{name: text, size: int}}\nfact sizes: list of int\nfact dated: list of Dated\n\
             decision d: {body}\n"
        );
        let program = Files::one(text).program("t.pol");
        let of = |facts: &str| {
            let facts = serde_json::from_str(facts).expect("the facts are JSON");
            evaluate(&program, &facts, "2027-01-01")
        };
        assert_eq!(decision(&of(partial), "d"), json!("unknown"), "{body}");
        let [one, other] = full.map(|full| decision(&of(full), "d"));
        assert!(
            one != other && one != json!("unknown") && other != json!("unknown"),
            "{body}: {one}, {other}"
        );
    }
}

/// Whether an item of nothing counts changes no sum.
#[test]
fn what_adds_nothing_is_not_asked_for() {
    let text = "program t \"T\" version 1\nfact b: bool\ndecision d: int = sum of [3, 0 when b]\n";
    let program = Files::one(text).program("t.pol");
    let result = evaluate(&program, &json!({}), "2027-01-01");
    assert_eq!(decision(&result, "d"), json!(3));
}

/// Exceptions whose conditions are not applicable cannot clash: two that differ give what their conditions are.
#[test]
fn exceptions_that_are_not_applicable_do_not_clash() {
    let text = "program t \"T\" version 1
fact b1: bool
fact b3: bool
fact i1: int
define unsaid: bool
  applies when b3 because \"only so\"
  i1 > 2 otherwise
decision d: int = if b1 then i1 else 3
exception x to d when unsaid
  use 2
exception y to d when not unsaid
  use 1
";
    let program = Files::one(text).program("t.pol");
    let result = evaluate(&program, &json!({"b3": false, "i1": 4}), "2027-01-01");
    assert_eq!(decision(&result, "d"), json!("not_applicable"));
}

/// How many different values there are does not hang on their order.
#[test]
fn repeats_in_doubt_are_counted() {
    let text = "program t \"T\" version 1
record Dated dated on
  on: date
  name: text
fact dated: list of Dated
decision many: int = count of distinct dated.name
";
    let program = Files::one(text).program("t.pol");
    let facts = json!({ "dated": [
        { "name": "b" }, { "name": "a", "on": "2026-05-01" }, { "name": "b", "on": "2026-05-02" },
    ] });
    let result = evaluate(&program, &facts, "2027-01-01");
    assert_eq!(decision(&result, "many"), json!(2));
}

#[test]
fn the_runtime_says_what_the_plain_evaluator_says() {
    let (mut census, mut comparison) = (Census::default(), Comparison::default());
    let mut case = 0;
    while comparison.expressions < cases(50_000, 500) {
        let (text, program) = drawn(case).expect("something is accepted");
        let mut random = Random::of_case("facts for expressions", case);
        let day = *random.pick(&DAYS);
        comparison.program(&program, &text, day, &mut random, &mut census);
        case += 1;
    }
    comparison.finish();
    println!("{comparison:?}");
    census.expect(&["known", "not_applicable", "error", "open"], 50);
}
