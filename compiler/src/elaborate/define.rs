//! Values, definitions and decisions: dated versions and cases → `Cases` nodes.

use super::builder::optional;
use super::left::Before;
use super::provisions::Said;
use super::{Defined, Elaborator, Typed};
use crate::analysis::{CompleteKind, Obligation, ReachKind};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast;
use polc_runtime::ir::{self, NodeId, Op, ProvisionKind, Type};
use polc_runtime::value::Date;

/// Cases made flat: guards and values top down, with their layout.
struct Flat {
    cases: Vec<(NodeId, NodeId)>,
    otherwise: Option<NodeId>,
    rules: Vec<ir::Rule>,
    ty: Option<Type>,
    /// The type every value must have.
    declared: Option<Type>,
}

impl Elaborator<'_, '_> {
    /// `value V` and its dated versions.
    pub(super) fn value(&mut self, value: &ast::Value, cites: Vec<ir::ClauseId>) {
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
            .and_then(|expr| self.constant_date(expr))
            .filter(|day| *day > Date::FIRST);
        let mut ty = declared.clone();
        let (mut periods, mut cases, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for (at, version) in value.versions.iter().enumerate() {
            let Some(period) = self.period(&version.dates) else {
                return;
            };
            let Some(typed) = self.one_of_several(&version.value, declared.as_ref(), ty.as_ref())
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
            node,
            rules,
            cites,
        };
        self.store(&value.name, Typed { node, ty }, definition);
    }

    /// One of several values, with the type of all so far. A declared type never widens.
    fn one_of_several(
        &mut self,
        value: &ast::Expr,
        declared: Option<&Type>,
        so_far: Option<&Type>,
    ) -> Option<Typed> {
        if let Some(wanted) = declared {
            let node = self.check(value, wanted)?;
            let ty = wanted.clone();
            return Some(Typed { node, ty });
        }
        let Typed { node, ty } = self.infer(value, so_far)?;
        let ty = match so_far {
            Some(so_far) => self.unify(so_far, &ty, value.span)?,
            None => ty,
        };
        Some(Typed { node, ty })
    }

    /// Applies exceptions and remembers a finished definition.
    pub(super) fn store(&mut self, name: &ast::Name, typed: Typed, mut definition: ir::Definition) {
        let typed = match self.exceptions_to(&name.text, &typed) {
            Some((node, rules)) => {
                definition.rules.extend(rules);
                Typed { node, ty: typed.ty }
            }
            None => typed,
        };
        let typed = self.under_name(name, typed);
        definition.node = typed.node;
        let defined = Defined {
            typed,
            definition: Some(definition),
        };
        if let Some(id) = self.symbol_at(name.span) {
            self.defined.insert(id, defined);
        }
    }

    /// What a name stands for: a node of its own, whatever else says the same.
    pub(super) fn under_name(&mut self, name: &ast::Name, typed: Typed) -> Typed {
        match self.provision(&name.text) {
            Some(provision) => Typed {
                node: self.builder.mark(provision, typed.node),
                ty: typed.ty,
            },
            None => typed,
        }
    }

    /// `define` and `decision`.
    pub(super) fn define(&mut self, define: &ast::Define, cites: Vec<ir::ClauseId>) {
        let declared = match &define.ty {
            Some(written) => match self.read_type(written) {
                Some(ty) => Some(ty),
                None => return,
            },
            None => None,
        };
        let scope = match &define.applies {
            Some(scope) => {
                let Some(condition) = self.check(&scope.condition, &Type::Bool) else {
                    return;
                };
                self.obligations.push(Obligation::Decides {
                    what: format!("the scope of `{}`", define.name.text),
                    scope: None,
                    condition,
                    may_never_hold: false,
                    span: scope.condition.span,
                });
                let because = scope.because.clone().unwrap_or_else(|| {
                    format!("it does not hold that {}", self.text(scope.condition.span))
                });
                let _ = self.cite(&scope.cites);
                Some((condition, because))
            }
            None => None,
        };
        let depth = self.narrowed.len();
        if let Some((condition, _)) = &scope {
            self.narrow_true(*condition);
        }
        let made = self.body(
            define,
            declared.as_ref(),
            scope.as_ref().map(|(node, _)| *node),
        );
        self.narrowed.truncate(depth);
        let Some((mut typed, rules)) = made else {
            return;
        };
        if let Some(wanted) = declared {
            typed.ty = wanted;
        }
        for (text, condition) in &define.notes {
            let when = match condition {
                Some(expr) => match self.check(expr, &Type::Bool) {
                    Some(node) => {
                        let what = format!("the condition of a note of `{}`", define.name.text);
                        self.decides(what, node, expr.span)
                    }
                    None => return,
                },
                None => self.builder.bool(true),
            };
            let op = Op::Note {
                body: typed.node,
                when,
                text: text.clone(),
            };
            typed = self.make(op, typed.ty);
        }
        if let Some((condition, because)) = scope {
            let op = Op::Scope {
                applies: condition,
                body: typed.node,
                because,
            };
            typed = self.make(op, typed.ty);
        }
        let definition = ir::Definition {
            name: define.name.text.clone(),
            label: define.label.clone().unwrap_or_default(),
            kind: if define.decision {
                ir::DefinitionKind::Decision
            } else {
                ir::DefinitionKind::Define
            },
            ty: typed.ty.clone(),
            node: typed.node,
            rules,
            cites,
        };
        self.store(&define.name, typed, definition);
    }

    fn body(
        &mut self,
        define: &ast::Define,
        declared: Option<&Type>,
        scope: Option<NodeId>,
    ) -> Option<(Typed, Vec<ir::Rule>)> {
        match &define.body {
            ast::Body::Expr(expr) => {
                let typed = match declared {
                    Some(wanted) => Typed {
                        node: self.check(expr, wanted)?,
                        ty: wanted.clone(),
                    },
                    None => self.infer(expr, None)?,
                };
                Some((typed, Vec::new()))
            }
            ast::Body::Cases(cases) => {
                let flat = self.cases(cases, declared, None, &define.name.text, scope, "")?;
                let Some(ty) = declared.cloned().or(flat.ty) else {
                    self.report(
                        Diagnostic::new(
                            Code::CannotInfer,
                            define.name.span,
                            format!("nothing tells the type of `{}`", define.name.text),
                        )
                        .help("write it after the name: `decision NAME: TYPE`"),
                    );
                    return None;
                };
                let otherwise = flat.otherwise;
                let node = self.builder.cases(flat.cases, otherwise, ty.clone());
                Some((Typed { node, ty }, flat.rules))
            }
            ast::Body::Reading {
                reading,
                alternatives,
            } => self.by_reading(define, reading, alternatives, declared),
        }
    }

    /// Elaborates case lines in order; reports every broken one before giving up.
    fn cases(
        &mut self,
        cases: &[ast::Case],
        declared: Option<&Type>,
        so_far: Option<&Type>,
        what: &str,
        scope: Option<NodeId>,
        prefix: &str,
    ) -> Option<Flat> {
        let mut flat = Flat {
            cases: Vec::new(),
            otherwise: None,
            rules: Vec::new(),
            ty: so_far.or(declared).cloned(),
            declared: declared.cloned(),
        };
        let depth = self.narrowed.len();
        let certain = !self.uncertain;
        let mut complete = true;
        let mut earlier: Vec<(NodeId, Span, String)> = Vec::new();
        let mut rest = None;
        for (at, case) in cases.iter().enumerate() {
            let name = format!("{prefix}{}", at + 1);
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
                    narrowed: depth,
                };
                self.otherwise(&before, otherwise);
            }
            match self.case(case, &mut flat, what, scope, &name) {
                Some(Some(guard)) => {
                    earlier.push((guard, case.span, name));
                    self.narrow_false(guard);
                }
                Some(None) => rest = Some(case.span),
                None => {
                    complete = false;
                    self.uncertain = true;
                }
            }
        }
        self.uncertain = !certain;
        self.narrowed.truncate(depth);
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
    fn case(
        &mut self,
        case: &ast::Case,
        flat: &mut Flat,
        what: &str,
        scope: Option<NodeId>,
        name: &str,
    ) -> Option<Option<NodeId>> {
        let cites = self.cite(&case.cites);
        let period = self.period(&case.dates);
        let under = self.under(case.under.as_ref());
        let (period, under) = (period?, under?);
        let in_force = self.in_force(period);
        let (guard, fixed) = match &case.kind {
            ast::CaseKind::Value { guard, .. } | ast::CaseKind::NotApplicable { guard, .. } => {
                match guard {
                    Some(expr) => (Some(self.case_condition(expr, what, scope, name)?), false),
                    None => (None, true),
                }
            }
            ast::CaseKind::Block { guard, .. } => {
                (Some(self.case_condition(guard, what, scope, name)?), false)
            }
        };
        let plain = self.builder.bool(true);
        let mut parts = vec![in_force, under, guard.unwrap_or(plain)];
        let (lifts, uses) = match &case.kind {
            ast::CaseKind::Value { value, .. } => {
                let key = format!("{what}.{}", self.text(value.span));
                self.exceptions_inside(&key)
            }
            _ => (Vec::new(), Vec::new()),
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
        let depth = self.narrow_true(guard);
        let value = self.case_value(case, flat, what, scope, guard, name);
        self.narrowed.truncate(depth);
        let mut value = self.builder.mark(part, value?);
        flat.rules.extend(lifts);
        let base = Typed {
            node: value,
            ty: flat.ty.clone().unwrap_or(Type::Bool),
        };
        if let Some((node, rules)) = self.overridden(&uses, &base) {
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
    fn case_condition(
        &mut self,
        expr: &ast::Expr,
        what: &str,
        scope: Option<NodeId>,
        name: &str,
    ) -> Option<NodeId> {
        let condition = self.check(expr, &Type::Bool)?;
        let condition = self.guard(condition, expr.span);
        self.obligations.push(Obligation::Decides {
            what: format!("the condition of case {name} of `{what}`"),
            scope,
            condition,
            may_never_hold: true,
            span: expr.span,
        });
        Some(condition)
    }

    fn case_value(
        &mut self,
        case: &ast::Case,
        flat: &mut Flat,
        what: &str,
        scope: Option<NodeId>,
        guard: NodeId,
        name: &str,
    ) -> Option<NodeId> {
        match &case.kind {
            ast::CaseKind::Value { value, .. } => {
                let so_far = flat.ty.clone();
                let typed = self.one_of_several(value, flat.declared.as_ref(), so_far.as_ref())?;
                flat.ty = Some(typed.ty);
                Some(typed.node)
            }
            ast::CaseKind::Block { cases, .. } => {
                let inner_scope = match scope {
                    Some(outer) => self.builder.and([outer, guard]),
                    None => guard,
                };
                let inner = self.cases(
                    cases,
                    flat.declared.as_ref(),
                    flat.ty.as_ref(),
                    what,
                    Some(inner_scope),
                    &format!("{name}."),
                )?;
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

    /// `by reading R`: one body for each alternative, each a switch in the built program.
    fn by_reading(
        &mut self,
        define: &ast::Define,
        reading: &ast::Name,
        alternatives: &[ast::Alternative],
        declared: Option<&Type>,
    ) -> Option<(Typed, Vec<ir::Rule>)> {
        let id = self.reading_of(reading)?;
        let known = self.readings.get(id as usize)?.alternatives.clone();
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
            let Some(typed) = self.one_of_several(&alternative.value, declared, ty.as_ref()) else {
                complete = false;
                continue;
            };
            ty = Some(typed.ty.clone());
            let cites = self.cite(&alternative.cites);
            let (kind, label) = (ProvisionKind::Alternative, &alternative.name.text);
            let said = Said::at(alternative.span).gives(Some(alternative.value.span));
            let part = self.part(&define.name.text, kind, label, said, &cites);
            let guard = self.builder.add(Op::ReadingIs(id, at), Type::Bool);
            let guard = self.cited_guard(part, guard);
            let value = match &alternative.gap {
                Some((condition, because)) => {
                    let applies = self.check(condition, &Type::Bool)?;
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
            let value = self.builder.mark(part, value);
            rules.push(ir::Rule {
                kind: ir::RuleKind::Case,
                name: alternative.name.text.clone(),
                guard: Some(guard),
                value: Some(value),
                cites,
            });
            if let Some(slot) = given.get_mut(at as usize) {
                *slot = Some((guard, value));
            }
        }
        for (at, because, alternative) in gaps {
            let cites = self.cite(&alternative.cites);
            let (kind, label) = (ProvisionKind::Alternative, &alternative.name.text);
            let said = Said::at(alternative.span).gives(Some(alternative.value.span));
            let part = self.part(&define.name.text, kind, label, said, &cites);
            let guard = self.builder.add(Op::ReadingIs(id, at), Type::Bool);
            let guard = self.cited_guard(part, guard);
            let of = ty.clone().unwrap_or(Type::Bool);
            let value = self.builder.add(Op::NotApplicable(because), of);
            let value = self.builder.mark(part, value);
            rules.push(ir::Rule {
                kind: ir::RuleKind::Case,
                name: alternative.name.text.clone(),
                guard: Some(guard),
                value: Some(value),
                cites,
            });
            if let Some(slot) = given.get_mut(at as usize) {
                *slot = Some((guard, value));
            }
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

    /// The type of a value that may be missing.
    pub(super) fn or_none(ty: Type) -> Type {
        optional(ty)
    }
}
