//! `order`: what of a plan comes before what, and the plan in an order that keeps it.

use super::builder::optional;
use super::env::Env;
use super::provisions::Said;
use super::{Defined, Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Meaning, Sought, SymbolId, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, ProvisionKind, Type};
use polc_runtime::value::Number;
use std::collections::BTreeMap;

impl Elaborator<'_, '_> {
    /// `order`: whether a plan keeps it.
    pub(super) fn order(&mut self, order: &ast::Order, cites: Vec<ir::ClauseId>) {
        let env = &Env::default();
        let Some(plan) = self.infer(env, &order.plan, None) else {
            return;
        };
        let listed = if let Type::List(item) = &plan.ty {
            Some(item.as_ref())
        } else {
            None
        };
        let Some(&Type::Enum(actions)) = listed else {
            let name = self.type_name(&plan.ty);
            self.report(
                Diagnostic::new(
                    Code::TypeMismatch,
                    order.plan.span,
                    format!("this is {name}, not a list of actions"),
                )
                .help("a plan is a `list of` an enumeration"),
            );
            return;
        };
        let mut pairs: Vec<(NodeId, u32, u32, Span)> = Vec::new();
        let (mut broken, mut rules) = (Vec::new(), Vec::new());
        let mut complete = true;
        for rule in &order.rules {
            let cites = self.cite(&rule.cites);
            match self.precedence(env, rule, &plan, actions, &mut pairs) {
                Some(kept) => {
                    let name = format!("{} first", rule.first.text);
                    let kind = ProvisionKind::Obligation;
                    let part = self.part(
                        &order.name.text,
                        kind,
                        &name,
                        Said::at(rule.span).gives(Some(rule.span)),
                        &cites,
                    );
                    // As of every obligation: whether it is broken.
                    let not_kept = self.builder.not(kept);
                    let not_kept = self.builder.mark(part, not_kept);
                    rules.push(ir::Rule {
                        kind: ir::RuleKind::Obligation,
                        name,
                        guard: Some(not_kept),
                        value: None,
                        cites,
                    });
                    broken.push(not_kept);
                }
                None => complete = false,
            }
        }
        if !complete {
            return;
        }
        let invalid = self.builder.any_of(broken.iter().copied());
        let valid = self.builder.not(invalid);
        let Some(sorted) = self.valid_order(env, order, &plan, actions, &pairs) else {
            return;
        };
        // A plan that keeps the order is left as it is. Where one line is broken all are read: each has a say in where
        // the actions stand.
        let one = self.builder.number(Number::from_i64(1), Type::Int);
        let to_sort = self.builder.add(Op::AtLeast(one, broken), Type::Bool);
        let node = self.builder.cases(
            vec![(to_sort, sorted.node)],
            Some(plan.node),
            sorted.ty.clone(),
        );
        let sorted = Typed {
            node,
            ty: sorted.ty,
        };
        let (name, kind) = (&order.name, ProvisionKind::Definition);
        let part = self.part(&name.text, kind, "sorted", Said::at(name.span), &cites);
        let sorted = Typed {
            node: self.builder.mark(part, sorted.node),
            ty: sorted.ty,
        };
        let id = self.symbol_at(order.name.span);
        self.made.orders.extend(id.map(|id| (id, sorted)));
        let typed = self.under_name(&order.name, Typed::bool(valid));
        let definition = ir::Definition {
            name: order.name.text.clone(),
            label: order.label.clone().unwrap_or_default(),
            kind: ir::DefinitionKind::Define,
            ty: Type::Bool,
            parameters: Vec::new(),
            node: typed.node,
            rules,
            cites,
        };
        let defined = Defined {
            typed,
            parameters: Vec::new(),
            definition: Some(definition),
        };
        self.made.defined.extend(id.map(|id| (id, defined)));
    }

    /// Whether a plan keeps one line: of the two, the first stands first, or the second is not planned.
    pub(super) fn precedence(
        &mut self,
        env: &Env,
        rule: &ast::Precedence,
        plan: &Typed,
        actions: ir::EnumId,
        pairs: &mut Vec<(NodeId, u32, u32, Span)>,
    ) -> Option<NodeId> {
        let period = self.period(env, &rule.dates)?;
        let in_force = self.in_force(period);
        let under = self.under(rule.under.as_ref())?;
        let condition = match &rule.when {
            Some(when) => {
                let condition = self.check(env, when, &Type::Bool)?;
                let what = format!("when `{}` comes first", rule.first.text);
                let condition = self.decides(what, condition, when.span);
                self.guard(condition, when.span)
            }
            None => self.builder.bool(true),
        };
        let binds = self.builder.and([in_force, under, condition]);
        let ty = Type::Enum(actions);
        let first = self.word_of(env, actions, &rule.first)?;
        let mut kept = Vec::new();
        for then in &rule.then {
            let second = self.word_of(env, actions, then)?;
            if let (Some(Const::Enum(a)), Some(Const::Enum(b))) =
                (self.builder.constant(first), self.builder.constant(second))
            {
                pairs.push((binds, *a, *b, rule.span));
            }
            let (binder, either) = self.per_item(env, plan, None, |this, env| {
                let item = env.item.as_ref()?.node;
                let a = this.builder.compare(Cmp::Eq, item, first);
                let b = this.builder.compare(Cmp::Eq, item, second);
                Some(this.builder.or([a, b]))
            })?;
            let op = Op::Filter {
                list: plan.node,
                binder,
                body: either,
            };
            let both = self.make(op, plan.ty.clone());
            let leading = self.builder.add(Op::First(both.node), optional(ty.clone()));
            let leads = self.builder.compare(Cmp::Eq, leading, first);
            let planned = self.builder.add(
                Op::Contains {
                    list: plan.node,
                    item: second,
                },
                Type::Bool,
            );
            let free = self.builder.not(planned);
            kept.push(self.builder.or([free, leads]));
        }
        let kept = self.builder.and(kept);
        let free = self.builder.not(binds);
        Some(self.builder.or([free, kept]))
    }

    /// The plan in an order that keeps every line, with what must come first added where it is missing.
    pub(super) fn valid_order(
        &mut self,
        env: &Env,
        order: &ast::Order,
        plan: &Typed,
        actions: ir::EnumId,
        pairs: &[(NodeId, u32, u32, Span)],
    ) -> Option<Typed> {
        let mut ranks: BTreeMap<u32, NodeId> = BTreeMap::new();
        let one = self.builder.number(Number::from_i64(1), Type::Int);
        let zero = self.builder.number(Number::ZERO, Type::Int);
        // Ranks are worked out from those that nothing precedes; a circle leaves some without one.
        let mut left: Vec<u32> = pairs.iter().flat_map(|(_, a, b, _)| [*a, *b]).collect();
        left.sort_unstable();
        left.dedup();
        while !left.is_empty() {
            let ready = left.iter().copied().find(|action| {
                let mut before = pairs.iter().filter(|(_, _, then, _)| then == action);
                before.all(|(_, first, _, _)| ranks.contains_key(first))
            });
            let Some(action) = ready else {
                let span = pairs.first().map_or(order.name.span, |pair| pair.3);
                self.report(
                    Diagnostic::new(
                        Code::OrderCycle,
                        span,
                        "these actions must come before each other",
                    )
                    .help("remove one of the lines that lead back to the start"),
                );
                return None;
            };
            left.retain(|other| *other != action);
            let mut parts = vec![zero];
            for (binds, first, then, _) in pairs {
                if *then == action
                    && let Some(rank) = ranks.get(first)
                {
                    let above = self.builder.add(Op::Add(*rank, one), Type::Int);
                    parts.push(
                        self.builder
                            .cases(vec![(*binds, above)], Some(zero), Type::Int),
                    );
                }
            }
            let rank = match parts.as_slice() {
                [only] => *only,
                _ => self.builder.add(Op::Max(parts), Type::Int),
            };
            ranks.insert(action, rank);
        }
        let ty = Type::Enum(actions);
        let mut missing = Vec::new();
        for (binds, first, then, _) in pairs {
            let action = self.builder.add(Op::Const(Const::Enum(*first)), ty.clone());
            let then = self.builder.add(Op::Const(Const::Enum(*then)), ty.clone());
            let planned = self.builder.add(
                Op::Contains {
                    list: plan.node,
                    item: then,
                },
                Type::Bool,
            );
            let needed = self.builder.and([*binds, planned]);
            missing.push((needed, action));
        }
        let added = self.builder.add(Op::ListWhere(missing), plan.ty.clone());
        let both = self
            .builder
            .add(Op::Concat(added, plan.node), plan.ty.clone());
        let distinct = self.make(Op::Distinct(both), plan.ty.clone());
        let (binder, key) = self.per_item(env, &distinct, None, |this, env| {
            let item = env.item.as_ref()?.node;
            let mut cases = Vec::new();
            for (action, rank) in &ranks {
                let value = this
                    .builder
                    .add(Op::Const(Const::Enum(*action)), ty.clone());
                cases.push((this.builder.compare(Cmp::Eq, item, value), *rank));
            }
            Some(this.builder.cases(cases, Some(zero), Type::Int))
        })?;
        let op = Op::Sort {
            list: distinct.node,
            binder,
            key,
            descending: false,
        };
        Some(self.make(op, plan.ty.clone()))
    }

    /// `ORDER.valid_order`.
    pub(super) fn order_part(&mut self, id: SymbolId, part: &ast::Name) -> Option<Typed> {
        let word = self.symbols.name(id);
        if part.text != "valid_order" {
            self.unknown(Unknown::only(part, Sought::OrderPart(word)));
            return None;
        }
        self.settled.put(part.span, Meaning::BuiltIn);
        self.made.orders.get(&id).cloned()
    }
}
