//! Missing facts: what is known without them stays so with them.

use super::*;

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
