//! Relevance: each step and figure of the reasons is what the evaluation of that definition gives on the day it names;
//! text and tree name the same clauses.

use super::subject::{Question, Subject};
use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER};
use crate::run::{cases, is_full, shown};
use polc_runtime::explain::{Holds, Part, Step};
use polc_runtime::ir::{NodeId, ProvisionId, ProvisionKind};
use polc_runtime::value::Date;
use polc_runtime::{Evaluation, Program, ir};
use std::collections::{BTreeMap, BTreeSet};

/// A question asked on several days, each evaluated once.
struct Past<'p> {
    program: &'p Program,
    question: &'p Question,
    days: BTreeMap<Date, Evaluation<'p>>,
}

impl Past<'_> {
    /// What a fact or definition comes to on a day, in words; after the day asked about not all is seen.
    fn said(&mut self, day: &str, name: &str) -> Option<String> {
        let day = Date::parse(day).expect("a day");
        let question = self.question;
        if day > question.day {
            return None;
        }
        let ir = self.program.ir();
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
        let program = self.program;
        let evaluation = self
            .days
            .entry(day)
            .or_insert_with(|| program.evaluate(&question.facts, day, &question.options));
        let outcome = evaluation.node(node);
        Some(polc_runtime::words::outcome(ir, ty, &outcome))
    }

    /// Compares a step and all below it with the evaluation of each definition on the day it names.
    fn compare(&mut self, step: &Step, wrong: &mut Vec<String>) -> u64 {
        let mut told = Vec::new();
        // Behind an item the definition has no value of its own.
        let known = self.program.ir().definitions.iter();
        if step.of.is_empty() && known.clone().any(|known| known.name == step.name) {
            told.push((&step.day, &step.name, &step.words));
        }
        let parts = step.decided.iter().chain(&step.passed);
        let figures = parts.flat_map(|part| &part.figures).chain(&step.figures);
        let rows = step.requirements.iter().flat_map(|row| &row.figures);
        for figure in figures.chain(rows) {
            let left = figure.name.iter().map(|name| (name, &figure.is));
            let right = figure.with_name.iter().map(|name| (name, &figure.against));
            told.extend(
                left.chain(right)
                    .map(|(name, words)| (&figure.day, name, words)),
            );
        }
        // That a judgement is recorded is told as such.
        let facts = step.facts.iter();
        let facts = facts.filter(|read| !read.label.ends_with(" recorded"));
        told.extend(facts.map(|read| (&read.day, &read.fact, &read.words)));
        let mut count = 0;
        for (day, name, words) in told {
            let Some(is) = self.said(day, name) else {
                continue;
            };
            count += 1;
            if is != *words {
                wrong.push(format!(
                    "{name} on {day} in {}: told {words}, is {is}; {}",
                    step.name, self.question.told
                ));
            }
        }
        let inner = step.from.iter().map(|inner| self.compare(inner, wrong));
        count + inner.sum::<u64>()
    }
}

/// Of every choice its cases and rows, in the order in which they are tried.
fn choices(program: &ir::Program) -> Vec<Vec<ProvisionId>> {
    let cited = |node: NodeId| match &program.nodes[node as usize].op {
        ir::Op::Provision { provision, .. } => Some(*provision),
        _ => None,
    };
    let choice = |node: &ir::Node| match &node.op {
        ir::Op::Cases { cases, otherwise } => {
            // What holds always is cited by its value.
            let tried = cases
                .iter()
                .map(|(guard, value)| cited(*guard).or(cited(*value)));
            let last = otherwise.iter().map(|value| cited(*value));
            Some(tried.chain(last).flatten().collect())
        }
        _ => None,
    };
    program.nodes.iter().filter_map(choice).collect()
}

/// Cases told although one before them decided.
fn needless(step: &Step, choices: &[Vec<ProvisionId>], found: &mut Vec<String>) {
    let case = |part: &&Part| matches!(part.kind, ProvisionKind::Case | ProvisionKind::Row);
    let after = |first: ProvisionId, later: ProvisionId| {
        choices.iter().any(|choice| {
            let at = |one| choice.iter().position(|known| *known == one);
            at(first)
                .zip(at(later))
                .is_some_and(|(first, later)| first < later)
        })
    };
    let all = || step.decided.iter().chain(&step.passed).filter(case);
    for decided in all().filter(|part| part.holds == Holds::Yes) {
        let there = (&decided.of, &decided.day, &decided.items);
        for part in all().filter(|part| (&part.of, &part.day, &part.items) == there) {
            if after(decided.provision, part.provision) {
                let (name, of, first) = (&part.name, &part.of, &decided.name);
                found.push(format!("{name} of {of} is told though {first} decided"));
            }
        }
    }
    let inner = step.from.iter();
    inner.for_each(|inner| needless(inner, choices, found));
}

/// The clauses that the steps, parts, rows, moves and facts of a tree cite.
fn cited(step: &Step, found: &mut BTreeSet<String>) {
    let parts = step.decided.iter().chain(&step.passed);
    let parts = parts.flat_map(|part| &part.cites);
    let rows = step.requirements.iter().flat_map(|row| &row.cites);
    let moves = step.moves.iter().flat_map(|made| &made.cites);
    let facts = step.facts.iter().flat_map(|fact| &fact.cites);
    let all = parts.chain(rows).chain(moves).chain(facts);
    found.extend(all.chain(&step.cites).cloned());
    step.from.iter().for_each(|inner| cited(inner, found));
}

/// What came of comparing.
#[derive(Debug, Default)]
pub struct Compared {
    pub explanations: u64,
    /// Steps and figures compared.
    pub steps: u64,
    /// Explanations of more than thirty lines.
    pub long: u64,
    pub wrong: Vec<String>,
}

impl Compared {
    /// Compares the reasons of every answer to every question.
    pub fn of(subject: &Subject, nth: usize) -> Compared {
        let mut found = Compared::default();
        let choices = choices(subject.program.whole());
        for question in subject.questions(&subject.program, nth).values() {
            let mut past = Past {
                program: &subject.program,
                question,
                days: BTreeMap::new(),
            };
            for name in question.decided(&subject.program).keys() {
                let why = question.why(&subject.program, name);
                found.steps += past.compare(&why.step, &mut found.wrong);
                found.explanations += 1;
                needless(&why.step, &choices, &mut found.wrong);
                let mut in_tree = BTreeSet::new();
                cited(&why.step, &mut in_tree);
                let readings = why.readings.iter().flat_map(|reading| &reading.cites);
                in_tree.extend(readings.cloned());
                let told = why.clauses.iter().map(|one| one.clause.clone());
                let told: BTreeSet<String> = told.collect();
                if told != in_tree {
                    found
                        .wrong
                        .push(format!("{name}: cites {in_tree:?}, lists {told:?}"));
                }
                let text = why.text(false);
                found.long += u64::from(text.lines().count() > 30);
                let clauses = why.clauses.iter().map(|one| one.clause.as_str());
                for clause in clauses.filter(|clause| !text.contains(*clause)) {
                    found.wrong.push(format!("{name}: no {clause} in\n{text}"));
                }
            }
        }
        found
    }

    pub fn judge(&self) {
        assert!(self.steps > 0);
        let wrong = &self.wrong;
        assert!(
            wrong.is_empty(),
            "{}",
            wrong[..wrong.len().min(shown())].join("\n")
        );
        assert!(
            self.long * 10 <= self.explanations,
            "{} of {} explanations have more than 30 lines",
            self.long,
            self.explanations
        );
    }
}

fn shipped(folder: &'static str) {
    let subject = Subject::shipped(folder, cases(40, 2), if is_full() { 6 } else { 1 });
    let found = Compared::of(&subject, if is_full() { 1 } else { 100 });
    println!(
        "{folder}: {} explanations, {} steps compared, {} over 30 lines, {} wrong",
        found.explanations,
        found.steps,
        found.long,
        found.wrong.len()
    );
    found.judge();
}

#[test]
fn what_is_told_was_read_technology_partner() {
    shipped(TECHNOLOGY_PARTNER);
}

#[test]
fn what_is_told_was_read_connect() {
    shipped(CONNECT);
}

#[test]
fn what_is_told_was_read_conduct() {
    shipped(CONDUCT);
}

#[test]
fn what_is_told_was_read_accreditation() {
    shipped(ACCREDITATION);
}
