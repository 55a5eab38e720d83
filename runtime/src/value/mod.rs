//! Values and outcomes: what evaluation works on.

mod date;
mod number;
mod outcome;

pub use date::Date;
pub use number::Number;
pub use outcome::{Bounds, Item, Leaf, List, Open, Outcome, Presence, Step, Value};
