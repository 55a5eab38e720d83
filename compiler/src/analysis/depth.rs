//! Chains of definitions deeper than the evaluator takes.

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use polc_runtime::Limits;
use polc_runtime::ir::{self, Fact, NodeId, Op, Program, ScheduleRule};

/// Reports the first definition whose loops within loops lie deeper than is evaluated.
pub fn check_loops(
    program: &Program,
    place: impl Fn(&str) -> Option<Span>,
    diagnostics: &mut Diagnostics,
) {
    let Some(node) = polc_runtime::eval::too_deep_in_loops(program) else {
        return;
    };
    let named = program
        .definitions
        .iter()
        .map(|one| (one.name.as_str(), vec![one.node]))
        .chain(program.grids.iter().map(|grid| {
            let cells = grid.rows.iter().flat_map(|row| &row.cells);
            let nodes = cells.flat_map(|cell| [cell.passes, cell.condition]);
            (grid.name.as_str(), nodes.collect())
        }));
    // What is declared first stands lowest.
    let mut reading = named.filter(|(_, nodes)| reaches(program, nodes, node));
    let Some((name, span)) = reading.find_map(|(name, _)| Some((name, place(name)?))) else {
        return;
    };
    diagnostics.push(
        Diagnostic::new(
            Code::ChainTooDeep,
            span,
            format!("`{name}` has loops within loops that are too deep to be evaluated"),
        )
        .at("a condition or value for each item lies too deep inside the loops around it")
        .help("give the parts that do not read the item names with `define`, and make the expression for each item shorter"),
    );
}

/// Whether some nodes are evaluated from a node.
fn reaches(program: &Program, from: &[NodeId], wanted: NodeId) -> bool {
    let mut seen = vec![false; program.nodes.len()];
    let mut todo = from.to_vec();
    while let Some(id) = todo.pop() {
        let Some(slot) = seen.get_mut(id as usize) else {
            continue;
        };
        if std::mem::replace(slot, true) {
            continue;
        }
        if id == wanted {
            return true;
        }
        if let Some(node) = program.nodes.get(id as usize) {
            ir::children(&node.op, |child| todo.push(child));
        }
    }
    false
}

/// Reports every definition that takes more steps, one inside the other, than are evaluated. `place` tells
/// where a name is declared. Of definitions that build on each other only the lowest is reported.
pub fn check(
    program: &Program,
    place: impl Fn(&str) -> Option<Span>,
    diagnostics: &mut Diagnostics,
) {
    let limit = Limits::default().depth;
    // A chain cannot be longer than there are nodes.
    if u32::try_from(program.nodes.len()).is_ok_and(|nodes| nodes <= limit) {
        return;
    }
    let heights = heights(program);
    let height = |node: NodeId| heights.get(node as usize).copied().unwrap_or(0);
    let mut too_deep: Vec<(u32, &str)> = program
        .definitions
        .iter()
        .map(|one| (height(one.node), one.name.as_str()))
        .chain(program.grids.iter().map(|grid| {
            let cells = grid.rows.iter().flat_map(|row| &row.cells);
            let highest = cells.map(|cell| height(cell.passes)).max();
            (highest.unwrap_or(0), grid.name.as_str())
        }))
        .filter(|(height, _)| *height > limit)
        .collect();
    too_deep.sort_unstable();
    let Some((_, name)) = too_deep.first() else {
        return;
    };
    let Some(span) = place(name) else { return };
    let others = too_deep.len() - 1;
    let mut found = Diagnostic::new(
        Code::ChainTooDeep,
        span,
        format!("`{name}` is the end of a chain of definitions that is too deep to be evaluated"),
    )
    .at(format!("more than {limit} steps lie inside one another here"))
    .help("make the chain shorter: a list and `sum of`, `any of` or a table says the same in one step");
    if others > 0 {
        found = found.help(format!(
            "make the chain shorter: a list and `sum of`, `any of` or a table says the same in one step; {others} more definitions build on it"
        ));
    }
    diagnostics.push(found);
}

/// For each node, how long the longest chain of nodes below it is: as the evaluator counts.
fn heights(program: &Program) -> Vec<u32> {
    let mut heights: Vec<u32> = vec![0; program.nodes.len()];
    // Facts may be derived from nodes further on, so passes repeat until nothing changes.
    for _ in 0..=program.facts.len() {
        let mut changed = false;
        for (at, node) in program.nodes.iter().enumerate() {
            let mut height = 0;
            let mut see = |child: NodeId| {
                let child: Option<&u32> = heights.get(child as usize);
                height = height.max(child.map_or(0, |child| child.saturating_add(1)));
            };
            let derived = |fact: Option<&Fact>| fact.map(|fact| [fact.derived, fact.assume]);
            match &node.op {
                Op::Fact(fact) | Op::Granted { fact, .. } => {
                    let parts = derived(program.facts.get(*fact as usize));
                    parts.into_iter().flatten().flatten().for_each(see);
                }
                Op::ScheduleOn(id, date)
                | Op::ScheduleNext(id, date)
                | Op::SchedulePrevious(id, date) => {
                    see(*date);
                    let rule = program.schedules.get(*id as usize).map(|one| &one.rule);
                    if let Some(ScheduleRule::Every { anchor, .. }) = rule {
                        see(*anchor);
                    }
                }
                op => ir::children(op, &mut see),
            }
            if let Some(slot) = heights.get_mut(at)
                && *slot != height
            {
                *slot = height;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    heights
}
