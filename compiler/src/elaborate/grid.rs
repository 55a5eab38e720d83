//! Requirement grids: every cell becomes a condition, a level, what lifts it, and whether it passes.

use super::Elaborator;
use super::amend::When;
use super::declare::CELL_RESULT;
use super::provisions::Said;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::names::{Sought, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, CellKind, ExprKind};
use indexmap::IndexMap;
use polc_runtime::ir::{self, Const, NodeId, Op, Period, ProvisionId, ProvisionKind, Type};

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

/// A row with everything that may change it.
struct Plan<'a> {
    row: &'a ast::Row,
    /// Its stage, of those of the grid.
    stage: usize,
    guard: NodeId,
    /// Per tier: the base cell, then changes.
    cells: Vec<PlannedCell<'a>>,
}

/// A cell as written, if it is, and the changes to it with when they hold.
type PlannedCell<'a> = (Option<&'a CellKind>, Vec<(When, &'a CellKind)>);

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

/// Two versions are equal that ask for the same, wherever it is written.
impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        let parts = |it: &Version| (it.required, it.preferred, it.condition, it.need);
        parts(self) == parts(other)
    }
}

impl<'a> Elaborator<'_, 'a> {
    pub(super) fn grid(&mut self, grid: &'a ast::Requirements, mut cites: Vec<ir::ClauseId>) {
        let Some(scale) = self.scale_of(&grid.scale) else {
            return;
        };
        let Some(values) = self
            .enums
            .get(scale as usize)
            .map(|item| item.values.clone())
        else {
            return;
        };
        let amends: Vec<_> = self
            .symbols
            .amends
            .iter()
            .filter(|(amend, _)| amend.target.text == grid.name.text)
            .copied()
            .collect();
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
        self.grids.extend(id.map(|id| (id, lowered)));
    }

    pub(super) fn scale_of(&mut self, name: &ast::Name) -> Option<ir::EnumId> {
        let found = self.enum_at(name.span);
        let ordered = found
            .and_then(|id| self.enums.get(id as usize))
            .is_some_and(|item| item.ordered);
        if ordered {
            return found;
        }
        let scales = self
            .enums
            .iter()
            .filter(|item| item.ordered)
            .map(|item| item.name.as_str());
        self.unknown(Unknown::new(name, Sought::Scale, scales));
        None
    }

    /// Every value of the scale has exactly one column, in the header or by `like`.
    fn columns(
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
                _ => None,
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

    /// Rows with their base cells and their changes.
    fn plans(
        &mut self,
        grid: &'a ast::Requirements,
        values: &[String],
        stages: &[String],
        amends: &[(&'a ast::Amend, &'a ast::Declaration)],
    ) -> Option<Vec<Plan<'a>>> {
        let mut plans: Vec<Plan<'a>> = Vec::new();
        let mut fine = true;
        for row in &grid.rows {
            let stage = row.stage.as_ref().and_then(|stage| {
                let known = stages.iter();
                known.into_iter().position(|known| *known == stage.text)
            });
            fine &= self
                .add_row(grid, row, stage.unwrap_or(0), None, values, &mut plans)
                .is_some();
        }
        for ((amend, _), change) in changes_of(amends) {
            let _ = self.cite(&change.cites);
            if let ast::ChangeKind::AddRow(row) = &change.kind {
                let added = self.added_row(grid, amend, row, values, stages, &mut plans);
                fine &= added.is_some();
            }
        }
        for (amend, change) in changes_of(amends) {
            if let ast::ChangeKind::Cells { row, tiers, cell } = &change.kind {
                let changed = self.changed_cells(grid, amend, change, row, tiers, values, &plans);
                let Some((at, columns, when)) = changed else {
                    fine = false;
                    continue;
                };
                let cells = plans.get_mut(at).map(|plan| plan.cells.as_mut_slice());
                for (column, slot) in cells.unwrap_or_default().iter_mut().enumerate() {
                    if columns.contains(&column) {
                        slot.1.push((when.clone(), &cell.kind));
                    }
                }
            }
        }
        fine &= self.likes(grid, amends, values, &mut plans).is_some();
        for plan in &mut plans {
            let key = format!("{}.{}", grid.name.text, plan.row.name.text);
            let (lifts, _) = self.exceptions_inside(&key);
            self.excepted(&lifts, &[plan.guard]);
            for lift in lifts.iter().filter_map(|lift| lift.guard) {
                let free = self.builder.not(lift);
                plan.guard = self.builder.and([plan.guard, free]);
            }
        }
        fine.then_some(plans)
    }

    /// A row that `add` gives, in its stage.
    fn added_row(
        &mut self,
        grid: &'a ast::Requirements,
        amend: &ast::Amend,
        row: &'a ast::Row,
        values: &[String],
        stages: &[String],
        plans: &mut Vec<Plan<'a>>,
    ) -> Option<()> {
        let group = row.name.text.split_once('.').and_then(|(parent, _)| {
            let group = plans.iter().find(|plan| plan.row.name.text == parent)?;
            Some(group.stage)
        });
        let stage = self.stage_of_added(row, group, stages)?;
        let outer = self.under(amend.under.as_ref())?;
        self.add_row(grid, row, stage, Some(outer), values, plans)
    }

    /// Which cells a line changes (row, columns), and when.
    #[expect(clippy::too_many_arguments, reason = "the parts of one line; one call")]
    fn changed_cells(
        &mut self,
        grid: &'a ast::Requirements,
        (amend, declaration): (&ast::Amend, &ast::Declaration),
        change: &ast::Change,
        row: &ast::Name,
        tiers: &[ast::Name],
        values: &[String],
        plans: &[Plan<'a>],
    ) -> Option<(usize, Vec<usize>, When)> {
        let when = self.amended_when((amend, declaration), change);
        let at = self.row_at(grid, row, plans);
        let columns: Vec<Option<usize>> = tiers
            .iter()
            .map(|tier| self.tier_at(tier, values))
            .collect();
        let columns = columns.into_iter().collect::<Option<Vec<usize>>>();
        let (when, at, columns) = (when?, at?, columns?);
        if plans
            .get(at)
            .is_some_and(|plan| matches!(plan.row.condition, ast::RowCondition::Group(_)))
        {
            self.report(
                Diagnostic::new(
                    Code::BadCell,
                    row.span,
                    format!("`{}` is a group, which has no cells of its own", row.text),
                )
                .help("amend the cells of its rows"),
            );
            return None;
        }
        let printed = |tier: &ast::Name| grid.tiers.iter().any(|known| known.text == tier.text);
        let column = !tiers.iter().all(printed);
        self.changes_some_days(amend, change, column)
            .then_some((at, columns, when))
    }

    /// The columns that are like others: those cells on every day, changed ones too, but for the cells that are named.
    fn likes(
        &mut self,
        grid: &'a ast::Requirements,
        amends: &[(&'a ast::Amend, &'a ast::Declaration)],
        values: &[String],
        plans: &mut [Plan<'a>],
    ) -> Option<()> {
        let columns = self.like_columns(amends, values)?;
        let mut named: IndexMap<(usize, usize), &'a CellKind> = IndexMap::new();
        for (_, change) in changes_of(amends) {
            if let ast::ChangeKind::Like { tier, except, .. } = &change.kind {
                let column = self.tier_at(tier, values)?;
                for (row, cell) in except {
                    named.insert((self.row_at(grid, row, plans)?, column), &cell.kind);
                }
            }
        }
        for (column, model) in columns {
            for (at, plan) in plans.iter_mut().enumerate() {
                let (base, changes) = match named.get(&(at, column)) {
                    Some(kind) => (Some(*kind), Vec::new()),
                    None => plan.cells.get(model).cloned().unwrap_or_default(),
                };
                if let Some(slot) = plan.cells.get_mut(column) {
                    slot.0 = base;
                    slot.1.extend(changes);
                }
            }
        }
        Some(())
    }

    fn add_row(
        &mut self,
        grid: &'a ast::Requirements,
        row: &'a ast::Row,
        stage: usize,
        outer: Option<NodeId>,
        values: &[String],
        plans: &mut Vec<Plan<'a>>,
    ) -> Option<()> {
        if let Some(first) = plans
            .iter()
            .find(|plan| plan.row.name.text == row.name.text)
        {
            let first = first.row.name.span;
            self.report(
                Diagnostic::new(
                    Code::DuplicateName,
                    row.name.span,
                    format!("the row `{}` stands twice", row.name.text),
                )
                .label(first, "first here")
                .help("rename one of them, or change the first with `amend`"),
            );
            return None;
        }
        if let Some((parent, _)) = row.name.text.split_once('.') {
            let group = plans.iter().any(|plan| {
                plan.row.name.text == parent
                    && matches!(plan.row.condition, ast::RowCondition::Group(_))
            });
            if !group {
                self.report(
                    Diagnostic::new(
                        Code::BadGroup,
                        row.name.span,
                        format!("`{}` has no group row above it", row.name.text),
                    )
                    .help(format!(
                        "write `| {parent}: any of |` above, or a name without a dot"
                    )),
                );
                return None;
            }
        }
        let group = matches!(row.condition, ast::RowCondition::Group(_));
        if row.cells.len() != grid.tiers.len() && !(group && row.cells.is_empty()) {
            self.report(
                Diagnostic::new(
                    Code::WrongCellCount,
                    row.span,
                    format!(
                        "the row `{}` has {} cells, but there are {} tiers",
                        row.name.text,
                        row.cells.len(),
                        grid.tiers.len()
                    ),
                )
                .help("write one cell for each tier; `-` where nothing is required"),
            );
            return None;
        }
        let period = self.period(&row.dates)?;
        let in_force = self.in_force(period);
        let under = self.under(row.under.as_ref())?;
        let always = self.builder.bool(true);
        let guard = self.builder.and([in_force, under, outer.unwrap_or(always)]);
        let cells = values
            .iter()
            .map(|value| {
                let column = grid.tiers.iter().position(|tier| tier.text == *value);
                let cell = column
                    .and_then(|column| row.cells.get(column))
                    .map(|cell| &cell.kind);
                (cell, Vec::new())
            })
            .collect();
        plans.push(Plan {
            row,
            stage,
            guard,
            cells,
        });
        Some(())
    }

    fn row_at(
        &mut self,
        grid: &'a ast::Requirements,
        row: &ast::Name,
        plans: &[Plan],
    ) -> Option<usize> {
        let found = plans.iter().position(|plan| plan.row.name.text == row.text);
        let rows = self.symbols.rows_of(grid);
        // A row that is there and has no plan has been reported.
        if found.is_none() && !rows.contains(&row.text.as_str()) {
            self.unknown(Unknown::new(row, Sought::Row, rows));
        }
        found
    }

    pub(super) fn tier_at(&mut self, tier: &ast::Name, values: &[String]) -> Option<usize> {
        let found = values.iter().position(|value| *value == tier.text);
        if found.is_none() {
            self.unknown(Unknown::new(tier, Sought::Tier, values));
        }
        found
    }

    /// Grants in the facts lift cells like waivers do.
    fn grants_as_waivers(&mut self, grid: &ast::Requirements) {
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
                self.waivers.insert(
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

    /// What lifts a cell: (waiver, when, whether only for a time).
    fn lifts(
        &mut self,
        grid: &ast::Requirements,
        row: &str,
        value: &str,
        tier: usize,
    ) -> Vec<(u32, NodeId, bool)> {
        let mut found = Vec::new();
        let candidates: Vec<(u32, NodeId, Vec<super::waiver::Lift>)> = self
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
                && let Some(id) = self.waivers.get_index_of(&at)
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

    fn plain_cell(
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
        let required = self.builder.mark(part, required);
        // Where the row is not in force there is no cell, preferred or not.
        let preferred = self.builder.and([required, preferred]);
        let preferred = self.builder.mark(part, preferred);
        let condition = self.builder.mark(part, condition);
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

    /// A cell as something that can be cited.
    fn cell_part(&mut self, grid: &ast::Requirements, plan: &Plan, value: &str) -> ProvisionId {
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

    fn need(&mut self, base: &Version, versions: &[(NodeId, Version)]) -> Option<NodeId> {
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
    fn have(&mut self, condition: &ast::Expr) -> Option<super::Typed> {
        match &condition.kind {
            ExprKind::Binary(_, left, right) if matches!(&right.kind, ExprKind::Name(word) if word == "cell") => {
                self.infer(left, None)
            }
            _ => None,
        }
    }

    fn version(
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
                self.check(condition, &Type::Bool)?;
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
                Some(self.infer(value, hint.as_ref())?)
            }
            None => None,
        };
        self.cell.clone_from(&need);
        let lenient = std::mem::replace(&mut self.lenient, true);
        let span = condition.span;
        let condition = self.check(condition, &Type::Bool);
        self.lenient = lenient;
        self.cell = None;
        let condition = condition.map(|node| self.guard(node, span));
        Some(Version {
            required,
            preferred,
            condition: condition?,
            need: need.map(|typed| typed.node),
            value: value.map(|value| value.span),
        })
    }

    fn group_cell(
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
        let mut counted = Vec::new();
        let mut preferred = Vec::new();
        for cell in &members {
            let mut ways = vec![cell.condition];
            ways.extend(cell.waivers.iter().map(|waiver| waiver.lifts));
            let scoped = ways
                .iter()
                .any(|way| may.get(*way as usize) != Some(&false));
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
        let condition = self.group(kind, counted)?;
        let condition = self.builder.mark(part, condition);
        let any_required = self.builder.or(members.iter().map(|cell| cell.required));
        let required = self.builder.and([plan.guard, any_required]);
        let required = self.builder.mark(part, required);
        let all_preferred = self.builder.and(preferred);
        let preferred = self.builder.and([required, all_preferred]);
        let preferred = self.builder.mark(part, preferred);
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
    fn finish_cell(
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

    fn cell_nodes(&mut self, cell: &ir::Cell) -> CellNodes {
        let ty = Type::Enum(CELL_RESULT);
        let result =
            |this: &mut Self, at: u32| this.builder.add(Op::Const(Const::Enum(at)), ty.clone());
        let [met, not_met, waived, free, missing] = [0, 1, 2, 3, 4].map(|at| result(self, at));
        let not_required = self.builder.not(cell.required);
        let lifted = self
            .builder
            .or(cell.waivers.iter().map(|waiver| waiver.lifts));
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
                self.waivers
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
            lifted_for_now: self.builder.or(for_now),
            condition: cell.condition,
        }
    }
}

/// The lines of every `amend`.
fn changes_of<'a>(
    amends: &[(&'a ast::Amend, &'a ast::Declaration)],
) -> Vec<((&'a ast::Amend, &'a ast::Declaration), &'a ast::Change)> {
    let lines = |amend: &(&'a ast::Amend, &'a ast::Declaration)| {
        let amend = *amend;
        amend.0.changes.iter().map(move |change| (amend, change))
    };
    amends.iter().flat_map(lines).collect()
}

/// Whether a condition says `cell`, however deep.
fn mentions_cell(expr: &ast::Expr) -> bool {
    let mut found = matches!(&expr.kind, ExprKind::Name(word) if word == "cell");
    expr.each_part(&mut |part| found = found || mentions_cell(part));
    found
}
