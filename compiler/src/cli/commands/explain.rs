//! `polc explain`

use crate::cli::{FINE, out, usage};
use crate::diagnostics::{Code, nearest};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Example: polc explain P0501")]
pub(in crate::cli) struct Arguments {
    /// A code, or its name: `P0501` or `dates-overlap`.
    code: String,
}

pub(in crate::cli) fn run(arguments: &Arguments) -> u8 {
    let wanted = arguments.code.as_str();
    let found = Code::ALL.iter().find(|code| {
        code.number().eq_ignore_ascii_case(wanted) || code.slug().eq_ignore_ascii_case(wanted)
    });
    match found {
        Some(code) => {
            out(code.page());
            FINE
        }
        None => {
            let known = Code::ALL
                .iter()
                .flat_map(|code| [code.number(), code.slug()]);
            let hint = nearest(wanted, known)
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            usage(&format!("there is no code `{wanted}`{hint}"))
        }
    }
}
