//! Which declaration is read when: each after all it needs, and circles that only types show.

use super::{Elaborator, MAX_NESTED};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{SymbolId, SymbolKind, cycle};
use crate::source::Span;

impl<'a> Elaborator<'_, 'a> {
    /// Reads a declaration, after all that it certainly needs, unless that is done.
    pub(super) fn demand(&mut self, id: SymbolId) {
        let symbols = self.symbols;
        let done = |id: SymbolId| self.queue.begun.contains(&id);
        let open = |id: SymbolId| self.queue.open.contains(&id);
        let (before, ways) = symbols.dependencies.before(id, &done, &open);
        for way in ways {
            self.circle(&way);
        }
        for next in before {
            let Some(symbol) = symbols.list.get(next) else {
                continue;
            };
            // All on the way to it wait for it.
            let waiting = symbols.dependencies.way(id, next).unwrap_or_default();
            let depth = self.queue.open.len();
            self.queue.open.extend(waiting);
            if self.queue.begun.insert(next) {
                self.symbol(symbol);
            }
            self.queue.open.truncate(depth);
        }
    }

    /// Makes sure that what a word stands for is there: the order of declarations leaves out words that may be
    /// values. Reports the cycle when it is being read already.
    pub(super) fn available(&mut self, id: SymbolId, span: Span) -> Option<()> {
        if self.queue.open.contains(&id) {
            self.circle(&[id]);
            return None;
        }
        if self.queue.begun.contains(&id) {
            return Some(());
        }
        if self.queue.nested >= MAX_NESTED {
            self.report(
                Diagnostic::new(
                    Code::NestedTooDeep,
                    span,
                    format!(
                        "too many names that are values as well lead to `{}`",
                        self.symbols.name(id)
                    ),
                )
                .help(
                    "rename the definition, so that no value of an enumeration is called like it",
                ),
            );
            return None;
        }
        self.queue.nested += 1;
        self.demand(id);
        self.queue.nested -= 1;
        Some(())
    }

    /// Reports the cycle that a way back to a declaration being read closes.
    pub(super) fn circle(&mut self, way: &[SymbolId]) {
        let Some((target, way)) = way.split_last() else {
            return;
        };
        let open = self.queue.open.iter().position(|open| open == target);
        let inner = open
            .and_then(|at| self.queue.open.get(at..))
            .unwrap_or_default();
        let mut path: Vec<SymbolId> = inner.iter().chain(way).copied().collect();
        path.dedup();
        let known = &self.symbols.dependencies.cyclic;
        if !path.iter().any(|id| known.contains(id)) {
            self.report(cycle(self.symbols, &path));
        }
    }

    pub(super) fn symbol(&mut self, symbol: &crate::names::Symbol<'a>) {
        let cites = self.cite(&symbol.declaration.cites);
        match symbol.kind {
            SymbolKind::Fact(fact) => self.fact_body(fact),
            SymbolKind::Judgement(_) | SymbolKind::Grants(_) => {}
            SymbolKind::Value(value) => self.value(value, cites),
            SymbolKind::Define(define) => self.define(define, cites),
            SymbolKind::Table(table) => self.table(table, cites),
            SymbolKind::Requirements(grid) => self.grid(grid, cites),
            SymbolKind::Waiver(waiver) => self.waiver(waiver, cites),
            SymbolKind::Exception(exception) => self.exception_target(exception),
            SymbolKind::Schedule(schedule) => self.schedule_body(schedule),
            SymbolKind::Lifecycle(lifecycle) => {
                let label = lifecycle.label.clone().unwrap_or_default();
                self.lifecycle(lifecycle, cites, &label);
            }
            SymbolKind::Obligations(obligations) => self.obligations(obligations, cites),
            SymbolKind::Duty(duty) => self.duty(duty, cites),
            SymbolKind::Order(order) => self.order(order, cites),
        }
    }
}
