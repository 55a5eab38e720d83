//! `polc test --mutate` as scripts see it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The edge of `large` is tested from one side only, and nothing tells the two last cases apart.
const PROGRAM: &str = r#"program small version 1
fact n: int
define large = n >= 10
decision size: int
  2 when large
  1 when n = 5
  0 otherwise

tests "one side" as_of 2026-01-01
  | n  | expect size |
  | 10 | 2           |
  | 5  | 1           |
  | 4  | 0           |
  | 6  | 0           |
"#;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("mutation")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("small")).unwrap();
    std::fs::write(folder.join("small/small.pol"), PROGRAM).unwrap();
    folder
}

fn polc(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_polc"))
        .arg("test")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

const SURVIVORS: &str = "\
small/small.pol:3:21 large number: 10 → 9
    small.pol large number: 10 -> 9
small/small.pol:5:3 size swapped: 2 when large ⇄ 1 when n = 5
    small.pol size swapped: 2 when large -> 1 when n = 5
";

#[test]
fn survivors_are_listed_by_place() {
    let folder = folder("survivors");
    let all = polc(&folder, &["small", "--mutate"]);
    let summary =
        "small: 19 mutants, 1 refused by check, 16 killed, 2 survived, 0 listed as equal: 88.8 %\n";
    assert_eq!(said(&all), format!("{SURVIVORS}{summary}"));
    assert_eq!(status(&all), 0);
    assert_eq!(
        status(&polc(&folder, &["small", "--mutate", "--least", "88.8"])),
        0
    );
    assert_eq!(
        status(&polc(&folder, &["small", "--mutate", "--least", "89"])),
        1
    );
    assert_eq!(
        status(&polc(&folder, &["small", "--mutate", "--least", "many"])),
        2
    );
    assert_eq!(status(&polc(&folder, &["small", "--least", "90"])), 2);
    let json = polc(&folder, &["small", "--mutate", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json.pointer("/programs/0/killed"), Some(&Value::from(16)));
    assert_eq!(
        json.pointer("/programs/0/not_killed/0/key"),
        Some(&Value::from("small.pol large number: 10 -> 9"))
    );
}

#[test]
fn every_mutant_is_in_exactly_one_part() {
    let folder = folder("parts");
    let count = |share: &str| {
        let json = polc(
            &folder,
            &["small", "--mutate", "--share", share, "--format", "json"],
        );
        let json: Value = serde_json::from_slice(&json.stdout).unwrap();
        json.pointer("/programs/0/mutants")
            .unwrap()
            .as_u64()
            .unwrap()
    };
    assert_eq!(
        (1..=4).map(|part| count(&format!("{part}/4"))).sum::<u64>(),
        19
    );
    assert_eq!(
        status(&polc(&folder, &["small", "--mutate", "--share", "5/4"])),
        2
    );
    let within = said(&polc(&folder, &["small", "--mutate", "--within", "large"]));
    assert!(within.contains("small: 4 mutants (a part), "), "{within}");
}

#[test]
fn equal_mutants_are_listed_with_a_reason_and_only_while_they_are_needed() {
    let folder = folder("equal");
    let list = |text: &str| {
        std::fs::write(folder.join("small/equal.mutants"), text).unwrap();
        let output = polc(&folder, &["small", "--mutate", "--share", "1/1"]);
        (status(&output), said(&output))
    };
    let listed = "# because\n\nsmall.pol size swapped: 2 when large -> 1 when n = 5\n  because \"ten is not five\"\n";
    // One of eighteen is more than 2 %.
    let (code, text) = list(listed);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("1 survived, 1 listed as equal: 94.1 %"),
        "{text}"
    );
    for (wrong, what) in [
        (
            "small.pol large number: 10 -> 9\n",
            "equal.mutants:1 this mutant has no reason",
        ),
        (
            "small.pol large number: 10 -> 9\n  because \"\"\n",
            "equal.mutants:2 this is no reason",
        ),
        (
            "small.pol large number: 10 -> 11\n  because \"x\"\n",
            "equal.mutants:1 a test notices",
        ),
        (
            "small.pol large number: 10 -> 12\n  because \"x\"\n",
            "equal.mutants:1 there is no such mutant",
        ),
        ("  because \"x\"\n", "equal.mutants:1 this is no reason"),
        (
            "small.pol size left-out: 0 otherwise ->\n  because \"x\"\n",
            "equal.mutants:1 `check` refuses",
        ),
        (
            &format!("{listed}{listed}"),
            "equal.mutants:7 this mutant is listed twice",
        ),
    ] {
        let (code, text) = list(wrong);
        assert_eq!(code, 1, "{wrong}: {text}");
        assert!(text.contains(what), "{wrong}: {text}");
    }
}

#[test]
fn since_takes_the_changed_lines_and_new_files() {
    let folder = folder("since");
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(arguments)
            .current_dir(&folder)
            .output();
        done.is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        return;
    }
    assert!(git(&["add", "."]) && git(&["commit", "-q", "-m", "first"]));
    let since = || said(&polc(&folder, &["small", "--mutate", "--since", "HEAD"]));
    assert!(since().contains("small: 0 mutants"), "{}", since());
    let changed = PROGRAM.replace("n >= 10", "n > 9");
    std::fs::write(folder.join("small/small.pol"), changed).unwrap();
    assert!(since().contains("small: 4 mutants (a part)"), "{}", since());
    std::fs::write(
        folder.join("small/more.pol"),
        "define more = n >= 3\ndecision other = more\n",
    )
    .unwrap();
    assert!(since().contains("small: 8 mutants (a part)"), "{}", since());
    assert_eq!(
        status(&polc(&folder, &["small", "--mutate", "--since", "nowhere"])),
        2
    );
}

#[test]
fn failing_tests_say_nothing_of_mutants() {
    let folder = folder("failing");
    std::fs::write(
        folder.join("small/small.pol"),
        PROGRAM.replace("| 4  | 0", "| 4  | 7"),
    )
    .unwrap();
    let output = polc(&folder, &["small", "--mutate"]);
    assert_eq!(status(&output), 1);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("its tests fail, so they say nothing of mutants"),
        "{error}"
    );
}

/// Every kind of bound: named, written on the left, money, days, scales, lengths from a day, dates of rules.
const EDGES: &str = r#"program edges version 1
  currency USD
scale Tier { low < mid < high }
fact n: int 0..9
fact m: money
fact t: Tier
fact d: date
fact s: decimal
value limit = 5
define named = n >= limit
define money = m > $10
define left = 3 > n
define tier = t >= mid
define top = t > high
define day = d <= 2026-05-01
define length = as_of > d + 14 days
define same = n = 7
define part = s < 4.0
define low_end = n > 0
define range_end = n <= 9
value dated: int
  1 before 2026-02-01
  2 from 2026-02-01
"#;

const SIDES: [&str; 20] = [
    "named: n >= limit, just below it",
    "named: n >= limit, on it",
    "money: m > 10, on it",
    "money: m > 10, just above it",
    "left: n < 3, on it",
    "left: n < 3, just below it",
    "tier: t >= mid, on it",
    "tier: t >= mid, just below it",
    "day: d <= 2026-05-01, on it",
    "day: d <= 2026-05-01, just above it",
    "length: as_of > d + 14, on it",
    "length: as_of > d + 14, just above it",
    "same: n = 7, on it",
    "same: n = 7, beside it",
    "part: s < 4, on it",
    "part: s < 4, just below it",
    "low_end: n > 0, on it",
    "low_end: n > 0, just above it",
    "dated: on 2026-01-31",
    "dated: on 2026-02-01",
];

fn not_tried(name: &str, tests: &str) -> Vec<String> {
    let folder = folder(name);
    let text = format!("{EDGES}{tests}");
    std::fs::write(folder.join("small/small.pol"), text).unwrap();
    let output = polc(&folder, &["small", "--coverage", "--format", "json"]);
    let json: Result<Value, _> = serde_json::from_slice(&output.stdout);
    let json = json
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
        .unwrap();
    let missing = json
        .pointer("/programs/0/coverage/boundaries/missing")
        .unwrap();
    let names = missing.as_array().unwrap().iter();
    let mut names: Vec<String> = names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn coverage_tells_which_sides_of_bounds_are_tried() {
    let mut all = SIDES.map(str::to_owned).to_vec();
    all.sort();
    // What is not expected is not tried, though coverage evaluates it.
    let nothing = "tests \"t\" as_of 2026-03-01\n  given n = 5\n  given m = $10\n  expect n = 5\n";
    assert_eq!(not_tried("edges-none", nothing), all);
    let case = |as_of: &str, n: &str, m: &str, t: &str, d: &str, s: &str, expected: &str| {
        format!(
            "tests \"{n} {m} {t} {d}\" as_of {as_of}\n  given n = {n}\n  given m = {m}\n  given t = {t}\n  given d = {d}\n  given s = {s}\n{expected}"
        )
    };
    let below = case(
        "2026-01-31",
        "4",
        "$10",
        "low",
        "2026-05-01",
        "3.5",
        "  expect named = no\n  expect money = no\n  expect tier = no\n  expect day = yes\n  expect part = yes\n  expect dated = 1\n",
    );
    let on = case(
        "2026-02-01",
        "5",
        "$10.01",
        "mid",
        "2026-05-02",
        "4",
        "  expect named = yes\n  expect money = yes\n  expect tier = yes\n  expect day = no\n  expect part = no\n  expect dated = 2\n",
    );
    let last = case(
        "2026-02-15",
        "3",
        "$0",
        "high",
        "2026-02-01",
        "9",
        "  expect left = no\n  expect length = no\n  expect top = no\n",
    );
    let after = case(
        "2026-02-16",
        "2",
        "$0",
        "high",
        "2026-02-01",
        "9",
        "  expect left = yes\n  expect length = yes\n",
    );
    let same = case(
        "2026-02-16",
        "7",
        "$0",
        "high",
        "2026-02-01",
        "9",
        "  expect same = yes\n",
    );
    let beside = case(
        "2026-02-16",
        "8",
        "$0",
        "high",
        "2026-02-01",
        "9",
        "  expect same = no\n",
    );
    let none = case(
        "2026-02-16",
        "0",
        "$0",
        "high",
        "2026-02-01",
        "9",
        "  expect low_end = no\n  expect range_end = yes\n",
    );
    let one = case(
        "2026-02-16",
        "1",
        "$0",
        "high",
        "2026-02-01",
        "9",
        "  expect low_end = yes\n",
    );
    let parts = [below, on, last, after, same, beside, none, one];
    assert_eq!(
        not_tried("edges-all", &parts.concat()),
        Vec::<String>::new()
    );
    // Each block is needed: without it exactly its sides are missing.
    let without_last: Vec<&str> = parts
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != 2)
        .map(|(_, part)| part.as_str())
        .collect();
    assert_eq!(
        not_tried("edges-part", &without_last.concat()),
        ["left: n < 3, on it", "length: as_of > d + 14, on it"]
    );
}
