//! Static checks over the lowered program: gaps, dead cases, exceptions and rows that disagree.
//!
//! In: a program and what has to hold of it ([`Obligation`]). Out: findings with an example in the
//! words of the program. Whatever the language form, only nodes are looked at.

mod atoms;
mod compare;
mod domain;
mod linear;
mod regions;
mod relations;
mod rows;
mod sets;
mod shape;
mod solve;
#[cfg(test)]
mod tests;
mod witness;

pub use regions::{Literal, Regions, Verdict};
pub use witness::{Sample, State, Witness};

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use polc_runtime::ir::{NodeId, Program};

/// Something a program must keep.
#[derive(Debug, Clone)]
pub enum Obligation {
    /// In scope, some guard always holds.
    Complete {
        /// Name of the definition or table.
        what: String,
        /// What is checked.
        kind: CompleteKind,
        /// When it has to hold; always when absent.
        scope: Option<NodeId>,
        /// The guards.
        guards: Vec<NodeId>,
        /// Where the block starts.
        span: Span,
    },
    /// The guard holds somewhere that no earlier one does.
    Reachable {
        /// What would never apply, in words, with names in backticks: "case 2 of `tier`".
        what: String,
        /// When it is looked at; always when absent.
        scope: Option<NodeId>,
        /// Guards that come first.
        earlier: Vec<NodeId>,
        /// Its own guard.
        guard: NodeId,
        /// Where it is.
        span: Span,
    },
    /// The two sides never apply at once with different values.
    Disjoint {
        /// One side.
        a: Side,
        /// The other.
        b: Side,
        /// What they are.
        kind: DisjointKind,
    },
    /// No two rows of a table apply at once.
    Rows {
        /// Name of the table.
        what: String,
        /// The rows, in order.
        rows: Vec<Side>,
        /// Whether rows with one value may overlap.
        kind: DisjointKind,
    },
}

/// What must be complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompleteKind {
    /// Cases of a definition.
    Cases,
    /// Rows of a table.
    Rows,
}

/// What must be disjoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisjointKind {
    /// Exceptions without a rank: they may meet where their values are equal.
    Exceptions,
    /// Lines of one state of a lifecycle: they may meet where they lead to the same state.
    Lines,
    /// Rows of a table of which exactly one may apply.
    Rows,
    /// Rows that may meet where their values are equal.
    RowsMayAgree,
}

/// An exception or a row.
#[derive(Debug, Clone)]
pub struct Side {
    /// Its name.
    pub name: String,
    /// When it is looked at; always when absent.
    pub scope: Option<NodeId>,
    /// When it applies; always when absent.
    pub guard: Option<NodeId>,
    /// What holds then.
    pub value: NodeId,
    /// Where it is.
    pub span: Span,
}

impl Side {
    fn literals(&self) -> Vec<Literal> {
        self.scope
            .into_iter()
            .chain(self.guard)
            .map(Literal::yes)
            .collect()
    }
}

/// Checks every obligation and reports what is broken or not proved.
pub fn analyse(program: &Program, obligations: &[Obligation], diagnostics: &mut Diagnostics) {
    if obligations.is_empty() {
        return;
    }
    let regions = Regions::new(program);
    for obligation in obligations {
        match obligation {
            Obligation::Complete {
                what,
                kind,
                scope,
                guards,
                span,
            } => {
                let verdict = regions.gap(*scope, guards);
                let found = complete(what, *kind, *span, verdict);
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::Reachable {
                what,
                scope,
                earlier,
                guard,
                span,
            } => {
                if regions.reach(*scope, earlier, Some(*guard)) == Verdict::Never {
                    let alone = regions.reach(*scope, &[], Some(*guard));
                    diagnostics.push(unreachable(what, *span, alone == Verdict::Never));
                }
            }
            Obligation::Disjoint { a, b, kind } => {
                if *kind != DisjointKind::Rows && regions.same(a.value, b.value) {
                    continue;
                }
                let verdict = regions.overlap(&a.literals(), &b.literals());
                let found = disjoint(a, b, *kind, verdict);
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::Rows { what, rows, kind } => {
                rows::check(&regions, what, rows, *kind, diagnostics);
            }
        }
    }
}

fn complete(what: &str, kind: CompleteKind, span: Span, verdict: Verdict) -> Option<Diagnostic> {
    let (gap, open, parts, part) = match kind {
        CompleteKind::Cases => (Code::CasesLeaveGap, Code::CasesNotProved, "cases", "case"),
        CompleteKind::Rows => (Code::RowsLeaveGap, Code::RowsNotProved, "rows", "row"),
    };
    match verdict {
        Verdict::Never => None,
        Verdict::Example(witness) => Some(
            Diagnostic::new(gap, span, format!("the {parts} of `{what}` leave a gap"))
                .at(format!("no {part} applies to {witness}"))
                .help(match kind {
                    CompleteKind::Cases => "add a case for it, or `otherwise` for all that is left",
                    CompleteKind::Rows => "add a row for it",
                }),
        ),
        Verdict::NotProved(why) => Some(
            Diagnostic::new(
                open,
                span,
                format!("whether the {parts} of `{what}` leave a gap is not proved"),
            )
            .at(why)
            .help(match kind {
                CompleteKind::Cases => "add `otherwise` to be certain of an answer",
                CompleteKind::Rows => "add a row for all that is left to be certain of an answer",
            }),
        ),
    }
}

fn unreachable(what: &str, span: Span, alone: bool) -> Diagnostic {
    let (why, help) = if alone {
        (
            "its condition can never hold",
            "correct the condition or remove it",
        )
    } else {
        (
            "whatever it covers is taken by what stands before it",
            "move it up or remove it",
        )
    };
    Diagnostic::new(
        Code::CaseNeverApplies,
        span,
        format!("{what} never applies"),
    )
    .at(why)
    .help(help)
}

fn disjoint(a: &Side, b: &Side, kind: DisjointKind, verdict: Verdict) -> Option<Diagnostic> {
    let (first, second) = (&a.name, &b.name);
    match (verdict, kind) {
        (Verdict::Never, _) => None,
        (Verdict::Example(witness), DisjointKind::Exceptions) => Some(
            Diagnostic::new(
                Code::ExceptionsClash,
                a.span,
                format!("exceptions `{first}` and `{second}` disagree where both apply"),
            )
            .at(format!("both apply to {witness}"))
            .label(b.span, "the other exception")
            .help(format!(
                "say which one counts: `{first} prevails over {second} because \"…\"`"
            )),
        ),
        (Verdict::NotProved(why), DisjointKind::Exceptions) => Some(
            Diagnostic::new(
                Code::ExceptionsNotProved,
                a.span,
                format!("exceptions `{first}` and `{second}` may both apply"),
            )
            .at(why)
            .label(b.span, "the other exception")
            .help(format!(
                "say which one counts: `{first} prevails over {second} because \"…\"`"
            )),
        ),
        (Verdict::Example(witness), DisjointKind::Lines) => Some(
            Diagnostic::new(
                Code::LinesCompete,
                a.span,
                "two lines of one state may apply together and lead apart",
            )
            .at(format!("both apply to {witness}"))
            .label(b.span, "the other line")
            .help("narrow one of them, or write `otherwise` before the `->` of the one that gives way"),
        ),
        (Verdict::NotProved(why), DisjointKind::Lines) => Some(
            Diagnostic::new(
                Code::LinesNotProved,
                a.span,
                "whether two lines of one state can apply together is not proved",
            )
            .at(why)
            .label(b.span, "the other line")
            .help("narrow one of them, or write `otherwise` before the `->` of the one that gives way"),
        ),
        (Verdict::Example(witness), kind) => Some(
            Diagnostic::new(
                Code::RowsOverlap,
                a.span,
                format!("rows `{first}` and `{second}` both apply to some facts"),
            )
            .at(format!("both apply to {witness}"))
            .label(b.span, "the other row")
            .help(match kind {
                DisjointKind::RowsMayAgree => "narrow one of them or give both the same value",
                _ => "narrow one of them",
            }),
        ),
        (Verdict::NotProved(why), _) => Some(
            Diagnostic::new(
                Code::RowsNotProved,
                a.span,
                format!("whether rows `{first}` and `{second}` can both apply is not proved"),
            )
            .at(why)
            .label(b.span, "the other row")
            .help("narrow one of them so that they visibly differ in one column"),
        ),
    }
}
