//! End-to-end tests of Pol.

mod built;
mod connect;
mod diagnostics;
mod docs;
mod edits;
mod edits_processes;
mod embedder;
mod facts;
mod fast;
mod harness;
mod histories;
mod house;
mod oracle;
mod past;
mod populations;
mod properties;
mod slips;
mod why;
