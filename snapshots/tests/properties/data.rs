//! Laws of evaluation, on random facts of every type the shipped programs declare.

use super::cases;
use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER, shipped};
use polc_runtime::facts::Facts;
use polc_runtime::ir::{self, FactKind, Type};
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use proptest::prelude::*;
use proptest::test_runner::TestRng;
use serde_json::{Map, Value as Json, json};

const PROGRAMS: [&str; 4] = [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION];

const DAYS: [&str; 6] = [
    "2026-07-15",
    "2026-10-15",
    "2026-12-31",
    "2027-01-01",
    "2027-01-15",
    "2028-02-29",
];

/// Values of any type, from random numbers.
pub(super) struct Maker<'p> {
    pub(super) program: &'p ir::Program,
    pub(super) rng: TestRng,
    pub(super) as_of: Date,
}

impl Maker<'_> {
    fn below(&mut self, sides: u32) -> u32 {
        self.rng.next_u32() % sides
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    /// A day up to fifteen months before the day of evaluation; in the past, or after it when asked.
    fn date(&mut self, later: bool) -> Json {
        let days = i64::from(self.below(450));
        let days = if later { 1 + days } else { -days };
        json!(self.as_of.checked_add_days(days).unwrap().to_string())
    }

    fn number(&mut self, range: Option<&ir::Range>, money: bool) -> Json {
        let high = range.and_then(|range| range.high?.to_i64());
        let low = range.and_then(|range| range.low?.to_i64()).unwrap_or(0);
        let choices: &[i64] = if money {
            &[
                0, 1, 999, 1_000, 5_000, 30_000, 50_000, 99_999, 100_000, 400_000, 1_000_000,
                7_000_000,
            ]
        } else {
            &[0, 1, 3, 4, 5, 6, 10, 15, 25]
        };
        let drawn = self.pick(choices).max(low);
        json!(high.map_or(drawn, |high| drawn.min(high)))
    }

    fn value(&mut self, ty: &Type, range: Option<&ir::Range>) -> Json {
        let program = self.program;
        match ty {
            Type::Bool => json!(self.below(3) > 0),
            Type::Money => self.number(range, true),
            Type::Int | Type::Decimal | Type::Percent | Type::Days | Type::Months => {
                self.number(range, false)
            }
            Type::Date => self.date(false),
            Type::Text => json!(self.pick(&["a", "b", "c"])),
            Type::Enum(id) => {
                let values = &program.enums[*id as usize].values;
                json!(values[self.below(values.len() as u32) as usize])
            }
            Type::Optional(inner) => match self.below(4) {
                0 => Json::Null,
                _ => self.value(inner, range),
            },
            Type::List(inner) | Type::Set(inner) => {
                let long = self.below(4);
                (0..long).map(|_| self.value(inner, range)).collect()
            }
            Type::Record(id) => {
                let mut object = Map::new();
                for (at, field) in program.records[*id as usize].fields.iter().enumerate() {
                    let key = program.records[*id as usize].dated == Some(at as u32);
                    if key || self.below(8) > 0 {
                        let value = self.value(&field.ty, field.range.as_ref());
                        object.insert(field.name.clone(), value);
                    }
                }
                Json::Object(object)
            }
        }
    }

    /// Most facts, each of its type.
    pub(super) fn facts(&mut self) -> Map<String, Json> {
        let mut facts = Map::new();
        for fact in &self.program.facts {
            if fact.name == "granted_waivers" {
                continue;
            }
            let often = if fact.derived.is_some() { 2 } else { 10 };
            if self.below(often) > 0 {
                let value = self.value(&fact.ty, fact.range.as_ref());
                facts.insert(fact.name.clone(), month(&fact.name, value));
            }
        }
        facts
    }
}

/// Months are given by their first day.
fn month(name: &str, mut value: Json) -> Json {
    if name == "attached_mrr_monthly" {
        for item in value.as_array_mut().into_iter().flatten() {
            let first = item["month"]
                .as_str()
                .map(|date| format!("{}-01", &date[..7]));
            item["month"] = json!(first);
        }
    }
    value
}

fn report(program: &Program, facts: &Map<String, Json>, as_of: Date) -> Json {
    let text = Json::Object(facts.clone()).to_string();
    let facts = Facts::from_json(program.ir(), &text)
        .unwrap_or_else(|faults| panic!("{faults:?} in {text}"));
    program
        .evaluate(&facts, as_of, &Options::default())
        .report(None)
        .json()
}

fn maker(program: &'static Program, seed: [u8; 32], day: &str) -> Maker<'static> {
    Maker {
        program: program.ir(),
        rng: TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed),
        as_of: Date::parse(day).unwrap(),
    }
}

/// A record, or a list of records, without some of its fields. Fields that may be left out stay: that would say something else.
fn forget(maker: &mut Maker<'_>, ty: &Type, value: &mut Json) {
    match (ty, value) {
        (Type::Optional(inner), value) => forget(maker, inner, value),
        (Type::List(inner), Json::Array(items)) => {
            for item in items {
                forget(maker, inner, item);
            }
        }
        (Type::Record(id), Json::Object(fields)) => {
            let record = &maker.program.records[*id as usize];
            for field in &record.fields {
                // Recording a judgement may change an answer, so they stay as well.
                let judged = matches!(field.kind, FactKind::Judgement { .. });
                if field.absent.is_none() && !judged && maker.below(4) == 0 {
                    fields.remove(&field.name);
                }
            }
        }
        _ => {}
    }
}

/// Takes out what is missing, in the answers and in their parts.
fn without_needs(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.shift_remove("needs");
            fields.shift_remove("judgements");
            fields.values_mut().for_each(without_needs);
        }
        Json::Array(items) => items.iter_mut().for_each(without_needs),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn learning_a_fact_changes_no_decided_answer(
        seed in any::<[u8; 32]>(),
        on in prop::sample::select(&DAYS[..]),
        of in prop::sample::select(&PROGRAMS[..]),
        share in 2..8_u32,
    ) {
        let program = shipped(of);
        let mut maker = maker(program, seed, on);
        let more = maker.facts();
        let mut fewer = more.clone();
        for fact in &program.ir().facts {
            // a judgement may change an answer, and so may a supplied value that differs from the derived one
            let fixed = matches!(fact.kind, FactKind::Judgement { .. })
                || fact.derived.is_some()
                || fact.assume.is_some();
            if fixed {
                continue;
            }
            if maker.below(share) == 0 {
                fewer.shift_remove(&fact.name);
            } else if let Some(value) = fewer.get_mut(&fact.name) {
                forget(&mut maker, &fact.ty, value);
            }
        }
        let before = report(program, &fewer, maker.as_of);
        let after = report(program, &more, maker.as_of);
        for (name, answer) in before["decisions"].as_object().unwrap() {
            let later = &after["decisions"][name];
            if matches!(answer["status"].as_str(), Some("known" | "not_applicable")) {
                prop_assert_eq!(
                    answer, later, "{} on {}, with {} and then {}", name, on,
                    Json::Object(fewer.clone()), Json::Object(more.clone())
                );
            }
            for item in answer["certain"].as_array().into_iter().flatten() {
                let kept = later["value"].as_array().or(later["certain"].as_array());
                prop_assert!(
                    kept.is_none_or(|kept| kept.contains(item)),
                    "{} of {} is lost on {}, with {} and then {}", item, name, on,
                    Json::Object(fewer.clone()), Json::Object(more.clone())
                );
            }
        }
        for (tier, rows) in before["requirements"].as_object().unwrap() {
            for (row, cell) in rows.as_object().unwrap() {
                let result = cell["result"].as_str().unwrap();
                if !matches!(result, "unknown" | "needs_decision") {
                    let later = &after["requirements"][tier][row]["result"];
                    prop_assert_eq!(&cell["result"], later, "{} for {}", row, tier);
                }
            }
        }
    }

    #[test]
    fn what_happens_later_changes_nothing(
        seed in any::<[u8; 32]>(),
        on in prop::sample::select(&DAYS[..]),
        of in prop::sample::select(&PROGRAMS[..]),
    ) {
        let program = shipped(of);
        let mut maker = maker(program, seed, on);
        let mut today = maker.facts();
        let mut hindsight = today.clone();
        for fact in &program.ir().facts {
            if !today.contains_key(&fact.name) {
                continue;
            }
            if fact.kind == FactKind::Event && maker.below(2) == 0 {
                today.insert(fact.name.clone(), Json::Null);
                hindsight.insert(fact.name.clone(), maker.date(true));
            }
            let Type::List(inner) = &fact.ty else { continue };
            let Type::Record(id) = **inner else { continue };
            let record = &program.ir().records[id as usize];
            let Some(dated) = record.dated else { continue };
            let field = &record.fields[dated as usize].name;
            let mut item = maker.value(inner, None);
            item[field.as_str()] = if fact.name == "attached_mrr_monthly" {
                json!("2030-01-01")
            } else {
                maker.date(true)
            };
            let items = hindsight.get_mut(&fact.name).unwrap().as_array_mut().unwrap();
            items.insert(maker.below(items.len() as u32 + 1) as usize, item);
        }
        let then = report(program, &today, maker.as_of);
        let now = report(program, &hindsight, maker.as_of);
        // positions of what is missing count every item, seen or not
        let plain = |report: &Json, part: &str| {
            let mut part = report[part].clone();
            without_needs(&mut part);
            part
        };
        for part in ["decisions", "requirements"] {
            prop_assert_eq!(
                plain(&then, part), plain(&now, part), "{}: {} and {}", on,
                Json::Object(today.clone()), Json::Object(hindsight.clone())
            );
        }
    }

    #[test]
    fn same_input_same_bytes(
        seed in any::<[u8; 32]>(),
        on in prop::sample::select(&DAYS[..]),
        of in prop::sample::select(&PROGRAMS[..]),
    ) {
        let program = shipped(of);
        let mut maker = maker(program, seed, on);
        let facts = maker.facts();
        let one = report(program, &facts, maker.as_of).to_string();
        let mut turned: Vec<_> = facts.into_iter().collect();
        turned.reverse();
        let other = report(program, &turned.into_iter().collect(), maker.as_of).to_string();
        prop_assert_eq!(one, other);
    }
}
