//! Questions about lists: quantifiers, aggregates, picks, loops.

use polc_grammar::Rule;

use super::super::ast::{Aggregate, Expr, ExprKind, GroupKind, Made, Operation, Pick, Taken};
use super::{Builder, P, parts};
use crate::diagnostics::Code;
use crate::source::Span;

impl<'t> Builder<'t, '_> {
    /// `for each c in L where C give E`
    pub(super) fn for_each(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let item = self.name(&word);
        let mut next = inner.next()?;
        let mut place = None;
        if next.as_rule() == Rule::numbered {
            place = self.only_name(next);
            next = inner.next()?;
        }
        let list = Box::new(self.expr(next)?);
        next = inner.next()?;
        let mut locals = Vec::new();
        if next.as_rule() == Rule::local_names {
            for local in parts(next) {
                let mut named = parts(local);
                let word = named.next()?;
                let value = named.next()?;
                locals.push((self.name(&word), self.expr(value)?));
            }
            next = inner.next()?;
        }
        let mut filter = None;
        if next.as_rule() == Rule::comparison {
            filter = Some(Box::new(self.expr(next)?));
            next = inner.next()?;
        }
        Some(ExprKind::ForEach {
            item,
            place,
            list,
            locals,
            filter,
            body: Box::new(self.expr(next)?),
        })
    }

    /// `any of (a, b)`
    pub(super) fn group(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let head = inner.next()?;
        let kind = self.group_kind(head)?;
        Some(ExprKind::Group(kind, self.arguments(inner.next()?)?))
    }

    /// `any L where C`
    pub(super) fn quantified(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let head = inner.next()?;
        let kind = self.group_kind(head)?;
        let mut next = inner.next()?;
        let mut item = None;
        if next.as_rule() == Rule::word {
            item = Some(self.name(&next));
            next = inner.next()?;
        }
        let list = Box::new(self.expr(next)?);
        let condition = match inner.next() {
            Some(condition) => Some(Box::new(self.expr(condition)?)),
            None => None,
        };
        Some(ExprKind::Quantified {
            kind,
            list,
            item,
            condition,
        })
    }

    /// `latest of L by .f`
    pub(super) fn pick(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let which = match inner.next()?.as_str().split_whitespace().next()? {
            "first" => Pick::First,
            "last" => Pick::Last,
            "only" => Pick::Only,
            "earliest" => Pick::Earliest,
            _ => Pick::Latest,
        };
        let list = self.boxed(inner.next())?;
        let mut key = || match inner.next() {
            Some(key) => Some(Some(Box::new(self.expr(key)?))),
            None => Some(None),
        };
        let (by, then) = (key()?, key()?);
        Some(ExprKind::Pick {
            which,
            list,
            by,
            then,
        })
    }

    /// `first 3 of L`, `item 2 of L`
    pub(super) fn taken(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let which = match inner.next()?.as_str() {
            "first" => Taken::First,
            "last" => Taken::Last,
            _ => Taken::Item,
        };
        self.operation(Operation::Taken(which), inner)
    }

    /// `days in P`
    pub(super) fn units_in(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let made = match inner.next()?.as_str().starts_with("days") {
            true => Made::Days,
            false => Made::Months,
        };
        self.operation(Operation::Made(made), inner)
    }

    pub(super) fn arguments(&mut self, pair: P<'t>) -> Option<Vec<Expr>> {
        let mut items = Vec::new();
        for item in parts(pair) {
            items.push(self.expr(item)?);
        }
        Some(items)
    }

    /// `any`, `all of`, `no`, `none of`, `at least 2`.
    pub(super) fn group_kind(&mut self, pair: P<'t>) -> Option<GroupKind> {
        if pair.as_rule() == Rule::at_least {
            return Some(GroupKind::AtLeast(Box::new(self.first(pair)?)));
        }
        Some(match pair.as_str().split_whitespace().next()? {
            "any" => GroupKind::Any,
            "all" => GroupKind::All,
            _ => GroupKind::No,
        })
    }

    /// `count of L`, and `smallest of (a, b)` whose items are written out.
    pub(super) fn aggregate(&mut self, pair: P<'t>) -> Option<Expr> {
        let whole = self.span(&pair);
        let mut inner = parts(pair);
        let head = inner.next()?;
        let word = head.as_str().split_whitespace().next()?;
        let operand = inner.next()?;
        let aggregate = match word {
            "count" => Some(Aggregate::Count),
            "sum" => Some(Aggregate::Sum),
            "average" => Some(Aggregate::Average),
            "smallest" => Some(Aggregate::Smallest),
            "largest" => Some(Aggregate::Largest),
            "distinct" => Some(Aggregate::Distinct),
            "flatten" => Some(Aggregate::Flatten),
            _ => None,
        };
        let of = |list: Expr, which: Aggregate| Expr {
            kind: ExprKind::Aggregate(which, Box::new(list)),
            span: whole,
        };
        if operand.as_rule() != Rule::arguments {
            let place = self.span(&operand);
            let list = self.expr(operand)?;
            let Some(which) = aggregate else {
                self.needs_items(place, word);
                return None;
            };
            return Some(of(list, which));
        }
        let place = self.span(&operand);
        let mut items = self.arguments(operand)?;
        let extreme = match word {
            "smallest" | "earlier" => Some(false),
            "largest" | "later" => Some(true),
            _ => None,
        };
        if items.len() == 1 {
            let Some(which) = aggregate else {
                self.needs_items(place, word);
                return None;
            };
            let mut list = items.pop()?;
            list.span = place;
            for operator in inner {
                list = self.postfix(list, operator)?;
            }
            return Some(of(list, which));
        }
        let Some(latest) = extreme else {
            self.error(
                Code::SyntaxError,
                place,
                format!("`{word}` takes one list, not several values"),
                format!(
                    "write a list in square brackets: `{} [a, b]`",
                    head.as_str().trim()
                ),
            );
            return None;
        };
        let mut value = Expr {
            kind: ExprKind::Extreme(latest, items),
            span: self.span(&head).to(place),
        };
        for operator in inner {
            value = self.postfix(value, operator)?;
        }
        Some(value)
    }

    fn needs_items(&mut self, place: Span, word: &str) {
        self.error(
            Code::SyntaxError,
            place,
            format!("`{word} of` compares values written out"),
            format!("write `{word} of (a, b)`; for a list use `smallest of` or `largest of`"),
        );
    }
}
