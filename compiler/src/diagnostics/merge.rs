//! One mistake, one message: a name that is unknown in ten places is one finding with ten places, and where
//! the name that was probably meant stands nowhere but in its declaration, that place is shown as well.

use super::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};
use std::collections::HashMap;

/// Places of one mistake that are shown.
const MAX_PLACES: usize = 6;

/// Puts together what one misspelt name leads to; the findings are sorted by place before and after.
#[must_use]
pub fn merge(list: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    if !list.iter().any(|finding| is_of_a_name(finding.code)) {
        return list;
    }
    let index = index(sources);
    let mut merged: Vec<Diagnostic> = Vec::new();
    let mut known: HashMap<(String, String), (usize, usize)> = HashMap::new();
    for finding in list {
        let Some(place) = finding.labels.first().map(|label| label.span) else {
            merged.push(finding);
            continue;
        };
        if !is_of_a_name(finding.code) {
            merged.push(finding);
            continue;
        }
        let meant = meant(&finding);
        let cause = match meant.first() {
            Some(first) => first.clone(),
            None => finding.message.clone(),
        };
        let key = (sources.text(place).to_owned(), cause);
        if let Some((at, more)) = known.get_mut(&key) {
            *more += 1;
            if let Some(first) = merged.get_mut(*at)
                && *more < MAX_PLACES
            {
                *first = first.clone().label(place, "and here");
            }
            continue;
        }
        known.insert(key, (merged.len(), 0));
        let mut meant = meant.into_iter();
        let declared = meant.find_map(|word| match index.get(word.as_str()) {
            Some((1, only)) => Some((word, *only)),
            _ => None,
        });
        merged.push(match declared {
            Some((word, only)) if only != place => {
                finding.label(only, format!("`{word}` stands only here"))
            }
            _ => finding,
        });
    }
    for (at, more) in known.into_values() {
        if let Some(finding) = merged.get_mut(at)
            && more >= MAX_PLACES
        {
            let rest = more - MAX_PLACES + 1;
            let places = if rest == 1 { "place" } else { "places" };
            if let Some(first) = finding.labels.first_mut() {
                first.text = format!("and in {rest} more {places} than shown");
            }
        }
    }
    merged
}

/// Codes whose main place is a name that nothing declares.
fn is_of_a_name(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownName
            | Code::UnknownField
            | Code::UnknownRow
            | Code::UnknownClause
            | Code::UnknownState
            | Code::UnknownTarget
            | Code::BadGroup
    )
}

/// The names a finding suggests instead.
fn meant(finding: &Diagnostic) -> Vec<String> {
    let help = finding.help.as_deref().unwrap_or_default();
    let Some(rest) = help.strip_prefix("did you mean ") else {
        return Vec::new();
    };
    let names = rest.split('`').skip(1).step_by(2);
    names
        .map(|name| name.trim_start_matches('.').to_owned())
        .collect()
}

/// How often each word stands in the sources, outside texts and comments, and where last.
fn index(sources: &Sources) -> HashMap<&str, (usize, Span)> {
    let mut words = HashMap::new();
    for (file, source) in sources.iter() {
        let mut start = 0;
        for line in source.text.split_inclusive('\n') {
            words_of(line, &mut |at, word| {
                let span = Span {
                    file: file as FileId,
                    start: (start + at) as u32,
                    end: (start + at + word.len()) as u32,
                };
                let entry = words.entry(word).or_insert((0, span));
                entry.0 += 1;
            });
            start += line.len();
        }
    }
    words
}

/// Shows every word of a line, outside texts and comments.
fn words_of<'t>(line: &'t str, see: &mut impl FnMut(usize, &'t str)) {
    let (mut quoted, mut begun) = (false, None);
    for (at, letter) in line.char_indices().chain([(line.len(), ' ')]) {
        let inside = letter.is_ascii_alphanumeric() || letter == '_';
        match (begun, inside && !quoted) {
            (None, true) => begun = Some(at),
            (Some(start), false) => {
                if let Some(word) = line.get(start..at) {
                    see(start, word);
                }
                begun = None;
            }
            _ => {}
        }
        match letter {
            '"' => quoted = !quoted,
            '#' if !quoted => return,
            _ => {}
        }
    }
}
