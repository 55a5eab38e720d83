//! Learning a missing fact never changes a decided answer, on random programs.

use super::*;

/// A small generator of pseudo-random numbers, the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// A random program over four bool facts and four numbers from 0 to 3; all nodes are returned.
fn random_program(dice: &mut Dice) -> Build {
    let mut b = Build::new();
    let (mut bools, mut ints) = (vec![b.yes(), b.no()], vec![b.int(1), b.int(2)]);
    for at in 0..4 {
        bools.push(b.fact(&format!("b{at}"), Type::Bool, None));
        ints.push(b.fact(&format!("n{at}"), Type::Int, None));
        b.range(0, 3);
    }
    for _ in 0..40 {
        let mut pick = |from: &[NodeId]| from[dice.roll(from.len())];
        let (x, y, z) = (pick(&bools), pick(&bools), pick(&bools));
        let (i, j, k) = (pick(&ints), pick(&ints), pick(&ints));
        let exceptions = [(x, i), (y, j)]
            .iter()
            .enumerate()
            .map(|(at, (guard, value))| Exception {
                name: format!("e{at}"),
                guard: *guard,
                value: *value,
                cites: Vec::new(),
            })
            .collect();
        let cmp = [Cmp::Eq, Cmp::Ne, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge][dice.roll(6)];
        let because = String::from("outside");
        let (op, is_bool) = match dice.roll(13) {
            0 => (Op::And(vec![x, y, z]), true),
            1 => (Op::Or(vec![x, y, z]), true),
            2 => (Op::Not(x), true),
            3 => (Op::AtLeast(i, vec![x, y, z]), true),
            4 | 5 => (Op::Compare(cmp, i, j), true),
            6 => (Op::Add(i, j), false),
            7 => (Op::Sub(i, j), false),
            8 => (Op::Max(vec![i, j]), false),
            9 => (Op::Min(vec![i, j]), false),
            10 => {
                let cases = vec![(x, i), (y, j)];
                let otherwise = Some(k);
                (Op::Cases { cases, otherwise }, false)
            }
            11 => {
                let (base, beats) = (k, [vec![], vec![(0, 1)]][dice.roll(2)].clone());
                let op = Op::Override {
                    base,
                    exceptions,
                    beats,
                };
                (op, false)
            }
            _ => {
                let (applies, body) = (x, y);
                let op = Op::Scope {
                    applies,
                    body,
                    because,
                };
                (op, true)
            }
        };
        if is_bool {
            bools.push(b.bool(op));
        } else {
            ints.push(b.node(op, Type::Int));
        }
    }
    b
}

#[test]
fn learning_a_missing_fact_never_changes_a_decided_answer() {
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let program = Program::new(random_program(&mut dice).ir).unwrap();
        let nodes = program.ir().nodes.len() as NodeId;
        let absent = || Slot::Absent;
        let mut before: Vec<Option<Outcome>> = vec![None; nodes as usize];
        // Facts are learnt one by one, in a random order.
        let mut order: Vec<usize> = (0..8).collect();
        for at in (1..8).rev() {
            order.swap(at, dice.roll(at + 1));
        }
        let mut values: Vec<Option<Outcome>> = vec![None; 8];
        for step in 0..=8 {
            let slots = values
                .iter()
                .map(|value| {
                    value.clone().map_or_else(absent, |value| Slot::Given {
                        value,
                        on: None,
                        by: None,
                    })
                })
                .collect();
            let facts = facts_of(program.ir(), slots);
            let mut evaluation = program.evaluate(&facts, today(), &Options::default());
            for node in 0..nodes {
                let now = evaluation.node(node);
                if let Outcome::Open(open) = &now {
                    assert!(!open.facts.is_empty(), "seed {seed}: open without needs");
                    assert!(step < 8, "seed {seed}: open although all is known");
                }
                let known = before[node as usize].as_ref();
                if let Some(then @ Outcome::Known(_)) = known {
                    assert_eq!(&now, then, "seed {seed}, node {node}, step {step}");
                }
                before[node as usize] = Some(now);
            }
            if let Some(fact) = order.get(step) {
                values[*fact] = Some(if fact % 2 == 0 {
                    truth(dice.roll(2) == 0)
                } else {
                    number(dice.roll(4) as i64)
                });
            }
        }
    }
}
