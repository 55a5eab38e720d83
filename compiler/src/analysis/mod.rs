//! Static checks over the lowered program: gaps, dead cases, exceptions and rows that disagree.
//!
//! In: a program and what has to hold of it ([`Obligation`]). Out: findings with an example in the
//! words of the program. Whatever the language form, only nodes are looked at.

mod atom;
mod calls;
mod compare;
mod depth;
mod domain;
mod form;
mod formula;
mod idle;
mod inputs;
mod left;
mod linear;
mod made;
mod mapped;
mod query;
mod questions;
mod regions;
mod relations;
mod replay;
mod rows;
mod sets;
mod shape;
mod solve;
#[cfg(test)]
mod tests;
mod values;
mod witness;

use replay::Claim;

pub use depth::check_loops;
pub use questions::{Literal, Verdict};
pub use regions::Regions;
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
        /// Its own guards: one of them is enough.
        guards: Vec<NodeId>,
        /// Where it is.
        span: Span,
        /// What it is.
        kind: ReachKind,
    },
    /// The condition holds for some facts and fails for others.
    Decides {
        /// What it is, in words, with names in backticks.
        what: String,
        /// When it is looked at; always when absent.
        scope: Option<NodeId>,
        /// The condition.
        condition: NodeId,
        /// That it never holds is found elsewhere.
        may_never_hold: bool,
        /// Where it is.
        span: Span,
    },
    /// An exception applies somewhere.
    Excepts {
        /// Its name.
        name: String,
        /// Its dates in words; empty when it has none.
        days: String,
        /// When it applies.
        guard: NodeId,
        /// The guards of those that prevail over it.
        stronger: Vec<NodeId>,
        /// The conditions of each place it goes to; they hold together.
        places: Vec<Vec<NodeId>>,
        /// Where it is.
        span: Span,
    },
    /// Every cell that a line of a waiver lifts asks for something while it is lifted.
    Lifts {
        /// Name of the waiver.
        waiver: String,
        /// Each cell in words, when it asks for something, when it is lifted.
        cells: Vec<(String, NodeId, NodeId)>,
        /// The line.
        span: Span,
    },
    /// A change to a cell changes it on some day.
    Changes {
        /// The cell in words.
        what: String,
        /// When the row is in force.
        scope: NodeId,
        /// When the change holds.
        guard: NodeId,
        /// When stronger changes take its place.
        stronger: Vec<NodeId>,
        /// What the cell becomes.
        new: CellVersion,
        /// What it would be without: the strongest first, the last one always.
        weaker: Vec<(Option<NodeId>, CellVersion)>,
        /// The line.
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
    /// `otherwise` takes exactly the values it names; where it names none, which those are is said.
    Left {
        /// The scale or enumeration.
        scale: String,
        /// When the block is looked at; always when absent.
        scope: Option<NodeId>,
        /// The guards of the other lines.
        earlier: Vec<NodeId>,
        /// Every value of what is tested.
        values: Vec<LeftValue>,
        /// Whether values are named.
        named: bool,
        /// The `otherwise`.
        span: Span,
    },
    /// What a cell compares with is in force while the cell holds.
    InForce {
        /// The cell in words.
        what: String,
        /// When the cell holds.
        scope: NodeId,
        /// That the value is in force.
        applies: NodeId,
        /// The value.
        span: Span,
    },
    /// An operand of a condition is applicable wherever its neighbours ask for it.
    Applies {
        /// Of an `and`, not of an `or`.
        and: bool,
        /// What the neighbours ask for; nothing when absent.
        scope: Option<NodeId>,
        /// That the operand is applicable.
        applies: NodeId,
        /// The condition.
        span: Span,
    },
    /// No two rows of a table apply at once.
    Rows {
        /// Name of the table.
        what: String,
        /// Only where none of these holds.
        without: Vec<NodeId>,
        /// The rows, in order.
        rows: Vec<Side>,
        /// Whether rows with one value may overlap.
        kind: DisjointKind,
    },
}

/// What must count somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReachKind {
    /// A case of a definition.
    Case,
    /// What is left over, of cases or of the rows of a table.
    Otherwise,
    /// A row of a table.
    Row,
}

/// A cell of a grid as one of its versions has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellVersion {
    /// It asks for something.
    pub required: bool,
    /// It is only preferred.
    pub preferred: bool,
    /// What it asks for.
    pub condition: NodeId,
}

impl Obligation {
    /// Whether a breach is an error: a program that breaks the others can be used.
    #[must_use]
    pub fn refuses(&self) -> bool {
        match self {
            Obligation::Complete { .. }
            | Obligation::Disjoint { .. }
            | Obligation::Rows { .. }
            | Obligation::InForce { .. } => true,
            Obligation::Left { named, .. } => *named,
            Obligation::Reachable { .. }
            | Obligation::Decides { .. }
            | Obligation::Excepts { .. }
            | Obligation::Lifts { .. }
            | Obligation::Changes { .. }
            | Obligation::Applies { .. } => false,
        }
    }
}

/// A value that may be left for an `otherwise`.
#[derive(Debug, Clone)]
pub struct LeftValue {
    /// As it is written.
    pub written: String,
    /// That what is tested has this value.
    pub test: NodeId,
    /// It is named.
    pub named: bool,
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
    let Some((opened, to)) = calls::opened(program) else {
        return look(program, obligations, diagnostics);
    };
    let mut obligations = obligations.to_vec();
    for obligation in &mut obligations {
        obligation.map_nodes(&|node| to.get(node as usize).copied().unwrap_or_default());
    }
    look(&opened, &obligations, diagnostics);
}

fn look(program: &Program, obligations: &[Obligation], diagnostics: &mut Diagnostics) {
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
                let claim = Claim::Gap {
                    scope: *scope,
                    guards,
                };
                let verdict = regions.tried(regions.gap(*scope, guards), &claim);
                let found = complete(what, *kind, *span, verdict);
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::Reachable {
                what,
                scope,
                earlier,
                guards,
                span,
                kind,
            } => {
                if never_reached(&regions, *scope, earlier, guards) {
                    let alone = never_reached(&regions, *scope, &[], guards);
                    diagnostics.push(unreachable(what, *span, *kind, alone));
                }
            }
            Obligation::Decides {
                what,
                scope,
                condition,
                may_never_hold,
                span,
            } => {
                let found =
                    idle::decides(&regions, what, *scope, *condition, *may_never_hold, *span);
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::Excepts { .. } | Obligation::Lifts { .. } | Obligation::Changes { .. } => {
                let found = idle::check(&regions, obligation);
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::Left {
                scale,
                scope,
                earlier,
                values,
                named,
                span,
            } => {
                let found = left::check(&regions, scale, (*scope, earlier), values, *named, *span);
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::InForce {
                what,
                scope,
                applies,
                span,
            } => {
                let found = in_force(&regions, what, *scope, *applies, *span);
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::Applies {
                and,
                scope,
                applies,
                span,
            } => {
                let found = idle::left_out(&regions, *and, *scope, *applies, *span);
                let told = |finding: &Diagnostic| diagnostics.iter().any(|one| one == finding);
                let found = found.filter(|finding| !told(finding));
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::Disjoint { a, b, kind } => {
                let found = both(&regions, a, b, *kind);
                found.into_iter().for_each(|found| diagnostics.push(found));
            }
            Obligation::Rows {
                what,
                without,
                rows,
                kind,
            } => {
                rows::check(&regions, what, without, rows, *kind, diagnostics);
            }
        }
    }
}

/// Two things of which only one may hold, or that must agree, where they may not.
fn both(regions: &Regions<'_>, a: &Side, b: &Side, kind: DisjointKind) -> Option<Diagnostic> {
    if kind != DisjointKind::Rows && regions.same(a.value, b.value) {
        return None;
    }
    let verdict = match kind {
        DisjointKind::Rows => regions.overlap(&a.literals(), &b.literals()),
        DisjointKind::Exceptions | DisjointKind::Lines | DisjointKind::RowsMayAgree => {
            regions.clash((&a.literals(), a.value), (&b.literals(), b.value))
        }
    };
    let verdict = regions.tried(verdict, &Claim::Both(a, b, &[], kind));
    disjoint(a, b, kind, verdict)
}

/// Whether none of these guards can hold where the earlier ones do not.
fn never_reached(
    regions: &Regions<'_>,
    scope: Option<NodeId>,
    earlier: &[NodeId],
    guards: &[NodeId],
) -> bool {
    guards
        .iter()
        .all(|guard| regions.reach(scope, earlier, Some(*guard)) == Verdict::Never)
}

fn in_force(
    regions: &Regions<'_>,
    what: &str,
    scope: NodeId,
    applies: NodeId,
    span: Span,
) -> Option<Diagnostic> {
    let (scope, guards) = (Some(scope), [applies]);
    let claim = Claim::Gap {
        scope,
        guards: &guards,
    };
    let verdict = regions.tried(regions.gap(scope, &guards), &claim);
    let Verdict::Example(witness) = verdict else {
        return None;
    };
    let found = Diagnostic::new(
        Code::CellNotInForce,
        span,
        format!("{what} compares with a value that is not in force on every day the row is"),
    );
    Some(
        found
            .at(format!("not so where {witness}"))
            .help("date the row, from the day on which the value comes into force"),
    )
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

fn unreachable(what: &str, span: Span, kind: ReachKind, alone: bool) -> Diagnostic {
    let (code, help) = match kind {
        ReachKind::Case => (Code::CaseNeverApplies, "move it up or remove it"),
        ReachKind::Otherwise => (
            Code::OtherwiseNeverApplies,
            "remove it: then a value added later is a gap that is found",
        ),
        ReachKind::Row => (
            Code::RowNeverApplies,
            "remove it, or narrow the rows that cover it",
        ),
    };
    let (why, help) = if alone {
        (
            "its condition can never hold",
            "correct the condition or remove it",
        )
    } else {
        let why = match kind {
            ReachKind::Case | ReachKind::Row => {
                "whatever it covers is taken by what stands before it"
            }
            ReachKind::Otherwise => "nothing is left for it",
        };
        (why, help)
    };
    Diagnostic::new(code, span, format!("{what} never applies"))
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
                DisjointKind::Exceptions | DisjointKind::Lines | DisjointKind::Rows => "narrow one of them",
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
