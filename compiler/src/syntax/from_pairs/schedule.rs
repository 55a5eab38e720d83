//! Schedules.

use polc_grammar::Rule;

use super::super::ast::{Expr, ExprKind, Name, Schedule, ScheduleRule};
use super::super::text::Line;
use super::{Builder, Tail, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn schedule(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Schedule> {
        self.no_body(body);
        let mut inner = parts(self.read(Rule::schedule_line, header)?);
        let word = inner.next()?;
        let name = self.name(&word);
        let mut label = None;
        let mut rule = None;
        let mut except_years = Vec::new();
        let mut tail = Tail::default();
        for part in inner {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            match part.as_rule() {
                Rule::text => label = Some(Self::text(&part)),
                Rule::on_day => {
                    let mut inner = parts(part);
                    let day = inner.next()?;
                    let day = self.expr(day)?;
                    rule = Some(ScheduleRule::DayOfMonths(day, self.names(inner.next()?)));
                }
                Rule::in_months => {
                    rule = Some(ScheduleRule::Months(self.names(parts(part).next()?)))
                }
                Rule::every => {
                    let mut inner = parts(part);
                    let period = self.expr(inner.next()?)?;
                    rule = Some(ScheduleRule::Every(period, self.expr(inner.next()?)?));
                }
                _ => {
                    for year in parts(part) {
                        let span = self.span(&year);
                        let kind = ExprKind::Literal(self.literal(&year)?);
                        except_years.push(Expr { kind, span });
                    }
                }
            }
        }
        cites.extend(tail.cites);
        Some(Schedule {
            name,
            label,
            rule: rule?,
            dates: tail.dates,
            except_years,
        })
    }
}
