//! Random expressions of the smaller forms: of dates, numbers, places, loops with names.

use super::kinds::Kind::{self, *};
use super::kinds::{ORDERED, SIMPLE, list, maybe};
use super::write::Writer;

impl Writer {
    /// Remainders, powers and shares.
    pub(super) fn of_numbers(&mut self, kind: &Kind, depth: u32) -> String {
        if self.below(3) == 0 {
            let (a, b) = (self.expr(kind, depth), self.expr(kind, depth));
            return format!("(({a}) mod ({b}))");
        }
        match kind {
            Int | Decimal => {
                let base = self.pick(&[kind.clone(), kind.clone(), Percent]);
                let base = if *kind == Int { Int } else { base };
                let (a, n) = (self.expr(&base, depth), self.leaf(&Int));
                let n = self.pick(&[n, "2".to_owned(), "40".to_owned()]);
                match (kind, self.below(2)) {
                    (Decimal, 0) => format!("(({a}) ^ ({n}) rounded half even to 3 places)"),
                    _ => format!("(({a}) ^ ({n}))"),
                }
            }
            Percent if self.below(2) == 0 => {
                let number = self.pick(&[Int, Decimal]);
                format!("(({}) as percent)", self.expr(&number, depth))
            }
            _ => format!(
                "({} of ({}))",
                self.pick(&["50%", "7.5%"]),
                self.expr(kind, depth)
            ),
        }
    }

    /// A number that dates give.
    pub(super) fn of_dates(&mut self, depth: u32) -> String {
        let a = self.expr(&Date, depth);
        if self.below(3) == 0 {
            let (b, unit) = (self.expr(&Date, depth), self.pick(&["months", "years"]));
            return format!("(full {unit} from ({a}) to ({b}))");
        }
        let part = self.pick(&["week", "year", "month", "day"]);
        format!("({part} of ({a}))")
    }

    /// A list by the places of its items, of plain values, or made from its ends.
    pub(super) fn of_places(&mut self, inner: &Kind, depth: u32) -> String {
        let n = self.pick(&["1", "2", "i1", "(i1 - 1)", "d1", "(count of deals)"]);
        match self.below(9) {
            0 if *inner == Int => {
                let (a, b) = (self.leaf(&Int), self.leaf(&Int));
                format!("(numbers from {a} through ({b}))")
            }
            0 if *inner == Date => {
                let unit = self.pick(&["days", "months"]);
                format!("({unit} in ({}))", self.expr(&Period, depth.min(1)))
            }
            1 if ORDERED.contains(inner) => {
                let way = self.pick(&["", " descending"]);
                format!("(({}) sorted{way})", self.expr(&list(inner), depth))
            }
            2 if SIMPLE.contains(inner) => {
                let of = self.expr(&list(inner), depth);
                let test = self.inside_plain(inner, depth);
                format!("(({of}) where ({test}))")
            }
            3 if SIMPLE.contains(inner) => {
                let (a, b) = (self.leaf(&maybe(inner)), self.expr(inner, depth));
                let other = self.leaf(&maybe(inner));
                match self.below(3) {
                    0 => format!("([{a}, {b}, {other}] without none)"),
                    1 => format!("([{b}, {a}, {other}] where it is not none)"),
                    _ => {
                        format!("(for each nn in [{a}, {other}, {b}] where nn is not none give nn)")
                    }
                }
            }
            4 | 5 => {
                let end = self.pick(&["first", "last"]);
                format!("({end} {n} of ({}))", self.expr(&list(inner), depth))
            }
            _ => {
                let end = self.pick(&["first", "last"]);
                format!(
                    "(({}) without the {end} {n})",
                    self.expr(&list(inner), depth)
                )
            }
        }
    }

    /// A loop with places and names for what is made of its items.
    pub(super) fn loop_with_names(&mut self, inner: &Kind, depth: u32) -> String {
        let item = self.pick(&[Deal, Deal, Visit]);
        let of = self.expr(&list(&item), depth);
        let (name, made, place) = (self.fresh(), self.fresh(), self.fresh());
        let kind = self.pick(&[Int, Date, Bool, maybe(&Date)]);
        let value = self.inside(&name, &item, &kind, depth);
        let known = self.known.len();
        for _ in 0..3 {
            self.known.push((made.clone(), kind.clone()));
        }
        let mut test = self.inside(&name, &item, &Bool, depth);
        if kind == maybe(&Date) && self.below(2) == 0 {
            test = format!("{made} is not none and {test}");
            self.known.push((made.clone(), Date));
        }
        for _ in 0..3 {
            self.known.push((place.clone(), Int));
        }
        let each = self.inside(&name, &item, inner, depth);
        self.known.truncate(known);
        let only = match self.below(3) {
            0 => String::new(),
            _ => format!(" where ({test})"),
        };
        let only = if test.starts_with(&format!("{made} is")) {
            format!(" where ({test})")
        } else {
            only
        };
        format!(
            "(for each {name} numbered {place} in {of} with {made} = ({value}){only} give {each})"
        )
    }

    /// A condition on a plain item.
    pub(super) fn inside_plain(&mut self, of: &Kind, depth: u32) -> String {
        let known = self.known.len();
        for _ in 0..3 {
            self.known.push(("it".to_owned(), of.clone()));
        }
        let test = self.expr(&Bool, depth);
        self.known.truncate(known);
        test
    }
}
