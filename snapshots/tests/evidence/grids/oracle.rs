//! What the reference says about a grid, with every fact known.

use super::model::{Cell, Entry, Grid, Kind, Lift, Row, TIERS, Test};
use serde_json::{Map, Value as Json};

/// The result of a cell, in the words of the reference.
pub type Verdict = &'static str;

/// Facts and a day.
pub struct Asked<'a> {
    pub facts: &'a Map<String, Json>,
    pub on: &'a str,
}

impl Asked<'_> {
    fn truth(&self, at: usize) -> bool {
        self.facts[&format!("b{at}")] == true
    }

    fn number(&self, at: usize) -> i64 {
        self.facts[&format!("n{at}")].as_i64().expect("a number")
    }

    fn lifts(&self, lift: &Lift, row: &str, tier: usize) -> bool {
        lift.rows.iter().any(|one| one == row)
            && lift.tiers.contains(&tier)
            && lift.dates.hold(self.on)
            && lift.when.is_none_or(|at| self.truth(at))
            && !lift.unless.is_some_and(|at| self.truth(at))
    }

    fn granted(&self, row: &str, tier: usize) -> bool {
        let grants = self.facts.get("granted").and_then(Json::as_array);
        grants.into_iter().flatten().any(|grant| {
            let day = |part: &str| grant[part].as_str().expect("a day");
            grant["requirement"] == row
                && (grant["tier"].is_null() || grant["tier"] == TIERS[tier])
                && day("from") <= self.on
                && self.on <= day("through")
        })
    }
}

impl Grid {
    /// What a cell of a row asks on a day.
    fn cell(&self, row: &Row, tier: usize, on: &str) -> Cell {
        if row.from.is_some_and(|from| on < from) {
            return Cell::Nothing;
        }
        if tier == 3
            && let Some((_, cell)) = self.elite.iter().find(|(name, _)| *name == row.name)
        {
            return *cell;
        }
        // elite is like platinum on every day, later versions included
        let tier = tier.min(2);
        let mut versions: Vec<_> = self
            .amendments
            .iter()
            .filter(|one| one.row == row.name && one.tier == tier && one.from <= on)
            .collect();
        versions.sort_by_key(|one| one.from);
        versions.last().map_or(row.cells[tier], |one| one.cell)
    }

    fn row(&self, row: &Row, tier: usize, asked: &Asked<'_>) -> Verdict {
        let excepted = self.exceptions.iter().any(|one| {
            one.rows[0] == row.name
                && one.dates.hold(asked.on)
                && one.when.is_none_or(|at| asked.truth(at))
        });
        let cell = self.cell(row, tier, asked.on);
        let Cell::Asked { need, preferred } = cell else {
            return "not_required";
        };
        if excepted {
            return "not_required";
        }
        if self.lifted(&row.name, tier, asked) {
            return "waived";
        }
        let holds = match (row.test, need) {
            (Test::Number(at), Some(need)) => asked.number(at) >= need,
            (Test::Truth(at), _) => asked.truth(at),
            (Test::Number(_), None) => unreachable!("a number is compared"),
        };
        match (holds, preferred) {
            (true, _) => "met",
            (false, true) => "preferred_missing",
            (false, false) => "not_met",
        }
    }

    fn lifted(&self, row: &str, tier: usize, asked: &Asked<'_>) -> bool {
        self.waivers.iter().any(|one| asked.lifts(one, row, tier)) || asked.granted(row, tier)
    }

    /// The result of a group, or of a row that stands alone.
    pub fn verdict(&self, entry: &Entry, tier: usize, asked: &Asked<'_>) -> Verdict {
        let least = match entry.kind {
            Kind::Single => return self.row(&entry.rows[0], tier, asked),
            Kind::Any => 1,
            Kind::All => entry.rows.len(),
            Kind::AtLeastTwo => 2,
        };
        if self.lifted(&entry.name, tier, asked) {
            return "waived";
        }
        let verdicts = entry.rows.iter().map(|row| self.row(row, tier, asked));
        match verdicts.filter(|one| passes(one)).count() >= least {
            true => "met",
            false => "not_met",
        }
    }

    /// Every result that is shown for a tier.
    pub fn shown(&self, tier: usize, asked: &Asked<'_>) -> Vec<(String, Verdict)> {
        let mut shown = Vec::new();
        for entry in &self.entries {
            shown.push((entry.name.clone(), self.verdict(entry, tier, asked)));
            if entry.kind != Kind::Single {
                let rows = entry.rows.iter();
                shown.extend(rows.map(|row| (row.name.clone(), self.row(row, tier, asked))));
            }
        }
        shown
    }

    /// The highest tier met, looking at the rows through the end of a stage.
    pub fn highest(&self, stage: Option<usize>, asked: &Asked<'_>) -> Option<&'static str> {
        let met = |tier: &usize| {
            let looked_at = self
                .entries
                .iter()
                .filter(|entry| stage.is_none_or(|stage| entry.stage <= stage));
            looked_at
                .into_iter()
                .all(|entry| passes(self.verdict(entry, *tier, asked)))
        };
        (0..TIERS.len()).rev().find(met).map(|tier| TIERS[tier])
    }
}

fn passes(verdict: &str) -> bool {
    verdict != "not_met"
}
