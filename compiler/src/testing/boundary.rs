//! Edges of comparisons: whether tests try the bound itself and its neighbour on the other side.
//!
//! An edge is where the answer of a comparison turns: `n >= 10` at 9 and 10, `n > 10` at 10 and 11, a rule dated
//! `from D` on the day before and on D. The bound has to be fixed: written, named, or a fixed length from something else.

use polc_runtime::Compared;
use polc_runtime::ir::{self, Cmp, NodeId, Op, Type};
use polc_runtime::value::{Date, Number};
use std::collections::{BTreeMap, BTreeSet};

/// One side of an edge.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    /// The comparison, or the period.
    node: NodeId,
    side: Side,
    /// What it is, in words.
    pub(super) name: String,
}

/// Where the value has to lie, seen from the bound.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    /// On it. `true`: the bound stands on the left.
    On(bool),
    /// One unit above it (positive) or below it; an equal number of units or less where the type has no smallest one.
    Off {
        on_left: bool,
        step: Number,
        exact: bool,
    },
    /// One unit above or below.
    Beside { on_left: bool, step: Number },
    /// On this day.
    Day(Date),
}

/// Every edge of a program, in order of the definitions they stand in.
pub(super) fn edges(program: &ir::Program) -> Vec<Edge> {
    let fixed = fixed_nodes(program);
    let made = made(program);
    let mut edges = Vec::new();
    for (node, owner) in owners(program) {
        if made.contains(&node) {
            continue;
        }
        let Some(op) = op(program, node) else {
            continue;
        };
        if let Op::Compare(cmp, a, b) = op {
            of_comparison(program, &fixed, (node, &owner), (*cmp, *a, *b), &mut edges);
        } else if let Op::InForce(period) = op {
            for day in [period.from, period.before].into_iter().flatten() {
                for day in [day.checked_add_days(-1), Some(day)].into_iter().flatten() {
                    let name = format!("{owner}: on {day}");
                    // Periods that meet have an edge in common.
                    if !edges.iter().any(|edge: &Edge| edge.name == name) {
                        let side = Side::Day(day);
                        edges.push(Edge { node, side, name });
                    }
                }
            }
        }
    }
    edges
}

impl Edge {
    /// Whether a comparison that was made tried this side.
    pub(super) fn tried(&self, node: NodeId, compared: &Compared) -> bool {
        if node != self.node {
            return false;
        }
        let distance = |on_left: bool| distance(compared, on_left);
        match self.side {
            Side::On(on_left) => distance(on_left) == Some(Number::ZERO),
            Side::Off {
                on_left,
                step,
                exact,
            } => distance(on_left).is_some_and(|far| {
                if exact {
                    far == step
                } else if step > Number::ZERO {
                    far > Number::ZERO && far <= step
                } else {
                    far < Number::ZERO && far >= step
                }
            }),
            Side::Beside { on_left, step } => {
                distance(on_left).is_some_and(|far| far == step || Some(far) == step.negated())
            }
            Side::Day(day) => *compared == Compared::Dates(day, day),
        }
    }

    /// The comparison it belongs to.
    pub(super) fn node(&self) -> NodeId {
        self.node
    }
}

/// How far the value lies above the bound.
fn distance(compared: &Compared, on_left: bool) -> Option<Number> {
    let order = |a: Number, b: Number| {
        if on_left {
            b.checked_sub(a)
        } else {
            a.checked_sub(b)
        }
    };
    match compared {
        Compared::Numbers(a, b) => order(*a, *b),
        Compared::Dates(a, b) => {
            let day = |date: &Date| Number::from_i64(i64::from(date.days()));
            order(day(a), day(b))
        }
        Compared::Places(a, b) => {
            let place = |at: &u32| Number::from_i64(i64::from(*at));
            order(place(a), place(b))
        }
    }
}

/// The two sides of a comparison with a fixed bound.
fn of_comparison(
    program: &ir::Program,
    fixed: &BTreeSet<NodeId>,
    (node, owner): (NodeId, &str),
    (cmp, a, b): (Cmp, NodeId, NodeId),
    edges: &mut Vec<Edge>,
) {
    let bound = |id: NodeId| fixed.contains(&id) || is_offset(program, fixed, id);
    let on_left = match (bound(a), bound(b)) {
        (_, true) if !fixed.contains(&a) => false,
        (true, _) if !fixed.contains(&b) => true,
        _ => return,
    };
    let (value, bound) = if on_left { (b, a) } else { (a, b) };
    let Some((unit, exact)) = unit(program, bound) else {
        return;
    };
    // `5 <= n` is `n >= 5`.
    let up = match (cmp, on_left) {
        (Cmp::Ge | Cmp::Lt, false) | (Cmp::Le | Cmp::Gt, true) => Some(false),
        (Cmp::Gt | Cmp::Le, false) | (Cmp::Lt | Cmp::Ge, true) => Some(true),
        (Cmp::Eq | Cmp::Ne, _) => None,
    };
    let words = format!(
        "{owner}: {} {} {}",
        words(program, value),
        sign(cmp, on_left),
        words(program, bound)
    );
    let mut add = |side: Side, what: &str| {
        edges.push(Edge {
            node,
            side,
            name: format!("{words}, {what}"),
        });
    };
    match up {
        None => {
            // Yes, no and values without an order have no neighbour.
            if !matches!(kind(program, bound), Some(Type::Enum(_))) {
                add(Side::On(on_left), "on it");
                add(
                    Side::Beside {
                        on_left,
                        step: unit,
                    },
                    "beside it",
                );
            }
        }
        Some(up) => {
            let step = if up { Some(unit) } else { unit.negated() };
            let Some(step) = step else { return };
            if !possible(program, value, bound, step) {
                return;
            }
            add(Side::On(on_left), "on it");
            let side = Side::Off {
                on_left,
                step,
                exact,
            };
            add(side, if up { "just above it" } else { "just below it" });
        }
    }
}

/// Comparisons nobody wrote: whether an obligation has findings.
fn made(program: &ir::Program) -> BTreeSet<NodeId> {
    let rules = program.definitions.iter().flat_map(|known| &known.rules);
    let obligations = rules.filter(|rule| rule.kind == ir::RuleKind::Obligation);
    obligations.filter_map(|rule| rule.guard).collect()
}

/// Whether the neighbour of a bound lies where the value can be: in the range of the fact, or on the scale.
fn possible(program: &ir::Program, value: NodeId, bound: NodeId, step: Number) -> bool {
    let Some(Op::Const(constant)) = op(program, bound) else {
        return true;
    };
    if let ir::Const::Enum(at) = constant
        && let Some(Type::Enum(id)) = kind(program, bound)
    {
        let last = program
            .enums
            .get(*id as usize)
            .map_or(0, |item| item.values.len());
        let there = i64::from(*at) + step.to_i64().unwrap_or(0);
        return (0..last as i64).contains(&there);
    }
    let (Some(Op::Fact(id)), ir::Const::Number(number)) = (op(program, value), constant) else {
        return true;
    };
    let range = program
        .facts
        .get(*id as usize)
        .and_then(|fact| fact.range.as_ref());
    let there = number.checked_add(step);
    range.is_none_or(|range| there.is_some_and(|there| in_range(range, there)))
}

fn in_range(range: &ir::Range, number: Number) -> bool {
    range.low.is_none_or(|low| low <= number) && range.high.is_none_or(|high| number <= high)
}

/// One unit of a type, and whether it is the smallest there is.
fn unit(program: &ir::Program, bound: NodeId) -> Option<(Number, bool)> {
    let one = Number::ONE;
    match kind(program, bound)? {
        Type::Int | Type::Days | Type::Months | Type::Date => Some((one, true)),
        Type::Money => {
            let digits = polc_runtime::result::minor_digits(&program.currency);
            Some((tenth(digits)?, true))
        }
        Type::Decimal => Some((one, false)),
        Type::Percent => Some((tenth(2)?, false)),
        Type::Enum(id) => {
            let ordered = program.enums.get(*id as usize)?.ordered;
            ordered.then_some((one, true))
        }
        Type::Bool
        | Type::Text
        | Type::List(_)
        | Type::Set(_)
        | Type::Record(_)
        | Type::Optional(_) => None,
    }
}

/// One over ten to a power.
fn tenth(digits: usize) -> Option<Number> {
    Number::from_parts(1, 10_i128.checked_pow(u32::try_from(digits).ok()?)?)
}

/// A type without its `or none`.
fn kind(program: &ir::Program, id: NodeId) -> Option<&Type> {
    let mut ty = &program.nodes.get(id as usize)?.ty;
    while let Type::Optional(inner) = ty {
        ty = inner;
    }
    Some(ty)
}

fn op(program: &ir::Program, id: NodeId) -> Option<&Op> {
    program.nodes.get(id as usize).map(|node| &node.op)
}

/// Nodes that no fact, item or day of evaluation has a part in, but for the days of rules and readings.
fn fixed_nodes(program: &ir::Program) -> BTreeSet<NodeId> {
    let mut fixed = BTreeSet::new();
    for (at, node) in program.nodes.iter().enumerate() {
        let leaf = matches!(node.op, Op::Const(_) | Op::InForce(_) | Op::ReadingIs(..));
        let mut any = false;
        let mut all = true;
        // Nodes read only nodes before them.
        ir::children(&node.op, |child| {
            any = true;
            all &= fixed.contains(&child);
        });
        if leaf || (any && all) {
            fixed.insert(at as NodeId);
        }
    }
    fixed
}

/// A fixed length from something that is not fixed.
fn is_offset(program: &ir::Program, fixed: &BTreeSet<NodeId>, id: NodeId) -> bool {
    let Some(op) = op(program, id) else {
        return false;
    };
    let (Op::AddDays(a, b) | Op::AddMonths(a, b) | Op::Add(a, b) | Op::Sub(a, b)) = op else {
        return false;
    };
    fixed.contains(a) != fixed.contains(b)
}

/// Comparisons and periods with the name of what they stand in; each once, where it is met first.
fn owners(program: &ir::Program) -> Vec<(NodeId, String)> {
    let named: BTreeMap<NodeId, ()> = program
        .definitions
        .iter()
        .map(|definition| (definition.node, ()))
        .collect();
    let mut roots: Vec<(String, Vec<NodeId>)> = Vec::new();
    for definition in &program.definitions {
        let rules = definition.rules.iter();
        let inside = rules.flat_map(|rule| rule.guard.into_iter().chain(rule.value));
        let nodes = std::iter::once(definition.node).chain(inside).collect();
        roots.push((definition.name.clone(), nodes));
    }
    for fact in &program.facts {
        let nodes = fact.assume.into_iter().chain(fact.derived).collect();
        roots.push((fact.name.clone(), nodes));
    }
    for grid in &program.grids {
        for row in &grid.rows {
            let cells = row.cells.iter();
            let nodes = cells.flat_map(|cell| [cell.required, cell.condition, cell.passes]);
            roots.push((format!("{} {}", grid.name, row.name), nodes.collect()));
        }
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (name, nodes) in roots {
        let mut waiting: Vec<NodeId> = nodes.into_iter().rev().collect();
        let own: BTreeSet<NodeId> = waiting.iter().copied().collect();
        while let Some(node) = waiting.pop() {
            let other = named.contains_key(&node) && !own.contains(&node);
            if other || !seen.insert(node) {
                continue;
            }
            let Some(op) = op(program, node) else {
                continue;
            };
            if matches!(op, Op::Compare(..) | Op::InForce(_)) {
                found.push((node, name.clone()));
            }
            let mut children = Vec::new();
            ir::children(op, |child| children.push(child));
            waiting.extend(children.into_iter().rev());
        }
    }
    found
}

/// A comparison read from the value to the bound.
fn sign(cmp: Cmp, on_left: bool) -> &'static str {
    if on_left {
        cmp.turned().sign()
    } else {
        cmp.sign()
    }
}

/// A node in few words.
fn words(program: &ir::Program, id: NodeId) -> String {
    if let Some(definition) = program.definitions.iter().find(|known| known.node == id) {
        return definition.name.clone();
    }
    let Some(op) = op(program, id) else {
        return "?".to_owned();
    };
    let pair = |a: NodeId, sign: &str, b: NodeId| {
        format!("{} {sign} {}", words(program, a), words(program, b))
    };
    if let Op::Const(constant) = op {
        return constant_words(program, id, constant);
    }
    if let Op::Fact(fact) = op {
        let fact = program.facts.get(*fact as usize);
        return fact.map_or("?", |fact| fact.name.as_str()).to_owned();
    }
    if let Op::Item(binder) = op {
        let mut parameters = program
            .definitions
            .iter()
            .flat_map(|known| &known.parameters);
        let own = parameters.find(|parameter| parameter.binder == *binder);
        return own
            .map_or("…", |parameter| parameter.name.as_str())
            .to_owned();
    }
    if let Op::Field(record, at) = op {
        if let Some(Type::Record(ty)) = kind(program, *record)
            && let Some(known) = program.records.get(*ty as usize)
            && let Some(field) = known.fields.get(*at as usize)
        {
            return format!(".{}", field.name);
        }
        return "a field".to_owned();
    }
    if let Op::AddDays(a, b) | Op::AddMonths(a, b) | Op::Add(a, b) = op {
        return pair(*a, "+", *b);
    }
    if let Op::Sub(a, b) = op {
        return pair(*a, "-", *b);
    }
    if let Op::OrElse(a, _) = op {
        return words(program, *a);
    }
    if let Op::Count(list) = op {
        return format!("count of {}", words(program, *list));
    }
    if matches!(op, Op::AsOf) {
        return "as_of".to_owned();
    }
    "…".to_owned()
}

fn constant_words(program: &ir::Program, id: NodeId, constant: &ir::Const) -> String {
    match constant {
        ir::Const::None => "none".to_owned(),
        ir::Const::Bool(true) => "yes".to_owned(),
        ir::Const::Bool(false) => "no".to_owned(),
        ir::Const::Number(number) => number.to_string(),
        ir::Const::Date(date) => date.to_string(),
        ir::Const::Text(text) => format!("\"{text}\""),
        ir::Const::List(_) => "a list".to_owned(),
        ir::Const::Enum(at) => {
            let Some(Type::Enum(item)) = kind(program, id) else {
                return String::new();
            };
            let values = program.enums.get(*item as usize);
            let value = values.and_then(|item| item.values.get(*at as usize));
            value.cloned().unwrap_or_default()
        }
    }
}
