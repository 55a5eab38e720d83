//! Dates: the one step that turns `from`, `through`, `before` into half-open periods, tiling, schedules.

use super::Elaborator;
use super::env::Env;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast;
use polc_runtime::ir::{self, Const, NodeId, Op, Period, Type};
use polc_runtime::value::Date;

impl Elaborator<'_, '_> {
    /// A written-out date.
    pub(super) fn constant_date(&mut self, env: &Env, expr: &ast::Expr) -> Option<Date> {
        let node = self.check(env, expr, &Type::Date)?;
        match self.builder.constant(node) {
            Some(Const::Date(date)) => Some(*date),
            _ => {
                self.report(
                    Diagnostic::new(
                        Code::NotConstant,
                        expr.span,
                        "a period needs a written date",
                    )
                    .help("write a date such as `2027-01-01`"),
                );
                None
            }
        }
    }

    /// The half-open period of `from D`, `through D`, `before D`.
    pub(super) fn period(&mut self, env: &Env, dates: &ast::Dates) -> Option<Period> {
        let from = match &dates.from {
            // Nothing lies before the first day of the calendar.
            Some(expr) => Some(self.constant_date(env, expr)?).filter(|day| *day > Date::FIRST),
            None => None,
        };
        let through = match &dates.through {
            // The day after the last one is never.
            Some(expr) => self.constant_date(env, expr)?.checked_add_days(1),
            None => None,
        };
        let before = match &dates.before {
            Some(expr) => Some(self.constant_date(env, expr)?),
            None => through,
        };
        if let Some(announced) = &dates.announced {
            self.constant_date(env, announced)?;
        }
        if before.is_some_and(|before| from.unwrap_or(Date::FIRST) >= before) {
            self.report(
                Diagnostic::new(Code::EmptyPeriod, dates.span, "this period holds no day").help(
                    "`from` must come before the end; `through D` includes D, `before D` does not",
                ),
            );
            return None;
        }
        Some(Period { from, before })
    }

    /// A node that holds while as_of lies in the period.
    pub(super) fn in_force(&mut self, period: Period) -> NodeId {
        if period == Period::default() {
            return self.builder.bool(true);
        }
        self.builder.add(Op::InForce(period), Type::Bool)
    }

    /// Reports periods that overlap or leave a hole; `start` is where the first may begin.
    pub(super) fn check_tiles(
        &mut self,
        periods: &[(Period, Span)],
        start: Option<Date>,
        name: &ast::Name,
    ) {
        let mut sorted = periods.to_vec();
        sorted.sort_by_key(|(period, _)| period.from);
        if let Some((first, span)) = sorted.first()
            && first.from != start
        {
            let message = match first.from {
                Some(from) => format!("`{}` has no value before {from}", name.text),
                None => format!("`{}` has a value before it is in force", name.text),
            };
            let help = first.from.map_or_else(
                || "remove `not in force before`".to_owned(),
                |from| {
                    format!("add a value for earlier days, or write `not in force before {from}`")
                },
            );
            self.report(Diagnostic::new(Code::DatesLeaveHole, *span, message).help(help));
        }
        for pair in sorted.windows(2) {
            let [(a, a_span), (b, b_span)] = pair else {
                continue;
            };
            match (a.before, b.from) {
                (Some(end), Some(next)) if end == next => {}
                (Some(end), Some(next)) if end < next => self.report(
                    Diagnostic::new(
                        Code::DatesLeaveHole,
                        *b_span,
                        format!(
                            "`{}` has no value from {end} to the day before {next}",
                            name.text
                        ),
                    )
                    .at("the next value begins here")
                    .label(*a_span, "the one before ends here")
                    .help("make the periods meet: `through` the day before the next `from`"),
                ),
                (_, next) => {
                    let day =
                        next.map_or_else(|| "the first day".to_owned(), |day| day.to_string());
                    self.report(
                        Diagnostic::new(
                            Code::DatesOverlap,
                            *b_span,
                            format!("`{}` has two values on {day}", name.text),
                        )
                        .at("this one applies then")
                        .label(*a_span, "and so does this one")
                        .help("end the earlier one the day before: `before` that day, or `through` the one before it"),
                    );
                }
            }
        }
        if let Some((last, span)) = sorted.last()
            && let Some(end) = last.before
        {
            self.report(
                Diagnostic::new(
                    Code::DatesLeaveHole,
                    *span,
                    format!("`{}` has no value from {end} on", name.text),
                )
                .help("add a value for later days, or drop the end of this one"),
            );
        }
    }

    pub(super) fn declare_schedule(
        &mut self,
        schedule: &ast::Schedule,
        declaration: &ast::Declaration,
    ) {
        let env = &Env::declaring();
        let cites = self.cite(&declaration.cites);
        let period = self.period(env, &schedule.dates).unwrap_or_default();
        let mut except_years = Vec::new();
        for expr in &schedule.except_years {
            match expr.number().and_then(|text| text.parse::<i16>().ok()) {
                Some(year) if (1..=9999).contains(&year) => except_years.push(year),
                _ => self.report(
                    Diagnostic::new(
                        Code::BadSchedule,
                        expr.span,
                        "an exception of a schedule is a year",
                    )
                    .help("write for example `except 2028`"),
                ),
            }
        }
        let rule = match &schedule.rule {
            ast::ScheduleRule::DayOfMonths(day, months) => {
                let number = day.number().and_then(|text| text.parse::<u8>().ok());
                let months = self.months(months);
                match number {
                    Some(day) if (1..=31).contains(&day) => {
                        ir::ScheduleRule::DayOfMonths { day, months }
                    }
                    _ => {
                        self.report(
                            Diagnostic::new(
                                Code::BadSchedule,
                                day.span,
                                "there is no such day of a month",
                            )
                            .help("write a day from 1 to 31"),
                        );
                        ir::ScheduleRule::DayOfMonths { day: 1, months }
                    }
                }
            }
            ast::ScheduleRule::Months(months) => ir::ScheduleRule::Months {
                months: self.months(months),
            },
            ast::ScheduleRule::Every(step, _) => {
                let mut every = None;
                if let ast::ExprKind::Literal(ast::Literal::Months(months)) = step.kind {
                    every = (months > 0).then_some(months);
                }
                // A `value` is read once it is there.
                if every.is_none() && step.word().is_none() {
                    self.report(
                        Diagnostic::new(
                            Code::BadSchedule,
                            step.span,
                            "a schedule recurs in calendar months",
                        )
                        .help("write for example `every 6 months after issued_on`"),
                    );
                }
                let months = every.unwrap_or(1);
                ir::ScheduleRule::Every { months, anchor: 0 }
            }
        };
        if let Some(id) = self.symbol_at(schedule.name.span) {
            let at = self.inputs.schedules.len() as ir::ScheduleId;
            self.inputs.schedule_ids.insert(id, at);
        }
        self.inputs.schedules.push(ir::Schedule {
            name: schedule.name.text.clone(),
            rule,
            period,
            except_years,
            except: Vec::new(),
            rests_on: Vec::new(),
            cites,
        });
    }

    fn months(&mut self, names: &[ast::Name]) -> Vec<u8> {
        const MONTHS: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let mut months = Vec::new();
        for name in names {
            match MONTHS.iter().position(|month| *month == name.text) {
                Some(at) => months.push(at as u8 + 1),
                None => self.unknown(Unknown::new(name, Sought::Month, MONTHS)),
            }
        }
        months.sort_unstable();
        months.dedup();
        months
    }

    /// The anchor of `every N months after …`, and exceptions that cut years out.
    pub(super) fn schedule_body(&mut self, schedule: &ast::Schedule) {
        let env = &Env::default();
        let id = self.symbol_at(schedule.name.span);
        let Some(id) = id.and_then(|id| self.inputs.schedule_ids.get(&id)).copied() else {
            return;
        };
        self.schedule_step(env, schedule, id);
        let symbols = self.symbols;
        for (of, exception) in symbols.exceptions_to(&schedule.name.text, None) {
            let _ = self.cite_of(of);
            let period = self.period(env, &exception.dates);
            if let (Some(period), Some(now)) =
                (period, self.inputs.schedules.get(id as usize).cloned())
            {
                let (name, span) = (&exception.name.text, exception.name.span);
                self.takes_a_day(name, &now, period, span);
            }
            let provision = self.provision(&exception.name.text);
            if let Some(period) = period
                && let Some(slot) = self.inputs.schedules.get_mut(id as usize)
            {
                slot.except.push(period);
                slot.rests_on.extend(provision);
            }
        }
        let wanted = super::builder::optional(Type::Date);
        if let ast::ScheduleRule::Every(_, anchor) = &schedule.rule
            && let Some(node) = self.check(env, anchor, &wanted)
            && let Some(slot) = self.inputs.schedules.get_mut(id as usize)
            && let ir::ScheduleRule::Every { anchor, .. } = &mut slot.rule
        {
            *anchor = node;
        }
    }

    /// A step that is the name of a value.
    fn schedule_step(&mut self, env: &Env, schedule: &ast::Schedule, id: ir::ScheduleId) {
        let ast::ScheduleRule::Every(step, _) = &schedule.rule else {
            return;
        };
        if !matches!(step.kind, ast::ExprKind::Name(_)) {
            return;
        }
        let Some(node) = self.check(env, step, &Type::Months) else {
            return;
        };
        let count = match self.builder.constant(node) {
            Some(ir::Const::Number(number)) => number.to_i64().and_then(|n| u32::try_from(n).ok()),
            _ => None,
        };
        match (count, self.inputs.schedules.get_mut(id as usize)) {
            (Some(count @ 1..), Some(slot)) => {
                slot.rests_on.extend(self.builder.provisions(node));
                if let ir::ScheduleRule::Every { months, .. } = &mut slot.rule {
                    *months = count;
                }
            }
            _ => self.report(
                Diagnostic::new(
                    Code::BadSchedule,
                    step.span,
                    "the step of a schedule is one number of months on every day",
                )
                .help("name a `value` that is not dated, or write `every 6 months`; for a step that changes write two schedules, one `through` and one `from`"),
            ),
        }
    }

    pub(super) fn schedule_of(&mut self, name: &ast::Name) -> Option<ir::ScheduleId> {
        let found = self.symbol_at(name.span);
        let found = found
            .and_then(|id| self.inputs.schedule_ids.get(&id))
            .copied();
        if found.is_none() {
            let schedules = self.symbols.list.iter();
            let known = schedules
                .filter(|symbol| matches!(symbol.kind, SymbolKind::Schedule(_)))
                .map(|symbol| symbol.name.text.as_str());
            self.unknown(Unknown::new(name, Sought::Schedule, known));
        }
        found
    }

    /// A query is `date or none` where the schedule ends on that side, counts from a day that may be none, or an
    /// exception leaves out every day on that side.
    pub(super) fn schedule_type(&self, id: ir::ScheduleId, next: bool) -> Type {
        let Some(schedule) = self.inputs.schedules.get(id as usize) else {
            return Type::Date;
        };
        let ends = |period: &Period| if next { period.before } else { period.from };
        let endless = match &schedule.rule {
            ir::ScheduleRule::Every { anchor, .. } => {
                next && !matches!(self.builder.ty(*anchor), Type::Optional(_))
            }
            ir::ScheduleRule::DayOfMonths { .. } | ir::ScheduleRule::Months { .. } => true,
        };
        let goes_on = ends(&schedule.period).is_none()
            && schedule.except.iter().all(|period| ends(period).is_some());
        if endless && goes_on {
            Type::Date
        } else {
            super::builder::optional(Type::Date)
        }
    }
}
