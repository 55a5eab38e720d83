//! Random expressions and decisions: the runtime against the plain evaluator, on full and partial facts.

mod declare;
mod kinds;
mod write;

use crate::compare::{Comparison, accepted};
use crate::harness::{Files, decision, evaluate};
use crate::run::{Census, Random, cases};
use kinds::HEAD;
use polc_runtime::Program;
use polc_runtime::ir::{DefinitionKind, Node, Op, Type};
use serde_json::json;
use write::Writer;

/// Decisions of one generated program.
const EACH: usize = 24;

/// The days programs are asked about.
const DAYS: [&str; 7] = [
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
    let (text, program) = accepted(HEAD, (0..EACH).map(|at| writer.declaration(at)).collect())?;
    Some((text, with_subset(&program)))
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

#[test]
fn a_candidate_of_which_a_part_is_open_settles_nothing() {
    let text = "program t \"T\" version 1
fact n: int
fact names: list of {name: text, size: int}
decision d: list of text
  names.name when 1 / n > 0
  distinct names.name otherwise
";
    let program = Files::one(text).program("t.pol");
    let of = |names| evaluate(&program, &json!({ "n": 0, "names": names }), "2027-01-01");
    let partial = of(json!([{ "size": 1 }]));
    assert_eq!(decision(&partial, "d"), json!("unknown"));
    let full = of(json!([{ "size": 1, "name": "b" }]));
    assert_eq!(decision(&full, "d"), json!(["b"]));
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
