//! Text to tree: what is read before the grammar, the grammar, and the tree.

mod accept;
pub mod ast;
mod from_pairs;
mod hidden;
pub(crate) mod text;
mod words;
pub use words::{Word, words};

#[cfg(test)]
mod tests;

pub use accept::Accept;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest};
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
    for chunk in cut.chunks {
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
            unknown_keyword(file, first, header.start, diagnostics);
            tree.broken.push(declared);
            continue;
        }
        let read = if chunk.broken {
            None
        } else {
            let mut builder = from_pairs::Builder::new(file, &cut.clean, diagnostics);
            builder.declaration(first, &chunk)
        };
        match read {
            Some(declaration) => tree.declarations.push(declaration),
            None => tree.broken.push(declared),
        }
    }
    hidden::report(file, text, diagnostics);
    tree
}

fn unknown_keyword(file: FileId, first: &str, start: usize, diagnostics: &mut Diagnostics) {
    let word: String = first
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    let candidates = polc_grammar::KEYWORDS.iter().map(|keyword| keyword.word);
    let help = if matches!(word.as_str(), "and" | "or") {
        "indent the line: one that continues a declaration does not begin at the first column"
            .to_owned()
    } else if let Some(near) = nearest(&word, candidates) {
        match polc_grammar::keyword(&near) {
            Some(keyword) => format!("did you mean `{near}`? For example `{}`", keyword.example),
            None => format!("did you mean `{near}`?"),
        }
    } else {
        "a line at the first column begins with a keyword, such as `fact`, `define`, `decision` or `table`; \
         the lines of a body are indented"
            .to_owned()
    };
    let place = text::span(file, start, start + word.len().max(1));
    diagnostics.push(
        Diagnostic::new(
            Code::UnknownDeclaration,
            place,
            format!("`{word}` does not begin a declaration"),
        )
        .help(help),
    );
}
