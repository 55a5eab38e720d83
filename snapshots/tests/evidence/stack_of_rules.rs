//! Rules that ask for one another on a small stack: chains of any length, with loops and other days on the way.

use crate::harness::{Files, day, decision};
use crate::stack::{COMPILER, SMALL, on_stack};
use polc_runtime::facts::Facts;
use polc_runtime::{Options, Program};
use serde_json::{Value as Json, json};

/// How many rules ask for each other.
const CHAIN: usize = if cfg!(debug_assertions) { 300 } else { 10_000 };

/// Its name, what is said, how many there are, what comes out.
type Chain = (&'static str, &'static str, usize, fn(usize) -> Json);

/// What each rule says of `n` and of the rule before it, and what the last one comes to for 1.
const CHAINS: [Chain; 8] = [
    ("sums", "PREV(n) + total", CHAIN, |n| json!(n + 1)),
    ("other arguments", "PREV(n + 1)", CHAIN, |n| json!(n + 1)),
    (
        "twice the same",
        "largest of (PREV(n), PREV(n)) + 1",
        CHAIN,
        |n| json!(n + 1),
    ),
    (
        "arguments of arguments",
        "PREV(PREV(n) - AT + 1) + 1",
        200,
        |n| json!(n + 1),
    ),
    (
        "days",
        "PREV(n) + count of (events where .on <= as_of)",
        CHAIN,
        |n| json!(2 * n + 1),
    ),
    (
        "other days",
        "(PREV(n) as of (as_of - 1 day)) + 1",
        300,
        |n| json!(n + 1),
    ),
    (
        "loops",
        "sum of (for each k in [n, n] give PREV(k)) - PREV(n) + 1",
        300,
        |n| json!(n + 1),
    ),
    ("open", "PREV(n) + missing", CHAIN, |_| json!("unknown")),
];

fn deep(next: &str, length: usize) -> Program {
    let mut text = String::from(
        "program deep \"Deep\" version 1\nrecord Event\n  on: date\n\
         fact total: int\nfact missing: int\nfact events: list of Event\n\
         decision others: int = total + missing + count of events\ndefine r0(n: int): int = n\n",
    );
    for at in 1..=length {
        let said = next
            .replace("PREV", &format!("r{}", at - 1))
            .replace("AT", &at.to_string());
        text.push_str(&format!("define r{at}(n: int): int = {said}\n"));
    }
    text.push_str(&format!("decision last: int = r{length}(total)\n"));
    on_stack(COMPILER, || Files::one(text.as_str()).program("t.pol"))
}

#[test]
fn chains_of_rules_are_compiled_and_evaluated_on_a_small_stack() {
    let facts = json!({
        "total": 1, "events": [{"on": "2026-01-01"}, {"on": "2026-02-01"}],
    })
    .to_string();
    for (name, next, length, last) in CHAINS {
        let begun = std::time::Instant::now();
        let program = deep(next, length);
        let built = polc_runtime::ir::encode(program.whole());
        let result = on_stack(SMALL, || {
            let program = Program::load(&built).unwrap();
            let facts = Facts::from_json(program.ir(), &facts).unwrap();
            let mut evaluation = program.evaluate(&facts, day("2026-06-01"), &Options::default());
            let result = evaluation.report(None).json();
            let only = ["last".to_owned()];
            let (from, to) = (day("2026-06-01"), day("2026-06-02"));
            let line = program.timeline(&facts, from, to, &Options::default(), Some(&only));
            assert!(!line.points.is_empty(), "{name}");
            let why = program.explain(&facts, day("2026-06-01"), &Options::default(), "last");
            assert!(why.is_ok(), "{name}");
            result
        });
        assert_eq!(decision(&result, "last"), last(length), "{name}: {result}");
        println!("{name} {:?}", begun.elapsed());
    }
}

/// Every rule asks for the one before it twice: that many calls would never end, but each is worked out once.
#[test]
fn a_rule_is_worked_out_once_for_its_arguments() {
    let program = deep("PREV(n) + PREV(n) - PREV(n)", 1_000);
    let facts = Facts::from_json(program.ir(), "{\"total\": 1}").unwrap();
    let options = Options::default();
    let mut evaluation = program.evaluate(&facts, day("2026-06-01"), &options);
    let result = evaluation.report(Some(&["last".to_owned()])).json();
    assert_eq!(decision(&result, "last"), json!(1));
}
