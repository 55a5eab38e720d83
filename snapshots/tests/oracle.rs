#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "amounts are cents: 400_000_00 is $400,000.00"
)]
//! The tier rules once more, in plain Rust from the clauses, against the compiled policy on generated partners.

use crate::harness::{day, technology_partner};
use polc_runtime::facts::Facts;
use polc_runtime::ir;
use polc_runtime::value::{Outcome, Value};
use polc_runtime::{Options, Program};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

const PARTNERS: u32 = 20_000;
const DAYS: [&str; 4] = ["2026-10-15", "2026-12-31", "2027-01-01", "2027-01-15"];
const TIERS: [&str; 4] = ["partner", "rising", "leading", "premier"];

/// Facts whose absence is reported under their own name.
const NAMED: [&str; 5] = [
    "attached_mrr_12mo_avg",
    "influenced_deal_mrr_12mo",
    "first_90_days_mrr_12mo",
    "reviews_12mo_count",
    "rating_12mo_avg",
];

/// What each tier from Rising on asks; money in cents, ratings in hundredths.
struct Asks {
    attached: i64,
    deals: i64,
    first_90: i64,
    reviews: i64,
    rating: i64,
}

const ASKS: [Asks; 3] = [
    Asks {
        attached: 400_000_00,
        deals: 1_000_00,
        first_90: 5_000_00,
        reviews: 5,
        rating: 350,
    },
    Asks {
        attached: 1_000_000_00,
        deals: 5_000_00,
        first_90: 30_000_00,
        reviews: 5,
        rating: 400,
    },
    Asks {
        attached: 7_000_000_00,
        deals: 30_000_00,
        first_90: 100_000_00,
        reviews: 10,
        rating: 400,
    },
];

/// From this sum of influenced deals on, Premier asks neither attached nor influenced revenue.
const EXCEPTION: i64 = 100_000_00;

/// A company; `None` is a fact that is missing.
#[derive(Debug, Default)]
struct Company {
    as_of: &'static str,
    attached: Option<i64>,
    deals: Option<i64>,
    first_90: Option<i64>,
    reviews: Option<i64>,
    /// The inner `None` is a company without reviews.
    rating: Option<Option<i64>>,
    standing: Option<bool>,
    flags: [Option<bool>; 6],
}

/// The facts behind `flags`.
const FLAGS: [&str; 6] = [
    "listing_live",
    "app_certified",
    "named_technical_product_referent",
    "named_partnerships_owner",
    "named_executive_sponsor",
    "data_sharing_active",
];

/// Yes, no, or what would have to be known.
#[derive(Debug, Clone, PartialEq)]
enum Answer {
    Yes,
    No,
    Open(BTreeSet<&'static str>),
}

impl Answer {
    fn of(known: Option<bool>, name: &'static str) -> Answer {
        match known {
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
            None => Answer::Open(BTreeSet::from([name])),
        }
    }

    fn open(parts: Vec<Answer>, otherwise: Answer) -> Answer {
        let missing: BTreeSet<_> = parts
            .into_iter()
            .flat_map(|part| match part {
                Answer::Open(missing) => missing,
                Answer::Yes | Answer::No => BTreeSet::new(),
            })
            .collect();
        if missing.is_empty() {
            otherwise
        } else {
            Answer::Open(missing)
        }
    }

    fn all(parts: Vec<Answer>) -> Answer {
        if parts.contains(&Answer::No) {
            return Answer::No;
        }
        Answer::open(parts, Answer::Yes)
    }

    fn any(parts: Vec<Answer>) -> Answer {
        if parts.contains(&Answer::Yes) {
            return Answer::Yes;
        }
        Answer::open(parts, Answer::No)
    }
}

impl Company {
    fn flag(&self, name: &'static str) -> Answer {
        let at = FLAGS.iter().position(|flag| *flag == name).unwrap();
        Answer::of(self.flags[at], name)
    }

    fn meets(&self, tier: usize, with_contacts: bool) -> Answer {
        let mut parts = vec![
            self.flag("listing_live"),
            Answer::of(self.standing, "good_standing"),
        ];
        let Some(asks) = tier.checked_sub(1).map(|at| &ASKS[at]) else {
            return Answer::all(parts);
        };
        let premier = tier == 3;
        let transition = self.as_of <= "2026-12-31";
        let at_least = |have: Option<i64>, need: i64, name: &'static str| {
            Answer::of(have.map(|have| have >= need), name)
        };
        let excepted = if premier {
            at_least(self.deals, EXCEPTION, "influenced_deal_mrr_12mo")
        } else {
            Answer::No
        };
        parts.push(Answer::any(vec![
            excepted.clone(),
            at_least(self.attached, asks.attached, "attached_mrr_12mo_avg"),
        ]));
        parts.push(Answer::any(vec![
            excepted,
            at_least(self.deals, asks.deals, "influenced_deal_mrr_12mo"),
            at_least(self.first_90, asks.first_90, "first_90_days_mrr_12mo"),
        ]));
        if !transition {
            parts.push(at_least(self.reviews, asks.reviews, "reviews_12mo_count"));
            let rated = |rating: Option<i64>| rating.is_some_and(|rating| rating >= asks.rating);
            parts.push(Answer::of(self.rating.map(rated), "rating_12mo_avg"));
            if premier {
                parts.push(self.flag("app_certified"));
            }
        }
        if with_contacts && tier >= 2 {
            parts.push(self.flag("named_technical_product_referent"));
            parts.push(self.flag("named_partnerships_owner"));
        }
        if with_contacts && premier {
            parts.push(self.flag("named_executive_sponsor"));
            parts.push(self.flag("data_sharing_active"));
        }
        Answer::all(parts)
    }

    /// The highest tier met, in the words of [`shown`].
    fn highest(&self, with_contacts: bool) -> String {
        let mut missing = BTreeSet::new();
        let mut floor = "none";
        for tier in (0..TIERS.len()).rev() {
            match self.meets(tier, with_contacts) {
                Answer::Yes => {
                    floor = TIERS[tier];
                    break;
                }
                Answer::No => {}
                Answer::Open(more) => missing.extend(more),
            }
        }
        if missing.is_empty() {
            return floor.to_owned();
        }
        let named = |name: &&&str| NAMED.contains(*name) || **name == "good_standing";
        let listed: Vec<&str> = missing.iter().filter(named).copied().collect();
        let status = if missing.iter().all(|name| *name == "good_standing") {
            "needs_decision"
        } else {
            "unknown"
        };
        format!("{status} {}", listed.join(" "))
    }

    fn facts(&self) -> String {
        let mut facts = Map::new();
        let money = |cents: i64| json!(format!("{}.{:02}", cents / 100, cents % 100));
        let mut put = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                facts.insert(name.to_owned(), value);
            }
        };
        put("attached_mrr_12mo_avg", self.attached.map(money));
        put("influenced_deal_mrr_12mo", self.deals.map(money));
        put("first_90_days_mrr_12mo", self.first_90.map(money));
        put("reviews_12mo_count", self.reviews.map(Json::from));
        put(
            "rating_12mo_avg",
            self.rating.map(|rating| rating.map_or(Json::Null, money)),
        );
        let word = |yes: bool| json!(if yes { "yes" } else { "no" });
        put("good_standing", self.standing.map(word));
        for (name, flag) in FLAGS.iter().zip(self.flags) {
            put(name, flag.map(Json::from));
        }
        Json::Object(facts).to_string()
    }
}

/// An outcome as a tier, or its status with those missing facts that are reported under their own name.
fn shown(program: &ir::Program, outcome: Option<Outcome>) -> String {
    let name = |fact: u32| program.facts[fact as usize].name.as_str();
    match outcome {
        Some(Outcome::Known(Value::None)) => "none".to_owned(),
        Some(Outcome::Known(Value::Enum(tier))) => TIERS[tier as usize].to_owned(),
        Some(Outcome::Open(open)) => {
            let facts = open.facts.iter().map(|leaf| name(leaf.fact));
            let judgements = open.judgements.iter().map(|fact| name(fact.fact));
            let listed: BTreeSet<&str> = facts
                .filter(|name| NAMED.contains(name))
                .chain(judgements.filter(|name| *name == "good_standing"))
                .collect();
            let status = if open.facts.is_empty() {
                "needs_decision"
            } else {
                "unknown"
            };
            let listed: Vec<&str> = listed.into_iter().collect();
            format!("{status} {}", listed.join(" "))
        }
        other => format!("{other:?}"),
    }
}

/// Always the same numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// At a threshold, a step below or above it, or nothing at all; around one tier's threshold if it is given.
    fn near(&mut self, thresholds: &[i64], around: Option<usize>, top: i64) -> i64 {
        match around {
            Some(at) if !self.one_in(12) => thresholds[at] + self.pick(&[0, 0, 1, 1, -1]).min(top),
            _ if self.one_in(6) => 0,
            _ => (self.pick(thresholds) + self.pick(&[-1, 0, 1])).max(0),
        }
    }

    fn company(&mut self) -> Company {
        let around = self.pick(&[None, Some(0), Some(1), Some(2), Some(2)]);
        let missing = self.pick(&[0, 0, 4, 12]);
        let asks = |of: fn(&Asks) -> i64| ASKS.iter().map(of).collect::<Vec<_>>();
        let mut deals = asks(|asks| asks.deals);
        let deals_around = if self.one_in(4) { Some(3) } else { around };
        deals.push(EXCEPTION);
        let mut company = Company {
            as_of: self.pick(&DAYS),
            attached: Some(self.near(&asks(|asks| asks.attached), around, 1)),
            deals: Some(self.near(&deals, deals_around, 1)),
            first_90: Some(self.near(&asks(|asks| asks.first_90), around, 1)),
            reviews: Some(self.near(&asks(|asks| asks.reviews), around, 1)),
            rating: Some(Some(self.near(&asks(|asks| asks.rating), around, 1))),
            standing: Some(!self.one_in(10)),
            flags: [(); 6].map(|()| Some(!self.one_in(10))),
        };
        if self.one_in(8) {
            company.rating = Some(None);
        }
        if missing > 0 {
            let mut lose = || self.one_in(missing);
            let Company {
                attached,
                deals,
                first_90,
                reviews,
                ..
            } = &mut company;
            for number in [attached, deals, first_90, reviews] {
                *number = number.filter(|_| !lose());
            }
            company.rating = company.rating.filter(|_| !lose());
            company.standing = company.standing.filter(|_| !lose());
            company.flags = company.flags.map(|flag| flag.filter(|_| !lose()));
        }
        company
    }
}

fn compare(program: &Program, company: &Company) -> [String; 2] {
    let text = company.facts();
    let facts = Facts::from_json(program.ir(), &text).unwrap();
    let mut evaluation = program.evaluate(&facts, day(company.as_of), &Options::default());
    [("eligible_tier", false), ("qualified_tier", true)].map(|(name, with_contacts)| {
        let wanted = company.highest(with_contacts);
        let got = shown(program.ir(), evaluation.decision(name));
        assert_eq!(got, wanted, "{name} on {} of {text}", company.as_of);
        got
    })
}

#[test]
fn the_policy_agrees_with_the_clauses() {
    let program = technology_partner();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut dice = Dice(2026);
    for _ in 0..PARTNERS {
        for answer in compare(program, &dice.company()) {
            let kind = answer.split(' ').next().unwrap_or_default().to_owned();
            *seen.entry(kind).or_default() += 1;
        }
    }
    for kind in TIERS.iter().chain(&["none", "unknown", "needs_decision"]) {
        let times = seen.get(*kind).copied().unwrap_or_default();
        assert!(times >= 100, "{kind} came up {times} times: {seen:?}");
    }
}
