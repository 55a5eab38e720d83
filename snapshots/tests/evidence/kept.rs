//! What stays as it was: cells of a grid under exceptions, and decided cells when more is learned.

use crate::harness::{Files, TECHNOLOGY_PARTNER, evaluate, root, shipped};
use serde_json::{Value as Json, json};

#[test]
fn an_exception_to_a_preferred_cell_is_shown_among_the_requirements() {
    let text = "program t \"T\" version 1\nscale Tier { silver < gold }\nfact n: int 0..9\nfact small: bool\n\
        requirements levels for Tier\n  |              | silver      | gold        |\n  | n: n >= cell | preferred 3 | preferred 5 |\n\
        exception for_small to levels.n from 2027-01-01 when small\n  does not apply\n\
        decision tier: Tier or none = highest Tier meeting levels\n";
    let program = Files::one(text).program("t.pol");
    for (small, on, silver, gold) in [
        (
            false,
            "2027-01-01",
            json!("met"),
            json!("preferred_missing"),
        ),
        (true, "2026-12-31", json!("met"), json!("preferred_missing")),
        // What asks for nothing is not listed.
        (true, "2027-01-01", Json::Null, Json::Null),
    ] {
        let result = evaluate(&program, &json!({"n": 4, "small": small}), on);
        for (tier, wanted) in [("silver", silver), ("gold", gold)] {
            let cell = &result["requirements"][tier]["n"];
            assert_eq!(cell["result"], wanted, "{tier} on {on}: {cell}");
        }
    }
}

/// Whether a result is decided.
fn decided(result: &Json) -> bool {
    !["unknown", "needs_decision"].contains(&result.as_str().unwrap_or("unknown"))
}

#[test]
fn a_decided_cell_stays_so_when_the_day_of_a_review_is_learned() {
    let program = shipped(TECHNOLOGY_PARTNER);
    let path = root()
        .join(TECHNOLOGY_PARTNER)
        .join("examples/acme_records.json");
    let mut facts: Json = {
        let text = std::fs::read_to_string(path).unwrap();
        let later = text.replace("2026-", "2028-").replace("2025-", "2027-");
        serde_json::from_str(&later).unwrap()
    };
    let fields = facts.as_object_mut().unwrap();
    fields.retain(|name, _| !["id", "as_of"].contains(&name.as_str()));
    let count = facts["reviews"].as_array().map_or(0, Vec::len);
    assert!(count > 0, "the example has reviews");
    let mut compared = 0;
    // Reviews of one kind: one of them stands for the others.
    for at in 0..count.min(1) {
        for on in ["2028-02-29", "2029-02-28", "2029-03-01"] {
            let mut without = facts.clone();
            let review = without["reviews"][at].as_object_mut().unwrap();
            review.remove("published_on");
            let mut with = without.clone();
            with["reviews"][at]["published_on"] = json!("2028-02-29");
            let (before, after) = (
                evaluate(program, &without, on),
                evaluate(program, &with, on),
            );
            for (tier, rows) in before["requirements"].as_object().unwrap() {
                for (row, cell) in rows.as_object().unwrap() {
                    let then = &after["requirements"][tier][row]["result"];
                    let kept = !decided(&cell["result"]) || cell["result"] == *then;
                    assert!(
                        kept,
                        "review {at}, {on}: {row} for {tier}: {cell} became {then}"
                    );
                    compared += 1;
                }
            }
            for (name, answer) in before["decisions"].as_object().unwrap() {
                let then = &after["decisions"][name];
                let kept = answer["status"] != "known" || answer["value"] == then["value"];
                assert!(kept, "review {at}, {on}: {name}: {answer} became {then}");
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} compared");
}
