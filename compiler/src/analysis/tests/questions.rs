//! Single questions: gaps, overlaps, and what is not understood.

use super::*;

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
