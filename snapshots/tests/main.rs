//! End-to-end tests of Pol.

mod built;
mod connect;
mod diagnostics;
mod docs;
mod edits;
mod facts;
mod fast;
mod harness;
mod histories;
mod oracle;
mod past;
mod properties;
