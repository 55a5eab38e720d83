//! Types with their ranges, enumerations and scales.

use polc_grammar::Rule;

use super::super::ast::{Enum, Expr, Name, TypeExpr, TypeKind};
use super::super::text::Line;
use super::{Builder, P, parts};

/// The bounds of a range, if there is one.
pub(super) type Range = Option<(Option<Expr>, Option<Expr>)>;

impl<'t> Builder<'t, '_> {
    pub(super) fn enumeration(
        &mut self,
        keyword: &str,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Enum> {
        let ordered = keyword == "scale";
        let rule = if ordered {
            Rule::scale_line
        } else {
            Rule::enum_line
        };
        let mut inner = parts(self.read(rule, header)?);
        self.no_body(body);
        let word = inner.next()?;
        let mut read = Enum {
            name: self.name(&word),
            label: None,
            ordered,
            values: Vec::new(),
        };
        for part in inner {
            match part.as_rule() {
                Rule::text => read.label = Some(Self::text(&part)),
                Rule::cites => cites.extend(self.names(part)),
                _ => read.values.push(self.name(&part)),
            }
        }
        Some(read)
    }

    /// A type with its range.
    pub(super) fn typed(&mut self, pair: P<'t>) -> Option<(TypeExpr, Range)> {
        let mut ty = None;
        let mut range = None;
        for part in parts(pair) {
            match part.as_rule() {
                Rule::or_none => {
                    let end = self.span(&part);
                    let inner: TypeExpr = ty.take()?;
                    let span = inner.span.to(end);
                    ty = Some(TypeExpr {
                        kind: TypeKind::Optional(Box::new(inner)),
                        span,
                    });
                }
                Rule::range => {
                    if range.is_some() {
                        let place = self.span(&part);
                        self.twice(place, part.as_str());
                    }
                    range = Some(self.range(part)?);
                }
                _ => ty = Some(self.type_expr(part)?),
            }
        }
        Some((ty?, range))
    }

    fn range(&mut self, pair: P<'t>) -> Option<(Option<Expr>, Option<Expr>)> {
        let mut low = None;
        let mut high = None;
        for part in parts(pair) {
            match part.as_rule() {
                Rule::low_bound => low = Some(self.expr(parts(part).next()?)?),
                Rule::high_bound => high = Some(self.expr(parts(part).next()?)?),
                _ if low.is_none() => low = Some(self.expr(part)?),
                _ => high = Some(self.expr(part)?),
            }
        }
        Some((low, high))
    }

    pub(super) fn type_expr(&mut self, pair: P<'t>) -> Option<TypeExpr> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::named_type => TypeKind::Named(self.only_name(pair)?),
            Rule::list_type => TypeKind::List(Box::new(self.type_expr(parts(pair).next()?)?)),
            Rule::set_type => TypeKind::Set(Box::new(self.type_expr(parts(pair).next()?)?)),
            Rule::record_type => {
                let mut fields = Vec::new();
                for field in parts(pair) {
                    fields.push(self.field_type(field)?);
                }
                TypeKind::Record(fields)
            }
            _ => {
                let mut inner = parts(pair);
                let base = self.type_expr(inner.next()?)?;
                if inner.next().is_none() {
                    return Some(base);
                }
                TypeKind::Optional(Box::new(base))
            }
        };
        Some(TypeExpr { kind, span })
    }

    pub(super) fn field_type(&mut self, pair: P<'t>) -> Option<(Name, TypeExpr)> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let ty = inner.next()?;
        Some((self.name(&word), self.type_expr(ty)?))
    }
}
