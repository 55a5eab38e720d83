//! Programs built by hand, and examples replayed on them.

use super::atoms::Key;
use super::{
    CompleteKind, DisjointKind, Literal, Obligation, ReachKind, Regions, Side, State, Verdict,
    Witness, analyse,
};
use crate::diagnostics::{Code, Diagnostics};
use crate::source::Span;
use polc_runtime::ir::*;
use polc_runtime::value::{Date, Number};

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

    /// Evaluates a condition on an example; `None` when the example does not decide it.
    fn holds(&self, regions: &Regions<'_>, witness: &Witness, node: NodeId) -> Option<bool> {
        match self.value(regions, witness, node)? {
            State::Value(value) => Some(value != number(0)),
            State::None | State::NotRecorded => None,
        }
    }

    fn value(&self, regions: &Regions<'_>, witness: &Witness, node: NodeId) -> Option<State> {
        let yes_no = |value: bool| Some(State::Value(number(value.into())));
        let look = |key: Key| {
            witness
                .samples
                .iter()
                .find(|one| one.key == key)
                .map(|one| one.state)
        };
        let bools = |all: &[NodeId]| -> Vec<Option<bool>> {
            all.iter()
                .map(|one| self.holds(regions, witness, *one))
                .collect()
        };
        match self.0.nodes.get(node as usize).map(|node| &node.op) {
            Some(Op::Const(Const::None)) => Some(State::None),
            Some(Op::Const(value)) => regions.key(value).map(State::Value),
            Some(Op::AsOf) => look(Key::AsOf),
            Some(Op::Fact(id)) => look(Key::Fact(*id)),
            Some(Op::Recorded(id)) => yes_no(look(Key::Fact(*id))? != State::NotRecorded),
            Some(Op::ReadingIs(id, which)) => {
                yes_no(look(Key::Reading(*id))? == State::Value(number((*which).into())))
            }
            Some(Op::InForce(period)) => {
                let State::Value(day) = look(Key::AsOf)? else {
                    return None;
                };
                let at = |date: Date| number(date.days().into());
                yes_no(
                    period.from.is_none_or(|from| day >= at(from))
                        && period.before.is_none_or(|before| day < at(before)),
                )
            }
            Some(Op::And(all)) => {
                let all = bools(all);
                if all.contains(&Some(false)) {
                    return yes_no(false);
                }
                if all.contains(&None) {
                    None
                } else {
                    yes_no(true)
                }
            }
            Some(Op::Or(all)) => {
                let all = bools(all);
                if all.contains(&Some(true)) {
                    return yes_no(true);
                }
                if all.contains(&None) {
                    None
                } else {
                    yes_no(false)
                }
            }
            Some(Op::Not(inner)) => yes_no(!self.holds(regions, witness, *inner)?),
            Some(Op::AtLeast(k, all)) => {
                let State::Value(k) = self.value(regions, witness, *k)? else {
                    return None;
                };
                let all = bools(all);
                let yes = all.iter().filter(|one| **one == Some(true)).count() as i64;
                let open = all.iter().filter(|one| one.is_none()).count() as i64;
                if number(yes) >= k {
                    return yes_no(true);
                }
                if number(yes + open) < k {
                    yes_no(false)
                } else {
                    None
                }
            }
            Some(Op::IsNone(inner)) => yes_no(self.value(regions, witness, *inner)? == State::None),
            Some(Op::Compare(cmp, a, b)) => {
                let (a, b) = (
                    self.value(regions, witness, *a)?,
                    self.value(regions, witness, *b)?,
                );
                match (a, b) {
                    (State::Value(a), State::Value(b)) => yes_no(cmp.holds(a.cmp(&b))),
                    (State::NotRecorded, _) | (_, State::NotRecorded) => None,
                    _ => yes_no(*cmp == Cmp::Ne),
                }
            }
            Some(Op::Contains { list, item }) => {
                let Op::Const(Const::List(values)) = &self.0.nodes[*list as usize].op else {
                    return look(Key::Node(regions.shapes.canon(node)));
                };
                let item = self.value(regions, witness, *item)?;
                yes_no(
                    values
                        .iter()
                        .any(|one| regions.key(one).map(State::Value) == Some(item)),
                )
            }
            Some(Op::Cases { cases, otherwise }) => {
                for (guard, value) in cases {
                    if self.holds(regions, witness, *guard)? {
                        return self.value(regions, witness, *value);
                    }
                }
                self.value(regions, witness, (*otherwise)?)
            }
            _ => look(Key::Node(regions.shapes.canon(node))),
        }
    }
}

fn example(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Example(witness) => witness.to_string(),
        other @ (Verdict::Never | Verdict::NotProved(_)) => format!("{other:?}"),
    }
}

#[test]
fn a_gap_at_one_number() {
    let mut b = Build::new();
    let marks = b.fact("marks", Type::Int);
    let low = b.with_int(Cmp::Lt, marks, 3);
    let high = b.with_int(Cmp::Gt, marks, 3);
    assert_eq!(example(&b.gap(&[low, high])), "marks = 3");
    let high = b.with_int(Cmp::Ge, marks, 3);
    assert_eq!(b.gap(&[low, high]), Verdict::Never);
    // Between whole numbers there is nothing, and the constant may stand first.
    let two = b.int(2);
    let above = b.compare(Cmp::Lt, two, marks);
    assert_eq!(b.gap(&[low, above]), Verdict::Never);
}

#[test]
fn money_has_no_smallest_step() {
    let mut b = Build::new();
    let value = b.fact("package_value", Type::Money);
    let limit = b.constant(Const::Number(number(75000)), Type::Money);
    let below = b.compare(Cmp::Lt, value, limit);
    let above = b.compare(Cmp::Gt, value, limit);
    assert_eq!(example(&b.gap(&[below, above])), "package_value = $75000");
    let next = b.constant(Const::Number(number(75001)), Type::Money);
    let to = b.compare(Cmp::Le, value, limit);
    let from = b.compare(Cmp::Ge, value, next);
    assert!(matches!(b.gap(&[to, from]), Verdict::Example(_)));
}

#[test]
fn enumerations_are_complete_when_every_value_is() {
    let mut b = Build::new();
    let tier = b.fact("current_tier", Type::Enum(0));
    let rising = b.tier(Cmp::Eq, tier, 0);
    let leading = b.tier(Cmp::Eq, tier, 1);
    let premier = b.tier(Cmp::Eq, tier, 2);
    assert_eq!(b.gap(&[rising, leading, premier]), Verdict::Never);
    assert_eq!(
        example(&b.gap(&[leading, premier])),
        "current_tier = rising"
    );
    let up = b.tier(Cmp::Ge, tier, 1);
    assert_eq!(b.gap(&[rising, up]), Verdict::Never);
    let list = Type::List(Box::new(Type::Enum(0)));
    let both = b.constant(Const::List(vec![Const::Enum(1), Const::Enum(2)]), list);
    let one_of = b.node(
        Op::Contains {
            list: both,
            item: tier,
        },
        Type::Bool,
    );
    assert_eq!(b.gap(&[rising, one_of]), Verdict::Never);
    assert_eq!(b.both(rising, one_of), Verdict::Never);
}

#[test]
fn a_declared_range_limits_a_number() {
    let mut b = Build::new();
    let stars = b.fact_as("stars", Type::Int, FactKind::Given, Some((1, 5)));
    let low = b.with_int(Cmp::Le, stars, 2);
    let middle = b.with_int(Cmp::Eq, stars, 3);
    let four = b.with_int(Cmp::Eq, stars, 4);
    let five = b.with_int(Cmp::Eq, stars, 5);
    assert_eq!(b.gap(&[low, middle, four, five]), Verdict::Never);
    assert_eq!(example(&b.gap(&[low, middle, four])), "stars = 5");
}

#[test]
fn dates_keep_rules_apart() {
    let mut b = Build::new();
    let old = b.in_force(None, Some(20_819));
    let new = b.in_force(Some(20_819), None);
    let overlapping = b.in_force(Some(20_000), Some(20_820));
    assert_eq!(b.both(old, new), Verdict::Never);
    assert_eq!(b.gap(&[old, new]), Verdict::Never);
    let date = Date::from_days(20_819).unwrap().to_string();
    assert_eq!(
        example(&b.both(new, overlapping)),
        format!("as_of = {date}")
    );
    // The same axis as a comparison of as_of.
    let as_of = b.node(Op::AsOf, Type::Date);
    let day = b.constant(Const::Date(Date::from_days(20_819).unwrap()), Type::Date);
    let from = b.compare(Cmp::Ge, as_of, day);
    assert_eq!(b.both(old, from), Verdict::Never);
}

#[test]
fn none_and_not_recorded_are_states_of_their_own() {
    let mut b = Build::new();
    let optional = Type::Optional(Box::new(Type::Int));
    let score = b.fact("score", optional);
    let none = b.node(Op::IsNone(score), Type::Bool);
    let low = b.with_int(Cmp::Lt, score, 10);
    let high = b.with_int(Cmp::Ge, score, 10);
    assert_eq!(example(&b.gap(&[low, high])), "score = none");
    assert_eq!(b.gap(&[none, low, high]), Verdict::Never);
    assert_eq!(b.both(none, low), Verdict::Never);

    let kind = FactKind::Judgement {
        by: "partner team".to_owned(),
    };
    let standing = b.fact_as("good_standing", Type::Bool, kind, None);
    let recorded = b.node(Op::Recorded(1), Type::Bool);
    let bad = b.not(standing);
    // Reading it while it is not recorded is open, which is not a gap.
    assert_eq!(b.gap(&[standing, bad]), Verdict::Never);
    let ok = b.and(&[recorded, standing]);
    let not_ok = b.and(&[recorded, bad]);
    assert_eq!(example(&b.gap(&[ok, not_ok])), "good_standing not recorded");
}

#[test]
fn definitions_are_looked_through() {
    let mut b = Build::new();
    let marks = b.fact("marks", Type::Int);
    let big = b.with_int(Cmp::Ge, marks, 10);
    let middle = b.with_int(Cmp::Ge, marks, 5);
    let values: Vec<NodeId> = (0..3)
        .map(|at| b.constant(Const::Enum(at), Type::Enum(0)))
        .collect();
    let cases = vec![(big, values[2]), (middle, values[1])];
    let tier = b.node(
        Op::Cases {
            cases,
            otherwise: Some(values[0]),
        },
        Type::Enum(0),
    );
    b.define("tier", tier);
    let premier = b.tier(Cmp::Eq, tier, 2);
    let small = b.with_int(Cmp::Lt, marks, 10);
    assert_eq!(b.both(premier, small), Verdict::Never);
    let leading = b.tier(Cmp::Eq, tier, 1);
    assert_eq!(example(&b.both(leading, small)), "marks = 5");
    let at_most = b.tier(Cmp::Le, tier, 1);
    assert_eq!(b.gap(&[premier, at_most]), Verdict::Never);
}

#[test]
fn counts_are_never_negative_and_named() {
    let mut b = Build::new();
    let reviews = b.fact("reviews", Type::List(Box::new(Type::Record(0))));
    let count = b.count_of_good(reviews, 4);
    b.define("good_reviews", count);
    let again = b.count_of_good(reviews, 4);
    let none = b.with_int(Cmp::Eq, count, 0);
    let some = b.with_int(Cmp::Ge, again, 1);
    assert_eq!(b.gap(&[none, some]), Verdict::Never);
    let many = b.with_int(Cmp::Ge, again, 4);
    assert_eq!(example(&b.gap(&[none, many])), "good_reviews = 1");
    // Two counts over one list: an example might not exist.
    let other = b.count_of_good(reviews, 3);
    let few = b.with_int(Cmp::Le, other, 2);
    assert!(matches!(b.both(many, few), Verdict::NotProved(_)));
}

#[test]
fn what_is_not_understood_is_not_proved() {
    let mut b = Build::new();
    let list = Type::List(Box::new(Type::Bool));
    let flags = b.fact("flags", list);
    let some = b.node(Op::AnyItem(flags), Type::Bool);
    let marks = b.fact("marks", Type::Int);
    let low = b.with_int(Cmp::Lt, marks, 3);
    let high = b.with_int(Cmp::Ge, marks, 3);
    let rest = b.and(&[high, some]);
    assert_eq!(
        b.gap(&[low, rest]),
        Verdict::NotProved(
            "it depends on `any of flags`, which the check does not look into".to_owned()
        )
    );
    // Decided without it.
    let not_some = b.not(some);
    let other = b.and(&[high, not_some]);
    assert_eq!(b.both(rest, other), Verdict::Never);
    assert_eq!(b.gap(&[low, rest, other]), Verdict::Never);
    let five = b.with_int(Cmp::Gt, marks, 5);
    let late = b.and(&[five, some]);
    assert_eq!(example(&b.gap(&[late])), "marks = 5");
}

#[test]
fn two_facts_compare_with_each_other() {
    let mut b = Build::new();
    let have = b.fact("have", Type::Int);
    let need = b.fact("need", Type::Int);
    let less = b.compare(Cmp::Lt, have, need);
    let at_least = b.compare(Cmp::Le, need, have);
    let more = b.compare(Cmp::Gt, have, need);
    assert_eq!(b.gap(&[less, at_least]), Verdict::Never);
    assert_eq!(example(&b.gap(&[less, more])), "have = 0, need = 0");
    let small = b.with_int(Cmp::Le, have, 3);
    let big = b.with_int(Cmp::Ge, need, 4);
    let both = b.and(&[small, big]);
    assert_eq!(b.both(both, at_least), Verdict::Never);
    assert_eq!(example(&b.both(both, less)), "have = 3, need = 4");
}

#[test]
fn events_are_not_later_than_the_day() {
    let mut b = Build::new();
    let optional = Type::Optional(Box::new(Type::Date));
    let signed = b.fact_as("signed_on", optional, FactKind::Event, None);
    let day = b.constant(Const::Date(Date::from_days(20_000).unwrap()), Type::Date);
    let late = b.compare(Cmp::Ge, signed, day);
    let before = b.in_force(None, Some(20_000));
    assert_eq!(b.both(late, before), Verdict::Never);
    let from = b.in_force(Some(19_000), None);
    let date = Date::from_days(20_000).unwrap().to_string();
    assert_eq!(
        example(&b.both(late, from)),
        format!("as_of = {date}, signed_on = {date}")
    );
}

#[test]
fn groups_readings_and_scopes() {
    let mut b = Build::new();
    let flags: Vec<NodeId> = ["a", "b", "c"]
        .iter()
        .map(|name| b.fact(name, Type::Bool))
        .collect();
    let two = b.int(2);
    let most = b.node(Op::AtLeast(two, flags.clone()), Type::Bool);
    let first_two = b.and(&flags[..2]);
    let none = b.not(most);
    assert_eq!(b.both(first_two, none), Verdict::Never);
    assert_eq!(b.gap(&[most, none]), Verdict::Never);
    assert_eq!(example(&b.both(flags[0], none)), "a = yes, b = no, c = no");

    let rolling = b.node(Op::ReadingIs(0, 0), Type::Bool);
    let calendar = b.node(Op::ReadingIs(0, 1), Type::Bool);
    assert_eq!(b.gap(&[rolling, calendar]), Verdict::Never);
    assert_eq!(example(&b.gap(&[calendar])), "reading window = rolling");

    let scoped = b.node(
        Op::Scope {
            applies: flags[0],
            body: flags[1],
            because: String::new(),
        },
        Type::Bool,
    );
    let outside = b.not(scoped);
    // Where the guards are not applicable, so is the answer.
    assert_eq!(b.gap(&[scoped, outside]), Verdict::Never);
    let regions = Regions::new(&b.0);
    assert_eq!(
        regions.gap(Some(flags[0]), &[scoped, outside]),
        Verdict::Never
    );
    // Text is what was written, or anything else.
    let text = b.fact("region", Type::Text);
    let emea = b.constant(Const::Text("EMEA".to_owned()), Type::Text);
    let is = b.compare(Cmp::Eq, text, emea);
    assert_eq!(example(&b.gap(&[is])), "region = any other text");
    assert_eq!(example(&b.both(is, flags[0])), "region = \"EMEA\", a = yes");
}

#[test]
fn an_order_of_what_may_be_not_applicable_may_be_so_too() {
    let mut b = Build::new();
    let asked = b.fact("asked", Type::Bool);
    let (n, m) = (b.fact("n", Type::Int), b.fact("m", Type::Int));
    let scope = Op::Scope {
        applies: asked,
        body: n,
        because: String::new(),
    };
    let scoped = b.node(scope, Type::Int);
    // A product is not looked into: it is an atom that may be not applicable itself.
    let product = b.node(Op::Mul(scoped, scoped), Type::Int);
    for (value, looked_into) in [(scoped, true), (product, false)] {
        let applies = b.node(Op::IsApplicable(value), Type::Bool);
        let outside = b.not(applies);
        for (left, right) in [(value, m), (m, value)] {
            for cmp in [Cmp::Eq, Cmp::Ne, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge] {
                let compared = b.compare(cmp, left, right);
                let decided = b.node(Op::IsApplicable(compared), Type::Bool);
                // It is not applicable wherever the value is not, and nowhere else.
                assert_eq!(b.both(decided, outside), Verdict::Never, "{cmp:?}");
                let undecided = b.not(decided);
                assert_eq!(b.both(undecided, applies), Verdict::Never, "{cmp:?}");
                if looked_into {
                    assert_eq!(example(&b.gap(&[decided])), "asked = no", "{cmp:?}");
                }
            }
        }
    }
}

#[test]
fn overrides_choose_the_exception() {
    let mut b = Build::new();
    let a = b.fact("a", Type::Bool);
    let x = b.fact("x", Type::Bool);
    let (ten, twenty) = (b.int(10), b.int(20));
    let exception = Exception {
        name: "e".to_owned(),
        guard: x,
        value: twenty,
        cites: Vec::new(),
    };
    let op = Op::Override {
        base: ten,
        exceptions: vec![exception],
        beats: Vec::new(),
    };
    let fee = b.node(op, Type::Int);
    let high = b.with_int(Cmp::Gt, fee, 15);
    let without = b.not(x);
    assert_eq!(b.both(high, without), Verdict::Never);
    assert_eq!(b.gap(&[high, without]), Verdict::Never);
    let regions = Regions::new(&b.0);
    let possible = regions.satisfiable(&[Literal::yes(high), Literal::no(a)]);
    assert_eq!(example(&possible), "x = yes, a = no");
}

#[test]
fn the_budget_ends_a_search() {
    let mut b = Build::new();
    // Pigeons: seven flags of which at most one of each column holds.
    let mut all = Vec::new();
    let holes = 6;
    let pigeons: Vec<Vec<NodeId>> = (0..holes + 1)
        .map(|p| {
            (0..holes)
                .map(|h| b.fact(&format!("p{p}h{h}"), Type::Bool))
                .collect()
        })
        .collect();
    for pigeon in &pigeons {
        all.push(b.or(pigeon));
    }
    for hole in 0..holes {
        for p in 0..pigeons.len() {
            for q in p + 1..pigeons.len() {
                let both = b.and(&[pigeons[p][hole], pigeons[q][hole]]);
                all.push(b.not(both));
            }
        }
    }
    let literals: Vec<Literal> = all.iter().copied().map(Literal::yes).collect();
    let regions = Regions::new(&b.0).with_steps(2_000);
    assert_eq!(
        regions.satisfiable(&literals),
        Verdict::NotProved("there are too many combinations".to_owned())
    );
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

#[test]
fn findings_have_codes_and_examples() {
    let mut b = Build::new();
    let marks = b.fact("marks", Type::Int);
    let flags = b.fact("flags", Type::List(Box::new(Type::Bool)));
    let some = b.node(Op::AnyItem(flags), Type::Bool);
    let low = b.with_int(Cmp::Lt, marks, 3);
    let high = b.with_int(Cmp::Gt, marks, 3);
    let higher = b.with_int(Cmp::Gt, marks, 9);
    let (one, two, again) = (b.int(1), b.int(2), b.int(2));
    let what = || "fee".to_owned();
    let span = Span::default();
    let complete = |kind, guards: &[NodeId]| Obligation::Complete {
        what: what(),
        kind,
        scope: None,
        guards: guards.to_vec(),
        span,
    };
    let pair = |a: Side, b: Side, kind| Obligation::Disjoint { a, b, kind };
    let found = codes(
        &b.0,
        &[
            complete(CompleteKind::Cases, &[low, high]),
            complete(CompleteKind::Cases, &[low, some]),
            complete(CompleteKind::Rows, &[low, high]),
            Obligation::Reachable {
                what: what(),
                scope: None,
                earlier: vec![high],
                guards: vec![higher],
                span,
                kind: ReachKind::Case,
            },
            Obligation::Reachable {
                what: what(),
                scope: None,
                earlier: vec![low],
                guards: vec![high],
                span,
                kind: ReachKind::Case,
            },
            pair(
                side("a", high, one),
                side("b", higher, two),
                DisjointKind::Exceptions,
            ),
            pair(
                side("a", high, two),
                side("b", higher, again),
                DisjointKind::Exceptions,
            ),
            pair(
                side("a", low, one),
                side("b", higher, two),
                DisjointKind::Exceptions,
            ),
            pair(
                side("a", high, one),
                side("b", some, two),
                DisjointKind::Exceptions,
            ),
            pair(
                side("a", high, two),
                side("b", higher, again),
                DisjointKind::Rows,
            ),
            pair(
                side("a", high, two),
                side("b", higher, again),
                DisjointKind::RowsMayAgree,
            ),
            pair(
                side("a", high, two),
                side("b", some, one),
                DisjointKind::RowsMayAgree,
            ),
        ],
    );
    let expected = [
        Code::CasesLeaveGap,
        Code::CasesNotProved,
        Code::RowsLeaveGap,
        Code::CaseNeverApplies,
        Code::ExceptionsClash,
        Code::ExceptionsNotProved,
        Code::RowsOverlap,
        Code::RowsNotProved,
    ];
    assert_eq!(found.iter().map(|one| one.0).collect::<Vec<_>>(), expected);
    assert_eq!(found[0].1, "no case applies to marks = 3");
    assert_eq!(found[4].1, "both apply to marks = 10");
}

fn band_table(b: &mut Build, rows: i64) -> (Vec<NodeId>, Vec<Side>) {
    let amount = b.fact("amount", Type::Money);
    let value = b.int(1);
    let mut guards = Vec::new();
    let mut sides = Vec::new();
    for row in 0..rows {
        let mut parts = Vec::new();
        if row > 0 {
            let low = b.constant(Const::Number(number(row * 10)), Type::Money);
            parts.push(b.compare(Cmp::Ge, amount, low));
        }
        if row < rows - 1 {
            let high = b.constant(Const::Number(number(row * 10 + 10)), Type::Money);
            parts.push(b.compare(Cmp::Lt, amount, high));
        }
        let guard = b.and(&parts);
        guards.push(guard);
        sides.push(side(&format!("row {row}"), guard, value));
    }
    (guards, sides)
}

#[test]
fn large_tables_are_swept() {
    let mut b = Build::new();
    let (guards, mut sides) = band_table(&mut b, 3_000);
    let rows = |rows: Vec<Side>| Obligation::Rows {
        without: Vec::new(),
        what: "fees".to_owned(),
        rows,
        kind: DisjointKind::Rows,
    };
    let complete = Obligation::Complete {
        what: "fees".to_owned(),
        kind: CompleteKind::Rows,
        scope: None,
        guards,
        span: Span::default(),
    };
    assert_eq!(codes(&b.0, &[rows(sides.clone()), complete]), []);
    let extra = sides[7].clone();
    sides.push(extra);
    let found = codes(&b.0, &[rows(sides)]);
    assert_eq!(
        found,
        [(Code::RowsOverlap, "both apply to amount = $70".to_owned())]
    );
}

#[test]
fn a_table_of_three_columns_is_complete() {
    let mut b = Build::new();
    let columns: Vec<NodeId> = ["a", "b", "c"]
        .iter()
        .map(|name| b.fact(name, Type::Int))
        .collect();
    let size = 6;
    let mut guards = Vec::new();
    for cell in 0..size * size * size {
        let mut parts = Vec::new();
        for (column, place) in
            columns
                .iter()
                .zip([cell / (size * size), cell / size % size, cell % size])
        {
            if place > 0 {
                parts.push(b.with_int(Cmp::Ge, *column, place * 10));
            }
            if place < size - 1 {
                parts.push(b.with_int(Cmp::Lt, *column, place * 10 + 10));
            }
        }
        guards.push(b.and(&parts));
    }
    assert_eq!(b.gap(&guards), Verdict::Never);
    guards.remove(100);
    assert!(matches!(b.gap(&guards), Verdict::Example(_)));
}

#[test]
fn many_small_questions_are_fast() {
    let mut b = Build::new();
    let mut obligations = Vec::new();
    for at in 0..2_000 {
        let (guards, sides) = band_table(&mut b, 5);
        b.define(&format!("fee_{at}"), guards[0]);
        obligations.push(Obligation::Complete {
            what: format!("fee_{at}"),
            kind: CompleteKind::Rows,
            scope: None,
            guards,
            span: Span::default(),
        });
        obligations.push(Obligation::Rows {
            without: Vec::new(),
            what: format!("fee_{at}"),
            rows: sides,
            kind: DisjointKind::Rows,
        });
    }
    let start = std::time::Instant::now();
    assert_eq!(codes(&b.0, &obligations), []);
    let limit = if cfg!(debug_assertions) { 20 } else { 2 };
    assert!(start.elapsed().as_secs() < limit, "{:?}", start.elapsed());
}

#[test]
fn a_long_chain_of_definitions_stays_cheap() {
    let mut b = Build::new();
    let mut obligations = Vec::new();
    let mut before: Option<NodeId> = None;
    for at in 0..10_000 {
        let fact = b.fact(&format!("f{at}"), Type::Int);
        let low = b.with_int(Cmp::Lt, fact, 3);
        let high = b.with_int(Cmp::Ge, fact, 3);
        let (yes, no) = (
            b.constant(Const::Bool(true), Type::Bool),
            b.constant(Const::Bool(false), Type::Bool),
        );
        let high = match before {
            Some(before) => b.or(&[high, before]),
            None => high,
        };
        let cases = vec![(low, yes), (high, no)];
        let node = b.node(
            Op::Cases {
                cases,
                otherwise: None,
            },
            Type::Bool,
        );
        b.define(&format!("d{at}"), node);
        obligations.push(Obligation::Complete {
            what: format!("d{at}"),
            kind: CompleteKind::Cases,
            scope: None,
            guards: vec![low, high],
            span: Span::default(),
        });
        before = Some(node);
    }
    let start = std::time::Instant::now();
    assert_eq!(codes(&b.0, &obligations), []);
    let limit = if cfg!(debug_assertions) { 60 } else { 5 };
    assert!(start.elapsed().as_secs() < limit, "{:?}", start.elapsed());
}

/// A small deterministic source of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn condition(&mut self, b: &mut Build, facts: &[NodeId], depth: u64) -> NodeId {
        let kind = if depth == 0 {
            self.roll(3)
        } else {
            self.roll(8)
        };
        let inner =
            |dice: &mut Self, b: &mut Build| dice.condition(b, facts, depth.saturating_sub(1));
        let fact = facts[self.roll(3) as usize];
        match kind {
            0 | 1 => {
                let cmp = [Cmp::Eq, Cmp::Ne, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge];
                let cmp = cmp[self.roll(6) as usize];
                let value = self.roll(4) as i64;
                b.with_int(cmp, fact, value)
            }
            2 => b.node(Op::IsNone(facts[2]), Type::Bool),
            3 => {
                let all = [inner(self, b), inner(self, b)];
                b.and(&all)
            }
            4 => {
                let all = [inner(self, b), inner(self, b)];
                b.or(&all)
            }
            5 => {
                let one = inner(self, b);
                b.not(one)
            }
            6 => {
                let all = vec![inner(self, b), inner(self, b), inner(self, b)];
                let k = self.roll(4) as i64;
                let k = b.int(k);
                b.node(Op::AtLeast(k, all), Type::Bool)
            }
            _ => {
                let cases = vec![
                    (inner(self, b), inner(self, b)),
                    (inner(self, b), inner(self, b)),
                ];
                let otherwise = Some(inner(self, b));
                b.node(Op::Cases { cases, otherwise }, Type::Bool)
            }
        }
    }
}

#[test]
fn answers_agree_with_trying_everything() {
    let mut dice = Dice(7);
    let (mut never, mut found) = (0, 0);
    for round in 0..4_000 {
        let mut b = Build::new();
        let optional = Type::Optional(Box::new(Type::Int));
        let facts = [
            b.fact_as("x", Type::Int, FactKind::Given, Some((0, 3))),
            b.fact_as("y", Type::Int, FactKind::Given, Some((0, 3))),
            b.fact_as("z", optional, FactKind::Given, Some((0, 3))),
        ];
        let count = 1 + dice.roll(8);
        let guards: Vec<NodeId> = (0..count)
            .map(|_| dice.condition(&mut b, &facts, 3))
            .collect();
        let regions = Regions::new(&b.0);
        let mut open = None;
        for point in 0..4 * 4 * 5_i64 {
            let state = |at: i64| {
                if at < 4 {
                    State::Value(number(at))
                } else {
                    State::None
                }
            };
            let states = [state(point % 4), state(point / 4 % 4), state(point / 16)];
            let samples = states.iter().zip(0..).map(|(state, fact)| super::Sample {
                name: String::new(),
                text: String::new(),
                state: *state,
                key: Key::Fact(fact),
            });
            let witness = Witness {
                samples: samples.collect(),
            };
            if guards
                .iter()
                .all(|guard| b.holds(&regions, &witness, *guard) == Some(false))
            {
                open = Some(point);
            }
        }
        match (b.gap(&guards), open) {
            (Verdict::Never, None) => never += 1,
            (Verdict::Example(_), Some(_)) => found += 1,
            (verdict, open) => panic!("round {round}: {verdict:?} but {open:?}"),
        }
    }
    assert!(never > 100 && found > 100, "{never} {found}");
}
