//! The façade: a verified program, ready to be evaluated any number of times.

pub(crate) mod tables;

use crate::ir::{self, ReadingId};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use tables::Tables;

/// A compiled program that was verified and can be shared between threads.
#[derive(Debug)]
pub struct Program {
    /// What is evaluated: the program without its provisions.
    ir: ir::Program,
    tables: Tables,
    /// The program with its provisions; none where this is it.
    whole: Option<ir::Program>,
    /// The same, made ready when somebody asks why.
    traced: OnceLock<Option<Box<Program>>>,
}

/// Why a program cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// The bytes are not a compiled program of this format.
    #[error("{0}")]
    Decode(String),
    /// The program is not well formed.
    #[error("the compiled program is not well formed: {0}")]
    Fault(String),
}

/// How to evaluate.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Alternatives that take the place of the written choice on every day.
    pub readings: BTreeMap<ReadingId, u32>,
    /// How much work is allowed.
    pub limits: Limits,
}

/// How much work one evaluation may take; beyond it outcomes are errors, always in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nodes computed and list items visited.
    pub steps: u64,
    /// Days that a lifecycle or `ever` looks at, or a time line shows.
    pub days: u64,
    /// Ways through a lifecycle that are followed apart; where what is missing allows more, those in the same
    /// state become one. This limit ends in no error.
    pub ways: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            steps: 50_000_000,
            days: 100_000,
            ways: 32,
        }
    }
}

impl Program {
    /// Verifies a program and prepares it for evaluation.
    pub fn new(ir: ir::Program) -> Result<Program, ProgramError> {
        ir::verify(&ir).map_err(|faults| {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            ProgramError::Fault(faults.join("; "))
        })?;
        let marked = |node: &ir::Node| matches!(node.op, ir::Op::Provision { .. });
        let lean = match ir.nodes.iter().any(marked) {
            true => ir::lean(&ir).0,
            false => ir.clone(),
        };
        let tables = Tables::new(&lean);
        Ok(Program {
            ir: lean,
            tables,
            whole: Some(ir),
            traced: OnceLock::new(),
        })
    }

    /// The program in which every provision is a node, for evaluations that keep what they read.
    pub(crate) fn traced(&self) -> &Program {
        let ready = self.traced.get_or_init(|| {
            let whole = self.whole.clone()?;
            let tables = Tables::new(&whole);
            Some(Box::new(Program {
                ir: whole,
                tables,
                whole: None,
                traced: OnceLock::new(),
            }))
        });
        ready.as_deref().unwrap_or(self)
    }

    /// The program as it was compiled, provisions included: what a file holds.
    pub fn whole(&self) -> &ir::Program {
        self.whole.as_ref().unwrap_or(&self.ir)
    }

    /// Reads a program that `polc build` wrote: checks that it is whole, and verifies it.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let program = polc_runtime::Program::load(&std::fs::read("technology_partner.polir")?)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the bytes are not a whole, undamaged, well-formed program of this format.
    pub fn load(bytes: &[u8]) -> Result<Program, ProgramError> {
        let ir = ir::decode(bytes).map_err(|error| ProgramError::Decode(shown(&error)))?;
        Program::new(ir)
    }

    /// The intermediate representation that is evaluated: without provisions.
    pub fn ir(&self) -> &ir::Program {
        &self.ir
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The reading of a name.
    pub fn reading(&self, name: &str) -> Option<ReadingId> {
        let at = self.ir.readings.iter().position(|r| r.name == name)?;
        ReadingId::try_from(at).ok()
    }
}

/// An error that may quote the file, without what steers a terminal, and not endless.
fn shown(error: &ir::DecodeError) -> String {
    const LONGEST: usize = 200;
    let text = error.to_string();
    let mut out = String::new();
    for letter in text.chars().take(LONGEST) {
        if letter.is_control() {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
