//! What elaboration collects, each kind of thing in its own place.

use super::{Defined, Typed, grid, lifecycle, waiver};
use crate::names::SymbolId;
use crate::source::Span;
use indexmap::{IndexMap, IndexSet};
use polc_runtime::ir;

/// Enumerations and records, declared and made.
#[derive(Default)]
pub(super) struct Types {
    pub(super) enums: Vec<ir::Enum>,
    /// Where the values of each enumeration are declared.
    pub(super) value_places: Vec<Vec<Span>>,
    /// The enumeration of how duties stand, once something asks for it.
    pub(super) duty_states: Option<ir::EnumId>,
    /// The enumeration of the days of the week, once something asks for it.
    pub(super) weekdays: Option<ir::EnumId>,
    pub(super) records: Vec<ir::Record>,
    /// Where the fields of each record are declared.
    pub(super) field_places: Vec<Vec<Span>>,
}

impl Types {
    /// The record a type is.
    pub(super) fn record(&self, ty: &ir::Type) -> Option<&ir::Record> {
        let ir::Type::Record(id) = ty else {
            return None;
        };
        self.records.get(*id as usize)
    }
}

/// What is given from outside: facts, judgements, readings, and the days of schedules.
#[derive(Default)]
pub(super) struct Inputs {
    pub(super) facts: Vec<ir::Fact>,
    pub(super) fact_ids: IndexMap<SymbolId, ir::FactId>,
    pub(super) readings: Vec<ir::Reading>,
    pub(super) schedules: Vec<ir::Schedule>,
    pub(super) schedule_ids: IndexMap<SymbolId, ir::ScheduleId>,
}

/// What the declarations became. What is not there after its turn could not be made, which has been reported.
#[derive(Default)]
pub(super) struct Made {
    pub(super) waivers: IndexMap<SymbolId, waiver::Lowered>,
    pub(super) grids: IndexMap<SymbolId, grid::Lowered>,
    pub(super) defined: IndexMap<SymbolId, Defined>,
    pub(super) lifecycles: IndexMap<SymbolId, lifecycle::Lowered>,
    /// Plans in a valid order, by their order.
    pub(super) orders: IndexMap<SymbolId, Typed>,
}

/// Whose turn it is.
#[derive(Default)]
pub(super) struct Queue {
    /// Declarations whose reading has begun.
    pub(super) begun: IndexSet<SymbolId>,
    /// Declarations being read and those that wait for them, the innermost last.
    pub(super) open: Vec<SymbolId>,
    /// How many were begun inside another.
    pub(super) nested: usize,
}

/// What something uses; of the rest people are warned.
#[derive(Default)]
pub(super) struct Used {
    pub(super) facts: IndexSet<ir::FactId>,
    pub(super) clauses: IndexSet<ir::ClauseId>,
    pub(super) readings: IndexSet<ir::ReadingId>,
}
