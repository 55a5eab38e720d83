//! What is told beside the answers: notes, and what an error names.

use super::*;

const TEXT: &str = "program t \"T\" version 1
record Item dated on
  on: date
  n: int
fact parts: list of int
fact total: int
  derived sum of parts
event begun_on
fact items: list of Item
fact b: bool
decision whole: int = total
decision begun: bool = begun_on is not none
decision seen: int = count of items
decision d: int = 0
exception first to d when (largest of (distinct parts) or else 0) * (sum of parts) >= 4
  use 1
exception second to d when b
  use 2
";

/// Whether the notes are those: each names a fact and some words.
fn are(notes: &[Json], wanted: &[(&str, String)]) -> bool {
    let says = |(fact, words): &(&str, String), note: &Json| {
        let note = note.as_str().unwrap();
        note.starts_with(&format!("`{fact}`")) && note.contains(words.as_str())
    };
    notes.len() == wanted.len()
        && wanted
            .iter()
            .all(|one| notes.iter().any(|note| says(one, note)))
}

#[test]
fn notes_tell_what_differs_and_what_is_not_seen_and_nothing_else() {
    let program = Files::one(TEXT).program("t.pol");
    let mut census = Census::default();
    for case in 0..cases(10_000, 300) {
        let mut random = Random::of_case("told", case);
        let later = |random: &mut Random| random.chance(50);
        let date = |later: bool| if later { "2026-06-16" } else { "2026-06-15" };
        let parts: Vec<u64> = (0..random.below(3)).map(|_| random.below(4)).collect();
        let items: Vec<bool> = (0..random.below(4)).map(|_| later(&mut random)).collect();
        let written: Vec<Json> = items
            .iter()
            .map(|later| json!({ "on": date(*later), "n": 1 }))
            .collect();
        let (begun, b) = (later(&mut random), random.chance(50));
        let total = random.chance(70).then(|| random.below(6));
        let mut facts = json!({
            "parts": parts, "begun_on": date(begun), "items": written, "b": b,
        });
        if let Some(total) = total {
            facts["total"] = json!(total);
        }
        let mut wanted: Vec<(&str, String)> = Vec::new();
        let sum: u64 = parts.iter().sum();
        if let Some(total) = total.filter(|total| *total != sum) {
            wanted.push(("total", format!("as {total} and differs from {sum}")));
            census.count("differs");
        }
        if begun {
            wanted.push(("begun_on", "later than 2026-06-15".to_owned()));
            census.count("an event later");
        }
        let hidden = items.iter().filter(|later| **later).count();
        if hidden > 0 {
            wanted.push(("items", format!(": {hidden} item")));
            census.count(format!("{hidden} later"));
        }
        if wanted.is_empty() {
            census.count("nothing");
        }
        let read = Facts::from_json(program.ir(), &facts.to_string()).unwrap();
        let mut evaluation = program.evaluate(&read, day("2026-06-15"), &Options::default());
        let result = evaluation.report(None).json();
        let notes = result["notes"].as_array().cloned().unwrap_or_default();
        assert!(
            are(&notes, &wanted),
            "{wanted:?}, not {notes:?}, of {facts}"
        );
        let answer = &result["decisions"]["d"];
        let first = parts.iter().max().unwrap_or(&0) * sum >= 4;
        if first && b {
            census.count("clash");
            let because = answer["because"].as_str().unwrap_or_default();
            let named = ["`first`", "`second`"].map(|name| because.contains(name));
            assert_eq!(named, [true, true], "{answer} of {facts}");
        } else {
            let wanted = u64::from(first) + 2 * u64::from(b);
            assert_eq!(answer["value"], json!(wanted), "{answer} of {facts}");
        }
    }
    census.expect(
        &[
            "differs",
            "an event later",
            "1 later",
            "2 later",
            "nothing",
            "clash",
        ],
        50,
    );
}
