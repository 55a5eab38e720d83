//! Random rules with parameters, and the same programs without them: what a rule says written out where it is asked
//! for.

use super::kinds::Kind::{self, *};
use super::kinds::{SIMPLE, list, maybe};
use super::write::Writer;

/// Around a call, between its arguments: the number of the rule stands first.
const OPEN: char = '\u{1}';
const THEN: char = '\u{2}';
const CLOSE: char = '\u{3}';

/// How a rule is asked for.
const CALLED: char = 'c';
const OF_ITEM: char = 'i';
const OF_LIST: char = 'l';

/// A rule with parameters.
pub struct Rule {
    name: String,
    takes: Vec<(String, Kind)>,
    gives: Kind,
    /// Of a record: used like a field.
    of_record: bool,
    /// One expression, or lines: cases, or a table.
    body: Result<String, Vec<String>>,
    exception: Option<(String, String)>,
}

impl Writer {
    /// An expression of a kind that asks for a rule: one that is there, or a new one.
    pub fn asked(&mut self, kind: &Kind, depth: u32) -> Option<String> {
        // Rules of rules of rules are enough.
        if self.inside_rules > 2 || matches!(kind, Deal | Visit) {
            return None;
        }
        let item = self.item().filter(|(name, _)| !name.is_empty());
        if let (List(inner), None) = (kind, &item)
            && SIMPLE.contains(inner)
            && self.random.chance(50)
        {
            let of = if self.random.chance(70) { Deal } else { Visit };
            let rule = self.rule(inner, Some(&of));
            let from = self.expr(&list(&of), depth.min(1));
            return Some(format!("({OPEN}{OF_LIST}{rule}{THEN}{from}{CLOSE})"));
        }
        if let Some((name, of)) = item.filter(|(_, of)| matches!(of, Deal | Visit))
            && self.random.chance(60)
        {
            let rule = self.rule(kind, Some(&of));
            return Some(format!("({OPEN}{OF_ITEM}{rule}{THEN}{name}{CLOSE})"));
        }
        let rule = self.rule(kind, None);
        let takes: Vec<Kind> = self.rules[rule]
            .takes
            .iter()
            .map(|(_, of)| of.clone())
            .collect();
        let mut text = format!("({OPEN}{CALLED}{rule}");
        for of in takes {
            // What `.field` means here it would not mean in the rule.
            let hidden = self.without_fields();
            let argument = self.expr(&of, depth.min(1));
            self.with_fields(hidden);
            text += &format!("{THEN}{argument}");
        }
        Some(format!("{text}{CLOSE})"))
    }

    /// A rule that gives a kind; of a record where one is named.
    fn rule(&mut self, gives: &Kind, of: Option<&Kind>) -> usize {
        let fits = |rule: &Rule| {
            let same = match of {
                Some(of) => rule.of_record && rule.takes[0].1 == *of,
                None => !rule.of_record,
            };
            rule.gives == *gives && same
        };
        let known: Vec<usize> = (0..self.rules.len())
            .filter(|at| fits(&self.rules[*at]))
            .collect();
        if !known.is_empty() && self.random.chance(50) {
            return *self.random.pick(&known);
        }
        let mut takes = Vec::new();
        for _ in 0..=self.random.below(2) {
            let simple = self.random.pick(&SIMPLE).clone();
            let kind = match (of, self.random.below(6)) {
                (Some(of), _) => of.clone(),
                (None, 0) => maybe(&simple),
                (None, 1) => list(&Deal),
                (None, _) => simple,
            };
            takes.push((self.parameter(), kind));
            if of.is_some() {
                break;
            }
        }
        let scene = self.enter_rule(&takes);
        let body = match self.random.below(4) {
            1 if SIMPLE.contains(gives) => {
                let [a, b] = [0; 2].map(|_| self.expr(gives, 1));
                Err(vec![
                    format!("| {} | -> one: {} |", self.expr(&Bool, 2), gives.written()),
                    format!("| yes | {a} |"),
                    format!("| no | {b} |"),
                ])
            }
            0 => {
                let [a, b] = [0; 2].map(|_| self.expr(gives, 1));
                let when = self.expr(&Bool, 2);
                let dates = *self
                    .random
                    .pick(&["", "", " from 2027-01-01", " under rd that"]);
                Err(vec![
                    format!("{a} when {when}{dates}"),
                    format!("{b} otherwise"),
                ])
            }
            _ => Ok(self.expr(gives, 2)),
        };
        let exception = self
            .random
            .chance(if of.is_some() { 40 } else { 20 })
            .then(|| {
                let (when, other) = (self.expr(&Bool, 1), self.expr(gives, 1));
                (when, other)
            });
        self.leave_rule(scene);
        let rule = Rule {
            name: format!("rule{}_", self.rules.len()),
            takes,
            gives: gives.clone(),
            of_record: of.is_some(),
            body,
            exception,
        };
        self.rules.push(rule);
        self.rules.len() - 1
    }

    /// A text with rules asked for by name, after the rules that were not written yet.
    pub fn written(&mut self, text: &str) -> String {
        let mut all = String::new();
        while self.told < self.rules.len() {
            all += &self.declared(self.told, &mut |call| call.named(&self.rules));
            self.told += 1;
        }
        all + &rendered(text, &mut |call| call.named(&self.rules))
    }

    /// The same with what the rules say in their place. Those that have lines or exceptions get a definition of their
    /// own for each of their arguments, where these read no item.
    pub fn written_out(&self, first: usize, text: &str) -> String {
        let mut twins: Vec<String> = Vec::new();
        let mut all = String::new();
        for rule in first..self.told {
            all += &self.declared(rule, &mut |call| {
                call.written_out(&self.rules, &mut Vec::new())
            });
        }
        let text = rendered(text, &mut |call| call.written_out(&self.rules, &mut twins));
        all + &twins.concat() + &text
    }

    fn declared(&self, at: usize, say: &mut dyn FnMut(&Call) -> String) -> String {
        let rule = &self.rules[at];
        let takes = match (rule.of_record, rule.takes.as_slice()) {
            (true, [(name, kind)]) => format!(" of {} {name}", kind.written()),
            (_, takes) => {
                let takes = takes
                    .iter()
                    .map(|(name, kind)| format!("{name}: {}", kind.written()));
                format!("({})", takes.collect::<Vec<_>>().join(", "))
            }
        };
        let of = if rule.of_record {
            format!(" of {}", rule.takes[0].1.written())
        } else {
            String::new()
        };
        rendered(&rule.declaration(&rule.name, &takes, &of), say)
    }
}

impl Rule {
    fn declaration(&self, name: &str, takes: &str, of: &str) -> String {
        let kind = self.gives.written();
        let mut text = match &self.body {
            Ok(expr) => format!("define {name}{takes}: {kind} = {expr}\n"),
            Err(lines) if lines[0].starts_with('|') => format!(
                "table {name}{takes} exactly one row\n  {}\n",
                lines.join("\n  ")
            ),
            Err(lines) => format!("define {name}{takes}: {kind}\n  {}\n", lines.join("\n  ")),
        };
        if let Some((when, other)) = &self.exception {
            text += &format!("exception except_{name} to {name}{of} when {when}\n  use {other}\n");
        }
        text
    }

    /// What stands where its parameters do.
    fn with(&self, text: &str, arguments: &[String]) -> String {
        let pairs = self.takes.iter().zip(arguments);
        pairs.fold(text.to_owned(), |text, ((name, _), argument)| {
            text.replace(name.as_str(), &format!("({argument})"))
        })
    }
}

/// A call in a text.
struct Call {
    how: char,
    rule: usize,
    /// As they were drawn.
    arguments: Vec<String>,
}

impl Call {
    fn named(&self, rules: &[Rule]) -> String {
        let name = &rules[self.rule].name;
        let arguments = self.arguments.iter();
        let arguments: Vec<String> = arguments
            .map(|argument| rendered(argument, &mut |call| call.named(rules)))
            .collect();
        match self.how {
            CALLED => format!("{name}({})", arguments.join(", ")),
            _ => format!("({}).{name}", arguments.concat()),
        }
    }

    fn written_out(&self, rules: &[Rule], twins: &mut Vec<String>) -> String {
        let rule = &rules[self.rule];
        let item = format!("each{}", twins.len() + self.rule * 1_000);
        let arguments = match self.how {
            OF_LIST => vec![item.clone()],
            _ => self.arguments.clone(),
        };
        let said = match (&rule.body, &rule.exception) {
            (Ok(expr), None) => rule.with(expr, &arguments),
            _ if arguments.iter().any(|argument| reads_item(argument)) => {
                let arguments = arguments.iter();
                let arguments: Vec<String> = arguments
                    .map(|argument| rendered(argument, &mut |call| call.written_out(rules, twins)))
                    .collect();
                let name = &rule.name;
                let text = match self.how {
                    CALLED => format!("{name}({})", arguments.join(", ")),
                    _ => format!("({}).{name}", arguments.concat()),
                };
                return self.each(rules, twins, &item, text);
            }
            _ => {
                let name = format!("twin{}_{}_", self.rule, twins.len());
                // A definition of its own stands outside of all that is known where it is used.
                let text = rule.with(&rule.declaration(&name, "", ""), &arguments);
                let text = rendered(&text, &mut |call| call.written_out(rules, twins));
                twins.push(text);
                return name;
            }
        };
        let said = rendered(&said, &mut |call| call.written_out(rules, twins));
        self.each(rules, twins, &item, said)
    }

    /// Of a list what is said of each item.
    fn each(&self, rules: &[Rule], twins: &mut Vec<String>, item: &str, said: String) -> String {
        if self.how != OF_LIST {
            return format!("({said})");
        }
        let list = rendered(&self.arguments[0], &mut |call| {
            call.written_out(rules, twins)
        });
        format!("(for each {item} in ({list}) give {said})")
    }
}

/// Whether a text may name an item of a loop around it.
fn reads_item(text: &str) -> bool {
    let digit = |at: usize| text[at..].starts_with(|letter: char| letter.is_ascii_digit());
    ["it", "each", "par"].iter().any(|word| {
        let mut found = text.match_indices(word);
        found.any(|(at, _)| digit(at + word.len()))
    }) || text.contains("(.")
        || text.contains(" .")
}

/// A text with each of its calls said in a way.
fn rendered(text: &str, say: &mut dyn FnMut(&Call) -> String) -> String {
    let Some(start) = text.find(OPEN) else {
        return text.to_owned();
    };
    let (mut depth, mut parts, mut begun) = (0, Vec::new(), start + 1);
    for (at, letter) in text.char_indices().skip_while(|(at, _)| *at < start) {
        match letter {
            OPEN => depth += 1,
            THEN if depth == 1 => {
                parts.push(&text[begun..at]);
                begun = at + 1;
            }
            CLOSE => {
                depth -= 1;
                if depth == 0 {
                    parts.push(&text[begun..at]);
                    let head = parts[0];
                    let call = Call {
                        how: head.chars().next().expect("how it is asked for"),
                        rule: head[1..].parse().expect("the number of a rule"),
                        arguments: parts[1..].iter().map(|part| (*part).to_owned()).collect(),
                    };
                    let said = say(&call);
                    return format!("{}{said}{}", &text[..start], rendered(&text[at + 1..], say));
                }
            }
            _ => {}
        }
    }
    panic!("a call without an end");
}
