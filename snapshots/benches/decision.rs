//! One decision on the fast path, in the evaluator and in hand-written Rust; a cold answer; checking programs.
//!
//! `cargo bench` prints the times; the ratios of one run are what counts, machines differ.

use criterion::{Criterion, criterion_group, criterion_main};
use polc::loader::Memory;
use polc::pipeline::compile;
use polc_runtime::facts::Facts;
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use rust_decimal::Decimal;
use std::hint::black_box;
use std::path::Path;

fn policy() -> Memory {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/technology_partner");
    let mut files = Memory::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".pol") && !name.starts_with("tests") {
            files = files.with(format!("p/{name}"), std::fs::read(&path).unwrap());
        }
    }
    files
}

const FACTS: &str = r#"{
  "listing_live": true, "good_standing": "yes",
  "attached_mrr_12mo_avg": "1000000.00", "influenced_deal_mrr_12mo": "4000.00",
  "first_90_days_mrr_12mo": "30000.00", "reviews_12mo_count": 7, "rating_12mo_avg": "4.1",
  "app_certified": false, "named_technical_product_referent": true,
  "named_partnerships_owner": true, "named_executive_sponsor": false, "data_sharing_active": false
}"#;

/// The same rule by hand: thirteen facts, the grid, the two waivers.
struct Partner {
    listing_live: bool,
    good_standing: bool,
    attached: Decimal,
    deals: Decimal,
    first_90: Decimal,
    reviews: u32,
    rating: Option<Decimal>,
    certified: bool,
    referent: bool,
    owner: bool,
    sponsor: bool,
    data_sharing: bool,
}

struct Limits {
    attached: [Decimal; 3],
    deals: [Decimal; 3],
    first_90: [Decimal; 3],
    reviews: [u32; 3],
    rating: [Decimal; 3],
    exception: Decimal,
    transition_ends: i32,
}

fn by_hand(partner: &Partner, limits: &Limits, as_of: i32) -> Option<u32> {
    if !partner.listing_live || !partner.good_standing {
        return None;
    }
    let transition = as_of < limits.transition_ends;
    for tier in (0..3).rev() {
        let exception = tier == 2 && partner.deals >= limits.exception;
        let money = exception
            || (partner.attached >= limits.attached[tier]
                && (partner.deals >= limits.deals[tier]
                    || partner.first_90 >= limits.first_90[tier]));
        let quality = transition
            || (partner.reviews >= limits.reviews[tier]
                && partner
                    .rating
                    .is_some_and(|rating| rating >= limits.rating[tier]));
        let certified = tier < 2 || transition || partner.certified;
        let success = match tier {
            0 => true,
            1 => partner.referent && partner.owner,
            _ => partner.referent && partner.owner && partner.sponsor && partner.data_sharing,
        };
        if money && quality && certified && success {
            return Some(tier as u32 + 1);
        }
    }
    Some(0)
}

fn decisions(criterion: &mut Criterion) {
    let compiled = compile(&policy(), "p")
        .program
        .expect("the policy compiles");
    let program = Program::new(compiled.ir).unwrap();
    let facts = Facts::from_json(program.ir(), FACTS).unwrap();
    let as_of = Date::parse("2027-01-15").unwrap();
    let options = Options::default();
    let prepared = program
        .prepare("qualified_tier", &options)
        .expect("a decision of comparisons");
    let slots = prepared.slots(&facts);
    let dec = |text: &str| Decimal::from_str_exact(text).unwrap();
    let partner = Partner {
        listing_live: true,
        good_standing: true,
        attached: dec("1000000.00"),
        deals: dec("4000.00"),
        first_90: dec("30000.00"),
        reviews: 7,
        rating: Some(dec("4.1")),
        certified: false,
        referent: true,
        owner: true,
        sponsor: false,
        data_sharing: false,
    };
    let limits = Limits {
        attached: [dec("400000"), dec("1000000"), dec("7000000")],
        deals: [dec("1000"), dec("5000"), dec("30000")],
        first_90: [dec("5000"), dec("30000"), dec("100000")],
        reviews: [5, 5, 10],
        rating: [dec("3.5"), dec("4.0"), dec("4.0")],
        exception: dec("100000"),
        transition_ends: Date::parse("2027-01-01").unwrap().days(),
    };
    let mut group = criterion.benchmark_group("one decision");
    group.bench_function("hand-written rust_decimal", |bench| {
        bench.iter(|| {
            by_hand(
                black_box(&partner),
                black_box(&limits),
                black_box(as_of.days()),
            )
        });
    });
    group.bench_function("fast path", |bench| {
        bench.iter(|| prepared.decide(black_box(&slots), black_box(as_of)));
    });
    group.bench_function("evaluator with provenance", |bench| {
        bench.iter(|| {
            program
                .evaluate(black_box(&facts), as_of, &options)
                .decision("qualified_tier")
        });
    });
    group.bench_function("facts read from JSON", |bench| {
        bench.iter(|| Facts::from_json(program.ir(), black_box(FACTS)).unwrap());
    });
    group.finish();
    let files = policy();
    let mut group = criterion.benchmark_group("cold");
    group.sample_size(10);
    group.bench_function("text to answer", |bench| {
        bench.iter(|| {
            let program = Program::new(compile(&files, "p").program.unwrap().ir).unwrap();
            let facts = Facts::from_json(program.ir(), FACTS).unwrap();
            program
                .evaluate(&facts, as_of, &options)
                .decision("qualified_tier")
        });
    });
    group.finish();
}

/// A program of so many rules: definitions of a few cases each, the later reading the earlier.
fn generated(rules: usize) -> Memory {
    let mut text =
        "program big \"Big\" version 1\nfact n0: int >= 0\nfact m: money >= 0\n".to_owned();
    for at in 0..rules {
        text.push_str(&format!(
            "define d{at}: int\n  1 when n0 > {at} and m >= ${at}\n  2 when n0 is {at}\n  3 otherwise\n"
        ));
    }
    text.push_str(&format!("decision last = d{}\n", rules - 1));
    Memory::default().with("big.pol", text)
}

fn checks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group.sample_size(10);
    for rules in [1_000, 10_000] {
        let files = generated(rules);
        group.bench_function(format!("{rules} rules"), |bench| {
            bench.iter(|| compile(black_box(&files), "big.pol").program.is_some());
        });
    }
    group.finish();
}

criterion_group!(benches, decisions, checks);
criterion_main!(benches);
