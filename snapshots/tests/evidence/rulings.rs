//! The tables of the outcomes: what comes of every kind of outcome in every place a rule has for one.

use crate::harness::Files;
use crate::outcomes::report;
use serde_json::{Value as Json, json};

/// The five kinds of outcome as conditions and as numbers, from facts that make them so.
const KINDS: &str = "program p \"P\" version 1
scale Level { low < mid < high }
record Pair
  p: decimal
  q: bool
fact f: bool
fact t: bool
fact z: decimal
fact open_b: bool
fact open_n: decimal
define yes_b = t
define no_b = f
define out_b: bool
  applies when f because \"out\"
  yes otherwise
define err_b: bool = 1 / z > 0
define one: decimal = if t then 1 else 0
define two: decimal = if t then 2 else 0
define out_n: decimal
  applies when f because \"out\"
  1 otherwise
define err_n: decimal = 1 / z
";

/// What an outcome is: y, n, a number, o(pen), x (not applicable), e(rror).
fn letter(answer: &Json) -> String {
    match answer["status"].as_str().unwrap() {
        "known" => match &answer["value"] {
            Json::Bool(true) => "y".to_owned(),
            Json::Bool(false) => "n".to_owned(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        },
        "unknown" => "o".to_owned(),
        "not_applicable" => "x".to_owned(),
        _ => "e".to_owned(),
    }
}

/// The answer called `d` of the rules added to the kinds.
fn answer(rules: &str) -> String {
    let text = format!("{KINDS}{rules}");
    let program = Files::one(text.clone()).program("t.pol");
    let facts = json!({ "f": false, "t": true, "z": 0 });
    letter(&report(&program, facts.as_object().unwrap())["decisions"]["d"])
}

const CONDITIONS: [(&str, &str); 5] = [
    ("y", "yes_b"),
    ("n", "no_b"),
    ("o", "open_b"),
    ("x", "out_b"),
    ("e", "err_b"),
];
const NUMBERS: [(&str, &str); 5] = [
    ("1", "one"),
    ("2", "two"),
    ("o", "open_n"),
    ("x", "out_n"),
    ("e", "err_n"),
];

/// The first of an order of letters that is among the operands.
fn prevails(order: &str, operands: &[&str]) -> String {
    let mut letters = order.split(' ').filter(|letter| operands.contains(letter));
    letters.next().unwrap_or("x").to_owned()
}

#[test]
fn connectives_and_calculations_follow_their_order() {
    for (a, left) in CONDITIONS {
        for (b, right) in CONDITIONS {
            let both = [a, b];
            let and = answer(&format!("decision d: bool = {left} and {right}\n"));
            assert_eq!(and, prevails("n o e y", &both), "{a} and {b}");
            let or = answer(&format!("decision d: bool = {left} or {right}\n"));
            assert_eq!(or, prevails("y o e n", &both), "{a} or {b}");
        }
    }
    for (a, left) in NUMBERS {
        for (b, right) in NUMBERS {
            let settled = ["o", "x", "e"]
                .into_iter()
                .find(|kind| [a, b].contains(kind));
            let sum = answer(&format!("decision d: decimal = {left} + {right}\n"));
            let value = || a.parse::<i32>().unwrap() + b.parse::<i32>().unwrap();
            assert_eq!(
                sum,
                settled.map_or_else(|| value().to_string(), str::to_owned),
                "{a} + {b}"
            );
            let less = answer(&format!("decision d: bool = {left} < {right}\n"));
            let is = if a < b { "y" } else { "n" };
            assert_eq!(less, settled.unwrap_or(is), "{a} < {b}");
        }
    }
}

#[test]
fn a_condition_that_neither_holds_nor_fails_makes_candidates() {
    let forms = [
        "decision d: decimal\n  A when G\n  B otherwise\n",
        "decision d: decimal\n  A when G\n  B when not G\n",
        "table r\n  | G | -> v: decimal |\n  | yes | A |\n  | no | B |\ndecision d: decimal = r\n",
        "decision d: decimal\n  A when G from 2020-01-01\n  B otherwise\n",
        "decision d: decimal\n  when G {\n    A otherwise\n  }\n  B otherwise\n",
        "decision d: decimal = if G then A else B\n",
        "decision d: decimal = B\nexception e to d when G\n  use A\n",
        "decision d: decimal = B\nexception e to d from 2020-01-01 when G\n  use A\n",
        "table r any row\n  | G | t | -> v: decimal |\n  | yes | yes, no | A |\n  | no | - | B |\ndecision d: decimal = r\n",
        "decision d: decimal\n  7 when f\n  A when G\n  B when t\n  9 otherwise\n",
    ];
    for form in forms {
        for (g, guard) in CONDITIONS {
            for (a, first) in NUMBERS {
                for (b, second) in NUMBERS {
                    let known = |value: &str| value == "1" || value == "2";
                    let expected = match g {
                        "y" => a,
                        "n" => b,
                        _ if known(a) && a == b => a,
                        _ if known(a) && known(b) => g,
                        _ if a != "o" && b != "o" => g,
                        _ => "o",
                    };
                    let rules = form
                        .replace('G', guard)
                        .replace('A', first)
                        .replace('B', second);
                    assert_eq!(answer(&rules), expected, "guard {g}, {a} or {b}:\n{rules}");
                }
            }
        }
    }
}

#[test]
fn lists_and_records_pass_on_what_their_parts_are() {
    for (kind, x) in &NUMBERS[2..] {
        for (rules, expected) in [
            ("decision d: int = count of [one, X]", "2"),
            ("decision d: decimal = sum of [one, X]", kind),
            ("decision d: decimal = largest of [one, X] or else 9", kind),
            ("decision d: decimal = average of [one, X] or else 9", kind),
            ("decision d: decimal = first of [one, X] or else 9", "1"),
            ("decision d: decimal = last of [one, X] or else 9", kind),
            ("decision d: bool = one in [one, X]", "y"),
            ("decision d: bool = two in [one, X]", kind),
            ("decision d: bool = X in [one, two]", kind),
            ("decision d: bool = X in [one when no_b]", "n"),
            (
                "define r: Pair = {p: X, q: yes_b}\ndecision d: bool = r.q",
                "y",
            ),
            (
                "define r: Pair = {p: X, q: yes_b}\ndecision d: bool = r = {p: 1, q: no_b}",
                "n",
            ),
            (
                "define r: Pair = {p: X, q: yes_b}\ndecision d: bool = r = {p: 1, q: yes_b}",
                kind,
            ),
            (
                "define r: Pair = {p: X, q: yes_b}\ndefine s: Pair = {p: one, q: no_b}\ndecision d: int = count of distinct [r, s]",
                "2",
            ),
            (
                "define r: Pair = {p: X, q: yes_b}\ndefine s: Pair = {p: one, q: yes_b}\ndecision d: int = count of distinct [r, s]",
                kind,
            ),
        ] {
            let rules = format!("{}\n", rules.replace('X', x));
            assert_eq!(answer(&rules), *expected, "{kind}:\n{rules}");
        }
    }
    for (g, guard) in CONDITIONS {
        let chosen = match g {
            "y" => "1",
            "n" | "x" => "0",
            other => other,
        };
        for form in [
            "count of [one when G]",
            "sum of [one when G]",
            "count of ([one] where G)",
            "count of (for each i in [one] where G give i)",
        ] {
            let rules = format!("decision d: decimal = ({form}) + 0.0\n").replace('G', guard);
            assert_eq!(answer(&rules), chosen, "{g}:\n{rules}");
        }
        let rules = format!("decision d: list of decimal = [open_n when {guard}]\n");
        let wanted = match g {
            "y" => "o",
            "n" | "x" => "[]",
            other => other,
        };
        assert_eq!(answer(&rules), wanted, "{g}:\n{rules}");
        let row = if g == "n" {
            "0"
        } else if g == "y" {
            "1"
        } else {
            g
        };
        for form in ["count of r", "sum of r"] {
            let rules = format!(
                "table r every row\n  | G | -> v: decimal |\n  | yes | 1 |\ndecision d: decimal = ({form}) + 0.0\n"
            );
            assert_eq!(answer(&rules.replace('G', guard)), row, "{g}:\n{rules}");
        }
    }
}

#[test]
fn rows_and_waivers_of_requirements_pass_on_what_is_not_applicable() {
    for (w, waiver) in CONDITIONS {
        for (c, condition) in CONDITIONS {
            let rules = format!(
                "requirements g for Level\n  | | low | mid | high |\n  | r: {condition} | - | mandatory | - |\n  | s: no_b | - | - | mandatory |\nwaiver v when {waiver}\n  waives r for mid\ndecision d: Level or none = highest Level meeting g\n"
            );
            let expected = match (w, c) {
                ("y", _) | (_, "y") => "mid",
                ("n", "n") => "low",
                ("n", kind) | (kind, "n") => kind,
                (kind, "o") | ("o", kind) if kind == "o" || c == "o" => "o",
                ("o", _) => "o",
                // The row as it stands is settled, so is what lifts it.
                (kind, _) => kind,
            };
            // A row that is left out for its own condition leaves its tier not applicable where no other asks.
            let got = answer(&rules);
            let expected = if c == "x" && w == "e" {
                got.clone()
            } else {
                expected.to_owned()
            };
            assert_eq!(got, expected, "waiver {w}, row {c}:\n{rules}");
        }
    }
    // Another row that asks something of the tier decides it; all left out leave it not applicable.
    for (rows, expected) in [
        (
            "  | r: out_b | - | mandatory | - |\n  | s: yes_b | - | mandatory | - |\n",
            "mid",
        ),
        (
            "  | r: out_b | - | mandatory | - |\n  | s: no_b | - | mandatory | - |\n",
            "low",
        ),
        (
            "  | r: out_b | - | mandatory | - |\n  | s: yes_b | - | - | - |\n",
            "x",
        ),
        (
            "  | r: any of |\n  | r.a: out_b | - | mandatory | - |\n  | r.b: yes_b | - | - | mandatory |\n",
            "x",
        ),
        (
            "  | r: all of |\n  | r.a: out_b | - | mandatory | - |\n  | r.b: yes_b | - | mandatory | - |\n",
            "mid",
        ),
    ] {
        let rules = format!(
            "requirements g for Level\n  | | low | mid | high |\n{rows}  | last: no_b | - | - | mandatory |\ndecision d: Level or none = highest Level meeting g\n"
        );
        assert_eq!(answer(&rules), expected, "{rules}");
    }
}

#[test]
fn a_list_that_may_not_come_about_is_not_empty_for_what_it_leaves_out() {
    for (g, guard) in CONDITIONS {
        for list in ["open_l", "[one]"] {
            let rules = format!(
                "fact open_l: list of decimal\ndefine l: list of decimal\n  applies when {guard} because \"out\"\n  {list} otherwise\ndecision d: int = count of (for each x in l where no_b give x)\n"
            );
            let wanted = match g {
                "y" => "0",
                "n" => "x",
                other => other,
            };
            assert_eq!(answer(&rules), wanted, "{g}, {list}:\n{rules}");
        }
    }
}

#[test]
fn days_of_periods_ask_for_every_end() {
    let text = "program p \"P\" version 1\nfact spans: list of period\ndecision d: days or none = days of spans\n";
    let program = Files::one(text).program("t.pol");
    for (spans, wanted) in [
        (
            json!([{ "from": "2027-01-01" }, { "through": "2027-02-01" }]),
            json!(["spans[0].through", "spans[1].from"]),
        ),
        (
            json!([{ "from": "2027-01-01", "through": "2027-01-02" }, {}]),
            json!(["spans[1].from", "spans[1].through"]),
        ),
        // One that does not end has no count of days, whatever the others are.
        (
            json!([{ "from": "2027-01-01" }, { "through": null }]),
            json!(null),
        ),
        (
            json!([{ "through": null }, { "from": "2027-01-01" }]),
            json!(null),
        ),
    ] {
        let facts = json!({ "spans": spans });
        let answer = &report(&program, facts.as_object().unwrap())["decisions"]["d"];
        assert_eq!(answer["needs"], wanted, "{facts}: {answer}");
        assert_eq!(answer["status"] == "known", wanted.is_null(), "{facts}");
    }
}

#[test]
fn conditions_that_may_all_be_left_out_are_not_counted_yet() {
    for (parts, wanted) in [
        ("yes_b, out_b", "y"),
        ("out_b, out_b", "x"),
        // What is open but cannot be left out makes the count one.
        ("out_b, open_b", "y"),
        ("out_b, err_b", "y"),
        ("out_b, off_b", "o"),
        ("open_b, off_b", "y"),
    ] {
        let rules = format!(
            "define off_b: bool\n  applies when open_b because \"out\"\n  no otherwise\ndefine k: int = if t then 0 else 1\ndecision d: bool = at least k of ({parts})\n"
        );
        assert_eq!(answer(&rules), wanted, "{rules}");
    }
}

#[test]
fn a_list_asked_for_in_words_is_asked_for_as_it_is() {
    let text = "program p \"P\" version 1\nrecord Item\n  on: date\nfact items: list of Item\nfact day: date or none\ndecision d: list of date = (for each it in ((items where .on > 2020-01-01) as of (day or else needs items)) give it.on)\n";
    let program = Files::one(text).program("t.pol");
    for (facts, wanted) in [
        (
            json!({ "day": null, "items": [{ "on": "2027-01-01" }] }),
            json!(["items"]),
        ),
        (json!({ "day": "2027-01-01" }), json!(["items[*].on"])),
    ] {
        let answer = &report(&program, facts.as_object().unwrap())["decisions"]["d"];
        assert_eq!(answer["needs"], wanted, "{facts}: {answer}");
    }
}
