//! The compiler of Pol: text in, [`polc_runtime::ir::Program`] or diagnostics out.
//!
//! ```text
//! loader (files) → syntax (tree) → names (symbols) → elaborate (ir, proof obligations) → analysis (findings)
//! ```

pub mod analysis;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostics;
pub mod elaborate;
pub mod format;
pub mod loader;
pub mod mutation;
pub mod names;
pub mod pipeline;
pub mod report;
pub mod source;
pub mod syntax;
pub mod testing;
