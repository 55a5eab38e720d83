//! Slips that come from other languages, from word processors and from version control: each at several places of
//! a program gives one finding that touches it, and where an edit is offered, making it mends the program.

mod table;

use crate::harness::{Files, errors, golden};
use polc::diagnostics::{Diagnostic, Format, render};
use polc::pipeline::Compilation;
use std::path::Path;
use table::{HEAD, SLIPS, Slip};

/// A program with and without the slip, and where the slip begins and ends.
struct Case {
    wrong: String,
    right: String,
    slip: std::ops::Range<usize>,
}

impl Case {
    fn new((place, wrong, right): Slip) -> Case {
        let place = format!("{HEAD}{place}");
        let marked = place.replacen('@', wrong, 1);
        let start = marked.find('⟦').expect("the slip is marked");
        let end = marked.find('⟧').expect("the slip is marked") - '⟦'.len_utf8();
        Case {
            wrong: marked.replace(['⟦', '⟧'], ""),
            right: place.replacen('@', right, 1),
            slip: start..end,
        }
    }
}

fn touches(finding: &Diagnostic, slip: &std::ops::Range<usize>) -> bool {
    let span = finding.labels[0].span;
    (span.start as usize) < slip.end
        && slip.start < (span.end as usize).max(span.start as usize + 1)
}

fn with_its_edit(text: &str, finding: &Diagnostic) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let mut text = text.to_owned();
    text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
    Some(text)
}

fn compiled(text: &str) -> Compilation {
    polc::pipeline::check(&Files::one(text), "t.pol")
}

/// What is wrong with how a slip is reported; empty when nothing is.
fn faults(case: &Case, found: &Compilation) -> Vec<String> {
    let right = compiled(&case.right);
    let mut faults = Vec::new();
    if right.program.is_none() {
        faults.push(format!("what is meant does not check:\n{}", errors(&right)));
    }
    let [finding] = found.diagnostics.as_slice() else {
        faults.push(format!("{} findings", found.diagnostics.len()));
        return faults;
    };
    if !touches(finding, &case.slip) {
        faults.push("the finding stands elsewhere".to_owned());
    }
    if finding.help.is_none() {
        faults.push("no help".to_owned());
    }
    if let Some(text) = with_its_edit(&case.wrong, finding) {
        let mended = compiled(&text);
        if mended.program.is_none() {
            faults.push(format!("with the edit:\n{text}\n{}", errors(&mended)));
        }
    }
    faults
}

#[test]
fn each_slip_gives_one_finding_where_it_stands_and_edits_that_mend_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/slips");
    let (mut wrong, mut texts) = (Vec::new(), Vec::new());
    for (name, places) in SLIPS {
        assert!(
            places.len() >= 3,
            "{name} stands at {} places",
            places.len()
        );
        let mut shown = String::new();
        for slip in *places {
            let case = Case::new(*slip);
            let found = compiled(&case.wrong);
            let text = render(
                &found.diagnostics,
                &found.sources,
                Format::Text { color: false },
            );
            for fault in faults(&case, &found) {
                wrong.push(format!("{name}, {:?}: {fault}\n{text}", slip.1));
            }
            shown.push_str(&text);
            if let [finding] = found.diagnostics.as_slice()
                && let Some(fix) = &finding.fix
            {
                shown.push_str(&format!("  edit: {:?}\n\n", fix.text));
            }
        }
        texts.push((name, shown));
    }
    assert!(
        wrong.is_empty(),
        "{} faults\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    for (name, shown) in texts {
        golden(&folder, name, &shown);
    }
}
