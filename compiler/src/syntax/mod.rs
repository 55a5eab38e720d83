//! Text to tree: what is read before the grammar, the grammar, and the tree.

mod accept;
pub mod ast;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rules of the grammar are one enumeration; a pair holds few of them"
)]
mod from_pairs;
mod hidden;
mod slips;
mod stray;
pub(crate) mod text;
mod words;
mod written;

pub use words::Word;
pub use written::{Uncommented, Written};

#[cfg(test)]
mod tests;

pub use accept::Accept;
use stray::Stray;

use crate::diagnostics::Diagnostics;
use crate::source::FileId;

/// Reads a file. Broken declarations are reported and left out of the tree; the names they would have
/// declared are in [`ast::File::broken`].
pub fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> ast::File {
    let cut = text::cut(file, text, diagnostics);
    let mut tree = ast::File {
        accepts: accept::read(file, text, &cut, diagnostics),
        comments: cut.comments,
        ..ast::File::default()
    };
    let (mut foreign, mut before) = (false, None);
    let words_of = |chunk: &text::Chunk| {
        let header = chunk.lines.first().copied();
        header.and_then(|header| cut.clean.get(header.start..header.end))
    };
    for (at, chunk) in cut.chunks.iter().enumerate() {
        let Some(header) = chunk.lines.first().copied() else {
            continue;
        };
        let words = cut.clean.get(header.start..header.end).unwrap_or("");
        let mut parts = words.split_whitespace();
        let first = parts.next().unwrap_or("");
        let second = parts.next().unwrap_or("").trim_end_matches(':');
        let declared = ast::Broken {
            keyword: first.to_owned(),
            name: ast::Name {
                text: second.trim_matches('`').to_owned(),
                span: text::span(file, header.start, header.end),
            },
        };
        let known = polc_grammar::keyword(first).is_some() || second == "prevails";
        if !known {
            if !chunk.broken && !header.broken {
                let stray = Stray {
                    file,
                    line: words,
                    start: header.start,
                    before: before.take(),
                };
                foreign |= stray.report(&mut tree, foreign, diagnostics);
            }
            tree.broken.push(declared);
            continue;
        }
        let next = cut.chunks.get(at + 1).and_then(words_of).unwrap_or("");
        let alone = chunk.lines.len() == 1 && !next.is_empty();
        if alone && stray::goes_on(first, next) {
            tree.broken.push(declared.clone());
            before = Some((declared, false));
            continue;
        }
        let read = if chunk.broken {
            None
        } else {
            let mut builder = from_pairs::Builder::new(file, &cut.clean, diagnostics);
            builder.declaration(first, chunk)
        };
        match read {
            Some(declaration) => {
                tree.declarations.push(declaration);
                before = Some((declared, true));
            }
            None => {
                tree.broken.push(declared);
                before = None;
            }
        }
    }
    hidden::report(file, text, diagnostics);
    tree
}
