//! Requirement grids: every cell becomes a condition, a level, what lifts it, and whether it passes.

use super::Elaborator;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::names::{Sought, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self};
use indexmap::IndexMap;
use polc_runtime::ir::{self, NodeId, Period};

/// A grid ready for queries.
pub(super) struct Lowered {
    pub(super) grid: ir::Grid,
    /// Per row, per tier.
    pub(super) cells: Vec<Vec<CellNodes>>,
}

/// What queries ask of a cell.
#[derive(Clone, Copy)]
pub(super) struct CellNodes {
    /// A `CellResult`.
    pub(super) result: NodeId,
    /// Whether it is each `CellResult`: decided sooner than the result itself when facts are missing.
    pub(super) is: [NodeId; 5],
    /// Whether a waiver with an end, or a grant, lifts it.
    pub(super) lifted_for_now: NodeId,
    pub(super) condition: NodeId,
}

impl<'a> Elaborator<'_, 'a> {
    pub(super) fn grid(&mut self, grid: &'a ast::Requirements, mut cites: Vec<ir::ClauseId>) {
        let Some(scale) = self.scale_of(&grid.scale) else {
            return;
        };
        let Some(values) = self
            .types
            .enums
            .get(scale as usize)
            .map(|item| item.values.clone())
        else {
            return;
        };
        let amends: Vec<_> = self.symbols.amends_of(&grid.name.text).collect();
        if !self.columns(grid, &values, &amends) {
            return;
        }
        for (_, declaration) in &amends {
            cites.extend(self.cite(&declaration.cites));
        }
        let mut stages: Vec<String> = Vec::new();
        for row in &grid.rows {
            if let Some(stage) = &row.stage
                && !stages.contains(&stage.text)
            {
                stages.push(stage.text.clone());
            }
        }
        let Some(plans) = self.plans(grid, &values, &stages, &amends) else {
            return;
        };
        self.grants_as_waivers(grid);
        let mut lowered = Lowered {
            grid: ir::Grid {
                name: grid.name.text.clone(),
                scale,
                stages: stages.clone(),
                rows: Vec::new(),
                cites,
            },
            cells: Vec::new(),
        };
        // Children first: a group counts what its children come to.
        let mut parts: IndexMap<usize, Vec<ir::Cell>> = IndexMap::new();
        let groups: Vec<bool> = plans
            .iter()
            .map(|plan| matches!(plan.row.condition, ast::RowCondition::Group(_)))
            .collect();
        let mut fine = true;
        for wanted in [false, true] {
            if !fine {
                return;
            }
            for (at, plan) in plans.iter().enumerate() {
                if groups.get(at) != Some(&wanted) {
                    continue;
                }
                let mut cells = Vec::new();
                for (tier, value) in values.iter().enumerate() {
                    let cell = if wanted {
                        self.group_cell(grid, plan, &plans, &parts, tier, value)
                    } else {
                        self.plain_cell(grid, plan, tier, value)
                    };
                    fine &= cell.is_some();
                    cells.extend(cell);
                }
                parts.insert(at, cells);
            }
        }
        if !fine {
            return;
        }
        for (at, plan) in plans.iter().enumerate() {
            let Some(cells) = parts.shift_remove(&at) else {
                continue;
            };
            let row = plan.row;
            let nodes = cells.iter().map(|cell| self.cell_nodes(cell)).collect();
            let row_cites = self.cite(&row.cites);
            lowered.cells.push(nodes);
            lowered.grid.rows.push(ir::GridRow {
                name: row.name.text.clone(),
                label: row.label.clone().unwrap_or_default(),
                stage: plan.stage as u32,
                child: row.name.text.contains('.'),
                cells,
                cites: row_cites,
            });
        }
        let id = self.symbol_at(grid.name.span);
        self.made.grids.extend(id.map(|id| (id, lowered)));
    }

    pub(super) fn scale_of(&mut self, name: &ast::Name) -> Option<ir::EnumId> {
        let found = self.enum_at(name.span);
        let ordered = found
            .and_then(|id| self.types.enums.get(id as usize))
            .is_some_and(|item| item.ordered);
        if ordered {
            return found;
        }
        let scales = self
            .types
            .enums
            .iter()
            .filter(|item| item.ordered)
            .map(|item| item.name.as_str());
        self.unknown(Unknown::new(name, Sought::Scale, scales));
        None
    }

    /// Every value of the scale has exactly one column, in the header or by `like`.
    pub(super) fn columns(
        &mut self,
        grid: &ast::Requirements,
        values: &[String],
        amends: &[(&ast::Amend, &ast::Declaration)],
    ) -> bool {
        let mut fine = true;
        let mut seen: IndexMap<&str, Span> = IndexMap::new();
        let likes = amends
            .iter()
            .flat_map(|(amend, _)| &amend.changes)
            .filter_map(|change| match &change.kind {
                ast::ChangeKind::Like { tier, .. } => Some(tier),
                ast::ChangeKind::Cells { .. } | ast::ChangeKind::AddRow(_) => None,
            });
        for tier in grid.tiers.iter().chain(likes) {
            if let Some(first) = seen.get(tier.text.as_str()) {
                fine = false;
                self.report(
                    Diagnostic::new(
                        Code::TierTwice,
                        tier.span,
                        format!("the tier `{}` has two columns", tier.text),
                    )
                    .label(*first, "its first column")
                    .help("keep one column for each tier"),
                );
                continue;
            }
            if !values.contains(&tier.text) {
                fine = false;
                let sought = Sought::TierOf(&grid.scale.text);
                self.unknown(Unknown::new(tier, sought, values));
            }
            seen.insert(&tier.text, tier.span);
        }
        // A column under a misspelt name is there.
        let mut misspelt: Vec<&str> = seen.keys().copied().collect();
        misspelt.retain(|name| !values.iter().any(|value| value == name));
        for value in values {
            if !seen.contains_key(value.as_str()) {
                fine = false;
                if let Some(near) = nearest(value, &misspelt) {
                    misspelt.retain(|name| *name != near);
                    continue;
                }
                self.report(
                    Diagnostic::new(
                        Code::TierMissing,
                        grid.name.span,
                        format!("the tier `{value}` has no column"),
                    )
                    .help(format!(
                        "add a column `{value}`, or `amend {}` with `{value} like …`",
                        grid.name.text
                    )),
                );
            }
        }
        fine
    }

    /// Grants in the facts lift cells like waivers do.
    pub(super) fn grants_as_waivers(&mut self, grid: &ast::Requirements) {
        for (id, symbol) in self.symbols.list.iter().enumerate() {
            if let SymbolKind::Grants(grants) = symbol.kind
                && grants.grid.text == grid.name.text
            {
                let cites = self.cite(&symbol.declaration.cites);
                let applies = self.builder.bool(false);
                let waiver = ir::Waiver {
                    name: grants.name.text.clone(),
                    label: grants.label.clone().unwrap_or_default(),
                    period: Period::default(),
                    cites,
                };
                self.made.waivers.insert(
                    id,
                    super::waiver::Lowered {
                        waiver,
                        applies,
                        lifts: Vec::new(),
                    },
                );
            }
        }
    }
}
