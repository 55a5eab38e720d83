//! The cells of requirement grids.

use super::Evaluation;
use crate::ir::{Cell, Op};
use crate::value::algebra::{error_inside, join_deep, strict, truth};
use crate::value::{Date, Number, Open, Outcome, Value};
use serde::Serialize;
use std::sync::Arc;

/// What a cell comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub enum CellResult {
    /// The condition holds.
    Met,
    /// The condition does not hold.
    NotMet,
    /// A waiver or grant lifts the cell.
    Waived,
    /// The row asks nothing of this tier.
    NotRequired,
    /// Only preferred, and it does not hold.
    PreferredMissing,
    /// Facts are missing and the cell depends on them.
    Unknown,
    /// A judgement is not recorded and the cell depends on it.
    NeedsDecision,
    /// Out of scope.
    NotApplicable,
    /// No answer can be given.
    Error,
}

impl CellResult {
    /// The word for it in results.
    pub fn name(self) -> &'static str {
        match self {
            CellResult::Met => "met",
            CellResult::NotMet => "not_met",
            CellResult::Waived => "waived",
            CellResult::NotRequired => "not_required",
            CellResult::PreferredMissing => "preferred_missing",
            CellResult::Unknown => "unknown",
            CellResult::NeedsDecision => "needs_decision",
            CellResult::NotApplicable => "not_applicable",
            CellResult::Error => "error",
        }
    }
}

impl From<CellResult> for &'static str {
    fn from(result: CellResult) -> &'static str {
        result.name()
    }
}

/// Which waiver or grant lifts a cell, and what the cell would be without it.
#[derive(Debug, Clone, PartialEq)]
pub struct WaivedBy {
    /// Name of the waiver or grant.
    pub by: String,
    /// `Met`, `NotMet` or `Unknown`.
    pub otherwise: CellResult,
    /// The last day it is lifted, when there is one.
    pub through: Option<Date>,
}

/// The outcome of one cell of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct CellOutcome {
    /// What it comes to.
    pub result: CellResult,
    /// What lifts it, for a waived cell.
    pub waived: Option<WaivedBy>,
    /// What the row compares; for a row without a threshold, its condition.
    pub have: Option<Outcome>,
    /// The threshold; absent for a row without one.
    pub need: Option<Outcome>,
    /// Whether the cell is only preferred.
    pub preferred: bool,
    /// What is missing, for an open cell.
    pub open: Option<Arc<Open>>,
    /// Why, for a cell that is an error or not applicable.
    pub because: Option<Arc<str>>,
}

impl CellOutcome {
    fn new(result: CellResult) -> CellOutcome {
        CellOutcome {
            result,
            waived: None,
            have: None,
            need: None,
            preferred: false,
            open: None,
            because: None,
        }
    }

    /// The cell for an outcome that is not a settled truth value.
    fn unsettled(outcome: &Outcome) -> CellOutcome {
        match outcome {
            Outcome::Open(needs) => {
                let result = if needs.facts.is_empty() {
                    CellResult::NeedsDecision
                } else {
                    CellResult::Unknown
                };
                CellOutcome {
                    open: Some(needs.clone()),
                    ..CellOutcome::new(result)
                }
            }
            Outcome::NotApplicable(because) => CellOutcome {
                because: Some(because.clone()),
                ..CellOutcome::new(CellResult::NotApplicable)
            },
            other @ (Outcome::Known(_) | Outcome::Error(_)) => CellOutcome {
                because: Some(error_inside(other).unwrap_or_else(|| "not a truth value".into())),
                ..CellOutcome::new(CellResult::Error)
            },
        }
    }
}

impl Evaluation<'_> {
    /// The outcome of a cell by the indexes of its grid, row and tier; `None` when there is none.
    pub fn cell(&mut self, grid: usize, row: usize, tier: usize) -> Option<CellOutcome> {
        let row = self.ir().grids.get(grid)?.rows.get(row)?;
        let cell = row.cells.get(tier)?;
        let mut outcome = self.judge(cell);
        if outcome.result != CellResult::NotRequired {
            outcome.have = Some(self.eval(cell.have.unwrap_or(cell.condition)));
            outcome.need = cell.need.map(|need| self.eval(need));
        }
        Some(outcome)
    }

    fn judge(&mut self, cell: &Cell) -> CellOutcome {
        let (yes, no) = (truth(true), truth(false));
        let required = self.eval(cell.required);
        if required == no {
            return CellOutcome::new(CellResult::NotRequired);
        }
        if required != yes {
            return CellOutcome::unsettled(&required);
        }
        let preferred = self.eval(cell.preferred);
        let only_preferred = preferred == yes;
        let condition = self.eval(cell.condition);
        let mut doubts = Vec::new();
        for waiver in &cell.waivers {
            match self.eval(waiver.lifts) {
                Outcome::Known(Value::Bool(false)) => {}
                Outcome::Known(Value::Bool(true)) => {
                    return CellOutcome {
                        waived: Some(self.waived_by(waiver.waiver, waiver.lifts, &condition)),
                        preferred: only_preferred,
                        ..CellOutcome::new(CellResult::Waived)
                    };
                }
                other @ (Outcome::Known(_)
                | Outcome::Open(_)
                | Outcome::NotApplicable(_)
                | Outcome::Error(_)) => doubts.push(other),
            }
        }
        // Whether it is only preferred matters only where it is not met.
        let as_it_stands = if condition == yes {
            CellOutcome::new(CellResult::Met)
        } else if condition != no {
            CellOutcome::unsettled(&strict([&condition, &preferred]).unwrap_or(no))
        } else if preferred != yes && preferred != no {
            CellOutcome::unsettled(&preferred)
        } else if only_preferred {
            CellOutcome::new(CellResult::PreferredMissing)
        } else {
            CellOutcome::new(CellResult::NotMet)
        };
        let mut outcome = match strict(&doubts) {
            None => as_it_stands,
            // Whether it is waived is not known, so neither is what the cell comes to.
            Some(doubt @ Outcome::Open(_)) => {
                let mut joined = doubt.missing();
                join_deep(&mut joined, &condition);
                CellOutcome::unsettled(&crate::value::algebra::open(joined))
            }
            // The row as it stands lets the tier pass, as it would if it were lifted.
            Some(_)
                if matches!(
                    as_it_stands.result,
                    CellResult::Met
                        | CellResult::PreferredMissing
                        | CellResult::Unknown
                        | CellResult::NeedsDecision
                ) =>
            {
                as_it_stands
            }
            Some(settled) => CellOutcome::unsettled(&settled),
        };
        outcome.preferred = only_preferred;
        outcome
    }

    fn waived_by(&mut self, waiver: u32, lifts: u32, condition: &Outcome) -> WaivedBy {
        let otherwise = match condition {
            Outcome::Known(Value::Bool(true)) => CellResult::Met,
            Outcome::Known(Value::Bool(false)) => CellResult::NotMet,
            Outcome::Known(_)
            | Outcome::Open(_)
            | Outcome::NotApplicable(_)
            | Outcome::Error(_) => CellResult::Unknown,
        };
        let about = self.ir().waivers.get(waiver as usize);
        let by = about.map(|waiver| waiver.name.clone()).unwrap_or_default();
        let before = about.and_then(|waiver| waiver.period.before);
        let mut through = before.and_then(|day| day.checked_add_days(-1));
        let node = self.op(lifts);
        if let Some(Op::Granted { fact, row, tier }) = node {
            through = self.granted_through(*fact, row, *tier);
        }
        WaivedBy {
            by,
            otherwise,
            through,
        }
    }

    /// How many days after the day of evaluation a waiver still lasts.
    pub fn days_left(&self, waived: &WaivedBy) -> Option<Number> {
        let through = waived.through?;
        Some(Number::from_i64(self.as_of().days_until(through)))
    }
}
