//! One layout for every file: only spaces and line ends change, never a word.

mod layout;
mod tokens;

use std::collections::HashMap;

use crate::diagnostics::{Diagnostics, Severity};
use crate::syntax::{self, text};
use layout::{Kind, Out};
use tokens::{Token, spaced, split};

/// The text in its canonical layout; `None` when it does not parse. Tabs become spaces.
///
/// ```
/// assert_eq!(polc::format::format("fact  n:int\n").as_deref(), Some("fact n: int\n"));
/// assert_eq!(polc::format::format("fact n int\n"), None);
/// ```
#[must_use]
pub fn format(text: &str) -> Option<String> {
    let plain = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace('\t', " ")
        .replace("\r\n", "\n");
    reads(&plain)?;
    let lines = lines(&plain);
    let out = layout::lay_out(lines);
    // the check that keeps a file from being harmed: every character but the spaces is still there
    let same = plain
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .eq(out.chars().filter(|letter| !letter.is_whitespace()));
    (same && reads(&out).is_some()).then_some(out)
}

fn reads(text: &str) -> Option<()> {
    let mut diagnostics = Diagnostics::default();
    syntax::parse(0, text, &mut diagnostics);
    let broken = diagnostics
        .iter()
        .any(|finding| finding.severity() == Severity::Error);
    (!broken).then_some(())
}

/// Every physical line with its indentation and its words.
fn lines(text: &str) -> Vec<Out> {
    let cut = text::cut(0, text, &mut Diagnostics::default());
    let mut starts: HashMap<usize, bool> = HashMap::new();
    for chunk in &cut.chunks {
        for (at, line) in chunk.lines.iter().enumerate() {
            starts.insert(line.start, at == 0);
        }
    }
    let mut out = Vec::new();
    let mut depth = 0usize;
    let mut line_depth = 0usize;
    let mut in_header = false;
    let mut braces_spaced = false;
    let mut sections = Sections::None;
    let mut offset = 0;
    for line in text.split('\n') {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let start = offset + indent;
        offset += line.len() + 1;
        let trimmed = trimmed.trim_end();
        let tokens = split(trimmed);
        let Some(first) = tokens.first() else {
            out.push(Out {
                kind: Kind::Blank,
                ..Out::default()
            });
            continue;
        };
        if first.text.starts_with('#') {
            let inside = if sections.open() && indent > 2 { 2 } else { 0 };
            let own = if indent == 0 {
                0
            } else {
                2 + 2 * depth + inside
            };
            out.push(Out {
                kind: Kind::Comment,
                indent: own,
                body: trimmed.to_owned(),
                ..Out::default()
            });
            continue;
        }
        let header = starts.get(&start).copied();
        if header == Some(true) {
            depth = 0;
            in_header = true;
            braces_spaced = matches!(first.text, "enum" | "scale");
            sections = match first.text {
                "lifecycle" => Sections::States,
                "obligations" => Sections::Items(false),
                _ => Sections::None,
            };
        } else if header == Some(false) {
            in_header = false;
        }
        let closers = tokens
            .iter()
            .take_while(|token| matches!(token.text, ")" | "]" | "}"))
            .count();
        let base = if header == Some(true) || (in_header && depth > 0) {
            0
        } else {
            2
        };
        let level = depth.saturating_sub(closers);
        let inside = if header == Some(true) {
            0
        } else {
            sections.indent(first.text)
        };
        if header.is_some() {
            line_depth = depth;
        }
        let carried = if header.is_none() && depth <= line_depth {
            2
        } else {
            0
        };
        let mut indent = base + 2 * level + carried + inside;
        if header.is_none() && closers == 0 {
            indent = indent.max(2);
        }
        for token in &tokens {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        out.push(out_line(
            &tokens,
            indent,
            header == Some(true),
            braces_spaced,
        ));
    }
    out
}

/// Lines of a body that have lines of their own below them.
enum Sections {
    None,
    /// `state …`, `any open state`.
    States,
    /// `for each …`, once there was one.
    Items(bool),
}

impl Sections {
    fn open(&self) -> bool {
        matches!(self, Sections::States | Sections::Items(true))
    }

    /// How much further in a line stands that begins with this word.
    fn indent(&mut self, first: &str) -> usize {
        match self {
            Sections::None => 0,
            Sections::States if matches!(first, "keeps" | "state" | "any" | "final") => 0,
            Sections::States => 2,
            Sections::Items(begun) if first == "for" => {
                *begun = true;
                0
            }
            Sections::Items(true) => 2,
            Sections::Items(false) => 0,
        }
    }
}

/// A line of code cut into what is aligned.
fn out_line(tokens: &[Token<'_>], indent: usize, header: bool, braces_spaced: bool) -> Out {
    let (code, comment) = match tokens.split_last() {
        Some((last, before)) if last.text.starts_with('#') => (before, last.text.to_owned()),
        _ => (tokens, String::new()),
    };
    if code.first().is_some_and(|token| token.text == "|") {
        let mut cells: Vec<String> = Vec::new();
        let mut pieces = code.split(|token| token.text == "|");
        pieces.next();
        let pieces: Vec<&[Token<'_>]> = pieces.collect();
        let tail = pieces
            .last()
            .map_or_else(String::new, |tail| spaced(tail, braces_spaced));
        for cell in pieces.iter().take(pieces.len().saturating_sub(1)) {
            cells.push(spaced(cell, braces_spaced));
        }
        return Out {
            kind: Kind::Row(cells),
            indent,
            header,
            body: String::new(),
            cite: tail,
            comment,
        };
    }
    let cite = code.iter().enumerate().rposition(|(at, token)| {
        token.text == "cite" && at > 0 && code.get(at - 1).is_some_and(|before| before.text != ".")
    });
    let accept = || {
        code.windows(2).position(
            |pair| matches!(pair, [word, code] if word.text == "accept" && is_code(code.text)),
        )
    };
    let (body, cite) = code.split_at(cite.or_else(accept).unwrap_or(code.len()));
    Out {
        kind: Kind::Plain,
        indent,
        header,
        body: spaced(body, braces_spaced),
        cite: spaced(cite, braces_spaced),
        comment,
    }
}

/// The code of a finding: P0711.
fn is_code(word: &str) -> bool {
    word.strip_prefix('P')
        .is_some_and(|digits| digits.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
