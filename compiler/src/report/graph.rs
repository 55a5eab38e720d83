//! Pictures of a program: its lifecycles, and which decision reads what; as Mermaid or DOT.

use super::drawing::{dot, mermaid};
use polc_runtime::ir::{self, DefinitionKind, NodeId, Op};
use std::collections::{BTreeMap, BTreeSet};

/// The language of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// For Markdown and the web.
    Mermaid,
    /// For Graphviz.
    Dot,
}

/// Letters in a line of a label in DOT, for states, their lines, and what reads what.
const STATE_LETTERS: usize = 24;
const LINE_LETTERS: usize = 26;
const NAME_LETTERS: usize = 18;

/// What no diagram for Graphviz is wider than, in inches of 96 pixels.
const WIDEST: u32 = 16;

/// The diagram of one lifecycle; none when the program has no lifecycle of this name.
#[must_use]
pub fn lifecycle(program: &ir::Program, name: &str, language: Language) -> Option<String> {
    let layout = program.lifecycles.iter().find(|each| each.name == name)?;
    let Some(Op::Lifecycle(machine)) = program.nodes.get(layout.node as usize).map(|n| &n.op)
    else {
        return None;
    };
    let title = match layout.label.as_str() {
        "" => words(&layout.name),
        label => label.to_owned(),
    };
    let mut diagram = States::new(language, &title);
    let count = program
        .enums
        .get(layout.states as usize)
        .map_or(0, |states| states.values.len());
    for (at, drawn) in machine.states.iter().enumerate().take(count) {
        diagram.state(at, &state_label(program, layout, at), drawn.is_final);
    }
    diagram.start(machine.starts);
    if layout.lines.iter().any(|line| line.from.is_none()) {
        diagram.any_state();
    }
    for (at, line) in layout.lines.iter().enumerate() {
        let late = machine
            .states
            .iter()
            .find(|state| state.late.as_ref().is_some_and(|to| to.id as usize == at));
        let text = match late {
            Some(_) => match line.from.map(|from| program.deadline_words(layout, from)) {
                Some(deadline) if !deadline.is_empty() => format!("late after {deadline}"),
                _ => "late".to_owned(),
            },
            None => program.line_words(line.provision),
        };
        diagram.line(line.from, line.to, &text);
    }
    Some(diagram.done())
}

fn state_label(program: &ir::Program, layout: &ir::LifecycleLayout, at: usize) -> String {
    match layout.labels.get(at).map(String::as_str) {
        Some(label) if !label.is_empty() => label.to_owned(),
        _ => program
            .enums
            .get(layout.states as usize)
            .and_then(|states| states.values.get(at))
            .map_or_else(String::new, |name| words(name)),
    }
}

/// A name as words.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// A diagram of states being drawn. States go by their numbers: their names may mean something to the language.
struct States {
    language: Language,
    out: String,
    /// Lines that come last.
    ends: String,
}

impl States {
    fn new(language: Language, title: &str) -> States {
        let out = match language {
            Language::Mermaid => format!("stateDiagram-v2\n  %% {}\n", mermaid(title)),
            Language::Dot => format!(
                "digraph {} {{\n  rankdir=TB; ranksep=0.3; nodesep=0.2; size=\"{WIDEST},1000\";\n  \
                 node [shape=box, style=rounded, fontsize=11];\n  edge [fontsize=10];\n",
                dot(title, usize::MAX)
            ),
        };
        States {
            language,
            out,
            ends: String::new(),
        }
    }

    fn state(&mut self, at: usize, label: &str, is_final: bool) {
        match self.language {
            Language::Mermaid => {
                self.out
                    .push_str(&format!("  state \"{}\" as s{at}\n", mermaid(label)));
                if is_final {
                    self.ends.push_str(&format!("  s{at} --> [*]\n"));
                }
            }
            Language::Dot => {
                let label = dot(label, STATE_LETTERS);
                let ring = if is_final { ", peripheries=2" } else { "" };
                self.out
                    .push_str(&format!("  s{at} [label={label}{ring}];\n"));
            }
        }
    }

    fn start(&mut self, at: u32) {
        self.out.push_str(&match self.language {
            Language::Mermaid => format!("  [*] --> s{at}\n"),
            Language::Dot => format!("  start [shape=point];\n  start -> s{at};\n"),
        });
    }

    /// Lines of every open state are drawn once, from a state that stands for all of them.
    fn any_state(&mut self) {
        self.out.push_str(match self.language {
            Language::Mermaid => "  state \"any open state\" as any\n",
            Language::Dot => "  any [label=\"any open state\", style=dashed];\n",
        });
    }

    fn line(&mut self, from: Option<u32>, to: u32, text: &str) {
        let from = from.map_or_else(|| "any".to_owned(), |from| format!("s{from}"));
        self.out.push_str(&match self.language {
            Language::Mermaid if text.trim().is_empty() => format!("  {from} --> s{to}\n"),
            Language::Mermaid => format!("  {from} --> s{to}: {}\n", mermaid(text)),
            Language::Dot => {
                format!("  {from} -> s{to} [label={}];\n", dot(text, LINE_LETTERS))
            }
        });
    }

    fn done(self) -> String {
        let end = match self.language {
            Language::Mermaid => "",
            Language::Dot => "}\n",
        };
        format!("{}{}{end}", self.out, self.ends)
    }
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
    let mut edges: BTreeSet<(usize, Node)> = BTreeSet::new();
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
                Node::Definition(other) if other != at => {
                    edges.insert((at, read));
                    todo.push(other);
                }
                Node::Definition(_) => {}
                Node::Fact(id) => {
                    edges.insert((at, read));
                    facts.insert(id);
                }
            }
        }
    }
    draw(program, &seen, &facts, &edges, language)
}

/// Definitions and facts by their numbers, and which is read by which.
fn draw(
    program: &ir::Program,
    definitions: &BTreeSet<usize>,
    facts: &BTreeSet<ir::FactId>,
    edges: &BTreeSet<(usize, Node)>,
    language: Language,
) -> String {
    let mut out = match language {
        Language::Mermaid => "flowchart LR\n".to_owned(),
        Language::Dot => format!(
            "digraph {} {{\n  rankdir=LR; ranksep=0.25; nodesep=0.1; size=\"{WIDEST},1000\";\n  \
             node [fontsize=10, height=0.2, margin=\"0.05,0.03\"];\n  edge [arrowsize=0.6];\n",
            dot(&program.name, usize::MAX)
        ),
    };
    let mut node = |id: Node, label: &str, name: &str, shape: Shape| {
        let label = match label {
            "" => words(name),
            label => label.to_owned(),
        };
        let (id, quoted) = (id.id(), mermaid(&label));
        out.push_str(&match (language, shape) {
            (Language::Mermaid, Shape::Decision) => format!("  {id}[[\"{quoted}\"]]\n"),
            (Language::Mermaid, Shape::Definition) => format!("  {id}(\"{quoted}\")\n"),
            (Language::Mermaid, Shape::Fact) => format!("  {id}[/\"{quoted}\"/]\n"),
            (Language::Dot, shape) => {
                let shape = match shape {
                    Shape::Decision => "shape=box, penwidth=2",
                    Shape::Definition => "shape=box, style=rounded",
                    Shape::Fact => "shape=parallelogram",
                };
                format!("  {id} [label={}, {shape}];\n", dot(&label, NAME_LETTERS))
            }
        });
    };
    for at in definitions {
        if let Some(definition) = program.definitions.get(*at) {
            let shape = match definition.kind {
                DefinitionKind::Decision => Shape::Decision,
                DefinitionKind::Define | DefinitionKind::Value => Shape::Definition,
            };
            node(
                Node::Definition(*at),
                &definition.label,
                &definition.name,
                shape,
            );
        }
    }
    for id in facts {
        if let Some(fact) = program.facts.get(*id as usize) {
            node(Node::Fact(*id), &fact.label, &fact.name, Shape::Fact);
        }
    }
    for (from, to) in edges {
        let (from, to) = (Node::Definition(*from).id(), to.id());
        out.push_str(&match language {
            Language::Mermaid => format!("  {to} --> {from}\n"),
            Language::Dot => format!("  {to} -> {from};\n"),
        });
    }
    if language == Language::Dot {
        out.push_str("}\n");
    }
    out
}

/// How something is drawn.
#[derive(Clone, Copy)]
enum Shape {
    Decision,
    Definition,
    Fact,
}

/// What is drawn, by its number: its name may mean something to the language.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Definition(usize),
    Fact(ir::FactId),
}

impl Node {
    fn id(self) -> String {
        match self {
            Node::Definition(at) => format!("d{at}"),
            Node::Fact(at) => format!("f{at}"),
        }
    }
}

/// What a definition reads itself: down to the next definition or fact.
fn reads(program: &ir::Program, root: NodeId, by_node: &BTreeMap<NodeId, usize>) -> Vec<Node> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut todo = vec![root];
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        if id != root
            && let Some(at) = by_node.get(&id)
        {
            found.push(Node::Definition(*at));
            continue;
        }
        match program.nodes.get(id as usize).map(|node| &node.op) {
            Some(Op::Fact(fact) | Op::Recorded(fact)) => found.push(Node::Fact(*fact)),
            Some(op) => ir::children(op, |child| todo.push(child)),
            None => {}
        }
    }
    found
}
