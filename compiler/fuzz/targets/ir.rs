//! Any bytes as a built program: refused, or evaluated without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program, ir};

fuzz_target!(|bytes: &[u8]| {
    // The body is tried as it stands too: a checksum would stop nearly everything at the door.
    let decoded = Program::load(bytes).ok();
    let bare = || {
        let program: ir::Program = serde_json::from_slice(bytes).ok()?;
        Program::new(program).ok()
    };
    let Some(program) = decoded.or_else(bare) else { return };
    let Some(day) = Date::new(2026, 10, 15) else { return };
    let facts = Facts::empty(program.ir());
    let _ = program.evaluate(&facts, day, &Options::default()).report(None).json();
});
