//! For each operator a small program with the whole list of its mutants; and what holds of all of them.

use super::{Mutant, Operator, mutants};
use crate::loader::{Loader, Memory, Parsed};
use crate::source::Sources;
use std::collections::{BTreeMap, BTreeSet};

fn parsed(text: &str) -> Parsed {
    let parsed = Parsed::read(&Memory::default().with("t.pol", text), "t.pol");
    assert!(!parsed.trees.is_empty());
    let read = parsed.trees.iter().flat_map(|tree| &tree.declarations);
    let written = text
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()));
    assert_eq!(read.count(), written.count(), "a declaration was not read");
    parsed
}

/// The mutants of one operator, as `before -> after`, and the texts of the line or lines they change.
fn list(text: &str, operators: &[Operator]) -> Vec<String> {
    let parsed = parsed(text);
    let all = mutants(&parsed.sources, &parsed.trees);
    let of = all
        .iter()
        .filter(|mutant| operators.contains(&mutant.operator));
    of.map(|mutant| {
        format!("{} -> {}", mutant.before, mutant.after)
            .trim_end()
            .to_owned()
    })
    .collect()
}

/// What the first line that differs becomes.
fn lines_after(text: &str, operator: Operator) -> Vec<String> {
    let parsed = parsed(text);
    let all = mutants(&parsed.sources, &parsed.trees);
    let of = all.iter().filter(|mutant| mutant.operator == operator);
    let first_change = |mutant: &Mutant| {
        let changed = mutant.edit.apply(text).unwrap();
        let new = changed.lines().zip(text.lines());
        let line = new
            .filter(|(new, old)| new != old)
            .map(|(new, _)| new.trim());
        line.map(str::to_owned).next().unwrap_or_default()
    };
    of.map(first_change).collect()
}

#[track_caller]
fn expect(text: &str, operator: Operator, expected: &[&str]) {
    assert_eq!(list(text, &[operator]), expected, "{text}");
}

#[test]
fn numbers_move_by_their_last_digit_and_money_by_a_coin() {
    let text = "program p version 1\n  currency USD\n\
        fact n: int 0..5\n\
        define a = n + 4.0\n\
        define b = $400K\n\
        define c = $1.5M * 25%\n\
        define d = EUR 1_000.5\n\
        define e = $0.005\n\
        define f = n rounded up to 2 places\n\
        define g = at least 2 of (x, y)\n";
    let expected = [
        "0 -> -1",
        "0 -> 1",
        "5 -> 4",
        "5 -> 6",
        "4.0 -> 3.9",
        "4.0 -> 4.1",
        "$400K -> $399999.99",
        "$400K -> $400000.01",
        "$1.5M -> $1499999.99",
        "$1.5M -> $1500000.01",
        "25% -> 24%",
        "25% -> 26%",
        "EUR 1_000.5 -> EUR 1000.49",
        "EUR 1_000.5 -> EUR 1000.51",
        "$0.005 -> $0.004",
        "$0.005 -> $0.006",
        "rounded up to 2 places -> rounded up to 1 places",
        "rounded up to 2 places -> rounded up to 3 places",
        "2 -> 1",
        "2 -> 3",
    ];
    expect(text, Operator::Number, &expected);
    let yen = "program p version 1\n  currency JPY\ndefine a = JPY 400K\n";
    let expected = ["JPY 400K -> JPY 399999", "JPY 400K -> JPY 400001"];
    expect(yen, Operator::Number, &expected);
}

#[test]
fn days_and_lengths_move_by_one() {
    let text = "value v = 14 days\n\
        define a = d within 12 whole months before 2026-03-01\n\
        waiver w from 2026-01-01 through 2026-12-31\n  waives r for t\n\
        schedule s on day 15 of january from 2027-01-01\n\
        define z = d + 0 days\n";
    let days = [
        "14 days -> 13 days",
        "14 days -> 15 days",
        "12 whole months -> 11 whole months",
        "12 whole months -> 13 whole months",
        "2026-03-01 -> 2026-02-28",
        "2026-03-01 -> 2026-03-02",
        "2026-01-01 -> 2025-12-31",
        "2026-01-01 -> 2026-01-02",
        "2026-12-31 -> 2026-12-30",
        "2026-12-31 -> 2027-01-01",
        "2027-01-01 -> 2026-12-31",
        "2027-01-01 -> 2027-01-02",
        "0 days -> 1 days",
    ];
    expect(text, Operator::Day, &days);
    expect(text, Operator::Number, &["15 -> 14", "15 -> 16"]);
}

#[test]
fn comparisons_have_a_neighbour_and_an_opposite() {
    let text = "define a = n < 1 and n <= 1 and n > 1 and n >= 1\n\
        define b = (n = 1) and n != 1 and n is x and n is not x\n\
        define c = n is one of x, y or n is not one of x, y\n\
        define d = n in l or n not in l or (n is none) or n is not none\n\
        define e = j recorded or (j not recorded)\n\
        define f = d within 2 days before e or d within 2 days up to e or d within 2 days from e or d within 2 days after e\n";
    let neighbours = [
        "< -> <=",
        "<= -> <",
        "> -> >=",
        ">= -> >",
        "before -> up to",
        "up to -> before",
        "from -> after",
        "after -> from",
    ];
    expect(text, Operator::Neighbour, &neighbours);
    let opposites = [
        "< -> >=",
        "<= -> >",
        "> -> <=",
        ">= -> <",
        "= -> !=",
        "!= -> =",
        "is -> is not",
        "is not -> is",
        "is one of -> is not one of",
        "is not one of -> is one of",
        "in -> not in",
        "not in -> in",
        "is none -> is not none",
        "is not none -> is none",
        "recorded -> not recorded",
        "not recorded -> recorded",
    ];
    expect(text, Operator::Opposite, &opposites);
}

#[test]
fn and_becomes_or_with_parentheses_where_both_would_meet() {
    let text = "define a = x and y and z\n\
        define b = x or y\n\
        define c = l where (.x and .y)\n\
        define d = x\n  and y # why\n  and z\n\
        define e = any of (x, y)\n\
        requirements g for T\n  | | a |\n  | r: all of \"any of\" | \n  | r.x: x | mandatory |\n";
    let after = [
        "define a = (x or y) and z",
        "define a = (x and y) or z",
        "define b = x and y",
        "define c = l where (.x or .y)",
        "define d = (x",
        "define d = (x",
        "define e = all of (x, y)",
        "| r: any of \"any of\" |",
    ];
    assert_eq!(lines_after(text, Operator::AndOr), after);
}

#[test]
fn a_not_goes_in_and_out() {
    let text = "define a: bool = x\n\
        define b = not x and y and (n < 1)\n\
        define c: bool\n  x when not (y or z)\n  yes otherwise\n\
        define d = all l where .ok\n\
        define e: int = n\n\
        waiver w when x\n  waives r for t\n";
    let after = [
        "define a: bool = not (x)",
        "define b = x and y and (n < 1)",
        "define b = not (not x and y) and (n < 1)",
        "define b = not (not x and y and (n < 1))",
        "define b = not x and not (y) and (n < 1)",
        "not (x) when not (y or z)",
        "x when (y or z)",
        "x when not (not (y) or z)",
        "x when not (y or not (z))",
        "define d = not (all l where .ok)",
        "define d = all l where not (.ok)",
        "waiver w when not (x)",
    ];
    assert_eq!(lines_after(text, Operator::Not), after);
}

#[test]
fn cells_take_the_next_value_or_none() {
    let text = "enum E { a, b, none }\n\
        requirements g for T\n  | | x | y | z |\n  | r: n >= cell | - | 1 | limit |\n  | s: ok | mandatory | preferred | preferred 4 |\n\
        amend g\n  r for x is - from 2026-01-01\n\
        table t exactly one row\n  | e | ok | n | -> out: E or none |\n  | a | yes | any | b |\n  | b | no | >= 2 and < 3 | - |\n  | E.none | any | 1..2 | a |\n";
    let next = [
        "- -> 1",
        "limit -> 1",
        "- -> mandatory",
        "a -> b",
        "yes -> no",
        "any -> >= 2 and < 3",
        "b -> E.none",
        "b -> E.none",
        "no -> yes",
        "- -> a",
        "E.none -> E.a",
        "any -> yes",
        "a -> b",
    ];
    expect(text, Operator::NextCell, &next);
    let empty = [
        "1 -> -",
        "limit -> -",
        "mandatory -> -",
        "preferred -> -",
        "preferred 4 -> -",
        "a -> -",
        "yes -> -",
        "b -> -",
        "b -> -",
        "no -> -",
        ">= 2 and < 3 -> -",
        "E.none -> -",
        "1..2 -> -",
        "a -> -",
    ];
    expect(text, Operator::EmptyCell, &empty);
    let level = [
        "1 -> preferred 1",
        "limit -> preferred limit",
        "mandatory -> preferred",
        "preferred -> mandatory",
        "preferred 4 -> 4",
    ];
    expect(text, Operator::Level, &level);
    let bounds = [">= -> >", "< -> <="];
    expect(
        &text.replace("n >= cell", "ok"),
        Operator::Neighbour,
        &bounds,
    );
}

#[test]
fn lines_are_left_out_and_cases_swapped() {
    let text = "define c\n  x when a\n  when b {\n    y when d\n    z otherwise\n  }\n  w otherwise\n\
        requirements g for T\n  | | a |\n  | r: ok | mandatory |\n\
        amend g\n  r for a is -\n\
        table t\n  | e | -> f: int |\n  | a | 1 |\n\
        table o first row\n  | e | -> f: int |\n  | b | 2 |\n  | - | 3 |\n\
        waiver w\n  waives r for a\n  waives r for b\n\
        exception e to c\n  use x\n\
        lifecycle l starts s\n  state s\n    may j: p -> t, q -> u\n    late -> u\n  final t, u\n\
        obligations o: F by p\n  must keep x\n\
        order q for plan\n  a before b\n";
    let left_out = [
        "x when a ->",
        "when b { y when d z otherwise } ->",
        "y when d ->",
        "z otherwise ->",
        "w otherwise ->",
        "| r: ok | mandatory | ->",
        "r for a is - ->",
        "| a | 1 | ->",
        "| b | 2 | ->",
        "| - | 3 | ->",
        "waiver w waives r for a waives r for b ->",
        "waives r for a ->",
        "waives r for b ->",
        "exception e to c use x ->",
        "may j: p -> t, q -> u ->",
        "p -> t ->",
        "q -> u ->",
        "late -> u ->",
        "must keep x ->",
        "a before b ->",
    ];
    expect(text, Operator::LeftOut, &left_out);
    let swapped = [
        "x when a -> when b { y when d z otherwise }",
        "when b { y when d z otherwise } -> w otherwise",
        "y when d -> z otherwise",
        "| b | 2 | -> | - | 3 |",
    ];
    expect(text, Operator::Swapped, &swapped);
    let answers = lines_after(text, Operator::LeftOut);
    assert!(answers.contains(&"may j: q -> u".to_owned()), "{answers:?}");
    assert!(answers.contains(&"may j: p -> t".to_owned()), "{answers:?}");
}

#[test]
fn another_alternative_is_chosen() {
    let text = "reading r\n  a \"one\"\n  b\n  c\n  chosen b before 2027-01-01 because \"x\"\n  chosen a from 2027-01-01 because \"y\"\n";
    let expected = ["b -> a", "b -> c", "a -> b", "a -> c"];
    expect(text, Operator::Reading, &expected);
}

#[test]
fn tests_sources_and_labels_stay() {
    let text = "source s \"1 < 2\"\n  C-1 \"5 days\"\n\
        fact n: int \"at least 3\"\n\
        tests \"t 4\" as_of 2026-01-01\n  given n = 3\n  | n | expect d |\n  | 4 | yes |\n";
    let parsed = parsed(text);
    assert_eq!(mutants(&parsed.sources, &parsed.trees), []);
}

/// The programs of this repository.
fn shipped() -> Vec<Parsed> {
    struct Disk;
    impl Loader for Disk {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            std::fs::read(path).map_err(|error| error.to_string())
        }
        fn folder(&self, path: &str) -> Option<Vec<String>> {
            let entries = std::fs::read_dir(path).ok()?;
            let paths =
                entries.filter_map(|entry| entry.ok()?.path().into_os_string().into_string().ok());
            let mut paths: Vec<String> = paths.filter(|path| path.ends_with(".pol")).collect();
            paths.sort();
            Some(paths)
        }
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies");
    let programs = ["technology_partner", "connect", "conduct", "accreditation"];
    let read = programs.map(|name| Parsed::read(&Disk, &format!("{root}/{name}")));
    read.into()
}

/// Every edit lies where its mutant says, changes its span alone, and gives a text that no other gives.
#[test]
fn mutants_of_the_programs_are_single_and_distinct() {
    let mut seen = BTreeMap::new();
    for parsed in shipped() {
        let mut texts = BTreeSet::new();
        for mutant in mutants(&parsed.sources, &parsed.trees) {
            *seen.entry(mutant.operator).or_insert(0) += 1;
            single(&parsed.sources, &mutant);
            let file = parsed.sources.get(mutant.edit.span.file).unwrap();
            let text = mutant.edit.apply(&file.text).unwrap();
            assert_ne!(text, *file.text, "{mutant:?}");
            let new = texts.insert((mutant.edit.span.file, text));
            assert!(new, "another mutant has the same text: {mutant:?}");
        }
    }
    for operator in Operator::ALL {
        assert!(seen.contains_key(&operator), "no mutant of {operator:?}");
    }
}

fn single(sources: &Sources, mutant: &Mutant) {
    let span = mutant.edit.span;
    let text = &sources.get(span.file).unwrap().text;
    let changed = mutant.edit.apply(text).unwrap();
    let (start, end) = (span.start as usize, span.end as usize);
    assert_eq!(changed[..start], text[..start], "{mutant:?}");
    assert!(changed.ends_with(&text[end..]), "{mutant:?}");
    let kept = text.len() - (end - start);
    assert_eq!(changed.len(), kept + mutant.edit.text.len(), "{mutant:?}");
    assert_eq!(mutant.place.file, span.file, "{mutant:?}");
    // A literal is shown whole, so that people see its unit; its edit is the number in it.
    let inside = |outer: crate::source::Span, inner: crate::source::Span| {
        outer.start <= inner.start && inner.end <= outer.end
    };
    assert!(
        inside(span, mutant.place)
            || inside(mutant.place, span)
            || mutant.operator == Operator::LeftOut,
        "{mutant:?}"
    );
}

/// What `check` refuses is no mutant, though warnings are not looked for: gaps, rows that overlap, exceptions that clash.
#[test]
fn mutants_compile_when_check_takes_them() {
    let program = "program p version 1\nfact n: int 0..9\n\
        decision a: int\n  1 when n < 5\n  2 otherwise\n\
        table t exactly one row\n  | n | -> r: int |\n  | 0..4 | 1 |\n  | 5..9 | 2 |\n\
        decision b: int = t\n\
        exception low to a when n < 2\n  use 7\n\
        exception high to a when n > 6\n  use 8\n";
    let mut parsed = parsed(program);
    assert!(parsed.compile().program.is_some(), "{:?}", parsed.compile());
    for (old, new, taken) in [
        ("n < 5", "n < 6", true),
        ("n < 5", "n < 0", true),
        ("  2 otherwise\n", "", false),
        ("0..4", "0..3", false),
        ("0..4", "0..5", false),
        ("n > 6", "n > 0", false),
        ("fact n", "fact m", false),
        ("n < 5", "n <", false),
    ] {
        let changed = program.replace(old, new);
        let compiled = parsed.compile_with(0, &changed);
        assert_eq!(compiled.is_some(), taken, "{new} for {old}");
    }
    let again = parsed.compile_with(0, program);
    assert!(again.is_some(), "the program is as it was");
}
