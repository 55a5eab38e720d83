//! Declarations that are well typed by the way they are written.

use super::*;

pub(super) struct Writer {
    pub(super) rng: TestRng,
    /// Decisions written so far.
    known: Vec<(String, Kind)>,
    /// What a field may follow: nothing, inside `where`; a name, inside `for each`.
    items: Vec<String>,
    names: u32,
}

impl Writer {
    pub(super) fn new(rng: TestRng) -> Writer {
        Writer {
            rng,
            known: Vec::new(),
            items: Vec::new(),
            names: 0,
        }
    }

    fn below(&mut self, sides: u32) -> u32 {
        self.rng.next_u32() % sides
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize].clone()
    }

    /// Something of a kind that needs no further expression.
    fn leaf(&mut self, kind: &Kind) -> String {
        let mut choices: Vec<String> = self
            .known
            .iter()
            .filter(|(_, known)| known == kind)
            .map(|(name, _)| name.clone())
            .collect();
        let fixed: &[&str] = match kind {
            Bool => &[
                "b1",
                "yes",
                "no",
                "(j1 recorded)",
                "(e1 is none)",
                "(as_of in q1)",
            ],
            Int => &["i1", "0", "1", "3", "1_000", "(count of deals)"],
            Decimal => &["x1", "0.5", "2.0"],
            Percent => &["p1", "25%", "0%"],
            Money => &["m1", "v1", "$10", "$0", "$1.5K", "(sum of deals.mrr)"],
            Date => &["t1", "as_of", "2027-01-31", "(next q1 on or after as_of)"],
            Days => &["n1", "14 days", "2 weeks"],
            Months => &["o1", "1 month", "2 years"],
            Text => &["s1", "\"a\"", "\"\""],
            Colour => &["c1", "Colour.red", "blue"],
            Tier => &["r1", "Tier.low", "Tier.high", "middle", "j2"],
            Deal => &[],
            Maybe(inner) => match **inner {
                Bool => &["b2"],
                Int => &["i2"],
                Decimal => &["x2"],
                Percent => &["p2", "(average of deals.rate)"],
                Money => &["m2", "(largest of deals.mrr)", "(average of amounts)"],
                Date => &[
                    "t2",
                    "e1",
                    "(next q2 on or after as_of)",
                    "(previous q1 before t1)",
                ],
                Text => &["s2"],
                Colour => &["c2"],
                Tier => &["r2"],
                Deal => &["(first of deals)", "(latest of deals by .closed_on)"],
                _ => &["none"],
            },
            List(inner) => match **inner {
                Deal => &["deals", "(deals where .credited)", "(deals sorted by .mrr)"],
                Money => &["amounts", "deals.mrr"],
                Colour => &["colours", "[Colour.red, blue]"],
                Text => &["deals.customer", "(distinct deals.customer)"],
                Bool => &["deals.credited"],
                Int => &["deals.units", "[1, 2]"],
                Date => &["deals.closed_on"],
                _ => &[],
            },
        };
        choices.extend(fixed.iter().map(|one| (*one).to_owned()));
        if let Some(item) = self.items.last() {
            let fields: &[&str] = match kind {
                Text => &["customer"],
                Money => &["mrr"],
                Bool => &["credited"],
                Date => &["closed_on"],
                Int => &["units"],
                Maybe(inner) => match **inner {
                    Percent => &["rate"],
                    Colour => &["colour"],
                    Date => &["left_on"],
                    _ => &[],
                },
                _ => &[],
            };
            // twice as likely: they are what makes a condition on items one
            for field in fields.iter().chain(fields) {
                choices.push(format!("{item}.{field}"));
            }
        }
        match kind {
            List(inner) if choices.is_empty() => format!("[{}]", self.leaf(inner)),
            _ if choices.is_empty() => "none".to_owned(),
            _ => self.pick(&choices),
        }
    }

    /// An expression where fields of an item can be read.
    fn inside(&mut self, item: &str, kind: &Kind, depth: u32) -> String {
        self.items.push(item.to_owned());
        let written = self.expr(kind, depth);
        self.items.pop();
        written
    }

    fn expr(&mut self, kind: &Kind, depth: u32) -> String {
        // Now and then something of another kind: what is accepted all the same must work.
        let kind = &match self.below(100) {
            0 => self.pick(&SIMPLE),
            1 => maybe(kind),
            _ => kind.clone(),
        };
        if depth == 0 || self.below(6) == 0 {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        match self.below(8) {
            5 if SIMPLE.contains(kind) => return self.tested(kind, depth),
            0 => {
                let (c, a, b) = (
                    self.expr(&Bool, depth),
                    self.expr(kind, depth),
                    self.expr(kind, depth),
                );
                return format!("(if {c} then {a} else {b})");
            }
            1 if !matches!(kind, Maybe(_)) => {
                let (a, b) = (self.expr(&maybe(kind), depth), self.expr(kind, depth));
                return format!("({a} or else {b})");
            }
            2 => {
                let (a, d) = (self.expr(kind, depth), self.expr(&Date, depth.min(1)));
                return format!("(({a}) as of ({d}))");
            }
            3 if *kind != Deal && self.below(2) == 0 => {
                let (verb, of) = (
                    self.pick(&["first", "last", "only"]),
                    self.expr(&list(kind), depth),
                );
                let other = self.expr(kind, depth);
                return format!("(({verb} of {of}) or else {other})");
            }
            _ => {}
        }
        match kind {
            Bool => self.condition(depth),
            Int | Decimal | Percent | Money | Days | Months => self.number(kind, depth),
            Date => match self.below(5) {
                0 => {
                    let (d, n) = (self.expr(&Date, depth), self.expr(&Days, depth));
                    format!("({d} {} {n})", self.pick(&["+", "-"]))
                }
                1 => {
                    let (d, n) = (self.expr(&Date, depth), self.expr(&Months, depth));
                    format!("({d} {} {n})", self.pick(&["+", "-"]))
                }
                2 => {
                    let which = self.pick(&["start of month", "end of quarter", "end of year"]);
                    format!("({which} of ({}))", self.expr(&Date, depth))
                }
                3 => {
                    let (a, b) = (self.expr(&Date, depth), self.expr(&Date, depth));
                    format!("({} of ({a}, {b}))", self.pick(&["earlier", "later"]))
                }
                _ => format!("(next q1 on or after ({}))", self.expr(&Date, depth)),
            },
            Maybe(inner) => match self.below(4) {
                0 => {
                    let verb =
                        self.pick(&["smallest", "largest", "average", "first", "last", "only"]);
                    format!("({verb} of {})", self.expr(&list(inner), depth))
                }
                1 => self.expr(inner, depth),
                2 => {
                    let (c, a) = (self.expr(&Bool, depth), self.expr(inner, depth));
                    format!("(if {c} then {a} else none)")
                }
                _ => self.leaf(kind),
            },
            List(inner) => self.items_of(inner, depth),
            Tier => {
                let (a, b) = (self.expr(&Tier, depth), self.expr(&Tier, depth));
                format!("({} of ({a}, {b}))", self.pick(&["smallest", "largest"]))
            }
            Text | Colour | Deal => self.leaf(kind),
        }
    }

    /// Something that may be none, tested first, and then used as if it never were.
    fn tested(&mut self, kind: &Kind, depth: u32) -> String {
        let of = self.leaf(&maybe(kind));
        let known = self.known.len();
        for _ in 0..3 {
            self.known.push((of.clone(), kind.clone()));
        }
        let body = self.expr(kind, depth);
        let test = self.expr(&Bool, depth);
        self.known.truncate(known);
        let (other, free) = (self.expr(kind, depth), self.expr(&Bool, depth));
        if *kind == Bool {
            return match self.below(4) {
                0 => format!("({of} is not none and {test})"),
                1 => format!("({of} is none or {test})"),
                2 => format!("(all of ({free}, {of} is not none, {test}))"),
                _ => format!("(any of ({free}, {of} is none, {test}))"),
            };
        }
        match self.below(5) {
            0 => format!("(if {of} is none then {other} else {body})"),
            1 => format!("(if ({of} is not none and {free}) then {body} else {other})"),
            2 => format!("(if ({of} is none or {free}) then {other} else {body})"),
            3 => format!("(if not ({of} is none) then {body} else {other})"),
            _ => format!("(if {of} is not none then {body} else {other})"),
        }
    }

    fn condition(&mut self, depth: u32) -> String {
        match self.below(14) {
            0 | 1 => {
                let (a, b) = (self.expr(&Bool, depth), self.expr(&Bool, depth));
                format!("({a} {} {b})", self.pick(&["and", "or"]))
            }
            2 => format!("(not ({}))", self.expr(&Bool, depth)),
            3 | 4 => {
                let kind = self.pick(&ORDERED);
                let (a, b) = (self.expr(&kind, depth), self.expr(&kind, depth));
                format!(
                    "({a} {} {b})",
                    self.pick(&["<", "<=", ">", ">=", "=", "!="])
                )
            }
            5 => {
                let mut kind = self.pick(&SIMPLE);
                for wrap in [maybe, list] {
                    if self.below(3) == 0 {
                        kind = wrap(&kind);
                    }
                }
                let (a, b) = (self.expr(&kind, depth), self.expr(&kind, depth));
                format!("({a} {} {b})", self.pick(&["is", "is not"]))
            }
            6 => {
                let kind = maybe(&self.pick(&SIMPLE));
                let a = self.expr(&kind, depth);
                format!("({a} {})", self.pick(&["is none", "is not none"]))
            }
            7 => {
                let of = self.expr(&list(&Deal), depth);
                let test = self.inside("", &Bool, depth);
                let mut kinds = vec!["any", "all", "no"];
                // before a bracket it would count conditions
                if !of.starts_with('(') {
                    kinds.push("at least 2 of");
                }
                let all = self.pick(&kinds);
                format!("({all} {of} where ({test}))")
            }
            8 => {
                let kind = self.pick(&SIMPLE);
                let (a, of) = (self.expr(&kind, depth), self.expr(&list(&kind), depth));
                format!("({a} {} {of})", self.pick(&["in", "not in"]))
            }
            9 => {
                let tests = [0; 3].map(|_| self.expr(&Bool, depth)).join(", ");
                let at_least = format!("at least {} of", self.pick(&["i1", "1"]));
                let kind = self.pick(&["any of", "all of", "none of", "at least 2 of", &at_least]);
                format!("({kind} ({tests}))")
            }
            10 => {
                let (a, d) = (self.expr(&Date, depth), self.expr(&Date, depth));
                let length = self.pick(&[Days, Months]);
                let length = self.expr(&length, depth.min(1));
                let window = self.pick(&["before", "up to", "from", "after"]);
                format!("({a} within ({length}) {window} ({d}))")
            }
            11 => {
                let (test, from) = (self.expr(&Bool, depth), self.leaf(&Date));
                format!("(ever ({test}) within 20 days from ({from}))")
            }
            12 => format!("(({}) in q1)", self.expr(&Date, depth)),
            _ => {
                let kind = self.pick(&[Text, Colour, Tier, Int]);
                let [a, b, c] = [0; 3].map(|_| self.expr(&kind, depth));
                format!("({a} is one of {b}, {c})")
            }
        }
    }

    fn number(&mut self, kind: &Kind, depth: u32) -> String {
        match self.below(9) {
            0 | 1 => {
                let (a, b) = (self.expr(kind, depth), self.expr(kind, depth));
                format!("({a} {} {b})", self.pick(&["+", "-"]))
            }
            2 => {
                let by = self.pick(&NUMBERS);
                let (a, b) = (self.expr(kind, depth), self.expr(&by, depth));
                format!("({a} {} {b})", self.pick(&["*", "/"]))
            }
            3 => format!("(-({}))", self.expr(kind, depth)),
            4 => format!("(sum of {})", self.expr(&list(kind), depth)),
            5 => {
                let (a, b) = (self.expr(kind, depth), self.expr(kind, depth));
                format!("({} of ({a}, {b}))", self.pick(&["smallest", "largest"]))
            }
            6 => {
                let a = self.expr(kind, depth);
                let how = self.pick(&[
                    "half up to 2 places",
                    "half even to 0 places",
                    "down to nearest 3",
                ]);
                format!("(({a}) rounded {how})")
            }
            7 if matches!(kind, Days | Months) => {
                let (a, b) = (self.expr(&Date, depth), self.expr(&Date, depth));
                format!("({} from ({a}) to ({b}))", kind.written())
            }
            _ => {
                let inner = self.pick(&SIMPLE);
                format!("(count of {})", self.expr(&list(&inner), depth))
            }
        }
    }

    fn items_of(&mut self, inner: &Kind, depth: u32) -> String {
        match self.below(6) {
            0 => {
                let of = self.expr(&list(&Deal), depth);
                self.names += 1;
                let name = format!("it{}", self.names);
                let each = self.inside(&name, inner, depth);
                format!("(for each {name} in {of} give {each})")
            }
            1 => {
                let (a, b) = (
                    self.expr(&list(inner), depth),
                    self.expr(&list(inner), depth),
                );
                format!("({a} followed by ({b}))")
            }
            2 => format!("(distinct {})", self.expr(&list(inner), depth)),
            3 => {
                let (a, b) = (self.expr(inner, depth), self.expr(inner, depth));
                let test = self.expr(&Bool, depth);
                format!("[{a}, {b} when {test}]")
            }
            4 if *inner == Deal => {
                let field = self.pick(&["mrr", "closed_on", "customer", "rate", "colour", "units"]);
                let of = self.expr(&list(&Deal), depth);
                format!("({of} sorted by .{field})")
            }
            _ if *inner == Deal => {
                let of = self.expr(&list(&Deal), depth);
                let test = self.inside("", &Bool, depth);
                format!("({of} where ({test}))")
            }
            4 => format!("(flatten {})", self.expr(&list(&list(inner)), depth)),
            _ => self.leaf(&list(inner)),
        }
    }

    /// One decision: an expression, or cases.
    pub(super) fn decision(&mut self, at: usize) -> String {
        let name = format!("d{at}");
        let mut kind = self.pick(&SIMPLE);
        match self.below(6) {
            0 => kind = maybe(&kind),
            1 => kind = list(&kind),
            2 => kind = list(&Deal),
            _ => {}
        }
        let depth = 1 + self.below(4);
        let text = match self.below(3) {
            0 => {
                let mut text = format!("decision {name}: {}\n", kind.written());
                if self.below(3) == 0 {
                    let test = self.expr(&Bool, depth);
                    text.push_str(&format!("  applies when {test} because \"so\"\n"));
                }
                for dates in ["", " from 2027-01-01"] {
                    let (value, test) = (self.expr(&kind, depth), self.expr(&Bool, depth));
                    text.push_str(&format!("  {value} when {test}{dates}\n"));
                }
                text + &format!("  {} otherwise\n", self.expr(&kind, depth))
            }
            1 => format!(
                "decision {name}: {} = {}\n",
                kind.written(),
                self.expr(&kind, depth)
            ),
            _ => format!("decision {name} = {}\n", self.expr(&kind, depth)),
        };
        self.known.push((name, kind));
        text
    }

    /// A grid of random conditions and the tier it gives.
    pub(super) fn grid(&mut self) -> String {
        let kind = self.pick(&NUMBERS[..4]);
        let (test, amount) = (self.expr(&Bool, 2), self.expr(&kind, 2));
        let cells = [0; 2].map(|_| self.leaf(&kind)).join(" | ");
        format!(
            "requirements grid for Tier\n  | | low | middle | high |\n  | a: {test} | preferred | mandatory | - |\n  \
             | b: {amount} >= cell | - | {cells} |\ndecision highest_tier = highest Tier meeting grid\n"
        )
    }
}
