//! That the generators make every form of the grammar and every operation of a compiled program.
//!
//! Both lists are read from the files that define them: a form or operation that is added is red here until a
//! generator makes it.

use crate::expressions;
use crate::grids;
use crate::harness::root;
use crate::lifecycles;
use crate::outcomes;
use crate::processes;
use crate::run::{Census, cases};
use pest::Parser as _;
use polc_grammar::{PolParser, Rule};
use polc_runtime::ir::Program as Ir;
use std::collections::{BTreeSet, HashMap};

/// Forms of the grammar that no generator of this test makes, and why.
const LEFT_OUT: [(&str, &[&str]); 5] = [
    (
        "parts of words",
        &[
            "decimals",
            "digits",
            "sp",
            "w",
            "word",
            "reserved",
            "dash",
            "lone_dash",
        ],
    ),
    (
        "what a compiled program does not hold",
        &[
            "for_the_record",
            "evidence_line",
            "note_line",
            "announced_date",
            "cites",
            "tests_line",
            "tests_as_of",
            "under_all",
            "given_line",
            "expect_line",
            "test_header",
            "test_column",
            "as_of_column",
            "note_column",
            "expectation",
            "test_row",
            "test_value",
            "empty",
            "unknown",
            "needs_decision",
            "outcome",
            "informational",
            "left_out",
            "source_line",
            "external",
            "source_body",
            "section",
            "clause",
            "version",
            "module_line",
            "use_line",
        ],
    ),
    (
        "alternatives of which every part is counted",
        &[
            "literal", "chain", "negated", "primary", "postfix", "tail", "dates",
        ],
    ),
    (
        "written where the reader cuts lines, not here",
        &["rows", "words"],
    ),
    ("a spelling that went, named by an error", &["next_item"]),
];

/// The names of the rules a part of the grammar defines that make something of their own.
fn rules(grammar: &str) -> BTreeSet<&str> {
    let named = grammar.lines().filter_map(|line| {
        let (name, body) = line.split_once('=')?;
        let name = name.trim();
        let silent = body.trim_start().starts_with("_{");
        let plain = name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        (plain && !silent && !name.is_empty() && !line.starts_with(' ')).then_some(name)
    });
    named.collect()
}

/// The forms of expressions and declarations.
fn forms(grammar: &str) -> BTreeSet<&str> {
    let from = grammar.find("// ── Literals").expect("the literals");
    let end = grammar.find("// ── Signs").expect("the signs");
    rules(&grammar[from..end])
}

/// The operations of the kernel.
fn operations(source: &str) -> BTreeSet<&str> {
    let from = source.find("pub enum Op {").expect("the operations");
    let body = &source[from..];
    let body = &body[..body.find("\n}").expect("their end")];
    let named = body.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?;
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric())?;
        name.starts_with(|letter: char| letter.is_ascii_uppercase())
            .then_some(&name[..end])
    });
    named.collect()
}

/// Counts the operations of a program.
fn count_operations(program: &Ir, census: &mut Census) {
    for node in &program.nodes {
        let debug = format!("{:?}", node.op);
        let end = debug
            .find(|letter: char| !letter.is_ascii_alphanumeric())
            .unwrap_or(debug.len());
        census.count(&debug[..end]);
    }
}

/// The rules a line may be read by: its keyword says which at the margin, and the margin's rules are no others.
fn readings(line: &str) -> Vec<Rule> {
    let word = line
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .next()
        .unwrap_or("");
    let indented = line.starts_with(' ');
    let keyword = |name: &str| {
        polc_grammar::KEYWORDS
            .iter()
            .any(|one| name == format!("{}_line", one.word))
    };
    let named: Vec<(Rule, String)> = Rule::all_rules()
        .iter()
        .map(|rule| (*rule, format!("{rule:?}")))
        .collect();
    let own = named
        .iter()
        .filter(|(_, name)| !indented && *name == format!("{word}_line"));
    let own: Vec<Rule> = own.map(|(rule, _)| *rule).collect();
    if !own.is_empty() {
        return own;
    }
    let body = |name: &str| {
        let ends = ["_line", "_body", "table_header", "table_row", "grid_header"];
        ends.iter().any(|end| name.ends_with(end)) && !keyword(name)
    };
    named
        .into_iter()
        .filter(|(_, name)| body(name))
        .map(|(rule, _)| rule)
        .collect()
}

/// Counts the forms of a text whose lines are whole.
fn count_forms(text: &str, known: &mut HashMap<String, Vec<String>>, census: &mut Census) {
    for line in text.lines() {
        let forms = known.entry(line.to_owned()).or_insert_with(|| {
            // lines of different declarations may read alike; every reading is one that a file could hold
            let parsed = readings(line)
                .into_iter()
                .filter_map(|rule| PolParser::parse(rule, line.trim()).ok());
            let names: BTreeSet<String> = parsed
                .flat_map(|pairs| pairs.flatten().map(|pair| format!("{:?}", pair.as_rule())))
                .collect();
            names.into_iter().collect()
        });
        forms.iter().for_each(|name| census.count(name));
    }
}

#[test]
fn every_form_and_operation_comes_up() {
    let grammar = std::fs::read_to_string(root().join("grammar/pol.pest")).unwrap();
    let source = std::fs::read_to_string(root().join("runtime/src/ir/op.rs")).unwrap();
    let (mut written, mut compiled) = (Census::default(), Census::default());
    let mut known = HashMap::new();
    for case in 0..cases(1_600, 40) {
        for (text, program) in [
            expressions::drawn(case),
            grids::drawn(case),
            processes::drawn(case),
            outcomes::drawn(case),
            Some(lifecycles::drawn(case)),
        ]
        .into_iter()
        .flatten()
        {
            count_forms(&text, &mut known, &mut written);
            count_operations(program.whole(), &mut compiled);
        }
    }
    let left_out: BTreeSet<&str> = LEFT_OUT
        .iter()
        .flat_map(|(_, names)| names.iter().copied())
        .collect();
    let forms = forms(&grammar);
    let wanted: Vec<&str> = forms.difference(&left_out).copied().collect();
    println!("{} forms, {} left out", wanted.len(), left_out.len());
    written.expect(&wanted, 50);
    compiled.expect(&operations(&source).into_iter().collect::<Vec<_>>(), 50);
}
