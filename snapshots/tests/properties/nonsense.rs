//! Whatever comes in, an answer or an error comes out: never a panic.

use super::cases;
use super::layout::{mutate, mutation, pieces};
use crate::harness::{Files, day, errors, root, technology_partner};
use polc::format::format;
use polc_runtime::facts::Facts;
use polc_runtime::{Limits, Options, Program, ir};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::sync::OnceLock;

/// A small program with a bit of everything that evaluates.
const SMALL: &str = "program small version 1
  currency USD
scale Tier { low < middle < high }
record Sale dated on
  on: date
  amount: money >= 0
fact sales: list of Sale
fact score: int 0..10
fact member: bool assume no
event joined_on
judgement approved: yes, no by board
reading sum_or_largest
  total \"all of them\"
  largest \"the largest\"
  chosen total because \"as written\"
define recent = sales where .on within 12 months before as_of
define turnover: money by reading sum_or_largest
  total   sum of recent.amount
  largest largest of recent.amount or else $0
requirements grid for Tier
  |                          | low       | middle    | high      |
  | turnover: turnover >= cell | -       | $100      | $1K       |
  | approved: approved is yes  | preferred | mandatory | mandatory |
  | scored: score >= cell      | -       | -         | 5         |
waiver early through 2026-12-31
  waives turnover for middle
schedule review on day 15 of january, july
decision tier: Tier or none = highest Tier meeting grid
decision next_review = next review on or after as_of
decision since: days
  applies when joined_on is not none because \"not a member\"
  days from (joined_on or else as_of) to as_of otherwise
decision share: decimal = score / (score - 5)
";

fn compiles_or_says_why(bytes: Vec<u8>) {
    if let Ok(text) = std::str::from_utf8(&bytes) {
        let _ = format(text);
    }
    let compilation = Files::one(bytes).compile("t.pol");
    if let Some(compiled) = compilation.program {
        let program = Program::new(compiled.ir).unwrap();
        let facts = Facts::empty(program.ir());
        let _ = program
            .evaluate(&facts, day("2027-01-15"), &Options::default())
            .report(None)
            .json();
    } else {
        assert!(!errors(&compilation).is_empty());
    }
}

fn small() -> &'static Json {
    static SMALL_IR: OnceLock<Json> = OnceLock::new();
    SMALL_IR.get_or_init(|| {
        let program = Files::one(SMALL).program("t.pol");
        serde_json::to_value(program.ir()).unwrap()
    })
}

/// Every number of a document, counted in order; the one at `at` takes another value.
fn change_number(json: &mut Json, at: &mut usize, to: u32) {
    match json {
        Json::Number(_) if *at == 0 => {
            *json = json!(to);
            *at = usize::MAX;
        }
        Json::Number(_) => *at = at.saturating_sub(usize::from(*at != usize::MAX)),
        Json::Array(items) => items
            .iter_mut()
            .for_each(|item| change_number(item, at, to)),
        Json::Object(items) => items
            .values_mut()
            .for_each(|item| change_number(item, at, to)),
        Json::Null | Json::Bool(_) | Json::String(_) => {}
    }
}

fn valid_facts() -> String {
    json!({
        "id": "a", "as_of": "2027-01-15", "listing_live": true, "good_standing": {"value": "yes", "by": "x", "on": "2026-01-01"},
        "attached_mrr_12mo_avg": "43/9", "rating_12mo_avg": null, "reviews_12mo_count": 3,
        "reviews": [{"app_id": "a", "stars": 4.5, "published_on": "2026-12-01", "counts": true}],
        "apps": [{"app_id": "a", "listing_live": true, "certified_on": null}],
        "attached_mrr_monthly": [{"month": "2026-03-01", "customer_id": null, "amount": 1e3}],
        "current_tier": "rising", "offered_tier": null, "poc_form_submitted_on": "2026-10-29",
    })
    .to_string()
}

fn read_and_evaluate(text: &str) {
    let program = technology_partner();
    match Facts::from_json(program.ir(), text) {
        Ok(facts) => {
            let on = facts.as_of().unwrap_or(day("2027-01-15"));
            let report = program
                .evaluate(&facts, on, &Options::default())
                .report(None)
                .json();
            assert!(report["decisions"].is_object());
        }
        Err(faults) => assert!(!faults.is_empty()),
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_bytes_as_source(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        compiles_or_says_why(bytes);
    }

    #[test]
    fn any_text_as_source(text in "[ -~\n\t|#\"$%éß🦀]{0,200}") {
        compiles_or_says_why(text.into_bytes());
    }

    #[test]
    fn changed_policy_as_source(
        piece in prop::sample::select(pieces()),
        mutations in prop::collection::vec(mutation(), 0..5),
    ) {
        compiles_or_says_why(mutate(&piece, &mutations).into_bytes());
    }

    #[test]
    fn changed_program_as_source(mutations in prop::collection::vec(mutation(), 0..4)) {
        compiles_or_says_why(mutate(SMALL, &mutations).into_bytes());
    }

    #[test]
    fn any_text_as_facts(text in "[ -~\n]{0,100}") {
        read_and_evaluate(&text);
    }

    #[test]
    fn changed_facts(mutations in prop::collection::vec(mutation(), 0..3)) {
        read_and_evaluate(&mutate(&valid_facts(), &mutations));
    }

    #[test]
    fn any_bytes_as_a_built_program(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Program::load(&bytes).is_err());
    }

    #[test]
    fn a_damaged_built_program(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let ir: ir::Program = serde_json::from_value(small().clone()).unwrap();
        let mut bytes = ir::encode(&ir);
        let at = at.index(bytes.len());
        let same = bytes[at] == byte;
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        prop_assert_eq!(Program::load(&bytes).is_ok(), same && !cut);
    }

    /// Changed where the checksum does not look: what verifies must also run.
    #[test]
    fn a_forged_built_program(changes in prop::collection::vec((0..2_000_usize, 0..300_u32), 1..4)) {
        let mut json = small().clone();
        for (at, to) in changes {
            change_number(&mut json, &mut at.clone(), to);
        }
        let Ok(ir) = serde_json::from_value::<ir::Program>(json) else {
            return Ok(());
        };
        let Ok(program) = Program::load(&ir::encode(&ir)) else {
            return Ok(());
        };
        let facts = [
            "{}",
            r#"{"sales": [{"on": "2026-12-01", "amount": 100}], "score": 5, "joined_on": "2020-02-29", "approved": "yes"}"#,
        ];
        for text in facts {
            let Ok(facts) = Facts::from_json(program.ir(), text) else {
                continue;
            };
            let limits = Limits { steps: 100_000, ..Limits::default() };
            let options = Options { limits, ..Options::default() };
            for on in ["2026-10-15", "2027-01-15"] {
                let _ = program.evaluate(&facts, day(on), &options).report(None).json();
            }
        }
    }
}

#[test]
fn the_small_program_says_something() {
    let _ = small();
    let new = std::fs::read(root().join("compiler/src/cli/commands/new_program.pol")).unwrap();
    let _ = Files::one(new).program("t.pol");
}
