//! Programs that are wrong: each says which codes it expects, and its golden file shows sources and messages.

use crate::harness::{Files, golden};
use polc::diagnostics::{Code, Diagnostic, Format, Severity, render};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/diagnostics")
}

/// A case: one file, or a folder whose program is `program.pol` or the folder `program`.
struct Case {
    path: PathBuf,
    files: Files,
    program: &'static str,
}

impl Case {
    fn new(path: PathBuf) -> Option<Case> {
        if path.is_dir() {
            let mut files = Files::default();
            collect(&path, "", &mut files);
            let program = match files.0.contains_key("program.pol") {
                true => "program.pol",
                false => "program",
            };
            return Some(Case {
                path,
                files,
                program,
            });
        }
        let files = Files::one(fs::read(&path).unwrap());
        path.extension()
            .is_some_and(|ending| ending == "pol")
            .then_some(Case {
                path,
                files,
                program: "t.pol",
            })
    }

    /// The codes its first line names.
    fn expected(&self) -> BTreeSet<String> {
        let first = match self.program {
            "program" => "program/program.pol",
            file => file,
        };
        expected(self.files.text(first))
    }

    /// What it says, for the golden file.
    fn sources(&self) -> String {
        if self.path.is_file() {
            return self.files.text(self.program).to_owned();
        }
        let named = |path: &String| format!("== {path}\n{}", self.files.text(path));
        self.files.0.keys().map(named).collect()
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.0.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn cases() -> Vec<Case> {
    let mut found = Vec::new();
    for topic in fs::read_dir(folder()).unwrap() {
        for case in fs::read_dir(topic.unwrap().path()).unwrap() {
            found.push(case.unwrap().path());
        }
    }
    found.sort();
    found.into_iter().filter_map(Case::new).collect()
}

fn expected(text: &str) -> BTreeSet<String> {
    let first = text.lines().next().unwrap_or_default();
    let codes = first
        .strip_prefix("# expect:")
        .expect("a case begins with `# expect:` and the codes of its errors");
    codes.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn every_case_says_what_it_should() {
    let all = cases();
    assert!(all.len() >= 80, "only {} cases", all.len());
    let mut wrong = Vec::new();
    for case in all {
        let name = case.path.file_stem().unwrap().to_string_lossy();
        let compilation = polc::pipeline::check(&case.files, case.program);
        let found: BTreeSet<String> = compilation
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity() == Severity::Error)
            .map(|diagnostic| diagnostic.code.number().to_owned())
            .collect();
        if found != case.expected() {
            wrong.push(format!(
                "{}: expected {:?}, found {found:?}",
                case.path.display(),
                case.expected()
            ));
        }
        let shown = render(
            &compilation.diagnostics,
            &compilation.sources,
            Format::Text { color: false },
        );
        let text = format!("{}---\n{shown}", case.sources());
        golden(case.path.parent().unwrap(), &name, &text);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_edit_that_is_offered_mends_its_finding() {
    let mut seen = 0;
    for case in cases() {
        let before = polc::pipeline::check(&case.files, case.program);
        for finding in &before.diagnostics {
            let Some(fix) = &finding.fix else { continue };
            let path = &before.sources.get(fix.span.file).unwrap().path;
            let mut text = case.files.text(path).to_owned();
            text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
            let mut files = case.files.clone();
            files.0.insert(path.clone(), text.into_bytes());
            let after = polc::pipeline::check(&files, case.program);
            let count = |list: &[Diagnostic]| {
                let same = |other: &&Diagnostic| other.code == finding.code;
                list.iter().filter(same).count()
            };
            assert!(
                count(&after.diagnostics) < count(&before.diagnostics),
                "{}: {} stays with {:?}",
                case.path.display(),
                finding.message,
                fix.text
            );
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} edits");
}

#[test]
fn every_code_has_a_golden_case_and_a_page() {
    let mut golden = String::new();
    let mut folders = vec![folder().join("..")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "snap") {
                golden += &fs::read_to_string(path).unwrap();
            }
        }
    }
    for code in Code::ALL {
        let (page, told) = (code.page(), format!("{} {}", code.number(), code.slug()));
        assert!(page.starts_with(&format!("# {told}\n")), "{page}");
        // What the command line alone says is tested with it.
        let alone = matches!(
            code,
            Code::BadIr | Code::BadUsage | Code::TestExpectsNothing
        );
        assert!(
            alone || golden.contains(&told),
            "no golden case shows {told}"
        );
    }
}

/// Texts that no case can hold: name, and what stands in the file.
fn unreadable() -> [(&'static str, Vec<u8>); 4] {
    let deep = "(".repeat(100_000) + "1" + &")".repeat(100_000);
    [
        ("an-empty-file", Vec::new()),
        ("bytes-that-are-no-text", vec![b'#', b' ', 0xff, b'\n']),
        ("a-file-that-is-too-large", vec![b'#'; 9 * 1024 * 1024]),
        (
            "a-hundred-thousand-brackets",
            format!("program t \"t\" version 1\ndecision a = {deep}\n").into(),
        ),
    ]
}

#[test]
fn texts_no_case_file_can_hold() {
    for (name, bytes) in unreadable() {
        let compilation = Files::one(bytes).compile("t.pol");
        let format = Format::Text { color: false };
        let shown = render(&compilation.diagnostics, &compilation.sources, format);
        let short: Vec<String> = shown
            .lines()
            .map(|line| line.chars().take(100).collect())
            .collect();
        golden(&folder().join("../unreadable"), name, &short.join("\n"));
        assert!(compilation.program.is_none(), "{name}");
    }
    let elsewhere = Files::one("program t \"t\" version 1\n").compile("elsewhere.pol");
    let codes = elsewhere
        .diagnostics
        .iter()
        .map(|found| found.code.number());
    assert_eq!(codes.collect::<Vec<_>>(), ["P0105"]);
}

#[test]
fn lines_may_end_either_way_and_text_may_be_in_any_script() {
    let text = "program t \"Партнёры 伙伴\" version 1\r\nfact b: bool \"naïve – ok\"\r\ndecision a = b\r\n";
    let compilation = Files::one(text).compile("t.pol");
    assert_eq!(compilation.diagnostics, []);
}

#[test]
fn the_edit_of_what_was_written_on_next_compiles() {
    let path = folder().join("lifecycles/the-next-item.pol");
    let mut files = Files::one(fs::read(path).unwrap());
    files.fixed("t.pol", Code::SyntaxError);
    let text = files.text("t.pol");
    assert!(
        text.contains("on each round of rounds by .begun_on -> running"),
        "{text}"
    );
    files.program("t.pol");
}
