//! Names that mean nothing: what is said of them, once, and when nothing is said.
//!
//! Whoever looks for a name says what kind of thing it sought and which names there are; the code, the words, the
//! name that was probably meant and what else could have declared it are decided here.

use super::Symbols;
use crate::diagnostics::{Code, Diagnostic, all_nearest};
use crate::source::Span;
use crate::syntax::ast::Name;
use std::collections::HashSet;

/// What a name was to stand for.
#[derive(Debug, Clone, Copy)]
pub enum Sought<'t> {
    /// A clause of a source.
    Clause,
    /// Anything that has a value.
    Value,
    /// A rule that takes parameters.
    Rule,
    /// A value of the enumeration of this name.
    ValueOf(&'t str),
    /// A type.
    Type,
    /// A scale.
    Scale,
    /// A record.
    Record,
    /// A fact that is evidence.
    Fact,
    /// A reading.
    Reading,
    /// An alternative of this reading.
    Alternative(&'t str),
    /// A schedule.
    Schedule,
    /// A month of the year.
    Month,
    /// Requirements, as `requirements … for`.
    Requirements,
    /// The requirements that grants are for.
    Granted,
    /// An exception, in a ranking.
    Exception,
    /// Something that an exception can go to.
    Excepted,
    /// A case or row of this, as the target of an exception.
    Part(&'t str),
    /// A grid or table to amend.
    Amended,
    /// A field of this type.
    Field(&'t str),
    /// A field of the record written out here.
    RecordField,
    /// A field of a finding.
    FindingField,
    /// A date among the fields of a record.
    DatingField,
    /// A date among the fields of the items of a list.
    ItemDate,
    /// A part of this order.
    OrderPart(&'t str),
    /// Something that a lifecycle keeps.
    Kept,
    /// A state.
    State,
    /// A state that is a value of an enumeration, which is written so.
    DeclaredState(&'t str),
    /// A column that heads a grid of this scale.
    TierOf(&'t str),
    /// A column of a table.
    Heading,
    /// A tier.
    Tier,
    /// A tier that some grid has.
    AnyTier,
    /// A row.
    Row,
    /// A row that some grid has, to lift.
    AnyRow,
    /// A row that some grid has, to ask about.
    RowOfGrids,
    /// The group of this row.
    Group(&'t str),
    /// A stage.
    Stage,
    /// A stage of this grid.
    StageOf(&'t str),
    /// What a cell comes to.
    CellResult,
}

/// A name that nothing declares, and what is said of it.
#[derive(Debug)]
pub struct Unknown {
    finding: Diagnostic,
    /// The words by which something broken may have declared it.
    words: Vec<String>,
    /// Declarations that may have held it where they could not be read.
    inside: &'static [&'static str],
}

impl Unknown {
    /// A name that was sought among some names.
    pub fn new<S: AsRef<str>>(
        name: &Name,
        sought: Sought<'_>,
        known: impl IntoIterator<Item = S>,
    ) -> Self {
        let known = known.into_iter().map(|name| name.as_ref().to_owned());
        Unknown::word(&name.text, name.span, sought, known.collect(), Vec::new())
    }

    /// A name that was sought where no other is worth a suggestion.
    pub fn only(name: &Name, sought: Sought<'_>) -> Self {
        Unknown::word(&name.text, name.span, sought, Vec::new(), Vec::new())
    }

    /// A word at a place that was sought among some names; `others` may have been meant as well.
    pub fn word(
        word: &str,
        span: Span,
        sought: Sought<'_>,
        known: Vec<String>,
        others: Vec<String>,
    ) -> Self {
        let near = all_nearest(word, known.iter().chain(&others));
        let message = sought.message(word);
        let (message, help) = match elsewhere(word) {
            Some(help) if sought.is_expression() => {
                (format!("nothing is called `{word}`"), help.to_owned())
            }
            _ if near.is_empty() => (message, sought.otherwise(word, &known)),
            _ => (message, sought.meant(&near)),
        };
        Unknown {
            finding: Diagnostic::new(sought.code(), span, message).help(help),
            words: word.split('.').chain([word]).map(str::to_owned).collect(),
            inside: sought.inside(),
        }
    }
}

/// Which unknown names have been reported.
#[derive(Debug, Default)]
pub struct Reported {
    places: HashSet<Span>,
}

impl Reported {
    /// The finding about an unknown name, unless it has been made, or what would have declared it could not be read.
    pub fn once(&mut self, unknown: Unknown, symbols: &Symbols) -> Option<Diagnostic> {
        let excused = symbols.incomplete
            || (!unknown.inside.is_empty() && symbols.lacks(unknown.inside))
            || unknown.words.iter().any(|word| symbols.is_broken(word));
        let place = unknown.finding.labels.first().map(|label| label.span)?;
        (!excused && self.places.insert(place)).then_some(unknown.finding)
    }
}

/// What another language calls it.
fn elsewhere(word: &str) -> Option<&'static str> {
    match word {
        "true" | "True" | "TRUE" | "Yes" | "YES" => Some("write `yes`"),
        "false" | "False" | "FALSE" | "No" | "NO" => Some("write `no`"),
        "null" | "nil" | "None" => Some("write `none`"),
        "today" | "now" => Some("the day of evaluation is `as_of`"),
        _ => None,
    }
}

impl Sought<'_> {
    /// Whether it stands where any expression may.
    fn is_expression(self) -> bool {
        matches!(self, Sought::Value | Sought::ValueOf(_))
    }

    fn code(self) -> Code {
        match self {
            Sought::Clause => Code::UnknownClause,
            Sought::Value
            | Sought::Rule
            | Sought::ValueOf(_)
            | Sought::Type
            | Sought::Scale
            | Sought::Record
            | Sought::Fact
            | Sought::Reading
            | Sought::Alternative(_)
            | Sought::Schedule
            | Sought::Requirements
            | Sought::TierOf(_)
            | Sought::Heading
            | Sought::Stage
            | Sought::StageOf(_)
            | Sought::CellResult => Code::UnknownName,
            Sought::Month => Code::BadSchedule,
            Sought::Group(_) => Code::BadGroup,
            Sought::Granted
            | Sought::Exception
            | Sought::Excepted
            | Sought::Part(_)
            | Sought::Amended => Code::UnknownTarget,
            Sought::Field(_)
            | Sought::RecordField
            | Sought::FindingField
            | Sought::DatingField
            | Sought::ItemDate
            | Sought::OrderPart(_)
            | Sought::Kept => Code::UnknownField,
            Sought::State | Sought::DeclaredState(_) => Code::UnknownState,
            Sought::Tier | Sought::AnyTier | Sought::Row | Sought::AnyRow | Sought::RowOfGrids => {
                Code::UnknownRow
            }
        }
    }

    fn message(self, word: &str) -> String {
        match self {
            Sought::Clause => format!("no source lists the clause `{word}`"),
            Sought::Value => format!("nothing is called `{word}`"),
            Sought::Rule => format!("no rule is called `{word}`"),
            Sought::ValueOf(of) | Sought::TierOf(of) => format!("`{word}` is not a value of {of}"),
            Sought::Type => format!("there is no type `{word}`"),
            Sought::Scale => format!("there is no scale `{word}`"),
            Sought::Record => format!("there is no record `{word}`"),
            Sought::Fact => format!("there is no fact `{word}`"),
            Sought::Reading => format!("there is no reading `{word}`"),
            Sought::Alternative(reading) => {
                format!("the reading `{reading}` has no alternative `{word}`")
            }
            Sought::Schedule => format!("there is no schedule `{word}`"),
            Sought::Month => format!("there is no month `{word}`"),
            Sought::Requirements | Sought::Granted => {
                format!("there are no requirements `{word}`")
            }
            Sought::Exception => format!("there is no exception `{word}`"),
            Sought::Excepted => format!("there is nothing called `{word}` to except from"),
            Sought::Part(whole) => format!("`{whole}` has no case or row `{word}`"),
            Sought::Amended => format!("there is no grid or table `{word}`"),
            Sought::Field(of) => format!("{of} has no field `{word}`"),
            Sought::RecordField => format!("there is no field `{word}` here"),
            Sought::FindingField => format!("a finding has no field `{word}`"),
            Sought::DatingField => format!("`{word}` is no date of this record"),
            Sought::ItemDate => format!("`{word}` is no date of these items"),
            Sought::OrderPart(_) => format!("an order has no part `{word}`"),
            Sought::Kept => format!("the lifecycle keeps no `{word}`"),
            Sought::State => format!("there is no state `{word}`"),
            Sought::DeclaredState(_) => {
                format!("`{word}` is no value of the lifecycle's enumeration")
            }
            Sought::Heading => format!("`{word}` heads no column here"),
            Sought::Tier => format!("there is no tier `{word}`"),
            Sought::AnyTier => format!("no grid has a tier `{word}`"),
            Sought::Row => format!("there is no row `{word}`"),
            Sought::AnyRow | Sought::RowOfGrids => format!("no grid has a row `{word}`"),
            Sought::Group(row) => format!("`{row}` has no group row above it"),
            Sought::Stage => format!("there is no stage `{word}`"),
            Sought::StageOf(grid) => format!("`{grid}` has no stage `{word}`"),
            Sought::CellResult => format!("`{word}` is no result of a cell"),
        }
    }

    /// The cure where a known name is near enough to be meant.
    fn meant(self, near: &[String]) -> String {
        let dot = if let Sought::Field(_) = self { "." } else { "" };
        // Of many that are as near as each other none stands out.
        let near = near.get(..2).unwrap_or(near);
        let near: Vec<String> = near.iter().map(|near| format!("`{dot}{near}`")).collect();
        let first = match matches!(self, Sought::DeclaredState(_)) {
            true => " A new state is added to its enumeration first",
            false => "",
        };
        format!("did you mean {}?{first}", near.join(" or "))
    }

    /// The cure where none is.
    fn otherwise(self, word: &str, known: &[String]) -> String {
        let list = known.join(", ");
        match self {
            Sought::Clause => "list it in a `source` block, or cite another clause".to_owned(),
            Sought::Value => {
                "declare it with `fact`, `define` or `value`, or check the spelling".to_owned()
            }
            Sought::Rule => format!("declare it: `define {word}(NAME: TYPE) = VALUE`"),
            Sought::ValueOf(_) => format!("its values are {list}"),
            Sought::Type => "declare it with `enum`, `scale` or `record`".to_owned(),
            Sought::Scale => format!("declare it: `scale {word} {{ low < high }}`"),
            Sought::Record => "declare it with `record`".to_owned(),
            Sought::Fact => "declare it with `fact` or `event`".to_owned(),
            Sought::Reading => "declare it with `reading`".to_owned(),
            Sought::Alternative(_) => format!("its alternatives are {list}"),
            Sought::Schedule => "declare it with `schedule`".to_owned(),
            Sought::Month => "write months as january … december".to_owned(),
            Sought::Requirements => "declare them with `requirements NAME for SCALE`".to_owned(),
            Sought::Granted => "name a `requirements` declaration".to_owned(),
            Sought::Exception => "declare it with `exception`".to_owned(),
            Sought::Excepted | Sought::Part(_) => "check the spelling".to_owned(),
            Sought::Amended if known.is_empty() => {
                "this program has no `requirements` and no table; a `use` of the file that holds it may be missing".to_owned()
            }
            Sought::Amended => format!("what can be amended is {list}"),
            Sought::Field(_) | Sought::RecordField => format!("its fields are {list}"),
            Sought::FindingField => "add the field to the record of the findings".to_owned(),
            Sought::DatingField => format!("add the field `{word}: date`"),
            Sought::ItemDate => "name the field that says when an item begins".to_owned(),
            Sought::OrderPart(order) => {
                format!("write `{order}` for whether the plan keeps it, or `{order}.valid_order`")
            }
            Sought::Kept => format!("declare it in the lifecycle: `keeps {word}: TYPE`"),
            Sought::State => format!("declare it: `state {word}`"),
            Sought::DeclaredState(written) => {
                format!("add it to the enumeration of the states: {written}")
            }
            Sought::TierOf(_) => format!("the scale has {}", known.join(" < ")),
            Sought::Heading => format!("the values are {list}"),
            Sought::Tier => format!("the tiers are {list}"),
            Sought::Row => format!("its rows are {list}"),
            Sought::AnyTier | Sought::AnyRow => format!("there are {list}"),
            Sought::RowOfGrids if known.is_empty() => {
                "declare the grid with `requirements NAME for SCALE`".to_owned()
            }
            Sought::RowOfGrids => format!("the rows are {list}"),
            Sought::Group(_) => {
                format!("write `| {word}: any of |` above, or a name without a dot")
            }
            Sought::Stage => format!("the stages are {list}"),
            Sought::StageOf(_) => "write `stage NAME` above the rows it covers".to_owned(),
            Sought::CellResult => format!("the results are {list}"),
        }
    }

    /// Declarations that hold such names without being called so.
    fn inside(self) -> &'static [&'static str] {
        if let Sought::Clause = self {
            &["source"]
        } else if self.code() == Code::UnknownRow {
            &["requirements", "amend", "table"]
        } else {
            &[]
        }
    }
}
