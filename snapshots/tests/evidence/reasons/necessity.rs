//! Necessity: each part of a program is changed in every way that the mutator knows. Where a decided answer changes, the
//! part was among the reasons of the answer as it was.

use super::subject::{Decided, Place, Question, Subject};
use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER};
use crate::run::{Random, cases, is_full, shown};
use polc::mutation::{Mutant, mutants};
use polc_runtime::Program;
use polc_runtime::explain::{Explanation, Step};
use polc_runtime::ir::{self, ProvisionId, ProvisionKind};
use std::collections::{BTreeMap, BTreeSet};

/// What an explanation names: provisions with what they are part of, and facts and readings by name.
type Named = (BTreeSet<ProvisionId>, BTreeSet<String>);

/// What came of changing a program.
#[derive(Default)]
pub struct Outcome {
    /// Changes that compile.
    pub tried: u64,
    /// Things some change was made to.
    pub changed: BTreeSet<ProvisionId>,
    /// Things of which some change moved a decided answer.
    pub moved: BTreeSet<ProvisionId>,
    /// Answers that changed though their reasons did not name the thing.
    pub violations: Vec<String>,
}

/// The provisions that stand closest around a change.
fn things(subject: &Subject, mutant: &Mutant) -> Vec<ProvisionId> {
    let inside = |place: &polc::source::Span| {
        place.file == mutant.edit.span.file
            && place.start <= mutant.edit.span.start
            && mutant.edit.span.end <= place.end
    };
    let around = subject.places.iter().enumerate();
    let around: Vec<_> = around.filter(|(_, place)| inside(place)).collect();
    let length = |place: &polc::source::Span| place.end - place.start;
    let least = around.iter().map(|(_, place)| length(place)).min();
    let closest = around
        .iter()
        .filter(|(_, place)| Some(length(place)) == least);
    closest.map(|(at, _)| *at as ProvisionId).collect()
}

fn named(ir: &ir::Program, explanation: &Explanation) -> Named {
    let mut found = BTreeSet::new();
    for id in explanation.provisions() {
        found.insert(id);
        found.extend(ir.provisions[id as usize].of);
    }
    let readings = explanation.readings.iter();
    let mut names: BTreeSet<String> = readings.map(|reading| reading.reading.clone()).collect();
    fn of(step: &Step, names: &mut BTreeSet<String>) {
        names.extend(step.facts.iter().map(|fact| fact.fact.clone()));
        step.from.iter().for_each(|inner| of(inner, names));
    }
    of(&explanation.step, &mut names);
    (found, names)
}

/// Makes those changes that `chosen` takes, one at a time, and asks again.
pub fn change(subject: &mut Subject, nth: usize, mut chosen: impl FnMut() -> bool) -> Outcome {
    let questions = subject.questions(&subject.program, nth);
    let before: BTreeMap<&Place, Decided> = questions
        .iter()
        .map(|(place, question)| (place, question.decided(&subject.program)))
        .collect();
    let mut reasons: BTreeMap<(&Place, &String), Named> = BTreeMap::new();
    let mut outcome = Outcome::default();
    for mutant in &mutants(&subject.parsed.sources, &subject.parsed.trees) {
        if !chosen() {
            continue;
        }
        let file = mutant.edit.span.file;
        let text = &subject.parsed.sources.get(file).unwrap().text;
        let Some(text) = mutant.edit.apply(text) else {
            continue;
        };
        let Some(compiled) = subject.parsed.compile_with(file, &text) else {
            continue;
        };
        let Ok(changed) = Program::new(compiled.ir) else {
            continue;
        };
        let things = things(subject, mutant);
        outcome.tried += 1;
        outcome.changed.extend(&things);
        let after: BTreeMap<Place, Question> = subject.questions(&changed, nth);
        for (place, was) in &before {
            let Some(is) = after.get(*place).map(|question| question.decided(&changed)) else {
                continue;
            };
            for (name, value) in was {
                if is.get(name) == Some(value) {
                    continue;
                }
                outcome.moved.extend(&things);
                let question = &questions[*place];
                let (held, names) = reasons.entry((place, name)).or_insert_with(|| {
                    let why = question.why(&subject.program, name);
                    named(subject.program.ir(), &why)
                });
                let there = things.iter().any(|thing| held.contains(thing))
                    || names.contains(&mutant.within);
                if !there {
                    let parts: Vec<String> = things
                        .iter()
                        .map(|id| called(&subject.program, *id))
                        .collect();
                    outcome.violations.push(format!(
                        "{name} on {} was {value:?}, is {:?} with `{}` for `{}` in {}, {parts:?}; {}",
                        question.day,
                        is.get(name),
                        mutant.after,
                        mutant.before,
                        mutant.within,
                        question.told
                    ));
                }
            }
        }
    }
    outcome
}

/// Things no facts can make matter, as `program: kind of name: reason`.
const UNMOVED: &str = include_str!("unmoved.txt");

/// A thing as it stands in the list.
fn called(program: &Program, id: ProvisionId) -> String {
    let provisions = &program.whole().provisions;
    let known = &provisions[id as usize];
    let of = known
        .of
        .map_or("", |of| provisions[of as usize].name.as_str());
    let kind = serde_json::to_value(known.kind).unwrap();
    format!("{} {of} {}", kind.as_str().unwrap(), known.name)
}

/// Whether a thing can be cited by itself: a part of a declaration, an exception or a waiver.
fn is_part(program: &Program, id: ProvisionId) -> bool {
    let known = &program.whole().provisions[id as usize];
    known.of.is_some() || matches!(known.kind, ProvisionKind::Exception | ProvisionKind::Waiver)
}

fn shipped(folder: &'static str) {
    let sets = cases(40, 2);
    let mut subject = Subject::shipped(folder, sets, if is_full() { 6 } else { 1 });
    let mut random = Random::of_case("mutants", 0);
    let share = cases(1000, 60);
    let nth = if is_full() { 1 } else { 100 };
    let outcome = change(&mut subject, nth, || random.below(1000) < share);
    let parts = |ids: &BTreeSet<ProvisionId>| -> BTreeSet<String> {
        let ids = ids.iter().filter(|id| is_part(&subject.program, **id));
        ids.map(|id| called(&subject.program, *id)).collect()
    };
    let (changed, moved) = (parts(&outcome.changed), parts(&outcome.moved));
    println!(
        "{folder}: {} changes, {} parts changed, {} of them moved an answer, {} violations",
        outcome.tried,
        changed.len(),
        moved.len(),
        outcome.violations.len()
    );
    let violations = &outcome.violations;
    assert!(
        violations.is_empty(),
        "{}",
        violations[..violations.len().min(shown())].join("\n\n")
    );
    assert!(!moved.is_empty());
    let lead = format!("{}: ", folder.rsplit('/').next().unwrap());
    let listed: BTreeSet<&str> = UNMOVED
        .lines()
        .filter_map(|line| line.strip_prefix(lead.as_str())?.split_once(" because "))
        .map(|(thing, _)| thing)
        .collect();
    let wrong: Vec<&str> = listed
        .iter()
        .copied()
        .filter(|thing| moved.contains(*thing))
        .collect();
    assert!(wrong.is_empty(), "listed, but an answer moves: {wrong:#?}");
    if is_full() {
        let still: Vec<&String> = changed
            .iter()
            .filter(|thing| !moved.contains(*thing) && !listed.contains(thing.as_str()))
            .collect();
        assert!(still.is_empty(), "no answer moves: {still:#?}");
        assert!(
            listed.len() * 20 <= changed.len(),
            "{} are listed",
            listed.len()
        );
    }
}

#[test]
fn what_could_change_an_answer_is_among_its_reasons_technology_partner() {
    shipped(TECHNOLOGY_PARTNER);
}

#[test]
fn what_could_change_an_answer_is_among_its_reasons_connect() {
    shipped(CONNECT);
}

#[test]
fn what_could_change_an_answer_is_among_its_reasons_conduct() {
    shipped(CONDUCT);
}

#[test]
fn what_could_change_an_answer_is_among_its_reasons_accreditation() {
    shipped(ACCREDITATION);
}
