//! Damaged inputs: sources, facts and built programs with bytes changed, cut out, put in, swapped and repeated.
//! Whatever comes of it, nothing panics and nothing is silent: there is a program or a finding, facts or a fault,
//! an answer for each decision or the reason why there is none. A case that takes too long fails.

use crate::harness::{
    ACCREDITATION, CONDUCT, CONNECT, Files, TECHNOLOGY_PARTNER, day, root, shipped,
};
use crate::run::{Census, Random, cases, is_full};
use polc::diagnostics::{self, Severity};
use polc::format;
use polc::report::terminal;
use polc_runtime::facts::Facts;
use polc_runtime::{Options, Program};
use sha2::{Digest, Sha256};
use std::time::{Duration, Instant};

/// No case takes longer in a release build.
const LONGEST: Duration = Duration::from_secs(10);
/// The same where the tests are built another way, and run beside others.
const LONGEST_IN_TESTS: Duration = Duration::from_secs(60);
/// No case takes more memory, in KiB.
const MOST_MEMORY: u64 = 1 << 20;

/// What is put in: what has a meaning somewhere, and what has none anywhere.
const PIECES: [&[u8]; 28] = [
    b"\"",
    b"{",
    b"}",
    b"[[[[[[[[",
    b"(((((((((((((((((((",
    b"]",
    b"|",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xe2\x80",
    b"\xe2\x80\xae",
    b"\x1b[2J",
    b"99999999999999999999999999",
    b"-1",
    b"1e999",
    b"0000-00-00",
    b"9999-12-31",
    b"null",
    b" not ",
    b" when ",
    b" of ",
    b"->",
    b"- - - - -",
    b"..",
    b"#",
    b"\\u0000",
];

/// One to four kinds of damage at random places.
fn damaged(bytes: &[u8], random: &mut Random, census: &mut Census) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.within(1, 4) {
        let length = bytes.len() as u64;
        let at = random.below(length + 1) as usize;
        let end = (at + random.below(40) as usize).min(bytes.len());
        let kind = [
            "flip",
            "cut out",
            "put in",
            "repeat",
            "swap",
            "cut short",
            "number",
        ][random.below(7) as usize];
        census.count(kind);
        match kind {
            "flip" if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            "cut out" => drop(bytes.drain(at..end)),
            "put in" => {
                let piece = *random.pick(&PIECES);
                bytes.splice(at..at, piece.iter().copied());
            }
            "repeat" => {
                let piece = bytes[at..end].repeat(random.within(1, 30) as usize);
                bytes.splice(at..at, piece);
            }
            "swap" if at < end => bytes[at..end].reverse(),
            "cut short" if random.chance(30) => bytes.truncate(at),
            "number" => {
                let digit = (at..bytes.len()).find(|at| bytes[*at].is_ascii_digit());
                if let Some(digit) = digit {
                    bytes[digit] = b'0' + random.below(10) as u8;
                }
            }
            _ => {}
        }
    }
    bytes
}

/// Fails when a case took too long.
fn timed<T>(what: &str, case: u64, run: impl FnOnce() -> T) -> T {
    let release = is_full() && !cfg!(debug_assertions);
    let longest = if release { LONGEST } else { LONGEST_IN_TESTS };
    let began = Instant::now();
    let result = run();
    let lasted = began.elapsed();
    assert!(lasted < longest, "{what}, case {case}: {lasted:?}");
    result
}

/// Fails when all cases so far took more memory at once than one may; where the system tells.
fn within_memory() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let most = most.and_then(|most| most.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    println!("most memory: {most:?} KiB");
    // In full they run alone; else beside others.
    assert!(!is_full() || most.is_none_or(|most| most < MOST_MEMORY));
}

/// Every answer of a program says something.
fn answers(program: &Program, facts: &Facts, census: &mut Census) {
    // Damage may make something costly of anything; what is shown here is that it ends, and tells.
    let mut options = Options::default();
    options.limits.steps = 200_000;
    let mut evaluation = program.evaluate(facts, day("2026-06-01"), &options);
    let report = evaluation.report(None).json();
    for (name, outcome) in report["decisions"].as_object().unwrap() {
        let status = outcome["status"]
            .as_str()
            .unwrap_or_else(|| panic!("{name}: {outcome}"));
        census.count(format!("answer: {status}"));
        if matches!(status, "error" | "not_applicable") {
            assert!(
                !outcome["because"].as_str().unwrap().is_empty(),
                "{name}: {outcome}"
            );
        }
    }
}

const SMALL: &str = include_str!("../../../compiler/src/cli/commands/new_program.pol");

/// The sources that are damaged: one file each, with the rest of its program.
fn sources() -> Vec<(Files, String, String)> {
    let mut found = vec![(Files::one(SMALL), "t.pol".to_owned(), "t.pol".to_owned())];
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        let files = Files::rules(folder);
        for path in files.0.keys() {
            found.push((files.clone(), path.clone(), folder.to_owned()));
        }
    }
    found
}

#[test]
fn damaged_sources_are_told() {
    let sources = sources();
    let mut census = Census::default();
    for case in 0..cases(15_000, 40) {
        let mut random = Random::of_case("damaged sources", case);
        // Mostly one file by itself, which is read in no time; a tenth with its whole program.
        let (files, path, folder) = random.pick(&sources);
        let bytes = damaged(&files.0[path], &mut random, &mut census);
        let whole = random.chance(10);
        let (files, path) = if whole {
            let mut files = files.clone();
            files.0.insert(path.clone(), bytes.clone());
            (files, folder.as_str())
        } else {
            (Files::one(bytes.clone()), "t.pol")
        };
        let compilation = timed("source", case, || files.compile(path));
        let errors = compilation
            .diagnostics
            .iter()
            .any(|found| found.severity() == Severity::Error);
        assert_eq!(
            errors,
            compilation.program.is_none(),
            "case {case}: silence"
        );
        census.count(if errors { "refused" } else { "taken" });
        let told = diagnostics::render(
            &compilation.diagnostics,
            &compilation.sources,
            diagnostics::Format::Text { color: false },
        );
        assert!(
            !told
                .chars()
                .any(|letter| terminal::steers(letter) && letter != '\n'),
            "case {case}"
        );
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = timed("layout", case, || format::format(text));
        }
        if let Some(compiled) = compilation.program {
            let program = Program::new(compiled.ir).unwrap();
            let facts = Facts::from_json(program.ir(), "{}").unwrap();
            timed("answer", case, || answers(&program, &facts, &mut census));
        }
    }
    census.expect(
        &[
            "refused", "flip", "cut out", "put in", "repeat", "swap", "number",
        ],
        50,
    );
    within_memory();
}

#[test]
fn damaged_facts_are_told() {
    let mut examples = Vec::new();
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        for entry in std::fs::read_dir(root().join(folder).join("examples")).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            examples.push((folder, bytes));
        }
    }
    let mut census = Census::default();
    for case in 0..cases(20_000, 100) {
        let mut random = Random::of_case("damaged facts", case);
        let (folder, bytes) = random.pick(&examples);
        let bytes = damaged(bytes, &mut random, &mut census);
        let program = shipped(folder);
        match timed("facts", case, || Facts::from_slice(program.ir(), &bytes)) {
            Ok(facts) => {
                census.count("taken");
                timed("answer", case, || answers(program, &facts, &mut census));
            }
            Err(faults) => {
                census.count("refused");
                assert!(!faults.is_empty(), "case {case}: silence");
                for fault in faults {
                    assert!(
                        !fault.to_string().is_empty() && !fault.help.is_empty(),
                        "case {case}: {fault}"
                    );
                }
            }
        }
    }
    census.expect(
        &[
            "refused", "taken", "flip", "cut out", "put in", "repeat", "swap", "number",
        ],
        50,
    );
    within_memory();
}

/// A built program whose body was damaged, under a header that vouches for it.
fn vouched(body: &[u8]) -> Vec<u8> {
    let sum: String = Sha256::digest(body)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let version = polc_runtime::ir::FORMAT_VERSION;
    let mut bytes = format!("pol-ir {version} {sum} {}\n", body.len()).into_bytes();
    bytes.extend(body);
    bytes
}

#[test]
fn damaged_built_programs_are_told() {
    let small = Files::one(SMALL).program("t.pol");
    let mut built = vec![polc_runtime::ir::encode(small.whole())];
    built
        .extend([CONNECT, CONDUCT].map(|folder| polc_runtime::ir::encode(shipped(folder).whole())));
    let mut census = Census::default();
    for case in 0..cases(15_000, 60) {
        let mut random = Random::of_case("damaged built", case);
        // The small one mostly: of the large ones only the reading is costly.
        let whole = if random.chance(90) {
            &built[0]
        } else {
            random.pick(&built)
        };
        let body = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let bytes = if random.chance(20) {
            damaged(whole, &mut random, &mut census)
        } else {
            // Only numbers: most other damage is no JSON, and goes no further.
            let mut text = whole[body..].to_vec();
            if random.chance(30) {
                text = damaged(&text, &mut random, &mut census);
            } else {
                for _ in 0..random.within(1, 3) {
                    let from = random.below(text.len() as u64) as usize;
                    if let Some(at) = (from..text.len()).find(|at| text[*at].is_ascii_digit()) {
                        text[at] = b'0' + random.below(10) as u8;
                    }
                }
            }
            vouched(&text)
        };
        match timed("built", case, || Program::load(&bytes)) {
            Ok(program) => {
                census.count("taken");
                let facts = r#"{"order_total": "1200.00", "member_since": "2025-01-01"}"#;
                let facts = Facts::from_json(program.ir(), facts)
                    .or_else(|_| Facts::from_json(program.ir(), "{}"));
                if let Ok(facts) = facts {
                    timed("answer", case, || answers(&program, &facts, &mut census));
                }
            }
            Err(error) => {
                census.count("refused");
                assert!(!error.to_string().is_empty(), "case {case}: silence");
            }
        }
    }
    census.expect(&["refused", "taken"], 50);
    within_memory();
}
