//! `polc eval`

use crate::cli::{Color, FAILED, FINE, OPEN, USAGE, err, load, out, streams, usage};
use crate::report::{faults, summary, terminal};
use clap::{Args, ValueEnum};
use polc_runtime::facts::{FactFault, Facts};
use polc_runtime::result::Reply;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program, Report};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::Read;

/// The most bytes taken of the facts of one partner, and of all partners in one run.
const FACTS_LIMIT: usize = 8 * 1024 * 1024;
const POPULATION_LIMIT: usize = 512 * 1024 * 1024;

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 all known, 3 something open, 1 something in error or the program has errors,\n\
2 usage, I/O or facts that do not fit.\n\
Examples:\n  polc eval policies/technology_partner --facts acme.json --as-of 2026-10-15\n  \
polc eval program.polir --facts partners.jsonl --decision eligible_tier --format json"
)]
pub(in crate::cli) struct Arguments {
    /// A folder, a `.pol` file or a built program.
    program: String,
    /// A JSON file, a `.jsonl` file with one partner a line, or `-` for standard input.
    #[arg(long)]
    facts: String,
    /// What standard input holds.
    #[arg(long = "in", value_enum)]
    input: Option<Input>,
    /// Only these decisions.
    #[arg(long = "decision", value_name = "NAME")]
    decisions: Vec<String>,
    /// The day of evaluation.
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// Take a reading another way.
    #[arg(long = "reading", value_name = "NAME=ALTERNATIVE")]
    readings: Vec<String>,
    /// Also show what every other reading would change.
    #[arg(long = "readings", value_enum, value_name = "all")]
    other_readings: Option<Readings>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Input {
    Json,
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Readings {
    All,
}

/// How each partner is evaluated.
struct Ask<'a> {
    program: &'a Program,
    options: Options,
    day: Option<Date>,
    only: Option<&'a [String]>,
    other_readings: bool,
}

impl Ask<'_> {
    /// The result of one partner, with what other readings would change where that is asked.
    fn report(&self, facts: &Facts, as_of: Date) -> Report {
        let mut evaluation = self.program.evaluate(facts, as_of, &self.options);
        let mut report = evaluation.report(self.only);
        if self.other_readings {
            let found = self
                .program
                .alternatives(facts, as_of, &self.options, self.only);
            report.alternatives = Some(found);
        }
        report
    }
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    match evaluate(arguments, color) {
        Ok(status) | Err(status) => status,
    }
}

fn evaluate(arguments: &Arguments, color: Color) -> Result<u8, u8> {
    let program = load::program(&arguments.program, color)?;
    load::decisions(&program, &arguments.decisions)?;
    let options = load::options(&program, &arguments.readings)?;
    let day = load::day(arguments.as_of.as_deref())?;
    let bytes = read_facts(&arguments.facts)?;
    let lines = arguments.input == Some(Input::Jsonl)
        || (arguments.input.is_none() && arguments.facts.ends_with(".jsonl"));
    let only = if arguments.decisions.is_empty() {
        None
    } else {
        Some(arguments.decisions.as_slice())
    };
    let ask = Ask {
        program: &program,
        options,
        day,
        only,
        other_readings: arguments.other_readings.is_some(),
    };
    if lines {
        return Ok(population(&ask, &bytes));
    }
    let facts = facts(&program, &bytes)?;
    let as_of = faults::day(day, facts.as_of()).map_err(|message| usage(&message))?;
    let report = ask.report(&facts, as_of);
    match arguments.format {
        Format::Json => out(&pretty(&report)),
        Format::Text => out(&summary::text(&report, program.ir())),
    }
    Ok(status(&report))
}

/// What `--facts FILE|-` holds.
pub(in crate::cli) fn read_facts(path: &str) -> Result<Vec<u8>, u8> {
    let mut bytes = Vec::new();
    // One byte more than is taken tells what is too large without reading all of it.
    let limit = POPULATION_LIMIT as u64 + 1;
    let read = if path == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    match read {
        Ok(read) if read > POPULATION_LIMIT => Err(usage(&format!(
            "the facts `{path}` have more than {POPULATION_LIMIT} bytes; give them in several runs"
        ))),
        Ok(_) => Ok(bytes),
        Err(error) => Err(usage(&format!(
            "the facts `{path}` cannot be read: {}",
            crate::cli::disk::words(&error)
        ))),
    }
}

/// The facts of one partner; why they cannot be used is printed.
pub(in crate::cli) fn facts(program: &Program, bytes: &[u8]) -> Result<Facts, u8> {
    if bytes.len() > FACTS_LIMIT {
        return Err(usage(&too_large(bytes)));
    }
    Facts::from_slice(program.ir(), bytes).map_err(|faults| show_faults(&faults))
}

fn too_large(bytes: &[u8]) -> String {
    format!(
        "the facts of one partner have {} bytes; at most {FACTS_LIMIT} are read",
        bytes.len()
    )
}

/// Prints why facts do not fit.
fn show_faults(found: &[FactFault]) -> u8 {
    err(&faults::text(found));
    USAGE
}

/// Pretty JSON with a final newline.
pub(in crate::cli) fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{}\n", terminal::json(&text))
}

/// 1 for something in error, 3 for something open.
fn status(report: &Report) -> u8 {
    let statuses: Vec<u8> = report.decisions.values().map(status_of).collect();
    let first = [FAILED, OPEN].into_iter().find(|s| statuses.contains(s));
    first.unwrap_or(FINE)
}

/// The same for one outcome.
pub(in crate::cli) fn status_of(reply: &Reply) -> u8 {
    match reply {
        Reply::Error { .. } => FAILED,
        Reply::Unknown { .. } | Reply::NeedsDecision { .. } => OPEN,
        Reply::Known { .. } | Reply::NotApplicable { .. } => FINE,
    }
}

/// One line of a population that was evaluated.
#[derive(Serialize)]
struct Evaluated<'a> {
    line: usize,
    #[serde(flatten)]
    report: &'a Report,
}

/// One result for each line, in order; a line that is not valid yields an error record.
fn population(ask: &Ask, bytes: &[u8]) -> u8 {
    let (mut known, mut open, mut errors, mut faulty) = (0_usize, 0_usize, 0_usize, 0_usize);
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let number = at + 1;
        let record = match one(ask, line) {
            Ok(report) => {
                match status(&report) {
                    FINE => known += 1,
                    OPEN => open += 1,
                    _ => errors += 1,
                }
                serde_json::to_string(&Evaluated {
                    line: number,
                    report: &report,
                })
            }
            Err((id, errors)) => {
                faulty += 1;
                let format = polc_runtime::result::RESULT_FORMAT;
                serde_json::to_string(
                    &json!({ "line": number, "format": format, "id": id, "errors": errors }),
                )
            }
        };
        let line = record.unwrap_or_default();
        out(&format!("{}\n", terminal::json(&line)));
        if !streams::is_read() {
            break;
        }
    }
    err(&format!(
        "{known} known, {open} open, {errors} errors, {faulty} with facts that do not fit\n"
    ));
    match (faulty, errors, open) {
        (0, 0, 0) => FINE,
        (0, 0, _) => OPEN,
        (0, _, _) => FAILED,
        _ => USAGE,
    }
}

/// What is wrong with a line, and whose it is if that can be told.
type LineFault = (Option<String>, Vec<Value>);

fn one(ask: &Ask, line: &[u8]) -> Result<Report, LineFault> {
    if line.len() > FACTS_LIMIT {
        let error = json!({ "code": "P0901", "message": too_large(line) });
        return Err((None, vec![error]));
    }
    let facts = Facts::from_slice(ask.program.ir(), line).map_err(|faults| {
        let id = serde_json::from_slice::<Value>(line)
            .ok()
            .and_then(|value| value.get("id").and_then(Value::as_str).map(str::to_owned));
        let errors = faults
            .iter()
            .map(|fault| {
                json!({
                    "code": "P0901", "path": fault.path, "found": fault.found,
                    "expected": fault.expected, "help": fault.help,
                })
            })
            .collect();
        (id, errors)
    })?;
    let id = facts.id().map(str::to_owned);
    let as_of = faults::day(ask.day, facts.as_of())
        .map_err(|message| (id, vec![json!({ "code": "P0903", "message": message })]))?;
    Ok(ask.report(&facts, as_of))
}
