//! Whose facts they are.

use super::*;

#[test]
fn facts_of_one_program_say_nothing_to_another() {
    let text = |version: &str| {
        format!(
            "program t \"T\" version {version}\nfact a: int\nfact b: int\ndecision sum: int = a - b\ndecision always: int = 1\n"
        )
    };
    let one = Files::one(text("1")).program("t.pol");
    let other = Files::one(text("2")).program("t.pol");
    let facts = Facts::from_json(one.ir(), r#"{"a": 1, "b": 2}"#).unwrap();
    let result = one
        .evaluate(&facts, day("2027-01-01"), &Options::default())
        .report(None)
        .json();
    assert_eq!(decision(&result, "sum"), json!(-1));
    let mut foreign = other.evaluate(&facts, day("2027-01-01"), &Options::default());
    let result = foreign.report(None).json();
    for name in ["sum", "always"] {
        let outcome = &result["decisions"][name];
        assert_eq!(outcome["status"], "error", "{name}");
        let because = outcome["because"].as_str().unwrap();
        assert!(because.contains("read for the program t"), "{because}");
    }
    assert!(facts.misfit(one.ir()).is_none() && facts.misfit(other.ir()).is_some());
    let prepared = other.prepare("sum", &Options::default());
    let decided = prepared.and_then(|ready| ready.decide(&ready.slots(&facts), day("2027-01-01")));
    assert_eq!(decided, None);
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        let result = shipped(folder)
            .evaluate(&facts, day("2027-01-01"), &Options::default())
            .report(None)
            .json();
        for (name, outcome) in result["decisions"].as_object().unwrap() {
            assert_eq!(outcome["status"], "error", "{name} of {folder}");
        }
    }
}
