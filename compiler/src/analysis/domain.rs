//! What values an atom can have at all: its type, its declared range and what its computation says.

use super::atom::Root;
use super::regions::Regions;
use super::sets::{Cut, NA, NONE, OPEN, Set, after};
use polc_runtime::ir::{BinderId, Const, Field, NodeId, Op, Range, Type};
use polc_runtime::value::Number;

/// A type without its `or none`, and whether it had one.
pub(super) fn plain(ty: &Type) -> (&Type, bool) {
    if let Type::Optional(inner) = ty {
        (inner, true)
    } else {
        (ty, false)
    }
}

/// Whether there is nothing between two neighbouring values of a type.
pub(super) fn discrete(ty: &Type) -> bool {
    !matches!(plain(ty).0, Type::Decimal | Type::Percent | Type::Money)
}

/// The part of a domain inside a declared range.
pub(super) fn within(domain: Set, range: Option<&Range>, discrete: bool) -> Set {
    let Some(range) = range else { return domain };
    let low = range.low.map_or(Cut::Min, Cut::Before);
    let high = range.high.map_or(Cut::Max, |high| after(high, discrete));
    domain.meet(&Set::span(low, high).with(NONE | OPEN | NA))
}

impl Regions<'_> {
    /// Every state a value of a type can be in.
    pub(super) fn domain(&self, ty: &Type) -> Set {
        let (inner, optional) = plain(ty);
        let set = match inner {
            Type::Bool => Set::whole(0, 1),
            Type::Enum(id) => {
                let values = self.program.enums.get(*id as usize);
                Set::whole(0, values.map_or(0, |one| one.values.len() as i64 - 1))
            }
            Type::Text => Set::span(Cut::Before(Number::from_i64(0)), Cut::Max),
            Type::Int
            | Type::Decimal
            | Type::Percent
            | Type::Money
            | Type::Date
            | Type::Days
            | Type::Months
            | Type::Record(_)
            | Type::List(_)
            | Type::Set(_)
            | Type::Optional(_) => Set::all(),
        };
        if optional { set.with(NONE) } else { set }
    }

    /// The place of a constant on its atom's axis.
    pub(super) fn key(&self, value: &Const) -> Option<Number> {
        match value {
            Const::None | Const::List(_) => None,
            Const::Bool(value) => Some(Number::from_i64((*value).into())),
            Const::Number(value) => Some(*value),
            Const::Date(date) => Some(Number::from_i64(date.days().into())),
            Const::Enum(value) => Some(Number::from_i64((*value).into())),
            Const::Text(text) => self
                .texts
                .get(text.as_str())
                .map(|at| Number::from_i64(*at as i64)),
        }
    }

    /// The declaration of a field node.
    pub(super) fn field(&self, node: NodeId) -> Option<&Field> {
        let Op::Field(record, at) = self.op(node)? else {
            return None;
        };
        let Type::Record(record) = self.ty(*record)? else {
            return None;
        };
        self.program
            .records
            .get(*record as usize)?
            .fields
            .get(*at as usize)
    }

    /// The input a node stands for, if it is one.
    pub(super) fn root(&self, node: NodeId) -> Option<Root> {
        let node = self.shapes.canon(node);
        match self.op(node) {
            Some(Op::AsOf) => Some(Root::AsOf),
            Some(Op::Fact(id)) => Some(Root::Fact(*id, None)),
            Some(Op::Item(_) | Op::Granted { .. }) => Some(Root::Item(node)),
            Some(Op::Field(record, _)) => {
                if !matches!(self.ty(*record)?, Type::Record(_)) {
                    return None;
                }
                match self.root(*record)? {
                    Root::Fact(id, _) => Some(Root::Fact(id, Some(node))),
                    Root::Item(_) => Some(Root::Item(node)),
                    Root::AsOf => None,
                }
            }
            _ => None,
        }
    }

    /// The loop variable an item or a field of it belongs to.
    pub(super) fn loop_of(&self, node: NodeId) -> Option<BinderId> {
        match self.op(node) {
            Some(Op::Item(binder)) => Some(self.shapes.binder(*binder)),
            Some(Op::Field(record, _)) => self.loop_of(*record),
            _ => None,
        }
    }

    /// Limits a computed number certainly keeps.
    pub(super) fn bounds(&self, node: NodeId, depth: usize) -> (Option<Number>, Option<Number>) {
        let open = (None, None);
        if depth > 8 {
            return open;
        }
        let op = self.op(node);
        let range = |range: Option<&Range>| range.map_or(open, |range| (range.low, range.high));
        match op {
            Some(Op::Const(value)) => (self.key(value), self.key(value)),
            Some(Op::Fact(id)) => range(
                self.program
                    .facts
                    .get(*id as usize)
                    .and_then(|fact| fact.range.as_ref()),
            ),
            Some(Op::Field(..)) => range(self.field(node).and_then(|field| field.range.as_ref())),
            Some(Op::Count(_)) => (Some(Number::from_i64(0)), None),
            Some(Op::Add(a, b)) => {
                let ((low, high), (other_low, other_high)) =
                    (self.bounds(*a, depth + 1), self.bounds(*b, depth + 1));
                let sum = |a: Option<Number>, b: Option<Number>| a?.checked_add(b?);
                (sum(low, other_low), sum(high, other_high))
            }
            Some(Op::Sub(a, b)) => {
                let ((low, high), (other_low, other_high)) =
                    (self.bounds(*a, depth + 1), self.bounds(*b, depth + 1));
                let difference = |a: Option<Number>, b: Option<Number>| a?.checked_sub(b?);
                (difference(low, other_high), difference(high, other_low))
            }
            Some(Op::Min(all) | Op::Max(all)) => {
                let parts: Vec<_> = all.iter().map(|one| self.bounds(*one, depth + 1)).collect();
                let least = matches!(op, Some(Op::Min(_)));
                let known = |ends: Vec<Option<Number>>, hull: bool| {
                    if hull {
                        let ends: Option<Vec<Number>> = ends.into_iter().collect();
                        ends.and_then(|ends| {
                            if least {
                                ends.into_iter().min()
                            } else {
                                ends.into_iter().max()
                            }
                        })
                    } else {
                        let ends = ends.into_iter().flatten();
                        if least { ends.min() } else { ends.max() }
                    }
                };
                let lows = parts.iter().map(|part| part.0).collect();
                let highs = parts.iter().map(|part| part.1).collect();
                (known(lows, least), known(highs, !least))
            }
            Some(Op::Sum(list)) => {
                let (low, high) = self.items(*list, depth + 1);
                let zero = Number::from_i64(0);
                (
                    low.filter(|low| *low >= zero).map(|_| zero),
                    high.filter(|high| *high <= zero).map(|_| zero),
                )
            }
            Some(Op::Average(list) | Op::Smallest(list) | Op::Largest(list)) => {
                self.items(*list, depth + 1)
            }
            _ => open,
        }
    }

    /// Limits every item of a list keeps.
    fn items(&self, list: NodeId, depth: usize) -> (Option<Number>, Option<Number>) {
        match self.op(list) {
            _ if depth > 8 => (None, None),
            Some(Op::Map { body, .. }) => self.bounds(*body, depth + 1),
            Some(Op::Filter { list, .. } | Op::Sort { list, .. } | Op::Distinct(list)) => {
                self.items(*list, depth + 1)
            }
            _ => (None, None),
        }
    }
}
