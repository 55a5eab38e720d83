//! `polc why`.

use super::{folder, polc, root, status, text};

#[test]
fn why_takes_one_partner_of_several_all_decisions_and_two_days() {
    let folder = folder("why_flags");
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let source = readme.split("```pol\n").nth(1).unwrap();
    std::fs::write(
        folder.join("tiers.pol"),
        source.split("```").next().unwrap(),
    )
    .unwrap();
    let line = |id: &str, revenue: &str| {
        format!(
            "{{\"id\":\"{id}\",\"as_of\":\"2026-12-31\",\"revenue\":\"{revenue}\",\"certified\":false}}\n"
        )
    };
    let all = [line("acme", "210000.00"), line("birch", "60000.00")].concat();
    std::fs::write(folder.join("partners.jsonl"), all).unwrap();
    let why = |more: &[&str]| {
        let mut arguments = vec!["why", "tiers.pol", "--facts", "partners.jsonl"];
        arguments.extend(more);
        polc(&folder, &arguments, "")
    };
    let output = why(&["--id", "birch", "--decision", "tier"]);
    assert_eq!(status(&output), 0);
    assert!(
        text(&output.stdout)
            .starts_with("birch, as of 2026-12-31\n\nThe partner's tier (tier): silver\n")
    );
    // Every decision is told, in a few lines.
    assert!(
        text(&why(&["--id", "birch"]).stdout).starts_with("The partner's tier (tier): silver\n")
    );
    // The day after, the waiver is over.
    let output = why(&[
        "--id",
        "acme",
        "--decision",
        "tier",
        "--compare",
        "2027-01-01",
    ]);
    let printed = text(&output.stdout);
    assert!(
        printed.contains("The partner's tier (tier): gold, then silver\n"),
        "{printed}"
    );
    assert!(printed.contains("  first year: applies"), "{printed}");
    let output = why(&[
        "--id",
        "acme",
        "--compare",
        "2027-01-01",
        "--format",
        "json",
    ]);
    assert!(
        text(&output.stdout).contains("\"after\""),
        "{}",
        text(&output.stdout)
    );
    for (more, says) in [
        (&[][..], "name one with `--id`"),
        (&["--id", "nobody"], "holds no partner `nobody`"),
        (&["--id", "acme", "--compare", "2027-02-30"], "2027-02-30"),
    ] {
        let output = why(more);
        assert_eq!(status(&output), 2, "{more:?}");
        assert!(
            text(&output.stderr).contains(says),
            "{}",
            text(&output.stderr)
        );
    }
}
