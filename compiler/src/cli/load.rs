//! PROGRAM on the command line: a folder, a `.pol` file or a built program, and options common to verbs.

use super::disk::{self, Disk};
use super::{Color, FAILED, USAGE, err, usage};
use crate::diagnostics::{self, nearest};
use crate::pipeline::{self, Compilation};
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use std::fs;

/// A program ready to run; the error is an exit status, and what was wrong has been printed.
pub(super) fn program(path: &str, color: Color) -> Result<Program, u8> {
    match fs::File::open(path) {
        Err(error) if !std::path::Path::new(path).is_dir() => {
            return Err(usage(&format!(
                "`{path}` cannot be read: {}",
                disk::words(&error)
            )));
        }
        _ => {}
    }
    if let Ok(bytes) = fs::read(path)
        && polc_runtime::ir::is_encoded(&bytes)
    {
        return Program::decode(&bytes).map_err(|error| {
            err(&format!(
                "error P0902 bad-ir: `{path}`: {error}\nhelp: build it again with `polc build`\n"
            ));
            USAGE
        });
    }
    let compilation = pipeline::compile(&Disk, path);
    show(&compilation, color);
    let Some(compiled) = compilation.program else {
        return Err(FAILED);
    };
    Program::new(compiled.ir).map_err(|error| {
        err(&format!("error P0902 bad-ir: {error}\n"));
        FAILED
    })
}

/// Prints errors, and warnings only when there are errors: a verb that runs a program is not a check.
fn show(compilation: &Compilation, color: Color) {
    if compilation.program.is_some() {
        return;
    }
    let format = diagnostics::Format::Text {
        color: color.on_stderr(),
    };
    err(&diagnostics::render(
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
