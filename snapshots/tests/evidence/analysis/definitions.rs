//! Definitions with cases, and what has to be found in them.

use super::*;

pub(super) fn cases_of(random: &mut Random, census: &mut Census) -> Case {
    let world = World::new(random, census);
    let mut probe = Probe::new();
    let mut text = world.text.clone();
    text.push_str("decision answer: int\n");
    let first = lines(&text) + 1;
    let count = 1 + random.below(4) as usize;
    let (mut guards, mut alone) = (Vec::new(), Vec::new());
    for at in 0..count {
        let condition = world.condition(random, census, 2);
        let (dates, day) = world.dates(random, census);
        let under = if world.reading && random.chance(40) {
            census.count("under a reading");
            Some("one")
        } else {
            None
        };
        let _ = write!(text, "  {at} when {condition}{dates}");
        if under.is_some() {
            text.push_str(" under r one");
        }
        text.push('\n');
        alone.push(probe.guard([condition.clone()]));
        let under = under.map(|_| "under_r".to_owned());
        guards.push(probe.guard([Some(condition), day, under].into_iter().flatten()));
    }
    let otherwise = random.chance(35);
    if otherwise {
        text.push_str("  99 otherwise\n");
    }
    let mut asked = world.declared_probe();
    if world.reading {
        asked
            .text
            .push_str("define under_r: bool\n  yes when k = k under r one\n  no otherwise\n");
    }
    probe.run(&asked);
    let mut expected = Found::new();
    for (at, guard) in guards.iter().enumerate() {
        let earlier = &guards[..at];
        let reached = |point: &[Outcome]| {
            probe.holds(point, guard) && earlier.iter().all(|one| probe.passed(point, one))
        };
        if !probe.ever(reached) {
            expected.insert(("P0603", vec![first + at]));
        }
        if !probe.ever(|point| probe.truth(point, &alone[at]) != Truth::Yes) {
            expected.insert(("P0611", vec![first + at]));
        }
    }
    let left = probe.ever(|point| guards.iter().all(|guard| probe.passed(point, guard)));
    let gap = probe.ever(|point| guards.iter().all(|guard| probe.fails(point, guard)));
    if gap && !otherwise {
        expected.insert(("P0601", vec![first]));
    }
    if !left && otherwise {
        expected.insert(("P0610", vec![first + count]));
    }
    Case {
        text,
        expected,
        kind: "cases",
    }
}
