//! Tables.

use super::*;

/// `table T …`.
#[derive(Debug, Clone)]
pub struct Table {
    /// Name.
    pub name: Name,
    /// What it is asked for with.
    pub takes: Takes,
    /// Label.
    pub label: Option<String>,
    /// Declared mode.
    pub mode: TableMode,
    /// `for EXPR`: the columns after the left ones are values of this expression's enumeration.
    pub across: Option<Expr>,
    /// `gives level: Level, quantity: int or none`: what a cell of an `across` table holds.
    pub gives: Vec<(Name, TypeExpr)>,
    /// `marginal`: a graded scale.
    pub marginal: bool,
    /// Left (or all) columns.
    pub columns: Vec<Column>,
    /// Values heading the `across` columns.
    pub headings: Vec<Name>,
    /// Rows.
    pub rows: Vec<TableRow>,
}

/// Hit policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableMode {
    /// Checked complete and disjoint.
    ExactlyOneRow,
    /// Overlaps must agree.
    AnyRow,
    /// The first that matches, from the top.
    FirstRow,
    /// All rows that match, as a list.
    EveryRow,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub enum Column {
    /// A tested expression.
    Input(Expr),
    /// `-> name: type`.
    Output(Name, TypeExpr),
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct TableRow {
    /// `name:` before the first cell, if any.
    pub name: Option<Name>,
    /// One per column.
    pub cells: Vec<TableCell>,
    /// Dates.
    pub dates: Dates,
    /// `under R ALT`.
    pub under: Option<(Name, Name)>,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line.
    pub span: Span,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub struct TableCell {
    /// What it says.
    pub kind: TableCellKind,
    /// Where.
    pub span: Span,
}

/// Kinds of table cell.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "short-lived and few")]
pub enum TableCellKind {
    /// `any` (inputs), `-` (inputs: any; across cells: no row; outputs: none).
    Dash,
    /// `otherwise`, `otherwise (copper)`: what no other row covers.
    Otherwise(Otherwise),
    /// `not applicable because "…"` in an output or across cell.
    NotApplicable(String),
    /// Values, one after the other, separated by commas: alternatives of a test, or the parts of an across cell.
    Values(Vec<Expr>),
    /// `>= $100K`, `> 1 and < 5`: every one must hold.
    Tests(Vec<(Comparison, Expr)>),
    /// `1..5`, both ends included.
    Range(Expr, Expr),
}

impl TableCellKind {
    /// Shows every expression of the cell.
    pub fn each_expr<'a>(&'a self, mut see: impl FnMut(&'a Expr)) {
        match self {
            TableCellKind::Values(values) => values.iter().for_each(see),
            TableCellKind::Tests(tests) => tests.iter().for_each(|(_, value)| see(value)),
            TableCellKind::Range(low, high) => {
                see(low);
                see(high);
            }
            TableCellKind::Otherwise(otherwise) => otherwise.left.iter().flatten().for_each(see),
            TableCellKind::Dash | TableCellKind::NotApplicable(_) => {}
        }
    }
}
