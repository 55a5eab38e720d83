//! A program that is accepted never breaks for a reason that types should have excluded.

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what kinds of expression can be written of is named, the rest has none"
)]
mod writer;

use super::cases;
use super::data::Maker;
use crate::harness::{Files, decision, evaluate};
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value as Json, json};
use writer::Writer;

/// What every generated program declares.
const HEAD: &str = "program t \"T\" version 1
  currency USD
enum Colour { red, green, blue }
scale Tier { low < middle < high }
record Deal dated closed_on
  customer: text
  mrr: money >= 0
  credited: bool
  closed_on: date
  units: int
  rate: percent or none
  colour: Colour or none
  event left_on
fact b1: bool
fact b2: bool or none
fact i1: int 0..10
fact i2: int or none
fact x1: decimal
fact x2: decimal 0..5 or none
fact p1: percent
fact p2: percent or none
fact m1: money >= 0
fact m2: money or none
fact t1: date
fact t2: date or none
fact s1: text
fact s2: text or none
fact c1: Colour
fact c2: Colour or none
fact r1: Tier
fact r2: Tier or none
fact n1: days
fact o1: months
fact deals: list of Deal
fact amounts: list of money
fact colours: set of Colour
event e1
judgement j1: yes, no by us
judgement j2: Tier by us
value v1: money
  $5 from 2026-01-01 through 2026-12-31
  $10 from 2027-01-01
  not in force before 2026-01-01
schedule q1 on day 15 of january, july
schedule q2 every 6 months after e1
";

/// The reasons a well-typed program may still break for: arithmetic, and choices that only facts decide.
const DECLARED: [&str; 7] = [
    "division by zero",
    "number too large",
    "date out of range",
    "not a whole number of days",
    "not a whole number of months",
    "several different items where only one is expected",
    "the span of `ever` is longer than 4000 days",
];

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Bool,
    Int,
    Decimal,
    Percent,
    Money,
    Date,
    Days,
    Months,
    Text,
    Colour,
    Tier,
    Deal,
    Maybe(Box<Kind>),
    List(Box<Kind>),
}
use Kind::*;

const SIMPLE: [Kind; 11] = [
    Bool, Int, Decimal, Percent, Money, Date, Days, Months, Text, Colour, Tier,
];
const NUMBERS: [Kind; 6] = [Int, Decimal, Percent, Money, Days, Months];
const ORDERED: [Kind; 8] = [Int, Decimal, Percent, Money, Days, Months, Date, Tier];

impl Kind {
    fn written(&self) -> String {
        match self {
            Bool => "bool".into(),
            Int => "int".into(),
            Decimal => "decimal".into(),
            Percent => "percent".into(),
            Money => "money".into(),
            Date => "date".into(),
            Days => "days".into(),
            Months => "months".into(),
            Text => "text".into(),
            Colour => "Colour".into(),
            Tier => "Tier".into(),
            Deal => "Deal".into(),
            Maybe(inner) => format!("{} or none", inner.written()),
            List(inner) => format!("list of {}", inner.written()),
        }
    }
}

fn maybe(kind: &Kind) -> Kind {
    Maybe(Box::new(kind.clone()))
}

fn list(kind: &Kind) -> Kind {
    List(Box::new(kind.clone()))
}

/// The program without the declarations that the compiler refuses.
fn accepted(mut declarations: Vec<String>) -> (String, Option<Program>) {
    loop {
        let text = format!("{HEAD}{}", declarations.concat());
        let compilation = Files::one(text.clone()).compile("t.pol");
        if let Some(compiled) = compilation.program {
            return (text, Some(Program::new(compiled.ir).unwrap()));
        }
        let before = declarations.len();
        let mut end = HEAD.len();
        declarations.retain(|declaration| {
            let start = end;
            end += declaration.len();
            !compilation.diagnostics.iter().any(|finding| {
                let at = finding.labels[0].span.start as usize;
                finding.severity() == polc::diagnostics::Severity::Error
                    && (start..end).contains(&at)
            })
        });
        if declarations.len() == before {
            return (text, None);
        }
    }
}

/// Why something in a result is an error, everywhere in it.
fn reasons(result: &Json, found: &mut Vec<String>) {
    match result {
        Json::Object(fields) => {
            if fields.get("status") == Some(&Json::from("error")) {
                found.push(fields["because"].as_str().unwrap_or("?").to_owned());
            }
            fields.values().for_each(|field| reasons(field, found));
        }
        Json::Array(items) => items.iter().for_each(|item| reasons(item, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn an_accepted_program_breaks_only_for_declared_reasons(seed in any::<[u8; 32]>()) {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut writer = Writer::new(rng);
        let mut declarations: Vec<String> = (0..8).map(|at| writer.decision(at)).collect();
        declarations.push(writer.grid());
        let (text, program) = accepted(declarations);
        let Some(program) = program else {
            return Err(TestCaseError::fail(format!("refused for something outside:\n{text}")));
        };
        for on in ["2025-12-31", "2027-01-15", "2028-02-29"] {
            let mut maker = Maker {
                program: program.ir(),
                rng: writer.rng.clone(),
                as_of: Date::parse(on).unwrap(),
            };
            for _ in 0..3 {
                let given = Json::Object(maker.facts()).to_string();
                let facts = Facts::from_json(program.ir(), &given)
                    .unwrap_or_else(|faults| panic!("{faults:?} in {given}"));
                let mut evaluation = program.evaluate(&facts, maker.as_of, &Options::default());
                let mut found = Vec::new();
                reasons(&evaluation.report(None).json(), &mut found);
                found.retain(|reason| !DECLARED.contains(&reason.as_str()));
                prop_assert!(found.is_empty(), "{found:?} on {on} of\n{given}\nin\n{text}");
            }
        }
    }
}

#[test]
fn a_list_makes_no_set_with_repeats() {
    let program = Files::one(
        "program t \"T\" version 1
enum Colour { red, blue }
fact some: set of Colour
fact b: bool
decision cases: set of Colour
  some followed by some when b
  [Colour.red, Colour.red] otherwise
decision whole: set of Colour = if b then some else [Colour.red, Colour.red]
decision twice: list of Colour = some followed by some
",
    )
    .program("t.pol");
    for b in [true, false] {
        let result = evaluate(&program, &json!({ "some": ["red"], "b": b }), "2027-01-01");
        assert_eq!(decision(&result, "cases"), json!(["red"]));
        assert_eq!(decision(&result, "whole"), json!(["red"]));
        assert_eq!(decision(&result, "twice"), json!(["red", "red"]));
    }
}
