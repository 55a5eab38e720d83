//! How outcomes combine, construct by construct.

use super::*;

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
