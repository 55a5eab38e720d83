//! PROGRAM on the command line: a folder, a `.pol` file or a built program, and options common to subcommands.

use super::disk::{self, Disk};
use super::{Color, FAILED, USAGE, err, err_coloured, usage};
use crate::diagnostics::{self, nearest};
use crate::pipeline::{self, Compilation};
use crate::report::terminal::within_line;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use std::fs;
use std::io::Read;
use std::path::Path;

/// The largest built program taken, in bytes.
const BUILT_LIMIT: usize = 64 * 1024 * 1024;

/// As many bytes tell a built program from a text.
const BEGINNING: u64 = 16;

/// A program ready to run; the error is an exit status, and what was wrong has been printed.
pub(super) fn program(path: &str, color: Color) -> Result<Program, u8> {
    with_files(path, color).map(|(program, _)| program)
}

/// The same, with the files it was read from.
pub(super) fn with_files(path: &str, color: Color) -> Result<(Program, Vec<String>), u8> {
    let unreadable =
        |why: &std::io::Error| usage(&format!("`{path}` cannot be read: {}", disk::words(why)));
    if Path::new(path).is_dir() {
        disk::one_program(path).map_err(|message| usage(&message))?;
    } else if let Some(bytes) = built(path).map_err(|error| unreadable(&error))? {
        if bytes.len() > BUILT_LIMIT {
            return Err(usage(&format!(
                "`{path}` has more than {BUILT_LIMIT} bytes; no built program is that large"
            )));
        }
        let program = Program::load(&bytes).map_err(|error| {
            err(&format!(
                "error P0902 bad-ir: `{}`: {}\nhelp: build it again with `polc build`\n",
                within_line(path),
                within_line(&error.to_string())
            ));
            USAGE
        })?;
        return Ok((program, vec![path.to_owned()]));
    }
    let disk = Disk::default();
    let compilation = pipeline::compile(&disk, path);
    show(&compilation, color);
    let Some(compiled) = compilation.program else {
        return Err(disk.status(FAILED));
    };
    let program = Program::new(compiled.ir).map_err(|error| {
        let error = error.to_string();
        err(&format!("error P0902 bad-ir: {}\n", within_line(&error)));
        FAILED
    })?;
    let files = compilation.sources.iter();
    Ok((program, files.map(|(_, file)| file.path.clone()).collect()))
}

/// The bytes of a built program, at most one more than are taken; none when the file is something else.
fn built(path: &str) -> Result<Option<Vec<u8>>, std::io::Error> {
    let mut file = fs::File::open(path)?;
    let mut bytes = Vec::new();
    (&mut file).take(BEGINNING).read_to_end(&mut bytes)?;
    if !polc_runtime::ir::is_encoded(&bytes) {
        return Ok(None);
    }
    let rest = BUILT_LIMIT as u64 + 1 - BEGINNING;
    file.take(rest).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Prints errors, and warnings only when there are errors: a subcommand that runs a program is not a check.
fn show(compilation: &Compilation, color: Color) {
    if compilation.program.is_some() {
        return;
    }
    let format = diagnostics::Format::Text {
        color: color.on_stderr(),
    };
    err_coloured(&diagnostics::render(
        &compilation.diagnostics,
        &compilation.sources,
        format,
    ));
}

/// `--reading NAME=ALTERNATIVE`, repeated.
pub(super) fn options(program: &Program, readings: &[String]) -> Result<Options, u8> {
    let mut options = Options::default();
    for written in readings {
        let Some((name, alternative)) = written.split_once('=') else {
            return Err(usage(&format!(
                "`--reading {written}` is not NAME=ALTERNATIVE"
            )));
        };
        let known = &program.ir().readings;
        let Some(at) = known.iter().position(|reading| reading.name == name) else {
            let near = nearest(name, known.iter().map(|reading| &reading.name));
            let hint = near
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            return Err(usage(&format!("the program has no reading `{name}`{hint}")));
        };
        let alternatives = known
            .get(at)
            .map(|reading| reading.alternatives.as_slice())
            .unwrap_or_default();
        let Some(chosen) = alternatives.iter().position(|known| known == alternative) else {
            return Err(usage(&format!(
                "the reading `{name}` has no alternative `{alternative}`; it has {}",
                alternatives.join(", ")
            )));
        };
        options.readings.insert(at as u32, chosen as u32);
    }
    Ok(options)
}

/// Decisions named on the command line must exist.
pub(super) fn decisions(program: &Program, names: &[String]) -> Result<(), u8> {
    let known: Vec<&str> = program
        .ir()
        .definitions
        .iter()
        .filter(|definition| definition.kind == polc_runtime::ir::DefinitionKind::Decision)
        .map(|definition| definition.name.as_str())
        .collect();
    for name in names {
        if !known.contains(&name.as_str()) {
            let near = nearest(name, &known);
            let hint = near
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            return Err(usage(&format!(
                "the program has no decision `{name}`{hint}"
            )));
        }
    }
    Ok(())
}

/// `--as-of`, as a date.
pub(super) fn day(written: Option<&str>) -> Result<Option<Date>, u8> {
    written.map(|text| date("--as-of", text)).transpose()
}

/// A date on the command line.
pub(super) fn date(flag: &str, text: &str) -> Result<Date, u8> {
    Date::parse(text)
        .ok_or_else(|| usage(&format!("`{flag} {text}` is not a date; write YYYY-MM-DD")))
}
