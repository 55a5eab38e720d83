//! Source files, spans and the line index.

use std::sync::Arc;

/// Index of a file in a [`Sources`].
pub type FileId = u32;

/// A range of bytes of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// First byte after.
    pub end: u32,
}

impl Span {
    /// The span from the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// A file as read.
#[derive(Debug, Clone)]
pub struct File {
    /// Path as people wrote it.
    pub path: String,
    /// Whole text.
    pub text: Arc<str>,
    line_starts: Vec<u32>,
}

/// All files of one run.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<File>,
}

/// A place for people: both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line.
    pub line: usize,
    /// Column in characters.
    pub column: usize,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let text: Arc<str> = text.into();
        let line_starts = line_starts(&text);
        self.files.push(File {
            path: path.into(),
            text,
            line_starts,
        });
        (self.files.len() - 1) as FileId
    }

    /// Gives a file another text; the old one is handed back.
    pub fn replace(&mut self, file: FileId, text: Arc<str>) -> Option<Arc<str>> {
        let file = self.files.get_mut(file as usize)?;
        file.line_starts = line_starts(&text);
        Some(std::mem::replace(&mut file.text, text))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.files.len() as u32
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The file, if the index is one of ours.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&File> {
        self.files.get(file as usize)
    }

    /// Every file with its index, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, file)| (at as FileId, file))
    }

    /// The text of a span; empty for a span that is not ours.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }

    /// Line and column of the start of a span.
    #[must_use]
    pub fn position(&self, span: Span) -> LineColumn {
        self.get(span.file)
            .map_or(LineColumn { line: 1, column: 1 }, |file| {
                file.position(span.start)
            })
    }
}

/// Where lines begin.
fn line_starts(text: &str) -> Vec<u32> {
    let after = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
    std::iter::once(0).chain(after).collect()
}

impl File {
    /// Line and column of a byte.
    #[must_use]
    pub fn position(&self, at: u32) -> LineColumn {
        let line = self
            .line_starts
            .partition_point(|start| *start <= at)
            .max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start as usize..at as usize).unwrap_or("");
        LineColumn {
            line,
            column: before.chars().count() + 1,
        }
    }
}
