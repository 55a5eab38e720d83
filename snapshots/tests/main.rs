//! End-to-end tests of Pol.

mod diagnostics;
mod docs;
mod edits;
mod harness;
mod oracle;
mod properties;
