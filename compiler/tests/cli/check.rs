//! `polc check`, `polc test` and `polc fmt`.

use super::{folder, polc, status, text};

#[test]
fn check_test_and_fmt_fail_when_something_is_wrong() {
    let folder = folder("verbs");
    assert_eq!(
        status(&polc(
            &folder,
            &["check", "small", "--deny", "warnings"],
            ""
        )),
        0
    );
    assert_eq!(
        status(&polc(&folder, &["test", "small", "--coverage"], "")),
        0
    );
    assert_eq!(status(&polc(&folder, &["fmt", "small"], "")), 0);
    assert_eq!(status(&polc(&folder, &["fmt", "small", "--check"], "")), 0);
    let path = folder.join("small/small.pol");
    let good = std::fs::read_to_string(&path).unwrap();

    std::fs::write(&path, good.replace("10% when large", "11% when large")).unwrap();
    let output = polc(&folder, &["test", "small"], "");
    assert_eq!(status(&output), 1);
    assert!(
        text(&output.stdout).contains("discount: expected 10, got 11"),
        "{}",
        text(&output.stdout)
    );

    std::fs::write(
        &path,
        good.replace("fact total: money", "fact total:   money"),
    )
    .unwrap();
    assert_eq!(status(&polc(&folder, &["fmt", "small", "--check"], "")), 1);

    std::fs::write(&path, good.replacen("expect discount", "expect dicount", 1)).unwrap();
    let output = polc(&folder, &["check", "small"], "");
    assert_eq!(status(&output), 1);
    for says in ["P0802 bad-test", "did you mean `discount`?"] {
        assert!(
            text(&output.stdout).contains(says),
            "{}",
            text(&output.stdout)
        );
    }

    std::fs::write(&path, good.replace("when large", "when lrge")).unwrap();
    for (format, says) in [
        ("text", "did you mean `large`?"),
        ("json", "\"code\": \"P0301\""),
        ("sarif", "\"ruleId\": \"P0301\""),
        ("github", "::error file=small/small.pol,line="),
    ] {
        let output = polc(&folder, &["check", "small", "--format", format], "");
        assert_eq!(status(&output), 1, "{format}");
        assert!(
            text(&output.stdout).contains(says),
            "{format}: {}",
            text(&output.stdout)
        );
    }
    assert_eq!(
        status(&polc(&folder, &["eval", "small", "--facts", "-"], "{}")),
        1
    );

    let nothing = good.replace("expect discount", "note           ");
    std::fs::write(
        &path,
        nothing
            .replace("| 10%             |", "| \"ten\"           |")
            .replace("| 0%              |", "| \"none\"          |"),
    )
    .unwrap();
    let output = polc(&folder, &["test", "small"], "");
    assert_eq!(status(&output), 1);
    assert!(
        text(&output.stdout).contains("P0801"),
        "{}",
        text(&output.stdout)
    );
}

/// Slips in two lines of a file, and one that nobody can mend for the author.
const SLIPS: &str = "\
program slips \"Slips\" version 1
fact n: int
fact day: date
decision same: bool = n == 1
decision late: bool = day > 31.12.2026
decision unclear: bool = day > 05/06/2026
";

#[test]
fn check_mends_what_is_certain_and_shows_it_first() {
    let folder = folder("mends");
    let file = folder.join("small/small.pol");
    std::fs::write(&file, SLIPS).unwrap();
    let shown = polc(&folder, &["check", "small", "--fix=show"], "");
    assert_eq!(status(&shown), 1);
    let diff = "\
--- small/small.pol
+++ small/small.pol
@@ -4,1 +4,1 @@
-decision same: bool = n == 1
+decision same: bool = n = 1
@@ -5,1 +5,1 @@
-decision late: bool = day > 31.12.2026
+decision late: bool = day > 2026-12-31
";
    assert!(
        text(&shown.stdout).starts_with(diff),
        "{}",
        text(&shown.stdout)
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), SLIPS);

    let made = polc(&folder, &["check", "small", "--fix"], "");
    assert_eq!(status(&made), 1, "one finding is left");
    let (out, err) = (text(&made.stdout), text(&made.stderr));
    assert!(
        out.contains("+decision late: bool = day > 2026-12-31\n"),
        "{out}"
    );
    assert!(out.contains("`05/06/2026` is no date"), "{out}");
    assert!(err.contains("2 fixes in 1 file made"), "{err}");
    assert!(err.contains("1 program checked: 1 error, "), "{err}");
    let mended = std::fs::read_to_string(&file).unwrap();
    assert!(
        mended.contains("n = 1\n") && mended.contains("05/06/2026"),
        "{mended}"
    );
}
