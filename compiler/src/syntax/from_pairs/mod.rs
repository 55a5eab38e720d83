//! From pairs of the grammar to the tree. Only this folder says `Rule` and `Pair`.

mod amend;
mod cases;
mod declaration;
mod define;
mod duty;
mod errors;
mod exception;
mod expr;
mod fact;
mod grid_query;
mod judgement;
mod lifecycle;
mod lists;
mod literals;
mod obligations;
mod order;
mod postfix;
mod primary;
mod program;
mod reading;
mod record;
mod requirements;
mod schedule;
mod source;
mod table;
mod takes;
mod tests;
mod times;
mod types;
mod value;
mod waiver;

use std::sync::OnceLock;

use pest::Parser;
use pest::iterators::{Pair, Pairs};
use polc_grammar::{PolParser, Rule};

use super::ast::{Dates, Name};
use super::slips;
use super::text::{self, Line};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};

type P<'t> = Pair<'t, Rule>;

/// Builds declarations of one file.
pub struct Builder<'t, 'd> {
    file: FileId,
    clean: &'t str,
    diagnostics: &'d mut Diagnostics,
    /// Something of this declaration was reported.
    failed: bool,
    /// That it is written in another notation was reported.
    foreign: bool,
}

/// Keywords and the end of the line say nothing the tree needs.
fn is_noise(rule: Rule) -> bool {
    static NOISE: OnceLock<Vec<bool>> = OnceLock::new();
    let noise = NOISE.get_or_init(|| {
        let all = Rule::all_rules();
        let mut table = vec![false; all.len() + 1];
        for rule in all {
            if let Some(slot) = table.get_mut(*rule as usize) {
                *slot = format!("{rule:?}").starts_with("k_");
            }
        }
        table
    });
    rule == Rule::EOI || noise.get(rule as usize).copied().unwrap_or(false)
}

/// The pairs inside that say something.
fn parts<'t>(pair: P<'t>) -> impl Iterator<Item = P<'t>> {
    meaningful(pair.into_inner())
}

fn meaningful<'t>(pairs: Pairs<'t, Rule>) -> impl Iterator<Item = P<'t>> {
    pairs.filter(|pair| !is_noise(pair.as_rule()))
}

/// What may end a line.
#[derive(Default)]
struct Tail {
    dates: Dates,
    under: Option<(Name, Name)>,
    cites: Vec<Name>,
}

impl<'t, 'd> Builder<'t, 'd> {
    /// For the declarations of one file; `clean` is the text with comments blanked and lines joined.
    pub fn new(file: FileId, clean: &'t str, diagnostics: &'d mut Diagnostics) -> Self {
        Builder {
            file,
            clean,
            diagnostics,
            failed: false,
            foreign: false,
        }
    }

    /// Reads a whole logical line by a rule; reports what is wrong with it.
    fn read(&mut self, rule: Rule, line: Line) -> Option<P<'t>> {
        if line.broken {
            self.failed = true;
            return None;
        }
        let words = self.clean.get(line.start..line.end)?;
        let finding = match slips::with_slashes(words) {
            Some(slip) => errors::slipped(self.file, line, &slip),
            None => match PolParser::parse(rule, words) {
                Ok(mut pairs) => return pairs.next(),
                Err(error) => {
                    let texts = (words, self.clean);
                    let (finding, goes_on) = errors::finding(self.file, line, texts, rule, &error);
                    if goes_on && std::mem::replace(&mut self.foreign, true) {
                        return None;
                    }
                    finding
                }
            },
        };
        // Of a declaration in another notation the first line is enough.
        self.failed = true;
        self.diagnostics.push(finding);
        None
    }

    fn error(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.failed = true;
        self.diagnostics
            .push(Diagnostic::new(code, span, message).help(help));
    }

    fn span(&self, pair: &P<'t>) -> Span {
        // What was parsed is a piece of the text: where it begins says where the pair stands, whichever line was
        // parsed since.
        let piece = pair.get_input().as_ptr() as usize;
        let start = piece - self.clean.as_ptr() as usize + pair.as_span().start();
        let end = start + pair.as_str().trim_end().len();
        text::span(self.file, start, end)
    }

    fn line_span(&self, line: Line) -> Span {
        text::span(self.file, line.start, line.end)
    }

    /// A word, dotted name, clause or path.
    fn name(&self, pair: &P<'t>) -> Name {
        let text = if pair.as_str().contains('`') {
            pair.as_str().replace('`', "")
        } else {
            pair.as_str().to_owned()
        };
        Name {
            text,
            span: self.span(pair),
        }
    }

    fn names(&self, pair: P<'t>) -> Vec<Name> {
        parts(pair).map(|word| self.name(&word)).collect()
    }

    fn only_name(&self, pair: P<'t>) -> Option<Name> {
        parts(pair).next().map(|word| self.name(&word))
    }

    fn two_names(&self, pair: P<'t>) -> Option<(Name, Name)> {
        let mut inner = parts(pair);
        let first = inner.next()?;
        let second = inner.next()?;
        Some((self.name(&first), self.name(&second)))
    }

    /// `"text"` without its quotes.
    fn text(pair: &P<'t>) -> String {
        pair.as_str().trim_matches('"').to_owned()
    }

    /// The text inside `because "…"`.
    fn because(pair: P<'t>) -> Option<String> {
        pair.into_inner()
            .flatten()
            .find(|inner| inner.as_rule() == Rule::text)
            .map(|text| Self::text(&text))
    }

    /// Takes a date, a reading or citations; gives back any other pair.
    fn tail(&mut self, tail: &mut Tail, pair: P<'t>) -> Option<P<'t>> {
        match pair.as_rule() {
            Rule::cites => tail.cites.extend(self.names(pair)),
            Rule::under => {
                let place = self.span(&pair);
                let new = self.two_names(pair);
                if tail.under.is_some() {
                    self.twice(place, "under");
                }
                tail.under = new;
            }
            Rule::from_date | Rule::through_date | Rule::before_date | Rule::announced_date => {
                let rule = pair.as_rule();
                let place = self.span(&pair);
                let date = parts(pair).next().and_then(|inner| self.expr(inner));
                let (slot, word) = match rule {
                    Rule::from_date => (&mut tail.dates.from, "from"),
                    Rule::through_date => (&mut tail.dates.through, "through"),
                    Rule::before_date => (&mut tail.dates.before, "before"),
                    _ => (&mut tail.dates.announced, "announced"),
                };
                let repeated = slot.is_some();
                *slot = date;
                tail.dates.span = if tail.dates.span == Span::default() {
                    place
                } else {
                    tail.dates.span.to(place)
                };
                if repeated {
                    self.twice(place, word);
                }
            }
            _ => return Some(pair),
        }
        None
    }

    fn once(&mut self, place: Span, word: &str, repeated: bool) {
        if repeated {
            self.twice(place, word);
        }
    }

    fn twice(&mut self, place: Span, word: &str) {
        self.error(
            Code::SyntaxError,
            place,
            format!("`{word}` is written twice here"),
            "keep one of the two",
        );
    }
}
