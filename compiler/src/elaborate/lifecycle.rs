//! Lifecycles → one machine node, with the checks that need no analysis: states nobody reaches or leaves,
//! deadlines that lead nowhere, moves nobody decides.

use super::builder::{optional, required};
use super::env::Env;
use super::provisions::Said;
use super::{Defined, Elaborator, Typed};
use crate::analysis::Side;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{Meaning, NOBODY, Sought, SymbolId, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast::{self, Goto, TransitionKind};
use polc_runtime::ir::lifecycle::{self, Lifecycle, LifecycleLayout, LineLayout, Round, State};
use polc_runtime::ir::{self, NodeId, Op, ProvisionKind, Type};

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
pub(super) struct Making {
    pub(super) name: String,
    pub(super) states: ir::EnumId,
    pub(super) names: Vec<String>,
    pub(super) parties: Vec<String>,
    pub(super) keeps: Vec<(String, Type)>,
    pub(super) rounds: Vec<(String, Round)>,
    pub(super) lines: Vec<LineLayout>,
    /// Clauses on the header of the state whose lines are read; they cover its lines.
    pub(super) cites: Vec<ir::ClauseId>,
    /// The state, whether the line takes an item and says `otherwise`, and what the competition check looks at.
    pub(super) sides: Vec<(Option<u32>, (bool, bool), Side)>,
}

impl Elaborator<'_, '_> {
    pub(super) fn lifecycle(
        &mut self,
        lifecycle: &ast::Lifecycle,
        cites: Vec<ir::ClauseId>,
        label: &str,
    ) {
        let env = &Env::default();
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
        // Without the items the lines would not know their names.
        let Some(inside) = self.rounds(env, lifecycle, &mut making) else {
            return;
        };
        let Some(machine) = self.machine(&inside, lifecycle, &mut making) else {
            return;
        };
        self.undated_starts(lifecycle, &machine);
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
            let mut states = lifecycle.states.iter();
            let state = states.find(|state| state.name.text == *name);
            state.and_then(|state| state.label.clone())
        });
        let labels = labels.map(Option::unwrap_or_default).collect();
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
            parameters: Vec::new(),
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
        self.made.lifecycles.insert(id, lowered);
        let defined = Defined {
            typed: Typed { node: state, ty },
            parameters: Vec::new(),
            definition: Some(definition),
        };
        self.made.defined.insert(id, defined);
    }

    pub(super) fn state_cites(
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
    pub(super) fn states(
        &mut self,
        lifecycle: &ast::Lifecycle,
    ) -> Option<(ir::EnumId, Vec<String>)> {
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
            let values = self.types.enums.get(id as usize)?.values.clone();
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

    pub(super) fn state_index(&mut self, making: &Making, name: &ast::Name) -> Option<u32> {
        let at = making.names.iter().position(|known| *known == name.text);
        if at.is_none() {
            self.unknown(Unknown::new(name, Sought::State, &making.names));
        }
        at.map(|at| at as u32)
    }

    /// The state a line leads to; `again` is the one it belongs to.
    pub(super) fn target(&mut self, making: &Making, to: &Goto, from: Option<u32>) -> Option<u32> {
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

    pub(super) fn machine(
        &mut self,
        env: &Env,
        lifecycle: &ast::Lifecycle,
        making: &mut Making,
    ) -> Option<Lifecycle> {
        let starts = self.state_index(making, &lifecycle.starts);
        let everywhere = self.lines(env, &lifecycle.everywhere, None, making);
        let mut complete = true;
        let mut states = Vec::with_capacity(making.names.len());
        for name in making.names.clone() {
            let state = lifecycle.states.iter().find(|s| s.name.text == name)?;
            match self.state(env, state, making) {
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

    pub(super) fn state(
        &mut self,
        env: &Env,
        state: &ast::State,
        making: &mut Making,
    ) -> Option<State> {
        let at = self.state_index(making, &state.name)?;
        making.cites = self.cite(&state.cites);
        let deadline = match &state.deadline {
            Some(expr) => Some(self.deadline(env, expr)?),
            None => None,
        };
        let unless = match &state.unless {
            Some(expr) => {
                let unless = self.check(env, expr, &Type::Bool)?;
                Some(self.guard(unless, expr.span))
            }
            None => None,
        };
        let no_reentry = match &state.no_reentry {
            Some(expr) => Some(self.length(env, expr)?.node),
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
            if let (TransitionKind::Late, Some(to)) = (&line.kind, line.targets.first()) {
                // The length that has passed is cited where it is given.
                let own = making.cites.clone();
                if let Some(deadline) = &state.deadline
                    && let Some(length) = self.symbol_at(deadline.span)
                    && let Some(length) = self.made.defined.get(&length)
                    && let Some(length) = &length.definition
                {
                    making.cites.extend(length.cites.iter().copied());
                }
                let id = self.line_layout(Some(at), to, line, making, None)?;
                late = Some(self.goto(env, to, id, making)?);
                making.cites = own;
            } else {
                own.push(line.clone());
            }
            if let TransitionKind::May { judgement, .. } = &line.kind
                && party.is_none()
            {
                party = self.decider(env, judgement);
            }
        }
        let lines = self.lines(env, &own, Some(at), making)?;
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
    pub(super) fn decider(&mut self, env: &Env, judgement: &ast::Expr) -> Option<String> {
        let kind = if judgement.word().is_some() {
            let fact = self.symbol_at(judgement.span)?;
            let fact = self.fact_of(fact)?;
            &self.inputs.facts.get(fact as usize)?.kind
        } else {
            let typed = self.infer(env, judgement, None)?;
            let Some(Op::Field(record, at)) = self.builder.op(typed.node) else {
                return None;
            };
            let record = self.types.record(&required(&self.builder.ty(*record)))?;
            &record.fields.get(*at as usize)?.kind
        };
        if let ir::FactKind::Judgement { by } = kind {
            return Some(by.clone());
        }
        None
    }

    /// Days or months.
    pub(super) fn length(&mut self, env: &Env, expr: &ast::Expr) -> Option<Typed> {
        let typed = self.infer(env, expr, None)?;
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
    pub(super) fn deadline(&mut self, env: &Env, expr: &ast::Expr) -> Option<NodeId> {
        let as_of = self.builder.add(Op::AsOf, Type::Date);
        self.day_or_length(env, as_of, expr, "deadline 30 days")
    }

    pub(super) fn lifecycle_record(
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
        if let Some(places) = self.types.field_places.get_mut(id as usize) {
            places.resize(own, Span::default());
            places.extend(lifecycle.keeps.iter().map(|keep| keep.name.span));
        }
        id
    }

    /// `NAME.part` of a lifecycle or an order; `None` when the name is neither.
    pub(super) fn part_of(
        &mut self,
        env: &Env,
        id: SymbolId,
        part: &ast::Name,
    ) -> Option<Option<Typed>> {
        let kind = self.symbols.list.get(id)?.kind;
        if matches!(kind, SymbolKind::Order(_)) {
            return Some(self.order_part(id, part));
        }
        if !matches!(kind, SymbolKind::Lifecycle(_)) {
            return None;
        }
        // Absent after an error in it, which has been reported there.
        let Some(lowered) = self.made.lifecycles.get(&id) else {
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
        Some(self.field(env, of, part))
    }
}
