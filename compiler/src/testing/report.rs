//! What came of the tests, in words and for programs.

use super::coverage::Share;
use super::{Coverage, Failure};
use crate::report::counted;
use crate::report::terminal::within_line;
use indexmap::IndexMap;
use serde::Serialize;

/// What came of the tests of one program.
#[derive(Debug, Default)]
pub struct Report {
    /// Cases run.
    pub cases: usize,
    /// Expectations checked.
    pub expectations: usize,
    /// What went wrong, in source order.
    pub failures: Vec<Failure>,
    /// What the cases reached.
    pub coverage: Coverage,
}

impl Report {
    /// Whether every case passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// For people.
    #[must_use]
    pub fn text(&self, path: &str, coverage: bool) -> String {
        let mut out = String::new();
        let path = within_line(path);
        for failure in &self.failures {
            out.push_str(&format!(
                "{}:{} \"{}\"\n  {}\n",
                within_line(&failure.file),
                failure.line,
                within_line(&failure.test),
                within_line(&failure.message)
            ));
            for detail in &failure.details {
                out.push_str(&format!("    {}\n", within_line(detail)));
            }
        }
        if self.cases == 0 {
            out.push_str(&format!("{path}: no tests\n"));
        } else {
            let failed = self.failures.len();
            let verdict = if failed == 0 {
                "passed".to_owned()
            } else {
                format!("{failed} failed")
            };
            out.push_str(&format!(
                "{path}: {}, {}, {verdict}\n",
                counted(self.cases, "case"),
                counted(self.expectations, "expectation")
            ));
        }
        if coverage {
            out.push_str(&self.coverage.text());
        }
        out
    }

    /// For programs, as it is written by `serde`.
    #[must_use]
    pub fn written<'a>(&'a self, path: &'a str) -> Written<'a> {
        Written {
            program: path,
            cases: self.cases,
            expectations: self.expectations,
            failures: &self.failures,
            coverage: self.coverage.written(),
        }
    }
}

/// What the tests of one program came to, to be written.
#[derive(Debug, Serialize)]
pub struct Written<'a> {
    program: &'a str,
    cases: usize,
    expectations: usize,
    failures: &'a [Failure],
    coverage: IndexMap<String, Share<'a>>,
}
