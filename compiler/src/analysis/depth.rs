//! Loops within loops deeper than the evaluator takes.

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use polc_runtime::ir::{NodeId, Program};

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
            Code::LoopsTooDeep,
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
            program.reads(&node.op, |read, _| todo.push(read));
        }
    }
    false
}
