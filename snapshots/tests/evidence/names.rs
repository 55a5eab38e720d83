//! What reads what: generated programs whose graph is known. No cycle is reported that is none, and none is missed.

use crate::harness::{Files, errors};
use crate::run::{Census, Random, cases};
use polc::diagnostics::{Code, Severity};
use std::collections::BTreeSet;
use std::fmt::Write;

const KINDS: [&str; 14] = [
    "definition",
    "cases",
    "scope and note",
    "exception",
    "exception to a case",
    "grid and waiver",
    "result of a row",
    "table",
    "amended table",
    "fact",
    "value",
    "lifecycle",
    "obligations",
    "duty",
];

/// A declaration and what it reads.
struct Node {
    kind: usize,
    reads: Vec<usize>,
}

/// How another declaration says that a node holds.
fn reference(node: usize, kind: usize) -> String {
    match KINDS[kind] {
        "grid and waiver" => format!("((highest Tier meeting g{node}) is high)"),
        "result of a row" => format!("((result of r{node} for high) is met)"),
        "lifecycle" => format!("(d{node} is s{node}b)"),
        "obligations" => format!("(count of d{node} > 0)"),
        "duty" => format!("(d{node}.state is missed)"),
        _ => format!("d{node}"),
    }
}

struct Writer<'g> {
    nodes: &'g [Node],
    random: Random,
    /// Names of nodes are values of an enumeration, too.
    values: bool,
}

impl Writer<'_> {
    /// A condition that reads these nodes and nothing else, with names that hide others on the way.
    fn condition(&mut self, reads: &[usize]) -> String {
        let mut text = "a".to_owned();
        for read in reads {
            let name = reference(*read, self.nodes[*read].kind);
            let other = (read + 1 + self.random.below(self.nodes.len() as u64 - 1) as usize)
                % self.nodes.len();
            text = match self.random.below(9) {
                0 => format!("({text} and {name})"),
                1 => format!("({text} or not {name})"),
                2 => format!("(if {name} then {text} else a)"),
                3 => format!("any of ({text}, {name})"),
                // The item is called like a node, and hides it; so does a key of a record.
                4 => format!("({text} and any d{other} in items where (d{other}.ok or {name}))"),
                5 => format!("({text} and count of [1 when {name}, 2] > 1)"),
                6 => format!("({text} and {{d{other}: {name}}}.d{other})"),
                7 => format!("({name} as of 2020-01-01 or {text})"),
                _ => format!("({text} and all of (at least 1 of ({name}, a), no items where .ok))"),
            };
        }
        let other = self.random.below(self.nodes.len() as u64);
        match self.random.below(4) {
            0 if self.values => format!("({text} and word is Word.d{other})"),
            1 if self.values => format!("({text} or Word.d{other} = word)"),
            2 => format!("({text} and count of Tier = 2)"),
            _ => text,
        }
    }

    fn node(&mut self, id: usize) -> String {
        let node = &self.nodes[id];
        let cut = self.random.below(node.reads.len() as u64 + 1) as usize;
        let (some, rest) = node.reads.split_at(cut);
        let (one, two) = (self.condition(some), self.condition(rest));
        match KINDS[node.kind] {
            "definition" => format!("define d{id}: bool = {one} or {two}\n"),
            "cases" => format!("define d{id}: bool\n  {one} when {two}\n  no otherwise\n"),
            "scope and note" => format!(
                "decision d{id}: bool\n  applies when {one} because \"x\"\n  note \"n\" when {two}\n  yes otherwise\n"
            ),
            "exception" => {
                format!(
                    "define d{id}: bool = a\nexception e{id} to d{id} when {one}\n  use {two}\n"
                )
            }
            "exception to a case" => format!(
                "define d{id}: bool\n  yes when a\n  no otherwise\nexception e{id} to d{id}.yes when {one} or {two}\n  does not apply\n"
            ),
            "grid and waiver" => format!(
                "requirements g{id} for Tier\n  |  | low | high |\n  | r{id}: {one} | - | mandatory |\n\
                 waiver w{id} when {two}\n  waives r{id} for high\n"
            ),
            "result of a row" => format!(
                "requirements g{id} for Tier\n  |  | low | high |\n  | p{id}: a | - | mandatory |\n\
                 amend g{id}\n  add | r{id}: {one} | - | mandatory |\n\
                 waiver w{id} when {two}\n  waives p{id} for high in g{id}\n"
            ),
            "table" => format!(
                "table d{id} exactly one row\n  | {one} | -> v: bool |\n  | yes | {two} |\n  | no | a |\n"
            ),
            "amended table" => format!(
                "table d{id} for tier gives v: bool, exactly one row\n  | a | low | high |\n  | x: yes | a | {one} |\n  | y: no | no | no |\n\
                 amend d{id}\n  x for low is ({two}) from 2026-01-01\n"
            ),
            "fact" => match self.random.below(2) {
                0 => format!("fact d{id}: bool assume {one} or {two}\n"),
                _ => format!("fact d{id}: bool derived if {one} then {two} else none\n"),
            },
            "value" => {
                format!("value d{id}: bool\n  {one} before 2026-01-01\n  {two} from 2026-01-01\n")
            }
            "lifecycle" => format!(
                "lifecycle d{id} starts s{id}a\n  state s{id}a\n    when {one} -> s{id}b\n    when {two} otherwise -> s{id}c\n  final s{id}b, s{id}c\n"
            ),
            "obligations" => format!(
                "obligations d{id}: Finding by us\n  for each item in items where {one}\n    must rule_one item.ok when {two}\n"
            ),
            _ => format!(
                "duty d{id} of us to you\n  on begun when {one}\n  due 10 days\n  done if {two} then begun else none\n"
            ),
        }
    }

    fn program(&mut self) -> String {
        let mut text = "program t \"t\" version 1\n\
            scale Tier { low < high }\nenum Rule { rule_one }\nenum Modality { must, should }\n\
            record Item\n  ok: bool\nrecord Finding\n  rule: Rule\n  modality: Modality\n\
            fact a: bool\nfact tier: Tier\nfact items: list of Item\nevent begun\n"
            .to_owned();
        if self.values {
            let names: Vec<String> = (0..self.nodes.len()).map(|id| format!("d{id}")).collect();
            let _ = writeln!(
                text,
                "enum Word {{ {} }}\nfact word: Word",
                names.join(", ")
            );
        }
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, self.random.below(at as u64 + 1) as usize);
        }
        for id in order {
            text.push_str(&self.node(id));
        }
        text
    }
}

/// Nodes that can be reached from one, not counting the way of no step.
fn reached(nodes: &[Node], from: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut todo = nodes[from].reads.clone();
    while let Some(next) = todo.pop() {
        if found.insert(next) {
            todo.extend(&nodes[next].reads);
        }
    }
    found
}

/// The node a name of a finding belongs to: `d3`, and `g3`, `w3`, `e3` which are parts of it.
fn owner(name: &str) -> usize {
    name[1..].parse().expect("a name of a node")
}

#[test]
fn every_cycle_is_found_and_no_other() {
    let mut census = Census::default();
    for case in 0..cases(20_000, 300) {
        let mut random = Random::of_case("cycles", case);
        let count = random.within(2, 8) as usize;
        let mut nodes: Vec<Node> = Vec::new();
        for id in 0..count {
            let kind = random.below(KINDS.len() as u64) as usize;
            let mut reads: Vec<usize> = (0..id).filter(|_| random.chance(35)).collect();
            reads.truncate(3);
            census.count(KINDS[kind]);
            nodes.push(Node { kind, reads });
        }
        for _ in 0..random.below(3) {
            let from = random.below(count as u64) as usize;
            let to = random.within(from as i64, count as i64 - 1) as usize;
            if !nodes[from].reads.contains(&to) {
                nodes[from].reads.push(to);
            }
        }
        let mut writer = Writer {
            values: random.chance(50),
            nodes: &nodes,
            random,
        };
        let values = writer.values;
        let text = writer.program();
        let mut compilation = Files::one(text.clone()).compile("t.pol");
        compilation
            .diagnostics
            .retain(|finding| finding.severity() == Severity::Error);
        let reach: Vec<BTreeSet<usize>> = (0..count).map(|id| reached(&nodes, id)).collect();
        let cyclic: Vec<usize> = (0..count).filter(|id| reach[*id].contains(id)).collect();
        census.count(match (cyclic.is_empty(), values) {
            (true, false) => "no cycle",
            (true, true) => "no cycle, names that are values",
            (false, false) => "cycle",
            (false, true) => "cycle, names that are values",
        });
        let mut in_findings = BTreeSet::new();
        for finding in &compilation.diagnostics {
            assert_eq!(
                finding.code,
                Code::CyclicDefinition,
                "{}{text}",
                errors(&compilation)
            );
            let path = finding.message.rsplit(": ").next().unwrap_or_default();
            let path: Vec<usize> = path.split(" → ").map(owner).collect();
            for pair in path.windows(2) {
                let real = pair[0] == pair[1] || nodes[pair[0]].reads.contains(&pair[1]);
                assert!(
                    real,
                    "{pair:?} is no reference: {}{text}",
                    errors(&compilation)
                );
            }
            // A node alone stands in a cycle only if it reads itself.
            let own = path.iter().all(|id| *id == path[0]);
            assert!(
                !own || nodes[path[0]].reads.contains(&path[0]),
                "{}{text}",
                errors(&compilation)
            );
            in_findings.extend(path);
        }
        for id in &cyclic {
            let found = in_findings.iter().any(|other| {
                let together = reach[*id].contains(other) && reach[*other].contains(id);
                // Where types have to tell what a name is, a declaration that reads a broken one is not read on.
                other == id || together || values && reach[*id].contains(other)
            });
            assert!(found, "the cycle of d{id} is missed: {text}");
        }
    }
    census.expect(&KINDS, 2_000);
    census.expect(
        &[
            "no cycle",
            "no cycle, names that are values",
            "cycle",
            "cycle, names that are values",
        ],
        2_000,
    );
}

/// Conditions of rows that say `cell` at every kind of place.
const CELL_PLACES: &[&str] = &[
    "d >= cell",
    "d >= start of month of cell",
    "d >= end of year of (cell + 1 month)",
    "count of (for each r in rs where r.on >= cell give r) > 0",
    "count of (for each r in rs give {on: cell, by: r.on}) > 0",
    "any r in rs where r.on >= cell",
    "no rs where .on >= cell",
    "at least 1 of rs where .on within 3 days before cell",
    "count of (rs where .on >= cell) > 0",
    "(latest of (rs where .on >= cell) by .on) is not none",
    "count of (rs sorted by (days from cell to .on)) > 0",
    "count of (rs grouped by (.on >= cell)) > 0",
    "count of ([d] followed by [cell]) > 1",
    "count of [d when d >= cell, d] > 1",
    "{on: cell}.on <= d",
    "d in period from cell through 2030-01-01",
    "(period from d) overlaps (period from cell)",
    "days of (period from cell through d) > 3 days",
    "next s on or after cell > d",
    "previous s before cell > d",
    "ever d >= as_of within 10 days from cell",
    "(d as of cell) >= d",
    "days from cell to d > 3 days",
    "months from cell to d > 3 months",
    "later of (cell, d) = d",
    "d is one of cell, 2026-01-01",
    "if d >= cell then yes else no",
    "any of (d >= cell, no)",
    "not (d < cell)",
    "o or else cell > d",
    "(highest Tier meeting other) is high and d >= cell",
];

#[test]
fn cell_is_found_wherever_it_stands() {
    for place in CELL_PLACES {
        let text = format!(
            "program t \"t\" version 1\nscale Tier {{ low < high }}\nrecord R\n  on: date\nfact rs: list of R\nfact d: date\nfact o: date or none\n\
             schedule s on day 1 of january, july\n\
             requirements other for Tier\n  |  | low | high |\n  | b: d >= cell | 2020-01-01 | 2021-01-01 |\n\
             requirements one for Tier\n  |  | low | high |\n  | a: {place} | - | 2021-01-01 |\n\
             decision x: Tier or none = highest Tier meeting one\n"
        );
        let compilation = Files::one(text).compile("t.pol");
        assert!(
            compilation.program.is_some(),
            "{place}: {}",
            errors(&compilation)
        );
    }
}
