//! The source as it was written: the one place that cuts its text.

use super::ast::File;
use super::words::{Word, words};
use crate::source::{Sources, Span};

/// The text of every span.
#[derive(Debug, Clone, Copy)]
pub struct Written<'s> {
    sources: &'s Sources,
}

impl<'s> Written<'s> {
    /// The text of these files.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Written<'s> {
        Written { sources }
    }

    /// The text of a span as it stands, comments and all.
    #[must_use]
    pub fn at(self, span: Span) -> &'s str {
        self.sources.text(span)
    }

    /// The text of a span on one line, without the citation at its end: that is told as such, not as words of the rule.
    #[must_use]
    pub fn in_one_line(self, span: Span) -> String {
        let mut line = self
            .at(span)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if let Some(cite) = line.rfind(" cite ")
            && !line.get(cite..).unwrap_or_default().contains('"')
        {
            line.truncate(cite);
        }
        line
    }

    /// The words of a span, each with its place; together they are its text.
    pub fn words(self, span: Span) -> impl Iterator<Item = (Span, Word<'s>)> {
        let mut start = span.start;
        words(self.at(span)).into_iter().map(move |word| {
            let (Word::Name(text) | Word::Other(text)) = word;
            let place = Span {
                start,
                end: start + text.len() as u32,
                ..span
            };
            start = place.end;
            (place, word)
        })
    }
}

/// The text of every span with spaces for the letters of comments.
#[derive(Debug)]
pub struct Uncommented {
    texts: Vec<String>,
}

impl Uncommented {
    /// The text of these files; the trees know their comments.
    #[must_use]
    pub fn new(sources: &Sources, trees: &[File]) -> Uncommented {
        let texts = sources.iter().map(|(_, file)| file.text.to_string());
        let mut texts: Vec<String> = texts.collect();
        for comment in trees.iter().flat_map(|tree| &tree.comments) {
            if let Some(text) = texts.get_mut(comment.span.file as usize) {
                let (start, end) = (comment.span.start as usize, comment.span.end as usize);
                if text.is_char_boundary(start) && text.is_char_boundary(end) && start <= end {
                    text.replace_range(start..end, &" ".repeat(end - start));
                }
            }
        }
        Uncommented { texts }
    }

    /// The text of a span; empty for a span that is not ours.
    #[must_use]
    pub fn at(&self, span: Span) -> &str {
        let text = self.texts.get(span.file as usize);
        text.and_then(|text| text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }
}
