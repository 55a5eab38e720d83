//! Facts: what the schema takes the reader takes, and nothing else; grants; fields left out; ties; whose facts they are.

use crate::harness::{
    ACCREDITATION, CONDUCT, CONNECT, Files, TECHNOLOGY_PARTNER, day, decision, evaluate, shipped,
};
use crate::run::{Census, Random, cases};
use jsonschema::Validator;
use polc_runtime::facts::Facts;
use polc_runtime::ir::{self, FactKind, Type};
use polc_runtime::{Options, schema};
use serde_json::{Map, Value as Json, json};

/// Dates as people write them, most of them wrong.
const DATES: [&str; 16] = [
    "2027-01-31",
    "2028-02-29",
    "2000-02-29",
    "0004-02-29",
    "0001-01-01",
    "9999-12-31",
    "2027-02-29",
    "1900-02-29",
    "0000-02-29",
    "0000-12-31",
    "2027-04-31",
    "2027-13-01",
    "2027-00-10",
    "2027-1-1",
    "20270101",
    "2027-01-01T00:00",
];

/// Numbers in strings, many of them wrong.
const NUMBERS: [&str; 22] = [
    "0", "-0", "-0.00", "1", "01", "5", "5.0", "5.01", "4.99", "10", "11", "0.5", "-1", "-0.01",
    "100000", "3.", ".5", "", " 1", "1e3", "1,000", "$5",
];

/// Makes facts that fit, and with a small chance in each place something that may not.
struct Maker<'p> {
    program: &'p ir::Program,
    random: Random,
    /// How often in a thousand values something else stands there.
    odd: u64,
}

impl Maker<'_> {
    fn odd(&mut self) -> bool {
        self.random.below(1000) < self.odd
    }

    fn facts(&mut self) -> Json {
        let mut facts = Map::new();
        if self.random.chance(50) {
            facts.insert("id".into(), json!("someone"));
        }
        if self.random.chance(50) {
            let text = if self.odd() {
                *self.random.pick(&DATES)
            } else {
                "2027-06-30"
            };
            facts.insert("as_of".into(), json!(text));
        }
        if self.odd() {
            facts.insert("note".into(), json!(["anything", 1]));
        }
        if self.odd() {
            facts.insert("no_such_fact".into(), json!(1));
        }
        for fact in &self.program.facts {
            if self.random.chance(60) {
                continue;
            }
            let mut value = self.input(&fact.ty, fact.range.as_ref(), &fact.kind);
            if let Some(grid) = &fact.grants {
                self.name_rows(grid, &mut value);
            }
            facts.insert(fact.name.clone(), value);
        }
        Json::Object(facts)
    }

    /// Grants for rows there are, or nearly, that last at least a day.
    fn name_rows(&mut self, grid: &str, value: &mut Json) {
        let grid = self
            .program
            .grids
            .iter()
            .find(|known| known.name == grid)
            .unwrap();
        let names: Vec<String> = grid.rows.iter().map(|row| row.name.clone()).collect();
        for item in value.as_array_mut().into_iter().flatten() {
            let Some(grant) = item.as_object_mut() else {
                continue;
            };
            if grant.contains_key("requirement") && !self.odd() {
                grant.insert("requirement".into(), json!(self.random.pick(&names)));
            }
            // The order of two days no schema can say.
            if let (Some(Json::String(from)), Some(Json::String(through))) =
                (grant.get("from"), grant.get("through"))
                && through < from
            {
                let from = from.clone();
                grant.insert("through".into(), json!(from));
            }
        }
    }

    fn input(&mut self, ty: &Type, range: Option<&ir::Range>, kind: &FactKind) -> Json {
        if !matches!(kind, FactKind::Judgement { .. }) {
            return self.value(ty, range);
        }
        match self.random.below(5) {
            0 => Json::Null,
            1 | 2 => self.value(ty, range),
            _ => {
                let mut parts = Map::new();
                if !self.odd() {
                    let value = if self.random.chance(10) {
                        Json::Null
                    } else {
                        self.value(ty, range)
                    };
                    parts.insert("value".into(), value);
                }
                if self.random.chance(50) {
                    let by = *self.random.pick(&["a board", "someone"]);
                    parts.insert("by".into(), if self.odd() { json!(7) } else { json!(by) });
                }
                if self.random.chance(50) {
                    let on = self.value(&Type::Date, None);
                    parts.insert(
                        "on".into(),
                        if self.random.chance(10) {
                            Json::Null
                        } else {
                            on
                        },
                    );
                }
                if self.odd() {
                    parts.insert("why".into(), json!("because"));
                }
                Json::Object(parts)
            }
        }
    }

    fn value(&mut self, ty: &Type, range: Option<&ir::Range>) -> Json {
        if self.odd() {
            return match self.random.below(9) {
                0 => Json::Null,
                1 => json!(true),
                2 => json!(self.random.within(-2, 120)),
                3 => json!(self.random.within(-300, 1200) as f64 / 100.0),
                4 => json!(*self.random.pick(&DATES)),
                5 => json!(*self.random.pick(&NUMBERS)),
                6 => json!([]),
                7 => json!({}),
                _ => json!("some text"),
            };
        }
        match ty {
            Type::Optional(_) if self.random.chance(25) => Json::Null,
            Type::Optional(inner) => self.value(inner, range),
            Type::Bool => json!(self.random.chance(50)),
            Type::Text => json!(*self.random.pick(&["a", "b", "acme"])),
            Type::Date => {
                let day = self.random.within(19_000, 22_000);
                let day = polc_runtime::value::Date::from_days(day as i32).unwrap();
                json!(day.to_string())
            }
            Type::Enum(id) => {
                let values = &self.program.enums[*id as usize].values;
                json!(self.random.pick(values))
            }
            Type::List(inner) | Type::Set(inner) => {
                let count = self.random.below(4);
                Json::Array((0..count).map(|_| self.value(inner, range)).collect())
            }
            Type::Record(id) => {
                let program = self.program;
                let mut parts = Map::new();
                for field in &program.records[*id as usize].fields {
                    if self.random.chance(80) {
                        let value = self.input(&field.ty, field.range.as_ref(), &field.kind);
                        parts.insert(field.name.clone(), value);
                    }
                }
                if self.odd() {
                    parts.insert("no_such_field".into(), json!(1));
                }
                Json::Object(parts)
            }
            Type::Int | Type::Days | Type::Months => self.number(range, false),
            Type::Decimal | Type::Percent | Type::Money => self.number(range, true),
        }
    }

    fn number(&mut self, range: Option<&ir::Range>, exact: bool) -> Json {
        let end = |end: Option<polc_runtime::value::Number>, other: i64| {
            end.and_then(|end| end.to_i64()).unwrap_or(other)
        };
        let (low, high) = range.map_or((-5, 2000), |range| {
            (end(range.low, -5), end(range.high, 2000))
        });
        let whole = self.random.within(low, high);
        match self.random.below(4) {
            0 => json!(whole.to_string()),
            1 if exact => json!(format!("{whole}.{}", if whole == high { 0 } else { 25 })),
            2 if exact && low >= -5 && high == 2000 && whole > 0 => json!(format!("{whole}/3")),
            3 if exact && whole > low && whole < high => json!(whole as f64 + 0.5),
            _ => json!(whole),
        }
    }
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let mut census = Census::default();
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        let program = shipped(folder);
        let validator: Validator = jsonschema::validator_for(&schema::facts(program.ir())).unwrap();
        for case in 0..cases(10_000, 150) {
            let mut random = Random::of_case(folder, case);
            let odd = *random.pick(&[0, 2, 10, 40]);
            let mut maker = Maker {
                program: program.ir(),
                random,
                odd,
            };
            let facts = maker.facts();
            let read = Facts::from_json(program.ir(), &facts.to_string());
            let said: Vec<String> = validator
                .iter_errors(&facts)
                .map(|error| error.to_string())
                .collect();
            census.count(if read.is_ok() { "fits" } else { "does not fit" });
            match (&read, said.is_empty()) {
                (Ok(_), true) | (Err(_), false) => {}
                (Ok(_), false) => panic!("{folder}: only the schema refuses {facts}: {said:?}"),
                (Err(faults), true) => {
                    panic!("{folder}: only the reader refuses {facts}: {faults:?}")
                }
            }
        }
    }
    census.expect(&["fits", "does not fit"], 5_000);
}

#[test]
fn every_type_reads_as_its_schema_says() {
    let text = "program t \"T\" version 1\n  currency USD\nenum Kind { a, none_at_all }\n\
        record Item\n  a: int 3..12 may be left out = 3\n  judgement j: go, stop by board\n  judgement k: int by board\n  event e\n  p: period may be left out\n\
        fact i: int\nfact at_least: int >= 7\nfact large: int 95..1005\nfact negative: int -5..5\nfact d: decimal 0.5..9.5\nfact pct: percent 0..100\nfact m: money >= 0 or none\n\
        fact n: days\nfact o: months or none\nfact s: set of Kind\nfact l: list of list of int\nfact r: Item or none\nfact b: bool or none\nfact t: text\nfact day: date\nfact p: period\njudgement j: yes, no by board\njudgement whole: Item by board\nevent ev\n\
        decision x: bool = yes\n";
    let program = Files::one(text).program("t.pol");
    let validator = jsonschema::validator_for(&schema::facts(program.ir())).unwrap();
    let mut census = Census::default();
    for case in 0..cases(20_000, 2_000) {
        let mut maker = Maker {
            program: program.ir(),
            random: Random::of_case("types", case),
            odd: 60,
        };
        let mut facts = maker.facts();
        // What no schema can say: the order of two days, and decimals outside a range of decimals in strings.
        in_order(&mut facts);
        for name in ["d", "negative"] {
            if facts.get(name).is_some_and(Json::is_string) {
                facts.as_object_mut().unwrap().remove(name);
            }
        }
        let read = Facts::from_json(program.ir(), &facts.to_string());
        let fits = validator.is_valid(&facts);
        census.count(if fits { "fits" } else { "does not fit" });
        assert_eq!(read.is_ok(), fits, "{facts}: {read:?}");
    }
    census.expect(&["fits", "does not fit"], 1_000);
}

/// Puts the two days of every period in order.
fn in_order(value: &mut Json) {
    if let (Some(Json::String(from)), Some(Json::String(through))) =
        (value.get("from"), value.get("through"))
        && through < from
    {
        let from = from.clone();
        value["through"] = json!(from);
    }
    match value {
        Json::Array(items) => items.iter_mut().for_each(in_order),
        Json::Object(parts) => parts.values_mut().for_each(in_order),
        _ => {}
    }
}

// ── Grants ──────────────────────────────────────────────────────────────────────────────────────

fn faults(program: &polc_runtime::Program, facts: &Json) -> Vec<String> {
    match Facts::from_json(program.ir(), &facts.to_string()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|fault| fault.path).collect(),
    }
}

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

// ── Fields that may be left out, single records, periods ────────────────────────────────────────

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

// ── Ties ────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_tie_is_told_unless_it_is_decided_in_writing() {
    let text = "program t \"T\" version 1\nscale Size { small < big }\nrecord Item\n  id: int\n  on: date\n  size: Size\n  score: int\nfact items: list of Item\n\
        define l = latest of items by .on\ndefine e = earliest of items by .on\n\
        define ls = latest of items by .on then by .size\ndefine es = earliest of items by .on then by .size\n\
        define sl = latest of items by .score\ndefine in_loop = for each i in items where (latest of items by .on then by .score) is not none give i.id\n\
        decision latest: int = if l is none then 0 else l.id\ndecision earliest: int = if e is none then 0 else e.id\n\
        decision latest_big: int = if ls is none then 0 else ls.id\ndecision earliest_small: int = if es is none then 0 else es.id\n\
        decision by_score: int = if sl is none then 0 else sl.id\ndecision looped: int = count of in_loop\n";
    let program = Files::one(text).program("t.pol");
    let names = [
        "latest",
        "earliest",
        "latest_big",
        "earliest_small",
        "by_score",
    ];
    let mut census = Census::default();
    for case in 0..cases(10_000, 300) {
        let mut random = Random::of_case("ties", case);
        let items: Vec<(i64, i64, i64, i64)> = (0..random.below(5))
            .map(|at| {
                (
                    at as i64 + 1,
                    random.within(1, 3),
                    random.within(0, 1),
                    random.within(1, 4),
                )
            })
            .collect();
        let written: Vec<Json> = items
            .iter()
            .map(|(id, on, size, score)| {
                let size = ["small", "big"][*size as usize];
                json!({ "id": id, "on": format!("2027-01-0{on}"), "size": size, "score": score })
            })
            .collect();
        let facts =
            Facts::from_json(program.ir(), &json!({ "items": written }).to_string()).unwrap();
        for name in names {
            let key = |item: &(i64, i64, i64, i64)| match name {
                "latest" | "earliest" => (item.1, 0),
                "by_score" => (item.3, 0),
                _ => (item.1, item.2),
            };
            let largest = !name.starts_with("earliest");
            let extreme = items.iter().map(key);
            let extreme = if largest {
                extreme.max()
            } else {
                extreme.min()
            };
            let tied: Vec<_> = items
                .iter()
                .filter(|item| Some(key(item)) == extreme)
                .collect();
            let taken = if largest { tied.last() } else { tied.first() };
            let only = [name.to_owned()];
            let on = day("2027-06-01");
            let result = program
                .evaluate(&facts, on, &Options::default())
                .report(Some(&only))
                .json();
            let wanted = taken.map_or(0, |item| item.0);
            let got = &result["decisions"][name]["value"];
            assert_eq!(got, &json!(wanted), "{name} of {written:?}");
            let notes = result["notes"].as_array().unwrap();
            assert_eq!(
                !notes.is_empty(),
                tied.len() > 1,
                "{name} of {written:?}: {notes:?}"
            );
            census.count(if tied.len() > 1 {
                format!("{name} tied")
            } else {
                format!("{name} alone")
            });
        }
    }
    for name in names {
        census.expect(&[&format!("{name} tied"), &format!("{name} alone")], 500);
    }
}

// ── Whose facts they are ────────────────────────────────────────────────────────────────────────

#[test]
fn facts_of_one_program_say_nothing_to_another() {
    let text = |version: &str| {
        format!(
            "program t \"T\" version {version}\nfact a: int\nfact b: int\ndecision sum: int = a - b\ndecision always: int = 1\n"
        )
    };
    let one = Files::one(text("1")).program("t.pol");
    let other = Files::one(text("2")).program("t.pol");
    let facts = Facts::from_json(one.ir(), r#"{"a": 1, "b": 2}"#).unwrap();
    let result = one
        .evaluate(&facts, day("2027-01-01"), &Options::default())
        .report(None)
        .json();
    assert_eq!(decision(&result, "sum"), json!(-1));
    let mut foreign = other.evaluate(&facts, day("2027-01-01"), &Options::default());
    let result = foreign.report(None).json();
    for name in ["sum", "always"] {
        let outcome = &result["decisions"][name];
        assert_eq!(outcome["status"], "error", "{name}");
        let because = outcome["because"].as_str().unwrap();
        assert!(because.contains("read for the program t"), "{because}");
    }
    assert!(facts.misfit(one.ir()).is_none() && facts.misfit(other.ir()).is_some());
    let prepared = other.prepare("sum", &Options::default());
    let decided = prepared.and_then(|ready| ready.decide(&ready.slots(&facts), day("2027-01-01")));
    assert_eq!(decided, None);
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        let result = shipped(folder)
            .evaluate(&facts, day("2027-01-01"), &Options::default())
            .report(None)
            .json();
        for (name, outcome) in result["decisions"].as_object().unwrap() {
            assert_eq!(outcome["status"], "error", "{name} of {folder}");
        }
    }
}
