//! A grid as data: how it is drawn at random, how it is written, and what follows from it by the reference.

use crate::run::Random;
use serde_json::{Map, Value as Json, json};

/// The steps; the last one comes by an amendment.
pub const TIERS: [&str; 4] = ["silver", "gold", "platinum", "elite"];

/// The days of which something may be dated; ISO texts compare as days do.
pub const DATES: [&str; 3] = ["2026-07-01", "2027-01-01", "2028-01-01"];

/// Whole-number facts `n0`… in `0..=3`, and yes-or-no facts `b0`….
pub const NUMBERS: usize = 4;
pub const TRUTHS: usize = 5;

/// From and through, both included.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dates {
    pub from: Option<&'static str>,
    pub through: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    Nothing,
    /// A level, or a number to reach; only preferred or not.
    Asked {
        need: Option<i64>,
        preferred: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    Number(usize),
    Truth(usize),
}

#[derive(Debug, Clone)]
pub struct Row {
    pub name: String,
    pub test: Test,
    pub cells: Vec<Cell>,
    pub from: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Single,
    Any,
    All,
    AtLeastTwo,
}

/// A row alone, or a group with its children.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: String,
    pub kind: Kind,
    pub rows: Vec<Row>,
    pub stage: usize,
    /// Whether it comes by an amendment.
    pub added: bool,
}

#[derive(Debug, Clone)]
pub struct Amendment {
    pub row: String,
    pub tier: usize,
    pub cell: Cell,
    pub from: &'static str,
}

/// What lifts or switches off: when it is in force, and on which fact it depends.
#[derive(Debug, Clone)]
pub struct Lift {
    pub name: String,
    pub rows: Vec<String>,
    pub tiers: Vec<usize>,
    pub dates: Dates,
    pub when: Option<usize>,
    /// Switched off when this holds.
    pub unless: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct Grid {
    pub entries: Vec<Entry>,
    pub stages: usize,
    pub amendments: Vec<Amendment>,
    /// Elite is like platinum but for these.
    pub elite: Vec<(String, Cell)>,
    pub waivers: Vec<Lift>,
    pub exceptions: Vec<Lift>,
    pub grants: bool,
}

impl Dates {
    fn random(random: &mut Random) -> Dates {
        let first = random.below(3) as usize;
        match random.below(5) {
            0 => Dates {
                from: Some(DATES[first]),
                through: None,
            },
            1 => Dates {
                from: None,
                through: Some(DATES[first]),
            },
            2 => Dates {
                from: Some(DATES[0]),
                through: Some(DATES[1 + first.min(1)]),
            },
            _ => Dates::default(),
        }
    }

    fn written(&self) -> String {
        let from = self
            .from
            .map(|from| format!(" from {from}"))
            .unwrap_or_default();
        from + &self
            .through
            .map(|through| format!(" through {through}"))
            .unwrap_or_default()
    }

    pub fn hold(&self, on: &str) -> bool {
        self.from.is_none_or(|from| from <= on) && self.through.is_none_or(|through| on <= through)
    }
}

impl Cell {
    fn random(test: Test, random: &mut Random) -> Cell {
        let need = matches!(test, Test::Number(_)).then(|| random.within(0, 4));
        let preferred = random.chance(20);
        Cell::Asked { need, preferred }
    }

    fn written(self) -> String {
        match self {
            Cell::Nothing => "-".to_owned(),
            Cell::Asked {
                need: None,
                preferred: false,
            } => "mandatory".to_owned(),
            Cell::Asked {
                need: None,
                preferred: true,
            } => "preferred".to_owned(),
            Cell::Asked {
                need: Some(need),
                preferred: false,
            } => need.to_string(),
            Cell::Asked {
                need: Some(need),
                preferred: true,
            } => format!("preferred {need}"),
        }
    }
}

impl Row {
    /// A row; in a group every cell is asked and nothing only preferred, so that it is plain what the group asks.
    fn random(name: String, grouped: bool, random: &mut Random) -> Row {
        let test = match random.chance(60) {
            true => Test::Number(random.below(NUMBERS as u64) as usize),
            false => Test::Truth(random.below(TRUTHS as u64) as usize),
        };
        let cells = (0..3).map(|_| match Cell::random(test, random) {
            Cell::Asked { need, .. } if grouped => Cell::Asked {
                need,
                preferred: false,
            },
            _ if !grouped && random.chance(20) => Cell::Nothing,
            cell => cell,
        });
        let cells = cells.collect();
        let from = (!grouped && random.chance(15)).then(|| *random.pick(&DATES));
        Row {
            name,
            test,
            cells,
            from,
        }
    }

    fn written(&self) -> String {
        let condition = match self.test {
            Test::Number(at) => format!("n{at} >= cell"),
            Test::Truth(at) => format!("b{at}"),
        };
        let cells: Vec<String> = self.cells.iter().map(|cell| cell.written()).collect();
        let from = self
            .from
            .map(|from| format!(" from {from}"))
            .unwrap_or_default();
        format!(
            "  | {}: {condition} | {} |{from}\n",
            self.name,
            cells.join(" | ")
        )
    }
}

impl Grid {
    pub fn random(random: &mut Random) -> Grid {
        let stages = random.below(3) as usize;
        let mut entries = Vec::new();
        for at in 0..2 + random.below(4) {
            let name = format!("r{at}");
            let kind = *random.pick(&[
                Kind::Single,
                Kind::Single,
                Kind::Single,
                Kind::Any,
                Kind::All,
                Kind::AtLeastTwo,
            ]);
            let rows = match kind {
                Kind::Single => vec![Row::random(name.clone(), false, random)],
                Kind::Any | Kind::All | Kind::AtLeastTwo => (0..2 + random.below(2))
                    .map(|child| Row::random(format!("{name}.c{child}"), true, random))
                    .collect(),
            };
            let stage = if stages == 0 {
                0
            } else {
                (at as usize * stages / 6).min(stages - 1)
            };
            entries.push(Entry {
                name,
                kind,
                rows,
                stage,
                added: false,
            });
        }
        if random.chance(40) {
            let name = "added".to_owned();
            let rows = vec![Row::random(name.clone(), false, random)];
            entries.push(Entry {
                name,
                kind: Kind::Single,
                rows,
                stage: entries.last().map_or(0, |last: &Entry| last.stage),
                added: true,
            });
        }
        let mut grid = Grid {
            entries,
            stages,
            amendments: Vec::new(),
            elite: Vec::new(),
            waivers: Vec::new(),
            exceptions: Vec::new(),
            grants: random.chance(50),
        };
        grid.amend(random);
        for at in 0..random.below(3) {
            grid.waivers.push(grid.lift(format!("w{at}"), random));
        }
        for at in 0..random.below(2) {
            let mut exception = grid.lift(format!("e{at}"), random);
            let entry = random.pick(&grid.entries).clone();
            exception.rows = vec![random.pick(&entry.rows).name.clone()];
            if entry.kind == Kind::Single {
                grid.exceptions.push(exception);
            }
        }
        grid
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.entries.iter().flat_map(|entry| &entry.rows)
    }

    fn amend(&mut self, random: &mut Random) {
        for _ in 0..random.below(4) {
            let row = random
                .pick(&self.rows().collect::<Vec<_>>())
                .to_owned()
                .clone();
            let (tier, from) = (random.below(3) as usize, *random.pick(&DATES));
            let grouped = row.name.contains('.');
            let cell = match Cell::random(row.test, random) {
                Cell::Asked { need, .. } if grouped => Cell::Asked {
                    need,
                    preferred: false,
                },
                _ if !grouped && random.chance(20) => Cell::Nothing,
                cell => cell,
            };
            let same = |one: &Amendment| one.row == row.name && one.tier == tier;
            // a preferred or empty cell may be amended like any other; one line a day, and nothing before the row
            let early = row.from.is_some_and(|first| from <= first);
            let before = row.cells[tier];
            if !early && cell != before && !self.amendments.iter().any(same) {
                self.amendments.push(Amendment {
                    row: row.name,
                    tier,
                    cell,
                    from,
                });
            }
        }
        let rows: Vec<Row> = self.rows().cloned().collect();
        for row in rows {
            if random.chance(25) {
                let cell = match Cell::random(row.test, random) {
                    Cell::Asked { need, .. } => Cell::Asked {
                        need,
                        preferred: false,
                    },
                    Cell::Nothing => Cell::Nothing,
                };
                self.elite.push((row.name, cell));
            }
        }
    }

    fn lift(&self, name: String, random: &mut Random) -> Lift {
        let mut names: Vec<String> = self
            .entries
            .iter()
            .map(|entry| entry.name.clone())
            .collect();
        names.extend(self.rows().map(|row| row.name.clone()));
        let mut rows = vec![random.pick(&names).clone()];
        rows.extend((random.chance(40)).then(|| random.pick(&names).clone()));
        rows.dedup();
        let mut tiers: Vec<usize> = (0..4).filter(|_| random.chance(50)).collect();
        if tiers.is_empty() {
            tiers.push(2);
        }
        let truth = |random: &mut Random| random.below(TRUTHS as u64) as usize;
        Lift {
            name,
            rows,
            tiers,
            dates: Dates::random(random),
            when: random.chance(60).then(|| truth(random)),
            unless: random.chance(25).then(|| truth(random)),
        }
    }

    pub fn written(&self) -> String {
        let mut text =
            "program g \"G\" version 1\nscale Tier { silver < gold < platinum < elite }\n"
                .to_owned();
        (0..NUMBERS).for_each(|at| text += &format!("fact n{at}: int 0..3\n"));
        (0..TRUTHS).for_each(|at| text += &format!("fact b{at}: bool\n"));
        text += "requirements levels for Tier\n  | | silver | gold | platinum |\n";
        for (at, entry) in self.entries.iter().enumerate() {
            if self.stages > 0 && (at == 0 || self.entries[at - 1].stage != entry.stage) {
                text += &format!("  stage s{}\n", entry.stage);
            }
            let kind = match entry.kind {
                Kind::Single => None,
                Kind::Any => Some("any of"),
                Kind::All => Some("all of"),
                Kind::AtLeastTwo => Some("at least 2 of"),
            };
            if let Some(kind) = kind {
                text += &format!("  | {}: {kind} |\n", entry.name);
            }
            if !entry.added {
                entry.rows.iter().for_each(|row| text += &row.written());
            }
        }
        text += "amend levels\n";
        if let Some(entry) = self.entries.iter().find(|entry| entry.added) {
            let stage = match self.stages {
                0 => String::new(),
                _ => format!(" at stage s{}", entry.stage),
            };
            text += &entry.rows[0]
                .written()
                .replacen("  |", &format!("  add{stage} |"), 1);
        }
        for one in &self.amendments {
            text += &format!(
                "  {} for {} is {} from {}\n",
                one.row,
                TIERS[one.tier],
                one.cell.written(),
                one.from
            );
        }
        let except: Vec<String> = self
            .elite
            .iter()
            .map(|(row, cell)| format!("{row} {}", cell.written()))
            .collect();
        text += &match except.is_empty() {
            true => "  elite like platinum\n".to_owned(),
            false => format!("  elite like platinum except {}\n", except.join(", ")),
        };
        for waiver in &self.waivers {
            let when = waiver
                .when
                .map(|at| format!(" when b{at}"))
                .unwrap_or_default();
            let tiers: Vec<&str> = waiver.tiers.iter().map(|at| TIERS[*at]).collect();
            text += &format!("waiver {}{}{when}\n", waiver.name, waiver.dates.written());
            text += &format!(
                "  waives {} for {}\n",
                waiver.rows.join(", "),
                tiers.join(", ")
            );
            if let Some(unless) = waiver.unless {
                text += &format!(
                    "exception off_{0} to waiver {0} when b{unless}\n  does not apply\n",
                    waiver.name
                );
            }
        }
        for exception in &self.exceptions {
            let when = exception
                .when
                .map(|at| format!(" when b{at}"))
                .unwrap_or_default();
            let (name, dates) = (&exception.name, exception.dates.written());
            text += &format!(
                "exception {name} to levels.{}{dates}{when}\n  does not apply\n",
                exception.rows[0]
            );
        }
        if self.grants {
            text += "grants granted for levels\n";
        }
        for stage in self.all_stages() {
            text += &format!(
                "decision at_{stage}: Tier or none = highest Tier meeting levels at stage s{stage}\n"
            );
        }
        text += "decision top: Tier or none = highest Tier meeting levels\n";
        for tier in TIERS {
            text += &format!(
                "decision unmet_{tier} = rows of levels for {tier} where result is not_met, preferred_missing\n"
            );
            text += &format!(
                "decision risky_{tier} = rows of levels for {tier} where result is waived and otherwise not_met\n"
            );
        }
        let first = &self.entries[0].name;
        text + &format!("decision result_of_first = result of {first} for gold\n")
    }

    pub fn all_stages(&self) -> Vec<usize> {
        let mut stages: Vec<usize> = self.entries.iter().map(|entry| entry.stage).collect();
        stages.dedup();
        if self.stages > 0 { stages } else { Vec::new() }
    }

    /// Random facts, all of them.
    pub fn facts(&self, random: &mut Random) -> Map<String, Json> {
        let mut facts = Map::new();
        for at in 0..NUMBERS {
            facts.insert(format!("n{at}"), json!(random.within(0, 3)));
        }
        for at in 0..TRUTHS {
            facts.insert(format!("b{at}"), json!(random.chance(50)));
        }
        if self.grants {
            let names: Vec<String> = self
                .entries
                .iter()
                .map(|entry| entry.name.clone())
                .collect();
            let grants = (0..random.below(3)).map(|_| {
                let mut grant = json!({
                    "requirement": random.pick(&names), "reason": "so", "by": "us", "tier": null,
                    "from": *random.pick(&DATES[..2]), "through": DATES[2]
                });
                if random.chance(50) {
                    grant["tier"] = json!(random.pick(&TIERS));
                }
                grant
            });
            let grants: Vec<Json> = grants.collect();
            facts.insert("granted".to_owned(), json!(grants));
        }
        facts
    }
}
