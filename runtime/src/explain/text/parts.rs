//! Parts in a line each: cases, rows, exceptions, obligations, and the figures they compared.

use super::{Page, marks};
use crate::explain::{Figure, Holds, Part};
use crate::ir::ProvisionKind;
use crate::words::spoken;

/// Parts that did not apply, told one by one.
const PASSED: usize = 3;
/// Obligations that are kept, told one by one.
const KEPT: usize = 8;

impl Page<'_> {
    pub(super) fn part(&self, part: &Part) -> Option<String> {
        let lead = match part.holds {
            Holds::Yes | Holds::No => "",
            Holds::Open => "perhaps ",
            Holds::NotApplicable => "not applicable: ",
            Holds::Error => "in error: ",
        };
        // A condition that is the words of the part themselves says no more than they do.
        let says_no_more = |figure: &&Figure| {
            let same = part.when.trim_matches(['“', '”']) == figure.what;
            let held = matches!(
                (part.holds, figure.is.as_str()),
                (Holds::Yes, "yes") | (Holds::No, "no")
            );
            figure.test.is_empty() && same && held
        };
        let figures = part.figures.iter().filter(|figure| !says_no_more(figure));
        let figures = match self.figures(figures).as_slice() {
            [] => String::new(),
            figures => format!(" ({})", figures.join("; ")),
        };
        let on = self.on(&part.day);
        let marks = marks(&part.cites);
        let words = match part.kind {
            ProvisionKind::Case => case_words(part),
            ProvisionKind::Exception | ProvisionKind::Row | ProvisionKind::Lift
                if part.holds == Holds::No =>
            {
                format!("not by “{}”", spoken(&part.name))
            }
            ProvisionKind::Exception if part.when.is_empty() => {
                format!("by the exception “{}”", spoken(&part.name))
            }
            ProvisionKind::Exception => {
                format!(
                    "by the exception “{}”, because {}",
                    spoken(&part.name),
                    part.when
                )
            }
            ProvisionKind::Obligation if part.holds == Holds::No => {
                format!("kept: {}", spoken(&part.name))
            }
            ProvisionKind::Obligation => {
                format!("not kept: {}: {}", spoken(&part.name), part.gives)
            }
            ProvisionKind::Row => format!("by the row “{}”", spoken(&part.name)),
            ProvisionKind::Amendment => format!("as amended: {}", spoken(&part.name)),
            ProvisionKind::Lift | ProvisionKind::Waiver => {
                format!(
                    "by the waiver “{}”",
                    spoken(if part.of.is_empty() {
                        &part.name
                    } else {
                        &part.of
                    })
                )
            }
            ProvisionKind::Scope | ProvisionKind::Note => part.when.clone(),
            // Told by their values, by the readings below, and by the moves.
            ProvisionKind::Version
            | ProvisionKind::Alternative
            | ProvisionKind::State
            | ProvisionKind::Transition
            | ProvisionKind::Schedule
            | ProvisionKind::Cell => return None,
            ProvisionKind::Fact
            | ProvisionKind::Value
            | ProvisionKind::Definition
            | ProvisionKind::Decision
            | ProvisionKind::Table
            | ProvisionKind::Requirements
            | ProvisionKind::Lifecycle
            | ProvisionKind::Obligations
            | ProvisionKind::Duty
            | ProvisionKind::Order => format!("by “{}”", spoken(&part.name)),
        };
        Some(format!("{lead}{words}{figures}{on}{marks}"))
    }

    /// What came first and did not apply; of a list of rows those that apply are enough.
    pub(super) fn passed(&mut self, parts: &[&Part], depth: usize) {
        let told = parts.iter().filter(|part| {
            part.kind != ProvisionKind::Obligation && (self.full || part.kind != ProvisionKind::Row)
        });
        let told: Vec<String> = told.filter_map(|part| self.part(part)).collect();
        let most = if self.full { told.len() } else { PASSED };
        for words in told.iter().take(most) {
            let text = match words.strip_prefix("because ") {
                Some(words) => format!("did not apply: {words}"),
                None => words.clone(),
            };
            self.line(depth, &text);
        }
        if told.len() > most {
            let more = told.len() - most;
            self.line(depth, &format!("and {more} more did not apply"));
        }
    }

    /// Obligations that are kept: where none is broken those that compared something one by one, the others by name.
    pub(super) fn kept(&mut self, parts: &[&Part], broken: bool, depth: usize) {
        let mut rest = Vec::new();
        let mut told = 0;
        if broken && !self.full {
            return;
        }
        let kept = parts
            .iter()
            .filter(|part| part.kind == ProvisionKind::Obligation);
        for part in kept {
            let first = !part.figures.is_empty() && told < KEPT;
            match self.part(part) {
                Some(words) if self.full || first => {
                    told += 1;
                    self.line(depth, &words);
                }
                _ => rest.push(spoken(&part.name)),
            }
        }
        if !rest.is_empty() {
            self.line(depth, &format!("kept as well: {}", rest.join(", ")));
        }
    }

    /// Figures, each once.
    pub(super) fn figures<'f>(
        &self,
        figures: impl Iterator<Item = &'f Figure> + Clone,
    ) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for figure in figures.clone() {
            if let Some(words) = self
                .told(figure, figures.clone())
                .filter(|words| !told.contains(words))
            {
                told.push(words);
            }
        }
        told
    }

    /// A figure beside others: what one of them compares is not told by its value alone as well, and that something
    /// is itself says nothing.
    pub(super) fn told<'f>(
        &self,
        figure: &Figure,
        mut others: impl Iterator<Item = &'f Figure>,
    ) -> Option<String> {
        let same = figure.what == figure.with;
        let open = figure.holds == Holds::Open && figure.with.is_empty();
        let compared = |other: &Figure| {
            !other.test.is_empty()
                && other.day == figure.day
                && (other.what == figure.what || other.with == figure.what)
        };
        let idle = (same || open) && !figure.test.is_empty() && figure.is == figure.against;
        let again = figure.test.is_empty() && others.any(compared);
        (!idle && !again).then(|| self.figure(figure))
    }

    pub(super) fn figure(&self, figure: &Figure) -> String {
        let on = self.on(&figure.day);
        // What is the value written in the rule is told once.
        let equal = matches!(
            (figure.test.as_str(), figure.holds),
            ("=", Holds::Yes) | ("!=", Holds::No)
        );
        let same = figure.with.is_empty() && equal && figure.is == figure.against;
        // Yes and no need no other to be told.
        let plain = matches!(figure.against.as_str(), "yes" | "no") && figure.with.is_empty();
        let same = same || (plain && figure.holds != Holds::Open);
        if figure.test.is_empty() || same {
            return format!("{}: {}{on}", figure.what, figure.is);
        }
        let side = |what: &str, value: &str| match what {
            "" => value.to_owned(),
            what => format!("{what} {value}"),
        };
        let (left, right) = (
            side(&figure.what, &figure.is),
            side(&figure.with, &figure.against),
        );
        // What is printed is true: a comparison that failed is told by its opposite.
        let test = match (figure.holds, figure.test.as_str()) {
            (Holds::No, "=") => "is not",
            (Holds::No, "!=") => "is",
            (Holds::No, "<") => ">=",
            (Holds::No, "<=") => ">",
            (Holds::No, ">") => "<=",
            (Holds::No, ">=") => "<",
            (_, "=") => "is",
            (_, "!=") => "is not",
            (_, other) => other,
        };
        format!("{left} {test} {right}{on}")
    }
}

/// A case: what it waits for, and what it gives where that is more than a value.
pub(super) fn case_words(part: &Part) -> String {
    let gives = match part.gives.as_str() {
        "" => String::new(),
        gives if part.holds == Holds::Open || gives.contains('“') => format!(": {gives}"),
        _ => String::new(),
    };
    match part.when.as_str() {
        "" => format!("because no other case applies{gives}"),
        when if part.holds == Holds::Open => format!("{} because {when}", part.gives),
        when => format!("because {when}"),
    }
}

/// Whether a part speaks of rows of a grid, which say so themselves.
pub(super) fn lifts(part: &Part) -> bool {
    match part.kind {
        ProvisionKind::Lift
        | ProvisionKind::Waiver
        | ProvisionKind::Fact
        | ProvisionKind::Amendment => true,
        ProvisionKind::Case
        | ProvisionKind::Exception
        | ProvisionKind::Obligation
        | ProvisionKind::Row
        | ProvisionKind::Scope
        | ProvisionKind::Note
        | ProvisionKind::Version
        | ProvisionKind::Alternative
        | ProvisionKind::State
        | ProvisionKind::Transition
        | ProvisionKind::Cell
        | ProvisionKind::Value
        | ProvisionKind::Definition
        | ProvisionKind::Decision
        | ProvisionKind::Table
        | ProvisionKind::Requirements
        | ProvisionKind::Schedule
        | ProvisionKind::Lifecycle
        | ProvisionKind::Obligations
        | ProvisionKind::Duty
        | ProvisionKind::Order => false,
    }
}
