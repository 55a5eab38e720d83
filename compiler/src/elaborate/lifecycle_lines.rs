//! The lines of a lifecycle: what sets one off, when, where it leads and what it sets.

use super::Elaborator;
use super::builder::required;
use super::env::Env;
use super::lifecycle::Making;
use super::provisions::Said;
use crate::analysis::{DisjointKind, Obligation, Side};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Sought, Unknown};
use crate::syntax::ast::{self, Goto, TransitionKind};
use polc_runtime::ir::lifecycle::{Line, LineLayout, Move, Sign, Trigger};
use polc_runtime::ir::{self, Const, NodeId, Op, ProvisionKind, Type};

/// What sets a line off, whether it has, and in what words a field of the record may be asked for.
pub(super) type SetOff = (Trigger, NodeId);

impl Elaborator<'_, '_> {
    pub(super) fn lines(
        &mut self,
        env: &Env,
        lines: &[ast::Transition],
        from: Option<u32>,
        making: &mut Making,
    ) -> Option<Vec<Line>> {
        let mut lowered = Vec::new();
        let mut complete = true;
        for line in lines {
            match self.line(env, line, from, making) {
                Some(more) => lowered.extend(more),
                None => complete = false,
            }
        }
        complete.then_some(lowered)
    }

    /// One line; a decision is one line for each answer.
    pub(super) fn line(
        &mut self,
        env: &Env,
        line: &ast::Transition,
        from: Option<u32>,
        making: &mut Making,
    ) -> Option<Vec<Line>> {
        let period = self.period(env, &line.dates);
        let under = self.under(line.under.as_ref());
        let in_force = self.in_force(period?);
        let always = [in_force, under?];
        let yes = self.builder.bool(true);
        match &line.kind {
            TransitionKind::On { event } => {
                let (trigger, happened) = self.event(env, event)?;
                let env = &env.knowing(self.present_if(happened));
                self.plain_line(env, line, from, (trigger, happened), always, making)
            }
            TransitionKind::Each { item, .. } => {
                let mut rounds = making.rounds.iter();
                let at = rounds.position(|(name, _)| *name == item.text)?;
                let trigger = Trigger::Each(at as u32);
                self.plain_line(env, line, from, (trigger, yes), always, making)
            }
            TransitionKind::When => {
                self.plain_line(env, line, from, (Trigger::Condition, yes), always, making)
            }
            TransitionKind::May { judgement, answers } => {
                self.decision_lines(env, line, from, (judgement, answers), always, making)
            }
            TransitionKind::Late => None,
        }
    }

    /// A day on which something happened, and whether it has.
    pub(super) fn event(&mut self, env: &Env, event: &ast::Expr) -> Option<SetOff> {
        let typed = self.infer(env, event, None)?;
        if required(&typed.ty) != Type::Date {
            let name = self.type_name(&typed.ty);
            self.report(
                Diagnostic::new(
                    Code::TypeMismatch,
                    event.span,
                    format!("this is {name}, not a day on which something happens"),
                )
                .help("name an `event`, or write `when CONDITION -> STATE`"),
            );
            return None;
        }
        let happened = if matches!(typed.ty, Type::Optional(_)) {
            let none = self.builder.is_none(typed.node);
            self.builder.not(none)
        } else {
            self.builder.bool(true)
        };
        Some((Trigger::Read(Sign::Event, typed.node), happened))
    }

    fn plain_line(
        &mut self,
        env: &Env,
        line: &ast::Transition,
        from: Option<u32>,
        (trigger, happened): SetOff,
        always: [NodeId; 2],
        making: &mut Making,
    ) -> Option<Vec<Line>> {
        let to = line.targets.first()?;
        let condition = self.line_condition(env, line)?;
        let whole = self.builder.and([always[0], always[1], condition]);
        let env = &env.knowing(self.present_if(whole));
        let whole = self.builder.and([happened, whole]);
        let rest = self.builder.and(always);
        let guard = self.guarded(condition, rest);
        let id = self.line_layout(from, to, line, making, Some(whole))?;
        let part = making.lines.get(id as usize)?.provision;
        let trigger = match trigger {
            Trigger::Read(sign, node) => Trigger::Read(sign, self.builder.mark(part, node)),
            other @ (Trigger::Condition | Trigger::Each(_)) => other,
        };
        Some(vec![Line {
            trigger,
            guard: self.builder.mark(part, guard),
            otherwise: line.otherwise,
            to: self.goto(env, to, id, making)?,
        }])
    }

    /// What must hold for a line: `rest` where the condition holds. `and` would leave out a condition that is not
    /// applicable, and the line would lead on without it.
    pub(super) fn guarded(&mut self, condition: NodeId, rest: NodeId) -> NodeId {
        if self.builder.truth(rest) == Some(true) {
            return condition;
        }
        let no = self.builder.bool(false);
        self.builder
            .cases(vec![(condition, rest)], Some(no), Type::Bool)
    }

    /// The condition of a line; without one it always holds.
    fn line_condition(&mut self, env: &Env, line: &ast::Transition) -> Option<NodeId> {
        let Some(expr) = &line.guard else {
            return Some(self.builder.bool(true));
        };
        let condition = self.check(env, expr, &Type::Bool)?;
        Some(self.guard(condition, expr.span))
    }

    fn decision_lines(
        &mut self,
        env: &Env,
        line: &ast::Transition,
        from: Option<u32>,
        (judgement, answers): (&ast::Expr, &[ast::Name]),
        always: [NodeId; 2],
        making: &mut Making,
    ) -> Option<Vec<Line>> {
        // What cannot be read is reported as that.
        self.infer(env, judgement, None)?;
        if self.decider(env, judgement).is_none() {
            let what = self.text(judgement.span);
            self.report(
                Diagnostic::new(
                    Code::MayWithoutDecider,
                    judgement.span,
                    format!("nobody decides `{what}`"),
                )
                .help("`may` needs a `judgement`, which says who decides; for a condition write `when`"),
            );
            return None;
        }
        let recorded = self.recorded(env, judgement)?;
        let typed = self.infer(env, judgement, None)?;
        let condition = self.line_condition(env, line)?;
        let mut lines = Vec::new();
        for (answer, to) in answers.iter().zip(&line.targets) {
            let value = self.answer(env, &typed.ty, answer)?;
            let is_so = if typed.ty != Type::Bool {
                self.builder.compare(ir::Cmp::Eq, typed.node, value)
            } else if self.builder.written(value) == Some(&Const::Bool(false)) {
                self.builder.not(typed.node)
            } else {
                typed.node
            };
            let whole = self
                .builder
                .and([recorded, always[0], always[1], condition, is_so]);
            let rest = self.builder.and([always[0], always[1], is_so]);
            let guard = self.guarded(condition, rest);
            let id = self.line_layout(from, to, line, making, Some(whole))?;
            let part = making.lines.get(id as usize)?.provision;
            // One line of the text, one answer of it.
            if let Some(provision) = self.provisions.get_mut(part as usize) {
                let answer = ir::Words::Text(format!(" is {}", answer.text));
                provision.value.push(answer);
            }
            lines.push(Line {
                trigger: Trigger::Read(Sign::Decision, self.builder.mark(part, recorded)),
                guard: self.builder.mark(part, guard),
                otherwise: line.otherwise,
                to: self.goto(env, to, id, making)?,
            });
        }
        Some(lines)
    }

    /// A value of a judgement by its word.
    pub(super) fn answer(&mut self, env: &Env, ty: &Type, answer: &ast::Name) -> Option<NodeId> {
        match (ty, answer.text.as_str()) {
            (Type::Bool, "yes") => Some(self.builder.bool(true)),
            (Type::Bool, "no") => Some(self.builder.bool(false)),
            (Type::Enum(id), word) => {
                if let Some(node) = self.enum_value(*id, word, answer.span) {
                    return Some(node);
                }
                self.unknown_word(env, word, Some(ty), answer.span);
                None
            }
            _ => {
                self.unknown_word(env, &answer.text, Some(ty), answer.span);
                None
            }
        }
    }

    /// Numbers a line and remembers how it is shown; `when` is what the competition check looks at.
    pub(super) fn line_layout(
        &mut self,
        from: Option<u32>,
        to: &Goto,
        line: &ast::Transition,
        making: &mut Making,
        when: Option<NodeId>,
    ) -> Option<u32> {
        let target = self.target(making, to, from)?;
        let mut cites = self.cite(&line.cites);
        cites.extend(making.cites.iter().copied());
        cites.sort_unstable();
        cites.dedup();
        let id = making.lines.len() as u32;
        if let Some(guard) = when {
            let text = self.text(line.span);
            let name = match text.rfind(" -> ") {
                Some(at) => text.get(..at).unwrap_or_default().to_owned(),
                None => text,
            };
            let value = self
                .builder
                .add(Op::Const(Const::Enum(target)), Type::Enum(making.states));
            let side = Side {
                name,
                scope: None,
                guard: Some(guard),
                value,
                span: line.span,
            };
            // Items come after everything else of a day, and `otherwise` after what does not say so.
            let is_item = line.item().is_some();
            making.sides.push((from, (is_item, line.otherwise), side));
        }
        let kind = ProvisionKind::Transition;
        let name = format!("line {}", id + 1);
        let subject = line.kind.subject().map(|expr| expr.span);
        let said = Said::at(line.span)
            .when(line.guard.as_ref())
            .gives(line.item().map(|item| item.span).or(subject));
        let provision = self.part(&making.name, kind, name, said, &cites);
        making.lines.push(LineLayout {
            provision,
            from,
            to: target,
            cites,
        });
        Some(id)
    }

    pub(super) fn goto(&mut self, env: &Env, to: &Goto, id: u32, making: &Making) -> Option<Move> {
        let target = making.lines.get(id as usize)?.to;
        let mut set = Vec::new();
        for (field, value) in &to.sets {
            let Some(at) = making
                .keeps
                .iter()
                .position(|(name, _)| *name == field.text)
            else {
                let known = making.keeps.iter().map(|(name, _)| name);
                self.unknown(Unknown::new(field, Sought::Kept, known));
                return None;
            };
            let (_, ty) = making.keeps.get(at)?;
            if set.iter().any(|(known, _)| *known == at as u32) {
                self.report(
                    Diagnostic::new(
                        Code::DuplicateName,
                        field.span,
                        format!("`{}` is set twice", field.text),
                    )
                    .help("keep one of the two: all of a line are set together"),
                );
                return None;
            }
            let value = self.check(env, value, ty)?;
            let part = making.lines.get(id as usize)?.provision;
            set.push((at as u32, self.builder.mark(part, value)));
        }
        Some(Move {
            to: target,
            again: to.is_again(),
            set,
            id,
        })
    }

    /// Two lines of one state that may be ready together must not lead apart, unless one says `otherwise`.
    pub(super) fn compete(&mut self, making: &Making, _state: NodeId) {
        for (at, (from, rank, a)) in making.sides.iter().enumerate() {
            for (other_from, other_rank, b) in making.sides.iter().skip(at + 1) {
                if from != other_from || rank != other_rank || a.value == b.value {
                    continue;
                }
                self.obligations.push(Obligation::Disjoint {
                    a: a.clone(),
                    b: b.clone(),
                    kind: DisjointKind::Lines,
                });
            }
        }
    }
}
