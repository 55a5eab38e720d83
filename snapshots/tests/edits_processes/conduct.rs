//! Edits to the Conduct program.

use super::accreditation::partner;
use super::*;

/// The hardest sanction a partner has had, and a violation that is confirmed now.
fn confirmed(past: &Json) -> Json {
    json!({
        "case": {
            "ticket_opened_on": "2026-09-02", "investigation_completed_on": "2026-10-01",
            "violation_confirmed": "yes", "severity": null, "partner_input_requested": true,
        },
        "report": null,
        "violation_history": [{ "confirmed_on": "2025-02-01", "kind": "events", "sanction": past }],
        "accredited": true,
        "accreditations_removed_on": null,
        "primary_contact": "ana@acme.example",
        "planned_actions": [],
    })
}

/// A sanction between two others: the steps after it move up by one.
fn seventh() -> Files {
    let mut files = Files::rules(CONDUCT);
    files
        .replace(
            ACTIONS,
            "opportunity_exclusion, suspension",
            "opportunity_exclusion, directory_delisting, suspension",
        )
        .replace(
            SANCTIONS,
            "  | suspension            | 5            |\n  | termination           | 6            |",
            "  | directory_delisting   | 5            |\n  | suspension            | 6            |\n  | termination           | 7            |",
        );
    files
}

#[test]
fn a_seventh_sanction() {
    let edited = seventh().program(CONDUCT);
    let on = "2026-10-15";
    let six = [
        "warning",
        "loss_of_revenue_share",
        "tier_drop",
        "opportunity_exclusion",
        "suspension",
        "termination",
    ];
    let mut all = six.to_vec();
    all.insert(4, "directory_delisting");
    let facts = confirmed(&Json::Null);
    expect(
        shipped(CONDUCT),
        &facts,
        on,
        "permitted_sanctions",
        &json!(six),
    );
    expect(&edited, &facts, on, "permitted_sanctions", &json!(all));
    expect(&edited, &facts, on, "termination_permitted", &json!(true));
    // nothing is permitted before the investigation ends
    expect(
        &edited,
        &facts,
        "2026-09-30",
        "permitted_sanctions",
        &json!([]),
    );
    // it can be planned, is written about, and waits for no accreditation to be removed
    let plan = |actions: Json| changed(&facts, &json!({ "planned_actions": actions }));
    let alone = plan(json!(["directory_delisting"]));
    expect(&edited, &alone, on, "action_order", &json!("valid"));
    expect(
        &edited,
        &alone,
        on,
        "notifications_due",
        &json!([{ "about": "directory_delisting", "to": "ana@acme.example", "binding": "may_be_written" }]),
    );
    let before = plan(json!(["suspension", "directory_delisting"]));
    expect(&edited, &before, on, "action_order", &json!("invalid"));
}

#[test]
fn a_seventh_sanction_on_the_ladder() {
    // The ladder is a reading of its own; chosen here, so that the place of the new step shows.
    let ladder = |mut files: Files| {
        let readings = "policies/conduct/readings.pol";
        files
            .replace(
                readings,
                "chosen whole_set because",
                "chosen one_step_at_a_time because",
            )
            .program(CONDUCT)
    };
    let (shipped, edited) = (ladder(Files::rules(CONDUCT)), ladder(seventh()));
    let on = "2026-10-15";
    for (past, before, after) in [
        ("tier_drop", 4, 4),
        ("opportunity_exclusion", 5, 5),
        ("suspension", 6, 7),
    ] {
        let facts = confirmed(&json!(past));
        for (program, count) in [(&shipped, before), (&edited, after)] {
            let result = evaluate(program, &facts, on);
            let permitted = decision(&result, "permitted_sanctions");
            assert_eq!(permitted.as_array().unwrap().len(), count, "{past}");
        }
    }
    // after an exclusion the next step was a suspension; now it is the new one, and a suspension is two away
    let facts = confirmed(&json!("opportunity_exclusion"));
    for (program, next) in [(&shipped, "suspension"), (&edited, "directory_delisting")] {
        let result = evaluate(program, &facts, on);
        let permitted = decision(&result, "permitted_sanctions");
        assert_eq!(permitted.as_array().unwrap().last(), Some(&json!(next)));
    }
    // the new word is refused by the program that does not know it
    let unknown = confirmed(&json!("directory_delisting"));
    let unknown = unknown.to_string();
    assert!(polc_runtime::facts::Facts::from_json(shipped.ir(), &unknown).is_err());
    let known = polc_runtime::facts::Facts::from_json(edited.ir(), &unknown);
    assert!(known.is_ok());
}

#[test]
fn a_word_that_two_programs_share_changes_in_both() {
    let mut files = Files::rules(ACCREDITATION);
    let edited = files
        .replace(
            ACTIONS,
            "opportunity_exclusion, suspension",
            "opportunity_exclusion, directory_delisting, suspension",
        )
        // the `otherwise` that names the actions asks about the new one; here it goes with the others
        .fixed(ACCREDITATION, Code::OtherwiseTakesOther)
        .program(ACCREDITATION);
    let plan = json!({ "planned_actions": ["directory_delisting", "accreditation_removal"] });
    let facts = partner("2025-03-20", &[], &plan);
    expect(
        &edited,
        &facts,
        "2026-10-15",
        "action_order",
        &json!("valid"),
    );
    // a word the table of consequences names and the shared list does not
    let alone = Files::rules(CONDUCT)
        .replace(
            SANCTIONS,
            "  | suspension            | 5 ",
            "  | directory_delisting   | 5 ",
        )
        .compile(CONDUCT);
    assert!(errors(&alone).contains("directory_delisting"));
}
