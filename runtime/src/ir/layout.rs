//! Which node is which rule, row or cell: for printing, explaining and coverage.

use super::{BinderId, ClauseId, EnumId, NodeId, Period, Type, WaiverId};
use serde::{Deserialize, Serialize};

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
    /// What it is asked for with; nothing where it has a value of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// Its value, in which parameters are items.
    pub node: NodeId,
    /// Rules it is made of.
    pub rules: Vec<Rule>,
    /// Clauses.
    pub cites: Vec<ClauseId>,
}

/// A parameter of a definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// The item that it is in the value.
    pub binder: BinderId,
    /// Its type.
    pub ty: Type,
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
