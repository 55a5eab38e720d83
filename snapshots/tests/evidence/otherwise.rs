//! `otherwise (…)`: exactly the values that are left, whatever is tested above; and a value added to the scale is
//! an error in every place that would take it.

use crate::harness::{Files, TECHNOLOGY_PARTNER, errors};
use crate::run::{Census, Random, cases};
use polc::diagnostics::{Code, Diagnostic};
use polc::pipeline::Compilation;
use std::collections::BTreeSet;
use std::fmt::Write;

/// A guard: a test of the scale, or of something else, or both.
#[derive(Clone)]
enum Guard {
    Is(String),
    IsNot(String),
    OneOf(Vec<String>),
    Less(String),
    AtLeast(String),
    IsNone,
    Flag,
    Both(Box<Guard>, Box<Guard>),
    Either(Box<Guard>, Box<Guard>),
    Not(Box<Guard>),
}

impl Guard {
    fn text(&self) -> String {
        match self {
            Guard::Is(value) => format!("x is {value}"),
            Guard::IsNot(value) => format!("x is not {value}"),
            Guard::OneOf(values) => format!("x is one of {}", values.join(", ")),
            Guard::Less(value) => format!("x < {value}"),
            Guard::AtLeast(value) => format!("{value} <= x"),
            Guard::IsNone => "x is none".to_owned(),
            Guard::Flag => "flag".to_owned(),
            Guard::Both(a, b) => format!("(({}) and ({}))", a.text(), b.text()),
            Guard::Either(a, b) => format!("(({}) or ({}))", a.text(), b.text()),
            Guard::Not(a) => format!("not ({})", a.text()),
        }
    }

    /// Whether it names a value other than none.
    fn names_a_value(&self) -> bool {
        match self {
            Guard::IsNone | Guard::Flag => false,
            Guard::Both(a, b) | Guard::Either(a, b) => a.names_a_value() || b.names_a_value(),
            Guard::Not(a) => a.names_a_value(),
            _ => true,
        }
    }

    /// Whether it holds, for the value at a place of the scale (none: no place).
    fn holds(&self, scale: &[String], at: Option<usize>, flag: bool) -> bool {
        let place = |value: &String| scale.iter().position(|other| other == value);
        match self {
            Guard::Is(value) => at == place(value),
            Guard::IsNot(value) => at != place(value),
            Guard::OneOf(values) => values.iter().any(|value| at == place(value)),
            Guard::Less(value) => at.is_some() && at < place(value),
            Guard::AtLeast(value) => at.is_some() && at >= place(value),
            Guard::IsNone => at.is_none(),
            Guard::Flag => flag,
            Guard::Both(a, b) => a.holds(scale, at, flag) && b.holds(scale, at, flag),
            Guard::Either(a, b) => a.holds(scale, at, flag) || b.holds(scale, at, flag),
            Guard::Not(a) => !a.holds(scale, at, flag),
        }
    }
}

/// A block of cases, or a table of one tested column, over the value `x` of a scale.
struct Block {
    guards: Vec<Guard>,
    table: bool,
    optional: bool,
}

const NAMES: [&str; 6] = ["copper", "bronze", "silver", "gold", "platinum", "diamond"];

impl Block {
    fn draw(random: &mut Random, scale: &[String]) -> Block {
        let table = random.chance(30);
        let optional = random.chance(40);
        let plain = table || random.chance(60);
        let count = random.within(1, 3);
        let mut guards = Vec::new();
        for _ in 0..count {
            let value = |random: &mut Random| random.pick(scale).clone();
            let one = |random: &mut Random| match random.below(6) {
                0 => Guard::IsNot(value(random)),
                1 => Guard::OneOf(vec![value(random), value(random)]),
                2 if !optional => Guard::Less(value(random)),
                3 if !optional => Guard::AtLeast(value(random)),
                4 if optional => Guard::IsNone,
                _ => Guard::Is(value(random)),
            };
            let first = one(random);
            let second = one(random);
            guards.push(match random.below(6) {
                _ if table => match first {
                    Guard::IsNot(value) => Guard::Is(value),
                    first => first,
                },
                0 if !plain => Guard::Flag,
                1 | 2 if !plain => Guard::Both(Box::new(first), Box::new(Guard::Flag)),
                3 => Guard::Either(Box::new(first), Box::new(second)),
                4 => Guard::Not(Box::new(first)),
                _ => first,
            });
        }
        Block {
            guards,
            table,
            optional,
        }
    }

    /// The values, none first, that reach the end: with one of the flags at least.
    fn left(&self, scale: &[String]) -> Vec<String> {
        let none = self.optional.then_some(None);
        let all = none.into_iter().chain((0..scale.len()).map(Some));
        let arrives = |at: &Option<usize>| {
            let free = |flag| {
                !self
                    .guards
                    .iter()
                    .any(|guard| guard.holds(scale, *at, flag))
            };
            free(false) || free(true)
        };
        let left = all.filter(arrives);
        left.map(|at| at.map_or("none".to_owned(), |at| scale[at].clone()))
            .collect()
    }

    fn only_tests_the_scale(&self) -> bool {
        fn plain(guard: &Guard) -> bool {
            match guard {
                Guard::Flag => false,
                Guard::Both(a, b) | Guard::Either(a, b) => plain(a) && plain(b),
                Guard::Not(a) => plain(a),
                _ => true,
            }
        }
        self.guards.iter().all(plain)
    }

    fn text(&self, scale: &[String], otherwise: &str) -> String {
        let ty = if self.optional {
            "Scale or none"
        } else {
            "Scale"
        };
        let mut text = format!(
            "program t \"t\" version 1\nscale Scale {{ {} }}\nfact x: {ty}\nfact flag: bool\n",
            scale.join(" < ")
        );
        if !self.table {
            text.push_str("decision d: int\n");
            for (at, guard) in self.guards.iter().enumerate() {
                let _ = writeln!(text, "  {at} when {}", guard.text());
            }
            let _ = writeln!(text, "  9 {otherwise}\ndecision e = flag");
            return text;
        }
        text.push_str("table d every row\n  | x | -> v: int |\n");
        for (at, guard) in self.guards.iter().enumerate() {
            let cell = match guard {
                Guard::OneOf(values) => values.join(", "),
                Guard::Less(value) => format!("< {value}"),
                Guard::AtLeast(value) => format!(">= {value}"),
                Guard::IsNone => "none".to_owned(),
                Guard::Is(value) => value.clone(),
                _ => unreachable!("no such cell"),
            };
            let _ = writeln!(text, "  | {cell} | {at} |");
        }
        let _ = writeln!(text, "  | {otherwise} | 9 |\ndecision e = flag");
        text
    }

    fn compile(&self, scale: &[String], otherwise: &str) -> Compilation {
        Files::one(self.text(scale, otherwise)).compile("t.pol")
    }
}

fn of(compilation: &Compilation, code: Code) -> Vec<&Diagnostic> {
    let all = compilation.diagnostics.iter();
    all.filter(|finding| finding.code == code).collect()
}

#[test]
fn otherwise_names_exactly_what_is_left_and_a_new_value_is_asked_about() {
    let mut census = Census::default();
    for case in 0..cases(5_000, 150) {
        let mut random = Random::of_case("otherwise", case);
        let length = random.within(2, 4) as usize;
        let scale: Vec<String> = NAMES[..length]
            .iter()
            .map(|name| (*name).to_owned())
            .collect();
        let block = Block::draw(&mut random, &scale);
        let left = block.left(&scale);
        let plain = block.only_tests_the_scale();
        if left.is_empty() {
            census.count("nothing left");
            continue;
        }
        // Where nothing tests the scale there is nothing whose values could be named.
        if block
            .guards
            .iter()
            .all(|guard| matches!(guard, Guard::Flag))
        {
            census.count("only the flag");
            continue;
        }
        census.count(match (plain, block.table) {
            (_, true) => "table",
            (true, false) => "only the scale",
            (false, false) => "more than the scale",
        });
        let list = format!("otherwise ({})", left.join(", "));
        // The list is right.
        let right = block.compile(&scale, &list);
        assert!(
            right.program.is_some() && of(&right, Code::UnnamedOtherwise).is_empty(),
            "{}{}",
            errors(&right),
            block.text(&scale, &list)
        );
        // Without it, it is asked for, with the list as an edit; elsewhere it is not.
        let bare = block.compile(&scale, "otherwise");
        let asked = of(&bare, Code::UnnamedOtherwise);
        let fixes: Vec<&str> = asked
            .iter()
            .filter_map(|finding| Some(finding.fix.as_ref()?.text.as_str()))
            .collect();
        let named = block.guards.iter().any(Guard::names_a_value);
        let wanted: Vec<&str> = if plain && named {
            vec![&list]
        } else {
            Vec::new()
        };
        assert_eq!(fixes, wanted, "{}", block.text(&scale, "otherwise"));
        // Any other list is an error.
        let mut other: BTreeSet<String> = left.iter().cloned().collect();
        let flipped = random.pick(&scale).clone();
        if !other.remove(&flipped) {
            other.insert(flipped);
        }
        if !other.is_empty() {
            let other: Vec<String> = other.into_iter().collect();
            let other = format!("otherwise ({})", other.join(", "));
            let wrong = block.compile(&scale, &other);
            assert_eq!(
                of(&wrong, Code::OtherwiseTakesOther).len(),
                1,
                "{}",
                block.text(&scale, &other)
            );
        }
        // One more value, below, between or above.
        let mut longer = scale.clone();
        longer.insert(random.below(length as u64 + 1) as usize, "elite".to_owned());
        let reaches = block.left(&longer).contains(&"elite".to_owned());
        let grown = block.compile(&longer, &list);
        let found = of(&grown, Code::OtherwiseTakesOther);
        assert_eq!(
            found.len(),
            usize::from(reaches),
            "{}{}",
            errors(&grown),
            block.text(&longer, &list)
        );
        census.count(if reaches {
            "a new value arrives"
        } else {
            "a new value is taken above"
        });
    }
    census.expect(
        &[
            "table",
            "only the scale",
            "more than the scale",
            "nothing left",
            "a new value arrives",
            "a new value is taken above",
        ],
        50,
    );
}

#[test]
fn a_fifth_tier_is_asked_about_wherever_otherwise_takes_tiers() {
    let scale = "partner < rising < leading < premier";
    let tiers = ["partner", "rising", "leading", "premier"];
    let plain = Files::rules(TECHNOLOGY_PARTNER);
    // Every place that names what it takes of this scale.
    let mut places = BTreeSet::new();
    for path in plain.0.keys() {
        for (at, line) in plain.text(path).lines().enumerate() {
            if let Some((_, list)) = line.split_once(" otherwise (") {
                let list = list.split(')').next().unwrap_or_default();
                if list.split(", ").any(|value| tiers.contains(&value)) {
                    places.insert((path.clone(), at + 1));
                }
            }
        }
    }
    assert!(places.len() >= 5, "{places:?}");
    for at in 0..=tiers.len() {
        let mut longer = tiers.to_vec();
        longer.insert(at, "elite");
        let mut files = plain.clone();
        let holds = |files: &Files, path: &String| files.text(path).contains(scale);
        let path = files
            .0
            .keys()
            .find(|path| holds(&files, path))
            .unwrap()
            .clone();
        let text = files.text(&path).replace(scale, &longer.join(" < "));
        files.0.insert(path, text.into_bytes());
        let columns = "amend tier_grid\n  elite like premier\namend benefit_rows\n  elite like premier\namend sponsorship\n  elite like premier\n";
        let more = format!("{TECHNOLOGY_PARTNER}/elite.pol");
        files.0.insert(more, columns.as_bytes().to_vec());
        let compilation = files.compile(TECHNOLOGY_PARTNER);
        let found: BTreeSet<(String, usize)> = of(&compilation, Code::OtherwiseTakesOther)
            .iter()
            .map(|finding| {
                let span = finding.labels[0].span;
                let file = compilation.sources.get(span.file).unwrap();
                (file.path.clone(), compilation.sources.position(span).line)
            })
            .collect();
        assert_eq!(found, places, "elite at {at}: {}", errors(&compilation));
    }
}
