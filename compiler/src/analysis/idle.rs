//! What is written in vain: conditions that decide nothing, exceptions, waivers and amendments that never count.

use super::formula::all;
use super::query::{Query, Sign};
use super::questions::Verdict;
use super::regions::Regions;
use super::replay::Claim;
use super::{CellVersion, Obligation};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use polc_runtime::ir::{Const, NodeId, Op};

/// Reports a condition that always holds, or never.
pub(super) fn decides(
    regions: &Regions<'_>,
    what: &str,
    scope: Option<NodeId>,
    condition: NodeId,
    may_never_hold: bool,
    span: Span,
) -> Option<Diagnostic> {
    // What is written as `yes` or `no` is meant.
    if matches!(regions.op(condition), Some(Op::Const(Const::Bool(_)))) {
        return None;
    }
    if regions.reach(scope, &[condition], None) == Verdict::Never {
        let found = Diagnostic::new(
            Code::ConditionDecidesNothing,
            span,
            format!("{what} always holds"),
        );
        return Some(
            found
                .at("there are no facts for which it fails")
                .help("correct it, or leave it out"),
        );
    }
    if !may_never_hold && regions.reach(scope, &[], Some(condition)) == Verdict::Never {
        let found = Diagnostic::new(
            Code::ConditionDecidesNothing,
            span,
            format!("{what} never holds"),
        );
        return Some(
            found
                .at("there are no facts for which it holds")
                .help("correct it, or remove what waits for it"),
        );
    }
    None
}

/// Reports a condition of which a part may be left out while others decide.
pub(super) fn left_out(
    regions: &Regions<'_>,
    and: bool,
    scope: Option<NodeId>,
    applies: NodeId,
    span: Span,
) -> Option<Diagnostic> {
    let guards = [applies];
    let claim = Claim::Gap {
        scope,
        guards: &guards,
    };
    let Verdict::Example(witness) = regions.tried(regions.gap(scope, &guards), &claim) else {
        return None;
    };
    let (word, help) = match and {
        true => (
            "and",
            "if it must apply, write `X is applicable and …`; to pass it on, put it into a `when` of its own with the rest inside",
        ),
        false => (
            "or",
            "if it must apply, write `X is applicable and X or …`; to pass it on, put it into a `when` of its own",
        ),
    };
    let found = Diagnostic::new(
        Code::OperandLeftOut,
        span,
        format!("a part of this `{word}` may be not applicable, and the others decide without it"),
    );
    Some(found.at(format!("so it is for {witness}")).help(help))
}

/// Reports an exception, a line of a waiver or a change that never counts.
pub(super) fn check(regions: &Regions<'_>, obligation: &Obligation) -> Option<Diagnostic> {
    match obligation {
        Obligation::Excepts {
            name,
            days,
            guard,
            stronger,
            places,
            span,
        } => {
            let never = |place: &[NodeId], stronger: &[NodeId]| {
                let holding: Vec<NodeId> = place.iter().copied().chain([*guard]).collect();
                regions.together(&holding, stronger) == Verdict::Never
            };
            if !places.iter().all(|place| never(place, stronger)) {
                return None;
            }
            let when = if days.is_empty() {
                String::new()
            } else {
                format!(" {days}")
            };
            let why = if never(&[], &[]) {
                format!("its condition can never hold{when}")
            } else if places.iter().all(|place| never(place, &[])) {
                format!("what it goes to is never in question while it holds{when}")
            } else {
                format!("whatever it covers{when} is taken by what prevails over it")
            };
            let found = Diagnostic::new(
                Code::ExceptionNeverApplies,
                *span,
                format!("the exception `{name}` never applies"),
            );
            Some(
                found
                    .at(why)
                    .help("correct its dates or its condition, or remove it"),
            )
        }
        Obligation::Lifts {
            waiver,
            cells,
            span,
        } => lifts_nothing(regions, waiver, cells, *span),
        Obligation::Changes {
            what,
            scope,
            guard,
            stronger,
            new,
            weaker,
            span,
        } => {
            let mut passed = stronger.clone();
            for (weaker_guard, old) in weaker {
                let holding: Vec<NodeId> =
                    [*scope, *guard].into_iter().chain(*weaker_guard).collect();
                if !same(regions, new, old) && regions.together(&holding, &passed) != Verdict::Never
                {
                    return None;
                }
                passed.extend(weaker_guard);
            }
            let found = Diagnostic::new(
                Code::AmendmentChangesNothing,
                *span,
                format!("the amendment of {what} changes nothing"),
            );
            Some(
                found
                    .at("on every day it holds, the cell is so without it, or a later change counts")
                    .help("correct its value or its dates, or remove it"),
            )
        }
        Obligation::Complete { .. }
        | Obligation::Reachable { .. }
        | Obligation::Left { .. }
        | Obligation::Decides { .. }
        | Obligation::Applies { .. }
        | Obligation::InForce { .. }
        | Obligation::Disjoint { .. }
        | Obligation::Rows { .. } => None,
    }
}

/// Cells of which a line of a waiver lifts nothing.
fn lifts_nothing(
    regions: &Regions<'_>,
    waiver: &str,
    cells: &[(String, NodeId, NodeId)],
    span: Span,
) -> Option<Diagnostic> {
    let idle = |cell: &&(String, NodeId, NodeId)| {
        regions.together(&[cell.1, cell.2], &[]) == Verdict::Never
    };
    let idle: Vec<&str> = cells
        .iter()
        .filter(idle)
        .map(|cell| cell.0.as_str())
        .collect();
    if idle.is_empty() {
        return None;
    }
    let found = Diagnostic::new(
        Code::WaiverLiftsNothing,
        span,
        format!("the waiver `{waiver}` lifts what asks for nothing"),
    );
    let cells = idle.join(", ");
    Some(
        found
            .at(format!("nothing is asked while it holds: {cells}"))
            .help("leave the row or tier out of this line, or correct its dates"),
    )
}

/// Whether two versions of a cell ask for the same.
fn same(regions: &Regions<'_>, a: &CellVersion, b: &CellVersion) -> bool {
    if !a.required && !b.required {
        return true;
    }
    a.required == b.required && a.preferred == b.preferred && regions.same(a.condition, b.condition)
}

impl Regions<'_> {
    /// Can all of these hold while none of the others does?
    fn together(&self, holding: &[NodeId], without: &[NodeId]) -> Verdict {
        self.ask(|query: &mut Query<'_, '_>| {
            let mut parts: Vec<_> = holding
                .iter()
                .map(|node| query.sign(*node, Sign::Holds))
                .collect();
            parts.extend(without.iter().map(|node| query.passed_over(*node)));
            all(parts)
        })
    }
}
