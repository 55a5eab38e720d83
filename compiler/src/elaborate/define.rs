//! Values, definitions and decisions: dated versions and cases → `Cases` nodes.

use super::builder::optional;
use super::cases::Block;
use super::env::Env;
use super::rules::Asked;
use super::{Defined, Elaborator, Typed};
use crate::analysis::Obligation;
use crate::diagnostics::{Code, Diagnostic};
use crate::syntax::ast;
use polc_runtime::ir::{self, NodeId, Op, Type};

impl Elaborator<'_, '_> {
    /// One of several values, with the type of all so far. A declared type never widens.
    pub(super) fn one_of_several(
        &mut self,
        env: &Env,
        value: &ast::Expr,
        declared: Option<&Type>,
        so_far: Option<&Type>,
    ) -> Option<Typed> {
        if let Some(wanted) = declared {
            let node = self.check(env, value, wanted)?;
            let ty = wanted.clone();
            return Some(Typed { node, ty });
        }
        let Typed { node, ty } = self.infer(env, value, so_far)?;
        let ty = match so_far {
            Some(so_far) => self.unify(so_far, &ty, value.span)?,
            None => ty,
        };
        Some(Typed { node, ty })
    }

    /// Applies exceptions and remembers a finished definition.
    pub(super) fn store(
        &mut self,
        env: &Env,
        name: &ast::Name,
        typed: Typed,
        mut definition: ir::Definition,
    ) {
        let typed = match self.exceptions_to(env, &name.text, &typed) {
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
            parameters: definition.parameters.clone(),
            definition: Some(definition),
        };
        if let Some(id) = self.symbol_at(name.span) {
            self.made.defined.insert(id, defined);
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
        let Some(Asked { env, parameters }) = self.inside_rule(&define.name, &define.takes) else {
            return;
        };
        let env = &env;
        let declared = match &define.ty {
            Some(written) => match self.read_type(written) {
                Some(ty) => Some(ty),
                None => return,
            },
            None => None,
        };
        let scope = match &define.applies {
            Some(scope) => {
                let Some(condition) = self.check(env, &scope.condition, &Type::Bool) else {
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
        let inside = match &scope {
            Some((condition, _)) => env.knowing(self.present_if(*condition)),
            None => env.clone(),
        };
        let made = self.body(
            &inside,
            define,
            declared.as_ref(),
            scope.as_ref().map(|(node, _)| *node),
        );
        let Some((mut typed, rules)) = made else {
            return;
        };
        if let Some(wanted) = declared {
            typed.ty = wanted;
        }
        for (text, condition) in &define.notes {
            let when = match condition {
                Some(expr) => match self.check(env, expr, &Type::Bool) {
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
            parameters,
            node: typed.node,
            rules,
            cites,
        };
        self.store(env, &define.name, typed, definition);
    }

    pub(super) fn body(
        &mut self,
        env: &Env,
        define: &ast::Define,
        declared: Option<&Type>,
        scope: Option<NodeId>,
    ) -> Option<(Typed, Vec<ir::Rule>)> {
        match &define.body {
            ast::Body::Expr(expr) => {
                let typed = match declared {
                    Some(wanted) => Typed {
                        node: self.check(env, expr, wanted)?,
                        ty: wanted.clone(),
                    },
                    None => self.infer(env, expr, None)?,
                };
                Some((typed, Vec::new()))
            }
            ast::Body::Cases(cases) => {
                let block = Block {
                    what: &define.name.text,
                    scope,
                    prefix: "",
                    declared,
                };
                let flat = self.cases(env, cases, &block, None)?;
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
            } => self.by_reading(env, define, reading, alternatives, declared),
        }
    }

    /// The type of a value that may be missing.
    pub(super) fn or_none(ty: Type) -> Type {
        optional(ty)
    }
}
