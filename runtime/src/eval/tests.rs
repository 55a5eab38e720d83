//! The outcome algebra, construct by construct, on programs built by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::Evaluation;
use super::algebra::truth;
use crate::facts::{Facts, Slot};
use crate::ir::{
    self, Cmp, Const, Enum, Exception, Fact, FactKind, Field, Node, NodeId, Op, Period, Range,
    Record, Schedule, ScheduleRule, Type,
};
use crate::program::{Limits, Options, Program};
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

#[test]
fn conjunction_and_disjunction_follow_their_tables() {
    let letters = ['t', 'f', 'o', 'n', 'b'];
    for a in letters {
        for c in letters {
            let pair: String = [a, c].iter().collect();
            let has = |x: char| pair.contains(x);
            let and = if has('f') {
                'f'
            } else if has('o') {
                'o'
            } else if has('b') {
                'b'
            } else if has('t') {
                't'
            } else {
                'n'
            };
            let or = if has('t') {
                't'
            } else if has('o') {
                'o'
            } else if has('b') {
                'b'
            } else if has('f') {
                'f'
            } else {
                'n'
            };
            assert_eq!(connective(&pair, |_, all| Op::And(all)), and, "and {pair}");
            assert_eq!(connective(&pair, |_, all| Op::Or(all)), or, "or {pair}");
        }
    }
}

#[test]
fn at_least_is_decided_by_what_is_known() {
    let at_least =
        |k: i64, operands: &str| connective(operands, move |b, all| Op::AtLeast(b.int(k), all));
    assert_eq!(at_least(3, "tttoo"), 't');
    assert_eq!(at_least(3, "ttoof"), 'o');
    assert_eq!(at_least(3, "ffto"), 'f');
    assert_eq!(at_least(2, "tnt"), 't');
    assert_eq!(at_least(2, "tb"), 'b');
    assert_eq!(at_least(2, "nn"), 'n');
    // A missing fact can only turn out yes or no, so there is something to count whatever it is.
    assert_eq!(at_least(2, "on"), 'f');
}

#[test]
fn only_the_needs_that_remain_are_listed() {
    let mut b = Build::new();
    let (x, y, no, yes) = (b.open(), b.open(), b.no(), b.yes());
    let dead = b.bool(Op::And(vec![x, no]));
    let either = b.bool(Op::Or(vec![dead, y]));
    let all = b.bool(Op::And(vec![either, yes]));
    assert_eq!(leaf_facts(&b.value(all)), vec![1]);
}

#[test]
fn bounds_decide_comparisons_and_survive_arithmetic() {
    let mut b = Build::new();
    let rating = b.fact("rating", Type::Decimal, None);
    b.range(0, 5);
    let two = b.int(2);
    let minus = b.int(-2);
    let sum = b.node(Op::Add(rating, two), Type::Decimal);
    let scaled = b.node(Op::Mul(rating, minus), Type::Decimal);
    let six = b.int(6);
    let below = b.compare(Cmp::Lt, rating, six);
    let equal = b.compare(Cmp::Eq, rating, six);
    let at_least = b.compare(Cmp::Ge, sum, two);
    let undecided = b.compare(Cmp::Gt, rating, two);
    let quotient = b.node(Op::Div(rating, two), Type::Decimal);
    b.run(|e| {
        assert_eq!(e.node(below), truth(true));
        assert_eq!(e.node(equal), truth(false));
        assert_eq!(e.node(at_least), truth(true));
        assert_eq!(letter(&e.node(undecided)), 'o');
        assert_eq!(bounds(&e.node(sum)), (Some(n(2)), Some(n(7))));
        assert_eq!(bounds(&e.node(scaled)), (Some(n(-10)), Some(n(0))));
        let half = Number::from_parts(5, 2);
        assert_eq!(bounds(&e.node(quotient)), (Some(n(0)), half));
    });
}

#[test]
fn scales_are_bounded_and_none_never_orders() {
    let mut b = Build::new();
    let tier = b.fact("tier", Type::Enum(0), None);
    let low = b.node(Op::Const(Const::Enum(0)), Type::Enum(0));
    let at_least_low = b.compare(Cmp::Ge, tier, low);
    let absent = b.node(Op::Const(Const::None), Type::Optional(Box::new(Type::Int)));
    let one = b.int(1);
    let order = b.compare(Cmp::Lt, absent, one);
    let is_none = b.bool(Op::IsNone(absent));
    let present = b.bool(Op::Not(is_none));
    let guarded = b.bool(Op::And(vec![present, order]));
    b.run(|e| {
        assert_eq!(e.node(at_least_low), truth(true));
        assert_eq!(letter(&e.node(order)), 'b');
        assert_eq!(e.node(guarded), truth(false));
    });
}

#[test]
fn two_open_optional_values_may_both_be_none() {
    let mut b = Build::new();
    let optional = Type::Optional(Box::new(Type::Int));
    let x = b.fact("x", optional.clone(), None);
    b.range(0, 1);
    let y = b.fact("y", optional, None);
    b.range(2, 3);
    let same = b.compare(Cmp::Eq, x, y);
    assert_eq!(letter(&b.value(same)), 'o');
}

#[test]
fn cases_take_the_first_true_guard_and_agree_on_equal_candidates() {
    let mut b = Build::new();
    let (open, yes, no, error) = (b.open(), b.yes(), b.no(), b.error());
    let (one, two) = (b.int(1), b.int(2));
    let mut cases =
        |cases: Vec<(NodeId, NodeId)>, otherwise| b.node(Op::Cases { cases, otherwise }, Type::Int);
    let first = cases(vec![(no, one), (yes, two), (error, one)], None);
    let same = cases(vec![(open, one), (yes, one)], None);
    let differ = cases(vec![(open, one)], Some(two));
    let failed = cases(vec![(error, one)], Some(two));
    let hole = cases(vec![(no, one)], None);
    b.run(|e| {
        assert_eq!(e.node(first), number(2));
        assert_eq!(e.node(same), number(1));
        let differ = e.node(differ);
        assert_eq!(leaf_facts(&differ), vec![0]);
        assert_eq!(bounds(&differ), (Some(n(1)), Some(n(2))));
        assert_eq!(letter(&e.node(failed)), 'b');
        assert_eq!(e.node(hole), Outcome::Error("no case applies".into()));
    });
}

#[test]
fn exceptions_need_a_ranking_only_where_they_disagree() {
    let mut b = Build::new();
    let (open, yes, no) = (b.open(), b.yes(), b.no());
    let (one, two, base) = (b.int(1), b.int(2), b.int(0));
    let mut over = |exceptions: &[(NodeId, NodeId)], beats: Vec<(u32, u32)>| {
        let exceptions = exceptions
            .iter()
            .enumerate()
            .map(|(at, (guard, value))| Exception {
                name: format!("e{at}"),
                guard: *guard,
                value: *value,
                cites: Vec::new(),
            })
            .collect();
        b.node(
            Op::Override {
                base,
                exceptions,
                beats,
            },
            Type::Int,
        )
    };
    let none_apply = over(&[(no, one)], vec![]);
    let clash = over(&[(yes, one), (yes, two)], vec![]);
    let agree = over(&[(yes, one), (yes, one)], vec![]);
    let ranked = over(&[(yes, one), (yes, two)], vec![(1, 0)]);
    let doubt = over(&[(open, one)], vec![]);
    let beaten_doubt = over(&[(open, one), (yes, two)], vec![(1, 0)]);
    let equal_doubt = over(&[(open, base)], vec![]);
    b.run(|e| {
        assert_eq!(e.node(none_apply), number(0));
        let Outcome::Error(reason) = e.node(clash) else {
            panic!("no clash")
        };
        assert!(
            reason.contains("`e0`") && reason.contains("`e1`"),
            "{reason}"
        );
        assert_eq!(e.node(agree), number(1));
        assert_eq!(e.node(ranked), number(2));
        assert_eq!(bounds(&e.node(doubt)), (Some(n(0)), Some(n(1))));
        assert_eq!(e.node(beaten_doubt), number(2));
        assert_eq!(e.node(equal_doubt), number(0));
    });
}

#[test]
fn a_scope_that_does_not_hold_is_not_applicable() {
    let mut b = Build::new();
    let (open, no, one) = (b.open(), b.no(), b.int(1));
    let mut scope = |applies, body| {
        let because = "only members".to_string();
        b.node(
            Op::Scope {
                applies,
                body,
                because,
            },
            Type::Int,
        )
    };
    let outside = scope(no, one);
    let doubt = scope(open, one);
    let both = scope(open, outside);
    let zero = b.int(0);
    let above = b.compare(Cmp::Gt, doubt, zero);
    b.run(|e| {
        assert_eq!(
            e.node(outside),
            Outcome::NotApplicable("only members".into())
        );
        // If it is a value at all it is one; but that decides nothing.
        assert_eq!(bounds(&e.node(doubt)), (Some(n(1)), Some(n(1))));
        assert_eq!(letter(&e.node(above)), 'o');
        assert_eq!(letter(&e.node(both)), 'n');
    });
}

/// A list of numbers filtered by `> 2`, the third number missing with the range 0 to 5.
fn filtered() -> (Build, NodeId) {
    let mut b = Build::new();
    b.ir.binders = 1;
    b.fact("x", Type::Int, None);
    b.range(0, 5);
    let ints = Type::List(Box::new(Type::Int));
    let open = crate::value::Open {
        facts: [Leaf {
            fact: 1,
            path: vec![Step::Index(2)],
        }]
        .into(),
        bounds: Bounds {
            low: Some(n(0)),
            high: Some(n(5)),
        },
        ..Default::default()
    };
    let items = vec![number(1), number(4), Outcome::Open(Arc::new(open))];
    let list_node = b.fact("numbers", ints.clone(), Some(list(items)));
    let item = b.node(Op::Item(0), Type::Int);
    let two = b.int(2);
    let body = b.compare(Cmp::Gt, item, two);
    let filter = b.node(
        Op::Filter {
            list: list_node,
            binder: 0,
            body,
        },
        ints,
    );
    (b, filter)
}

#[test]
fn lists_keep_what_is_certain_of_items_in_doubt() {
    let (mut b, filter) = filtered();
    let count = b.node(Op::Count(filter), Type::Int);
    let one = b.int(1);
    let some = b.compare(Cmp::Ge, count, one);
    let sum = b.node(Op::Sum(filter), Type::Int);
    let first = b.node(Op::First(filter), Type::Optional(Box::new(Type::Int)));
    let last = b.node(Op::Last(filter), Type::Optional(Box::new(Type::Int)));
    let four = b.int(4);
    let contains = b.bool(Op::Contains {
        list: filter,
        item: four,
    });
    let largest = b.node(Op::Largest(filter), Type::Optional(Box::new(Type::Int)));
    b.run(|e| {
        assert_eq!(bounds(&e.node(count)), (Some(n(1)), Some(n(2))));
        assert_eq!(e.node(some), truth(true));
        assert_eq!(bounds(&e.node(sum)), (Some(n(4)), Some(n(9))));
        assert_eq!(e.node(first), number(4));
        assert_eq!(letter(&e.node(last)), 'o');
        assert_eq!(e.node(contains), truth(true));
        assert_eq!(bounds(&e.node(largest)), (Some(n(4)), Some(n(5))));
    });
}

#[test]
fn an_absent_list_is_unknown_and_an_empty_one_is_known() {
    let mut b = Build::new();
    b.ir.binders = 1;
    b.ir.records.push(Record {
        name: "Review".into(),
        fields: vec![Field {
            name: "stars".into(),
            ty: Type::Int,
            range: Some(Range {
                low: Some(n(1)),
                high: Some(n(5)),
            }),
            kind: ir::FactKind::Given,
            absent: None,
        }],
        dated: None,
    });
    let reviews = Type::List(Box::new(Type::Record(0)));
    let absent = b.fact("reviews", reviews.clone(), None);
    let empty = b.fact("others", reviews, Some(list(vec![])));
    let item = b.node(Op::Item(0), Type::Record(0));
    let stars = b.node(Op::Field(item, 0), Type::Int);
    let mut stars_of = |list| {
        b.node(
            Op::Map {
                list,
                binder: 0,
                body: stars,
            },
            Type::List(Box::new(Type::Int)),
        )
    };
    let (unknown, known) = (stars_of(absent), stars_of(empty));
    let average = Type::Optional(Box::new(Type::Decimal));
    let unknown_average = b.node(Op::Average(unknown), average.clone());
    let known_average = b.node(Op::Average(known), average);
    let six = b.int(6);
    let never = b.compare(Cmp::Ge, unknown_average, six);
    let count = b.node(Op::Count(absent), Type::Int);
    b.run(|e| {
        let Outcome::Open(open) = e.node(unknown_average) else {
            panic!("known")
        };
        let leaf = open.facts.first().unwrap();
        assert_eq!(leaf.path, vec![Step::Every, Step::Field(0)]);
        assert_eq!(e.node(never), truth(false));
        assert_eq!(e.node(known_average), none());
        let Outcome::Open(open) = e.node(count) else {
            panic!("known")
        };
        assert_eq!(open.facts.first().unwrap().path, vec![]);
        assert_eq!(open.bounds.low, Some(n(0)));
    });
}

#[test]
fn a_derived_fact_is_asked_for_itself_when_nothing_below_it_is_given() {
    let mut b = Build::new();
    let list = b.fact("records", Type::List(Box::new(Type::Int)), None);
    let sum = b.node(Op::Sum(list), Type::Int);
    let total = b.fact("total", Type::Int, None);
    b.ir.facts[1].derived = Some(sum);
    assert_eq!(leaf_facts(&b.value(total)), vec![1]);
}

#[test]
fn a_supplied_value_that_differs_from_the_derived_one_is_noted() {
    let mut b = Build::new();
    let list = b.fact(
        "records",
        Type::List(Box::new(Type::Int)),
        Some(list(vec![number(2)])),
    );
    let sum = b.node(Op::Sum(list), Type::Int);
    let total = b.fact("total", Type::Int, Some(number(3)));
    b.ir.facts[1].derived = Some(sum);
    b.run(|e| {
        assert_eq!(e.node(total), number(3));
        let notes = e.notes();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(
            notes[0].contains("`total` is supplied as 3 and differs from 2"),
            "{notes:?}"
        );
    });
}

#[test]
fn an_assumption_is_listed_when_it_is_used() {
    let mut b = Build::new();
    let no = b.no();
    let fact = b.fact("flag", Type::Bool, None);
    b.ir.facts[0].assume = Some(no);
    b.run(|e| {
        assert!(e.assumptions().is_empty());
        assert_eq!(e.node(fact), truth(false));
        assert_eq!(e.assumptions(), vec![0]);
    });
}

#[test]
fn a_judgement_that_is_absent_needs_a_decision() {
    let mut b = Build::new();
    let kind = FactKind::Judgement { by: "board".into() };
    let judgement = b.fact_of("approved", Type::Bool, kind, None);
    let recorded = b.bool(Op::Recorded(0));
    b.run(|e| {
        let Outcome::Open(open) = e.node(judgement) else {
            panic!("known")
        };
        assert!(open.facts.is_empty() && open.judgements.contains(&Leaf::fact(0)));
        assert_eq!(e.node(recorded), truth(false));
    });
}

#[test]
fn events_are_seen_from_their_day_and_past_days_stay_as_they_were() {
    let mut b = Build::new();
    let optional = Type::Optional(Box::new(Type::Date));
    let event = b.fact_of(
        "left",
        optional.clone(),
        FactKind::Event,
        Some(on(day(2026, 9, 1))),
    );
    let later = b.fact_of(
        "ends",
        optional.clone(),
        FactKind::Event,
        Some(on(day(2026, 12, 1))),
    );
    let august = b.date(day(2026, 8, 31));
    let september = b.date(day(2026, 9, 1));
    let before = b.node(
        Op::AtDate {
            body: event,
            date: august,
        },
        optional.clone(),
    );
    let that_day = b.node(
        Op::AtDate {
            body: event,
            date: september,
        },
        optional.clone(),
    );
    // Looking ahead from a past day sees no more than that day did.
    let ahead = b.node(
        Op::AtDate {
            body: that_day,
            date: august,
        },
        optional,
    );
    b.run(|e| {
        assert_eq!(e.node(event), on(day(2026, 9, 1)));
        assert_eq!(e.node(before), none());
        assert_eq!(e.node(that_day), on(day(2026, 9, 1)));
        assert_eq!(e.node(ahead), none());
        assert!(e.notes().is_empty());
        assert_eq!(e.node(later), none());
        assert_eq!(
            e.notes(),
            vec!["`ends` is later than 2026-10-15 and is not seen"]
        );
    });
}

#[test]
fn items_of_a_dated_list_are_hidden_until_their_day() {
    let mut b = Build::new();
    let field = |name: &str, ty| Field {
        name: name.into(),
        ty,
        range: None,
        kind: ir::FactKind::Given,
        absent: None,
    };
    b.ir.records.push(Record {
        name: "Count".into(),
        fields: vec![field("on", Type::Date), field("count", Type::Int)],
        dated: Some(0),
    });
    let items = [day(2026, 9, 1), day(2026, 10, 15), day(2026, 10, 16)]
        .map(|date| record(vec![on(date), number(1)]));
    let ty = Type::List(Box::new(Type::Record(0)));
    let counts = b.fact("counts", ty, Some(list(items.into())));
    let count = b.node(Op::Count(counts), Type::Int);
    let september = b.date(day(2026, 9, 30));
    let then = b.node(
        Op::AtDate {
            body: count,
            date: september,
        },
        Type::Int,
    );
    b.run(|e| {
        assert_eq!(e.node(count), number(2));
        assert_eq!(e.node(then), number(1));
        assert_eq!(e.notes().len(), 1);
    });
}

#[test]
fn a_latch_looks_at_every_day_up_to_as_of() {
    let mut b = Build::new();
    let as_of = b.node(Op::AsOf, Type::Date);
    let mark = b.date(day(2026, 10, 10));
    let late = b.date(day(2026, 10, 20));
    let (from, to) = (b.date(day(2026, 10, 1)), b.date(day(2026, 12, 31)));
    let is_mark = b.compare(Cmp::Eq, as_of, mark);
    let is_late = b.compare(Cmp::Eq, as_of, late);
    let mut ever = |body| b.bool(Op::Ever { body, from, to });
    let (held, not_yet) = (ever(is_mark), ever(is_late));
    let far = b.date(day(2000, 1, 1));
    let long = b.bool(Op::Ever {
        body: is_late,
        from: far,
        to,
    });
    b.run(|e| {
        assert_eq!(e.node(held), truth(true));
        assert_eq!(e.node(not_yet), truth(false));
        // However long the span: only the days on which the condition can change are looked at.
        assert_eq!(e.node(long), truth(false));
    });
}

#[test]
fn a_note_is_told_with_the_answers_it_belongs_to() {
    let mut b = Build::new();
    let five = b.int(5);
    let (yes, no) = (
        b.bool(Op::Const(Const::Bool(true))),
        b.bool(Op::Const(Const::Bool(false))),
    );
    let mut noted = |when, text: &str| {
        let op = Op::Note {
            body: five,
            when,
            text: text.to_owned(),
        };
        b.node(op, Type::Int)
    };
    let (told, silent) = (noted(yes, "estimated"), noted(no, "never"));
    b.run(|e| {
        assert_eq!(e.node(silent), number(5));
        assert_eq!(e.notes(), Vec::<String>::new());
        assert_eq!(e.node(told), number(5));
        assert_eq!(e.notes(), ["estimated"]);
    });
}

#[test]
fn schedules_find_their_dates() {
    let mut b = Build::new();
    let anchor = b.date(day(2024, 8, 31));
    let schedule = |rule, except_years: Vec<i16>, from| Schedule {
        name: "s".into(),
        rule,
        period: Period { from, before: None },
        except_years,
        except: Vec::new(),
        rests_on: Vec::new(),
        cites: Vec::new(),
    };
    let quarterly = || ScheduleRule::DayOfMonths {
        day: 15,
        months: vec![1, 4, 7, 10],
    };
    b.ir.schedules = vec![
        schedule(quarterly(), vec![], None),
        schedule(quarterly(), vec![2027], None),
        schedule(quarterly(), vec![], Some(day(2027, 1, 1))),
        schedule(ScheduleRule::Every { months: 6, anchor }, vec![], None),
        schedule(ScheduleRule::Months { months: vec![1, 6] }, vec![], None),
    ];
    let date = Type::Optional(Box::new(Type::Date));
    let ask = b.date(day(2026, 10, 16));
    let on_day = b.date(day(2026, 10, 15));
    let next: Vec<NodeId> = (0..5)
        .map(|id| b.node(Op::ScheduleNext(id, ask), date.clone()))
        .collect();
    let previous: Vec<NodeId> = (0..5)
        .map(|id| b.node(Op::SchedulePrevious(id, ask), date.clone()))
        .collect();
    let is_on = b.bool(Op::ScheduleOn(0, on_day));
    let not_on = b.bool(Op::ScheduleOn(2, on_day));
    b.run(|e| {
        let mut all =
            |nodes: &[NodeId]| -> Vec<Outcome> { nodes.iter().map(|id| e.node(*id)).collect() };
        assert_eq!(
            all(&next),
            vec![
                on(day(2027, 1, 15)),
                on(day(2028, 1, 15)),
                on(day(2027, 1, 15)),
                on(day(2027, 2, 28)),
                on(day(2027, 1, 1)),
            ]
        );
        assert_eq!(
            all(&previous),
            vec![
                on(day(2026, 10, 15)),
                on(day(2026, 10, 15)),
                none(),
                on(day(2026, 8, 31)),
                on(day(2026, 6, 30)),
            ]
        );
        assert_eq!(e.node(is_on), truth(true));
        assert_eq!(e.node(not_on), truth(false));
    });
}

#[test]
fn a_choice_between_sets_keeps_what_they_share() {
    let mut b = Build::new();
    let open = b.open();
    let set = Type::Set(Box::new(Type::Enum(0)));
    let mut constant = |values: &[u32]| {
        let values = values.iter().map(|v| Const::Enum(*v)).collect();
        b.node(Op::Const(Const::List(values)), set.clone())
    };
    let (small, large) = (constant(&[0]), constant(&[0, 1]));
    let choice = b.node(
        Op::Cases {
            cases: vec![(open, small)],
            otherwise: Some(large),
        },
        set.clone(),
    );
    b.ir.definitions.push(ir::Definition {
        name: "allowed".into(),
        label: String::new(),
        kind: ir::DefinitionKind::Decision,
        ty: set,
        node: choice,
        rules: Vec::new(),
        cites: Vec::new(),
    });
    b.run(|e| {
        let report = e.report(None).json();
        let allowed = &report["decisions"]["allowed"];
        assert_eq!(allowed["status"], "unknown");
        assert_eq!(allowed["certain"], serde_json::json!(["low"]));
        assert_eq!(allowed["possible"], serde_json::json!(["mid"]));
    });
}

#[test]
fn limits_break_the_answer_and_nothing_else() {
    let mut b = Build::new();
    let mut top = b.int(0);
    let one = b.int(1);
    for _ in 0..3000 {
        top = b.node(Op::Add(top, one), Type::Int);
    }
    let limits = Limits {
        steps: 10,
        ..Limits::default()
    };
    // How deep nodes lie is no limit.
    assert_eq!(b.run(|e| e.node(top)), number(3000));
    let mut b = Build::new();
    let mut top = b.int(0);
    for _ in 0..20 {
        let one = b.int(1);
        top = b.node(Op::Add(top, one), Type::Int);
    }
    let options = Options {
        limits,
        ..Options::default()
    };
    assert_eq!(letter(&b.run_with(options, |e| e.node(top))), 'b');
}

#[test]
fn the_deepest_program_allowed_fits_the_stack() {
    let mut b = Build::new();
    let mut top = b.int(0);
    let (one, yes) = (b.int(1), b.yes());
    for _ in 0..990 {
        let sum = b.node(Op::Add(top, one), Type::Int);
        top = b.node(
            Op::Cases {
                cases: vec![(yes, sum)],
                otherwise: Some(one),
            },
            Type::Int,
        );
    }
    assert_eq!(b.value(top), number(990));
}

fn cell_of(b: &mut Build, condition: NodeId, lifts: Option<NodeId>) -> ir::Cell {
    let (yes, no) = (b.yes(), b.no());
    ir::Cell {
        required: yes,
        preferred: no,
        condition,
        waivers: lifts
            .map(|lifts| ir::CellWaiver { waiver: 0, lifts })
            .into_iter()
            .collect(),
        passes: condition,
        have: None,
        need: None,
    }
}

fn grid_row(name: &str, child: bool, cells: Vec<ir::Cell>) -> ir::GridRow {
    ir::GridRow {
        name: name.into(),
        label: String::new(),
        stage: 0,
        child,
        cells,
        cites: Vec::new(),
    }
}

#[test]
fn cells_say_what_they_come_to_and_how_they_are_lifted() {
    let mut b = Build::new();
    let (yes, no, open) = (b.yes(), b.no(), b.open());
    let installs = b.fact("installs", Type::Int, Some(number(3)));
    let five = b.int(5);
    let enough = b.compare(Cmp::Ge, installs, five);
    let mut threshold = cell_of(&mut b, enough, Some(yes));
    threshold.have = Some(installs);
    threshold.need = Some(five);
    let not_met = cell_of(&mut b, no, Some(no));
    let mut preferred = cell_of(&mut b, no, None);
    preferred.preferred = yes;
    let met = cell_of(&mut b, yes, None);
    let mut nothing = cell_of(&mut b, yes, None);
    nothing.required = no;
    let doubt = cell_of(&mut b, yes, Some(open));
    let row = |name: &str, child, cell: &ir::Cell| {
        grid_row(name, child, vec![cell.clone(), cell.clone(), cell.clone()])
    };
    b.ir.waivers.push(ir::Waiver {
        name: "transition".into(),
        label: String::new(),
        period: Period {
            from: None,
            before: Some(day(2027, 1, 1)),
        },
        cites: Vec::new(),
    });
    b.ir.grids.push(ir::Grid {
        name: "grid".into(),
        scale: 0,
        stages: Vec::new(),
        rows: vec![
            row("installs", false, &threshold),
            row("group", false, &not_met),
            row("group.part", true, &preferred),
            row("level", false, &met),
            row("nothing", false, &nothing),
            row("doubt", false, &doubt),
        ],
        cites: Vec::new(),
    });
    b.run(|e| {
        let report = e.report(None).json();
        let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "format",
                "program",
                "version",
                "hash",
                "id",
                "as_of",
                "decisions",
                "requirements",
                "readings",
                "assumptions",
                "notes"
            ]
        );
        let low = &report["requirements"]["low"];
        assert_eq!(
            low["installs"],
            serde_json::json!({
                "result": "waived", "by": "transition", "otherwise": "not_met",
                "have": 3, "need": 5, "days_left": 77
            })
        );
        assert_eq!(low["group"], serde_json::json!({ "result": "not_met" }));
        assert_eq!(
            low["group.part"],
            serde_json::json!({ "result": "preferred_missing", "have": false, "need": "preferred" })
        );
        assert_eq!(
            low["level"],
            serde_json::json!({ "result": "met", "have": true, "need": "mandatory" })
        );
        assert!(low.get("nothing").is_none());
        // Met or waived: which of them is not known.
        assert_eq!(low["doubt"]["result"], "unknown");
        assert_eq!(low["doubt"]["needs"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn grants_lift_one_row_for_one_tier_while_they_last() {
    let mut b = Build::new();
    let field = |name: &str, ty| Field {
        name: name.into(),
        ty,
        range: None,
        kind: ir::FactKind::Given,
        absent: None,
    };
    let tier = Type::Optional(Box::new(Type::Enum(0)));
    b.ir.records.push(Record {
        name: "Grant".into(),
        fields: vec![
            field("requirement", Type::Text),
            field("tier", tier),
            field("reason", Type::Text),
            field("by", Type::Text),
            field("from", Type::Date),
            field("through", Type::Date),
        ],
        dated: None,
    });
    let text = |text: &str| Outcome::Known(Value::Text(text.into()));
    let grant = |row: &str, tier: Outcome, through: Date| {
        record(vec![
            text(row),
            tier,
            text("r"),
            text("b"),
            on(day(2026, 1, 1)),
            on(through),
        ])
    };
    let grants = list(vec![
        grant("reviews", Outcome::Known(Value::Enum(1)), today()),
        grant("rating", none(), day(2026, 10, 14)),
    ]);
    let ty = Type::List(Box::new(Type::Record(0)));
    b.fact("grants", ty.clone(), Some(grants));
    b.fact("no_grants", ty, None);
    let mut granted = |fact, row: &str, tier| {
        let row = row.to_string();
        b.bool(Op::Granted { fact, row, tier })
    };
    let (lifted, other_tier) = (granted(0, "reviews", 1), granted(0, "reviews", 2));
    let (over, absent) = (granted(0, "rating", 1), granted(1, "reviews", 1));
    b.run(|e| {
        assert_eq!(e.node(lifted), truth(true));
        assert_eq!(e.node(other_tier), truth(false));
        assert_eq!(e.node(over), truth(false));
        assert_eq!(e.node(absent), truth(false));
    });
}

#[test]
fn readings_are_switches_that_the_answer_lists() {
    let mut b = Build::new();
    let until = |before| Period {
        from: None,
        before: Some(before),
    };
    let from = |from| Period {
        from: Some(from),
        before: None,
    };
    let change = day(2026, 6, 1);
    b.ir.readings.push(ir::Reading {
        name: "threshold".into(),
        label: String::new(),
        alternatives: vec!["at_least".into(), "more_than".into()],
        chosen: vec![(until(change), 0), (from(change), 1)],
        because: String::new(),
        cites: Vec::new(),
    });
    let second = b.bool(Op::ReadingIs(0, 1));
    let past = b.date(day(2026, 1, 1));
    let before = b.bool(Op::AtDate {
        body: second,
        date: past,
    });
    b.run(|e| {
        assert!(e.readings().is_empty());
        assert_eq!(e.node(second), truth(true));
        assert_eq!(e.node(before), truth(false));
        assert_eq!(e.report(None).json()["readings"]["threshold"], "more_than");
    });
}

#[test]
fn nested_items_are_computed_for_the_items_they_belong_to() {
    let mut b = Build::new();
    b.ir.binders = 2;
    let ints = Type::List(Box::new(Type::Int));
    let outer_list = b.fact("a", ints.clone(), Some(list(vec![number(1), number(2)])));
    let inner_list = b.fact("b", ints.clone(), Some(list(vec![number(10), number(20)])));
    let (outer, inner) = (
        b.node(Op::Item(0), Type::Int),
        b.node(Op::Item(1), Type::Int),
    );
    let double = b.node(Op::Add(outer, outer), Type::Int);
    let body = b.node(Op::Add(double, inner), Type::Int);
    let inner_map = b.node(
        Op::Map {
            list: inner_list,
            binder: 1,
            body,
        },
        ints.clone(),
    );
    let nested = b.node(
        Op::Map {
            list: outer_list,
            binder: 0,
            body: inner_map,
        },
        Type::List(Box::new(ints.clone())),
    );
    let flat = b.node(Op::Flatten(nested), ints.clone());
    let distinct = b.node(Op::Distinct(flat), ints.clone());
    let sorted = b.node(
        Op::Sort {
            list: distinct,
            binder: 0,
            key: outer,
            descending: true,
        },
        ints,
    );
    let expected = list([24, 22, 14, 12].map(number).into());
    assert_eq!(b.value(sorted), expected);
}

#[test]
fn conditions_over_items_in_doubt_are_decided_by_the_certain_ones() {
    let (mut b, filter) = filtered();
    let two = b.int(2);
    let item = b.node(Op::Item(0), Type::Int);
    let three = b.int(3);
    let body = b.compare(Cmp::Gt, item, three);
    let map = b.node(
        Op::Map {
            list: filter,
            binder: 0,
            body,
        },
        Type::List(Box::new(Type::Bool)),
    );
    let any = b.bool(Op::AnyItem(map));
    let all = b.bool(Op::AllItems(map));
    let two_hold = b.bool(Op::AtLeastItems(two, map));
    let three_hold = b.bool(Op::AtLeastItems(three, map));
    b.run(|e| {
        assert_eq!(letter(&e.node(any)), 't');
        assert_eq!(letter(&e.node(all)), 'o');
        assert_eq!(letter(&e.node(two_hold)), 'o');
        assert_eq!(letter(&e.node(three_hold)), 'f');
    });
}

/// A small generator of pseudo-random numbers, the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// A random program over four bool facts and four numbers from 0 to 3; all nodes are returned.
fn random_program(dice: &mut Dice) -> Build {
    let mut b = Build::new();
    let (mut bools, mut ints) = (vec![b.yes(), b.no()], vec![b.int(1), b.int(2)]);
    for at in 0..4 {
        bools.push(b.fact(&format!("b{at}"), Type::Bool, None));
        ints.push(b.fact(&format!("n{at}"), Type::Int, None));
        b.range(0, 3);
    }
    for _ in 0..40 {
        let mut pick = |from: &[NodeId]| from[dice.roll(from.len())];
        let (x, y, z) = (pick(&bools), pick(&bools), pick(&bools));
        let (i, j, k) = (pick(&ints), pick(&ints), pick(&ints));
        let exceptions = [(x, i), (y, j)]
            .iter()
            .enumerate()
            .map(|(at, (guard, value))| Exception {
                name: format!("e{at}"),
                guard: *guard,
                value: *value,
                cites: Vec::new(),
            })
            .collect();
        let cmp = [Cmp::Eq, Cmp::Ne, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge][dice.roll(6)];
        let because = String::from("outside");
        let (op, is_bool) = match dice.roll(13) {
            0 => (Op::And(vec![x, y, z]), true),
            1 => (Op::Or(vec![x, y, z]), true),
            2 => (Op::Not(x), true),
            3 => (Op::AtLeast(i, vec![x, y, z]), true),
            4 | 5 => (Op::Compare(cmp, i, j), true),
            6 => (Op::Add(i, j), false),
            7 => (Op::Sub(i, j), false),
            8 => (Op::Max(vec![i, j]), false),
            9 => (Op::Min(vec![i, j]), false),
            10 => {
                let cases = vec![(x, i), (y, j)];
                let otherwise = Some(k);
                (Op::Cases { cases, otherwise }, false)
            }
            11 => {
                let (base, beats) = (k, [vec![], vec![(0, 1)]][dice.roll(2)].clone());
                let op = Op::Override {
                    base,
                    exceptions,
                    beats,
                };
                (op, false)
            }
            _ => {
                let (applies, body) = (x, y);
                let op = Op::Scope {
                    applies,
                    body,
                    because,
                };
                (op, true)
            }
        };
        if is_bool {
            bools.push(b.bool(op));
        } else {
            ints.push(b.node(op, Type::Int));
        }
    }
    b
}

#[test]
fn learning_a_missing_fact_never_changes_a_decided_answer() {
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let program = Program::new(random_program(&mut dice).ir).unwrap();
        let nodes = program.ir().nodes.len() as NodeId;
        let absent = || Slot::Absent;
        let mut before: Vec<Option<Outcome>> = vec![None; nodes as usize];
        // Facts are learnt one by one, in a random order.
        let mut order: Vec<usize> = (0..8).collect();
        for at in (1..8).rev() {
            order.swap(at, dice.roll(at + 1));
        }
        let mut values: Vec<Option<Outcome>> = vec![None; 8];
        for step in 0..=8 {
            let slots = values
                .iter()
                .map(|value| {
                    value.clone().map_or_else(absent, |value| Slot::Given {
                        value,
                        on: None,
                        by: None,
                    })
                })
                .collect();
            let facts = facts_of(program.ir(), slots);
            let mut evaluation = program.evaluate(&facts, today(), &Options::default());
            for node in 0..nodes {
                let now = evaluation.node(node);
                if let Outcome::Open(open) = &now {
                    assert!(!open.facts.is_empty(), "seed {seed}: open without needs");
                    assert!(step < 8, "seed {seed}: open although all is known");
                }
                let known = before[node as usize].as_ref();
                if let Some(then @ Outcome::Known(_)) = known {
                    assert_eq!(&now, then, "seed {seed}, node {node}, step {step}");
                }
                before[node as usize] = Some(now);
            }
            if let Some(fact) = order.get(step) {
                values[*fact] = Some(if fact % 2 == 0 {
                    truth(dice.roll(2) == 0)
                } else {
                    number(dice.roll(4) as i64)
                });
            }
        }
    }
}
