//! When a line of a lifecycle sets off, and what a deadline comes to.

use crate::value::algebra::day_number;
use crate::value::{Bounds, Date, Open};

/// When something happens: on a day, or on a day that is not known of a span on which nothing else changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum When {
    Day(Date),
    /// Without a first day: before everything dated.
    Span {
        first: Option<Date>,
        last: Date,
    },
}

impl When {
    /// The day on which conditions are read.
    pub(super) fn day(self) -> Date {
        match self {
            When::Day(day) | When::Span { last: day, .. } => day,
        }
    }

    pub(super) fn bounds(self) -> Bounds {
        let (first, last) = match self {
            When::Day(day) => (Some(day), day),
            When::Span { first, last } => (first, last),
        };
        Bounds {
            low: first.and_then(day_number),
            high: day_number(last),
        }
    }
}

/// A deadline that has passed, or may have.
pub(super) struct Passed {
    pub(super) needs: Open,
    pub(super) certain: bool,
    pub(super) dated: bool,
    /// Whether the way has left for certain when the span is over.
    pub(super) leaves: bool,
}
