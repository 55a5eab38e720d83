//! Fields that may be left out, single records, periods.

use super::*;

#[test]
fn what_a_record_leaves_out_is_what_its_declaration_says() {
    let text = "program t \"T\" version 1\n  currency USD\nscale Tier { silver < gold }\n\
        record Item\n  asked: int\n  none_at_all: int may be left out\n  number: int 1..9 may be left out = 4\n  amount: money may be left out = $2.50\n  yes_it_is: bool may be left out = yes\n\
        \x20 word: text may be left out = \"w\"\n  tier: Tier may be left out = gold\n  day: date may be left out = 9999-12-31\n  event e may be left out\n  list: list of int may be left out = []\n\
        fact item: Item\nfact items: list of Item\n\
        decision asked: int = item.asked\ndecision none_at_all: int or none = item.none_at_all\ndecision number: int = item.number\ndecision amount: money = item.amount\n\
        decision yes_it_is: bool = item.yes_it_is\ndecision word: text = item.word\ndecision tier: Tier = item.tier\ndecision day: date = item.day\ndecision e: date or none = item.e\n\
        decision list: list of int = item.list\ndecision sums: int = sum of items.number\n";
    let program = Files::one(text).program("t.pol");
    let result = evaluate(
        &program,
        &json!({ "item": {}, "items": [{}, { "number": 1 }] }),
        "2027-01-01",
    );
    for (name, wanted) in [
        ("asked", json!("unknown")),
        ("none_at_all", Json::Null),
        ("number", json!(4)),
        ("amount", json!("2.50")),
        ("yes_it_is", json!(true)),
        ("word", json!("w")),
        ("tier", json!("gold")),
        ("day", json!("9999-12-31")),
        ("e", Json::Null),
        ("list", json!([])),
        ("sums", json!(5)),
    ] {
        assert_eq!(decision(&result, name), wanted, "{name}");
    }
    assert_eq!(
        result["assumptions"],
        json!([]),
        "a meaning is no assumption"
    );
    // Only inside a record that is there.
    let result = evaluate(&program, &json!({}), "2027-01-01");
    for (name, outcome) in result["decisions"].as_object().unwrap() {
        assert_eq!(outcome["status"], "unknown", "{name}");
    }
}

#[test]
fn a_single_record_without_its_day_has_not_certainly_happened() {
    let text = "program t \"T\" version 1\nrecord Case dated raised_on\n  raised_on: date\n  serious: bool\nrecord Holder\n  case: Case or none\n\
        fact case: Case or none\nfact holder: Holder\nfact holders: list of Holder\n\
        decision raised: bool = case is not none\ndecision held: bool = holder.case is not none\ndecision any_held: bool = any holders where .case is not none\n";
    let program = Files::one(text).program("t.pol");
    for (on, wanted) in [
        (None, "unknown"),
        (Some("2027-01-01"), "yes"),
        (Some("2027-01-02"), "no"),
        (Some("0001-01-01"), "yes"),
        (Some("9999-12-31"), "no"),
    ] {
        let mut case = json!({ "serious": true });
        if let Some(on) = on {
            case["raised_on"] = json!(on);
        }
        let facts =
            json!({ "case": case, "holder": { "case": case }, "holders": [{ "case": case }] });
        let result = evaluate(&program, &facts, "2027-01-01");
        let wanted = match wanted {
            "yes" => json!(true),
            "no" => json!(false),
            _ => json!("unknown"),
        };
        for name in ["raised", "held", "any_held"] {
            assert_eq!(decision(&result, name), wanted, "{name} with {facts}");
        }
    }
    let needs = evaluate(
        &program,
        &json!({ "case": { "serious": true } }),
        "2027-01-01",
    );
    assert_eq!(
        needs["decisions"]["raised"]["needs"],
        json!(["case.raised_on"])
    );
}

#[test]
fn a_period_does_not_end_before_it_begins() {
    let text = "program t \"T\" version 1\nfact p: period\nfact all: list of period\nfact begins: date\nfact ends: date\n\
        define made = period from begins through ends\ndefine cut = period from begins before ends\n\
        decision given: days or none = days of p\ndecision several: days or none = days of all\n\
        decision computed: days or none = days of made\ndecision computed_before: days or none = days of cut\ndecision inside: bool = as_of in made\n";
    let program = Files::one(text).program("t.pol");
    let days = ["0001-01-01", "2027-01-01", "2027-01-02", "9999-12-31"];
    for from in days {
        for through in days {
            let period = json!({ "from": from, "through": through });
            let length = day(from).days_until(day(through)) + 1;
            let said = faults(&program, &json!({ "p": period, "all": [period] }));
            let facts = json!({ "begins": from, "ends": through });
            let result = evaluate(&program, &facts, "2027-01-01");
            let number = |value: i64| {
                if value >= 1 {
                    json!(value)
                } else {
                    json!("error")
                }
            };
            assert_eq!(decision(&result, "computed"), number(length), "{facts}");
            let before = if through == "0001-01-01" {
                0
            } else {
                length - 1
            };
            assert_eq!(
                decision(&result, "computed_before"),
                number(before),
                "{facts}"
            );
            if length < 1 {
                assert_eq!(said, ["p.through", "all[0].through"]);
                assert_eq!(decision(&result, "inside"), json!("error"), "{facts}");
            } else {
                assert!(said.is_empty());
                let result = evaluate(
                    &program,
                    &json!({ "p": period, "all": [period] }),
                    "2027-01-01",
                );
                assert_eq!(decision(&result, "given"), json!(length));
                assert_eq!(decision(&result, "several"), json!(length));
            }
        }
    }
    // An end that is not known may still turn out to lie before the other one.
    let open = evaluate(&program, &json!({ "begins": "2027-06-01" }), "2027-01-01");
    assert_eq!(decision(&open, "inside"), json!("unknown"));
}
