//! Facts that do not fit: each file of `cases/facts` and what is said about it.

use crate::harness::{Files, golden};
use polc::report::faults;
use polc_runtime::facts::Facts;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/facts")
}

/// These fit, in ways one might doubt.
const FIT: [&str; 1] = ["numbers-in-every-form"];

#[test]
fn what_does_not_fit_is_named_with_its_place() {
    let program = Files::one(fs::read(folder().join("program.pol")).unwrap()).program("t.pol");
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    assert!(files.len() >= 40, "only {} cases", files.len());
    for path in files {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let bytes = fs::read(&path).unwrap();
        let said = match Facts::from_slice(program.ir(), &bytes) {
            Err(found) => faults::text(&found),
            Ok(facts) => match faults::day(None, facts.as_of()) {
                Ok(_) => String::new(),
                Err(why) => format!("error: {why}\n"),
            },
        };
        assert_eq!(said.is_empty(), FIT.contains(&name), "{name}: {said}");
        golden(&folder(), name, &said);
    }
}
