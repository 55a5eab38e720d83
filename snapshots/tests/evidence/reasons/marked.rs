//! Changes of a compiled program: everything that is cited says something else, in place. What no change of the text
//! can say is said here: that a condition holds, or not, that a case gives what another one gives, that what is late leads
//! elsewhere.

use polc_runtime::ir::{self, Const, NodeId, Op, ProvisionId, ProvisionKind, Type};
use polc_runtime::value::{Date, Number};

/// One node says something else.
pub struct Changed {
    /// What is cited for it.
    pub thing: ProvisionId,
    /// What it says then.
    pub says: String,
    node: NodeId,
    op: Op,
}

impl Changed {
    /// The program with the change.
    pub fn of(&self, program: &ir::Program) -> ir::Program {
        let mut changed = program.clone();
        changed.nodes[self.node as usize].op = self.op.clone();
        changed
    }
}

/// Every change of a program.
pub fn changes(program: &ir::Program) -> Vec<Changed> {
    let mut found = Vec::new();
    for (at, node) in (0..).zip(&program.nodes) {
        let mut change = |thing, says: String, op| {
            found.push(Changed {
                thing,
                says,
                node: at,
                op,
            });
        };
        match &node.op {
            Op::Provision { provision, body } if is_part(program, *provision) => {
                for constant in others(program, &node.ty, *body) {
                    change(*provision, format!("{constant:?}"), Op::Const(constant));
                }
            }
            Op::Cases { cases, otherwise } => {
                for (nth, (guard, value)) in cases.iter().enumerate() {
                    let next = cases.iter().skip(nth + 1).map(|(_, value)| value);
                    let other = next.chain(otherwise).find(|other| *other != value);
                    let (Some(thing), Some(other)) = (cited(program, *guard), other) else {
                        continue;
                    };
                    let mut cases = cases.clone();
                    cases[nth].1 = *other;
                    let otherwise = *otherwise;
                    let says = "what comes after it".to_owned();
                    change(thing, says, Op::Cases { cases, otherwise });
                }
            }
            Op::Override {
                base,
                exceptions,
                beats,
            } => {
                for (nth, exception) in exceptions.iter().enumerate() {
                    let Some(thing) = cited(program, exception.guard) else {
                        continue;
                    };
                    let mut exceptions = exceptions.clone();
                    exceptions[nth].value = *base;
                    let op = Op::Override {
                        base: *base,
                        exceptions,
                        beats: beats.clone(),
                    };
                    change(thing, "what it is an exception to".to_owned(), op);
                }
            }
            Op::Lifecycle(machine) => {
                for (state, thing, to) in lates(program, machine) {
                    let mut machine = machine.clone();
                    if let Some(late) = &mut machine.states[state].late {
                        late.to = to;
                    }
                    let says = format!("late leads to state {to}");
                    change(thing, says, Op::Lifecycle(machine));
                }
            }
            _ => {}
        }
    }
    found
}

/// What is late in each state leads to another: no change of the text says that.
fn lates(
    program: &ir::Program,
    machine: &ir::lifecycle::Lifecycle,
) -> Vec<(usize, ProvisionId, u32)> {
    let mut layouts = program.lifecycles.iter();
    let Some(layout) = layouts.find(|layout| layout.name == machine.name) else {
        return Vec::new();
    };
    let states = machine.states.iter().enumerate();
    let late = states.filter_map(|(at, state)| {
        let late = state.late.as_ref()?;
        // Where it leads to the state held it is no move.
        if late.to as usize == at {
            return None;
        }
        let line = &layout.lines[late.id as usize];
        let to = (late.to + 1) % machine.states.len() as u32;
        Some((at, line.provision, to))
    });
    late.collect()
}

/// Whether it is a part of a declaration, an exception or a waiver. A state is one where it says something of its
/// own, such as a deadline: its lines are parts themselves.
pub fn is_part(program: &ir::Program, id: ProvisionId) -> bool {
    let known = &program.provisions[id as usize];
    match known.kind {
        ProvisionKind::Exception | ProvisionKind::Waiver => true,
        ProvisionKind::State => {
            let marks = |node: &ir::Node| matches!(&node.op, Op::Provision { provision, .. } if *provision == id);
            program.nodes.iter().any(marks)
        }
        _ => known.of.is_some(),
    }
}

fn cited(program: &ir::Program, node: NodeId) -> Option<ProvisionId> {
    match &program.nodes[node as usize].op {
        Op::Provision { provision, .. } if is_part(program, *provision) => Some(*provision),
        _ => None,
    }
}

/// Values that something may say instead.
fn others(program: &ir::Program, ty: &Type, body: NodeId) -> Vec<Const> {
    let says = match &program.nodes[program.bare(body) as usize].op {
        Op::Const(says) => Some(says),
        _ => None,
    };
    let mut others = match ty {
        Type::Bool => vec![Const::Bool(true), Const::Bool(false)],
        Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
            let near = |by| match says {
                Some(Const::Number(number)) => number.checked_add(Number::from_i64(by)),
                _ => None,
            };
            match near(1) {
                Some(next) => [next]
                    .into_iter()
                    .chain(near(-1))
                    .map(Const::Number)
                    .collect(),
                None => vec![Const::Number(Number::ZERO)],
            }
        }
        Type::Date => match says {
            Some(Const::Date(day)) => day
                .checked_add_days(1)
                .into_iter()
                .map(Const::Date)
                .collect(),
            _ => Date::new(2000, 1, 1).into_iter().map(Const::Date).collect(),
        },
        Type::Enum(id) => {
            let last = program.enums[*id as usize].values.len() as u32 - 1;
            vec![Const::Enum(0), Const::Enum(last)]
        }
        Type::Text => vec![Const::Text("something else".to_owned())],
        Type::List(_) | Type::Set(_) => vec![Const::List(Vec::new())],
        Type::Optional(inner) => {
            let mut others = others(program, inner, body);
            others.push(Const::None);
            others
        }
        Type::Record(_) => Vec::new(),
    };
    others.retain(|other| Some(other) != says);
    others
}
