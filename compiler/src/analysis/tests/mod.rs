//! Programs built by hand, and examples replayed on them.

use super::{
    CompleteKind, DisjointKind, Literal, Obligation, ReachKind, Regions, Side, State, Verdict,
    Witness, analyse,
};
use crate::diagnostics::{Code, Diagnostics};
use crate::source::Span;
use polc_runtime::ir::*;
use polc_runtime::value::{Date, Number};

mod questions;
mod replayed;
mod tables;
mod tried;

/// Builds a program node by node.
struct Build(Program);

fn number(value: i64) -> Number {
    Number::from_i64(value)
}

impl Build {
    fn new() -> Self {
        Build(Program {
            name: "test".to_owned(),
            label: String::new(),
            version: "1".to_owned(),
            currency: "USD".to_owned(),
            hash: String::new(),
            enums: vec![Enum {
                name: "Tier".to_owned(),
                ordered: true,
                values: ["rising", "leading", "premier"].map(str::to_owned).to_vec(),
            }],
            records: vec![Record {
                name: "Review".to_owned(),
                fields: vec![Field {
                    name: "stars".to_owned(),
                    ty: Type::Int,
                    range: Some(Range {
                        low: Some(number(1)),
                        high: Some(number(5)),
                    }),
                    kind: FactKind::Given,
                    absent: None,
                }],
                dated: None,
            }],
            facts: Vec::new(),
            readings: vec![Reading {
                name: "window".to_owned(),
                label: String::new(),
                alternatives: vec!["rolling".to_owned(), "calendar".to_owned()],
                chosen: vec![(Period::default(), 0)],
                because: String::new(),
                cites: Vec::new(),
            }],
            schedules: Vec::new(),
            nodes: Vec::new(),
            provisions: Vec::new(),
            binders: 0,
            definitions: Vec::new(),
            grids: Vec::new(),
            lifecycles: Vec::new(),
            waivers: Vec::new(),
            clauses: Vec::new(),
        })
    }

    fn node(&mut self, op: Op, ty: Type) -> NodeId {
        self.0.nodes.push(Node { op, ty });
        self.0.nodes.len() as NodeId - 1
    }

    fn fact_as(
        &mut self,
        name: &str,
        ty: Type,
        kind: FactKind,
        range: Option<(i64, i64)>,
    ) -> NodeId {
        self.0.facts.push(Fact {
            name: name.to_owned(),
            label: String::new(),
            ty: ty.clone(),
            kind,
            range: range.map(|(low, high)| Range {
                low: Some(number(low)),
                high: Some(number(high)),
            }),
            assume: None,
            derived: None,
            stated_nowhere: false,
            grants: None,
            cites: Vec::new(),
        });
        let id = self.0.facts.len() as FactId - 1;
        self.node(Op::Fact(id), ty)
    }

    fn fact(&mut self, name: &str, ty: Type) -> NodeId {
        self.fact_as(name, ty, FactKind::Given, None)
    }

    fn constant(&mut self, value: Const, ty: Type) -> NodeId {
        self.node(Op::Const(value), ty)
    }

    fn int(&mut self, value: i64) -> NodeId {
        self.constant(Const::Number(number(value)), Type::Int)
    }

    fn compare(&mut self, cmp: Cmp, a: NodeId, b: NodeId) -> NodeId {
        self.node(Op::Compare(cmp, a, b), Type::Bool)
    }

    fn with_int(&mut self, cmp: Cmp, a: NodeId, value: i64) -> NodeId {
        let value = self.int(value);
        self.compare(cmp, a, value)
    }

    fn tier(&mut self, cmp: Cmp, a: NodeId, value: u32) -> NodeId {
        let value = self.constant(Const::Enum(value), Type::Enum(0));
        self.compare(cmp, a, value)
    }

    fn and(&mut self, all: &[NodeId]) -> NodeId {
        self.node(Op::And(all.to_vec()), Type::Bool)
    }

    fn or(&mut self, all: &[NodeId]) -> NodeId {
        self.node(Op::Or(all.to_vec()), Type::Bool)
    }

    fn not(&mut self, a: NodeId) -> NodeId {
        self.node(Op::Not(a), Type::Bool)
    }

    fn in_force(&mut self, from: Option<i32>, before: Option<i32>) -> NodeId {
        let period = Period {
            from: from.and_then(Date::from_days),
            before: before.and_then(Date::from_days),
        };
        self.node(Op::InForce(period), Type::Bool)
    }

    fn define(&mut self, name: &str, node: NodeId) {
        self.0.definitions.push(Definition {
            name: name.to_owned(),
            label: String::new(),
            kind: DefinitionKind::Define,
            ty: Type::Bool,
            parameters: Vec::new(),
            node,
            rules: Vec::new(),
            cites: Vec::new(),
        });
    }

    fn count_of_good(&mut self, list: NodeId, stars: i64) -> NodeId {
        let binder = self.0.binders;
        self.0.binders += 1;
        let item = self.node(Op::Item(binder), Type::Record(0));
        let field = self.node(Op::Field(item, 0), Type::Int);
        let body = self.with_int(Cmp::Ge, field, stars);
        let reviews = Type::List(Box::new(Type::Record(0)));
        let good = self.node(Op::Filter { list, binder, body }, reviews);
        self.node(Op::Count(good), Type::Int)
    }

    fn gap(&self, guards: &[NodeId]) -> Verdict {
        let regions = &Regions::new(&self.0);
        let verdict = regions.gap(None, guards);
        if let Verdict::Example(witness) = &verdict {
            for guard in guards {
                assert_ne!(
                    self.holds(regions, witness, *guard),
                    Some(true),
                    "{witness}"
                );
            }
        }
        verdict
    }

    fn both(&self, a: NodeId, b: NodeId) -> Verdict {
        let regions = &Regions::new(&self.0);
        let verdict = regions.overlap(&[Literal::yes(a)], &[Literal::yes(b)]);
        if let Verdict::Example(witness) = &verdict {
            for guard in [a, b] {
                assert_eq!(self.holds(regions, witness, guard), Some(true), "{witness}");
            }
        }
        verdict
    }
}

fn example(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Example(witness) => witness.to_string(),
        other @ (Verdict::Never | Verdict::NotProved(_)) => format!("{other:?}"),
    }
}

fn side(name: &str, guard: NodeId, value: NodeId) -> Side {
    Side {
        name: name.to_owned(),
        scope: None,
        guard: Some(guard),
        value,
        span: Span::default(),
    }
}

fn codes(program: &Program, obligations: &[Obligation]) -> Vec<(Code, String)> {
    let mut diagnostics = Diagnostics::default();
    analyse(program, obligations, &mut diagnostics);
    diagnostics
        .iter()
        .map(|one| (one.code, one.labels[0].text.clone()))
        .collect()
}
