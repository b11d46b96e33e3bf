//! Parts that come in any order, given on in the order of the input.

use std::collections::BTreeMap;

/// Keeps each part until all before it have come.
pub(super) struct InOrder<T> {
    next: usize,
    waiting: BTreeMap<usize, T>,
}

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        Self { next: 0, waiting: BTreeMap::new() }
    }
}

impl<T> InOrder<T> {
    /// Takes the part of the input numbered `index`; gives it with all that waited for it, as far as their turn has come.
    pub(super) fn take(&mut self, index: usize, part: T) -> Vec<T> {
        self.waiting.insert(index, part);
        let mut ready = Vec::new();
        while let Some(part) = self.waiting.remove(&self.next) {
            ready.push(part);
            self.next += 1;
        }
        ready
    }

    /// What still waits for a part that will not come, in order.
    pub(super) fn rest(self) -> impl Iterator<Item = T> {
        self.waiting.into_values()
    }
}
