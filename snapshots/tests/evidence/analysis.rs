//! What `check` says of cases, tables and exceptions, against trying everything: for every generated program
//! the evaluator is asked at each point of the whole domain which conditions hold there.
//!
//! A finding that is an error or says "never" has to be so; what is so has to be found. What is not proved is
//! counted, and has to stay rare.

use crate::harness::Files;
use crate::run::{Census, Random, cases};
use polc::diagnostics::{Code, Diagnostic};
use polc_runtime::facts::Facts;
use polc_runtime::value::{Date, Outcome, Value};
use polc_runtime::{Options, Program};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How many programs the full run checks.
const FULL: u64 = 5_000;
/// Points of one domain; larger ones are drawn again.
const MOST_POINTS: usize = 700;
const DAYS: [&str; 5] = [
    "2027-01-01",
    "2027-01-02",
    "2027-01-03",
    "2027-01-04",
    "2027-01-05",
];
const CMPS: [&str; 6] = ["<", "<=", ">", ">=", "=", "!="];

/// A fact with its type and everything it can be, as JSON.
type Declared = (&'static str, &'static str, &'static [&'static str]);

const FACTS: [Declared; 8] = [
    ("b", "bool", &["true", "false"]),
    ("p", "bool", &["true", "false"]),
    ("e", "Kind", &["\"x\"", "\"y\"", "\"z\""]),
    ("s", "Tier", &["\"low\"", "\"mid\"", "\"top\""]),
    ("n", "int 0..3", &["0", "1", "2", "3"]),
    ("m", "int 1..4", &["1", "2", "3", "4"]),
    ("o", "int 0..2 or none", &["0", "1", "2", "null"]),
    (
        "d",
        "date 2027-01-02..2027-01-04",
        &["\"2027-01-02\"", "\"2027-01-03\"", "\"2027-01-04\""],
    ),
];

/// What a program is about, and the text that declares it.
struct World {
    facts: Vec<&'static Declared>,
    dated: bool,
    reading: bool,
    text: String,
}

impl World {
    fn new(random: &mut Random, census: &mut Census) -> World {
        loop {
            let count = 1 + random.below(4) as usize;
            let mut facts: Vec<&Declared> = Vec::new();
            while facts.len() < count {
                let fact = random.pick(&FACTS);
                if !facts.iter().any(|known| known.0 == fact.0) {
                    facts.push(fact);
                }
            }
            let world = World {
                dated: random.chance(45) || facts.iter().any(|fact| fact.0 == "d"),
                reading: random.chance(15),
                facts,
                text: String::new(),
            };
            if world.points().len() <= MOST_POINTS {
                return world.declared(random, census);
            }
        }
    }

    fn declared(mut self, random: &mut Random, census: &mut Census) -> World {
        let scoped_kind = self.has("p") && self.has("e");
        let (both, scoped) = (
            self.has("n") && self.has("m"),
            self.has("n") && self.has("b"),
        );
        let text = &mut self.text;
        text.push_str(
            "program t \"t\" version 1\nenum Kind { x, y, z }\nscale Tier { low < mid < top }\n",
        );
        for (name, ty, _) in &self.facts {
            let _ = writeln!(text, "fact {name}: {ty}");
            census.count(format!("fact {name}"));
        }
        let _ = writeln!(text, "value k: int = {}", random.within(0, 3));
        if self.dated {
            let (first, last) = (random.below(4) as usize, random.within(0, 3));
            let (low, high) = (random.within(0, 2), random.within(0, 3));
            let day = DAYS[first];
            let next = DAYS[first + 1];
            let _ = writeln!(
                text,
                "value c: int\n  {low} before {day}\n  {last} from {day} through {day}\n  {high} from {next}"
            );
        }
        if self.reading {
            text.push_str("reading r \"r\"\n  one \"one\"\n  two \"two\"\n  chosen one because \"it is so\"\n");
        }
        if both {
            text.push_str("define q = n + m\ndefine t = if n > m then n else m + 1\n");
        }
        if scoped {
            text.push_str("define a: int\n  applies when b because \"out of scope\"\n  n when n > 1\n  1 otherwise\n");
        }
        if scoped_kind {
            text.push_str("define u: Kind\n  not applicable because \"out of scope\" when not p\n  x when e is x\n  z otherwise\n");
        }
        self
    }

    fn has(&self, name: &str) -> bool {
        self.facts.iter().any(|fact| fact.0 == name)
    }

    /// Every point: facts as JSON, a day, and which alternative of the reading.
    fn points(&self) -> Vec<(String, Date, u32)> {
        let mut all = vec![String::new()];
        for (name, _, values) in &self.facts {
            let with = |known: &String| {
                let known = known.clone();
                values
                    .iter()
                    .map(move |value| format!("{known}, \"{name}\": {value}"))
            };
            all = all.iter().flat_map(with).collect();
        }
        let first = Date::parse("2026-12-31").unwrap();
        let days = if self.dated { 7 } else { 1 };
        let mut points = Vec::new();
        for facts in all {
            for day in 0..days {
                for reading in 0..=u32::from(self.reading) {
                    let day = first.checked_add_days(day).unwrap();
                    points.push((format!("{{\"id\": \"p\"{facts}}}"), day, reading));
                }
            }
        }
        points
    }

    /// A whole number: a linear form over what there is.
    fn number(&self, random: &mut Random, census: &mut Census) -> String {
        let mut names = vec!["k"];
        names.extend(["n", "m"].into_iter().filter(|name| self.has(name)));
        names.extend(self.dated.then_some("c"));
        if self.has("n") && self.has("m") {
            names.extend(["q", "t"]);
        }
        let one = |random: &mut Random| (*random.pick(&names)).to_owned();
        let small = |random: &mut Random| random.within(-1, 4).to_string();
        let (kind, text) = match random.below(9) {
            0 => ("constant", small(random)),
            1 | 2 => ("name", one(random)),
            3 => (
                "multiple",
                format!("{} * {}", random.within(2, 3), one(random)),
            ),
            4 => ("sum", format!("{} + {}", one(random), one(random))),
            5 => ("difference", format!("{} - {}", one(random), one(random))),
            6 => (
                "shifted",
                format!("{} + {}", one(random), small(random).replace('-', "0 - ")),
            ),
            7 => ("half", format!("{} / 2", one(random))),
            _ => (
                "two multiples",
                format!("2 * {} - 3 * {}", one(random), one(random)),
            ),
        };
        census.count(format!("number: {kind}"));
        text
    }

    /// A condition, in parentheses where it needs them.
    fn condition(&self, random: &mut Random, census: &mut Census, depth: u32) -> String {
        if depth > 0 && random.chance(45) {
            let mut part = || self.condition(random, census, depth - 1);
            let (first, second, third) = (part(), part(), part());
            let (kind, text) = match random.below(4) {
                0 => ("and", format!("({first} and {second})")),
                1 => ("or", format!("({first} or {second})")),
                2 => ("not", format!("(not {first})")),
                _ => (
                    "at least",
                    format!("(at least 2 of ({first}, {second}, {third}))"),
                ),
            };
            census.count(format!("condition: {kind}"));
            return text;
        }
        let mut ways: Vec<(&str, String)> = Vec::new();
        let day = *random.pick(&DAYS);
        let cmp = *random.pick(&CMPS);
        if self.has("b") {
            ways.push(("bool", "b".to_owned()));
        }
        if self.has("p") {
            ways.push(("bool", "p".to_owned()));
        }
        if self.has("e") {
            let (one, other) = (
                *random.pick(&["x", "y", "z"]),
                *random.pick(&["x", "y", "z"]),
            );
            ways.push(("enum", format!("(e is {one})")));
            ways.push(("enum is not", format!("(e is not {one})")));
            if one != other {
                ways.push(("one of", format!("(e is one of {one}, {other})")));
            }
        }
        if self.has("s") {
            let tier = *random.pick(&["low", "mid", "top"]);
            ways.push(("scale", format!("(s {cmp} {tier})")));
        }
        if self.has("o") {
            ways.push(("none", "(o is none)".to_owned()));
            let value = random.within(-1, 3).to_string().replace('-', "0 - ");
            ways.push(("or else", format!("((o or else 1) {cmp} {value})")));
        }
        if self.has("d") {
            let shift = random.below(4);
            ways.push(("dates", format!("(d + {shift} days {cmp} as_of)")));
            ways.push((
                "days between",
                format!("((days from d to as_of) {cmp} {shift} days)"),
            ));
        }
        if self.has("p") && self.has("e") {
            ways.push(("scoped", "(u is one of x, y)".to_owned()));
        }
        if self.has("b") && self.has("n") {
            ways.push(("scoped", format!("(a {cmp} {})", random.below(4))));
        }
        if self.dated {
            ways.push(("as_of", format!("(as_of {cmp} {day})")));
        }
        if self.has("n") || self.has("m") || self.dated {
            let (left, right) = (self.number(random, census), self.number(random, census));
            ways.push(("linear", format!("({left} {cmp} {right})")));
            ways.push(("linear", format!("({left} {cmp} {})", random.below(4))));
        }
        if ways.is_empty() {
            ways.push(("constant", format!("(k {cmp} 2)")));
        }
        let (kind, text) = random.pick(&ways);
        census.count(format!("condition: {kind}"));
        text.clone()
    }

    /// Dates of a line, with the same as a condition.
    fn dates(&self, random: &mut Random, census: &mut Census) -> (String, Option<String>) {
        if !self.dated || random.chance(60) {
            return (String::new(), None);
        }
        census.count("dated line");
        let first = random.below(4) as usize;
        let (a, b) = (DAYS[first], DAYS[first + 1]);
        match random.below(3) {
            0 => (format!(" from {a}"), Some(format!("(as_of >= {a})"))),
            1 => (format!(" before {a}"), Some(format!("(as_of < {a})"))),
            _ => (
                format!(" from {a} through {b}"),
                Some(format!("(as_of >= {a} and as_of <= {b})")),
            ),
        }
    }
}

/// What holds at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
    Outside,
}

/// Conditions that hold together, as the program says them one by one.
#[derive(Debug, Clone, Default)]
struct Guard(Vec<usize>);

/// A program whose conditions are decisions of their own: what they come to at every point.
struct Probe {
    conditions: Vec<String>,
    /// For every point what each condition comes to.
    truths: Vec<Vec<Outcome>>,
}

impl Probe {
    fn new() -> Probe {
        Probe {
            conditions: Vec::new(),
            truths: Vec::new(),
        }
    }

    /// One more thing to ask for, with its type.
    fn ask(&mut self, ty: &str, text: &str) -> usize {
        self.conditions.push(format!(": {ty} = {text}"));
        self.conditions.len() - 1
    }

    fn guard(&mut self, parts: impl IntoIterator<Item = String>) -> Guard {
        Guard(
            parts
                .into_iter()
                .map(|part| self.ask("bool", &part))
                .collect(),
        )
    }

    fn run(&mut self, world: &World) {
        let mut text = world.text.clone();
        for (at, condition) in self.conditions.iter().enumerate() {
            let _ = writeln!(text, "decision g{at}{condition}");
        }
        let program: Program = Files::one(text).program("t.pol");
        let reading = program.reading("r");
        let names: Vec<String> = (0..self.conditions.len())
            .map(|at| format!("g{at}"))
            .collect();
        for (facts, day, alternative) in world.points() {
            let facts = Facts::from_json(program.ir(), &facts).unwrap();
            let mut options = Options::default();
            if let Some(reading) = reading {
                options.readings.insert(reading, alternative);
            }
            let mut evaluation = program.evaluate(&facts, day, &options);
            let truths = names.iter().map(|name| evaluation.decision(name).unwrap());
            self.truths.push(truths.collect());
        }
    }

    /// What a guard comes to at a point. A part that is not applicable is passed on.
    fn truth(&self, point: &[Outcome], guard: &Guard) -> Truth {
        let mut truth = Truth::Yes;
        for part in &guard.0 {
            match &point[*part] {
                Outcome::Known(Value::Bool(true)) => {}
                Outcome::Known(Value::Bool(false)) => return Truth::No,
                Outcome::NotApplicable(_) => truth = Truth::Outside,
                other => panic!("{} is {other:?}", self.conditions[*part]),
            }
        }
        truth
    }

    fn ever(&self, so: impl Fn(&[Outcome]) -> bool) -> bool {
        self.truths.iter().any(|point| so(point))
    }

    fn fails(&self, point: &[Outcome], guard: &Guard) -> bool {
        self.truth(point, guard) == Truth::No
    }

    fn holds(&self, point: &[Outcome], guard: &Guard) -> bool {
        self.truth(point, guard) == Truth::Yes
    }

    /// Whether a guard leaves something to what stands after it at a point: where it is not applicable, what
    /// comes after is still asked for.
    fn passed(&self, point: &[Outcome], guard: &Guard) -> bool {
        match self.truth(point, guard) {
            Truth::Yes => false,
            Truth::No => true,
            Truth::Outside => true,
        }
    }
}

/// What should be found: codes with the lines of their labels.
type Found = BTreeSet<(&'static str, Vec<usize>)>;

/// A program, what has to be found in it, and what it is.
struct Case {
    text: String,
    expected: Found,
    kind: &'static str,
}

fn line(text: &str, start: u32) -> usize {
    text[..start as usize].matches('\n').count() + 1
}

fn lines(text: &str) -> usize {
    text.matches('\n').count()
}

fn cases_of(random: &mut Random, census: &mut Census) -> Case {
    let world = World::new(random, census);
    let mut probe = Probe::new();
    let mut text = world.text.clone();
    text.push_str("decision answer: int\n");
    let first = lines(&text) + 1;
    let count = 1 + random.below(4) as usize;
    let (mut guards, mut alone) = (Vec::new(), Vec::new());
    for at in 0..count {
        let condition = world.condition(random, census, 2);
        let (dates, day) = world.dates(random, census);
        let under = if world.reading && random.chance(40) {
            census.count("under a reading");
            Some("one")
        } else {
            None
        };
        let _ = write!(text, "  {at} when {condition}{dates}");
        if under.is_some() {
            text.push_str(" under r one");
        }
        text.push('\n');
        alone.push(probe.guard([condition.clone()]));
        let under = under.map(|_| "under_r".to_owned());
        guards.push(probe.guard([Some(condition), day, under].into_iter().flatten()));
    }
    let otherwise = random.chance(35);
    if otherwise {
        text.push_str("  99 otherwise\n");
    }
    let mut asked = world.declared_probe();
    if world.reading {
        asked
            .text
            .push_str("define under_r: bool\n  yes when k = k under r one\n  no otherwise\n");
    }
    probe.run(&asked);
    let mut expected = Found::new();
    for (at, guard) in guards.iter().enumerate() {
        let earlier = &guards[..at];
        let reached = |point: &[Outcome]| {
            probe.holds(point, guard) && earlier.iter().all(|one| probe.passed(point, one))
        };
        if !probe.ever(reached) {
            expected.insert(("P0603", vec![first + at]));
        }
        if !probe.ever(|point| probe.truth(point, &alone[at]) != Truth::Yes) {
            expected.insert(("P0611", vec![first + at]));
        }
    }
    let left = probe.ever(|point| guards.iter().all(|guard| probe.passed(point, guard)));
    let gap = probe.ever(|point| guards.iter().all(|guard| probe.fails(point, guard)));
    if gap && !otherwise {
        expected.insert(("P0601", vec![first]));
    }
    if !left && otherwise {
        expected.insert(("P0610", vec![first + count]));
    }
    Case {
        text,
        expected,
        kind: "cases",
    }
}

impl World {
    /// The same declarations for a program of single conditions.
    fn declared_probe(&self) -> World {
        World {
            facts: self.facts.clone(),
            dated: self.dated,
            reading: self.reading,
            text: self.text.clone(),
        }
    }

    /// A tested column: what it tests, and its kind.
    fn column(&self, random: &mut Random) -> (String, &'static str) {
        let mut ways = vec![("k".to_owned(), "int")];
        for (name, kind) in [
            ("b", "bool"),
            ("p", "bool"),
            ("e", "enum"),
            ("s", "scale"),
            ("n", "int"),
            ("m", "int"),
            ("o", "optional"),
        ] {
            if self.has(name) {
                ways.push((name.to_owned(), kind));
                ways.push((name.to_owned(), kind));
            }
        }
        if self.has("n") && self.has("b") {
            ways.push(("a".to_owned(), "int"));
        }
        if self.has("p") && self.has("e") {
            ways.push(("u".to_owned(), "enum"));
            ways.push(("u".to_owned(), "enum"));
        }
        if self.has("n") && self.has("m") {
            ways.push(("q".to_owned(), "int"));
            ways.push(("n - m".to_owned(), "int"));
        }
        if self.dated {
            ways.push(("c * 2".to_owned(), "int"));
        }
        random.pick(&ways).clone()
    }

    /// The test of a cell, and the same as a condition.
    fn cell(
        &self,
        random: &mut Random,
        census: &mut Census,
        column: &str,
        kind: &str,
    ) -> (String, Option<String>) {
        if random.chance(15) {
            census.count("cell: any");
            return ("-".to_owned(), None);
        }
        let number = random.within(0, 3);
        let present = if kind == "optional" {
            format!("{column} is not none and ")
        } else {
            String::new()
        };
        let (name, cell, condition) = match kind {
            "bool" => {
                let yes = random.chance(50);
                let word = if yes { "yes" } else { "no" };
                let condition = if yes {
                    column.to_owned()
                } else {
                    format!("not {column}")
                };
                ("bool", word.to_owned(), condition)
            }
            "enum" | "scale" => {
                let values = if kind == "enum" {
                    ["x", "y", "z"]
                } else {
                    ["low", "mid", "top"]
                };
                let (one, two) = (*random.pick(&values), *random.pick(&values));
                match random.below(3) {
                    0 if kind == "scale" => (
                        "comparison",
                        format!(">= {one}"),
                        format!("{column} >= {one}"),
                    ),
                    1 if one != two => (
                        "several values",
                        format!("{one}, {two}"),
                        format!("{column} is {one} or {column} is {two}"),
                    ),
                    _ => ("value", one.to_owned(), format!("{column} is {one}")),
                }
            }
            _ => match random.below(5) {
                0 => ("value", number.to_string(), format!("{column} = {number}")),
                1 => {
                    let other = random.within(0, 3);
                    let (low, high) = (number.min(other), number.max(other));
                    (
                        "range",
                        format!("{low}..{high}"),
                        format!("{present}{column} >= {low} and {column} <= {high}"),
                    )
                }
                2 if kind == "optional" => {
                    ("value", "none".to_owned(), format!("{column} is none"))
                }
                2 => {
                    let (low, high) = (random.within(-1, 3), random.within(0, 5));
                    let low = low.max(0);
                    (
                        "two comparisons",
                        format!("> {low} and < {high}"),
                        format!("{column} > {low} and {column} < {high}"),
                    )
                }
                3 => {
                    let other = (number + 1) % 4;
                    (
                        "several values",
                        format!("{number}, {other}"),
                        format!("{column} = {number} or {column} = {other}"),
                    )
                }
                _ => {
                    let cmp = *random.pick(&["<", "<=", ">", ">="]);
                    (
                        "comparison",
                        format!("{cmp} {number}"),
                        format!("{present}{column} {cmp} {number}"),
                    )
                }
            },
        };
        census.count(format!("cell: {name}"));
        if column == "a" || column == "u" {
            census.count(format!("scoped cell: {name}"));
        }
        (cell, Some(format!("({condition})")))
    }
}

struct Row {
    guard: Guard,
    rest: bool,
    value: i64,
    line: usize,
}

fn table_of(random: &mut Random, census: &mut Census) -> Case {
    let world = World::new(random, census);
    let mut probe = Probe::new();
    let mut text = world.text.clone();
    let mode = *random.pick(&["exactly one row", "any row", "every row"]);
    census.count(format!("table: {mode}"));
    let width = 1 + random.below(3) as usize;
    let columns: Vec<_> = (0..width).map(|_| world.column(random)).collect();
    let _ = writeln!(text, "table fee {mode}");
    for (column, _) in &columns {
        let _ = write!(text, "  | {column} ");
    }
    text.push_str("| -> fee: int |\n");
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..2 + random.below(4) {
        let mut parts = Vec::new();
        let mut rest = false;
        text.push_str("  ");
        for (column, kind) in &columns {
            if random.chance(8) {
                census.count("cell: otherwise");
                rest = true;
                text.push_str("| otherwise ");
                continue;
            }
            let (cell, condition) = world.cell(random, census, column, kind);
            let _ = write!(text, "| {cell} ");
            parts.extend(condition);
        }
        let value = random.within(1, 2);
        let (dates, day) = world.dates(random, census);
        parts.extend(day);
        let _ = writeln!(text, "| {value} |{dates}");
        rows.push(Row {
            guard: probe.guard(parts),
            rest,
            value,
            line: lines(&text),
        });
    }
    let table = lines(&world.text) + 1;
    text.push_str("decision answer = fee\n");
    probe.run(&world);
    Case {
        expected: table_findings(&probe, &rows, mode, table),
        text,
        kind: "table",
    }
}

fn table_findings(probe: &Probe, rows: &[Row], mode: &str, table: usize) -> Found {
    let mut expected = Found::new();
    let left = |point: &[Outcome]| {
        let mut plain = rows.iter().filter(|row| !row.rest);
        plain.all(|row| probe.passed(point, &row.guard))
    };
    let uncovered = |point: &[Outcome]| {
        let mut plain = rows.iter().filter(|row| !row.rest);
        plain.all(|row| probe.fails(point, &row.guard))
    };
    for (at, row) in rows.iter().enumerate() {
        let counts = |point: &[Outcome]| {
            probe.holds(point, &row.guard)
                && match (row.rest, mode) {
                    (true, _) => left(point),
                    (false, "any row") => {
                        let mut earlier = rows[..at].iter();
                        earlier.all(|other| probe.passed(point, &other.guard))
                    }
                    (false, _) => true,
                }
        };
        if !probe.ever(counts) {
            let code = if row.rest { "P0610" } else { "P0609" };
            expected.insert((code, vec![row.line]));
        }
    }
    if mode == "every row" {
        return expected;
    }
    if probe.ever(|point| rows.iter().all(|row| probe.fails(point, &row.guard))) {
        expected.insert(("P0607", vec![table]));
    }
    for (at, row) in rows.iter().enumerate() {
        for other in &rows[at + 1..] {
            let both = |point: &[Outcome]| {
                probe.holds(point, &row.guard)
                    && probe.holds(point, &other.guard)
                    && (!row.rest || uncovered(point))
            };
            let may = mode == "any row" && row.value == other.value;
            if row.rest == other.rest && !may && probe.ever(both) {
                expected.insert(("P0606", vec![row.line, other.line]));
            }
        }
    }
    expected
}

struct Excepted {
    name: usize,
    guard: Guard,
    value: usize,
    line: usize,
}

fn exceptions_of(random: &mut Random, census: &mut Census) -> Case {
    let world = World::new(random, census);
    let mut probe = Probe::new();
    let mut text = world.text.clone();
    let inside = random.chance(35);
    let mut place = Guard::default();
    if inside {
        census.count("exception to a case");
        let condition = world.condition(random, census, 1);
        let (dates, day) = world.dates(random, census);
        let _ = writeln!(
            text,
            "decision base: Kind\n  x when {condition}{dates}\n  y otherwise"
        );
        place = probe.guard([Some(condition), day].into_iter().flatten());
    } else {
        census.count("exception to a value");
        text.push_str("value base: int = 7\n");
    }
    let mut all: Vec<Excepted> = Vec::new();
    let mut always = Vec::new();
    for name in 0..2 + random.below(2) as usize {
        let condition = world.condition(random, census, 1);
        let (dates, day) = world.dates(random, census);
        let value = if inside {
            (*random.pick(&["y", "z"])).to_owned()
        } else if random.chance(60) {
            random.within(1, 2).to_string()
        } else {
            census.count("exception with a computed value");
            world.number(random, census).replace(" / 2", "")
        };
        let target = if inside { "base.x" } else { "base" };
        let _ = writeln!(
            text,
            "exception x{name} to {target}{dates} when {condition}"
        );
        let line = lines(&text);
        let _ = writeln!(text, "  use {value}");
        always.push((probe.guard([condition.clone()]), line));
        all.push(Excepted {
            name,
            guard: probe.guard([Some(condition), day].into_iter().flatten()),
            value: probe.ask(if inside { "Kind" } else { "int" }, &value),
            line,
        });
    }
    let mut ranked = None;
    if random.chance(40) {
        census.count("ranked exceptions");
        ranked = Some((0, 1));
        text.push_str("x0 prevails over x1 because \"it is so\"\n");
    }
    text.push_str("decision answer = base\n");
    probe.run(&world);
    let mut expected = Found::new();
    let clash = |a: &Excepted, b: &Excepted| {
        probe.ever(|point| {
            probe.holds(point, &a.guard)
                && probe.holds(point, &b.guard)
                && point[a.value] != point[b.value]
        })
    };
    for (at, a) in all.iter().enumerate() {
        for b in &all[at + 1..] {
            if ranked != Some((a.name, b.name)) && clash(a, b) {
                expected.insert(("P0604", vec![a.line, b.line]));
            }
        }
        let stronger = all
            .iter()
            .filter(|other| ranked == Some((other.name, a.name)));
        let stronger: Vec<_> = stronger.map(|other| &other.guard).collect();
        let counts = |point: &[Outcome]| {
            probe.holds(point, &place)
                && probe.holds(point, &a.guard)
                && stronger.iter().all(|guard| probe.passed(point, guard))
        };
        if !probe.ever(counts) {
            expected.insert(("P0614", vec![a.line]));
        }
    }
    for (guard, line) in always {
        if !probe.ever(|point| probe.truth(point, &guard) != Truth::Yes) {
            expected.insert(("P0611", vec![line]));
        }
    }
    Case {
        text,
        expected,
        kind: "exceptions",
    }
}

/// What a finding is about: its code and the lines of its labels.
fn place(text: &str, finding: &Diagnostic) -> (&'static str, Vec<usize>) {
    let lines = finding
        .labels
        .iter()
        .map(|label| line(text, label.span.start));
    (finding.code.number(), lines.collect())
}

/// The code of an error whose absence of proof this is.
fn of_unproved(code: Code) -> Option<&'static [&'static str]> {
    match code {
        Code::CasesNotProved => Some(&["P0601"]),
        Code::ExceptionsNotProved => Some(&["P0604"]),
        Code::RowsNotProved => Some(&["P0606", "P0607"]),
        _ => None,
    }
}

const CHECKED: [&str; 9] = [
    "P0601", "P0603", "P0604", "P0606", "P0607", "P0609", "P0610", "P0611", "P0614",
];

/// Findings that are held to other properties: a name that nothing reads, what an `otherwise` takes, and what an
/// `and` leaves out.
const ELSEWHERE: [&str; 4] = ["P0309", "P0311", "P0616", "P0711"];

/// The findings that should not be there or are missing; how many are not proved.
fn compare(case: &Case) -> (Vec<String>, u64) {
    let compilation = Files::one(case.text.clone()).compile("t.pol");
    let mut found = Found::new();
    let mut unproved = Found::new();
    let mut wrong = Vec::new();
    let answer = line(
        &case.text,
        case.text.find("decision base").unwrap_or(0) as u32,
    );
    for finding in &compilation.diagnostics {
        let (code, lines) = place(&case.text, finding);
        // What is said of the rule that exceptions go to is looked at in the other properties.
        let aside = case.kind == "exceptions"
            && matches!(code, "P0603" | "P0610" | "P0611")
            && answer > 1
            && lines.iter().all(|line| (answer..answer + 3).contains(line));
        if let Some(of) = of_unproved(finding.code) {
            unproved.extend(of.iter().map(|code| (*code, lines.clone())));
        } else if CHECKED.contains(&code) {
            if !aside {
                found.insert((code, lines));
            }
        } else if !ELSEWHERE.contains(&code) {
            wrong.push(format!("unexpected {code} {}", finding.message));
        }
    }
    for one in found.difference(&case.expected) {
        wrong.push(format!("false {one:?}"));
    }
    for one in case.expected.difference(&found) {
        if !unproved.contains(one) {
            wrong.push(format!("missed {one:?}"));
        }
    }
    (wrong, unproved.len() as u64)
}

#[test]
fn findings_are_what_trying_everything_finds() {
    let mut census = Census::default();
    let mut failures: BTreeMap<u64, String> = BTreeMap::new();
    let mut unproved = 0;
    let total = cases(FULL, 200);
    for number in 0..total {
        let mut random = Random::of_case("analysis", number);
        let case = match number % 3 {
            0 => cases_of(&mut random, &mut census),
            1 => table_of(&mut random, &mut census),
            _ => exceptions_of(&mut random, &mut census),
        };
        census.count(case.kind);
        for (code, _) in &case.expected {
            census.count(*code);
        }
        let (wrong, open) = compare(&case);
        if open > 0 {
            unproved += open;
            println!("case {number}: {open} not proved\n{}", case.text);
        }
        if !wrong.is_empty() {
            failures.insert(
                number,
                format!("case {number}: {}\n{}", wrong.join("; "), case.text),
            );
        }
    }
    println!(
        "{total} programs: {} wrong, {unproved} findings not proved",
        failures.len()
    );
    println!("{census:?}");
    let shown: Vec<&str> = failures.values().take(5).map(String::as_str).collect();
    assert!(
        failures.is_empty(),
        "{} wrong:\n{}",
        failures.len(),
        shown.join("\n")
    );
    assert!(
        unproved * 200 <= total,
        "{unproved} findings of {total} programs are not proved"
    );
    census.expect(&["cases", "table", "exceptions"], FULL / 4);
    let often = [
        "P0601",
        "P0603",
        "P0604",
        "P0606",
        "P0607",
        "P0609",
        "P0610",
        "P0611",
        "P0614",
        "dated line",
        "under a reading",
        "ranked exceptions",
        "exception to a case",
        "exception to a value",
        "exception with a computed value",
        "table: exactly one row",
        "table: any row",
        "table: every row",
        "cell: any",
        "cell: bool",
        "cell: value",
        "cell: several values",
        "cell: range",
        "cell: comparison",
        "cell: two comparisons",
        "cell: otherwise",
        "condition: and",
        "condition: or",
        "condition: not",
        "condition: at least",
        "condition: bool",
        "condition: enum",
        "condition: enum is not",
        "condition: one of",
        "condition: scale",
        "condition: none",
        "condition: or else",
        "condition: dates",
        "condition: days between",
        "condition: as_of",
        "condition: linear",
        "condition: scoped",
        "scoped cell: several values",
        "scoped cell: value",
        "number: constant",
        "number: name",
        "number: multiple",
        "number: sum",
        "number: difference",
        "number: shifted",
        "number: half",
        "number: two multiples",
        "fact b",
        "fact p",
        "fact e",
        "fact s",
        "fact n",
        "fact m",
        "fact o",
        "fact d",
    ];
    census.expect(&often, 50);
}
