//! Mutants that are listed as equal in meaning: on random facts no decision differs.

use crate::run::{Census, Random, cases, is_full};
use polc::mutation::{Equal, Mutant};
use polc::pipeline::{Loader, Parsed};
use polc_runtime::facts::Facts;
use polc_runtime::ir::{self, Const, Op, Type};
use polc_runtime::value::{Date, Number, Outcome};
use polc_runtime::{Options, Program};
use serde_json::{Map, Value as Json, json};
use std::path::Path;

/// Random facts for each mutant in the full run.
const FULL: u64 = 20_000;

struct Disk;

impl Loader for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| error.to_string())
    }

    fn folder(&self, path: &str) -> Option<Vec<String>> {
        let entries = std::fs::read_dir(path).ok()?;
        let paths = entries.map(|entry| entry.unwrap().path().to_str().unwrap().to_owned());
        let mut paths: Vec<String> = paths.filter(|path| path.ends_with(".pol")).collect();
        paths.sort();
        Some(paths)
    }
}

fn folder(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    root.join("policies")
        .join(name)
        .to_str()
        .unwrap()
        .to_owned()
}

/// A program and the mutants that a list names.
fn listed(name: &str, list: &str) -> (Parsed, Vec<Mutant>) {
    let mut parsed = Parsed::read(&Disk, &folder(name));
    // Tests take time and say nothing here; they stand in files of their own.
    for (at, tree) in parsed.trees.iter_mut().enumerate() {
        let path = &parsed.sources.get(at as u32).unwrap().path;
        if path.rsplit('/').next().unwrap().starts_with("tests") {
            tree.declarations.clear();
        }
    }
    let mutants = Equal::read("equal.mutants", list).mutants(&parsed);
    let entries = list.lines().filter(|line| {
        !line.is_empty() && !line.starts_with('#') && !line.starts_with(char::is_whitespace)
    });
    assert_eq!(
        mutants.len(),
        entries.count(),
        "{name}: an entry names no mutant"
    );
    (parsed, mutants)
}

/// Facts of the declared types whose numbers and days lie near what the program compares with.
struct Maker<'p> {
    program: &'p ir::Program,
    random: Random,
    as_of: Date,
    numbers: Vec<Number>,
    days: Vec<Date>,
}

impl<'p> Maker<'p> {
    fn new(program: &'p ir::Program) -> Self {
        let (mut numbers, mut days) = (Vec::new(), Vec::new());
        for node in &program.nodes {
            match &node.op {
                Op::Const(Const::Number(number)) => numbers.push(*number),
                Op::Const(Const::Date(date)) => days.push(*date),
                Op::InForce(period) => days.extend(period.from.into_iter().chain(period.before)),
                _ => {}
            }
        }
        numbers.extend([0, 1, 2, 19, 20, 25, 365].map(Number::from_i64));
        days.retain(|day| (2020..2035).contains(&day.year()));
        days.extend(
            ["2026-10-15", "2027-01-15", "2028-02-29"].map(|day| Date::parse(day).unwrap()),
        );
        Maker {
            program,
            random: Random::of_case("", 0),
            as_of: days[0],
            numbers,
            days,
        }
    }

    fn day(&mut self) -> Date {
        let from = if self.random.chance(70) {
            self.as_of
        } else {
            *self.random.pick(&self.days)
        };
        let far = *self.random.pick(&[1, 3, 31, 95, 400, 900]);
        let days = self.random.within(-far, far / 8);
        from.checked_add_days(days).unwrap()
    }

    fn number(&mut self, range: Option<&ir::Range>, ty: &Type) -> Json {
        let near = *self.random.pick(&self.numbers);
        let step = if *ty == Type::Money {
            Number::from_parts(1, 100)
        } else {
            Some(Number::ONE)
        };
        let step = step
            .unwrap()
            .checked_mul(Number::from_i64(self.random.within(-1, 1)))
            .unwrap();
        let mut drawn = near.checked_add(step).unwrap();
        if matches!(ty, Type::Int | Type::Days | Type::Months) && !drawn.is_integer() {
            drawn = Number::from_i64(self.random.within(0, 30));
        }
        let low = range.and_then(|range| range.low).unwrap_or(Number::ZERO);
        let drawn = drawn.max(low);
        let drawn = range
            .and_then(|range| range.high)
            .map_or(drawn, |high| drawn.min(high));
        json!(drawn.to_string())
    }

    fn value(&mut self, ty: &Type, range: Option<&ir::Range>) -> Json {
        let program = self.program;
        match ty {
            Type::Bool => json!(self.random.chance(60)),
            Type::Money | Type::Int | Type::Decimal | Type::Percent | Type::Days | Type::Months => {
                self.number(range, ty)
            }
            Type::Date => json!(self.day().to_string()),
            Type::Text => json!(*self.random.pick(&["a", "b", "c"])),
            Type::Enum(id) => json!(*self.random.pick(&program.enums[*id as usize].values)),
            Type::Optional(inner) => {
                if self.random.chance(25) {
                    Json::Null
                } else {
                    self.value(inner, range)
                }
            }
            Type::List(inner) | Type::Set(inner) => {
                let most = if matches!(**inner, Type::Int) { 24 } else { 4 };
                let long = self.random.below(most);
                (0..long).map(|_| self.value(inner, range)).collect()
            }
            Type::Record(id) => {
                let record = &program.records[*id as usize];
                let mut object = Map::new();
                for (at, field) in record.fields.iter().enumerate() {
                    if record.dated == Some(at as u32) || self.random.chance(90) {
                        let value = self.value(&field.ty, field.range.as_ref());
                        object.insert(field.name.clone(), value);
                    }
                }
                Json::Object(object)
            }
        }
    }

    /// The facts of one case.
    fn facts(&mut self) -> String {
        self.as_of = *self.random.pick(&self.days);
        self.as_of = self
            .as_of
            .checked_add_days(self.random.within(-2, 40))
            .unwrap();
        let program = self.program;
        let often = *self.random.pick(&[80, 97, 100]);
        let mut facts = Map::new();
        for fact in &program.facts {
            let derived = fact.derived.is_some() && self.random.chance(60);
            // Written waivers name rows and tiers, which are no types.
            let grants = fact.name == "granted_waivers";
            if !grants && !derived && self.random.chance(often) {
                let value = self.value(&fact.ty, fact.range.as_ref());
                facts.insert(fact.name.clone(), value);
            }
        }
        Json::Object(facts).to_string()
    }

    fn options(&mut self) -> Options {
        let mut options = Options::default();
        for (at, reading) in self.program.readings.iter().enumerate() {
            if self.random.chance(15) {
                let alternative = self.random.below(reading.alternatives.len() as u64);
                options.readings.insert(at as u32, alternative as u32);
            }
        }
        options
    }
}

/// Every decision of a program on some facts.
fn decisions(
    program: &Program,
    facts: &str,
    as_of: Date,
    options: &Options,
) -> Vec<(String, Outcome)> {
    let facts = Facts::from_json(program.ir(), facts)
        .unwrap_or_else(|faults| panic!("{faults:?} in {facts}"));
    let mut evaluation = program.evaluate(&facts, as_of, options);
    let decisions = program.ir().definitions.iter();
    let decisions = decisions.filter(|known| known.kind == ir::DefinitionKind::Decision);
    let answer = |known: &ir::Definition| (known.name.clone(), evaluation.node(known.node));
    decisions.map(answer).collect()
}

/// The first difference between a program and each of its mutants, over so many facts.
fn differences(
    name: &str,
    list: &str,
    count: u64,
    census: &mut Census,
) -> Vec<(Mutant, Option<String>)> {
    let (mut parsed, mutants) = listed(name, list);
    let program = Program::new(parsed.compile().program.unwrap().ir).unwrap();
    // Without optimisation compiling is what takes the time: then a few spread over the list stand for it.
    let each = if is_full() {
        1
    } else {
        mutants.len().div_ceil(3).max(1)
    };
    let mut tried = Vec::new();
    for mutant in mutants.into_iter().step_by(each) {
        let file = mutant.edit.span.file;
        let text = parsed.sources.get(file).unwrap().text.clone();
        let changed = mutant.edit.apply(&text).unwrap();
        let compiled = parsed.compile_with(file, &changed);
        let compiled = compiled.unwrap_or_else(|| panic!("check refuses {mutant:?}"));
        tried.push((mutant, Program::new(compiled.ir).unwrap(), None));
    }
    let mut maker = Maker::new(program.ir());
    for case in 0..count {
        if tried.iter().all(|tried| tried.2.is_some()) {
            break;
        }
        maker.random = Random::of_case(name, case);
        let facts = maker.facts();
        let options = maker.options();
        let as_of = maker.as_of;
        let before = decisions(&program, &facts, as_of, &options);
        for (_, outcome) in &before {
            census.count(match outcome {
                Outcome::Known(_) => "known",
                Outcome::Open(_) => "open",
                Outcome::NotApplicable(_) => "not applicable",
                Outcome::Error(_) => "error",
            });
        }
        for (_, mutated, difference) in tried.iter_mut().filter(|tried| tried.2.is_none()) {
            let after = decisions(mutated, &facts, as_of, &options);
            let other = before.iter().zip(&after).find(|(a, b)| a != b);
            *difference = other.map(|(a, b)| {
                format!(
                    "on {as_of} with {facts} under {:?}\n  {a:?}\n  {b:?}",
                    options.readings
                )
            });
        }
    }
    tried
        .into_iter()
        .map(|(mutant, _, difference)| (mutant, difference))
        .collect()
}

/// The mutants of the list beside a program.
fn confirm(name: &str) {
    let path = format!("{}/equal.mutants", folder(name));
    let Ok(list) = std::fs::read_to_string(&path) else {
        return;
    };
    let mut census = Census::default();
    // Every entry costs an evaluation of all decisions on each of the facts; a share of them is a smoke test.
    let count = if is_full() {
        FULL
    } else {
        cases(FULL / 10, 20)
    };
    let found = differences(name, &list, count, &mut census);
    for (mutant, difference) in &found {
        assert!(
            difference.is_none(),
            "{mutant:?} is not equal: {}",
            difference.as_ref().unwrap()
        );
    }
    census.expect(&["known", "open"], 50);
    if is_full() {
        println!(
            "{name}: {} equal mutants, {count} facts each: {census:?}",
            found.len()
        );
    }
}

#[test]
fn of_technology_partner_are_equal() {
    confirm("technology_partner");
}

#[test]
fn of_connect_are_equal() {
    confirm("connect");
}

#[test]
fn of_conduct_are_equal() {
    confirm("conduct");
}

#[test]
fn of_accreditation_are_equal() {
    confirm("accreditation");
}

/// The same facts tell mutants that are not equal.
#[test]
fn a_change_that_matters_is_seen() {
    for (name, mutant) in [
        (
            "connect",
            "application.pol failed_criteria opposite: < -> >=",
        ),
        (
            "accreditation",
            "benchmarks.pol tier_benchmark_met opposite: >= -> <",
        ),
    ] {
        let list = format!("{mutant}\n  because \"it is not\"\n");
        let found = differences(name, &list, 300, &mut Census::default());
        assert!(
            found.iter().all(|(_, difference)| difference.is_some()),
            "{name}"
        );
    }
}
