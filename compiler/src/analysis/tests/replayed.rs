//! A condition evaluated on an example.

use super::super::atom::Key;
use super::*;

impl Build {
    /// Evaluates a condition on an example; `None` when the example does not decide it.
    pub(super) fn holds(
        &self,
        regions: &Regions<'_>,
        witness: &Witness,
        node: NodeId,
    ) -> Option<bool> {
        match self.value(regions, witness, node)? {
            State::Value(value) => Some(value != number(0)),
            State::None | State::NotRecorded => None,
        }
    }

    fn value(&self, regions: &Regions<'_>, witness: &Witness, node: NodeId) -> Option<State> {
        let yes_no = |value: bool| Some(State::Value(number(value.into())));
        let look = |key: Key| {
            witness
                .samples
                .iter()
                .find(|one| one.key == key)
                .map(|one| one.state)
        };
        let bools = |all: &[NodeId]| -> Vec<Option<bool>> {
            all.iter()
                .map(|one| self.holds(regions, witness, *one))
                .collect()
        };
        match self.0.nodes.get(node as usize).map(|node| &node.op) {
            Some(Op::Const(Const::None)) => Some(State::None),
            Some(Op::Const(value)) => regions.key(value).map(State::Value),
            Some(Op::AsOf) => look(Key::AsOf),
            Some(Op::Fact(id)) => look(Key::Fact(*id)),
            Some(Op::Recorded(id)) => yes_no(look(Key::Fact(*id))? != State::NotRecorded),
            Some(Op::ReadingIs(id, which)) => {
                yes_no(look(Key::Reading(*id))? == State::Value(number((*which).into())))
            }
            Some(Op::InForce(period)) => {
                let State::Value(day) = look(Key::AsOf)? else {
                    return None;
                };
                yes_no(covers(period, day))
            }
            Some(Op::And(all)) => {
                let all = bools(all);
                if all.contains(&Some(false)) {
                    return yes_no(false);
                }
                if all.contains(&None) {
                    None
                } else {
                    yes_no(true)
                }
            }
            Some(Op::Or(all)) => {
                let all = bools(all);
                if all.contains(&Some(true)) {
                    return yes_no(true);
                }
                if all.contains(&None) {
                    None
                } else {
                    yes_no(false)
                }
            }
            Some(Op::Not(inner)) => yes_no(!self.holds(regions, witness, *inner)?),
            Some(Op::AtLeast(k, all)) => {
                let State::Value(k) = self.value(regions, witness, *k)? else {
                    return None;
                };
                yes_no(at_least(k, &bools(all))?)
            }
            Some(Op::IsNone(inner)) => yes_no(self.value(regions, witness, *inner)? == State::None),
            Some(Op::Compare(cmp, a, b)) => {
                let (a, b) = (
                    self.value(regions, witness, *a)?,
                    self.value(regions, witness, *b)?,
                );
                match (a, b) {
                    (State::Value(a), State::Value(b)) => yes_no(cmp.holds(a.cmp(&b))),
                    (State::NotRecorded, _) | (_, State::NotRecorded) => None,
                    _ => yes_no(*cmp == Cmp::Ne),
                }
            }
            Some(Op::Contains { list, item }) => {
                let Op::Const(Const::List(values)) = &self.0.nodes[*list as usize].op else {
                    return look(Key::Node(regions.shapes.canon(node)));
                };
                let item = self.value(regions, witness, *item)?;
                yes_no(
                    values
                        .iter()
                        .any(|one| regions.key(one).map(State::Value) == Some(item)),
                )
            }
            Some(Op::Cases { cases, otherwise }) => {
                for (guard, value) in cases {
                    if self.holds(regions, witness, *guard)? {
                        return self.value(regions, witness, *value);
                    }
                }
                self.value(regions, witness, (*otherwise)?)
            }
            _ => look(Key::Node(regions.shapes.canon(node))),
        }
    }
}

fn at_least(k: Number, all: &[Option<bool>]) -> Option<bool> {
    let yes = all.iter().filter(|one| **one == Some(true)).count() as i64;
    let open = all.iter().filter(|one| one.is_none()).count() as i64;
    if number(yes) >= k {
        return Some(true);
    }
    (number(yes + open) < k).then_some(false)
}

fn covers(period: &Period, day: Number) -> bool {
    let at = |date: Date| number(date.days().into());
    period.from.is_none_or(|from| day >= at(from))
        && period.before.is_none_or(|before| day < at(before))
}
