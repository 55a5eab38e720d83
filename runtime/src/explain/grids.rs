//! The rows of grids that were read, as requirements.

use super::{Holds, Part, Requirement};
use crate::ir::{self, NodeId, Op, ProvisionId, ProvisionKind};
use std::collections::{BTreeMap, BTreeSet};

/// What was read of a cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    asked: Option<Holds>,
    preferred: Option<Holds>,
    met: Option<Holds>,
}

/// Which node is what of a cell, and what lifts it.
pub(super) struct Grids {
    required: BTreeSet<NodeId>,
    preferred: BTreeSet<NodeId>,
    condition: BTreeSet<NodeId>,
    /// What lets a tier pass: all of it is told.
    pub(super) whole: BTreeSet<NodeId>,
    /// By the provision of a cell: grid, row, tier, and the provisions that lift it.
    cells: BTreeMap<ProvisionId, Place>,
}

/// Where a cell stands.
struct Place {
    grid: usize,
    row: usize,
    tier: usize,
    lifts: Vec<ProvisionId>,
}

impl Grids {
    pub(super) fn new(ir: &ir::Program) -> Grids {
        let mut grids = Grids {
            required: BTreeSet::new(),
            preferred: BTreeSet::new(),
            condition: BTreeSet::new(),
            whole: BTreeSet::new(),
            cells: BTreeMap::new(),
        };
        for (grid_at, grid) in ir.grids.iter().enumerate() {
            for (row_at, row) in grid.rows.iter().enumerate() {
                for (tier, cell) in row.cells.iter().enumerate() {
                    grids.required.insert(cell.required);
                    grids.preferred.insert(cell.preferred);
                    grids.condition.insert(cell.condition);
                    grids.whole.insert(ir.bare(cell.passes));
                    let lifts = cell.waivers.iter().flat_map(|lift| lifting(ir, lift.lifts));
                    if let Some(Op::Provision { provision, .. }) = op(ir, cell.passes) {
                        let place = Place {
                            grid: grid_at,
                            row: row_at,
                            tier,
                            lifts: lifts.collect(),
                        };
                        grids.cells.insert(*provision, place);
                    }
                }
            }
        }
        grids
    }

    /// Remembers what was read of a cell.
    pub(super) fn see(&self, node: NodeId, holds: Holds, seen: &mut Seen) {
        if self.required.contains(&node) {
            seen.asked = Some(holds);
        }
        if self.preferred.contains(&node) {
            seen.preferred = Some(holds);
        }
        if self.condition.contains(&node) {
            seen.met = Some(holds);
        }
    }

    /// Parts that are cells as requirements, and the other parts without what lifts them.
    pub(super) fn requirements(
        &self,
        ir: &ir::Program,
        parts: Vec<Part>,
        seen: &BTreeMap<usize, Seen>,
    ) -> (Vec<Part>, Vec<Requirement>) {
        let mut rows = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let Some(place) = self.cells.get(&part.provision) else {
                continue;
            };
            let lifting = parts.iter().filter(|lift| {
                place.lifts.contains(&lift.provision)
                    && lift.holds == Holds::Yes
                    && lift.day == part.day
            });
            // The clause of the amendment that holds comes before that of the row.
            let amendment = parts.iter().find(|other| {
                other.kind == ProvisionKind::Amendment
                    && other.holds == Holds::Yes
                    && other.day == part.day
                    && other.of == part.of
                    && other.name.replace('`', "") == part.name
            });
            let mut cites = amendment
                .map(|other| other.cites.clone())
                .unwrap_or_default();
            cites.extend(
                part.cites
                    .iter()
                    .filter(|id| !cites.contains(id))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            let mut waived_by = Vec::new();
            for lift in lifting {
                let name = match lift.kind {
                    ProvisionKind::Lift => &lift.of,
                    _ => &lift.name,
                };
                if !waived_by.contains(name) {
                    waived_by.push(name.clone());
                }
                let waiver = ir.waivers.iter().find(|waiver| waiver.name == *name);
                let clauses = waiver.into_iter().flat_map(|waiver| &waiver.cites);
                let own = clauses.filter_map(|id| ir.clauses.get(*id as usize));
                for id in own.map(|clause| &clause.id).chain(&lift.cites) {
                    if !cites.contains(id) {
                        cites.push(id.clone());
                    }
                }
            }
            let seen = seen.get(&at).copied().unwrap_or_default();
            let Some(grid) = ir.grids.get(place.grid) else {
                continue;
            };
            let Some(row) = grid.rows.get(place.row) else {
                continue;
            };
            let tiers = ir.enums.get(grid.scale as usize).map(|scale| &scale.values);
            rows.push((
                (place.grid, place.tier, place.row),
                Requirement {
                    provision: part.provision,
                    grid: grid.name.clone(),
                    row: row.name.clone(),
                    label: row.label.clone(),
                    tier: tiers
                        .and_then(|tiers| tiers.get(place.tier))
                        .cloned()
                        .unwrap_or_default(),
                    day: part.day.clone(),
                    asked: seen.asked.unwrap_or(Holds::Yes),
                    preferred: seen.preferred == Some(Holds::Yes),
                    met: seen.met,
                    amended: amendment.is_some(),
                    waived_by,
                    figures: amendment
                        .into_iter()
                        .chain([part])
                        .flat_map(|one| one.figures.clone())
                        .collect(),
                    cites,
                },
            ));
        }
        rows.sort_by_key(|(place, _)| (place.0, std::cmp::Reverse(place.1), place.2));
        let others = parts
            .into_iter()
            .filter(|part| !self.cells.contains_key(&part.provision));
        (
            others.collect(),
            rows.into_iter().map(|(_, row)| row).collect(),
        )
    }
}

fn op(ir: &ir::Program, node: NodeId) -> Option<&Op> {
    ir.nodes.get(node as usize).map(|node| &node.op)
}

/// The provisions that say whether a cell is lifted.
fn lifting(ir: &ir::Program, node: NodeId) -> Vec<ProvisionId> {
    match op(ir, node) {
        Some(Op::Provision { provision, .. }) => vec![*provision],
        Some(Op::Or(parts) | Op::StrictOr(parts)) => {
            parts.iter().flat_map(|part| lifting(ir, *part)).collect()
        }
        _ => Vec::new(),
    }
}
