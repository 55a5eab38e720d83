//! Dates to both ends of the calendar on everything that can be dated, windows over its ends, and amendments in
//! any order of lines and files.

use crate::harness::{Files, decision, errors, evaluate};
use crate::run::{Census, Random, cases};
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Days to date things by: both ends of the calendar, the days next to them, and others.
const DAYS: [&str; 7] = [
    "0001-01-01",
    "0001-01-02",
    "2027-12-31",
    "2028-02-29",
    "2028-03-01",
    "9999-12-30",
    "9999-12-31",
];

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn next(text: &str) -> Option<String> {
    Some(day(text).checked_add_days(1)?.to_string())
}

/// Every construct that takes dates; each answer is yes exactly while what is dated is in force.
const DATED: &str = r#"program t "T" version 1
  currency USD

scale Tier { silver < gold < elite }
enum Rule { a_rule }
enum Modality { must, should }
enum Action { warn, stop }

record Finding
  rule: Rule
  modality: Modality

fact holds: bool
fact tier: Tier
fact revenue: money >= 0
fact plan: list of Action

decision of_a_case: bool
  yes when holds {dates}
  no otherwise

table rows every row
  | holds | -> n: int |
  | yes   | 1         | {dates}
decision of_a_row: bool = count of rows > 0

table columns for tier gives n: int, every row
  | -> what: Rule | silver | gold | elite |
  | a_rule        | 1      | 1    | 1     |
amend columns
  a_rule for silver is 2 {dates}
decision of_an_amended_table: bool = any row in columns where row.n = 2

requirements levels for Tier
  |                          | silver    | gold      |
  | revenue: revenue >= cell | $1        | $5        |
  | late: not holds          | mandatory | mandatory | {dates}
  | nice: not holds          | preferred | preferred | {dates}
amend levels
  elite like gold except revenue $1
  revenue for silver is $5 {dates}
  add | added: not holds | mandatory | mandatory | {dates}
  add | extra: not holds | preferred | preferred | {dates}
waiver w {dates}
  waives revenue for gold
waiver v
  waives revenue for elite {dates}
decision of_a_row_of_a_grid: bool = (result of late for silver) is not_met
decision of_a_preferred_row: bool = (result of nice for silver) is preferred_missing
decision of_an_added_row: bool = (result of added for gold) is not_met
decision of_an_added_preferred_row: bool = (result of extra for elite) is preferred_missing
decision of_an_amended_cell: bool = (result of revenue for silver) is not_met
decision of_a_waiver: bool = (result of revenue for gold) is waived
decision of_a_line_of_a_waiver: bool = (result of revenue for elite) is waived

value base: bool = no
exception x to base {dates}
  use yes
decision of_an_exception: bool = base

decision without: bool
  yes when holds
  no otherwise
exception y to without.yes {dates}
  does not apply
decision of_an_exception_to_a_case: bool = not without

schedule months in january, february, march, april, may, june, july, august, september, october, november, december {dates}
decision of_a_schedule: bool = as_of in months

schedule always in january, february, march, april, may, june, july, august, september, october, november, december
exception z to schedule always {dates}
  does not apply
decision of_an_exception_to_a_schedule: bool = not (as_of in always)

obligations findings: Finding by partner
  must not a_rule holds {dates}
decision of_an_obligation: bool = count of findings > 0

order stop_first for plan
  stop before warn {dates}
decision of_an_order: bool = not stop_first
"#;

/// A program with every construct dated alike.
fn dated(dates: &str) -> Files {
    let joined = DATED.replace("preferred \n |", "preferred |");
    Files::one(joined.replace("{dates}", dates))
}

/// Ways to date: the words, the first and the last day.
fn ways() -> Vec<(String, Option<&'static str>, Option<String>)> {
    let mut all = Vec::new();
    for (at, first) in DAYS.into_iter().enumerate() {
        all.push((format!("from {first}"), Some(first), None));
        all.push((format!("through {first}"), None, Some(first.to_owned())));
        if let Some(end) = next(first) {
            all.push((format!("before {end}"), None, Some(first.to_owned())));
            all.push((
                format!("from {first} before {end}"),
                Some(first),
                Some(first.to_owned()),
            ));
        }
        for last in &DAYS[at..] {
            all.push((
                format!("from {first} through {last}"),
                Some(first),
                Some((*last).to_owned()),
            ));
        }
    }
    all
}

/// The days on both sides of some days, and both ends.
fn around(days: &[&str]) -> Vec<Date> {
    let mut all = vec![Date::FIRST, Date::LAST];
    for text in days {
        all.extend((-1..=1).filter_map(|off| day(text).checked_add_days(off)));
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn everything_dated_holds_from_its_first_day_through_its_last() {
    let facts = json!({ "holds": true, "tier": "silver", "revenue": 1, "plan": ["warn", "stop"] });
    let mut names = BTreeSet::new();
    for (dates, first, last) in ways() {
        let program = dated(&dates).program("t.pol");
        let edges: Vec<&str> = first.into_iter().chain(last.as_deref()).collect();
        for on in around(&edges) {
            let result = evaluate(&program, &facts, &on.to_string());
            let begun = first.is_none_or(|first| day(first) <= on);
            let holds = begun && last.as_deref().is_none_or(|last| on <= day(last));
            // A row that is not in force has no cell, preferred or not.
            for (tier, row) in [
                ("silver", "late"),
                ("silver", "nice"),
                ("gold", "added"),
                ("elite", "extra"),
            ] {
                let cell = result["requirements"][tier].get(row);
                assert_eq!(cell.is_some(), holds, "{row} on {on}, dated {dates}");
            }
            let decisions = result["decisions"].as_object().unwrap();
            for (name, outcome) in decisions.iter().filter(|(name, _)| name.starts_with("of_")) {
                names.insert(name.clone());
                let wanted = json!({ "status": "known", "value": holds });
                assert_eq!(outcome, &wanted, "{name} on {on}, dated {dates}");
            }
        }
    }
    assert_eq!(names.len(), 16, "{names:?}");
}

#[test]
fn no_period_ends_before_the_calendar_begins() {
    let said = errors(&dated("before 0001-01-01").compile("t.pol"));
    assert!(said.contains("P0503"), "{said}");
}

#[test]
fn values_and_readings_change_on_their_day() {
    for (at, last) in DAYS.into_iter().enumerate() {
        let change = next(last);
        let later = change.as_ref().map_or(String::new(), |day| {
            format!("  2 from {day} through 9999-12-31\n")
        });
        let chosen = change.as_ref().map_or(String::new(), |day| {
            format!("  chosen two from {day} through 9999-12-31 because \"b\"\n")
        });
        let text = format!(
            "program t \"T\" version 1\nvalue v: int\n  1 from 0001-01-01 through {last}\n{later}\
             reading r \"R\"\n  one \"1\"\n  two \"2\"\n  chosen one from 0001-01-01 through {last} because \"a\"\n{chosen}\
             define taken by reading r\n  one 1\n  two 2\ndecision of_a_value: int = v\ndecision of_a_reading: int = taken\n"
        );
        let program = Files::one(text).program("t.pol");
        for on in around(&DAYS[at..=at]) {
            let result = evaluate(&program, &json!({}), &on.to_string());
            let wanted = if on <= day(last) { 1 } else { 2 };
            for name in ["of_a_value", "of_a_reading"] {
                let got = decision(&result, name);
                let number = got
                    .as_str()
                    .and_then(|text| text.parse().ok())
                    .or(got.as_i64());
                assert_eq!(number, Some(wanted), "{name} through {last} on {on}");
            }
        }
    }
}

/// A day some months away as year, month, day; the year may lie outside the calendar.
fn months_from(date: Date, months: i64) -> (i64, i64, i64) {
    let total = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + months;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (year, month, i64::from(date.day()).min(last))
}

fn parts(date: Date) -> (i64, i64, i64) {
    (date.year().into(), date.month().into(), date.day().into())
}

#[test]
fn windows_reach_over_the_ends_of_the_calendar() {
    let lengths = [
        "1 day",
        "30 days",
        "400 days",
        "1 month",
        "12 months",
        "2 years",
    ];
    let windows = ["before", "up to", "from", "after"];
    let mut text = "program t \"T\" version 1\nfact d: date\nfact anchor: date\n".to_owned();
    for (at, length) in lengths.iter().enumerate() {
        for (kind, window) in windows.iter().enumerate() {
            text.push_str(&format!(
                "decision w{at}_{kind}: bool = d within {length} {window} anchor\n"
            ));
        }
    }
    let program = Files::one(text).program("t.pol");
    let mut census = Census::default();
    for case in 0..cases(20_000, 100) {
        let mut random = Random::of_case("windows", case);
        let edge = *random.pick(&[Date::FIRST, day("2028-02-29"), Date::LAST]);
        let near = |random: &mut Random| {
            let off = random.within(-800, 800);
            edge.checked_add_days(off).unwrap_or(edge)
        };
        let (d, anchor) = (near(&mut random), near(&mut random));
        let facts = json!({ "d": d.to_string(), "anchor": anchor.to_string() });
        let result = evaluate(&program, &facts, "2028-01-01");
        for (at, length) in lengths.iter().enumerate() {
            let (count, unit) = length.split_once(' ').unwrap();
            let count: i64 = count.parse().unwrap();
            // how `d` lies to the other end of the window
            let to = |sign: i64| match unit {
                "day" | "days" => {
                    let end = i64::from(anchor.days()) + sign * count;
                    i64::from(d.days()).cmp(&end)
                }
                "month" | "months" => parts(d).cmp(&months_from(anchor, sign * count)),
                _ => parts(d).cmp(&months_from(anchor, sign * count * 12)),
            };
            for (kind, window) in windows.iter().enumerate() {
                let wanted = match *window {
                    "before" => to(-1).is_ge() && d < anchor,
                    "up to" => to(-1).is_gt() && d <= anchor,
                    "from" => d >= anchor && to(1).is_le(),
                    _ => d > anchor && to(1).is_le(),
                };
                census.count(format!("{window} {wanted}"));
                let got = decision(&result, &format!("w{at}_{kind}"));
                assert_eq!(got, json!(wanted), "{d} within {length} {window} {anchor}");
            }
        }
    }
    for window in windows {
        census.expect(&[&format!("{window} true"), &format!("{window} false")], 50);
    }
}

#[test]
fn schedules_are_searched_to_the_ends_of_the_calendar() {
    let text = "program t \"T\" version 1\nfact anchor: date\n\
        schedule middle on day 31 of february, april\n\
        schedule long_gone on day 15 of january\n\
        exception dark_age to schedule long_gone through 1999-12-31\n  does not apply\n\
        schedule far on day 15 of january\n\
        exception far_away to schedule far from 2000-01-01 through 9998-12-31\n  does not apply\n\
        schedule step every 7 months after anchor\n\
        decision a: date = next middle on or after as_of\n\
        decision b: date = previous middle before as_of\n\
        decision c: date = next long_gone on or after as_of\n\
        decision d: date or none = previous long_gone before as_of\n\
        decision e: date = next far on or after as_of\n\
        decision f: date = next step on or after as_of\n";
    let program = Files::one(text).program("t.pol");
    let anchor = json!({ "anchor": "9998-01-31" });
    for (on, wanted) in [
        (
            "0001-01-01",
            [
                "0001-02-28",
                "error",
                "2000-01-15",
                "none",
                "0001-01-15",
                "9998-08-31",
            ],
        ),
        (
            "2028-02-29",
            [
                "2028-02-29",
                "2027-04-30",
                "2029-01-15",
                "2028-01-15",
                "9999-01-15",
                "9998-08-31",
            ],
        ),
        (
            "9998-09-01",
            [
                "9999-02-28",
                "9998-04-30",
                "9999-01-15",
                "9998-01-15",
                "9999-01-15",
                "9999-03-31",
            ],
        ),
        (
            "9999-12-31",
            [
                "error",
                "9999-04-30",
                "error",
                "9999-01-15",
                "error",
                "error",
            ],
        ),
    ] {
        let result = evaluate(&program, &anchor, on);
        for (name, wanted) in ["a", "b", "c", "d", "e", "f"].into_iter().zip(wanted) {
            let wanted = if wanted == "none" {
                Json::Null
            } else {
                json!(wanted)
            };
            assert_eq!(decision(&result, name), wanted, "{name} on {on}");
        }
    }
}

// ── Amendments ──────────────────────────────────────────────────────────────────────────────────

/// One line of an `amend`, as the model reads it.
#[derive(Debug, Clone)]
struct Line {
    tiers: Vec<&'static str>,
    value: i64,
    from: Option<&'static str>,
    through: Option<&'static str>,
    reading: Option<(&'static str, &'static str)>,
}

impl Line {
    fn draw(random: &mut Random) -> Line {
        let tiers: &[Vec<&str>] = &[vec!["silver"], vec!["gold"], vec!["gold", "silver"]];
        let from = *random.pick(&[
            None,
            Some("2027-01-01"),
            Some("2028-01-01"),
            Some("2029-01-01"),
        ]);
        let through = *random.pick(&[None, None, Some("2029-01-01"), Some("2029-06-30")]);
        let reading = *random.pick(&[
            None,
            None,
            Some(("r", "one")),
            Some(("r", "two")),
            Some(("q", "one")),
        ]);
        Line {
            tiers: random.pick(tiers).clone(),
            value: random.within(2, 4),
            from,
            through,
            reading,
        }
    }

    fn says_when(&self) -> bool {
        self.from.is_some() || self.through.is_some() || self.reading.is_some()
    }

    fn text(&self) -> String {
        let mut text = format!("  revenue for {} is ${}", self.tiers.join(", "), self.value);
        if let Some(from) = self.from {
            text.push_str(&format!(" from {from}"));
        }
        if let Some(through) = self.through {
            text.push_str(&format!(" through {through}"));
        }
        if let Some((reading, alternative)) = self.reading {
            text.push_str(&format!(" under {reading} {alternative}"));
        }
        text
    }

    fn holds(&self, on: &str, taken: &[(&str, &str)]) -> bool {
        self.from.is_none_or(|from| from <= on)
            && self.through.is_none_or(|through| on <= through)
            && self.reading.is_none_or(|reading| taken.contains(&reading))
    }
}

/// Whether two lines say different things from one day.
fn clash(a: &Line, b: &Line) -> bool {
    let apart = matches!((a.reading, b.reading), (Some((r, x)), Some((q, y))) if r == q && x != y);
    a.tiers.iter().any(|tier| b.tiers.contains(tier))
        && a.from == b.from
        && a.reading.is_some() == b.reading.is_some()
        && !apart
        && a.value != b.value
}

/// What a tier needs on a day.
fn needed(lines: &[Line], tier: &str, printed: i64, on: &str, taken: &[(&str, &str)]) -> i64 {
    let holding = lines
        .iter()
        .filter(|line| line.tiers.contains(&tier) && line.holds(on, taken));
    let strongest = holding.max_by_key(|line| (line.reading.is_some(), line.from));
    strongest.map_or(printed, |line| line.value)
}

/// The program, its amendments in two files whose names decide nothing.
fn amended(random: &mut Random, lines: &[Line], like: &str) -> Files {
    let grid = "program t \"T\" version 1\n  currency USD\n\nscale Tier { silver < gold < elite }\n\nfact revenue: money >= 0\n\n\
        reading r \"R\"\n  one \"1\"\n  two \"2\"\n  chosen one because \"so\"\n\
        reading q \"Q\"\n  one \"1\"\n  two \"2\"\n  chosen two because \"so\"\n\n\
        requirements levels for Tier\n  |                          | silver | gold |\n  | revenue: revenue >= cell | $5     | $6   |\n\n\
        decision tier: Tier or none = highest Tier meeting levels\n";
    let mut written: Vec<String> = lines.iter().map(Line::text).collect();
    written.push(format!("  {like}"));
    for at in (1..written.len()).rev() {
        written.swap(at, random.below(at as u64 + 1) as usize);
    }
    let cut = random.below(written.len() as u64 + 1) as usize;
    let file = |lines: &[String], header: &str| match lines {
        [] => header.to_owned(),
        lines => format!("{header}\namend levels\n{}\n", lines.join("\n")),
    };
    let name = *random.pick(&["t/a.pol", "t/z.pol"]);
    let mut files = Files::default();
    files
        .0
        .insert("t/m.pol".to_owned(), file(&written[..cut], grid).into());
    files
        .0
        .insert(name.to_owned(), file(&written[cut..], "# more\n").into());
    files
}

fn need(program: &Program, facts: &Facts, on: &str, taken: &[(&str, &str)]) -> Json {
    let mut options = Options::default();
    for (reading, alternative) in taken {
        let at = u32::from(*alternative == "two");
        options
            .readings
            .insert(program.reading(reading).unwrap(), at);
    }
    program
        .evaluate(facts, day(on), &options)
        .report(None)
        .json()["requirements"]
        .clone()
}

#[test]
fn amendments_follow_days_and_readings_not_lines_and_files() {
    let mut census = Census::default();
    for case in 0..cases(5_000, 60) {
        let mut random = Random::of_case("amendments", case);
        let mut lines: Vec<Line> = (0..random.within(1, 4))
            .map(|_| Line::draw(&mut random))
            .collect();
        if random.chance(80) {
            lines.retain(Line::says_when);
        }
        let (like, excepted) = *random.pick(&[
            ("elite like gold", false),
            ("elite like gold except revenue $9", true),
        ]);
        let files = amended(&mut random, &lines, like);
        let about = || {
            let texts = files.0.values().map(|text| String::from_utf8_lossy(text));
            texts.collect::<Vec<_>>().join("\n== another file\n")
        };
        let undated = lines.iter().any(|line| !line.says_when());
        let clashes = lines
            .iter()
            .enumerate()
            .any(|(at, a)| lines[..at].iter().any(|b| clash(a, b)));
        if undated || clashes {
            let said = errors(&files.compile("t"));
            assert_eq!(said.contains("P0506"), undated, "{said}{}", about());
            assert!(undated || said.contains("P0505"), "{said}{}", about());
            census.count(if undated { "undated" } else { "clash" });
            continue;
        }
        census.count(if excepted { "like except" } else { "like" });
        let program = files.program("t");
        let facts = Facts::from_json(program.ir(), r#"{"revenue": 5}"#).unwrap();
        for on in [
            "2026-12-31",
            "2027-01-01",
            "2027-12-31",
            "2028-01-01",
            "2029-01-01",
            "2029-01-02",
            "2029-06-30",
            "2029-07-01",
        ] {
            for (r, q) in [
                ("one", "one"),
                ("one", "two"),
                ("two", "one"),
                ("two", "two"),
            ] {
                let taken = [("r", r), ("q", q)];
                let cells = need(&program, &facts, on, &taken);
                let silver = needed(&lines, "silver", 5, on, &taken);
                let gold = needed(&lines, "gold", 6, on, &taken);
                let elite = if excepted { 9 } else { gold };
                for (tier, wanted) in [("silver", silver), ("gold", gold), ("elite", elite)] {
                    let need = &cells[tier]["revenue"]["need"];
                    assert_eq!(
                        need,
                        &json!(format!("{wanted}.00")),
                        "{tier} on {on} with {taken:?} {}",
                        about()
                    );
                    census.count("cell");
                }
            }
        }
    }
    census.expect(&["undated", "clash", "like", "like except", "cell"], 50);
}
