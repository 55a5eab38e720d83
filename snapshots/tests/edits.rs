//! Edits a partner-operations person would make, applied to the text of the policy alone, and what follows from them.

use crate::harness::{
    self, Files, TECHNOLOGY_PARTNER, changed, decision, errors, evaluate, technology_partner,
};
use polc::diagnostics::Code;
use polc_runtime::Program;
use serde_json::{Value as Json, json};

const TIERS: &str = "policies/technology_partner/tiers.pol";
const FACTS: &str = "policies/technology_partner/facts.pol";
const PROGRAM: &str = "policies/technology_partner/program.pol";
const BENEFITS: &str = "policies/technology_partner/benefits.pol";
const MOVEMENT: &str = "policies/technology_partner/movement.pol";

fn rules() -> Files {
    Files::rules(TECHNOLOGY_PARTNER)
}

/// A company that meets every requirement of Premier exactly, with changes.
fn company(changes: &Json) -> Json {
    let facts = json!({
        "listing_live": true,
        "good_standing": "yes",
        "attached_mrr_12mo_avg": 7_000_000,
        "influenced_deal_mrr_12mo": 30_000,
        "first_90_days_mrr_12mo": 0,
        "reviews_12mo_count": 10,
        "rating_12mo_avg": "4.0",
        "app_certified": true,
        "named_technical_product_referent": true,
        "named_partnerships_owner": true,
        "named_executive_sponsor": true,
        "data_sharing_active": true,
        "current_tier": "premier",
        "offered_tier": null,
        "package_value": 100_000,
    });
    changed(&facts, changes)
}

#[track_caller]
fn expect(program: &Program, as_of: &str, changes: &Json, name: &str, wanted: &Json) {
    harness::expect(program, &company(changes), as_of, name, wanted);
}

#[test]
fn the_company_as_shipped() {
    let shipped = technology_partner();
    for name in ["eligible_tier", "qualified_tier"] {
        expect(shipped, "2027-01-15", &json!({}), name, &json!("premier"));
    }
}

#[test]
fn transition_longer_for_ratings_alone() {
    let program = rules()
        .replace(
            TIERS,
            "  waives certification for premier  ",
            "  waives rating for rising, leading, premier through 2027-06-30\n  waives certification for premier  ",
        )
        .program(TECHNOLOGY_PARTNER);
    let unrated = json!({ "rating_12mo_avg": null });
    let name = "eligible_tier";
    expect(
        technology_partner(),
        "2027-01-15",
        &unrated,
        name,
        &json!("partner"),
    );
    expect(&program, "2027-01-15", &unrated, name, &json!("premier"));
    expect(&program, "2027-06-30", &unrated, name, &json!("premier"));
    expect(&program, "2027-07-01", &unrated, name, &json!("partner"));
    // reviews and certification keep the date they had
    let unreviewed = json!({ "rating_12mo_avg": null, "reviews_12mo_count": 0 });
    expect(&program, "2026-12-31", &unreviewed, name, &json!("premier"));
    expect(&program, "2027-01-01", &unreviewed, name, &json!("partner"));
    let uncertified = json!({ "rating_12mo_avg": null, "app_certified": false });
    expect(
        &program,
        "2026-12-31",
        &uncertified,
        name,
        &json!("premier"),
    );
    expect(
        &program,
        "2027-01-01",
        &uncertified,
        name,
        &json!("leading"),
    );
    let result = evaluate(&program, &company(&unrated), "2027-06-30");
    let cell = &result["requirements"]["premier"]["rating"];
    assert_eq!(cell["result"], "waived");
    assert_eq!(cell["by"], "transition_2026");
    assert_eq!(cell["otherwise"], "not_met");
}

#[test]
fn a_fifth_tier() {
    let program = rules()
        .replace(PROGRAM, "leading < premier }", "leading < premier < elite }")
        .replace(
            TIERS,
            "amend tier_grid\n",
            "amend tier_grid\n  elite like premier except attached $20M, reviews 25\n",
        )
        .replace(
            BENEFITS,
            "define offered_benefits",
            "amend benefit_rows\n  elite like premier except partner_advisory_council guaranteed\n\ndefine offered_benefits",
        )
        .replace(
            BENEFITS,
            "## What may be granted: packages",
            "amend sponsorship\n  elite like premier\n\n## What may be granted: packages",
        )
        // each `otherwise` asks about the new tier; here it goes with the others
        .fixed(TECHNOLOGY_PARTNER, Code::OtherwiseTakesOther)
        .program(TECHNOLOGY_PARTNER);
    let on = "2027-01-15";
    let name = "eligible_tier";
    let just = json!({ "attached_mrr_12mo_avg": 20_000_000, "reviews_12mo_count": 25 });
    expect(&program, on, &just, name, &json!("elite"));
    expect(&program, on, &just, "qualified_tier", &json!("elite"));
    let below = json!({ "attached_mrr_12mo_avg": "19999999.99", "reviews_12mo_count": 25 });
    expect(&program, on, &below, name, &json!("premier"));
    let below = json!({ "attached_mrr_12mo_avg": 20_000_000, "reviews_12mo_count": 24 });
    expect(&program, on, &below, name, &json!("premier"));
    // the exception was written for Premier and stays with it
    let excepted = json!({ "attached_mrr_12mo_avg": 0, "influenced_deal_mrr_12mo": 100_000, "reviews_12mo_count": 25 });
    expect(&program, on, &excepted, name, &json!("premier"));
    // what was not copied from Premier is as before
    expect(&program, on, &json!({}), name, &json!("premier"));
    let held = json!({ "current_tier": "elite" });
    expect(&program, on, &held, "movement", &json!("down"));
    expect(
        &program,
        on,
        &held,
        "sponsorship_discount_pct",
        &json!("10"),
    );
    let of = |facts: &Json| {
        let result = evaluate(&program, &company(facts), on);
        decision(&result, "benefits").as_array().unwrap().clone()
    };
    let (elite, premier) = (of(&held), of(&json!({})));
    assert_eq!(elite.len(), premier.len());
    for (one, other) in elite.iter().zip(&premier) {
        if one["benefit"] != "partner_advisory_council" {
            assert_eq!(one, other);
        }
    }
}

#[test]
fn a_higher_threshold_from_a_later_day() {
    let program = rules()
        .replace(
            TIERS,
            "amend tier_grid\n",
            "amend tier_grid\n  attached for leading is $1.2M from 2028-01-01 announced 2027-06-01 cite TP-030\n",
        )
        .program(TECHNOLOGY_PARTNER);
    let name = "eligible_tier";
    let cents = |amount: &str| json!({ "attached_mrr_12mo_avg": amount });
    for (on, amount, tier) in [
        ("2027-05-31", "1000000", "leading"),
        ("2027-06-01", "1000000", "leading"),
        ("2027-12-31", "1000000", "leading"),
        ("2027-12-31", "999999.99", "rising"),
        ("2028-01-01", "1000000", "rising"),
        ("2028-01-01", "1199999.99", "rising"),
        ("2028-01-01", "1200000", "leading"),
        ("2028-01-01", "6999999.99", "leading"),
        ("2028-01-01", "7000000", "premier"),
    ] {
        expect(&program, on, &cents(amount), name, &json!(tier));
    }
}

#[test]
fn an_exception_that_outranks_the_premier_exception() {
    let program = rules()
        .replace(
            TIERS,
            "## Extra time or relief",
            "exception paused_while_escalated to waiver premier_exception when at_fault_escalation_current\n  does not apply\n\n## Extra time or relief",
        )
        .program(TECHNOLOGY_PARTNER);
    let on = "2027-01-15";
    let name = "eligible_tier";
    let with = |escalated: Json| {
        json!({
            "attached_mrr_12mo_avg": 1_000_000,
            "influenced_deal_mrr_12mo": 100_000,
            "at_fault_escalation_current": escalated,
        })
    };
    expect(&program, on, &with(json!(false)), name, &json!("premier"));
    expect(&program, on, &with(json!(true)), name, &json!("leading"));
    // who meets Premier without the exception never needs to know
    let without = json!({ "at_fault_escalation_current": true });
    expect(&program, on, &without, name, &json!("premier"));
    let missing =
        json!({ "attached_mrr_12mo_avg": 1_000_000, "influenced_deal_mrr_12mo": 100_000 });
    let result = evaluate(&program, &company(&missing), on);
    assert_eq!(
        result["decisions"][name],
        json!({
            "status": "unknown", "needs": ["at_fault_escalation_current"], "judgements": [],
            "at_least": "leading", "at_most": "premier",
        })
    );
}

const RANKED: &str =
    "exception large_package to sponsorship_discount_pct when package_value >= $200K
  use 12%
exception cut_while_escalated to sponsorship_discount_pct when at_fault_escalation_current
  use 0%
";
const RANKING: &str = "cut_while_escalated prevails over large_package because \"no extra discount while an escalation is open\"\n";

#[test]
fn two_exceptions_must_be_ranked() {
    let place = "## What may be granted: packages";
    let unranked = rules()
        .replace(BENEFITS, place, &format!("{RANKED}{place}"))
        .compile(TECHNOLOGY_PARTNER);
    assert!(unranked.program.is_none());
    let said = errors(&unranked);
    assert!(
        said.contains("large_package") && said.contains("cut_while_escalated"),
        "{said}"
    );
    let program = rules()
        .replace(BENEFITS, place, &format!("{RANKED}{RANKING}{place}"))
        .program(TECHNOLOGY_PARTNER);
    for (value, escalated, percent) in [
        (200_000, false, "12"),
        (199_999, false, "10"),
        (200_000, true, "0"),
        (199_999, true, "0"),
    ] {
        let facts = json!({ "package_value": value, "at_fault_escalation_current": escalated });
        expect(
            &program,
            "2027-01-15",
            &facts,
            "sponsorship_discount_pct",
            &json!(percent),
        );
    }
}

#[test]
fn a_new_requirement_with_a_phase_in_of_its_own() {
    let program = rules()
        .replace(
            FACTS,
            "# ── Benefits ──",
            "fact security_audited: bool \"Audited within the year\"\n\n# ── Benefits ──",
        )
        .replace(
            TIERS,
            "amend tier_grid\n",
            "amend tier_grid\n  add at stage eligibility | security_audit: security_audited \"Security audit\" | - | - | mandatory | mandatory | from 2028-01-01\n",
        )
        .replace(
            TIERS,
            "## Lifts the two money rows",
            "waiver audit_phase_in through 2028-06-30 \"Time for the audit\"\n  waives security_audit for leading\n\n## Lifts the two money rows",
        )
        .program(TECHNOLOGY_PARTNER);
    let name = "qualified_tier";
    for (on, audited, tier) in [
        ("2027-12-31", json!(false), "premier"),
        ("2028-01-01", json!(false), "leading"),
        ("2028-01-01", json!(true), "premier"),
        ("2028-06-30", json!(false), "leading"),
        ("2028-07-01", json!(false), "rising"),
        ("2028-07-01", json!(true), "premier"),
    ] {
        let facts = json!({ "security_audited": audited });
        expect(&program, on, &facts, name, &json!(tier));
    }
    // before its day the new fact is not asked for
    expect(&program, "2027-12-31", &json!({}), name, &json!("premier"));
    let result = evaluate(&program, &company(&json!({})), "2028-07-01");
    assert_eq!(
        result["decisions"][name],
        json!({
            "status": "unknown", "needs": ["security_audited"], "judgements": [],
            "at_least": "rising", "at_most": "premier",
        })
    );
}

#[test]
fn no_tier_down_in_another_year() {
    let program = rules()
        .replace(
            MOVEMENT,
            "schedule tier_down on day 15 of january, july from 2027-01-01  cite",
            "schedule tier_down on day 15 of january, july from 2027-01-01 except 2028  cite",
        )
        .program(TECHNOLOGY_PARTNER);
    let poor = json!({ "attached_mrr_12mo_avg": 1_000_000 });
    for (on, movement) in [
        ("2027-01-15", "down"),
        ("2027-07-15", "down"),
        ("2028-01-15", "hold"),
        ("2028-07-15", "hold"),
        ("2029-01-15", "down"),
    ] {
        expect(&program, on, &poor, "movement", &json!(movement));
    }
    for (on, next) in [
        ("2027-07-15", "2027-07-15"),
        ("2027-07-16", "2029-01-15"),
        ("2028-07-15", "2029-01-15"),
    ] {
        expect(&program, on, &poor, "next_tier_down_on", &json!(next));
        expect(
            technology_partner(),
            "2028-01-15",
            &poor,
            "movement",
            &json!("down"),
        );
    }
}

#[test]
fn a_change_to_a_table_must_name_one_row() {
    let table = "program t version 1
scale Tier { low < high }
enum Benefit { badge, events }
fact tier: Tier
table benefits for tier gives level: int, every row
  | -> benefit: Benefit | low | high |
  | badge               | 1   | 2    |
  | events              | 1   | 2    |
  | events              | -   | 3    |
decision all = benefits
amend benefits
";
    let said = |change: &str| {
        let compilation = Files::one(format!("{table}  {change}\n")).compile("t.pol");
        errors(&compilation)
    };
    assert_eq!(said("badge for high is 4 from 2028-01-01"), "");
    assert!(said("badges for high is 4").contains("there is no row `badges`"));
    assert!(said("events for high is 4").contains("`events` could be any of 2 rows"));
    assert!(said("add | badge: tier is low | 4 | 4 |").contains("not to a table"));
}
