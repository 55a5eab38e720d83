//! The intermediate representation: the contract between compiler and runtime.
//!
//! In: what the compiler lowered, or a decoded file. Out: a [`Program`] that [`verify`](fn@verify) accepted.
//! After verification every index points at something, every node reads only nodes before it
//! (so one pass in order evaluates the whole program) and every binder exists.
//!
//! Nothing of the surface language is left: grids, waivers, tables, readings and dated versions are
//! ordinary nodes. The layout tables ([`Grid`], [`Definition`]) only say which node is which cell, so
//! that results can be printed and explained.

mod arena;
mod codec;
mod describe;
mod inputs;
mod layout;
mod lean;
pub mod lifecycle;
mod op;
mod print;
mod provision;
mod types;
mod verify;

pub use crate::value::{CalendarUnit, DatePart, FactId, Rounding};
pub use arena::Arena;
pub use codec::{DecodeError, FORMAT_VERSION, decode, encode, is_encoded};
pub use describe::{Bound, Dated, Through, Use, children, rewrite};
pub use inputs::{Fact, FactKind, Period, Reading, Schedule, ScheduleRule, input};
pub use layout::{
    Cell, CellWaiver, Definition, DefinitionKind, Grid, GridRow, Parameter, Rule, RuleKind, Waiver,
};
pub use lean::lean;
pub(crate) use op::value_of;
pub use op::{Cmp, Const, Ends, Exception, LARGEST_EXPONENT, MOST_MADE, Node, Op, Steps};
pub use print::print;
pub use provision::{Phrase, Provision, ProvisionId, ProvisionKind, Words};
pub use types::{Enum, Field, GRANT_ENDS, PERIOD, PERIOD_ENDS, Range, Record, Type};
pub(crate) use types::{item_type, plain};
pub use verify::{Fault, verify};

pub use lifecycle::{Lifecycle, LifecycleLayout};

use serde::{Deserialize, Serialize};

/// Index of a node in [`Program::nodes`].
pub type NodeId = u32;
/// Index of an enumeration in [`Program::enums`].
pub type EnumId = u32;
/// Index of a record type in [`Program::records`].
pub type RecordId = u32;
/// Index of a reading in [`Program::readings`].
pub type ReadingId = u32;
/// Index of a schedule in [`Program::schedules`].
pub type ScheduleId = u32;
/// Index of a clause in [`Program::clauses`].
pub type ClauseId = u32;
/// Index of a definition in [`Program::definitions`].
pub type DefinitionId = u32;
/// Index of a waiver in [`Program::waivers`].
pub type WaiverId = u32;
/// A loop variable: bound by the list node that introduces it; the compiler gives each loop its own.
pub type BinderId = u32;

/// A whole compiled program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// Name in `program NAME`.
    pub name: String,
    /// The label for people.
    pub label: String,
    /// The version written in the header.
    pub version: String,
    /// ISO code of the default currency.
    pub currency: String,
    /// SHA-256 of the source text, in hexadecimal.
    pub hash: String,
    /// Enumerations and scales. The first ones may be built in (`CellResult`).
    pub enums: Vec<Enum>,
    /// Record types.
    pub records: Vec<Record>,
    /// Facts, events and judgements, in declaration order.
    pub facts: Vec<Fact>,
    /// Declared ambiguities.
    pub readings: Vec<Reading>,
    /// Recurring dates.
    pub schedules: Vec<Schedule>,
    /// All expressions; children come before parents.
    pub nodes: Vec<Node>,
    /// What can be cited.
    pub provisions: Vec<Provision>,
    /// How many binders the nodes use.
    pub binders: u32,
    /// Named definitions, decisions and values in declaration order.
    pub definitions: Vec<Definition>,
    /// Requirement grids.
    pub grids: Vec<Grid>,
    /// Lifecycles, for printing, drawing and citing.
    pub lifecycles: Vec<LifecycleLayout>,
    /// Waivers, for printing and citing.
    pub waivers: Vec<Waiver>,
    /// The clauses of every source the program may cite.
    pub clauses: Vec<Clause>,
}
/// A clause of a source document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// Identifier (`TP-033`).
    pub id: String,
    /// Key of the source.
    pub source: String,
    /// Title of the source.
    pub title: String,
    /// Section of the source.
    pub section: String,
    /// What it says, in the author's words.
    pub text: String,
    /// How it is treated.
    pub treatment: Treatment,
}

/// How a program treats a clause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Treatment {
    /// Cited by a rule.
    Encoded,
    /// To be cited by a rule, but none does.
    Uncited,
    /// Nothing follows from it.
    Informational,
    /// Left out, with the reason.
    LeftOut(String),
    /// Of an external source: citable, not counted.
    External,
}
