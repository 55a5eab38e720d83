//! Why: a decision as a tree of what it was made from, and that tree in words.
//!
//! The tree is data with stable keys; the words are made from it alone, so that other renderers can be.

use super::summary::{cell_words, outcome_words, signed, signed_cell};
use polc_runtime::facts::Slot;
use polc_runtime::ir::{self, NodeId, Op};
use polc_runtime::result::{outcome_json, value_json};
use polc_runtime::value::{Outcome, Value as Known};
use polc_runtime::{CellResult, Evaluation};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The explanation of a decision; none when the program has no such decision.
pub fn explain(evaluation: &mut Evaluation, decision: &str) -> Option<Value> {
    let program = evaluation.program();
    let at = program
        .ir()
        .definitions
        .iter()
        .position(|definition| definition.name == decision)?;
    // First, because readings and assumptions are those touched so far.
    let whole = evaluation.report(Some(&[decision.to_owned()]));
    let mut shown = BTreeSet::new();
    let mut tree = explain_definition(evaluation, at, &mut shown, 0)?;
    if let Value::Object(fields) = &mut tree {
        fields.shift_insert(0, "format".to_owned(), json!(1));
        fields.insert("readings".to_owned(), readings(program.ir(), &whole));
        for key in ["id", "as_of", "assumptions", "notes"] {
            if let Some(value) = whole.get(key) {
                fields.insert(key.to_owned(), value.clone());
            }
        }
    }
    Some(tree)
}

/// The readings an answer rests on, with their reasons.
fn readings(program: &ir::Program, whole: &Value) -> Value {
    let chosen = whole
        .get("readings")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let mut list = Vec::new();
    for reading in &program.readings {
        if let Some(alternative) = chosen.get(&reading.name) {
            list.push(json!({
                "reading": reading.name, "label": reading.label, "chosen": alternative,
                "alternatives": reading.alternatives, "because": reading.because,
                "cites": cites(program, &reading.cites),
            }));
        }
    }
    Value::Array(list)
}

/// How far down definitions are followed.
const DEPTH: usize = 3;

fn explain_definition(
    evaluation: &mut Evaluation,
    at: usize,
    shown: &mut BTreeSet<usize>,
    depth: usize,
) -> Option<Value> {
    let program = evaluation.program().ir();
    let definition = program.definitions.get(at)?;
    shown.insert(at);
    let outcome = evaluation.node(definition.node);
    let ty = &definition.ty;
    let mut fields = Map::new();
    fields.insert("name".to_owned(), json!(definition.name));
    fields.insert("label".to_owned(), json!(definition.label));
    let json = outcome_json(program, ty, &outcome);
    fields.insert(
        "words".to_owned(),
        json!(outcome_words(&signed(program, ty, &json))),
    );
    fields.insert("outcome".to_owned(), json);
    let open = matches!(outcome, Outcome::Open(_));
    let rules = applied(evaluation, &definition.rules, open);
    fields.insert("rules".to_owned(), Value::Array(rules));
    let reached = reach(evaluation, definition.node);
    let grids: Vec<Value> = program
        .grids
        .iter()
        .enumerate()
        .filter(|(_, grid)| grid_reached(grid, &reached))
        .map(|(index, grid)| grid_json(evaluation, index, grid, &outcome, &reached))
        .collect();
    fields.insert("requirements".to_owned(), Value::Array(grids));
    let lifecycles: Vec<Value> = reached
        .lifecycles
        .iter()
        .filter_map(|name| {
            program
                .lifecycles
                .iter()
                .find(|layout| layout.name == *name)
        })
        .map(|layout| lifecycle_json(evaluation, layout))
        .collect();
    fields.insert("lifecycles".to_owned(), Value::Array(lifecycles));
    fields.insert("cites".to_owned(), cites(program, &definition.cites));
    let mut inner = Vec::new();
    if depth < DEPTH {
        for (other, candidate) in program.definitions.iter().enumerate() {
            let relevant = other != at
                && candidate.node != definition.node
                && reached.nodes.contains(&candidate.node)
                && candidate.kind != ir::DefinitionKind::Value
                && !(candidate.label.is_empty() && candidate.rules.is_empty())
                && !is_given(evaluation, candidate.node)
                && !shown.contains(&other);
            if relevant && let Some(tree) = explain_definition(evaluation, other, shown, depth + 1)
            {
                inner.push(tree);
            }
        }
    }
    fields.insert("from".to_owned(), Value::Array(inner));
    let facts: Vec<Value> = reached
        .facts
        .iter()
        .filter_map(|id| {
            let fact = program.facts.get(*id as usize)?;
            let node = program
                .nodes
                .iter()
                .position(|node| node.op == Op::Fact(*id))?;
            let outcome = evaluation.node(node as NodeId);
            if matches!(fact.ty, ir::Type::List(_) | ir::Type::Record(_)) {
                return None;
            }
            let outcome = outcome_json(program, &fact.ty, &outcome);
            Some(json!({ "fact": fact.name, "label": fact.label, "outcome": outcome }))
        })
        .collect();
    fields.insert("facts".to_owned(), Value::Array(facts));
    Some(Value::Object(fields))
}

/// A published fact that was supplied: nothing to explain.
fn is_given(evaluation: &Evaluation, node: NodeId) -> bool {
    match evaluation
        .program()
        .ir()
        .nodes
        .get(node as usize)
        .map(|node| &node.op)
    {
        Some(Op::Fact(fact)) => *evaluation.facts().slot(*fact) != Slot::Absent,
        _ => false,
    }
}

/// The rules that hold, or might, with the words of the source.
fn applied(evaluation: &mut Evaluation, rules: &[ir::Rule], open: bool) -> Vec<Value> {
    let mut list = Vec::new();
    for rule in rules {
        let holds = match rule.guard {
            None => "yes",
            Some(guard) => match evaluation.node(guard) {
                Outcome::Known(Known::Bool(true)) => "yes",
                Outcome::Open(_) => "open",
                Outcome::Known(_) | Outcome::NotApplicable(_) => "no",
                Outcome::Broken(_) => "broken",
            },
        };
        let first = !list
            .iter()
            .any(|rule: &Value| rule.get("holds") == Some(&json!("yes")));
        // Where the answer is known, what might also have held does not matter.
        let idle = match holds {
            "no" => true,
            "open" => !open,
            "yes" => !first && rule.kind == ir::RuleKind::Case,
            _ => false,
        };
        if idle {
            continue;
        }
        let program = evaluation.program().ir();
        list.push(json!({
            "rule": rule.name, "holds": holds, "text": rule.text,
            "words": sentence(program, rule), "cites": cites(program, &rule.cites),
        }));
    }
    list
}

/// What an outcome was made from.
struct Reached {
    /// Nodes that mattered.
    nodes: BTreeSet<NodeId>,
    /// Nodes that stood beside them: the other requirements of a tier that fails on one.
    beside: BTreeSet<NodeId>,
    facts: BTreeSet<ir::FactId>,
    lifecycles: Vec<String>,
}

/// Follows only what decided: a given fact is not followed into what it could be derived from, nor a
/// conjunction that fails into the operands that hold.
fn reach(evaluation: &mut Evaluation, root: NodeId) -> Reached {
    let program = evaluation.program().ir();
    let mut reached = Reached {
        nodes: BTreeSet::new(),
        beside: BTreeSet::new(),
        facts: BTreeSet::new(),
        lifecycles: Vec::new(),
    };
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        if !reached.nodes.insert(id) {
            continue;
        }
        let Some(node) = program.nodes.get(id as usize) else {
            continue;
        };
        match &node.op {
            Op::And(parts) | Op::Or(parts) => {
                let decides = Known::Bool(matches!(node.op, Op::Or(_)));
                reached.beside.extend(parts);
                let decided = evaluation.node(id) == Outcome::Known(decides.clone());
                for part in parts {
                    if !decided || evaluation.node(*part) == Outcome::Known(decides.clone()) {
                        stack.push(*part);
                    }
                }
            }
            Op::Cases { cases, otherwise } => {
                // The case that applies speaks for itself; only where none does, those above it are the reason.
                let mut passed = Vec::new();
                let mut decided = false;
                for (guard, value) in cases {
                    let outcome = evaluation.node(*guard);
                    decided = outcome == Outcome::Known(Known::Bool(true));
                    if decided || matches!(outcome, Outcome::Open(_)) {
                        stack.extend([*guard, *value]);
                    } else {
                        passed.push(*guard);
                    }
                    if decided {
                        break;
                    }
                }
                if decided {
                    for guard in passed {
                        reached.beside.insert(guard);
                        if let Some(Op::And(parts)) =
                            program.nodes.get(guard as usize).map(|n| &n.op)
                        {
                            reached.beside.extend(parts);
                        }
                    }
                } else {
                    stack.extend(passed);
                    stack.extend(otherwise);
                }
            }
            Op::Fact(fact) => {
                reached.facts.insert(*fact);
                let derived = program
                    .facts
                    .get(*fact as usize)
                    .and_then(|fact| fact.derived);
                if *evaluation.facts().slot(*fact) == Slot::Absent {
                    stack.extend(derived);
                }
            }
            Op::Recorded(fact) => {
                reached.facts.insert(*fact);
            }
            // Its history says how it came to be; the nodes of its lines are read on other days.
            Op::Lifecycle(machine) => reached.lifecycles.push(machine.name.clone()),
            other => ir::children(other, |child| stack.push(child)),
        }
    }
    reached
}

/// Where a lifecycle stands and how it came there, each step with the clauses of its line.
fn lifecycle_json(evaluation: &mut Evaluation, layout: &ir::LifecycleLayout) -> Value {
    let program = evaluation.program().ir();
    let outcome = evaluation.node(layout.node);
    let Some(ty) = program.nodes.get(layout.node as usize).map(|n| &n.ty) else {
        return Value::Null;
    };
    let (Outcome::Known(known @ Known::Record(_)), name) = (&outcome, &layout.name) else {
        return json!({ "lifecycle": layout.name, "outcome": outcome_json(program, ty, &outcome) });
    };
    let mut value = value_json(program, ty, known);
    let states = program.enums.get(layout.states as usize).map(|e| &e.values);
    if let Some(steps) = value.get_mut("history").and_then(Value::as_array_mut) {
        for step in steps {
            let is = |key: &str, text: &str| step.get(key).and_then(Value::as_str) == Some(text);
            let line = layout.lines.iter().find(|line| {
                let to = states.and_then(|states| states.get(line.to as usize));
                is("because", &line.text) && to.is_some_and(|to| is("to", to))
            });
            let marks = line.map(|line| cites(program, &line.cites));
            if let Value::Object(fields) = step {
                let text = line
                    .map(|line| spoken(program, &line.text))
                    .unwrap_or_default();
                fields.insert("words".to_owned(), json!(text));
                fields.insert("cites".to_owned(), marks.unwrap_or_default());
            }
        }
    }
    if let Value::Object(fields) = &mut value {
        fields.shift_insert(0, "lifecycle".to_owned(), json!(name));
        fields.insert("label".to_owned(), json!(layout.label));
    }
    value
}

fn grid_reached(grid: &ir::Grid, reached: &Reached) -> bool {
    grid.rows
        .iter()
        .flat_map(|row| &row.cells)
        .any(|cell| row_reached(cell, reached))
}

fn row_reached(cell: &ir::Cell, reached: &Reached) -> bool {
    [cell.passes, cell.condition]
        .iter()
        .any(|node| reached.nodes.contains(node) || reached.beside.contains(node))
}

/// The tiers worth showing: the one reached and the next above; all when the answer is open or none.
fn tiers_of_interest(grid: &ir::Grid, program: &ir::Program, outcome: &Outcome) -> Vec<usize> {
    let count = program
        .enums
        .get(grid.scale as usize)
        .map_or(0, |scale| scale.values.len());
    match outcome {
        Outcome::Known(Known::Enum(at)) => {
            let at = *at as usize;
            (at..count.min(at + 2)).collect()
        }
        Outcome::Known(Known::None) => (0..count.min(1)).collect(),
        _ => (0..count).collect(),
    }
}

fn grid_json(
    evaluation: &mut Evaluation,
    index: usize,
    grid: &ir::Grid,
    outcome: &Outcome,
    reached: &Reached,
) -> Value {
    let program = evaluation.program().ir();
    let names = program
        .enums
        .get(grid.scale as usize)
        .map(|scale| scale.values.clone())
        .unwrap_or_default();
    let all = evaluation.requirements();
    let mut tiers = Vec::new();
    for tier in tiers_of_interest(grid, program, outcome) {
        let mut rows = Vec::new();
        for (at, row) in grid.rows.iter().enumerate() {
            let used = row.child
                || row
                    .cells
                    .get(tier)
                    .is_some_and(|cell| row_reached(cell, reached));
            let Some(cell) = evaluation.cell(index, at, tier).filter(|_| used) else {
                continue;
            };
            if cell.result == CellResult::NotRequired {
                continue;
            }
            let key = names.get(tier).cloned().unwrap_or_default();
            let of_tier = all.get(&key);
            let qualified = format!("{}.{}", grid.name, row.name);
            let json =
                of_tier.and_then(|rows| rows.get(&qualified).or_else(|| rows.get(&row.name)));
            let mut value = json.cloned().unwrap_or_default();
            let need = row.cells.get(tier).and_then(|cell| cell.need);
            let ty = need
                .and_then(|node| program.nodes.get(node as usize))
                .map(|node| &node.ty);
            let words = cell_words(&signed_cell(program, ty, &value));
            if let Value::Object(fields) = &mut value {
                fields.shift_insert(0, "row".to_owned(), json!(row.name));
                fields.insert("label".to_owned(), json!(row.label));
                fields.insert("words".to_owned(), json!(words));
                fields.insert("cites".to_owned(), cites(program, &row.cites));
                if let Some(waiver) = fields.get("by").and_then(Value::as_str)
                    && let Some(waiver) = program.waivers.iter().find(|known| known.name == waiver)
                {
                    let words = json!({
                        "label": waiver.label, "when": waiver.text,
                        "cites": cites(program, &waiver.cites),
                    });
                    fields.insert("waiver".to_owned(), words);
                }
            }
            rows.push(value);
        }
        // What stands in the way comes first, then what was lifted, then what is met; children stay with their group.
        let weight = |row: &Value| match row.get("result").and_then(Value::as_str) {
            Some("met" | "not_applicable") => 3,
            Some("preferred_missing") => 2,
            Some("waived") => 1,
            _ => 0,
        };
        let group = |row: &Value| {
            let name = row.get("row").and_then(Value::as_str).unwrap_or_default();
            name.split('.').next().unwrap_or_default().to_owned()
        };
        let heads: Vec<(String, u8)> = rows.iter().map(|row| (group(row), weight(row))).collect();
        rows.sort_by_key(|row| {
            let head = heads.iter().find(|(name, _)| *name == group(row));
            head.map(|(_, weight)| *weight)
        });
        tiers.push(json!({ "tier": names.get(tier), "rows": rows }));
    }
    json!({ "grid": grid.name, "tiers": tiers, "cites": cites(program, &grid.cites) })
}

fn cites(program: &ir::Program, ids: &[ir::ClauseId]) -> Value {
    ids.iter()
        .filter_map(|id| program.clauses.get(*id as usize))
        .map(|clause| {
            json!({
                "clause": clause.id, "source": clause.title,
                "section": clause.section, "text": clause.text,
            })
        })
        .collect()
}

/// The explanation in words.
#[must_use]
pub fn text(tree: &Value) -> String {
    let mut out = String::new();
    let mut cited: Vec<(String, String)> = Vec::new();
    let word = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let who = word(tree, "id");
    let whose = if who.is_empty() {
        String::new()
    } else {
        format!("{who}, ")
    };
    out.push_str(&format!("{whose}as of {}\n\n", word(tree, "as_of")));
    definition_words(tree, 0, &mut out, &mut cited);
    for reading in tree
        .get("readings")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        out.push_str(&format!(
            "\nRead as {} ({}): {}{}",
            word(reading, "chosen"),
            word(reading, "reading"),
            word(reading, "because"),
            marks(reading, &mut cited),
        ));
    }
    for (title, key) in [
        ("Assumed, because nothing was given", "assumptions"),
        ("Note", "notes"),
    ] {
        for item in tree
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            out.push_str(&format!("\n{title}: {}", item.as_str().unwrap_or_default()));
        }
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    if !cited.is_empty() {
        out.push_str("\nWhere it says so\n");
        let width = cited.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
        let mut source = String::new();
        for (id, words) in &cited {
            let (title, rest) = words.split_once('\n').unwrap_or(("", words));
            if title != source {
                out.push_str(&format!("  {title}\n"));
                title.clone_into(&mut source);
            }
            out.push_str(&format!("    {id:width$}  {rest}\n"));
        }
    }
    out
}

fn definition_words(
    tree: &Value,
    depth: usize,
    out: &mut String,
    cited: &mut Vec<(String, String)>,
) {
    let pad = "  ".repeat(depth);
    let word = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let list = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let name = match word(tree, "label") {
        label if label.is_empty() => plain(&word(tree, "name")),
        label if depth > 0 => label,
        label => format!("{label} ({})", word(tree, "name")),
    };
    let outcome = plain(&word(tree, "words"));
    out.push_str(&format!("{pad}{name}: {outcome}{}\n", marks(tree, cited)));
    for rule in list(tree, "rules") {
        let last = word(&rule, "words") == OTHERWISE && depth > 0;
        let row = word(&rule, "text").starts_with('|');
        if row || (last && list(&rule, "cites").is_empty()) {
            continue;
        }
        let lead = if word(&rule, "holds") == "open" {
            "perhaps "
        } else {
            ""
        };
        out.push_str(&format!(
            "{pad}  {lead}{}{}\n",
            word(&rule, "words"),
            marks(&rule, cited)
        ));
    }
    for lifecycle in list(tree, "lifecycles") {
        for step in list(&lifecycle, "history") {
            let on = match word(&step, "on") {
                on if on.is_empty() => "on a day not known".to_owned(),
                on => on,
            };
            out.push_str(&format!(
                "{pad}  {on}  {}: {}{}\n",
                plain(&word(&step, "to")),
                word(&step, "words"),
                marks(&step, cited)
            ));
        }
        let mut now = Vec::new();
        match word(&lifecycle, "waiting_for") {
            who if who.is_empty() => {}
            who => now.push(format!("waits for {}", plain(&who))),
        }
        match word(&lifecycle, "deadline") {
            day if day.is_empty() => {}
            day => now.push(format!("until {day}")),
        }
        if !now.is_empty() {
            out.push_str(&format!("{pad}  now it {}\n", now.join(" ")));
        }
    }
    for grid in list(tree, "requirements") {
        for (at, tier) in list(&grid, "tiers").into_iter().enumerate() {
            let once = if at == 0 {
                marks(&grid, cited)
            } else {
                String::new()
            };
            out.push_str(&format!("{pad}  for {}{once}\n", word(&tier, "tier")));
            for row in list(&tier, "rows") {
                let name = match word(&row, "label") {
                    label if label.is_empty() => word(&row, "row"),
                    label => label,
                };
                let mut both = list(&row, "cites");
                both.extend(
                    row.get("waiver")
                        .map(|waiver| list(waiver, "cites"))
                        .unwrap_or_default(),
                );
                let both = json!({ "cites": both });
                out.push_str(&format!(
                    "{pad}    {name}: {}{}\n",
                    word(&row, "words"),
                    marks(&both, cited)
                ));
            }
        }
    }
    for inner in list(tree, "from") {
        // A step without a label and without a clause is how the program says it, not the document.
        let told = |tree: &Value| {
            let cited = |value: &Value| !list(value, "cites").is_empty();
            !word(tree, "label").is_empty() || cited(tree) || list(tree, "rules").iter().any(cited)
        };
        if told(&inner) {
            definition_words(&inner, depth + 1, out, cited);
        }
    }
    if depth == 0 {
        let outcome = tree.get("outcome").cloned().unwrap_or_default();
        let missing: Vec<String> = list(&outcome, "needs")
            .iter()
            .map(|need| need.as_str().unwrap_or_default().to_owned())
            .collect();
        if !missing.is_empty() {
            out.push_str(&format!("\nTo decide it, supply: {}\n", missing.join(", ")));
        }
        for judgement in list(&outcome, "judgements") {
            let permitted: Vec<String> = list(&judgement, "permitted")
                .iter()
                .map(|value| {
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned)
                })
                .collect();
            out.push_str(&format!(
                "\nTo decide it, {} must record {}: {}\n",
                word(&judgement, "by"),
                word(&judgement, "judgement"),
                permitted.join(" or ")
            ));
        }
    }
}

/// A line of the program as a reason: what it gives is said before, so only its condition is told.
fn sentence(program: &ir::Program, rule: &ir::Rule) -> String {
    let text = match rule.text.split_once(" under ") {
        Some((before, _)) => before,
        None => &rule.text,
    };
    let condition = match text.split_once(" when ") {
        Some((_, condition)) => Some(condition),
        None => text.strip_prefix("when "),
    };
    match condition {
        _ if rule.kind == ir::RuleKind::Obligation => {
            format!("not kept: {}", spoken(program, text))
        }
        Some(condition) => format!("because {}", spoken(program, condition)),
        None if text.ends_with(" otherwise") => OTHERWISE.to_owned(),
        // A line of a reading begins with its alternative, which is told below.
        None => match text.split_once(' ') {
            Some((first, rest)) if rule.name == first => {
                format!("because {}", spoken(program, rest))
            }
            _ => format!("because {}", spoken(program, text)),
        },
    }
}

/// What is said of the last line of several cases.
const OTHERWISE: &str = "because nothing before it applies";

/// Words of the program as they are spoken: a name by its label, otherwise without underscores and points.
fn spoken(program: &ir::Program, text: &str) -> String {
    let label = |name: &str| {
        let fact = program.facts.iter().find(|fact| fact.name == name);
        let definition = program.definitions.iter().find(|each| each.name == name);
        let label = fact
            .map(|fact| &fact.label)
            .or(definition.map(|each| &each.label))?;
        (!label.is_empty()).then(|| format!("“{label}”"))
    };
    let mut out = String::new();
    let mut word = String::new();
    let mut quoted = false;
    for letter in text.chars().chain(std::iter::once(' ')) {
        if letter == '"' {
            quoted = !quoted;
        }
        if !quoted && (letter.is_alphanumeric() || matches!(letter, '_' | '.')) {
            word.push(letter);
            continue;
        }
        if !word.is_empty() {
            let number = word.starts_with(|first: char| first.is_ascii_digit());
            out.push_str(&match label(&word) {
                Some(label) => label,
                None if number => word.clone(),
                None => of_parts(&word),
            });
            word.clear();
        }
        out.push(letter);
    }
    out.truncate(out.trim_end().len());
    out
}

/// `round.survey.distributed_on` as "distributed on of survey of round"; `.stars` as "stars".
fn of_parts(word: &str) -> String {
    let parts: Vec<String> = word
        .split('.')
        .filter(|part| !part.is_empty())
        .map(plain)
        .collect();
    match parts.as_slice() {
        [] => word.to_owned(),
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first}’s {}", rest.join(" ")),
    }
}

/// A name without underscores.
fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// The citations of something, as `[TP-030]`; each clause is remembered for the list at the end.
fn marks(value: &Value, cited: &mut Vec<(String, String)>) -> String {
    let mut ids = Vec::new();
    for cite in value
        .get("cites")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let part = |name: &str| cite.get(name).and_then(Value::as_str).unwrap_or_default();
        let id = part("clause").to_owned();
        if ids.contains(&id) {
            continue;
        }
        if !cited.iter().any(|(known, _)| *known == id) {
            cited.push((
                id.clone(),
                match part("section") {
                    "" => format!("{}\n{}", part("source"), part("text")),
                    section => format!("{}\n{section}: {}", part("source"), part("text")),
                },
            ));
        }
        ids.push(id);
    }
    if ids.is_empty() {
        String::new()
    } else {
        format!("  [{}]", ids.join(", "))
    }
}
