//! Single changes to the text of a program: what tests of its rules should notice.
//!
//! In: the texts of a program and their trees. Out: [`Mutant`]s, each one edit of one file, in order of
//! place. Tests, sources and labels are left as they are. Nothing is compiled here, so a mutant
//! may be a text that `check` refuses.

mod cells;
mod declarations;
mod equal;
mod expressions;
mod key;
mod lines;
mod literals;
mod report;
mod run;
mod suite;
#[cfg(test)]
mod tests;
mod tried;

pub use equal::{Equal, EqualFault};
pub use report::Report;
pub use run::{Lines, Progress, Selection, run};
pub use tried::{Fate, Tried};

use crate::source::{FileId, Sources, Span};
use crate::syntax::{Uncommented, Written, ast};
use expressions::Role;
use std::collections::BTreeSet;

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// A number one unit up or down: money by its smallest coin, anything else by its last printed digit.
    Number,
    /// A day, or a length of time, one unit up or down.
    Day,
    /// A comparison with its bound on the other side: `<` for `<=`, `up to` for `before`.
    Neighbour,
    /// The opposite comparison: `>=` for `<`, `is not` for `is`.
    Opposite,
    /// `and` for `or`, `all of` for `any of`, and back.
    AndOr,
    /// A `not` put in or taken out.
    Not,
    /// A cell with the value that comes next.
    NextCell,
    /// A cell made empty.
    EmptyCell,
    /// `preferred` for `mandatory`, and back.
    Level,
    /// A case, row, rule, exception, waiver or transition left out.
    LeftOut,
    /// Two neighbouring cases in each other's place.
    Swapped,
    /// Another alternative of a reading chosen.
    Reading,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Operator; 12] = [
        Operator::Number,
        Operator::Day,
        Operator::Neighbour,
        Operator::Opposite,
        Operator::AndOr,
        Operator::Not,
        Operator::NextCell,
        Operator::EmptyCell,
        Operator::Level,
        Operator::LeftOut,
        Operator::Swapped,
        Operator::Reading,
    ];

    /// Its name in reports and in lists of equal mutants.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Operator::Number => "number",
            Operator::Day => "day",
            Operator::Neighbour => "neighbour",
            Operator::Opposite => "opposite",
            Operator::AndOr => "and-or",
            Operator::Not => "not",
            Operator::NextCell => "next-cell",
            Operator::EmptyCell => "empty-cell",
            Operator::Level => "level",
            Operator::LeftOut => "left-out",
            Operator::Swapped => "swapped",
            Operator::Reading => "reading",
        }
    }
}

/// A stretch of one file and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The old text.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// The file after the edit; none when the span does not lie in it.
    #[must_use]
    pub fn apply(&self, text: &str) -> Option<String> {
        let before = text.get(..self.span.start as usize)?;
        let after = text.get(self.span.end as usize..)?;
        Some([before, &self.text, after].concat())
    }
}

/// A program with one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// What kind of change.
    pub operator: Operator,
    /// The name of the declaration it changes.
    pub within: String,
    /// What is changed, for people: the edit, or the part of it that says most, or the literal it stands in.
    pub place: Span,
    /// What stands there, on one line.
    pub before: String,
    /// What takes its place, on one line; empty when it is left out.
    pub after: String,
    /// The change itself.
    pub edit: Edit,
}

/// Every single change of the operators, in order of place; no two give the same text.
#[must_use]
pub fn mutants(sources: &Sources, trees: &[ast::File]) -> Vec<Mutant> {
    let mut collector = Collector::new(sources, trees);
    for tree in trees {
        for declaration in &tree.declarations {
            collector.declaration(declaration);
        }
    }
    let mut found = collector.found;
    found.sort_by(|a, b| {
        let key = |mutant: &Mutant| (mutant.place.file, mutant.place.start, mutant.operator);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.edit.span.cmp(&b.edit.span))
            .then_with(|| a.edit.text.cmp(&b.edit.text))
    });
    let mut seen: BTreeSet<(Span, Vec<u8>)> = BTreeSet::new();
    found.retain(|mutant| seen.insert(least(sources, &mutant.edit)));
    found
}

/// The shortest edit with the same effect: two edits of a file give one text exactly when these are equal.
fn least(sources: &Sources, edit: &Edit) -> (Span, Vec<u8>) {
    let old = sources.get(edit.span.file).map_or("", |file| &*file.text);
    let new = edit.apply(old).unwrap_or_default();
    let (old, new) = (old.as_bytes(), new.as_bytes());
    let ahead = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (
        old.get(ahead..).unwrap_or_default(),
        new.get(ahead..).unwrap_or_default(),
    );
    let behind = old.iter().rev().zip(new.iter().rev());
    let behind = behind.take_while(|(a, b)| a == b).count();
    let span = Span {
        file: edit.span.file,
        start: ahead as u32,
        end: (ahead + old.len() - behind) as u32,
    };
    let text = new.get(..new.len() - behind).unwrap_or_default();
    (span, text.to_vec())
}

/// Walks the trees and writes down changes.
struct Collector<'a> {
    written: Written<'a>,
    /// The texts with comments blanked, by file.
    clean: Uncommented,
    enums: Vec<&'a ast::Enum>,
    /// Alternatives by the name of the reading.
    readings: Vec<&'a ast::Reading>,
    /// Digits of the smallest coin.
    digits: usize,
    /// The declaration being walked.
    within: String,
    found: Vec<Mutant>,
}

impl<'a> Collector<'a> {
    fn new(sources: &'a Sources, trees: &'a [ast::File]) -> Self {
        let (mut enums, mut readings, mut currency) = (Vec::new(), Vec::new(), "USD");
        for declaration in trees.iter().flat_map(|tree| &tree.declarations) {
            if let ast::DeclarationKind::Enum(item) = &declaration.kind {
                enums.push(item);
            } else if let ast::DeclarationKind::Reading(item) = &declaration.kind {
                readings.push(item);
            } else if let ast::DeclarationKind::Program(program) = &declaration.kind
                && let Some(named) = &program.currency
            {
                currency = &named.text;
            }
        }
        Collector {
            written: Written::new(sources),
            clean: Uncommented::new(sources, trees),
            enums,
            readings,
            digits: polc_runtime::result::minor_digits(currency),
            within: String::new(),
            found: Vec::new(),
        }
    }

    /// The text of a span, comments and all.
    fn text(&self, span: Span) -> String {
        self.written.at(span).to_owned()
    }

    /// The text of a span with comments blanked.
    fn clean(&self, span: Span) -> &str {
        self.clean.at(span)
    }

    /// Where words stand between two places, without spaces and brackets around them.
    fn words(&self, file: FileId, start: u32, end: u32) -> Span {
        let noise = |letter: char| letter.is_whitespace() || matches!(letter, '(' | ')');
        let text = self.clean(Span { file, start, end });
        let cut = text.trim_start_matches(noise);
        let from = start + (text.len() - cut.len()) as u32;
        Span {
            file,
            start: from,
            end: from + cut.trim_end_matches(noise).len() as u32,
        }
    }

    /// What is between two spans of one file.
    fn between(&self, left: Span, right: Span) -> Span {
        self.words(left.file, left.end, right.start)
    }

    /// A change that shows all of its edit.
    fn change(&mut self, operator: Operator, span: Span, text: impl Into<String>) {
        let text = text.into();
        let (before, after) = (one_line(self.clean(span)), one_line(&text));
        self.change_as(operator, span, (before, after), Edit { span, text });
    }

    /// A change of which people see a part: `shown` is (before, after) at `place`.
    fn change_as(&mut self, operator: Operator, place: Span, shown: (String, String), edit: Edit) {
        if self.written.at(edit.span) == edit.text {
            return;
        }
        self.found.push(Mutant {
            operator,
            within: self.within.clone(),
            place,
            before: shown.0,
            after: shown.1,
            edit,
        });
    }

    /// Leaves a line or a declaration out.
    fn leave_out(&mut self, span: Span) {
        self.change(Operator::LeftOut, span, "");
    }
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
