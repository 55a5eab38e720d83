//! Why: a decision as a tree of what it was made from, and that tree in words.
//!
//! The tree is data with stable keys; the words are made from it alone, so that other renderers can be.

use super::summary::{cell_words, outcome_words, signed, signed_cell};
use super::terminal;
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
        fields.shift_insert(
            0,
            "format".to_owned(),
            json!(polc_runtime::result::RESULT_FORMAT),
        );
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
    let words = outcome_words(&signed(program, ty, &json));
    let items = items(program, ty, &json);
    let rules = applied(evaluation, &definition.rules, &outcome, &words);
    fields.insert("words".to_owned(), json!(words));
    if !items.is_empty() {
        fields.insert("items".to_owned(), json!(items));
    }
    fields.insert("outcome".to_owned(), json);
    fields.insert("rules".to_owned(), Value::Array(rules));
    let reached = reach(evaluation, definition.node);
    fields.insert("requirements".to_owned(), Value::Null);
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
    let grids: Vec<Value> = program
        .grids
        .iter()
        .enumerate()
        .filter(|(_, grid)| grid_reached(program, grid, &reached))
        .filter(|(_, grid)| tier_of(ty, grid) || !inner.iter().any(|tree| tells_grid(tree, grid)))
        .map(|(index, grid)| {
            let tier = tier_of(ty, grid).then_some(&outcome);
            grid_json(evaluation, index, grid, tier, &reached)
        })
        .collect();
    fields.insert("requirements".to_owned(), Value::Array(grids));
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

/// The records of a list, each on its own, or the one record: what stands in a field, with the name of the field unless
/// the value says it. Records and lists within are left out.
fn items(program: &ir::Program, ty: &ir::Type, outcome: &Value) -> Vec<String> {
    let value = outcome.get("value").cloned().unwrap_or_default();
    let (item, values) = match (bare(ty), value) {
        (ir::Type::List(item), Value::Array(values)) => (bare(item), values),
        (record @ ir::Type::Record(_), value @ Value::Object(_)) => (record, vec![value]),
        _ => return Vec::new(),
    };
    let record = match item {
        ir::Type::Record(record) => program.records.get(*record as usize),
        _ => None,
    };
    let Some(record) = record else {
        return Vec::new();
    };
    let item = |value: &Value| {
        let parts = record.fields.iter().filter_map(|field| {
            let value = value.get(&field.name)?;
            if matches!(value, Value::Null | Value::Array(_) | Value::Object(_)) {
                return None;
            }
            let known = json!({ "status": "known", "value": value });
            let words = outcome_words(&signed(program, &field.ty, &known));
            Some(match bare(&field.ty) {
                ir::Type::Enum(_) => plain(&words),
                _ => format!("{} {words}", plain(&field.name)),
            })
        });
        parts.collect::<Vec<_>>().join(", ")
    };
    values.iter().map(item).collect()
}

/// A type without `or none`.
fn bare(ty: &ir::Type) -> &ir::Type {
    match ty {
        ir::Type::Optional(inner) => bare(inner),
        other => other,
    }
}

/// Whether a type is a tier of a grid.
fn tier_of(ty: &ir::Type, grid: &ir::Grid) -> bool {
    matches!(bare(ty), ir::Type::Enum(at) if *at == grid.scale)
}

/// Whether an explanation already shows a grid where it is read.
fn tells_grid(tree: &Value, grid: &ir::Grid) -> bool {
    let list = |name: &str| {
        tree.get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let shown = |each: &Value| each.get("grid").and_then(Value::as_str) == Some(&grid.name);
    told(tree)
        && (list("requirements").any(shown) || list("from").any(|tree| tells_grid(tree, grid)))
}

/// A step without a label and without a clause is how the program says it, not the document.
fn told(tree: &Value) -> bool {
    let list = |value: &Value, name: &str| {
        let list = value.get(name).and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    };
    let cited = |value: &Value| !list(value, "cites").is_empty();
    let label = tree.get("label").and_then(Value::as_str);
    label.is_some_and(|label| !label.is_empty())
        || cited(tree)
        || list(tree, "rules").iter().any(cited)
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
fn applied(
    evaluation: &mut Evaluation,
    rules: &[ir::Rule],
    outcome: &Outcome,
    words: &str,
) -> Vec<Value> {
    let open = matches!(outcome, Outcome::Open(_));
    let mut list = Vec::new();
    for rule in rules {
        let holds = match rule.guard {
            None => "yes",
            Some(guard) => match evaluation.node(guard) {
                Outcome::Known(Known::Bool(true)) => "yes",
                Outcome::Open(_) => "open",
                Outcome::Known(_) | Outcome::NotApplicable(_) => "no",
                Outcome::Error(_) => "error",
            },
        };
        let first = !list
            .iter()
            .any(|rule: &Value| rule.get("holds") == Some(&json!("yes")));
        // Where the answer is known, what might also have held does not matter.
        let idle = match holds {
            "no" => true,
            // Nor what stands below the first line that surely holds.
            "open" => !open || (!first && rule.kind == ir::RuleKind::Case),
            "yes" => !first && rule.kind == ir::RuleKind::Case,
            _ => false,
        };
        if idle {
            continue;
        }
        let program = evaluation.program().ir();
        list.push(json!({
            "rule": rule.name, "holds": holds, "text": rule.text,
            "words": sentence(program, rule, outcome, words), "cites": cites(program, &rule.cites),
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
            Op::And(parts) | Op::Or(parts) | Op::StrictAnd(parts) | Op::StrictOr(parts) => {
                let decides = Known::Bool(matches!(node.op, Op::Or(_) | Op::StrictOr(_)));
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
                    if decided || outcome != Outcome::Known(Known::Bool(false)) {
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
                        if let Some(Op::And(parts) | Op::StrictAnd(parts)) =
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

fn grid_reached(program: &ir::Program, grid: &ir::Grid, reached: &Reached) -> bool {
    grid.rows
        .iter()
        .flat_map(|row| &row.cells)
        .any(|cell| row_reached(program, cell, reached))
}

/// A constant says nothing: every `yes` of the program is the same node.
fn row_reached(program: &ir::Program, cell: &ir::Cell, reached: &Reached) -> bool {
    let constant = |node: &NodeId| {
        let node = program.nodes.get(*node as usize);
        node.is_none_or(|node| matches!(node.op, Op::Const(_)))
    };
    [cell.passes, cell.condition]
        .iter()
        .filter(|node| !constant(node))
        .any(|node| reached.nodes.contains(node) || reached.beside.contains(node))
}

/// The tiers worth showing: the one reached and the next above; all when the answer is open or no tier.
fn tiers_of_interest(
    grid: &ir::Grid,
    program: &ir::Program,
    outcome: Option<&Outcome>,
) -> Vec<usize> {
    let count = program
        .enums
        .get(grid.scale as usize)
        .map_or(0, |scale| scale.values.len());
    match outcome {
        Some(Outcome::Known(Known::Enum(at))) => {
            let at = *at as usize;
            (at..count.min(at + 2)).collect()
        }
        Some(Outcome::Known(Known::None)) => (0..count.min(1)).collect(),
        _ => (0..count).collect(),
    }
}

fn grid_json(
    evaluation: &mut Evaluation,
    index: usize,
    grid: &ir::Grid,
    outcome: Option<&Outcome>,
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
                    .is_some_and(|cell| row_reached(program, cell, reached));
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
    let tree = &terminal::tree(tree);
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
    let readings = tree.get("readings").and_then(Value::as_array);
    if readings.is_some_and(|readings| !readings.is_empty()) {
        out.push_str("\nHow it was read\n");
    }
    for reading in readings.into_iter().flatten() {
        let name = match word(reading, "label") {
            label if label.is_empty() => plain(&word(reading, "reading")),
            label => format!("{label} ({})", word(reading, "reading")),
        };
        out.push_str(&format!(
            "  {name}: {}, because {}{}\n",
            plain(&word(reading, "chosen")),
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
    let items = list(tree, "items");
    let many = tree.pointer("/outcome/value").is_some_and(Value::is_array);
    let outcome = match items.as_slice() {
        [one] if !many => one.as_str().unwrap_or_default().to_owned(),
        [] => plain(&word(tree, "words")),
        [_] => "1 item".to_owned(),
        several => format!("{} items", several.len()),
    };
    let items = if many { items } else { Vec::new() };
    // A line that would only repeat the answer leaves its clauses with it.
    let mut said = list(tree, "cites");
    let (repeated, rules): (Vec<Value>, Vec<Value>) = list(tree, "rules")
        .into_iter()
        .partition(|rule| word(rule, "words").is_empty());
    said.extend(repeated.iter().flat_map(|rule| list(rule, "cites")));
    let said = marks(&json!({ "cites": said }), cited);
    out.push_str(&format!("{pad}{name}: {outcome}{said}\n"));
    for item in items {
        out.push_str(&format!("{pad}    {}\n", item.as_str().unwrap_or_default()));
    }
    let mut perhaps = false;
    for rule in rules {
        let last = word(&rule, "words") == OTHERWISE && depth > 0;
        let row = word(&rule, "text").starts_with('|');
        if row || (last && list(&rule, "cites").is_empty()) {
            continue;
        }
        let lead = match &*word(&rule, "holds") {
            "open" => "perhaps ",
            _ if perhaps => "otherwise ",
            _ => "",
        };
        perhaps |= lead == "perhaps ";
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
            who => now.push(format!("waiting for {}", plain(&who))),
        }
        match word(&lifecycle, "deadline") {
            day if day.is_empty() => {}
            day => now.push(format!("{day} is the last day")),
        }
        if !now.is_empty() {
            out.push_str(&format!("{pad}  now {}\n", now.join("; ")));
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
        // What is open below an answer that is known did not matter to it.
        let status = |tree: &Value| {
            let status = tree.pointer("/outcome/status").and_then(Value::as_str);
            status.unwrap_or_default().to_owned()
        };
        let known = |tree: &Value| !matches!(&*status(tree), "unknown" | "needs_decision");
        if known(tree) && !known(&inner) {
            continue;
        }
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
                plain(&word(&judgement, "by")),
                word(&judgement, "judgement"),
                permitted.join(" or ")
            ));
        }
    }
}

/// A line of the program as a reason: what it gives is said before, so only its condition is told. Nothing for a line
/// that would repeat the answer.
fn sentence(program: &ir::Program, rule: &ir::Rule, outcome: &Outcome, words: &str) -> String {
    let text = match rule.text.split_once(" under ") {
        Some((before, _)) => before,
        None => &rule.text,
    };
    if rule.kind == ir::RuleKind::Obligation {
        return obligation(program, text);
    }
    // The items of a list carry their own conditions.
    let list = text.starts_with(['[', '(']);
    let condition = match text.split_once(" when ") {
        Some((_, condition)) if !list => Some(condition),
        _ => text.strip_prefix("when "),
    };
    let block = block(program, rule);
    if let Some(condition) = condition {
        let block = block.map_or(String::new(), |block| format!("{block}, and "));
        return format!("because {block}{}", spoken(program, condition));
    }
    // `otherwise` ends a case, with or without the values it takes.
    let (body, last) = match text.rsplit_once(" otherwise") {
        Some((body, rest)) if rest.is_empty() || rest.starts_with(" (") => (body, true),
        _ => (text, false),
    };
    // A line of a reading begins with its alternative, which is told below.
    let body = match body.split_once(' ') {
        Some((first, rest)) if rule.name == first => rest.trim(),
        _ => body,
    };
    let spoken = spoken(program, body);
    let literal = matches!(body, "yes" | "no" | "none") || plain(body) == plain(words);
    match outcome {
        _ if list || (literal && !last) || spoken == words => String::new(),
        Outcome::Known(Known::Bool(true)) if !literal => format!("because {spoken}"),
        Outcome::Known(Known::Bool(false)) if !literal => {
            format!("because it is not so that {spoken}")
        }
        Outcome::Open(_) if !last => format!("which depends on {spoken}"),
        _ if last => {
            let named = program.definitions.iter().any(|each| each.name == body);
            let then = match named {
                true => format!(", which leaves it to {spoken}"),
                false => String::new(),
            };
            match block {
                Some(block) => format!("because {block}, and nothing else there applies{then}"),
                None => format!("{OTHERWISE}{then}"),
            }
        }
        _ if body.starts_with("highest ") => format!("because {spoken}"),
        _ => format!("that is {spoken}"),
    }
}

/// The condition of the block a case stands in, where it has a name.
fn block(program: &ir::Program, rule: &ir::Rule) -> Option<String> {
    let guard = rule.guard.filter(|_| rule.name.contains('.'))?;
    let parts = match &program.nodes.get(guard as usize)?.op {
        Op::And(parts) | Op::StrictAnd(parts) => parts.clone(),
        _ => vec![guard],
    };
    let named = program.definitions.iter().find(|each| {
        parts.contains(&each.node) && !rule.text.contains(&each.name) && !each.name.is_empty()
    });
    named.map(|each| spoken(program, &each.name))
}

/// A rule that is not kept: its name, how it binds, and what it asks for.
fn obligation(program: &ir::Program, text: &str) -> String {
    let Some((binds, rest)) = text.split_once(' ') else {
        return format!("not kept: {}", spoken(program, text));
    };
    let (asks, rest) = match rest.strip_prefix("not ") {
        Some(rest) => ("rules out", rest),
        None => ("asks for", rest),
    };
    let (name, condition) = rest.split_once(' ').unwrap_or((rest, ""));
    let condition = condition.split(" when ").next().unwrap_or_default();
    let condition = spoken(program, condition);
    format!(
        "{} ({binds}) is not kept; it {asks}: {condition}",
        plain(name)
    )
}

/// What is said of the last line of several cases.
const OTHERWISE: &str = "because nothing before it applies";

/// Words of the program as they are spoken: a name by its label, otherwise without underscores and points.
pub(super) fn spoken(program: &ir::Program, text: &str) -> String {
    let label = |name: &str| {
        let fact = program.facts.iter().find(|fact| fact.name == name);
        let definition = program.definitions.iter().find(|each| each.name == name);
        let label = fact
            .map(|fact| &fact.label)
            .or(definition.map(|each| &each.label))?;
        (!label.is_empty()).then(|| format!("“{label}”"))
    };
    // The step to the next item of a list by its day.
    if let Some((item, _)) = text
        .strip_prefix("on each ")
        .and_then(|rest| rest.split_once(" of "))
    {
        return format!("with the next {}", plain(item));
    }
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
                None if word == "as_of" => "the day asked about".to_owned(),
                None => of_parts(&word),
            });
            word.clear();
        }
        out.push(letter);
    }
    out.truncate(out.trim_end().len());
    out.replace(" not recorded", " is not recorded")
        .replace(" recorded", " is recorded")
        .replace(" not is recorded", " not recorded")
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
        [first, rest @ ..] if first.ends_with('s') => format!("{first}’ {}", rest.join(" ")),
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
