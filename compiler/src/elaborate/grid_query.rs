//! Questions to a grid: the highest tier met, the rows with a result, the result of a row.

use super::builder::required;
use super::declare::{CELL_RESULT, CELL_RESULTS};
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::syntax::ast::{self, Name};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, Type};

impl Elaborator<'_, '_> {
    /// The grid, unless it is unknown (reported) or broken (reported where it stands).
    fn grid_known(&mut self, name: &Name) -> Option<()> {
        if self.grids.contains_key(&name.text) {
            return Some(());
        }
        if !matches!(
            self.symbols.get(&name.text).map(|symbol| symbol.kind),
            Some(crate::names::SymbolKind::Requirements(_))
        ) {
            let help = nearest(&name.text, self.grids.keys()).map_or_else(
                || "declare them with `requirements NAME for SCALE`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.report(
                Diagnostic::new(
                    Code::UnknownName,
                    name.span,
                    format!("there are no requirements `{}`", name.text),
                )
                .help(help),
            );
        }
        None
    }

    pub(super) fn highest_meeting(
        &mut self,
        scale: &Name,
        grid: &Name,
        stage: Option<&Name>,
    ) -> Option<Typed> {
        let wanted = self.scale_of(scale)?;
        self.grid_known(grid)?;
        let lowered = self.grids.get(&grid.text)?;
        let actual = lowered.grid.scale;
        let stages = lowered.grid.stages.clone();
        let last = match stage {
            None => u32::MAX,
            Some(stage) => match stages.iter().position(|known| *known == stage.text) {
                Some(at) => at as u32,
                None => {
                    let help = nearest(&stage.text, &stages).map_or_else(
                        || "write `stage NAME` above the rows it covers".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.report(
                        Diagnostic::new(
                            Code::UnknownName,
                            stage.span,
                            format!("`{}` has no stage `{}`", grid.text, stage.text),
                        )
                        .help(help),
                    );
                    return None;
                }
            },
        };
        if actual != wanted {
            let (found, wanted) = (Type::Enum(actual), Type::Enum(wanted));
            self.mismatch(scale.span, &wanted, &found);
            return None;
        }
        let lowered = self.grids.get(&grid.text)?;
        let tiers = self.enums.get(actual as usize)?.values.len();
        let mut passes: Vec<Vec<NodeId>> = vec![Vec::new(); tiers];
        for (row, cells) in lowered.grid.rows.iter().zip(&lowered.cells) {
            if row.child || row.stage > last {
                continue;
            }
            for (slot, cell) in passes.iter_mut().zip(cells) {
                slot.push(cell.passes);
            }
        }
        let ty = Type::Enum(actual);
        let mut cases = Vec::new();
        for (tier, parts) in passes.into_iter().enumerate().rev() {
            let guard = self.builder.and(parts);
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

    /// The tier asked for, of the grid's scale, perhaps none.
    fn tier_asked(&mut self, tier: &ast::Expr, scale: ir::EnumId) -> Option<NodeId> {
        let wanted = Type::Enum(scale);
        let typed = self.infer(tier, Some(&wanted))?;
        if required(&typed.ty) != wanted {
            self.mismatch(tier.span, &typed.ty, &wanted);
            return None;
        }
        Some(typed.node)
    }

    /// Whether a node is a certain tier; folded when the tier is written out.
    fn is_tier(&mut self, asked: NodeId, tier: usize, scale: ir::EnumId) -> NodeId {
        if let Some(Const::Enum(at)) = self.builder.constant(asked) {
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
        grid: &Name,
        tier: &ast::Expr,
        results: &[Name],
        negated: bool,
        otherwise: Option<&Name>,
    ) -> Option<Typed> {
        self.grid_known(grid)?;
        let scale = self.grids.get(&grid.text)?.grid.scale;
        let asked = self.tier_asked(tier, scale)?;
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
        let lowered = self.grids.get(&grid.text)?;
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
        Some(self.make(Op::ListWhere(items), Type::List(Box::new(Type::Text))))
    }

    fn result_value(&mut self, name: &Name) -> Option<NodeId> {
        let value = self.enum_value(CELL_RESULT, &name.text);
        if value.is_none() {
            let help = nearest(&name.text, CELL_RESULTS).map_or_else(
                || format!("the results are {}", CELL_RESULTS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.report(
                Diagnostic::new(
                    Code::UnknownName,
                    name.span,
                    format!("`{}` is no result of a cell", name.text),
                )
                .help(help),
            );
        }
        value
    }

    pub(super) fn result_of(
        &mut self,
        row: &Name,
        tier: &ast::Expr,
        grid: Option<&Name>,
    ) -> Option<Typed> {
        let name = match grid {
            Some(grid) => {
                self.grid_known(grid)?;
                grid.text.clone()
            }
            None => {
                let owners: Vec<String> = self
                    .grids
                    .iter()
                    .filter(|(_, lowered)| {
                        lowered.grid.rows.iter().any(|known| known.name == row.text)
                    })
                    .map(|(name, _)| name.clone())
                    .collect();
                match owners.as_slice() {
                    [only] => only.clone(),
                    [] => {
                        let known: Vec<String> = self
                            .grids
                            .values()
                            .flat_map(|lowered| &lowered.grid.rows)
                            .map(|row| row.name.clone())
                            .collect();
                        let help = nearest(&row.text, &known).map_or_else(
                            || format!("its rows are {}", known.join(", ")),
                            |near| format!("did you mean `{near}`?"),
                        );
                        self.report(
                            Diagnostic::new(
                                Code::UnknownRow,
                                row.span,
                                format!("no grid has a row `{}`", row.text),
                            )
                            .help(help),
                        );
                        return None;
                    }
                    several => {
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
        let lowered = self.grids.get(&name)?;
        let scale = lowered.grid.scale;
        let at = lowered
            .grid
            .rows
            .iter()
            .position(|known| known.name == row.text);
        let Some(at) = at else {
            let known: Vec<String> = lowered
                .grid
                .rows
                .iter()
                .map(|row| row.name.clone())
                .collect();
            let help = nearest(&row.text, &known).map_or_else(
                || format!("its rows are {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.report(
                Diagnostic::new(
                    Code::UnknownRow,
                    row.span,
                    format!("there is no row `{}`", row.text),
                )
                .help(help),
            );
            return None;
        };
        let cells = lowered.cells.get(at)?.clone();
        let asked = self.tier_asked(tier, scale)?;
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
