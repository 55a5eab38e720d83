//! The runtime beside the plain evaluator, on one program.

use crate::given::Given;
use crate::harness::{self, Files};
use crate::learn::{contradicted, supplied};
use crate::plain::{Outcome, Plain, Value, day_of, equal, read};
use crate::run::{Census, Random, shown};
use polc::diagnostics::Severity;
use polc_runtime::facts::Facts;
use polc_runtime::ir::{Definition, DefinitionKind, Program as Ir};
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// The facts that generated programs ask for in words.
pub const NAMED: [&str; 4] = ["b1", "i1", "deals", "e2"];

/// At most so many facts are missing where every completion is looked at.
const MISSING: usize = 3;

/// As many open answers of a set of facts are supplied with what they need.
const ASKED: usize = 3;

/// What was compared, and what differed.
#[derive(Default)]
pub struct Comparison {
    /// Decisions compared.
    pub expressions: u64,
    /// Outcomes on full facts, those the plain evaluator leaves open, and answers on partial facts.
    full: u64,
    left_open: u64,
    decided: u64,
    undecided: u64,
    /// Open answers whose needs were supplied.
    asked: u64,
    /// Answers where every completion was looked at: decided, open as they must be, and open though they need not be.
    whole: [u64; 3],
    differences: Vec<String>,
    seen: BTreeSet<(usize, String)>,
}

impl std::fmt::Debug for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} expressions; {} outcomes on full facts, {} of them not to be said by the documents; on partial facts {} decided answers and {} open ones; {} supplied with what they need; against every completion {:?} (decided, open, open though all agree)",
            self.expressions,
            self.full,
            self.left_open,
            self.decided,
            self.undecided,
            self.asked,
            self.whole
        )
    }
}

/// Compiles those of the declarations that are accepted, with the text that is left.
pub fn accepted(head: &str, mut declarations: Vec<String>) -> Option<(String, Program)> {
    loop {
        if declarations.is_empty() {
            return None;
        }
        let text = format!("{head}{}", declarations.concat());
        let compilation = Files::one(text.as_str()).compile("t.pol");
        if let Some(compiled) = compilation.program {
            return Some((
                text,
                Program::new(compiled.ir).expect("what compiles verifies"),
            ));
        }
        let before = declarations.len();
        let mut end = head.len();
        declarations.retain(|declaration| {
            let start = end;
            end += declaration.len();
            !compilation.diagnostics.iter().any(|finding| {
                let at = finding.labels[0].span.start as usize;
                finding.severity() == Severity::Error && (start..end).contains(&at)
            })
        });
        assert!(
            declarations.len() < before,
            "refused for something outside:\n{text}"
        );
    }
}

/// The decisions of a program.
fn decisions(program: &Ir) -> impl Iterator<Item = &Definition> {
    program
        .definitions
        .iter()
        .filter(|one| one.kind == DefinitionKind::Decision)
}

/// The result of the runtime for JSON facts.
pub fn report(program: &Program, facts: &Map<String, Json>, as_of: Date) -> Json {
    let text = Json::Object(facts.clone()).to_string();
    let read = Facts::from_json(program.ir(), &text)
        .unwrap_or_else(|faults| panic!("{faults:?} in {text}"));
    program
        .evaluate(&read, as_of, &Options::default())
        .report(None)
        .json()
}

/// The name of an outcome's kind.
fn status(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Known(_) => "known",
        Outcome::NotApplicable => "not_applicable",
        Outcome::Error => "error",
        Outcome::Open => "open",
    }
}

/// The outcome in an answer of the runtime.
fn outcome(program: &Ir, definition: &Definition, answer: &Json) -> Outcome {
    read(program, &definition.ty, answer)
}

fn same(a: &Outcome, b: &Outcome, definition: &Definition) -> bool {
    a == b || equal(a, b, &definition.ty) == Outcome::Known(Value::Bool(true))
}

/// Whether a fact is asked for in words (`needs FACT`), whatever it is.
fn stated(need: &Json) -> bool {
    need.as_str().is_some_and(|need| NAMED.contains(&need))
}

impl Comparison {
    /// Compares all decisions of a program on a few sets of facts.
    pub fn program(
        &mut self,
        program: &Program,
        text: &str,
        day: &str,
        random: &mut Random,
        census: &mut Census,
    ) {
        let as_of = Date::parse(day).expect("a date");
        let number = day_of(day).expect("a date");
        let ir = program.ir();
        let plain = Plain::new(ir);
        self.expressions += decisions(ir).count() as u64;
        let mut given = Given::new(ir, random.clone(), number);
        for at in 0..3 {
            let full = given.facts();
            self.on_full(program, &plain, (text, as_of, number), &full, census);
            let partial = given.fewer(&full, 25);
            let more = [full, given.completed(&partial), given.completed(&partial)];
            self.on_partial(program, &plain, (text, as_of, number), &partial, &more);
            if at == 0 {
                let full = &more[0];
                self.on_every_completion(program, &plain, (text, as_of, number), full, &mut given);
            }
            // an aggregate is asked for by its name where neither it nor what it is made of is given
            let all = given.with_derived(&more[0]);
            self.on_needs(program, (text, as_of), &partial, &all, &mut given.random);
        }
        *random = given.random;
    }

    fn on_full(
        &mut self,
        program: &Program,
        plain: &Plain<'_>,
        (text, as_of, number): (&str, Date, i64),
        full: &Map<String, Json>,
        census: &mut Census,
    ) {
        let result = report(program, full, as_of);
        let run = plain.run(full, number);
        for definition in decisions(program.ir()) {
            let wanted = run.outcome(definition.node);
            census.count(status(&wanted));
            self.full += 1;
            if wanted == Outcome::Open {
                self.left_open += 1;
                continue;
            }
            let answer = &result["decisions"][&definition.name];
            let got = outcome(program.ir(), definition, answer);
            if !same(&wanted, &got, definition) {
                self.differs(
                    text,
                    definition,
                    as_of,
                    &format!("{wanted:?}"),
                    answer,
                    &[full],
                );
            }
        }
    }

    fn on_partial(
        &mut self,
        program: &Program,
        plain: &Plain<'_>,
        (text, as_of, number): (&str, Date, i64),
        partial: &Map<String, Json>,
        more: &[Map<String, Json>],
    ) {
        let before = report(program, partial, as_of);
        for facts in more {
            let after = report(program, facts, as_of);
            let run = plain.run(facts, number);
            for definition in decisions(program.ir()) {
                let answer = &before["decisions"][&definition.name];
                let decided = outcome(program.ir(), definition, answer);
                if decided.settled() == Outcome::Open {
                    self.undecided += 1;
                    let now = outcome(
                        program.ir(),
                        definition,
                        &after["decisions"][&definition.name],
                    );
                    if let Some(why) = contradicted(program.ir(), &definition.ty, answer, &now) {
                        self.differs(text, definition, as_of, &why, answer, &[partial, facts]);
                    }
                    continue;
                }
                self.decided += 1;
                let wanted = match run.outcome(definition.node) {
                    Outcome::Open => outcome(
                        program.ir(),
                        definition,
                        &after["decisions"][&definition.name],
                    ),
                    other => other,
                };
                if !same(&wanted, &decided, definition) {
                    self.differs(
                        text,
                        definition,
                        as_of,
                        &format!("{wanted:?}"),
                        answer,
                        &[partial, facts],
                    );
                }
            }
        }
    }

    /// Without a few facts of few values, against every completion there is.
    fn on_every_completion(
        &mut self,
        program: &Program,
        plain: &Plain<'_>,
        (text, as_of, number): (&str, Date, i64),
        full: &Map<String, Json>,
        given: &mut Given<'_>,
    ) {
        let few = given.of_few_values();
        if few.is_empty() {
            return;
        }
        let (mut partial, mut all) = (full.clone(), vec![full.clone()]);
        for _ in 0..MISSING {
            let (name, values) = given.random.pick(&few);
            if partial.shift_remove(name).is_some() {
                let with = |facts: &Map<String, Json>, value: &Json| {
                    let mut facts = facts.clone();
                    facts.insert(name.clone(), value.clone());
                    facts
                };
                all = all
                    .iter()
                    .flat_map(|facts| values.iter().map(move |value| with(facts, value)))
                    .collect();
            }
        }
        let before = report(program, &partial, as_of);
        let runs: Vec<_> = all.iter().map(|facts| plain.run(facts, number)).collect();
        for definition in decisions(program.ir()) {
            let answer = &before["decisions"][&definition.name];
            let decided = outcome(program.ir(), definition, answer);
            let wanted: Vec<Outcome> = runs
                .iter()
                .map(|run| run.outcome(definition.node))
                .collect();
            if wanted.contains(&Outcome::Open) {
                continue;
            }
            let other = wanted
                .iter()
                .position(|wanted| !same(wanted, &decided, definition));
            match (decided.settled() == Outcome::Open, other) {
                (false, None) => self.whole[0] += 1,
                (false, Some(at)) => {
                    self.differs(
                        text,
                        definition,
                        as_of,
                        &format!("{:?}", wanted[at]),
                        answer,
                        &[&partial, &all[at]],
                    );
                }
                (true, _) => {
                    let differ = wanted.iter().any(|one| !same(one, &wanted[0], definition));
                    self.whole[if differ { 1 } else { 2 }] += 1;
                    if !differ && std::env::var("POL_IMPRECISE").is_ok() {
                        let rules = rules_of(text, &definition.name);
                        println!(
                            "IMPRECISE on {as_of} all {:?}, got {answer}\n{rules}\nwith {}",
                            wanted[0],
                            reduced(&partial, &rules)
                        );
                    }
                }
            }
        }
    }

    /// With everything an answer asks for supplied, it is decided, or waits for a judgement.
    fn on_needs(
        &mut self,
        program: &Program,
        (text, as_of): (&str, Date),
        partial: &Map<String, Json>,
        full: &Map<String, Json>,
        random: &mut Random,
    ) {
        let before = report(program, partial, as_of);
        let unknown: Vec<&Definition> = decisions(program.ir())
            .filter(|one| before["decisions"][&one.name]["status"] == "unknown")
            .collect();
        if unknown.is_empty() {
            return;
        }
        for _ in 0..ASKED {
            let definition = *random.pick(&unknown);
            let answer = &before["decisions"][&definition.name];
            let needs: Vec<&str> = answer["needs"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Json::as_str)
                .collect();
            // with nothing to ask for, no fact can tell (a day that none says)
            if needs.is_empty() {
                continue;
            }
            self.asked += 1;
            let more = needs
                .iter()
                .fold(partial.clone(), |facts, path| supplied(&facts, full, path));
            let after = report(program, &more, as_of);
            let now = &after["decisions"][&definition.name];
            let stays = now["needs"]
                .as_array()
                .is_some_and(|needs| needs.iter().any(|need| !stated(need)));
            if now["status"] == "unknown" && stays {
                let wanted = format!("nothing more to ask for, not {now}");
                self.differs(text, definition, as_of, &wanted, answer, &[partial, &more]);
            }
        }
    }

    fn differs(
        &mut self,
        text: &str,
        definition: &Definition,
        as_of: Date,
        wanted: &str,
        answer: &Json,
        facts: &[&Map<String, Json>],
    ) {
        if self.seen.insert((text.len(), definition.name.clone())) {
            let rules = rules_of(text, &definition.name);
            let facts: Vec<String> = facts.iter().map(|facts| reduced(facts, &rules)).collect();
            self.differences.push(format!(
                "on {as_of} wanted {wanted}, got {answer}\n{rules}\nwith {}",
                facts.join("\nand  ")
            ));
        }
    }

    /// Fails where anything differed.
    pub fn finish(&self) {
        let count = self.differences.len();
        let shown = self
            .differences
            .iter()
            .take(shown())
            .cloned()
            .collect::<Vec<_>>()
            .join("\n\n");
        assert!(
            self.differences.is_empty(),
            "{self:?}\n{count} differences:\n{shown}"
        );
    }
}

/// The declarations of a decision and of what it reads.
fn rules_of(text: &str, name: &str) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for line in text.lines() {
        match blocks.last_mut() {
            Some(block) if line.starts_with(' ') => *block += &format!("\n{line}"),
            _ => blocks.push(line.to_owned()),
        }
    }
    let (mut wanted, mut shown) = (vec![name.to_owned()], Vec::new());
    while let Some(name) = wanted.pop() {
        for block in &blocks {
            let kinds = [
                "decision",
                "table",
                "define",
                "lifecycle",
                "obligations",
                "duty",
                "order",
            ];
            let declares = kinds.iter().any(|kind| {
                let rest = block.strip_prefix(kind).map(str::trim_start);
                rest.is_some_and(|rest| {
                    rest.starts_with(&name) && !is_word(rest[name.len()..].chars().next())
                })
            });
            let about = declares
                || block.contains(&format!(" to {name} "))
                || block.contains(&format!(" to {name}\n"));
            if about && !shown.contains(block) {
                shown.push(block.clone());
                wanted.extend(words(block).map(str::to_owned));
            }
        }
    }
    shown.join("\n")
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !is_word(Some(letter)))
        .filter(|word| !word.is_empty())
}

/// The facts that the rules name.
fn reduced(facts: &Map<String, Json>, rules: &str) -> String {
    let named = facts
        .iter()
        .filter(|(name, _)| words(rules).any(|word| word == *name));
    let named: Map<String, Json> = named
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Json::Object(named).to_string()
}

#[test]
fn the_plain_evaluator_takes_nothing_from_the_runtime_but_the_data_of_a_program() {
    let folder = harness::root().join("snapshots/tests/evidence/plain");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("polc") {
            let line = text[at..].lines().next().unwrap();
            assert!(line.starts_with("polc_runtime::ir::"), "{path:?}: {line}");
        }
        assert!(
            !text.contains("crate::"),
            "{path:?} reaches out of its folder"
        );
    }
}
