//! At which places the items of a list stand.

use super::Evaluation;
use crate::ir::BinderId;
use crate::value::algebra::{error, present, strict, with_limits};
use crate::value::{Bounds, Number, Outcome, Presence, Value};

/// The place of the next item of a list: behind one that may or may not count it is open.
#[derive(Default)]
pub(super) struct Places {
    /// Items that are certainly there.
    sure: i64,
    /// Items that may be.
    seen: i64,
    /// What the place hangs on.
    pub(super) doubt: Option<Outcome>,
}

impl Places {
    /// The limits of the next place, from 1.
    pub(super) fn limits(&self) -> (i64, i64) {
        (self.sure + 1, self.seen + 1)
    }

    /// The next place.
    pub(super) fn outcome(&self) -> Outcome {
        let (low, high) = self.limits();
        let limits = Bounds {
            low: Some(Number::from_i64(low)),
            high: Some(Number::from_i64(high)),
        };
        match &self.doubt {
            Some(doubt) => with_limits(doubt.clone(), limits),
            None => Outcome::Known(Value::Number(Number::from_i64(low))),
        }
    }

    pub(super) fn pass(&mut self, presence: &Presence) {
        self.seen += 1;
        if *presence == Presence::Certain {
            self.sure += 1;
            return;
        }
        let doubts = [self.doubt.take(), Some(present(presence))];
        self.doubt = strict(doubts.iter().flatten());
    }
}

impl Evaluation<'_> {
    /// Runs `body` with an item bound that stands at a place.
    pub(super) fn with_item_at<T>(
        &mut self,
        binder: BinderId,
        place: Outcome,
        item: &Outcome,
        body: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let index = binder as usize;
        let before = self
            .places
            .get_mut(index)
            .and_then(|slot| slot.replace(place));
        let result = self.with_item(binder, item, body);
        if let Some(slot) = self.places.get_mut(index) {
            *slot = before;
        }
        result
    }

    /// The place of the item that is looked at.
    pub(super) fn position(&self, binder: BinderId) -> Outcome {
        let place = self.places.get(binder as usize).and_then(Option::as_ref);
        place.map_or_else(|| error("the place of no item"), Outcome::clone)
    }
}
