//! Relevance: each step and figure of the reasons is what the evaluation of that definition gives on the day it names;
//! text and tree name the same clauses.

use super::subject::{Question, Subject};
use crate::harness::{ACCREDITATION, CONDUCT, CONNECT, TECHNOLOGY_PARTNER};
use crate::run::{cases, is_full, shown};
use polc_runtime::Program;
use polc_runtime::explain::Step;
use polc_runtime::ir;
use polc_runtime::value::Date;

/// Compares a step and all below it with the evaluation of each definition on the day it names.
fn relevant(program: &Program, question: &Question, step: &Step, wrong: &mut Vec<String>) -> u64 {
    let (facts, options, as_of) = (&question.facts, &question.options, question.day);
    let mut count = 0;
    let day = Date::parse(&step.day).expect("a day");
    // Behind an item the definition has no value of its own; after the day asked about not all is seen.
    if step.of.is_empty() && day <= as_of {
        let mut evaluation = program.evaluate(facts, day, options);
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
                && let Some(words) = said(program, question, day, name)
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
        count += relevant(program, question, inner, wrong);
    }
    count
}

/// What a fact or definition comes to on a day, in words.
fn said(program: &Program, question: &Question, day: Date, name: &str) -> Option<String> {
    let ir = program.ir();
    let mut evaluation = program.evaluate(&question.facts, day, &question.options);
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
        for question in subject.questions(&subject.program, nth).values() {
            for name in question.decided(&subject.program).keys() {
                let why = question.why(&subject.program, name);
                found.steps += relevant(&subject.program, question, &why.step, &mut found.wrong);
                found.explanations += 1;
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
    let subject = Subject::shipped(folder, cases(40, 2), if is_full() { 6 } else { 3 });
    let found = Compared::of(&subject, if is_full() { 1 } else { 40 });
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
