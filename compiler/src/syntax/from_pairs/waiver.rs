//! Waivers: exemptions from rows of a grid, and the facts that grant them.

use polc_grammar::Rule;

use super::super::ast::{Grants, Lift, Name, Waiver};
use super::super::text::Line;
use super::{Builder, Tail, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn waiver(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Waiver> {
        let mut waiver = None;
        if let Some(pair) = self.read(Rule::waiver_line, header) {
            let (name, label, tail, condition) = self.named_rule(pair)?;
            cites.extend(tail.cites);
            waiver = Some(Waiver {
                name,
                label,
                dates: tail.dates,
                condition,
                lifts: Vec::new(),
            });
        }
        let mut lifts = Vec::new();
        for line in body {
            let span = self.line_span(*line);
            let Some(pair) = self.read(Rule::waives_line, *line) else {
                continue;
            };
            let mut tail = Tail::default();
            let mut lift = (Vec::new(), Vec::new(), None);
            for part in parts(pair) {
                let Some(part) = self.tail(&mut tail, part) else {
                    continue;
                };
                match part.as_rule() {
                    Rule::rows => lift.0 = self.names(part),
                    Rule::words => lift.1 = self.names(part),
                    _ => lift.2 = Some(self.name(&part)),
                }
            }
            let (rows, tiers, grid) = lift;
            lifts.push(Lift {
                rows,
                tiers,
                grid,
                dates: tail.dates,
                cites: tail.cites,
                span,
            });
        }
        let mut waiver = waiver?;
        waiver.lifts = lifts;
        Some(waiver)
    }

    pub(super) fn grants(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Grants> {
        self.no_body(body);
        let mut inner = parts(self.read(Rule::grants_line, header)?);
        let (word, grid) = (inner.next()?, inner.next()?);
        let mut grants = Grants {
            name: self.name(&word),
            grid: self.name(&grid),
            label: None,
        };
        for part in inner {
            match part.as_rule() {
                Rule::text => grants.label = Some(Self::text(&part)),
                _ => cites.extend(self.names(part)),
            }
        }
        Some(grants)
    }
}
