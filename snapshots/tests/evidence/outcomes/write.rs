//! Programs of decisions drawn at random: every form that has a condition, values, lists and records.

use crate::run::{Census, Random};

pub const FORMS: [&str; 16] = [
    "cases",
    "scope",
    "scope that may fail",
    "dated",
    "exception",
    "exactly one row",
    "any row",
    "first row",
    "every row",
    "list",
    "loop",
    "record",
    "records",
    "records in a loop",
    "grid",
    "condition",
];

/// A program under construction: what decisions there are of each type.
#[derive(Default)]
pub struct Writer {
    pub text: String,
    bools: Vec<String>,
    numbers: Vec<String>,
    lists: Vec<String>,
    pairs: Vec<String>,
    loops: Vec<String>,
    levels: Vec<String>,
    made: u32,
}

fn one_of(random: &mut Random, from: &[String], otherwise: &str) -> String {
    match from.len() {
        0 => otherwise.to_owned(),
        _ => random.pick(from).clone(),
    }
}

impl Writer {
    fn name(&mut self) -> String {
        self.made += 1;
        format!("d{}", self.made)
    }

    fn truth(&self, random: &mut Random, deep: u32) -> String {
        if deep == 0 || random.chance(20) {
            return match random.below(6) {
                0 => random.pick(&["yes", "no"]).to_string(),
                1 | 2 => random.pick(&["f1", "f2", "f3", "au"]).to_string(),
                _ => one_of(random, &self.bools, "f1"),
            };
        }
        let deep = deep - 1;
        match random.below(15) {
            0 | 1 => {
                let word = *random.pick(&["and", "or"]);
                format!(
                    "({} {word} {})",
                    self.truth(random, deep),
                    self.truth(random, deep)
                )
            }
            2 => format!("(not {})", self.truth(random, deep)),
            3..=5 => {
                let cmp = *random.pick(&["<", "<=", ">", ">=", "=", "!="]);
                format!(
                    "({} {cmp} {})",
                    self.number(random, deep),
                    self.number(random, deep)
                )
            }
            6 => format!(
                "({} in [{}, {}])",
                self.number(random, deep),
                self.number(random, deep),
                self.number(random, 0)
            ),
            7 => match self.loops.is_empty() || random.chance(50) {
                true => format!("(any {} where .a > {})", "xs", self.number(random, 0)),
                false => {
                    let list = random.pick(&self.loops);
                    format!(
                        "(any {list} where (.q and .p > {}))",
                        self.number(random, 0)
                    )
                }
            },
            8 => format!("((count of (xs where .b)) >= {})", random.below(3)),
            9 => format!("(lv >= {})", random.pick(&["mid", "high"])),
            10 => format!(
                "(({} or else low) >= {})",
                one_of(random, &self.levels, "lo"),
                random.pick(&["mid", "high"])
            ),
            11 => format!("({} is not none)", one_of(random, &self.levels, "lo")),
            13 => {
                let word = *random.pick(&["is", "is not"]);
                let of = match random.chance(50) {
                    true => one_of(random, &self.bools, "f1"),
                    false => one_of(random, &self.numbers, "n1"),
                };
                format!("({of} {word} applicable)")
            }
            12 => match self.pairs.is_empty() {
                true => self.truth(random, deep),
                false => format!(
                    "({} = {{p: {}, q: {}}})",
                    random.pick(&self.pairs),
                    self.number(random, 0),
                    self.truth(random, 0)
                ),
            },
            _ => match self.lists.is_empty() {
                true => self.truth(random, deep),
                false => format!(
                    "({} in {})",
                    self.number(random, 0),
                    random.pick(&self.lists)
                ),
            },
        }
    }

    fn number(&self, random: &mut Random, deep: u32) -> String {
        if deep == 0 || random.chance(20) {
            return match random.below(6) {
                0 | 1 => random.below(6).to_string(),
                2 | 3 => random.pick(&["n1", "n2"]).to_string(),
                _ => one_of(random, &self.numbers, "n1"),
            };
        }
        let deep = deep - 1;
        match random.below(13) {
            0..=2 => {
                let sign = *random.pick(&["+", "-", "*", "/"]);
                format!(
                    "({} {sign} {})",
                    self.number(random, deep),
                    self.number(random, deep)
                )
            }
            3 | 4 => {
                let word = *random.pick(&["smallest", "largest"]);
                format!(
                    "({word} of ({}, {}))",
                    self.number(random, deep),
                    self.number(random, deep)
                )
            }
            5 | 6 => format!(
                "(if {} then {} else {})",
                self.truth(random, deep),
                self.number(random, deep),
                self.number(random, deep)
            ),
            7 => format!("({} rounded up to 0 places)", self.number(random, deep)),
            8 => match self.pairs.is_empty() {
                true => self.number(random, deep),
                false => format!("{}.p", random.pick(&self.pairs)),
            },
            9 => match self.loops.is_empty() || random.chance(30) {
                true => "(sum of xs.a)".to_owned(),
                false => format!("(sum of {}.p)", random.pick(&self.loops)),
            },
            _ => match self.lists.is_empty() {
                true => self.number(random, deep),
                false => {
                    let list = random.pick(&self.lists);
                    match random.below(6) {
                        0 => format!("(first of {list} or else 9)"),
                        1 => format!("(last of {list} or else 9)"),
                        2 => format!("(sum of {list})"),
                        3 => format!("(largest of {list} or else 9)"),
                        4 => format!("(smallest of (distinct {list}) or else 9)"),
                        _ => format!("(average of {list} or else 9)"),
                    }
                }
            },
        }
    }

    fn cases(&mut self, name: &str, random: &mut Random) -> String {
        let mut lines = format!("decision {name}: decimal\n");
        if random.chance(30) {
            lines += &format!("  applies when {} because \"out\"\n", self.truth(random, 2));
        }
        for _ in 0..1 + random.below(3) {
            let value = self.number(random, 2);
            lines += &format!("  {value} when {}\n", self.truth(random, 2));
        }
        lines + &format!("  {} otherwise\n", self.number(random, 2))
    }

    fn exception(&mut self, name: &str, random: &mut Random) -> String {
        let rest = match random.chance(30) {
            true => "  does not apply\n".to_owned(),
            false => format!("  use {}\n", self.number(random, 2)),
        };
        let value = self.number(random, 2);
        let when = self.truth(random, 2);
        format!(
            "decision {name}: decimal = {value}\nexception e{name} to {name} when {when}\n{rest}"
        )
    }

    /// A decision that reads a table.
    fn table(&mut self, form: &str, name: &str, random: &mut Random) -> String {
        match form {
            "exactly one row" | "any row" => {
                let (a, b) = (self.truth(random, 2), self.truth(random, 2));
                let (mode, other) = match form {
                    "any row" => (" any row", "1"),
                    _ => ("", "2"),
                };
                format!(
                    "define a{name} = {a}\ndefine b{name} = {b}\ntable t{name}{mode}\n  | a{name} | b{name} | -> v: decimal |\n  | yes | no, yes | 1 |\n  | no | yes | {other} |\n  | no | no | 3 |\ndecision {name}: decimal = t{name}\n"
                )
            }
            "first row" => {
                let (a, b) = (self.truth(random, 2), self.number(random, 2));
                format!(
                    "define a{name} = {a}\ndefine b{name} = {b}\ntable t{name} first row\n  | a{name} | b{name} | -> v: decimal |\n  | yes | > 1 | 1 |\n  | - | 1, 2 | 2 |\n  | yes | - | 3 |\n  | otherwise | - | 4 |\ndecision {name}: decimal = t{name}\n"
                )
            }
            _ => {
                let (a, b) = (self.truth(random, 2), self.number(random, 2));
                format!(
                    "define a{name} = {a}\ndefine b{name} = {b}\ntable t{name} every row\n  | a{name} | b{name} | -> v: decimal |\n  | yes | - | 1 |\n  | - | 1, 2 | 2 |\n  | no | > 2 | 3 |\ndecision {name}: list of decimal = t{name}\n"
                )
            }
        }
    }

    /// One more decision, of a form drawn at random.
    pub fn decision(&mut self, random: &mut Random, census: &mut Census) {
        let name = self.name();
        let form = *random.pick(&FORMS);
        census.count(form);
        let (t, n) = (
            |w: &Self, r: &mut Random| w.truth(r, 2),
            |w: &Self, r: &mut Random| w.number(r, 2),
        );
        let text = match form {
            "cases" => self.cases(&name, random),
            "scope" => format!(
                "decision {name}: bool\n  applies when {} because \"out\"\n  {} otherwise\n",
                t(self, random),
                t(self, random)
            ),
            "scope that may fail" => format!(
                "decision {name}: bool\n  applies when {} / {} >= {} because \"out\"\n  {} otherwise\n",
                self.number(random, 1),
                random.pick(&["n1", "n2"]),
                random.below(3),
                one_of(random, &self.bools, "f1")
            ),
            "dated" => format!(
                "decision {name}: bool\n  {} when {} from 2020-01-01\n  {} otherwise\n",
                t(self, random),
                t(self, random),
                t(self, random)
            ),
            "exception" => self.exception(&name, random),
            "exactly one row" | "any row" | "first row" | "every row" => {
                self.table(form, &name, random)
            }
            "list" => format!(
                "decision {name}: list of decimal = [{}, {} when {}, {} when {}]\n",
                n(self, random),
                n(self, random),
                t(self, random),
                n(self, random),
                t(self, random)
            ),
            "loop" => format!(
                "decision {name}: list of decimal = (for each x in xs where (x.b or {}) give (x.a + {}))\n",
                self.truth(random, 0),
                n(self, random)
            ),
            "record" => format!(
                "decision {name}: Pair = {{p: {}, q: {}}}\n",
                n(self, random),
                t(self, random)
            ),
            "records" => format!(
                "decision {name}: Pair\n  {{p: {}, q: {}}} when {}\n  {{p: {}, q: {}}} otherwise\n",
                self.number(random, 0),
                t(self, random),
                t(self, random),
                self.number(random, 0),
                t(self, random)
            ),
            "records in a loop" => format!(
                "decision {name}: list of Pair = for each x in xs give {{p: (x.a + {}), q: (x.b or {})}}\n",
                n(self, random),
                self.truth(random, 0)
            ),
            "grid" => format!(
                "requirements g{name} for Level\n  | | low | mid | high |\n  | r1{name}: {} >= cell | 1 | 2 | preferred 3 |\n  | r2{name}: {} | - | mandatory | mandatory |\n  | r3{name}: any of |\n  | r3{name}.a: {} | - | mandatory | mandatory |\n  | r3{name}.b: {} | - | - | mandatory |\nwaiver w{name} when {}\n  waives r1{name}, r2{name} for mid, high\ndecision {name}: Level or none = highest Level meeting g{name}\n",
                n(self, random),
                t(self, random),
                t(self, random),
                t(self, random),
                t(self, random)
            ),
            _ => format!("decision {name}: bool = {}\n", t(self, random)),
        };
        self.text += &text;
        match form {
            "cases" | "exception" | "exactly one row" | "any row" | "first row" => {
                self.numbers.push(name)
            }
            "every row" | "list" | "loop" => self.lists.push(name),
            "record" | "records" => self.pairs.push(name),
            "records in a loop" => self.loops.push(name),
            "grid" => self.levels.push(name),
            _ => self.bools.push(name),
        }
    }
}
