//! Facts, events, judgements, readings and days.

use super::*;

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
