//! Facts: what the schema takes the reader takes, and nothing else; grants; fields left out; ties; whose facts they are.

mod grants;
mod maker;
mod records;
mod ties;
mod told;
mod whose;

use crate::harness::{
    ACCREDITATION, CONDUCT, CONNECT, Files, TECHNOLOGY_PARTNER, day, decision, evaluate, shipped,
};
use crate::run::{Census, Random, cases};
use jsonschema::Validator;
use maker::Maker;
use polc_runtime::facts::Facts;
use polc_runtime::ir::{self, FactKind, Type};
use polc_runtime::{Options, schema};
use serde_json::{Map, Value as Json, json};

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let mut census = Census::default();
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        let program = shipped(folder);
        let validator: Validator = jsonschema::validator_for(&schema::facts(program.ir())).unwrap();
        for case in 0..cases(10_000, 150) {
            let mut random = Random::of_case(folder, case);
            let odd = *random.pick(&[0, 2, 10, 40]);
            let mut maker = Maker {
                program: program.ir(),
                random,
                odd,
            };
            let facts = maker.facts();
            let read = Facts::from_json(program.ir(), &facts.to_string());
            let said: Vec<String> = validator
                .iter_errors(&facts)
                .map(|error| error.to_string())
                .collect();
            census.count(if read.is_ok() { "fits" } else { "does not fit" });
            match (&read, said.is_empty()) {
                (Ok(_), true) | (Err(_), false) => {}
                (Ok(_), false) => panic!("{folder}: only the schema refuses {facts}: {said:?}"),
                (Err(faults), true) => {
                    panic!("{folder}: only the reader refuses {facts}: {faults:?}")
                }
            }
        }
    }
    census.expect(&["fits", "does not fit"], 5_000);
}

#[test]
fn every_type_reads_as_its_schema_says() {
    let text = "program t \"T\" version 1\n  currency USD\nenum Kind { a, none_at_all }\n\
        record Item\n  a: int 3..12 may be left out = 3\n  judgement j: go, stop by board\n  judgement k: int by board\n  event e\n  p: period may be left out\n\
        fact i: int\nfact at_least: int >= 7\nfact large: int 95..1005\nfact negative: int -5..5\nfact d: decimal 0.5..9.5\nfact pct: percent 0..100\nfact m: money >= 0 or none\n\
        fact n: days\nfact o: months or none\nfact s: set of Kind\nfact l: list of list of int\nfact r: Item or none\nfact b: bool or none\nfact t: text\nfact day: date\nfact p: period\njudgement j: yes, no by board\njudgement whole: Item by board\nevent ev\n\
        decision x: bool = yes\n";
    let program = Files::one(text).program("t.pol");
    let validator = jsonschema::validator_for(&schema::facts(program.ir())).unwrap();
    let mut census = Census::default();
    for case in 0..cases(20_000, 2_000) {
        let mut maker = Maker {
            program: program.ir(),
            random: Random::of_case("types", case),
            odd: 60,
        };
        let mut facts = maker.facts();
        // What no schema can say: the order of two days, and decimals outside a range of decimals in strings.
        in_order(&mut facts);
        for name in ["d", "negative"] {
            if facts.get(name).is_some_and(Json::is_string) {
                facts.as_object_mut().unwrap().remove(name);
            }
        }
        let read = Facts::from_json(program.ir(), &facts.to_string());
        let fits = validator.is_valid(&facts);
        census.count(if fits { "fits" } else { "does not fit" });
        assert_eq!(read.is_ok(), fits, "{facts}: {read:?}");
    }
    census.expect(&["fits", "does not fit"], 1_000);
}

/// Puts the two days of every period in order.
fn in_order(value: &mut Json) {
    if let (Some(Json::String(from)), Some(Json::String(through))) =
        (value.get("from"), value.get("through"))
        && through < from
    {
        let from = from.clone();
        value["through"] = json!(from);
    }
    match value {
        Json::Array(items) => items.iter_mut().for_each(in_order),
        Json::Object(parts) => parts.values_mut().for_each(in_order),
        _ => {}
    }
}

fn faults(program: &polc_runtime::Program, facts: &Json) -> Vec<String> {
    match Facts::from_json(program.ir(), &facts.to_string()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|fault| fault.path).collect(),
    }
}
