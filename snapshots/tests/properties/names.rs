//! Giving a part of an expression a name changes no outcome.

use super::cases;
use crate::harness::{Files, day};
use polc_runtime::facts::Facts;
use polc_runtime::{Options, Program};
use proptest::prelude::*;
use serde_json::{Map, Value as Json};
use std::fmt::Write;

const FACTS: &str = "program t version 1
  currency USD
fact a: bool
fact b: bool
fact c: bool
fact m: int 0..10
fact n: int >= 0
fact o: int or none
judgement j: yes, no by board
";

/// An expression; the flag of a part says whether it gets a name of its own.
#[derive(Debug, Clone)]
enum Expr {
    Leaf(&'static str),
    Join(
        &'static str,
        &'static str,
        &'static str,
        bool,
        bool,
        Vec<Expr>,
    ),
}

impl Expr {
    fn is_bool(&self) -> bool {
        match self {
            Expr::Leaf(text) => matches!(
                *text,
                "a" | "b" | "c" | "j is yes" | "o is none" | "as_of < 2027-01-01"
            ),
            Expr::Join(_, _, _, is_bool, ..) => *is_bool,
        }
    }

    /// The text; with `named`, parts are written into definitions above.
    fn text(&self, named: Option<&mut (String, usize)>) -> String {
        match self {
            Expr::Leaf(text) => format!("({text})"),
            Expr::Join(open, between, close, _, name, parts) => {
                let Some(named) = named else {
                    let parts: Vec<_> = parts.iter().map(|part| part.text(None)).collect();
                    return format!("{open}{}{close}", parts.join(between));
                };
                let mut texts = Vec::new();
                for part in parts {
                    texts.push(part.text(Some(named)));
                }
                let text = format!("{open}{}{close}", texts.join(between));
                if !name {
                    return text;
                }
                named.1 += 1;
                let ty = if self.is_bool() { "bool" } else { "decimal" };
                let _ = writeln!(named.0, "define d{}: {ty} = {text}", named.1);
                format!("d{}", named.1)
            }
        }
    }
}

fn number(depth: u32) -> BoxedStrategy<Expr> {
    let leaf =
        prop::sample::select(vec!["m", "n", "o or else 2", "0", "1", "7"]).prop_map(Expr::Leaf);
    if depth == 0 {
        return leaf.boxed();
    }
    let signs = prop::sample::select(vec![
        ("(", " + ", ")"),
        ("(", " - ", ")"),
        ("(", " * ", ")"),
        ("(", " / ", ")"),
        ("(largest of (", ", ", "))"),
        ("(smallest of (", ", ", "))"),
    ]);
    prop_oneof![
        1 => leaf,
        3 => (signs, any::<bool>(), number(depth - 1), number(depth - 1))
            .prop_map(|((open, between, close), name, one, other)| {
                Expr::Join(open, between, close, false, name, vec![one, other])
            }),
        1 => (any::<bool>(), truth(depth - 1), number(depth - 1)).prop_map(|(name, test, one)| {
            Expr::Join("(if ", " then ", " else 3)", false, name, vec![test, one])
        }),
    ]
    .boxed()
}

fn truth(depth: u32) -> BoxedStrategy<Expr> {
    let leaves = vec!["a", "b", "c", "j is yes", "o is none", "as_of < 2027-01-01"];
    let leaf = prop::sample::select(leaves).prop_map(Expr::Leaf);
    if depth == 0 {
        return leaf.boxed();
    }
    let signs = prop::sample::select(vec![
        ("(", " and ", ")"),
        ("(", " or ", ")"),
        ("all of (", ", ", ")"),
        ("any of (", ", ", ")"),
        ("none of (", ", ", ")"),
        ("(at least 2 of (", ", ", "))"),
    ]);
    let compared = prop::sample::select(vec![" < ", " <= ", " = ", " != ", " > ", " >= "]);
    prop_oneof![
        1 => leaf,
        3 => (signs, any::<bool>(), prop::collection::vec(truth(depth - 1), 2..4))
            .prop_map(|((open, between, close), name, parts)| {
                Expr::Join(open, between, close, true, name, parts)
            }),
        2 => (compared, any::<bool>(), number(depth - 1), number(depth - 1))
            .prop_map(|(between, name, one, other)| {
                Expr::Join("(", between, ")", true, name, vec![one, other])
            }),
        1 => (any::<bool>(), truth(depth - 1))
            .prop_map(|(name, part)| Expr::Join("(not ", "", ")", true, name, vec![part])),
    ]
    .boxed()
}

fn facts() -> impl Strategy<Value = Json> {
    let truth = || prop::option::of(any::<bool>().prop_map(Json::from));
    let number = || prop::option::of((0..10_u32).prop_map(Json::from));
    let known = prop::option::of(prop::option::of(0..5_u32).prop_map(Json::from));
    let decided = prop::option::of(prop::sample::select(vec!["yes", "no"]).prop_map(Json::from));
    (
        truth(),
        truth(),
        truth(),
        number(),
        number(),
        known,
        decided,
    )
        .prop_map(|(a, b, c, m, n, o, j)| {
            let all = [
                ("a", a),
                ("b", b),
                ("c", c),
                ("m", m),
                ("n", n),
                ("o", o),
                ("j", j),
            ];
            let given = all.into_iter();
            Json::Object(
                given
                    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                    .collect::<Map<_, _>>(),
            )
        })
}

fn answer(program: &Program, facts: &Json) -> Json {
    let facts = Facts::from_json(program.ir(), &facts.to_string()).unwrap();
    program
        .evaluate(&facts, day("2026-10-15"), &Options::default())
        .report(None)
        .json()["decisions"]
        .clone()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn naming_changes_nothing(
        test in truth(3),
        amount in number(3),
        all in prop::collection::vec(facts(), 8),
    ) {
        let plain = format!(
            "{FACTS}decision x: bool = {}\ndecision y: decimal = {}\n",
            test.text(None), amount.text(None)
        );
        let mut named = (FACTS.to_owned(), 0);
        let x = test.text(Some(&mut named));
        let y = amount.text(Some(&mut named));
        let named = format!("{}decision x: bool = {x}\ndecision y: decimal = {y}\n", named.0);
        let (one, other) = (
            Files::one(plain.clone()).compile("t.pol").program,
            Files::one(named.clone()).compile("t.pol").program,
        );
        prop_assert_eq!(one.is_some(), other.is_some(), "{} and {}", plain, named);
        let (Some(one), Some(other)) = (one, other) else {
            return Err(TestCaseError::reject("a mistake in both"));
        };
        let (one, other) = (Program::new(one.ir).unwrap(), Program::new(other.ir).unwrap());
        for facts in all {
            prop_assert_eq!(
                answer(&one, &facts), answer(&other, &facts), "{} of {} and {}", facts, plain, named
            );
        }
    }
}
