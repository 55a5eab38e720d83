//! What a change reaches: the decisions that another program may decide differently, by what they read, however deep and
//! whether or not it is read for some facts. Whatever has the same number in two programs comes to the same.

use polc_runtime::ir::{self, NodeId, Op, Through};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Each decision with a number for everything it reads.
pub type Reads = BTreeMap<String, u64>;

/// The numbers of the decisions of a program.
pub fn reads(program: &ir::Program) -> Reads {
    let mut known = Known {
        program,
        numbers: vec![None; program.nodes.len()],
        types: number(&format!("{:?}", (&program.enums, &program.records))),
    };
    let decisions = program.definitions.iter();
    let decisions = decisions.filter(|known| known.kind == ir::DefinitionKind::Decision);
    let numbered = |one: &ir::Definition| (one.name.clone(), known.of(one.node));
    decisions.map(numbered).collect()
}

/// The decisions of both programs that do not read the same.
pub fn reached(before: &Reads, after: &Reads) -> BTreeSet<String> {
    let other = |(name, number): &(&String, &u64)| after.get(*name).is_some_and(|is| is != *number);
    let found = before.iter().filter(other);
    found.map(|(name, _)| name.clone()).collect()
}

/// What facts are read by: two programs with the same read the same from any text.
pub fn inputs(program: &ir::Program) -> String {
    let without_rules = |fact: &ir::Fact| ir::Fact {
        derived: fact.derived.map(|_| 0),
        assume: fact.assume.map(|_| 0),
        ..fact.clone()
    };
    let facts: Vec<ir::Fact> = program.facts.iter().map(without_rules).collect();
    let row = |row: &ir::GridRow| row.name.clone();
    let rows = |grid: &ir::Grid| -> Vec<String> { grid.rows.iter().map(row).collect() };
    let grids = program.grids.iter();
    let grids: Vec<_> = grids
        .map(|grid| (&grid.name, grid.scale, rows(grid)))
        .collect();
    let readings = program.readings.iter();
    let readings: Vec<_> = readings.map(|one| (&one.name, &one.alternatives)).collect();
    let types = (&program.enums, &program.records, &program.currency);
    format!("{:?}", (facts, types, grids, readings))
}

fn number(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

struct Known<'p> {
    program: &'p ir::Program,
    numbers: Vec<Option<u64>>,
    types: u64,
}

impl Known<'_> {
    fn of(&mut self, node: NodeId) -> u64 {
        let mut left = vec![node];
        while let Some(at) = left.last().copied() {
            if self.numbers[at as usize].is_some() {
                left.pop();
                continue;
            }
            let mut read = Vec::new();
            let op = &self.program.nodes[at as usize].op;
            self.program.reads(op, |node, _| read.push(node));
            let waiting = read
                .iter()
                .filter(|one| self.numbers[**one as usize].is_none());
            let waiting: Vec<NodeId> = waiting.copied().collect();
            if waiting.is_empty() {
                let made = self.made(at, &read);
                self.numbers[at as usize] = Some(made);
                left.pop();
            }
            left.extend(waiting);
        }
        self.numbers[node as usize].expect("numbered")
    }

    /// The number of a node whose operands have theirs.
    fn made(&self, at: NodeId, read: &[NodeId]) -> u64 {
        let program = self.program;
        let node = &program.nodes[at as usize];
        let mut op = node.op.clone();
        ir::rewrite(&mut op, |_| 0);
        let read: Vec<u64> = read
            .iter()
            .flat_map(|one| self.numbers[*one as usize])
            .collect();
        let table = match (node.op.through(), &node.op) {
            (Through::Fact(fact), _) => {
                let fact = &program.facts[fact as usize];
                let rules = (fact.derived.is_some(), fact.assume.is_some());
                let bare = ir::Fact {
                    derived: None,
                    assume: None,
                    ..fact.clone()
                };
                format!("{bare:?} {rules:?}")
            }
            (Through::Schedule(schedule), _) => {
                let mut schedule = program.schedules[schedule as usize].clone();
                if let ir::ScheduleRule::Every { anchor, .. } = &mut schedule.rule {
                    *anchor = 0;
                }
                format!("{schedule:?}")
            }
            (Through::Nothing, Op::ReadingIs(reading, _)) => {
                format!("{:?}", program.readings[*reading as usize])
            }
            (Through::Nothing, Op::Recorded(fact) | Op::Missing(fact)) => {
                program.facts[*fact as usize].name.clone()
            }
            // Its history tells its lines.
            (Through::Nothing, Op::Lifecycle(machine)) => {
                let mut all = program.lifecycles.iter();
                let layout = all.find(|layout| layout.name == machine.name);
                let lines = layout.into_iter().flat_map(|layout| &layout.lines);
                let told: Vec<String> = lines.map(|line| program.line_told(line)).collect();
                format!("{told:?}")
            }
            (Through::Nothing, _) => String::new(),
        };
        number(&(&op, &node.ty, read, table, self.types))
    }
}
