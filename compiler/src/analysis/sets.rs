//! Sets of values of one atom: spans between cuts, plus the states that are not values.

use polc_runtime::ir::Rounding;
use polc_runtime::value::Number;
use std::cmp::Ordering;

/// Known to be none.
pub(super) const NONE: u8 = 1;
/// A judgement that is not recorded.
pub(super) const OPEN: u8 = 2;
/// Out of scope.
pub(super) const NA: u8 = 4;
/// Of two values compared: both are none.
pub(super) const BOTH_NONE: u8 = 8;

/// A place between values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Cut {
    /// Below everything.
    Min,
    /// Just below a value.
    Before(Number),
    /// Just above a value.
    After(Number),
    /// Above everything.
    Max,
}

impl Ord for Cut {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |cut: &Cut| match cut {
            Cut::Min => (0, None, false),
            Cut::Before(value) => (1, Some(*value), false),
            Cut::After(value) => (1, Some(*value), true),
            Cut::Max => (2, None, false),
        };
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Cut {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A set of states of one atom.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Set {
    /// Disjoint, ascending, none empty, none touching.
    pub(super) spans: Vec<(Cut, Cut)>,
    /// States that are not values.
    pub(super) flags: u8,
}

impl Set {
    /// Only these flags.
    pub(super) fn flags(flags: u8) -> Self {
        Set {
            spans: Vec::new(),
            flags,
        }
    }

    /// The values between two cuts.
    pub(super) fn span(low: Cut, high: Cut) -> Self {
        let spans = if low < high {
            vec![(low, high)]
        } else {
            Vec::new()
        };
        Set { spans, flags: 0 }
    }

    /// Every value.
    pub(super) fn all() -> Self {
        Set::span(Cut::Min, Cut::Max)
    }

    /// One value.
    pub(super) fn point(value: Number, discrete: bool) -> Self {
        Set::span(Cut::Before(value), after(value, discrete))
    }

    /// The whole numbers from `low` to `high`.
    pub(super) fn whole(low: i64, high: i64) -> Self {
        Set::span(
            Cut::Before(Number::from_i64(low)),
            after(Number::from_i64(high), true),
        )
    }

    /// The same whole numbers, between cuts that lie just below whole numbers.
    pub(super) fn whole_numbers(&self) -> Set {
        let up = |cut: Cut| match cut {
            Cut::Before(value) if value.is_integer() => Some(cut),
            Cut::Before(value) | Cut::After(value) => value
                .round_to(Number::from_i64(1), Rounding::Down)?
                .checked_add(Number::from_i64(1))
                .map(Cut::Before),
            Cut::Min | Cut::Max => Some(cut),
        };
        let mut whole = Set::flags(self.flags);
        for (low, high) in &self.spans {
            let span = Set::span(up(*low).unwrap_or(*low), up(*high).unwrap_or(*high));
            whole = whole.join(&span);
        }
        whole
    }

    /// With these flags too.
    pub(super) fn with(mut self, flags: u8) -> Self {
        self.flags |= flags;
        self
    }

    /// Nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.flags == 0
    }

    /// What is in both.
    pub(super) fn meet(&self, other: &Set) -> Set {
        let mut spans = Vec::new();
        let mut left = self.spans.iter().peekable();
        let mut right = other.spans.iter().peekable();
        while let (Some((a, b)), Some((c, d))) = (left.peek(), right.peek()) {
            let (low, high) = (*a.max(c), *b.min(d));
            if low < high {
                spans.push((low, high));
            }
            if b <= d {
                left.next();
            } else {
                right.next();
            }
        }
        Set {
            spans,
            flags: self.flags & other.flags,
        }
    }

    /// What is in either.
    pub(super) fn join(&self, other: &Set) -> Set {
        let mut all: Vec<(Cut, Cut)> = self.spans.iter().chain(&other.spans).copied().collect();
        all.sort();
        let mut spans: Vec<(Cut, Cut)> = Vec::new();
        for (low, high) in all {
            match spans.last_mut() {
                Some(last) if low <= last.1 => last.1 = last.1.max(high),
                _ => spans.push((low, high)),
            }
        }
        Set {
            spans,
            flags: self.flags | other.flags,
        }
    }

    /// What is in `self` but not in `other`.
    pub(super) fn minus(&self, other: &Set) -> Set {
        let mut spans = Vec::new();
        let mut low = Cut::Min;
        for (start, end) in &other.spans {
            if low < *start {
                spans.push((low, *start));
            }
            low = *end;
        }
        if low < Cut::Max {
            spans.push((low, Cut::Max));
        }
        Set {
            flags: self.flags & !other.flags,
            ..self.meet(&Set { spans, flags: 0 })
        }
    }

    /// Smallest cut.
    pub(super) fn low(&self) -> Cut {
        self.spans.first().map_or(Cut::Max, |span| span.0)
    }

    /// Largest cut.
    pub(super) fn high(&self) -> Cut {
        self.spans.last().map_or(Cut::Min, |span| span.1)
    }

    /// A value for an example: at a limit where there is one.
    pub(super) fn pick(&self, discrete: bool) -> Option<Number> {
        let one = Number::from_i64(1);
        let bounded = |span: &&(Cut, Cut)| span.0 != Cut::Min && span.1 != Cut::Max;
        let span = self.spans.iter().find(bounded).or(self.spans.first())?;
        let inside = |value: Number| Cut::Before(value) >= span.0 && Cut::After(value) <= span.1;
        let fits = |value: &Number| match discrete {
            true if !value.is_integer() => false,
            true => Cut::Before(*value) >= span.0 && after(*value, true) <= span.1,
            false => inside(*value),
        };
        let mut tries: Vec<Number> = Vec::new();
        match span.0 {
            Cut::Before(low) => tries.push(low),
            Cut::After(low) if discrete => tries.extend(low.checked_add(one)),
            Cut::Min | Cut::After(_) | Cut::Max => {}
        }
        match span.1 {
            Cut::After(high) => tries.push(high),
            Cut::Before(high) if discrete => tries.extend(high.checked_sub(one)),
            Cut::Min | Cut::Before(_) | Cut::Max => {}
        }
        match span {
            (Cut::Min, Cut::Max) => tries.push(Number::from_i64(0)),
            (Cut::After(low), Cut::Max) => tries.extend(low.checked_add(one)),
            (Cut::Min, Cut::Before(high)) => tries.extend(high.checked_sub(one)),
            (Cut::After(low), Cut::Before(high)) => {
                tries.extend(low.checked_add(one));
                tries.extend(high.checked_sub(one));
                let half = low
                    .checked_add(*high)
                    .and_then(|sum| sum.checked_div(Number::from_i64(2)));
                tries.extend(half);
            }
            _ => {}
        }
        tries.into_iter().find(fits)
    }
}

/// The cut above a value; between whole numbers there is only one.
pub(super) fn after(value: Number, discrete: bool) -> Cut {
    let next = if discrete && value.is_integer() {
        value.checked_add(Number::from_i64(1))
    } else {
        None
    };
    next.map_or(Cut::After(value), Cut::Before)
}
