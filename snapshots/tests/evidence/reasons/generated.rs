//! Both laws on generated programs: calculations, outcomes, grids, processes and lifecycles in turn.

use super::necessity::change;
use super::relevance::Compared;
use super::subject::Subject;
use crate::run::{Random, cases, shown};
use crate::{expressions, grids, lifecycles, outcomes, processes};

/// Changes made to one program, of a hundred.
const SHARE: u64 = 25;

fn drawn(case: u64) -> Option<String> {
    let of = case / 5;
    let (text, _) = match case % 5 {
        0 => expressions::drawn(of),
        1 => outcomes::drawn(of),
        2 => grids::drawn(of),
        3 => processes::drawn(of),
        _ => Some(lifecycles::drawn(of)),
    }?;
    Some(text)
}

#[test]
fn both_laws_hold_on_generated_programs() {
    let (all, mut programs, mut tried, mut moved) = (cases(2_000, 20), 0, 0, 0);
    let (mut compared, mut violations) = (Compared::default(), Vec::new());
    let mut case = 0;
    while programs < all {
        let text = drawn(case);
        case += 1;
        let Some(text) = text else { continue };
        programs += 1;
        let mut subject = Subject::one(&text, &format!("generated {case}"), 3, 2);
        let mut random = Random::of_case("changes", case);
        let outcome = change(&mut subject, 1, || random.chance(SHARE));
        tried += outcome.tried;
        moved += outcome.moved.len();
        let told = |violation| format!("{violation}\nin\n{text}");
        violations.extend(outcome.violations.into_iter().take(1).map(told));
        let found = Compared::of(&subject, 1);
        compared.explanations += found.explanations;
        compared.steps += found.steps;
        compared.long += found.long;
        let told = |wrong| format!("{wrong}\nin\n{text}");
        compared
            .wrong
            .extend(found.wrong.into_iter().take(1).map(told));
    }
    println!(
        "{programs} programs, {tried} changes, {moved} things moved an answer, {} violations; \
         {} explanations, {} steps compared, {} over 30 lines, {} wrong",
        violations.len(),
        compared.explanations,
        compared.steps,
        compared.long,
        compared.wrong.len()
    );
    violations.extend(compared.wrong.iter().cloned());
    assert!(
        violations.is_empty(),
        "{}",
        violations[..violations.len().min(shown())].join("\n\n")
    );
    assert!(moved > 0);
    compared.judge();
}
