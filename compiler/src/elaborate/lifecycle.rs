//! Lifecycles → one machine node, with the checks that need no analysis: states nobody reaches or leaves,
//! deadlines that lead nowhere, moves nobody decides.

use super::builder::{optional, required};
use super::provisions::Said;
use super::{Defined, Elaborator, Typed};
use crate::analysis::{DisjointKind, Obligation, Side};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Meaning, NOBODY, Sought, SymbolId, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, AGAIN, Goto, TransitionKind};
use polc_runtime::ir::lifecycle::{
    self, Lifecycle, LifecycleLayout, Line, LineLayout, Move, Round, State, Trigger,
};
use polc_runtime::ir::{self, Const, NodeId, Op, ProvisionKind, Type};
use std::collections::BTreeSet;

/// A lifecycle that is finished: what `NAME` and `NAME.part` stand for.
pub(super) struct Lowered {
    /// The machine.
    pub(super) node: NodeId,
    /// Its record.
    pub(super) record: ir::RecordId,
    /// How it is shown.
    pub(super) layout: LifecycleLayout,
}

/// What the lines of one lifecycle share while they are lowered.
struct Making {
    name: String,
    states: ir::EnumId,
    names: Vec<String>,
    parties: Vec<String>,
    keeps: Vec<(String, Type)>,
    rounds: Vec<(String, Round)>,
    lines: Vec<LineLayout>,
    /// Clauses on the header of the state whose lines are read; they cover its lines.
    cites: Vec<ir::ClauseId>,
    /// The state, whether the line takes an item and says `otherwise`, and what the competition check looks at.
    sides: Vec<(Option<u32>, (bool, bool), Side)>,
}

/// What sets a line off, whether it has, and in what words a field of the record may be asked for.
type SetOff = (Trigger, NodeId);

impl Elaborator<'_, '_> {
    pub(super) fn lifecycle(
        &mut self,
        lifecycle: &ast::Lifecycle,
        cites: Vec<ir::ClauseId>,
        label: &str,
    ) {
        let Some((states, names)) = self.states(lifecycle) else {
            return;
        };
        self.check_shape(lifecycle);
        let mut keeps: Vec<(String, Type)> = Vec::new();
        for keep in &lifecycle.keeps {
            let _ = self.cite(&keep.cites);
            let ty = self.type_or_mark(&keep.ty);
            keeps.push((keep.name.text.clone(), optional(ty)));
        }
        let mut making = Making {
            name: lifecycle.name.text.clone(),
            states,
            names,
            parties: Vec::new(),
            keeps,
            rounds: Vec::new(),
            lines: Vec::new(),
            cites: Vec::new(),
            sides: Vec::new(),
        };
        let before = self.locals.len();
        // Without the items the lines would not know their names.
        let machine = match self.rounds(lifecycle, &mut making) {
            true => self.machine(lifecycle, &mut making),
            false => None,
        };
        if let Some(machine) = &machine {
            self.undated_starts(lifecycle, machine);
        }
        self.locals.truncate(before);
        let Some(machine) = machine else {
            return;
        };
        if making.parties.is_empty() {
            making.parties.push(NOBODY.to_owned());
        }
        let item = ir::Enum {
            name: format!("{}.waiting_for", lifecycle.name.text),
            ordered: false,
            values: making.parties.clone(),
        };
        let parties = self.push_enum(item, Vec::new());
        let record = self.lifecycle_record(states, parties, lifecycle, &making.keeps);
        let machine = self
            .builder
            .add(Op::Lifecycle(Box::new(machine)), Type::Record(record));
        let (node, ty) = (machine, Type::Record(record));
        let node = self.under_name(&lifecycle.name, Typed { node, ty }).node;
        let ty = Type::Enum(states);
        let state = self
            .builder
            .add(Op::Field(node, lifecycle::STATE), ty.clone());
        self.compete(&making, state);
        let state = Typed {
            node: state,
            ty: ty.clone(),
        };
        let state = self.under_name(&lifecycle.name, state).node;
        let name = &lifecycle.name.text;
        let state_cites = self.state_cites(lifecycle, &making.names);
        let labels = making.names.iter().map(|name| {
            let state = lifecycle
                .states
                .iter()
                .find(|state| state.name.text == *name);
            state
                .and_then(|state| state.label.clone())
                .unwrap_or_default()
        });
        let labels = labels.collect();
        let layout = LifecycleLayout {
            name: name.clone(),
            label: label.to_owned(),
            node: machine,
            states,
            parties,
            lines: making.lines,
            cites: state_cites,
            labels,
        };
        let definition = ir::Definition {
            name: name.clone(),
            label: label.to_owned(),
            kind: ir::DefinitionKind::Decision,
            ty: ty.clone(),
            node: state,
            rules: Vec::new(),
            cites,
        };
        let Some(id) = self.symbol_at(lifecycle.name.span) else {
            return;
        };
        let lowered = Lowered {
            node,
            record,
            layout,
        };
        self.lifecycles.insert(id, lowered);
        let defined = Defined {
            typed: Typed { node: state, ty },
            definition: Some(definition),
        };
        self.defined.insert(id, defined);
    }

    fn state_cites(
        &mut self,
        lifecycle: &ast::Lifecycle,
        names: &[String],
    ) -> Vec<Vec<ir::ClauseId>> {
        names
            .iter()
            .map(|name| {
                let state = lifecycle.states.iter().find(|s| s.name.text == *name);
                state
                    .map(|state| self.cite(&state.cites))
                    .unwrap_or_default()
            })
            .collect()
    }

    /// The enumeration of the states: the declared one, or one of the lifecycle's own.
    fn states(&mut self, lifecycle: &ast::Lifecycle) -> Option<(ir::EnumId, Vec<String>)> {
        let written: Vec<&ast::Name> = lifecycle.states.iter().map(|state| &state.name).collect();
        for (at, name) in written.iter().enumerate() {
            if let Some(first) = written
                .iter()
                .take(at)
                .find(|other| other.text == name.text)
            {
                self.report(
                    Diagnostic::new(
                        Code::DuplicateName,
                        name.span,
                        format!("the state `{}` is declared twice", name.text),
                    )
                    .label(first.span, "first declared here")
                    .help("put its lines below one `state`"),
                );
                return None;
            }
        }
        if let Some(written_type) = &lifecycle.ty {
            let Type::Enum(id) = self.read_type(written_type)? else {
                self.report(
                    Diagnostic::new(
                        Code::TypeMismatch,
                        written_type.span,
                        "the states of a lifecycle are the values of an enumeration",
                    )
                    .help("name an `enum`, or leave the type out"),
                );
                return None;
            };
            let values = self.enums.get(id as usize)?.values.clone();
            for name in &written {
                if !values.contains(&name.text) {
                    let written = self.text(written_type.span);
                    let sought = Sought::DeclaredState(&written);
                    self.unknown(Unknown::new(name, sought, values));
                    return None;
                }
            }
            if let Some(missing) = values
                .iter()
                .find(|value| written.iter().all(|name| name.text != **value))
            {
                self.report(
                    Diagnostic::new(
                        Code::MissingPart,
                        lifecycle.name.span,
                        format!("the state `{missing}` is not declared"),
                    )
                    .help(format!("add `state {missing}`, or name it after `final`")),
                );
                return None;
            }
            return Some((id, values));
        }
        let values: Vec<String> = written.iter().map(|name| name.text.clone()).collect();
        let item = ir::Enum {
            name: lifecycle.name.text.clone(),
            ordered: false,
            values: values.clone(),
        };
        let places = written.iter().map(|name| name.span).collect();
        Some((self.push_enum(item, places), values))
    }

    fn state_index(&mut self, making: &Making, name: &ast::Name) -> Option<u32> {
        let at = making.names.iter().position(|known| *known == name.text);
        if at.is_none() {
            self.unknown(Unknown::new(name, Sought::State, &making.names));
        }
        at.map(|at| at as u32)
    }

    /// The state a line leads to; `again` is the one it belongs to.
    fn target(&mut self, making: &Making, to: &Goto, from: Option<u32>) -> Option<u32> {
        if !to.is_again() {
            return self.state_index(making, &to.state);
        }
        if from.is_none() {
            self.report(
                Diagnostic::new(
                    Code::UnknownState,
                    to.state.span,
                    "`again` enters the state its line belongs to anew; this line belongs to every open state",
                )
                .help("put a line with `-> again` below each state it is meant for"),
            );
        }
        from
    }

    /// What can be said of a lifecycle without evaluating it.
    fn check_shape(&mut self, lifecycle: &ast::Lifecycle) {
        let find = |name: &str| lifecycle.states.iter().position(|s| s.name.text == name);
        let goals = lifecycle.lines().flat_map(ast::Transition::targets);
        let names = goals.map(|to| &to.state).chain([&lifecycle.starts]);
        let mut names = names;
        let misspelt = names.any(|name| find(&name.text).is_none());
        let mut reached = vec![misspelt; lifecycle.states.len()];
        let mut todo: Vec<usize> = find(&lifecycle.starts.text).into_iter().collect();
        while let Some(at) = todo.pop() {
            let Some(slot) = reached.get_mut(at) else {
                continue;
            };
            if std::mem::replace(slot, true) {
                continue;
            }
            let Some(state) = lifecycle.states.get(at).filter(|state| !state.is_final) else {
                continue;
            };
            for line in lifecycle.everywhere.iter().chain(&state.lines) {
                todo.extend(
                    line.targets()
                        .into_iter()
                        .filter(|to| !to.is_again())
                        .filter_map(|to| find(&to.state.text)),
                );
            }
        }
        for (state, reached) in lifecycle.states.iter().zip(reached) {
            let name = &state.name;
            if name.text == AGAIN {
                self.report(
                    Diagnostic::new(
                        Code::ReservedName,
                        name.span,
                        "no state is named `again`: after `->` it enters the same state anew",
                    )
                    .help("give the state another name"),
                );
                continue;
            }
            if !reached {
                self.report(
                    Diagnostic::new(
                        Code::UnreachableState,
                        name.span,
                        format!("nothing leads to the state `{}`", name.text),
                    )
                    .help("add a line `… -> STATE` that leads here, or remove the state"),
                );
            }
            let out = lifecycle.everywhere.len() + state.lines.len();
            if !state.is_final && out == 0 {
                self.report(
                    Diagnostic::new(
                        Code::DeadEnd,
                        name.span,
                        format!("nothing leads out of the state `{}`", name.text),
                    )
                    .help(format!("add a line to it, or write `final {}`", name.text)),
                );
            }
            let lates = state
                .lines
                .iter()
                .filter(|line| matches!(line.kind, TransitionKind::Late(_)));
            match (&state.deadline, lates.clone().next()) {
                (Some(deadline), None) => self.report(
                    Diagnostic::new(
                        Code::DeadlineWithoutLate,
                        deadline.span,
                        format!(
                            "nothing happens when the deadline of `{}` has passed",
                            name.text
                        ),
                    )
                    .help("add `late -> STATE` below the state"),
                ),
                (None, Some(late)) => self.report(
                    Diagnostic::new(
                        Code::MissingPart,
                        late.span,
                        format!("`{}` has no deadline that could be missed", name.text),
                    )
                    .help("write `deadline 30 days` after the state, or remove the line"),
                ),
                _ => {}
            }
            if let Some(second) = lates.clone().nth(1) {
                self.report(
                    Diagnostic::new(
                        Code::DuplicateName,
                        second.span,
                        format!("`{}` says twice what is late", name.text),
                    )
                    .help("keep one `late` line"),
                );
            }
        }
        for line in &lifecycle.everywhere {
            if matches!(line.kind, TransitionKind::Late(_)) {
                self.report(
                    Diagnostic::new(
                        Code::MissingPart,
                        line.span,
                        "`late` belongs to a state with a deadline",
                    )
                    .help("put it below the state"),
                );
            }
        }
    }

    /// The lists whose items are taken: each item is a name the other lines can use.
    fn rounds(&mut self, lifecycle: &ast::Lifecycle, making: &mut Making) -> bool {
        let mut complete = true;
        for line in lifecycle.lines() {
            let TransitionKind::Each { item, list, by, .. } = &line.kind else {
                continue;
            };
            if self.free_name(item).is_none() {
                complete = false;
                continue;
            }
            let Some(typed) = self.infer(list, None) else {
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
            self.locals.push((item.clone(), node));
            making.rounds.push((
                item.text.clone(),
                Round {
                    list: typed.node,
                    binder,
                    date,
                },
            ));
        }
        complete
    }

    /// The record of a list's items and the field that dates them.
    fn dating_field(&mut self, list: &Typed, by: &ast::Name, span: Span) -> Option<(Type, u32)> {
        let item = match &list.ty {
            Type::List(item) => (**item).clone(),
            other => {
                let name = self.type_name(other);
                self.report(
                    Diagnostic::new(
                        Code::TypeMismatch,
                        span,
                        format!("this is {name}, not a list of records"),
                    )
                    .help("name a list whose items have a date"),
                );
                return None;
            }
        };
        let fields = match &item {
            Type::Record(id) => self.records.get(*id as usize).map(|record| &record.fields),
            _ => None,
        };
        let at = fields.and_then(|fields| {
            fields
                .iter()
                .position(|field| field.name == by.text && required(&field.ty) == Type::Date)
        });
        if at.is_none() {
            self.unknown(Unknown::only(by, Sought::ItemDate));
        }
        if let (Type::Record(id), Some(at)) = (&item, at) {
            self.means_field(by.span, *id, at);
        }
        Some((item, at? as u32))
    }

    fn machine(&mut self, lifecycle: &ast::Lifecycle, making: &mut Making) -> Option<Lifecycle> {
        let starts = self.state_index(making, &lifecycle.starts);
        let everywhere = self.lines(&lifecycle.everywhere, None, making);
        let mut complete = true;
        let mut states = Vec::with_capacity(making.names.len());
        for name in making.names.clone() {
            let state = lifecycle.states.iter().find(|s| s.name.text == name)?;
            match self.state(state, making) {
                Some(state) => states.push(state),
                None => complete = false,
            }
        }
        let (starts, everywhere) = (starts?, everywhere?);
        complete.then(|| Lifecycle {
            name: lifecycle.name.text.clone(),
            starts,
            states,
            everywhere,
            rounds: making
                .rounds
                .iter()
                .map(|(_, round)| round.clone())
                .collect(),
            kept: making.keeps.iter().map(|(_, ty)| ty.clone()).collect(),
        })
    }

    fn state(&mut self, state: &ast::State, making: &mut Making) -> Option<State> {
        let at = self.state_index(making, &state.name)?;
        making.cites = self.cite(&state.cites);
        let deadline = match &state.deadline {
            Some(expr) => Some(self.deadline(expr)?),
            None => None,
        };
        let unless = match &state.unless {
            Some(expr) => {
                let unless = self.check(expr, &Type::Bool)?;
                Some(self.guard(unless, expr.span))
            }
            None => None,
        };
        let no_reentry = match &state.no_reentry {
            Some(expr) => Some(self.length(expr)?.node),
            None => None,
        };
        let kind = ProvisionKind::State;
        let said = Said::at(state.name.span)
            .when(state.unless.as_ref())
            .gives(state.deadline.as_ref().map(|expr| expr.span));
        let part = self.part(&making.name, kind, &state.name.text, said, &making.cites);
        let mark =
            |this: &mut Self, node: Option<NodeId>| node.map(|node| this.builder.mark(part, node));
        let deadline = mark(self, deadline);
        let unless = mark(self, unless);
        let no_reentry = mark(self, no_reentry);
        let mut party = state.waits_for.as_ref().map(|name| name.text.clone());
        let mut late = None;
        let mut own = Vec::new();
        for line in &state.lines {
            if let TransitionKind::Late(to) = &line.kind {
                // The length that has passed is cited where it is given.
                let own = making.cites.clone();
                if let Some(deadline) = &state.deadline
                    && let Some(length) = self.symbol_at(deadline.span)
                    && let Some(length) = self.defined.get(&length)
                    && let Some(length) = &length.definition
                {
                    making.cites.extend(length.cites.iter().copied());
                }
                let id = self.line_layout(Some(at), to, line, making, None)?;
                late = Some(self.goto(to, id, making)?);
                making.cites = own;
            } else {
                own.push(line.clone());
            }
            if let TransitionKind::May { judgement, .. } = &line.kind
                && party.is_none()
            {
                party = self.decider(judgement);
            }
        }
        let lines = self.lines(&own, Some(at), making)?;
        making.cites.clear();
        let waits_for = party.map(|party| {
            let known = making.parties.iter().position(|other| *other == party);
            known.unwrap_or_else(|| {
                making.parties.push(party);
                making.parties.len() - 1
            }) as u32
        });
        Some(State {
            is_final: state.is_final,
            waits_for,
            deadline,
            unless,
            late,
            no_reentry,
            lines,
        })
    }

    /// Who decides a judgement.
    fn decider(&mut self, judgement: &ast::Expr) -> Option<String> {
        let kind = match &judgement.kind {
            ast::ExprKind::Name(_) => {
                let fact = self.symbol_at(judgement.span)?;
                let fact = self.fact_of(fact)?;
                self.facts.get(fact as usize)?.kind.clone()
            }
            _ => {
                let typed = self.infer(judgement, None)?;
                let Some(Op::Field(record, at)) = self.builder.op(typed.node).cloned() else {
                    return None;
                };
                let Type::Record(id) = required(&self.builder.ty(record)) else {
                    return None;
                };
                let record = self.records.get(id as usize)?;
                record.fields.get(at as usize)?.kind.clone()
            }
        };
        match kind {
            ir::FactKind::Judgement { by } => Some(by),
            _ => None,
        }
    }

    /// Days or months.
    fn length(&mut self, expr: &ast::Expr) -> Option<Typed> {
        let typed = self.infer(expr, None)?;
        if matches!(typed.ty, Type::Days | Type::Months) {
            return Some(typed);
        }
        let name = self.type_name(&typed.ty);
        self.report(
            Diagnostic::new(
                Code::TypeMismatch,
                expr.span,
                format!("this is {name}, not a length of time"),
            )
            .help("write it like `30 days` or `6 months`"),
        );
        None
    }

    /// A deadline: a length from the day of entry, or a date.
    fn deadline(&mut self, expr: &ast::Expr) -> Option<NodeId> {
        let typed = self.infer(expr, None)?;
        let as_of = self.builder.add(Op::AsOf, Type::Date);
        match required(&typed.ty) {
            Type::Days => Some(self.builder.add(Op::AddDays(as_of, typed.node), Type::Date)),
            Type::Months => Some(
                self.builder
                    .add(Op::AddMonths(as_of, typed.node), Type::Date),
            ),
            Type::Date => Some(typed.node),
            other => {
                let name = self.type_name(&other);
                self.report(
                    Diagnostic::new(
                        Code::TypeMismatch,
                        expr.span,
                        format!("this is {name}, not a length of time or a date"),
                    )
                    .help("write it like `deadline 30 days`, or name a date"),
                );
                None
            }
        }
    }

    fn lines(
        &mut self,
        lines: &[ast::Transition],
        from: Option<u32>,
        making: &mut Making,
    ) -> Option<Vec<Line>> {
        let mut lowered = Vec::new();
        let mut complete = true;
        for line in lines {
            match self.line(line, from, making) {
                Some(more) => lowered.extend(more),
                None => complete = false,
            }
        }
        complete.then_some(lowered)
    }

    /// One line; a decision is one line for each answer.
    fn line(
        &mut self,
        line: &ast::Transition,
        from: Option<u32>,
        making: &mut Making,
    ) -> Option<Vec<Line>> {
        let period = self.period(&line.dates);
        let under = self.under(line.under.as_ref());
        let in_force = self.in_force(period?);
        let always = [in_force, under?];
        let depth = self.narrowed.len();
        let lowered = match &line.kind {
            TransitionKind::On { event, guard, to } => {
                let trigger = self.event(event);
                trigger.and_then(|(trigger, happened)| {
                    self.narrow_true(happened);
                    self.plain_line(
                        line,
                        from,
                        to,
                        guard.as_ref(),
                        (trigger, happened),
                        always,
                        making,
                    )
                })
            }
            TransitionKind::Each {
                item, guard, to, ..
            } => {
                let at = making
                    .rounds
                    .iter()
                    .position(|(name, _)| *name == item.text);
                let yes = self.builder.bool(true);
                at.and_then(|at| {
                    let trigger = Trigger::Each(at as u32);
                    self.plain_line(
                        line,
                        from,
                        to,
                        guard.as_ref(),
                        (trigger, yes),
                        always,
                        making,
                    )
                })
            }
            TransitionKind::When { guard, to } => {
                let yes = self.builder.bool(true);
                let set_off = (Trigger::Condition, yes);
                self.plain_line(line, from, to, guard.as_ref(), set_off, always, making)
            }
            TransitionKind::May {
                judgement,
                answers,
                guard,
            } => self.decision_lines(
                line,
                from,
                judgement,
                answers,
                guard.as_ref(),
                always,
                making,
            ),
            TransitionKind::Late(_) => None,
        };
        self.narrowed.truncate(depth);
        lowered
    }

    /// A day on which something happened, and whether it has.
    fn event(&mut self, event: &ast::Expr) -> Option<SetOff> {
        let typed = self.infer(event, None)?;
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
        let happened = match typed.ty {
            Type::Optional(_) => {
                let none = self.builder.is_none(typed.node);
                self.builder.not(none)
            }
            _ => self.builder.bool(true),
        };
        Some((Trigger::On(typed.node), happened))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one line")]
    fn plain_line(
        &mut self,
        line: &ast::Transition,
        from: Option<u32>,
        to: &Goto,
        guard: Option<&ast::Expr>,
        (trigger, happened): SetOff,
        always: [NodeId; 2],
        making: &mut Making,
    ) -> Option<Vec<Line>> {
        let condition = match guard {
            Some(expr) => {
                let condition = self.check(expr, &Type::Bool)?;
                self.guard(condition, expr.span)
            }
            None => self.builder.bool(true),
        };
        let whole = self.builder.and([always[0], always[1], condition]);
        self.narrow_true(whole);
        let whole = self.builder.and([happened, whole]);
        let rest = self.builder.and(always);
        let guard = self.guarded(condition, rest);
        let id = self.line_layout(from, to, line, making, Some(whole))?;
        let part = making.lines.get(id as usize)?.provision;
        let trigger = match trigger {
            Trigger::On(event) => Trigger::On(self.builder.mark(part, event)),
            other @ (Trigger::Condition | Trigger::Each(_) | Trigger::Decision { .. }) => other,
        };
        Some(vec![Line {
            trigger,
            guard: self.builder.mark(part, guard),
            otherwise: line.otherwise,
            to: self.goto(to, id, making)?,
        }])
    }

    /// A condition without a day that leads out of the first state: nobody knows since when the next one holds.
    fn undated_starts(&mut self, lifecycle: &ast::Lifecycle, machine: &Lifecycle) {
        let first = lifecycle
            .states
            .iter()
            .find(|state| state.name.text == lifecycle.starts.text);
        let own = first.into_iter().flat_map(|state| &state.lines);
        let written: Vec<Span> = lifecycle
            .everywhere
            .iter()
            .chain(own)
            .filter(|line| matches!(line.kind, TransitionKind::When { .. }))
            .map(|line| line.span)
            .collect();
        let state = machine.states.get(machine.starts as usize);
        let own = state.into_iter().flat_map(|state| &state.lines);
        let lines: Vec<NodeId> = machine
            .everywhere
            .iter()
            .chain(own)
            .filter(|line| line.trigger == Trigger::Condition)
            .map(|line| line.guard)
            .collect();
        for (span, guard) in written.into_iter().zip(lines) {
            if !self.is_dated(guard) {
                self.report(
                    Diagnostic::new(
                        Code::UndatedStart,
                        span,
                        "nothing says since when this holds, so the day of the move is never known",
                    )
                    .help("lead on with an event, `on EVENT when …`, or with a condition on dated facts"),
                );
            }
        }
    }

    /// Whether a node may differ from one day to another.
    fn is_dated(&self, node: NodeId) -> bool {
        let mut seen = BTreeSet::new();
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            if !seen.insert(node) {
                continue;
            }
            let Some(op) = self.builder.op(node) else {
                continue;
            };
            let dated = match op {
                Op::AsOf
                | Op::InForce(_)
                | Op::Granted { .. }
                | Op::Recorded(_)
                | Op::RecordedField(..)
                | Op::ReadingIs(..)
                | Op::Item(_)
                | Op::Ever { .. }
                | Op::Lifecycle(_) => true,
                Op::Fact(id) => self.facts.get(*id as usize).is_none_or(|fact| {
                    fact.kind != ir::FactKind::Given
                        || fact.derived.is_some()
                        || self.has_days(&fact.ty, 0)
                }),
                _ => false,
            };
            if dated {
                return true;
            }
            ir::children(op, |child| todo.push(child));
        }
        false
    }

    /// Whether values of a type say when parts of them happened.
    fn has_days(&self, ty: &Type, depth: u32) -> bool {
        match ty {
            Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => {
                self.has_days(inner, depth)
            }
            Type::Record(id) => self.records.get(*id as usize).is_none_or(|record| {
                let days = |field: &ir::Field| {
                    field.kind != ir::FactKind::Given || self.has_days(&field.ty, depth + 1)
                };
                depth > 8 || record.dated.is_some() || record.fields.iter().any(days)
            }),
            _ => false,
        }
    }

    /// What must hold for a line: `rest` where the condition holds. `and` would leave out a condition that is not
    /// applicable, and the line would lead on without it.
    fn guarded(&mut self, condition: NodeId, rest: NodeId) -> NodeId {
        if self.builder.truth(rest) == Some(true) {
            return condition;
        }
        let no = self.builder.bool(false);
        self.builder
            .cases(vec![(condition, rest)], Some(no), Type::Bool)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one line")]
    fn decision_lines(
        &mut self,
        line: &ast::Transition,
        from: Option<u32>,
        judgement: &ast::Expr,
        answers: &[(ast::Name, Goto)],
        guard: Option<&ast::Expr>,
        always: [NodeId; 2],
        making: &mut Making,
    ) -> Option<Vec<Line>> {
        // What cannot be read is reported as that.
        self.infer(judgement, None)?;
        if self.decider(judgement).is_none() {
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
        let recorded = self.recorded(judgement)?;
        let typed = self.infer(judgement, None)?;
        let condition = match guard {
            Some(expr) => {
                let condition = self.check(expr, &Type::Bool)?;
                self.guard(condition, expr.span)
            }
            None => self.builder.bool(true),
        };
        let mut lines = Vec::new();
        for (answer, to) in answers {
            let value = self.answer(&typed.ty, answer)?;
            let is_so = match &typed.ty {
                Type::Bool => match self.builder.written(value) {
                    Some(Const::Bool(false)) => self.builder.not(typed.node),
                    _ => typed.node,
                },
                _ => self.builder.compare(ir::Cmp::Eq, typed.node, value),
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
                trigger: Trigger::Decision {
                    recorded: self.builder.mark(part, recorded),
                },
                guard: self.builder.mark(part, guard),
                otherwise: line.otherwise,
                to: self.goto(to, id, making)?,
            });
        }
        Some(lines)
    }

    /// A value of a judgement by its word.
    fn answer(&mut self, ty: &Type, answer: &ast::Name) -> Option<NodeId> {
        match (ty, answer.text.as_str()) {
            (Type::Bool, "yes") => Some(self.builder.bool(true)),
            (Type::Bool, "no") => Some(self.builder.bool(false)),
            (Type::Enum(id), word) => {
                if let Some(node) = self.enum_value(*id, word, answer.span) {
                    return Some(node);
                }
                self.unknown_word(word, Some(ty), answer.span);
                None
            }
            _ => {
                self.unknown_word(&answer.text, Some(ty), answer.span);
                None
            }
        }
    }

    /// Numbers a line and remembers how it is shown; `when` is what the competition check looks at.
    fn line_layout(
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
            let is_item = matches!(line.kind, TransitionKind::Each { .. });
            making.sides.push((from, (is_item, line.otherwise), side));
        }
        let kind = ProvisionKind::Transition;
        let name = format!("line {}", id + 1);
        let said = match &line.kind {
            TransitionKind::On { event, guard, .. } => Said::at(line.span)
                .when(guard.as_ref())
                .gives(Some(event.span)),
            TransitionKind::Each { item, guard, .. } => Said::at(line.span)
                .when(guard.as_ref())
                .gives(Some(item.span)),
            TransitionKind::When { guard, .. } => Said::at(line.span).when(guard.as_ref()),
            TransitionKind::May {
                judgement, guard, ..
            } => Said::at(line.span)
                .when(guard.as_ref())
                .gives(Some(judgement.span)),
            TransitionKind::Late(_) => Said::at(line.span),
        };
        let provision = self.part(&making.name, kind, name, said, &cites);
        making.lines.push(LineLayout {
            provision,
            from,
            to: target,
            cites,
        });
        Some(id)
    }

    fn goto(&mut self, to: &Goto, id: u32, making: &Making) -> Option<Move> {
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
            let value = self.check(value, ty)?;
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
    fn compete(&mut self, making: &Making, _state: NodeId) {
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

    fn lifecycle_record(
        &mut self,
        states: ir::EnumId,
        parties: ir::EnumId,
        lifecycle: &ast::Lifecycle,
        keeps: &[(String, Type)],
    ) -> ir::RecordId {
        let field = ir::Field::plain;
        let step = vec![
            field("on", optional(Type::Date)),
            field("to", Type::Enum(states)),
            field("because", Type::Text),
        ];
        let step = self.anonymous_record(step, Vec::new());
        let mut fields = vec![
            field("state", Type::Enum(states)),
            field("since", optional(Type::Date)),
            field("deadline", optional(Type::Date)),
            field("waiting_for", optional(Type::Enum(parties))),
            field("moves", Type::List(Box::new(Type::Enum(states)))),
            field("history", Type::List(Box::new(Type::Record(step)))),
        ];
        fields.extend(keeps.iter().map(|(name, ty)| field(name, ty.clone())));
        let own = fields.len() - keeps.len();
        let id = self.anonymous_record(fields, Vec::new());
        if let Some(places) = self.field_places.get_mut(id as usize) {
            places.resize(own, Span::default());
            places.extend(lifecycle.keeps.iter().map(|keep| keep.name.span));
        }
        id
    }

    /// `NAME.part` of a lifecycle or an order; `None` when the name is neither.
    pub(super) fn part_of(&mut self, id: SymbolId, part: &ast::Name) -> Option<Option<Typed>> {
        match self.symbols.list.get(id)?.kind {
            SymbolKind::Lifecycle(_) => {}
            SymbolKind::Order(_) => return Some(self.order_part(id, part)),
            _ => return None,
        }
        // Absent after an error in it, which has been reported there.
        let Some(lowered) = self.lifecycles.get(&id) else {
            return Some(None);
        };
        let (node, record) = (lowered.node, lowered.record);
        if part.text == "days_left" {
            self.settled.put(part.span, Meaning::BuiltIn);
            let deadline = self
                .builder
                .add(Op::Field(node, lifecycle::DEADLINE), optional(Type::Date));
            let as_of = self.builder.add(Op::AsOf, Type::Date);
            let left = self
                .builder
                .add(Op::DaysBetween(as_of, deadline), Type::Days);
            let none = self.builder.none(Type::Days);
            let nothing = self.builder.is_none(deadline);
            let ty = optional(Type::Days);
            let node = self
                .builder
                .cases(vec![(nothing, none)], Some(left), ty.clone());
            return Some(Some(Typed { node, ty }));
        }
        let of = Typed {
            node,
            ty: Type::Record(record),
        };
        Some(self.field(of, part))
    }
}
