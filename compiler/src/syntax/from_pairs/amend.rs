//! Amendments of grids.

use polc_grammar::Rule;

use super::super::ast::{Amend, Change, ChangeKind, Name};
use super::super::text::Line;
use super::{Builder, P, Tail, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn amend(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Amend> {
        let mut amend = None;
        if let Some(pair) = self.read(Rule::amend_line, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let target = self.name(&word);
            let mut tail = Tail::default();
            for part in inner {
                self.tail(&mut tail, part);
            }
            cites.extend(tail.cites);
            amend = Some(Amend {
                target,
                under: tail.under,
                changes: Vec::new(),
            });
        }
        let mut changes = Vec::new();
        for line in body {
            let change = self
                .read(Rule::change_line, *line)
                .and_then(|pair| self.change(pair, *line));
            changes.extend(change);
        }
        let mut amend = amend?;
        amend.changes = changes;
        Some(amend)
    }

    fn change(&mut self, pair: P<'t>, line: Line) -> Option<Change> {
        let span = self.line_span(line);
        let mut tail = Tail::default();
        let mut kind = None;
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            let rule = part.as_rule();
            let mut inner = parts(part);
            let first = inner.next()?;
            kind = Some(match rule {
                Rule::add_row => {
                    let (stage, row) = match first.as_rule() {
                        Rule::word => (Some(self.name(&first)), inner.next()?),
                        _ => (None, first),
                    };
                    let row = self.grid_row(row, line, stage)?;
                    tail.dates = row.dates.clone();
                    tail.under.clone_from(&row.under);
                    tail.cites.extend(row.cites.iter().cloned());
                    ChangeKind::AddRow(row)
                }
                Rule::like => {
                    let model = inner.next()?;
                    let (tier, model) = (self.name(&first), self.name(&model));
                    let mut except = Vec::new();
                    for difference in inner {
                        let mut inner = parts(difference);
                        let row = inner.next()?;
                        let row = self.name(&row);
                        except.push((row, self.cell(inner.next()?)?));
                    }
                    ChangeKind::Like {
                        tier,
                        model,
                        except,
                    }
                }
                _ => {
                    let row = self.name(&first);
                    let tiers = self.names(inner.next()?);
                    ChangeKind::Cells {
                        row,
                        tiers,
                        cell: self.cell(inner.next()?)?,
                    }
                }
            });
        }
        Some(Change {
            kind: kind?,
            dates: tail.dates,
            under: tail.under,
            cites: tail.cites,
            span,
        })
    }
}
