//! Compiling and evaluating on a small stack: half a mebibyte is enough for every shipped program and for chains of
//! definitions of any length, and what comes out is what comes out on a large one.

use crate::harness::{
    ACCREDITATION, CONDUCT, CONNECT, Files, TECHNOLOGY_PARTNER, day, decision, root, shipped,
};
use polc_runtime::facts::Facts;
use polc_runtime::{Options, Program};
use serde_json::{Value as Json, json};

/// What stands on the stack is about twice as large where nothing is optimised.
pub const SMALL: usize = if cfg!(debug_assertions) {
    1 << 20
} else {
    1 << 19
};
/// How many definitions build on each other.
const CHAIN: usize = if cfg!(debug_assertions) {
    2_500
} else {
    20_000
};
const LARGE: usize = 256 << 20;
/// What the command line gives the compiler.
const COMMAND: usize = 64 << 20;
/// Enough for the compiler to read a chain of definitions.
pub const COMPILER: usize = if cfg!(debug_assertions) {
    4 << 20
} else {
    SMALL
};

pub fn on_stack<T: Send>(size: usize, run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(size);
        thread.spawn_scoped(scope, run).unwrap().join().unwrap()
    })
}

/// Everything that is asked of a program in its life: read, verified, evaluated, explained, over time.
fn everything(built: &[u8], facts: &str, as_of: &str, last: &str) -> Json {
    let program = Program::load(built).unwrap();
    let facts = Facts::from_json(program.ir(), facts).unwrap();
    let mut evaluation = program.evaluate(&facts, day(as_of), &Options::default());
    let mut all = vec![evaluation.report(None).json()];
    for definition in program.ir().definitions.iter().rev().take(3) {
        let explanation =
            program.explain(&facts, day(as_of), &Options::default(), &definition.name);
        all.push(serde_json::to_value(explanation.unwrap()).unwrap());
    }
    let last_three: Vec<String> = program
        .ir()
        .definitions
        .iter()
        .rev()
        .take(3)
        .map(|each| each.name.clone())
        .collect();
    let line = program.timeline(
        &facts,
        day(as_of),
        day(last),
        &Options::default(),
        Some(&last_three),
    );
    all.push(serde_json::to_value(line).unwrap());
    Json::Array(all)
}

#[test]
fn the_shipped_programs_are_evaluated_on_a_small_stack() {
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        let built = polc_runtime::ir::encode(shipped(folder).whole());
        for entry in std::fs::read_dir(root().join(folder).join("examples")).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let one = serde_json::from_str::<Json>(&text).is_ok();
            let partners: Vec<&str> = if one {
                vec![text.as_str()]
            } else {
                text.lines().take(4).collect()
            };
            for facts in partners {
                let run = || everything(&built, facts, "2026-06-01", "2026-06-20");
                assert_eq!(on_stack(SMALL, run), on_stack(LARGE, run), "{folder}");
            }
        }
    }
}

/// A chain of definitions: how the first is written, how the next one is from the one before.
struct Chain {
    name: &'static str,
    ty: &'static str,
    first: &'static str,
    next: &'static str,
    length: usize,
    /// What the last one is.
    last: fn(usize) -> Json,
}

const CHAINS: [Chain; 13] = [
    Chain {
        name: "sums",
        ty: "int",
        first: "total - total",
        next: "PREV + total",
        length: CHAIN,
        last: |n| json!(n),
    },
    Chain {
        name: "cases",
        ty: "int",
        first: "total - total",
        next: "\n  PREV when total > 5\n  PREV + 1 otherwise",
        length: CHAIN,
        last: |n| json!(n),
    },
    Chain {
        name: "ifs",
        ty: "int",
        first: "total - total",
        next: "if PREV > 5000 then 0 else PREV + 1",
        length: 150,
        last: |n| json!(n),
    },
    Chain {
        name: "conditions",
        ty: "bool",
        first: "total > 0",
        next: "(PREV and total > 0) or total > 7",
        length: CHAIN,
        last: |_| json!(true),
    },
    Chain {
        name: "denials",
        ty: "bool",
        first: "total > 0",
        next: "not (PREV and total > 0)",
        length: CHAIN,
        last: |n| json!(n % 2 == 0),
    },
    Chain {
        name: "other days",
        ty: "int",
        first: "total - total",
        next: "(PREV as of (as_of - 1 day)) + 1",
        length: CHAIN,
        last: |n| json!(n),
    },
    Chain {
        name: "dates",
        ty: "date",
        first: "as_of",
        next: "PREV + 1 day",
        length: CHAIN,
        last: |n| {
            json!(
                day("2026-06-01")
                    .checked_add_days(n as i64)
                    .unwrap()
                    .to_string()
            )
        },
    },
    Chain {
        name: "lists",
        ty: "list of int",
        first: "numbers",
        next: "for each n in PREV give n + 1",
        length: CHAIN,
        last: |n| json!([n + 1, n + 2]),
    },
    Chain {
        name: "filters",
        ty: "int",
        first: "total - total",
        next: "count of [1, 2, 3 when PREV >= 0] + PREV",
        length: CHAIN,
        last: |n| json!(3 * n),
    },
    Chain {
        name: "none",
        ty: "int or none",
        first: "lacking",
        next: "PREV or else PREV",
        length: CHAIN,
        last: |_| Json::Null,
    },
    Chain {
        name: "records",
        ty: "",
        first: "{a: total, b: total}",
        next: "{a: PREV.a + 1, b: PREV.b}",
        length: CHAIN,
        last: |n| json!({ "a": (n + 1), "b": 1 }),
    },
    Chain {
        name: "open",
        ty: "int",
        first: "missing",
        next: "PREV + total",
        length: CHAIN,
        last: |_| json!("unknown"),
    },
    Chain {
        name: "items on days",
        ty: "int",
        first: "total - total",
        next: "PREV + count of events where (.on <= as_of and PREV >= 0)",
        length: CHAIN,
        last: |n| json!(2 * n),
    },
];

fn deep(chain: &Chain) -> Program {
    let mut text = String::from(
        "program deep \"Deep\" version 1\n  currency USD\nrecord Event\n  on: date\n\
         fact total: int \"Total\"\nfact missing: int \"Missing\"\nfact lacking: int or none \"Lacking\"\n\
         fact numbers: list of int \"Numbers\"\nfact events: list of Event \"Events\"\n",
    );
    let ty = if chain.ty.is_empty() {
        String::new()
    } else {
        format!(": {}", chain.ty)
    };
    text.push_str(&format!("define d0{ty} = {}\n", chain.first));
    for at in 1..=chain.length {
        let next = chain.next.replace("PREV", &format!("d{}", at - 1));
        let equals = if next.starts_with('\n') { "" } else { " = " };
        text.push_str(&format!("define d{at}{ty}{equals}{next}\n"));
    }
    text.push_str(&format!("decision last{ty} = d{}\n", chain.length));
    on_stack(COMPILER, || Files::one(text.as_str()).program("t.pol"))
}

#[test]
fn chains_of_definitions_are_compiled_and_evaluated_on_a_small_stack() {
    let facts = json!({
        "total": 1, "lacking": null, "numbers": [1, 2], "events": [{"on": "2026-01-01"}, {"on": "2026-02-01"}],
    })
    .to_string();
    for chain in &CHAINS {
        let program = deep(chain);
        let built = polc_runtime::ir::encode(program.whole());
        let result = on_stack(SMALL, || {
            let program = Program::load(&built).unwrap();
            let facts = Facts::from_json(program.ir(), &facts).unwrap();
            let mut evaluation = program.evaluate(&facts, day("2026-06-01"), &Options::default());
            let result = evaluation.report(None).json();
            // On which days it changes is worked out by a walk of its own.
            let only = ["last".to_owned()];
            let (from, to) = (day("2026-06-01"), day("2026-06-02"));
            let line = program.timeline(&facts, from, to, &Options::default(), Some(&only));
            assert!(!line.points.is_empty(), "{}", chain.name);
            result
        });
        let wanted = (chain.last)(chain.length);
        assert_eq!(
            decision(&result, "last"),
            wanted,
            "{}: {result}",
            chain.name
        );
    }
}

/// Nothing that the compiler or the runtime does goes down by one call for each definition.
#[test]
fn a_hundred_thousand_definitions_build_on_each_other() {
    let length = if cfg!(debug_assertions) {
        20_000
    } else {
        100_000
    };
    for next in ["PREV + 1", "largest of (PREV, n + AT)"] {
        let mut text = "program t \"t\" version 1\nfact n: int\ndefine a0 = n\n".to_owned();
        for at in 1..=length {
            let next = next.replace("PREV", &format!("a{}", at - 1));
            text.push_str(&format!(
                "define a{at} = {}\n",
                next.replace("AT", &at.to_string())
            ));
        }
        text.push_str(&format!("decision last: int = a{length}\n"));
        let program = on_stack(COMPILER, || Files::one(text.as_str()).program("t.pol"));
        let result = on_stack(SMALL, || {
            let facts = Facts::from_json(program.ir(), "{\"n\": 1}").unwrap();
            let mut evaluation = program.evaluate(&facts, day("2026-06-01"), &Options::default());
            evaluation.report(None).json()
        });
        assert_eq!(decision(&result, "last"), length + 1, "{next}");
    }
}

#[test]
fn a_lifecycle_over_two_thousand_items_reads_two_hundred_definitions() {
    let mut text = String::from(
        "program busy \"Busy\" version 1\n  currency USD\nrecord Event dated on\n  on: date\n  n: int\n\
         fact total: int \"Total\"\nfact events: list of Event \"Events\"\n\
         define known = count of events\ndefine d0: int = known + total\n",
    );
    for at in 1..=200 {
        text.push_str(&format!("define d{at}: int = d{} + 1\n", at - 1));
    }
    text.push_str(
        "lifecycle stage \"Stage\" starts few\n  state few\n    when d200 > 1200 -> many\n  \
         state many\n    when d200 > 2200 -> all\n  final all\ndecision since: date or none = stage.since\n",
    );
    let program = on_stack(LARGE, || Files::one(text.as_str()).program("t.pol"));
    let first = day("2020-01-01");
    let events: Vec<Json> = (0..2_000)
        .map(|at| json!({ "on": first.checked_add_days(at).unwrap().to_string(), "n": 1 }))
        .collect();
    let facts = json!({ "total": 1, "events": events }).to_string();
    let state = on_stack(SMALL, || {
        let facts = Facts::from_json(program.ir(), &facts).unwrap();
        let mut evaluation = program.evaluate(&facts, day("2026-06-01"), &Options::default());
        decision(
            &evaluation.report(Some(&["since".to_owned()])).json(),
            "since",
        )
    });
    // 1 in total, 200 in the chain: the 2,000th event is the first day on which there are more than 2,200.
    let last = first.checked_add_days(1_999).unwrap();
    assert_eq!(state, json!(last.to_string()));
}

/// Loops within loops, directly or through definitions: how deep, and how long what is looked at for each item.
fn nested(kind: &str, deep: usize, long: usize) -> String {
    let head =
        "program t \"T\" version 1\nrecord R\n  n: int\nfact r: list of R\nfact l: list of int\n";
    let each = vec![".n"; long].join(" + ");
    let mut text = format!("{head}define d0: int = count of r\n");
    for at in 1..=deep {
        let before = format!("d{}", at - 1);
        text += &match kind {
            "read first" => {
                format!("define d{at}: int = count of r where ({before} >= 0 and {each} > 0)\n")
            }
            "read last" => format!("define d{at}: int = count of r where {each} + {before} > 0\n"),
            "two loops" => format!(
                "define d{at}: int = count of (for each x in l where (any y in l where (x + y + {before} > 0 and {})) give x)\n",
                vec!["y"; long].join(" + ") + " > x"
            ),
            _ => format!(
                "define d{at}: int = count of r where {each} + ({before} as of (as_of - 1 days)) > 0\n"
            ),
        };
    }
    text + &format!("decision last: int = d{deep}\n")
}

#[test]
fn loops_within_loops_are_evaluated_or_refused() {
    let (mut refused, mut evaluated) = (0, 0);
    for kind in ["read first", "read last", "two loops", "on other days"] {
        for deep in [1, 5, 9, 12, 30, 60] {
            for long in [1, 8, 11, 15, 30, 50] {
                let text = nested(kind, deep, long);
                let about = format!("{kind}, {deep} deep, {long} long");
                let compilation = on_stack(LARGE, || Files::one(text.as_str()).compile("t.pol"));
                let Some(compiled) = compilation.program else {
                    let codes = compilation.diagnostics.iter();
                    let codes: Vec<&str> = codes.map(|found| found.code.number()).collect();
                    assert!(codes.contains(&"P0615"), "{about}: {codes:?}");
                    assert!(deep > 6 && long > 8, "{about} is refused");
                    refused += 1;
                    continue;
                };
                let built = polc_runtime::ir::encode(&compiled.ir);
                let result = on_stack(SMALL, || {
                    let program = Program::load(&built).unwrap();
                    let facts = json!({"r": [{"n": 1}, {"n": 2}], "l": [1, 2]}).to_string();
                    let facts = Facts::from_json(program.ir(), &facts).unwrap();
                    program
                        .evaluate(&facts, day("2026-06-01"), &Options::default())
                        .report(None)
                        .json()
                });
                assert_eq!(
                    result["decisions"]["last"]["status"], "known",
                    "{about}: {result}"
                );
                evaluated += 1;
            }
        }
    }
    assert!(
        refused > 10 && evaluated > 60,
        "{refused} refused, {evaluated} evaluated"
    );
}

/// As deep as the text may nest, in every form that nests.
fn forms(deep: usize) -> Vec<String> {
    let head = "program t \"T\" version 1\nfact l: list of int\nfact b: bool\nfact n: int\n";
    let line = |text: String| format!("{head}decision d = {text}\n");
    let around = |open: &str, inner: &str, close: &str| {
        line(format!(
            "{}{inner}{}",
            open.repeat(deep),
            close.repeat(deep)
        ))
    };
    let each = |write: &dyn Fn(usize) -> String, inner: &str| {
        line((0..deep).map(write).collect::<String>() + inner)
    };
    vec![
        around("(", "n", ")"),
        around("not ", "b", ""),
        around("-", "n", ""),
        around("if b then 1 else ", "n", ""),
        around("[", "n", "]"),
        around("{a: ", "n", "}"),
        around("any of (", "b", ")"),
        around("largest of (", "n", ", n)"),
        around("start of month of ", "as_of", ""),
        around("", "n", " as of as_of"),
        around("", "n", " + n"),
        around("", "b", " and b"),
        around("n or else ", "n", ""),
        each(&|at| format!("any x{at} in l where "), "b"),
        each(
            &|at| format!("count of (for each x{at} in l where b give "),
            &("n".to_owned() + &")".repeat(deep)),
        ),
        format!(
            "{head}decision d: int\n{}{}1 otherwise\n{}  2 otherwise\n",
            (0..deep)
                .map(|at| format!("{}when b {{\n", "  ".repeat(at + 1)))
                .collect::<String>(),
            "  ".repeat(deep + 1),
            (0..deep)
                .map(|at| format!("{}}}\n", "  ".repeat(deep - at)))
                .collect::<String>(),
        ),
        format!(
            "{head}fact q: {}int\ndecision d = n\n",
            "list of ".repeat(deep)
        ),
    ]
}

/// Nested as deep as anybody nests, in every form, and as many terms as a line holds.
#[test]
fn nested_text_is_compiled_and_evaluated_on_a_small_stack() {
    let facts: Vec<String> = (0..400).map(|at| format!("fact n{at}: int\n")).collect();
    let terms: Vec<String> = (0..400).map(|at| format!("n{at}")).collect();
    let sum = format!(
        "program t \"T\" version 1\n{}decision d = {}\n",
        facts.concat(),
        terms.join(" + ")
    );
    let given: serde_json::Map<String, Json> =
        terms.iter().map(|name| (name.clone(), json!(1))).collect();
    let sum = (sum, Json::Object(given).to_string());
    let few = json!({"l": [1], "b": true, "n": 1}).to_string();
    let nested = forms(64).into_iter().map(|text| (text, few.clone()));
    for (text, facts) in nested.chain([sum]) {
        let program = on_stack(COMPILER, || Files::one(text.as_str()).program("t.pol"));
        let built = polc_runtime::ir::encode(program.whole());
        let result = on_stack(SMALL, || {
            let program = Program::load(&built).unwrap();
            let facts = Facts::from_json(program.ir(), &facts).unwrap();
            let mut evaluation = program.evaluate(&facts, day("2026-06-01"), &Options::default());
            evaluation.report(None).json()
        });
        assert_eq!(
            result["decisions"]["d"]["status"], "known",
            "{text}: {result}"
        );
    }
}

#[test]
fn the_shipped_programs_are_compiled_on_a_small_stack() {
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        on_stack(COMPILER, || Files::rules(folder).program(folder));
    }
}

#[test]
fn nested_text_is_compiled_or_refused_on_the_stack_of_the_command_line() {
    for deep in [10, 30, 64, 400, 5_000] {
        for text in forms(deep) {
            let found = on_stack(COMMAND, || {
                let compilation = Files::one(text.as_str()).compile("t.pol");
                let labels = compilation
                    .diagnostics
                    .iter()
                    .map(|found| found.labels.len());
                (compilation.program.is_some(), labels.collect::<Vec<_>>())
            });
            // What is refused is refused with a place.
            assert!(
                found.0 || found.1.iter().any(|labels| *labels > 0),
                "{text}"
            );
        }
    }
}
