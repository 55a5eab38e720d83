//! `marginal` tables: a graded scale. Each row says what one part of an amount counts; the parts are added up.

use super::builder::required;
use super::env::Env;
use super::provisions::Said;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{self, Comparison, TableCellKind};
use polc_runtime::ir::{self, Const, NodeId, Op, ProvisionId, ProvisionKind, Type};
use polc_runtime::value::Number;

/// A part of the amount and what it counts.
struct Bracket {
    low: Option<NodeId>,
    high: Option<NodeId>,
    rate: NodeId,
    guard: NodeId,
    span: Span,
    rule: ir::Rule,
    provision: ProvisionId,
}

impl<'a> Elaborator<'_, 'a> {
    pub(super) fn marginal(
        &mut self,
        env: &Env,
        table: &'a ast::Table,
        (parameters, cites): (Vec<ir::Parameter>, Vec<ir::ClauseId>),
    ) {
        let Some((inputs, outputs)) = self.table_columns(env, table) else {
            return;
        };
        let (Some(Some(input)), [(_, rate_type)], 2, None) = (
            inputs.first(),
            outputs.as_slice(),
            inputs.len(),
            &table.across,
        ) else {
            self.bad_scale(
                table.name.span,
                "a graded scale has one column of amounts and one of rates",
            );
            return;
        };
        let amount = input.typed.clone();
        let unit = required(&amount.ty);
        let graded = matches!(
            unit,
            Type::Money | Type::Decimal | Type::Int | Type::Percent
        );
        if !graded || !matches!(rate_type, Type::Percent | Type::Decimal | Type::Int) {
            self.bad_scale(
                table.name.span,
                "a graded scale takes an amount or a number, and rates that are percentages or numbers",
            );
            return;
        }
        let mut brackets = Vec::new();
        let mut fine = true;
        for (at, row) in table.rows.iter().enumerate() {
            match self.bracket(env, &table.name.text, row, at, &unit, rate_type) {
                Some(bracket) => brackets.push(bracket),
                None => fine = false,
            }
        }
        if !fine || !self.brackets_meet(&brackets) {
            return;
        }
        let ty = if unit == Type::Int {
            Type::Decimal
        } else {
            unit
        };
        let zero = self.builder.number(Number::ZERO, ty.clone());
        let mut total: Option<NodeId> = None;
        for bracket in &brackets {
            let part = self.inside(&amount, bracket, rate_type, &ty, zero);
            let part = self.builder.mark(bracket.provision, part);
            total = Some(match total {
                Some(before) => self.builder.add(Op::Add(before, part), ty.clone()),
                None => part,
            });
        }
        let node = total.unwrap_or(zero);
        let typed = Typed {
            node,
            ty: ty.clone(),
        };
        let definition = ir::Definition {
            name: table.name.text.clone(),
            label: table.label.clone().unwrap_or_default(),
            kind: ir::DefinitionKind::Define,
            ty,
            parameters,
            node,
            rules: brackets.into_iter().map(|bracket| bracket.rule).collect(),
            cites,
        };
        self.store(env, &table.name, typed, definition);
    }

    fn bad_scale(&mut self, span: Span, message: &str) {
        self.report(
            Diagnostic::new(Code::BadCell, span, message)
                .help("write rows such as `| $0..$100K | 5% |` and `| > $100K | 7% |`"),
        );
    }

    fn bracket(
        &mut self,
        env: &Env,
        table: &str,
        row: &ast::TableRow,
        at: usize,
        unit: &Type,
        rate_type: &Type,
    ) -> Option<Bracket> {
        let [amounts, rate] = row.cells.as_slice() else {
            self.report(
                Diagnostic::new(
                    Code::WrongCellCount,
                    row.span,
                    format!(
                        "this row has {} cells, but the header has 2",
                        row.cells.len()
                    ),
                )
                .help("write the amounts, then their rate"),
            );
            return None;
        };
        let (mut low, mut high) = (None, None);
        match &amounts.kind {
            TableCellKind::Range(from, to) => {
                low = Some(self.check(env, from, unit)?);
                high = Some(self.check(env, to, unit)?);
            }
            TableCellKind::Tests(tests) => {
                for (op, value) in tests {
                    let node = self.check(env, value, unit)?;
                    match op {
                        Comparison::Lt | Comparison::Le => high = Some(node),
                        Comparison::Gt | Comparison::Ge => low = Some(node),
                        Comparison::Eq | Comparison::Ne => {
                            self.bad_scale(
                                amounts.span,
                                "a part of a scale has a lower and an upper end",
                            );
                            return None;
                        }
                    }
                }
            }
            TableCellKind::Dash => {}
            TableCellKind::Values(_)
            | TableCellKind::Otherwise(_)
            | TableCellKind::NotApplicable(_) => {
                self.bad_scale(
                    amounts.span,
                    "a part of a scale has a lower and an upper end",
                );
                return None;
            }
        }
        let rate = self.output(env, rate, rate_type)?;
        let period = self.period(env, &row.dates)?;
        let in_force = self.in_force(period);
        let under = self.under(row.under.as_ref())?;
        let guard = self.builder.and([in_force, under]);
        let cites = self.cite(&row.cites);
        let name = format!("row {}", at + 1);
        let provision = self.part(table, ProvisionKind::Row, &name, Said::at(row.span), &cites);
        Some(Bracket {
            low,
            high,
            rate,
            guard,
            span: row.span,
            provision,
            rule: ir::Rule {
                kind: ir::RuleKind::Row,
                name,
                guard: Some(guard),
                value: Some(rate),
                cites,
            },
        })
    }

    /// Parts that always apply must follow each other without a gap or an overlap.
    fn brackets_meet(&mut self, brackets: &[Bracket]) -> bool {
        let always = self.builder.bool(true);
        let number = |this: &Self, node: Option<NodeId>| {
            node.map(|node| match this.builder.constant(node) {
                Some(Const::Number(number)) => Some(*number),
                _ => None,
            })
        };
        let mut before: Option<(Option<Number>, Span)> = None;
        for bracket in brackets.iter().filter(|bracket| bracket.guard == always) {
            let (low, high) = (number(self, bracket.low), number(self, bracket.high));
            if let (Some(Some(low)), Some(Some(high))) = (low, high)
                && low >= high
            {
                self.bad_scale(bracket.span, "this part of the scale is empty");
                return false;
            }
            if let Some((end, span)) = before {
                let (code, message) = match (end, low.flatten()) {
                    (Some(end), Some(low)) if end == low => {
                        before = Some((high.flatten(), bracket.span));
                        continue;
                    }
                    (Some(end), Some(low)) if end < low => (
                        Code::RowsLeaveGap,
                        format!("nothing is said from {end} to {low}"),
                    ),
                    _ => (
                        Code::RowsOverlap,
                        "this part does not begin where the one before it ends".to_owned(),
                    ),
                };
                self.report(
                    Diagnostic::new(code, bracket.span, message)
                        .label(span, "the part before it")
                        .help("let each part begin with the number that ends the one before, lowest first"),
                );
                return false;
            }
            before = Some((high.flatten(), bracket.span));
        }
        true
    }

    /// What one part adds: as much of the amount as lies in it, at its rate.
    fn inside(
        &mut self,
        amount: &Typed,
        bracket: &Bracket,
        rate_type: &Type,
        ty: &Type,
        zero: NodeId,
    ) -> NodeId {
        let mut inside = amount.node;
        if let Some(high) = bracket.high {
            inside = self.builder.add(Op::Min(vec![inside, high]), ty.clone());
        }
        if let Some(low) = bracket.low {
            let over = self.builder.add(Op::Sub(inside, low), ty.clone());
            inside = self.builder.add(Op::Max(vec![over, zero]), ty.clone());
        }
        let mut part = self.builder.add(Op::Mul(inside, bracket.rate), ty.clone());
        if *rate_type == Type::Percent {
            let hundred = self.builder.number(Number::from_i64(100), Type::Int);
            part = self.builder.add(Op::Div(part, hundred), ty.clone());
        }
        self.builder
            .cases(vec![(bracket.guard, part)], Some(zero), ty.clone())
    }
}
