//! What an evaluation compared with what: for those who ask whether both sides of an edge were tried.

use super::Evaluation;
use crate::ir::{NodeId, Op};
use crate::value::{Date, Number, Outcome, Value};
use std::collections::BTreeSet;

/// Two values of an order that were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compared {
    /// Two numbers.
    Numbers(Number, Number),
    /// Two dates; the day of evaluation twice where a period was asked for it.
    Dates(Date, Date),
    /// Two values of a scale, by their places.
    Places(u32, u32),
}

impl Evaluation<'_> {
    /// From here on comparisons are remembered.
    pub fn watch(&mut self) {
        self.compared.get_or_insert_default();
    }

    /// What was compared since somebody watches, by comparison; nobody watches any more.
    pub fn comparisons(&mut self) -> BTreeSet<(NodeId, Compared)> {
        self.compared.take().unwrap_or_default()
    }

    pub(super) fn watched(&mut self, id: NodeId, op: &Op) {
        let pair = if let Op::Compare(_, a, b) = op {
            // Both were just computed, so they are looked up.
            pair(&self.eval(*a), &self.eval(*b))
        } else if let Op::InForce(_) = op {
            Some(Compared::Dates(self.now.today, self.now.today))
        } else {
            None
        };
        if let (Some(pair), Some(compared)) = (pair, &mut self.compared) {
            compared.insert((id, pair));
        }
    }
}

fn pair(a: &Outcome, b: &Outcome) -> Option<Compared> {
    let (Outcome::Known(a), Outcome::Known(b)) = (a, b) else {
        return None;
    };
    if let (Value::Number(a), Value::Number(b)) = (a, b) {
        return Some(Compared::Numbers(*a, *b));
    }
    if let (Value::Date(a), Value::Date(b)) = (a, b) {
        return Some(Compared::Dates(*a, *b));
    }
    if let (Value::Enum(a), Value::Enum(b)) = (a, b) {
        return Some(Compared::Places(*a, *b));
    }
    None
}
