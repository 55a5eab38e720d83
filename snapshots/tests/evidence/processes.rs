//! Random lifecycles that lead forward, with deadlines, guards, judgements and kept values: the runtime against a fold
//! that looks at every day.

use crate::compare::{Comparison, accepted};
use crate::run::{Census, Random, cases};
use polc_runtime::Program;

const HEAD: &str = "program p \"P\" version 1
enum Reason { missed, ended, answered }
record Count dated on
  on: date
  count: int 0..9
  event closed_on
  judgement seen: accept, refuse by board
event e0
event e1
event e2
event e3
event stopped_on assume none
fact t1: date or none
fact b1: bool
fact b2: bool
fact n1: int 0..4
fact counts: list of Count
judgement j1: accept, refuse by board
judgement j2: bool by staff
value wait: days
  20 days from 2026-01-01 through 2026-12-31
  40 days from 2027-01-01
  not in force before 2026-01-01
define total = sum of counts.count
define due_on: date or none
  none when e0 is none
  e0 + 45 days otherwise
";

/// Days that lines go on from: of the facts, and worked out.
const EVENTS: [&str; 5] = ["e0", "e1", "e2", "e3", "due_on"];

/// From and to when a line is in force.
const IN_FORCE: [&str; 4] = ["", "", " from 2027-01-10", " through 2027-07-01"];

const DAYS: [&str; 4] = ["2026-12-31", "2027-01-01", "2027-07-16", "2028-02-29"];

/// Conditions whose answer may change from day to day, or not.
const GUARDS: [&str; 15] = [
    "b1",
    "b2",
    "n1 >= 2",
    "total >= 5",
    "(count of counts) >= 2",
    "t1 is not none",
    "as_of >= 2027-01-15",
    "(e3 is not none and e3 within 60 days up to as_of)",
    "(not b1 and total < 9)",
    "j2 recorded",
    "(any one in counts where one.closed_on is not none)",
    "(any one in counts where (one.seen recorded and one.seen is accept))",
    // a judgement that is not made is waited for
    "j2",
    "(b1 and j1 is accept)",
    "(ever (total >= 5 and n1 < 3) within 60 days from 2027-01-01)",
];

fn guard(random: &mut Random) -> String {
    match random.chance(40) {
        true => String::new(),
        false => format!(" when {}", random.pick(&GUARDS)),
    }
}

fn written(random: &mut Random) -> String {
    let states = 2 + random.below(4) as usize;
    let mut text =
        "lifecycle stage \"Stage\" starts s0\n  keeps reason: Reason\n  keeps entered: int\n"
            .to_owned();
    if random.chance(50) {
        text += "  any open state\n    on stopped_on -> over set reason ended\n";
    }
    for at in 0..states {
        let next = |random: &mut Random| match at + 1 + random.below(2) as usize {
            to if to < states => format!("s{to}"),
            _ => random.pick(&["over", "done"]).to_string(),
        };
        let deadline = (at > 0 && random.chance(60)).then(|| {
            let length = random.pick(&["10 days", "wait", "2 months", "t1"]);
            let unless = match random.chance(40) {
                true => format!(" unless {}", random.pick(&GUARDS[..9])),
                false => String::new(),
            };
            format!(" deadline {length}{unless}")
        });
        let waits = if random.chance(40) {
            " waits for partner"
        } else {
            ""
        };
        text += &format!(
            "  state s{at}{waits}{}\n",
            deadline.clone().unwrap_or_default()
        );
        let (guarded, set) = (
            guard(random),
            random.pick(&["", " set entered n1", " set reason answered"]),
        );
        let (event, dated) = (random.pick(&EVENTS), random.pick(&IN_FORCE));
        // so that every state is reached
        let on = if at + 1 < states {
            format!("s{}", at + 1)
        } else {
            "over".to_owned()
        };
        let first = match random.below(4) {
            // a condition that leads out of the first state has no day of its own
            0 if at > 0 => format!("    when {} -> {on}{set}{dated}\n", random.pick(&GUARDS)),
            1 if at > 0 => {
                let no = next(random);
                format!("    may j1: accept -> {on}, refuse -> {no}{guarded}{dated}\n")
            }
            _ => format!("    on {event}{guarded} -> {on}{set}{dated}\n"),
        };
        text += &first;
        if random.chance(50) {
            text += &match random.chance(30) && at > 0 {
                true => format!(
                    "    when {} otherwise -> {}\n",
                    random.pick(&GUARDS),
                    next(random)
                ),
                false => format!(
                    "    on {}{} otherwise -> {}{set}\n",
                    random.pick(&EVENTS),
                    guard(random),
                    next(random)
                ),
            };
        }
        if deadline.is_some() {
            text += &format!("    late -> {} set reason missed\n", next(random));
        }
    }
    let done = if text.contains("-> done") {
        ", done"
    } else {
        ""
    };
    let over = if text.contains("-> over") {
        "over"
    } else {
        panic!("the last state leads there")
    };
    text + &format!("  final {over}{done}\n")
        + "decision since: date or none = stage.since
decision deadline: date or none = stage.deadline
decision days_left: days or none = stage.days_left
decision waiting_for = stage.waiting_for
decision moves = stage.moves
decision history = stage.history
decision reason: Reason or none = stage.reason
decision entered: int or none = stage.entered
decision before = stage as of 2026-12-31
decision is_over: bool = stage is over
"
}

/// A random lifecycle: its text and what it compiles to.
pub fn drawn(case: u64) -> Option<(String, Program)> {
    let text = written(&mut Random::of_case("processes", case));
    accepted(HEAD, vec![text])
}

#[test]
fn a_lifecycle_is_where_a_fold_over_every_day_leads() {
    let (mut census, mut comparison, mut refused) = (Census::default(), Comparison::default(), 0);
    let all = cases(2_000, 20);
    for case in 0..all {
        let Some((text, program)) = drawn(case) else {
            refused += 1;
            continue;
        };
        let mut random = Random::of_case("facts for processes", case);
        let day = *random.pick(&DAYS);
        comparison.program(&program, &text, day, &mut random, &mut census);
    }
    println!("{comparison:?}, {refused} refused");
    comparison.finish();
    assert!(refused * 2 < all, "{refused} of {all} refused");
    census.expect(&["known", "open"], 50);
}
