//! End-to-end tests: what is written down about Pol is true.

mod docs;
