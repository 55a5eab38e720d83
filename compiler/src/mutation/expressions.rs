//! Changes inside expressions.

use super::{Collector, Edit, Operator};
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, GroupKind, RoundTo, Window};

/// What an expression is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A value of any type.
    Value,
    /// It is yes or no.
    Condition,
    /// It is yes or no, and one of several joined by `and` or `or`.
    Joined,
    /// It is what a `not` stands before.
    Negated,
}

impl Collector<'_> {
    /// A value.
    pub(super) fn value(&mut self, expr: &Expr) {
        self.expr(expr, Role::Value);
    }

    /// Something that holds or not.
    pub(super) fn condition(&mut self, expr: &Expr) {
        self.expr(expr, Role::Condition);
    }

    /// One expression and everything in it.
    pub(super) fn expr(&mut self, expr: &Expr, role: Role) {
        self.negated(expr, role);
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(expr.span, literal),
            ExprKind::Name(_) | ExprKind::ItemField(_) | ExprKind::Missing(_) => {}
            ExprKind::Recorded(inner, negated) => {
                self.suffix(expr, inner, *negated, "recorded", "not recorded");
            }
            ExprKind::IsApplicable(inner, negated) => {
                self.value(inner);
                self.suffix(expr, inner, *negated, "is applicable", "is not applicable");
            }
            ExprKind::IsNone(inner, negated) => {
                self.value(inner);
                self.suffix(expr, inner, *negated, "is none", "is not none");
            }
            ExprKind::Access(inner, _)
            | ExprKind::Negate(inner)
            | ExprKind::DaysOf(inner)
            | ExprKind::Aggregate(_, inner)
            | ExprKind::Boundary(_, _, inner)
            | ExprKind::NextOn(_, inner)
            | ExprKind::PreviousBefore(_, inner) => self.value(inner),
            ExprKind::Not(inner) => {
                self.expr(inner, Role::Negated);
                self.without_not(expr, inner);
            }
            ExprKind::Binary(operator, left, right) => {
                self.binary(expr, role, *operator, left, right);
            }
            ExprKind::Compare(_, left, right) => self.compared(left, right),
            ExprKind::Overlaps(left, right)
            | ExprKind::Overlap(left, right)
            | ExprKind::OrElse(left, right)
            | ExprKind::DaysBetween(left, right)
            | ExprKind::MonthsBetween(left, right)
            | ExprKind::Concat(left, right)
            | ExprKind::AsOf(left, right) => {
                self.value(left);
                self.value(right);
            }
            ExprKind::In {
                item,
                list,
                negated,
            } => self.member(item, list, *negated),
            ExprKind::Within {
                date,
                amount,
                window,
                anchor,
            } => {
                self.value(date);
                self.value(amount);
                self.window(amount, *window, anchor);
                self.value(anchor);
            }
            ExprKind::If(condition, yes, no) => {
                self.condition(condition);
                let branch = match role {
                    Role::Value => Role::Value,
                    Role::Condition | Role::Joined | Role::Negated => Role::Condition,
                };
                self.expr(yes, branch);
                self.expr(no, branch);
            }
            ExprKind::Quantified {
                kind,
                list,
                item: _,
                condition,
            } => {
                self.how_many(kind);
                self.value(list);
                condition.iter().for_each(|inner| self.condition(inner));
            }
            ExprKind::Group(kind, items) => {
                self.how_many(kind);
                self.group_word(expr.span, kind);
                items.iter().for_each(|item| self.condition(item));
            }
            ExprKind::Period { .. }
            | ExprKind::Where { .. }
            | ExprKind::ForEach { .. }
            | ExprKind::Pick { .. }
            | ExprKind::Sort { .. }
            | ExprKind::GroupBy { .. }
            | ExprKind::Record(_)
            | ExprKind::List(_)
            | ExprKind::ListWhere(_)
            | ExprKind::Round(..)
            | ExprKind::Extreme(..)
            | ExprKind::Operation(..)
            | ExprKind::Ever { .. }
            | ExprKind::HighestMeeting { .. }
            | ExprKind::RowsOf { .. }
            | ExprKind::ResultOf { .. }
            | ExprKind::Call(..) => self.parts(expr),
        }
    }

    /// Expressions that are only looked into.
    fn parts(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Period {
                from,
                through,
                before,
            } => {
                let ends = [from, through, before];
                ends.into_iter().flatten().for_each(|end| self.value(end));
            }
            ExprKind::Where { list, condition } => {
                self.value(list);
                self.condition(condition);
            }
            ExprKind::ForEach {
                list,
                locals,
                filter,
                body,
                ..
            } => {
                self.value(list);
                locals.iter().for_each(|(_, value)| self.value(value));
                filter.iter().for_each(|filter| self.condition(filter));
                self.value(body);
            }
            ExprKind::Pick {
                which: _,
                list,
                by,
                then,
            } => {
                self.value(list);
                by.iter().chain(then).for_each(|key| self.value(key));
            }
            ExprKind::Sort { list, by, .. } | ExprKind::GroupBy { list, by } => {
                self.value(list);
                self.value(by);
            }
            ExprKind::Record(fields) => fields.iter().for_each(|(_, value)| self.value(value)),
            ExprKind::Call(_, items)
            | ExprKind::List(items)
            | ExprKind::Extreme(_, items)
            | ExprKind::Operation(_, items) => items.iter().for_each(|item| self.value(item)),
            ExprKind::ListWhere(items) => {
                for (item, guard) in items {
                    self.value(item);
                    guard.iter().for_each(|guard| self.condition(guard));
                }
            }
            ExprKind::Round(inner, _, to) => {
                self.value(inner);
                match to {
                    RoundTo::Places(_) => self.places(Span {
                        start: inner.span.end,
                        ..expr.span
                    }),
                    RoundTo::Nearest(step) => self.value(step),
                }
            }
            ExprKind::Ever {
                condition,
                amount,
                anchor,
            } => {
                self.condition(condition);
                self.value(amount);
                self.value(anchor);
            }
            ExprKind::HighestMeeting { .. } => {}
            ExprKind::RowsOf { tier, .. } | ExprKind::ResultOf { tier, .. } => self.value(tier),
            ExprKind::Literal(_)
            | ExprKind::Name(_)
            | ExprKind::ItemField(_)
            | ExprKind::Access(..)
            | ExprKind::Not(_)
            | ExprKind::Negate(_)
            | ExprKind::Binary(..)
            | ExprKind::Compare(..)
            | ExprKind::IsNone(..)
            | ExprKind::IsApplicable(..)
            | ExprKind::In { .. }
            | ExprKind::Within { .. }
            | ExprKind::Recorded(..)
            | ExprKind::Overlaps(..)
            | ExprKind::Overlap(..)
            | ExprKind::DaysOf(_)
            | ExprKind::Missing(_)
            | ExprKind::OrElse(..)
            | ExprKind::If(..)
            | ExprKind::Aggregate(..)
            | ExprKind::Quantified { .. }
            | ExprKind::Group(..)
            | ExprKind::Concat(..)
            | ExprKind::Boundary(..)
            | ExprKind::DaysBetween(..)
            | ExprKind::MonthsBetween(..)
            | ExprKind::NextOn(..)
            | ExprKind::PreviousBefore(..)
            | ExprKind::AsOf(..) => {}
        }
    }

    /// `at least k of`.
    pub(super) fn how_many(&mut self, kind: &GroupKind) {
        match kind {
            GroupKind::AtLeast(count) => self.value(count),
            GroupKind::Any | GroupKind::All | GroupKind::No => {}
        }
    }

    /// `any of (…)` for `all of (…)`: the `and` and `or` of conditions written one below the other.
    pub(super) fn group_word(&mut self, span: Span, kind: &GroupKind) {
        let (old, new) = match kind {
            GroupKind::Any => ("any", "all"),
            GroupKind::All => ("all", "any"),
            GroupKind::No | GroupKind::AtLeast(_) => return,
        };
        let Some(at) = self.clean(span).find(old) else {
            return;
        };
        let start = span.start + at as u32;
        let word = Span {
            file: span.file,
            start,
            end: start + old.len() as u32,
        };
        let shown = (format!("{old} of"), format!("{new} of"));
        let text = new.to_owned();
        self.change_as(Operator::AndOr, word, shown, Edit { span: word, text });
    }

    /// Puts a `not` before a condition, unless the opposite of a comparison or the `not` before it says the same.
    fn negated(&mut self, expr: &Expr, role: Role) {
        let wanted = match &expr.kind {
            // These hold or not wherever they stand.
            ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..)
            | ExprKind::Within { .. }
            | ExprKind::Overlaps(..)
            | ExprKind::Quantified { .. }
            | ExprKind::Group(..)
            | ExprKind::Ever { .. } => role != Role::Negated,
            ExprKind::Binary(BinaryOp::Arithmetic(_), ..)
            | ExprKind::Compare(..)
            | ExprKind::IsNone(..)
            | ExprKind::IsApplicable(..)
            | ExprKind::In { .. }
            | ExprKind::Recorded(..)
            | ExprKind::Not(_)
            | ExprKind::Literal(_)
            | ExprKind::Missing(_)
            | ExprKind::If(..) => false,
            ExprKind::Name(_)
            | ExprKind::ItemField(_)
            | ExprKind::Call(..)
            | ExprKind::Access(..)
            | ExprKind::OrElse(..)
            | ExprKind::AsOf(..)
            | ExprKind::Pick { .. }
            | ExprKind::Negate(_)
            | ExprKind::Period { .. }
            | ExprKind::Overlap(..)
            | ExprKind::DaysOf(_)
            | ExprKind::Aggregate(..)
            | ExprKind::Where { .. }
            | ExprKind::ForEach { .. }
            | ExprKind::Sort { .. }
            | ExprKind::GroupBy { .. }
            | ExprKind::Concat(..)
            | ExprKind::Record(_)
            | ExprKind::List(_)
            | ExprKind::ListWhere(_)
            | ExprKind::Round(..)
            | ExprKind::Boundary(..)
            | ExprKind::Operation(..)
            | ExprKind::DaysBetween(..)
            | ExprKind::MonthsBetween(..)
            | ExprKind::Extreme(..)
            | ExprKind::NextOn(..)
            | ExprKind::PreviousBefore(..)
            | ExprKind::HighestMeeting { .. }
            | ExprKind::RowsOf { .. }
            | ExprKind::ResultOf { .. } => matches!(role, Role::Condition | Role::Joined),
        };
        if wanted {
            let text = format!("not ({})", self.text(expr.span));
            let short = shortened(self.clean(expr.span));
            let shown = (short.clone(), format!("not ({short})"));
            let span = expr.span;
            self.change_as(Operator::Not, span, shown, Edit { span, text });
        }
    }

    /// `not x`: without the `not`.
    fn without_not(&mut self, expr: &Expr, inner: &Expr) {
        let head = self.words(expr.span.file, expr.span.start, inner.span.start);
        let Some(at) = self.clean(head).rfind("not") else {
            return;
        };
        let start = head.start + at as u32;
        let span = Span {
            file: head.file,
            start,
            end: inner.span.start,
        };
        let place = Span {
            end: start + 3,
            ..span
        };
        let short = shortened(self.clean(inner.span));
        let shown = (format!("not {short}"), short);
        let text = String::new();
        self.change_as(Operator::Not, place, shown, Edit { span, text });
    }

    /// `x is none`: the words after an operand, and their opposite.
    fn suffix(&mut self, expr: &Expr, inner: &Expr, negated: bool, plain: &str, opposite: &str) {
        let span = self.words(expr.span.file, inner.span.end, expr.span.end);
        self.change(
            Operator::Opposite,
            span,
            if negated { plain } else { opposite },
        );
    }

    /// `x in y`, `x is one of a, b`.
    fn member(&mut self, item: &Expr, list: &Expr, negated: bool) {
        self.value(item);
        let span = self.between(item.span, list.span);
        let new = match (self.clean(span).starts_with("is"), negated) {
            (true, false) => "is not one of",
            (true, true) => "is one of",
            (false, false) => "not in",
            (false, true) => "in",
        };
        // `x in [a]` has its bracket inside the list, so only the words are left between the two.
        self.change(Operator::Opposite, span, new);
        self.value(list);
    }

    /// `within P before D`: the window with its other edge closed.
    fn window(&mut self, amount: &Expr, window: Window, anchor: &Expr) {
        let new = match window {
            Window::Before => "up to",
            Window::UpTo => "before",
            Window::From => "after",
            Window::After => "from",
            Window::WholeMonthsBefore => return,
        };
        let span = self.between(amount.span, anchor.span);
        self.change(Operator::Neighbour, span, new);
    }

    fn binary(&mut self, expr: &Expr, role: Role, operator: BinaryOp, left: &Expr, right: &Expr) {
        let inside = match operator {
            BinaryOp::And | BinaryOp::Or => Role::Joined,
            BinaryOp::Arithmetic(_) => Role::Value,
        };
        self.expr(left, inside);
        match operator {
            BinaryOp::And => self.and_or(expr, role, left, right, "or"),
            BinaryOp::Or => self.and_or(expr, role, left, right, "and"),
            BinaryOp::Arithmetic(_) => {}
        }
        self.expr(right, inside);
    }

    fn compared(&mut self, left: &Expr, right: &Expr) {
        self.value(left);
        let span = self.between(left.span, right.span);
        self.comparison(span);
        self.value(right);
    }

    /// A sign of comparison: its neighbour and its opposite.
    pub(super) fn comparison(&mut self, span: Span) {
        let words = super::one_line(self.clean(span));
        let (neighbour, opposite) = match words.as_str() {
            "<" => (Some("<="), ">="),
            "<=" => (Some("<"), ">"),
            ">" => (Some(">="), "<="),
            ">=" => (Some(">"), "<"),
            "=" => (None, "!="),
            "!=" => (None, "="),
            "is" => (None, "is not"),
            "is not" => (None, "is"),
            _ => return,
        };
        if let Some(neighbour) = neighbour {
            self.change(Operator::Neighbour, span, neighbour);
        }
        self.change(Operator::Opposite, span, opposite);
    }

    /// `and` for `or`. Neither binds tighter than the other, so what stood together gets parentheses.
    fn and_or(&mut self, expr: &Expr, role: Role, left: &Expr, right: &Expr, new: &str) {
        let word = self.between(left.span, right.span);
        let before = self.clean(word).to_owned();
        let file = expr.span.file;
        let (start, end) = (left.span.start, right.span.end);
        let gap = |start, end| self.text(Span { file, start, end });
        let mut text = self.text(left.span);
        if bare_chain(left) {
            text = format!("({text})");
        }
        text += &gap(left.span.end, word.start);
        text += new;
        text += &gap(word.end, right.span.start);
        text += &self.text(right.span);
        if role == Role::Joined && bare_chain(expr) {
            text = format!("({text})");
        }
        let span = Span { file, start, end };
        let shown = (before, new.to_owned());
        self.change_as(Operator::AndOr, word, shown, Edit { span, text });
    }
}

/// An `and` or `or` that is not in parentheses.
fn bare_chain(expr: &Expr) -> bool {
    matches!(
        &expr.kind,
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, left, _) if left.span.start == expr.span.start
    )
}

/// The beginning and the end of a long text.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let text = super::one_line(text);
    let letters = text.chars().count();
    if letters <= LONGEST {
        return text;
    }
    let head: String = text.chars().take(LONGEST / 2).collect();
    let tail: String = text.chars().skip(letters - LONGEST / 2).collect();
    format!("{head} … {tail}")
}
