//! What was answered for a past day is answered for it ever after: generated participants of the Connect program,
//! looked at again later.

use crate::connect::{asked, connect, moves};
use crate::harness::{Files, day, decision, evaluate};
use crate::histories::{Day, Decided, Dice, History, written};
use crate::properties::cases;
use polc_runtime::facts::Facts;
use polc_runtime::ir::DefinitionKind;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// The decisions of a participant on a day, whole.
fn decisions(program: &Program, history: &History) -> Json {
    let facts = Json::Object(history.facts());
    evaluate(program, &facts, &written(history.as_of))["decisions"].take()
}

/// A day that is not seen yet becomes another such day, or none.
fn later(dice: &mut Dice, as_of: Day, on: &mut Option<Day>) {
    if on.is_none_or(|on| on > as_of) {
        let further = as_of + 1 + dice.below(120) as Day;
        *on = dice.pick(&[None, Some(as_of + 1), Some(further)]);
    }
}

/// A decision that is not made yet becomes another one, or is never made.
fn decided_later(
    dice: &mut Dice,
    as_of: Day,
    decided: &mut Decided<&'static str>,
    to: &'static str,
) {
    let made = |(_, on): (&str, Option<Day>)| on.is_none_or(|on| on <= as_of);
    if !decided.is_some_and(made) {
        let further = as_of + 1 + dice.below(120) as Day;
        *decided = dice.pick(&[None, Some((to, Some(further)))]);
    }
}

/// The same up to `as_of`, with another future.
fn another_future(dice: &mut Dice, history: &History) -> History {
    let mut other = history.clone();
    let as_of = history.as_of;
    for on in [
        &mut other.applied,
        &mut other.accepted,
        &mut other.supplied,
        &mut other.approved,
        &mut other.published,
        &mut other.certification,
        &mut other.terminated,
    ] {
        later(dice, as_of, on);
    }
    let to = dice.pick(&["accepted", "rejected"]);
    decided_later(dice, as_of, &mut other.application, to);
    other.counts.retain(|(on, _)| *on <= as_of);
    for more in 0..dice.below(3) {
        let on = as_of + 1 + more as Day * 7;
        let at = dice.below(other.counts.len() + 1);
        let count = dice.pick(&[0, 9, 10, 39, 40, 49, 50]);
        other.counts.insert(at, (on, count));
    }
    for round in &mut other.rounds {
        for on in [&mut round.link, &mut round.sent, &mut round.improved] {
            later(dice, as_of, on);
        }
        let to = dice.pick(&["certify", "resurvey", "decline"]);
        decided_later(dice, as_of, &mut round.decision, to);
    }
    // Only from the end: the others are named by their place.
    let ahead = |link: Option<Day>| link.is_none_or(|link| link > as_of);
    while other.rounds.last().is_some_and(|last| ahead(last.link)) && dice.one_in(2) {
        other.rounds.pop();
    }
    other
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn what_happens_later_changes_nothing(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let history = dice.history();
        let other = another_future(&mut dice, &history);
        let (now, then) = (decisions(connect(), &history), decisions(connect(), &other));
        for (name, answer) in now.as_object().unwrap() {
            prop_assert_eq!(
                answer, &then[name], "{} on {} of {} and of {}", name, written(history.as_of),
                Json::Object(history.facts()), Json::Object(other.facts())
            );
        }
    }

    #[test]
    fn a_past_day_looks_the_same_from_a_later_one(seed in any::<u64>(), days in 0..200_i32) {
        let mut dice = Dice(seed);
        let mut history = dice.history();
        // A supplied count is that of the day of evaluation alone.
        history.installs = None;
        let text = Json::Object(history.facts()).to_string();
        let program = connect().ir();
        let facts = Facts::from_json(program, &text).unwrap();
        let past = Date::from_days(history.as_of).unwrap();
        let later = Date::from_days(history.as_of + days).unwrap();
        let options = Options::default();
        let mut then = connect().evaluate(&facts, past, &options);
        let mut now = connect().evaluate(&facts, later, &options);
        let machine = program.lifecycles[0].node;
        prop_assert_eq!(
            now.node_at(machine, past), then.node(machine),
            "on {}, from {}: {}", past, later, text
        );
        for definition in &program.definitions {
            if definition.kind == DefinitionKind::Decision {
                prop_assert_eq!(
                    now.node_at(definition.node, past), then.node(definition.node),
                    "{} on {}, from {}: {}", definition.name, past, later, text
                );
            }
        }
    }

    #[test]
    fn dated_lists_have_no_order(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let history = dice.history();
        let mut other = history.clone();
        dice.shuffle(&mut other.counts);
        dice.shuffle(&mut other.rounds);
        let of = |history: &History| asked(connect(), &history.facts(), history.as_of);
        prop_assert_eq!(
            of(&history), of(&other), "on {} of {}", written(history.as_of),
            Json::Object(history.facts())
        );
    }

    #[test]
    fn history_only_grows(seed in any::<u64>(), days in 1..200_i32) {
        let mut dice = Dice(seed);
        let history = dice.history();
        let then = asked(connect(), &history.facts(), history.as_of).moves;
        let now = asked(connect(), &history.facts(), history.as_of + days).moves;
        // Without a count there may be no one history. What is undated holds on both days alike.
        if let (Some(then), Some(now)) = (then, now) {
            prop_assert!(
                now.starts_with(&then), "{:?} on {} and then {:?} of {}", then,
                written(history.as_of), now, Json::Object(history.facts())
            );
        }
    }
}

#[test]
fn all_items_of_a_day_are_taken_on_it() {
    let program = Files::one(
        "program t \"T\" version 1
enum Step { idle, asked, tried, done }
record Try
  event link_on
  more: bool
fact tries: list of Try
event begun_on
lifecycle stage: Step starts idle
  state idle
    on begun_on -> asked
  state asked
    on each try of tries by .link_on -> tried
  state tried
    when try.more -> asked
    when not try.more -> done
  final done
decision where_it_is = stage
",
    )
    .program("t.pol");
    let facts = json!({
        "begun_on": "2026-01-10",
        "tries": [{ "link_on": "2026-01-02", "more": true }, { "link_on": "2026-01-03", "more": false }],
    });
    for (on, wanted) in [
        ("2026-01-09", "idle"),
        ("2026-01-10", "done"),
        ("2026-03-01", "done"),
    ] {
        let found = decision(&evaluate(&program, &facts, on), "where_it_is");
        assert_eq!(found, json!(wanted), "on {on}");
    }
    let read = Facts::from_json(program.ir(), &facts.to_string()).unwrap();
    let mut evaluation = program.evaluate(&read, day("2026-03-01"), &Options::default());
    let record = evaluation.node(program.ir().lifecycles[0].node);
    let days: Vec<String> = moves(program.ir(), "Step", &record)
        .unwrap()
        .into_iter()
        .map(|(on, to)| format!("{on} {to}"))
        .collect();
    assert_eq!(
        days,
        [
            "2026-01-10 asked",
            "2026-01-10 tried",
            "2026-01-10 asked",
            "2026-01-10 tried",
            "2026-01-10 done"
        ]
    );
}
