//! Amendments: which version of a cell holds on a day, whatever the order of lines and files.

use super::Elaborator;
use super::env::Env;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, Unknown};
use crate::source::Span;
use crate::syntax::ast;
use polc_runtime::ir::{ClauseId, NodeId, Period, ReadingId};
use polc_runtime::value::Date;

/// When a version of a cell holds.
#[derive(Debug, Clone)]
pub(super) struct When {
    period: Period,
    readings: Vec<(ReadingId, u32)>,
    /// The same as a node.
    pub(super) guard: NodeId,
    /// The line that says so.
    pub(super) span: Span,
    /// Its clauses.
    pub(super) cites: Vec<ClauseId>,
}

impl When {
    /// A later first day stands above an earlier one, and on its days a reading above none.
    fn rank(&self) -> (bool, Option<Date>) {
        (!self.readings.is_empty(), self.period.from)
    }

    /// Whether both may be asked for: not where they stand under two alternatives of one reading.
    fn may_meet(&self, other: &When) -> bool {
        let against = |(reading, alternative): &(ReadingId, u32)| {
            let other = other.readings.iter();
            other
                .clone()
                .any(|(known, other)| known == reading && other != alternative)
        };
        !self.readings.iter().any(against)
    }
}

impl Elaborator<'_, '_> {
    /// When a line of an `amend` holds.
    pub(super) fn amended_when(
        &mut self,
        env: &Env,
        (amend, declaration): (&ast::Amend, &ast::Declaration),
        change: &ast::Change,
    ) -> Option<When> {
        let mut cites = self.cite(&declaration.cites);
        cites.extend(self.cite(&change.cites));
        cites.sort_unstable();
        cites.dedup();
        let period = self.period(env, &change.dates)?;
        let mut readings = Vec::new();
        let mut parts = vec![self.in_force(period)];
        for under in [&change.under, &amend.under].into_iter().flatten() {
            readings.push(self.alternative(&under.0, &under.1)?);
            parts.push(self.under(Some(under))?);
        }
        Some(When {
            period,
            readings,
            guard: self.builder.and(parts),
            span: change.span,
            cites,
        })
    }

    /// When a cell holds that nothing dates.
    pub(super) fn always(&mut self, span: Span) -> When {
        When {
            period: Period::default(),
            readings: Vec::new(),
            guard: self.builder.bool(true),
            span,
            cites: Vec::new(),
        }
    }

    /// Reports a changed cell that says neither a day nor a reading: on no day would the printed one hold.
    pub(super) fn changes_some_days(
        &mut self,
        amend: &ast::Amend,
        change: &ast::Change,
        column: bool,
    ) -> bool {
        let dates = &change.dates;
        let days = [&dates.from, &dates.through, &dates.before];
        if days.into_iter().any(Option::is_some) || change.under.is_some() || amend.under.is_some()
        {
            return true;
        }
        let help = if column {
            "write the cell after `except` in the line of its column, or say from which day it changes: `from 2028-01-01`"
        } else {
            "edit the printed cell, or say from which day it changes: `from 2028-01-01`"
        };
        self.report(
            Diagnostic::new(
                Code::AmendmentDates,
                change.span,
                "this amendment says neither from which day nor under which reading it holds",
            )
            .help(help),
        );
        false
    }

    /// Reports a column that says when it holds: it would have no cells at other times.
    pub(super) fn column_has_no_dates(&mut self, amend: &ast::Amend, change: &ast::Change) -> bool {
        let dates = &change.dates;
        let days = [&dates.from, &dates.through, &dates.before];
        if days.into_iter().all(Option::is_none) && change.under.is_none() && amend.under.is_none()
        {
            return true;
        }
        self.report(
            Diagnostic::new(
                Code::AmendmentDates,
                change.span,
                "a column holds on every day and under every reading",
            )
            .help("leave the dates and the reading out; amend its cells with dates of their own"),
        );
        false
    }

    /// The versions of one cell, the strongest last. Two that begin on one day must agree.
    pub(super) fn in_order<T>(
        &mut self,
        mut versions: Vec<(When, T)>,
        same: impl Fn(&T, &T) -> bool,
        cell: &str,
    ) -> Option<Vec<(When, T)>> {
        versions.sort_by_key(|(when, _)| when.rank());
        let mut fine = true;
        for (at, (later, value)) in versions.iter().enumerate() {
            let clash = versions.iter().take(at).find(|(earlier, other)| {
                earlier.rank() == later.rank() && earlier.may_meet(later) && !same(other, value)
            });
            if let Some((earlier, _)) = clash {
                fine = false;
                self.clash(cell, earlier, later);
            }
        }
        fine.then_some(versions)
    }

    fn clash(&mut self, cell: &str, one: &When, other: &When) {
        // Once for two lines, whatever cells they share.
        let lines = (one.span, other.span);
        if self.clashes.contains(&lines) {
            return;
        }
        self.clashes.push(lines);
        let from = other.period.from.map_or_else(
            || "from the first day".to_owned(),
            |day| format!("from {day}"),
        );
        self.report(
            Diagnostic::new(
                Code::AmendmentsClash,
                other.span,
                format!("two amendments give {cell} different values {from}"),
            )
            .at("one of them")
            .label(one.span, "the other")
            .help("keep one of them, or give them different first days: the later one holds from its day on"),
        );
    }

    /// The columns that `like` makes, each after the one it is like: (new, model), as positions in the scale.
    pub(super) fn like_columns(
        &mut self,
        amends: &[(&ast::Amend, &ast::Declaration)],
        values: &[String],
    ) -> Option<Vec<(usize, usize)>> {
        let mut waiting: Vec<(usize, usize, Span)> = Vec::new();
        let mut fine = true;
        for (amend, _) in amends {
            for change in &amend.changes {
                let ast::ChangeKind::Like { tier, model, .. } = &change.kind else {
                    continue;
                };
                fine &= self.column_has_no_dates(amend, change);
                match (self.tier_at(tier, values), self.tier_at(model, values)) {
                    (Some(new), Some(model)) => waiting.push((new, model, change.span)),
                    _ => fine = false,
                }
            }
        }
        let mut ready = Vec::new();
        while let Some(at) = waiting
            .iter()
            .position(|(_, model, _)| waiting.iter().all(|(new, ..)| new != model))
        {
            let (new, model, _) = waiting.remove(at);
            ready.push((new, model));
        }
        if let Some((_, _, span)) = waiting.first() {
            fine = false;
            self.report(
                Diagnostic::new(Code::CyclicDefinition, *span, "this column is like itself")
                    .help("let one of the columns be like a printed one"),
            );
        }
        fine.then_some(ready)
    }

    /// The stage a row that `add` gives belongs to: the one it names, its group's, or the only one there is.
    pub(super) fn stage_of_added(
        &mut self,
        row: &ast::Row,
        group: Option<usize>,
        stages: &[String],
    ) -> Option<usize> {
        match (&row.stage, group, stages) {
            (Some(stage), ..) => {
                let found = stages.iter().position(|known| *known == stage.text);
                if found.is_none() {
                    self.unknown(Unknown::new(stage, Sought::Stage, stages));
                }
                found
            }
            (None, Some(stage), _) => Some(stage),
            (None, None, [] | [_]) => Some(0),
            (None, None, [first, ..]) => {
                self.report(
                    Diagnostic::new(
                        Code::MissingPart,
                        row.name.span,
                        format!("the row `{}` does not say its stage", row.name.text),
                    )
                    .help(format!(
                        "write `add at stage {first} | …`; the stages are {}",
                        stages.join(", ")
                    )),
                );
                None
            }
        }
    }
}
