//! What conditions come to at every point of a domain.

use super::*;

/// What holds at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Outside,
}

/// Conditions that hold together, as the program says them one by one.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard(pub(super) Vec<usize>);

/// A program whose conditions are decisions of their own: what they come to at every point.
pub(super) struct Probe {
    pub(super) conditions: Vec<String>,
    /// For every point what each condition comes to.
    pub(super) truths: Vec<Vec<Outcome>>,
}

impl Probe {
    pub(super) fn new() -> Probe {
        Probe {
            conditions: Vec::new(),
            truths: Vec::new(),
        }
    }

    /// One more thing to ask for, with its type.
    pub(super) fn ask(&mut self, ty: &str, text: &str) -> usize {
        self.conditions.push(format!(": {ty} = {text}"));
        self.conditions.len() - 1
    }

    pub(super) fn guard(&mut self, parts: impl IntoIterator<Item = String>) -> Guard {
        Guard(
            parts
                .into_iter()
                .map(|part| self.ask("bool", &part))
                .collect(),
        )
    }

    pub(super) fn run(&mut self, world: &World) {
        let mut text = world.text.clone();
        for (at, condition) in self.conditions.iter().enumerate() {
            let _ = writeln!(text, "decision g{at}{condition}");
        }
        let program: Program = Files::one(text).program("t.pol");
        let reading = program.reading("r");
        let names: Vec<String> = (0..self.conditions.len())
            .map(|at| format!("g{at}"))
            .collect();
        for (facts, day, alternative) in world.points() {
            let facts = Facts::from_json(program.ir(), &facts).unwrap();
            let mut options = Options::default();
            if let Some(reading) = reading {
                options.readings.insert(reading, alternative);
            }
            let mut evaluation = program.evaluate(&facts, day, &options);
            let truths = names.iter().map(|name| evaluation.decision(name).unwrap());
            self.truths.push(truths.collect());
        }
    }

    /// What a guard comes to at a point. A part that is not applicable is passed on.
    pub(super) fn truth(&self, point: &[Outcome], guard: &Guard) -> Truth {
        let mut truth = Truth::Yes;
        for part in &guard.0 {
            match &point[*part] {
                Outcome::Known(Value::Bool(true)) => {}
                Outcome::Known(Value::Bool(false)) => return Truth::No,
                Outcome::NotApplicable(_) => truth = Truth::Outside,
                other => panic!("{} is {other:?}", self.conditions[*part]),
            }
        }
        truth
    }

    pub(super) fn ever(&self, so: impl Fn(&[Outcome]) -> bool) -> bool {
        self.truths.iter().any(|point| so(point))
    }

    pub(super) fn fails(&self, point: &[Outcome], guard: &Guard) -> bool {
        self.truth(point, guard) == Truth::No
    }

    pub(super) fn holds(&self, point: &[Outcome], guard: &Guard) -> bool {
        self.truth(point, guard) == Truth::Yes
    }

    /// Whether a guard leaves something to what stands after it at a point: where it is not applicable, what
    /// comes after is still asked for.
    pub(super) fn passed(&self, point: &[Outcome], guard: &Guard) -> bool {
        match self.truth(point, guard) {
            Truth::Yes => false,
            Truth::No => true,
            Truth::Outside => true,
        }
    }
}

/// What should be found: codes with the lines of their labels.
pub(super) type Found = BTreeSet<(&'static str, Vec<usize>)>;

/// A program, what has to be found in it, and what it is.
pub(super) struct Case {
    pub(super) text: String,
    pub(super) expected: Found,
    pub(super) kind: &'static str,
}

pub(super) fn line(text: &str, start: u32) -> usize {
    text[..start as usize].matches('\n').count() + 1
}

pub(super) fn lines(text: &str) -> usize {
    text.matches('\n').count()
}
