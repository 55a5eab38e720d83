//! `polc new`

use crate::cli::{FAILED, FINE, USAGE, err, out, usage};
use clap::Args;
use std::fs;
use std::path::Path;

#[derive(Debug, Args)]
#[command(
    after_help = "Writes NAME/program.pol and NAME/example.json; nothing that exists is changed."
)]
pub(in crate::cli) struct Arguments {
    /// The program's name and folder: lower case, words joined by `_`.
    name: String,
}

const PROGRAM: &str = include_str!("new_program.pol");
const EXAMPLE: &str = include_str!("new_example.json");

pub(in crate::cli) fn run(arguments: &Arguments) -> u8 {
    let path = Path::new(&arguments.name);
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let first = name
        .chars()
        .next()
        .is_some_and(|letter| letter.is_ascii_lowercase());
    let plain = name
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if !first || !plain {
        return usage(&format!(
            "`{name}` is no name for a program; write lower-case words joined by `_`"
        ));
    }
    if path.exists() {
        err(&format!("error: `{}` exists already\n", arguments.name));
        return FAILED;
    }
    let written = fs::create_dir_all(path)
        .and_then(|()| {
            fs::write(
                path.join("program.pol"),
                PROGRAM.replace("my_program", name),
            )
        })
        .and_then(|()| fs::write(path.join("example.json"), EXAMPLE));
    if let Err(error) = written {
        err(&format!(
            "error: `{}` cannot be written: {error}\n",
            arguments.name
        ));
        return USAGE;
    }
    let folder = &arguments.name;
    out(&format!(
        "{folder}/program.pol and {folder}/example.json are written. Try:\n  \
         polc check {folder}\n  polc test {folder} --coverage\n  \
         polc eval {folder} --facts {folder}/example.json\n  \
         polc why {folder} --facts {folder}/example.json --decision discount\n"
    ));
    FINE
}
