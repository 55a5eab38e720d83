//! What changed between two days, and by which rules.

use super::{Explanation, Holds, Part, Requirement, Step};
use crate::ir::{ProvisionId, ProvisionKind};
use crate::result::Reply;
use crate::words::{spoken, within_line};
use serde::Serialize;
use std::collections::BTreeMap;

/// A decision on two days.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Version of this form: that of explanations.
    pub format: u32,
    /// Who was asked about.
    pub id: Option<String>,
    /// The decision.
    pub name: String,
    /// Its label; empty where it has none.
    pub label: String,
    /// The first day.
    pub before: Side,
    /// The other day.
    pub after: Side,
    /// What came out differently on the two days.
    pub changes: Vec<Change>,
}

/// One of the days.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// The day.
    pub as_of: String,
    /// What the decision came to.
    pub outcome: Reply,
    /// The same in words.
    pub words: String,
}

/// A definition, a part or a row that came out differently.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Its provision.
    pub provision: ProvisionId,
    /// What it is.
    pub kind: ProvisionKind,
    /// What it is called.
    pub what: String,
    /// What it came to on the first day; empty where it was not read.
    pub before: String,
    /// What it came to on the other day; empty where it was not read.
    pub after: String,
    /// Its clauses.
    pub cites: Vec<String>,
}

/// What is compared: by provision and items, what it is called, what it came to, and its clauses.
type Told =
    BTreeMap<(ProvisionId, Vec<String>, bool), (ProvisionKind, String, String, Vec<String>)>;

pub(super) fn comparison(before: &Explanation, after: &Explanation) -> Comparison {
    let (first, second) = (told(before), told(after));
    let mut changes = Vec::new();
    for key in first
        .keys()
        .chain(second.keys().filter(|key| !first.contains_key(key)))
    {
        let (was, is) = (first.get(key), second.get(key));
        let words = |one: Option<&(ProvisionKind, String, String, Vec<String>)>| {
            one.map(|one| one.2.clone()).unwrap_or_default()
        };
        let (Some(known), true) = (was.or(is), words(was) != words(is)) else {
            continue;
        };
        // The decision itself stands above.
        if key.0 == before.step.provision && key.2 {
            continue;
        }
        changes.push(Change {
            provision: key.0,
            kind: known.0,
            what: known.1.clone(),
            before: words(was),
            after: words(is),
            cites: known.3.clone(),
        });
    }
    let side = |one: &Explanation| Side {
        as_of: one.as_of.clone(),
        outcome: one.step.outcome.clone(),
        words: one.step.words.clone(),
    };
    Comparison {
        format: before.format,
        id: before.id.clone(),
        name: before.step.name.clone(),
        label: before.step.label.clone(),
        before: side(before),
        after: side(after),
        changes,
    }
}

/// Everything that was read for the day asked about.
fn told(explanation: &Explanation) -> Told {
    let mut found = Told::new();
    let mut todo = vec![&explanation.step];
    while let Some(step) = todo.pop() {
        todo.extend(&step.from);
        if step.day != explanation.as_of {
            continue;
        }
        let what = match step.label.as_str() {
            "" => spoken(&step.name),
            label => label.to_owned(),
        };
        let key = (step.provision, step.of.clone(), true);
        found.insert(
            key,
            (step.kind, what, step.words.clone(), step.cites.clone()),
        );
        for part in step.decided.iter().chain(&step.passed) {
            if part.day == explanation.as_of {
                let key = (part.provision, part.items.clone(), false);
                found.insert(
                    key,
                    (
                        part.kind,
                        part_name(step, part),
                        part_words(part),
                        part.cites.clone(),
                    ),
                );
            }
        }
        for row in &step.requirements {
            if row.day == explanation.as_of {
                let name = match row.label.as_str() {
                    "" => spoken(&row.row),
                    label => label.to_owned(),
                };
                let what = format!("{name} for {}", spoken(&row.tier));
                let key = (row.provision, Vec::new(), false);
                found.insert(
                    key,
                    (ProvisionKind::Cell, what, row_words(row), row.cites.clone()),
                );
            }
        }
    }
    found
}

fn part_name(step: &Step, part: &Part) -> String {
    let of = match step.label.as_str() {
        "" => spoken(&step.name),
        label => label.to_owned(),
    };
    match part.kind {
        ProvisionKind::Exception | ProvisionKind::Waiver => spoken(&part.name),
        ProvisionKind::Lift => format!("{}, {}", spoken(&part.of), part.name),
        _ if part.when.is_empty() => format!("{of}, {}", part.name),
        ProvisionKind::Fact
        | ProvisionKind::Value
        | ProvisionKind::Definition
        | ProvisionKind::Decision
        | ProvisionKind::Table
        | ProvisionKind::Requirements
        | ProvisionKind::Schedule
        | ProvisionKind::Lifecycle
        | ProvisionKind::Obligations
        | ProvisionKind::Duty
        | ProvisionKind::Order
        | ProvisionKind::Version
        | ProvisionKind::Case
        | ProvisionKind::Alternative
        | ProvisionKind::Row
        | ProvisionKind::Cell
        | ProvisionKind::Amendment
        | ProvisionKind::State
        | ProvisionKind::Transition
        | ProvisionKind::Obligation
        | ProvisionKind::Scope
        | ProvisionKind::Note => format!("{of}, when {}", part.when),
    }
}

fn part_words(part: &Part) -> String {
    match part.holds {
        Holds::Yes => "applies",
        Holds::No => "does not apply",
        Holds::Open => "is not known",
        Holds::NotApplicable => "is not applicable",
        Holds::Error => "is in error",
    }
    .to_owned()
}

impl Change {
    /// Whether it is told to people: what came out differently, and what applies on one of the days only. What was
    /// merely not read any more follows from that.
    fn is_told(&self) -> bool {
        let rules = [
            ProvisionKind::Exception,
            ProvisionKind::Waiver,
            ProvisionKind::Lift,
            ProvisionKind::Amendment,
            ProvisionKind::Case,
            ProvisionKind::Version,
        ];
        let both = !self.before.is_empty() && !self.after.is_empty();
        let applies = [&self.before, &self.after]
            .iter()
            .any(|words| *words == "applies");
        both || (applies && rules.contains(&self.kind))
    }
}

fn row_words(row: &Requirement) -> String {
    let met = match (row.asked, row.met) {
        (Holds::No, _) => "not asked",
        (_, None) => "not looked at",
        (_, Some(Holds::Yes)) => "met",
        (_, Some(Holds::No)) if row.preferred => "preferred, and missing",
        (_, Some(Holds::No)) => "not met",
        (_, Some(Holds::Open)) => "not known",
        (_, Some(Holds::NotApplicable)) => "not applicable",
        (_, Some(Holds::Error)) => "in error",
    };
    match row.waived_by.as_slice() {
        [] => met.to_owned(),
        names => format!("waived by {}, otherwise {met}", names.join(", ")),
    }
}

impl Comparison {
    /// The comparison for people.
    #[must_use]
    pub fn text(&self) -> String {
        let who = self.id.as_deref().unwrap_or("one partner");
        let name = match self.label.as_str() {
            "" => spoken(&self.name),
            label => format!("{label} ({})", self.name),
        };
        let mut lines = vec![
            format!(
                "{who}, on {} and on {}",
                self.before.as_of, self.after.as_of
            ),
            String::new(),
        ];
        if self.before.words == self.after.words {
            lines.push(format!("{name}: {} on both days", self.before.words));
        } else {
            lines.push(format!(
                "{name}: {}, then {}",
                self.before.words, self.after.words
            ));
        }
        for change in self.changes.iter().filter(|change| change.is_told()) {
            let words = match (change.before.as_str(), change.after.as_str()) {
                ("", after) => format!("{after} (not read before)"),
                (before, "") => format!("{before}, then not read"),
                (before, after) => format!("{before}, then {after}"),
            };
            let marks = match change.cites.as_slice() {
                [] => String::new(),
                cites => format!("  [{}]", cites.join(", ")),
            };
            lines.push(format!("  {}: {words}{marks}", change.what));
        }
        let mut out = String::new();
        for line in lines {
            out.push_str(&within_line(&line));
            out.push('\n');
        }
        out
    }
}
