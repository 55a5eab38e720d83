//! What is read before the grammar: comments, texts, brackets, declarations and logical lines.
//!
//! All work is done on copies of the same length as the file, so a byte of a copy is a byte of the file.

mod accepts;
mod conflict;
mod letters;
mod lines;
mod nesting;

use super::ast::Comment;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use accepts::Found;
use letters::OtherLetters;

/// A line as the grammar sees it: continued lines joined.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// First byte.
    pub start: usize,
    /// First byte after.
    pub end: usize,
    /// What it does to blocks of cases.
    pub shape: Shape,
    /// Something was reported already.
    pub broken: bool,
}

/// What a line does to blocks of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing.
    Plain,
    /// `when C {`.
    Opens,
    /// `}`.
    Closes,
}

/// A declaration as cut from the file.
#[derive(Debug)]
pub struct Chunk {
    /// The `##` lines directly above.
    pub doc: String,
    /// Logical lines; the first is the header.
    pub lines: Vec<Line>,
    /// Brackets do not close; the lines are not to be read.
    pub broken: bool,
}

/// A file cut into declarations.
#[derive(Debug)]
pub struct Cut {
    /// Comments blanked, continued lines joined; as long as the file.
    pub clean: String,
    /// Declarations in order.
    pub chunks: Vec<Chunk>,
    /// Comments in order.
    pub comments: Vec<Comment>,
    /// `accept …` at the end of lines, blanked like comments.
    pub(super) accepts: Vec<Found>,
}

#[derive(Debug, Clone, Copy)]
struct Physical {
    start: usize,
    end: usize,
    broken: bool,
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Diagnostics,
    /// Comments blanked.
    clean: Vec<u8>,
    /// The same with the inside of texts and quoted names masked.
    mask: Vec<u8>,
    /// How many tabs there were.
    tabs: usize,
    letters: OtherLetters,
}

/// Whether a line begins as declarations do: with a keyword, or as a ranking of exceptions.
pub(super) fn declares(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or("");
    polc_grammar::keyword(first.trim_end_matches(':')).is_some() || words.next() == Some("prevails")
}

/// Cuts a file.
pub fn cut(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Cut {
    let clean = text.as_bytes().to_vec();
    let mut reader = Reader {
        file,
        text,
        diagnostics,
        mask: clean.clone(),
        clean,
        tabs: 0,
        letters: OtherLetters::default(),
    };
    let conflicts = conflict::find(text);
    let mut gathered = Gathered::default();
    let mut start = 0usize;
    if text.starts_with('\u{feff}') {
        reader.blank(0, 3);
        start = 3;
    }
    while start < text.len() {
        let rest = text.as_bytes().get(start..);
        let end = rest
            .and_then(|rest| rest.iter().position(|byte| *byte == b'\n'))
            .map_or(text.len(), |at| start + at);
        let conflict = conflicts.iter().find(|conflict| conflict.holds(start));
        match conflict.filter(|conflict| conflict.marks.contains(&start)) {
            Some(conflict) => {
                reader.blank(start, end);
                if conflict.marks.first() == Some(&start) {
                    reader.conflict(conflict, text);
                }
                // What a mark stands inside of has two versions.
                gathered.in_conflict |= conflict.marks.len() == 1;
            }
            None if !reader.frame(start, end) => {
                gathered.line(&mut reader, start, end, conflict.is_some());
            }
            None => {}
        }
        start = end + 1;
    }
    gathered.close(&mut reader);
    reader.other_letters();
    let clean = String::from_utf8(reader.clean).unwrap_or_default();
    Cut {
        clean,
        chunks: gathered.chunks,
        comments: gathered.comments,
        accepts: gathered.accepts,
    }
}

/// What was cut so far.
#[derive(Default)]
struct Gathered {
    chunks: Vec<Chunk>,
    comments: Vec<Comment>,
    accepts: Vec<Found>,
    /// The lines of the declaration being read.
    pending: Vec<Physical>,
    /// The `##` lines above it.
    doc: String,
    /// Those above what comes next.
    pending_doc: String,
    /// A merge left two versions of something in the declaration being read.
    in_conflict: bool,
}

impl Gathered {
    /// Takes in a line; in a merge conflict nothing more is said of it.
    fn line(&mut self, reader: &mut Reader<'_>, start: usize, end: usize, in_conflict: bool) {
        let said = reader.diagnostics.len();
        let (broken, comment) = reader.line(start, end);
        if in_conflict {
            reader.diagnostics.truncate(said);
        }
        if let Some(at) = comment {
            let words = reader.text.get(at..end).unwrap_or("").trim_end();
            self.comments.push(Comment {
                text: words.to_owned(),
                span: span(reader.file, at, at + words.len()),
            });
            reader.blank(at, end);
        }
        let first = reader.at(start);
        reader.accepts(start, end, &mut self.accepts);
        let Some((from, to)) = reader.trim(start, end) else {
            return self.without_content(comment.and_then(|at| reader.text.get(at..end)));
        };
        let physical = Physical {
            start: from,
            end: to,
            broken,
        };
        let begins = first.is_ascii_alphabetic() || first == b'`';
        let words = reader.text.get(from..to).unwrap_or("");
        if begins && (declares(words) || !self.is_open(reader)) {
            self.close(reader);
            self.doc = std::mem::take(&mut self.pending_doc);
            self.pending.push(physical);
        } else if !self.pending.is_empty() {
            self.pending.push(physical);
        } else if !broken {
            reader.report(
                Code::UnknownDeclaration,
                from,
                to,
                "this line stands before the first declaration",
                "a declaration begins at the first column with its keyword, such as `fact` or `define`",
            );
        }
        self.in_conflict |= in_conflict;
        self.pending_doc.clear();
    }

    /// Whether a bracket of the declaration being read waits to be closed.
    fn is_open(&self, reader: &Reader<'_>) -> bool {
        let bytes = self.pending.iter().flat_map(|line| line.start..line.end);
        let depth = bytes.fold(0_i64, |depth, at| match reader.at(at) {
            b'(' | b'[' | b'{' => depth + 1,
            b')' | b']' | b'}' => depth - 1,
            _ => depth,
        });
        depth > 0
    }

    /// A line with nothing but a comment, or with nothing.
    fn without_content(&mut self, comment: Option<&str>) {
        match comment.map(|words| words.strip_prefix("##")) {
            Some(Some(words)) => {
                if !self.pending_doc.is_empty() {
                    self.pending_doc.push('\n');
                }
                self.pending_doc.push_str(words.trim());
            }
            Some(None) => {}
            None => self.pending_doc.clear(),
        }
    }

    /// Ends the declaration being read.
    fn close(&mut self, reader: &mut Reader<'_>) {
        if self.pending.is_empty() {
            return;
        }
        let said = reader.diagnostics.len();
        let mut chunk = reader.chunk(&self.pending, std::mem::take(&mut self.doc));
        if std::mem::take(&mut self.in_conflict) {
            reader.diagnostics.truncate(said);
            chunk.broken = true;
        }
        self.chunks.push(chunk);
        self.pending.clear();
    }
}

pub(super) fn span(file: FileId, start: usize, end: usize) -> Span {
    Span {
        file,
        start: u32::try_from(start).unwrap_or(u32::MAX),
        end: u32::try_from(end).unwrap_or(u32::MAX),
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Reader<'_> {
    fn blank(&mut self, start: usize, end: usize) {
        for copy in [&mut self.clean, &mut self.mask] {
            if let Some(bytes) = copy.get_mut(start..end) {
                bytes.fill(b' ');
            }
        }
    }

    fn at(&self, at: usize) -> u8 {
        self.mask.get(at).copied().unwrap_or(b' ')
    }

    fn trim(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let bytes = self.mask.get(start..end)?;
        let from = bytes.iter().position(|byte| *byte != b' ')?;
        let to = bytes.iter().rposition(|byte| *byte != b' ')?;
        Some((start + from, start + to + 1))
    }

    fn report(&mut self, code: Code, start: usize, end: usize, message: &str, help: &str) {
        let finding = Diagnostic::new(code, span(self.file, start, end), message);
        self.diagnostics.push(finding.help(help));
    }

    /// Masks texts, finds the comment, and reports tabs, odd spaces and what is not closed on its line.
    fn line(&mut self, start: usize, end: usize) -> (bool, Option<usize>) {
        let mut at = start;
        let (mut spaces, mut broken) = (Vec::new(), false);
        let mut comment = None;
        while at < end {
            match self.at(at) {
                b'#' => {
                    comment = Some(at);
                    break;
                }
                b'\t' => self.tab(at),
                b'\r' => self.blank(at, at + 1),
                quote @ (b'"' | b'`') => {
                    let rest = self.mask.get(at + 1..end).unwrap_or(&[]);
                    let Some(close) = rest.iter().position(|byte| *byte == quote) else {
                        self.unclosed(at, end, quote);
                        broken = true;
                        break;
                    };
                    if let Some(bytes) = self.mask.get_mut(at + 1..at + 1 + close) {
                        bytes.fill(quote);
                    }
                    at += close + 1;
                }
                byte if !byte.is_ascii() => {
                    let letter = self.text.get(at..).and_then(|rest| rest.chars().next());
                    let length = letter.map_or(1, char::len_utf8);
                    if letter.is_some_and(char::is_whitespace) {
                        spaces.push((at, length));
                        self.blank(at, at + length);
                    } else if letter.is_some_and(char::is_alphabetic) {
                        broken = true;
                        at = self.letters.word(self.text, self.file, at);
                        continue;
                    }
                    at += length - 1;
                }
                _ => {}
            }
            at += 1;
        }
        self.spaces(&spaces);
        (broken, comment)
    }

    fn tab(&mut self, at: usize) {
        if self.tabs == 0 {
            let help = "write spaces; `polc fmt` and most editors replace tabs for you";
            self.report(Code::TabInText, at, at + 1, "a tab stands here", help);
        }
        self.tabs += 1;
        self.blank(at, at + 1);
    }

    /// A text or a quoted name that goes on to the end of the line.
    fn unclosed(&mut self, at: usize, end: usize, quote: u8) {
        let (what, help) = if quote == b'"' {
            (
                "this text is not closed on its line",
                "add the closing `\"`; a text ends on the line it begins on",
            )
        } else {
            (
                "this quoted name is not closed on its line",
                "add the closing backtick",
            )
        };
        let stop = self.trim(at, end).map_or(end, |(_, to)| to);
        let stop = if self.at(stop.saturating_sub(1)) == b'\r' {
            stop - 1
        } else {
            stop
        };
        self.report(Code::UnclosedText, at, stop, what, help);
        if let Some(bytes) = self.mask.get_mut(at..end) {
            bytes.fill(quote);
        }
    }
}
