//! Lists → nodes: items, filters, aggregates, records built from items.

use super::builder::{optional, required};
use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Meaning, Sought, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind, GroupKind, Name};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, Type};
use polc_runtime::value::Number;

impl Elaborator<'_, '_> {
    /// Runs `body` with the item of a list in scope; gives the binder and what `body` gave.
    pub(super) fn per_item(
        &mut self,
        env: &Env,
        list: &Typed,
        name: Option<&Name>,
        body: impl FnOnce(&mut Self, &Env) -> Option<NodeId>,
    ) -> Option<(u32, NodeId)> {
        let ty = list.ty.item()?.clone();
        let binder = self.builder.binder();
        let item = self.make(Op::Item(binder), ty);
        let present = self.there(list.node, item.node);
        let node = body(self, &env.with_item(name, item).knowing(present));
        Some((binder, node?))
    }

    /// What a filter has tested of its items, of one: `L where .on is not none` has items with a day.
    fn there(&mut self, list: NodeId, item: NodeId) -> Vec<NodeId> {
        let (mut found, mut list) = (Vec::new(), list);
        while let Some(Op::Filter {
            list: inner,
            binder,
            body,
        }) = self.builder.op(list)
        {
            let (inner, binder, tested) = (*inner, *binder, self.present_if(*body));
            for node in tested {
                found.extend(self.of_item(node, binder, item));
            }
            list = inner;
        }
        found
    }

    /// The item, or a field of it, of another item; none where it is anything else.
    fn of_item(&mut self, node: NodeId, binder: u32, item: NodeId) -> Option<NodeId> {
        let op = self.builder.op(node)?;
        if *op == Op::Item(binder) {
            return Some(item);
        }
        let Op::Field(of, at) = op else { return None };
        let (of, at, ty) = (*of, *at, self.builder.ty(node));
        let of = self.of_item(of, binder, item)?;
        Some(self.builder.add(Op::Field(of, at), ty))
    }

    /// An expression that must be a list or set.
    pub(super) fn list(&mut self, env: &Env, expr: &Expr) -> Option<Typed> {
        if let ExprKind::Name(_) = &expr.kind
            && let Some(id) = self.enum_at(expr.span)
        {
            let count = self.types.enums.get(id as usize)?.values.len() as u32;
            let values = Const::List((0..count).map(Const::Enum).collect());
            return Some(self.make(Op::Const(values), Type::List(Box::new(Type::Enum(id)))));
        }
        let typed = self.infer(env, expr, None)?;
        self.must_be_list(typed, expr.span)
    }

    pub(super) fn must_be_list(&mut self, typed: Typed, span: Span) -> Option<Typed> {
        if typed.ty.item().is_some() {
            return Some(typed);
        }
        let name = self.type_name(&typed.ty);
        self.report(
            Diagnostic::new(
                Code::TypeMismatch,
                span,
                format!("this is {name}, but a list is wanted"),
            )
            .help("name a fact or definition that is a `list of …`"),
        );
        None
    }

    pub(super) fn contains(&mut self, env: &Env, item: &Expr, list: &Expr) -> Option<NodeId> {
        if let ExprKind::Name(word) = &list.kind
            && let Some(SymbolKind::Schedule(_)) = self.kind_at(list.span)
        {
            let name = Name {
                text: word.clone(),
                span: list.span,
            };
            let id = self.schedule_of(&name)?;
            let date = self.check(env, item, &Type::Date)?;
            return Some(self.builder.add(Op::ScheduleOn(id, date), Type::Bool));
        }
        // A bare word that nothing declares is a value of what the list holds.
        let bare = matches!(item.kind, ExprKind::Name(_))
            && !matches!(
                self.meaning(item.span),
                Some(Meaning::Symbol(_) | Meaning::Item(_))
            );
        let held = if bare && !matches!(list.kind, ExprKind::List(_) | ExprKind::ListWhere(_)) {
            self.infer(env, list, None)?.ty.item().cloned()
        } else {
            None
        };
        let item_typed = self.infer(env, item, held.as_ref())?;
        let hint = Type::List(Box::new(required(&item_typed.ty)));
        let listed = self.infer(env, list, Some(&hint))?;
        if self.is_period(&listed.ty) {
            return self.in_period(&item_typed, item.span, &listed);
        }
        let Some(inner) = listed.ty.item() else {
            self.mismatch(list.span, &listed.ty, &hint);
            return None;
        };
        self.unify(inner, &item_typed.ty, item.span)?;
        let whole = item.span.to(list.span);
        self.row_names.compared(item_typed.node, listed.node, whole);
        let op = Op::Contains {
            list: listed.node,
            item: item_typed.node,
        };
        Some(self.builder.add(op, Type::Bool))
    }

    pub(super) fn aggregate(
        &mut self,
        env: &Env,
        kind: ast::Aggregate,
        list: &Expr,
    ) -> Option<Typed> {
        let typed = self.list(env, list)?;
        let item = typed.ty.item()?.clone();
        let node = typed.node;
        let value = Typed {
            node,
            ty: item.clone(),
        };
        Some(match kind {
            ast::Aggregate::Count => self.make(Op::Count(node), Type::Int),
            ast::Aggregate::Sum => {
                self.number_type(&value, list.span)?;
                self.make(Op::Sum(node), item)
            }
            ast::Aggregate::Average => {
                self.number_type(&value, list.span)?;
                let ty = if item == Type::Int {
                    Type::Decimal
                } else {
                    item
                };
                self.make(Op::Average(node), optional(ty))
            }
            ast::Aggregate::Smallest => {
                self.ordered(&value, list.span)?;
                self.make(Op::Smallest(node), optional(item))
            }
            ast::Aggregate::Largest => {
                self.ordered(&value, list.span)?;
                self.make(Op::Largest(node), optional(item))
            }
            ast::Aggregate::Distinct => self.make(Op::Distinct(node), typed.ty),
            ast::Aggregate::Flatten => {
                if !matches!(item, Type::List(_) | Type::Set(_)) {
                    let name = self.type_name(&typed.ty);
                    self.report(
                        Diagnostic::new(
                            Code::TypeMismatch,
                            list.span,
                            format!("`flatten` makes one list of a list of lists; this is {name}"),
                        )
                        .help("leave `flatten` out"),
                    );
                    return None;
                }
                self.make(Op::Flatten(node), item)
            }
        })
    }

    pub(super) fn quantified(
        &mut self,
        env: &Env,
        kind: &GroupKind,
        list: &Expr,
        item: Option<&Name>,
        condition: Option<&Expr>,
    ) -> Option<Typed> {
        let list_typed = self.list(env, list)?;
        let truths = match condition {
            Some(condition) => {
                let (binder, body) = self.per_item(env, &list_typed, item, |this, env| {
                    this.check(env, condition, &Type::Bool)
                })?;
                let op = Op::Map {
                    list: list_typed.node,
                    binder,
                    body,
                };
                self.builder.add(op, Type::List(Box::new(Type::Bool)))
            }
            None => {
                let bools = Type::List(Box::new(Type::Bool));
                if list_typed.ty != bools {
                    self.mismatch(list.span, &list_typed.ty, &bools);
                    return None;
                }
                list_typed.node
            }
        };
        let op = match kind {
            GroupKind::Any => Op::AnyItem(truths),
            GroupKind::All => Op::AllItems(truths),
            GroupKind::No => {
                let any = self.builder.add(Op::AnyItem(truths), Type::Bool);
                return Some(Typed::bool(self.builder.not(any)));
            }
            GroupKind::AtLeast(count) => {
                let count = self.check(env, count, &Type::Int)?;
                Op::AtLeastItems(count, truths)
            }
        };
        Some(self.make(op, Type::Bool))
    }

    pub(super) fn group(
        &mut self,
        env: &Env,
        kind: &GroupKind,
        parts: Vec<NodeId>,
    ) -> Option<NodeId> {
        Some(match kind {
            GroupKind::Any => self.builder.any_of(parts),
            GroupKind::All => self.builder.all_of(parts),
            GroupKind::No => {
                let any = self.builder.any_of(parts);
                self.builder.not(any)
            }
            GroupKind::AtLeast(count) => {
                let count = self.check(env, count, &Type::Int)?;
                self.builder.add(Op::AtLeast(count, parts), Type::Bool)
            }
        })
    }

    /// Reports a name for an item that already stands for something.
    pub(super) fn free_name(&mut self, item: &Name) -> Option<()> {
        let symbol = self.symbols.get(&item.text);
        let Some(declared) = symbol.map(|symbol| symbol.name.span) else {
            return Some(());
        };
        self.report(
            Diagnostic::new(
                Code::AmbiguousName,
                item.span,
                format!("`{}` already has a meaning", item.text),
            )
            .label(declared, "declared here")
            .help("give the item another name"),
        );
        None
    }

    pub(super) fn pick(
        &mut self,
        env: &Env,
        which: ast::Pick,
        list: &Expr,
        by: Option<&Expr>,
        then: Option<&Expr>,
    ) -> Option<Typed> {
        let typed = self.list(env, list)?;
        let item = typed.ty.item()?.clone();
        let last = match which {
            ast::Pick::First | ast::Pick::Earliest | ast::Pick::Only => false,
            ast::Pick::Last | ast::Pick::Latest => true,
        };
        let mut node = typed.node;
        let mut tied = typed.clone();
        // Sorting keeps the order of equal keys, so the key that decides last is sorted by first.
        for key in [then, by].into_iter().flatten() {
            node = self.sorted_by_key(env, node, &typed, key)?;
        }
        for key in [by, then].into_iter().flatten() {
            tied = self.with_extreme_key(env, &tied, key, last)?;
        }
        let op = match which {
            ast::Pick::First | ast::Pick::Earliest => Op::First(node),
            ast::Pick::Last | ast::Pick::Latest => Op::Last(node),
            ast::Pick::Only => Op::Only(node),
        };
        let picked = self.make(op, optional(item));
        match by {
            Some(_) => Some(self.noting_a_tie(picked, &tied, list, last)),
            None => Some(picked),
        }
    }

    fn sorted_by_key(
        &mut self,
        env: &Env,
        node: NodeId,
        list: &Typed,
        key: &Expr,
    ) -> Option<NodeId> {
        let (binder, key) = self.per_item(env, list, None, |this, env| {
            let typed = this.infer(env, key, None)?;
            this.ordered(&typed, key.span)?;
            Some(typed.node)
        })?;
        let op = Op::Sort {
            list: node,
            binder,
            key,
            descending: false,
        };
        Some(self.builder.add(op, list.ty.clone()))
    }

    /// The items of a list whose key is the smallest, or the largest.
    fn with_extreme_key(
        &mut self,
        env: &Env,
        list: &Typed,
        key: &Expr,
        largest: bool,
    ) -> Option<Typed> {
        let mut ty = Type::Bool;
        let (binder, body) = self.per_item(env, list, None, |this, env| {
            let typed = this.infer(env, key, None)?;
            ty = typed.ty;
            Some(typed.node)
        })?;
        let keys = Op::Map {
            list: list.node,
            binder,
            body,
        };
        let keys = self.builder.add(keys, Type::List(Box::new(ty.clone())));
        let extreme = if largest {
            Op::Largest(keys)
        } else {
            Op::Smallest(keys)
        };
        let extreme = self.builder.add(extreme, optional(ty));
        let (binder, body) = self.per_item(env, list, None, |this, env| {
            let typed = this.infer(env, key, None)?;
            Some(this.builder.compare(Cmp::Eq, typed.node, extreme))
        })?;
        let op = Op::Filter {
            list: list.node,
            binder,
            body,
        };
        Some(self.make(op, list.ty.clone()))
    }

    /// A choice that says so when nothing but the order of the list decided it.
    fn noting_a_tie(&mut self, picked: Typed, tied: &Typed, list: &Expr, last: bool) -> Typed {
        let count = self.builder.add(Op::Count(tied.node), Type::Int);
        let one = self.builder.number(Number::from_i64(1), Type::Int);
        let when = self.builder.compare(Cmp::Gt, count, one);
        let (most, place) = if last {
            ("latest", "last")
        } else {
            ("earliest", "first")
        };
        let text = format!(
            "several items of `{}` are {most} alike; the {place} of them in the list is taken",
            self.text(list.span)
        );
        let op = Op::Note {
            body: picked.node,
            when,
            text,
        };
        self.make(op, picked.ty)
    }

    pub(super) fn record(
        &mut self,
        env: &Env,
        fields: &[(Name, Expr)],
        hint: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let wanted = match hint.map(required) {
            Some(Type::Record(id)) => Some(id),
            _ => None,
        };
        let Some(id) = wanted else {
            let (mut types, mut nodes) = (Vec::new(), Vec::new());
            for (name, value) in fields {
                let typed = self.infer(env, value, None)?;
                types.push(ir::Field {
                    name: name.text.clone(),
                    ty: typed.ty,
                    range: None,
                    kind: ir::FactKind::Given,
                    absent: None,
                });
                nodes.push(typed.node);
            }
            let places = fields.iter().map(|(name, _)| name.span).collect();
            let id = self.anonymous_record(types, places);
            return Some(self.make(Op::MakeRecord(nodes), Type::Record(id)));
        };
        let record = self.types.records.get(id as usize)?.clone();
        for (name, _) in fields {
            let at = record
                .fields
                .iter()
                .position(|field| field.name == name.text);
            if let Some(at) = at {
                self.means_field(name.span, id, at);
            } else {
                let known = record.fields.iter().map(|field| &field.name);
                self.unknown(Unknown::new(name, Sought::RecordField, known));
                return None;
            }
        }
        let mut nodes = Vec::new();
        for field in &record.fields {
            let given = fields.iter().find(|(name, _)| name.text == field.name);
            nodes.push(match given {
                Some((_, value)) => self.check(env, value, &field.ty)?,
                None if matches!(field.ty, Type::Optional(_)) => {
                    self.builder.none(field.ty.clone())
                }
                None => {
                    self.report(
                        Diagnostic::new(
                            Code::MissingPart,
                            span,
                            format!("the field `{}` is missing", field.name),
                        )
                        .help(format!("add `{}: …`", field.name)),
                    );
                    return None;
                }
            });
        }
        Some(self.make(Op::MakeRecord(nodes), Type::Record(id)))
    }

    pub(super) fn list_where(
        &mut self,
        env: &Env,
        items: &[(&Expr, Option<&Expr>)],
        hint: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let mut ty = match hint.map(required) {
            Some(Type::List(inner) | Type::Set(inner)) => Some(*inner),
            _ => None,
        };
        let mut nodes = Vec::new();
        for (value, guard) in items {
            let guard = match guard {
                Some(guard) => self.check(env, guard, &Type::Bool)?,
                None => self.builder.bool(true),
            };
            let holds = env.knowing(self.present_if(guard));
            let typed = self.infer(&holds, value, ty.as_ref())?;
            ty = Some(match ty {
                Some(ty) => self.unify(&ty, &typed.ty, value.span)?,
                None => typed.ty,
            });
            nodes.push((guard, typed.node));
        }
        let Some(ty) = ty else {
            self.report(
                Diagnostic::new(
                    Code::CannotInfer,
                    span,
                    "nothing tells what this empty list holds",
                )
                .help("write after the name what it holds, such as `: list of text`"),
            );
            return None;
        };
        let list_type = Type::List(Box::new(ty));
        let constants: Option<Vec<Const>> = nodes
            .iter()
            .map(|(guard, value)| match self.builder.written(*guard) {
                Some(Const::Bool(true)) => self.builder.written(*value).cloned(),
                _ => None,
            })
            .collect();
        Some(match constants {
            Some(values) => self.make(Op::Const(Const::List(values)), list_type),
            None => self.make(Op::ListWhere(nodes), list_type),
        })
    }
}
