//! The cells of a grid: a condition, a level, what lifts it, and whether it passes.

use super::Elaborator;
use super::declare::CELL_RESULT;
use super::env::Env;
use super::grid::CellNodes;
use super::grid_plan::Plan;
use super::provisions::Said;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::SymbolKind;
use crate::source::Span;
use crate::syntax::ast::{self, CellKind, ExprKind};
use indexmap::IndexMap;
use polc_runtime::ir::{self, Const, NodeId, Op, ProvisionId, ProvisionKind, Type};

/// One cell in its selected version.
#[derive(Clone, Copy)]
pub(super) struct Version {
    pub(super) required: bool,
    pub(super) preferred: bool,
    pub(super) condition: NodeId,
    pub(super) need: Option<NodeId>,
    /// Where the value it compares with stands.
    pub(super) value: Option<Span>,
}

/// Whether a condition says `cell`, however deep.
pub(super) fn mentions_cell(expr: &ast::Expr) -> bool {
    let mut found = matches!(&expr.kind, ExprKind::Name(word) if word == "cell");
    expr.each_part(&mut |part| found = found || mentions_cell(part));
    found
}

/// Two versions are equal that ask for the same, wherever it is written.
impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        let parts = |it: &Version| (it.required, it.preferred, it.condition, it.need);
        parts(self) == parts(other)
    }
}

impl<'a> Elaborator<'_, 'a> {
    pub(super) fn plain_cell(
        &mut self,
        grid: &ast::Requirements,
        plan: &Plan<'a>,
        tier: usize,
        value: &str,
    ) -> Option<ir::Cell> {
        let ast::RowCondition::Condition(condition) = &plan.row.condition else {
            return None;
        };
        let (base, changes) = plan.cells.get(tier).cloned().unwrap_or_default();
        let have = self.have(condition);
        let base = self.version(
            plan.row,
            condition,
            base.unwrap_or(&CellKind::NotRequired),
            have.as_ref(),
        )?;
        let mut versions = Vec::new();
        for (when, kind) in changes {
            let version = self.version(plan.row, condition, kind, have.as_ref())?;
            versions.push((when, version));
        }
        let cell = format!("`{}` for {value}", plan.row.name.text);
        let mut versions = self.in_order(versions, Version::eq, &cell)?;
        versions.reverse();
        self.amended(&plan.row.name.text, value, plan.guard, &versions, &base);
        let asked: Vec<(NodeId, Version)> = versions
            .iter()
            .map(|(when, version)| (when.guard, *version))
            .collect();
        self.asked(&plan.row.name.text, value, condition, &asked, &base);
        self.values_in_force(&cell, plan.guard, &asked, &base);
        let need = self.need(&base, &asked);
        // Each version says what it says, be it the same as another.
        let mut cited: Vec<(NodeId, ProvisionId, Version)> = Vec::with_capacity(versions.len());
        for (when, version) in &versions {
            let name = &grid.name.text;
            let said = Said::at(when.span);
            let part = self.part(name, ProvisionKind::Amendment, &cell, said, &when.cites);
            cited.push((self.cited_guard(part, when.guard), part, *version));
        }
        let part = self.cell_part(grid, plan, value);
        let like = self.like_part(grid, plan, tier, value);
        let pick = |this: &mut Self, get: &dyn Fn(&mut Self, &Version) -> NodeId| {
            let mut cases = Vec::with_capacity(cited.len());
            for (guard, part, version) in &cited {
                let value = get(this, version);
                cases.push((*guard, this.builder.mark(*part, value)));
            }
            let otherwise = get(this, &base);
            this.builder.cases(cases, Some(otherwise), Type::Bool)
        };
        let required = pick(self, &|this, version| this.builder.bool(version.required));
        let preferred = pick(self, &|this, version| this.builder.bool(version.preferred));
        let condition = pick(self, &|_, version| version.condition);
        let required = self.builder.and([plan.guard, required]);
        let required = self.marked(part, like, required);
        // Where the row is not in force there is no cell, preferred or not.
        let preferred = self.builder.and([required, preferred]);
        let preferred = self.marked(part, like, preferred);
        let condition = self.marked(part, like, condition);
        let have = need.and(have.map(|typed| typed.node));
        Some(self.finish_cell(
            grid,
            plan,
            tier,
            value,
            [required, preferred, condition],
            have,
            need,
            part,
        ))
    }

    /// The line that makes its column like another, for a cell of such a column.
    fn like_part(
        &mut self,
        grid: &ast::Requirements,
        plan: &Plan,
        tier: usize,
        value: &str,
    ) -> Option<ProvisionId> {
        let (declaration, change) = plan.likes.get(&tier)?;
        let mut cites = self.cite(&declaration.cites);
        cites.extend(self.cite(&change.cites));
        cites.sort_unstable();
        cites.dedup();
        let name = format!("`{}` for {value}", plan.row.name.text);
        let said = Said::at(change.span);
        Some(self.part(
            &grid.name.text,
            ProvisionKind::Amendment,
            name,
            said,
            &cites,
        ))
    }

    fn marked(&mut self, part: ProvisionId, like: Option<ProvisionId>, node: NodeId) -> NodeId {
        let node = match like {
            Some(like) => self.builder.mark(like, node),
            None => node,
        };
        self.builder.mark(part, node)
    }

    /// A cell as something that can be cited.
    pub(super) fn cell_part(
        &mut self,
        grid: &ast::Requirements,
        plan: &Plan,
        value: &str,
    ) -> ProvisionId {
        let row = plan.row;
        let cites = self.cite(&row.cites);
        let said = match &row.condition {
            ast::RowCondition::Condition(expr) => Said::at(row.span).when(Some(expr)),
            ast::RowCondition::Group(_) => Said::at(row.span),
        };
        let name = format!("{} for {value}", row.name.text);
        let part = self.part(&grid.name.text, ProvisionKind::Cell, name, said, &cites);
        if let Some(provision) = self.provisions.get_mut(part as usize) {
            provision.label = row.label.clone().unwrap_or_default();
        }
        part
    }

    pub(super) fn need(
        &mut self,
        base: &Version,
        versions: &[(NodeId, Version)],
    ) -> Option<NodeId> {
        let cases: Vec<(NodeId, NodeId)> = versions
            .iter()
            .filter_map(|(guard, version)| Some((*guard, version.need?)))
            .collect();
        match (base.need, cases.first()) {
            (Some(otherwise), _) => {
                let ty = self.builder.ty(otherwise);
                Some(self.builder.cases(cases, Some(otherwise), ty))
            }
            (None, Some((_, first))) => {
                let ty = super::builder::optional(self.builder.ty(*first));
                let none = self.builder.none(ty.clone());
                Some(self.builder.cases(cases, Some(none), ty))
            }
            (None, None) => None,
        }
    }

    /// What a threshold row compares: the left side of `… >= cell`.
    pub(super) fn have(&mut self, condition: &ast::Expr) -> Option<super::Typed> {
        let ExprKind::Compare(_, left, right) = &condition.kind else {
            return None;
        };
        (right.word() == Some("cell"))
            .then(|| self.infer(&Env::default(), left, None))
            .flatten()
    }

    pub(super) fn version(
        &mut self,
        row: &ast::Row,
        condition: &ast::Expr,
        kind: &CellKind,
        have: Option<&super::Typed>,
    ) -> Option<Version> {
        let no = self.builder.bool(true);
        let (required, preferred, value) = match kind {
            CellKind::NotRequired => {
                return Some(Version {
                    required: false,
                    preferred: false,
                    condition: no,
                    need: None,
                    value: None,
                });
            }
            CellKind::Mandatory => (true, false, None),
            CellKind::Preferred(value) => (true, true, value.as_ref()),
            CellKind::Value(value) => (true, false, Some(value)),
        };
        let uses_cell = mentions_cell(condition);
        let problem = match (uses_cell, value) {
            (true, None) => Some((row.name.span, "says `cell`, so each cell needs a value")),
            (false, Some(value)) => {
                Some((value.span, "does not say `cell`, so a cell holds no value"))
            }
            _ => None,
        };
        if let Some((span, words)) = problem {
            // A condition that cannot be read may have been meant to say `cell`.
            if !uses_cell {
                self.check(&Env::default(), condition, &Type::Bool)?;
            }
            self.report(
                Diagnostic::new(Code::BadCell, span, format!("the row `{}` {words}", row.name.text))
                    .help("a threshold row reads `name: fact >= cell` with values; any other row has `mandatory`, `preferred` or `-`"),
            );
            return None;
        }
        let need = match value {
            Some(value) => {
                let hint = have.map(|typed| super::builder::required(&typed.ty));
                Some(self.infer(&Env::default(), value, hint.as_ref())?)
            }
            None => None,
        };
        let here = Env::default().with_cell(need.clone()).lenient();
        let span = condition.span;
        let condition = self.check(&here, condition, &Type::Bool);
        let condition = condition.map(|node| self.guard(node, span));
        Some(Version {
            required,
            preferred,
            condition: condition?,
            need: need.map(|typed| typed.node),
            value: value.map(|value| value.span),
        })
    }

    pub(super) fn group_cell(
        &mut self,
        grid: &ast::Requirements,
        plan: &Plan<'a>,
        plans: &[Plan<'a>],
        parts: &IndexMap<usize, Vec<ir::Cell>>,
        tier: usize,
        value: &str,
    ) -> Option<ir::Cell> {
        let ast::RowCondition::Group(kind) = &plan.row.condition else {
            return None;
        };
        let prefix = format!("{}.", plan.row.name.text);
        let mut members = Vec::new();
        for (at, child) in plans.iter().enumerate() {
            if child.row.name.text.starts_with(&prefix)
                && let Some(cell) = parts.get(&at).and_then(|cells| cells.get(tier))
            {
                members.push(cell.clone());
            }
        }
        if members.is_empty() {
            self.report(
                Diagnostic::new(
                    Code::BadGroup,
                    plan.row.name.span,
                    format!("the group `{}` has no rows", plan.row.name.text),
                )
                .help(format!("add rows named `{prefix}…` below it")),
            );
            return None;
        }
        let may = self.may_not_apply();
        let ways: Vec<Vec<NodeId>> = members
            .iter()
            .map(|cell| {
                let lifts = cell.waivers.iter().map(|waiver| waiver.lifts);
                [cell.condition].into_iter().chain(lifts).collect()
            })
            .collect();
        let mut all_ways = ways.iter().flatten();
        let scoped = all_ways.any(|way| may.get(*way as usize) != Some(&false));
        let mut counted = Vec::new();
        let mut preferred = Vec::new();
        for (cell, ways) in members.iter().zip(ways) {
            let passes = self.builder.or(ways);
            let all = matches!(kind, ast::GroupKind::All);
            counted.push(if scoped {
                // Neither a row that asks nothing nor one that is not applicable counts.
                let because = format!("{} asks nothing here", plan.row.name.text);
                self.only_if(cell.required, passes, because)
            } else if all {
                let free = self.builder.not(cell.required);
                self.builder.or([free, passes])
            } else {
                self.builder.and([cell.required, passes])
            });
            let free = self.builder.not(cell.required);
            preferred.push(self.builder.or([free, cell.preferred]));
        }
        let part = self.cell_part(grid, plan, value);
        let like = self.like_part(grid, plan, tier, value);
        let condition = self.group(&Env::default(), kind, counted)?;
        let condition = self.marked(part, like, condition);
        let any_required = self.builder.or(members.iter().map(|cell| cell.required));
        let required = self.builder.and([plan.guard, any_required]);
        let required = self.marked(part, like, required);
        let all_preferred = self.builder.and(preferred);
        let preferred = self.builder.and([required, all_preferred]);
        let preferred = self.marked(part, like, preferred);
        Some(self.finish_cell(
            grid,
            plan,
            tier,
            value,
            [required, preferred, condition],
            None,
            None,
            part,
        ))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one cell, named at the only two calls"
    )]
    pub(super) fn finish_cell(
        &mut self,
        grid: &ast::Requirements,
        plan: &Plan,
        tier: usize,
        value: &str,
        [required, preferred, condition]: [NodeId; 3],
        have: Option<NodeId>,
        need: Option<NodeId>,
        part: ProvisionId,
    ) -> ir::Cell {
        self.waived(&grid.name.text, &plan.row.name.text, value, required);
        let waivers: Vec<ir::CellWaiver> =
            if self.builder.constant(required) == Some(&Const::Bool(false)) {
                Vec::new()
            } else {
                self.lifts(grid, &plan.row.name.text, value, tier)
                    .into_iter()
                    .map(|(waiver, lifts, _)| ir::CellWaiver { waiver, lifts })
                    .collect()
            };
        let free = self.builder.not(required);
        let mut ways = vec![free, preferred, condition];
        ways.extend(waivers.iter().map(|waiver| waiver.lifts));
        let passes = self.builder.or(ways);
        let passes = self.builder.mark(part, passes);
        ir::Cell {
            required,
            preferred,
            condition,
            waivers,
            passes,
            have,
            need,
        }
    }

    pub(super) fn cell_nodes(&mut self, cell: &ir::Cell) -> CellNodes {
        let ty = Type::Enum(CELL_RESULT);
        let result =
            |this: &mut Self, at: u32| this.builder.add(Op::Const(Const::Enum(at)), ty.clone());
        let [met, not_met, waived, free, missing] = [0, 1, 2, 3, 4].map(|at| result(self, at));
        let not_required = self.builder.not(cell.required);
        // A cell that asks nothing says itself that nothing lifts it.
        let asks_nothing = self.builder.constant(cell.required) == Some(&Const::Bool(false));
        let any_lift = |this: &mut Self, lifts: Vec<NodeId>| match asks_nothing {
            true => cell.required,
            false => this.builder.or(lifts),
        };
        let lifts = cell.waivers.iter().map(|waiver| waiver.lifts).collect();
        let lifted = any_lift(self, lifts);
        let cases = vec![
            (not_required, free),
            (lifted, waived),
            (cell.condition, met),
            (cell.preferred, missing),
        ];
        let for_now: Vec<NodeId> = cell
            .waivers
            .iter()
            .filter(|lift| {
                self.made
                    .waivers
                    .get_index(lift.waiver as usize)
                    .is_some_and(|(_, lowered)| {
                        lowered.lifts.is_empty()
                            || lowered
                                .lifts
                                .iter()
                                .all(|lift| lift.period.before.is_some())
                    })
            })
            .map(|lift| lift.lifts)
            .collect();
        let [required, unlifted, unmet] =
            [not_required, lifted, cell.condition].map(|node| self.builder.not(node));
        let plain = self.builder.not(cell.preferred);
        let is = [
            self.builder.and([required, unlifted, cell.condition]),
            self.builder.and([required, unlifted, unmet, plain]),
            self.builder.and([required, lifted]),
            not_required,
            self.builder
                .and([required, unlifted, unmet, cell.preferred]),
        ];
        CellNodes {
            is,
            result: self
                .builder
                .cases(cases, Some(not_met), Type::Enum(CELL_RESULT)),
            lifted_for_now: any_lift(self, for_now),
            condition: cell.condition,
        }
    }

    /// What lifts a cell: (waiver, when, whether only for a time).
    pub(super) fn lifts(
        &mut self,
        grid: &ast::Requirements,
        row: &str,
        value: &str,
        tier: usize,
    ) -> Vec<(u32, NodeId, bool)> {
        let mut found = Vec::new();
        let candidates: Vec<(u32, NodeId, Vec<super::waiver::Lift>)> = self
            .made
            .waivers
            .values()
            .enumerate()
            .map(|(at, lowered)| (at as u32, lowered.applies, lowered.lifts.clone()))
            .collect();
        for (id, applies, lifts) in candidates {
            let mut parts = Vec::new();
            let mut ends = true;
            for lift in &lifts {
                let here = lift
                    .grid
                    .as_ref()
                    .is_none_or(|name| *name == grid.name.text);
                if here
                    && lift.rows.iter().any(|name| name == row)
                    && lift.tiers.iter().any(|name| name == value)
                {
                    let in_force = self.in_force(lift.period);
                    let lifts = self.builder.and([in_force, applies]);
                    parts.push(self.builder.mark(lift.provision, lifts));
                    ends &= lift.period.before.is_some();
                }
            }
            if !parts.is_empty() {
                let node = self.builder.or(parts);
                found.push((id, node, ends));
            }
        }
        for (at, symbol) in self.symbols.list.iter().enumerate() {
            if let SymbolKind::Grants(grants) = symbol.kind
                && grants.grid.text == grid.name.text
                && let Some(fact) = self.fact_of(at)
                && let Some(id) = self.made.waivers.get_index_of(&at)
            {
                let op = Op::Granted {
                    fact,
                    row: row.to_owned(),
                    tier: tier as u32,
                };
                let node = self.builder.add(op, Type::Bool);
                let node = match self.provision(&grants.name.text) {
                    Some(provision) => self.builder.mark(provision, node),
                    None => node,
                };
                found.push((id as u32, node, true));
            }
        }
        found
    }
}
