//! The rows of a table two by two: all pairs of a small table, a sweep along one column of a large one.

use super::atom::VarId;
use super::formula::{Formula, all};
use super::query::{DEPTHS, Query, Sign};
use super::questions::Verdict;
use super::regions::Regions;
use super::replay::Claim;
use super::sets::{Cut, Set};
use super::{DisjointKind, Side, disjoint};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use polc_runtime::ir::NodeId;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Tables up to this size are compared pair by pair.
const SMALL: usize = 200;
/// Pairs looked at before a table is given up.
const MAX_PAIRS: usize = 2_000_000;
/// Findings for one table.
const MAX_FINDINGS: usize = 20;

/// How deep a row's condition is looked into.
const ROW_DEPTH: usize = 48;

struct Row {
    formula: Rc<Formula>,
    limits: BTreeMap<VarId, Set>,
}

impl Row {
    /// Whether some atom alone keeps the two apart.
    fn apart(&self, other: &Row) -> bool {
        self.limits.iter().any(|(var, set)| {
            other
                .limits
                .get(var)
                .is_some_and(|other| set.meet(other).is_empty())
        })
    }
}

/// Reports the pairs of rows that can apply at once.
pub(super) fn check(
    regions: &Regions<'_>,
    what: &str,
    without: &[NodeId],
    sides: &[Side],
    kind: DisjointKind,
    diagnostics: &mut Diagnostics,
) {
    // Rows mostly differ in a column as it is written; what the column is computed from matters only
    // where that does not keep them apart.
    let (mut shallow_query, shallow) = read(regions, sides, DEPTHS[0]);
    let (mut query, rows) = read(regions, sides, ROW_DEPTH);
    let free = |query: &mut Query<'_, '_>| {
        let parts = without.iter().map(|guard| query.sign(*guard, Sign::Fails));
        all(parts.collect())
    };
    let (shallow_free, free) = (free(&mut shallow_query), free(&mut query));
    let mut findings = 0;
    let mut pairs = 0;
    let mut compare = |first: usize, second: usize| -> bool {
        pairs += 1;
        if pairs > MAX_PAIRS {
            give_up(what, sides, diagnostics);
            return false;
        }
        let (first, second) = (first.min(second), first.max(second));
        let (Some(a), Some(b)) = (rows.get(first), rows.get(second)) else {
            return true;
        };
        let (Some(left), Some(right)) = (sides.get(first), sides.get(second)) else {
            return true;
        };
        if a.apart(b) || (kind != DisjointKind::Rows && regions.same(left.value, right.value)) {
            return true;
        }
        if let (Some(c), Some(d)) = (shallow.get(first), shallow.get(second)) {
            let formula = all(vec![
                c.formula.clone(),
                d.formula.clone(),
                shallow_free.clone(),
            ]);
            if c.apart(d) || regions.decide(&shallow_query, &formula) == Verdict::Never {
                return true;
            }
        }
        let mut parts = vec![a.formula.clone(), b.formula.clone(), free.clone()];
        if kind != DisjointKind::Rows {
            parts.push(query.differ(left.value, right.value));
        }
        let verdict = regions.decide(&query, &all(parts));
        let verdict = regions.tried(verdict, &Claim::Both(left, right, without, kind));
        if verdict == Verdict::Never {
            return true;
        }
        if let Some(found) = disjoint(left, right, kind, verdict) {
            diagnostics.push(found);
            findings += 1;
        }
        findings < MAX_FINDINGS
    };
    if rows.len() <= SMALL {
        for first in 0..rows.len() {
            for second in first + 1..rows.len() {
                if !compare(first, second) {
                    return;
                }
            }
        }
        return;
    }
    let order = sweep(&rows);
    let mut active: Vec<(Cut, usize)> = Vec::new();
    for (low, high, row) in order {
        active.retain(|(end, _)| *end > low);
        for (_, other) in &active {
            if !compare(*other, row) {
                return;
            }
        }
        active.push((high, row));
    }
}

/// The rows as formulas, with definitions looked into so deep.
fn read<'r, 'a>(
    regions: &'r Regions<'a>,
    sides: &[Side],
    depth: usize,
) -> (Query<'r, 'a>, Vec<Row>) {
    let mut query = Query::new(regions, depth);
    let mut rows: Vec<Row> = Vec::with_capacity(sides.len());
    for side in sides {
        let parts = side
            .literals()
            .into_iter()
            .map(|one| one.formula(&mut query))
            .collect();
        let formula = all(parts);
        let mut limits = BTreeMap::new();
        collect(&formula, &mut limits);
        rows.push(Row { formula, limits });
    }
    (query, rows)
}

fn give_up(what: &str, sides: &[Side], diagnostics: &mut Diagnostics) {
    if let Some(first) = sides.first() {
        diagnostics.push(
            Diagnostic::new(
                Code::RowsNotProved,
                first.span,
                format!("whether rows of `{what}` overlap is not proved"),
            )
            .at("there are too many pairs of rows to compare")
            .help("split the table by one of its columns"),
        );
    }
}

/// What a conjunction says of single atoms.
fn collect(formula: &Formula, limits: &mut BTreeMap<VarId, Set>) {
    match formula {
        Formula::Is(var, set) => {
            let set = limits
                .get(var)
                .map_or_else(|| set.clone(), |known| known.meet(set));
            limits.insert(*var, set);
        }
        Formula::All(parts) => parts.iter().for_each(|part| collect(part, limits)),
        Formula::True | Formula::False | Formula::Any(_) => {}
    }
}

/// The rows from low to high along the atom that spreads them best: the one with the most places to start.
fn sweep(rows: &[Row]) -> Vec<(Cut, Cut, usize)> {
    let mut starts: BTreeMap<VarId, Vec<Cut>> = BTreeMap::new();
    for row in rows {
        for (var, set) in &row.limits {
            starts.entry(*var).or_default().push(set.low());
        }
    }
    let mut best: Option<(usize, VarId)> = None;
    for (var, mut cuts) in starts {
        cuts.sort();
        cuts.dedup();
        if best.is_none_or(|(most, _)| cuts.len() > most) {
            best = Some((cuts.len(), var));
        }
    }
    let mut order: Vec<(Cut, Cut, usize)> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let limits = best.and_then(|(_, var)| row.limits.get(&var));
            // A row that asks for something that is not a value takes part from end to end.
            match limits {
                Some(set) if set.flags == 0 => (set.low(), set.high(), at),
                _ => (Cut::Min, Cut::Max, at),
            }
        })
        .collect();
    order.sort();
    order
}
