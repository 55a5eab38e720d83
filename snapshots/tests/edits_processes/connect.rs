//! Edits to the Connect program.

use super::*;

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
