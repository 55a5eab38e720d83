//! Requirements, and what changes or lifts their rows.

use super::*;

/// `requirements G for S`.
#[derive(Debug, Clone)]
pub struct Requirements {
    /// Name.
    pub name: Name,
    /// The scale.
    pub scale: Name,
    /// Label.
    pub label: Option<String>,
    /// Header cells: tier names in the order written.
    pub tiers: Vec<Name>,
    /// Rows in order.
    pub rows: Vec<Row>,
}

/// A row of a grid.
#[derive(Debug, Clone)]
pub struct Row {
    /// Name, possibly dotted (`influenced.deals`).
    pub name: Name,
    /// The nearest `stage NAME` above.
    pub stage: Option<Name>,
    /// What it asks.
    pub condition: RowCondition,
    /// Label written after the condition.
    pub label: Option<String>,
    /// One per tier; a group row may have none.
    pub cells: Vec<Cell>,
    /// Dates of the whole row.
    pub dates: Dates,
    /// `under R ALT`.
    pub under: Option<(Name, Name)>,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line.
    pub span: Span,
}

/// What a row asks.
#[derive(Debug, Clone)]
pub enum RowCondition {
    /// A condition, with or without `cell` in it.
    Condition(Expr),
    /// `any of`, `all of`, `at least k of` the dotted children.
    Group(GroupKind),
}

/// How members of a group count.
#[derive(Debug, Clone)]
pub enum GroupKind {
    /// At least one.
    Any,
    /// Every one.
    All,
    /// None.
    No,
    /// At least k.
    AtLeast(Box<Expr>),
}

impl GroupKind {
    /// The number of members, where one is asked for.
    #[must_use]
    pub fn count(&self) -> Option<&Expr> {
        match self {
            GroupKind::AtLeast(count) => Some(count),
            GroupKind::Any | GroupKind::All | GroupKind::No => None,
        }
    }
}

/// A cell of a grid.
#[derive(Debug, Clone)]
pub struct Cell {
    /// What it says.
    pub kind: CellKind,
    /// Where.
    pub span: Span,
}

/// Kinds of grid cell.
#[derive(Debug, Clone)]
pub enum CellKind {
    /// `-`.
    NotRequired,
    /// `mandatory`.
    Mandatory,
    /// `preferred`, or `preferred 4.0`.
    Preferred(Option<Expr>),
    /// A value.
    Value(Expr),
}

/// `amend G [under R ALT]` and its changes.
#[derive(Debug, Clone)]
pub struct Amend {
    /// The grid or table.
    pub target: Name,
    /// `under R ALT` on the header covers every line.
    pub under: Option<(Name, Name)>,
    /// Lines.
    pub changes: Vec<Change>,
}

/// One line of an `amend`.
#[derive(Debug, Clone)]
pub struct Change {
    /// What changes.
    pub kind: ChangeKind,
    /// When.
    pub dates: Dates,
    /// Under which reading.
    pub under: Option<(Name, Name)>,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line.
    pub span: Span,
}

/// Kinds of change.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "short-lived and few")]
pub enum ChangeKind {
    /// `attached for leading, premier is $1.2M`.
    Cells {
        /// Row (dotted) of a grid, or row label of a table.
        row: Name,
        /// Columns.
        tiers: Vec<Name>,
        /// New cell.
        cell: Cell,
    },
    /// `elite like premier except attached $20M, reviews 25`: a new column.
    Like {
        /// New column.
        tier: Name,
        /// Copied column.
        model: Name,
        /// Differences.
        except: Vec<(Name, Cell)>,
    },
    /// `add | name: cond | cells… | [after ROW]`: a new row.
    AddRow(Row),
}

/// `waiver W [dates] [when C]` and its `waives` lines.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
    /// In force.
    pub dates: Dates,
    /// Condition.
    pub condition: Option<Expr>,
    /// What it lifts.
    pub lifts: Vec<Lift>,
}

/// `waives reviews, rating for rising, leading [in GRID] [dates]`.
#[derive(Debug, Clone)]
pub struct Lift {
    /// Rows.
    pub rows: Vec<Name>,
    /// Columns.
    pub tiers: Vec<Name>,
    /// The grid, when several could be meant.
    pub grid: Option<Name>,
    /// Dates of this line alone; they replace the header's end.
    pub dates: Dates,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line.
    pub span: Span,
}

/// `grants FACT for GRID`.
#[derive(Debug, Clone)]
pub struct Grants {
    /// The fact that holds them.
    pub name: Name,
    /// The grid they lift rows of.
    pub grid: Name,
    /// Label.
    pub label: Option<String>,
}
