//! Outcomes: a decided answer stays what it is whatever is learned, `needs` names all that may still
//! matter, and the tables of the algebra. Over programs written at random.

mod write;

use crate::harness::{Files, errors};
use crate::run::{Census, Random, cases};
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use write::{FORMS, Writer};

/// What every generated program declares.
const HEAD: &str = "program p \"P\" version 1
scale Level { low < mid < high }
record Item
  a: decimal 0..3
  b: bool
record Pair
  p: decimal
  q: bool
fact f1: bool
fact f2: bool
fact f3: bool
fact n1: decimal 0..3
fact n2: decimal 0..3
fact lv: Level
fact lo: Level or none
fact xs: list of Item
fact au: bool  assume no
";

/// Facts that are taken away and learned again.
const FACTS: [&str; 8] = ["f1", "f2", "f3", "n1", "n2", "lv", "lo", "xs"];

/// The text and the program of a case, for what is made of all programs.
pub fn drawn(case: u64) -> Option<(String, Program)> {
    let mut random = Random::of_case("outcomes", case);
    let (program, text) = program(&mut random, &mut Census::default())?;
    Some((text, program))
}

/// A program of some decisions; none where the compiler refuses it (dead rows, values that never meet).
fn program(random: &mut Random, census: &mut Census) -> Option<(Program, String)> {
    let mut writer = Writer::default();
    for _ in 0..4 + random.below(4) {
        writer.decision(random, census);
    }
    let text = format!("{HEAD}{}", writer.text);
    let compilation = Files::one(text.clone()).compile("t.pol");
    census.count("written");
    let Some(compiled) = compilation.program else {
        let found = errors(&compilation);
        assert!(
            !found.contains("syntax-error"),
            "not the syntax:\n{found}\n{text}"
        );
        census.count("refused");
        return None;
    };
    Some((Program::new(compiled.ir).unwrap(), text))
}

fn value(random: &mut Random, fact: &str) -> Json {
    match fact {
        "n1" | "n2" => json!(random.below(4)),
        "lv" => json!(random.pick(&["low", "mid", "high"])),
        "lo" => random
            .pick(&[json!("low"), json!("mid"), json!("high"), Json::Null])
            .clone(),
        "xs" => {
            let item =
                |random: &mut Random| json!({ "a": random.below(4), "b": random.chance(50) });
            (0..random.below(3)).map(|_| item(random)).collect()
        }
        _ => json!(random.chance(50)),
    }
}

fn all(random: &mut Random) -> Map<String, Json> {
    let facts = FACTS.iter();
    facts
        .map(|fact| ((*fact).to_owned(), value(random, fact)))
        .collect()
}

/// Less of the same facts; of the items of a list some fields.
fn fewer(random: &mut Random, full: &Map<String, Json>) -> Map<String, Json> {
    let mut facts = full.clone();
    let share = 20 + random.below(60);
    for fact in FACTS {
        if random.chance(share) {
            facts.shift_remove(fact);
        } else if let Some(Json::Array(items)) = facts.get_mut(fact) {
            for item in items.iter_mut().filter_map(Json::as_object_mut) {
                for field in ["a", "b"] {
                    if random.chance(30) {
                        item.shift_remove(field);
                    }
                }
            }
        }
    }
    facts
}

/// The same facts with everything that is missing drawn anew.
fn completed(random: &mut Random, part: &Map<String, Json>) -> Map<String, Json> {
    let mut facts = part.clone();
    for fact in FACTS {
        if !facts.contains_key(fact) {
            facts.insert(fact.to_owned(), value(random, fact));
        } else if let Some(Json::Array(items)) = facts.get_mut(fact) {
            for item in items.iter_mut().filter_map(Json::as_object_mut) {
                for (field, drawn) in [
                    ("a", json!(random.below(4))),
                    ("b", json!(random.chance(50))),
                ] {
                    item.entry(field).or_insert(drawn);
                }
            }
        }
    }
    facts
}

pub fn report(program: &Program, facts: &Map<String, Json>) -> Json {
    let text = Json::Object(facts.clone()).to_string();
    let facts = Facts::from_json(program.ir(), &text)
        .unwrap_or_else(|faults| panic!("{faults:?} in {text}"));
    let day = Date::new(2026, 6, 15).unwrap();
    program
        .evaluate(&facts, day, &Options::default())
        .report(None)
        .json()
}

fn names<'j>(json: &'j Json, key: &str) -> Vec<&'j str> {
    json[key]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect()
}

/// Where a level stands; none stands below all.
fn level(json: &Json) -> i32 {
    match json.as_str() {
        Some("low") => 0,
        Some("mid") => 1,
        Some("high") => 2,
        _ => -1,
    }
}

/// Whether two answers say the same; of several reasons either may be told.
fn same(a: &Json, b: &Json) -> bool {
    let reason = ["not_applicable", "error"].contains(&a["status"].as_str().unwrap());
    match reason {
        true => a["status"] == b["status"],
        false => bare(a) == bare(b),
    }
}

/// An answer without the reasons its parts give: which of several is named may change.
fn bare(answer: &Json) -> Json {
    match answer {
        Json::Object(parts) => {
            let kept = parts.iter().filter(|(name, _)| *name != "because");
            kept.map(|(name, part)| (name.clone(), bare(part)))
                .collect()
        }
        Json::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

/// Whether the later answer keeps what the earlier one said.
fn keeps(before: &Json, after: &Json) -> Result<(), String> {
    let (before, after) = (&bare(before), &bare(after));
    let status = before["status"].as_str().unwrap();
    match status {
        "known" | "not_applicable" | "error" => {
            // Which of several errors is named may change, but not that it is one.
            let same = match status {
                "known" => before == after,
                _ => after["status"] == status,
            };
            same.then_some(())
                .ok_or_else(|| format!("{before} became {after}"))
        }
        _ => {
            if let (Some(low), Some(value)) = (before.get("at_least"), after.get("value"))
                && (level(value) < level(low) || level(value) > level(&before["at_most"]))
            {
                return Err(format!("{value} is not within {before}"));
            }
            for item in before["certain"].as_array().into_iter().flatten() {
                let kept = after["value"].as_array().or(after["certain"].as_array());
                if kept.is_some_and(|kept| !kept.contains(item)) {
                    return Err(format!("{item} is lost in {after}"));
                }
            }
            // The known parts of an open record stay.
            for (name, part) in before["value"].as_object().into_iter().flatten() {
                let later = &after["value"][name];
                if part.get("status").is_none()
                    && after["status"] != "not_applicable"
                    && part != later
                {
                    return Err(format!("part {name}: {part} became {later}"));
                }
            }
            Ok(())
        }
    }
}

#[test]
fn learning_changes_no_decided_answer_of_random_programs() {
    let mut census = Census::default();
    for case in 0..cases(20_000, 60) {
        let mut random = Random::of_case("outcomes", case);
        let Some((program, text)) = program(&mut random, &mut census) else {
            continue;
        };
        for _ in 0..6 {
            let full = all(&mut random);
            let part = fewer(&mut random, &full);
            let before = report(&program, &part);
            let mut ways = vec![full];
            ways.extend((0..3).map(|_| completed(&mut random, &part)));
            // Not everything at once.
            let some = fewer(&mut random, &ways[1]);
            ways.push(
                part.iter()
                    .chain(&some)
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect(),
            );
            for (at, later) in ways.iter().enumerate() {
                let partly = at + 1 == ways.len();
                let mut later = later.clone();
                if partly && let Some(xs) = part.get("xs") {
                    later.insert("xs".to_owned(), xs.clone());
                }
                let after = report(&program, &later);
                for (name, answer) in before["decisions"].as_object().unwrap() {
                    census.count(answer["status"].as_str().unwrap());
                    if let Err(words) = keeps(answer, &after["decisions"][name]) {
                        panic!(
                            "case {case}: {name}: {words}\nwith {}\nthen {}\n{text}",
                            Json::Object(part),
                            Json::Object(later)
                        );
                    }
                }
                for (tier, rows) in before["requirements"].as_object().unwrap() {
                    for (row, cell) in rows.as_object().unwrap() {
                        let then = &after["requirements"][tier][row]["result"];
                        let open = ["unknown", "needs_decision"]
                            .contains(&cell["result"].as_str().unwrap());
                        census.count(format!("cell {}", cell["result"].as_str().unwrap()));
                        assert!(
                            open || cell["result"] == *then,
                            "case {case}: {row} for {tier}: {cell} became {then}\n{text}"
                        );
                    }
                }
            }
        }
    }
    census.expect(&FORMS, 50);
    census.expect(&["known", "unknown", "not_applicable", "error"], 50);
    census.expect(
        &[
            "cell met",
            "cell not_met",
            "cell waived",
            "cell unknown",
            "cell not_applicable",
        ],
        50,
    );
    assert!(
        census.of("refused") * 2 < census.of("written"),
        "{census:?}"
    );
}

#[test]
fn needs_are_never_too_few_in_random_programs() {
    let mut census = Census::default();
    for case in 0..cases(10_000, 40) {
        let mut random = Random::of_case("needs", case);
        let Some((program, text)) = program(&mut random, &mut census) else {
            continue;
        };
        for _ in 0..4 {
            let full = all(&mut random);
            let part = fewer(&mut random, &full);
            let before = report(&program, &part);
            // What is neither named nor assumed changes nothing when it is learned.
            for fact in FACTS.iter().filter(|fact| !part.contains_key(**fact)) {
                let mut later = part.clone();
                later.insert((*fact).to_owned(), value(&mut random, fact));
                let after = report(&program, &later);
                for (name, answer) in before["decisions"].as_object().unwrap() {
                    let named = names(answer, "needs")
                        .iter()
                        .any(|need| need.split(['.', '[']).next() == Some(fact));
                    census.count(if named { "named" } else { "not named" });
                    assert!(
                        named || same(answer, &after["decisions"][name]),
                        "case {case}: {name} does not need `{fact}` but {answer} became {} with {}\n{text}",
                        after["decisions"][name],
                        Json::Object(later)
                    );
                }
            }
            // Supplying all that is named decides, or names something new.
            for (name, answer) in before["decisions"].as_object().unwrap() {
                let (mut facts, mut answer) = (part.clone(), answer.clone());
                let top = |need: &str| need.split(['.', '[']).next().map(str::to_owned);
                let first: BTreeSet<String> = names(&answer, "needs")
                    .into_iter()
                    .filter_map(top)
                    .collect();
                for round in 0.. {
                    if answer["status"] != "unknown" {
                        census.count(format!("decided after {round}"));
                        break;
                    }
                    assert!(
                        round < 20,
                        "case {case}: {name} is never decided: {answer}\n{text}"
                    );
                    let needs: Vec<String> = names(&answer, "needs")
                        .iter()
                        .map(|need| (*need).to_owned())
                        .collect();
                    assert!(
                        !needs.is_empty(),
                        "case {case}: {name} is open and needs nothing\n{text}"
                    );
                    // What matters only after the first ones are supplied was named with them.
                    for need in needs.iter().filter_map(|need| top(need)) {
                        assert!(
                            first.contains(&need),
                            "case {case}: {name} needs `{need}` only after {first:?}: {answer}\nwith {}\n{text}",
                            Json::Object(facts)
                        );
                    }
                    let learned = completed(&mut random, &facts);
                    for need in needs {
                        let fact = need.split(['.', '[']).next().unwrap();
                        facts.insert(fact.to_owned(), learned[fact].clone());
                    }
                    answer = report(&program, &facts)["decisions"][name].clone();
                }
            }
        }
    }
    census.expect(
        &["named", "not named", "decided after 0", "decided after 1"],
        50,
    );
}

#[test]
fn an_assumption_is_listed_exactly_when_an_answer_rests_on_it() {
    let mut census = Census::default();
    for case in 0..cases(10_000, 40) {
        let mut random = Random::of_case("assumed", case);
        let Some((program, text)) = program(&mut random, &mut census) else {
            continue;
        };
        // The same program without the assumption takes the fact as unknown.
        let plain = text.replace("fact au: bool  assume no", "fact au: bool");
        let plain = Files::one(plain).program("t.pol");
        for _ in 0..4 {
            let full = all(&mut random);
            let part = fewer(&mut random, &full);
            let assumed = report(&program, &part);
            let unknown = report(&plain, &part);
            let listed = names(&assumed, "assumptions").contains(&"au");
            let rests = ["decisions", "requirements"]
                .iter()
                .any(|key| assumed[key] != unknown[key]);
            census.count(if listed { "listed" } else { "not listed" });
            assert_eq!(
                listed,
                rests,
                "case {case}: {}\n{assumed}\n{unknown}\n{text}",
                Json::Object(part)
            );
        }
    }
    census.expect(&["listed", "not listed"], 50);
}

#[test]
fn a_list_keeps_the_limits_of_its_items_when_more_of_it_is_known() {
    for list in ["distinct xs.a", "xs.a sorted", "xs.a followed by [1]"] {
        let text = format!("{HEAD}decision d: bool = (smallest of ({list}) or else 0) < 0\n");
        let compilation = Files::one(text.clone()).compile("t.pol");
        let Some(compiled) = compilation.program else {
            assert!(list.contains("sorted"), "{}", errors(&compilation));
            continue;
        };
        let program = Program::new(compiled.ir).unwrap();
        for facts in [
            json!({}),
            json!({ "xs": [{ "b": true }, { "b": true }] }),
            json!({ "xs": [{ "a": 0 }, {}] }),
        ] {
            let answer = &report(&program, facts.as_object().unwrap())["decisions"]["d"];
            let no = json!({ "status": "known", "value": false });
            assert_eq!(*answer, no, "{list} with {facts}");
        }
    }
}
