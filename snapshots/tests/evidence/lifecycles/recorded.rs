//! What is on record about a lifecycle, drawn by dice, with gaps and without.

use super::made::{ANSWERS, BASE, Day, EVENTS, written};
use crate::run::{Census, Random};
use serde_json::{Map, Value as Json, json};

/// What is on record: `None` is missing, `Some(None)` never happened.
#[derive(Debug, Clone)]
pub struct Facts {
    pub events: [Option<Option<Day>>; EVENTS],
    pub truths: [Option<bool>; 2],
    pub limit: Option<Day>,
    pub items: Option<Vec<Item>>,
    pub counts: Option<Vec<(Option<Day>, i64)>>,
    /// The answer and its day.
    pub verdict: Option<(usize, Option<Day>)>,
}

#[derive(Debug, Clone)]
pub struct Item {
    pub on: Option<Option<Day>>,
    pub flag: Option<bool>,
    pub n: i64,
    pub done: Option<Option<Day>>,
    pub verdict: Option<(usize, Option<Day>)>,
}

fn day(random: &mut Random) -> Day {
    // Few days, so that much happens on one.
    BASE + *random.pick(&[0, 1, 1, 2, 4, 5, 5, 5, 6, 8, 9, 10, 13, 14, 19])
}

fn event(random: &mut Random) -> Option<Option<Day>> {
    Some(random.chance(80).then(|| day(random)))
}

fn verdict(random: &mut Random) -> Option<(usize, Option<Day>)> {
    random.chance(60).then(|| {
        let on = random.chance(70).then(|| day(random));
        (random.below(2) as usize, on)
    })
}

fn item(random: &mut Random) -> Item {
    Item {
        on: event(random),
        flag: Some(random.chance(50)),
        n: random.within(1, 9),
        done: event(random),
        verdict: verdict(random),
    }
}

fn count(random: &mut Random) -> (Option<Day>, i64) {
    // Few and many in turn, so that what asks for a count comes to hold anew.
    (Some(day(random)), *random.pick(&[0, 0, 1, 2, 3, 4, 4]))
}

impl Facts {
    pub fn draw(random: &mut Random) -> Facts {
        let items = (0..random.below(5)).map(|_| item(random)).collect();
        let mut counts: Vec<(Option<Day>, i64)> = Vec::new();
        for _ in 0..random.below(7) {
            let one = count(random);
            // Two of one day would be a tie.
            if counts.iter().all(|(on, _)| *on != one.0) {
                counts.push(one);
            }
        }
        Facts {
            events: std::array::from_fn(|_| event(random)),
            truths: std::array::from_fn(|_| Some(random.chance(50))),
            limit: Some(day(random)),
            items: Some(items),
            counts: Some(counts),
            verdict: verdict(random),
        }
    }

    /// With something left out.
    pub fn with_gaps(&self, random: &mut Random, census: &mut Census) -> Facts {
        let mut facts = self.clone();
        let share = *random.pick(&[10, 25, 60]);
        for event in &mut facts.events {
            if random.chance(share) {
                *event = None;
                census.count("missing date");
            }
        }
        for truth in &mut facts.truths {
            if random.chance(share) {
                *truth = None;
            }
        }
        if random.chance(share / 2) {
            facts.limit = None;
        }
        if random.chance(share / 3) {
            facts.items = None;
        }
        for item in facts.items.iter_mut().flatten() {
            if random.chance(share / 2) {
                item.on = None;
                census.count("missing date of an item");
            }
            if random.chance(share / 2) {
                item.flag = None;
            }
            if random.chance(share / 2) {
                item.done = None;
            }
        }
        if random.chance(share / 3) {
            facts.counts = None;
        }
        for (on, _) in facts.counts.iter_mut().flatten() {
            if random.chance(share / 3) {
                *on = None;
            }
        }
        facts
    }

    /// With everything that is left out supplied somehow.
    pub fn completed(&self, random: &mut Random) -> Facts {
        let mut facts = self.clone();
        for on in &mut facts.events {
            *on = on.or_else(|| event(random));
        }
        for truth in &mut facts.truths {
            *truth = truth.or_else(|| Some(random.chance(50)));
        }
        facts.limit = facts.limit.or_else(|| Some(day(random)));
        if facts.items.is_none() {
            facts.items = Some((0..random.below(4)).map(|_| item(random)).collect());
        }
        for item in facts.items.iter_mut().flatten() {
            item.on = item.on.or_else(|| event(random));
            item.flag = item.flag.or_else(|| Some(random.chance(50)));
            item.done = item.done.or_else(|| event(random));
        }
        let counts = facts.counts.get_or_insert_with(|| vec![count(random)]);
        for at in 0..counts.len() {
            while counts[at].0.is_none() {
                let on = Some(day(random));
                if counts.iter().all(|(other, _)| *other != on) {
                    counts[at].0 = on;
                }
            }
        }
        facts
    }

    /// With what is asked for as another completion has it, and the rest supplied somehow.
    pub fn completed_like(&self, other: &Facts, needs: &[String], random: &mut Random) -> Facts {
        let asked = |path: &str| needs.iter().any(|need| need == path);
        let asked_within = |path: &str| needs.iter().any(|need| need.starts_with(path));
        let mut facts = self.clone();
        for (at, event) in facts.events.iter_mut().enumerate() {
            if event.is_none() && asked(&format!("e{at}")) {
                *event = other.events[at];
            }
        }
        for (at, truth) in facts.truths.iter_mut().enumerate() {
            if truth.is_none() && asked(&format!("b{at}")) {
                *truth = other.truths[at];
            }
        }
        if facts.limit.is_none() && asked("limit") {
            facts.limit = other.limit;
        }
        if facts.items.is_none() && asked_within("rs") {
            facts.items.clone_from(&other.items);
        }
        if facts.counts.is_none() && asked_within("counts") {
            facts.counts.clone_from(&other.counts);
        }
        let items = facts.items.iter_mut().flatten();
        for (at, (item, other)) in items.zip(other.items.iter().flatten()).enumerate() {
            if item.on.is_none() && asked(&format!("rs[{at}].on_day")) {
                item.on = other.on;
            }
            if item.flag.is_none() && asked(&format!("rs[{at}].flag")) {
                item.flag = other.flag;
            }
            if item.done.is_none() && asked(&format!("rs[{at}].done_on")) {
                item.done = other.done;
            }
        }
        let counts = facts.counts.iter_mut().flatten();
        for (at, (count, other)) in counts.zip(other.counts.iter().flatten()).enumerate() {
            if count.0.is_none() && asked(&format!("counts[{at}].on")) {
                count.0 = other.0;
            }
        }
        facts.completed(random)
    }

    pub fn days(&self) -> Vec<Day> {
        let verdict = self.verdict.and_then(|(_, on)| on);
        let counts = self.counts.iter().flatten().filter_map(|(on, _)| *on);
        let events = self.events.iter().filter_map(|event| event.flatten());
        let items = self.items.iter().flatten().flat_map(|item| {
            let on = item.verdict.and_then(|(_, on)| on);
            [item.on.flatten(), item.done.flatten(), on]
        });
        let all = counts.chain(events).chain(items.flatten());
        all.chain(self.limit).chain(verdict).collect()
    }

    pub fn json(&self) -> Json {
        let mut facts = Map::new();
        let mut put = |name: String, value: Option<Json>| {
            facts.extend(value.map(|value| (name, value)));
        };
        let date = |on: Option<Day>| on.map_or(Json::Null, |on| json!(written(on)));
        let verdict = |made: &(usize, Option<Day>)| match made {
            (at, None) => json!(ANSWERS[*at]),
            (at, Some(on)) => json!({ "value": ANSWERS[*at], "by": "board", "on": written(*on) }),
        };
        for (at, event) in self.events.iter().enumerate() {
            put(format!("e{at}"), event.map(date));
        }
        for (at, truth) in self.truths.iter().enumerate() {
            put(format!("b{at}"), truth.map(|truth| json!(truth)));
        }
        put("limit".to_owned(), self.limit.map(|on| date(Some(on))));
        put("verdict".to_owned(), self.verdict.as_ref().map(verdict));
        let items = self.items.as_ref().map(|items| {
            let items = items.iter().map(|item| {
                let mut record = Map::new();
                record.insert("n".to_owned(), json!(item.n));
                record.extend(item.on.map(|on| ("on_day".to_owned(), date(on))));
                record.extend(item.flag.map(|flag| ("flag".to_owned(), json!(flag))));
                record.extend(item.done.map(|on| ("done_on".to_owned(), date(on))));
                let made = item.verdict.as_ref().map(verdict);
                record.extend(made.map(|made| ("verdict".to_owned(), made)));
                Json::Object(record)
            });
            items.collect()
        });
        put("rs".to_owned(), items);
        let counts = self.counts.as_ref().map(|counts| {
            let counts = counts.iter().map(|(on, count)| {
                let mut record = Map::new();
                record.insert("count".to_owned(), json!(count));
                record.extend(on.map(|on| ("on".to_owned(), date(Some(on)))));
                Json::Object(record)
            });
            counts.collect()
        });
        put("counts".to_owned(), counts);
        Json::Object(facts)
    }
}
