//! `value`: dated versions → `Cases` nodes.

use super::env::Env;
use super::provisions::Said;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::syntax::ast;
use polc_runtime::ir::{self, Op, ProvisionKind};
use polc_runtime::value::Date;

impl Elaborator<'_, '_> {
    /// `value V` and its dated versions.
    pub(super) fn value(&mut self, value: &ast::Value, cites: Vec<ir::ClauseId>) {
        let env = &Env::default();
        let declared = match &value.ty {
            Some(written) => match self.read_type(written) {
                Some(ty) => Some(ty),
                None => return,
            },
            None => None,
        };
        let start = value
            .not_before
            .as_ref()
            .and_then(|expr| self.constant_date(env, expr))
            .filter(|day| *day > Date::FIRST);
        let mut ty = declared.clone();
        let (mut periods, mut cases, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for (at, version) in value.versions.iter().enumerate() {
            let Some(period) = self.period(env, &version.dates) else {
                return;
            };
            let Some(typed) =
                self.one_of_several(env, &version.value, declared.as_ref(), ty.as_ref())
            else {
                return;
            };
            ty = Some(typed.ty);
            let version_cites = self.cite(&version.cites);
            let name = format!("version {}", at + 1);
            let kind = ProvisionKind::Version;
            let said = Said::at(version.span).gives(Some(version.value.span));
            let part = self.part(&value.name.text, kind, &name, said, &version_cites);
            let guard = self.in_force(period);
            let guard = self.cited_guard(part, guard);
            let node = self.builder.mark(part, typed.node);
            periods.push((period, version.span));
            cases.push((guard, node));
            rules.push(ir::Rule {
                kind: ir::RuleKind::Case,
                name,
                guard: Some(guard),
                value: Some(node),
                cites: version_cites,
            });
        }
        let Some(ty) = ty else {
            self.report(
                Diagnostic::new(
                    Code::MissingPart,
                    value.name.span,
                    "this value is never given",
                )
                .help("write `= VALUE`, or dated lines such as `3.5 from 2026-01-01`"),
            );
            return;
        };
        self.check_tiles(&periods, start, &value.name);
        let otherwise = start.map(|day| {
            let because = format!("{} is not in force before {day}", value.name.text);
            self.builder.add(Op::NotApplicable(because), ty.clone())
        });
        let node = self.builder.cases(cases, otherwise, ty.clone());
        let bare = self.builder.bare(node);
        self.starts.extend(start.map(|day| (bare, day)));
        let rules = if rules.len() > 1 { rules } else { Vec::new() };
        let definition = ir::Definition {
            name: value.name.text.clone(),
            label: value.label.clone().unwrap_or_default(),
            kind: ir::DefinitionKind::Value,
            ty: ty.clone(),
            parameters: Vec::new(),
            node,
            rules,
            cites,
        };
        self.store(env, &value.name, Typed { node, ty }, definition);
    }
}
