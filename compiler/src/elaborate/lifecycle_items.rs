//! Lists whose items a lifecycle takes one by one.

use super::builder::required;
use super::env::Env;
use super::lifecycle::Making;
use super::types::UNRESOLVED;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, TransitionKind};
use polc_runtime::ir::lifecycle::Round;
use polc_runtime::ir::{Op, Type};

impl Elaborator<'_, '_> {
    /// The lists whose items are taken: each item is a name the other lines can use.
    pub(super) fn rounds(
        &mut self,
        env: &Env,
        lifecycle: &ast::Lifecycle,
        making: &mut Making,
    ) -> Option<Env> {
        let mut inside = env.clone();
        let mut complete = true;
        for line in lifecycle.lines() {
            let TransitionKind::Each { item, list, by, .. } = &line.kind else {
                continue;
            };
            if self.free_name(item).is_none() {
                complete = false;
                continue;
            }
            let Some(typed) = self.infer(&inside, list, None) else {
                complete = false;
                continue;
            };
            let date = self.dating_field(&typed, by, list.span);
            let Some((ty, date)) = date else {
                complete = false;
                continue;
            };
            if let Some((_, known)) = making.rounds.iter().find(|(name, _)| *name == item.text) {
                if known.list != typed.node || known.date != date {
                    self.report(
                        Diagnostic::new(
                            Code::AmbiguousName,
                            item.span,
                            format!("`{}` is an item of another list already", item.text),
                        )
                        .help("give the item another name"),
                    );
                    complete = false;
                }
                continue;
            }
            let binder = self.builder.binder();
            let node = self.make(Op::Item(binder), ty);
            inside = inside.with_item(Some(item), node);
            making.rounds.push((
                item.text.clone(),
                Round {
                    list: typed.node,
                    binder,
                    date,
                },
            ));
        }
        complete.then_some(inside)
    }

    /// The record of a list's items and the field that dates them.
    pub(super) fn dating_field(
        &mut self,
        list: &Typed,
        by: &ast::Name,
        span: Span,
    ) -> Option<(Type, u32)> {
        let Type::List(item) = &list.ty else {
            let name = self.type_name(&list.ty);
            self.report(
                Diagnostic::new(
                    Code::TypeMismatch,
                    span,
                    format!("this is {name}, not a list of records"),
                )
                .help("name a list whose items have a date"),
            );
            return None;
        };
        let item = (**item).clone();
        let fields = self.types.record(&item).map(|record| &record.fields);
        let mut all = fields.into_iter().flatten().enumerate();
        let named = all.find(|(_, field)| field.name == by.text);
        let named = named.map(|(at, field)| (at, required(&field.ty)));
        // What is wrong with the type of the field is told there.
        if item == UNRESOLVED || matches!(&named, Some((_, ty)) if *ty == UNRESOLVED) {
            return None;
        }
        let at = named.and_then(|(at, ty)| (ty == Type::Date).then_some(at));
        if at.is_none() {
            self.unknown(Unknown::only(by, Sought::ItemDate));
        }
        if let (Type::Record(id), Some(at)) = (&item, at) {
            self.means_field(by.span, *id, at);
        }
        Some((item, at? as u32))
    }
}
