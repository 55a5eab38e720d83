//! Random decisions: expressions, cases, tables, values and exceptions to them.

use super::kinds::Kind::{self, *};
use super::kinds::{SIMPLE, list, maybe};
use super::write::Writer;

const FROM: [&str; 5] = [
    "",
    "",
    " from 2027-01-01",
    " through 2026-12-31",
    " from 2026-06-01 before 2027-01-10",
];

impl Writer {
    fn pick_kind(&mut self) -> Kind {
        let kind = self.random.pick(&SIMPLE).clone();
        match self.random.below(7) {
            0 => maybe(&kind),
            1 => list(&kind),
            2 => self
                .random
                .pick(&[
                    list(&Deal),
                    maybe(&Deal),
                    Period,
                    maybe(&Period),
                    list(&Period),
                ])
                .clone(),
            _ => kind,
        }
    }

    /// The next declaration, with the rules that it asks for.
    pub fn next(&mut self, at: usize) -> String {
        let drawn = self.declaration(at);
        self.written(&drawn)
    }

    /// The next declaration with the rules that it asks for, and with what they say in their place.
    pub fn twins(&mut self, at: usize) -> [String; 2] {
        let first = self.rules.len();
        let drawn = self.declaration(at);
        let named = self.written(&drawn);
        [named, self.written_out(first, &drawn)]
    }

    /// A declaration of `dN`, with what belongs to it.
    fn declaration(&mut self, at: usize) -> String {
        self.everywhere = self.known.len();
        let name = format!("d{at}");
        if self.random.chance(15) {
            return self.owed(&name);
        }
        let kind = self.pick_kind();
        let mut text = match self.random.below(12) {
            0..6 => format!(
                "decision {name}: {} = {}\n",
                kind.written(),
                self.expr(&kind, 3)
            ),
            6 | 7 => self.cases(&name, &kind),
            8 => self.table(&name),
            9 => {
                let entries: Vec<String> = (0..3)
                    .map(|at| {
                        let kind = self.pick_kind();
                        format!("f{at}: {}", self.expr(&kind, 2))
                    })
                    .collect();
                return format!("decision {name} = {{{}}}\n", entries.join(", "));
            }
            10 => {
                let (of, only) = (self.expr(&list(&Deal), 1), self.expr(&Bool, 1));
                return format!(
                    "decision {name} = for each one in {of} give {{a: one.rate, b: {only}, c: {}}}\n",
                    self.expr(&kind, 2)
                );
            }
            _ => format!(
                "decision {name}: {}\n  {} otherwise\n",
                kind.written(),
                self.expr(&kind, 3)
            ),
        };
        if text.starts_with("table") {
            return text;
        }
        if self.random.chance(25) {
            let (when, other) = (self.expr(&Bool, 2), self.expr(&kind, 2));
            let dates = self.random.pick(&FROM);
            text += &format!("exception x{at} to {name}{dates} when {when}\n  use {other}\n");
            if self.random.chance(40) {
                let (when, third) = (self.expr(&Bool, 1), self.expr(&kind, 1));
                text += &format!("exception y{at} to {name} when {when}\n  use {third}\n");
                text += &format!("x{at} prevails over y{at} because \"so\"\n");
            }
        }
        if SIMPLE.contains(&kind) {
            self.known.push((name, kind));
        }
        text
    }

    /// What somebody must do: obligations, a duty, an order.
    fn owed(&mut self, name: &str) -> String {
        let not = *self.random.pick(&["", " not"]);
        match self.random.below(3) {
            0 => {
                let of = self.expr(&list(&Deal), 1);
                let [a, b, c, d] = [0; 4].map(|_| self.expr(&Bool, 1));
                let each = self.expr(&maybe(&Text), 0);
                let only = *self.random.pick(&["", " where one.credited"]);
                format!(
                    "obligations o{name}: Finding by us\n  must{not} first_kept {a}\n  may second_kept {b}\n  should third_kept {b} when {c}\n  for each one in {of}{only} give of: {each}\n    should{not} each_kept one.mrr > $5 or {d} when one.units > 1\ndecision {name} = o{name}\n"
                )
            }
            1 => {
                let on = self.expr(&maybe(&Date), 1);
                let done = self.expr(&maybe(&Date), 1);
                let when = match self.random.chance(50) {
                    true => format!(" when {}", self.expr(&Bool, 1)),
                    false => String::new(),
                };
                let due = *self
                    .random
                    .pick(&["14 days", "n1", "o1", "t1", "e2", "2 months"]);
                format!(
                    "duty y{name} of us to partner by email\n  on {on}{when}\n  due {due}\n  done {done}\ndecision {name} = y{name}\n"
                )
            }
            _ => {
                let when = self.expr(&Bool, 1);
                let (a, b) = *self
                    .random
                    .pick(&[("red", "green, blue"), ("blue", "green")]);
                format!(
                    "order r{name} for plan\n  {a} before {b} when {when}\n  green before blue\ndecision {name}: bool = r{name}\ndecision v{name} = r{name}.valid_order\n"
                )
            }
        }
    }

    fn cases(&mut self, name: &str, kind: &Kind) -> String {
        let mut text = format!("decision {name}: {}\n", kind.written());
        if self.random.chance(25) {
            text += &format!(
                "  applies when {} because \"only then\"\n",
                self.expr(&Bool, 2)
            );
        }
        if self.random.chance(15) {
            text += &format!("  note \"Look here\" when {}\n", self.expr(&Bool, 1));
        }
        for _ in 0..=self.random.below(3) {
            let (value, when) = (self.expr(kind, 2), self.expr(&Bool, 2));
            let dates = *self.random.pick(&FROM);
            text += &match self.random.below(8) {
                0 => format!("  not applicable because \"not here\" when {when}{dates}\n"),
                1 => {
                    let inner = self.expr(&Bool, 1);
                    let last = self.expr(kind, 1);
                    format!(
                        "  when {when} {{\n    {value} when {inner}\n    {last} otherwise\n  }}\n"
                    )
                }
                2 => format!("  {value} when {when} under rd that\n"),
                _ => format!("  {value} when {when}{dates}\n"),
            };
        }
        text + &format!("  {} otherwise\n", self.expr(kind, 2))
    }

    fn table(&mut self, name: &str) -> String {
        let kind = self
            .random
            .pick(&[Int, Money, Percent, Colour, Text, Date])
            .clone();
        let mut value = || self.expr(&kind, 1);
        let values = [value(), value(), value(), value()];
        let (number, truth) = (self.expr(&Int, 2), self.expr(&Bool, 2));
        let written = kind.written();
        let [a, b, c, d] = values;
        let table = match self.random.below(5) {
            0 => format!(
                "table t{name} every row\n  | {number} | {truth} | -> one: {written} | -> two: int |\n  | <= 2 | yes | {a} | 1 |\n  | 1..3 | any | {b} | 2 |\n  | > 1 and < 9 | no | {c} | 3 | from 2027-01-01\n  | 7 | any | - | 4 |\n"
            ),
            1 => format!(
                "table t{name} any row\n  | {number} | {truth} | -> one: {written} |\n  | <= 2 | yes | {a} |\n  | <= 2 | any | {a} |\n  | 3..4 | any | {b} |\n  | > 4 | any | not applicable because \"not above four\" |\n"
            ),
            2 => format!(
                "table t{name} for r1 gives one: {written}, exactly one row\n  | {truth} | low | middle | high |\n  | yes | {a} | {b} | {c} |\n  | no | {b} | {a} | {d} |\n"
            ),
            3 => format!(
                "table t{name} marginal\n  | m1 | -> rate: percent |\n  | $0..$10 | 5% |\n  | $10..$1_000 | 7.5% |\n  | > $1_000 | 10% |\n"
            ),
            _ => format!(
                "table t{name}\n  | {number} | {truth} | -> one: {written} | -> two: bool |\n  | <= 0 | any | {a} | yes |\n  | 1..4 | yes | {b} | no |\n  | 1..4 | no | {c} | {truth} |\n  | 5 | any | not applicable because \"not for five\" | not applicable because \"not for five\" |\n  | otherwise | any | {d} | yes |\n"
            ),
        };
        format!("{table}decision {name} = t{name}\n")
    }
}
