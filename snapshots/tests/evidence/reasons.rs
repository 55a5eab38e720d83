//! The two laws of reasons. Necessity: what could change a decided answer is among its reasons. Relevance: what is
//! among them was read, on the day it names, with the value it shows.

use crate::given::Given;
use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, Files, TECHNOLOGY_PARTNER};
use crate::plain::day_of;
use crate::run::{Random, cases, shown};
use polc::mutation::{Mutant, mutants};
use polc::pipeline::Parsed;
use polc::source::Span;
use polc_runtime::explain::{Explanation, Step};
use polc_runtime::facts::Facts;
use polc_runtime::ir::{self, ProvisionId};
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

const DAYS: [&str; 6] = [
    "2026-07-15",
    "2026-10-15",
    "2026-12-31",
    "2027-01-15",
    "2028-02-29",
    "2029-07-16",
];

/// A program with the places of its provisions and sets of facts on days.
struct Subject {
    parsed: Parsed,
    program: Program,
    places: Vec<Span>,
    asked: Vec<Asked>,
}

/// Facts on a day, and what is decided for them.
struct Asked {
    facts: String,
    day: Date,
    decided: BTreeMap<String, Json>,
    /// Explanations made so far: the provisions in them, and the names of readings and facts.
    reasons: BTreeMap<String, (BTreeSet<ProvisionId>, BTreeSet<String>)>,
}

/// The decided answers with their values; none where the facts name what the program has no more.
fn decided(program: &Program, facts: &str, day: Date) -> Option<BTreeMap<String, Json>> {
    let facts = Facts::from_json(program.ir(), facts).ok()?;
    let report = program
        .evaluate(&facts, day, &Options::default())
        .report(None)
        .json();
    let decisions = report["decisions"].as_object().unwrap().iter();
    let known = |answer: &Json| answer["status"] == "known";
    let decided = decisions
        .filter(|(_, answer)| known(answer))
        .map(|(name, answer)| (name.clone(), answer["value"].clone()));
    Some(decided.collect())
}

impl Subject {
    fn new(folder: &'static str, sets: u64, days: usize) -> Subject {
        let files = Files::rules(folder);
        let parsed = Parsed::read(&files, folder);
        let compiled = parsed.compile().program.expect("a shipped program");
        let places = compiled.places.clone();
        let program = Program::new(compiled.ir).unwrap();
        let mut asked = Vec::new();
        for set in 0..sets {
            let mut random = Random::of_case(&format!("reasons {folder}"), set);
            let first = random.below(6) as usize;
            let on = DAYS[first];
            let mut given = Given::new(program.ir(), random, day_of(on).unwrap());
            let facts = Json::Object(given.facts()).to_string();
            for step in 0..days {
                let day = Date::parse(DAYS[(first + step) % 6]).unwrap();
                let decided = decided(&program, &facts, day).expect("facts that fit");
                asked.push(Asked {
                    facts: facts.clone(),
                    day,
                    decided,
                    reasons: BTreeMap::new(),
                });
            }
        }
        Subject {
            parsed,
            program,
            places,
            asked,
        }
    }

    /// The provisions that stand closest around a change.
    fn things(&self, mutant: &Mutant) -> Vec<ProvisionId> {
        let inside = |place: &Span| {
            place.file == mutant.edit.span.file
                && place.start <= mutant.edit.span.start
                && mutant.edit.span.end <= place.end
        };
        let around: Vec<(usize, &Span)> = self
            .places
            .iter()
            .enumerate()
            .filter(|(_, place)| inside(place))
            .collect();
        let least = around
            .iter()
            .map(|(_, place)| place.end - place.start)
            .min();
        let closest = around
            .iter()
            .filter(|(_, place)| Some(place.end - place.start) == least);
        closest.map(|(at, _)| *at as ProvisionId).collect()
    }
}

/// Every provision in an explanation, with what it is part of, and the names of facts and readings.
fn reasons(
    ir: &ir::Program,
    explanation: &Explanation,
) -> (BTreeSet<ProvisionId>, BTreeSet<String>) {
    let mut found = BTreeSet::new();
    for id in explanation.provisions() {
        found.insert(id);
        found.extend(ir.provisions[id as usize].of);
    }
    let mut names: BTreeSet<String> = explanation
        .readings
        .iter()
        .map(|reading| reading.reading.clone())
        .collect();
    fn of(step: &Step, names: &mut BTreeSet<String>) {
        names.extend(step.facts.iter().map(|fact| fact.fact.clone()));
        step.from.iter().for_each(|inner| of(inner, names));
    }
    of(&explanation.step, &mut names);
    (found, names)
}

fn necessity(folder: &'static str) {
    let sets = cases(40, 3);
    let mut subject = Subject::new(folder, sets, if sets < 40 { 2 } else { 6 });
    let all = mutants(&subject.parsed.sources, &subject.parsed.trees);
    let mut random = Random::of_case("mutants", 0);
    let share = cases(1000, 60);
    let (mut tried, mut effective, mut violations) = (0, BTreeSet::new(), Vec::new());
    for mutant in &all {
        if random.below(1000) >= share {
            continue;
        }
        let things = subject.things(mutant);
        let names = &mutant.within;
        let text = &subject
            .parsed
            .sources
            .get(mutant.edit.span.file)
            .unwrap()
            .text;
        let Some(text) = mutant.edit.apply(text) else {
            continue;
        };
        let Some(compiled) = subject.parsed.compile_with(mutant.edit.span.file, &text) else {
            continue;
        };
        let Ok(changed) = Program::new(compiled.ir) else {
            continue;
        };
        tried += 1;
        let Subject { program, asked, .. } = &mut subject;
        for asked in asked {
            let Some(after) = decided(&changed, &asked.facts, asked.day) else {
                continue;
            };
            for (name, was) in &asked.decided {
                if after.get(name) == Some(was) {
                    continue;
                }
                effective.extend(things.iter().copied());
                let (day, facts) = (asked.day, &asked.facts);
                let (held, named) = asked.reasons.entry(name.clone()).or_insert_with(|| {
                    let facts = Facts::from_json(program.ir(), facts).unwrap();
                    let why = program
                        .explain(&facts, day, &Options::default(), name)
                        .unwrap();
                    reasons(program.ir(), &why)
                });
                let there =
                    things.iter().any(|thing| held.contains(thing)) || named.contains(names);
                if !there {
                    violations.push(format!(
                        "{name} on {day} was {was}, is {:?} with `{}` for `{}` in {names}; of {:?}, facts {facts}",
                        after.get(name),
                        mutant.after,
                        mutant.before,
                        things
                            .iter()
                            .map(|at| &program.whole().provisions[*at as usize].name)
                            .collect::<Vec<_>>()
                    ));
                }
            }
        }
    }
    println!(
        "{folder}: {tried} of {} mutants, {} facts and days, {} things of which some mutant changed an answer, {} violations",
        all.len(),
        subject.asked.len(),
        effective.len(),
        violations.len()
    );
    assert!(tried > 0 && !effective.is_empty());
    assert!(
        violations.is_empty(),
        "{}",
        violations[..violations.len().min(shown())].join("\n\n")
    );
}

#[test]
fn what_could_change_an_answer_is_among_its_reasons_technology_partner() {
    necessity(TECHNOLOGY_PARTNER);
}

#[test]
fn what_could_change_an_answer_is_among_its_reasons_connect() {
    necessity(CONNECT);
}

#[test]
fn what_could_change_an_answer_is_among_its_reasons_conduct() {
    necessity(CONDUCT);
}

#[test]
fn what_could_change_an_answer_is_among_its_reasons_accreditation() {
    necessity(ACCREDITATION);
}

/// Compares a step and all below it with the evaluation of each definition on the day it names.
fn relevant(
    program: &Program,
    facts: &Facts,
    as_of: Date,
    step: &Step,
    wrong: &mut Vec<String>,
) -> u64 {
    let mut count = 0;
    let day = Date::parse(&step.day).expect("a day");
    // Behind an item the definition has no value of its own; after the day asked about not all is seen.
    if step.of.is_empty() && day <= as_of {
        let mut evaluation = program.evaluate(facts, day, &Options::default());
        let definition = program
            .ir()
            .definitions
            .iter()
            .find(|known| known.name == step.name);
        if let (Some(outcome), Some(definition)) = (evaluation.decision(&step.name), definition) {
            count += 1;
            let words = polc_runtime::words::outcome(program.ir(), &definition.ty, &outcome);
            if words != step.words {
                wrong.push(format!(
                    "{} on {day}: told {}, is {words}",
                    step.name, step.words
                ));
            }
        }
    }
    let parts = step.decided.iter().chain(&step.passed);
    let rows = step.requirements.iter().flat_map(|row| &row.figures);
    for figure in parts
        .flat_map(|part| &part.figures)
        .chain(&step.figures)
        .chain(rows)
    {
        let sides = [
            (&figure.name, &figure.is),
            (&figure.with_name, &figure.against),
        ];
        for (name, told) in sides {
            let day = Date::parse(&figure.day).expect("a day");
            if let Some(name) = name
                && day <= as_of
                && let Some(words) = said(program, facts, day, name)
            {
                count += 1;
                if words != *told {
                    wrong.push(format!(
                        "{name} on {day} in {}: told {told}, is {words}",
                        step.name
                    ));
                }
            }
        }
    }
    for inner in &step.from {
        count += relevant(program, facts, as_of, inner, wrong);
    }
    count
}

/// What a fact or definition comes to on a day, in words.
fn said(program: &Program, facts: &Facts, day: Date, name: &str) -> Option<String> {
    let ir = program.ir();
    let mut evaluation = program.evaluate(facts, day, &Options::default());
    let definition = ir.definitions.iter().find(|known| known.name == name);
    let (node, ty) = match definition {
        Some(definition) => (definition.node, &definition.ty),
        None => {
            let fact = ir.facts.iter().position(|known| known.name == name)?;
            let reads = |node: &ir::Node| node.op == ir::Op::Fact(fact as u32);
            let node = ir.nodes.iter().position(reads)?;
            (node as u32, &ir.nodes[node].ty)
        }
    };
    Some(polc_runtime::words::outcome(ir, ty, &evaluation.node(node)))
}

fn relevance(folder: &'static str) {
    let subject = Subject::new(folder, cases(40, 2), 3);
    let (mut steps, mut wrong, mut long, mut all) = (0, Vec::new(), 0, 0);
    for asked in &subject.asked {
        let facts = Facts::from_json(subject.program.ir(), &asked.facts).unwrap();
        for name in asked.decided.keys() {
            let options = Options::default();
            let why = subject
                .program
                .explain(&facts, asked.day, &options, name)
                .unwrap();
            steps += relevant(&subject.program, &facts, asked.day, &why.step, &mut wrong);
            all += 1;
            long += u64::from(why.text(false).lines().count() > 30);
            // The text names the clauses of the tree, and no others.
            let text = why.text(false);
            for clause in &why.clauses {
                assert!(
                    text.contains(&clause.clause),
                    "{name}: {} in\n{text}",
                    clause.clause
                );
            }
        }
    }
    println!(
        "{folder}: {all} explanations, {steps} steps compared, {long} over 30 lines, {} wrong",
        wrong.len()
    );
    assert!(steps > 0);
    assert!(
        wrong.is_empty(),
        "{}",
        wrong[..wrong.len().min(shown())].join("\n")
    );
    assert!(
        long * 10 <= all,
        "{long} of {all} explanations have more than 30 lines"
    );
}

#[test]
fn what_is_told_was_read_technology_partner() {
    relevance(TECHNOLOGY_PARTNER);
}

#[test]
fn what_is_told_was_read_connect() {
    relevance(CONNECT);
}

#[test]
fn what_is_told_was_read_conduct() {
    relevance(CONDUCT);
}

#[test]
fn what_is_told_was_read_accreditation() {
    relevance(ACCREDITATION);
}
