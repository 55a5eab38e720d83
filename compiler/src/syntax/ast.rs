//! The tree as written: what the parser gives out and the only thing later stages know of the text.
//!
//! Nothing is resolved. A bare word is an [`ExprKind::Name`] whether it will turn out to be a fact, a
//! definition, an item or a value of an enumeration. Every node keeps its span.

pub mod duties;
pub mod lifecycle;

use crate::source::Span;
pub use duties::{Duty, Each, Modality, Obligation, Obligations, Order, Precedence};
pub use lifecycle::{Goto, Keep, Lifecycle, State, Transition, TransitionKind};

/// A word with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The word, without backticks.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// One parsed file.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Declarations in order; broken ones are left out and reported.
    pub declarations: Vec<Declaration>,
    /// Every comment, in order of place, with its `#` or `##`.
    pub comments: Vec<Comment>,
    /// Names that broken declarations would have declared, so that their uses need no report.
    pub broken: Vec<Name>,
}

/// A comment to the end of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Text with the mark.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A declaration at column 0.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// The `##` lines directly above, without the mark.
    pub doc: String,
    /// What it declares.
    pub kind: DeclarationKind,
    /// Header and body.
    pub span: Span,
    /// Clauses on the header; they cover the body.
    pub cites: Vec<Name>,
}

/// The forms of the language.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each variant is its keyword")]
pub enum DeclarationKind {
    Program(Program),
    Module(Module),
    Use(Use),
    Source(Source),
    Enum(Enum),
    Record(Record),
    Fact(Fact),
    Judgement(Judgement),
    Value(Value),
    Define(Define),
    Requirements(Requirements),
    Amend(Amend),
    Waiver(Waiver),
    Grants(Grants),
    Exception(Exception),
    Prevails(Prevails),
    Table(Table),
    Schedule(Schedule),
    Reading(Reading),
    Lifecycle(Lifecycle),
    Obligations(Obligations),
    Duty(Duty),
    Order(Order),
    Tests(Tests),
}

/// `program NAME "label" version 2026.1` with `currency USD` in the body.
#[derive(Debug, Clone)]
pub struct Program {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
    /// Version as written.
    pub version: Option<String>,
    /// ISO code.
    pub currency: Option<Name>,
}

/// `module NAME "label"`: a file that several programs share.
#[derive(Debug, Clone)]
pub struct Module {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
}

/// `use "../shared/tiers.pol"`, relative to the file it stands in.
#[derive(Debug, Clone)]
pub struct Use {
    /// Path as written.
    pub path: String,
    /// Where.
    pub span: Span,
}

/// `source guide "Title" [external]` and its clauses.
#[derive(Debug, Clone)]
pub struct Source {
    /// Key.
    pub name: Name,
    /// Title.
    pub title: String,
    /// Clauses may be cited but are not counted.
    pub external: bool,
    /// Clauses in order.
    pub clauses: Vec<Clause>,
}

/// `TP-033 "text" [informational | left out because "…"]`.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Identifier.
    pub id: Name,
    /// The nearest `section "…"` line above.
    pub section: String,
    /// Text.
    pub text: String,
    /// How it is treated.
    pub treatment: Treatment,
}

/// How a clause is treated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its words")]
pub enum Treatment {
    Encoded,
    Informational,
    LeftOut(String),
}

/// `enum E { a, b }` or `scale S { a < b }`.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
    /// A scale.
    pub ordered: bool,
    /// Values, lowest first.
    pub values: Vec<Name>,
}

/// `record R [dated FIELD] ["label"]` and its fields.
#[derive(Debug, Clone)]
pub struct Record {
    /// Name.
    pub name: Name,
    /// The dating field.
    pub dated: Option<Name>,
    /// Label.
    pub label: Option<String>,
    /// Fields.
    pub fields: Vec<Field>,
}

/// `name: type [range] ["label"]` inside a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name.
    pub name: Name,
    /// What kind of input, and its type.
    pub input: FieldInput,
    /// Range.
    pub range: Option<(Option<Expr>, Option<Expr>)>,
    /// Label.
    pub label: Option<String>,
}

/// What kind of input a field is.
#[derive(Debug, Clone)]
pub enum FieldInput {
    /// `name: type`.
    Given(TypeExpr),
    /// `event name`: hidden when later than as_of.
    Event,
    /// `judgement name: values by WHO`.
    Judgement {
        /// Its values.
        values: JudgementValues,
        /// Who decides.
        by: Name,
    },
}

/// A written type.
#[derive(Debug, Clone)]
pub struct TypeExpr {
    /// Which.
    pub kind: TypeKind,
    /// Where.
    pub span: Span,
}

/// Written types.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `int`, `money`, `Tier`, …
    Named(Name),
    /// `list of T`.
    List(Box<TypeExpr>),
    /// `set of E`.
    Set(Box<TypeExpr>),
    /// `T or none`.
    Optional(Box<TypeExpr>),
    /// `{ a: T, b: U }`.
    Record(Vec<(Name, TypeExpr)>),
}

/// `fact`, `event`.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Name.
    pub name: Name,
    /// `event NAME`: type is date or none and `ty` is absent.
    pub event: bool,
    /// Type; absent for an event.
    pub ty: Option<TypeExpr>,
    /// `0..5`, `>= 0` as a range with one open end.
    pub range: Option<(Option<Expr>, Option<Expr>)>,
    /// Label.
    pub label: Option<String>,
    /// `assume EXPR`.
    pub assume: Option<Expr>,
    /// `derived EXPR`.
    pub derived: Option<Expr>,
    /// `published`.
    pub published: bool,
    /// `stated nowhere`.
    pub stated_nowhere: bool,
    /// `informational`: kept with the others, though no rule reads it.
    pub informational: bool,
}

/// `judgement J: yes, no by hubspot ["label"]` or `judgement J: Enum by …` or `judgement J: bool by …`.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Name.
    pub name: Name,
    /// Its values.
    pub values: JudgementValues,
    /// Who decides.
    pub by: Name,
    /// Label.
    pub label: Option<String>,
    /// `evidence a, b` lines.
    pub evidence: Vec<Name>,
}

/// What a judgement may say.
#[derive(Debug, Clone)]
pub enum JudgementValues {
    /// Written in place; an enumeration of its own.
    Words(Vec<Name>),
    /// A declared type.
    Type(TypeExpr),
}

/// `from D`, `through D`, `before D`, `announced D`.
#[derive(Debug, Clone, Default)]
pub struct Dates {
    /// First day inside.
    pub from: Option<Expr>,
    /// Last day inside.
    pub through: Option<Expr>,
    /// First day after.
    pub before: Option<Expr>,
    /// When it was made known.
    pub announced: Option<Expr>,
    /// Where; default when nothing is written.
    pub span: Span,
}

/// `value V: money` and dated lines.
#[derive(Debug, Clone)]
pub struct Value {
    /// Name.
    pub name: Name,
    /// Type; inferred when absent.
    pub ty: Option<TypeExpr>,
    /// Label.
    pub label: Option<String>,
    /// Versions.
    pub versions: Vec<Version>,
    /// `not in force before D`.
    pub not_before: Option<Expr>,
}

/// One dated value.
#[derive(Debug, Clone)]
pub struct Version {
    /// The value.
    pub value: Expr,
    /// When.
    pub dates: Dates,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The whole line.
    pub span: Span,
}

/// `define` or `decision`.
#[derive(Debug, Clone)]
pub struct Define {
    /// Published.
    pub decision: bool,
    /// Name.
    pub name: Name,
    /// Type; inferred when absent.
    pub ty: Option<TypeExpr>,
    /// Label.
    pub label: Option<String>,
    /// `applies when C [because "…"]`.
    pub applies: Option<Scope>,
    /// `note "TEXT" [when C]` lines.
    pub notes: Vec<(String, Option<Expr>)>,
    /// The value.
    pub body: Body,
}

/// `applies when C because "…"`.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Condition.
    pub condition: Expr,
    /// Reason when it does not hold.
    pub because: Option<String>,
    /// Clauses.
    pub cites: Vec<Name>,
}

/// What a definition is.
#[derive(Debug, Clone)]
pub enum Body {
    /// `= EXPR`.
    Expr(Expr),
    /// Case lines.
    Cases(Vec<Case>),
    /// `by reading R` and one line per alternative.
    Reading {
        /// The reading.
        reading: Name,
        /// A body for each alternative.
        alternatives: Vec<Alternative>,
    },
}

/// A line of cases.
#[derive(Debug, Clone)]
pub struct Case {
    /// What.
    pub kind: CaseKind,
    /// `under R ALT`.
    pub under: Option<(Name, Name)>,
    /// Dates of this line.
    pub dates: Dates,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line, or the block.
    pub span: Span,
}

/// Kinds of case.
#[derive(Debug, Clone)]
pub enum CaseKind {
    /// `VALUE when C`, `VALUE otherwise`.
    Value {
        /// The value.
        value: Expr,
        /// The guard; none for `otherwise`.
        guard: Option<Expr>,
    },
    /// `when C {` … `}`.
    Block {
        /// The guard.
        guard: Expr,
        /// Inner cases.
        cases: Vec<Case>,
    },
    /// `not applicable because "…" [when C | otherwise]`.
    NotApplicable {
        /// Why.
        because: String,
        /// The guard; none for `otherwise`.
        guard: Option<Expr>,
    },
}

/// `ALT  EXPR` or `ALT not applicable because "…"`; optionally `ALT EXPR when C otherwise not applicable because "…"`.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The alternative.
    pub name: Name,
    /// Its value.
    pub value: Expr,
    /// `when C otherwise not applicable because "…"`.
    pub gap: Option<(Expr, String)>,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line.
    pub span: Span,
}

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

/// `exception E to TARGET [dates] [when C]` with `use EXPR` or `does not apply`.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Name.
    pub name: Name,
    /// A definition, `waiver W`, `schedule S`, or `definition.case` by dotted name.
    pub target: Name,
    /// Label.
    pub label: Option<String>,
    /// In force.
    pub dates: Dates,
    /// Condition.
    pub condition: Option<Expr>,
    /// `use EXPR`; none for `does not apply`.
    pub use_value: Option<Expr>,
}

/// `A prevails over B because "…"`.
#[derive(Debug, Clone)]
pub struct Prevails {
    /// Stronger.
    pub winner: Name,
    /// Weaker.
    pub loser: Name,
    /// Reason.
    pub because: String,
}

/// `table T …`.
#[derive(Debug, Clone)]
pub struct Table {
    /// Name.
    pub name: Name,
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
    /// `otherwise`: what no other row covers.
    Otherwise,
    /// `not applicable because "…"` in an output or across cell.
    NotApplicable(String),
    /// Values, one after the other, separated by commas: alternatives of a test, or the parts of an across cell.
    Values(Vec<Expr>),
    /// `>= $100K`, `> 1 and < 5`: every one must hold.
    Tests(Vec<(BinaryOp, Expr)>),
    /// `1..5`, both ends included.
    Range(Expr, Expr),
}

/// `schedule S …`.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
    /// The rule.
    pub rule: ScheduleRule,
    /// In force.
    pub dates: Dates,
    /// `except 2026, 2028`.
    pub except_years: Vec<Expr>,
}

/// How it recurs.
#[derive(Debug, Clone)]
pub enum ScheduleRule {
    /// `on day 15 of january, april`.
    DayOfMonths(Expr, Vec<Name>),
    /// `in january, june`.
    Months(Vec<Name>),
    /// `every 6 months after EXPR`.
    Every(Expr, Expr),
}

/// `reading R "label"`.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<String>,
    /// `ALT "what it means"` lines.
    pub alternatives: Vec<(Name, Option<String>)>,
    /// `chosen ALT [dates] because "…"` lines.
    pub chosen: Vec<Chosen>,
}

/// The default over time.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Alternative.
    pub name: Name,
    /// When.
    pub dates: Dates,
    /// Why.
    pub because: String,
    /// Where.
    pub span: Span,
}

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
    /// `broken`.
    Broken,
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its sign")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    Mul,
    Div,
}

/// Literals; numbers keep their text, they are read exactly later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `yes`, `no`.
    Bool(bool),
    /// `none`.
    None,
    /// `5`, `4.0`, `1_000` (digits without `_`).
    Number(String),
    /// `25%` (digits).
    Percent(String),
    /// `$400K`, `EUR 5` (digits with K and M multiplied out, currency code or `$`).
    Money(String),
    /// `2026-10-15` (text; it may still be no date).
    Date(String),
    /// `14 days`, `2 weeks` (as days).
    Days(u32),
    /// `12 months`, `2 years` (as months).
    Months(u32),
    /// `"text"` without quotes.
    Text(String),
}

/// Which side of the anchor a window lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// `within P before D`: [D−P, D).
    Before,
    /// `within P up to D`: (D−P, D].
    UpTo,
    /// `within P from D`: [D, D+P].
    From,
    /// `within P after D`: (D, D+P].
    After,
    /// `within N whole months before D`: the N calendar months before D's month.
    WholeMonthsBefore,
}

/// Aggregates of a whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum Aggregate {
    Count,
    Sum,
    Average,
    Smallest,
    Largest,
    Distinct,
    Flatten,
}

/// Choosing one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum Pick {
    First,
    Last,
    Only,
    /// Smallest key.
    Earliest,
    /// Largest key.
    Latest,
}

/// Rounding as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum Rounding {
    HalfUp,
    HalfEven,
    Up,
    Down,
}

/// To what a number is rounded.
#[derive(Debug, Clone)]
pub enum RoundTo {
    /// `to 2 places`.
    Places(u32),
    /// `to nearest $0.05`.
    Nearest(Box<Expr>),
}

/// Calendar units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum CalendarUnit {
    Month,
    Quarter,
    Year,
}

/// Expressions.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A bare word; `as_of` and `cell` too.
    Name(String),
    /// `.field` of the current item.
    ItemField(Name),
    /// `x.field`: a field, a projection of a list, or `Enum.value`.
    Access(Box<Expr>, Name),
    /// `not x`.
    Not(Box<Expr>),
    /// `-x`.
    Negate(Box<Expr>),
    /// An operator.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x is none` (false), `x is not none` (true).
    IsNone(Box<Expr>, bool),
    /// `x in y`, `x not in y`: list, set, schedule; `x is one of a, b` too.
    In {
        /// The value.
        item: Box<Expr>,
        /// List, set or schedule.
        list: Box<Expr>,
        /// `not in`.
        negated: bool,
    },
    /// `d within P before D`.
    Within {
        /// The tested date.
        date: Box<Expr>,
        /// Days or months.
        amount: Box<Expr>,
        /// Side.
        window: Window,
        /// The anchor.
        anchor: Box<Expr>,
    },
    /// `J recorded` (false), `J not recorded` (true); J may be a judgement field.
    Recorded(Box<Expr>, bool),
    /// `period from D through E`; either end may be open. `before E` ends the day before.
    Period {
        /// First day.
        from: Option<Box<Expr>>,
        /// Last day.
        through: Option<Box<Expr>>,
        /// First day after.
        before: Option<Box<Expr>>,
    },
    /// `p overlaps q`.
    Overlaps(Box<Expr>, Box<Expr>),
    /// `overlap of (p, q)`.
    Overlap(Box<Expr>, Box<Expr>),
    /// `days of p`, `days of PERIODS`.
    DaysOf(Box<Expr>),
    /// `needs FACT`: unknown, the fact is asked for.
    Missing(Name),
    /// `x or else y`.
    OrElse(Box<Expr>, Box<Expr>),
    /// `if c then a else b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `count of L`.
    Aggregate(Aggregate, Box<Expr>),
    /// `any L where C`, `all L where C`, `no L where C`, `at least k of L where C`.
    Quantified {
        /// How many.
        kind: GroupKind,
        /// The list, without its condition.
        list: Box<Expr>,
        /// Name of the item, when one is given (`any user in users where …`).
        item: Option<Name>,
        /// The condition; none when the list is one of bools.
        condition: Option<Box<Expr>>,
    },
    /// `any of (a, b)`, `all of (…)`, `none of (…)`, `at least k of (…)`.
    Group(GroupKind, Vec<Expr>),
    /// `L where C`.
    Where {
        /// The list.
        list: Box<Expr>,
        /// Condition on `.fields`.
        condition: Box<Expr>,
    },
    /// `for each x in L [where C] give E`; `x` may also run over an enumeration's values.
    ForEach {
        /// Item.
        item: Name,
        /// The list.
        list: Box<Expr>,
        /// Filter, in which the item is visible by name.
        filter: Option<Box<Expr>>,
        /// New item.
        body: Box<Expr>,
    },
    /// `first of L`, `latest of L by .f`.
    Pick {
        /// Which.
        which: Pick,
        /// The list.
        list: Box<Expr>,
        /// Key, for earliest and latest.
        by: Option<Box<Expr>>,
    },
    /// `L sorted by .f [descending]`.
    Sort {
        /// The list.
        list: Box<Expr>,
        /// Key.
        by: Box<Expr>,
        /// Largest first.
        descending: bool,
    },
    /// `L grouped by .f`: records with `key` and `items`.
    GroupBy {
        /// The list.
        list: Box<Expr>,
        /// Key.
        by: Box<Expr>,
    },
    /// `L followed by M`.
    Concat(Box<Expr>, Box<Expr>),
    /// `{ a: x, b: y }`.
    Record(Vec<(Name, Expr)>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `[x when C, y when D]`: items with guards; a plain list has none.
    ListWhere(Vec<(Expr, Option<Expr>)>),
    /// `x rounded half up to 2 places`.
    Round(Box<Expr>, Rounding, RoundTo),
    /// `start of month of d` (false), `end of month of d` (true).
    Boundary(bool, CalendarUnit, Box<Expr>),
    /// `days from a to b`.
    DaysBetween(Box<Expr>, Box<Expr>),
    /// `months from a to b`.
    MonthsBetween(Box<Expr>, Box<Expr>),
    /// `earlier of (a, b)` / `smallest of (a, b)` over written items (false), `later of` / `largest of` (true).
    Extreme(bool, Vec<Expr>),
    /// `next S on or after d`.
    NextOn(Name, Box<Expr>),
    /// `previous S before d`.
    PreviousBefore(Name, Box<Expr>),
    /// `x as of d`.
    AsOf(Box<Expr>, Box<Expr>),
    /// `ever C within P from D`.
    Ever {
        /// The condition.
        condition: Box<Expr>,
        /// Days or months.
        amount: Box<Expr>,
        /// First day.
        anchor: Box<Expr>,
    },
    /// `highest Tier meeting G [at stage S]`.
    HighestMeeting {
        /// The scale.
        scale: Name,
        /// The grid.
        grid: Name,
        /// Last stage that counts.
        stage: Option<Name>,
    },
    /// `rows of G for T where result is [not] R, S`: the names of the rows, as a list of text.
    RowsOf {
        /// The grid.
        grid: Name,
        /// The tier.
        tier: Box<Expr>,
        /// Wanted results.
        results: Vec<Name>,
        /// `is not`.
        negated: bool,
        /// `and by W`: only rows waived by a dated waiver (`by dated waiver`) and otherwise this result.
        otherwise: Option<Name>,
    },
    /// `result of ROW for T [in G]`.
    ResultOf {
        /// Row (dotted).
        row: Name,
        /// The tier.
        tier: Box<Expr>,
        /// The grid, when there are several.
        grid: Option<Name>,
    },
}
