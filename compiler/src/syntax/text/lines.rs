//! Logical lines of a declaration: continued lines joined, brackets, `until` and commas in numbers checked.

use super::nesting::Depth;
use super::{Chunk, Line, Physical, Reader, Shape, is_word, span};
use crate::diagnostics::{Code, Diagnostic};
use crate::syntax::slips;

/// What is open while a declaration is read over.
#[derive(Default)]
struct Scan {
    /// Brackets, each with its place and how deep the line was before it.
    open: Vec<(u8, usize, Depth)>,
    /// Blocks of cases.
    blocks: Vec<usize>,
    /// The first and last byte of a condition with no `{` behind it, where the block it begins should open.
    unopened: Option<(usize, usize)>,
    depth: Depth,
    /// Brackets do not close.
    broken: bool,
    too_deep: bool,
}

impl Reader<'_> {
    /// Joins continued lines and checks brackets, `until` and commas in numbers.
    pub(super) fn chunk(&mut self, physical: &[Physical], doc: String) -> Chunk {
        let mut lines: Vec<Line> = Vec::new();
        let mut scan = Scan::default();
        let mut current: Option<Line> = None;
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
                    scan.depth = Depth::default();
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
                let opens = byte == b'{' && is_case && scan.open.is_empty() && at + 1 == part.end;
                if opens {
                    scan.blocks.push(at);
                    line.shape = Shape::Opens;
                } else {
                    at = self.byte(&mut scan, &mut line, at, part.end);
                }
                if !scan.too_deep
                    && let Some(much) = scan.depth.too_much(scan.open.len() + scan.blocks.len())
                {
                    scan.too_deep = true;
                    self.nested(at, &much);
                }
                at += 1;
            }
            let next = physical.get(index + 1);
            let continues = line.shape == Shape::Plain
                && next.is_some_and(|next| {
                    !scan.open.is_empty()
                        || self.ends_open(part.end)
                        || self.begins_joined(next.start)
                });
            if continues {
                current = Some(line);
            } else {
                let leads =
                    (line.start..line.end).any(|at| self.at(at) == b'-' && self.at(at + 1) == b'>');
                if is_case && line.shape == Shape::Plain && !leads {
                    scan.unopened = Some((line.start, line.end));
                }
                lines.push(line);
            }
        }
        lines.extend(current);
        self.left_open(&mut scan, &lines);
        Chunk {
            doc,
            lines,
            broken: scan.broken || scan.too_deep,
        }
    }

    /// Takes in what begins at a byte; the last byte of it.
    fn byte(&mut self, scan: &mut Scan, line: &mut Line, at: usize, end: usize) -> usize {
        let byte = self.at(at);
        let before = |scan: &Scan| {
            let last = scan.open.last();
            last.map_or_else(Depth::default, |(_, _, before)| *before)
        };
        match byte {
            b'(' | b'[' | b'{' => {
                scan.depth.bracket();
                scan.open.push((byte, at, scan.depth));
            }
            b'}' if scan.open.is_empty() && !scan.blocks.is_empty() && at == line.start => {
                scan.blocks.pop();
                line.shape = Shape::Closes;
            }
            b')' | b']' | b'}' => self.closing(scan, line.broken, at, byte),
            b',' | b'|' => scan.depth = before(scan),
            b'+' | b'-' | b'*' | b'/' | b'.' => scan.depth.chain += 1,
            _ if is_word(self.at(at.wrapping_sub(1))) => {}
            _ if byte.is_ascii_alphabetic() => {
                let word = self.word_at(at);
                let length = word.len();
                if word == b"until" {
                    self.until(at, line, end);
                } else {
                    let base = before(scan);
                    scan.depth.word(word, base);
                }
                return at + length.saturating_sub(1);
            }
            _ if byte.is_ascii_digit() => {
                let outside = scan.open.is_empty();
                return self.number(at, end, outside, line).saturating_sub(1);
            }
            _ => {}
        }
        at
    }

    fn closing(&mut self, scan: &mut Scan, reported: bool, at: usize, byte: u8) {
        let here = span(self.file, at, at + 1);
        let finding = match scan.open.pop() {
            Some((opener, _, before)) if closes(opener, byte) => {
                scan.depth = before;
                return;
            }
            Some((opener, place, _)) => Diagnostic::new(
                Code::UnclosedBracket,
                here,
                format!("`{}` closes `{}`", char::from(byte), char::from(opener)),
            )
            .label(span(self.file, place, place + 1), "opened here")
            .help(format!("close it with `{}`", char::from(closer(opener)))),
            None if reported => {
                scan.broken = true;
                return;
            }
            None => match scan.unopened.filter(|_| byte == b'}') {
                Some((start, end)) => Diagnostic::new(
                    Code::UnclosedBracket,
                    span(self.file, start, end),
                    "the cases of this `when` stand in no block",
                )
                .label(here, "closes the block")
                .help("write `{` at the end of the line")
                .fix(span(self.file, end, end), " {"),
                None => Diagnostic::new(
                    Code::UnclosedBracket,
                    here,
                    format!("`{}` closes nothing", char::from(byte)),
                )
                .help("remove it, or open the bracket before it"),
            },
        };
        if !scan.broken && !scan.too_deep {
            self.diagnostics.push(finding);
        }
        scan.broken = true;
    }

    /// Reports a bracket that the declaration leaves open.
    fn left_open(&mut self, scan: &mut Scan, lines: &[Line]) {
        let bracket = scan.open.last().map(|(bracket, at, _)| (*bracket, *at));
        let Some((bracket, at)) = bracket.or(scan.blocks.last().map(|at| (b'{', *at))) else {
            return;
        };
        if !scan.broken && !scan.too_deep && !lines.iter().any(|line| line.broken) {
            let message = format!(
                "`{}` is not closed in this declaration",
                char::from(bracket)
            );
            let place = span(self.file, at, at + 1);
            let finding = Diagnostic::new(Code::UnclosedBracket, place, message);
            let help = format!("add `{}` where it ends", char::from(closer(bracket)));
            self.diagnostics.push(finding.at("opened here").help(help));
        }
        scan.broken = true;
    }

    fn nested(&mut self, at: usize, much: &str) {
        self.report(
            Code::NestedTooDeep,
            at,
            at + 1,
            much,
            "give parts of it names with `define`",
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
        // An item of a list in YAML.
        if self.text.get(start..).and_then(slips::pair).is_some() {
            return false;
        }
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
