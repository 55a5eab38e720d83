//! Participants of the Connect program, drawn by dice: their dates lie around the deadlines and on one another.

use polc_runtime::value::Date;
use serde_json::{Map, Value as Json, json};

/// A day as its number since 1970-01-01.
pub type Day = i32;

/// What HubSpot decided, and the day it counts from; without one it counts on every day.
pub type Decided<T> = Option<(T, Option<Day>)>;

/// Everything on record about a participant.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    pub as_of: Day,
    pub in_house: bool,
    pub auth: &'static str,
    pub channels: Vec<&'static str>,
    pub answers_within: i64,
    /// Day and number, in the order of the file; never two of one day.
    pub counts: Vec<(Day, i64)>,
    /// The installs of `as_of`, where they are supplied.
    pub installs: Option<i64>,
    pub applied: Option<Day>,
    pub accepted: Option<Day>,
    pub application: Decided<&'static str>,
    pub supplied: Option<Day>,
    pub meets_packet: bool,
    pub approved: Option<Day>,
    pub published: Option<Day>,
    pub certification: Option<Day>,
    pub rounds: Vec<Survey>,
    pub other_requirements: bool,
    pub terminated: Option<Day>,
}

/// One run of the survey; never two links of one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    pub link: Option<Day>,
    pub sent: Option<Day>,
    pub scores: Vec<i64>,
    pub improved: Option<Day>,
    pub decision: Decided<&'static str>,
}

/// A day as it is written.
pub fn written(day: Day) -> String {
    Date::from_days(day).unwrap().to_string()
}

fn date(day: Option<Day>) -> Json {
    day.map_or(Json::Null, |day| json!(written(day)))
}

fn decided(decision: &(&'static str, Option<Day>)) -> Json {
    match decision {
        (value, None) => json!(value),
        (value, Some(on)) => json!({ "value": value, "by": "HubSpot", "on": written(*on) }),
    }
}

impl Survey {
    fn json(&self) -> Json {
        let mut round = json!({
            "link_provided_on": date(self.link),
            "distributed_on": date(self.sent),
            "scores": self.scores,
            "improvements_completed_on": date(self.improved),
        });
        if let Some(decision) = &self.decision {
            round["decision"] = decided(decision);
        }
        round
    }

    fn days(&self) -> impl Iterator<Item = Day> {
        let on = self.decision.and_then(|(_, on)| on);
        [self.link, self.sent, self.improved, on]
            .into_iter()
            .flatten()
    }
}

impl History {
    /// The facts as the program reads them.
    pub fn facts(&self) -> Map<String, Json> {
        let counts = self.counts.iter();
        let counts = counts.map(|(on, count)| json!({ "on": written(*on), "count": count }));
        let mut facts = Map::new();
        let mut put = |name: &str, value: Json| facts.insert(name.to_owned(), value);
        put("built_in_house", json!(self.in_house));
        put("auth_method", json!(self.auth));
        put("support_channels", json!(self.channels));
        put("support_response_sla_hours", json!(self.answers_within));
        put("install_counts", counts.collect());
        put("applied_on", date(self.applied));
        put("accepted_on", date(self.accepted));
        put("site_page_meets_packet", json!(self.meets_packet));
        put("site_page_supplied_on", date(self.supplied));
        put("site_page_approved_on", date(self.approved));
        put("listing_published_on", date(self.published));
        put("certification_applied_on", date(self.certification));
        put(
            "survey_rounds",
            self.rounds.iter().map(Survey::json).collect(),
        );
        put(
            "other_certification_requirements_met",
            json!(self.other_requirements),
        );
        if let Some(installs) = self.installs {
            put("installs", json!(installs));
        }
        if let Some(decision) = &self.application {
            put("application_decision", decided(decision));
        }
        // The program assumes that HubSpot did not end it.
        if self.terminated.is_some() {
            put("hubspot_termination_on", date(self.terminated));
        }
        facts
    }

    /// The days on record.
    pub fn days(&self) -> Vec<Day> {
        let events = [
            self.applied,
            self.accepted,
            self.application.and_then(|(_, on)| on),
            self.supplied,
            self.approved,
            self.published,
            self.certification,
            self.terminated,
        ];
        let counts = self.counts.iter().map(|(on, _)| *on);
        let rounds = self.rounds.iter().flat_map(Survey::days);
        let events = events.into_iter().flatten();
        events.chain(counts).chain(rounds).collect()
    }
}

/// Always the same numbers.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    pub fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// Mostly the day itself; else never, or any day of the span.
    fn about(&mut self, day: Day, base: Day) -> Option<Day> {
        match self.below(16) {
            0 => None,
            1 => Some(base + self.below(340) as Day - 20),
            _ => Some(day),
        }
    }

    /// Scores whose balance of promoters and detractors lies around 25 in a hundred.
    fn scores(&mut self) -> Vec<i64> {
        let count = self.pick(&[20, 20, 20, 20, 21, 24, 28, 40, 57, 19, 19, 1, 0]);
        let balance = (count * 25 + 99) / 100 + self.pick(&[0, 0, 1, -1, -1, -1, -2, 4]);
        let balance = balance.clamp(0, count);
        let detractors = self.below((count - balance) as usize / 2 + 1) as i64;
        let promoters = detractors + balance;
        let mut scores: Vec<i64> = (0..count)
            .map(|at| match at {
                at if at < promoters => self.pick(&[9, 10]),
                at if at < promoters + detractors => self.pick(&[0, 1, 5, 6, 6]),
                _ => self.pick(&[7, 8]),
            })
            .collect();
        self.shuffle(&mut scores);
        scores
    }

    fn decision<T: Copy>(&mut self, value: T, around: Day) -> Decided<T> {
        let on = around + self.pick(&[-1, 0, 0, 1, 5]);
        Some((value, (!self.one_in(3)).then_some(on)))
    }

    fn surveys(&mut self, certification: Day, base: Day) -> Vec<Survey> {
        let mut link = certification + self.pick(&[0, 0, 1, 7, -1]);
        let mut rounds: Vec<Survey> = Vec::new();
        for _ in 0..self.pick(&[0, 1, 1, 2, 2, 3]) {
            let sent = link + self.pick(&[0, 0, 1, 3, -1]);
            let improved = sent + self.pick(&[0, 1, 20, 60]);
            let given = self.about(link, base);
            let decision = match self.below(8) {
                0 | 1 => None,
                2 | 3 => self.decision("certify", improved),
                4 => self.decision("decline", improved),
                _ => self.decision("resurvey", improved),
            };
            let round = Survey {
                link: given,
                sent: self.about(sent, base),
                scores: self.scores(),
                improved: self.about(improved, base),
                decision,
            };
            let taken = |other: &Survey| other.link.is_some() && other.link == round.link;
            if !rounds.iter().any(taken) {
                rounds.push(round);
            }
            link = improved + self.pick(&[0, 1, 1, 6, -2]);
        }
        self.shuffle(&mut rounds);
        rounds
    }

    /// Numbers of installs, listed in any order.
    fn counts(&mut self, direct: bool, base: Day, steps: &[Day]) -> Vec<(Day, i64)> {
        let first = base - self.pick(&[0, 1, 30, 30, 30]);
        let least = if direct {
            self.pick(&[50, 50, 51, 49])
        } else {
            self.pick(&[9, 10, 10, 12, 12, 38, 39, 40, 49, 50])
        };
        let mut counts = vec![(first, least)];
        for _ in 0..self.pick(&[0, 1, 2, 2, 3, 4]) {
            let on = self.pick(steps) + self.pick(&[-1, 0, 0, 1, 30, 50, 89, 90, 91]);
            let least = if direct { 46 } else { 0 };
            let count = self.pick(&[8, 9, 10, 38, 39, 40, 40, 41, 49, 50, 50, 51]);
            if counts.iter().all(|(other, _)| *other != on) {
                counts.push((on, count.max(least)));
            }
        }
        match self.below(60) {
            0 => counts.clear(),
            // The first count comes only later.
            1..4 => drop(counts.remove(0)),
            _ => {}
        }
        self.shuffle(&mut counts);
        counts
    }

    /// A participant on a day.
    pub fn history(&mut self) -> History {
        let base = 20_454 + self.below(800) as Day;
        let direct = self.one_in(3);
        let applied = base;
        let accepted = applied + self.pick(&[0, 0, 1, 5, 14, -3]);
        let supplied = accepted + self.pick(&[-2, 0, 3, 3, 20, 29, 30, 30, 31]);
        let approved = supplied + self.pick(&[0, 0, 0, 5, 40]);
        let published = approved + self.pick(&[0, 1, 1, 7, -1]);
        let certification = if direct {
            accepted + self.pick(&[0, 0, 1, 5, -3])
        } else {
            published + self.pick(&[-1, 0, 10, 10, 45, 60, 89, 90, 91, 100])
        };
        let steps = [accepted, supplied, published, published, certification];
        let mut history = History {
            as_of: base,
            in_house: !self.one_in(50),
            auth: self.pick(&["oauth2"; 40]),
            channels: Vec::new(),
            answers_within: self.pick(&[1, 23, 24, 24, 24]),
            counts: self.counts(direct, base, &steps),
            installs: None,
            applied: self.about(applied, base),
            accepted: self.about(accepted, base),
            application: None,
            supplied: self.about(supplied, base),
            meets_packet: !self.one_in(16),
            approved: self.about(approved, base),
            published: self.about(published, base),
            certification: self.about(certification, base),
            rounds: self.surveys(certification, base),
            other_requirements: !self.one_in(6),
            terminated: None,
        };
        for channel in ["other", "phone", "ticket"] {
            if self.one_in(2) {
                history.channels.push(channel);
            }
        }
        if !history.channels.contains(&"phone") && !self.one_in(8) {
            history.channels.push("ticket");
            history.channels.dedup();
        }
        if self.one_in(50) {
            history.auth = self.pick(&["api_key", "other"]);
        }
        if self.one_in(50) {
            history.answers_within = self.pick(&[25, 48]);
        }
        if self.one_in(10) {
            history.installs = Some(self.pick(&[9, 10, 39, 40, 49, 50]));
        }
        history.application = match self.below(10) {
            0 => self.decision("rejected", accepted),
            1..6 => self.decision("accepted", accepted),
            _ => None,
        };
        let ends = [accepted, accepted + 31, published + 91, certification];
        if self.one_in(8) {
            let end = self.pick(&ends) + self.pick(&[-1, 0, 0, 1, 40]);
            history.terminated = self.about(end, base);
        }
        let days = history.days();
        history.as_of = match self.below(4) {
            0 if !days.is_empty() => {
                self.pick(&days) + self.pick(&[-1, 0, 0, 1, 29, 30, 31, 89, 90, 91])
            }
            1 => base + self.below(60) as Day,
            2 => published.max(certification) + self.pick(&[0, 1, 8, 30, 88, 89, 90, 91, 92, 150]),
            _ => base + self.below(360) as Day - 10,
        };
        history
    }
}
