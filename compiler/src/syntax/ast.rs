//! The tree as written: what the parser gives out and the only thing later stages know of the text.
//!
//! Nothing is resolved. A bare word is an [`ExprKind::Name`] whether it will turn out to be a fact, a
//! definition, an item or a value of an enumeration. Every node keeps its span.

mod duties;
mod expr;
mod grid;
mod lifecycle;
mod parts;
mod table;
mod tests;

use crate::source::Span;
pub use duties::{Duty, Each, Modality, Obligation, Obligations, Order, Precedence};
pub use expr::{
    Aggregate, Arithmetic, BinaryOp, CalendarUnit, Comparison, DatePart, Expr, ExprKind, Literal,
    Made, NoSuchDay, Operation, Pick, RoundTo, Rounding, Taken, Window,
};
pub use grid::{
    Amend, Cell, CellKind, Change, ChangeKind, Grants, GroupKind, Lift, Requirements, Row,
    RowCondition, Waiver,
};
pub use lifecycle::{AGAIN, Goto, Keep, Lifecycle, State, Transition, TransitionKind};
pub use parts::Part;
pub use table::{Column, Table, TableCell, TableCellKind, TableMode, TableRow};
pub use tests::{Given, TestColumn, TestRow, TestValue, TestValueKind, Tests};

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
    /// Findings accepted in writing.
    pub accepts: Vec<crate::syntax::Accept>,
    /// Broken declarations, so that uses of what they would have declared need no report.
    pub broken: Vec<Broken>,
}

/// A declaration that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The word it begins with.
    pub keyword: String,
    /// What it would have declared.
    pub name: Name,
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
    /// Whether facts may leave it out.
    pub left_out: LeftOut,
    /// Label.
    pub label: Option<String>,
}

/// What a record of the facts means by leaving a field out.
#[derive(Debug, Clone)]
pub enum LeftOut {
    /// Nothing: the field is unknown.
    Unknown,
    /// `may be left out`: it is none.
    None,
    /// `may be left out = V`.
    Value(Expr),
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
    /// What it is asked for with.
    pub takes: Takes,
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

/// What a rule is asked for with: nothing, a record, or what is listed.
#[derive(Debug, Clone, Default)]
pub struct Takes {
    /// In order.
    pub parameters: Vec<Parameter>,
    /// It is a rule of a record, `define NAME of RECORD`: used like a field.
    pub of_record: bool,
}

/// A parameter of a rule.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name; of a record that is not named, the name of its type.
    pub name: Name,
    /// Type.
    pub ty: TypeExpr,
    /// Whether the name is written.
    pub named: bool,
}

impl Takes {
    /// The names of the parameters.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.parameters.iter().map(|parameter| &parameter.name)
    }

    /// The record that it is a rule of.
    #[must_use]
    pub fn record(&self) -> Option<&Name> {
        let first = self.parameters.first().filter(|_| self.of_record)?;
        match &first.ty.kind {
            TypeKind::Named(name) => Some(name),
            TypeKind::List(_) | TypeKind::Set(_) | TypeKind::Optional(_) | TypeKind::Record(_) => {
                None
            }
        }
    }
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
    /// `otherwise`, where it stands for the guard.
    pub otherwise: Option<Otherwise>,
    /// `under R ALT`.
    pub under: Option<(Name, Name)>,
    /// Dates of this line.
    pub dates: Dates,
    /// Clauses.
    pub cites: Vec<Name>,
    /// The line, or the block.
    pub span: Span,
}

/// `otherwise`, or `otherwise (partner, none)`.
#[derive(Debug, Clone)]
pub struct Otherwise {
    /// The values it says it takes.
    pub left: Option<Vec<Expr>>,
    /// Where.
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

/// `exception E to TARGET [dates] [when C]` with `use EXPR` or `does not apply`.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Name.
    pub name: Name,
    /// A definition, `waiver W`, `schedule S`, or `definition.case` by dotted name.
    pub target: Name,
    /// The record, of a rule of one.
    pub of: Option<Name>,
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
