//! `polc new`

use crate::cli::{FAILED, FINE, disk, err, out, usage};
use crate::report::terminal::within_line;
use clap::Args;
use std::fs;
use std::io::Write;
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
        err(&format!(
            "error: `{}` exists already\n",
            within_line(&arguments.name)
        ));
        return FAILED;
    }
    if let Err(error) = write(path, name) {
        return usage(&format!(
            "`{}` cannot be written: {}",
            arguments.name,
            disk::words(&error)
        ));
    }
    let folder = within_line(&arguments.name);
    out(&format!(
        "{folder}/program.pol and {folder}/example.json are written. Try:\n  \
         polc check {folder}\n  polc test {folder} --coverage\n  \
         polc eval {folder} --facts {folder}/example.json\n  \
         polc why {folder} --facts {folder}/example.json --decision discount\n"
    ));
    FINE
}

/// The folder comes into its place whole: it is filled under another name first.
fn write(path: &Path, name: &str) -> Result<(), std::io::Error> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let beside = path.with_file_name(format!(".{name}.polc-new"));
    let files = [
        ("program.pol", PROGRAM.replace("my_program", name)),
        ("example.json", EXAMPLE.to_owned()),
    ];
    // What a run left that was killed here.
    let clear = || {
        for (file, _) in &files {
            let _ = fs::remove_file(beside.join(file));
        }
        let _ = fs::remove_dir(&beside);
    };
    clear();
    let fill = || {
        fs::create_dir(&beside)?;
        for (file, text) in &files {
            let mut file = fs::File::create_new(beside.join(file))?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
        }
        fs::rename(&beside, path)
    };
    fill().inspect_err(|_| clear())
}
