//! `polc graph`.

use super::{first_lines, folder, polc, root, status, text};

#[test]
fn graph_draws_a_lifecycle_or_what_a_decision_reads() {
    let connect = "policies/connect";
    for (more, begins) in [
        (
            &[][..],
            "stateDiagram-v2\n  %% Place in the program\n  state \"not applied\" as s0\n",
        ),
        (
            &["--format", "mermaid"],
            "stateDiagram-v2\n  %% Place in the program\n  state \"not applied\" as s0\n",
        ),
        (
            &["--format", "dot"],
            "digraph \"Place in the program\" {\n  rankdir=TB;",
        ),
        (
            &["--decision", "application_admissible"],
            "flowchart LR\n  d",
        ),
        (&["--all"], "flowchart LR\n"),
        (
            &["--decision", "title", "--format", "dot"],
            "digraph \"connect\" {\n  rankdir=LR;",
        ),
        (&["--all", "--format", "dot"], "digraph \"connect\" {\n"),
    ] {
        let mut arguments = vec!["graph", connect];
        arguments.extend(more);
        let output = polc(&root(), &arguments, "");
        assert_eq!(status(&output), 0, "{more:?}");
        assert!(
            text(&output.stdout).starts_with(begins),
            "{more:?}: {}",
            first_lines(&output, 4)
        );
        assert!(output.stderr.is_empty(), "{more:?}");
    }
    // The lifecycle is whole: each way in, each end.
    let picture = text(&polc(&root(), &["graph", connect], "").stdout);
    for line in [
        "state \"removed\" as s14",
        "s14 --> [*]",
        "s6 --> s15: late after listing period ends on unless reached 40",
    ] {
        assert!(picture.contains(line), "{line} in\n{picture}");
    }
    // A picture shows one lifecycle; where there are several, one is chosen.
    let partners = "policies/technology_partner";
    let several = polc(&root(), &["graph", partners], "");
    assert_eq!(status(&several), 2);
    assert!(several.stdout.is_empty());
    assert!(text(&several.stderr).contains("`--lifecycle`: activation, program_status"));
    for (name, begins, code) in [
        (
            "activation",
            "stateDiagram-v2\n  %% From an offered tier",
            0,
        ),
        (
            "program_status",
            "stateDiagram-v2\n  %% Place in the program",
            0,
        ),
        ("activtion", "", 2),
    ] {
        let output = polc(&root(), &["graph", partners, "--lifecycle", name], "");
        assert_eq!(status(&output), code, "{name}");
        assert!(text(&output.stdout).starts_with(begins), "{name}");
        let drawn = text(&output.stdout).matches("stateDiagram").count();
        assert_eq!(drawn, usize::from(code == 0), "{name}");
    }
    // What has no lifecycle still has decisions.
    let output = polc(&folder("drawn"), &["graph", "small", "--all"], "");
    assert_eq!(status(&output), 0);
    assert!(text(&output.stdout).starts_with("flowchart LR\n"));
}
