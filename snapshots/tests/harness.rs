//! What the tests share: programs from the disk, with edits made in memory, evaluated on JSON facts.

use polc::diagnostics::{self, Code, Severity};
use polc::pipeline::{self, Compilation, Loader};
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The folder of the Technology Partner Program, as programs name it.
pub const TECHNOLOGY_PARTNER: &str = "policies/technology_partner";
/// The folder of the Connect Program.
pub const CONNECT: &str = "policies/connect";
/// The folder of the Accreditation Standards.
pub const ACCREDITATION: &str = "policies/accreditation";
/// The folder of the Code of Conduct.
pub const CONDUCT: &str = "policies/conduct";
/// What programs share; it comes with each of them.
const SHARED: &str = "policies/shared";

/// The folders of every shipped program and of what they share.
pub const POLICIES: [&str; 5] = [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION, SHARED];

/// Files in memory, by path.
#[derive(Debug, Clone, Default)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl Loader for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let bytes = self.0.get(path).cloned();
        bytes.ok_or_else(|| "it does not exist".to_owned())
    }

    fn folder(&self, path: &str) -> Option<Vec<String>> {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let inside: Vec<String> = self
            .0
            .keys()
            .filter(|name| {
                name.strip_prefix(&prefix)
                    .is_some_and(|rest| !rest.contains('/') && rest.ends_with(".pol"))
            })
            .cloned()
            .collect();
        (!inside.is_empty()).then_some(inside)
    }

    fn below(&self, path: &str) -> Vec<String> {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let named = |name: &&String| {
            name.starts_with(&prefix) && name.to_ascii_lowercase().ends_with(".pol")
        };
        self.0.keys().filter(named).cloned().collect()
    }
}

impl Files {
    /// One file, named `t.pol`.
    pub fn one(text: impl Into<Vec<u8>>) -> Files {
        Files(BTreeMap::from([("t.pol".to_owned(), text.into())]))
    }

    /// The `.pol` files of a folder of the repository and of what all share, without its `tests` files: those
    /// only take time.
    pub fn rules(folder: &str) -> Files {
        let mut files = Files::folder(folder);
        files
            .0
            .retain(|path, _| !path.rsplit('/').next().unwrap_or("").starts_with("tests"));
        files.0.extend(Files::folder(SHARED).0);
        files
    }

    /// The `.pol` files of a folder of the repository and of what all share, tests and all.
    pub fn whole(folder: &str) -> Files {
        let mut files = Files::folder(folder);
        files.0.extend(Files::folder(SHARED).0);
        files
    }

    /// The `.pol` files of a folder of the repository.
    pub fn folder(folder: &str) -> Files {
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "pol") {
                let name = path.file_name().unwrap().to_str().unwrap();
                files.insert(format!("{folder}/{name}"), std::fs::read(&path).unwrap());
            }
        }
        Files(files)
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> &str {
        let bytes = self.0.get(path).unwrap_or_else(|| panic!("no `{path}`"));
        std::str::from_utf8(bytes).unwrap()
    }

    /// Replaces a text that stands exactly once in a file. At most five lines may change.
    pub fn replace(&mut self, path: &str, old: &str, new: &str) -> &mut Files {
        let text = self.text(path).to_owned();
        assert_eq!(text.matches(old).count(), 1, "`{old}` in {path}");
        let changed = text.replacen(old, new, 1);
        let (before, after): (Vec<&str>, Vec<&str>) =
            (text.lines().collect(), changed.lines().collect());
        let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
        let head = before.iter().zip(&after).take_while(same).count();
        let most = before.len().min(after.len()) - head;
        let tail = before.iter().rev().zip(after.iter().rev());
        let tail = tail.take_while(same).count().min(most);
        let lines = (before.len() - head - tail).max(after.len() - head - tail);
        assert!(lines <= 5, "{lines} lines changed in {path}");
        self.0.insert(path.to_owned(), changed.into_bytes());
        self
    }

    /// Makes the edits that findings of a kind offer.
    pub fn fixed(&mut self, program: &str, code: Code) -> &mut Files {
        let compilation = self.compile(program);
        let of_kind = compilation.diagnostics.iter().rev();
        for fix in
            of_kind.filter_map(|finding| (finding.code == code).then_some(finding.fix.as_ref()?))
        {
            let path = &compilation.sources.get(fix.span.file).unwrap().path;
            let mut text = self.text(path).to_owned();
            text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
            self.0.insert(path.clone(), text.into_bytes());
        }
        self
    }

    /// Compiles a folder or a file.
    pub fn compile(&self, path: &str) -> Compilation {
        pipeline::compile(self, path)
    }

    /// Compiles a folder or a file that has no errors.
    pub fn program(&self, path: &str) -> Program {
        let compilation = self.compile(path);
        match compilation.program {
            Some(compiled) => Program::new(compiled.ir).unwrap(),
            None => panic!("{path} does not compile:\n{}", errors(&compilation)),
        }
    }
}

/// The errors of a compilation in words.
pub fn errors(compilation: &Compilation) -> String {
    let errors: Vec<_> = compilation
        .diagnostics
        .iter()
        .filter(|finding| finding.severity() == Severity::Error)
        .cloned()
        .collect();
    diagnostics::render(
        &errors,
        &compilation.sources,
        diagnostics::Format::Text { color: false },
    )
}

/// Compares a text with the golden file `NAME.snap` of a folder.
pub fn golden(folder: &Path, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A program as shipped, compiled once.
pub fn shipped(folder: &'static str) -> &'static Program {
    static PROGRAMS: Mutex<BTreeMap<&str, &Program>> = Mutex::new(BTreeMap::new());
    let mut programs = PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner);
    programs
        .entry(folder)
        .or_insert_with(|| Box::leak(Box::new(Files::rules(folder).program(folder))))
}

/// The Technology Partner Program as shipped.
pub fn technology_partner() -> &'static Program {
    shipped(TECHNOLOGY_PARTNER)
}

/// Facts with changes: each key of the second object stands for that of the first.
pub fn changed(facts: &Json, changes: &Json) -> Json {
    let mut facts = facts.clone();
    for (name, value) in changes.as_object().unwrap() {
        facts[name] = value.clone();
    }
    facts
}

/// A day.
pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|| panic!("`{text}` is no date"))
}

/// The result for JSON facts on a day.
pub fn evaluate(program: &Program, facts: &Json, as_of: &str) -> Json {
    let facts = Facts::from_json(program.ir(), &facts.to_string())
        .unwrap_or_else(|faults| panic!("{faults:?}"));
    program
        .evaluate(&facts, day(as_of), &Options::default())
        .report(None)
        .json()
}

/// One decision of a result: its value, or its status when it is not known.
pub fn decision(result: &Json, name: &str) -> Json {
    let decision = &result["decisions"][name];
    match decision["status"].as_str() {
        Some("known") => decision["value"].clone(),
        Some(status) => Json::from(status),
        None => panic!("no decision `{name}`"),
    }
}

/// A decision on a day is as wanted.
#[track_caller]
pub fn expect(program: &Program, facts: &Json, as_of: &str, name: &str, wanted: &Json) {
    let result = evaluate(program, facts, as_of);
    assert_eq!(
        &decision(&result, name),
        wanted,
        "{name} on {as_of} with {facts}"
    );
}
