//! Declarations drawn at random, their domain, and conditions on them.

use super::*;

/// A fact with its type and everything it can be, as JSON.
pub(super) type Declared = (&'static str, &'static str, &'static [&'static str]);

pub(super) const FACTS: [Declared; 8] = [
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
pub(super) struct World {
    pub(super) facts: Vec<&'static Declared>,
    pub(super) dated: bool,
    pub(super) reading: bool,
    pub(super) text: String,
}

impl World {
    pub(super) fn new(random: &mut Random, census: &mut Census) -> World {
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

    pub(super) fn declared(mut self, random: &mut Random, census: &mut Census) -> World {
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

    pub(super) fn has(&self, name: &str) -> bool {
        self.facts.iter().any(|fact| fact.0 == name)
    }

    /// Every point: facts as JSON, a day, and which alternative of the reading.
    pub(super) fn points(&self) -> Vec<(String, Date, u32)> {
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
    pub(super) fn number(&self, random: &mut Random, census: &mut Census) -> String {
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
    pub(super) fn condition(&self, random: &mut Random, census: &mut Census, depth: u32) -> String {
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
    pub(super) fn dates(
        &self,
        random: &mut Random,
        census: &mut Census,
    ) -> (String, Option<String>) {
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

impl World {
    /// The same declarations for a program of single conditions.
    pub(super) fn declared_probe(&self) -> World {
        World {
            facts: self.facts.clone(),
            dated: self.dated,
            reading: self.reading,
            text: self.text.clone(),
        }
    }

    /// A tested column: what it tests, and its kind.
    pub(super) fn column(&self, random: &mut Random) -> (String, &'static str) {
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
    pub(super) fn cell(
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
