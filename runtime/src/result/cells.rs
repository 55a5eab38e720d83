//! What the rows of grids ask of each tier, as results tell it.

use crate::eval::{CellOutcome, CellResult, Evaluation};
use crate::ir::{self, GridRow, Type};
use crate::reply::{Asked, Datum, datum, judgements, leaves};
use crate::value::{Outcome, Value};
use indexmap::IndexMap;
use serde::Serialize;

/// By tier, the cells of every row that asks something of it.
pub type Requirements = IndexMap<String, IndexMap<String, CellReply>>;

/// A cell as a result tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellReply {
    /// What it comes to.
    pub result: CellResult,
    /// What lifts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What it would come to if nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<CellResult>,
    /// What the row compares; for a row without a threshold, whether it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub have: Option<Datum>,
    /// What it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Facts that are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<Vec<String>>,
    /// Judgements that are not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judgements: Option<Vec<Option<Asked>>>,
    /// Why it is an error or not applicable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// How many days it is still lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<Datum>,
}

/// What a cell asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Need {
    /// That the condition of the row holds.
    Level(Level),
    /// A threshold.
    Value(Datum),
}

/// How much a cell asks for a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The tier is missed without it.
    Mandatory,
    /// It is only preferred.
    Preferred,
}

impl Level {
    /// The word for it in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Mandatory => "mandatory",
            Level::Preferred => "preferred",
        }
    }
}

impl Evaluation<'_> {
    /// By tier, the cells of every row that asks something of it.
    pub fn requirements(&mut self) -> Requirements {
        let program = self.program().ir();
        let mut tiers = Requirements::new();
        for (grid_at, grid) in program.grids.iter().enumerate() {
            let Some(scale) = program.enums.get(grid.scale as usize) else {
                continue;
            };
            for (tier_at, tier) in scale.values.iter().enumerate() {
                let mut told = Vec::new();
                for (row_at, row) in grid.rows.iter().enumerate() {
                    let Some(cell) = self.cell(grid_at, row_at, tier_at) else {
                        continue;
                    };
                    if cell.result == CellResult::NotRequired {
                        continue;
                    }
                    let types = compared(program, row, tier_at);
                    let is_group = is_group(&grid.rows, row_at, row);
                    told.push((&row.name, self.cell_reply(&cell, types, is_group)));
                }
                let rows = tiers.entry(tier.clone()).or_default();
                for (name, reply) in told {
                    // Rows of one name in several grids are told apart by the grid.
                    let name = match rows.contains_key(name) {
                        true => format!("{}.{name}", grid.name),
                        false => name.clone(),
                    };
                    rows.insert(name, reply);
                }
            }
        }
        tiers
    }

    fn cell_reply(
        &self,
        cell: &CellOutcome,
        (have_ty, need_ty): (Option<&Type>, Option<&Type>),
        is_group: bool,
    ) -> CellReply {
        let program = self.program().ir();
        let known = |ty: Option<&Type>, outcome: &Option<Outcome>| match (ty, outcome) {
            (Some(ty), Some(Outcome::Known(value))) => Some(datum(program, ty, value)),
            _ => None,
        };
        let mut have = known(have_ty, &cell.have);
        let mut need = known(need_ty, &cell.need).map(Need::Value);
        if need.is_none() && have_ty.is_none() && need_ty.is_none() && !is_group {
            have = known(Some(&Type::Bool), &cell.have);
            need = Some(Need::Level(match cell.preferred {
                true => Level::Preferred,
                false => Level::Mandatory,
            }));
        }
        let waived = cell.waived.as_ref();
        let days_left = waived.and_then(|waived| self.days_left(waived));
        let open = cell.open.as_ref();
        CellReply {
            result: cell.result,
            by: waived.map(|waived| waived.by.clone()),
            otherwise: waived.map(|waived| waived.otherwise),
            have,
            need,
            needs: open
                .filter(|_| cell.result == CellResult::Unknown)
                .map(|open| leaves(program, open)),
            judgements: open.map(|open| judgements(program, open)),
            because: cell.because.as_ref().map(ToString::to_string),
            days_left: days_left.map(|days| datum(program, &Type::Days, &Value::Number(days))),
        }
    }
}

/// The types of what a cell compares.
fn compared<'p>(
    program: &'p ir::Program,
    row: &GridRow,
    tier: usize,
) -> (Option<&'p Type>, Option<&'p Type>) {
    let cell = row.cells.get(tier);
    let ty = |node: Option<u32>| Some(&program.nodes.get(node? as usize)?.ty);
    (
        ty(cell.and_then(|cell| cell.have)),
        ty(cell.and_then(|cell| cell.need)),
    )
}

/// Whether rows of its own stand under a row.
fn is_group(rows: &[GridRow], at: usize, row: &GridRow) -> bool {
    let prefix = format!("{}.", row.name);
    let next = rows.get(at + 1);
    !row.child && next.is_some_and(|next| next.child && next.name.starts_with(&prefix))
}
