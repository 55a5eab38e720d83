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
