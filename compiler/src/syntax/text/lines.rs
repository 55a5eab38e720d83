//! Logical lines of a declaration: continued lines joined, brackets, `until` and commas in numbers checked.

use super::nesting::Depth;
use super::{Chunk, Line, Physical, Reader, Shape, is_word, span};
use crate::diagnostics::{Code, Diagnostic};
use crate::syntax::slips;

impl Reader<'_> {
    /// Joins continued lines and checks brackets, `until` and commas in numbers.
    pub(super) fn chunk(&mut self, physical: &[Physical], doc: String) -> Chunk {
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
