//! Rules with parameters: what is known in their bodies, and what asks for them.

use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, SymbolId, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, Name};
use polc_runtime::ir::{self, NodeId, Op, Type};

/// What a rule is asked for with.
pub(super) struct Asked {
    /// Where its parameters are known.
    pub(super) env: Env,
    pub(super) parameters: Vec<ir::Parameter>,
}

impl<'a> Elaborator<'_, 'a> {
    /// What is known in a rule: each parameter under its name, and `.field` of the record it is a rule of.
    pub(super) fn inside_rule(&mut self, name: &Name, takes: &ast::Takes) -> Option<Asked> {
        let mut asked = Asked {
            env: Env::default(),
            parameters: Vec::new(),
        };
        for (at, parameter) in takes.parameters.iter().enumerate() {
            let ty = self.read_type(&parameter.ty)?;
            let mut before = takes.parameters.iter().take(at);
            if let Some(first) = before.find(|one| one.name.text == parameter.name.text) {
                self.report(
                    Diagnostic::new(
                        Code::DuplicateName,
                        parameter.name.span,
                        format!("`{}` has two parameters `{}`", name.text, first.name.text),
                    )
                    .label(first.name.span, "the first one")
                    .help("rename one of them"),
                );
                return None;
            }
            if takes.of_record {
                self.beside_fields(name, &ty, parameter.ty.span)?;
            }
            if !parameter.named {
                self.unnamed(name, parameter)?;
            }
            let binder = self.builder.binder();
            let item = self.make(Op::Item(binder), ty.clone());
            asked.env = asked.env.with_item(Some(&parameter.name), item.clone());
            if takes.of_record {
                asked.env = asked.env.with_item(None, item);
            }
            asked.parameters.push(ir::Parameter {
                name: parameter.name.text.clone(),
                binder,
                ty,
            });
        }
        Some(asked)
    }

    /// A rule of a record stands beside its fields: it needs a record, and a name that no field has.
    fn beside_fields(&mut self, name: &Name, ty: &Type, span: Span) -> Option<()> {
        let Some(record) = self.types.record(ty) else {
            let found = self.type_name(ty);
            self.report(
                Diagnostic::new(
                    Code::TypeMismatch,
                    span,
                    format!("`define {} of …` names a record, but this is {found}", name.text),
                )
                .help(format!(
                    "name a record, or write what the rule is asked for with: `define {}(value: {})`",
                    name.text,
                    self.text(span)
                )),
            );
            return None;
        };
        let at = record
            .fields
            .iter()
            .position(|field| field.name == name.text);
        let Some(at) = at else {
            return Some(());
        };
        let mut found = Diagnostic::new(
            Code::RuleNamedLikeField,
            name.span,
            format!("`{}` is a field of {} already", name.text, record.name),
        );
        if let Type::Record(id) = ty
            && let Some(places) = self.types.field_places.get(*id as usize)
            && let Some(place) = places.get(at)
        {
            found = found.label(*place, "the field");
        }
        self.report(found.help("rename the rule: what `.name` says of a record must be one thing"));
        None
    }

    /// The item of a rule that names none is called like its type: nothing else may be.
    fn unnamed(&mut self, name: &Name, parameter: &ast::Parameter) -> Option<()> {
        let word = &parameter.name.text;
        let Some(symbol) = self.symbols.get(word) else {
            return Some(());
        };
        self.report(
            Diagnostic::new(
                Code::AmbiguousName,
                parameter.name.span,
                format!(
                    "`{word}` is what this rule is asked for with, and a {}",
                    symbol.kind.word()
                ),
            )
            .label(symbol.name.span, "declared here")
            .help(format!(
                "give the one of the rule a name of its own: `define {} of {} NAME`",
                name.text,
                self.text(parameter.ty.span)
            )),
        );
        None
    }

    /// `f(x, y)`
    pub(super) fn call(
        &mut self,
        env: &Env,
        name: &Name,
        arguments: &[Expr],
        span: Span,
    ) -> Option<Typed> {
        let Some(id) = self.symbol_at(name.span) else {
            let all = 0..self.symbols.list.len();
            let rules = all.filter(|id| {
                let takes = self.symbols.takes(*id);
                takes.is_some_and(|takes| !takes.of_record)
            });
            let known: Vec<&str> = rules.map(|id| self.symbols.name(id)).collect();
            self.unknown(Unknown::new(name, Sought::Rule, known));
            return None;
        };
        let takes = self.symbols.takes(id).filter(|takes| !takes.of_record);
        let Some(takes) = takes else {
            self.ask_differently(id, name.span);
            return None;
        };
        if env.declaring {
            self.must_be_written(span, self.symbols.list.get(id)?.name.span);
            return None;
        }
        self.available(id, name.span)?;
        if takes.parameters.len() != arguments.len() {
            self.ask_differently(id, span);
            return None;
        }
        let types = self.made.defined.get(&id)?.parameters.clone();
        let mut nodes = Vec::with_capacity(arguments.len());
        for (argument, parameter) in arguments.iter().zip(types) {
            nodes.push(self.check(env, argument, &parameter.ty));
        }
        let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
        self.asked_for(id, nodes)
    }

    /// A rule of a record, where a record has no field of the name.
    pub(super) fn rule_of_record(
        &mut self,
        env: &Env,
        of: &Typed,
        field: &Name,
    ) -> Option<Option<Typed>> {
        let id = *self.symbols.by_name.get(field.text.as_str())?;
        let record = self.symbols.takes(id)?.record()?;
        let Type::Record(wanted) = &of.ty else {
            return None;
        };
        if self.record_at(record.span) != Some(*wanted) {
            return None;
        }
        self.settled
            .put(field.span, crate::names::Meaning::Symbol(id));
        if env.declaring {
            let declared = self.symbols.list.get(id).map(|symbol| symbol.name.span);
            self.must_be_written(field.span, declared.unwrap_or_default());
            return Some(None);
        }
        if self.available(id, field.span).is_none() {
            return Some(None);
        }
        Some(self.asked_for(id, vec![of.node]))
    }

    /// The names of the rules of a record.
    pub(super) fn rules_of(&self, record: ir::RecordId) -> Vec<&'a str> {
        let all = 0..self.symbols.list.len();
        let here = all.filter(|id| {
            let takes = self.symbols.takes(*id).and_then(ast::Takes::record);
            takes.is_some_and(|name| self.record_at(name.span) == Some(record))
        });
        here.map(|id| self.symbols.name(id)).collect()
    }

    /// A rule of arguments; nothing where the rule could not be read, which has been reported.
    fn asked_for(&mut self, id: SymbolId, arguments: Vec<NodeId>) -> Option<Typed> {
        let rule = self.made.defined.get(&id)?;
        let (body, ty) = (rule.typed.node, rule.typed.ty.clone());
        let binders = rule.parameters.iter().map(|parameter| parameter.binder);
        let arguments = binders.zip(arguments).collect();
        let narrow = self.builder.ty(body);
        let node = self.builder.call(body, arguments, narrow);
        Some(Typed { node, ty })
    }

    /// Reports a rule that is not asked for in its way.
    pub(super) fn ask_differently(&mut self, id: SymbolId, span: Span) {
        let Some(symbol) = self.symbols.list.get(id) else {
            return;
        };
        let name = &symbol.name.text;
        let (message, help) = match self.symbols.takes(id) {
            None => (
                format!("the {} `{name}` takes no parameters", symbol.kind.word()),
                format!("write `{name}` alone"),
            ),
            Some(takes) if takes.of_record => {
                let record = takes.record().map_or("", |record| &record.text);
                let item = takes.names().next().map_or("item", |item| &item.text);
                (
                    format!("`{name}` is a rule of {record}"),
                    format!("write `{item}.{name}`, of the {record} that is asked about"),
                )
            }
            Some(takes) => {
                let names: Vec<&str> = takes.names().map(|name| name.text.as_str()).collect();
                let count = match names.len() {
                    1 => "one value".to_owned(),
                    count => format!("{count} values"),
                };
                (
                    format!("`{name}` is asked for with {count}"),
                    format!("write `{name}({})`", names.join(", ")),
                )
            }
        };
        self.report(
            Diagnostic::new(Code::WrongArguments, span, message)
                .label(symbol.name.span, "declared here")
                .help(help),
        );
    }
}
