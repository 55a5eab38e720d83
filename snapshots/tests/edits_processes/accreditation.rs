//! Edits to the Accreditation program.

use super::*;

/// A Platinum partner with one accreditation and marks on these days, with changes.
pub(super) fn partner(issued: &str, marks: &[&str], changes: &Json) -> Json {
    let mark = |day: &&str| json!({ "mark_id": day, "decided_on": day, "serious": false });
    let facts = json!({
        "solutions_tier": "platinum",
        "accreditations": [
            { "accreditation_id": "crm", "issued_on": issued, "required_certifications": [] },
        ],
        "held_certifications": [],
        "accredited_programs": ["pso"],
        "accreditations_lost_on": null,
        "marks": marks.iter().map(mark).collect::<Vec<_>>(),
        "review_started_on": null,
        "decision_made_on": null,
    });
    changed(&facts, changes)
}

const FIVE_IN_36: &str = ".decided_on within 36 months up to m.decided_on) >= 5";

/// A review also at a fifth mark within 36 months, over the renewals.
fn five_marks() -> Program {
    Files::rules(ACCREDITATION)
        .replace(
            MARKS,
            "define too_many_marks",
            &format!("define days_of_a_fifth_mark = for each m in window_marks where count of (marks where {FIVE_IN_36} give m.decided_on\ndefine too_many_marks"),
        )
        .replace(
            MARKS,
            "  yes when too_many_marks\n",
            "  yes when too_many_marks\n  yes when count of days_of_a_fifth_mark > 0\n",
        )
        .replace(
            MARKS,
            "  yes when count of earlier_marks >= ",
            &format!("  yes when any m in earlier_marks where count of (marks where {FIVE_IN_36}\n  yes when count of earlier_marks >= "),
        )
        .replace(
            MARKS,
            "(smallest of days_reaching_the_number) or else",
            "(smallest of (days_reaching_the_number followed by days_of_a_fifth_mark)) or else",
        )
        .replace(
            REVIEW,
            "  yes when count of marks_since_renewal >= ",
            &format!("  yes when any m in marks_since_renewal where count of (marks where {FIVE_IN_36}\n  yes when count of marks_since_renewal >= "),
        )
        .program(ACCREDITATION)
}

/// Two marks in the first cycle, two in the second, none too many in either: the renewals are in March of even years.
fn over_the_cycles(fifth: &str) -> Json {
    let marks = [
        "2023-11-10",
        "2024-01-20",
        "2024-09-15",
        "2025-06-20",
        fifth,
    ];
    partner("2022-03-01", &marks, &json!({}))
}

#[test]
fn a_third_review_of_marks() {
    let edited = five_marks();
    for (fifth, as_shipped, as_edited) in [
        // the first mark is 36 months less a day before the fifth, then exactly 36 months
        ("2026-11-09", "automatic", "board_review"),
        ("2026-11-10", "automatic", "automatic"),
    ] {
        let facts = over_the_cycles(fifth);
        for (program, outcome) in [(shipped(ACCREDITATION), as_shipped), (&edited, as_edited)] {
            let reviewed = outcome == "board_review";
            let on = |name: &str, wanted: Json| expect(program, &facts, fifth, name, &wanted);
            on("renewal_outcome", json!(outcome));
            // of this cycle there is one mark
            on("marks_in_window", json!(1));
            on(
                "accreditation_status",
                json!(if reviewed { "under_review" } else { "in_force" }),
            );
            // the next evaluation, every six months from the issue
            on(
                "review_due_on",
                if reviewed {
                    json!("2027-03-01")
                } else {
                    Json::Null
                },
            );
            // the day before there were four
            expect(
                program,
                &facts,
                "2026-11-08",
                "renewal_outcome",
                &json!("automatic"),
            );
        }
    }
}

#[test]
fn a_third_review_is_waited_for_beyond_the_renewal() {
    let edited = five_marks();
    let facts = over_the_cycles("2026-11-09");
    // called for once, it does not lapse as the first mark grows old, nor with the day of the renewal
    for on in ["2027-06-01", "2028-03-01", "2028-03-02", "2029-01-01"] {
        expect(
            &edited,
            &facts,
            on,
            "renewal_outcome",
            &json!("board_review"),
        );
        expect(&edited, &facts, on, "renewal_on", &json!("2028-03-01"));
    }
    let renewed = json!({ "review_started_on": "2027-03-01", "board_recommendation": "renew" });
    let renewed = changed(&facts, &renewed);
    expect(
        &edited,
        &renewed,
        "2028-03-01",
        "renewal_outcome",
        &json!("renewed"),
    );
    expect(
        &edited,
        &renewed,
        "2028-03-02",
        "renewal_on",
        &json!("2030-03-01"),
    );
    expect(
        &edited,
        &renewed,
        "2028-03-02",
        "renewal_outcome",
        &json!("automatic"),
    );
}

#[test]
fn a_third_review_leaves_the_other_two_alone() {
    let edited = five_marks();
    for (marks, outcome) in [
        (&["2026-01-10", "2026-02-10"][..], "automatic"),
        (&["2026-01-10", "2026-02-10", "2026-04-10"], "board_review"),
    ] {
        let facts = partner("2025-03-20", marks, &json!({}));
        for program in [shipped(ACCREDITATION), &edited] {
            expect(
                program,
                &facts,
                "2026-10-01",
                "renewal_outcome",
                &json!(outcome),
            );
            let due = if outcome == "automatic" {
                Json::Null
            } else {
                json!("2026-09-20")
            };
            expect(program, &facts, "2026-10-01", "review_due_on", &due);
        }
    }
}

/// Four marks, a review, and a revocation that a director approved on a day.
fn revoked(on: &str, changes: &Json) -> Json {
    let marks = ["2026-01-05", "2026-01-10", "2026-02-10", "2026-04-10"];
    let decided = json!({
        "review_started_on": "2026-09-20",
        "board_recommendation": "revoke",
        "director_approved": { "value": "yes", "by": "director", "on": on },
        "decision_made_on": on,
    });
    changed(
        &partner("2025-03-20", &marks, &json!({})),
        &changed(&decided, changes),
    )
}

#[test]
fn time_for_an_appeal() {
    let edited = Files::rules(ACCREDITATION)
        .replace(
            RENEWAL,
            "define revocation_is_in_effect",
            "value appeal_time = 10 days \"Time for an appeal\"\n\nexception time_for_an_appeal to revocation_is_in_effect when (decision_made_on or else as_of) >= 2027-01-01 and as_of <= (decision_made_on or else as_of) + appeal_time\n  use no\n\ndefine revocation_is_in_effect",
        )
        .replace(
            RENEWAL,
            "  lost when is_lost\n",
            "  lost when is_lost\n  under_review when is_revoked\n",
        )
        .program(ACCREDITATION);
    let at = |program: &Program, facts: &Json, as_of: &str, status: &str| {
        expect(
            program,
            facts,
            as_of,
            "accreditation_status",
            &json!(status),
        );
        let leave = json!(if status == "lost" {
            vec!["pso"]
        } else {
            vec![]
        });
        expect(program, facts, as_of, "programs_to_leave", &leave);
    };
    let none = json!({});
    // decided before the appeal was there: lost at once, and not given back when it comes
    let before = revoked("2026-12-31", &none);
    for on in ["2026-12-31", "2027-01-01", "2027-01-10", "2027-01-11"] {
        at(shipped(ACCREDITATION), &before, on, "lost");
        at(&edited, &before, on, "lost");
    }
    // decided after: ten days, the tenth included
    let after = revoked("2027-01-01", &none);
    for (on, status) in [
        ("2026-12-31", "under_review"),
        ("2027-01-01", "under_review"),
        ("2027-01-11", "under_review"),
        ("2027-01-12", "lost"),
        ("2028-01-12", "lost"),
    ] {
        at(&edited, &after, on, status);
    }
    at(shipped(ACCREDITATION), &after, "2027-01-01", "lost");
    // what was decided is the same throughout; only its effect waits
    expect(
        &edited,
        &after,
        "2027-01-05",
        "renewal_outcome",
        &json!("revoked"),
    );
    // an appeal that succeeds is a new decision of the director
    let won = json!({ "value": "no", "by": "director", "on": "2027-01-08" });
    let won = revoked("2027-01-01", &json!({ "director_approved": won }));
    at(&edited, &won, "2027-01-08", "in_force");
    at(&edited, &won, "2027-01-12", "in_force");
    expect(
        &edited,
        &won,
        "2027-01-12",
        "renewal_outcome",
        &json!("renewed"),
    );
    // a loss for another reason has no appeal
    let lost = revoked(
        "2027-01-01",
        &json!({ "accreditations_lost_on": "2027-01-02" }),
    );
    at(&edited, &lost, "2027-01-02", "lost");
}

#[test]
fn exactly_three_marks_the_other_way() {
    let edited = Files::rules(ACCREDITATION)
        .replace(READINGS, "chosen three_or_more ", "chosen more_than_three ")
        .program(ACCREDITATION);
    let marks = [
        "2025-11-04",
        "2026-05-19",
        "2026-09-30",
        "2026-10-10",
        "2026-10-12",
    ];
    let on = "2026-10-15";
    for (count, as_shipped, as_edited) in [
        (2, "automatic", "automatic"),
        (3, "board_review", "automatic"),
        (4, "board_review", "board_review"),
    ] {
        let facts = partner("2025-03-20", &marks[..count], &json!({}));
        for (program, outcome) in [(shipped(ACCREDITATION), as_shipped), (&edited, as_edited)] {
            expect(program, &facts, on, "renewal_outcome", &json!(outcome));
        }
    }
    // who asks for the other alternative gets it from either text
    let reading = |program: &Program| {
        let at = program
            .ir()
            .readings
            .iter()
            .find(|reading| reading.name == "marks_threshold")
            .unwrap();
        at.alternatives.clone()
    };
    assert_eq!(reading(shipped(ACCREDITATION)), reading(&edited));
}
