//! A line at the first column that begins no declaration: a misspelt one, a line of the declaration before that is
//! not indented, or another notation.

use super::{ast, slips, text};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest};
use crate::source::FileId;
use polc_grammar::Body;

/// The line.
pub(super) struct Stray<'t> {
    pub(super) file: FileId,
    pub(super) line: &'t str,
    pub(super) start: usize,
    /// The declaration before, and whether it was read.
    pub(super) before: Option<(ast::Broken, bool)>,
}

impl Stray<'_> {
    /// Reports the line, unless it is one more of a notation that was reported; whether it is of another notation.
    pub(super) fn report(
        self,
        tree: &mut ast::File,
        foreign: bool,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let field = self
            .before
            .as_ref()
            .is_some_and(|(before, _)| before.keyword == "record");
        if let Some(length) = slips::pair(self.line)
            && !field
        {
            if !foreign {
                self.pair(length, diagnostics);
            }
            return true;
        }
        let word: String = self
            .line
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect();
        let place = text::span(self.file, self.start, self.start + word.len().max(1));
        let message = format!("`{word}` does not begin a declaration");
        let finding = Diagnostic::new(Code::UnknownDeclaration, place, message);
        let help = match misspelt(&word) {
            Some(keyword) => {
                format!(
                    "did you mean `{}`? For example `{}`",
                    keyword.word, keyword.example
                )
            }
            None => not_indented(tree, self.before),
        };
        diagnostics.push(finding.help(help));
        false
    }

    fn pair(&self, length: usize, diagnostics: &mut Diagnostics) {
        let written = self.line.get(..length).unwrap_or("");
        let place = text::span(self.file, self.start, self.start + length);
        let message = format!("`{written}` does not begin a declaration: the file is no YAML");
        let key = written.trim_end_matches(':');
        let keyword = polc_grammar::keyword(key).or_else(|| misspelt(key));
        let help = match keyword {
            Some(keyword) => format!("write for example `{}`", keyword.example),
            None => "a declaration begins at the first column with its keyword, for example \
                     `decision eligible: bool = listing_live`"
                .to_owned(),
        };
        let finding = Diagnostic::new(Code::UnknownDeclaration, place, message);
        diagnostics.push(finding.help(help));
    }
}

/// Whether a declaration that ends here with its header has its first line in the next one: a line that is not
/// indented, and no declaration that is misspelt.
pub(super) fn goes_on(keyword: &str, next: &str) -> bool {
    let first = next.split_whitespace().next().unwrap_or("");
    let word = first.trim_end_matches(':');
    body(keyword) == Some(Body::Needed) && !super::text::declares(next) && misspelt(word).is_none()
}

/// Words that begin declarations elsewhere, and the keyword for the same.
const OTHER_WORDS: &[(&[&str], &str)] = &[
    (&["const", "constant", "parameter", "param"], "value"),
    (
        &["def", "let", "var", "function", "func", "fn", "rule"],
        "define",
    ),
    (&["input", "variable"], "fact"),
    (&["output", "goal"], "decision"),
    (&["import", "include", "require"], "use"),
    (&["class", "struct", "object"], "record"),
    (&["package", "policy", "namespace"], "program"),
    (&["test", "example", "scenario"], "tests"),
];

/// The keyword that was probably meant: near, and of the same first letter where it is not very near.
fn misspelt(word: &str) -> Option<&'static polc_grammar::Keyword> {
    let small = word.to_lowercase();
    if let Some(keyword) = polc_grammar::keyword(&small) {
        return Some(keyword);
    }
    let meant = OTHER_WORDS
        .iter()
        .find(|(words, _)| words.contains(&small.as_str()));
    if let Some((_, keyword)) = meant {
        return polc_grammar::keyword(keyword);
    }
    let near = nearest(
        &small,
        polc_grammar::KEYWORDS.iter().map(|keyword| keyword.word),
    )?;
    let first = |word: &str| word.chars().next();
    let close =
        first(&near) == first(&small) || (word.len() > 4 && near.ends_with(small.get(1..)?));
    polc_grammar::keyword(&near).filter(|_| close || near.get(1..) == Some(small.as_str()))
}

fn body(keyword: &str) -> Option<Body> {
    polc_grammar::keyword(keyword).map(|keyword| keyword.body)
}

/// The line belongs to the declaration before, which is not whole without it: nothing more is said of that one.
fn not_indented(tree: &mut ast::File, before: Option<(ast::Broken, bool)>) -> String {
    let begins = "a declaration begins with a keyword, such as `fact`, `define` or `decision`";
    let Some((before, read)) = before else {
        return format!("indent the line if it belongs to the declaration above; {begins}");
    };
    let above = format!("{} {}", before.keyword, before.name.text);
    if read && body(&before.keyword) != Some(Body::Unneeded) {
        tree.declarations.pop();
        tree.broken.push(before);
    }
    format!("indent the line if it belongs to `{above}`; {begins}")
}
