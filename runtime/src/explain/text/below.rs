//! What stands below the steps: what is missing, readings, assumptions, notes, clauses.

use super::{LINES, Page, marks, shortened};
use crate::explain::{Clause, Explanation, Read, Step, Taken};
use crate::words::spoken;

/// What was read of a fact, wherever that was.
pub(super) fn read_of<'e>(step: &'e Step, fact: &str) -> Option<&'e Read> {
    let mut steps = vec![step];
    while let Some(step) = steps.pop() {
        if let Some(read) = step.facts.iter().find(|read| read.fact == fact) {
            return Some(read);
        }
        steps.extend(&step.from);
    }
    None
}

/// What stands below the steps: how the text was read, what was assumed, what to know, what is missing.
pub(super) fn below(explanation: &Explanation, full: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let outcome = &explanation.step.outcome;
    if !outcome.needs().is_empty() {
        lines.push(format!(
            "To decide it, supply: {}",
            outcome.needs().join(", ")
        ));
    }
    for asked in outcome.judgements() {
        let by = spoken(&asked.by);
        lines.push(format!(
            "To decide it, {by} must record {}",
            asked.judgement
        ));
    }
    let told = |reading: &&Taken| full || !reading.otherwise.is_empty();
    for reading in explanation.readings.iter().filter(told) {
        let name = match reading.label.as_str() {
            "" => spoken(&reading.reading),
            label => label.to_owned(),
        };
        let chosen = spoken(&reading.chosen);
        let others = reading.otherwise.iter();
        let others: Vec<String> = others
            .map(|other| {
                format!(
                    "; {} would give {}",
                    spoken(&other.alternative),
                    shortened(&other.words)
                )
            })
            .collect();
        lines.push(format!(
            "Read so: {name}: {chosen}{}{}",
            others.concat(),
            marks(&reading.cites)
        ));
    }
    if !explanation.readings.iter().all(|reading| told(&reading)) {
        lines.push("Under any other reading alone the answer is the same.".to_owned());
    }
    for fact in &explanation.assumptions {
        let told = match read_of(&explanation.step, fact) {
            Some(read) => format!("{}: {}", read.label, read.words),
            None => fact.clone(),
        };
        lines.push(format!("Assumed, because nothing was given: {told}"));
    }
    for note in &explanation.notes {
        lines.push(format!("Note: {note}"));
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
    }
    lines
}

/// The clauses at the end of a line.
pub(super) fn marked(line: &str) -> impl Iterator<Item = &str> {
    let marks = line
        .rsplit_once("  [")
        .and_then(|(_, ids)| ids.strip_suffix(']'));
    marks.into_iter().flat_map(|ids| ids.split(", "))
}

impl Page<'_> {
    /// The clauses: in full where there is room, by their numbers otherwise.
    pub(super) fn clauses(&mut self, clauses: &[Clause]) {
        let sources = {
            let mut sources: Vec<&str> = clauses.iter().map(|one| one.source.as_str()).collect();
            sources.dedup();
            sources
        };
        if clauses.is_empty() {
            return;
        }
        let lines = clauses.len() + sources.len() + 2;
        if !self.full && self.lines.len() + lines > LINES {
            let marked: Vec<&str> = self.lines.iter().flat_map(|line| marked(line)).collect();
            let ids = clauses.iter().map(|one| one.clause.as_str());
            let (told, read): (Vec<&str>, Vec<&str>) = ids.partition(|id| marked.contains(id));
            let line = |lead: &str, ids: &[&str]| match ids {
                [] => None,
                ids => Some(format!("{lead}: {}", ids.join(", "))),
            };
            let told = line("Where it says so", &told);
            let lead = match told {
                Some(_) => "Read on the way",
                None => "Where it says so",
            };
            let read = line(lead, &read);
            self.lines.push(String::new());
            self.lines.extend(told.into_iter().chain(read));
            return;
        }
        self.lines.push(String::new());
        self.lines.push("Where it says so".to_owned());
        let width = clauses
            .iter()
            .map(|one| one.clause.len())
            .max()
            .unwrap_or(0);
        let mut source = "";
        for clause in clauses {
            if clause.source != source {
                self.line(1, &clause.source);
                source = &clause.source;
            }
            let words = match clause.section.as_str() {
                "" => clause.text.clone(),
                section => format!("{section}: {}", clause.text),
            };
            self.line(2, &format!("{:width$}  {words}", clause.clause));
        }
    }
}
