//! Lists whose items are taken one after another: by their day, then by their place.

use super::super::Evaluation;
use super::Fold;
use super::ways::{ItemKey, Taken, Way};
use crate::ir::lifecycle::Round;
use crate::ir::{BinderId, NodeId};
use crate::value::algebra::{error, join, join_deep, open};
use crate::value::{Date, Open, Outcome, Presence, Value};
use std::sync::Arc;

/// The dated items of a list up to a day.
#[derive(Debug)]
pub(super) struct Listed {
    /// By day, then by place in the list.
    items: Vec<(ItemKey, Outcome)>,
    /// What is missing about others.
    doubt: Option<Arc<Open>>,
}

/// The next item of a list.
pub(super) enum NextItem {
    None,
    One(ItemKey),
    /// Whether there is one, or which, is not known.
    Unknown(Arc<Open>),
}

impl Listed {
    fn next(&self, taken: &Taken) -> NextItem {
        let Taken::Items { counts, last } = taken else {
            let Taken::Unknown(open) = taken else {
                return NextItem::None;
            };
            let mut needs = Open::clone(open);
            if let Some(doubt) = &self.doubt {
                join(&mut needs, doubt);
            }
            return NextItem::Unknown(Arc::new(needs));
        };
        // An item in doubt may come before the others.
        if let Some(doubt) = &self.doubt {
            return NextItem::Unknown(doubt.clone());
        }
        // Mostly those taken are the first of the list, and the next one follows the last.
        let at_the_end = counts
            .last_key_value()
            .map(|(day, count)| (*day, count.saturating_sub(1)));
        let after = last
            .filter(|last| at_the_end == Some(*last))
            .and_then(|last| self.items.binary_search_by_key(&last, |(key, _)| *key).ok())
            .filter(|at| counts.values().map(|count| *count as usize).sum::<usize>() == at + 1);
        let next = match after {
            Some(at) => self.items.get(at + 1),
            None => self
                .items
                .iter()
                .find(|((day, place), _)| counts.get(day).is_none_or(|count| place >= count)),
        };
        next.map_or(NextItem::None, |(key, _)| NextItem::One(*key))
    }

    fn item(&self, key: ItemKey) -> Option<&Outcome> {
        let at = self
            .items
            .binary_search_by_key(&key, |(key, _)| *key)
            .ok()?;
        self.items.get(at).map(|(_, item)| item)
    }
}

impl Taken {
    /// With one more.
    pub(super) fn and(&self, key: ItemKey) -> Taken {
        let Taken::Items { counts, .. } = self else {
            return self.clone();
        };
        let mut counts = counts.clone();
        let count = Arc::make_mut(&mut counts).entry(key.0).or_default();
        *count = count.saturating_add(1);
        Taken::Items {
            counts,
            last: Some(key),
        }
    }
}

impl Evaluation<'_> {
    pub(super) fn next_item(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        round: u32,
        day: Date,
    ) -> Result<NextItem, Outcome> {
        let Some(taken) = way.taken.get(round as usize) else {
            return Err(error("no such list"));
        };
        match self.listed(fold, round, day) {
            Ok(listed) => Ok(listed.next(taken)),
            Err(Outcome::Open(needs)) => Ok(NextItem::Unknown(needs)),
            Err(Outcome::NotApplicable(_)) => Ok(NextItem::None),
            Err(other) => Err(other),
        }
    }

    /// The dated items of a list up to a day; what stands in its place when there is no list.
    fn listed(&mut self, fold: &mut Fold, round: u32, day: Date) -> Result<Arc<Listed>, Outcome> {
        if let Some((on, listed)) = fold.lists.get(&round)
            && *on == day
        {
            return listed.clone();
        }
        let Some(about) = fold.machine.rounds.get(round as usize) else {
            return Err(error("no such list"));
        };
        let listed = self.list_up_to(about, day);
        fold.lists.insert(round, (day, listed.clone()));
        listed
    }

    fn list_up_to(&mut self, round: &Round, day: Date) -> Result<Arc<Listed>, Outcome> {
        let list = match self.node_at(round.list, day) {
            Outcome::Known(Value::List(list)) => list,
            Outcome::Known(_) => return Err(error("not a list")),
            other @ (Outcome::Open(_) | Outcome::NotApplicable(_) | Outcome::Error(_)) => {
                return Err(other);
            }
        };
        if !self.spend(list.items.len()) {
            return Err(self.out_of_steps());
        }
        let mut dated = Vec::new();
        let mut doubt: Option<Open> = None;
        for item in &list.items {
            let on = match &item.value {
                Outcome::Known(Value::Record(fields)) => fields.get(round.date as usize),
                other @ (Outcome::Known(_)
                | Outcome::Open(_)
                | Outcome::NotApplicable(_)
                | Outcome::Error(_)) => Some(other),
            };
            match (on, &item.presence) {
                (_, Presence::Error(reason)) => return Err(Outcome::Error(reason.clone())),
                (Some(failed @ Outcome::Error(_)), Presence::Certain) => return Err(failed.clone()),
                // Whatever it is, it comes later.
                (Some(Outcome::Known(Value::Date(on))), _) if *on > day => {}
                (Some(Outcome::Known(Value::Date(on))), Presence::Certain) => {
                    dated.push((*on, &item.value));
                }
                (Some(Outcome::Known(Value::None)), _) => {}
                (Some(Outcome::Open(needs)), _) | (_, Presence::Open(needs)) => {
                    join(doubt.get_or_insert_with(Open::default), needs);
                }
                _ => {}
            }
        }
        dated.sort_by_key(|(on, _)| *on);
        let mut items: Vec<(ItemKey, Outcome)> = Vec::with_capacity(dated.len());
        for (on, item) in dated {
            let place = match items.last() {
                Some(((day, place), _)) if *day == on => place.saturating_add(1),
                _ => 0,
            };
            items.push(((on, place), item.clone()));
        }
        let doubt = doubt.map(Arc::new);
        Ok(Arc::new(Listed { items, doubt }))
    }

    /// A node as of a day, with the items taken last.
    pub(super) fn read(&mut self, fold: &mut Fold, way: &Way, node: NodeId, day: Date) -> Outcome {
        let machine = fold.machine;
        let Some(about) = self.program.tables().node(node) else {
            return error("no such node");
        };
        let bound: Vec<(u32, &Round)> = (0..)
            .zip(&machine.rounds)
            .filter(|(_, round)| about.free.contains(&round.binder))
            .collect();
        self.read_with(fold, way, node, day, &bound)
    }

    fn read_with(
        &mut self,
        fold: &mut Fold,
        way: &Way,
        node: NodeId,
        day: Date,
        bound: &[(u32, &Round)],
    ) -> Outcome {
        let Some(((at, round), rest)) = bound.split_first() else {
            return self.node_at(node, day);
        };
        let item = match way.taken.get(*at as usize) {
            Some(Taken::Items {
                last: Some(key), ..
            }) => match self.listed(fold, *at, day) {
                // An item in doubt may be the one.
                Ok(listed) => match &listed.doubt {
                    Some(doubt) => open(Open::clone(doubt)),
                    None => listed.item(*key).cloned().unwrap_or_else(|| {
                        Outcome::NotApplicable("the item taken is not in the list any more".into())
                    }),
                },
                Err(other) => other,
            },
            Some(Taken::Items { last: None, .. }) => {
                Outcome::NotApplicable("nothing is taken yet".into())
            }
            Some(Taken::Unknown(needs)) => {
                let mut needs = Open::clone(needs);
                join(&mut needs, &self.needs_of_items(fold, *at, node));
                open(needs)
            }
            None => error("no such list"),
        };
        self.with_item(round.binder, &item, |this| {
            this.read_with(fold, way, node, day, rest)
        })
    }

    /// What is missing in a node about the items of a list of which it is not known which one was taken.
    fn needs_of_items(&mut self, fold: &mut Fold, at: u32, node: NodeId) -> Open {
        if let Some(known) = fold.needs_of_items.get(&(at, node)) {
            return known.clone();
        }
        let mut needs = Open::default();
        let today = self.now.today;
        let machine = fold.machine;
        if let Some(round) = machine.rounds.get(at as usize)
            && let Outcome::Known(Value::List(list)) = self.node_at(round.list, today)
        {
            let unknown = open(Open::default());
            for item in &list.items {
                let items = machine.rounds.iter().map(|other| match other.binder {
                    binder if binder == round.binder => (binder, &item.value),
                    binder => (binder, &unknown),
                });
                let items: Vec<_> = items.collect();
                let read = self.with_items(&items, |this| this.node_at(node, today));
                join_deep(&mut needs, &read);
            }
        }
        // The limits of one item on one day say nothing about another.
        let needs = Open {
            facts: needs.facts,
            judgements: needs.judgements,
            ..Open::default()
        };
        fold.needs_of_items.insert((at, node), needs.clone());
        needs
    }

    fn with_items<T>(
        &mut self,
        items: &[(BinderId, &Outcome)],
        body: impl FnOnce(&mut Self) -> T,
    ) -> T {
        match items.split_first() {
            None => body(self),
            Some(((binder, item), rest)) => {
                self.with_item(*binder, item, |this| this.with_items(rest, body))
            }
        }
    }
}
