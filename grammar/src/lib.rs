//! The concrete syntax of Pol: the pest grammar, and the keyword tables that formatter, docs and editors read.
