//! What the answer would be under other readings.

use crate::explain::Otherwise;
use crate::facts::Facts;
use crate::ir;
use crate::program::{Options, Program};
use crate::value::{Date, Outcome};
use crate::words;

/// The answer under each alternative of a reading that gives another one.
pub(super) fn other_answers(
    program: &Program,
    facts: &Facts,
    as_of: Date,
    options: &Options,
    name: &str,
    (reading, chosen): (ir::ReadingId, u32),
) -> Vec<Otherwise> {
    let ir = program.ir();
    let definition = ir.definitions.iter().find(|known| known.name == name);
    let known = ir.readings.get(reading as usize);
    let Some((definition, known)) = definition.zip(known) else {
        return Vec::new();
    };
    let answer = |options: &Options| {
        let mut evaluation = program.evaluate(facts, as_of, options);
        evaluation.node(definition.node)
    };
    let say = |outcome: &Outcome| words::outcome(ir, &definition.ty, outcome);
    let is = answer(options);
    let mut found = Vec::new();
    for (at, alternative) in known.alternatives.iter().enumerate() {
        if at as u32 == chosen {
            continue;
        }
        let mut options = options.clone();
        options.readings.insert(reading, at as u32);
        let would_be = answer(&options);
        let words = say(&would_be);
        if would_be != is && words != say(&is) {
            found.push(Otherwise {
                alternative: alternative.clone(),
                words,
            });
        }
    }
    found
}
