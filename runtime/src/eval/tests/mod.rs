//! The outcome algebra, construct by construct, on programs built by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod cells;
mod inputs;
mod items;
mod learning;
mod outcomes;

use super::Evaluation;
use crate::facts::{Facts, Slot};
use crate::ir::{
    self, Cmp, Const, Enum, Exception, Fact, FactKind, Field, Node, NodeId, Op, Period, Range,
    Record, Schedule, ScheduleRule, Type,
};
use crate::program::{Limits, Options, Program};
use crate::value::algebra::truth;
use crate::value::{Bounds, Date, Item, Leaf, List, Number, Outcome, Presence, Step, Value};
use std::sync::Arc;

fn n(value: i64) -> Number {
    Number::from_i64(value)
}

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn today() -> Date {
    day(2026, 10, 15)
}

fn number(value: i64) -> Outcome {
    Outcome::Known(Value::Number(n(value)))
}

fn list(values: Vec<Outcome>) -> Outcome {
    let items = values
        .into_iter()
        .map(|value| Item {
            presence: Presence::Certain,
            value,
        })
        .collect();
    Outcome::Known(Value::List(Arc::new(List { items })))
}

fn record(fields: Vec<Outcome>) -> Outcome {
    Outcome::Known(Value::Record(fields.into()))
}

fn on(date: Date) -> Outcome {
    Outcome::Known(Value::Date(date))
}

fn none() -> Outcome {
    Outcome::Known(Value::None)
}

/// Builds a program node by node.
struct Build {
    ir: ir::Program,
    slots: Vec<Slot>,
}

impl Build {
    fn new() -> Build {
        Build {
            ir: ir::Program {
                name: "p".into(),
                label: "P".into(),
                version: "1".into(),
                currency: "USD".into(),
                hash: String::new(),
                enums: vec![Enum {
                    name: "Tier".into(),
                    ordered: true,
                    values: vec!["low".into(), "mid".into(), "high".into()],
                }],
                records: Vec::new(),
                facts: Vec::new(),
                readings: Vec::new(),
                schedules: Vec::new(),
                nodes: Vec::new(),
                provisions: Vec::new(),
                binders: 0,
                definitions: Vec::new(),
                grids: Vec::new(),
                lifecycles: Vec::new(),
                waivers: Vec::new(),
                clauses: Vec::new(),
            },
            slots: Vec::new(),
        }
    }

    fn node(&mut self, op: Op, ty: Type) -> NodeId {
        self.ir.nodes.push(Node { op, ty });
        self.ir.nodes.len() as NodeId - 1
    }

    fn bool(&mut self, op: Op) -> NodeId {
        self.node(op, Type::Bool)
    }

    fn int(&mut self, value: i64) -> NodeId {
        self.node(Op::Const(Const::Number(n(value))), Type::Int)
    }

    fn yes(&mut self) -> NodeId {
        self.bool(Op::Const(Const::Bool(true)))
    }

    fn no(&mut self) -> NodeId {
        self.bool(Op::Const(Const::Bool(false)))
    }

    fn date(&mut self, date: Date) -> NodeId {
        self.node(Op::Const(Const::Date(date)), Type::Date)
    }

    fn not_applicable(&mut self) -> NodeId {
        self.bool(Op::NotApplicable("outside".into()))
    }

    fn error(&mut self) -> NodeId {
        let (one, zero) = (self.int(1), self.int(0));
        let quotient = self.node(Op::Div(one, zero), Type::Int);
        self.bool(Op::Compare(Cmp::Eq, quotient, one))
    }

    fn fact_of(&mut self, name: &str, ty: Type, kind: FactKind, value: Option<Outcome>) -> NodeId {
        self.ir.facts.push(Fact {
            name: name.into(),
            label: String::new(),
            ty: ty.clone(),
            kind,
            range: None,
            assume: None,
            derived: None,
            stated_nowhere: false,
            grants: None,
            cites: Vec::new(),
        });
        self.slots.push(match value {
            None => Slot::Absent,
            Some(value) => Slot::Given {
                value,
                on: None,
                by: None,
            },
        });
        let id = self.ir.facts.len() as u32 - 1;
        self.node(Op::Fact(id), ty)
    }

    fn fact(&mut self, name: &str, ty: Type, value: Option<Outcome>) -> NodeId {
        self.fact_of(name, ty, FactKind::Given, value)
    }

    fn range(&mut self, low: i64, high: i64) {
        self.ir.facts.last_mut().unwrap().range = Some(Range {
            low: Some(n(low)),
            high: Some(n(high)),
        });
    }

    fn open(&mut self) -> NodeId {
        let name = format!("open{}", self.ir.facts.len());
        self.fact(&name, Type::Bool, None)
    }

    fn compare(&mut self, cmp: Cmp, a: NodeId, b: NodeId) -> NodeId {
        self.bool(Op::Compare(cmp, a, b))
    }

    fn run<T>(self, ask: impl FnOnce(&mut Evaluation<'_>) -> T) -> T {
        self.run_with(Options::default(), ask)
    }

    fn run_with<T>(self, options: Options, ask: impl FnOnce(&mut Evaluation<'_>) -> T) -> T {
        let program = Program::new(self.ir).unwrap();
        let facts = facts_of(program.ir(), self.slots);
        ask(&mut program.evaluate(&facts, today(), &options))
    }

    fn value(self, node: NodeId) -> Outcome {
        self.run(|evaluation| evaluation.node(node))
    }
}

fn facts_of(program: &ir::Program, slots: Vec<Slot>) -> Facts {
    let mut facts = Facts::empty(program);
    for (at, slot) in slots.into_iter().enumerate() {
        facts.set(at as u32, slot);
    }
    facts
}

/// One letter for a truth outcome: `t`, `f`, `o`pen, `n`ot applicable, `b`roken.
fn letter(outcome: &Outcome) -> char {
    match outcome {
        Outcome::Known(Value::Bool(true)) => 't',
        Outcome::Known(Value::Bool(false)) => 'f',
        Outcome::Open(_) => 'o',
        Outcome::NotApplicable(_) => 'n',
        Outcome::Error(_) => 'b',
        Outcome::Known(other) => panic!("{other:?}"),
    }
}

fn leaf_facts(outcome: &Outcome) -> Vec<u32> {
    match outcome {
        Outcome::Open(open) => open.facts.iter().map(|leaf| leaf.fact).collect(),
        other @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
            panic!("not open: {other:?}")
        }
    }
}

fn bounds(outcome: &Outcome) -> (Option<Number>, Option<Number>) {
    match outcome {
        Outcome::Open(open) => (open.bounds.low, open.bounds.high),
        other @ (Outcome::Known(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
            panic!("not open: {other:?}")
        }
    }
}

fn connective(operands: &str, build: impl FnOnce(&mut Build, Vec<NodeId>) -> Op) -> char {
    let mut b = Build::new();
    let nodes = operands
        .chars()
        .map(|c| match c {
            't' => b.yes(),
            'f' => b.no(),
            'o' => b.open(),
            'n' => b.not_applicable(),
            _ => b.error(),
        })
        .collect();
    let op = build(&mut b, nodes);
    let node = b.bool(op);
    letter(&b.value(node))
}
