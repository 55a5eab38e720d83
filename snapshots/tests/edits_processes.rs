//! Edits to the programs that are processes: deadlines, surveys, marks and sanctions. Each shows both sides of the
//! boundary, and that what was settled before the edit's first day stays settled.

use crate::harness::{
    ACCREDITATION, CONDUCT, CONNECT, Files, changed, day, decision, errors, evaluate, expect,
    shipped,
};
use polc::diagnostics::Code;
use polc_runtime::Program;
use serde_json::{Value as Json, json};

const STAGES: &str = "policies/connect/stages.pol";
const CERTIFICATION: &str = "policies/connect/certification.pol";
const MARKS: &str = "policies/accreditation/marks.pol";
const REVIEW: &str = "policies/accreditation/review.pol";
const RENEWAL: &str = "policies/accreditation/renewal.pol";
const READINGS: &str = "policies/accreditation/readings.pol";
const SANCTIONS: &str = "policies/conduct/consequences.pol";
const ACTIONS: &str = "policies/shared/solutions.pol";

// ── Connect ─────────────────────────────────────────────────────────────────────────────────────

/// An integration with 14 installs whose listing is published on a day, with changes.
fn integration(published: &str, changes: &Json) -> Json {
    let facts = json!({
        "built_in_house": true,
        "auth_method": "oauth2",
        "support_channels": ["ticket"],
        "support_response_sla_hours": 24,
        "install_counts": [{ "on": "2026-02-01", "count": 14 }],
        "applied_on": "2026-02-10",
        "application_decision": "accepted",
        "accepted_on": "2026-03-01",
        "site_page_supplied_on": "2026-03-27",
        "site_page_meets_packet": true,
        "site_page_approved_on": "2026-04-02",
        "listing_published_on": published,
        "certification_applied_on": null,
        "other_certification_requirements_met": true,
        "survey_rounds": [],
    });
    changed(&facts, changes)
}

/// The longer period, dated; the shipped rule takes the length of the day of the publication.
fn longer_beta() -> Program {
    Files::rules(CONNECT)
        .replace(
            STAGES,
            "value listing_time = 90 days \"Length of the listing period\"       cite CN-015\n",
            "value listing_time: days \"Length of the listing period\"  cite CN-015\n  90 days before 2027-01-01\n  120 days from 2027-01-01\n",
        )
        .program(CONNECT)
}

#[test]
fn a_longer_beta_for_listings_from_a_day_on() {
    let edited = longer_beta();
    let never = json!({});
    for (published, last_before, last_after) in [
        // over before the new length is in force
        ("2026-09-15", "2026-12-14", "2026-12-14"),
        // published in 2026: 90 days, also when they end in 2027
        ("2026-12-31", "2027-03-31", "2027-03-31"),
        ("2027-01-01", "2027-04-01", "2027-05-01"),
    ] {
        let facts = integration(published, &never);
        for (program, last) in [(shipped(CONNECT), last_before), (&edited, last_after)] {
            let last = day(last);
            let after = last.checked_add_days(1).unwrap().to_string();
            let last = last.to_string();
            let on = |as_of: &str, name: &str, wanted: Json| {
                expect(program, &facts, as_of, name, &wanted);
            };
            on(published, "next_deadline_on", json!(last));
            on(&last, "stage", json!("beta_listed"));
            on(&last, "days_left", json!(0));
            on(&after, "stage", json!("terminated"));
            on(&after, "end_reason", json!("installs_missed"));
            // nobody comes back when the new length comes into force, nor later
            on("2027-06-01", "stage", json!("terminated"));
            on("2030-01-01", "stage", json!("terminated"));
        }
    }
    // ended before the first day of the new length, and on that day
    let over = integration("2026-09-15", &never);
    for on in ["2026-12-15", "2026-12-31", "2027-01-01", "2027-01-13"] {
        expect(&edited, &over, on, "stage", &json!("terminated"));
    }
}

#[test]
fn installs_count_within_the_period_the_listing_was_given() {
    let edited = longer_beta();
    // 40 installs 106 days after the publication
    for (published, forty, as_shipped, as_edited) in [
        (
            "2026-12-15",
            "2027-03-31",
            ("terminated", false),
            ("terminated", false),
        ),
        (
            "2027-01-15",
            "2027-05-01",
            ("terminated", false),
            ("beta_listed", true),
        ),
    ] {
        let counts = json!([
            { "on": "2026-02-01", "count": 14 }, { "on": forty, "count": 40 },
        ]);
        let facts = integration(published, &json!({ "install_counts": counts }));
        for (program, (stage, eligible)) in [(shipped(CONNECT), as_shipped), (&edited, as_edited)] {
            let on = "2027-05-20";
            expect(program, &facts, on, "stage", &json!(stage));
            expect(
                program,
                &facts,
                on,
                "certification_eligible",
                &json!(eligible),
            );
        }
    }
}

#[test]
fn a_longer_beta_as_an_exception() {
    // The same said from outside: no line of the rule itself is touched.
    let edited = Files::rules(CONNECT)
        .replace(
            STAGES,
            "define page_clock",
            "exception longer_listing to listing_time when listed_on >= 2027-01-01\n  use 120 days\n\ndefine page_clock",
        )
        .program(CONNECT);
    let never = json!({});
    for (published, last, after) in [
        ("2026-12-31", "2027-03-31", "2027-04-01"),
        ("2027-01-01", "2027-05-01", "2027-05-02"),
    ] {
        let facts = integration(published, &never);
        expect(&edited, &facts, last, "stage", &json!("beta_listed"));
        expect(&edited, &facts, after, "stage", &json!("terminated"));
    }
}

/// 20 responses: promoters, then those who count for nothing, then detractors.
fn scores(promoters: usize, detractors: usize) -> Json {
    let mut scores = vec![9; promoters];
    scores.resize(20 - detractors, 8);
    scores.resize(20, 3);
    json!(scores)
}

/// Applied for certification with 60 installs; one survey whose link was given on a day.
fn surveyed(link: &str, scores: Json) -> Json {
    let round = json!({
        "link_provided_on": link, "distributed_on": link, "scores": scores,
        "improvements_completed_on": null,
    });
    integration(
        "2026-04-10",
        &json!({
            "install_counts": [{ "on": "2026-02-01", "count": 60 }],
            "certification_applied_on": "2026-04-20",
            "survey_rounds": [round],
        }),
    )
}

#[test]
fn certification_asks_for_a_higher_nps() {
    let edited = Files::rules(CONNECT)
        .replace(
            CERTIFICATION,
            "certified_nps: decimal = 25 ",
            "certified_nps: decimal = 30 ",
        )
        .program(CONNECT);
    let on = "2026-06-01";
    for (scores, nps, as_shipped, as_edited) in [
        (scores(8, 4), "20", "improving", "improving"),
        (scores(8, 3), "25", "certified", "improving"),
        (scores(9, 3), "30", "certified", "certified"),
    ] {
        let facts = surveyed("2026-05-01", scores);
        for (program, stage) in [(shipped(CONNECT), as_shipped), (&edited, as_edited)] {
            expect(program, &facts, on, "nps", &json!(nps));
            expect(program, &facts, on, "stage", &json!(stage));
            let decision = json!(if stage == "improving" {
                "improve"
            } else {
                "certified"
            });
            expect(program, &facts, on, "certification_decision", &decision);
        }
    }
}

#[test]
fn a_higher_nps_for_surveys_from_a_day_on() {
    let edited = Files::rules(CONNECT)
        .replace(
            CERTIFICATION,
            "certified_nps: decimal = 25 \"NPS that certifies\"       cite CN-026, CN-027\n",
            "certified_nps: decimal \"NPS that certifies\"  cite CN-026, CN-027\n  25 before 2027-01-01\n  30 from 2027-01-01\n",
        )
        .replace(
            CERTIFICATION,
            ">= certified_nps,",
            ">= (certified_nps as of r.began_on),",
        )
        .program(CONNECT);
    for (link, scores, stage, decision) in [
        ("2026-12-31", scores(8, 3), "certified", "certified"),
        ("2027-01-01", scores(8, 3), "improving", "improve"),
        ("2027-01-01", scores(9, 3), "certified", "certified"),
    ] {
        let facts = surveyed(link, scores);
        // years after, whoever passed has passed
        for on in [link, "2027-01-01", "2027-02-01", "2030-01-01"] {
            expect(&edited, &facts, on, "stage", &json!(stage));
            expect(
                &edited,
                &facts,
                on,
                "certification_decision",
                &json!(decision),
            );
        }
    }
}

// ── Accreditation ───────────────────────────────────────────────────────────────────────────────

/// A Platinum partner with one accreditation and marks on these days, with changes.
fn partner(issued: &str, marks: &[&str], changes: &Json) -> Json {
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

// ── Conduct ─────────────────────────────────────────────────────────────────────────────────────

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
