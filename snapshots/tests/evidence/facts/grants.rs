//! Grants.

use super::*;

#[test]
fn grants_name_rows_and_tiers_and_last_a_day() {
    let program = shipped(TECHNOLOGY_PARTNER);
    let grant = |changes: Json| {
        let grant = json!({ "requirement": "reviews", "reason": "a merger", "by": "hubspot", "from": "2027-01-01", "through": "2027-01-01" });
        json!({ "granted_waivers": [crate::harness::changed(&grant, &changes)] })
    };
    let grid = &program.ir().grids[0];
    for row in &grid.rows {
        assert_eq!(
            faults(program, &grant(json!({ "requirement": row.name }))),
            [""; 0]
        );
        for near in [
            format!("{}s", row.name),
            row.name.to_uppercase(),
            String::new(),
        ] {
            if grid.rows.iter().all(|row| row.name != near) {
                let said = faults(program, &grant(json!({ "requirement": near })));
                assert_eq!(said, ["granted_waivers[0].requirement"], "{near}");
            }
        }
    }
    for (changes, wanted) in [
        (json!({ "tier": "premier" }), None),
        (json!({ "tier": null }), None),
        (
            json!({ "tier": "platinum" }),
            Some("granted_waivers[0].tier"),
        ),
        (json!({ "from": "0001-01-01" }), None),
        (json!({ "through": "9999-12-31" }), None),
        (
            json!({ "from": "2027-01-02" }),
            Some("granted_waivers[0].through"),
        ),
        (
            json!({ "through": "2026-12-31" }),
            Some("granted_waivers[0].through"),
        ),
        (json!({ "level": 1 }), Some("granted_waivers[0].level")),
    ] {
        let said = faults(program, &grant(changes.clone()));
        assert_eq!(said, Vec::from_iter(wanted), "{changes}");
    }
}

#[test]
fn grants_hold_from_their_first_day_through_their_last() {
    let text = "program t \"T\" version 1\n  currency USD\nscale Tier { silver < gold }\nfact revenue: money >= 0\n\
        requirements levels for Tier\n  | | silver | gold |\n  | revenue: revenue >= cell | $5 | $9 |\n\
        grants granted for levels\n\
        decision of_silver: bool = (result of revenue for silver) is waived\ndecision of_gold: bool = (result of revenue for gold) is waived\n";
    let program = Files::one(text).program("t.pol");
    let days = [
        "0001-01-01",
        "2027-06-29",
        "2027-06-30",
        "2027-07-01",
        "9999-12-30",
        "9999-12-31",
    ];
    for (at, from) in days.into_iter().enumerate() {
        for through in &days[at..] {
            for tier in [
                json!({}),
                json!({ "tier": null }),
                json!({ "tier": "gold" }),
            ] {
                let grant = json!({ "requirement": "revenue", "reason": "r", "by": "b", "from": from, "through": through });
                let facts =
                    json!({ "revenue": 1, "granted": [crate::harness::changed(&grant, &tier)] });
                for on in days {
                    let result = evaluate(&program, &facts, on);
                    let holds = day(from) <= day(on) && day(on) <= day(through);
                    let everyone = tier["tier"].is_null();
                    assert_eq!(
                        decision(&result, "of_gold"),
                        json!(holds),
                        "{facts} on {on}"
                    );
                    assert_eq!(
                        decision(&result, "of_silver"),
                        json!(holds && everyone),
                        "{facts} on {on}"
                    );
                }
            }
        }
    }
    // None are given: that is assumed, and said.
    let result = evaluate(&program, &json!({ "revenue": 1 }), "2027-06-30");
    assert_eq!(decision(&result, "of_gold"), json!(false));
    assert_eq!(result["assumptions"], json!(["granted"]));
    let result = evaluate(
        &program,
        &json!({ "revenue": 1, "granted": [] }),
        "2027-06-30",
    );
    assert_eq!(result["assumptions"], json!([]));
}
