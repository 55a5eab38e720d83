//! Random expressions of every form and type.

use super::kinds::Kind::{self, *};
use super::kinds::{NUMBERS, ORDERED, SIMPLE, fields, fixed, list, maybe};
use crate::run::Random;

/// Writes expressions.
pub struct Writer {
    pub random: Random,
    /// Names that may be used beside those of the head.
    pub known: Vec<(String, Kind)>,
    /// What a field may follow: nothing, inside `where`; a name, inside `for each`.
    items: Vec<(String, Kind)>,
    names: u32,
    /// Rules with parameters drawn so far; how many are written; how many are being drawn inside each other.
    pub rules: Vec<super::rules::Rule>,
    pub told: usize,
    pub inside_rules: u32,
    /// How many of the names are known everywhere.
    pub everywhere: usize,
}

/// What was known outside of a rule.
pub struct Scene {
    items: Vec<(String, Kind)>,
    known: Vec<(String, Kind)>,
}

impl Writer {
    pub fn new(random: Random) -> Writer {
        Writer {
            random,
            known: Vec::new(),
            items: Vec::new(),
            names: 0,
            rules: Vec::new(),
            told: 0,
            inside_rules: 0,
            everywhere: 0,
        }
    }

    /// The innermost item that can be read.
    pub fn item(&self) -> Option<(String, Kind)> {
        self.items.last().cloned()
    }

    /// A name for a parameter, not part of any other.
    pub fn parameter(&mut self) -> String {
        self.names += 1;
        format!("par{}_", self.names)
    }

    /// Goes to where only parameters are known beside what is known everywhere.
    pub fn enter_rule(&mut self, takes: &[(String, Kind)]) -> Scene {
        self.inside_rules += 1;
        let known = self.known.split_off(self.everywhere.min(self.known.len()));
        let items = std::mem::take(&mut self.items);
        for (name, kind) in takes {
            match kind {
                Deal | Visit => self.items.push((name.clone(), kind.clone())),
                _ => self
                    .known
                    .extend([0; 3].map(|_| (name.clone(), kind.clone()))),
            }
        }
        Scene { items, known }
    }

    pub fn leave_rule(&mut self, scene: Scene) {
        self.inside_rules -= 1;
        self.items = scene.items;
        self.known.truncate(self.everywhere);
        self.known.extend(scene.known);
    }

    /// Leaves out the item that only `.field` can read; gives it to be put back.
    pub fn without_fields(&mut self) -> Option<(String, Kind)> {
        self.items.pop_if(|(name, _)| name.is_empty())
    }

    pub fn with_fields(&mut self, item: Option<(String, Kind)>) {
        self.items.extend(item);
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.random.below(end)
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        self.random.pick(from).clone()
    }

    /// Something of a kind that needs no further expression.
    pub(super) fn leaf(&mut self, kind: &Kind) -> String {
        let same = self.known.iter().filter(|(_, known)| known == kind);
        let mut choices: Vec<String> = same.map(|(name, _)| name.clone()).collect();
        choices.extend(fixed(kind).iter().map(|one| (*one).to_owned()));
        if let Some((item, of)) = self.items.last() {
            if of == kind && !item.is_empty() {
                choices.push(item.clone());
            }
            // several times as likely: they are what makes a condition on items one
            for field in fields(of, kind).iter().flat_map(|field| [field; 4]) {
                choices.push(format!("{item}.{field}"));
            }
        }
        match kind {
            List(inner) if choices.is_empty() => format!("[{}]", self.leaf(inner)),
            _ if choices.is_empty() => "none".to_owned(),
            _ => self.pick(&choices),
        }
    }

    /// An expression where an item can be read.
    pub(super) fn inside(&mut self, item: &str, of: &Kind, kind: &Kind, depth: u32) -> String {
        self.items.push((item.to_owned(), of.clone()));
        let written = self.expr(kind, depth);
        self.items.pop();
        written
    }

    pub(super) fn fresh(&mut self) -> String {
        self.names += 1;
        format!("it{}", self.names)
    }

    pub fn expr(&mut self, kind: &Kind, depth: u32) -> String {
        if depth == 0 || self.below(6) == 0 {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        if self.below(16) == 0
            && let Some(asked) = self.asked(kind, depth)
        {
            return asked;
        }
        match self.below(12) {
            0 => {
                let (c, a, b) = (
                    self.expr(&Bool, depth),
                    self.expr(kind, depth),
                    self.expr(kind, depth),
                );
                format!("(if {c} then {a} else {b})")
            }
            1 if !matches!(kind, Maybe(_)) => {
                let (a, b) = (self.expr(&maybe(kind), depth), self.expr(kind, depth));
                format!("({a} or else {b})")
            }
            // A parameter is what it was on the day the rule is asked for.
            2 if self.inside_rules == 0 => {
                let (a, d) = (self.expr(kind, depth), self.expr(&Date, depth.min(1)));
                format!("(({a}) as of ({d}))")
            }
            3 if !matches!(kind, Deal | Visit) && self.below(2) == 0 => {
                let verb = self.pick(&["first", "last", "only", "item 2", "item i1", "item 1"]);
                let (of, other) = (self.expr(&list(kind), depth), self.expr(kind, depth));
                format!("(({verb} of {of}) or else {other})")
            }
            4 if !matches!(kind, Deal | Visit) && self.below(2) == 0 => {
                let (a, b) = (self.expr(kind, depth), self.leaf(&Bool));
                format!("(({{one: {a}, two: {b}}}).one)")
            }
            5 if SIMPLE.contains(kind) => self.tested(kind, depth),
            6 if SIMPLE.contains(kind) && self.below(3) == 0 => {
                let of = self.leaf(&maybe(kind));
                let needs = self.pick(&["b1", "i1", "deals", "e2"]);
                format!("({of} or else needs {needs})")
            }
            _ => self.of_kind(kind, depth),
        }
    }

    fn of_kind(&mut self, kind: &Kind, depth: u32) -> String {
        match kind {
            Bool => self.condition(depth),
            Int | Decimal | Percent | Money | Days | Months => self.number(kind, depth),
            Date => self.date(depth),
            Maybe(inner) => match self.below(6) {
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
                3 if **inner == Period => {
                    let (a, b) = (self.expr(&Period, depth), self.expr(&Period, depth));
                    format!("(overlap of ({a}, {b}))")
                }
                3 if **inner == Days => match self.below(2) {
                    0 => format!("(days of ({}))", self.expr(&Period, depth)),
                    _ => format!("(days of ({}))", self.expr(&list(&Period), depth)),
                },
                3 if **inner == Deal => {
                    let of = self.expr(&list(&Deal), depth);
                    let by = self.pick(&["mrr", "closed_on", "units"]);
                    format!(
                        "({} of ({of}) by .{by})",
                        self.pick(&["earliest", "latest"])
                    )
                }
                _ => self.leaf(kind),
            },
            List(inner) => self.items_of(inner, depth),
            Tier => {
                let (a, b) = (self.expr(&Tier, depth), self.expr(&Tier, depth));
                format!("({} of ({a}, {b}))", self.pick(&["smallest", "largest"]))
            }
            Period => {
                let (a, b) = (self.leaf(&Date), self.expr(&Days, depth.min(1)));
                match self.below(6) {
                    4 => {
                        let (p, q) = (self.leaf(kind), self.leaf(kind));
                        format!("((overlap of ({p}, {q})) or else {q})")
                    }
                    0 => format!("(period from ({a}) through ({a}) + ({b}))"),
                    1 => format!("(period from ({a}) before ({a}) + ({b}))"),
                    2 => format!("(period from ({a}))"),
                    3 => format!("(period through ({a}))"),
                    _ => self.leaf(kind),
                }
            }
            Text | Colour | Deal | Visit => self.leaf(kind),
        }
    }

    fn date(&mut self, depth: u32) -> String {
        match self.below(9) {
            7 => format!("(start of week of ({}))", self.expr(&Date, depth)),
            8 => {
                let (d, n) = (self.expr(&Date, depth), self.expr(&Months, depth));
                let sign = self.pick(&["+", "-"]);
                let end = self.pick(&["rolling over", "if that day exists"]);
                format!("({d} {sign} {n} {end})")
            }
            0 | 1 => {
                let length = self.pick(&[Days, Months]);
                let (d, n) = (self.expr(&Date, depth), self.expr(&length, depth));
                format!("({d} {} {n})", self.pick(&["+", "-"]))
            }
            2 => {
                let end = self.pick(&["start", "end"]);
                let unit = self.pick(&["month", "quarter", "year"]);
                format!("({end} of {unit} of ({}))", self.expr(&Date, depth))
            }
            3 => {
                let (a, b) = (self.expr(&Date, depth), self.expr(&Date, depth));
                format!("({} of ({a}, {b}))", self.pick(&["earlier", "later"]))
            }
            4 => {
                let (d, other) = (self.expr(&Date, depth), self.leaf(&Date));
                let of = self.pick(&["q2", "q3", "q4"]);
                format!("((next {of} on or after ({d})) or else {other})")
            }
            5 => {
                let (d, other) = (self.expr(&Date, depth), self.leaf(&Date));
                let of = self.pick(&["q1", "q2", "q3", "q4"]);
                format!("((previous {of} before ({d})) or else {other})")
            }
            _ => format!("(next q1 on or after ({}))", self.expr(&Date, depth)),
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
        match self.below(4) {
            0 => format!("(if {of} is none then {other} else {body})"),
            1 => format!("(if ({of} is not none and {free}) then {body} else {other})"),
            2 => format!("(if ({of} is none or {free}) then {other} else {body})"),
            _ => format!("(if {of} is not none then {body} else {other})"),
        }
    }

    fn condition(&mut self, depth: u32) -> String {
        match self.below(20) {
            19 => {
                let (d, other) = (self.expr(&Date, depth), self.expr(&Date, depth));
                match self.below(3) {
                    0 => format!("(weekday of ({d}) is weekday of ({other}))"),
                    1 => format!("(weekday of ({d}) is one of saturday, sunday)"),
                    _ => format!("(weekday of ({d}) is not monday)"),
                }
            }
            0 | 1 => {
                let (a, b) = (self.expr(&Bool, depth), self.expr(&Bool, depth));
                format!("({a} {} {b})", self.pick(&["and", "or"]))
            }
            2 => format!("(not ({}))", self.expr(&Bool, depth)),
            3..=5 => {
                let kind = self.pick(&ORDERED);
                let (a, b) = (self.expr(&kind, depth), self.expr(&kind, depth));
                format!(
                    "({a} {} {b})",
                    self.pick(&["<", "<=", ">", ">=", "=", "!="])
                )
            }
            6 => {
                let mut kind = self.pick(&SIMPLE);
                for wrap in [maybe, list] {
                    if self.below(3) == 0 {
                        kind = wrap(&kind);
                    }
                }
                let (a, b) = (self.expr(&kind, depth), self.expr(&kind, depth));
                format!("({a} {} {b})", self.pick(&["is", "is not"]))
            }
            7 => {
                let kind = maybe(&self.pick(&SIMPLE));
                let a = self.expr(&kind, depth);
                format!("({a} {})", self.pick(&["is none", "is not none"]))
            }
            8 | 9 => self.quantified(depth),
            10 => {
                let kind = self.pick(&SIMPLE);
                let (a, of) = (self.expr(&kind, depth), self.expr(&list(&kind), depth));
                format!("({a} {} {of})", self.pick(&["in", "not in"]))
            }
            11 => {
                let kind = self.pick(&[Text, Colour, Tier, Int]);
                let [a, b] = [0; 2].map(|_| self.expr(&list(&kind), depth));
                format!("({a} {} {b})", self.pick(&["in", "not in"]))
            }
            12 | 13 => {
                let tests = [0; 3].map(|_| self.expr(&Bool, depth)).join(", ");
                // of decisions too, which may not apply or be an error
                let word = |name: &str| !name.contains(|c: char| !c.is_alphanumeric());
                let known = self.known.iter();
                let known = known.filter(|(name, kind)| *kind == Int && word(name));
                let mut counts: Vec<String> = known.map(|(name, _)| name.clone()).collect();
                counts.extend(["i1".to_owned(), "1".to_owned()]);
                let at_least = format!("at least {} of", self.pick(&counts));
                let kinds = ["any of", "all of", "none of", "at least 2 of", &at_least];
                format!("({} ({tests}))", self.pick(&kinds))
            }
            14 => {
                let (a, d) = (self.expr(&Date, depth), self.expr(&Date, depth));
                let length = self.pick(&[Days, Months]);
                let length = self.expr(&length, depth.min(1));
                let window = self.pick(&["before", "up to", "from", "after"]);
                match self.below(3) {
                    0 => format!(
                        "({a} within {} whole months before ({d}))",
                        self.pick(&["2", "o1"])
                    ),
                    _ => format!("({a} within ({length}) {window} ({d}))"),
                }
            }
            15 if self.inside_rules == 0 => {
                let (test, from) = (self.expr(&Bool, depth), self.leaf(&Date));
                format!(
                    "(ever ({test}) within {} days from ({from}))",
                    self.pick(&["0", "3", "20"])
                )
            }
            16 => {
                let of = self.pick(&["q1", "q2", "q3", "q4"]);
                format!("(({}) in {of})", self.expr(&Date, depth))
            }
            17 => {
                let (a, b) = (self.expr(&Period, depth), self.expr(&Period, depth));
                match self.below(2) {
                    0 => format!("({a} overlaps {b})"),
                    _ => format!("(({}) in ({b}))", self.expr(&Date, depth)),
                }
            }
            _ => {
                let kind = self.pick(&[Text, Colour, Tier, Int]);
                let [a, b, c] = [0; 3].map(|_| self.expr(&kind, depth));
                format!("({a} is one of {b}, {c})")
            }
        }
    }

    fn quantified(&mut self, depth: u32) -> String {
        let item = self.pick(&[Deal, Deal, Visit]);
        let of = self.expr(&list(&item), depth);
        let mut kinds = vec!["any", "all", "no"];
        // before a bracket it would count conditions
        if !of.starts_with('(') {
            kinds.push("at least 2 of");
        }
        let all = self.pick(&kinds);
        if self.below(2) == 0 {
            let name = self.fresh();
            let test = self.inside(&name, &item, &Bool, depth);
            let recorded = match (item, self.below(4)) {
                (Deal, 0) => format!("({name}.fit recorded and {name}.fit is yes)"),
                (Deal, 1) => format!("{name}.fit not recorded"),
                _ => test,
            };
            return format!("({all} {name} in {of} where ({recorded}))");
        }
        let test = self.inside("", &item, &Bool, depth);
        format!("({all} {of} where ({test}))")
    }

    fn number(&mut self, kind: &Kind, depth: u32) -> String {
        match self.below(13) {
            11 => self.of_numbers(kind, depth),
            10 if *kind == Int => self.of_dates(depth),
            10 if matches!(kind, Days | Months) => {
                let count = self.expr(&Int, depth);
                let units = match kind {
                    Days => ["days", "weeks"],
                    _ => ["months", "years"],
                };
                format!("(({count}) {})", self.pick(&units))
            }
            0 | 1 => {
                let (a, b) = (self.expr(kind, depth), self.expr(kind, depth));
                format!("({a} {} {b})", self.pick(&["+", "-"]))
            }
            2 | 3 => {
                let by = self.pick(&NUMBERS);
                let (a, b) = (self.expr(kind, depth), self.expr(&by, depth));
                format!("({a} {} {b})", self.pick(&["*", "/"]))
            }
            4 => format!("(-({}))", self.expr(kind, depth)),
            5 => format!("(sum of {})", self.expr(&list(kind), depth)),
            6 => {
                let (a, b) = (self.expr(kind, depth), self.expr(kind, depth));
                format!("({} of ({a}, {b}))", self.pick(&["smallest", "largest"]))
            }
            7 => {
                let a = self.expr(kind, depth);
                let how = self.pick(&[
                    "half up to 2 places",
                    "half even to 0 places",
                    "down to nearest 3",
                    "up to 1 places",
                    "half up to 0 places",
                ]);
                format!("(({a}) rounded {how})")
            }
            8 if matches!(kind, Days | Months) => {
                let (a, b) = (self.expr(&Date, depth), self.expr(&Date, depth));
                format!("({} from ({a}) to ({b}))", kind.written())
            }
            _ => {
                let inner = self.pick(&[Deal, Deal, Visit, Colour, Money, Bool, Int]);
                format!("(count of {})", self.expr(&list(&inner), depth))
            }
        }
    }

    fn items_of(&mut self, inner: &Kind, depth: u32) -> String {
        let record = matches!(inner, Deal | Visit);
        if self.below(4) == 0 {
            return self.of_places(inner, depth);
        }
        match self.below(11) {
            0 | 1 if !record => {
                let item = self.pick(&[Deal, Deal, Visit]);
                let of = self.expr(&list(&item), depth);
                let name = self.fresh();
                let each = self.inside(&name, &item, inner, depth);
                let only = self.inside(&name, &item, &Bool, depth);
                match self.below(3) {
                    0 => format!("(for each {name} in {of} where ({only}) give {each})"),
                    1 => {
                        format!("((for each {name} in {of} give {{one: {each}, two: {only}}}).one)")
                    }
                    _ => format!("(for each {name} in {of} give {each})"),
                }
            }
            9..=10 if !record => self.loop_with_names(inner, depth),
            2 => {
                let (a, b) = (
                    self.expr(&list(inner), depth),
                    self.expr(&list(inner), depth),
                );
                format!("({a} followed by ({b}))")
            }
            3 => format!("(distinct {})", self.expr(&list(inner), depth)),
            4 if !record => {
                let (a, b, test) = (
                    self.expr(inner, depth),
                    self.expr(inner, depth),
                    self.expr(&Bool, depth),
                );
                format!("[{a}, {b} when {test}]")
            }
            5 if *inner == Deal => {
                let field = self.pick(&["mrr", "closed_on", "customer", "units"]);
                let way = self.pick(&["", " descending"]);
                format!(
                    "({} sorted by .{field}{way})",
                    self.expr(&list(&Deal), depth)
                )
            }
            6 if !record => {
                let of = self.expr(&list(&Deal), depth);
                let key = self.pick(&["customer", "credited", "units", "colour", "mrr"]);
                let name = self.fresh();
                let known = self.known.len();
                self.known.push((format!("{name}.items"), list(&Deal)));
                let each = self.expr(inner, depth);
                self.known.truncate(known);
                format!("(for each {name} in {of} grouped by .{key} give {each})")
            }
            7 if *inner == Money => {
                format!("({}.mrr)", self.expr(&list(&Deal), depth))
            }
            _ if record => {
                let of = self.expr(&list(inner), depth);
                let test = self.inside("", inner, &Bool, depth);
                format!("({of} where ({test}))")
            }
            8 => format!("(flatten {})", self.expr(&list(&list(inner)), depth)),
            _ => self.leaf(&list(inner)),
        }
    }
}
