//! Random grids with groups, stages, amendments, waivers, grants and exceptions, against what the reference says of
//! them as they were drawn, and against the plain evaluator as they were compiled.

mod model;
mod oracle;

use crate::compare::{Comparison, report};
use crate::harness::{Files, errors};
use crate::run::{Census, Random, cases, shown};
use model::{Grid, NUMBERS, TIERS, TRUTHS};
use oracle::Asked;
use polc_runtime::Program;
use polc_runtime::value::Date;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

const DAYS: [&str; 6] = [
    "2026-06-30",
    "2026-07-01",
    "2026-12-31",
    "2027-01-01",
    "2027-12-31",
    "2028-01-01",
];

/// What was seen of the grids.
#[derive(Debug, Default)]
struct Tally {
    grids: u64,
    refused: u64,
    cells: u64,
    decided: u64,
    differ: u64,
    /// Unknown although every completion gives the same.
    imprecise: u64,
}

/// A random grid: its text and what it compiles to.
pub fn drawn(case: u64) -> Option<(String, Program)> {
    let text = Grid::random(&mut Random::of_case("grids", case)).written();
    let compiled = Files::one(text.as_str()).compile("t.pol").program?;
    Some((text, Program::new(compiled.ir).unwrap()))
}

/// The answers compared, by name.
fn answers(grid: &Grid, asked: &Asked<'_>) -> BTreeMap<String, Json> {
    let mut answers = BTreeMap::new();
    answers.insert("top".to_owned(), json!(grid.highest(None, asked)));
    for stage in grid.all_stages() {
        answers.insert(
            format!("at_{stage}"),
            json!(grid.highest(Some(stage), asked)),
        );
    }
    for (at, tier) in TIERS.iter().enumerate() {
        for (row, verdict) in grid.shown(at, asked) {
            answers.insert(format!("{tier}/{row}"), json!(verdict));
        }
    }
    answers.insert(
        "result_of_first".to_owned(),
        json!(grid.verdict(&grid.entries[0], 1, asked)),
    );
    answers
}

/// The answer of the runtime under such a name; `None` where it is open.
fn given(result: &Json, name: &str) -> Option<Json> {
    match name.split_once('/') {
        None => {
            let answer = &result["decisions"][name];
            (answer["status"] == "known").then(|| answer["value"].clone())
        }
        Some((tier, row)) => match result["requirements"][tier][row]["result"].as_str() {
            None => Some(json!("not_required")),
            Some("unknown") => None,
            Some(verdict) => Some(json!(verdict)),
        },
    }
}

/// Every way to fill in the facts that are missing.
fn completions(partial: &Map<String, Json>) -> Vec<Map<String, Json>> {
    let mut all = vec![partial.clone()];
    let numbers = (0..NUMBERS).map(|at| {
        (
            format!("n{at}"),
            (0..4).map(|n| json!(n)).collect::<Vec<_>>(),
        )
    });
    let truths = (0..TRUTHS).map(|at| (format!("b{at}"), vec![json!(true), json!(false)]));
    for (name, values) in numbers.chain(truths) {
        if !partial.contains_key(&name) {
            let with = |facts: &Map<String, Json>| {
                let facts = facts.clone();
                let name = name.clone();
                values.clone().into_iter().map(move |value| {
                    let mut facts = facts.clone();
                    facts.insert(name.clone(), value);
                    facts
                })
            };
            all = all.iter().flat_map(with).collect();
        }
    }
    all
}

/// Cells that a waiver lifts and that do not say how many days it still lasts, its last day not counted.
fn wrong_days_left(grid: &Grid, result: &Json, on: Date) -> Vec<String> {
    let tiers = result["requirements"].as_object().into_iter().flatten();
    let cells = tiers.flat_map(|(_, rows)| rows.as_object().into_iter().flatten());
    let wrong = cells.filter(|(_, cell)| {
        let by = |waiver: &&model::Lift| cell["by"] == json!(waiver.name);
        grid.waivers.iter().find(by).is_some_and(|waiver| {
            let through = waiver.dates.through.and_then(Date::parse);
            cell["days_left"] != json!(through.map(|through| on.days_until(through)))
        })
    });
    wrong.map(|(row, cell)| format!("{row}: {cell}")).collect()
}

fn on_full(
    grid: &Grid,
    program: &Program,
    facts: &Map<String, Json>,
    on: &str,
    census: &mut Census,
) -> Vec<String> {
    let result = report(program, facts, Date::parse(on).unwrap());
    let mut wrong = wrong_days_left(grid, &result, Date::parse(on).unwrap());
    for (name, wanted) in answers(grid, &Asked { facts, on }) {
        if name.contains('/') {
            census.count(wanted.as_str().unwrap());
        }
        if given(&result, &name).as_ref() != Some(&wanted) {
            let got = &result["decisions"][&name];
            let cell = name
                .split_once('/')
                .map(|(tier, row)| &result["requirements"][tier][row]);
            wrong.push(format!(
                "{name} wanted {wanted}, got {got} {cell:?} on {on} with {}",
                Json::Object(facts.clone())
            ));
        }
    }
    wrong
}

fn on_partial(
    grid: &Grid,
    program: &Program,
    partial: &Map<String, Json>,
    on: &str,
    tally: &mut Tally,
) -> Vec<String> {
    let result = report(program, partial, Date::parse(on).unwrap());
    let mut seen: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for facts in completions(partial) {
        for (name, answer) in answers(grid, &Asked { facts: &facts, on }) {
            let all = seen.entry(name).or_default();
            if !all.contains(&answer) {
                all.push(answer);
            }
        }
    }
    let mut wrong = Vec::new();
    for (name, possible) in seen {
        match given(&result, &name) {
            Some(answer) if possible == [answer.clone()] => tally.decided += 1,
            Some(answer) => wrong.push(format!(
                "{name} is {answer}, may be {possible:?} on {on} with {}",
                Json::Object(partial.clone())
            )),
            None if possible.len() > 1 => tally.differ += 1,
            None => tally.imprecise += 1,
        }
    }
    wrong
}

#[test]
fn a_grid_says_what_the_reference_says() {
    let (mut census, mut tally, mut comparison) =
        (Census::default(), Tally::default(), Comparison::default());
    let (mut wrong, mut refusals): (Vec<String>, Vec<String>) = Default::default();
    for case in 0..cases(9_600, 100) {
        let mut random = Random::of_case("grids", case);
        let grid = Grid::random(&mut random);
        let text = grid.written();
        tally.grids += 1;
        let compilation = Files::one(text.as_str()).compile("t.pol");
        let Some(compiled) = compilation.program else {
            tally.refused += 1;
            refusals.push(errors(&compilation));
            continue;
        };
        let program = Program::new(compiled.ir).unwrap();
        for _ in 0..4 {
            let on = *random.pick(&DAYS);
            let facts = grid.facts(&mut random);
            tally.cells += 1;
            let mut found = on_full(&grid, &program, &facts, on, &mut census);
            let mut partial = facts.clone();
            for _ in 0..1 + random.below(4) {
                let name = match random.chance(40) {
                    true => format!("n{}", random.below(NUMBERS as u64)),
                    false => format!("b{}", random.below(TRUTHS as u64)),
                };
                partial.shift_remove(&name);
            }
            found.extend(on_partial(&grid, &program, &partial, on, &mut tally));
            let found = found.into_iter().map(|one| format!("{one}\n{text}"));
            wrong.extend(found);
        }
        comparison.program(
            &program,
            &text,
            DAYS[case as usize % DAYS.len()],
            &mut random,
            &mut census,
        );
    }
    println!("{tally:?}; {comparison:?}");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(shown())].join("\n\n")
    );
    comparison.finish();
    assert!(
        tally.refused * 10 < tally.grids,
        "{tally:?}\n{}",
        refusals[..shown()].join("\n")
    );
    census.expect(
        &[
            "met",
            "not_met",
            "waived",
            "not_required",
            "preferred_missing",
        ],
        50,
    );
}
