//! The rows of grids, tier by tier: what is met, and what is missing.

use super::{Page, marks};
use crate::explain::{Holds, Requirement};
use crate::words::spoken;

/// The grid, the tier and the day a row was read for.
type Tier<'r> = (&'r str, &'r str, &'r str);

impl Page<'_> {
    /// The rows that were read, but for those that ask nothing and those nobody came to: first the tiers that are
    /// met, then what the others lack.
    pub(super) fn requirements(&mut self, rows: &[Requirement], depth: usize) {
        let told = |row: &&Requirement| {
            let asked = row.asked != Holds::No && (row.met.is_some() || !row.waived_by.is_empty());
            asked || row.amended
        };
        let mut tiers: Vec<(Tier<'_>, Vec<&Requirement>)> = Vec::new();
        for row in rows.iter().filter(told) {
            let here = (row.grid.as_str(), row.tier.as_str(), row.day.as_str());
            match tiers.last_mut() {
                Some((tier, rows)) if *tier == here => rows.push(row),
                _ => tiers.push((here, vec![row])),
            }
        }
        let fails = |rows: &[&Requirement]| rows.iter().any(|row| row.fails());
        for failing in [false, true] {
            for ((_, tier, day), rows) in tiers.iter().filter(|(_, rows)| fails(rows) == failing) {
                let lead = if failing { "not for" } else { "for" };
                let on = self.on(day);
                self.line(depth, &format!("{lead} {}{on}", spoken(tier)));
                for row in rows {
                    let words = self.requirement(row);
                    self.line(depth + 1, &words);
                }
            }
        }
    }

    pub(super) fn requirement(&self, row: &Requirement) -> String {
        let name = match row.label.as_str() {
            "" => spoken(&row.row),
            label => label.to_owned(),
        };
        let met = match row.met {
            Some(Holds::Yes) => "met",
            Some(Holds::No) if row.preferred => "preferred, and missing",
            Some(Holds::No) => "not met",
            Some(Holds::Open) => "not known",
            Some(Holds::NotApplicable) => "not applicable",
            Some(Holds::Error) => "in error",
            None => "not looked at",
        };
        let met = match (row.asked, row.amended) {
            (Holds::No, _) => "not asked, as amended".to_owned(),
            (_, true) => format!("{met}, as amended"),
            (_, false) => met.to_owned(),
        };
        let met = match row.waived_by.as_slice() {
            [] => met,
            names => format!("waived by {}, otherwise {met}", names.join(", ")),
        };
        let figures = match self.figures(row.figures.iter()).as_slice() {
            [] => String::new(),
            figures => format!(" ({})", figures.join("; ")),
        };
        format!("{name}: {met}{figures}{}", marks(&row.cites))
    }
}
