//! Test blocks.

use super::*;

/// `tests "label" [as_of D] [under R ALT, …]`.
#[derive(Debug, Clone)]
pub struct Tests {
    /// Label.
    pub label: String,
    /// Where the label stands.
    pub label_span: Span,
    /// Date for every row without an `as_of` column.
    pub as_of: Option<Expr>,
    /// Readings for every row.
    pub under: Vec<(Name, Name)>,
    /// `given PATH = VALUE` lines.
    pub given: Vec<Given>,
    /// Header of the table of cases; may be empty when `expects` are lines.
    pub columns: Vec<TestColumn>,
    /// Rows.
    pub rows: Vec<TestRow>,
    /// `expect TARGET = VALUE` lines outside a table; they hold in every row, or make a single case.
    pub expects: Vec<(TestColumn, TestValue)>,
}

/// `given fact = value`.
#[derive(Debug, Clone)]
pub struct Given {
    /// Fact.
    pub name: Name,
    /// Value.
    pub value: Expr,
}

/// A column of a `tests` table.
#[derive(Debug, Clone)]
pub enum TestColumn {
    /// A fact.
    Fact(Name),
    /// `as_of`.
    AsOf(Span),
    /// `expect DECISION` (also any definition), `expect DECISION.field…`.
    Expect(Name),
    /// `expect ROW for TIER [in GRID]`.
    ExpectCell {
        /// Row (dotted).
        row: Name,
        /// Column.
        tier: Name,
        /// The grid, when there are several.
        grid: Option<Name>,
    },
    /// `note`.
    Note(Span),
}

/// A row of a `tests` table.
#[derive(Debug, Clone)]
pub struct TestRow {
    /// One per column.
    pub cells: Vec<TestValue>,
    /// The line.
    pub span: Span,
}

/// A cell of a `tests` table.
#[derive(Debug, Clone)]
pub struct TestValue {
    /// What it says.
    pub kind: TestValueKind,
    /// Where.
    pub span: Span,
}

/// Kinds of test cell.
#[derive(Debug, Clone)]
pub enum TestValueKind {
    /// Empty or `-`: not given (a fact), not checked (an expectation).
    Empty,
    /// A value; in cell expectations a result name such as `met`.
    Value(Expr),
    /// `unknown [needs a, b]`.
    Unknown(Vec<Name>),
    /// `needs_decision [by J, K]`.
    NeedsDecision(Vec<Name>),
    /// `not_applicable`.
    NotApplicable,
    /// `error`.
    Error,
}
