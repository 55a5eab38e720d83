//! End-to-end tests of Pol.

mod edits;
mod harness;
mod oracle;
mod properties;
