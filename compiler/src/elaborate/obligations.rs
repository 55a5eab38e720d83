//! `obligations`: rules that bind somebody → a list of what is not kept.

use super::env::Env;
use super::provisions::Said;
use super::types::is_unresolved;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, Modality};
use polc_runtime::ir::{self, Cmp, NodeId, Op, ProvisionKind, Type};
use polc_runtime::value::Number;

impl Elaborator<'_, '_> {
    /// `obligations`: the list of what breaks the rules, rule by rule and item by item.
    pub(super) fn obligations(&mut self, obligations: &ast::Obligations, cites: Vec<ir::ClauseId>) {
        let env = &Env::default();
        let Some((record, rule_field, modality_field)) = self.finding(obligations) else {
            return;
        };
        let list = Type::List(Box::new(Type::Record(record)));
        let (mut whole, mut rules): (Option<NodeId>, Vec<ir::Rule>) = (None, Vec::new());
        let mut complete = true;
        for rule in &obligations.rules {
            let rule_cites = self.cite(&rule.cites);
            let Some((found, broken)) =
                self.obligation(env, obligations, rule, record, (rule_field, modality_field))
            else {
                complete = false;
                continue;
            };
            let name = format!("{} {}", rule.modality.words(), rule.name.text);
            let kind = ProvisionKind::Obligation;
            let said = Said::at(rule.span)
                .when(rule.when.as_ref())
                .gives(Some(rule.condition.span));
            let part = self.part(&obligations.name.text, kind, &name, said, &rule_cites);
            let (found, broken) = (
                self.builder.mark(part, found),
                self.builder.mark(part, broken),
            );
            rules.push(ir::Rule {
                kind: ir::RuleKind::Obligation,
                name,
                guard: Some(broken),
                value: None,
                cites: rule_cites,
            });
            whole = Some(match whole {
                Some(before) => self.builder.add(Op::Concat(before, found), list.clone()),
                None => found,
            });
        }
        let (true, Some(node)) = (complete, whole) else {
            return;
        };
        let typed = Typed {
            node,
            ty: list.clone(),
        };
        let definition = ir::Definition {
            name: obligations.name.text.clone(),
            label: obligations.label.clone().unwrap_or_default(),
            kind: ir::DefinitionKind::Decision,
            ty: list,
            parameters: Vec::new(),
            node,
            rules,
            cites,
        };
        self.store(env, &obligations.name, typed, definition);
    }

    /// The record of a finding: its id and the enumerations of its first two fields.
    pub(super) fn finding(
        &mut self,
        obligations: &ast::Obligations,
    ) -> Option<(ir::RecordId, ir::EnumId, ir::EnumId)> {
        let Some(id) = self.record_at(obligations.record.span) else {
            let known = self.symbols.records.keys();
            self.unknown(Unknown::new(&obligations.record, Sought::Record, known));
            return None;
        };
        let fields = &self.types.records.get(id as usize)?.fields;
        let kind = |at: usize| match fields.get(at).map(|field| &field.ty) {
            Some(Type::Enum(id)) => Some(*id),
            _ => None,
        };
        if let (Some(rule), Some(modality)) = (kind(0), kind(1)) {
            return Some((id, rule, modality));
        }
        let first = fields.iter().take(2);
        if first.clone().any(|field| is_unresolved(&field.ty)) {
            return None;
        }
        self.report(
            Diagnostic::new(
                Code::TypeMismatch,
                obligations.record.span,
                "a finding begins with the rule that is broken and how binding it is",
            )
            .help("let the first two fields of the record be enumerations: the names of the rules, and `must, should`"),
        );
        None
    }

    /// The findings of one rule, and whether there is any.
    pub(super) fn obligation(
        &mut self,
        env: &Env,
        all: &ast::Obligations,
        rule: &ast::Obligation,
        record: ir::RecordId,
        (rule_field, modality_field): (ir::EnumId, ir::EnumId),
    ) -> Option<(NodeId, NodeId)> {
        let list = Type::List(Box::new(Type::Record(record)));
        let name = self.word_of(env, rule_field, &rule.name)?;
        let binding = match rule.modality {
            Modality::Must | Modality::MustNot => "must",
            Modality::Should | Modality::ShouldNot => "should",
            // A permission is never broken; its condition is still checked.
            Modality::May => {
                let each = rule.each.and_then(|at| all.each.get(at));
                self.each(env, each, |this, env| {
                    this.check(env, &rule.condition, &Type::Bool)
                })?;
                let nothing = self.builder.add(Op::ListWhere(Vec::new()), list);
                let no = self.builder.bool(false);
                return Some((nothing, no));
            }
        };
        let word = ast::Name {
            text: binding.to_owned(),
            // The line begins with it.
            span: Span {
                end: rule.span.start + binding.len() as u32,
                ..rule.span
            },
        };
        let modality = self.word_of(env, modality_field, &word)?;
        let period = self.period(env, &rule.dates)?;
        let in_force = self.in_force(period);
        let under = self.under(rule.under.as_ref())?;
        let each = rule.each.and_then(|at| all.each.get(at));
        let fails = |this: &mut Self, env: &Env| {
            let bound = match &rule.when {
                Some(when) => {
                    let bound = this.check(env, when, &Type::Bool)?;
                    let what = format!("the condition of the rule `{}`", rule.name.text);
                    this.decides(what, bound, when.span)
                }
                None => this.builder.bool(true),
            };
            let bound_here = env.knowing(this.present_if(bound));
            let condition = this.check(&bound_here, &rule.condition, &Type::Bool)?;
            let what = format!("what the rule `{}` asks", rule.name.text);
            let condition = this.decides(what, condition, rule.condition.span);
            let broken = if rule.modality.forbids() {
                condition
            } else {
                this.builder.not(condition)
            };
            Some(this.builder.and([in_force, under, bound, broken]))
        };
        let Some(each) = each else {
            let guard = fails(self, env)?;
            let value = self.finding_record(env, record, name, modality, None)?;
            let found = self.builder.add(Op::ListWhere(vec![(guard, value)]), list);
            return Some((found, guard));
        };
        let (source, filter) = self.each(env, Some(each), fails)?.0?;
        let op = Op::Filter {
            list: source.node,
            binder: filter.0,
            body: filter.1,
        };
        let kept = self.make(op, source.ty);
        let (binder, body) = self.per_item(env, &kept, Some(&each.item), |this, env| {
            this.finding_record(env, record, name, modality, Some(each))
        })?;
        let op = Op::Map {
            list: kept.node,
            binder,
            body,
        };
        let found = self.builder.add(op, list);
        let count = self.builder.add(Op::Count(found), Type::Int);
        let zero = self.builder.number(Number::ZERO, Type::Int);
        let some = self.builder.compare(Cmp::Gt, count, zero);
        Some((found, some))
    }

    /// Runs `body` for an item of a `for each` line: the list it runs over, and the condition per item.
    #[expect(
        clippy::type_complexity,
        reason = "a list with its condition, when there is one"
    )]
    pub(super) fn each(
        &mut self,
        env: &Env,
        each: Option<&ast::Each>,
        body: impl FnOnce(&mut Self, &Env) -> Option<NodeId>,
    ) -> Option<(Option<(Typed, (u32, NodeId))>, Option<NodeId>)> {
        let Some(each) = each else {
            return Some((None, Some(body(self, env)?)));
        };
        self.free_name(&each.item)?;
        let mut list = self.list(env, &each.list)?;
        if let Type::Set(item) = &list.ty {
            list.ty = Type::List(item.clone());
        }
        let item = Some(&each.item);
        if let Some(filter) = &each.filter {
            let (binder, body) = self.per_item(env, &list, item, |this, env| {
                this.check(env, filter, &Type::Bool)
            })?;
            let op = Op::Filter {
                list: list.node,
                binder,
                body,
            };
            list = self.make(op, list.ty);
        }
        let bound = self.per_item(env, &list, item, body)?;
        Some((Some((list, bound)), None))
    }

    pub(super) fn finding_record(
        &mut self,
        env: &Env,
        id: ir::RecordId,
        rule: NodeId,
        modality: NodeId,
        each: Option<&ast::Each>,
    ) -> Option<NodeId> {
        let fields = self.types.records.get(id as usize)?.fields.clone();
        let written = each.map(|each| each.fields.as_slice()).unwrap_or_default();
        for (name, _) in written {
            if !fields.iter().skip(2).any(|field| field.name == name.text) {
                let known = fields.iter().skip(2).map(|field| &field.name);
                self.unknown(Unknown::new(name, Sought::FindingField, known));
                return None;
            }
        }
        let mut nodes = vec![rule, modality];
        for field in fields.iter().skip(2) {
            let value = written.iter().find(|(name, _)| name.text == field.name);
            nodes.push(match value {
                Some((_, expr)) => self.check(env, expr, &field.ty)?,
                None => self.builder.none(field.ty.clone()),
            });
        }
        Some(self.builder.add(Op::MakeRecord(nodes), Type::Record(id)))
    }
}
