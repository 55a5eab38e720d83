//! The outcome algebra: how open, error and not-applicable operands combine.

use crate::value::{Bounds, Date, Number, Open, Outcome, Presence, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// An error outcome with its reason.
pub(crate) fn error(reason: impl Into<Arc<str>>) -> Outcome {
    Outcome::Error(reason.into())
}

/// The reason when a number does not fit.
pub(crate) fn too_large() -> Outcome {
    error("number too large")
}

/// A known truth value.
pub(crate) fn truth(value: bool) -> Outcome {
    Outcome::Known(Value::Bool(value))
}

/// An open outcome.
pub(crate) fn open(open: Open) -> Outcome {
    Outcome::Open(Arc::new(open))
}

/// Adds the needs of `other`, leaving what is known of the value alone.
pub(crate) fn join(into: &mut Open, other: &Open) {
    add_all(&mut into.facts, &other.facts);
    add_all(&mut into.judgements, &other.judgements);
    add_all(&mut into.because, &other.because);
    into.may_fail |= other.may_fail;
}

/// Mostly they are there already.
fn add_all<T: Ord + Clone>(into: &mut BTreeSet<T>, other: &BTreeSet<T>) {
    if into.is_empty() {
        into.clone_from(other);
        return;
    }
    for one in other {
        if !into.contains(one) {
            into.insert(one.clone());
        }
    }
}

/// Adds every need inside an outcome, however deep.
pub(crate) fn join_deep(into: &mut Open, outcome: &Outcome) {
    match outcome {
        Outcome::Open(open) => join(into, open),
        Outcome::Known(Value::List(list)) => {
            for item in &list.items {
                match &item.presence {
                    Presence::Open(open) => join(into, open),
                    Presence::NotApplicable(_) | Presence::Error(_) => into.may_fail = true,
                    Presence::Certain => {}
                }
                join_deep(into, &item.value);
            }
        }
        Outcome::Known(Value::Record(fields)) => {
            for field in fields.iter() {
                join_deep(into, field);
            }
        }
        Outcome::Known(_) => {}
        Outcome::NotApplicable(_) | Outcome::Error(_) => into.may_fail = true,
    }
}

/// Whether an outcome is open, or a part of it is, however deep. An item whose condition is an error or not
/// applicable is that, whatever its value.
pub(crate) fn open_inside(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Open(_) => true,
        Outcome::Known(Value::List(list)) => list.items.iter().any(|item| match item.presence {
            Presence::Open(_) => true,
            Presence::Certain => open_inside(&item.value),
            Presence::NotApplicable(_) | Presence::Error(_) => false,
        }),
        Outcome::Known(Value::Record(fields)) => fields.iter().any(open_inside),
        Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_) => false,
    }
}

/// Whether nothing is missing.
pub(crate) fn nothing_missing(open: &Open) -> bool {
    open.facts.is_empty() && open.judgements.is_empty() && open.because.is_empty()
}

/// Why a list is not applicable as a whole: a row of it may or may not be there, and never will be known.
pub(crate) fn row_not_applicable(value: &Value) -> Option<Arc<str>> {
    let Value::List(list) = value else {
        return None;
    };
    list.items.iter().find_map(|item| match &item.presence {
        Presence::NotApplicable(because) => Some(because.clone()),
        Presence::Certain | Presence::Open(_) | Presence::Error(_) => None,
    })
}

/// The first error inside an outcome, however deep.
pub(crate) fn error_inside(outcome: &Outcome) -> Option<Arc<str>> {
    match outcome {
        Outcome::Error(reason) => Some(reason.clone()),
        Outcome::Known(Value::List(list)) => {
            list.items.iter().find_map(|item| match &item.presence {
                Presence::Error(reason) => Some(reason.clone()),
                Presence::Certain | Presence::Open(_) | Presence::NotApplicable(_) => {
                    error_inside(&item.value)
                }
            })
        }
        Outcome::Known(Value::Record(fields)) => fields.iter().find_map(error_inside),
        Outcome::Known(_) | Outcome::Open(_) | Outcome::NotApplicable(_) => None,
    }
}

/// Arithmetic and comparison: open > not applicable > error > value. `None` when all are known.
pub(crate) fn strict<'a>(operands: impl IntoIterator<Item = &'a Outcome>) -> Option<Outcome> {
    let mut needs = Open::default();
    let (mut is_open, mut not_applicable, mut failed) = (false, None, None);
    for operand in operands {
        match operand {
            Outcome::Known(_) => {}
            Outcome::Open(open) => {
                is_open = true;
                join(&mut needs, open);
            }
            Outcome::NotApplicable(_) => {
                not_applicable.get_or_insert(operand);
            }
            Outcome::Error(_) => {
                failed.get_or_insert(operand);
            }
        }
    }
    if is_open {
        needs.may_fail |= not_applicable.is_some() || failed.is_some();
        return Some(open(needs));
    }
    not_applicable.or(failed).cloned()
}

/// An open outcome that may also turn out not applicable or an error.
pub(crate) fn may_fail(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Open(inner) if !inner.may_fail => open(Open {
            may_fail: true,
            ..Open::clone(&inner)
        }),
        other @ (Outcome::Known(_)
        | Outcome::Open(_)
        | Outcome::NotApplicable(_)
        | Outcome::Error(_)) => other,
    }
}

/// An open number or date with its limits: it is not none.
pub(crate) fn with_limits(outcome: Outcome, bounds: Bounds) -> Outcome {
    match outcome {
        Outcome::Open(inner) => open(Open {
            bounds,
            not_none: true,
            ..Open::clone(&inner)
        }),
        other @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => other,
    }
}

/// Replaces the bounds of an open outcome.
pub(crate) fn with_bounds(outcome: Outcome, bounds: Bounds) -> Outcome {
    match outcome {
        Outcome::Open(inner) => open(Open {
            bounds,
            ..Open::clone(&inner)
        }),
        other @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => other,
    }
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> Option<Number> {
    Some(Number::from_i64(Date::new(1970, 1, 1)?.days_until(date)))
}

/// Where an ordered value stands: a number, the day number of a date, the index in a scale.
pub(crate) fn position(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Date(date) => day_number(*date),
        Value::Enum(index) => Some(Number::from_i64(i64::from(*index))),
        Value::None | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Record(_) => None,
    }
}

/// The limits of an outcome: a point when known, nothing when it may be something else than a number.
pub(crate) fn bounds_of(outcome: &Outcome) -> Bounds {
    match outcome {
        Outcome::Known(value) => {
            let at = position(value);
            Bounds { low: at, high: at }
        }
        Outcome::Open(open) => open.bounds,
        Outcome::NotApplicable(_) | Outcome::Error(_) => Bounds::default(),
    }
}

/// The limits that an answer may rest on: none of an open outcome that may fail instead.
pub(crate) fn sure_bounds_of(outcome: &Outcome) -> Bounds {
    match outcome {
        Outcome::Open(open) if open.may_fail => Bounds::default(),
        other @ (Outcome::Known(_)
        | Outcome::Open(_)
        | Outcome::NotApplicable(_)
        | Outcome::Error(_)) => bounds_of(other),
    }
}

/// Whether an outcome is certainly not none, if it is a value at all.
pub(crate) fn not_none(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Known(value) => *value != Value::None,
        Outcome::Open(open) => open.not_none,
        Outcome::NotApplicable(_) | Outcome::Error(_) => true,
    }
}

/// The smallest limits that contain both.
pub(crate) fn hull(a: Bounds, b: Bounds) -> Bounds {
    Bounds {
        low: a.low.zip(b.low).map(|(a, b)| a.min(b)),
        high: a.high.zip(b.high).map(|(a, b)| a.max(b)),
    }
}

/// The limits that contain every outcome; nothing for no outcome at all.
pub(crate) fn hull_all<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Bounds {
    outcomes
        .into_iter()
        .map(bounds_of)
        .reduce(hull)
        .unwrap_or_default()
}

/// Truth values counted by what they are; each connective reads its answer off it.
#[derive(Default)]
pub(crate) struct Tally {
    trues: i64,
    falses: i64,
    opens: i64,
    /// Whether one that is open can only turn out a truth value.
    firm: bool,
    errors: i64,
    needs: Open,
    failed: Option<Arc<str>>,
    not_applicable: Option<Arc<str>>,
    /// Of operands that are not left out when they are not applicable.
    passed_on: Option<Arc<str>>,
    passed: i64,
}

impl Tally {
    /// Counts one operand that is not left out when it is not applicable.
    pub(crate) fn add_strict(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::NotApplicable(because) => {
                self.passed += 1;
                self.passed_on.get_or_insert_with(|| because.clone());
            }
            other @ (Outcome::Known(_) | Outcome::Open(_) | Outcome::Error(_)) => self.add(other),
        }
    }

    /// Counts one operand.
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Known(Value::Bool(true)) => self.trues += 1,
            Outcome::Known(Value::Bool(false)) => self.falses += 1,
            Outcome::Known(_) => self.fail("not a truth value".into()),
            Outcome::Open(open) => {
                self.opens += 1;
                self.firm |= !open.may_fail;
                join(&mut self.needs, open);
            }
            Outcome::NotApplicable(because) => {
                self.not_applicable.get_or_insert_with(|| because.clone());
            }
            Outcome::Error(reason) => self.fail(reason.clone()),
        }
    }

    fn fail(&mut self, reason: Arc<str>) {
        self.errors += 1;
        self.failed.get_or_insert(reason);
    }

    /// Whether a false operand was counted.
    pub(crate) fn has_false(&self) -> bool {
        self.falses > 0
    }

    /// Whether a true operand was counted.
    pub(crate) fn has_true(&self) -> bool {
        self.trues > 0
    }

    fn only_not_applicable(&self) -> Option<Outcome> {
        let none = self.trues + self.falses + self.opens + self.errors + self.passed == 0;
        let because = self.not_applicable.clone().filter(|_| none)?;
        Some(Outcome::NotApplicable(because))
    }

    fn undecided(mut self) -> Option<Outcome> {
        if self.opens > 0 {
            self.needs.may_fail |= self.passed + self.errors > 0;
            return Some(open(self.needs));
        }
        let passed_on = self.passed_on.map(Outcome::NotApplicable);
        passed_on.or(self.failed.map(Outcome::Error))
    }

    /// false > open > (not applicable >) error > true.
    pub(crate) fn and(self) -> Outcome {
        if self.falses > 0 {
            return truth(false);
        }
        if let Some(outcome) = self.only_not_applicable() {
            return outcome;
        }
        self.undecided().unwrap_or_else(|| truth(true))
    }

    /// true > open > (not applicable >) error > false.
    pub(crate) fn or(self) -> Outcome {
        if self.trues > 0 {
            return truth(true);
        }
        if let Some(outcome) = self.only_not_applicable() {
            return outcome;
        }
        self.undecided().unwrap_or_else(|| truth(false))
    }

    /// At least `k` hold. With `empty_counts`, operands left out leave an ordinary answer behind, as
    /// for the items of a list.
    pub(crate) fn at_least(mut self, k: &Outcome, empty_counts: bool) -> Outcome {
        match k {
            Outcome::NotApplicable(_) | Outcome::Error(_) if self.opens > 0 => {
                self.needs.may_fail = true;
                return open(self.needs);
            }
            Outcome::NotApplicable(_) | Outcome::Error(_) => return k.clone(),
            Outcome::Known(_) | Outcome::Open(_) => {}
        }
        if !empty_counts && let Some(outcome) = self.only_not_applicable() {
            return outcome;
        }
        let limits = sure_bounds_of(k);
        // An open operand may yet turn out not applicable: only a settled one, or one that cannot, makes the
        // answer a truth value for certain.
        let settled = empty_counts
            || self.firm
            || self.trues + self.falses + self.errors + self.passed > 0
            || self.opens == 0;
        let sure = Number::from_i64(self.trues);
        let most = Number::from_i64(self.trues + self.opens + self.errors + self.passed);
        if settled && limits.high.is_some_and(|high| sure >= high) {
            return truth(true);
        }
        if settled && limits.low.is_some_and(|low| most < low) {
            return truth(false);
        }
        if let Outcome::Open(needs) = k {
            self.opens += 1;
            join(&mut self.needs, needs);
        }
        self.undecided()
            .unwrap_or_else(|| error("the number of conditions is not a number"))
    }
}

/// Conjunction of two outcomes that are not left out when they are not applicable.
pub(crate) fn strict_and(a: &Outcome, b: &Outcome) -> Outcome {
    let mut tally = Tally::default();
    tally.add_strict(a);
    tally.add_strict(b);
    tally.and()
}

/// Disjunction of two outcomes that are not left out when they are not applicable.
pub(crate) fn strict_or(a: &Outcome, b: &Outcome) -> Outcome {
    let mut tally = Tally::default();
    tally.add_strict(a);
    tally.add_strict(b);
    tally.or()
}

/// Negation.
pub(crate) fn not(a: &Outcome) -> Outcome {
    match a {
        Outcome::Known(Value::Bool(value)) => truth(!value),
        Outcome::Known(_) => error("not a truth value"),
        other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
            with_bounds(other.clone(), Bounds::default())
        }
    }
}

/// Whether an item is in its list, as a truth value.
pub(crate) fn present(presence: &Presence) -> Outcome {
    match presence {
        Presence::Certain => truth(true),
        Presence::Open(needs) => Outcome::Open(needs.clone()),
        Presence::NotApplicable(because) => Outcome::NotApplicable(because.clone()),
        Presence::Error(reason) => Outcome::Error(reason.clone()),
    }
}

/// A condition as the presence of an item; `None` when it is left out.
pub(crate) fn presence(condition: &Outcome) -> Option<Presence> {
    match condition {
        Outcome::Known(Value::Bool(true)) => Some(Presence::Certain),
        Outcome::Known(Value::Bool(false)) | Outcome::NotApplicable(_) => None,
        Outcome::Known(_) => Some(Presence::Error("not a truth value".into())),
        Outcome::Open(needs) => Some(Presence::Open(needs.clone())),
        Outcome::Error(reason) => Some(Presence::Error(reason.clone())),
    }
}

/// The condition of a table's row as the presence of its item; `None` when it is left out.
pub(crate) fn row_presence(condition: &Outcome) -> Option<Presence> {
    match condition {
        Outcome::NotApplicable(because) => Some(Presence::NotApplicable(because.clone())),
        other @ (Outcome::Known(_) | Outcome::Open(_) | Outcome::Error(_)) => presence(other),
    }
}

/// The presence of an item of a kept item: both must hold.
pub(crate) fn both_present(a: &Presence, b: &Presence) -> Presence {
    match (a, b) {
        (Presence::Certain, other) | (other, Presence::Certain) => other.clone(),
        _ => row_presence(&strict_and(&present(a), &present(b))).unwrap_or(Presence::Certain),
    }
}

/// The presence of an item that stands twice: one of the two is enough.
pub(crate) fn either_present(a: &Presence, b: &Presence) -> Presence {
    row_presence(&strict_or(&present(a), &present(b))).unwrap_or(Presence::Certain)
}

impl Outcome {
    /// Everything that is missing in it, however deep: nothing when it is settled.
    #[must_use]
    pub fn missing(&self) -> Open {
        let mut needs = Open::default();
        join_deep(&mut needs, self);
        needs
    }
}
