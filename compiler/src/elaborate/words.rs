//! Words and literals → nodes: what a name stands for, and the fields of what it stands for.

use super::builder::{optional, required};
use super::env::Env;
use super::types::is_unresolved;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Meaning, Sought, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Literal, Name};
use polc_runtime::ir::{self, Const, NodeId, Op, Type};
use polc_runtime::value::{Date, Number};

impl Elaborator<'_, '_> {
    pub(super) fn literal(
        &mut self,
        literal: &Literal,
        hint: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let hint = hint.map(required);
        let (value, ty) = match literal {
            Literal::Bool(value) => {
                let word = if *value { "yes" } else { "no" };
                if let Some(Type::Enum(id)) = hint
                    && let Some(node) = self.enum_value(id, word, span)
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
                let declared = self.symbols.currency();
                // Beside a code that is none no sign is right or wrong.
                if declared.is_none_or(super::currency::is_code)
                    && let Some((message, help)) = super::currency::fault(text, declared)
                {
                    self.report(Diagnostic::new(Code::UnknownCurrency, span, message).help(help));
                    return None;
                }
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

    pub(super) fn exact(&mut self, text: &str, span: Span) -> Option<Number> {
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

    /// The node of a value of an enumeration, if it has one of the name that stands at a place.
    pub(super) fn enum_value(&mut self, id: ir::EnumId, word: &str, place: Span) -> Option<NodeId> {
        let at = self
            .types
            .enums
            .get(id as usize)?
            .values
            .iter()
            .position(|value| value == word)?;
        self.means_value(place, id, at);
        Some(
            self.builder
                .add(Op::Const(Const::Enum(at as u32)), Type::Enum(id)),
        )
    }

    pub(super) fn name(
        &mut self,
        env: &Env,
        word: &str,
        hint: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let meaning = self.meaning(span);
        if let Some(Meaning::Item(declared)) = meaning {
            let mut items = env.named.iter().rev();
            let item = items.find(|(name, _)| name.span == declared);
            if item.is_none() {
                self.must_be_written(span, declared);
            }
            return item.map(|(_, typed)| typed.clone());
        }
        match word {
            "as_of" => return Some(self.make(Op::AsOf, Type::Date)),
            "cell" => {
                if let Some(cell) = &env.cell {
                    return Some(cell.clone());
                }
                self.report(
                    Diagnostic::new(Code::UnknownName, span, "`cell` stands outside a grid row")
                        .help("only the condition of a row in `requirements` may say `cell`"),
                );
                return None;
            }
            "it" if meaning == Some(Meaning::BuiltIn) => {
                if let Some(item) = &env.item {
                    return Some(item.clone());
                }
                let found = "`it` stands outside a list condition";
                let found = Diagnostic::new(Code::UnknownName, span, found);
                let help = "write it inside `where …`, for the item of a list of plain values";
                self.report(found.help(help));
                return None;
            }
            _ => {}
        }
        let wanted = hint.map(required);
        let value = match &wanted {
            Some(Type::Enum(id)) => self.enum_value(*id, word, span).map(|node| (node, *id)),
            _ => None,
        };
        let declared = self.symbol_at(span);
        let symbol = declared.and_then(|id| self.symbols.list.get(id)).copied();
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
        if let Some(id) = declared {
            return self.symbol_value(env, id, span);
        }
        self.unknown_word(env, word, wanted.as_ref(), span);
        None
    }

    /// Reports a word that is nothing here; `wanted` is the type that it should have.
    pub(super) fn unknown_word(
        &mut self,
        env: &Env,
        word: &str,
        wanted: Option<&Type>,
        span: Span,
    ) {
        // Where the type is not known it may be a value of it.
        if wanted.is_some_and(is_unresolved) {
            return;
        }
        let of = match wanted {
            Some(Type::Enum(id)) => self.types.enums.get(*id as usize),
            _ => None,
        };
        let locals = env.named.iter().map(|(name, _)| name.text.clone());
        let names = self.symbols.by_name.keys().map(|name| (*name).to_owned());
        let others: Vec<String> = locals.chain(names).collect();
        let unknown = match of {
            Some(of) => {
                let (sought, values) = (Sought::ValueOf(&of.name), of.values.clone());
                Unknown::word(word, span, sought, values, others)
            }
            None => Unknown::word(word, span, Sought::Value, Vec::new(), others),
        };
        self.unknown(unknown);
    }

    pub(super) fn access(&mut self, env: &Env, inner: &Expr, field: &Name) -> Option<Typed> {
        if let ExprKind::Name(_) = &inner.kind
            && let Some(id) = self.enum_at(inner.span)
        {
            if let Some(node) = self.enum_value(id, &field.text, field.span) {
                return Some(Typed {
                    node,
                    ty: Type::Enum(id),
                });
            }
            self.unknown_word(env, &field.text, Some(&Type::Enum(id)), field.span);
            return None;
        }
        if let ExprKind::Name(_) = &inner.kind
            && let Some(id) = self.symbol_at(inner.span)
            && let Some(part) = self.part_of(env, id, field)
        {
            return part;
        }
        let typed = self.infer(env, inner, None)?;
        self.field(env, typed, field)
    }

    /// Whether a judgement, or a judgement field of a record, is recorded.
    pub(super) fn recorded(&mut self, env: &Env, judgement: &Expr) -> Option<NodeId> {
        if let ExprKind::Name(_) = &judgement.kind
            && let Some(id) = self.symbol_at(judgement.span)
            && let Some(SymbolKind::Judgement(_)) = self.kind_at(judgement.span)
        {
            let fact = self.fact_of(id)?;
            self.used.facts.insert(fact);
            return Some(self.builder.add(Op::Recorded(fact), Type::Bool));
        }
        let typed = self.infer(env, judgement, None)?;
        if let Some(Op::Field(record, at)) = self.builder.op(typed.node).cloned()
            && let Type::Record(id) = required(&self.builder.ty(record))
            && let Some(field) = self
                .types
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
    pub(super) fn field(&mut self, env: &Env, of: Typed, field: &Name) -> Option<Typed> {
        match &of.ty {
            Type::Record(id) => {
                let record = self.types.records.get(*id as usize)?;
                let Some(at) = record
                    .fields
                    .iter()
                    .position(|known| known.name == field.text)
                else {
                    if let Some(rule) = self.rule_of_record(env, &of, field) {
                        let rule = rule?;
                        return self.settled(env, Some(rule));
                    }
                    let record = self.types.records.get(*id as usize)?;
                    if let Some(rule) = self.symbols.by_name.get(field.text.as_str())
                        && self
                            .symbols
                            .takes(*rule)
                            .is_some_and(|takes| !takes.of_record)
                    {
                        self.ask_differently(*rule, field.span);
                        return None;
                    }
                    let (name, known) = (self.type_name(&of.ty), &record.fields);
                    let known = known.iter().map(|known| known.name.as_str());
                    let known: Vec<&str> = known.chain(self.rules_of(*id)).collect();
                    self.unknown(Unknown::new(field, Sought::Field(&name), known));
                    return None;
                };
                let ty = record.fields.get(at)?.ty.clone();
                self.means_field(field.span, *id, at);
                if is_unresolved(&ty) {
                    return None;
                }
                let node = self.builder.add(Op::Field(of.node, at as u32), ty.clone());
                let narrowed = env.is_present(self.builder.bare(node));
                Some(Typed {
                    node,
                    ty: if narrowed { required(&ty) } else { ty },
                })
            }
            Type::List(item) | Type::Set(item) if matches!(**item, Type::Record(_)) => {
                let list = of.clone();
                let mut inner = Type::Bool;
                let item = (**item).clone();
                let (binder, body) = self.per_item(env, &list, None, |this, env| {
                    let current = env.item.clone();
                    let current = current.unwrap_or(Typed { node: 0, ty: item });
                    let value = this.field(env, current, field)?;
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
                if matches!(inner, Type::List(_)) {
                    return Some(self.make(Op::Flatten(mapped.node), inner));
                }
                Some(mapped)
            }
            Type::Optional(_) => {
                let wanted = required(&of.ty);
                self.mismatch(field.span, &of.ty, &wanted);
                None
            }
            Type::Bool
            | Type::Int
            | Type::Decimal
            | Type::Percent
            | Type::Money
            | Type::Date
            | Type::Days
            | Type::Months
            | Type::Text
            | Type::Enum(_)
            | Type::List(_)
            | Type::Set(_) => {
                let name = self.type_name(&of.ty);
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
}
