//! Lists whose items may be in doubt.

use super::*;

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
        parameters: Vec::new(),
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

#[test]
fn an_item_belongs_to_the_list_that_introduces_it() {
    let (b, filter) = filtered();
    let Op::Filter { list, body, .. } = b.ir.nodes[filter as usize].op.clone() else {
        panic!("a filter");
    };
    let tables = crate::program::tables::Tables::new(&b.ir);
    let free = |node: NodeId| tables.node(node).unwrap().free.clone();
    assert_eq!(
        (free(list), free(body), free(filter)),
        (vec![], vec![0], vec![])
    );
}
