//! Readings: alternatives, which one is chosen when, and what is written under them.

use super::env::Env;
use super::provisions::Said;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Meaning, Sought, Unknown};
use crate::syntax::ast;
use polc_runtime::ir::{self, NodeId, Op, ProvisionKind, Type};

impl Elaborator<'_, '_> {
    /// `by reading R`: one body for each alternative, each a switch in the built program.
    pub(super) fn by_reading(
        &mut self,
        env: &Env,
        define: &ast::Define,
        reading: &ast::Name,
        alternatives: &[ast::Alternative],
        declared: Option<&Type>,
    ) -> Option<(Typed, Vec<ir::Rule>)> {
        let id = self.reading_of(reading)?;
        let known = self.inputs.readings.get(id as usize)?.alternatives.clone();
        let mut ty = declared.cloned();
        let mut given: Vec<Option<(NodeId, NodeId)>> = vec![None; known.len()];
        let mut rules = Vec::new();
        let mut complete = true;
        // Alternatives that say nothing take the type the others give.
        let mut gaps: Vec<(u32, String, &ast::Alternative)> = Vec::new();
        for alternative in alternatives {
            let Some((_, at)) = self.alternative(reading, &alternative.name) else {
                complete = false;
                continue;
            };
            let nothing = matches!(
                &alternative.gap,
                Some((guard, _)) if matches!(guard.kind, ast::ExprKind::Literal(ast::Literal::Bool(false)))
            );
            if nothing && let Some((_, because)) = &alternative.gap {
                gaps.push((at, because.clone(), alternative));
                continue;
            }
            let Some(typed) = self.one_of_several(env, &alternative.value, declared, ty.as_ref())
            else {
                complete = false;
                continue;
            };
            ty = Some(typed.ty.clone());
            let switch = self.builder.add(Op::ReadingIs(id, at), Type::Bool);
            let value = match &alternative.gap {
                Some((condition, because)) => {
                    let applies = self.check(env, condition, &Type::Bool)?;
                    let applies = self.guard(applies, condition.span);
                    self.builder.add(
                        Op::Scope {
                            applies,
                            body: typed.node,
                            because: because.clone(),
                        },
                        typed.ty,
                    )
                }
                None => typed.node,
            };
            let rule = self.alternative_rule(define, alternative, switch, value);
            if let Some(slot) = given.get_mut(at as usize) {
                *slot = rule.guard.zip(rule.value);
            }
            rules.push(rule);
        }
        for (at, because, alternative) in gaps {
            let switch = self.builder.add(Op::ReadingIs(id, at), Type::Bool);
            let of = ty.clone().unwrap_or(Type::Bool);
            let value = self.builder.add(Op::NotApplicable(because), of);
            let rule = self.alternative_rule(define, alternative, switch, value);
            if let Some(slot) = given.get_mut(at as usize) {
                *slot = rule.guard.zip(rule.value);
            }
            rules.push(rule);
        }
        if !complete {
            return None;
        }
        let missing: Vec<&String> = known
            .iter()
            .zip(&given)
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name)
            .collect();
        if let Some(first) = missing.first() {
            self.report(
                Diagnostic::new(
                    Code::MissingAlternative,
                    define.name.span,
                    format!(
                        "`{}` says nothing for the alternative `{first}`",
                        define.name.text
                    ),
                )
                .help(format!("add a line `{first}  …`")),
            );
            return None;
        }
        let mut cases: Vec<(NodeId, NodeId)> = given.into_iter().flatten().collect();
        let otherwise = cases.pop().map(|(_, value)| value);
        let ty = ty?;
        let node = self.builder.cases(cases, otherwise, ty.clone());
        Some((Typed { node, ty }, rules))
    }

    /// What one alternative gives, as something that can be cited.
    fn alternative_rule(
        &mut self,
        define: &ast::Define,
        alternative: &ast::Alternative,
        switch: NodeId,
        value: NodeId,
    ) -> ir::Rule {
        let cites = self.cite(&alternative.cites);
        let (kind, label) = (ProvisionKind::Alternative, &alternative.name.text);
        let said = Said::at(alternative.span).gives(Some(alternative.value.span));
        let part = self.part(&define.name.text, kind, label, said, &cites);
        ir::Rule {
            kind: ir::RuleKind::Case,
            name: label.clone(),
            guard: Some(self.cited_guard(part, switch)),
            value: Some(self.builder.mark(part, value)),
            cites,
        }
    }

    /// The guard `under R ALT`, or `yes` when nothing is written.
    pub(super) fn under(&mut self, under: Option<&(ast::Name, ast::Name)>) -> Option<NodeId> {
        let Some((reading, alternative)) = under else {
            return Some(self.builder.bool(true));
        };
        let (id, at) = self.alternative(reading, alternative)?;
        Some(self.builder.add(Op::ReadingIs(id, at), Type::Bool))
    }

    pub(super) fn reading_of(&mut self, name: &ast::Name) -> Option<ir::ReadingId> {
        let found = match self.meaning(name.span) {
            Some(Meaning::Reading(at)) => ir::ReadingId::try_from(at).ok(),
            _ => None,
        };
        self.used.readings.extend(found);
        if found.is_none() {
            let known = self.symbols.readings.keys();
            self.unknown(Unknown::new(name, Sought::Reading, known));
        }
        found
    }

    pub(super) fn alternative(
        &mut self,
        reading: &ast::Name,
        name: &ast::Name,
    ) -> Option<(ir::ReadingId, u32)> {
        let id = self.reading_of(reading)?;
        let known = self.inputs.readings.get(id as usize)?.alternatives.clone();
        let at = known
            .iter()
            .position(|alternative| *alternative == name.text);
        if at.is_none() {
            let sought = Sought::Alternative(&reading.text);
            self.unknown(Unknown::new(name, sought, known));
        }
        at.map(|at| (id, at as u32))
    }

    pub(super) fn declare_reading(
        &mut self,
        reading: &ast::Reading,
        declaration: &ast::Declaration,
    ) {
        let env = &Env::declaring();
        let id = self.inputs.readings.len() as ir::ReadingId;
        let alternatives: Vec<String> = reading
            .alternatives
            .iter()
            .map(|(name, _)| name.text.clone())
            .collect();
        let cites = self.cite(&declaration.cites);
        let because = reading
            .chosen
            .first()
            .map(|chosen| chosen.because.clone())
            .unwrap_or_default();
        self.inputs.readings.push(ir::Reading {
            name: reading.name.text.clone(),
            label: reading.label.clone().unwrap_or_default(),
            alternatives: alternatives.clone(),
            chosen: Vec::new(),
            because,
            cites,
        });
        if alternatives.len() < 2 || reading.chosen.is_empty() {
            self.report(
                Diagnostic::new(
                    Code::MissingPart,
                    reading.name.span,
                    format!(
                        "the reading `{}` needs two alternatives and a choice",
                        reading.name.text
                    ),
                )
                .help("list the alternatives, then `chosen ALTERNATIVE because \"…\"`"),
            );
            return;
        }
        let mut periods = Vec::new();
        let mut chosen = Vec::new();
        for choice in &reading.chosen {
            // What could not be read has been reported; it leaves no hole besides.
            let Some((_, at)) = self.alternative(&reading.name, &choice.name) else {
                return;
            };
            let Some(period) = self.period(env, &choice.dates) else {
                return;
            };
            periods.push((period, choice.span));
            chosen.push((period, at));
        }
        self.check_tiles(&periods, None, &reading.name);
        chosen.sort_by_key(|(period, _)| period.from);
        if let Some(slot) = self.inputs.readings.get_mut(id as usize) {
            slot.chosen = chosen;
        }
    }
}
