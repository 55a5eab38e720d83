//! The explanation for people: what decided first, then what it was made from, in few lines unless all are asked for.

mod below;
mod parts;
mod tiers;

use super::{Explanation, Figure, Holds, Part, Step};
use crate::ir::ProvisionKind;
use crate::words::{spoken, within_line};
use below::below;
use parts::lifts;

/// Lines of an explanation that is read in one go.
const LINES: usize = 30;
/// Lines kept for what stands below the steps.
const BELOW: usize = 4;
/// Lines kept for the numbers of the clauses.
const CLAUSES: usize = 3;
/// Facts told below a step that compares nothing.
const FACTS: usize = 4;
/// Lines below an answer that is told briefly.
const BRIEF: usize = 2;
/// Characters of what an unnamed step came to.
const LISTED: usize = 80;

pub(super) fn text(explanation: &Explanation, full: bool) -> String {
    let mut page = Page {
        as_of: &explanation.as_of,
        decided: is_decided(&explanation.step),
        lines: Vec::new(),
        full,
    };
    let who = explanation.id.as_deref().unwrap_or("one partner");
    page.lines
        .push(format!("{who}, as of {}", explanation.as_of));
    page.lines.push(String::new());
    let step = &explanation.step;
    let name = match step.label.as_str() {
        "" => spoken(&step.name),
        label => format!("{label} ({})", step.name),
    };
    page.head(step, &name, 0);
    page.inside(step, 1);
    let mut below = below(explanation, full);
    if !full {
        let clauses = if explanation.clauses.is_empty() {
            0
        } else {
            CLAUSES
        };
        page.cut(LINES - clauses - BELOW.min(below.len()));
        below.truncate((LINES - clauses).saturating_sub(page.lines.len()));
    }
    page.lines.extend(below);
    page.clauses(&explanation.clauses);
    let mut out = String::new();
    for line in &page.lines {
        // Labels, clauses and facts were written by others.
        out.push_str(&within_line(line));
        out.push('\n');
    }
    out
}

/// The answer and what decided it.
pub(super) fn brief(explanation: &Explanation) -> String {
    let mut page = Page {
        as_of: &explanation.as_of,
        decided: is_decided(&explanation.step),
        lines: Vec::new(),
        full: false,
    };
    let step = &explanation.step;
    let name = match step.label.as_str() {
        "" => spoken(&step.name),
        label => format!("{label} ({})", step.name),
    };
    page.head(step, &name, 0);
    let told = step.decided.iter().filter(|part| !lifts(part));
    let told: Vec<String> = told
        .filter_map(|part| page.part(part))
        .take(BRIEF)
        .collect();
    for words in told {
        page.line(1, &words);
    }
    let mut out = String::new();
    for line in &page.lines {
        out.push_str(&within_line(line));
        out.push('\n');
    }
    out
}

struct Page<'e> {
    as_of: &'e str,
    /// The answer is decided: what is open below it did not matter.
    decided: bool,
    lines: Vec<String>,
    full: bool,
}

impl Page<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.lines.push(format!("{}{text}", "  ".repeat(depth)));
    }

    /// Leaves the innermost lines out until few enough are left.
    fn cut(&mut self, most: usize) {
        let depth = |line: &String| line.len() - line.trim_start().len();
        while self.lines.len() > most {
            let deepest = self.lines.iter().skip(2).map(depth).max().unwrap_or(0);
            if deepest <= 2 {
                self.lines.truncate(most);
                break;
            }
            match self.lines.iter().rposition(|line| depth(line) == deepest) {
                Some(at) => drop(self.lines.remove(at)),
                None => break,
            }
        }
    }

    /// The result of a step. Several items stand in lines of their own.
    fn head(&mut self, step: &Step, name: &str, depth: usize) {
        let of = match step.of.as_slice() {
            [] => String::new(),
            items => format!(" of {}", items.join(", ")),
        };
        let on = self.on(&step.day);
        // What is told by its value alone leaves its clauses with it.
        let mut cites = step.cites.clone();
        let silent = step.decided.iter().filter(|part| self.part(part).is_none());
        for cite in silent.flat_map(|part| &part.cites) {
            if !cites.contains(cite) {
                cites.push(cite.clone());
            }
        }
        let marks = marks(&cites);
        self.line(depth, &format!("{name}{of}{on}: {}{marks}", step.words));
    }

    /// The day, where it is not the day asked about.
    fn on(&self, day: &str) -> String {
        if day == self.as_of {
            String::new()
        } else {
            format!(" on {day}")
        }
    }

    /// What a step was made from.
    fn inside(&mut self, step: &Step, depth: usize) {
        if step.above {
            return;
        }
        let mut perhaps = false;
        let lifted = !step.requirements.is_empty();
        for part in step.decided.iter().filter(|part| !(lifted && lifts(part))) {
            if let Some(words) = self.part(part) {
                let words = match perhaps && part.holds == Holds::Yes {
                    true if !part.gives.is_empty() => format!("otherwise {}, {words}", part.gives),
                    true => format!("otherwise {words}"),
                    false => words,
                };
                perhaps |= part.holds == Holds::Open;
                self.line(depth, &words);
            }
        }
        for made in &step.moves {
            let words = match made.text.as_str() {
                "" => String::new(),
                text => format!(": {text}"),
            };
            let on = match made.on.as_str() {
                "unknown" => "day not known",
                on => on,
            };
            let text = format!("{on}  {}{words}{}", spoken(&made.to), marks(&made.cites));
            self.line(depth, &text);
        }
        self.requirements(&step.requirements, depth);
        if step.decided.is_empty() && step.requirements.is_empty() {
            self.worked_out(step, depth);
        }
        let passed = step.passed.iter().filter(|part| !(lifted && lifts(part)));
        let passed: Vec<&Part> = passed.collect();
        self.passed(&passed, depth);
        let broken = |part: &Part| part.kind == ProvisionKind::Obligation;
        self.kept(&passed, step.decided.iter().any(broken), depth);
        for (at, inner) in step.from.iter().enumerate() {
            let again = |later: &Step| later.provision == inner.provision && later.of == inner.of;
            // Of several days the last is told.
            if self.full || !step.from.iter().skip(at + 1).any(again) {
                self.step(inner, depth);
            }
        }
    }

    /// How a step comes about that is no block of cases: the comparisons, or else what it says and the facts it read.
    fn worked_out(&mut self, step: &Step, depth: usize) {
        // What stands below as a step is not told here as well.
        let below = |figure: &&Figure| {
            let told = |inner: &Step| Some(&inner.name) == figure.name.as_ref() && !inner.above;
            figure.test.is_empty() && step.from.iter().any(told)
        };
        for figure in step.figures.iter().filter(|one| !below(one)) {
            let fact = step
                .facts
                .iter()
                .find(|read| Some(&read.fact) == figure.name.as_ref());
            let marks = fact.map(|fact| marks(&fact.cites)).unwrap_or_default();
            let others = step.figures.iter().filter(|one| !below(one));
            if let Some(words) = self.told(figure, others) {
                self.line(depth, &format!("{words}{marks}"));
            }
        }
        if !step.figures.is_empty() || !step.moves.is_empty() {
            return;
        }
        if !step.says.is_empty() && step.says != step.words {
            self.line(depth, &format!("that is {}", step.says));
        }
        for fact in step.facts.iter().take(FACTS) {
            let name = match fact.label.as_str() {
                "" => spoken(&fact.fact),
                label => label.to_owned(),
            };
            let on = self.on(&fact.day);
            self.line(depth, &format!("{name}{on}: {}", fact.words));
        }
    }

    /// A step below another; one that only the program knows lets what it was made from speak.
    fn step(&mut self, step: &Step, depth: usize) {
        let known = !step.label.is_empty() || !step.cites.is_empty();
        if self.decided && !is_decided(step) && !self.full {
            return;
        }
        if !known && !step.above {
            self.unnamed(step, depth);
            return;
        }
        if step.above {
            return;
        }
        let name = match step.label.as_str() {
            "" => spoken(&step.name),
            label => label.to_owned(),
        };
        self.head(step, &name, depth);
        self.inside(step, depth + 1);
    }

    /// A step that has neither label nor clause: in a line, with what it and its cases compare.
    fn unnamed(&mut self, step: &Step, depth: usize) {
        let cases = step.decided.iter().filter(|part| part.holds != Holds::No);
        let figures = cases.flat_map(|part| &part.figures).chain(&step.figures);
        let inner = |figure: &&Figure| {
            let told = |inner: &Step| Some(&inner.name) == figure.name.as_ref() && !inner.above;
            !figure.test.is_empty() || !step.from.iter().any(told)
        };
        let told = self.figures(figures.filter(inner));
        let mut below = depth;
        if !told.is_empty() {
            let on = self.on(&step.day);
            let (name, figures) = (spoken(&step.name), told.join("; "));
            let words = if self.full {
                step.words.clone()
            } else {
                shortened(&step.words)
            };
            self.line(depth, &format!("{name}{on}: {words} ({figures})"));
            below += 1;
        }
        for inner in &step.from {
            self.step(inner, below);
        }
    }
}

/// Whether nothing is missing in what a step came to.
fn is_decided(step: &Step) -> bool {
    step.outcome.so_far().is_none()
}

/// The beginning of a long list, up to the end of a word.
fn shortened(words: &str) -> String {
    if words.chars().count() <= LISTED {
        return words.to_owned();
    }
    let start: String = words.chars().take(LISTED).collect();
    let whole = start
        .rsplit_once(' ')
        .map_or(start.as_str(), |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches(','))
}

fn marks(cites: &[String]) -> String {
    if cites.is_empty() {
        String::new()
    } else {
        format!("  [{}]", cites.join(", "))
    }
}
