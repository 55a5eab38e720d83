//! The Connect program once more, in plain Rust from the clauses and day by day, against the compiled policy on
//! generated participants.

mod clauses;
mod lost;

use crate::harness::{CONNECT, Files};
use crate::histories::{Day, Dice, History, Survey, written};
use clauses::Participant;
use polc_runtime::facts::Facts;
use polc_runtime::ir;
use polc_runtime::value::{Date, Outcome, Value};
use polc_runtime::{Options, Program};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const PARTICIPANTS: u32 = 20_000;

/// The decisions that are compared, and the enumeration of those that are words.
pub const ASKED: [(&str, &str); 8] = [
    ("stage", "Stage"),
    ("end_reason", "EndReason"),
    ("next_deadline_on", ""),
    ("certification_eligible", ""),
    ("route", "Route"),
    ("nps", ""),
    ("certification_decision", "CertificationDecision"),
    ("application_admissible", ""),
];

const STAGES: [&str; 17] = [
    "not_applied",
    "inadmissible",
    "under_consideration",
    "beta_site_page",
    "beta_page_approval",
    "beta_waiting_publication",
    "beta_listed",
    "certification_link",
    "certification_distribution",
    "certification_monitoring",
    "certification_scoring",
    "improving",
    "awaiting_decision",
    "certified",
    "removed",
    "terminated",
    "declined",
];

/// The program as shipped, compiled once.
pub fn connect() -> &'static Program {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    PROGRAM.get_or_init(|| Files::rules(CONNECT).program(CONNECT))
}

/// An outcome in the words of the clauses: a value or its status.
pub fn shown(program: &ir::Program, words: &str, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Known(Value::None) => "none".to_owned(),
        Outcome::Known(Value::Bool(yes)) => yes.to_string(),
        Outcome::Known(Value::Date(date)) => date.to_string(),
        Outcome::Known(Value::Number(number)) => {
            format!("{}/{}", number.numerator(), number.denominator())
        }
        Outcome::Known(Value::Enum(at)) => {
            let words = program.enums.iter().find(|found| found.name == words);
            words.unwrap().values[*at as usize].clone()
        }
        Outcome::Open(open) if open.facts.is_empty() => "needs_decision".to_owned(),
        Outcome::Open(_) => "unknown".to_owned(),
        Outcome::Error(because) => format!("broken: {because}"),
        Outcome::Known(Value::Text(_) | Value::List(_) | Value::Record(_))
        | Outcome::NotApplicable(_) => panic!("{outcome:?}"),
    }
}

/// What the policy answers: what is asked in the order of [`ASKED`], and the moves where they are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    pub asked: [String; 8],
    pub moves: Option<Vec<(String, String)>>,
}

/// The moves in the record of a lifecycle, each by its day; `states` is the enumeration of its states.
pub fn moves(
    program: &ir::Program,
    states: &str,
    stage: &Outcome,
) -> Option<Vec<(String, String)>> {
    let Outcome::Known(Value::Record(fields)) = stage else {
        return None;
    };
    let Some(Outcome::Known(Value::List(list))) = fields.get(ir::lifecycle::HISTORY as usize)
    else {
        return None;
    };
    let mut moves = Vec::new();
    for item in &list.items {
        let Outcome::Known(Value::Record(step)) = &item.value else {
            return None;
        };
        moves.push((
            shown(program, "", &step[0]),
            shown(program, states, &step[1]),
        ));
    }
    Some(moves)
}

/// What the policy answers on a day.
pub fn asked(program: &Program, facts: &Map<String, Json>, as_of: Day) -> Answers {
    let text = Json::Object(facts.clone()).to_string();
    let facts = Facts::from_json(program.ir(), &text)
        .unwrap_or_else(|faults| panic!("{faults:?} in {text}"));
    let as_of = Date::from_days(as_of).unwrap();
    let mut evaluation = program.evaluate(&facts, as_of, &Options::default());
    let asked = ASKED.map(|(name, words)| {
        let found = evaluation.decision(name).unwrap();
        shown(program.ir(), words, &found)
    });
    let stage = evaluation.node(program.ir().lifecycles[0].node);
    Answers {
        asked,
        moves: moves(program.ir(), "Stage", &stage),
    }
}

/// Counts that may have held before the first on record: each side of every number the clauses name.
const BEFORE_FIRST: [i64; 7] = [0, 9, 10, 39, 40, 49, 50];

/// Every answer the clauses allow, with the moves that lead to it.
fn allowed(history: &History) -> Vec<Answers> {
    let first = history.days().into_iter().min();
    let counted = history.counts.iter().map(|(on, _)| *on).min();
    let unknown = counted.is_none_or(|counted| Some(counted) > first || counted > history.as_of);
    let before: &[i64] = if unknown { &BEFORE_FIRST } else { &[0] };
    let answers = before.iter().map(|before_first| {
        let participant = Participant {
            on_record: history,
            before_first: *before_first,
        };
        participant.answers()
    });
    answers.collect()
}

/// Whether an answer is right: where counts are missing it may be open although every count leads to the same.
fn right(got: &str, allowed: &[&str]) -> bool {
    match got {
        "unknown" => allowed.len() > 1,
        answer => allowed.iter().all(|wanted| *wanted == answer),
    }
}

#[test]
fn the_policy_agrees_with_the_clauses() {
    let program = connect();
    let mut seen: BTreeMap<(&str, String), u32> = BTreeMap::new();
    let mut dice = Dice(2026);
    for _ in 0..PARTICIPANTS {
        let history = dice.history();
        let facts = history.facts();
        let got = asked(program, &facts, history.as_of);
        let allowed = allowed(&history);
        let about = || {
            let day = written(history.as_of);
            format!("on {day} of {}", Json::Object(facts.clone()))
        };
        for (at, (name, _)) in ASKED.iter().enumerate() {
            let answer = &got.asked[at];
            let wanted: Vec<&str> = allowed.iter().map(|one| one.asked[at].as_str()).collect();
            assert!(
                right(answer, &wanted),
                "{name} is {answer} and not {wanted:?} {}",
                about()
            );
            *seen.entry((name, answer.clone())).or_default() += 1;
        }
        if let [only] = allowed.as_slice() {
            assert_eq!(got.moves, only.moves, "{}", about());
            for (_, stage) in only.moves.iter().flatten() {
                *seen.entry(("through", stage.clone())).or_default() += 1;
            }
        }
    }
    let times = |name: &'static str, answer: &str| {
        let times = seen.get(&(name, answer.to_owned()));
        times.copied().unwrap_or_default()
    };
    for stage in STAGES {
        // With every fact known, scoring is over on the day it begins.
        let name = if stage == "certification_scoring" {
            "through"
        } else {
            "stage"
        };
        let times = times(name, stage);
        assert!(times >= 100, "{stage} came up {times} times");
    }
}
