//! Programs with questions: facts on days, drawn and from the tests.

use crate::given::Given;
use crate::harness::Files;
use crate::plain::day_of;
use crate::run::Random;
use polc::pipeline::Parsed;
use polc::source::{Sources, Span};
use polc::syntax::ast;
use polc::testing::situations;
use polc_runtime::explain::Explanation;
use polc_runtime::facts::Facts;
use polc_runtime::ir::DefinitionKind;
use polc_runtime::result::{self, Reply};
use polc_runtime::value::Date;
use polc_runtime::{Options, Program};
use serde_json::Value as Json;
use std::collections::BTreeMap;

const DAYS: [&str; 6] = [
    "2026-07-15",
    "2026-10-15",
    "2026-12-31",
    "2027-01-15",
    "2028-02-29",
    "2029-07-16",
];

/// From this set of facts on what is worked out from records is given as well.
const RAW: u64 = 4;

/// Of so many sets of facts one is read by other readings than the chosen ones.
const READ_ANOTHER_WAY: u64 = 3;

/// Where a question comes from: the file and line of a case, or no file and a number.
pub type Place = (String, usize);

/// Decided answers by the names of the decisions: values without a part that is missing, and what is not applicable.
/// They are as people read them: the number of a value among those of its enumeration may be another.
pub type Decided = BTreeMap<String, Reply>;

/// A program with the places of its provisions, and what is asked of it.
pub struct Subject {
    pub parsed: Parsed,
    pub program: Program,
    /// Where each provision stands.
    pub places: Vec<Span>,
    tests: Vec<ast::Tests>,
    /// The texts of rules and tests.
    sources: Sources,
    drawn: Vec<Drawn>,
}

/// Facts that were drawn, on a day.
struct Drawn {
    facts: String,
    day: Date,
    options: Options,
}

/// Facts on a day, bound to a program.
pub struct Question {
    pub facts: Facts,
    pub day: Date,
    pub options: Options,
    /// The facts as they were drawn, or the place of the case of a test.
    pub told: String,
}

impl Question {
    /// What is decided.
    pub fn decided(&self, program: &Program) -> Decided {
        self.decided_of(program, |_| true)
    }

    /// What is decided of some decisions.
    pub fn decided_of(&self, program: &Program, asked: impl Fn(&str) -> bool) -> Decided {
        let mut evaluation = program.evaluate(&self.facts, self.day, &self.options);
        let mut decided = Decided::new();
        for definition in &program.ir().definitions {
            if definition.kind != DefinitionKind::Decision || !asked(&definition.name) {
                continue;
            }
            let outcome = evaluation.node(definition.node);
            let told = result::reply(program.ir(), &definition.ty, &outcome);
            if matches!(told, Reply::Known { .. } | Reply::NotApplicable { .. }) {
                decided.insert(definition.name.clone(), told);
            }
        }
        decided
    }

    /// Why one of the answers is what it is.
    pub fn why(&self, program: &Program, name: &str) -> Explanation {
        program
            .explain(&self.facts, self.day, &self.options, name)
            .expect("a decision of the program")
    }
}

impl Subject {
    /// A shipped program with sets of facts, each on some days, and with the cases of its tests.
    pub fn shipped(folder: &'static str, sets: u64, days: usize) -> Subject {
        let whole = Parsed::read(&Files::whole(folder), folder);
        let tests = whole.compile().program.expect("a shipped program").tests;
        let rules = Files::rules(folder);
        let mut subject = Subject::new(Parsed::read(&rules, folder), folder, sets, days);
        subject.tests = tests;
        subject.sources = whole.sources;
        subject
    }

    /// A program of one text.
    pub fn one(text: &str, name: &str, sets: u64, days: usize) -> Subject {
        let parsed = Parsed::read(&Files::one(text), "t.pol");
        Subject::new(parsed, name, sets, days)
    }

    /// A program of one text with facts on a day.
    pub fn on(text: &str, facts: &str, day: &str) -> Subject {
        let mut subject = Subject::one(text, "", 0, 0);
        let day = Date::parse(day).expect("a day");
        subject.drawn.push(Drawn {
            facts: facts.to_owned(),
            day,
            options: Options::default(),
        });
        subject
    }

    fn new(parsed: Parsed, name: &str, sets: u64, days: usize) -> Subject {
        let compiled = parsed.compile().program.expect("a program without errors");
        let program = Program::new(compiled.ir).expect("what compiles verifies");
        let mut drawn = Vec::new();
        for set in 0..sets {
            let mut random = Random::of_case(&format!("reasons {name}"), set);
            let first = random.below(6) as usize;
            let on = DAYS[first];
            let mut given = Given::new(program.ir(), random, day_of(on).unwrap());
            let mut facts = given.facts();
            if set >= RAW {
                facts = given.with_derived(&facts);
            }
            let facts = Json::Object(facts).to_string();
            let mut options = Options::default();
            if set % READ_ANOTHER_WAY == 0 {
                for (reading, known) in (0..).zip(&program.ir().readings) {
                    let taken = given.random.below(known.alternatives.len() as u64);
                    options.readings.insert(reading, taken as u32);
                }
            }
            for step in 0..days {
                drawn.push(Drawn {
                    facts: facts.clone(),
                    day: Date::parse(DAYS[(first + step) % 6]).unwrap(),
                    options: options.clone(),
                });
            }
        }
        Subject {
            parsed,
            program,
            places: compiled.places,
            tests: Vec::new(),
            sources: Sources::default(),
            drawn,
        }
    }

    /// The questions, bound to a program that may be changed; none where the facts name what it has no more. Of the
    /// cases of the tests those are taken whose lines `nth` divides.
    pub fn questions(&self, program: &Program, nth: usize) -> BTreeMap<Place, Question> {
        let mut found = BTreeMap::new();
        for (at, drawn) in self.drawn.iter().enumerate() {
            if let Ok(facts) = Facts::from_json(program.ir(), &drawn.facts) {
                let question = Question {
                    facts,
                    day: drawn.day,
                    options: drawn.options.clone(),
                    told: format!("facts {}", drawn.facts),
                };
                found.insert((String::new(), at), question);
            }
        }
        for case in situations(program.ir(), &self.tests, &self.sources) {
            if case.line % nth == 0 {
                let question = Question {
                    facts: case.facts,
                    day: case.as_of,
                    options: case.options,
                    told: format!("the case at {}:{}", case.file, case.line),
                };
                found.insert((case.file, case.line), question);
            }
        }
        found
    }
}
