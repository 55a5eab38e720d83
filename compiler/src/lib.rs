//! The compiler of Pol: text in, [`polc_runtime::ir::Program`] or diagnostics out.
//!
//! ```text
//! text → syntax (ast) → names (symbols) → types (checked) → lower (ir) → analysis (findings)
//! ```

pub mod analysis;
pub mod diagnostics;
pub mod pipeline;
pub mod source;
pub mod syntax;
