//! One mistake, one message: a misspelt name anywhere in the shipped programs is one finding that shows it.

use crate::harness::{Files, POLICIES};
use crate::run::{Census, Random, cases};
use polc::diagnostics::{Diagnostic, Severity};
use polc::source::Sources;
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
                if length > 0 && !quoted && byte.is_ascii_alphabetic() {
                    found.push(Word {
                        path: path.clone(),
                        start: start + at,
                        text: line[at..at + length].to_owned(),
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
            let all = words(&files);
            let known: BTreeSet<String> = all.iter().map(|word| word.text.clone()).collect();
            (*folder, files, all, known)
        })
        .collect();
    let keywords: BTreeSet<&str> = include_str!("keywords.txt").split_whitespace().collect();
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
            // A name that nothing else says may be any, and so may a party: nothing declares parties.
            [] => {
                census.count("a name of no other place");
                let before = files.text(&word.path)[..word.start].trim_end();
                let party = ["by", "of", "to", "for"]
                    .iter()
                    .any(|end| before.ends_with(end));
                party || all.iter().filter(|other| other.text == word.text).count() == 1
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
