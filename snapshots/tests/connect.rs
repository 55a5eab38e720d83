//! The Connect program once more, in plain Rust from the clauses and day by day, against the compiled policy on
//! generated participants.

use crate::harness::{CONNECT, Files};
use crate::histories::{Day, Dice, History, Survey, written};
use polc_runtime::facts::Facts;
use polc_runtime::ir;
use polc_runtime::value::{Date, Outcome, Value};
use polc_runtime::{Options, Program};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const PARTICIPANTS: u32 = 20_000;

const SITE_PAGE_DAYS: Day = 30;
const LISTING_DAYS: Day = 90;
const TO_APPLY: i64 = 10;
const TO_GRADUATE: i64 = 40;
const TO_ENTER: i64 = 50;
const RESPONSES: usize = 20;
const NPS: i64 = 25;

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

// ── The clauses ─────────────────────────────────────────────────────────────────────────────────

/// A participant, with the count that held before the first one on record.
struct Participant<'h> {
    on_record: &'h History,
    before_first: i64,
}

/// Where a participant stands at the end of a day.
struct Place {
    stage: &'static str,
    deadline: Option<Day>,
    end: &'static str,
    /// How many rounds were taken, in the order of their links.
    rounds: usize,
}

fn by(day: Option<Day>, today: Day) -> bool {
    day.is_some_and(|day| day <= today)
}

impl Survey {
    /// Promoters less detractors, and all who answered.
    fn balance(&self) -> (i64, i64) {
        let mut balance = 0;
        for score in &self.scores {
            if *score >= 9 {
                balance += 1;
            }
            if *score <= 6 {
                balance -= 1;
            }
        }
        (balance, self.scores.len() as i64)
    }

    fn passes(&self) -> bool {
        let (balance, all) = self.balance();
        100 * balance >= NPS * all
    }

    fn complete(&self) -> bool {
        self.scores.len() >= RESPONSES
    }

    fn decided(&self, today: Day) -> Option<&'static str> {
        let (value, on) = self.decision?;
        on.is_none_or(|on| on <= today).then_some(value)
    }
}

impl Participant<'_> {
    fn count(&self, today: Day) -> i64 {
        let mut latest: Option<(Day, i64)> = None;
        for (on, count) in &self.on_record.counts {
            if *on <= today && latest.is_none_or(|(before, _)| before < *on) {
                latest = Some((*on, *count));
            }
        }
        latest.map_or(self.before_first, |(_, count)| count)
    }

    fn criteria(&self) -> bool {
        let History {
            in_house,
            auth,
            channels,
            answers_within,
            ..
        } = self.on_record;
        let support = channels.contains(&"ticket") || channels.contains(&"phone");
        *in_house && *auth == "oauth2" && support && *answers_within <= 24
    }

    /// 40 held on some day of the listing period that is not after today.
    fn graduated(&self, today: Day) -> bool {
        let Some(published) = self.on_record.published.filter(|day| *day <= today) else {
            return false;
        };
        let mut day = published;
        while day <= today && day <= published + LISTING_DAYS {
            if self.count(day) >= TO_GRADUATE {
                return true;
            }
            day += 1;
        }
        false
    }

    fn accepted_into_beta(&self, today: Day) -> bool {
        let accepted = self.on_record.accepted.filter(|day| *day <= today);
        accepted.is_some_and(|accepted| self.count(accepted) < TO_ENTER)
    }

    /// The surveys whose link is out, by its day.
    fn surveys(&self, today: Day) -> Vec<&Survey> {
        let rounds = self.on_record.rounds.iter();
        let mut begun: Vec<&Survey> = rounds.filter(|round| by(round.link, today)).collect();
        begun.sort_by_key(|round| round.link);
        begun
    }

    /// The next move of a day, if there is one.
    fn next(&self, place: &Place, today: Day) -> Option<Place> {
        let on_record = self.on_record;
        let to = |stage: &'static str| {
            Some(Place {
                stage,
                deadline: None,
                end: "none",
                rounds: place.rounds,
            })
        };
        let ends = |stage: &'static str, end: &'static str| {
            let mut next = to(stage)?;
            next.end = end;
            Some(next)
        };
        let until = |stage: &'static str, deadline: Day| {
            let mut next = to(stage)?;
            next.deadline = Some(deadline);
            Some(next)
        };
        let stage = place.stage;
        if ["inadmissible", "removed", "terminated", "declined"].contains(&stage) {
            return None;
        }
        if by(on_record.terminated, today) {
            return ends("terminated", "hubspot_decision");
        }
        let late = place.deadline.is_some_and(|deadline| today > deadline);
        if stage == "beta_site_page" && late {
            return ends("removed", "site_page_missed");
        }
        if stage == "beta_listed" && late && !self.graduated(today) {
            return ends("terminated", "installs_missed");
        }
        let applies = by(on_record.certification, today);
        let has_50 = self.count(today) >= TO_ENTER;
        let surveys = self.surveys(today);
        let taken = place.rounds.checked_sub(1).map(|at| surveys[at]);
        match stage {
            "not_applied" if by(on_record.applied, today) => {
                if self.criteria() && self.count(today) >= TO_APPLY {
                    to("under_consideration")
                } else {
                    to("inadmissible")
                }
            }
            "under_consideration" => {
                let rejected = on_record.application.is_some_and(|(value, on)| {
                    value == "rejected" && on.is_none_or(|on| on <= today)
                });
                if self.accepted_into_beta(today) {
                    until("beta_site_page", on_record.accepted? + SITE_PAGE_DAYS)
                } else if by(on_record.accepted, today)
                    && applies
                    && (has_50 || self.graduated(today))
                {
                    to("certification_link")
                } else if rejected {
                    to("declined")
                } else {
                    None
                }
            }
            "beta_site_page" if by(on_record.supplied, today) && on_record.meets_packet => {
                to("beta_page_approval")
            }
            "beta_page_approval" if by(on_record.approved, today) => to("beta_waiting_publication"),
            "beta_waiting_publication" if by(on_record.published, today) => {
                until("beta_listed", on_record.published? + LISTING_DAYS)
            }
            "beta_site_page" | "beta_page_approval" | "beta_waiting_publication"
                if applies && has_50 =>
            {
                to("certification_link")
            }
            "beta_listed" if applies && (has_50 || self.graduated(today)) => {
                to("certification_link")
            }
            "certification_link" if surveys.len() > place.rounds => {
                let mut next = to("certification_distribution")?;
                next.rounds += 1;
                Some(next)
            }
            "certification_distribution" if by(taken?.sent, today) => {
                to("certification_monitoring")
            }
            "certification_monitoring" if taken?.complete() => to("certification_scoring"),
            "certification_scoring" => match (taken?.passes(), on_record.other_requirements) {
                (true, true) => to("certified"),
                (true, false) => to("awaiting_decision"),
                (false, _) => to("improving"),
            },
            "improving" if by(taken?.improved, today) => to("awaiting_decision"),
            "awaiting_decision" => match taken?.decided(today)? {
                "certify" => to("certified"),
                "resurvey" => to("certification_link"),
                _ => to("declined"),
            },
            _ => None,
        }
    }

    /// The moves up to a day, and where they lead.
    fn moves(&self, last: Day) -> (Vec<(Day, &'static str)>, Place) {
        let mut place = Place {
            stage: "not_applied",
            deadline: None,
            end: "none",
            rounds: 0,
        };
        let mut moves = Vec::new();
        let first = self.on_record.days().into_iter().min().unwrap_or(last);
        let mut today = first.min(last);
        while today <= last {
            let mut entered: Vec<&str> = Vec::new();
            while let Some(next) = self.next(&place, today) {
                // A stage is entered once a round of the day; each survey begins one.
                if next.rounds > place.rounds {
                    entered.clear();
                }
                if entered.contains(&next.stage) {
                    break;
                }
                entered.push(next.stage);
                moves.push((today, next.stage));
                place = next;
            }
            today += 1;
        }
        (moves, place)
    }

    fn certification(&self) -> &'static str {
        let today = self.on_record.as_of;
        if by(self.on_record.terminated, today) {
            return "not_yet";
        }
        let surveys = self.surveys(today);
        // Whoever was certified once is not tested again.
        let certified = surveys.iter().any(|survey| {
            let chosen = survey.passes() || by(survey.improved, today);
            let decided = chosen && survey.decided(today) == Some("certify");
            survey.complete() && (survey.passes() && self.on_record.other_requirements || decided)
        });
        if certified {
            return "certified";
        }
        let Some(latest) = surveys.last() else {
            return "not_yet";
        };
        if !latest.complete() {
            return "not_yet";
        }
        if !latest.passes() && !by(latest.improved, today) {
            return "improve";
        }
        match latest.decided(today) {
            None => "needs_decision",
            Some("certify") => "certified",
            Some(_) => "not_yet",
        }
    }

    /// What is asked, and the moves up to the day.
    fn answers(&self) -> Answers {
        let today = self.on_record.as_of;
        let installs = self.on_record.installs.unwrap_or(self.count(today));
        let admissible = self.criteria() && installs >= TO_APPLY;
        let route = if by(self.on_record.accepted, today) {
            if installs < TO_ENTER && self.accepted_into_beta(today) {
                "beta"
            } else {
                "certification"
            }
        } else if !admissible {
            "none"
        } else if installs >= TO_ENTER {
            "certification"
        } else {
            "beta"
        };
        let (moves, place) = self.moves(today);
        let deadline = match place.stage {
            "beta_listed" if self.graduated(today) => None,
            _ => place.deadline,
        };
        let complete = self.surveys(today).into_iter().rfind(|s| s.complete());
        let nps = complete.map_or("none".to_owned(), |survey| {
            let (balance, all) = survey.balance();
            fraction(100 * balance, all)
        });
        let eligible = installs >= TO_ENTER || self.graduated(today);
        let asked = [
            place.stage.to_owned(),
            place.end.to_owned(),
            deadline.map_or("none".to_owned(), written),
            eligible.to_string(),
            route.to_owned(),
            nps,
            self.certification().to_owned(),
            admissible.to_string(),
        ];
        let moves = moves.into_iter();
        let moves = moves.map(|(on, to)| (written(on), to.to_owned()));
        Answers {
            asked,
            moves: Some(moves.collect()),
        }
    }
}

fn fraction(above: i64, below: i64) -> String {
    let (mut a, mut b) = (above.abs(), below);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    format!("{}/{}", above / a.max(1), below / a.max(1))
}

// ── The policy ──────────────────────────────────────────────────────────────────────────────────

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
        other => panic!("{other:?}"),
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
        match &item.value {
            Outcome::Known(Value::Record(step)) => moves.push((
                shown(program, "", &step[0]),
                shown(program, states, &step[1]),
            )),
            _ => return None,
        }
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

// ── Missing facts ───────────────────────────────────────────────────────────────────────────────

/// Without all the facts an evaluation takes longer.
const WITH_LOSSES: u32 = 8_000;

/// Facts that decide by their absence: judgements, what is derived and what is assumed.
const KEPT: [&str; 3] = ["application_decision", "installs", "hubspot_termination_on"];

/// Fields that decide by their absence: judgements, and what a round may leave out.
const KEPT_FIELDS: [&str; 4] = [
    "decision",
    "link_provided_on",
    "distributed_on",
    "improvements_completed_on",
];

/// Loses whole facts, and fields of records; judgements stay.
fn lose(dice: &mut Dice, facts: &mut Map<String, Json>, share: usize) {
    facts.retain(|name, _| KEPT.contains(&name.as_str()) || !dice.one_in(share));
    for list in ["install_counts", "survey_rounds"] {
        for item in facts
            .get_mut(list)
            .and_then(Json::as_array_mut)
            .into_iter()
            .flatten()
        {
            let fields = item.as_object_mut().unwrap();
            fields
                .retain(|name, _| KEPT_FIELDS.contains(&name.as_str()) || !dice.one_in(2 * share));
        }
    }
}

#[test]
fn what_is_known_without_some_facts_stays_so_with_them() {
    let program = connect();
    let mut dice = Dice(2026);
    let mut losses = Dice(25);
    let (mut open, mut decided) = ([0_u32; 8], [0_u32; 8]);
    for _ in 0..WITH_LOSSES {
        let history = dice.history();
        let mut facts = history.facts();
        let share = losses.pick(&[4, 12, 12, 24]);
        lose(&mut losses, &mut facts, share);
        if facts == history.facts() {
            continue;
        }
        let got = asked(program, &facts, history.as_of);
        let allowed = allowed(&history);
        let about = || {
            let (day, full) = (written(history.as_of), Json::Object(history.facts()));
            format!("on {day} of {} of {full}", Json::Object(facts.clone()))
        };
        for (at, (name, _)) in ASKED.iter().enumerate() {
            let answer = &got.asked[at];
            assert!(
                !answer.starts_with("error"),
                "{name} is {answer} {}",
                about()
            );
            if answer == "unknown" {
                open[at] += 1;
                continue;
            }
            decided[at] += 1;
            for wanted in &allowed {
                assert_eq!(*answer, wanted.asked[at], "{name} {}", about());
            }
        }
        let known = |moves: &Vec<(String, String)>| moves.iter().all(|(on, _)| on != "unknown");
        if let Some(moves) = got.moves.as_ref().filter(|moves| known(moves)) {
            for wanted in &allowed {
                assert_eq!(Some(moves), wanted.moves.as_ref(), "{}", about());
            }
        }
    }
    for (at, (name, _)) in ASKED.iter().enumerate() {
        let (open, decided) = (open[at], decided[at]);
        assert!(
            open >= 1_000 && decided >= 1_000,
            "{name} was open {open} and decided {decided} times"
        );
    }
}
