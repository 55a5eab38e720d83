//! Characters that a reader of the source does not see: they make two texts look alike, or turn a line around.

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::report::terminal::steers;
use crate::source::{FileId, Span};

/// Warns of them, once for each line, wherever they stand: in texts and comments as well. Where one is a mistake
/// of its own, that has been said.
pub(super) fn report(file: FileId, text: &str, diagnostics: &mut Diagnostics) {
    let places = diagnostics
        .iter()
        .filter_map(|finding| finding.labels.first());
    let said: Vec<Span> = places.map(|label| label.span).collect();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let mut hidden = content
            .char_indices()
            .filter(|(_, letter)| *letter != '\t' && steers(*letter));
        // A mark of the byte order at the beginning of a file is no letter of it.
        let first = hidden.find(|(at, letter)| (start + at, *letter) != (0, '\u{feff}'));
        if let Some((at, letter)) = first {
            let from = start + at;
            let place = super::text::span(file, from, from + letter.len_utf8());
            if said.contains(&place) {
                start += line.len();
                continue;
            }
            let more = match hidden.count() {
                0 => String::new(),
                more => format!(", and {more} more on this line"),
            };
            let message = format!(
                "the character U+{:04X} is not seen where it stands{more}",
                letter as u32
            );
            let found = Diagnostic::new(Code::HiddenCharacter, place, message);
            diagnostics.push(
                found
                    .at(what(letter))
                    .help("remove it, or write what it stands for in words"),
            );
        }
        start += line.len();
    }
}

fn what(letter: char) -> &'static str {
    match letter {
        letter if letter.is_control() => "it steers the terminal",
        '\u{061c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => "it turns the direction of what is read",
        '\u{2028}' | '\u{2029}' => "it ends a line in some editors and not in others",
        _ => "it has no width",
    }
}
