//! One mistake, one message: a misspelt name anywhere in the shipped programs is one finding that shows it.

use crate::harness::{Files, POLICIES};
use crate::run::{Census, Random, cases};
use polc::diagnostics::{Diagnostic, Severity};
use polc::names::{Meaning, References};
use polc::pipeline::Compilation;
use polc::source::{Sources, Span};
use std::collections::BTreeSet;

/// A word in a program's text, outside comments and texts.
struct Word {
    path: String,
    start: usize,
    text: String,
}

/// Every word of the files, and every one that stands in a text or comment.
fn words(files: &Files) -> Vec<Word> {
    let mut found = Vec::new();
    for path in files.0.keys() {
        let mut start = 0;
        for line in files.text(path).split_inclusive('\n') {
            let bytes = line.as_bytes();
            let (mut at, mut quoted) = (0, false);
            while at < bytes.len() {
                let byte = bytes[at];
                if byte == b'"' {
                    quoted = !quoted;
                }
                if byte == b'#' && !quoted {
                    break;
                }
                let length = bytes[at..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                    .count();
                let text = &line[at..at + length];
                // The number of a finding that is accepted is no name.
                let number = text.starts_with('P') && text[1..].parse::<u32>().is_ok();
                if length > 0 && !quoted && !number && byte.is_ascii_alphabetic() {
                    found.push(Word {
                        path: path.clone(),
                        start: start + at,
                        text: text.to_owned(),
                    });
                }
                at += length.max(1);
            }
            start += line.len();
        }
    }
    found
}

/// A word with two letters swapped, one doubled or one left out.
fn misspelt(word: &str, random: &mut Random) -> String {
    let letters: Vec<char> = word.chars().collect();
    let at = random.below(letters.len() as u64 - 1) as usize;
    let mut new = letters.clone();
    match random.below(3) {
        0 => new.swap(at, at + 1),
        1 => new.insert(at, letters[at]),
        _ => drop(new.remove(at + 1)),
    }
    new.into_iter().collect()
}

/// Whether a word may be anything: nobody else says it where it is declared, or it names somebody, which declares them.
fn is_free(compilation: &Compilation, word: &Word, length: usize) -> bool {
    let Some(program) = &compilation.program else {
        return false;
    };
    let file = compilation
        .sources
        .iter()
        .find(|(_, file)| file.path == word.path);
    let Some((file, _)) = file else { return false };
    let references = &program.references;
    match references.at(file, word.start as u32) {
        Some((_, Meaning::Party(_))) => true,
        Some((place, meaning)) => {
            place.end as usize >= word.start + length
                && references.declared(meaning) == Some(place)
                && references.uses(meaning).is_empty()
        }
        None => false,
    }
}

fn touches(finding: &Diagnostic, sources: &Sources, path: &str, start: usize, end: usize) -> bool {
    finding.labels.iter().any(|label| {
        sources
            .get(label.span.file)
            .is_some_and(|file| file.path == path)
            && (label.span.start as usize) <= end
            && start <= label.span.end as usize
    })
}

#[test]
fn one_misspelt_name_is_one_finding_that_shows_it() {
    let programs: Vec<(&str, Files, Vec<Word>, BTreeSet<String>)> = POLICIES[..4]
        .iter()
        .map(|folder| {
            let files = Files::rules(folder);
            let sources = files.compile(folder).sources;
            let mut all = words(&files);
            // What the program does not use of the shared files is no part of it.
            all.retain(|word| sources.iter().any(|(_, file)| file.path == word.path));
            let known: BTreeSet<String> = all.iter().map(|word| word.text.clone()).collect();
            (*folder, files, all, known)
        })
        .collect();
    let keywords = keywords();
    let mut census = Census::default();
    let mut wrong = Vec::new();
    for case in 0..cases(3_000, 20) {
        let mut random = Random::of_case("one misspelt name", case);
        let (folder, files, all, known) = random.pick(&programs);
        let (word, new) = loop {
            let word = random.pick(all);
            if word.text.len() < 3 || keywords.contains(word.text.as_str()) {
                continue;
            }
            let new = misspelt(&word.text, &mut random);
            if !known.contains(&new) && !keywords.contains(new.as_str()) && new != word.text {
                break (word, new);
            }
        };
        let mut changed = files.clone();
        let mut text = files.text(&word.path).to_owned();
        text.replace_range(word.start..word.start + word.text.len(), &new);
        let line = text[..word.start].lines().count();
        let shown = text
            .lines()
            .nth(line.max(1) - 1)
            .unwrap_or_default()
            .to_owned();
        changed.0.insert(word.path.clone(), text.into_bytes());
        let compilation = changed.compile(folder);
        let errors: Vec<&Diagnostic> = compilation
            .diagnostics
            .iter()
            .filter(|finding| finding.severity() == Severity::Error)
            .collect();
        let end = word.start + new.len();
        let touching = errors
            .iter()
            .filter(|finding| touches(finding, &compilation.sources, &word.path, word.start, end));
        let fine = match errors.as_slice() {
            [] => {
                census.count("a name that nothing else says");
                is_free(&compilation, word, new.len())
            }
            [_] => touching.count() == 1,
            _ => false,
        };
        census.count(if fine { "fine" } else { "wrong" });
        if !fine {
            let said: Vec<String> = errors
                .iter()
                .map(|finding| format!("    {} {}", finding.code.number(), finding.message))
                .collect();
            wrong.push(format!(
                "{}:{line}: `{}` as `{new}`: {}\n{}",
                word.path,
                word.text,
                shown.trim(),
                said.join("\n")
            ));
        }
    }
    census.expect(&["fine"], 2_000);
    assert!(wrong.is_empty(), "{census:?}\n{}", wrong.join("\n"));
}

/// The words of a program that stand for something, without those that only the language has.
fn meant<'p>(
    references: &'p References,
    sources: &'p Sources,
) -> impl Iterator<Item = (Span, Meaning)> + 'p {
    let ours = references.iter().filter(|(_, meaning)| {
        !matches!(
            meaning,
            Meaning::BuiltIn
                | Meaning::CellResults
                | Meaning::DutyStates
                | Meaning::Weekdays
                | Meaning::Header(_)
        )
    });
    ours.filter(|(place, _)| !sources.text(*place).is_empty())
}

#[test]
fn every_word_of_the_programs_means_something() {
    let keywords = keywords();
    let mut without = Vec::new();
    for folder in &POLICIES[..4] {
        let files = Files::rules(folder);
        let compilation = files.compile(folder);
        let references = &compilation.program.expect("a program").references;
        for word in words(&files) {
            let mut sources = compilation.sources.iter();
            let file = sources.find(|(_, file)| file.path == word.path);
            // What the program does not use of the shared files is no part of it.
            let Some((file, _)) = file else { continue };
            let found = references.at(file, word.start as u32 + 1);
            let inside = found.is_some_and(|(place, _)| place.start as usize <= word.start);
            if !inside && !keywords.contains(word.text.as_str()) {
                without.push(format!("{} {}: {}", word.path, word.start, word.text));
            }
        }
    }
    assert!(
        without.is_empty(),
        "{} {}",
        without.len(),
        without.join("\n")
    );
}

#[test]
fn a_name_changed_wherever_the_table_says_leaves_a_program_whole() {
    let programs: Vec<(&str, Files, Compilation)> = POLICIES[..4]
        .iter()
        .map(|folder| {
            let files = Files::rules(folder);
            let compilation = files.compile(folder);
            (*folder, files, compilation)
        })
        .collect();
    let keywords = keywords();
    let mut census = Census::default();
    for case in 0..cases(600, 20) {
        let mut random = Random::of_case("a name changed", case);
        let (folder, files, compilation) = random.pick(&programs);
        let references = &compilation.program.as_ref().expect("a program").references;
        let all: Vec<(Span, Meaning)> = meant(references, &compilation.sources).collect();
        let (place, meaning) = *random.pick(&all);
        // `must` is a value of an enumeration and a word of the language: it has no other name.
        if keywords.contains(compilation.sources.text(place)) {
            continue;
        }
        let mut places: Vec<Span> = references.uses(meaning);
        places.extend(references.declared(meaning));
        places.sort_unstable();
        let mut changed = files.clone();
        for place in places.iter().rev() {
            let file = compilation.sources.get(place.file).expect("a file");
            let mut text = changed.text(&file.path).to_owned();
            let end = place.end as usize;
            text.insert_str(end - usize::from(text[..end].ends_with('`')), "_anew");
            changed.0.insert(file.path.clone(), text.into_bytes());
        }
        let new = changed.compile(folder);
        let errors = new
            .diagnostics
            .iter()
            .filter(|it| it.severity() == Severity::Error);
        let errors: Vec<&String> = errors.map(|finding| &finding.message).collect();
        let name = places.first().map(|place| compilation.sources.text(*place));
        assert!(
            errors.is_empty(),
            "{folder} {name:?} {meaning:?} {errors:#?}"
        );
        census.count(references.kind(meaning));
    }
    census.expect(&["field"], 10);
}

/// The words of the grammar, and the one that stands at the end of a line, outside of it.
fn keywords() -> BTreeSet<&'static str> {
    let mut words = polc_grammar::words();
    words.insert("accept");
    words
}
