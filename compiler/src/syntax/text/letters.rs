//! Spaces that are no plain spaces, and letters outside a–z where only names and key words stand.

use super::{Reader, span};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// Words with letters that no name has outside backticks, each with its places.
#[derive(Debug, Default)]
pub(super) struct OtherLetters(Vec<(String, char, Vec<Span>)>);

impl OtherLetters {
    /// Takes in the word around a letter; the first byte behind it.
    pub(super) fn word(&mut self, text: &str, file: FileId, at: usize) -> usize {
        let inside = |letter: &char| {
            letter.is_alphanumeric() || matches!(letter, '_' | '\u{300}'..='\u{36f}')
        };
        let before = text.get(..at).unwrap_or("").chars().rev();
        let start = at - before.take_while(inside).map(char::len_utf8).sum::<usize>();
        let after = text.get(at..).unwrap_or("").chars();
        let end = at + after.take_while(inside).map(char::len_utf8).sum::<usize>();
        let word = text.get(start..end).unwrap_or("");
        let place = span(file, start, end);
        match self.0.iter_mut().find(|(known, ..)| known == word) {
            Some((_, _, places)) => places.push(place),
            None => {
                let other = word.chars().find(|letter| !letter.is_ascii());
                self.0
                    .push((word.to_owned(), other.unwrap_or(' '), vec![place]));
            }
        }
        end.max(at + 1)
    }
}

/// Places of one word that are shown.
const MAX_PLACES: usize = 6;

impl Reader<'_> {
    /// One finding for each word, with its places.
    pub(super) fn other_letters(&mut self) {
        for (word, letter, places) in std::mem::take(&mut self.letters.0) {
            let Some((first, more)) = places.split_first() else {
                continue;
            };
            let message = format!(
                "the letter `{letter}` (U+{:04X}) is not expected here: expected letters a–z, digits or `_`",
                u32::from(letter)
            );
            let help = format!(
                "spell `{word}` with letters a–z, or write it in backticks wherever it stands"
            );
            let mut finding = Diagnostic::new(Code::SyntaxError, *first, message).help(help);
            for place in more.iter().take(MAX_PLACES - 1) {
                finding = finding.label(*place, "and here");
            }
            self.diagnostics.push(finding);
        }
    }

    /// The odd spaces of a line, each with its length: one finding, and plain ones in their place.
    pub(super) fn spaces(&mut self, spaces: &[(usize, usize)]) {
        let (Some((from, _)), Some((last, length))) = (spaces.first(), spaces.last()) else {
            return;
        };
        let end = last + length;
        let words = self.text.get(*from..end).unwrap_or("");
        let found = words.chars().next().unwrap_or(' ');
        let name = match found {
            '\u{a0}' => "a no-break space".to_owned(),
            other => format!("the space U+{:04X}", u32::from(other)),
        };
        let plain = |letter: char| if letter.is_whitespace() { ' ' } else { letter };
        let mended: String = words.chars().map(plain).collect();
        let message = format!("{name} stands here: expected a plain space");
        let place = span(self.file, *from, end);
        let finding = Diagnostic::new(Code::SyntaxError, place, message);
        let help = "replace it with a plain space, or remove it";
        self.diagnostics.push(finding.help(help).fix(place, mended));
    }
}
