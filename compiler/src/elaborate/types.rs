//! Types: written ones read, two made one, and their names for people.

use super::Elaborator;
use super::builder::{optional, required};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{BUILT_IN_TYPES, Meaning, Sought, Unknown};
use crate::source::Span;
use crate::syntax::ast;
use polc_runtime::ir::{self, Type};

/// The type of what has no type because a mistake in it was reported. Whatever is asked of it was asked in vain
/// already: an expression of this type is like one that could not be read, and any value may stand where it is wanted.
pub(super) const UNRESOLVED: Type = Type::Record(ir::RecordId::MAX);

impl Elaborator<'_, '_> {
    /// The type a written one means; reports what is unknown and gives `None` then.
    pub(super) fn read_type(&mut self, written: &ast::TypeExpr) -> Option<Type> {
        Some(match &written.kind {
            ast::TypeKind::Named(name) => self.named_type(name)?,
            ast::TypeKind::List(inner) => Type::List(Box::new(self.read_type(inner)?)),
            ast::TypeKind::Set(inner) => Type::Set(Box::new(self.read_type(inner)?)),
            ast::TypeKind::Optional(inner) => optional(self.read_type(inner)?),
            ast::TypeKind::Record(fields) => {
                let mut read = Vec::new();
                let places = fields.iter().map(|(name, _)| name.span).collect();
                for (name, ty) in fields {
                    let ty = self.read_type(ty)?;
                    read.push(ir::Field {
                        name: name.text.clone(),
                        ty,
                        range: None,
                        kind: ir::FactKind::Given,
                        absent: None,
                    });
                }
                Type::Record(self.anonymous_record(read, places))
            }
        })
    }

    /// The type a written one means, or the mark of one that could not be resolved.
    pub(super) fn type_or_mark(&mut self, written: &ast::TypeExpr) -> Type {
        self.read_type(written).unwrap_or(UNRESOLVED)
    }

    fn named_type(&mut self, name: &ast::Name) -> Option<Type> {
        let ty = match name.text.as_str() {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "decimal" => Type::Decimal,
            "percent" => Type::Percent,
            "money" => Type::Money,
            "date" => Type::Date,
            "days" => Type::Days,
            "months" => Type::Months,
            "text" => Type::Text,
            "period" => self.period_type(),
            _ => {
                if let Some(id) = self.enum_at(name.span) {
                    Type::Enum(id)
                } else if let Some(id) = self.record_at(name.span) {
                    Type::Record(id)
                } else {
                    let known = BUILT_IN_TYPES
                        .iter()
                        .copied()
                        .chain(["CellResult"])
                        .chain(self.symbols.enums.keys().copied())
                        .chain(self.symbols.records.keys().copied());
                    self.unknown(Unknown::new(name, Sought::Type, known));
                    return None;
                }
            }
        };
        Some(ty)
    }

    /// A record type written in place; equal ones are one.
    pub(super) fn anonymous_record(
        &mut self,
        fields: Vec<ir::Field>,
        places: Vec<Span>,
    ) -> ir::RecordId {
        let wanted = ir::Record {
            name: String::new(),
            fields,
            dated: None,
        };
        if let Some(at) = self
            .types
            .records
            .iter()
            .position(|record| *record == wanted)
        {
            let id = at as ir::RecordId;
            for (field, place) in places.into_iter().enumerate() {
                self.means_field(place, id, field);
            }
            return id;
        }
        for place in &places {
            self.settled.declare(*place, Meaning::Field(*place));
        }
        self.push_record(wanted, places)
    }

    /// How people write a type.
    pub(super) fn type_name(&self, ty: &Type) -> String {
        match ty {
            Type::Bool => "yes or no".to_owned(),
            Type::Int => "int".to_owned(),
            Type::Decimal => "decimal".to_owned(),
            Type::Percent => "percent".to_owned(),
            Type::Money => "money".to_owned(),
            Type::Date => "date".to_owned(),
            Type::Days => "days".to_owned(),
            Type::Months => "months".to_owned(),
            Type::Text => "text".to_owned(),
            Type::Enum(id) => self
                .types
                .enums
                .get(*id as usize)
                .map_or_else(String::new, |item| item.name.clone()),
            Type::Record(id) => match self.types.records.get(*id as usize) {
                Some(record) if !record.name.is_empty() => record.name.clone(),
                Some(record) => {
                    let fields: Vec<&str> = record
                        .fields
                        .iter()
                        .map(|field| field.name.as_str())
                        .collect();
                    format!("{{{}}}", fields.join(", "))
                }
                None => "record".to_owned(),
            },
            Type::List(inner) => format!("list of {}", self.type_name(inner)),
            Type::Set(inner) => format!("set of {}", self.type_name(inner)),
            Type::Optional(inner) => format!("{} or none", self.type_name(inner)),
        }
    }

    /// Whether a value of `from` may stand where `to` is wanted; a list where a set is wanted is made one there.
    pub(super) fn fits(&self, from: &Type, to: &Type) -> bool {
        if is_unresolved(to) {
            return true;
        }
        match (from, to) {
            (Type::List(a), Type::Set(b)) => self.is(a, b),
            (Type::Optional(_), _) => self.is(from, to),
            (a, Type::Optional(b)) => self.fits(a, b),
            _ => self.is(from, to),
        }
    }

    /// Whether a value of `from` is one of `to` as it stands, with its parts. A list within it is no set: it has an
    /// order, and may hold repeats.
    fn is(&self, from: &Type, to: &Type) -> bool {
        match (from, to) {
            (a, b) if a == b => true,
            (Type::Int, Type::Decimal) => true,
            (Type::Optional(a), Type::Optional(b)) => self.is(a, b),
            (a, Type::Optional(b)) => self.is(a, b),
            (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) => self.is(a, b),
            (Type::Record(a), Type::Record(b)) => {
                match (
                    self.types.records.get(*a as usize),
                    self.types.records.get(*b as usize),
                ) {
                    (Some(a), Some(b)) => {
                        a.fields.len() == b.fields.len()
                            && a.fields
                                .iter()
                                .zip(&b.fields)
                                .all(|(x, y)| x.name == y.name && self.is(&x.ty, &y.ty))
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// The smallest type both fit.
    pub(super) fn join(&self, a: &Type, b: &Type) -> Option<Type> {
        // A list may hold repeats, so it never makes a set without `distinct`; a set is a list as it is.
        if let (Type::List(x), Type::Set(y)) | (Type::Set(x), Type::List(y)) = (a, b) {
            return Some(Type::List(Box::new(self.join(x, y)?)));
        }
        if let (Type::List(x), Type::List(y)) = (a, b) {
            return Some(Type::List(Box::new(self.join(x, y)?)));
        }
        if self.fits(a, b) {
            return Some(b.clone());
        }
        if self.fits(b, a) {
            return Some(a.clone());
        }
        let (x, y) = (required(a), required(b));
        let inner = if self.fits(&x, &y) {
            y
        } else if self.fits(&y, &x) {
            x
        } else {
            return None;
        };
        Some(optional(inner))
    }

    /// Reports a value of the wrong type.
    pub(super) fn mismatch(&mut self, span: Span, found: &Type, wanted: &Type) {
        let (found_name, wanted_name) = (self.type_name(found), self.type_name(wanted));
        let units = [
            Type::Int,
            Type::Decimal,
            Type::Percent,
            Type::Money,
            Type::Days,
            Type::Months,
        ];
        let both_numbers = units.contains(&required(found)) && units.contains(&required(wanted));
        let (code, help) = if matches!(found, Type::Optional(inner) if self.fits(inner, wanted)) {
            (
                Code::NoneNotHandled,
                "say what holds when it is none: test it with `is none` first, or write `… or else VALUE`".to_owned(),
            )
        } else if both_numbers {
            (
                Code::UnitMismatch,
                self.unit_help(&required(found), &required(wanted)),
            )
        } else {
            (
                Code::TypeMismatch,
                format!("write a value of type {wanted_name} here"),
            )
        };
        self.report(
            Diagnostic::new(
                code,
                span,
                format!("this is {found_name}, but {wanted_name} is wanted"),
            )
            .at(format!("{found_name} here"))
            .help(help),
        );
    }

    fn unit_help(&self, found: &Type, wanted: &Type) -> String {
        match (found, wanted) {
            (Type::Int | Type::Decimal, Type::Money) => {
                let currency = self.symbols.currency().unwrap_or("USD");
                format!("write an amount with its currency, for example `$100` ({currency})")
            }
            (Type::Money, Type::Int | Type::Decimal) => {
                "an amount of money never compares with a plain number; divide it by an amount to get one".to_owned()
            }
            (Type::Int | Type::Decimal, Type::Percent) => "write a percentage, for example `25%`".to_owned(),
            (Type::Days, Type::Months) | (Type::Months, Type::Days) => {
                "months have no fixed number of days; write both in one unit".to_owned()
            }
            (Type::Days | Type::Months, Type::Int | Type::Decimal) => {
                "write a plain number; a length divided by one is a number: `length / 1 month`".to_owned()
            }
            (Type::Int | Type::Decimal, Type::Days) => "write the unit, for example `14 days`".to_owned(),
            (Type::Int | Type::Decimal, Type::Months) => "write the unit, for example `12 months`".to_owned(),
            (Type::Decimal, Type::Int) => "write a whole number, or round it: `… rounded down to 0 places`".to_owned(),
            _ => "both sides must be of one unit".to_owned(),
        }
    }
}

/// Whether a type, or a part of it, is that of something unresolved.
pub(super) fn is_unresolved(ty: &Type) -> bool {
    ty.inner().map_or_else(|| *ty == UNRESOLVED, is_unresolved)
}
