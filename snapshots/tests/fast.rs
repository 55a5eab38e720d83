//! The fast path answers what the evaluator answers, or nothing.

use crate::harness::{day, technology_partner};
use polc_runtime::facts::Facts;
use polc_runtime::value::{Outcome, Value};
use polc_runtime::{Options, Scalar};
use serde_json::{Map, json};

/// A small generator of its own, so that every run sees the same partners.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn pick<'a>(&mut self, values: &[&'a str]) -> &'a str {
        values[self.below(values.len())]
    }
}

#[test]
fn the_fast_path_agrees_with_the_evaluator() {
    let program = technology_partner();
    let options = Options::default();
    let prepared = program
        .prepare("qualified_tier", &options)
        .expect("comparisons, logic and cases");
    let eligible = program
        .prepare("eligible_tier", &options)
        .expect("comparisons, logic and cases");
    let mut dice = Dice(2026);
    let mut answered = 0;
    for _ in 0..5_000 {
        let mut facts = Map::new();
        let mut give = |dice: &mut Dice, name: &str, values: &[&str]| {
            let text = dice.pick(values);
            let value = match text {
                "" => return,
                "true" => json!(true),
                "false" => json!(false),
                "null" => json!(null),
                other => json!(other),
            };
            facts.insert(name.to_owned(), value);
        };
        let bools = ["true", "true", "true", "false", ""];
        give(
            &mut dice,
            "listing_live",
            &["true", "true", "true", "true", "false", ""],
        );
        give(
            &mut dice,
            "good_standing",
            &["yes", "yes", "yes", "yes", "no", ""],
        );
        give(
            &mut dice,
            "attached_mrr_12mo_avg",
            &["0", "399999.99", "400000", "1000000", "7000000", ""],
        );
        give(
            &mut dice,
            "influenced_deal_mrr_12mo",
            &["0", "999.99", "1000", "5000", "30000", "100000", "99999.99"],
        );
        give(
            &mut dice,
            "first_90_days_mrr_12mo",
            &["0", "5000", "30000", "100000", ""],
        );
        give(
            &mut dice,
            "reviews_12mo_count",
            &["0", "4", "5", "9", "10", ""],
        );
        give(
            &mut dice,
            "rating_12mo_avg",
            &["null", "3.49", "3.5", "3.99", "4.0", "43/9", ""],
        );
        for name in [
            "app_certified",
            "named_technical_product_referent",
            "named_partnerships_owner",
            "named_executive_sponsor",
            "data_sharing_active",
        ] {
            give(&mut dice, name, &bools);
        }
        let text = serde_json::Value::Object(facts).to_string();
        let facts = Facts::from_json(program.ir(), &text).unwrap();
        for as_of in ["2026-10-15", "2026-12-31", "2027-01-01"] {
            let as_of = day(as_of);
            for (name, fast) in [("qualified_tier", &prepared), ("eligible_tier", &eligible)] {
                let Some(quick) = fast.decide(&fast.slots(&facts), as_of) else {
                    continue;
                };
                answered += 1;
                let slow = program
                    .evaluate(&facts, as_of, &options)
                    .decision(name)
                    .unwrap();
                let same = match (quick, &slow) {
                    (Scalar::None, Outcome::Known(Value::None)) => true,
                    (Scalar::Enum(a), Outcome::Known(Value::Enum(b))) => a == *b,
                    _ => false,
                };
                assert!(
                    same,
                    "{name} on {as_of} with {text}: {quick:?} and {slow:?}"
                );
            }
        }
    }
    assert!(
        answered > 8_000,
        "the fast path answered only {answered} times"
    );
}
