//! Types of the language, and the ranges and kinds that fields of records have.

use super::{Const, EnumId, FactKind, Program, RecordId};
use crate::value::Number;
use serde::{Deserialize, Serialize};

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

impl Type {
    /// What a list or set holds.
    #[must_use]
    pub fn item(&self) -> Option<&Type> {
        if let Type::List(item) | Type::Set(item) = self {
            Some(item)
        } else {
            None
        }
    }

    /// The type that it is made of: of a list or set, or without `or none`.
    #[must_use]
    pub fn inner(&self) -> Option<&Type> {
        if let Type::Optional(inner) = self {
            Some(inner)
        } else {
            self.item()
        }
    }
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

impl Program {
    /// The enumeration a type is.
    #[must_use]
    pub fn enum_of(&self, ty: &Type) -> Option<&Enum> {
        let Type::Enum(id) = ty else { return None };
        self.enums.get(*id as usize)
    }

    /// The record a type is.
    #[must_use]
    pub fn record_of(&self, ty: &Type) -> Option<&Record> {
        let Type::Record(id) = ty else { return None };
        self.records.get(*id as usize)
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

/// A type without its `or none`.
pub(crate) fn plain(ty: &Type) -> &Type {
    let mut ty = ty;
    while let Type::Optional(inner) = ty {
        ty = inner;
    }
    ty
}

/// The type of the items of a list or set; the type itself where it is neither.
pub(crate) fn item_type(ty: &Type) -> &Type {
    let ty = plain(ty);
    if let Type::List(inner) | Type::Set(inner) = ty {
        inner
    } else {
        ty
    }
}
