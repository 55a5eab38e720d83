//! Necessity: each part of a program is changed in every way that the mutator knows. Where a decided answer changes, the
//! part was among the reasons of the answer as it was.

use super::marked::{self, Changed};
use super::reach::{Reads, inputs, reached, reads};
use super::subject::{Decided, Place, Question, Subject};
use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER};
use crate::run::{Random, cases, is_full, shown};
use polc::mutation::{Mutant, mutants};
use polc_runtime::Program;
use polc_runtime::explain::{Explanation, Step};
use polc_runtime::ir::{self, ProvisionId};
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

impl Outcome {
    /// The names of the parts that some change moved an answer by.
    pub fn moved_parts(&self, subject: &Subject) -> BTreeSet<String> {
        parts(&subject.program, &self.moved)
    }
}

/// The names of those things that are parts.
fn parts(program: &Program, ids: &BTreeSet<ProvisionId>) -> BTreeSet<String> {
    let ids = ids
        .iter()
        .filter(|id| marked::is_part(program.whole(), **id));
    ids.map(|id| called(program, *id)).collect()
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

/// One change of so many is asked for everything, also for what it does not reach.
const AUDITED: u64 = 40;

/// Of the cases of the tests each change is tried on one of so many, and on all while nothing has moved an answer.
const OF_CASES: usize = 40;

/// A program that is changed, with its answers as they are.
struct Asked<'s> {
    subject: &'s mut Subject,
    nth: usize,
    questions: BTreeMap<Place, Question>,
    before: BTreeMap<Place, Decided>,
    reads: Reads,
    /// What facts are read by.
    inputs: String,
    /// Of the answers that some change moved.
    reasons: BTreeMap<(Place, String), Named>,
    outcome: Outcome,
}

/// A change that compiles.
struct Change<'c> {
    program: Program,
    /// The questions bound to it, where those of the program as it was are not.
    questions: Option<BTreeMap<Place, Question>>,
    /// What is changed.
    things: Vec<ProvisionId>,
    /// The declaration.
    within: &'c str,
    told: String,
}

/// Makes those changes that `chosen` takes, one at a time, and asks again what they reach.
pub fn change(subject: &mut Subject, nth: usize, mut chosen: impl FnMut() -> bool) -> Outcome {
    let questions = subject.questions(&subject.program, nth);
    let decided = |(place, question): (&Place, &Question)| {
        (place.clone(), question.decided(&subject.program))
    };
    let mut asked = Asked {
        before: questions.iter().map(decided).collect(),
        reads: reads(subject.program.ir()),
        inputs: inputs(subject.program.ir()),
        subject,
        nth,
        questions,
        reasons: BTreeMap::new(),
        outcome: Outcome::default(),
    };
    for mutant in &mutants(&asked.subject.parsed.sources, &asked.subject.parsed.trees) {
        if chosen()
            && let Some(change) = asked.written(mutant)
        {
            asked.compare(&change);
        }
    }
    for changed in &marked::changes(asked.subject.program.whole()) {
        if chosen()
            && let Some(change) = asked.marked(changed)
        {
            asked.compare(&change);
        }
    }
    asked.outcome
}

impl Asked<'_> {
    /// A change of the text, if it compiles.
    fn written<'c>(&mut self, mutant: &'c Mutant) -> Option<Change<'c>> {
        let subject = &mut *self.subject;
        let file = mutant.edit.span.file;
        let text = &subject.parsed.sources.get(file)?.text;
        let text = mutant.edit.apply(text)?;
        let mut ir = subject.parsed.compile_with(file, &text)?.ir;
        let same = inputs(&ir) == self.inputs;
        if same {
            // Facts know by it which program they were read for.
            subject.program.ir().hash.clone_into(&mut ir.hash);
        }
        let program = Program::new(ir).ok()?;
        Some(Change {
            questions: (!same).then(|| subject.questions(&program, self.nth)),
            program,
            things: things(subject, mutant),
            within: &mutant.within,
            told: format!(
                "`{}` for `{}` in {}",
                mutant.after, mutant.before, mutant.within
            ),
        })
    }

    /// A change of what was compiled.
    fn marked(&self, changed: &Changed) -> Option<Change<'static>> {
        let before = &self.subject.program;
        Some(Change {
            program: Program::new(changed.of(before.whole())).ok()?,
            questions: None,
            things: vec![changed.thing],
            within: "",
            told: changed.says.clone(),
        })
    }

    /// Asks again, and looks up the reasons of what is answered differently.
    fn compare(&mut self, change: &Change) {
        let turn = self.outcome.tried;
        let audited = turn.is_multiple_of(AUDITED);
        self.outcome.tried += 1;
        self.outcome.changed.extend(&change.things);
        let reached = reached(&self.reads, &reads(change.program.ir()));
        if reached.is_empty() && !audited {
            return;
        }
        for (place, was) in &self.before {
            let (file, line) = place;
            let in_turn = file.is_empty() || (line + turn as usize).is_multiple_of(OF_CASES);
            let moves = |thing| self.outcome.moved.contains(thing);
            if !in_turn && change.things.iter().all(moves) {
                continue;
            }
            let Some(question) = change
                .questions
                .as_ref()
                .unwrap_or(&self.questions)
                .get(place)
            else {
                continue;
            };
            let asks = |name: &str| audited || reached.contains(name);
            let is = question.decided_of(&change.program, asks);
            for (name, value) in was {
                if !asks(name) || is.get(name) == Some(value) {
                    continue;
                }
                let is = is.get(name);
                assert!(
                    reached.contains(name),
                    "{name} reads the same, but is {is:?}"
                );
                self.outcome.moved.extend(&change.things);
                let (program, question) = (&self.subject.program, &self.questions[place]);
                let reasons = self.reasons.entry((place.clone(), name.clone()));
                let (held, names) =
                    reasons.or_insert_with(|| named(program.ir(), &question.why(program, name)));
                let there = change.things.iter().any(|thing| held.contains(thing))
                    || names.contains(change.within);
                if !there {
                    let things = change.things.iter();
                    let things: Vec<String> = things.map(|id| called(program, *id)).collect();
                    self.outcome.violations.push(format!(
                        "{name} on {} was {value:?}, is {is:?} with {}, {things:?}; {}",
                        question.day, change.told, question.told
                    ));
                }
            }
        }
    }
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

fn shipped(folder: &'static str) {
    let sets = cases(40, 2);
    let mut subject = Subject::shipped(folder, sets, if is_full() { 6 } else { 1 });
    let mut random = Random::of_case("mutants", 0);
    let share = cases(1000, 60);
    let nth = if is_full() { 1 } else { 100 };
    let outcome = change(&mut subject, nth, || random.below(1000) < share);
    let provisions = subject.program.whole().provisions.len() as ProvisionId;
    let all = parts(&subject.program, &(0..provisions).collect());
    let changed = parts(&subject.program, &outcome.changed);
    let moved = outcome.moved_parts(&subject);
    println!(
        "{folder}: {} changes, {} of {} parts changed, {} of them moved an answer, {} violations",
        outcome.tried,
        changed.len(),
        all.len(),
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
    let wrong: Vec<&&str> = listed
        .iter()
        .filter(|thing| moved.contains(**thing))
        .collect();
    assert!(wrong.is_empty(), "listed, but an answer moves: {wrong:#?}");
    if is_full() {
        let still: Vec<&String> = all
            .iter()
            .filter(|thing| !moved.contains(*thing) && !listed.contains(thing.as_str()))
            .collect();
        assert!(still.is_empty(), "no answer moves: {still:#?}");
        let gone: Vec<&&str> = listed
            .iter()
            .filter(|thing| !all.contains(**thing))
            .collect();
        assert!(gone.is_empty(), "listed, but not there: {gone:#?}");
        assert!(
            listed.len() * 20 <= all.len(),
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
