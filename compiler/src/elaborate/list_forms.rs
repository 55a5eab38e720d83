//! Lists made from lists: filtered, sorted, grouped, one after the other.

use super::env::Env;
use super::{Elaborator, Typed};
use crate::syntax::ast::Expr;
use polc_runtime::ir::{self, Op, Type};

impl Elaborator<'_, '_> {
    pub(super) fn filtered(&mut self, env: &Env, list: &Expr, condition: &Expr) -> Option<Typed> {
        let list = self.list(env, list)?;
        let (binder, body) = self.per_item(env, &list, None, |this, env| {
            this.check(env, condition, &Type::Bool)
        })?;
        let op = Op::Filter {
            list: list.node,
            binder,
            body,
        };
        let ty = self.passed(&list.ty, binder, body);
        Some(self.make(op, ty))
    }

    pub(super) fn sorted(
        &mut self,
        env: &Env,
        list: &Expr,
        by: &Expr,
        descending: bool,
    ) -> Option<Typed> {
        let list = self.list(env, list)?;
        let (binder, key) = self.per_item(env, &list, None, |this, env| {
            let key = this.infer(env, by, None)?;
            this.ordered(&key, by.span)?;
            Some(key.node)
        })?;
        let op = Op::Sort {
            list: list.node,
            binder,
            key,
            descending,
        };
        Some(self.make(op, list.ty))
    }

    pub(super) fn grouped(&mut self, env: &Env, list: &Expr, by: &Expr) -> Option<Typed> {
        let list = self.list(env, list)?;
        let mut key_type = Type::Bool;
        let (binder, key) = self.per_item(env, &list, None, |this, env| {
            let key = this.infer(env, by, None)?;
            key_type = key.ty;
            Some(key.node)
        })?;
        let field = ir::Field::plain;
        let fields = vec![field("key", key_type), field("items", list.ty.clone())];
        let record = self.anonymous_record(fields, Vec::new());
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

    pub(super) fn concat(
        &mut self,
        env: &Env,
        a: &Expr,
        b: &Expr,
        hint: Option<&Type>,
    ) -> Option<Typed> {
        let first = self.infer(env, a, hint)?;
        let first = self.must_be_list(first, a.span)?;
        let second = self.infer(env, b, Some(&first.ty))?;
        let second = self.must_be_list(second, b.span)?;
        // Two sets one after the other may repeat themselves.
        let mut ty = self.unify(&first.ty, &second.ty, b.span)?;
        if let Type::Set(item) = ty {
            ty = Type::List(item);
        }
        Some(self.make(Op::Concat(first.node, second.node), ty))
    }
}
