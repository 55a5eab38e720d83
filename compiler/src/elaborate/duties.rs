//! Obligations, duties and orders → ordinary lists, records and conditions.

use super::builder::{optional, required};
use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::DUTY_STATES;
use crate::syntax::ast::{self};
use polc_runtime::ir::{self, Cmp, Const, NodeId, Op, Type};

impl Elaborator<'_, '_> {
    pub(super) fn word_of(
        &mut self,
        env: &Env,
        id: ir::EnumId,
        word: &ast::Name,
    ) -> Option<NodeId> {
        let node = self.enum_value(id, &word.text, word.span);
        if node.is_none() {
            self.unknown_word(env, &word.text, Some(&Type::Enum(id)), word.span);
        }
        node
    }

    /// `duty`: a record with its state, its days and whom it concerns; not applicable until it arises.
    pub(super) fn duty(&mut self, duty: &ast::Duty, cites: Vec<ir::ClauseId>) {
        let env = &Env::default();
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
        let record = self.duty_parts(env, duty, addressee, day, when.as_ref());
        let Some(typed) = record else { return };
        let definition = ir::Definition {
            name: duty.name.text.clone(),
            label: duty.label.clone().unwrap_or_default(),
            kind: ir::DefinitionKind::Decision,
            ty: typed.ty.clone(),
            parameters: Vec::new(),
            node: typed.node,
            rules: Vec::new(),
            cites,
        };
        self.store(env, &duty.name, typed, definition);
    }

    pub(super) fn duty_parts(
        &mut self,
        env: &Env,
        duty: &ast::Duty,
        addressee: &ast::Name,
        day: &ast::Expr,
        when: Option<&ast::Expr>,
    ) -> Option<Typed> {
        let as_of = self.builder.add(Op::AsOf, Type::Date);
        let arises = self.day(env, day)?;
        let happened = self.happened(&arises);
        let condition = match when {
            Some(when) => {
                let condition = self.check(env, when, &Type::Bool)?;
                let what = format!("when the duty `{}` arises", duty.name.text);
                let condition = self.decides(what, condition, when.span);
                self.guard(condition, when.span)
            }
            None => self.builder.bool(true),
        };
        // A day that lies ahead has not come.
        let come = self.builder.compare(Cmp::Le, arises.node, as_of);
        let arisen = self.builder.and([happened, come, condition]);
        let env = &env.knowing(self.present_if(arisen));
        let none = self.builder.none(Type::Date);
        let due = match &duty.due {
            Some(expr) => self.day_or_length(env, arises.node, expr, "due 14 days")?,
            None => none,
        };
        let done = match &duty.done {
            Some(expr) => self.day(env, expr)?,
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

    pub(super) fn duty_state(
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
        if let Some(id) = self.types.duty_states {
            return id;
        }
        let item = ir::Enum {
            name: "DutyState".to_owned(),
            ordered: false,
            values: DUTY_STATES.iter().map(|word| (*word).to_owned()).collect(),
        };
        let id = self.push_enum(item, Vec::new());
        self.types.duty_states = Some(id);
        id
    }

    /// A date or none.
    pub(super) fn day(&mut self, env: &Env, expr: &ast::Expr) -> Option<Typed> {
        let typed = self.infer(env, expr, Some(&optional(Type::Date)))?;
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

    pub(super) fn happened(&mut self, day: &Typed) -> NodeId {
        if matches!(self.builder.ty(day.node), Type::Optional(_)) {
            let none = self.builder.is_none(day.node);
            return self.builder.not(none);
        }
        self.builder.bool(true)
    }
}
