//! Where in the facts something stands.

use crate::value::{Leaf, Step};

/// Where a value stands: for people, and as a leaf.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) text: String,
    pub(super) leaf: Leaf,
}

impl Place {
    pub(super) fn index(&self, at: usize) -> Place {
        let mut place = self.clone();
        place.text.push_str(&format!("[{at}]"));
        place.leaf.path.push(Step::Index(at as u32));
        place
    }

    pub(super) fn field(&self, at: usize, name: &str) -> Place {
        let mut place = self.clone();
        place.text.push('.');
        place.text.push_str(name);
        place.leaf.path.push(Step::Field(at as u32));
        place
    }
}
