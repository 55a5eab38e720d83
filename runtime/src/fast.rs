//! The fast path: one decision compiled to jumps over slots.
//!
//! In: a verified program and a decision made of comparisons, logic and cases. Out: [`Prepared`], which
//! decides from known scalar facts without allocating, and says nothing (`None`) as soon as it meets
//! anything else: an absent fact, a value that does not fit its scale, an event. The evaluator then
//! answers. What both answer is the same, because everything the jumps read was known, and known operands
//! decide alike in any order.

use crate::facts::{Facts, Slot};
use crate::ir::{self, Cmp, Const, FactId, FactKind, NodeId, Op, Type};
use crate::program::{Options, Program};
use crate::value::{Date, Number, Outcome, Value};
use std::collections::BTreeMap;

/// Places kept of a number that no constant asks more of.
const PLACES: u32 = 6;
/// Code longer than this is not worth its cache lines.
const MAX_CODE: usize = 20_000;

/// An answer of the fast path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Known to be none.
    None,
    /// A truth value.
    Bool(bool),
    /// Index of a value in its enumeration.
    Enum(u32),
    /// A day.
    Date(Date),
    /// Any number.
    Number(Number),
}

/// A decision ready to be made many times.
#[derive(Debug, Clone)]
pub struct Prepared {
    code: Vec<Step>,
    entry: u32,
    columns: Vec<Column>,
    /// The name and hash of the program.
    program: (String, String),
}

/// One partner's facts in the columns a decision reads.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    values: Vec<Held>,
}

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// Absent from the facts.
    Absent,
    /// Given, but only the evaluator can use it.
    Other,
    /// Known to be none.
    Nothing,
    /// A scalar: a number at the column's scale, days of a date, index of a value, 0 or 1.
    Known(i64),
}

/// A fact and the decimal places its numbers are kept at.
#[derive(Debug, Clone, Copy)]
struct Column {
    fact: FactId,
    places: u32,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Compares a column with a constant.
    Test {
        column: u32,
        cmp: Cmp,
        value: i64,
        yes: u32,
        no: u32,
    },
    /// Compares the day of evaluation with a constant.
    Day {
        cmp: Cmp,
        value: i64,
        yes: u32,
        no: u32,
    },
    /// Whether a column is none.
    Nothing { column: u32, yes: u32, no: u32 },
    /// Whether a column is absent; anything else is for the evaluator.
    Absent { column: u32, next: u32 },
    /// The answer.
    Answer(Scalar),
}

impl Program {
    /// Compiles a decision for the fast path; none when it needs more than comparisons, logic and cases.
    #[must_use]
    pub fn prepare(&self, decision: &str, options: &Options) -> Option<Prepared> {
        let definition = self
            .ir()
            .definitions
            .iter()
            .find(|each| each.name == decision && each.parameters.is_empty())?;
        let mut compiler = Compiler {
            program: self.ir(),
            options,
            code: Vec::new(),
            columns: Vec::new(),
            by_fact: BTreeMap::new(),
            done: BTreeMap::new(),
        };
        let entry = compiler.value(definition.node)?;
        Some(Prepared {
            code: compiler.code,
            entry,
            columns: compiler.columns,
            program: (self.ir().name.clone(), self.ir().hash.clone()),
        })
    }
}

impl Prepared {
    /// Puts facts into the decision's columns.
    #[must_use]
    pub fn slots(&self, facts: &Facts) -> Slots {
        let (name, hash) = &self.program;
        if !facts.are_for(name, hash) {
            // The evaluator says why.
            let values = vec![Held::Other; self.columns.len()];
            return Slots { values };
        }
        let values = self
            .columns
            .iter()
            .map(|column| match facts.slot(column.fact) {
                Slot::Absent => Held::Absent,
                Slot::Given { on: Some(_), .. } => Held::Other,
                Slot::Given {
                    value: Outcome::Known(value),
                    ..
                } => match value {
                    Value::None => Held::Nothing,
                    Value::Bool(value) => Held::Known(i64::from(*value)),
                    Value::Enum(at) => Held::Known(i64::from(*at)),
                    Value::Date(date) => Held::Known(i64::from(date.days())),
                    Value::Number(number) => {
                        scaled(*number, column.places).map_or(Held::Other, Held::Known)
                    }
                    Value::Text(_) | Value::List(_) | Value::Record(_) => Held::Other,
                },
                Slot::Given { .. } => Held::Other,
            })
            .collect();
        Slots { values }
    }

    /// Decides without allocating; none when the evaluator must.
    #[must_use]
    pub fn decide(&self, slots: &Slots, as_of: Date) -> Option<Scalar> {
        let day = i64::from(as_of.days());
        let mut at = self.entry;
        // Jumps only go to steps emitted before, so the walk ends.
        loop {
            at = match *self.code.get(at as usize)? {
                Step::Test {
                    column,
                    cmp,
                    value,
                    yes,
                    no,
                } => {
                    match *slots.values.get(column as usize)? {
                        Held::Known(held) if cmp.holds(held.cmp(&value)) => yes,
                        Held::Known(_) => no,
                        // None equals nothing, and has no order.
                        Held::Nothing if cmp == Cmp::Eq => no,
                        Held::Nothing if cmp == Cmp::Ne => yes,
                        Held::Nothing | Held::Absent | Held::Other => return None,
                    }
                }
                Step::Day {
                    cmp,
                    value,
                    yes,
                    no,
                } => {
                    if cmp.holds(day.cmp(&value)) {
                        yes
                    } else {
                        no
                    }
                }
                Step::Nothing { column, yes, no } => match *slots.values.get(column as usize)? {
                    Held::Nothing => yes,
                    Held::Known(_) => no,
                    Held::Absent | Held::Other => return None,
                },
                Step::Absent { column, next } => match *slots.values.get(column as usize)? {
                    Held::Absent => next,
                    Held::Nothing | Held::Known(_) | Held::Other => return None,
                },
                Step::Answer(scalar) => return Some(scalar),
            }
        }
    }
}

/// A number as a whole number of units of its last kept place, if it is one.
fn scaled(number: Number, places: u32) -> Option<i64> {
    let power = Number::from_i128(10_i128.checked_pow(places)?);
    number.checked_mul(power)?.to_i64()
}

struct Compiler<'p> {
    program: &'p ir::Program,
    options: &'p Options,
    code: Vec<Step>,
    columns: Vec<Column>,
    by_fact: BTreeMap<FactId, u32>,
    /// Conditions already compiled for a pair of targets.
    done: BTreeMap<(NodeId, u32, u32), u32>,
}

impl Compiler<'_> {
    fn emit(&mut self, step: Step) -> Option<u32> {
        if self.code.len() >= MAX_CODE {
            return None;
        }
        self.code.push(step);
        u32::try_from(self.code.len() - 1).ok()
    }

    fn op(&self, node: NodeId) -> Option<&Op> {
        self.program.nodes.get(node as usize).map(|node| &node.op)
    }

    fn column(&mut self, fact: FactId) -> Option<u32> {
        if let Some(column) = self.by_fact.get(&fact) {
            return Some(*column);
        }
        if self.program.facts.get(fact as usize)?.kind == FactKind::Event {
            return None;
        }
        let column = u32::try_from(self.columns.len()).ok()?;
        self.columns.push(Column {
            fact,
            places: PLACES,
        });
        self.by_fact.insert(fact, column);
        Some(column)
    }

    /// Code that answers with a node's value.
    fn value(&mut self, node: NodeId) -> Option<u32> {
        match self.op(node).cloned() {
            Some(Op::Const(value)) => {
                let scalar = match value {
                    Const::None => Scalar::None,
                    Const::Bool(value) => Scalar::Bool(value),
                    Const::Enum(at) => Scalar::Enum(at),
                    Const::Date(date) => Scalar::Date(date),
                    Const::Number(number) => Scalar::Number(number),
                    Const::Text(_) | Const::List(_) => return None,
                };
                self.emit(Step::Answer(scalar))
            }
            Some(Op::Cases { cases, otherwise }) => {
                let mut next = self.value(otherwise?)?;
                for (guard, value) in cases.into_iter().rev() {
                    if let Some(taken) = self.reading(guard) {
                        if taken {
                            next = self.value(value)?;
                        }
                        continue;
                    }
                    let yes = self.value(value)?;
                    next = self.condition(guard, yes, next)?;
                }
                Some(next)
            }
            _ if self.program.nodes.get(node as usize)?.ty == Type::Bool => {
                let yes = self.emit(Step::Answer(Scalar::Bool(true)))?;
                let no = self.emit(Step::Answer(Scalar::Bool(false)))?;
                self.condition(node, yes, no)
            }
            _ => None,
        }
    }

    /// A reading that is the same on every day is settled before any partner is seen.
    fn reading(&self, node: NodeId) -> Option<bool> {
        let Op::ReadingIs(reading, alternative) = self.op(node)? else {
            return None;
        };
        if let Some(chosen) = self.options.readings.get(reading) {
            return Some(chosen == alternative);
        }
        match self
            .program
            .readings
            .get(*reading as usize)?
            .chosen
            .as_slice()
        {
            [(_, chosen)] => Some(chosen == alternative),
            _ => None,
        }
    }

    /// The value a node always has here, seen through readings that are settled.
    fn settled(&self, node: NodeId) -> NodeId {
        let mut node = node;
        loop {
            let Some(Op::Cases { cases, otherwise }) = self.op(node) else {
                return node;
            };
            let mut next = *otherwise;
            for (guard, value) in cases {
                match self.reading(*guard) {
                    Some(true) => {
                        next = Some(*value);
                        break;
                    }
                    Some(false) => {}
                    None => return node,
                }
            }
            match next {
                Some(next) => node = next,
                None => return node,
            }
        }
    }

    /// Code that goes to `yes` or `no` as a condition holds or not.
    fn condition(&mut self, node: NodeId, yes: u32, no: u32) -> Option<u32> {
        if let Some(at) = self.done.get(&(node, yes, no)) {
            return Some(*at);
        }
        if let Some(taken) = self.reading(node) {
            return Some(if taken { yes } else { no });
        }
        let at = match self.op(node).cloned() {
            Some(Op::Const(Const::Bool(value))) => return Some(if value { yes } else { no }),
            Some(Op::Not(inner)) => self.condition(inner, no, yes)?,
            Some(Op::And(parts) | Op::StrictAnd(parts)) => {
                let mut next = yes;
                for part in parts.into_iter().rev() {
                    next = self.condition(part, next, no)?;
                }
                next
            }
            Some(Op::Or(parts) | Op::StrictOr(parts)) => {
                let mut next = no;
                for part in parts.into_iter().rev() {
                    next = self.condition(part, yes, next)?;
                }
                next
            }
            Some(Op::Cases { cases, otherwise }) => {
                let mut next = self.condition(otherwise?, yes, no)?;
                for (guard, value) in cases.into_iter().rev() {
                    let taken = self.condition(value, yes, no)?;
                    next = self.condition(guard, taken, next)?;
                }
                next
            }
            Some(Op::Fact(fact)) => {
                let column = self.column(fact)?;
                self.emit(Step::Test {
                    column,
                    cmp: Cmp::Eq,
                    value: 1,
                    yes,
                    no,
                })?
            }
            Some(Op::IsNone(inner)) => {
                let Op::Fact(fact) = *self.op(self.settled(inner))? else {
                    return None;
                };
                let column = self.column(fact)?;
                self.emit(Step::Nothing { column, yes, no })?
            }
            Some(Op::Compare(cmp, a, b)) => self.compared(cmp, a, b, yes, no)?,
            Some(Op::InForce(period)) => {
                let mut next = yes;
                if let Some(before) = period.before {
                    let value = i64::from(before.days());
                    next = self.emit(Step::Day {
                        cmp: Cmp::Lt,
                        value,
                        yes: next,
                        no,
                    })?;
                }
                if let Some(from) = period.from {
                    let value = i64::from(from.days());
                    next = self.emit(Step::Day {
                        cmp: Cmp::Ge,
                        value,
                        yes: next,
                        no,
                    })?;
                }
                next
            }
            Some(Op::Granted { fact, .. }) => {
                let column = self.column(fact)?;
                self.emit(Step::Absent { column, next: no })?
            }
            _ => return None,
        };
        self.done.insert((node, yes, no), at);
        Some(at)
    }

    /// A fact or the day against a constant.
    fn compared(&mut self, cmp: Cmp, a: NodeId, b: NodeId, yes: u32, no: u32) -> Option<u32> {
        let (a, b) = (self.settled(a), self.settled(b));
        let (subject, constant, cmp) = match (self.op(a)?, self.op(b)?) {
            (_, Op::Const(value)) => (a, value.clone(), cmp),
            (Op::Const(value), _) => (b, value.clone(), cmp.turned()),
            _ => return None,
        };
        let places = if matches!(self.op(subject)?, Op::Fact(_)) {
            PLACES
        } else {
            0
        };
        let value = match constant {
            Const::Bool(value) => i64::from(value),
            Const::Enum(at) => i64::from(at),
            Const::Date(date) => i64::from(date.days()),
            Const::Number(number) => scaled(number, places)?,
            Const::None | Const::Text(_) | Const::List(_) => return None,
        };
        match self.op(subject).cloned() {
            Some(Op::Fact(fact)) => {
                let column = self.column(fact)?;
                self.emit(Step::Test {
                    column,
                    cmp,
                    value,
                    yes,
                    no,
                })
            }
            Some(Op::AsOf) => self.emit(Step::Day {
                cmp,
                value,
                yes,
                no,
            }),
            _ => None,
        }
    }
}
