//! Places in lists, lists made from their ends, lists of plain values.

use super::builder::{optional, required};
use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Expr, Taken};
use polc_runtime::ir::{Const, Ends, MOST_MADE, NodeId, Op, PERIOD_ENDS, Steps, Type};
use polc_runtime::value::Number;

impl Elaborator<'_, '_> {
    /// A written number, if it is one.
    fn written_number(&self, node: NodeId) -> Option<i64> {
        match self.builder.constant(node) {
            Some(Const::Number(number)) => number.to_i64(),
            _ => None,
        }
    }

    /// How many items, or which: not below the least there can be.
    fn how_many(&mut self, env: &Env, count: &Expr, least: i64) -> Option<NodeId> {
        let node = self.check(env, count, &Type::Int)?;
        if self.written_number(node).is_some_and(|count| count < least) {
            let found = format!("places in a list count from 1, so this is at least {least}");
            let found = Diagnostic::new(Code::OutOfRange, count.span, found);
            self.report(found.help("write the first place as 1"));
            return None;
        }
        Some(node)
    }

    /// `first 3 of L`, `L without the first 3`.
    pub(super) fn taken(
        &mut self,
        env: &Env,
        which: Taken,
        list: &Expr,
        count: &Expr,
    ) -> Option<Typed> {
        let typed = self.list(env, list)?;
        let ends = match which {
            Taken::First | Taken::Item => Ends::First,
            Taken::Last => Ends::Last,
            Taken::WithoutFirst => Ends::WithoutFirst,
            Taken::WithoutLast => Ends::WithoutLast,
        };
        let op = Op::Slice(ends, typed.node, self.how_many(env, count, 0)?);
        Some(self.make(op, typed.ty))
    }

    /// `item 2 of L`: the first without those before it.
    pub(super) fn item_at(&mut self, env: &Env, place: &Expr, list: &Expr) -> Option<Typed> {
        let place = self.how_many(env, place, 1);
        let typed = self.list(env, list)?;
        let item = typed.ty.item()?.clone();
        let place = place?;
        let count = match self.written_number(place) {
            Some(place) => self.builder.number(Number::from_i64(place - 1), Type::Int),
            None => {
                let one = self.builder.number(Number::ONE, Type::Int);
                self.builder.add(Op::Sub(place, one), Type::Int)
            }
        };
        let rest = Op::Slice(Ends::WithoutFirst, typed.node, count);
        let rest = self.builder.add(rest, typed.ty);
        Some(self.make(Op::First(rest), optional(item)))
    }

    /// `L without none`.
    pub(super) fn without_none(&mut self, env: &Env, list: &Expr) -> Option<Typed> {
        let typed = self.list(env, list)?;
        let item = typed.ty.item()?.clone();
        if !matches!(item, Type::Optional(_)) {
            let name = self.type_name(&typed.ty);
            let found = format!("this is {name}, whose items are never none");
            let found = Diagnostic::new(Code::TypeMismatch, list.span, found);
            self.report(found.help("leave `without none` out"));
            return None;
        }
        let (binder, body) = self.per_item(env, &typed, None, |this, env| {
            let item = env.item.as_ref()?.node;
            let none = this.builder.is_none(item);
            Some(this.builder.not(none))
        })?;
        let op = Op::Filter {
            list: typed.node,
            binder,
            body,
        };
        Some(self.make(op, narrowed(&typed.ty)))
    }

    /// The type of what a filter lets pass.
    pub(super) fn passed(&self, ty: &Type, binder: u32, body: NodeId) -> Type {
        let present = self.present_if(body);
        let item = Some(&Op::Item(binder));
        let there = present.iter().any(|node| self.builder.op(*node) == item);
        if there { narrowed(ty) } else { ty.clone() }
    }

    /// `L sorted`.
    pub(super) fn sorted_plainly(
        &mut self,
        env: &Env,
        list: &Expr,
        descending: bool,
    ) -> Option<Typed> {
        let typed = self.list(env, list)?;
        if let Type::Record(_) = typed.ty.item()? {
            let name = self.type_name(typed.ty.item()?);
            let found = format!("a {name} has no order of its own");
            let found = Diagnostic::new(Code::NotOrdered, list.span, found);
            self.report(found.help("say by which field: `sorted by .field`"));
            return None;
        }
        let (binder, key) = self.per_item(env, &typed, None, |this, env| {
            let item = env.item.clone()?;
            this.ordered(&item, list.span)?;
            Some(item.node)
        })?;
        let op = Op::Sort {
            list: typed.node,
            binder,
            key,
            descending,
        };
        // A set has an order of its own.
        let item = typed.ty.item()?.clone();
        Some(self.make(op, Type::List(Box::new(item))))
    }

    /// `numbers from a through b`.
    pub(super) fn numbers(&mut self, env: &Env, from: &Expr, through: &Expr) -> Option<Typed> {
        let first = self.check(env, from, &Type::Int);
        let last = self.check(env, through, &Type::Int)?;
        let first = first?;
        if let (Some(low), Some(high)) = (self.written_number(first), self.written_number(last)) {
            self.not_too_many(
                high.saturating_sub(low).saturating_add(1),
                from.span.to(through.span),
            )?;
        }
        let ty = Type::List(Box::new(Type::Int));
        Some(self.make(Op::Range(Steps::Numbers, first, last), ty))
    }

    fn not_too_many(&mut self, count: i64, span: Span) -> Option<()> {
        if count <= MOST_MADE {
            return Some(());
        }
        let found = format!("these would be {count} items; a made list has at most {MOST_MADE}");
        let found = Diagnostic::new(Code::OutOfRange, span, found);
        self.report(found.help("bring its ends closer together"));
        None
    }

    /// `days in p`, `months in p`.
    pub(super) fn units_in(&mut self, env: &Env, steps: Steps, period: &Expr) -> Option<Typed> {
        let ty = self.period_type();
        let node = self.check(env, period, &ty)?;
        let ends = match self.builder.op(node) {
            Some(Op::MakeRecord(parts)) => match parts.as_slice() {
                [from, through] => Some([*from, *through]),
                _ => None,
            },
            _ => None,
        };
        for (end, word) in ends.into_iter().flatten().zip(["first", "last"]) {
            if self.builder.constant(end) == Some(&Const::None) {
                let found =
                    format!("this period has no {word} day, so what lies in it cannot be listed");
                let found = Diagnostic::new(Code::OutOfRange, period.span, found);
                let cut = "cut it first: `overlap of (p, period from D through E)`";
                self.report(found.help(cut));
                return None;
            }
        }
        if let Some([from, through]) = ends
            && let (Some(Const::Date(from)), Some(Const::Date(through))) =
                (self.builder.constant(from), self.builder.constant(through))
            && steps == Steps::Days
        {
            let count = from.days_until(*through).saturating_add(1);
            self.not_too_many(count, period.span)?;
        }
        let date = optional(Type::Date);
        let [from, through] = [PERIOD_ENDS.0, PERIOD_ENDS.1].map(|at| {
            let op = Op::Field(node, at as u32);
            self.builder.add(op, date.clone())
        });
        let ty = Type::List(Box::new(Type::Date));
        Some(self.make(Op::Range(steps, from, through), ty))
    }
}

/// A list without what is none.
fn narrowed(ty: &Type) -> Type {
    let item = ty.item().map(|item| Box::new(required(item)));
    match (ty, item) {
        (Type::Set(_), Some(item)) => Type::Set(item),
        (_, Some(item)) => Type::List(item),
        _ => ty.clone(),
    }
}
