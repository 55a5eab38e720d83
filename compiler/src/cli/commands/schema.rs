//! `polc schema`

use super::eval::pretty;
use crate::cli::{Color, FINE, load, out};
use clap::Args;
use polc_runtime::schema;
use serde_json::json;

#[derive(Debug, Args)]
#[command(after_help = "Exit status: as check. Prints { \"facts\": SCHEMA, \"result\": SCHEMA }.")]
pub(in crate::cli) struct Arguments {
    /// A folder, a `.pol` file or a built program.
    program: String,
}

pub(in crate::cli) fn run(arguments: &Arguments, color: Color) -> u8 {
    match load::program(&arguments.program, color) {
        Ok(program) => {
            let (facts, result) = (schema::facts(program.ir()), schema::result(program.ir()));
            out(&pretty(&json!({ "facts": facts, "result": result })));
            FINE
        }
        Err(status) => status,
    }
}
