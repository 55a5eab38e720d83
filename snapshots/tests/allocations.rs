//! A decision on the fast path allocates nothing. In a binary of its own: it counts every allocation.

#[path = "harness.rs"]
#[expect(dead_code, reason = "only the shipped program is needed here")]
mod harness;

use harness::{day, technology_partner};
use polc_runtime::facts::Facts;
use polc_runtime::{Options, Scalar};

#[test]
fn a_decision_allocates_nothing() {
    let program = technology_partner();
    let prepared = program
        .prepare("qualified_tier", &Options::default())
        .expect("a plain decision");
    let text = r#"{
        "listing_live": true, "good_standing": "yes", "attached_mrr_12mo_avg": "400000",
        "influenced_deal_mrr_12mo": "1000", "first_90_days_mrr_12mo": 0,
        "reviews_12mo_count": 5, "rating_12mo_avg": "3.5"
    }"#;
    let facts = Facts::from_json(program.ir(), text).unwrap();
    let slots = prepared.slots(&facts);
    let as_of = day("2027-01-15");
    let mut answer = None;
    let counted = allocation_counter::measure(|| answer = prepared.decide(&slots, as_of));
    assert_eq!(answer, Some(Scalar::Enum(1)));
    assert_eq!(counted.count_total, 0);
}
