//! Lifecycles drawn by dice: against a walk day by day when everything is known, and against what supplying the
//! rest makes of the answer when something is missing.

mod failing;
mod limits;
mod made;
mod recorded;
mod walked;

use crate::harness::{Files, day};
use crate::run::{Census, Random, cases, is_full, shown};
use made::{BASE, Day, Machine, SPAN, written};
use polc_runtime::{Limits, Options, Program};
use recorded::Facts;
use serde_json::{Value as Json, json};
use walked::{Place, Since, Walk};

const LIFECYCLES: u64 = 20_000;

fn decisions(program: &Program, facts: &Facts, as_of: Day, limits: Limits) -> Json {
    answers(program, &facts.json(), &written(as_of), limits)
}

fn answers(program: &Program, facts: &Json, as_of: &str, limits: Limits) -> Json {
    let facts = polc_runtime::facts::Facts::from_json(program.ir(), &facts.to_string()).unwrap();
    let options = Options {
        limits,
        ..Options::default()
    };
    let mut evaluation = program.evaluate(&facts, day(as_of), &options);
    evaluation.report(None).json()["decisions"].take()
}

fn known(outcome: &Json) -> Option<&Json> {
    (outcome["status"] == "known").then(|| &outcome["value"])
}

/// What the walk says, in the words of the result; nothing where the day is not known.
fn expected(place: &Place) -> Vec<(&'static str, Option<Json>)> {
    let day = |on: Option<Day>| on.map_or(Json::Null, |on| json!(written(on)));
    let since = match place.since {
        Since::Start => Some(Json::Null),
        Since::Before => None,
        Since::Day(on) => Some(day(Some(on))),
    };
    let steps: Option<Vec<Json>> = place
        .history
        .iter()
        .map(|(on, to)| match on {
            Since::Day(on) => Some(json!([written(*on), format!("s{to}")])),
            Since::Before | Since::Start => None,
        })
        .collect();
    vec![
        ("stage", Some(json!(format!("s{}", place.state)))),
        ("since", since),
        ("deadline", Some(day(place.deadline))),
        (
            "kept",
            Some(place.kept.map_or(Json::Null, |kept| json!(kept))),
        ),
        ("history", steps.map(Json::Array)),
    ]
}

/// A value as the walk writes it.
fn plain(name: &str, value: &Json) -> Json {
    if name != "history" {
        return value.clone();
    }
    let steps = value.as_array().unwrap().iter();
    steps.map(|step| json!([step["on"], step["to"]])).collect()
}

/// With everything on record the answers are those of the walk; where it begins with what has no day, those that
/// every such beginning has in common.
fn check_full(program: &Program, machine: &Machine, facts: &Facts, as_of: Day, text: &str) {
    let answers = decisions(program, facts, as_of, Limits::default());
    let place = Walk::run(machine, facts, as_of, 0);
    let undated = place.history.iter().any(|(on, _)| *on == Since::Before);
    let others: Vec<Place> = if undated {
        [1, 2, 3, 5, 7, 9, 12, 40]
            .map(|earlier| Walk::run(machine, facts, as_of, earlier))
            .into()
    } else {
        Vec::new()
    };
    let mut wanted = expected(&place);
    for other in &others {
        for ((_, value), (_, other)) in wanted.iter_mut().zip(expected(other)) {
            *value = value.take().filter(|value| Some(value) == other.as_ref());
        }
    }
    for (name, value) in wanted {
        let found = known(&answers[name]).map(|found| plain(name, found));
        let agrees = match (&found, &value) {
            (Some(found), Some(value)) => found == value,
            (None, None) => {
                answers[name]["status"] == "unknown" && answers[name]["needs"] == json!([])
            }
            // What has no day may leave more open than it must.
            (None, Some(_)) => undated && answers[name]["status"] == "unknown",
            (Some(_), None) => false,
        };
        assert!(
            agrees,
            "{name} as of {} is {}, not {value:?}\n{}\n{text}\n{place:?}",
            written(as_of),
            answers[name],
            facts.json()
        );
    }
}

/// Whether a number or a day lies within the limits of an open answer.
fn within(answer: &Json, value: &Json) -> bool {
    let in_order = |a: &Json, b: &Json| match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a <= b,
        _ => a.as_str().zip(b.as_str()).is_none_or(|(a, b)| a <= b),
    };
    in_order(&answer["at_least"], value) && in_order(value, &answer["at_most"])
}

/// What is answered without some facts is answered with them, whatever they are.
fn check_gaps(
    (program, text): (&Program, &str),
    random: &mut Random,
    full: &Facts,
    as_of: Day,
    census: &mut Census,
) {
    let gaps = full.with_gaps(random, census);
    // With few ways those in the same state are told as one: more is open, and nothing else may be known.
    let most = Limits {
        ways: 256,
        ..Limits::default()
    };
    let limits = Limits {
        ways: *random.pick(&[256, 256, 5, 1]),
        ..most
    };
    let answers = decisions(program, &gaps, as_of, limits);
    for completion in 0..3 {
        // One of them is what was there before something was left out.
        let complete = if completion == 0 {
            full.clone()
        } else {
            gaps.completed(random)
        };
        let then = decisions(program, &complete, as_of, most);
        for (name, answer) in answers.as_object().unwrap() {
            assert!(
                answer["status"] != "error" || then[name]["status"] == "error",
                "{name} as of {}: {answer}\n{}\n{text}",
                written(as_of),
                gaps.json()
            );
            if let Some(value) = known(answer) {
                census.count("decided");
                assert_eq!(
                    Some(value),
                    known(&then[name]),
                    "{name} as of {} of {}\nand then {}\n{text}",
                    written(as_of),
                    gaps.json(),
                    complete.json()
                );
            } else if let Some(needs) = answer["needs"].as_array() {
                census.count("left open");
                if answer.get("at_least").is_some() || answer.get("at_most").is_some() {
                    census.count("limits");
                    let value = known(&then[name]).unwrap_or(&Json::Null);
                    assert!(
                        within(answer, value),
                        "{name} as of {} of {} is {answer}\nand then {value} of {}\n{text}",
                        written(as_of),
                        gaps.json(),
                        complete.json()
                    );
                }
                // Which item is meant must be known before what its fields hold.
                let items = gaps.items.as_ref();
                if !items.is_some_and(|items| items.iter().all(|item| item.on.is_some())) {
                    continue;
                }
                census.count("needs");
                // What is not asked for decides nothing once the rest is there.
                let needs: Vec<String> = needs
                    .iter()
                    .map(|need| need.as_str().unwrap().to_owned())
                    .collect();
                let other = gaps.completed_like(&complete, &needs, random);
                let other_answers = decisions(program, &other, as_of, most);
                // How much is known of what came before everything dated hangs on what is dated first.
                let begun_before =
                    |answer: &Json| answer["status"] == "unknown" && answer["needs"] == json!([]);
                if begun_before(&then[name]) || begun_before(&other_answers[name]) {
                    continue;
                }
                assert_eq!(
                    (&other_answers[name]["status"], known(&other_answers[name])),
                    (&then[name]["status"], known(&then[name])),
                    "{name} as of {} of {} needs only {needs:?}: {}\nand {}\n{text}",
                    written(as_of),
                    gaps.json(),
                    complete.json(),
                    other.json()
                );
            }
        }
    }
}

/// Without some conditions, an answer on which all their values agree is decided; now and then it may be open.
fn check_agreed(
    (program, text): (&Program, &str),
    random: &mut Random,
    full: &Facts,
    as_of: Day,
    census: &mut Census,
) {
    let mut gaps = full.clone();
    let flags = gaps.items.iter_mut().flatten().map(|item| &mut item.flag);
    let mut missing: Vec<&mut Option<bool>> = gaps.truths.iter_mut().chain(flags).collect();
    missing.retain(|_| random.chance(60));
    missing.truncate(4);
    let count = missing.len();
    missing.into_iter().for_each(|one| *one = None);
    let answers = decisions(program, &gaps, as_of, Limits::default());
    let completions: Vec<Json> = (0..1_u32 << count)
        .map(|values| {
            let mut facts = gaps.clone();
            let flags = facts.items.iter_mut().flatten().map(|item| &mut item.flag);
            let all = facts.truths.iter_mut().chain(flags);
            let missing = all.filter(|one| one.is_none());
            for (at, one) in missing.enumerate() {
                *one = Some(values >> at & 1 == 1);
            }
            decisions(program, &facts, as_of, Limits::default())
        })
        .collect();
    for (name, answer) in answers.as_object().unwrap() {
        let value = known(&completions[0][name]);
        let agreed = value.is_some() && completions.iter().all(|one| known(&one[name]) == value);
        if !agreed || count == 0 {
            continue;
        }
        census.count("agreed");
        if known(answer) != value {
            assert_eq!(answer["status"], "unknown", "{name} of {}", gaps.json());
            census.count("agreed, and open");
            if std::env::var_os("POL_IMPRECISE").is_some() {
                println!(
                    "{name} as of {}: {answer}, always {value:?}\n{}\n{text}",
                    written(as_of),
                    gaps.json()
                );
            }
        }
    }
}

fn same_day(facts: &Facts) -> bool {
    let mut days = facts.days();
    days.sort_unstable();
    days.windows(2).any(|pair| pair[0] == pair[1])
}

/// A random lifecycle: its text and what it compiles to.
pub fn drawn(case: u64) -> (String, Program) {
    let text = Machine::draw(&mut Random::of_case("lifecycles", case)).text();
    let program = Files::one(text.clone()).program("t.pol");
    (text, program)
}

fn check_case(case: u64, census: &mut Census) {
    let mut random = Random::of_case("lifecycles", case);
    let machine = Machine::draw(&mut random);
    let text = machine.text();
    let program = Files::one(text.clone()).program("t.pol");
    machine.census(census);
    let facts = Facts::draw(&mut random);
    let as_of = BASE + random.within(-2, SPAN + 12);
    if same_day(&facts) {
        census.count("same day");
    }
    check_full(&program, &machine, &facts, as_of, &text);
    check_gaps((&program, &text), &mut random, &facts, as_of, census);
    check_agreed((&program, &text), &mut random, &facts, as_of, census);
    census.count("lifecycle");
}

#[test]
fn lifecycles_agree_with_the_walk_and_with_every_completion() {
    let mut census = Census::default();
    let mut violations = 0;
    let count = cases(LIFECYCLES, 200);
    for case in 0..count {
        // What a case finds is printed as it is found; the others still run.
        let tried = std::panic::AssertUnwindSafe(|| check_case(case, &mut census));
        if std::panic::catch_unwind(tried).is_err() {
            violations += 1;
            println!("lifecycle {case} is one of the violations");
            assert!(violations < shown(), "{violations} in {case} lifecycles");
        }
    }
    println!("{count} lifecycles, {violations} violations");
    assert_eq!(violations, 0);
    let kinds = ["loop", "cool-down", "same day", "missing date"];
    census.expect(&kinds, 2_000);
    let more = [
        "late",
        "unless",
        "every open state",
        "on each",
        "judgement",
        "judgement of an item",
        "event of an item",
        "kept",
        "again",
        "dated deadline",
        "counts that are only kept",
        "undated first move that keeps a count",
        "no move",
        "missing date of an item",
        "decided",
        "left open",
        "limits",
        "needs",
    ];
    census.expect(&more, 50);
    let (agreed, open) = (census.of("agreed"), census.of("agreed, and open"));
    println!("{agreed} answers on which all completions agree, {open} of them open");
    assert!(
        open * 50 <= agreed,
        "{open} of {agreed} are open for nothing"
    );
    if is_full() {
        println!("{census:?}");
    }
}
