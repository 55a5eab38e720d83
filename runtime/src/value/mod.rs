//! Values and outcomes: what evaluation works on.

pub(crate) mod algebra;
mod date;
mod number;
mod outcome;

pub use date::{CalendarUnit, Date, DatePart};
pub use number::{Number, Rounding};
pub use outcome::{Bounds, FactId, Item, Leaf, List, Open, Outcome, Presence, Step, Value};
