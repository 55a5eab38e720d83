//! Case lines and blocks → flat cases, each with what must be proved of it.

use super::env::Env;
use super::left::Before;
use super::provisions::Said;
use super::{Elaborator, Typed};
use crate::analysis::{CompleteKind, Obligation, ReachKind};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast;
use polc_runtime::ir::{self, NodeId, Op, ProvisionKind, Type};

/// Cases made flat: guards and values top down, with their layout.
pub(super) struct Flat {
    pub(super) cases: Vec<(NodeId, NodeId)>,
    pub(super) otherwise: Option<NodeId>,
    pub(super) rules: Vec<ir::Rule>,
    pub(super) ty: Option<Type>,
}

/// What the lines of a block share.
pub(super) struct Block<'b> {
    /// Of which definition.
    pub(super) what: &'b str,
    /// When the block is looked at; always when absent.
    pub(super) scope: Option<NodeId>,
    /// The number of the line it stands in, with a dot.
    pub(super) prefix: &'b str,
    /// The type every value must have.
    pub(super) declared: Option<&'b Type>,
}

impl Elaborator<'_, '_> {
    /// Elaborates case lines in order; reports every broken one before giving up.
    pub(super) fn cases(
        &mut self,
        env: &Env,
        cases: &[ast::Case],
        block: &Block<'_>,
        so_far: Option<&Type>,
    ) -> Option<Flat> {
        let Block { what, scope, .. } = *block;
        let mut flat = Flat {
            cases: Vec::new(),
            otherwise: None,
            rules: Vec::new(),
            ty: so_far.or(block.declared).cloned(),
        };
        let (before_all, mut env) = (env, env.clone());
        let mut complete = true;
        let mut earlier: Vec<(NodeId, Span, String)> = Vec::new();
        let mut rest = None;
        for (at, case) in cases.iter().enumerate() {
            let name = format!("{}{}", block.prefix, at + 1);
            if flat.otherwise.is_some() {
                self.report(
                    Diagnostic::new(
                        Code::CaseNeverApplies,
                        case.span,
                        "nothing is left after `otherwise`",
                    )
                    .help("move this case above `otherwise`, or remove it"),
                );
                continue;
            }
            // After a line that could not be read it is not certain what is left.
            if let Some(otherwise) = &case.otherwise
                && complete
            {
                let guards: Vec<NodeId> = earlier.iter().map(|(guard, _, _)| *guard).collect();
                let before = Before {
                    scope,
                    guards: &guards,
                    own: None,
                    env: before_all,
                };
                self.otherwise(&before, otherwise);
            }
            match self.case(&env, case, &mut flat, block, &name) {
                Some(Some(guard)) => {
                    earlier.push((guard, case.span, name));
                    env.know(self.present_unless(guard));
                }
                Some(None) => rest = Some(case.span),
                None => {
                    complete = false;
                    env = env.uncertain();
                }
            }
        }
        if !complete {
            return None;
        }
        let guards: Vec<NodeId> = earlier.iter().map(|(guard, _, _)| *guard).collect();
        for (at, (guard, span, name)) in earlier.iter().enumerate() {
            self.obligations.push(Obligation::Reachable {
                what: format!("case {name} of `{what}`"),
                scope,
                earlier: guards.iter().take(at).copied().collect(),
                guards: vec![*guard],
                span: *span,
                kind: ReachKind::Case,
            });
        }
        if let Some(span) = rest
            && !guards.is_empty()
        {
            let guard = self.builder.bool(true);
            self.obligations.push(Obligation::Reachable {
                what: format!("`otherwise` of `{what}`"),
                scope,
                earlier: guards.clone(),
                guards: vec![guard],
                span,
                kind: ReachKind::Otherwise,
            });
        }
        if flat.otherwise.is_none() {
            let span = cases
                .iter()
                .map(|case| case.span)
                .reduce(Span::to)
                .unwrap_or_default();
            self.obligations.push(Obligation::Complete {
                what: what.to_owned(),
                kind: CompleteKind::Cases,
                scope,
                guards,
                span,
            });
        }
        Some(flat)
    }

    /// One line or block. `Some(guard)` when it went well; the guard is none for `otherwise`.
    pub(super) fn case(
        &mut self,
        env: &Env,
        case: &ast::Case,
        flat: &mut Flat,
        block: &Block<'_>,
        name: &str,
    ) -> Option<Option<NodeId>> {
        let Block { what, scope, .. } = *block;
        let cites = self.cite(&case.cites);
        let period = self.period(env, &case.dates);
        let under = self.under(case.under.as_ref());
        let (period, under) = (period?, under?);
        let in_force = self.in_force(period);
        let (guard, fixed) = match &case.kind {
            ast::CaseKind::Value { guard, .. } | ast::CaseKind::NotApplicable { guard, .. } => {
                match guard {
                    Some(expr) => (Some(self.case_condition(env, expr, block, name)?), false),
                    None => (None, true),
                }
            }
            ast::CaseKind::Block { guard, .. } => {
                (Some(self.case_condition(env, guard, block, name)?), false)
            }
        };
        let plain = self.builder.bool(true);
        let mut parts = vec![in_force, under, guard.unwrap_or(plain)];
        let (lifts, uses) = if let ast::CaseKind::Value { value, .. } = &case.kind {
            self.exceptions_inside(env, what, &self.text(value.span))
        } else {
            (Vec::new(), Vec::new())
        };
        let place: Vec<NodeId> = parts.iter().copied().chain(scope).collect();
        self.excepted(&lifts, &place);
        for lift in lifts.iter().filter_map(|lift| lift.guard) {
            parts.push(self.builder.not(lift));
        }
        let guard = self.builder.and(parts);
        let always = fixed && guard == plain;
        let label = format!("case {name}");
        let said = match &case.kind {
            ast::CaseKind::Value { value, guard } => Said::at(case.span)
                .when(guard.as_ref())
                .gives(Some(value.span)),
            ast::CaseKind::NotApplicable { guard, .. } => Said::at(case.span).when(guard.as_ref()),
            ast::CaseKind::Block { guard, .. } => Said::at(case.span).when(Some(guard)),
        };
        let part = self.part(what, ProvisionKind::Case, &label, said, &cites);
        let guard = self.cited_guard(part, guard);
        let holds = env.knowing(self.present_if(guard));
        let value = self.case_value(&holds, case, flat, block, guard, name);
        let mut value = self.builder.mark(part, value?);
        flat.rules.extend(lifts);
        let base = Typed {
            node: value,
            ty: flat.ty.clone().unwrap_or(Type::Bool),
        };
        if let Some((node, rules)) = self.overridden(env, &uses, &base) {
            value = node;
            self.excepted(&rules, &place);
            flat.rules.extend(rules);
        }
        if always {
            flat.otherwise = Some(value);
        } else {
            flat.cases.push((guard, value));
        }
        if !matches!(case.kind, ast::CaseKind::Block { .. }) {
            flat.rules.push(ir::Rule {
                kind: ir::RuleKind::Case,
                name: label,
                guard: if always { None } else { Some(guard) },
                value: Some(value),
                cites,
            });
        }
        Some(if always { None } else { Some(guard) })
    }

    /// The condition of a case. That it never holds is found where the case is looked at.
    pub(super) fn case_condition(
        &mut self,
        env: &Env,
        expr: &ast::Expr,
        block: &Block<'_>,
        name: &str,
    ) -> Option<NodeId> {
        let condition = self.check(env, expr, &Type::Bool)?;
        let condition = self.guard(condition, expr.span);
        self.obligations.push(Obligation::Decides {
            what: format!("the condition of case {name} of `{}`", block.what),
            scope: block.scope,
            condition,
            may_never_hold: true,
            span: expr.span,
        });
        Some(condition)
    }

    pub(super) fn case_value(
        &mut self,
        env: &Env,
        case: &ast::Case,
        flat: &mut Flat,
        block: &Block<'_>,
        guard: NodeId,
        name: &str,
    ) -> Option<NodeId> {
        match &case.kind {
            ast::CaseKind::Value { value, .. } => {
                let so_far = flat.ty.clone();
                let typed = self.one_of_several(env, value, block.declared, so_far.as_ref())?;
                flat.ty = Some(typed.ty);
                Some(typed.node)
            }
            ast::CaseKind::Block { cases, .. } => {
                let scope = match block.scope {
                    Some(outer) => self.builder.and([outer, guard]),
                    None => guard,
                };
                let block = Block {
                    scope: Some(scope),
                    prefix: &format!("{name}."),
                    ..*block
                };
                let inner = self.cases(env, cases, &block, flat.ty.as_ref())?;
                flat.ty = inner.ty.clone().or_else(|| flat.ty.take());
                for mut rule in inner.rules {
                    let whole = match rule.guard {
                        Some(inner_guard) => self.builder.and([guard, inner_guard]),
                        None => guard,
                    };
                    rule.guard = Some(whole);
                    flat.rules.push(rule);
                }
                let ty = inner.ty.unwrap_or(Type::Bool);
                Some(self.builder.cases(inner.cases, inner.otherwise, ty))
            }
            ast::CaseKind::NotApplicable { because, .. } => {
                let ty = flat.ty.clone().unwrap_or(Type::Bool);
                Some(self.builder.add(Op::NotApplicable(because.clone()), ty))
            }
        }
    }
}
