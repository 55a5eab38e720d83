//! Expressions → kernel nodes, checked on the way.

use super::builder::{optional, required};
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::names::SymbolKind;
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, Expr, ExprKind, GroupKind, Literal, Name, Window};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, Type};
use polc_runtime::value::{Date, Number};

impl Elaborator<'_, '_> {
    /// The node of an expression that must have a type.
    pub(super) fn check(&mut self, expr: &Expr, wanted: &Type) -> Option<NodeId> {
        let found = self.infer(expr, Some(wanted))?;
        if !self.fits(&found.ty, wanted) {
            self.mismatch(expr.span, &found.ty, wanted);
            return None;
        }
        Some(match (&found.ty, required(wanted)) {
            (Type::List(_), Type::Set(_)) => {
                self.builder.add(Op::Distinct(found.node), wanted.clone())
            }
            _ => found.node,
        })
    }

    /// The node and type of an expression; `hint` helps bare words, literals and records.
    pub(super) fn infer(&mut self, expr: &Expr, hint: Option<&Type>) -> Option<Typed> {
        let mut typed = self.infer_kind(expr, hint)?;
        if matches!(typed.ty, Type::Optional(_)) && self.narrowed.contains(&typed.node) {
            typed.ty = required(&typed.ty);
        }
        Some(typed)
    }

    fn infer_kind(&mut self, expr: &Expr, hint: Option<&Type>) -> Option<Typed> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, hint, span),
            ExprKind::Name(word) => self.name(word, hint, span),
            ExprKind::ItemField(field) => {
                let Some(item) = self.items.last().cloned() else {
                    self.report(
                        Diagnostic::new(
                            Code::UnknownField,
                            span,
                            format!("`.{}` stands outside a list condition", field.text),
                        )
                        .help("write `.field` inside `where …`, or name the list it belongs to"),
                    );
                    return None;
                };
                self.field(item, field)
            }
            ExprKind::Access(inner, field) => self.access(inner, field),
            ExprKind::Not(inner) => {
                let inner = self.check(inner, &Type::Bool)?;
                Some(Typed::bool(self.builder.not(inner)))
            }
            ExprKind::Negate(inner) => {
                let typed = self.infer(inner, hint)?;
                self.number_type(&typed, inner.span)?;
                let zero = self.builder.number(Number::ZERO, typed.ty.clone());
                Some(self.make(Op::Sub(zero, typed.node), typed.ty))
            }
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b, hint, span),
            ExprKind::IsNone(inner, negated) => {
                let typed = self.infer(inner, None)?;
                if !matches!(self.builder.ty(typed.node), Type::Optional(_)) {
                    let name = self.type_name(&typed.ty);
                    self.report(
                        Diagnostic::new(
                            Code::TypeMismatch,
                            span,
                            format!("this is {name}, which is never none"),
                        )
                        .help("remove the test, or declare the type as `… or none`"),
                    );
                    return None;
                }
                let node = self.builder.is_none(typed.node);
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::In {
                item,
                list,
                negated,
            } => {
                let node = self.contains(item, list)?;
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::Within {
                date,
                amount,
                window,
                anchor,
            } => self.within(date, amount, *window, anchor),
            ExprKind::Period {
                from,
                through,
                before,
            } => self.period_literal(from.as_deref(), through.as_deref(), before.as_deref()),
            ExprKind::Overlaps(a, b) => self.overlaps(a, b),
            ExprKind::Overlap(a, b) => self.overlap(a, b),
            ExprKind::DaysOf(inner) => self.days_of(inner),
            ExprKind::Missing(name) => {
                let Some(fact) = self.fact_of(&name.text) else {
                    self.unknown(&name.text, None, name.span);
                    return None;
                };
                self.used.insert(fact);
                let Some(ty) = hint.cloned() else {
                    self.report(
                        Diagnostic::new(
                            Code::CannotInfer,
                            span,
                            "nothing tells the type of what is unknown here",
                        )
                        .help("write it after a value: `x or else needs FACT`"),
                    );
                    return None;
                };
                let node = self.builder.add(Op::Missing(fact), ty.clone());
                Some(Typed { node, ty })
            }
            ExprKind::Recorded(judgement, negated) => {
                let node = self.recorded(judgement)?;
                Some(Typed::bool(if *negated {
                    self.builder.not(node)
                } else {
                    node
                }))
            }
            ExprKind::OrElse(a, b) => {
                let first = self.infer(a, hint)?;
                let inner = required(&first.ty);
                let second = self.infer(b, Some(&inner))?;
                let ty = self.unify(&inner, &second.ty, b.span)?;
                Some(self.make(Op::OrElse(first.node, second.node), ty))
            }
            ExprKind::If(condition, yes, no) => {
                let guard = self.check(condition, &Type::Bool)?;
                let depth = self.narrow_true(guard);
                let first = self.infer(yes, hint);
                self.narrowed.truncate(depth);
                let depth = self.narrow_false(guard);
                let wanted = first.as_ref().map(|typed| typed.ty.clone());
                let second = self.infer(no, hint.or(wanted.as_ref()));
                self.narrowed.truncate(depth);
                let (first, second) = (first?, second?);
                let ty = self.unify(&first.ty, &second.ty, no.span)?;
                let node =
                    self.builder
                        .cases(vec![(guard, first.node)], Some(second.node), ty.clone());
                Some(Typed { node, ty })
            }
            ExprKind::Aggregate(kind, list) => self.aggregate(*kind, list),
            ExprKind::Quantified {
                kind,
                list,
                item,
                condition,
            } => self.quantified(kind, list, item.as_ref(), condition.as_deref()),
            ExprKind::Group(kind, members) => {
                let mut parts = Vec::new();
                for member in members {
                    parts.push(self.check(member, &Type::Bool));
                }
                let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
                let node = self.group(kind, parts)?;
                Some(Typed::bool(node))
            }
            ExprKind::Where { list, condition } => {
                let list = self.list(list)?;
                let (binder, body) =
                    self.per_item(&list, None, |this| this.check(condition, &Type::Bool))?;
                let op = Op::Filter {
                    list: list.node,
                    binder,
                    body,
                };
                Some(self.make(op, list.ty))
            }
            ExprKind::ForEach {
                item,
                list,
                filter,
                body,
            } => self.for_each(item, list, filter.as_deref(), body, hint),
            ExprKind::Pick { which, list, by } => self.pick(*which, list, by.as_deref()),
            ExprKind::Sort {
                list,
                by,
                descending,
            } => {
                let list = self.list(list)?;
                let (binder, key) = self.per_item(&list, None, |this| {
                    let key = this.infer(by, None)?;
                    this.ordered(&key, by.span)?;
                    Some(key.node)
                })?;
                let op = Op::Sort {
                    list: list.node,
                    binder,
                    key,
                    descending: *descending,
                };
                Some(self.make(op, list.ty))
            }
            ExprKind::GroupBy { list, by } => {
                let list = self.list(list)?;
                let mut key_type = Type::Bool;
                let (binder, key) = self.per_item(&list, None, |this| {
                    let key = this.infer(by, None)?;
                    key_type = key.ty;
                    Some(key.node)
                })?;
                let field = |name: &str, ty: Type| ir::Field {
                    name: name.to_owned(),
                    ty,
                    range: None,
                    kind: ir::FactKind::Given,
                };
                let record = self.anonymous_record(vec![
                    field("key", key_type),
                    field("items", list.ty.clone()),
                ]);
                let ty = Type::List(Box::new(Type::Record(record)));
                Some(self.make(
                    Op::GroupBy {
                        list: list.node,
                        binder,
                        key,
                    },
                    ty,
                ))
            }
            ExprKind::Concat(a, b) => {
                let first = self.infer(a, hint)?;
                let first = self.must_be_list(first, a.span)?;
                let second = self.infer(b, Some(&first.ty))?;
                let second = self.must_be_list(second, b.span)?;
                // Two sets one after the other may repeat themselves.
                let ty = match self.unify(&first.ty, &second.ty, b.span)? {
                    Type::Set(item) => Type::List(item),
                    ty => ty,
                };
                Some(self.make(Op::Concat(first.node, second.node), ty))
            }
            ExprKind::Record(fields) => self.record(fields, hint, span),
            ExprKind::List(items) => {
                let guarded: Vec<_> = items.iter().map(|item| (item, None)).collect();
                self.list_where(&guarded, hint, span)
            }
            ExprKind::ListWhere(items) => {
                let guarded: Vec<_> = items
                    .iter()
                    .map(|(item, guard)| (item, guard.as_ref()))
                    .collect();
                self.list_where(&guarded, hint, span)
            }
            ExprKind::Round(value, mode, to) => {
                let typed = self.infer(value, hint)?;
                self.number_type(&typed, value.span)?;
                let step = match to {
                    ast::RoundTo::Places(places) => {
                        let power = 10_i128.checked_pow(*places);
                        power.and_then(|power| Number::from_parts(1, power))
                    }
                    ast::RoundTo::Nearest(step) => {
                        let node = self.check(step, &typed.ty)?;
                        match self.builder.constant(node) {
                            Some(Const::Number(step)) if *step > Number::ZERO => Some(*step),
                            _ => None,
                        }
                    }
                };
                let Some(step) = step else {
                    self.report(
                        Diagnostic::new(
                            Code::NotConstant,
                            span,
                            "the step of a rounding must be a written number above zero",
                        )
                        .help("write for example `to 2 places` or `to nearest $0.05`"),
                    );
                    return None;
                };
                let mode = match mode {
                    ast::Rounding::HalfUp => ir::Rounding::HalfUp,
                    ast::Rounding::HalfEven => ir::Rounding::HalfEven,
                    ast::Rounding::Up => ir::Rounding::Up,
                    ast::Rounding::Down => ir::Rounding::Down,
                };
                let whole = step == Number::ONE && typed.ty == Type::Decimal;
                let ty = if whole { Type::Int } else { typed.ty };
                Some(self.make(
                    Op::Round {
                        value: typed.node,
                        mode,
                        step,
                    },
                    ty,
                ))
            }
            ExprKind::Boundary(end, unit, date) => {
                let date = self.check(date, &Type::Date)?;
                let unit = match unit {
                    ast::CalendarUnit::Month => ir::CalendarUnit::Month,
                    ast::CalendarUnit::Quarter => ir::CalendarUnit::Quarter,
                    ast::CalendarUnit::Year => ir::CalendarUnit::Year,
                };
                let op = if *end {
                    Op::EndOf(unit, date)
                } else {
                    Op::StartOf(unit, date)
                };
                Some(self.make(op, Type::Date))
            }
            ExprKind::DaysBetween(a, b) => {
                let (a, b) = (self.check(a, &Type::Date)?, self.check(b, &Type::Date)?);
                Some(self.make(Op::DaysBetween(a, b), Type::Days))
            }
            ExprKind::MonthsBetween(a, b) => {
                let (a, b) = (self.check(a, &Type::Date)?, self.check(b, &Type::Date)?);
                Some(self.make(Op::MonthsBetween(a, b), Type::Months))
            }
            ExprKind::Extreme(largest, items) => {
                let mut nodes = Vec::new();
                let mut ty: Option<Type> = None;
                for item in items {
                    let typed = self.infer(item, ty.as_ref().or(hint))?;
                    self.ordered(&typed, item.span)?;
                    ty = Some(match ty {
                        Some(ty) => self.unify(&ty, &typed.ty, item.span)?,
                        None => typed.ty,
                    });
                    nodes.push(typed.node);
                }
                let op = if *largest {
                    Op::Max(nodes)
                } else {
                    Op::Min(nodes)
                };
                Some(self.make(op, ty?))
            }
            ExprKind::NextOn(schedule, date) => {
                let id = self.schedule_of(schedule)?;
                let date = self.check(date, &Type::Date)?;
                let ty = self.schedule_type(id, true);
                Some(self.make(Op::ScheduleNext(id, date), ty))
            }
            ExprKind::PreviousBefore(schedule, date) => {
                let id = self.schedule_of(schedule)?;
                let date = self.check(date, &Type::Date)?;
                let ty = self.schedule_type(id, false);
                Some(self.make(Op::SchedulePrevious(id, date), ty))
            }
            ExprKind::AsOf(body, date) => {
                let body = self.elsewhere(|this| this.infer(body, hint))?;
                let date = self.check(date, &Type::Date)?;
                Some(self.make(
                    Op::AtDate {
                        body: body.node,
                        date,
                    },
                    body.ty,
                ))
            }
            ExprKind::Ever {
                condition,
                amount,
                anchor,
            } => {
                let body = self.elsewhere(|this| this.check(condition, &Type::Bool))?;
                let from = self.check(anchor, &Type::Date)?;
                let to = self.shifted(from, amount, false)?;
                Some(self.make(Op::Ever { body, from, to }, Type::Bool))
            }
            ExprKind::HighestMeeting { scale, grid, stage } => {
                self.highest_meeting(scale, grid, stage.as_ref())
            }
            ExprKind::RowsOf {
                grid,
                tier,
                results,
                negated,
                otherwise,
            } => self.rows_of(grid, tier, results, *negated, otherwise.as_ref()),
            ExprKind::ResultOf { row, tier, grid } => self.result_of(row, tier, grid.as_ref()),
        }
    }

    pub(super) fn make(&mut self, op: Op, ty: Type) -> Typed {
        Typed {
            node: self.builder.add(op, ty.clone()),
            ty,
        }
    }

    fn literal(&mut self, literal: &Literal, hint: Option<&Type>, span: Span) -> Option<Typed> {
        let hint = hint.map(required);
        let (value, ty) = match literal {
            Literal::Bool(value) => {
                let word = if *value { "yes" } else { "no" };
                if let Some(Type::Enum(id)) = hint
                    && let Some(node) = self.enum_value(id, word)
                {
                    return Some(Typed {
                        node,
                        ty: Type::Enum(id),
                    });
                }
                (Const::Bool(*value), Type::Bool)
            }
            Literal::None => {
                let ty = optional(hint.unwrap_or(Type::Bool));
                return Some(Typed {
                    node: self.builder.none(ty.clone()),
                    ty,
                });
            }
            Literal::Number(text) => {
                let ty = if text.contains('.') {
                    Type::Decimal
                } else {
                    Type::Int
                };
                (Const::Number(self.exact(text, span)?), ty)
            }
            Literal::Percent(text) => (Const::Number(self.exact(text, span)?), Type::Percent),
            Literal::Money(text) => {
                let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '-');
                (Const::Number(self.exact(digits, span)?), Type::Money)
            }
            Literal::Date(text) => (Const::Date(Date::parse(text)?), Type::Date),
            Literal::Days(days) => (
                Const::Number(Number::from_i64(i64::from(*days))),
                Type::Days,
            ),
            Literal::Months(months) => (
                Const::Number(Number::from_i64(i64::from(*months))),
                Type::Months,
            ),
            Literal::Text(text) => (Const::Text(text.clone()), Type::Text),
        };
        let ty = match (&ty, &hint) {
            (Type::Int, Some(Type::Decimal)) => Type::Decimal,
            _ => ty,
        };
        Some(self.make(Op::Const(value), ty))
    }

    fn exact(&mut self, text: &str, span: Span) -> Option<Number> {
        let digits: String = text.chars().filter(|c| *c != '_').collect();
        let number = Number::parse(&digits);
        if number.is_none() {
            self.report(
                Diagnostic::new(
                    Code::NumberTooLong,
                    span,
                    format!("`{text}` has too many digits"),
                )
                .help("at most 28 digits are exact; shorten the number"),
            );
        }
        number
    }

    /// The node of a value of an enumeration, if it has such a value.
    pub(super) fn enum_value(&mut self, id: ir::EnumId, word: &str) -> Option<NodeId> {
        let at = self
            .enums
            .get(id as usize)?
            .values
            .iter()
            .position(|value| value == word)?;
        Some(
            self.builder
                .add(Op::Const(Const::Enum(at as u32)), Type::Enum(id)),
        )
    }

    fn name(&mut self, word: &str, hint: Option<&Type>, span: Span) -> Option<Typed> {
        if let Some((_, typed)) = self.locals.iter().rev().find(|(name, _)| name == word) {
            return Some(typed.clone());
        }
        match word {
            "as_of" => return Some(self.make(Op::AsOf, Type::Date)),
            "cell" => {
                if let Some(cell) = &self.cell {
                    return Some(cell.clone());
                }
                self.report(
                    Diagnostic::new(Code::UnknownName, span, "`cell` stands outside a grid row")
                        .help("only the condition of a row in `requirements` may say `cell`"),
                );
                return None;
            }
            _ => {}
        }
        let wanted = hint.map(required);
        let value = match &wanted {
            Some(Type::Enum(id)) => self.enum_value(*id, word).map(|node| (node, *id)),
            _ => None,
        };
        let symbol = self.symbols.get(word).copied();
        if let (Some((_, id)), Some(symbol)) = (value, symbol) {
            let enum_name = self.type_name(&Type::Enum(id));
            self.report(
                Diagnostic::new(
                    Code::AmbiguousName,
                    span,
                    format!(
                        "`{word}` is both a value of {enum_name} and a {}",
                        symbol.kind.word()
                    ),
                )
                .label(symbol.name.span, "declared here")
                .help(format!(
                    "write `{enum_name}.{word}` for the value, or rename one of them"
                )),
            );
            return None;
        }
        if let Some((node, id)) = value {
            return Some(Typed {
                node,
                ty: Type::Enum(id),
            });
        }
        if symbol.is_some() {
            return self.symbol_value(word, span);
        }
        self.unknown(word, wanted.as_ref(), span);
        None
    }

    pub(super) fn unknown(&mut self, word: &str, wanted: Option<&Type>, span: Span) {
        if self.symbols.broken.contains(&word) {
            return;
        }
        let values: Vec<String> = match wanted {
            Some(Type::Enum(id)) => self
                .enums
                .get(*id as usize)
                .map(|item| item.values.clone())
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        let locals: Vec<String> = self.locals.iter().map(|(name, _)| name.clone()).collect();
        let names = self.symbols.by_name.keys().map(|name| (*name).to_owned());
        let near = nearest(word, values.iter().cloned().chain(locals).chain(names));
        let (message, help) = match (wanted, near) {
            (Some(Type::Enum(id)), near) => {
                let enum_name = self.type_name(&Type::Enum(*id));
                let help = near.map_or_else(
                    || format!("its values are {}", values.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                (format!("`{word}` is not a value of {enum_name}"), help)
            }
            (_, Some(near)) => (
                format!("nothing is called `{word}`"),
                format!("did you mean `{near}`?"),
            ),
            (_, None) => (
                format!("nothing is called `{word}`"),
                "declare it with `fact`, `define` or `value`, or check the spelling".to_owned(),
            ),
        };
        self.report(Diagnostic::new(Code::UnknownName, span, message).help(help));
    }

    fn access(&mut self, inner: &Expr, field: &Name) -> Option<Typed> {
        if let ExprKind::Name(word) = &inner.kind
            && let Some(id) = self.enum_ids.get(word.as_str()).copied()
        {
            if let Some(node) = self.enum_value(id, &field.text) {
                return Some(Typed {
                    node,
                    ty: Type::Enum(id),
                });
            }
            self.unknown(&field.text, Some(&Type::Enum(id)), field.span);
            return None;
        }
        if let ExprKind::Name(word) = &inner.kind
            && !self.locals.iter().any(|(local, _)| local == word)
            && let Some(part) = self.part_of(word, field)
        {
            return part;
        }
        let typed = self.infer(inner, None)?;
        self.field(typed, field)
    }

    /// Whether a judgement, or a judgement field of a record, is recorded.
    pub(super) fn recorded(&mut self, judgement: &Expr) -> Option<NodeId> {
        if let ExprKind::Name(word) = &judgement.kind
            && let Some(SymbolKind::Judgement(_)) = self.symbols.get(word).map(|symbol| symbol.kind)
        {
            let fact = self.fact_of(word)?;
            self.used.insert(fact);
            return Some(self.builder.add(Op::Recorded(fact), Type::Bool));
        }
        let typed = self.infer(judgement, None)?;
        if let Some(Op::Field(record, at)) = self.builder.op(typed.node).cloned()
            && let Type::Record(id) = required(&self.builder.ty(record))
            && let Some(field) = self
                .records
                .get(id as usize)
                .and_then(|record| record.fields.get(at as usize))
            && matches!(field.kind, ir::FactKind::Judgement { .. })
        {
            return Some(self.builder.add(Op::RecordedField(record, at), Type::Bool));
        }
        let what = self.text(judgement.span);
        self.report(
            Diagnostic::new(
                Code::RecordedNonJudgement,
                judgement.span,
                format!("`{what}` is not a judgement"),
            )
            .help("only a `judgement` is recorded or not; test a fact's value instead"),
        );
        None
    }

    /// `x.field`: of a record, or of every item of a list.
    pub(super) fn field(&mut self, of: Typed, field: &Name) -> Option<Typed> {
        match &of.ty {
            Type::Record(id) => {
                let record = self.records.get(*id as usize)?;
                let Some(at) = record
                    .fields
                    .iter()
                    .position(|known| known.name == field.text)
                else {
                    let names: Vec<String> = record
                        .fields
                        .iter()
                        .map(|known| known.name.clone())
                        .collect();
                    let type_name = self.type_name(&of.ty);
                    let help = nearest(&field.text, &names).map_or_else(
                        || format!("its fields are {}", names.join(", ")),
                        |near| format!("did you mean `.{near}`?"),
                    );
                    self.report(
                        Diagnostic::new(
                            Code::UnknownField,
                            field.span,
                            format!("{type_name} has no field `{}`", field.text),
                        )
                        .help(help),
                    );
                    return None;
                };
                let ty = record.fields.get(at)?.ty.clone();
                let node = self.builder.add(Op::Field(of.node, at as u32), ty.clone());
                let narrowed = self.narrowed.contains(&node);
                Some(Typed {
                    node,
                    ty: if narrowed { required(&ty) } else { ty },
                })
            }
            Type::List(item) | Type::Set(item) if matches!(**item, Type::Record(_)) => {
                let list = of.clone();
                let mut inner = Type::Bool;
                let item = (**item).clone();
                let (binder, body) = self.per_item(&list, None, |this| {
                    let current = this
                        .items
                        .last()
                        .cloned()
                        .unwrap_or(Typed { node: 0, ty: item });
                    let value = this.field(current, field)?;
                    inner = value.ty;
                    Some(value.node)
                })?;
                let ty = Type::List(Box::new(inner.clone()));
                let mapped = self.make(
                    Op::Map {
                        list: list.node,
                        binder,
                        body,
                    },
                    ty,
                );
                Some(match inner {
                    Type::List(_) => self.make(Op::Flatten(mapped.node), inner),
                    _ => mapped,
                })
            }
            Type::Optional(_) => {
                let wanted = required(&of.ty);
                self.mismatch(field.span, &of.ty, &wanted);
                None
            }
            other => {
                let name = self.type_name(other);
                self.report(
                    Diagnostic::new(
                        Code::UnknownField,
                        field.span,
                        format!("{name} has no fields"),
                    )
                    .help("only records, and lists of records, have fields"),
                );
                None
            }
        }
    }

    /// Runs `body` with the item of a list in scope; gives the binder and what `body` gave.
    pub(super) fn per_item(
        &mut self,
        list: &Typed,
        name: Option<&str>,
        body: impl FnOnce(&mut Self) -> Option<NodeId>,
    ) -> Option<(u32, NodeId)> {
        let ty = match &list.ty {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            _ => return None,
        };
        let binder = self.builder.binder();
        let item = self.make(Op::Item(binder), ty);
        match name {
            Some(name) => self.locals.push((name.to_owned(), item)),
            None => self.items.push(item),
        }
        let node = body(self);
        match name {
            Some(_) => {
                self.locals.pop();
            }
            None => {
                self.items.pop();
            }
        }
        Some((binder, node?))
    }

    /// An expression that must be a list or set.
    pub(super) fn list(&mut self, expr: &Expr) -> Option<Typed> {
        if let ExprKind::Name(word) = &expr.kind
            && let Some(id) = self.enum_ids.get(word.as_str()).copied()
        {
            let count = self.enums.get(id as usize)?.values.len() as u32;
            let values = Const::List((0..count).map(Const::Enum).collect());
            return Some(self.make(Op::Const(values), Type::List(Box::new(Type::Enum(id)))));
        }
        let typed = self.infer(expr, None)?;
        self.must_be_list(typed, expr.span)
    }

    fn must_be_list(&mut self, typed: Typed, span: Span) -> Option<Typed> {
        match &typed.ty {
            Type::List(_) | Type::Set(_) => Some(typed),
            other => {
                let name = self.type_name(other);
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
        }
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        a: &Expr,
        b: &Expr,
        hint: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let cmp = match op {
            BinaryOp::And | BinaryOp::Or => {
                let first = self.check(a, &Type::Bool);
                let depth = self.narrowed.len();
                if let Some(first) = first {
                    match op {
                        BinaryOp::And => self.narrow_true(first),
                        _ => self.narrow_false(first),
                    };
                }
                let second = self.check(b, &Type::Bool);
                self.narrowed.truncate(depth);
                let pair = [first?, second?];
                let node = match op {
                    BinaryOp::And => self.builder.and(pair),
                    _ => self.builder.or(pair),
                };
                return Some(Typed::bool(node));
            }
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => {
                return self.arithmetic(op, a, b, hint, span);
            }
            BinaryOp::Eq => Cmp::Eq,
            BinaryOp::Ne => Cmp::Ne,
            BinaryOp::Lt => Cmp::Lt,
            BinaryOp::Le => Cmp::Le,
            BinaryOp::Gt => Cmp::Gt,
            BinaryOp::Ge => Cmp::Ge,
        };
        let (left, right) = if self.is_bare_value(a) {
            let right = self.infer(b, None)?;
            (self.infer(a, Some(&right.ty))?, right)
        } else {
            let left = self.infer(a, None)?;
            let right = self.infer(b, Some(&left.ty))?;
            (left, right)
        };
        if self.join(&left.ty, &right.ty).is_none() {
            self.mismatch(b.span, &right.ty, &left.ty);
            return None;
        }
        if matches!(cmp, Cmp::Eq | Cmp::Ne) {
            let node = self.builder.compare(cmp, left.node, right.node);
            return Some(Typed::bool(node));
        }
        let mut present = Vec::new();
        for (typed, expr) in [(&left, a), (&right, b)] {
            if matches!(typed.ty, Type::Optional(_)) && self.lenient {
                let none = self.builder.is_none(typed.node);
                present.push(self.builder.not(none));
                let inner = Typed {
                    node: typed.node,
                    ty: required(&typed.ty),
                };
                self.ordered(&inner, expr.span)?;
            } else {
                self.ordered(typed, expr.span)?;
            }
        }
        present.push(self.builder.compare(cmp, left.node, right.node));
        Some(Typed::bool(self.builder.and(present)))
    }

    /// A bare word that is no name of ours: a value whose enumeration the other side tells.
    fn is_bare_value(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(word) => {
                word != "as_of"
                    && word != "cell"
                    && self.symbols.get(word).is_none()
                    && !self.locals.iter().any(|(name, _)| name == word)
            }
            _ => false,
        }
    }

    /// Checks that values of a type have an order.
    fn ordered(&mut self, typed: &Typed, span: Span) -> Option<()> {
        match &typed.ty {
            Type::Int
            | Type::Decimal
            | Type::Percent
            | Type::Money
            | Type::Date
            | Type::Days
            | Type::Months => Some(()),
            Type::Enum(id)
                if self
                    .enums
                    .get(*id as usize)
                    .is_some_and(|item| item.ordered) =>
            {
                Some(())
            }
            Type::Optional(inner) => {
                let wanted = (**inner).clone();
                self.mismatch(span, &typed.ty, &wanted);
                None
            }
            other => {
                let name = self.type_name(other);
                self.report(
                    Diagnostic::new(Code::NotOrdered, span, format!("{name} has no order"))
                        .help("compare with `is`, or declare the values as a `scale`"),
                );
                None
            }
        }
    }

    fn number_type(&mut self, typed: &Typed, span: Span) -> Option<()> {
        match &typed.ty {
            Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
                Some(())
            }
            other => {
                let other = other.clone();
                self.mismatch(span, &other, &Type::Decimal);
                None
            }
        }
    }

    pub(super) fn unify(&mut self, a: &Type, b: &Type, span: Span) -> Option<Type> {
        let joined = self.join(a, b);
        if joined.is_none() {
            self.mismatch(span, b, a);
        }
        joined
    }

    fn arithmetic(
        &mut self,
        op: BinaryOp,
        a: &Expr,
        b: &Expr,
        hint: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let left = self.infer(a, hint)?;
        let right = self.infer(b, None)?;
        for (typed, expr) in [(&left, a), (&right, b)] {
            if let Type::Optional(inner) = &typed.ty {
                let wanted = (**inner).clone();
                self.mismatch(expr.span, &typed.ty, &wanted);
                return None;
            }
        }
        let plain = |ty: &Type| matches!(ty, Type::Int | Type::Decimal);
        let numeric = |ty: &Type| {
            plain(ty) || matches!(ty, Type::Percent | Type::Money | Type::Days | Type::Months)
        };
        let (x, y) = (left.node, right.node);
        let made = match (op, &left.ty, &right.ty) {
            (BinaryOp::Add, Type::Date, Type::Days) => (Op::AddDays(x, y), Type::Date),
            (BinaryOp::Add, Type::Date, Type::Months) => (Op::AddMonths(x, y), Type::Date),
            (BinaryOp::Sub, Type::Date, Type::Days) => {
                let negative = self.negative(y, Type::Days);
                (Op::AddDays(x, negative), Type::Date)
            }
            (BinaryOp::Sub, Type::Date, Type::Months) => {
                let negative = self.negative(y, Type::Months);
                (Op::AddMonths(x, negative), Type::Date)
            }
            (BinaryOp::Sub, Type::Date, Type::Date) => (Op::DaysBetween(y, x), Type::Days),
            (BinaryOp::Add | BinaryOp::Sub, s, t)
                if numeric(s) && numeric(t) && self.join(s, t).is_some() =>
            {
                let ty = self.join(s, t)?;
                (
                    if op == BinaryOp::Add {
                        Op::Add(x, y)
                    } else {
                        Op::Sub(x, y)
                    },
                    ty,
                )
            }
            (BinaryOp::Mul, Type::Percent, t) | (BinaryOp::Mul, t, Type::Percent)
                if numeric(t) && *t != Type::Percent =>
            {
                let ty = if *t == Type::Int {
                    Type::Decimal
                } else {
                    t.clone()
                };
                let product = self.builder.add(Op::Mul(x, y), ty.clone());
                let hundred = self.builder.number(Number::from_i64(100), Type::Int);
                (Op::Div(product, hundred), ty)
            }
            (BinaryOp::Mul, s, t) if plain(s) && numeric(t) => {
                let ty = if plain(t) {
                    self.join(s, t)?
                } else {
                    t.clone()
                };
                (Op::Mul(x, y), ty)
            }
            (BinaryOp::Mul, s, t) if numeric(s) && plain(t) => (Op::Mul(x, y), s.clone()),
            (BinaryOp::Div, s, t) if numeric(s) && plain(t) => {
                let ty = if matches!(s, Type::Money | Type::Percent) {
                    s.clone()
                } else {
                    Type::Decimal
                };
                (Op::Div(x, y), ty)
            }
            (BinaryOp::Div, s, t) if numeric(s) && s == t => (Op::Div(x, y), Type::Decimal),
            (_, s, t) => {
                let (first, second) = (self.type_name(s), self.type_name(t));
                let units = numeric(s) && numeric(t);
                let word = match op {
                    BinaryOp::Add => "added to",
                    BinaryOp::Sub => "subtracted from",
                    BinaryOp::Mul => "multiplied by",
                    _ => "divided by",
                };
                let help = if units {
                    self.unit_help_pair(s, t)
                } else {
                    "arithmetic needs numbers, or a date and days or months".to_owned()
                };
                let message = if op == BinaryOp::Add || op == BinaryOp::Sub {
                    format!("{second} cannot be {word} {first}")
                } else {
                    format!("{first} cannot be {word} {second}")
                };
                let code = if units {
                    Code::UnitMismatch
                } else {
                    Code::TypeMismatch
                };
                self.report(
                    Diagnostic::new(code, span, message)
                        .label(a.span, first)
                        .label(b.span, second)
                        .help(help),
                );
                return None;
            }
        };
        Some(self.make(made.0, made.1))
    }

    fn unit_help_pair(&self, a: &Type, b: &Type) -> String {
        let _ = self;
        match (a, b) {
            (Type::Days, Type::Months) | (Type::Months, Type::Days) => {
                "months have no fixed number of days; write both in one unit".to_owned()
            }
            _ => "both sides must be of one unit".to_owned(),
        }
    }

    fn negative(&mut self, node: NodeId, ty: Type) -> NodeId {
        if let Some(Const::Number(number)) = self.builder.constant(node)
            && let Some(negated) = Number::ZERO.checked_sub(*number)
        {
            return self.builder.number(negated, ty);
        }
        let zero = self.builder.number(Number::ZERO, ty.clone());
        self.builder.add(Op::Sub(zero, node), ty)
    }

    /// A date moved by days or months, backwards when asked.
    fn shifted(&mut self, date: NodeId, amount: &Expr, back: bool) -> Option<NodeId> {
        let typed = self.infer(amount, None)?;
        let node = if back {
            self.negative(typed.node, typed.ty.clone())
        } else {
            typed.node
        };
        let op = match typed.ty {
            Type::Days => Op::AddDays(date, node),
            Type::Months => Op::AddMonths(date, node),
            other => {
                self.mismatch(amount.span, &other, &Type::Days);
                return None;
            }
        };
        Some(self.builder.add(op, Type::Date))
    }

    fn within(
        &mut self,
        date: &Expr,
        amount: &Expr,
        window: Window,
        anchor: &Expr,
    ) -> Option<Typed> {
        let typed = self.infer(date, None)?;
        let mut parts = Vec::new();
        if matches!(&typed.ty, Type::Optional(inner) if **inner == Type::Date) && self.lenient {
            let none = self.builder.is_none(typed.node);
            parts.push(self.builder.not(none));
        } else if typed.ty != Type::Date {
            self.mismatch(date.span, &typed.ty, &Type::Date);
            return None;
        }
        let tested = typed.node;
        let anchor = self.check(anchor, &Type::Date)?;
        let (low, high) = match window {
            Window::Before => {
                let start = self.shifted(anchor, amount, true)?;
                ((Cmp::Ge, start), (Cmp::Lt, anchor))
            }
            Window::UpTo => {
                let start = self.shifted(anchor, amount, true)?;
                ((Cmp::Gt, start), (Cmp::Le, anchor))
            }
            Window::From => {
                let end = self.shifted(anchor, amount, false)?;
                ((Cmp::Ge, anchor), (Cmp::Le, end))
            }
            Window::After => {
                let end = self.shifted(anchor, amount, false)?;
                ((Cmp::Gt, anchor), (Cmp::Le, end))
            }
            Window::WholeMonthsBefore => {
                let end = self
                    .builder
                    .add(Op::StartOf(ir::CalendarUnit::Month, anchor), Type::Date);
                let start = self.shifted(end, amount, true)?;
                ((Cmp::Ge, start), (Cmp::Lt, end))
            }
        };
        parts.push(self.builder.compare(low.0, tested, low.1));
        parts.push(self.builder.compare(high.0, tested, high.1));
        Some(Typed::bool(self.builder.and(parts)))
    }

    fn contains(&mut self, item: &Expr, list: &Expr) -> Option<NodeId> {
        if let ExprKind::Name(word) = &list.kind
            && let Some(SymbolKind::Schedule(_)) = self.symbols.get(word).map(|symbol| symbol.kind)
        {
            let name = Name {
                text: word.clone(),
                span: list.span,
            };
            let id = self.schedule_of(&name)?;
            let date = self.check(item, &Type::Date)?;
            return Some(self.builder.add(Op::ScheduleOn(id, date), Type::Bool));
        }
        // A bare word that nothing declares is a value of what the list holds.
        let bare = matches!(&item.kind, ExprKind::Name(word)
            if self.symbols.get(word).is_none() && !self.locals.iter().any(|(local, _)| local == word));
        let held = if bare && !matches!(list.kind, ExprKind::List(_) | ExprKind::ListWhere(_)) {
            let before = self.infer(list, None)?;
            match before.ty {
                Type::List(inner) | Type::Set(inner) => Some(*inner),
                _ => None,
            }
        } else {
            None
        };
        let item_typed = self.infer(item, held.as_ref())?;
        let hint = Type::List(Box::new(required(&item_typed.ty)));
        let listed = self.infer(list, Some(&hint))?;
        if self.is_period(&listed.ty) {
            return self.in_period(&item_typed, item.span, &listed);
        }
        let inner = match &listed.ty {
            Type::List(inner) | Type::Set(inner) => (**inner).clone(),
            other => {
                let other = other.clone();
                self.mismatch(list.span, &other, &hint);
                return None;
            }
        };
        self.unify(&inner, &item_typed.ty, item.span)?;
        let op = Op::Contains {
            list: listed.node,
            item: item_typed.node,
        };
        Some(self.builder.add(op, Type::Bool))
    }

    fn aggregate(&mut self, kind: ast::Aggregate, list: &Expr) -> Option<Typed> {
        let typed = self.list(list)?;
        let item = match &typed.ty {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            _ => return None,
        };
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
            ast::Aggregate::Flatten => self.make(Op::Flatten(node), item),
        })
    }

    fn quantified(
        &mut self,
        kind: &GroupKind,
        list: &Expr,
        item: Option<&Name>,
        condition: Option<&Expr>,
    ) -> Option<Typed> {
        let list_typed = self.list(list)?;
        let truths = match condition {
            Some(condition) => {
                let name = item.map(|name| name.text.as_str());
                let (binder, body) =
                    self.per_item(&list_typed, name, |this| this.check(condition, &Type::Bool))?;
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
                let count = self.check(count, &Type::Int)?;
                Op::AtLeastItems(count, truths)
            }
        };
        Some(self.make(op, Type::Bool))
    }

    pub(super) fn group(&mut self, kind: &GroupKind, parts: Vec<NodeId>) -> Option<NodeId> {
        Some(match kind {
            GroupKind::Any => self.builder.or(parts),
            GroupKind::All => self.builder.and(parts),
            GroupKind::No => {
                let any = self.builder.or(parts);
                self.builder.not(any)
            }
            GroupKind::AtLeast(count) => {
                let count = self.check(count, &Type::Int)?;
                self.builder.add(Op::AtLeast(count, parts), Type::Bool)
            }
        })
    }

    fn for_each(
        &mut self,
        item: &Name,
        list: &Expr,
        filter: Option<&Expr>,
        body: &Expr,
        hint: Option<&Type>,
    ) -> Option<Typed> {
        if let Some(symbol) = self.symbols.get(&item.text) {
            let declared = symbol.name.span;
            self.report(
                Diagnostic::new(
                    Code::AmbiguousName,
                    item.span,
                    format!("`{}` already has a meaning", item.text),
                )
                .label(declared, "declared here")
                .help("give the item another name"),
            );
            return None;
        }
        let mut source = self.list(list)?;
        let name = Some(item.text.as_str());
        if let Some(filter) = filter {
            let (binder, body) =
                self.per_item(&source, name, |this| this.check(filter, &Type::Bool))?;
            let op = Op::Filter {
                list: source.node,
                binder,
                body,
            };
            source = self.make(op, source.ty);
        }
        let inner_hint = match hint.map(required) {
            Some(Type::List(inner) | Type::Set(inner)) => Some(*inner),
            _ => None,
        };
        let mut ty = Type::Bool;
        let (binder, node) = self.per_item(&source, name, |this| {
            let typed = this.infer(body, inner_hint.as_ref())?;
            ty = typed.ty;
            Some(typed.node)
        })?;
        let op = Op::Map {
            list: source.node,
            binder,
            body: node,
        };
        Some(self.make(op, Type::List(Box::new(ty))))
    }

    fn pick(&mut self, which: ast::Pick, list: &Expr, by: Option<&Expr>) -> Option<Typed> {
        let typed = self.list(list)?;
        let item = match &typed.ty {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            _ => return None,
        };
        let mut node = typed.node;
        if let Some(by) = by {
            let (binder, key) = self.per_item(&typed, None, |this| {
                let key = this.infer(by, None)?;
                this.ordered(&key, by.span)?;
                Some(key.node)
            })?;
            let op = Op::Sort {
                list: node,
                binder,
                key,
                descending: false,
            };
            node = self.builder.add(op, typed.ty.clone());
        }
        let op = match which {
            ast::Pick::First | ast::Pick::Earliest => Op::First(node),
            ast::Pick::Last | ast::Pick::Latest => Op::Last(node),
            ast::Pick::Only => Op::Only(node),
        };
        Some(self.make(op, optional(item)))
    }

    fn record(
        &mut self,
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
                let typed = self.infer(value, None)?;
                types.push(ir::Field {
                    name: name.text.clone(),
                    ty: typed.ty,
                    range: None,
                    kind: ir::FactKind::Given,
                });
                nodes.push(typed.node);
            }
            let id = self.anonymous_record(types);
            return Some(self.make(Op::MakeRecord(nodes), Type::Record(id)));
        };
        let record = self.records.get(id as usize)?.clone();
        for (name, _) in fields {
            if !record.fields.iter().any(|field| field.name == name.text) {
                let names: Vec<&str> = record
                    .fields
                    .iter()
                    .map(|field| field.name.as_str())
                    .collect();
                let help = nearest(&name.text, &names).map_or_else(
                    || format!("its fields are {}", names.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report(
                    Diagnostic::new(
                        Code::UnknownField,
                        name.span,
                        format!("there is no field `{}` here", name.text),
                    )
                    .help(help),
                );
                return None;
            }
        }
        let mut nodes = Vec::new();
        for field in &record.fields {
            let given = fields.iter().find(|(name, _)| name.text == field.name);
            nodes.push(match given {
                Some((_, value)) => self.check(value, &field.ty)?,
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

    fn list_where(
        &mut self,
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
                Some(guard) => self.check(guard, &Type::Bool)?,
                None => self.builder.bool(true),
            };
            let depth = self.narrow_true(guard);
            let typed = self.infer(value, ty.as_ref());
            self.narrowed.truncate(depth);
            let typed = typed?;
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
                .help("write the type: `define NAME: list of T = []`"),
            );
            return None;
        };
        let list_type = Type::List(Box::new(ty));
        let constants: Option<Vec<Const>> = nodes
            .iter()
            .map(|(guard, value)| match self.builder.constant(*guard) {
                Some(Const::Bool(true)) => self.builder.constant(*value).cloned(),
                _ => None,
            })
            .collect();
        Some(match constants {
            Some(values) => self.make(Op::Const(Const::List(values)), list_type),
            None => self.make(Op::ListWhere(nodes), list_type),
        })
    }

    /// On another day nothing that was tested today is known not to be none.
    fn elsewhere<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        let narrowed = std::mem::take(&mut self.narrowed);
        let result = body(self);
        self.narrowed = narrowed;
        result
    }

    /// After a guard is known to hold, what it says is not none; gives the depth to go back to.
    pub(super) fn narrow_true(&mut self, guard: NodeId) -> usize {
        let depth = self.narrowed.len();
        let parts = match self.builder.op(guard) {
            Some(Op::And(parts)) => parts.clone(),
            _ => vec![guard],
        };
        for part in parts {
            match self.builder.op(part) {
                Some(Op::Not(inner)) => {
                    if let Some(Op::IsNone(node)) = self.builder.op(*inner) {
                        self.narrowed.push(*node);
                    }
                }
                Some(Op::Compare(cmp, a, b)) => {
                    // `x is rising` and any ordering say that neither side is none.
                    let (cmp, a, b) = (*cmp, *a, *b);
                    let plain =
                        |this: &Self, id: NodeId| !matches!(this.builder.ty(id), Type::Optional(_));
                    if cmp != Cmp::Ne {
                        if plain(self, b) {
                            self.narrowed.push(a);
                        }
                        if plain(self, a) {
                            self.narrowed.push(b);
                        }
                    }
                }
                _ => {}
            }
        }
        depth
    }

    /// After a guard is known not to hold.
    pub(super) fn narrow_false(&mut self, guard: NodeId) -> usize {
        let depth = self.narrowed.len();
        let parts = match self.builder.op(guard) {
            Some(Op::Or(parts)) => parts.clone(),
            _ => vec![guard],
        };
        for part in parts {
            if let Some(Op::IsNone(node)) = self.builder.op(part) {
                self.narrowed.push(*node);
            }
        }
        depth
    }
}
