//! Answers against trying every combination.

use super::super::atom::Key;
use super::*;

/// A small deterministic source of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn condition(&mut self, b: &mut Build, facts: &[NodeId], depth: u64) -> NodeId {
        let kind = if depth == 0 {
            self.roll(3)
        } else {
            self.roll(8)
        };
        let inner =
            |dice: &mut Self, b: &mut Build| dice.condition(b, facts, depth.saturating_sub(1));
        let fact = facts[self.roll(3) as usize];
        match kind {
            0 | 1 => {
                let cmp = [Cmp::Eq, Cmp::Ne, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge];
                let cmp = cmp[self.roll(6) as usize];
                let value = self.roll(4) as i64;
                b.with_int(cmp, fact, value)
            }
            2 => b.node(Op::IsNone(facts[2]), Type::Bool),
            3 => {
                let all = [inner(self, b), inner(self, b)];
                b.and(&all)
            }
            4 => {
                let all = [inner(self, b), inner(self, b)];
                b.or(&all)
            }
            5 => {
                let one = inner(self, b);
                b.not(one)
            }
            6 => {
                let all = vec![inner(self, b), inner(self, b), inner(self, b)];
                let k = self.roll(4) as i64;
                let k = b.int(k);
                b.node(Op::AtLeast(k, all), Type::Bool)
            }
            _ => {
                let cases = vec![
                    (inner(self, b), inner(self, b)),
                    (inner(self, b), inner(self, b)),
                ];
                let otherwise = Some(inner(self, b));
                b.node(Op::Cases { cases, otherwise }, Type::Bool)
            }
        }
    }
}

#[test]
fn answers_agree_with_trying_everything() {
    let mut dice = Dice(7);
    let (mut never, mut found) = (0, 0);
    for round in 0..4_000 {
        let mut b = Build::new();
        let optional = Type::Optional(Box::new(Type::Int));
        let facts = [
            b.fact_as("x", Type::Int, FactKind::Given, Some((0, 3))),
            b.fact_as("y", Type::Int, FactKind::Given, Some((0, 3))),
            b.fact_as("z", optional, FactKind::Given, Some((0, 3))),
        ];
        let count = 1 + dice.roll(8);
        let guards: Vec<NodeId> = (0..count)
            .map(|_| dice.condition(&mut b, &facts, 3))
            .collect();
        let regions = Regions::new(&b.0);
        let mut open = None;
        for point in 0..4 * 4 * 5_i64 {
            let state = |at: i64| {
                if at < 4 {
                    State::Value(number(at))
                } else {
                    State::None
                }
            };
            let states = [state(point % 4), state(point / 4 % 4), state(point / 16)];
            let samples = states
                .iter()
                .zip(0..)
                .map(|(state, fact)| super::super::Sample {
                    name: String::new(),
                    text: String::new(),
                    state: *state,
                    key: Key::Fact(fact),
                });
            let witness = Witness {
                samples: samples.collect(),
            };
            if guards
                .iter()
                .all(|guard| b.holds(&regions, &witness, *guard) == Some(false))
            {
                open = Some(point);
            }
        }
        match (b.gap(&guards), open) {
            (Verdict::Never, None) => never += 1,
            (Verdict::Example(_), Some(_)) => found += 1,
            (verdict, open) => panic!("round {round}: {verdict:?} but {open:?}"),
        }
    }
    assert!(never > 100 && found > 100, "{never} {found}");
}
