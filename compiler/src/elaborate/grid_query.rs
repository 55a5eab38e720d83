//! Questions to a grid: the highest tier met, the rows with a result, the result of a row.

use super::builder::required;
use super::declare::CELL_RESULT;
use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{CELL_RESULTS, Sought, SymbolId, SymbolKind, Unknown};
use crate::syntax::ast::{self, Name};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, Type};

impl Elaborator<'_, '_> {
    /// The grid, unless it is unknown (reported) or broken (reported where it stands).
    fn grid_known(&mut self, name: &Name) -> Option<SymbolId> {
        let id = self.symbol_at(name.span);
        if !matches!(self.kind_at(name.span), Some(SymbolKind::Requirements(_))) {
            let known = self.symbols.grids().into_iter();
            let known = known.map(|grid| grid.name.text.as_str());
            self.unknown(Unknown::new(name, Sought::Requirements, known));
            return None;
        }
        id.filter(|id| self.made.grids.contains_key(id))
    }

    pub(super) fn highest_meeting(
        &mut self,
        scale: &Name,
        grid: &Name,
        stage: Option<&Name>,
    ) -> Option<Typed> {
        let wanted = self.scale_of(scale)?;
        let id = self.grid_known(grid)?;
        let lowered = self.made.grids.get(&id)?;
        let actual = lowered.grid.scale;
        let stages = lowered.grid.stages.clone();
        let last = match stage {
            None => u32::MAX,
            Some(stage) => match stages.iter().position(|known| *known == stage.text) {
                Some(at) => at as u32,
                None => {
                    let sought = Sought::StageOf(&grid.text);
                    self.unknown(Unknown::new(stage, sought, stages));
                    return None;
                }
            },
        };
        if actual != wanted {
            let (found, wanted) = (Type::Enum(actual), Type::Enum(wanted));
            self.mismatch(scale.span, &wanted, &found);
            return None;
        }
        let lowered = self.made.grids.get(&id)?;
        let tiers = self.types.enums.get(actual as usize)?.values.len();
        let mut columns: Vec<Vec<ir::Cell>> = vec![Vec::new(); tiers];
        for row in &lowered.grid.rows {
            if row.child || row.stage > last {
                continue;
            }
            for (slot, cell) in columns.iter_mut().zip(&row.cells) {
                slot.push(cell.clone());
            }
        }
        let ty = Type::Enum(actual);
        let may = self.may_not_apply();
        let mut cases = Vec::new();
        for (tier, cells) in columns.into_iter().enumerate().rev() {
            let guard = self.tier_met(&cells, &may);
            let value = self
                .builder
                .add(Op::Const(Const::Enum(tier as u32)), ty.clone());
            cases.push((guard, value));
        }
        let none = self.builder.none(ty.clone());
        let ty = Self::or_none(ty);
        let node = self.builder.cases(cases, Some(none), ty.clone());
        Some(Typed { node, ty })
    }

    /// Whether every row of a tier lets it pass. A row whose condition is not applicable is left out;
    /// where all that ask something are, so is the tier.
    fn tier_met(&mut self, cells: &[ir::Cell], may: &[bool]) -> NodeId {
        let left_out: Vec<bool> = cells
            .iter()
            .map(|cell| may.get(cell.condition as usize) != Some(&false))
            .collect();
        let passes = cells.iter().map(|cell| cell.passes);
        if !left_out.contains(&true) {
            return self.builder.and(passes);
        }
        // Where only conditions may be not applicable, a cell that is says that its condition is.
        let mut waivers = cells.iter().flat_map(|cell| &cell.waivers);
        let plain = waivers.all(|waiver| may.get(waiver.lifts as usize) == Some(&false));
        let plain = plain.then(|| self.builder.all_of(passes));
        let (mut pass, mut free, mut count) = (Vec::new(), Vec::new(), Vec::new());
        for (cell, left_out) in cells.iter().zip(left_out) {
            free.push(self.builder.not(cell.required));
            if !left_out {
                pass.push(cell.passes);
                count.push(cell.required);
                continue;
            }
            let applies = self
                .builder
                .add(Op::IsApplicable(cell.condition), Type::Bool);
            let skipped = self.builder.not(applies);
            if plain.is_none() {
                pass.push(self.builder.or([skipped, cell.passes]));
            }
            let mut ways = vec![applies, cell.preferred];
            ways.extend(cell.waivers.iter().map(|waiver| waiver.lifts));
            let counts = self.builder.or(ways);
            count.push(self.builder.and([cell.required, counts]));
        }
        let met = plain.unwrap_or_else(|| self.builder.and(pass));
        let nothing_asked = self.builder.and(free);
        count.push(nothing_asked);
        let some = self.builder.or(count);
        let because = "no row that asks something of the tier is applicable".to_owned();
        self.only_if(some, met, because)
    }

    /// A condition that is not applicable unless another holds.
    pub(super) fn only_if(&mut self, applies: NodeId, body: NodeId, because: String) -> NodeId {
        match self.builder.truth(applies) {
            Some(true) => body,
            _ => {
                let op = Op::Scope {
                    applies,
                    body,
                    because,
                };
                self.builder.add(op, Type::Bool)
            }
        }
    }

    /// For every node so far whether it may be not applicable.
    pub(super) fn may_not_apply(&self) -> Vec<bool> {
        super::applicable::may_not_apply(&self.builder.nodes, &self.inputs.facts)
    }

    /// The tier asked for, of the grid's scale, perhaps none.
    fn tier_asked(&mut self, env: &Env, tier: &ast::Expr, scale: ir::EnumId) -> Option<NodeId> {
        let wanted = Type::Enum(scale);
        let typed = self.infer(env, tier, Some(&wanted))?;
        if required(&typed.ty) != wanted {
            self.mismatch(tier.span, &typed.ty, &wanted);
            return None;
        }
        Some(typed.node)
    }

    /// Whether a node is a certain tier; folded when the tier is written out.
    fn is_tier(&mut self, asked: NodeId, tier: usize, scale: ir::EnumId) -> NodeId {
        if let Some(Const::Enum(at)) = self.builder.written(asked) {
            let same = *at as usize == tier;
            return self.builder.bool(same);
        }
        let value = self
            .builder
            .add(Op::Const(Const::Enum(tier as u32)), Type::Enum(scale));
        self.builder.compare(Cmp::Eq, asked, value)
    }

    pub(super) fn rows_of(
        &mut self,
        env: &Env,
        grid: &Name,
        tier: &ast::Expr,
        results: &[Name],
        negated: bool,
        otherwise: Option<&Name>,
    ) -> Option<Typed> {
        let id = self.grid_known(grid)?;
        let scale = self.made.grids.get(&id)?.grid.scale;
        let asked = self.tier_asked(env, tier, scale)?;
        let mut wanted = Vec::new();
        for result in results {
            let node = self.result_value(result)?;
            if let Some(Const::Enum(at)) = self.builder.constant(node) {
                wanted.push(*at as usize);
            }
        }
        if let Some(name) = otherwise {
            let _ = self.result_value(name)?;
        }
        let lowered = self.made.grids.get(&id)?;
        let rows: Vec<(String, Vec<super::grid::CellNodes>)> = lowered
            .grid
            .rows
            .iter()
            .zip(&lowered.cells)
            .filter(|(row, _)| !row.child)
            .map(|(row, cells)| (row.name.clone(), cells.clone()))
            .collect();
        let mut items = Vec::new();
        for (name, cells) in rows {
            let mut ways = Vec::new();
            for (tier, cell) in cells.iter().enumerate() {
                let here = self.is_tier(asked, tier, scale);
                let holds = if otherwise.is_some() {
                    let not_met = self.builder.not(cell.condition);
                    self.builder.and([cell.lifted_for_now, not_met])
                } else {
                    let ways = wanted.iter().filter_map(|at| cell.is.get(*at).copied());
                    let ways: Vec<NodeId> = ways.collect();
                    let any = self.builder.or(ways);
                    if negated { self.builder.not(any) } else { any }
                };
                ways.push(self.builder.and([here, holds]));
            }
            let guard = self.builder.or(ways);
            let text = self.builder.text(&name);
            items.push((guard, text));
        }
        let list = self.make(Op::ListWhere(items), Type::List(Box::new(Type::Text)));
        self.row_names.list(list.node, &grid.text);
        Some(list)
    }

    fn result_value(&mut self, name: &Name) -> Option<NodeId> {
        let value = self.enum_value(CELL_RESULT, &name.text, name.span);
        if value.is_none() {
            self.unknown(Unknown::new(name, Sought::CellResult, CELL_RESULTS));
        }
        value
    }

    pub(super) fn result_of(
        &mut self,
        env: &Env,
        row: &Name,
        tier: &ast::Expr,
        grid: Option<&Name>,
    ) -> Option<Typed> {
        let id = match grid {
            Some(grid) => self.grid_known(grid)?,
            None => {
                let owners = self.symbols.grids_with(&row.text).into_iter();
                let owners: Vec<&Name> = owners.map(|grid| &grid.name).collect();
                match owners.as_slice() {
                    [only] => self.symbol_at(only.span)?,
                    [] => {
                        let grids = self.symbols.grids();
                        let known = grids
                            .into_iter()
                            .flat_map(|grid| self.symbols.rows_of(grid));
                        self.unknown(Unknown::new(row, Sought::RowOfGrids, known));
                        return None;
                    }
                    several => {
                        let several: Vec<&str> =
                            several.iter().map(|it| it.text.as_str()).collect();
                        let help = format!("write `in {}` after it", several.join("` or `in "));
                        self.report(
                            Diagnostic::new(
                                Code::AmbiguousName,
                                row.span,
                                format!("several grids have a row `{}`", row.text),
                            )
                            .help(help),
                        );
                        return None;
                    }
                }
            }
        };
        let lowered = self.made.grids.get(&id)?;
        let scale = lowered.grid.scale;
        let at = lowered
            .grid
            .rows
            .iter()
            .position(|known| known.name == row.text);
        let Some(at) = at else {
            let known = lowered.grid.rows.iter().map(|row| &row.name);
            self.unknown(Unknown::new(row, Sought::Row, known));
            return None;
        };
        let cells = lowered.cells.get(at)?.clone();
        let asked = self.tier_asked(env, tier, scale)?;
        let mut cases = Vec::new();
        for (tier, cell) in cells.iter().enumerate() {
            cases.push((self.is_tier(asked, tier, scale), cell.result));
        }
        let ty = Type::Enum(CELL_RESULT);
        let nothing = self.builder.add(
            Op::NotApplicable("there is no tier to ask about".to_owned()),
            ty.clone(),
        );
        let node = self.builder.cases(cases, Some(nothing), ty.clone());
        Some(Typed { node, ty })
    }
}
