//! Any bytes as facts: faults, or an answer that is the same twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use polc::pipeline::{Loader, compile};
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use std::sync::OnceLock;

struct Rules;

const RULES: &str = r#"program t "T" version 1
scale Tier { low < high }
record Review dated on
  on: date
  stars: decimal 1..5
fact reviews: list of Review
fact tier: Tier or none
fact total: money >= 0
event left_on
judgement fine: yes, no by us
decision count_12: int = count of (reviews where .on within 12 months before as_of)
decision mean: decimal or none = average of reviews.stars
decision ok: bool = fine is yes and total >= $10 and tier is not none and left_on is none
"#;

impl Loader for Rules {
    fn read(&self, _path: &str) -> Result<Vec<u8>, String> {
        Ok(RULES.as_bytes().to_vec())
    }

    fn folder(&self, _path: &str) -> Option<Vec<String>> {
        None
    }
}

fn program() -> &'static Program {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let compiled = compile(&Rules, "t.pol").program.expect("the rules compile");
        Program::new(compiled.ir).expect("and verify")
    })
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let program = program();
    if let Ok(facts) = Facts::from_json(program.ir(), text)
        && let Some(day) = facts.as_of().or(Date::new(2026, 10, 15))
    {
        let run = || program.evaluate(&facts, day, &Options::default()).report(None).json().to_string();
        assert_eq!(run(), run());
    }
});
