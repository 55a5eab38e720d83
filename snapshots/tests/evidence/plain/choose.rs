//! Choosing among cases and exceptions.

use super::value::{Outcome, Value};
use super::{Day, Env, Run};
use polc_runtime::ir::{Exception, NodeId};

/// What comes of candidates that some guards left unsettled: theirs where they agree, else the guards'.
fn among(candidates: &[Outcome], unsettled: &[Outcome]) -> Outcome {
    let Some(guards) = Outcome::strictest(&unsettled.iter().collect::<Vec<_>>()) else {
        return candidates.first().cloned().unwrap_or(Outcome::Error);
    };
    let records: Option<Vec<&Vec<Outcome>>> = candidates.iter().map(fields).collect();
    if let Some(records) = records
        && let Some(first) = records.first()
    {
        // records are settled field by field
        let of = |at: usize| {
            records
                .iter()
                .map(|fields| fields[at].clone())
                .collect::<Vec<_>>()
        };
        let settled = (0..first.len()).map(|at| among(&of(at), unsettled));
        return Outcome::Known(Value::Record(settled.collect()));
    }
    let settled: Vec<Outcome> = candidates.iter().map(Outcome::settled).collect();
    let known: Vec<&Outcome> = settled
        .iter()
        .filter(|one| matches!(one, Outcome::Known(_)))
        .collect();
    let agree = known.iter().all(|one| **one == *known[0]);
    if known.len() == settled.len() && agree {
        return settled[0].clone();
    }
    if !agree || !settled.contains(&Outcome::Open) {
        return guards;
    }
    Outcome::Open
}

fn fields(candidate: &Outcome) -> Option<&Vec<Outcome>> {
    match candidate {
        Outcome::Known(Value::Record(fields)) => Some(fields),
        Outcome::Known(_) | Outcome::NotApplicable | Outcome::Error | Outcome::Open => None,
    }
}

impl Run<'_> {
    pub(super) fn cases(
        &self,
        cases: &[(NodeId, NodeId)],
        otherwise: Option<NodeId>,
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        let (mut candidates, mut unsettled) = (Vec::new(), Vec::new());
        for (guard, value) in cases {
            match self.node(*guard, day, env) {
                Outcome::Known(Value::Bool(true)) => {
                    candidates.push(self.node(*value, day, env));
                    return among(&candidates, &unsettled);
                }
                Outcome::Known(_) => {}
                other => {
                    unsettled.push(other);
                    candidates.push(self.node(*value, day, env));
                }
            }
        }
        // without `otherwise` the cases are complete: one of those that are left holds
        candidates.extend(otherwise.map(|value| self.node(value, day, env)));
        among(&candidates, &unsettled)
    }

    pub(super) fn with_exceptions(
        &self,
        base: NodeId,
        exceptions: &[Exception],
        beats: &[(u32, u32)],
        day: Day,
        env: &mut Env,
    ) -> Outcome {
        let guards: Vec<Outcome> = exceptions
            .iter()
            .map(|one| self.node(one.guard, day, env))
            .collect();
        let certain = |at: usize| guards[at] == Outcome::YES;
        let beaten = |at: usize| {
            let pairs = beats.iter().filter(|(_, loser)| *loser as usize == at);
            pairs.clone().any(|(winner, _)| certain(*winner as usize))
        };
        let standing: Vec<usize> = (0..exceptions.len())
            .filter(|at| guards[*at] != Outcome::NO && !beaten(*at))
            .collect();
        let mut candidates = Vec::new();
        for at in standing.iter().filter(|at| certain(**at)) {
            candidates.push(self.node(exceptions[*at].value, day, env));
        }
        if candidates.is_empty() {
            candidates.push(self.node(base, day, env));
        } else if candidates.iter().any(|one| *one != candidates[0]) {
            // exceptions that apply together and disagree
            return match Outcome::strictest(&candidates.iter().collect::<Vec<_>>()) {
                None => Outcome::Error,
                Some(_) => Outcome::Open,
            };
        }
        let mut unsettled = Vec::new();
        for at in standing.iter().filter(|at| !certain(**at)) {
            candidates.push(self.node(exceptions[*at].value, day, env));
            unsettled.push(guards[*at].clone());
        }
        among(&candidates, &unsettled)
    }

    pub(super) fn scope(&self, applies: NodeId, body: NodeId, day: Day, env: &mut Env) -> Outcome {
        match self.node(applies, day, env) {
            Outcome::Known(Value::Bool(true)) => self.node(body, day, env),
            Outcome::Known(_) => Outcome::NotApplicable,
            other => other,
        }
    }
}
