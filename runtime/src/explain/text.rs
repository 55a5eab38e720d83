//! The explanation for people: what decided first, then what it was made from, in few lines unless all are asked for.

use super::{Clause, Explanation, Figure, Holds, Part, Read, Requirement, Step, Taken};
use crate::ir::ProvisionKind;
use crate::words::{spoken, within_line};

/// Lines of an explanation that is read in one go.
const LINES: usize = 30;
/// Lines kept for what stands below the steps.
const BELOW: usize = 4;
/// Lines kept for the numbers of the clauses.
const CLAUSES: usize = 3;
/// Facts told below a step that compares nothing.
const FACTS: usize = 4;
/// Lines below an answer that is told briefly.
const BRIEF: usize = 2;
/// Parts that did not apply, told one by one.
const PASSED: usize = 3;
/// Characters of what an unnamed step came to.
const LISTED: usize = 80;
/// Obligations that are kept, told one by one.
const KEPT: usize = 8;

/// The grid, the tier and the day a row was read for.
type Tier<'r> = (&'r str, &'r str, &'r str);

pub(super) fn text(explanation: &Explanation, full: bool) -> String {
    let mut page = Page {
        as_of: &explanation.as_of,
        decided: is_decided(&explanation.step),
        lines: Vec::new(),
        full,
    };
    let who = explanation.id.as_deref().unwrap_or("one partner");
    page.lines
        .push(format!("{who}, as of {}", explanation.as_of));
    page.lines.push(String::new());
    let step = &explanation.step;
    let name = match step.label.as_str() {
        "" => spoken(&step.name),
        label => format!("{label} ({})", step.name),
    };
    page.head(step, &name, 0);
    page.inside(step, 1);
    let mut below = below(explanation, full);
    if !full {
        let clauses = if explanation.clauses.is_empty() {
            0
        } else {
            CLAUSES
        };
        page.cut(LINES - clauses - BELOW.min(below.len()));
        below.truncate((LINES - clauses).saturating_sub(page.lines.len()));
    }
    page.lines.extend(below);
    page.clauses(&explanation.clauses);
    let mut out = String::new();
    for line in &page.lines {
        // Labels, clauses and facts were written by others.
        out.push_str(&within_line(line));
        out.push('\n');
    }
    out
}

/// The answer and what decided it.
pub(super) fn brief(explanation: &Explanation) -> String {
    let mut page = Page {
        as_of: &explanation.as_of,
        decided: is_decided(&explanation.step),
        lines: Vec::new(),
        full: false,
    };
    let step = &explanation.step;
    let name = match step.label.as_str() {
        "" => spoken(&step.name),
        label => format!("{label} ({})", step.name),
    };
    page.head(step, &name, 0);
    let told = step.decided.iter().filter(|part| !lifts(part));
    let told: Vec<String> = told
        .filter_map(|part| page.part(part))
        .take(BRIEF)
        .collect();
    for words in told {
        page.line(1, &words);
    }
    let mut out = String::new();
    for line in &page.lines {
        out.push_str(&within_line(line));
        out.push('\n');
    }
    out
}

/// What was read of a fact, wherever that was.
fn read_of<'e>(step: &'e Step, fact: &str) -> Option<&'e Read> {
    let mut steps = vec![step];
    while let Some(step) = steps.pop() {
        if let Some(read) = step.facts.iter().find(|read| read.fact == fact) {
            return Some(read);
        }
        steps.extend(&step.from);
    }
    None
}

/// What stands below the steps: how the text was read, what was assumed, what to know, what is missing.
fn below(explanation: &Explanation, full: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let outcome = &explanation.step.outcome;
    if !outcome.needs().is_empty() {
        lines.push(format!(
            "To decide it, supply: {}",
            outcome.needs().join(", ")
        ));
    }
    for asked in outcome.judgements() {
        let by = spoken(&asked.by);
        lines.push(format!(
            "To decide it, {by} must record {}",
            asked.judgement
        ));
    }
    let told = |reading: &&Taken| full || !reading.otherwise.is_empty();
    for reading in explanation.readings.iter().filter(told) {
        let name = match reading.label.as_str() {
            "" => spoken(&reading.reading),
            label => label.to_owned(),
        };
        let chosen = spoken(&reading.chosen);
        let others = reading.otherwise.iter();
        let others: Vec<String> = others
            .map(|other| {
                format!(
                    "; {} would give {}",
                    spoken(&other.alternative),
                    shortened(&other.words)
                )
            })
            .collect();
        lines.push(format!(
            "Read so: {name}: {chosen}{}{}",
            others.concat(),
            marks(&reading.cites)
        ));
    }
    if !explanation.readings.iter().all(|reading| told(&reading)) {
        lines.push("Under any other reading alone the answer is the same.".to_owned());
    }
    for fact in &explanation.assumptions {
        let told = match read_of(&explanation.step, fact) {
            Some(read) => format!("{}: {}", read.label, read.words),
            None => fact.clone(),
        };
        lines.push(format!("Assumed, because nothing was given: {told}"));
    }
    for note in &explanation.notes {
        lines.push(format!("Note: {note}"));
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
    }
    lines
}

struct Page<'e> {
    as_of: &'e str,
    /// The answer is decided: what is open below it did not matter.
    decided: bool,
    lines: Vec<String>,
    full: bool,
}

impl Page<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.lines.push(format!("{}{text}", "  ".repeat(depth)));
    }

    /// Leaves the innermost lines out until few enough are left.
    fn cut(&mut self, most: usize) {
        let depth = |line: &String| line.len() - line.trim_start().len();
        while self.lines.len() > most {
            let deepest = self.lines.iter().skip(2).map(depth).max().unwrap_or(0);
            if deepest <= 2 {
                self.lines.truncate(most);
                break;
            }
            match self.lines.iter().rposition(|line| depth(line) == deepest) {
                Some(at) => drop(self.lines.remove(at)),
                None => break,
            }
        }
    }

    /// The result of a step. Several items stand in lines of their own.
    fn head(&mut self, step: &Step, name: &str, depth: usize) {
        let of = match step.of.as_slice() {
            [] => String::new(),
            items => format!(" of {}", items.join(", ")),
        };
        let on = self.on(&step.day);
        // What is told by its value alone leaves its clauses with it.
        let mut cites = step.cites.clone();
        let silent = step.decided.iter().filter(|part| self.part(part).is_none());
        for cite in silent.flat_map(|part| &part.cites) {
            if !cites.contains(cite) {
                cites.push(cite.clone());
            }
        }
        let marks = marks(&cites);
        self.line(depth, &format!("{name}{of}{on}: {}{marks}", step.words));
    }

    /// The day, where it is not the day asked about.
    fn on(&self, day: &str) -> String {
        if day == self.as_of {
            String::new()
        } else {
            format!(" on {day}")
        }
    }

    /// What a step was made from.
    fn inside(&mut self, step: &Step, depth: usize) {
        if step.above {
            return;
        }
        let mut perhaps = false;
        let lifted = !step.requirements.is_empty();
        for part in step.decided.iter().filter(|part| !(lifted && lifts(part))) {
            if let Some(words) = self.part(part) {
                let words = match perhaps && part.holds == Holds::Yes {
                    true if !part.gives.is_empty() => format!("otherwise {}, {words}", part.gives),
                    true => format!("otherwise {words}"),
                    false => words,
                };
                perhaps |= part.holds == Holds::Open;
                self.line(depth, &words);
            }
        }
        for made in &step.moves {
            let words = match made.text.as_str() {
                "" => String::new(),
                text => format!(": {text}"),
            };
            let on = match made.on.as_str() {
                "unknown" => "day not known",
                on => on,
            };
            let text = format!("{on}  {}{words}{}", spoken(&made.to), marks(&made.cites));
            self.line(depth, &text);
        }
        self.requirements(&step.requirements, depth);
        if step.decided.is_empty() && step.requirements.is_empty() {
            self.worked_out(step, depth);
        }
        let passed = step.passed.iter().filter(|part| !(lifted && lifts(part)));
        let passed: Vec<&Part> = passed.collect();
        self.passed(&passed, depth);
        let broken = |part: &Part| part.kind == ProvisionKind::Obligation;
        self.kept(&passed, step.decided.iter().any(broken), depth);
        for (at, inner) in step.from.iter().enumerate() {
            let again = |later: &Step| later.provision == inner.provision && later.of == inner.of;
            // Of several days the last is told.
            if self.full || !step.from.iter().skip(at + 1).any(again) {
                self.step(inner, depth);
            }
        }
    }

    /// How a step comes about that is no block of cases: the comparisons, or else what it says and the facts it read.
    fn worked_out(&mut self, step: &Step, depth: usize) {
        // What stands below as a step is not told here as well.
        let below = |figure: &&Figure| {
            let told = |inner: &Step| Some(&inner.name) == figure.name.as_ref() && !inner.above;
            figure.test.is_empty() && step.from.iter().any(told)
        };
        for figure in step.figures.iter().filter(|one| !below(one)) {
            let fact = step
                .facts
                .iter()
                .find(|read| Some(&read.fact) == figure.name.as_ref());
            let marks = fact.map(|fact| marks(&fact.cites)).unwrap_or_default();
            let others = step.figures.iter().filter(|one| !below(one));
            if let Some(words) = self.told(figure, others) {
                self.line(depth, &format!("{words}{marks}"));
            }
        }
        if !step.figures.is_empty() || !step.moves.is_empty() {
            return;
        }
        if !step.says.is_empty() && step.says != step.words {
            self.line(depth, &format!("that is {}", step.says));
        }
        for fact in step.facts.iter().take(FACTS) {
            let name = match fact.label.as_str() {
                "" => spoken(&fact.fact),
                label => label.to_owned(),
            };
            let on = self.on(&fact.day);
            self.line(depth, &format!("{name}{on}: {}", fact.words));
        }
    }

    /// A step below another; one that only the program knows lets what it was made from speak.
    fn step(&mut self, step: &Step, depth: usize) {
        let known = !step.label.is_empty() || !step.cites.is_empty();
        if self.decided && !is_decided(step) && !self.full {
            return;
        }
        if !known && !step.above {
            self.unnamed(step, depth);
            return;
        }
        if step.above {
            return;
        }
        let name = match step.label.as_str() {
            "" => spoken(&step.name),
            label => label.to_owned(),
        };
        self.head(step, &name, depth);
        self.inside(step, depth + 1);
    }

    /// A step that has neither label nor clause: in a line, with what it and its cases compare.
    fn unnamed(&mut self, step: &Step, depth: usize) {
        let cases = step.decided.iter().filter(|part| part.holds != Holds::No);
        let figures = cases.flat_map(|part| &part.figures).chain(&step.figures);
        let inner = |figure: &&Figure| {
            let told = |inner: &Step| Some(&inner.name) == figure.name.as_ref() && !inner.above;
            !figure.test.is_empty() || !step.from.iter().any(told)
        };
        let told = self.figures(figures.filter(inner));
        let mut below = depth;
        if !told.is_empty() {
            let on = self.on(&step.day);
            let (name, figures) = (spoken(&step.name), told.join("; "));
            let words = if self.full {
                step.words.clone()
            } else {
                shortened(&step.words)
            };
            self.line(depth, &format!("{name}{on}: {words} ({figures})"));
            below += 1;
        }
        for inner in &step.from {
            self.step(inner, below);
        }
    }

    fn part(&self, part: &Part) -> Option<String> {
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
    fn passed(&mut self, parts: &[&Part], depth: usize) {
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
    fn kept(&mut self, parts: &[&Part], broken: bool, depth: usize) {
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

    /// The rows that were read, but for those that ask nothing and those nobody came to: first the tiers that are
    /// met, then what the others lack.
    fn requirements(&mut self, rows: &[Requirement], depth: usize) {
        let told = |row: &&Requirement| {
            let asked = row.asked != Holds::No && (row.met.is_some() || !row.waived_by.is_empty());
            asked || row.amended
        };
        let mut tiers: Vec<(Tier<'_>, Vec<&Requirement>)> = Vec::new();
        for row in rows.iter().filter(told) {
            let here = (row.grid.as_str(), row.tier.as_str(), row.day.as_str());
            match tiers.last_mut() {
                Some((tier, rows)) if *tier == here => rows.push(row),
                _ => tiers.push((here, vec![row])),
            }
        }
        let fails = |rows: &[&Requirement]| rows.iter().any(|row| row.fails());
        for failing in [false, true] {
            for ((_, tier, day), rows) in tiers.iter().filter(|(_, rows)| fails(rows) == failing) {
                let lead = if failing { "not for" } else { "for" };
                let on = self.on(day);
                self.line(depth, &format!("{lead} {}{on}", spoken(tier)));
                for row in rows {
                    let words = self.requirement(row);
                    self.line(depth + 1, &words);
                }
            }
        }
    }

    fn requirement(&self, row: &Requirement) -> String {
        let name = match row.label.as_str() {
            "" => spoken(&row.row),
            label => label.to_owned(),
        };
        let met = match row.met {
            Some(Holds::Yes) => "met",
            Some(Holds::No) if row.preferred => "preferred, and missing",
            Some(Holds::No) => "not met",
            Some(Holds::Open) => "not known",
            Some(Holds::NotApplicable) => "not applicable",
            Some(Holds::Error) => "in error",
            None => "not looked at",
        };
        let met = match (row.asked, row.amended) {
            (Holds::No, _) => "not asked, as amended".to_owned(),
            (_, true) => format!("{met}, as amended"),
            (_, false) => met.to_owned(),
        };
        let met = match row.waived_by.as_slice() {
            [] => met,
            names => format!("waived by {}, otherwise {met}", names.join(", ")),
        };
        let figures = match self.figures(row.figures.iter()).as_slice() {
            [] => String::new(),
            figures => format!(" ({})", figures.join("; ")),
        };
        format!("{name}: {met}{figures}{}", marks(&row.cites))
    }

    /// Figures, each once.
    fn figures<'f>(&self, figures: impl Iterator<Item = &'f Figure> + Clone) -> Vec<String> {
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
    fn told<'f>(
        &self,
        figure: &Figure,
        mut others: impl Iterator<Item = &'f Figure>,
    ) -> Option<String> {
        let same = !figure.what.is_empty() && figure.what == figure.with;
        let compared = |other: &Figure| {
            !other.test.is_empty()
                && other.day == figure.day
                && (other.what == figure.what || other.with == figure.what)
        };
        let idle = same && figure.is == figure.against;
        let again = figure.test.is_empty() && others.any(compared);
        (!idle && !again).then(|| self.figure(figure))
    }

    fn figure(&self, figure: &Figure) -> String {
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

    /// The clauses: in full where there is room, by their numbers otherwise.
    fn clauses(&mut self, clauses: &[Clause]) {
        let sources = {
            let mut sources: Vec<&str> = clauses.iter().map(|one| one.source.as_str()).collect();
            sources.dedup();
            sources
        };
        if clauses.is_empty() {
            return;
        }
        let lines = clauses.len() + sources.len() + 2;
        if !self.full && self.lines.len() + lines > LINES {
            let marked: Vec<&str> = self.lines.iter().flat_map(|line| marked(line)).collect();
            let ids = clauses.iter().map(|one| one.clause.as_str());
            let (told, read): (Vec<&str>, Vec<&str>) = ids.partition(|id| marked.contains(id));
            let line = |lead: &str, ids: &[&str]| match ids {
                [] => None,
                ids => Some(format!("{lead}: {}", ids.join(", "))),
            };
            let told = line("Where it says so", &told);
            let lead = match told {
                Some(_) => "Read on the way",
                None => "Where it says so",
            };
            let read = line(lead, &read);
            self.lines.push(String::new());
            self.lines.extend(told.into_iter().chain(read));
            return;
        }
        self.lines.push(String::new());
        self.lines.push("Where it says so".to_owned());
        let width = clauses
            .iter()
            .map(|one| one.clause.len())
            .max()
            .unwrap_or(0);
        let mut source = "";
        for clause in clauses {
            if clause.source != source {
                self.line(1, &clause.source);
                source = &clause.source;
            }
            let words = match clause.section.as_str() {
                "" => clause.text.clone(),
                section => format!("{section}: {}", clause.text),
            };
            self.line(2, &format!("{:width$}  {words}", clause.clause));
        }
    }
}

/// A case: what it waits for, and what it gives where that is more than a value.
fn case_words(part: &Part) -> String {
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

/// Whether nothing is missing in what a step came to.
fn is_decided(step: &Step) -> bool {
    step.outcome.so_far().is_none()
}

/// Whether a part speaks of rows of a grid, which say so themselves.
fn lifts(part: &Part) -> bool {
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

/// The beginning of a long list, up to the end of a word.
fn shortened(words: &str) -> String {
    if words.chars().count() <= LISTED {
        return words.to_owned();
    }
    let start: String = words.chars().take(LISTED).collect();
    let whole = start
        .rsplit_once(' ')
        .map_or(start.as_str(), |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches(','))
}

/// The clauses at the end of a line.
fn marked(line: &str) -> impl Iterator<Item = &str> {
    let marks = line
        .rsplit_once("  [")
        .and_then(|(_, ids)| ids.strip_suffix(']'));
    marks.into_iter().flat_map(|ids| ids.split(", "))
}

fn marks(cites: &[String]) -> String {
    if cites.is_empty() {
        String::new()
    } else {
        format!("  [{}]", cites.join(", "))
    }
}
