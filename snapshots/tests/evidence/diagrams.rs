//! Pictures: those of every shipped program, and those of a program whose texts are hostile to the languages of
//! pictures. They are written to the folder that `POL_DIAGRAMS` names, for `.ci/run` to parse them with the
//! programs that draw them; here their lines are counted.

use crate::harness::{
    ACCREDITATION, CONDUCT, CONNECT, Files, TECHNOLOGY_PARTNER, day, root, shipped,
};
use crate::run::{Census, Random, cases};
use polc::report::graph::{self, Language};
use polc::report::timeline;
use polc_runtime::facts::Facts;
use polc_runtime::ir::{self, DefinitionKind};
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::{Value as Json, json};
use std::path::PathBuf;

const PROGRAM: &str = r#"program drawn "Drawn" version 1
  currency USD

fact title: text or none "Title"
fact total: int >= 0 "Total"
event begun_on "Begun"
judgement fine: yes, no by us "Fine"

define large "Large" = total > 10
decision kind: text or none "Kind" = title
decision grown: bool "Grown" = large and fine is yes
decision begun: text or none "Begun already"
  title when begun_on is not none
  none otherwise

lifecycle first "First" starts idle
  any open state
    when total > 1000 -> lost
  state idle "Idle" waits for partner
    on begun_on when title is not "never" -> running
  state running "Running" waits for us deadline 30 days unless large
    may fine: yes -> won
    late -> lost
  final won, lost

lifecycle second "Second" starts before
  state before deadline 2 months
    on begun_on -> after
    late -> after
  final after
"#;

/// What the languages give a meaning to, and what no line survives.
const PARTS: [&str; 60] = [
    "\"",
    "\\",
    ";",
    ":",
    "#",
    "%%",
    "%%{init: {\"theme\": \"dark\"}}%%",
    "-->",
    "--",
    "->",
    "]",
    "[[",
    "[*]",
    "(",
    ")",
    "{",
    "}",
    "{{",
    "|",
    "<br>",
    "<script>x</script>",
    "&quot;",
    "#quot;",
    "#35;",
    "`",
    "```",
    "end",
    "state",
    "note",
    "as",
    "class",
    "click",
    "subgraph",
    "graph LR",
    "title",
    "section",
    "gantt",
    "dateFormat",
    "accTitle: x",
    "style x",
    "2026-01-01",
    "0",
    ",",
    "\n",
    "\r\n",
    "\t",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{2028}",
    "\u{0}",
    "---",
    "~~~",
    "@",
    "$&",
    "\\n",
    "\\l",
    "é",
    "日本",
    "🦀",
    " ",
];

fn hostile(random: &mut Random, census: &mut Census) -> String {
    let mut text = String::new();
    for _ in 0..random.below(7) {
        let part = random.pick(&PARTS);
        census.count(*part);
        text.push_str(part);
        if random.chance(40) {
            text.push_str(["x", " ", "word "][random.below(3) as usize]);
        }
    }
    text
}

/// The program with another text wherever one comes in, names included: a built program may hold anything.
fn rewritten(ir: &ir::Program, text: &mut dyn FnMut() -> String) -> ir::Program {
    let mut ir = ir.clone();
    ir.name = text();
    for definition in &mut ir.definitions {
        definition.label = text();
    }
    for fact in &mut ir.facts {
        fact.label = text();
    }
    for layout in &mut ir.lifecycles {
        layout.label = text();
        layout.labels.iter_mut().for_each(|each| *each = text());
    }
    for provision in &mut ir.provisions {
        provision.label = text();
        for phrase in [&mut provision.condition, &mut provision.value] {
            phrase.push(ir::Words::Text(text()));
        }
    }
    ir
}

/// Every picture of a program: each lifecycle, each decision, all decisions.
fn pictures(ir: &ir::Program) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (language, end) in [(Language::Mermaid, "mmd"), (Language::Dot, "dot")] {
        for (at, layout) in ir.lifecycles.iter().enumerate() {
            let picture = graph::lifecycle(ir, &layout.name, language).unwrap();
            found.push((format!("lifecycle{at}.{end}"), picture));
        }
        for (at, decision) in ir.definitions.iter().enumerate() {
            if decision.kind == DefinitionKind::Decision {
                let picture = graph::dependencies(ir, Some(&decision.name), language);
                found.push((format!("decision{at}.{end}"), picture));
            }
        }
        found.push((
            format!("all.{end}"),
            graph::dependencies(ir, None, language),
        ));
    }
    found
}

fn gantt(program: &Program, facts: &Json, from: Date, to: Date) -> String {
    let facts = Facts::from_json(program.ir(), &facts.to_string()).unwrap();
    let line = program.timeline(&facts, from, to, &Options::default(), None);
    timeline::mermaid(program.ir(), facts.id(), &line)
}

fn write(name: &str, picture: &str) {
    if let Some(folder) = std::env::var_os("POL_DIAGRAMS") {
        std::fs::write(PathBuf::from(folder).join(name), picture).unwrap();
    }
}

/// As many lines as the harmless picture, every quote closed on its line, nothing that steers.
fn same_shape(name: &str, picture: &str, harmless: &str) {
    assert_eq!(
        picture.lines().count(),
        harmless.lines().count(),
        "{name}:\n{picture}"
    );
    for line in picture.lines() {
        assert!(
            !line.chars().any(char::is_control),
            "{name}: {}",
            line.escape_debug()
        );
        let unescaped = line.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(unescaped.matches('"').count() % 2, 0, "{name}: {line}");
    }
}

#[test]
fn pictures_of_the_shipped_programs() {
    for folder in [TECHNOLOGY_PARTNER, CONNECT, CONDUCT, ACCREDITATION] {
        let (program, name) = (shipped(folder), folder.rsplit('/').next().unwrap());
        for (kind, picture) in pictures(program.ir()) {
            same_shape(&kind, &picture, &picture);
            write(&format!("{name}-{kind}"), &picture);
        }
        for entry in std::fs::read_dir(root().join(folder).join("examples")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "json") {
                let facts: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                let picture = gantt(program, &facts, day("2026-01-01"), day("2026-04-30"));
                let example = path.file_stem().unwrap().to_str().unwrap();
                write(&format!("{name}-{example}-gantt.mmd"), &picture);
            }
        }
    }
}

#[test]
fn pictures_with_hostile_texts() {
    let program = Files::one(PROGRAM).program("t.pol");
    let days = (day("2026-01-01"), day("2026-12-31"));
    let plain = rewritten(program.ir(), &mut || "word".to_owned());
    let facts = |id: &str, title: &str| json!({ "id": id, "title": title, "total": 5, "begun_on": "2026-02-01", "fine": "no" });
    let harmless = pictures(&plain);
    let harmless_gantt = gantt(
        &Program::new(plain).unwrap(),
        &facts("word", "word"),
        days.0,
        days.1,
    );
    let mut census = Census::default();
    // For the real parsers there are always as many.
    let least = if std::env::var_os("POL_DIAGRAMS").is_some() {
        500
    } else {
        50
    };
    for case in 0..cases(500, least) {
        let mut random = Random::of_case("diagrams", case);
        let (id, title) = (
            hostile(&mut random, &mut census),
            hostile(&mut random, &mut census),
        );
        let ir = rewritten(program.ir(), &mut || hostile(&mut random, &mut census));
        for ((kind, picture), (_, harmless)) in pictures(&ir).iter().zip(&harmless) {
            same_shape(kind, picture, harmless);
            write(&format!("hostile{case}-{kind}"), picture);
        }
        let picture = gantt(
            &Program::new(ir).unwrap(),
            &facts(&id, &title),
            days.0,
            days.1,
        );
        same_shape("gantt", &picture, &harmless_gantt);
        write(&format!("hostile{case}-gantt.mmd"), &picture);
    }
    census.expect(&PARTS, 50);
}
