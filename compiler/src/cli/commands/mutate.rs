//! `polc test --mutate`

use super::eval::pretty;
use super::test::{Arguments, Format};
use crate::cli::disk::{self, Disk, Found};
use crate::cli::{Color, FAILED, FINE, err, err_coloured, out, usage};
use crate::diagnostics;
use crate::mutation::{self, Equal, Lines, Progress, Report, Selection};
use crate::pipeline::Parsed;
use crate::report::terminal::within_line;
use crate::testing;
use polc_runtime::Program;
use serde_json::json;
use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// Of the mutants that count at most so many may be listed as equal, in tenths of a percent.
const MOST_EQUAL: usize = 20;

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    let programs = match disk::paths(&arguments.paths) {
        Ok(programs) => programs,
        Err(message) => return usage(&message),
    };
    let selection = match selection(arguments) {
        Ok(selection) => selection,
        Err(message) => return usage(&message),
    };
    let least = match arguments.least.as_deref().map(tenths) {
        None => None,
        Some(Some(least)) => Some(least),
        Some(None) => {
            return usage("`--least` takes a percentage up to 100, such as `95` or `97.5`");
        }
    };
    let mut failed = false;
    let mut reports = Vec::new();
    for found in programs.iter().filter(|found| !found.module) {
        let Some(report) = program(found, &selection, color) else {
            failed = true;
            continue;
        };
        failed |= !report.faults().is_empty();
        failed |= report.whole && report.equal_share() > MOST_EQUAL;
        failed |= least.is_some_and(|least| report.score() < least);
        match arguments.format {
            Format::Text => {
                out(&report.text(&found.path));
                if report.whole && report.equal_share() > MOST_EQUAL {
                    err(&format!(
                        "{}: more than {}.{} % of the mutants are listed as equal\n",
                        found.path,
                        MOST_EQUAL / 10,
                        MOST_EQUAL % 10
                    ));
                }
            }
            Format::Json => reports.push((&found.path, report)),
        }
    }
    if arguments.format == Format::Json {
        let written = reports.iter().map(|(path, report)| report.written(path));
        let written: Vec<_> = written.collect();
        out(&pretty(&json!({ "format": 1, "programs": written })));
    }
    if failed { FAILED } else { FINE }
}

/// The mutants of one program; nothing when it does not check or its tests fail, which is printed.
fn program(found: &Found, selection: &Selection, color: Color) -> Option<Report> {
    let parsed = Parsed::read(&Disk::default(), &found.path);
    let compilation = parsed.compile();
    let Some(compiled) = compilation.program else {
        let format = diagnostics::Format::Text {
            color: color.on_stderr(),
        };
        err_coloured(&diagnostics::render(
            &compilation.diagnostics,
            &compilation.sources,
            format,
        ));
        return None;
    };
    let program = match Program::new(compiled.ir) {
        Ok(program) => program,
        Err(error) => {
            let error = error.to_string();
            err(&format!("error P0902 bad-ir: {}\n", within_line(&error)));
            return None;
        }
    };
    let report = testing::run(&program, &compiled.tests, &compilation.sources);
    if !report.passed() {
        err(&report.text(&found.path, false));
        err(&format!(
            "{}: its tests fail, so they say nothing of mutants\n",
            found.path
        ));
        return None;
    }
    let list = list_path(&found.path);
    let listed = fs::read_to_string(&list)
        .map_or_else(|_| Equal::default(), |text| Equal::read(&list, &text));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let terminal = std::io::stderr().is_terminal();
    let shown = Mutex::new(0);
    let progress = |progress: Progress| show(&found.path, terminal, &shown, progress);
    let report = mutation::run(&parsed, selection, &listed, threads, &progress);
    if terminal {
        err_coloured("\r\x1b[K");
    }
    Some(report)
}

/// One line on a terminal, written over as the run goes on, once for each percent.
fn show(path: &str, terminal: bool, shown: &Mutex<usize>, progress: Progress) {
    let percent = progress.done * 100 / progress.of.max(1);
    if !terminal {
        return;
    }
    if let Ok(mut shown) = shown.lock()
        && percent > *shown
    {
        *shown = percent;
        let path = within_line(path);
        err_coloured(&format!(
            "\r\x1b[K{path}: {} of {} mutants, {} survived",
            progress.done, progress.of, progress.survived
        ));
    }
}

/// Where the equal mutants of a program are listed: in its folder, or beside its file.
fn list_path(path: &str) -> String {
    if Path::new(path).is_dir() {
        format!("{}/equal.mutants", path.trim_end_matches('/'))
    } else {
        format!("{}.equal.mutants", path.trim_end_matches(".pol"))
    }
}

fn selection(arguments: &Arguments) -> Result<Selection, String> {
    let share = arguments.share.as_deref().map(share).transpose()?;
    let lines = arguments.since.as_deref().map(changed).transpose()?;
    Ok(Selection {
        lines,
        share,
        within: arguments.within.clone(),
    })
}

/// `3/10`: the third of ten parts.
fn share(written: &str) -> Result<(usize, usize), String> {
    let parts = written.split_once('/');
    let parts = parts.and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((part, of)) if part >= 1 && part <= of => Ok((part, of)),
        _ => Err(format!(
            "`--share {written}` is not K/N; write `1/10` for the first of ten parts"
        )),
    }
}

/// A percentage in tenths.
fn tenths(written: &str) -> Option<usize> {
    let (whole, tenth) = written.split_once('.').unwrap_or((written, "0"));
    let tenth = (tenth.len() == 1).then(|| tenth.parse::<usize>().ok())??;
    let tenths = whole.parse::<usize>().ok()?.checked_mul(10)? + tenth;
    (tenths <= 1000).then_some(tenths)
}

/// Lines changed since a revision, by file; no list for a file that git does not know yet.
fn changed(revision: &str) -> Result<Lines, String> {
    if revision.starts_with('-') {
        return Err(format!("`--since {revision}` is no revision"));
    }
    let diff = git(&[
        "diff",
        "--unified=0",
        "--no-color",
        "--no-ext-diff",
        "--no-prefix",
        "--relative",
        revision,
        "--",
        ".",
    ])?;
    let mut changed = hunks(&diff);
    for path in git(&["ls-files", "--others", "--exclude-standard"])?.lines() {
        changed.insert(path.to_owned(), None);
    }
    Ok(changed)
}

/// The new lines of each file of a diff. Where lines are only taken away, those around count.
fn hunks(diff: &str) -> Lines {
    let mut changed = Lines::new();
    let mut path = String::new();
    for line in diff.lines() {
        if let Some(name) = line.strip_prefix("+++ ") {
            path = name.trim_end_matches('\t').to_owned();
        } else if let Some(hunk) = line.strip_prefix("@@ ")
            && let Some(new) = hunk
                .split_whitespace()
                .find_map(|part| part.strip_prefix('+'))
        {
            let (start, count) = new.split_once(',').unwrap_or((new, "1"));
            let (Ok(start), Ok(count)) = (start.parse::<usize>(), count.parse::<usize>()) else {
                continue;
            };
            let end = if count == 0 {
                start + 1
            } else {
                start + count - 1
            };
            let lines = changed
                .entry(path.clone())
                .or_insert_with(|| Some(Vec::new()));
            lines.iter_mut().for_each(|lines| lines.push((start, end)));
        }
    }
    changed
}

fn git(arguments: &[&str]) -> Result<String, String> {
    let done = Command::new("git").args(arguments).output();
    let done = done.map_err(|error| format!("`--since` needs git: {}", disk::words(&error)))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        let first = said.lines().next().unwrap_or("it says nothing");
        return Err(format!("`--since` needs git: {first}"));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_diff() {
        let diff = "diff --git a.pol a.pol\n--- a.pol\n+++ a.pol\n@@ -3 +3,2 @@ x\n-a\n+b\n+c\n@@ -9,2 +10,0 @@\n";
        let expected = Lines::from([("a.pol".to_owned(), Some(vec![(3, 4), (10, 11)]))]);
        assert_eq!(hunks(diff), expected);
    }

    #[test]
    fn parts_and_percentages() {
        assert_eq!(share("3/10"), Ok((3, 10)));
        for wrong in ["0/10", "11/10", "3", "a/b", "1/0"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
        assert_eq!(tenths("95"), Some(950));
        assert_eq!(tenths("97.5"), Some(975));
        for wrong in ["101", "9.55", "x", "", "95."] {
            assert_eq!(tenths(wrong), None, "{wrong}");
        }
    }
}
