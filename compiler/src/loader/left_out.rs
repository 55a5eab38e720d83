//! Files beside a program that look like a part of it and are not.

use super::{Loader, normal};

/// Names of files that are shown.
const SHOWN: usize = 3;

/// What is left out, in words, and how to take it in.
pub(super) fn files(loader: &dyn Loader, folder: &str, taken: &[String]) -> Vec<(String, String)> {
    let folder = folder.trim_end_matches('/');
    let all = loader.below(folder);
    let is_program = |path: &str| {
        let bytes = loader.read(path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.lines().any(|line| line.starts_with("program "))
    };
    let other: Vec<&str> = all.iter().map(String::as_str).collect();
    let other: Vec<&str> = other
        .into_iter()
        .filter(|path| !taken.contains(&normal(path)))
        .collect();
    let (misspelt, below): (Vec<&str>, Vec<&str>) =
        other.iter().partition(|path| !path.ends_with(".pol"));
    // Whatever lies in or below the folder of another program belongs to that one.
    let programs: Vec<&str> = below
        .iter()
        .filter(|path| is_program(path))
        .filter_map(|path| path.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let of_another = |path: &&&str| {
        let inside = |program: &&str| {
            let rest = path.strip_prefix(*program);
            *program != folder && rest.is_some_and(|rest| rest.starts_with('/'))
        };
        programs.iter().any(inside)
    };
    let mut found = Vec::new();
    let misspelt: Vec<&str> = misspelt
        .iter()
        .filter(|path| !of_another(path))
        .copied()
        .collect();
    if !misspelt.is_empty() {
        let help = "write the end of the name in lower case: `.pol`".to_owned();
        found.push((message(&misspelt), help));
    }
    let below: Vec<&str> = below
        .iter()
        .filter(|path| !of_another(path))
        .copied()
        .collect();
    if let Some(first) = below.first() {
        let inside = first
            .strip_prefix(folder)
            .unwrap_or(first)
            .trim_start_matches('/');
        let help = format!("move it into the folder of the program, or write `use \"{inside}\"`");
        found.push((message(&below), help));
    }
    found
}

fn message(paths: &[&str]) -> String {
    let shown: Vec<String> = paths
        .iter()
        .take(SHOWN)
        .map(|path| format!("`{path}`"))
        .collect();
    let more = match paths.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (is, part) = match paths.len() {
        1 => ("is", "a part"),
        _ => ("are", "parts"),
    };
    format!(
        "{}{more} {is} not taken in as {part} of the program",
        shown.join(", ")
    )
}
