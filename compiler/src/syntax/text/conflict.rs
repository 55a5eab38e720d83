//! What version control and other tools write between the lines of a file.

use super::{Reader, span};
use crate::diagnostics::{Code, Diagnostic};

/// Two versions of some lines that a merge left.
#[derive(Debug)]
pub(super) struct Conflict {
    /// Where the lines with marks begin.
    pub(super) marks: Vec<usize>,
    end: usize,
}

impl Conflict {
    /// Whether a line that begins here is one of them.
    pub(super) fn holds(&self, start: usize) -> bool {
        self.marks.first().is_some_and(|first| *first <= start) && start < self.end
    }
}

fn mark(line: &str) -> Option<char> {
    let first = line
        .chars()
        .next()
        .filter(|first| matches!(first, '<' | '|' | '=' | '>'))?;
    let seven = line.chars().take_while(|letter| *letter == first).count() == 7;
    let rest = line.get(7..)?;
    (seven && (rest.trim_end().is_empty() || rest.starts_with(' '))).then_some(first)
}

/// Every conflict of a file.
pub(super) fn find(text: &str) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    let mut start = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        match (mark(line), found.last_mut().filter(|_| open)) {
            (Some('|' | '=' | '>'), Some(conflict)) => {
                conflict.marks.push(start);
                conflict.end = end;
                open = !line.starts_with('>');
            }
            // A row of empty cells may look like the mark of a base.
            (Some('|'), None) | (None, _) => {}
            (Some(first), _) => {
                found.push(Conflict {
                    marks: vec![start],
                    end,
                });
                open = first == '<';
            }
        }
        start = end;
    }
    found
}

impl Reader<'_> {
    /// Reports a conflict at its first mark.
    pub(super) fn conflict(&mut self, conflict: &Conflict, text: &str) {
        let line = |start: usize| {
            let words = text
                .get(start..)
                .and_then(|rest| rest.lines().next())
                .unwrap_or("");
            span(self.file, start, start + words.trim_end().len())
        };
        let Some((first, more)) = conflict.marks.split_first() else {
            return;
        };
        let message = "a merge left both versions here: expected a declaration or one of its lines";
        let mut finding = Diagnostic::new(Code::SyntaxError, line(*first), message).help(
            "keep the lines that hold and remove the marks `<<<<<<<`, `=======` and `>>>>>>>`",
        );
        for mark in more {
            finding = finding.label(line(*mark), "and this belongs to it");
        }
        self.diagnostics.push(finding);
    }

    /// Reports and passes over a line that only frames a file of another notation.
    pub(super) fn frame(&mut self, start: usize, end: usize) -> bool {
        let line = self.text.get(start..end).unwrap_or("").trim_end();
        if !matches!(line, "---" | "```" | "```pol") {
            return false;
        }
        self.blank(start, end);
        let message = format!(
            "`{}` is not expected here: expected a declaration",
            line.replace('`', "")
        );
        let message = if line.starts_with('`') {
            "three backticks are not expected here: expected a declaration".to_owned()
        } else {
            message
        };
        let next = (end + 1).min(self.text.len());
        let finding = Diagnostic::new(
            Code::UnknownDeclaration,
            span(self.file, start, start + line.len()),
            message,
        );
        let finding = finding.help(
            "remove the line: nothing stands between declarations but empty lines and comments",
        );
        self.diagnostics
            .push(finding.fix(span(self.file, start, next), ""));
        true
    }
}
