//! Expressions: runs of operands and operators folded by strength.

use std::iter::Peekable;

use polc_grammar::{ADD, AND, COMPARE, MULTIPLY, NEGATE, NOT, OR, OR_ELSE, POSTFIX, ROUNDED, Rule};

use super::super::ast::{
    Aggregate, BinaryOp, CalendarUnit, Expr, ExprKind, GroupKind, Literal, Pick, RoundTo, Rounding,
    Window,
};
use super::{Builder, P, parts};
use crate::diagnostics::Code;
use crate::source::Span;

impl<'t> Builder<'t, '_> {
    /// An expression, or any rule that holds a run of operands and operators.
    pub(super) fn expr(&mut self, pair: P<'t>) -> Option<Expr> {
        match pair.as_rule() {
            Rule::expr
            | Rule::operand
            | Rule::comparison
            | Rule::short_test
            | Rule::tight
            | Rule::list
            | Rule::subject
            | Rule::range_value
            | Rule::range_end => self.fold(&mut parts(pair).peekable(), 0),
            Rule::when | Rule::otherwise_result => {
                let inner = parts(pair).next()?;
                self.expr(inner)
            }
            _ => self.primary(pair),
        }
    }

    fn first(&mut self, pair: P<'t>) -> Option<Expr> {
        let inner = parts(pair).next()?;
        self.expr(inner)
    }

    fn boxed(&mut self, pair: Option<P<'t>>) -> Option<Box<Expr>> {
        self.expr(pair?).map(Box::new)
    }

    /// Folds a run of operands and operators that hold at least as tight as `least`.
    fn fold<I: Iterator<Item = P<'t>>>(
        &mut self,
        run: &mut Peekable<I>,
        least: u8,
    ) -> Option<Expr> {
        let first = run.next()?;
        let place = self.span(&first);
        let mut left = match first.as_rule() {
            Rule::op_not => {
                let inner = self.fold(run, NOT)?;
                let span = place.to(inner.span);
                Expr {
                    kind: ExprKind::Not(Box::new(inner)),
                    span,
                }
            }
            Rule::op_negate => {
                let inner = self.fold(run, NEGATE)?;
                let span = place.to(inner.span);
                Expr {
                    kind: ExprKind::Negate(Box::new(inner)),
                    span,
                }
            }
            _ => self.primary(first)?,
        };
        while let Some(next) = run.peek() {
            let strength = strength(next.as_rule());
            if strength < least {
                break;
            }
            let operator = run.next()?;
            let place = self.span(&operator);
            let (infix, tighter) = match operator.as_rule() {
                Rule::op_or => (BinaryOp::Or, AND),
                Rule::op_and => (BinaryOp::And, NOT),
                Rule::op_compare => (comparison(operator.as_str()), OR_ELSE),
                Rule::op_add if operator.as_str() == "+" => (BinaryOp::Add, MULTIPLY),
                Rule::op_add => (BinaryOp::Sub, MULTIPLY),
                Rule::op_multiply if operator.as_str() == "*" => (BinaryOp::Mul, NEGATE),
                Rule::op_multiply => (BinaryOp::Div, NEGATE),
                Rule::op_or_else => {
                    let right = self.fold(run, ROUNDED)?;
                    let span = left.span.to(right.span);
                    left = Expr {
                        kind: ExprKind::OrElse(Box::new(left), Box::new(right)),
                        span,
                    };
                    continue;
                }
                Rule::op_in => {
                    let negated = operator.as_str().starts_with("not");
                    let list = Box::new(self.fold(run, OR_ELSE)?);
                    let span = left.span.to(list.span);
                    left = Expr {
                        kind: ExprKind::In {
                            item: Box::new(left),
                            list,
                            negated,
                        },
                        span,
                    };
                    continue;
                }
                _ => {
                    left = self.postfix(left, operator)?;
                    continue;
                }
            };
            let right = self.fold(run, tighter)?;
            if infix == BinaryOp::Or && (bare_and(&left) || bare_and(&right)) {
                self.mixed(place);
            }
            let span = left.span.to(right.span);
            left = Expr {
                kind: ExprKind::Binary(infix, Box::new(left), Box::new(right)),
                span,
            };
        }
        Some(left)
    }

    fn mixed(&mut self, place: Span) {
        if !self.failed {
            self.error(
                Code::MixedAndOr,
                place,
                "`and` and `or` are mixed without parentheses",
                "put parentheses around the part that belongs together: `(a and b) or c`",
            );
        }
    }

    fn postfix(&mut self, left: Expr, pair: P<'t>) -> Option<Expr> {
        let span = left.span.to(self.span(&pair));
        let words = pair.as_str();
        let rule = pair.as_rule();
        let left_box = |left: Expr| Box::new(left);
        let kind = match rule {
            Rule::access => ExprKind::Access(left_box(left), self.only_name(pair)?),
            Rule::as_of => ExprKind::AsOf(left_box(left), Box::new(self.first(pair)?)),
            Rule::filtered => ExprKind::Where {
                list: left_box(left),
                condition: Box::new(self.first(pair)?),
            },
            Rule::sorted => {
                let mut inner = parts(pair);
                let by = self.boxed(inner.next())?;
                ExprKind::Sort {
                    list: left_box(left),
                    by,
                    descending: inner.next().is_some(),
                }
            }
            Rule::grouped => ExprKind::GroupBy {
                list: left_box(left),
                by: Box::new(self.first(pair)?),
            },
            Rule::followed => ExprKind::Concat(left_box(left), Box::new(self.first(pair)?)),
            Rule::overlaps => ExprKind::Overlaps(left_box(left), Box::new(self.first(pair)?)),
            Rule::is_none => ExprKind::IsNone(left_box(left), words.contains("not")),
            Rule::is_applicable => ExprKind::IsApplicable(left_box(left), words.contains("not")),
            Rule::is_one_of => {
                let negated = words.split_whitespace().nth(1) == Some("not");
                let mut items = Vec::new();
                for item in parts(pair) {
                    items.push(self.expr(item)?);
                }
                let place = items.first()?.span.to(items.last()?.span);
                let list = Box::new(Expr {
                    kind: ExprKind::List(items),
                    span: place,
                });
                ExprKind::In {
                    item: left_box(left),
                    list,
                    negated,
                }
            }
            Rule::recorded => {
                if !matches!(
                    left.kind,
                    ExprKind::Name(_) | ExprKind::Access(..) | ExprKind::ItemField(_)
                ) {
                    self.error(
                        Code::SyntaxError,
                        left.span,
                        "only a judgement can be `recorded`",
                        "write the name of the judgement before `recorded`",
                    );
                    return None;
                }
                ExprKind::Recorded(Box::new(left), words.starts_with("not"))
            }
            Rule::within => {
                let mut inner = parts(pair);
                let first = inner.next()?;
                let (amount, window) = if first.as_rule() == Rule::whole_months {
                    (self.whole_months(first)?, Window::WholeMonthsBefore)
                } else {
                    let amount = self.expr(first)?;
                    let word = inner.next()?;
                    let window = match word.as_str().split_whitespace().next()? {
                        "before" => Window::Before,
                        "up" => Window::UpTo,
                        "from" => Window::From,
                        _ => Window::After,
                    };
                    (amount, window)
                };
                let anchor = self.boxed(inner.next())?;
                ExprKind::Within {
                    date: left_box(left),
                    amount: Box::new(amount),
                    window,
                    anchor,
                }
            }
            Rule::rounded => {
                let mut inner = parts(pair);
                let mode = inner.next()?;
                let rounding = match mode.as_str().split_whitespace().last()? {
                    "even" => Rounding::HalfEven,
                    "down" => Rounding::Down,
                    _ if mode.as_str().contains("half") => Rounding::HalfUp,
                    _ => Rounding::Up,
                };
                let target = inner.next()?;
                let to = if target.as_rule() == Rule::number {
                    let Some(places) = target
                        .as_str()
                        .parse::<u32>()
                        .ok()
                        .filter(|places| *places <= 28)
                    else {
                        let place = self.span(&target);
                        self.error(
                            Code::SyntaxError,
                            place,
                            format!("`{}` is no number of places", target.as_str()),
                            "write a whole number up to 28",
                        );
                        return None;
                    };
                    RoundTo::Places(places)
                } else {
                    RoundTo::Nearest(Box::new(self.expr(target)?))
                };
                ExprKind::Round(left_box(left), rounding, to)
            }
            _ => return None,
        };
        Some(Expr { kind, span })
    }

    /// `12 whole months`: as months when it is a literal.
    fn whole_months(&mut self, pair: P<'t>) -> Option<Expr> {
        let span = self.span(&pair);
        let amount = parts(pair).next()?;
        if amount.as_rule() != Rule::number {
            return self.primary(amount);
        }
        let Ok(months) = amount.as_str().parse::<u32>() else {
            self.error(
                Code::SyntaxError,
                span,
                format!("`{}` is no number of months", amount.as_str()),
                "write a whole number",
            );
            return None;
        };
        Some(Expr {
            kind: ExprKind::Literal(Literal::Months(months)),
            span,
        })
    }

    fn primary(&mut self, pair: P<'t>) -> Option<Expr> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::parenthesised => {
                // the span takes in the parentheses: that is how a mixed `and`/`or` is told from a grouped one
                let inner = self.first(pair)?;
                return Some(Expr {
                    kind: inner.kind,
                    span,
                });
            }
            Rule::expr
            | Rule::operand
            | Rule::tight
            | Rule::list
            | Rule::subject
            | Rule::comparison => {
                return self.expr(pair);
            }
            Rule::name | Rule::word => ExprKind::Name(self.name(&pair).text),
            Rule::item_field => ExprKind::ItemField(self.only_name(pair)?),
            Rule::missing => ExprKind::Missing(self.only_name(pair)?),
            Rule::if_expr => {
                let mut inner = parts(pair);
                let condition = self.boxed(inner.next())?;
                let yes = self.boxed(inner.next())?;
                let no = self.boxed(inner.next())?;
                ExprKind::If(condition, yes, no)
            }
            Rule::for_each => {
                let mut inner = parts(pair);
                let word = inner.next()?;
                let item = self.name(&word);
                let list = self.boxed(inner.next())?;
                let mut next = inner.next()?;
                let mut filter = None;
                if next.as_rule() == Rule::comparison {
                    filter = Some(Box::new(self.expr(next)?));
                    next = inner.next()?;
                }
                ExprKind::ForEach {
                    item,
                    list,
                    filter,
                    body: Box::new(self.expr(next)?),
                }
            }
            Rule::list_literal => self.list_literal(pair)?,
            Rule::record_literal => {
                let mut fields = Vec::new();
                for entry in parts(pair) {
                    let mut inner = parts(entry);
                    let word = inner.next()?;
                    let value = inner.next()?;
                    fields.push((self.name(&word), self.expr(value)?));
                }
                ExprKind::Record(fields)
            }
            Rule::group => {
                let mut inner = parts(pair);
                let head = inner.next()?;
                let kind = self.group_kind(head)?;
                ExprKind::Group(kind, self.arguments(inner.next()?)?)
            }
            Rule::quantified => {
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
                ExprKind::Quantified {
                    kind,
                    list,
                    item,
                    condition,
                }
            }
            Rule::aggregate => return self.aggregate(pair),
            Rule::pick => {
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
                ExprKind::Pick {
                    which,
                    list,
                    by,
                    then,
                }
            }
            Rule::period => {
                let (mut from, mut through, mut before) = (None, None, None);
                for part in parts(pair) {
                    let slot = match part.as_rule() {
                        Rule::from_date => &mut from,
                        Rule::through_date => &mut through,
                        _ => &mut before,
                    };
                    *slot = Some(Box::new(self.expr(parts(part).next()?)?));
                }
                ExprKind::Period {
                    from,
                    through,
                    before,
                }
            }
            Rule::overlap => {
                let mut inner = parts(pair);
                ExprKind::Overlap(self.boxed(inner.next())?, self.boxed(inner.next())?)
            }
            Rule::days_of => {
                let inner = parts(pair).next()?;
                let inner = if inner.as_rule() == Rule::arguments {
                    parts(inner).next()?
                } else {
                    inner
                };
                ExprKind::DaysOf(Box::new(self.expr(inner)?))
            }
            Rule::boundary => {
                let mut inner = parts(pair);
                let mut words = inner.next()?.as_str().split_whitespace();
                let end = words.next()? == "end";
                let unit = match words.nth(1)? {
                    "month" => CalendarUnit::Month,
                    "quarter" => CalendarUnit::Quarter,
                    _ => CalendarUnit::Year,
                };
                ExprKind::Boundary(end, unit, self.boxed(inner.next())?)
            }
            Rule::between => {
                let mut inner = parts(pair);
                let days = inner.next()?.as_str().starts_with("days");
                let from = self.boxed(inner.next())?;
                let to = self.boxed(inner.next())?;
                if days {
                    ExprKind::DaysBetween(from, to)
                } else {
                    ExprKind::MonthsBetween(from, to)
                }
            }
            rule @ (Rule::next_on | Rule::previous_before) => {
                let mut inner = parts(pair);
                let word = inner.next()?;
                let name = self.name(&word);
                let date = self.boxed(inner.next())?;
                if rule == Rule::next_on {
                    ExprKind::NextOn(name, date)
                } else {
                    ExprKind::PreviousBefore(name, date)
                }
            }
            Rule::ever => {
                let mut inner = parts(pair);
                let condition = self.boxed(inner.next())?;
                let amount = self.boxed(inner.next())?;
                let anchor = self.boxed(inner.next())?;
                ExprKind::Ever {
                    condition,
                    amount,
                    anchor,
                }
            }
            Rule::highest => {
                let names = self.names(pair);
                let mut names = names.into_iter();
                ExprKind::HighestMeeting {
                    scale: names.next()?,
                    grid: names.next()?,
                    stage: names.next(),
                }
            }
            Rule::rows_of => {
                let mut inner = parts(pair);
                let word = inner.next()?;
                let grid = self.name(&word);
                let tier = self.boxed(inner.next())?;
                let negated = inner.next()?.as_str().contains("not");
                let results = self.names(inner.next()?);
                let otherwise = inner.next().and_then(|word| self.only_name(word));
                ExprKind::RowsOf {
                    grid,
                    tier,
                    results,
                    negated,
                    otherwise,
                }
            }
            Rule::result_of => {
                let mut inner = parts(pair);
                let word = inner.next()?;
                let row = self.name(&word);
                let tier = self.boxed(inner.next())?;
                let grid = inner.next().map(|word| self.name(&word));
                ExprKind::ResultOf { row, tier, grid }
            }
            _ => ExprKind::Literal(self.literal(&pair)?),
        };
        Some(Expr { kind, span })
    }

    fn list_literal(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut items = Vec::new();
        let mut guarded = false;
        for entry in parts(pair) {
            let mut inner = parts(entry);
            let value = inner.next()?;
            let value = self.expr(value)?;
            let guard = match inner.next() {
                Some(guard) => Some(self.expr(guard)?),
                None => None,
            };
            guarded |= guard.is_some();
            items.push((value, guard));
        }
        Some(if guarded {
            ExprKind::ListWhere(items)
        } else {
            ExprKind::List(items.into_iter().map(|(value, _)| value).collect())
        })
    }

    fn arguments(&mut self, pair: P<'t>) -> Option<Vec<Expr>> {
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
    fn aggregate(&mut self, pair: P<'t>) -> Option<Expr> {
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

fn strength(rule: Rule) -> u8 {
    match rule {
        Rule::op_or => OR,
        Rule::op_and => AND,
        Rule::op_compare
        | Rule::op_in
        | Rule::is_none
        | Rule::is_applicable
        | Rule::is_one_of
        | Rule::recorded
        | Rule::within => COMPARE,
        Rule::op_or_else => OR_ELSE,
        Rule::rounded => ROUNDED,
        Rule::op_add => ADD,
        Rule::op_multiply => MULTIPLY,
        _ => POSTFIX,
    }
}

/// An `and` that is not in parentheses: its span begins at its first operand.
fn bare_and(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary(BinaryOp::And, left, _) if left.span.start == expr.span.start)
}

fn comparison(words: &str) -> BinaryOp {
    match words {
        "=" => BinaryOp::Eq,
        "!=" => BinaryOp::Ne,
        "<" => BinaryOp::Lt,
        "<=" => BinaryOp::Le,
        ">" => BinaryOp::Gt,
        ">=" => BinaryOp::Ge,
        _ if words.contains("not") => BinaryOp::Ne,
        _ => BinaryOp::Eq,
    }
}

/// The operator of a bound in a table cell.
pub(super) fn bound_operator(words: &str) -> BinaryOp {
    comparison(words)
}
