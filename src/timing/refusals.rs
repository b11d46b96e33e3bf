//! Calls in which a person asked not to be called again.

use std::collections::BTreeSet;

/// The calls, by id, in which somebody other than the debtor refused further calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals {
    /// `None` when nobody looked.
    calls: Option<BTreeSet<String>>,
}

impl Refusals {
    /// No call was listened to, so nothing is known of what was said.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// These calls and no others of those that were listened to.
    #[must_use]
    pub fn of(calls: impl IntoIterator<Item = String>) -> Self {
        Self { calls: Some(calls.into_iter().collect()) }
    }

    pub(super) fn were_looked_for(&self) -> bool {
        self.calls.is_some()
    }

    pub(super) fn contains(&self, call: &str) -> bool {
        self.calls.as_ref().is_some_and(|calls| calls.contains(call))
    }
}
