//! What an open answer says about itself: its needs suffice, its certain items stay, its bounds hold.

use crate::plain::{Outcome, Value, in_order, read};
use polc_runtime::ir::{Program as Ir, Type};
use serde_json::{Map, Value as Json};

/// Facts with the values that others have at a place: `deals[3].mrr`, `deals[*]`, `deals`.
pub fn supplied(
    facts: &Map<String, Json>,
    from: &Map<String, Json>,
    path: &str,
) -> Map<String, Json> {
    let mut steps: Vec<&str> = Vec::new();
    for part in path.split('.') {
        let (name, rest) = part.split_once('[').unwrap_or((part, ""));
        steps.push(name);
        steps.extend(
            rest.split('[')
                .map(|step| step.trim_end_matches(']'))
                .filter(|step| !step.is_empty()),
        );
    }
    let mut more = Json::Object(facts.clone());
    copy(&mut more, &Json::Object(from.clone()), &steps);
    match more {
        Json::Object(more) => more,
        _ => facts.clone(),
    }
}

fn copy(to: &mut Json, from: &Json, steps: &[&str]) {
    let Some((step, rest)) = steps.split_first() else {
        *to = from.clone();
        return;
    };
    match (to, from) {
        (Json::Object(to), Json::Object(from)) => {
            let Some(value) = from.get(*step) else {
                return;
            };
            match to.get_mut(*step) {
                Some(known) => copy(known, value, rest),
                None => {
                    to.insert((*step).to_owned(), value.clone());
                }
            }
        }
        (Json::Array(to), Json::Array(from)) => {
            for (at, (to, from)) in to.iter_mut().zip(from).enumerate() {
                if *step == "*" || *step == at.to_string() {
                    copy(to, from, rest);
                }
            }
        }
        _ => {}
    }
}

/// What an open answer says that a known one contradicts; `None` when nothing does.
pub fn contradicted(program: &Ir, ty: &Type, open: &Json, known: &Outcome) -> Option<String> {
    let Outcome::Known(value) = known else {
        return None;
    };
    if let (Value::List(items), Type::List(inner) | Type::Set(inner), Some(certain)) =
        (value, ty, open["certain"].as_array())
    {
        let kept = |item: &&Json| {
            let item = read(program, inner, item);
            items.iter().any(|one| one.value == item)
        };
        if let Some(lost) = certain.iter().find(|item| !kept(item)) {
            return Some(format!("{lost} is lost"));
        }
        if let Some(possible) = open["possible"].as_array() {
            let all: Vec<Outcome> = certain
                .iter()
                .chain(possible)
                .map(|item| read(program, inner, item))
                .collect();
            // an item that is open, or of which a part is, may become any
            let whole = all.iter().all(|one| one.settled() != Outcome::Open);
            if whole && let Some(new) = items.iter().find(|item| !all.contains(&item.value)) {
                return Some(format!("{:?} was not possible", new.value));
            }
        }
    }
    for (bound, wanted) in [
        ("at_least", std::cmp::Ordering::Less),
        ("at_most", std::cmp::Ordering::Greater),
    ] {
        let Some(given) = open.get(bound).filter(|bound| !bound.is_null()) else {
            continue;
        };
        if let Outcome::Known(limit) = read(program, ty, given)
            && in_order(value, &limit) == Some(wanted)
        {
            return Some(format!("{value:?} is beyond {bound} {given}"));
        }
    }
    None
}

#[test]
fn what_is_asked_for_is_supplied_at_its_place() {
    let read = |text: &str| serde_json::from_str::<Map<String, Json>>(text).unwrap();
    let from = read(r#"{"a": [{"x": 1, "y": 2}, {"x": 3}], "b": 4}"#);
    let facts = read(r#"{"a": [{"x": 1}, {}]}"#);
    let with = |path| Json::Object(supplied(&facts, &from, path)).to_string();
    assert_eq!(with("b"), r#"{"a":[{"x":1},{}],"b":4}"#);
    assert_eq!(with("a[0].y"), r#"{"a":[{"x":1,"y":2},{}]}"#);
    assert_eq!(with("a[*].x"), r#"{"a":[{"x":1},{"x":3}]}"#);
    assert_eq!(
        Json::Object(supplied(&read("{}"), &from, "a[*].x"))["a"][1]["x"],
        3
    );
}
