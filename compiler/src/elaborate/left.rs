//! `otherwise (…)`: which values of a scale or enumeration an `otherwise` takes, so that a value added later
//! is an error in every place that has to decide about it.

use super::builder::required;
use super::declare::CELL_RESULT;
use super::env::Env;
use super::{Elaborator, Typed};
use crate::analysis::{LeftValue, Obligation};
use crate::diagnostics::{Code, Diagnostic, other_values, unnamed_otherwise};
use crate::source::Span;
use crate::syntax::ast::{self, Expr};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, Type};

/// What stands before an `otherwise`.
pub(super) struct Before<'b> {
    /// When the block is looked at; always when absent.
    pub(super) scope: Option<NodeId>,
    /// The guards above it, or those of the other rows.
    pub(super) guards: &'b [NodeId],
    /// What its own line asks besides.
    pub(super) own: Option<NodeId>,
    /// What was known where the block begins.
    pub(super) env: &'b Env,
}

/// A value of the tested expression; none is one where it may be none.
type Value = Option<u32>;

impl Elaborator<'_, '_> {
    /// Checks the values an `otherwise` names, or asks for them.
    pub(super) fn otherwise(&mut self, before: &Before<'_>, otherwise: &ast::Otherwise) {
        let tested = self.tested(before.guards);
        match (tested, &otherwise.left) {
            (Some((subject, id)), None) if id != CELL_RESULT && !self.is_built_in(id) => {
                let left = self.left(subject, id, before);
                let mut guards = before.guards.iter();
                // Where only none is told from the rest, a new value goes with the rest by intent.
                if !left.is_empty() && guards.any(|guard| self.names_a_value(*guard)) {
                    let words = self.written(id, &left);
                    let found = unnamed_otherwise(otherwise.span, &self.enum_name(id), &words);
                    self.report(found);
                }
            }
            (Some((subject, id)), Some(named)) => {
                let Some(named) = self.named(before.env, named, id) else {
                    return;
                };
                let left = self.left(subject, id, before);
                if named.iter().any(|value| !left.contains(value)) || named.len() != left.len() {
                    let (takes, names) = (self.written(id, &left), self.written(id, &named));
                    self.report(other_values(otherwise.span, &takes, &names));
                }
            }
            (None, Some(named)) => {
                if let Some((subject, id)) = self.meant(before.guards, named, otherwise.span)
                    && let Some(named) = self.named(before.env, named, id)
                {
                    self.arriving(before, otherwise.span, subject, id, Some(&named));
                }
            }
            (Some(_) | None, None) => {}
        }
    }

    /// The same for a cell of a tested column.
    pub(super) fn otherwise_cell(
        &mut self,
        before: &Before<'_>,
        otherwise: &ast::Otherwise,
        column: &Typed,
    ) {
        let Type::Enum(id) = required(&column.ty) else {
            if otherwise.left.is_some() {
                self.report(
                    Diagnostic::new(
                        Code::OtherwiseTakesOther,
                        otherwise.span,
                        "this column is no scale and no enumeration, so `otherwise` names no values",
                    )
                    .help("write `otherwise` alone")
                    .fix(otherwise.span, "otherwise"),
                );
            }
            return;
        };
        if self
            .tested(before.guards)
            .is_some_and(|(subject, _)| subject == column.node)
        {
            self.otherwise(before, otherwise);
            return;
        }
        let named = match &otherwise.left {
            Some(named) => match self.named(before.env, named, id) {
                Some(named) => Some(named),
                None => return,
            },
            None => None,
        };
        self.arriving(before, otherwise.span, column.node, id, named.as_deref());
    }

    /// Whether its values are those of the language, which never are more.
    fn is_built_in(&self, id: ir::EnumId) -> bool {
        [self.types.duty_states, self.types.weekdays].contains(&Some(id))
    }

    fn enum_name(&self, id: ir::EnumId) -> String {
        self.type_name(&Type::Enum(id))
    }

    /// Leaves it to the analysis which values can arrive.
    fn arriving(
        &mut self,
        before: &Before<'_>,
        span: Span,
        subject: NodeId,
        id: ir::EnumId,
        named: Option<&[Value]>,
    ) {
        let all = self.values_of(subject, id, before.env);
        let mut values = Vec::new();
        for value in all {
            let written = self.written(id, &[value]);
            let mut test = self.is_value_of(subject, id, value);
            if let Some(own) = before.own {
                test = self.builder.and([own, test]);
            }
            values.push(LeftValue {
                written,
                test,
                named: named.is_some_and(|named| named.contains(&value)),
            });
        }
        self.obligations.push(Obligation::Left {
            scale: self.enum_name(id),
            scope: before.scope,
            earlier: before.guards.to_vec(),
            values,
            named: named.is_some(),
            span,
        });
    }

    fn is_value_of(&mut self, subject: NodeId, id: ir::EnumId, value: Value) -> NodeId {
        match value {
            None => self.builder.is_none(subject),
            Some(at) => {
                let constant = Op::Const(Const::Enum(at));
                let constant = self.builder.add(constant, Type::Enum(id));
                self.builder.compare(Cmp::Eq, subject, constant)
            }
        }
    }

    /// Every value of an expression, none first where it may be none here.
    fn values_of(&self, subject: NodeId, id: ir::EnumId, env: &Env) -> Vec<Value> {
        let optional = matches!(self.builder.ty(subject), Type::Optional(_))
            && !env.is_known_present(self.builder.bare(subject));
        let count = self
            .types
            .enums
            .get(id as usize)
            .map_or(0, |item| item.values.len() as u32);
        let none = optional.then_some(None);
        none.into_iter().chain((0..count).map(Some)).collect()
    }

    /// The values that none of the guards takes.
    fn left(&self, subject: NodeId, id: ir::EnumId, before: &Before<'_>) -> Vec<Value> {
        let mut left = self.values_of(subject, id, before.env);
        left.retain(|value| !before.guards.iter().any(|guard| self.takes(*guard, *value)));
        left
    }

    /// Whether a guard that tests nothing else holds for a value.
    fn takes(&self, guard: NodeId, value: Value) -> bool {
        match self.builder.op(guard) {
            Some(Op::Const(Const::Bool(truth))) => *truth,
            Some(Op::And(parts)) => parts.iter().all(|part| self.takes(*part, value)),
            Some(Op::Or(parts)) => parts.iter().any(|part| self.takes(*part, value)),
            Some(Op::Not(inner)) => !self.takes(*inner, value),
            Some(Op::IsNone(_)) => value.is_none(),
            Some(Op::Compare(cmp, a, b)) => {
                let (cmp, constant) = match (self.builder.constant(*a), self.builder.constant(*b)) {
                    (_, Some(constant)) => (*cmp, constant),
                    (Some(constant), None) => (cmp.turned(), constant),
                    (None, None) => return false,
                };
                match (value, constant) {
                    (Some(at), Const::Enum(other)) => cmp.holds(at.cmp(other)),
                    _ => cmp == Cmp::Ne,
                }
            }
            Some(Op::Contains { list, .. }) => match self.builder.constant(*list) {
                Some(Const::List(items)) => items.iter().any(|item| match (item, value) {
                    (Const::Enum(at), Some(value)) => *at == value,
                    (Const::None, None) => true,
                    _ => false,
                }),
                _ => false,
            },
            _ => false,
        }
    }

    /// The one expression of a scale or enumeration that all guards test against written values, if there is one
    /// and they test nothing else.
    fn tested(&self, guards: &[NodeId]) -> Option<(NodeId, ir::EnumId)> {
        let mut found = Vec::new();
        let only = guards.iter().all(|guard| self.subjects(*guard, &mut found));
        match found.as_slice() {
            [only_one] if only => Some(*only_one),
            _ => None,
        }
    }

    /// Whether a guard names a value other than none.
    fn names_a_value(&self, guard: NodeId) -> bool {
        match self.builder.op(guard) {
            Some(Op::And(parts) | Op::Or(parts)) => {
                parts.iter().any(|part| self.names_a_value(*part))
            }
            Some(Op::Not(inner)) => self.names_a_value(*inner),
            Some(Op::Compare(..) | Op::Contains { .. }) => true,
            _ => false,
        }
    }

    /// Collects the expressions of enumerations that are tested against written values; tells whether nothing
    /// else is.
    fn subjects(&self, guard: NodeId, found: &mut Vec<(NodeId, ir::EnumId)>) -> bool {
        let mut see = |node: NodeId| {
            let Type::Enum(id) = required(&self.builder.ty(node)) else {
                return false;
            };
            if !found.contains(&(node, id)) {
                found.push((node, id));
            }
            true
        };
        match self.builder.op(guard) {
            Some(Op::Const(Const::Bool(_))) => true,
            Some(Op::And(parts) | Op::Or(parts)) => {
                let mut only = true;
                for part in parts {
                    only &= self.subjects(*part, found);
                }
                only
            }
            Some(Op::Not(inner)) => self.subjects(*inner, found),
            Some(Op::IsNone(node)) => see(*node),
            Some(Op::Compare(_, a, b)) => {
                match (self.builder.constant(*a), self.builder.constant(*b)) {
                    (None, Some(Const::Enum(_))) => see(*a),
                    (Some(Const::Enum(_)), None) => see(*b),
                    _ => false,
                }
            }
            Some(Op::Contains { list, item }) => {
                let written = matches!(self.builder.constant(*list), Some(Const::List(items))
                    if items.iter().all(|item| matches!(item, Const::Enum(_) | Const::None)));
                written && see(*item)
            }
            _ => false,
        }
    }

    /// Which of several tested expressions the values belong to.
    fn meant(
        &mut self,
        guards: &[NodeId],
        named: &[Expr],
        span: Span,
    ) -> Option<(NodeId, ir::EnumId)> {
        let mut found = Vec::new();
        for guard in guards {
            self.subjects(*guard, &mut found);
        }
        let words: Vec<&str> = named
            .iter()
            .map(|value| self.written.at(value.span))
            .filter(|word| *word != "none")
            .map(|word| word.rsplit('.').next().unwrap_or(word).trim_matches('`'))
            .collect();
        let has = |id: ir::EnumId, word: &str| {
            let item = self.types.enums.get(id as usize);
            item.is_some_and(|item| item.values.iter().any(|value| value == word))
        };
        let fits = |id: ir::EnumId| words.iter().filter(|word| has(id, word)).count();
        // One misspelt value leaves no doubt about what is meant; none at all does.
        let best = found.iter().map(|(_, id)| fits(*id)).max().unwrap_or(0);
        let mut fitting = found;
        fitting.retain(|(_, id)| fits(*id) == best && (best > 0 || words.is_empty()));
        if let [only] = fitting.as_slice() {
            return Some(*only);
        }
        let (message, help) = if fitting.is_empty() {
            (
                "nothing above this `otherwise` is tested against these values",
                "name the values of what the lines above test, or write `otherwise` alone",
            )
        } else {
            (
                "several things above this `otherwise` have these values",
                "give one of the conditions a name with `define`, or write `otherwise` alone",
            )
        };
        self.report(Diagnostic::new(Code::OtherwiseTakesOther, span, message).help(help));
        None
    }

    /// The values written, each once; reports what is none of the enumeration.
    fn named(&mut self, env: &Env, named: &[Expr], id: ir::EnumId) -> Option<Vec<Value>> {
        let wanted = super::builder::optional(Type::Enum(id));
        let mut values = Vec::new();
        for written in named {
            let node = self.check(env, written, &wanted)?;
            let value = match self.builder.constant(node) {
                Some(Const::Enum(at)) => Some(*at),
                Some(Const::None) => None,
                _ => {
                    self.report(
                        Diagnostic::new(
                            Code::NotConstant,
                            written.span,
                            "`otherwise (…)` names written values",
                        )
                        .help(format!("write values of {}", self.enum_name(id))),
                    );
                    return None;
                }
            };
            if values.contains(&value) {
                self.report(
                    Diagnostic::new(
                        Code::DuplicateName,
                        written.span,
                        format!("`{}` is named twice", self.written.at(written.span)),
                    )
                    .help("keep it once"),
                );
                return None;
            }
            values.push(value);
        }
        Some(values)
    }

    /// Values as they are written here.
    fn written(&self, id: ir::EnumId, values: &[Value]) -> String {
        let Some(item) = self.types.enums.get(id as usize) else {
            return String::new();
        };
        let words = values.iter().map(|value| match value {
            None => "none".to_owned(),
            Some(at) => {
                let word = item.values.get(*at as usize).map_or("", String::as_str);
                if word == "none" || self.symbols.get(word).is_some() {
                    format!("{}.{word}", item.name)
                } else if polc_grammar::RESERVED.contains(&word) {
                    format!("`{word}`")
                } else {
                    word.to_owned()
                }
            }
        });
        words.collect::<Vec<_>>().join(", ")
    }
}
