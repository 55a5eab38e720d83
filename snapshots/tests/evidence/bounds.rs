//! Limits of what is open: numbers made of facts with ranges, some of them missing, against every completion.
//!
//! A comparison that is decided is so for every completion; where each fact stands once and the operations keep
//! their limits, one that every completion answers alike is decided.

use crate::harness::{Files, day};
use crate::run::{Census, Random, cases, shown};
use polc_runtime::facts::Facts;
use polc_runtime::{Options, Program};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

const PROGRAMS: u64 = 10_000;

const HEAD: &str = "program t \"T\" version 1
record Item
  a: int 0..2
fact i: int 0..3
fact j: int -2..1
fact k: int 0..2 or none
fact b: bool
fact items: list of Item
";
/// A list has so many items.
const ITEMS: usize = 2;

/// What may be missing, and what it can be.
fn places() -> Vec<(&'static str, usize, Vec<Json>)> {
    let whole = |from: i64, to: i64| (from..=to).map(|value| json!(value)).collect::<Vec<_>>();
    let mut found = vec![
        ("i", 0, whole(0, 3)),
        ("j", 0, whole(-2, 1)),
        ("k", 0, [vec![Json::Null], whole(0, 2)].concat()),
        ("b", 0, vec![json!(false), json!(true)]),
    ];
    found.extend((0..ITEMS).map(|at| ("items", at, whole(0, 2))));
    found
}

/// Numbers in which each fact stands once.
struct Writer<'c> {
    random: Random,
    census: &'c mut Census,
    left: Vec<&'static str>,
    /// Whether the limits are no wider than they must be.
    exact: bool,
}

impl Writer<'_> {
    fn constant(&mut self) -> String {
        format!("({})", self.random.within(-3, 4))
    }

    fn factor(&mut self) -> String {
        let all = ["(-3)", "(-1)", "(-0.5)", "2", "4"];
        (*self.random.pick(&all)).to_owned()
    }

    fn leaf(&mut self) -> String {
        if self.left.is_empty() || self.random.chance(15) {
            return self.constant();
        }
        let at = self.random.below(self.left.len() as u64) as usize;
        match self.left.swap_remove(at) {
            "k" => {
                // What may be none keeps no limits of its own.
                self.exact = false;
                "(k or else 1)".to_owned()
            }
            "b" if self.random.chance(50) => self.of_items_in_doubt(),
            "b" => format!("(if b then {} else {})", self.constant(), self.constant()),
            "items" => self.of_list(),
            name => name.to_owned(),
        }
    }

    fn of_list(&mut self) -> String {
        let test = self.random.below(3);
        let (form, exact) = *self.random.pick(&[
            ("sum of items.a", true),
            ("average of items.a or else 0", false),
            ("smallest of items.a or else 9", true),
            ("largest of items.a or else 9", true),
            ("count of (items where .a > #)", true),
            ("sum of (items where .a > #).a", false),
            ("sum of (first # of (items where .a > 0)).a", false),
            ("sum of (numbers from # through sum of items.a)", false),
            ("largest of (items without the last #).a or else 7", false),
            ("largest of (items where .a <= #).a or else 7", false),
            ("smallest of (items where .a >= #).a or else 7", false),
        ]);
        self.census.count(form);
        self.exact &= exact;
        format!("({})", form.replace('#', &test.to_string()))
    }

    /// Of a list with an item that is certainly there and one that may be.
    fn of_items_in_doubt(&mut self) -> String {
        let form = *self.random.pick(&[
            "smallest of [#, % when b] or else 9",
            "largest of [#, % when b] or else 9",
            "sum of [#, % when b]",
            "count of [#, % when b]",
        ]);
        self.census.count(form);
        let mut one = || {
            let at = self.left.iter().position(|name| ["i", "j"].contains(name));
            at.filter(|_| self.random.chance(80))
                .map(|at| self.left.swap_remove(at).to_owned())
        };
        let (first, second) = (one(), one());
        let first = first.unwrap_or_else(|| self.constant());
        let second = second.unwrap_or_else(|| self.constant());
        format!("({})", form.replace('#', &first).replace('%', &second))
    }

    fn number(&mut self, deep: u32) -> String {
        if deep == 0 {
            return self.leaf();
        }
        let form = *self.random.pick(&[
            "+", "-", "*", "* before", "/", "negated", "smallest", "largest", "rounded", "mod",
            "power", "share", "leaf",
        ]);
        self.census.count(form);
        let a = self.number(deep - 1);
        match form {
            "+" | "-" => format!("({a} {form} {})", self.number(deep - 1)),
            "*" => format!("({a} * {})", self.factor()),
            "* before" => format!("({} * {a})", self.factor()),
            "/" => format!("({a} / {})", self.random.pick(&["2", "(-2)", "(-0.5)"])),
            "negated" => format!("(-({a}))"),
            "share" => format!("(50% of {a})"),
            "mod" => {
                self.exact = false;
                match self.random.chance(70) {
                    true => format!("({a} mod {})", self.random.pick(&["3", "(-2)", "0.5"])),
                    false => format!("({} mod {a})", self.constant()),
                }
            }
            "power" => {
                self.exact = false;
                let how = ["2", "3", "2 rounded down to 0 places"];
                format!("(({a}) ^ {})", self.random.pick(&how))
            }
            "smallest" | "largest" => format!("({form} of ({a}, {}))", self.number(deep - 1)),
            "rounded" => {
                let how = [
                    "down to 0 places",
                    "up to nearest 2",
                    "half even to 0 places",
                ];
                format!("({a} rounded {})", self.random.pick(&how))
            }
            _ => a,
        }
    }
}

/// A period whose ends hang on what may be missing: it may begin after it ends, which is an error.
fn period(random: &mut Random) -> String {
    let end = |random: &mut Random, of: &str, least: i64| {
        let (one, other) = (random.within(10, 19), random.within(10, 19));
        format!("(if {of} >= {least} then 2026-01-{one} else 2026-01-{other})")
    };
    let (least_i, least_j) = (random.within(1, 3), random.within(-1, 1));
    let (from, through) = (end(random, "i", least_i), end(random, "j", least_j));
    format!("(period from {from} through {through})")
}

fn answer(program: &Program, facts: &Map<String, Json>) -> Json {
    let facts = Json::Object(facts.clone()).to_string();
    let facts = Facts::from_json(program.ir(), &facts).unwrap();
    let mut evaluation = program.evaluate(&facts, day("2026-01-01"), &Options::default());
    evaluation.report(None).json()["decisions"].take()
}

/// A number as the result writes it.
fn number(value: &Json) -> Option<Decimal> {
    match value {
        Json::Number(number) => number.to_string().parse().ok(),
        other => other.as_str()?.parse().ok(),
    }
}

/// Sets one place of the facts, or leaves it out.
fn put(facts: &mut Map<String, Json>, (name, at): (&str, usize), value: Option<&Json>) {
    if name != "items" {
        facts.extend(value.map(|value| (name.to_owned(), value.clone())));
        return;
    }
    let items = facts.entry(name).or_insert_with(|| json!([{}, {}]));
    if let Some(value) = value {
        items[at]["a"] = value.clone();
    }
}

/// Every way to supply what is missing.
fn completions(given: &[Option<Json>]) -> Vec<Map<String, Json>> {
    let mut all = vec![Map::new()];
    for ((name, at, values), given) in places().iter().zip(given) {
        let values = given
            .as_ref()
            .map_or(values.as_slice(), std::slice::from_ref);
        let more = all.iter().flat_map(|facts| {
            values.iter().map(|value| {
                let mut facts = facts.clone();
                put(&mut facts, (name, *at), Some(value));
                facts
            })
        });
        all = more.collect();
    }
    all
}

/// What is wrong with an open or decided answer beside those that all completions give.
fn wrong(answer: &Json, all: &[&Json], exact: bool) -> Option<String> {
    let first = all[0];
    if all.iter().any(|one| one["status"] == "unknown") {
        return Some("open with everything given".to_owned());
    }
    let alike = first["status"] == "known" && all.iter().all(|one| one["value"] == first["value"]);
    if answer["status"] == "known" {
        return (!alike || answer["value"] != first["value"]).then(|| "not so for all".to_owned());
    }
    if alike && exact {
        return Some(format!("always {}", first["value"]));
    }
    // Most numbers do not show their limits: what they are is seen in what is decided.
    let (low, high) = (number(&answer["at_least"]), number(&answer["at_most"]));
    let values: Option<Vec<Decimal>> = all.iter().map(|one| number(&one["value"])).collect();
    let (least, most) = (
        values.as_ref()?.iter().min()?,
        values.as_ref()?.iter().max()?,
    );
    let holds = low.is_none_or(|low| low <= *least) && high.is_none_or(|high| high >= *most);
    (!holds).then(|| format!("it is from {least} through {most}"))
}

#[test]
fn limits_decide_what_every_completion_agrees_on() {
    let (mut census, mut violations) = (Census::default(), 0);
    let total = cases(PROGRAMS, 150);
    for case in 0..total {
        let mut random = Random::of_case("bounds", case);
        let deep = random.below(4) as u32;
        let mut writer = Writer {
            random: random.clone(),
            census: &mut census,
            left: vec!["i", "j", "k", "b", "items"],
            exact: true,
        };
        let written = writer.number(deep);
        let exact = writer.exact;
        random.next();
        let compare = ["<", "<=", ">", ">="];
        let tests: String = (0..8)
            .map(|at| {
                let (how, than) = (random.pick(&compare), random.within(-16, 16));
                let than = format!("({}.{})", than / 2, (than % 2).abs() * 5);
                format!("decision d{at}: bool = {written} {how} {than}\n")
            })
            .collect();
        let least = random.below(4);
        let (i, j, a) = (random.below(4), random.within(-2, 1), random.below(3));
        let (within, beside) = (period(&mut random), period(&mut random));
        let on = random.within(8, 24);
        let text = format!(
            "{HEAD}decision inside: bool = 2026-01-{on:02} in {within}
decision covered: days or none = days of [period from 2026-01-15, {beside}]
decision n: decimal = {written}
decision there = ({written}) is applicable
decision some = at least {least} of (i >= {i}, j < {j}, b)
decision few: int = 4 / i rounded down to 0 places
decision as_few = at least few of (j < {j}, b)
decision some_or_failed = at least 2 of (j < {j}, 4 / i >= {i})
decision was_none = (k as of (if b then 2026-01-01 else 2025-01-01)) is none
decision items_so = at least {least} of items where .a >= {a}
{tests}"
        );
        let program = Files::one(text.clone()).program("t.pol");
        let given: Vec<Option<Json>> = places()
            .iter()
            .map(|(_, _, values)| random.chance(50).then(|| random.pick(values).clone()))
            .collect();
        let mut partial = Map::new();
        for ((name, at, _), given) in places().iter().zip(&given) {
            put(&mut partial, (name, *at), given.as_ref());
        }
        let answers = answer(&program, &partial);
        let all: Vec<Json> = completions(&given)
            .iter()
            .map(|facts| answer(&program, facts))
            .collect();
        for (name, answer) in answers.as_object().unwrap() {
            census.count(answer["status"].as_str().unwrap());
            let others: Vec<&Json> = all.iter().map(|one| &one[name]).collect();
            // Limits that meet after rounding leave a number open; what they say of it is decided.
            let open = name == "n" && written.contains("rounded");
            let always = ["some", "some_or_failed", "items_so", "inside"];
            let never = ["covered", "was_none"].contains(&name.as_str());
            let sharp = exact && !open && !never || always.contains(&name.as_str());
            if let Some(wrong) = wrong(answer, &others, sharp) {
                violations += 1;
                let facts = Json::Object(partial.clone());
                println!("case {case}, {name}: {answer}, and {wrong}\n{facts}\n{text}");
                assert!(violations < shown(), "{violations} violations");
            }
        }
    }
    println!("{total} programs, {violations} violations");
    assert_eq!(violations, 0);
    let forms = [
        "+", "-", "*", "* before", "/", "negated", "smallest", "largest", "rounded", "mod",
        "power", "share", "known", "unknown",
    ];
    census.expect(&forms, 50);
}
