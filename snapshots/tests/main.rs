//! End-to-end tests of Pol.

mod diagnostics;
mod docs;
mod edits;
mod fast;
mod harness;
mod oracle;
mod properties;
