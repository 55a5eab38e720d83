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
mod lean;
pub mod lifecycle;
mod print;
mod provision;
mod verify;
mod walk;

pub use arena::Arena;
pub use codec::{DecodeError, FORMAT_VERSION, decode, encode, is_encoded};
pub use lean::lean;
pub use print::print;
pub use provision::{Phrase, Provision, ProvisionId, ProvisionKind, Words};
pub use verify::{Fault, verify};
pub use walk::{children, input, rewrite};

pub use lifecycle::{Lifecycle, LifecycleLayout};

use crate::value::{Date, Number};
use serde::{Deserialize, Serialize};

/// Index of a node in [`Program::nodes`].
pub type NodeId = u32;
/// Index of a fact in [`Program::facts`].
pub type FactId = u32;
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

/// A type of the language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Type {
    /// `yes` or `no`.
    Bool,
    /// A whole number.
    Int,
    /// An exact number.
    Decimal,
    /// A share, held as the number before the sign (`25%` is 25).
    Percent,
    /// An amount of the program's currency.
    Money,
    /// A civil day.
    Date,
    /// A number of days.
    Days,
    /// A number of calendar months.
    Months,
    /// Text.
    Text,
    /// One value of an enumeration or scale.
    Enum(EnumId),
    /// A record.
    Record(RecordId),
    /// A list.
    List(Box<Type>),
    /// A set (a list without duplicates; order is not significant).
    Set(Box<Type>),
    /// `T or none`.
    Optional(Box<Type>),
}

/// An enumeration; a scale when `ordered`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enum {
    /// Type name.
    pub name: String,
    /// Whether values compare with `<`.
    pub ordered: bool,
    /// Values from lowest to highest.
    pub values: Vec<String>,
}

/// A record type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Type name; empty for a record written in place.
    pub name: String,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// The field whose date hides an item from earlier days.
    pub dated: Option<u32>,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Name, as in the facts.
    pub name: String,
    /// Type.
    pub ty: Type,
    /// Declared range, both ends included.
    pub range: Option<Range>,
    /// Kind of input: an event field reads as none before its day, a judgement field may be unrecorded.
    pub kind: FactKind,
    /// What it means when a record in the facts leaves the field out; unknown where nothing is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<Const>,
}

impl Field {
    /// A field of plain data without a range.
    #[must_use]
    pub fn plain(name: &str, ty: Type) -> Field {
        Field {
            name: name.to_owned(),
            ty,
            range: None,
            kind: FactKind::Given,
            absent: None,
        }
    }
}

/// The record type of a period in facts: its first and its last day, either of them none where it is open.
pub const PERIOD: &str = "period";
/// Which of a period's fields are its first and its last day.
pub const PERIOD_ENDS: (usize, usize) = (0, 1);
/// Which of a grant's fields are its first and its last day.
pub const GRANT_ENDS: (usize, usize) = (4, 5);

/// A closed range of numbers (dates as days since 1970-01-01); either end may be open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Range {
    /// Smallest allowed value.
    pub low: Option<Number>,
    /// Largest allowed value.
    pub high: Option<Number>,
}

/// What kind of input a fact is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FactKind {
    /// A plain fact.
    #[default]
    Given,
    /// A date on which something happened: read as none on days before it.
    Event,
    /// Something only a person decides: absent means not recorded, never unknown.
    Judgement {
        /// Who decides.
        by: String,
    },
}

/// An input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Name in the facts file.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// Type (for an event `date or none`).
    pub ty: Type,
    /// Kind of input.
    pub kind: FactKind,
    /// Declared range.
    pub range: Option<Range>,
    /// Value to use, and to report as an assumption, when the fact is absent.
    pub assume: Option<NodeId>,
    /// How to compute the fact from others when it is absent.
    pub derived: Option<NodeId>,
    /// The text mentions it but gives no value.
    pub stated_nowhere: bool,
    /// The grid whose rows its items lift, of a fact that `grants` declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<String>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A declared ambiguity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Name.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// Named alternatives.
    pub alternatives: Vec<String>,
    /// The chosen alternative over time; periods tile the time line.
    pub chosen: Vec<(Period, u32)>,
    /// Why this one is the default.
    pub because: String,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A half-open span of days; either end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Period {
    /// First day inside.
    pub from: Option<Date>,
    /// First day after.
    pub before: Option<Date>,
}

/// Recurring dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Name.
    pub name: String,
    /// The rule.
    pub rule: ScheduleRule,
    /// When the schedule is in force.
    pub period: Period,
    /// Years without any date.
    pub except_years: Vec<i16>,
    /// Periods without any date.
    pub except: Vec<Period>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// How a schedule recurs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ScheduleRule {
    /// On a day of certain months (1–12); a day past the month's end is its last day.
    DayOfMonths {
        /// Day of the month, 1–31.
        day: u8,
        /// Months, ascending.
        months: Vec<u8>,
    },
    /// Every day of certain months.
    Months {
        /// Months, ascending.
        months: Vec<u8>,
    },
    /// Every `months` months after an anchor date, always counted from the anchor.
    Every {
        /// Step in months, at least 1.
        months: u32,
        /// The anchor (a date, or `date or none`).
        anchor: NodeId,
    },
}

/// An expression with its type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Node {
    /// What it computes.
    pub op: Op,
    /// Type of the result.
    pub ty: Type,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Const {
    /// Known to be none.
    None,
    /// A truth value.
    Bool(bool),
    /// Any number: int, decimal, percent, money, days, months.
    Number(Number),
    /// A day.
    Date(Date),
    /// Index of a value in its enumeration.
    Enum(u32),
    /// Text.
    Text(String),
    /// A list or set.
    List(Vec<Const>),
}

/// Comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cmp {
    /// Equal (any type).
    Eq,
    /// Not equal (any type).
    Ne,
    /// Less (numbers, dates, scales).
    Lt,
    /// At most.
    Le,
    /// Greater.
    Gt,
    /// At least.
    Ge,
}

/// Calendar unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CalendarUnit {
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
}

/// Rounding mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rounding {
    /// Halves away from zero.
    HalfUp,
    /// Halves to the even neighbour.
    HalfEven,
    /// Toward positive infinity.
    Up,
    /// Toward negative infinity.
    Down,
}

/// The kernel operations.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Op {
    /// A constant.
    Const(Const),
    /// The day of evaluation.
    AsOf,
    /// A fact, event or judgement, with its assume/derived/hiding rules.
    Fact(FactId),
    /// Always unknown: what is asked for is this fact.
    Missing(FactId),
    /// Whether a judgement is recorded (always known).
    Recorded(FactId),
    /// Whether a judgement field of a record is recorded (known where the record is).
    RecordedField(NodeId, u32),
    /// Whether a reading is taken that way (always known; marks the answer as resting on it).
    ReadingIs(ReadingId, u32),
    /// The current item of an enclosing list operation.
    Item(BinderId),
    /// A field of a record.
    Field(NodeId, u32),

    /// Conjunction.
    And(Vec<NodeId>),
    /// Disjunction.
    Or(Vec<NodeId>),
    /// Conjunction of the parts of a guard: what is not applicable is passed on, not left out.
    StrictAnd(Vec<NodeId>),
    /// Disjunction that passes on what is not applicable.
    StrictOr(Vec<NodeId>),
    /// Negation.
    Not(NodeId),
    /// At least k (an int) of these hold.
    AtLeast(NodeId, Vec<NodeId>),
    /// Comparison of two values of one type.
    Compare(Cmp, NodeId, NodeId),
    /// Whether a `T or none` is none.
    IsNone(NodeId),
    /// Whether a value is applicable: never not applicable itself.
    IsApplicable(NodeId),
    /// The first, unless it is none, then the second.
    OrElse(NodeId, NodeId),
    /// Whether a value is an item of a list or set.
    Contains {
        /// The list or set.
        list: NodeId,
        /// The value.
        item: NodeId,
    },
    /// Whether every item of the first list or set is in the second.
    Subset(NodeId, NodeId),

    /// Sum (numbers of one type).
    Add(NodeId, NodeId),
    /// Difference.
    Sub(NodeId, NodeId),
    /// Product.
    Mul(NodeId, NodeId),
    /// Quotient; an error on division by zero.
    Div(NodeId, NodeId),
    /// Rounded to a multiple of a positive step.
    Round {
        /// What to round.
        value: NodeId,
        /// How.
        mode: Rounding,
        /// To a multiple of this.
        step: Number,
    },
    /// The smallest of these (numbers, dates, scales).
    Min(Vec<NodeId>),
    /// The largest of these.
    Max(Vec<NodeId>),

    /// A date plus (minus, if negative) a number of days.
    AddDays(NodeId, NodeId),
    /// A date plus a number of months, clamped to the month's end.
    AddMonths(NodeId, NodeId),
    /// Days from the first date to the second.
    DaysBetween(NodeId, NodeId),
    /// Whole months from the first date to the second.
    MonthsBetween(NodeId, NodeId),
    /// First day of the calendar unit of a date.
    StartOf(CalendarUnit, NodeId),
    /// Last day of the calendar unit of a date.
    EndOf(CalendarUnit, NodeId),
    /// Whether as_of lies in the period. The one place dated rules lower to.
    InForce(Period),
    /// Whether a date is one of the schedule's.
    ScheduleOn(ScheduleId, NodeId),
    /// First date of the schedule on or after a date (none when there is none left).
    ScheduleNext(ScheduleId, NodeId),
    /// Last date of the schedule before a date (none when there is none).
    SchedulePrevious(ScheduleId, NodeId),

    /// The first case that applies; without `otherwise` and without a match the result is an error
    /// (the compiler proves that it cannot happen or has warned).
    Cases {
        /// Guards and values, top down.
        cases: Vec<(NodeId, NodeId)>,
        /// Value when no guard holds.
        otherwise: Option<NodeId>,
    },
    /// A base value with named exceptions.
    Override {
        /// What holds when no exception applies.
        base: NodeId,
        /// The exceptions; no order among them but `beats`.
        exceptions: Vec<Exception>,
        /// Pairs (winner, loser) of indexes into `exceptions`, transitively closed.
        beats: Vec<(u32, u32)>,
    },
    /// Not applicable unless the scope holds.
    Scope {
        /// The condition.
        applies: NodeId,
        /// The value inside the scope.
        body: NodeId,
        /// Why not, for people.
        because: String,
    },
    /// A value that tells something to whoever gets an answer made from it.
    Note {
        /// The value.
        body: NodeId,
        /// Whether the note is told (a bool).
        when: NodeId,
        /// The note.
        text: String,
    },
    /// The same as its body: what a part of the program that can be cited says.
    Provision {
        /// Which part.
        provision: ProvisionId,
        /// What it says.
        body: NodeId,
    },
    /// Always not applicable.
    NotApplicable(String),

    /// A machine folded over dated events up to as_of: a record (see [`lifecycle`]).
    Lifecycle(Box<Lifecycle>),

    /// The items for which a condition holds.
    Filter {
        /// The list.
        list: NodeId,
        /// The item inside `body`.
        binder: BinderId,
        /// A bool.
        body: NodeId,
    },
    /// One value per item.
    Map {
        /// The list.
        list: NodeId,
        /// The item inside `body`.
        binder: BinderId,
        /// The new item.
        body: NodeId,
    },
    /// A list of lists as one list.
    Flatten(NodeId),
    /// Number of items.
    Count(NodeId),
    /// Sum of a list of numbers; 0 for an empty list.
    Sum(NodeId),
    /// Average of a list of numbers; none for an empty list.
    Average(NodeId),
    /// How many days a list of periods (records of a first and a last day) covers, each once; none where an end is open.
    DaysCovered(NodeId),
    /// Smallest item; none for an empty list.
    Smallest(NodeId),
    /// Largest item; none for an empty list.
    Largest(NodeId),
    /// Whether some item of a list of bools holds.
    AnyItem(NodeId),
    /// Whether every item of a list of bools holds.
    AllItems(NodeId),
    /// Whether at least k items of a list of bools hold.
    AtLeastItems(NodeId, NodeId),
    /// Without repeated items, first occurrences kept.
    Distinct(NodeId),
    /// Items sorted by a key; stable.
    Sort {
        /// The list.
        list: NodeId,
        /// The item inside `key`.
        binder: BinderId,
        /// Key to sort by.
        key: NodeId,
        /// Largest first.
        descending: bool,
    },
    /// Groups by key: a list of records (key, items), by first occurrence.
    GroupBy {
        /// The list.
        list: NodeId,
        /// The item inside `key`.
        binder: BinderId,
        /// The key.
        key: NodeId,
    },
    /// The first item, none for an empty list.
    First(NodeId),
    /// The last item, none for an empty list.
    Last(NodeId),
    /// The only item, none for an empty list, an error when there are several different ones.
    Only(NodeId),
    /// A list of the values whose guard holds (`[x when C]`, findings).
    ListWhere(Vec<(NodeId, NodeId)>),
    /// A list of the values of a table's rows whose guard holds (`every row`): not applicable where a
    /// guard is.
    EveryRow(Vec<(NodeId, NodeId)>),
    /// Two lists one after the other.
    Concat(NodeId, NodeId),
    /// A record.
    MakeRecord(Vec<NodeId>),

    /// A subgraph evaluated as on another day.
    AtDate {
        /// What to evaluate.
        body: NodeId,
        /// The day.
        date: NodeId,
    },
    /// Whether a condition held on some day of a closed span, as far as as_of has seen it.
    Ever {
        /// The condition.
        body: NodeId,
        /// First day.
        from: NodeId,
        /// Last day.
        to: NodeId,
    },
    /// Whether a grant in the facts lifts a row for a tier on as_of.
    Granted {
        /// The fact that holds the grants.
        fact: FactId,
        /// The row's name.
        row: String,
        /// The tier.
        tier: u32,
    },
}

/// One exception of an [`Op::Override`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Exception {
    /// Name.
    pub name: String,
    /// When it applies.
    pub guard: NodeId,
    /// What holds then.
    pub value: NodeId,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// What a definition is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DefinitionKind {
    /// A published answer.
    Decision,
    /// An inner definition.
    Define,
    /// A dated value.
    Value,
}

/// A named node and how it is laid out in the source, for explanations and coverage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Name.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// Kind.
    pub kind: DefinitionKind,
    /// Its type: what was declared, which the node's own may be narrower than.
    pub ty: Type,
    /// Its value.
    pub node: NodeId,
    /// Rules it is made of.
    pub rules: Vec<Rule>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A case, table row, exception or dated version: a place that coverage counts and `why` can name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// What kind of place.
    pub kind: RuleKind,
    /// A name unique in its definition (`case 2`, `row 3`, an exception's name).
    pub name: String,
    /// Whether it applies (a bool); absent when it always does.
    pub guard: Option<NodeId>,
    /// Its value.
    pub value: Option<NodeId>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// The kinds of [`Rule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleKind {
    /// A rule that binds somebody; its guard holds where it is broken.
    Obligation,
    /// A case of a definition.
    Case,
    /// A row of a table.
    Row,
    /// An exception.
    Exception,
}

/// A requirements grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Name.
    pub name: String,
    /// The scale of its columns.
    pub scale: EnumId,
    /// Stage names in order; empty when the grid has none.
    pub stages: Vec<String>,
    /// Rows in order; group rows come before their children.
    pub rows: Vec<GridRow>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridRow {
    /// Name, dotted for a child.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// Index of the stage.
    pub stage: u32,
    /// Whether it is a child of a group row.
    pub child: bool,
    /// One cell for each value of the scale, lowest first.
    pub cells: Vec<Cell>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A cell of a grid. `None` everywhere means the row asks nothing there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Whether the cell is required on as_of (a bool; false: `-`).
    pub required: NodeId,
    /// Whether it is only preferred (a bool).
    pub preferred: NodeId,
    /// The condition with the cell's value in it (a bool).
    pub condition: NodeId,
    /// The waivers that may lift it.
    pub waivers: Vec<CellWaiver>,
    /// Whether it lets the tier pass (a bool).
    pub passes: NodeId,
    /// What the row compares, when it is a threshold.
    pub have: Option<NodeId>,
    /// The cell's value, when it is a threshold.
    pub need: Option<NodeId>,
}

/// A waiver's effect on one cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellWaiver {
    /// Which waiver.
    pub waiver: WaiverId,
    /// Whether it lifts the cell (a bool).
    pub lifts: NodeId,
}

/// A waiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiver {
    /// Name.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// In force.
    pub period: Period,
    /// Clauses.
    pub cites: Vec<ClauseId>,
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
