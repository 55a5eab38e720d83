//! A stable text form of a program, for snapshots and for people who debug the compiler.

use super::{Const, Op, Program};
use std::fmt::Write;

/// One line for each node, then the named things that point at nodes.
#[must_use]
pub fn print(program: &Program) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "program {} {}", program.name, program.version);
    for (at, fact) in program.facts.iter().enumerate() {
        let _ = write!(out, "fact {at} {}: {:?}", fact.name, fact.ty);
        for (word, node) in [("assume", fact.assume), ("derived", fact.derived)] {
            if let Some(node) = node {
                let _ = write!(out, " {word} %{node}");
            }
        }
        out.push('\n');
    }
    for (at, node) in program.nodes.iter().enumerate() {
        let _ = writeln!(out, "%{at} {:?} = {}", node.ty, operation(&node.op));
    }
    for definition in &program.definitions {
        let _ = writeln!(
            out,
            "{:?} {} = %{}",
            definition.kind, definition.name, definition.node
        );
    }
    for grid in &program.grids {
        for row in &grid.rows {
            let _ = write!(out, "{}.{}", grid.name, row.name);
            for cell in &row.cells {
                let _ = write!(out, " %{}", cell.passes);
            }
            out.push('\n');
        }
    }
    out
}

fn operation(op: &Op) -> String {
    if let Op::Const(Const::Number(number)) = op {
        format!("Const({number})")
    } else if let Op::Const(Const::Date(date)) = op {
        format!("Const({date})")
    } else {
        format!("{op:?}")
    }
}
