//! Both laws on small programs, every change of each: what once was missing from the reasons, or wrong in them.

use super::necessity::change;
use super::relevance::Compared;
use super::subject::Subject;

struct Fixed {
    name: &'static str,
    text: &'static str,
    facts: &'static str,
    /// Parts that some change of moves an answer.
    moved: &'static [&'static str],
}

const ALL: [Fixed; 5] = [
    Fixed {
        name: "a line of an order that is kept says where an action stands, once another line is broken",
        text: "program t \"T\" version 1
enum Colour { red, green, blue }
fact plan: list of Colour
fact b1: bool
fact b2: bool
order rd for plan
  red before green when b1
  green before blue when b2
decision kept: bool = rd
decision sorted = rd.valid_order
",
        facts: r#"{"plan": ["green", "red", "blue"], "b1": true, "b2": false}"#,
        moved: &["obligation rd red first", "obligation rd green first"],
    },
    Fixed {
        name: "a history of which a day is not known is no decided answer",
        text: "program t \"T\" version 1
fact b: bool
event e1
lifecycle stage starts s0
  state s0
    when b -> s1
    on e1 otherwise -> s1
  final s1
decision history = stage.history
decision state = stage
",
        facts: r#"{"b": true, "e1": "2026-05-01"}"#,
        moved: &[],
    },
    Fixed {
        name: "a row of a group that asks nothing does not count beside one that is not applicable",
        text: "program t \"T\" version 1
scale Level { low < high }
fact b: bool
fact n: int
define scoped: bool
  applies when b because \"out\"
  n > 2 otherwise
requirements grid for Level
  | | low | high |
  | r1: n >= cell | 1 | 2 |
  | r2: any of |
  | r2.a: scoped | - | mandatory |
  | r2.b: n > 5 | - | - |
decision level: Level or none = highest Level meeting grid
",
        facts: r#"{"b": false, "n": 3}"#,
        moved: &["cell grid r1 for high"],
    },
    Fixed {
        name: "an empty cell says that nothing lifts it",
        text: "program t \"T\" version 1
scale Level { low < high }
fact b: bool
fact n: int
requirements grid for Level
  | | low | high |
  | r1: n >= cell | 1 | - |
waiver wd through 2027-12-31 when b
  waives r1 for high
decision waived = rows of grid for high where result is waived
decision risky = rows of grid for high where result is waived and otherwise not_met
",
        facts: r#"{"b": true, "n": 0}"#,
        moved: &["cell grid r1 for high"],
    },
    Fixed {
        name: "no and yes count where everything else is not applicable, written out or behind a name",
        text: "program t \"T\" version 1
fact b: bool
fact n: int
define scoped: bool
  applies when b because \"out\"
  n > 2 otherwise
define never: bool
  no otherwise
define always: bool
  yes otherwise
decision any_written: bool = any of (scoped, no)
decision any_named: bool = any of (scoped, never)
decision or_named: bool = scoped or never
decision all_written: bool = all of (scoped, yes)
decision all_named: bool = all of (scoped, always)
decision and_named: bool = scoped and always
",
        facts: r#"{"b": false, "n": 3}"#,
        moved: &["case never case 1", "case always case 1"],
    },
];

#[test]
fn both_laws_hold_where_once_they_did_not() {
    for fixed in &ALL {
        let mut subject = Subject::on(fixed.text, fixed.facts, "2026-07-15");
        let outcome = change(&mut subject, 1, || true);
        let (name, violations) = (fixed.name, outcome.violations.join("\n"));
        assert!(violations.is_empty(), "{name}: {violations}");
        let moved = outcome.moved_parts(&subject);
        for part in fixed.moved {
            assert!(
                moved.contains(*part),
                "{name}: {part} moved nothing; {moved:?}"
            );
        }
        let found = Compared::of(&subject, 1);
        assert!(found.steps > 0, "{name}");
        assert!(found.wrong.is_empty(), "{name}: {}", found.wrong.join("\n"));
    }
}
