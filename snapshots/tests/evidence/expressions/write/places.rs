//! Places of items, plain values, and the numbers that dates give.

use super::super::kinds::Kind::{self, *};
use super::super::kinds::{ORDERED, SIMPLE, list, maybe};
use super::Writer;

impl Writer {
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

    /// A condition on a plain item.
    fn inside_plain(&mut self, of: &Kind, depth: u32) -> String {
        let known = self.known.len();
        for _ in 0..3 {
            self.known.push(("it".to_owned(), of.clone()));
        }
        let test = self.expr(&Bool, depth);
        self.known.truncate(known);
        test
    }
}
