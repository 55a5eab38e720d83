//! Laws that hold for every input: layout, repeatability, what is learned later, names, and no panic on anything.

mod data;
mod layout;
mod names;
mod nonsense;
mod typed;

use proptest::test_runner::Config;

/// So many cases, the same ones in every run.
pub(crate) fn cases(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(2026),
        ..Config::default()
    }
}
