//! Pictures of a program: its lifecycles, and which decision reads what; as Mermaid or DOT.

use polc_runtime::ir::{self, DefinitionKind, NodeId, Op};
use std::collections::{BTreeMap, BTreeSet};

/// The language of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// For Markdown and the web.
    Mermaid,
    /// For Graphviz.
    Dot,
}

/// Every lifecycle of a program (or the one of a name), a picture after the other.
#[must_use]
pub fn lifecycles(program: &ir::Program, only: Option<&str>, language: Language) -> String {
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    program
        .lifecycles
        .iter()
        .filter(|layout| wanted(&layout.name))
        .map(|layout| lifecycle(program, layout, language))
        .collect::<Vec<_>>()
        .join("\n")
}

fn lifecycle(program: &ir::Program, layout: &ir::LifecycleLayout, language: Language) -> String {
    let none = Vec::new();
    let names = program
        .enums
        .get(layout.states as usize)
        .map_or(&none, |states| &states.values);
    let Some(Op::Lifecycle(machine)) = program.nodes.get(layout.node as usize).map(|n| &n.op)
    else {
        return String::new();
    };
    let state = |at: u32| names.get(at as usize).map_or("", String::as_str);
    let mut out = match language {
        Language::Mermaid => format!(
            "stateDiagram-v2\n  %% {}\n  [*] --> {}\n",
            layout.name,
            state(machine.starts)
        ),
        Language::Dot => format!(
            "digraph {} {{\n  rankdir=LR;\n  node [shape=box, style=rounded];\n  start [shape=point];\n  start -> {};\n",
            layout.name,
            state(machine.starts)
        ),
    };
    for line in &layout.lines {
        let Some(from) = line.from else { continue };
        out.push_str(&edge(language, state(from), state(line.to), &line.text));
    }
    // Lines of every open state are drawn once, from a state that stands for all of them.
    for line in layout.lines.iter().filter(|line| line.from.is_none()) {
        out.push_str(&edge(
            language,
            "any_open_state",
            state(line.to),
            &line.text,
        ));
    }
    for (at, drawn) in machine
        .states
        .iter()
        .enumerate()
        .filter(|(_, s)| s.is_final)
    {
        let name = state(at as u32);
        debug_assert!(drawn.is_final);
        match language {
            Language::Mermaid => out.push_str(&format!("  {name} --> [*]\n")),
            Language::Dot => out.push_str(&format!("  {name} [peripheries=2];\n")),
        }
    }
    if language == Language::Dot {
        out.push_str("}\n");
    }
    out
}

fn edge(language: Language, from: &str, to: &str, text: &str) -> String {
    match language {
        Language::Mermaid => format!("  {from} --> {to}: {}\n", text.replace([':', ';'], " ")),
        Language::Dot => format!("  {from} -> {to} [label=\"{}\"];\n", quoted(text)),
    }
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Which decisions and definitions read which, down to the facts; from one decision, or from all.
#[must_use]
pub fn dependencies(program: &ir::Program, root: Option<&str>, language: Language) -> String {
    let mut by_node: BTreeMap<NodeId, usize> = BTreeMap::new();
    for (at, definition) in program.definitions.iter().enumerate() {
        let constant = matches!(
            program.nodes.get(definition.node as usize).map(|n| &n.op),
            Some(Op::Const(_) | Op::Fact(_))
        );
        if definition.kind != DefinitionKind::Value && !constant {
            by_node.entry(definition.node).or_insert(at);
        }
    }
    let roots: Vec<usize> = program
        .definitions
        .iter()
        .enumerate()
        .filter(|(_, each)| match root {
            Some(name) => each.name == name,
            None => each.kind == DefinitionKind::Decision,
        })
        .map(|(at, _)| at)
        .collect();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut edges: BTreeSet<(usize, String)> = BTreeSet::new();
    let mut facts: BTreeSet<ir::FactId> = BTreeSet::new();
    let mut todo = roots;
    while let Some(at) = todo.pop() {
        if !seen.insert(at) {
            continue;
        }
        let Some(definition) = program.definitions.get(at) else {
            continue;
        };
        for read in reads(program, definition.node, &by_node) {
            match read {
                Read::Definition(other) if other != at => {
                    let name = program.definitions.get(other).map(|each| each.name.clone());
                    edges.extend(name.map(|name| (at, name)));
                    todo.push(other);
                }
                Read::Definition(_) => {}
                Read::Fact(id) => {
                    let name = program.facts.get(id as usize).map(|fact| fact.name.clone());
                    edges.extend(name.map(|name| (at, name)));
                    facts.insert(id);
                }
            }
        }
    }
    let mut out = match language {
        Language::Mermaid => "flowchart LR\n".to_owned(),
        Language::Dot => format!("digraph {} {{\n  rankdir=LR;\n", program.name),
    };
    for at in &seen {
        let Some(definition) = program.definitions.get(*at) else {
            continue;
        };
        let (name, decision) = (
            &definition.name,
            definition.kind == DefinitionKind::Decision,
        );
        out.push_str(&match (language, decision) {
            (Language::Mermaid, true) => format!("  {name}[[{name}]]\n"),
            (Language::Mermaid, false) => format!("  {name}({name})\n"),
            (Language::Dot, true) => format!("  {name} [shape=box, penwidth=2];\n"),
            (Language::Dot, false) => format!("  {name} [shape=box, style=rounded];\n"),
        });
    }
    for id in &facts {
        if let Some(fact) = program.facts.get(*id as usize) {
            let name = &fact.name;
            out.push_str(&match language {
                Language::Mermaid => format!("  {name}[/{name}/]\n"),
                Language::Dot => format!("  {name} [shape=parallelogram];\n"),
            });
        }
    }
    for (from, to) in &edges {
        if let Some(definition) = program.definitions.get(*from) {
            let arrow = match language {
                Language::Mermaid => "-->",
                Language::Dot => "->",
            };
            let end = if language == Language::Dot { ";" } else { "" };
            out.push_str(&format!("  {to} {arrow} {}{end}\n", definition.name));
        }
    }
    if language == Language::Dot {
        out.push_str("}\n");
    }
    out
}

enum Read {
    Definition(usize),
    Fact(ir::FactId),
}

/// What a definition reads itself: down to the next definition or fact.
fn reads(program: &ir::Program, root: NodeId, by_node: &BTreeMap<NodeId, usize>) -> Vec<Read> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut todo = vec![root];
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        if id != root
            && let Some(at) = by_node.get(&id)
        {
            found.push(Read::Definition(*at));
            continue;
        }
        match program.nodes.get(id as usize).map(|node| &node.op) {
            Some(Op::Fact(fact) | Op::Recorded(fact)) => found.push(Read::Fact(*fact)),
            Some(op) => ir::children(op, |child| todo.push(child)),
            None => {}
        }
    }
    found
}
