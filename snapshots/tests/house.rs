//! The house the code lives in: no long files, no circles of modules, source text cut in one place.

use crate::harness::root;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lines a file may have.
const MOST_LINES: usize = 600;

/// Every source file of the workspace, by its path from the root.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["compiler", "grammar", "runtime", "snapshots"] {
        collect(&root().join(folder), folder, &mut found);
    }
    found.sort();
    assert!(found.len() > 200, "only {} files", found.len());
    found
}

fn collect(folder: &Path, name: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let inside = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() && !inside.ends_with("/target") {
            collect(&path, &inside, found);
        } else if inside.ends_with(".rs") {
            found.push((inside, fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn no_file_is_long() {
    let all = sources();
    let lines = |text: &str| text.lines().count();
    let long = all.iter().filter(|(_, text)| lines(text) > MOST_LINES);
    let long: Vec<&str> = long.map(|(path, _)| path.as_str()).collect();
    assert!(long.is_empty(), "over {MOST_LINES} lines: {long:?}");
}

#[test]
fn few_exceptions_are_made() {
    let all = sources();
    for (lint, most) in [("wildcard_enum_match_arm", 10), ("too_many_lines", 5)] {
        let name = format!("clippy::{lint}");
        let made = all.iter().map(|(_, text)| text.matches(&name).count());
        let made: usize = made.sum();
        println!("{made} exceptions to {lint}");
        assert!(made <= most, "{made} exceptions to {lint}");
    }
}

/// A crate: its modules by their paths, and which uses which.
#[derive(Default)]
struct Modules {
    known: BTreeSet<Vec<String>>,
    uses: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
}

impl Modules {
    fn of(folder: &str) -> Modules {
        let (mut modules, mut texts) = (Modules::default(), Vec::new());
        for (path, text) in sources() {
            let Some(inside) = path
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'))
            else {
                continue;
            };
            let mut names: Vec<String> = inside
                .trim_end_matches(".rs")
                .split('/')
                .map(str::to_owned)
                .collect();
            if matches!(names.last().unwrap().as_str(), "mod" | "lib" | "main") {
                names.pop();
            }
            modules.known.insert(names.clone());
            // Tests may look at everything.
            if names.iter().all(|name| name != "tests") {
                texts.push((names, text));
            }
        }
        for (from, text) in texts {
            for path in paths(&text) {
                let to = modules.resolved(&from, &path);
                modules.uses.entry(from.clone()).or_default().insert(to);
            }
        }
        modules
    }

    /// The module a path leads to, seen from another.
    fn resolved(&self, from: &[String], path: &[String]) -> Vec<String> {
        let mut at: Vec<String> = from.to_vec();
        for name in path {
            match name.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => {
                    at.pop();
                }
                name => at.push(name.to_owned()),
            }
        }
        while !self.known.contains(&at) {
            at.pop();
        }
        at
    }

    /// The modules of each folder that use each other in a circle; what lies below one counts as it.
    fn circles(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let folders: BTreeSet<&[String]> = self
            .known
            .iter()
            .filter_map(|module| module.split_last())
            .map(|(_, folder)| folder)
            .collect();
        let mut found = Vec::new();
        for folder in folders {
            let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            let child = |module: &'_ Vec<String>| {
                let inside = module.strip_prefix(folder)?;
                inside.first().cloned()
            };
            let names: BTreeSet<String> = self.known.iter().filter_map(child).collect();
            let name = |module: &Vec<String>| {
                child(module).and_then(|name| names.get(&name).map(String::as_str))
            };
            for (from, to) in &self.uses {
                let Some(from) = name(from) else { continue };
                let to = to.iter().filter_map(name).filter(|to| *to != from);
                edges.entry(from).or_default().extend(to);
            }
            let mut told: BTreeSet<&str> = BTreeSet::new();
            for start in edges.keys() {
                let circle: Vec<&str> = reached(start, &edges)
                    .into_iter()
                    .filter(|other| reached(other, &edges).contains(start))
                    .collect();
                if !circle.is_empty() && !told.contains(start) {
                    told.extend(&circle);
                    let circle = circle.into_iter().map(str::to_owned).collect();
                    found.push((folder.to_vec(), circle));
                }
            }
        }
        found
    }
}

fn reached<'m>(start: &str, edges: &BTreeMap<&'m str, BTreeSet<&'m str>>) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    let mut todo = vec![start];
    while let Some(at) = todo.pop() {
        for next in edges.get(at).into_iter().flatten() {
            if found.insert(*next) {
                todo.push(next);
            }
        }
    }
    found
}

/// Every path that begins with `crate`, `super` or `self`; those of a `use` with braces one by one.
fn paths(text: &str) -> Vec<Vec<String>> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join(" ");
    let mut found = Vec::new();
    for root in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '_' | ':'))
            {
                tree(&code[at..], &[], &mut found);
            }
        }
    }
    found
}

/// Takes in a path or a tree of paths; the rest of the text.
fn tree<'t>(text: &'t str, before: &[String], found: &mut Vec<Vec<String>>) -> &'t str {
    let mut path = before.to_vec();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(mut inside) = rest.strip_prefix('{') {
            loop {
                inside = tree(inside, &path, found).trim_start();
                // `as NAME`
                let stop = inside.find([',', '}']).unwrap_or(inside.len());
                inside = &inside[stop..];
                match inside.strip_prefix(',') {
                    Some(next) if !next.trim_start().starts_with('}') => inside = next,
                    _ => break,
                }
            }
            let stop = inside.find('}').map_or(inside.len(), |at| at + 1);
            return &inside[stop..];
        }
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        if !word.is_empty() {
            path.push(word.to_owned());
        }
        rest = after;
        match rest.strip_prefix("::") {
            Some(next) if !next.starts_with(['<', '*']) => rest = next,
            _ => {
                found.push(path);
                return rest;
            }
        }
    }
}

#[test]
fn paths_are_read_from_uses_and_from_code() {
    let code =
        "use crate::{a::{self, b::C as D}, e}; // super::no\nfn f() -> super::g::H { self::i() }";
    let mut found: Vec<String> = paths(code).iter().map(|path| path.join("::")).collect();
    found.sort();
    assert_eq!(
        found,
        [
            "crate::a::b::C",
            "crate::a::self",
            "crate::e",
            "self::i",
            "super::g::H"
        ]
    );
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let mut found = Vec::new();
    for crate_folder in ["grammar/src", "compiler/src", "runtime/src"] {
        for (folder, circle) in Modules::of(crate_folder).circles() {
            let folder: Vec<&str> = std::iter::once(crate_folder)
                .chain(folder.iter().map(String::as_str))
                .collect();
            found.push((folder.join("/"), circle));
        }
    }
    for (folder, circle) in &found {
        println!("in {folder} these use each other: {}", circle.join(", "));
    }
    assert!(
        found.is_empty(),
        "modules use each other in a circle: {found:?}"
    );
}

#[test]
fn only_the_syntax_cuts_source_text() {
    let ours = |path: &str| {
        let inside = path.strip_prefix("compiler/src/").unwrap_or("syntax");
        !inside.starts_with("syntax") && !inside.contains("tests")
    };
    let cuts = |line: &str| line.contains("start as usize..") || line.contains("sources.text(");
    let mut found: Vec<String> = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| ours(path)) {
        let lines = text.lines().filter(|line| cuts(line));
        found.extend(lines.map(|line| format!("{path}: {}", line.trim())));
    }
    // The texts of the files themselves, which `syntax` asks.
    found.retain(|found| !found.starts_with("compiler/src/source.rs"));
    assert!(found.is_empty(), "{found:#?}");
}
