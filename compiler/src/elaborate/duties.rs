//! Obligations, duties and orders → ordinary lists, records and conditions.

use super::builder::{optional, required};
use super::provisions::Said;
use super::types::is_unresolved;
use super::{Defined, Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{DUTY_STATES, Meaning, Sought, SymbolId, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, Modality};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, ProvisionKind, Type};
use polc_runtime::value::Number;
use std::collections::BTreeMap;

impl Elaborator<'_, '_> {
    /// `obligations`: the list of what breaks the rules, rule by rule and item by item.
    pub(super) fn obligations(&mut self, obligations: &ast::Obligations, cites: Vec<ir::ClauseId>) {
        let Some((record, rule_field, modality_field)) = self.finding(obligations) else {
            return;
        };
        let list = Type::List(Box::new(Type::Record(record)));
        let (mut whole, mut rules): (Option<NodeId>, Vec<ir::Rule>) = (None, Vec::new());
        let mut complete = true;
        for rule in &obligations.rules {
            let rule_cites = self.cite(&rule.cites);
            let Some((found, broken)) =
                self.obligation(obligations, rule, record, (rule_field, modality_field))
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
            node,
            rules,
            cites,
        };
        self.store(&obligations.name, typed, definition);
    }

    /// The record of a finding: its id and the enumerations of its first two fields.
    fn finding(
        &mut self,
        obligations: &ast::Obligations,
    ) -> Option<(ir::RecordId, ir::EnumId, ir::EnumId)> {
        let Some(id) = self.record_at(obligations.record.span) else {
            let known = self.symbols.records.keys();
            self.unknown(Unknown::new(&obligations.record, Sought::Record, known));
            return None;
        };
        let fields = &self.records.get(id as usize)?.fields;
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
    fn obligation(
        &mut self,
        all: &ast::Obligations,
        rule: &ast::Obligation,
        record: ir::RecordId,
        (rule_field, modality_field): (ir::EnumId, ir::EnumId),
    ) -> Option<(NodeId, NodeId)> {
        let list = Type::List(Box::new(Type::Record(record)));
        let name = self.word_of(rule_field, &rule.name)?;
        let binding = match rule.modality {
            Modality::Must | Modality::MustNot => "must",
            Modality::Should | Modality::ShouldNot => "should",
            // A permission is never broken; its condition is still checked.
            Modality::May => {
                let each = rule.each.and_then(|at| all.each.get(at));
                self.each(each, |this| this.check(&rule.condition, &Type::Bool))?;
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
        let modality = self.word_of(modality_field, &word)?;
        let period = self.period(&rule.dates)?;
        let in_force = self.in_force(period);
        let under = self.under(rule.under.as_ref())?;
        let each = rule.each.and_then(|at| all.each.get(at));
        let fails = |this: &mut Self| {
            let bound = match &rule.when {
                Some(when) => {
                    let bound = this.check(when, &Type::Bool)?;
                    let what = format!("the condition of the rule `{}`", rule.name.text);
                    this.decides(what, bound, when.span)
                }
                None => this.builder.bool(true),
            };
            this.narrow_true(bound);
            let condition = this.check(&rule.condition, &Type::Bool)?;
            let what = format!("what the rule `{}` asks", rule.name.text);
            let condition = this.decides(what, condition, rule.condition.span);
            let broken = match rule.modality {
                Modality::MustNot | Modality::ShouldNot => condition,
                _ => this.builder.not(condition),
            };
            Some(this.builder.and([in_force, under, bound, broken]))
        };
        let depth = self.narrowed.len();
        let Some(each) = each else {
            let guard = fails(self);
            self.narrowed.truncate(depth);
            let guard = guard?;
            let value = self.finding_record(record, name, modality, None)?;
            let found = self.builder.add(Op::ListWhere(vec![(guard, value)]), list);
            return Some((found, guard));
        };
        let (source, filter) = self.each(Some(each), fails)?.0?;
        self.narrowed.truncate(depth);
        let op = Op::Filter {
            list: source.node,
            binder: filter.0,
            body: filter.1,
        };
        let kept = self.make(op, source.ty);
        let (binder, body) = self.per_item(&kept, Some(&each.item), |this| {
            this.finding_record(record, name, modality, Some(each))
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
    fn each(
        &mut self,
        each: Option<&ast::Each>,
        body: impl FnOnce(&mut Self) -> Option<NodeId>,
    ) -> Option<(Option<(Typed, (u32, NodeId))>, Option<NodeId>)> {
        let Some(each) = each else {
            return Some((None, Some(body(self)?)));
        };
        self.free_name(&each.item)?;
        let mut list = self.list(&each.list)?;
        if let Type::Set(item) = &list.ty {
            list.ty = Type::List(item.clone());
        }
        let item = Some(&each.item);
        if let Some(filter) = &each.filter {
            let (binder, body) =
                self.per_item(&list, item, |this| this.check(filter, &Type::Bool))?;
            let op = Op::Filter {
                list: list.node,
                binder,
                body,
            };
            list = self.make(op, list.ty);
        }
        let bound = self.per_item(&list, item, body)?;
        Some((Some((list, bound)), None))
    }

    fn word_of(&mut self, id: ir::EnumId, word: &ast::Name) -> Option<NodeId> {
        let node = self.enum_value(id, &word.text, word.span);
        if node.is_none() {
            self.unknown_word(&word.text, Some(&Type::Enum(id)), word.span);
        }
        node
    }

    fn finding_record(
        &mut self,
        id: ir::RecordId,
        rule: NodeId,
        modality: NodeId,
        each: Option<&ast::Each>,
    ) -> Option<NodeId> {
        let fields = self.records.get(id as usize)?.fields.clone();
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
                Some((_, expr)) => self.check(expr, &field.ty)?,
                None => self.builder.none(field.ty.clone()),
            });
        }
        Some(self.builder.add(Op::MakeRecord(nodes), Type::Record(id)))
    }

    /// `duty`: a record with its state, its days and whom it concerns; not applicable until it arises.
    pub(super) fn duty(&mut self, duty: &ast::Duty, cites: Vec<ir::ClauseId>) {
        let Some(addressee) = &duty.addressee else {
            self.report(
                Diagnostic::new(
                    Code::DutyWithoutAddressee,
                    duty.name.span,
                    format!("nobody is named whom `{}` is owed to", duty.name.text),
                )
                .help(format!(
                    "write `duty {} of {} to WHOM`",
                    duty.name.text, duty.bearer.text
                )),
            );
            return;
        };
        let Some((day, when)) = &duty.arises else {
            return;
        };
        let depth = self.narrowed.len();
        let record = self.duty_parts(duty, addressee, day, when.as_ref());
        self.narrowed.truncate(depth);
        let Some(typed) = record else { return };
        let definition = ir::Definition {
            name: duty.name.text.clone(),
            label: duty.label.clone().unwrap_or_default(),
            kind: ir::DefinitionKind::Decision,
            ty: typed.ty.clone(),
            node: typed.node,
            rules: Vec::new(),
            cites,
        };
        self.store(&duty.name, typed, definition);
    }

    fn duty_parts(
        &mut self,
        duty: &ast::Duty,
        addressee: &ast::Name,
        day: &ast::Expr,
        when: Option<&ast::Expr>,
    ) -> Option<Typed> {
        let as_of = self.builder.add(Op::AsOf, Type::Date);
        let arises = self.day(day)?;
        let happened = self.happened(&arises);
        let condition = match when {
            Some(when) => {
                let condition = self.check(when, &Type::Bool)?;
                let what = format!("when the duty `{}` arises", duty.name.text);
                let condition = self.decides(what, condition, when.span);
                self.guard(condition, when.span)
            }
            None => self.builder.bool(true),
        };
        // A day that lies ahead has not come.
        let come = self.builder.compare(Cmp::Le, arises.node, as_of);
        let arisen = self.builder.and([happened, come, condition]);
        self.narrow_true(arisen);
        let none = self.builder.none(Type::Date);
        let due = match &duty.due {
            Some(expr) => {
                let typed = self.infer(expr, None)?;
                match required(&typed.ty) {
                    Type::Days => self
                        .builder
                        .add(Op::AddDays(arises.node, typed.node), Type::Date),
                    Type::Months => self
                        .builder
                        .add(Op::AddMonths(arises.node, typed.node), Type::Date),
                    Type::Date => typed.node,
                    other => {
                        let name = self.type_name(&other);
                        self.report(
                            Diagnostic::new(
                                Code::TypeMismatch,
                                expr.span,
                                format!("this is {name}, not a length of time or a date"),
                            )
                            .help("write it like `due 14 days`, or name a date"),
                        );
                        return None;
                    }
                }
            }
            None => none,
        };
        let done = match &duty.done {
            Some(expr) => self.day(expr)?,
            None => Typed {
                node: none,
                ty: optional(Type::Date),
            },
        };
        let states = self.duty_states();
        let state = self.duty_state(states, due, &done, as_of);
        let field = ir::Field::plain;
        let fields = vec![
            field("state", Type::Enum(states)),
            field("of", Type::Text),
            field("to", Type::Text),
            field("by", optional(Type::Text)),
            field("arose_on", Type::Date),
            field("due_on", optional(Type::Date)),
            field("done_on", optional(Type::Date)),
        ];
        let record = self.anonymous_record(fields, Vec::new());
        let bearer = self.builder.text(&duty.bearer.text);
        let to = self.builder.text(&addressee.text);
        let channel = match &duty.channel {
            Some(channel) => self.builder.text(&channel.text),
            None => self.builder.none(Type::Text),
        };
        let parts = vec![state, bearer, to, channel, arises.node, due, done.node];
        let ty = Type::Record(record);
        let body = self.builder.add(Op::MakeRecord(parts), ty.clone());
        let op = Op::Scope {
            applies: arisen,
            body,
            because: format!("{} has not arisen", duty.name.text),
        };
        Some(self.make(op, ty))
    }

    fn duty_state(
        &mut self,
        states: ir::EnumId,
        due: NodeId,
        done: &Typed,
        as_of: NodeId,
    ) -> NodeId {
        let ty = Type::Enum(states);
        let value =
            |this: &mut Self, at: u32| this.builder.add(Op::Const(Const::Enum(at)), ty.clone());
        let [open, on_the_day, missed, in_time, late] = [0, 1, 2, 3, 4].map(|at| value(self, at));
        let is_done = self.happened(done);
        let endless = self.builder.is_none(due);
        let by_then = self.builder.compare(Cmp::Le, done.node, due);
        let in_good_time = self.builder.or([endless, by_then]);
        let done_in_time = self.builder.and([is_done, in_good_time]);
        let before = self.builder.compare(Cmp::Lt, as_of, due);
        let not_yet = self.builder.or([endless, before]);
        let today = self.builder.compare(Cmp::Eq, as_of, due);
        let cases = vec![
            (done_in_time, in_time),
            (is_done, late),
            (not_yet, open),
            (today, on_the_day),
        ];
        self.builder.cases(cases, Some(missed), ty)
    }

    pub(super) fn duty_states(&mut self) -> ir::EnumId {
        if let Some(id) = self.duty_states {
            return id;
        }
        let item = ir::Enum {
            name: "DutyState".to_owned(),
            ordered: false,
            values: DUTY_STATES.iter().map(|word| (*word).to_owned()).collect(),
        };
        let id = self.push_enum(item, Vec::new());
        self.duty_states = Some(id);
        id
    }

    /// A date or none.
    fn day(&mut self, expr: &ast::Expr) -> Option<Typed> {
        let typed = self.infer(expr, Some(&optional(Type::Date)))?;
        if required(&typed.ty) == Type::Date {
            return Some(typed);
        }
        let name = self.type_name(&typed.ty);
        self.report(
            Diagnostic::new(
                Code::TypeMismatch,
                expr.span,
                format!("this is {name}, not a day"),
            )
            .help("name an `event`, or an expression that gives a date or none"),
        );
        None
    }

    fn happened(&mut self, day: &Typed) -> NodeId {
        match self.builder.ty(day.node) {
            Type::Optional(_) => {
                let none = self.builder.is_none(day.node);
                self.builder.not(none)
            }
            _ => self.builder.bool(true),
        }
    }

    /// `order`: whether a plan keeps it.
    pub(super) fn order(&mut self, order: &ast::Order, cites: Vec<ir::ClauseId>) {
        let Some(plan) = self.infer(&order.plan, None) else {
            return;
        };
        let actions = match &plan.ty {
            Type::List(item) => match **item {
                Type::Enum(id) => Some(id),
                _ => None,
            },
            _ => None,
        };
        let Some(actions) = actions else {
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
        let (mut holds, mut rules) = (Vec::new(), Vec::new());
        let mut complete = true;
        for rule in &order.rules {
            let cites = self.cite(&rule.cites);
            match self.precedence(rule, &plan, actions, &mut pairs) {
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
                    let kept = self.builder.mark(part, kept);
                    rules.push(ir::Rule {
                        kind: ir::RuleKind::Obligation,
                        name,
                        guard: Some(self.builder.not(kept)),
                        value: None,
                        cites,
                    });
                    holds.push(kept);
                }
                None => complete = false,
            }
        }
        if !complete {
            return;
        }
        let valid = self.builder.all_of(holds);
        let Some(sorted) = self.valid_order(order, &plan, actions, &pairs) else {
            return;
        };
        // A plan that keeps the order is left as it is.
        let kept = vec![(valid, plan.node)];
        let node = self
            .builder
            .cases(kept, Some(sorted.node), sorted.ty.clone());
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
        self.orders.extend(id.map(|id| (id, sorted)));
        let typed = self.under_name(&order.name, Typed::bool(valid));
        let definition = ir::Definition {
            name: order.name.text.clone(),
            label: order.label.clone().unwrap_or_default(),
            kind: ir::DefinitionKind::Define,
            ty: Type::Bool,
            node: typed.node,
            rules,
            cites,
        };
        let defined = Defined {
            typed,
            definition: Some(definition),
        };
        self.defined.extend(id.map(|id| (id, defined)));
    }

    /// Whether a plan keeps one line: of the two, the first stands first, or the second is not planned.
    fn precedence(
        &mut self,
        rule: &ast::Precedence,
        plan: &Typed,
        actions: ir::EnumId,
        pairs: &mut Vec<(NodeId, u32, u32, Span)>,
    ) -> Option<NodeId> {
        let period = self.period(&rule.dates)?;
        let in_force = self.in_force(period);
        let under = self.under(rule.under.as_ref())?;
        let condition = match &rule.when {
            Some(when) => {
                let condition = self.check(when, &Type::Bool)?;
                let what = format!("when `{}` comes first", rule.first.text);
                let condition = self.decides(what, condition, when.span);
                self.guard(condition, when.span)
            }
            None => self.builder.bool(true),
        };
        let binds = self.builder.and([in_force, under, condition]);
        let ty = Type::Enum(actions);
        let first = self.word_of(actions, &rule.first)?;
        let mut kept = Vec::new();
        for then in &rule.then {
            let second = self.word_of(actions, then)?;
            if let (Some(Const::Enum(a)), Some(Const::Enum(b))) =
                (self.builder.constant(first), self.builder.constant(second))
            {
                pairs.push((binds, *a, *b, rule.span));
            }
            let (binder, either) = self.per_item(plan, None, |this| {
                let item = this.items.last()?.node;
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
    fn valid_order(
        &mut self,
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
        let (binder, key) = self.per_item(&distinct, None, |this| {
            let item = this.items.last()?.node;
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
        self.orders.get(&id).cloned()
    }
}
