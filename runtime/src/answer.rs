//! Answers as an embedder wants them: values by their names, without a look into the program.

use crate::facts::{Facts, leaf_text};
use crate::ir::{self, FactKind, Type};
use crate::ir::{item_type, plain};
use crate::program::{Options, Program};
use crate::value::algebra::{error_inside, join_deep, nothing_missing, row_not_applicable};
use crate::value::{Date, Item, Leaf, Number, Open, Outcome, Presence, Value};
use crate::words;
use std::fmt;

/// What a program answers; parts of lists and records are answers of their own.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A known value.
    Known(Data),
    /// Facts are missing, by their paths in the facts (`reviews[3].stars`), perhaps judgements as well.
    Unknown {
        /// The facts.
        needs: Vec<String>,
        /// What only a person may decide.
        judgements: Vec<Judgement>,
    },
    /// Only judgements are missing.
    NeedsDecision(Vec<Judgement>),
    /// Out of scope, and why.
    NotApplicable(String),
    /// No answer can be given, and why.
    Error(String),
}

/// A known value.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Known to be none.
    None,
    /// Yes or no.
    Bool(bool),
    /// A whole number, a decimal, an amount, a share (`25` for 25 %), a number of days or months.
    Number(Number),
    /// A day.
    Date(Date),
    /// A value of an enumeration or scale, by its name.
    Name(String),
    /// Text.
    Text(String),
    /// A list or set.
    List(Vec<Answer>),
    /// A record, field by field.
    Record(Vec<(String, Answer)>),
}

/// What only a person may decide, and has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Its path in the facts.
    pub name: String,
    /// Who decides.
    pub by: String,
}

/// The program has no decision or definition of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the program has no decision `{0}`")]
pub struct NoSuchDecision(pub String);

impl Program {
    /// What a decision, or any other definition, comes to for some facts on a day.
    ///
    /// ```
    /// use polc_runtime::{Answer, Program};
    /// # fn example(built: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// let program = Program::load(built)?;
    /// let facts = program.facts(r#"{ "revenue": "210000.00", "certified": false }"#)?;
    /// match program.answer(&facts, "2026-12-31".parse()?, "tier")? {
    ///     Answer::Known(tier) => println!("{tier}"),
    ///     Answer::Unknown { needs, .. } => println!("supply {}", needs.join(", ")),
    ///     other => println!("{other}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the program has no definition of that name.
    pub fn answer(&self, facts: &Facts, as_of: Date, name: &str) -> Result<Answer, NoSuchDecision> {
        let definition = self
            .ir()
            .definitions
            .iter()
            .find(|known| known.name == name && known.parameters.is_empty());
        let definition = definition.ok_or_else(|| NoSuchDecision(name.to_owned()))?;
        let mut evaluation = self.evaluate(facts, as_of, &Options::default());
        let outcome = evaluation.node(definition.node);
        Ok(answer(self.ir(), &definition.ty, &outcome))
    }
}

impl Answer {
    /// The value, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<&Data> {
        match self {
            Answer::Known(data) => Some(data),
            Answer::Unknown { .. }
            | Answer::NeedsDecision(_)
            | Answer::NotApplicable(_)
            | Answer::Error(_) => None,
        }
    }
}

fn answer(program: &ir::Program, ty: &Type, outcome: &Outcome) -> Answer {
    let mut open = Open::default();
    join_deep(&mut open, outcome);
    match outcome {
        Outcome::NotApplicable(because) => Answer::NotApplicable(because.to_string()),
        Outcome::Error(because) => Answer::Error(because.to_string()),
        _ if !nothing_missing(&open) => missing(program, &open),
        Outcome::Open(_) => missing(program, &open),
        Outcome::Known(value) => {
            if let Some(because) = row_not_applicable(value) {
                return Answer::NotApplicable(because.to_string());
            }
            match error_inside(outcome) {
                Some(because) => Answer::Error(because.to_string()),
                None => Answer::Known(data(program, plain(ty), value)),
            }
        }
    }
}

fn missing(program: &ir::Program, open: &Open) -> Answer {
    let judgement = |leaf: &Leaf| {
        let by = match ir::input(program, leaf) {
            Some((_, FactKind::Judgement { by })) => by.clone(),
            _ => String::new(),
        };
        Judgement {
            name: leaf_text(program, leaf),
            by,
        }
    };
    let judgements: Vec<Judgement> = open.judgements.iter().map(judgement).collect();
    if open.facts.is_empty() && open.because.is_empty() && !judgements.is_empty() {
        return Answer::NeedsDecision(judgements);
    }
    Answer::Unknown {
        needs: open
            .facts
            .iter()
            .map(|leaf| leaf_text(program, leaf))
            .collect(),
        judgements,
    }
}

fn data(program: &ir::Program, ty: &Type, value: &Value) -> Data {
    match value {
        Value::None => Data::None,
        Value::Bool(value) => Data::Bool(*value),
        Value::Number(number) => Data::Number(*number),
        Value::Date(date) => Data::Date(*date),
        Value::Enum(at) => {
            let values = program.enum_of(ty).map(|item| &item.values);
            let name = values.and_then(|values| values.get(*at as usize));
            Data::Name(name.cloned().unwrap_or_default())
        }
        Value::Text(text) => Data::Text(text.to_string()),
        Value::List(list) => {
            let item = item_type(ty);
            let one = |one: &Item| match &one.presence {
                Presence::Certain | Presence::Open(_) => answer(program, item, &one.value),
                Presence::NotApplicable(because) => Answer::NotApplicable(because.to_string()),
                Presence::Error(because) => Answer::Error(because.to_string()),
            };
            Data::List(list.items.iter().map(one).collect())
        }
        Value::Record(parts) => {
            let fields = program.record_of(ty).map(|record| &record.fields);
            let fields = fields.into_iter().flatten().zip(parts.iter());
            let part = |(field, part): (&ir::Field, &Outcome)| {
                (field.name.clone(), answer(program, &field.ty, part))
            };
            Data::Record(fields.map(part).collect())
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |judgements: &[Judgement]| {
            let words = judgements
                .iter()
                .map(|one| format!("{} by {}", one.name, one.by));
            words.collect::<Vec<_>>().join(", ")
        };
        match self {
            Answer::Known(data) => data.fmt(formatter),
            Answer::Unknown { needs, judgements } => {
                write!(formatter, "unknown: needs {}", needs.join(", "))?;
                match judgements.as_slice() {
                    [] => Ok(()),
                    some => write!(formatter, "; {}", of(some)),
                }
            }
            Answer::NeedsDecision(judgements) => {
                write!(formatter, "needs a decision: {}", of(judgements))
            }
            Answer::NotApplicable(because) => write!(formatter, "not applicable: {because}"),
            Answer::Error(because) => write!(formatter, "error: {because}"),
        }
    }
}

impl fmt::Display for Data {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::None => formatter.write_str("none"),
            Data::Bool(true) => formatter.write_str("yes"),
            Data::Bool(false) => formatter.write_str("no"),
            Data::Number(number) => formatter.write_str(&number.render(0)),
            Data::Date(date) => date.fmt(formatter),
            Data::Name(name) => formatter.write_str(name),
            Data::Text(text) => formatter.write_str(&words::within_line(text)),
            Data::List(items) => {
                let words: Vec<String> = items.iter().map(ToString::to_string).collect();
                formatter.write_str(&words.join(", "))
            }
            Data::Record(fields) => {
                let part = |(name, part): &(String, Answer)| format!("{name} {part}");
                let words: Vec<String> = fields.iter().map(part).collect();
                write!(formatter, "({})", words.join(", "))
            }
        }
    }
}
