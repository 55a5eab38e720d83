//! How many cases a property runs, and the numbers it draws.

use std::collections::BTreeMap;
use std::env;

/// What part of its full count a property runs.
fn share() -> f64 {
    env::var("POL_SHARE").map_or(0.01, |text| {
        text.parse().expect("POL_SHARE is a number from 0 to 1")
    })
}

/// The number of cases to run of a property whose full count is given: `POL_SHARE` of it (1 is all; a
/// hundredth when it is not set), but never fewer than `least`.
pub fn cases(full: u64, least: u64) -> u64 {
    let part = (full as f64 * share()).round() as u64;
    part.max(least.min(full))
}

/// Whether the full counts run.
#[allow(
    dead_code,
    reason = "not every property has a demand that only holds in full"
)]
pub fn is_full() -> bool {
    share() >= 1.0
}

/// How many failures a property prints: `POL_SHOWN`, or a few.
pub fn shown() -> usize {
    env::var("POL_SHOWN").map_or(5, |text| text.parse().expect("POL_SHOWN is a whole number"))
}

/// The seed of the run: `POL_SEED`, or a fixed one.
pub fn seed() -> u64 {
    env::var("POL_SEED").map_or(20_261_121, |text| {
        text.parse().expect("POL_SEED is a whole number")
    })
}

/// A small generator of numbers (splitmix64): the same seed and case, the same numbers everywhere.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers of one case of a property.
    pub fn of_case(property: &str, case: u64) -> Random {
        let mut state = seed() ^ case.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for byte in property.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        Random(state)
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A number from `low` through `high`.
    pub fn within(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    /// True in `percent` of a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

/// Counts what a generator made, so that a run which made too little of a kind fails.
#[derive(Debug, Default)]
pub struct Census(BTreeMap<String, u64>);

impl Census {
    /// One more of a kind.
    pub fn count(&mut self, kind: impl Into<String>) {
        *self.0.entry(kind.into()).or_default() += 1;
    }

    /// How many of a kind there were.
    pub fn of(&self, kind: &str) -> u64 {
        self.0.get(kind).copied().unwrap_or(0)
    }

    /// Fails unless there were at least `full` of each kind in a full run, and at least one in any.
    pub fn expect(&self, kinds: &[&str], full: u64) {
        let least = if is_full() { full } else { 1 };
        let missing: Vec<_> = kinds.iter().filter(|kind| self.of(kind) < least).collect();
        assert!(missing.is_empty(), "fewer than {least} of {missing:?}");
    }
}

#[test]
fn the_same_case_draws_the_same_numbers() {
    let draw = |case| Random::of_case("draw", case).next();
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
    assert_eq!(cases(10, 20), 10);
    let mut census = Census::default();
    census.count("a");
    census.expect(&["a"], 1);
    let mut random = Random::of_case("range", 0);
    for _ in 0..100 {
        assert!((-3..=3).contains(&random.within(-3, 3)));
        assert!([1, 2].contains(random.pick(&[1, 2])));
        assert!(!random.chance(0));
    }
}
