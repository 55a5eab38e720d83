//! One mistake, one message: a name that is unknown in ten places is one finding with ten places, and where
//! the name that was probably meant stands nowhere but in its declaration, that place is shown as well.

use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Sources, Span};
use crate::syntax::{Word, Written};
use std::collections::HashMap;

/// Places of one mistake that are shown.
const MAX_PLACES: usize = 6;

/// Puts together what one misspelt name leads to; the findings are sorted by place before and after.
pub(super) fn merge(list: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    if !list.iter().any(|finding| is_of_a_name(finding.code)) {
        return list;
    }
    let written = Written::new(sources);
    let index = index(sources, written);
    let mut merged: Vec<Diagnostic> = Vec::new();
    let mut known: HashMap<(&str, String), (usize, usize)> = HashMap::new();
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
        let key = (written.at(place), cause);
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

/// How often each word stands in the sources, outside texts and comments, and where first.
fn index<'s>(sources: &'s Sources, written: Written<'s>) -> HashMap<&'s str, (usize, Span)> {
    let mut index = HashMap::new();
    for (file, source) in sources.iter() {
        let mut end = 0;
        let lines = source.text.split_inclusive('\n').map(|line| {
            let start = end;
            end += line.len() as u32;
            Span { file, start, end }
        });
        for (place, word) in lines.flat_map(|line| written.words(line)) {
            let Word::Name(dotted) = word else { continue };
            let mut start = place.start;
            for word in dotted.split('.') {
                let end = start + word.len() as u32;
                let entry = index.entry(word).or_insert((
                    0,
                    Span {
                        start,
                        end,
                        ..place
                    },
                ));
                entry.0 += 1;
                start = end + 1;
            }
        }
    }
    index
}
