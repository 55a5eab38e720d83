//! Lists of which an item, or the day of one, is an error.

use crate::harness::Files;
use crate::run::{Census, Random, cases};
use polc_runtime::{Limits, Program};
use serde_json::json;

use super::made::{BASE, written};

const TEXT: &str = "program t \"T\" version 1
record Item
  on: date
  n: int
fact items: list of Item
define later = for each i in items give {on: i.on + (6 / i.n) * 1 days, n: i.n}
lifecycle stage starts even
  state even
    on each l of later by .on -> odd
  state odd
    on each l of later by .on -> even
";

/// The status of the answer, and its value.
fn stage(program: &Program, items: &[(i64, i64)], as_of: i64) -> (String, String) {
    let item = |(on, n): &(i64, i64)| json!({ "on": written(*on), "n": n });
    let facts = json!({ "items": items.iter().map(item).collect::<Vec<_>>() });
    let answers = super::answers(program, &facts, &written(as_of), Limits::default());
    let word = |name: &str| {
        answers["stage"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    (word("status"), word("value"))
}

#[test]
fn an_item_whose_day_is_an_error_is_not_passed_over() {
    let program = Files::one(TEXT).program("t.pol");
    let mut census = Census::default();
    for case in 0..cases(10_000, 300) {
        let mut random = Random::of_case("failing items", case);
        let one = |random: &mut Random| {
            let on = BASE + random.within(0, 9);
            (on, *random.pick(&[0, 1, 2, 3, 6, 6]))
        };
        let items: Vec<(i64, i64)> = (0..random.below(4)).map(|_| one(&mut random)).collect();
        let as_of = BASE + random.within(0, 16);
        let (status, value) = stage(&program, &items, as_of);
        if items.iter().any(|(_, n)| *n == 0) {
            census.count("error");
            assert_eq!(status, "error", "{items:?} as of {}", written(as_of));
        } else {
            let taken = items.iter().filter(|(on, n)| on + 6 / n <= as_of);
            let wanted = ["even", "odd"][taken.count() % 2];
            census.count(wanted);
            assert_eq!(value, wanted, "{items:?} as of {}", written(as_of));
        }
    }
    census.expect(&["error", "even", "odd"], 50);
}
