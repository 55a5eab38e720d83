//! Changes to lines: cases, transitions, obligations and orders.

use super::{Collector, Edit, Operator, Role};
use crate::source::Span;
use crate::syntax::ast::{
    Case, CaseKind, Goto, Lifecycle, Name, Obligations, Order, State, Transition, TransitionKind,
};

impl Collector<'_> {
    /// Cases: each left out, and each two neighbours in each other's place.
    pub(super) fn cases(&mut self, cases: &[Case], role: Role) {
        for case in cases {
            self.leave_out(case.span);
            match &case.kind {
                CaseKind::Value { value, guard } => {
                    self.expr(value, role);
                    guard.iter().for_each(|guard| self.condition(guard));
                }
                CaseKind::Block { guard, cases } => {
                    self.condition(guard);
                    self.cases(cases, role);
                }
                CaseKind::NotApplicable { because: _, guard } => {
                    guard.iter().for_each(|guard| self.condition(guard));
                }
            }
            self.dates(&case.dates);
        }
        for (first, second) in cases.iter().zip(cases.iter().skip(1)) {
            self.swap(first.span, second.span);
        }
    }

    pub(super) fn swap(&mut self, first: Span, second: Span) {
        let between = Span {
            file: first.file,
            start: first.end,
            end: second.start,
        };
        let (one, other) = (self.text(first), self.text(second));
        let text = format!("{other}{}{one}", self.text(between));
        let shown = (
            super::one_line(self.clean(first)),
            super::one_line(self.clean(second)),
        );
        let span = first.to(second);
        self.change_as(Operator::Swapped, first, shown, Edit { span, text });
    }

    pub(super) fn lifecycle(&mut self, lifecycle: &Lifecycle) {
        for line in &lifecycle.everywhere {
            self.transition(line);
        }
        for state in &lifecycle.states {
            self.state(state);
        }
    }

    fn state(&mut self, state: &State) {
        state.deadline.iter().for_each(|expr| self.value(expr));
        state.unless.iter().for_each(|expr| self.condition(expr));
        state.no_reentry.iter().for_each(|expr| self.value(expr));
        for line in &state.lines {
            self.transition(line);
        }
    }

    fn transition(&mut self, line: &Transition) {
        self.leave_out(line.span);
        line.kind
            .subject()
            .into_iter()
            .for_each(|expr| self.value(expr));
        line.guard.iter().for_each(|guard| self.condition(guard));
        line.targets.iter().for_each(|to| self.goto(to));
        if let TransitionKind::May { answers, .. } = &line.kind {
            let answers: Vec<_> = answers.iter().zip(&line.targets).collect();
            self.answers(&answers);
        }
        self.dates(&line.dates);
    }

    fn goto(&mut self, to: &Goto) {
        to.sets.iter().for_each(|(_, value)| self.value(value));
    }

    /// `may J: a -> S, b -> T`: each answer is a transition of its own.
    fn answers(&mut self, answers: &[(&Name, &Goto)]) {
        for (at, (answer, to)) in answers.iter().enumerate() {
            let next = answers.get(at + 1);
            let before = at.checked_sub(1).and_then(|at| answers.get(at));
            // An answer goes with the comma after it, the last one with the comma before it.
            let (start, end) = match (next, before) {
                (Some((next, _)), _) => (answer.span.start, next.span.start),
                (None, Some((_, before))) => (end_of(before), end_of(to)),
                (None, None) => continue,
            };
            let span = Span {
                file: answer.span.file,
                start,
                end,
            };
            let place = Span {
                end: end_of(to),
                ..answer.span
            };
            let shown = (super::one_line(self.clean(place)), String::new());
            let text = String::new();
            self.change_as(Operator::LeftOut, place, shown, Edit { span, text });
        }
    }

    pub(super) fn obligations(&mut self, obligations: &Obligations) {
        for each in &obligations.each {
            self.value(&each.list);
            each.filter.iter().for_each(|expr| self.condition(expr));
            each.fields.iter().for_each(|(_, value)| self.value(value));
        }
        for rule in &obligations.rules {
            self.leave_out(rule.span);
            self.condition(&rule.condition);
            rule.when.iter().for_each(|expr| self.condition(expr));
            self.dates(&rule.dates);
        }
    }

    pub(super) fn order(&mut self, order: &Order) {
        self.value(&order.plan);
        for rule in &order.rules {
            self.leave_out(rule.span);
            rule.when.iter().for_each(|expr| self.condition(expr));
            self.dates(&rule.dates);
        }
    }
}

/// The end of `-> STATE set FIELD VALUE`.
fn end_of(to: &Goto) -> u32 {
    to.sets
        .last()
        .map_or(to.state.span.end, |(_, value)| value.span.end)
}
