//! `for each`: items with a name, their places, and names for what is made of them.

use super::builder::required;
use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Name};
use polc_runtime::ir::{NodeId, Op, Type};

impl Elaborator<'_, '_> {
    pub(super) fn for_each(
        &mut self,
        env: &Env,
        form: &ExprKind,
        hint: Option<&Type>,
    ) -> Option<Typed> {
        let ExprKind::ForEach {
            item,
            place,
            list,
            locals,
            filter,
            body,
        } = form
        else {
            return None;
        };
        for name in [item]
            .into_iter()
            .chain(place)
            .chain(locals.iter().map(|(name, _)| name))
        {
            self.free_name(name)?;
        }
        let mut source = self.list(env, list)?;
        let name = Some(item);
        // What of the local names the filter says is there.
        let mut there: Vec<bool> = Vec::new();
        if let Some(filter) = filter {
            self.place_is_later(place.as_ref(), filter)?;
            let (binder, body) = self.per_item(env, &source, name, |this, env| {
                let (env, nodes) = this.with_locals(env, locals, &[])?;
                let test = this.check(&env, filter, &Type::Bool)?;
                let present = this.present_if(test);
                let known = |node: &NodeId| present.contains(&this.builder.bare(*node));
                there = nodes.iter().map(known).collect();
                Some(test)
            })?;
            let op = Op::Filter {
                list: source.node,
                binder,
                body,
            };
            let ty = self.passed(&source.ty, binder, body);
            source = self.make(op, ty);
        }
        let inner_hint = match hint.map(required) {
            Some(Type::List(inner) | Type::Set(inner)) => Some(*inner),
            _ => None,
        };
        let mut ty = Type::Bool;
        let (binder, node) = self.per_item(env, &source, name, |this, env| {
            let (mut env, _) = this.with_locals(env, locals, &there)?;
            if let Some(place) = place {
                let at = this.place_of(&env, item)?;
                env = env.with_item(Some(place), at);
            }
            let typed = this.infer(&env, body, inner_hint.as_ref())?;
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

    /// Reports a place that the condition reads: it counts what passes.
    fn place_is_later(&mut self, place: Option<&Name>, filter: &Expr) -> Option<()> {
        let Some(place) = place else { return Some(()) };
        let Some(span) = mentioned(filter, &place.text) else {
            return Some(());
        };
        let word = &place.text;
        let found =
            format!("`{word}` counts the items that pass this condition, so it is not known in it");
        let found = Diagnostic::new(Code::UnknownName, span, found);
        let help = format!(
            "number the list first: `(for each x numbered {word} in L give {{x: x, {word}: {word}}}) where .{word} > 1`"
        );
        self.report(found.label(place.span, "the place").help(help));
        None
    }

    /// Where the local names of a loop stand for something; and for what. Those that are `there` are not none.
    fn with_locals(
        &mut self,
        env: &Env,
        locals: &[(Name, Expr)],
        there: &[bool],
    ) -> Option<(Env, Vec<NodeId>)> {
        let (mut env, mut nodes) = (env.clone(), Vec::new());
        for (at, (name, value)) in locals.iter().enumerate() {
            let typed = self.infer(&env, value, None)?;
            nodes.push(typed.node);
            if there.get(at) == Some(&true) {
                env.know(vec![self.builder.bare(typed.node)]);
            }
            env = env.with_item(Some(name), typed);
        }
        Some((env, nodes))
    }

    /// The place of an item that has a name.
    fn place_of(&mut self, env: &Env, item: &Name) -> Option<Typed> {
        let mut items = env.named.iter();
        let (_, item) = items.find(|(name, _)| name.span == item.span)?;
        let Some(Op::Item(binder)) = self.builder.op(item.node) else {
            return None;
        };
        let binder = *binder;
        Some(self.make(Op::Position(binder), Type::Int))
    }
}

/// Where an expression says a word. Nesting is capped by the parser.
fn mentioned(expr: &Expr, word: &str) -> Option<Span> {
    if expr.word() == Some(word) {
        return Some(expr.span);
    }
    let mut found = None;
    expr.each_part(&mut |part| found = found.or_else(|| mentioned(part, word)));
    found
}
