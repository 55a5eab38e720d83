//! What is read before the grammar: comments, texts, brackets, declarations and logical lines.
//!
//! All work is done on copies of the same length as the file, so a byte of a copy is a byte of the file.

use super::accept::{self, Found};
use super::ast::Comment;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};

/// Brackets inside brackets that are still read.
const MAX_NESTING: usize = 64;
/// Operators that may follow each other in one stretch between separators.
const MAX_CHAIN: usize = 400;

/// How deep the tree of a line may be so far; an upper bound, counted from the words.
#[derive(Debug, Clone, Copy, Default)]
struct Depth {
    /// `if` and `for each`, which reach to the end of their brackets.
    far: usize,
    /// Words that hold an operand, such as `count of`; they end before `and` and `or`.
    near: usize,
    /// Operators.
    chain: usize,
}

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
    diagnostics: &'a mut Diagnostics,
    /// Comments blanked.
    clean: Vec<u8>,
    /// The same with the inside of texts and quoted names masked.
    mask: Vec<u8>,
}

/// Cuts a file.
pub fn cut(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Cut {
    let clean = text.as_bytes().to_vec();
    let mut reader = Reader {
        file,
        diagnostics,
        mask: clean.clone(),
        clean,
    };
    let (mut comments, mut accepts) = (Vec::new(), Vec::new());
    let mut pending: Vec<Physical> = Vec::new();
    let mut pending_doc = String::new();
    let mut doc = String::new();
    let mut chunks = Vec::new();
    let mut tabs = 0usize;
    let mut start = 0usize;
    if text.starts_with('\u{feff}') {
        reader.blank(0, 3);
        start = 3;
    }
    while start < text.len() {
        let end = text
            .as_bytes()
            .get(start..)
            .and_then(|rest| rest.iter().position(|byte| *byte == b'\n'))
            .map_or(text.len(), |at| start + at);
        let (broken, comment) = reader.line(start, end, &mut tabs);
        if let Some(at) = comment {
            let words = text.get(at..end).unwrap_or("").trim_end();
            comments.push(Comment {
                text: words.to_owned(),
                span: span(file, at, at + words.len()),
            });
            reader.blank(at, end);
        }
        let first = reader.mask.get(start).copied().unwrap_or(b' ');
        reader.accepts(start, end, &mut accepts);
        let content = reader.trim(start, end);
        match content {
            None => match comment
                .and_then(|at| text.get(at..end))
                .and_then(|words| words.strip_prefix("##"))
            {
                Some(words) => {
                    if !pending_doc.is_empty() {
                        pending_doc.push('\n');
                    }
                    pending_doc.push_str(words.trim());
                }
                None => {
                    if comment.is_none() {
                        pending_doc.clear();
                    }
                }
            },
            Some((from, to)) => {
                if first.is_ascii_alphabetic() || first == b'`' {
                    if !pending.is_empty() {
                        chunks.push(reader.chunk(&pending, std::mem::take(&mut doc)));
                        pending.clear();
                    }
                    doc = std::mem::take(&mut pending_doc);
                    pending.push(Physical {
                        start: from,
                        end: to,
                        broken,
                    });
                } else if pending.is_empty() {
                    reader.diagnostics.push(
                        Diagnostic::new(
                            Code::UnknownDeclaration,
                            span(file, from, to),
                            "this line stands before the first declaration",
                        )
                        .help("a declaration begins at the first column with its keyword, such as `fact` or `define`"),
                    );
                } else {
                    pending.push(Physical {
                        start: from,
                        end: to,
                        broken,
                    });
                }
                pending_doc.clear();
            }
        }
        start = end + 1;
    }
    if !pending.is_empty() {
        chunks.push(reader.chunk(&pending, doc));
    }
    let clean = String::from_utf8(reader.clean).unwrap_or_default();
    Cut {
        clean,
        chunks,
        comments,
        accepts,
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

impl Depth {
    /// Takes in a word; `base` is the depth at the bracket around it.
    fn word(&mut self, word: &[u8], base: Depth) {
        match word {
            b"and" | b"or" => {
                self.near = base.near;
                self.chain += 1;
            }
            b"if" | b"each" => self.far += 1,
            b"of" | b"where" | b"any" | b"all" | b"no" | b"not" | b"within" | b"ever" | b"next"
            | b"previous" | b"distinct" | b"flatten" | b"by" | b"from" => self.near += 1,
            b"else" | b"rounded" | b"as" => self.chain += 1,
            _ => {}
        }
    }

    fn too_deep(self, brackets: usize) -> bool {
        brackets + self.far + self.near > MAX_NESTING || self.chain > MAX_CHAIN
    }
}

impl Reader<'_> {
    fn blank(&mut self, start: usize, end: usize) {
        for copy in [&mut self.clean, &mut self.mask] {
            if let Some(bytes) = copy.get_mut(start..end) {
                bytes.fill(b' ');
            }
        }
    }

    /// Takes `accept …` off the end of a line, as often as it stands there.
    fn accepts(&mut self, start: usize, end: usize, found: &mut Vec<Found>) {
        while let Some((content, to)) = self.trim(start, end) {
            let line = self.mask.get(content..to).unwrap_or_default();
            let Some(at) = accept::last(line) else {
                return;
            };
            found.push(Found {
                content,
                start: content + at,
                end: to,
            });
            self.blank(content + at, to);
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

    /// Masks texts, finds the comment, and reports tabs and what is not closed on its line.
    fn line(&mut self, start: usize, end: usize, tabs: &mut usize) -> (bool, Option<usize>) {
        let mut at = start;
        while at < end {
            match self.at(at) {
                b'#' => return (false, Some(at)),
                b'\t' => {
                    if *tabs == 0 {
                        self.report(
                            Code::TabInText,
                            at,
                            at + 1,
                            "a tab stands here",
                            "write spaces; `polc fmt` and most editors replace tabs for you",
                        );
                    }
                    *tabs += 1;
                    self.blank(at, at + 1);
                }
                b'\r' => self.blank(at, at + 1),
                quote @ (b'"' | b'`') => {
                    let rest = self.mask.get(at + 1..end).unwrap_or(&[]);
                    let Some(close) = rest.iter().position(|byte| *byte == quote) else {
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
                        return (true, None);
                    };
                    if let Some(bytes) = self.mask.get_mut(at + 1..at + 1 + close) {
                        bytes.fill(quote);
                    }
                    at += close + 1;
                }
                _ => {}
            }
            at += 1;
        }
        (false, None)
    }

    /// Joins continued lines and checks brackets, `until` and commas in numbers.
    fn chunk(&mut self, physical: &[Physical], doc: String) -> Chunk {
        let mut lines: Vec<Line> = Vec::new();
        let mut open: Vec<(u8, usize, Depth)> = Vec::new();
        let mut blocks: Vec<usize> = Vec::new();
        let mut current: Option<Line> = None;
        let mut broken = false;
        let mut depth = Depth::default();
        let mut too_deep = false;
        for (index, part) in physical.iter().enumerate() {
            let mut line = match current.take() {
                Some(line) => {
                    let from = line.end;
                    self.blank(from, part.start);
                    Line {
                        end: part.end,
                        ..line
                    }
                }
                None => {
                    depth = Depth::default();
                    Line {
                        start: part.start,
                        end: part.end,
                        shape: Shape::Plain,
                        broken: false,
                    }
                }
            };
            line.broken |= part.broken;
            let is_case = self.word_at(line.start) == b"when";
            let mut at = part.start;
            while at < part.end {
                let byte = self.at(at);
                match byte {
                    b'{' if is_case && open.is_empty() && at + 1 == part.end => {
                        blocks.push(at);
                        line.shape = Shape::Opens;
                    }
                    b'(' | b'[' | b'{' => {
                        open.push((byte, at, depth));
                    }
                    b'}' if open.is_empty() && !blocks.is_empty() && at == line.start => {
                        blocks.pop();
                        line.shape = Shape::Closes;
                    }
                    b')' | b']' | b'}' => match open.pop() {
                        Some((opener, _, before)) if closes(opener, byte) => depth = before,
                        Some((opener, place, _)) => {
                            if !broken && !too_deep {
                                let finding = Diagnostic::new(
                                    Code::UnclosedBracket,
                                    span(self.file, at, at + 1),
                                    format!(
                                        "`{}` closes `{}`",
                                        char::from(byte),
                                        char::from(opener)
                                    ),
                                )
                                .label(span(self.file, place, place + 1), "opened here")
                                .help(format!("close it with `{}`", char::from(closer(opener))));
                                self.diagnostics.push(finding);
                            }
                            broken = true;
                        }
                        None => {
                            if !broken && !too_deep && !line.broken {
                                let finding = Diagnostic::new(
                                    Code::UnclosedBracket,
                                    span(self.file, at, at + 1),
                                    format!("`{}` closes nothing", char::from(byte)),
                                );
                                self.diagnostics
                                    .push(finding.help("remove it, or open the bracket before it"));
                            }
                            broken = true;
                        }
                    },
                    b',' | b'|' => {
                        depth = open
                            .last()
                            .map_or_else(Depth::default, |(_, _, before)| *before)
                    }
                    b'+' | b'-' | b'*' | b'/' | b'.' => depth.chain += 1,
                    _ if byte.is_ascii_alphabetic() && !is_word(self.at(at.wrapping_sub(1))) => {
                        let word = self.word_at(at);
                        let length = word.len();
                        if word == b"until" {
                            self.until(at, &mut line, part.end);
                        } else {
                            let base = open
                                .last()
                                .map_or_else(Depth::default, |(_, _, before)| *before);
                            depth.word(word, base);
                        }
                        at += length.saturating_sub(1);
                    }
                    _ if byte.is_ascii_digit() && !is_word(self.at(at.wrapping_sub(1))) => {
                        at = self
                            .number(at, part.end, open.is_empty(), &mut line)
                            .saturating_sub(1);
                    }
                    _ => {}
                }
                if !too_deep && depth.too_deep(open.len() + blocks.len()) {
                    too_deep = true;
                    self.nested(at);
                }
                at += 1;
            }
            let next = physical.get(index + 1);
            let continues = line.shape == Shape::Plain
                && next.is_some_and(|next| {
                    !open.is_empty() || self.ends_open(part.end) || self.begins_joined(next.start)
                });
            if continues {
                current = Some(line);
            } else {
                lines.push(line);
            }
        }
        lines.extend(current);
        let unclosed = open.last().map(|(bracket, at, _)| (*bracket, *at));
        let unclosed = unclosed.or(blocks.last().map(|at| (b'{', *at)));
        if let Some((bracket, at)) = unclosed {
            if !broken && !too_deep && !lines.iter().any(|line| line.broken) {
                let finding = Diagnostic::new(
                    Code::UnclosedBracket,
                    span(self.file, at, at + 1),
                    format!(
                        "`{}` is not closed in this declaration",
                        char::from(bracket)
                    ),
                );
                let help = format!("add `{}` where it ends", char::from(closer(bracket)));
                self.diagnostics.push(finding.at("opened here").help(help));
            }
            broken = true;
        }
        Chunk {
            doc,
            lines,
            broken: broken || too_deep,
        }
    }

    fn nested(&mut self, at: usize) {
        self.report(
            Code::NestedTooDeep,
            at,
            at + 1,
            "this is nested too deep to read",
            "give the inner parts names with `define`",
        );
    }

    fn word_at(&self, at: usize) -> &[u8] {
        let rest = self.mask.get(at..).unwrap_or(&[]);
        let length = rest
            .iter()
            .position(|byte| !is_word(*byte))
            .unwrap_or(rest.len());
        rest.get(..length).unwrap_or(&[])
    }

    fn until(&mut self, at: usize, line: &mut Line, end: usize) {
        let field = at > 0 && self.at(at - 1) == b'.';
        let key = (at + 5..end)
            .map(|next| self.at(next))
            .find(|byte| *byte != b' ');
        if field || key == Some(b':') {
            return;
        }
        line.broken = true;
        self.report(
            Code::BareUntil,
            at,
            at + 5,
            "`until` does not say whether the day itself is included",
            "write `through D` to include D, or `before D` to leave it out",
        );
    }

    /// Reads over a number and reports commas used to group its digits.
    fn number(&mut self, start: usize, end: usize, outside: bool, line: &mut Line) -> usize {
        let digits = |from: usize| {
            (from..end)
                .take_while(|at| self.at(*at).is_ascii_digit())
                .count()
        };
        let head = digits(start);
        let mut at = start + head;
        let mut groups = 0;
        let mut last_is_zero = false;
        while head <= 3 && self.at(at) == b',' && at + 1 < end && digits(at + 1) == 3 {
            last_is_zero = self.mask.get(at + 1..at + 4) == Some(b"000");
            at += 4;
            groups += 1;
        }
        let sign = start > 0 && self.at(start - 1) == b'$';
        if groups > 0
            && !is_word(self.at(at)) | matches!(self.at(at), b'K' | b'M')
            && (sign || outside || last_is_zero)
        {
            let from = if sign { start - 1 } else { start };
            let written = self
                .clean
                .get(from..at)
                .map(String::from_utf8_lossy)
                .unwrap_or_default();
            let fixed = written.replace(',', "_");
            let help = if sign {
                format!("write `{fixed}`")
            } else {
                format!("write `{fixed}`; in a list put a space after the comma")
            };
            let message = format!("`{written}` has a comma between its digits");
            line.broken = true;
            self.report(Code::CommaInNumber, from, at, &message, &help);
            return at;
        }
        let mut after = start + head;
        while after < end && is_word(self.at(after)) {
            after += 1;
        }
        after
    }

    /// The line ends in a comma or in `=`.
    fn ends_open(&self, end: usize) -> bool {
        matches!(self.at(end.saturating_sub(1)), b',' | b'=')
    }

    /// The line goes on with what stands before it.
    fn begins_joined(&self, start: usize) -> bool {
        let rest = self.mask.get(start..).unwrap_or(&[]);
        let stop = rest
            .iter()
            .take(4)
            .position(|byte| matches!(*byte, b' ' | b'\n'))
            .unwrap_or(4);
        matches!(
            rest.get(..stop),
            Some(
                b"and"
                    | b"or"
                    | b"="
                    | b"!="
                    | b"<"
                    | b"<="
                    | b">"
                    | b">="
                    | b"+"
                    | b"-"
                    | b"*"
                    | b"/"
            )
        )
    }
}

fn closer(opener: u8) -> u8 {
    match opener {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

fn closes(opener: u8, byte: u8) -> bool {
    closer(opener) == byte
}
