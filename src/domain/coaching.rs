//! What to say instead, for those who coach agents. The words come from the packs (`coaching.toml`); nothing is judged by
//! them.

use std::collections::BTreeMap;

use super::Category;

/// What is expected of an agent, and words that do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What is expected and why, in one sentence.
    pub principle: String,
    /// Sentences that can be said as they are.
    pub instead: Vec<String>,
}

/// Advice by the id of a category or of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coaching {
    entries: BTreeMap<String, Advice>,
}

impl Coaching {
    /// Lays the advice on a rule or a category over the one that was there.
    pub fn lay(&mut self, id: String, advice: Advice) {
        self.entries.insert(id, advice);
    }

    /// The advice on a kind of breach.
    #[must_use]
    pub fn on_category(&self, category: Category) -> Option<&Advice> {
        self.entries.get(category.id())
    }

    /// The advice on one rule, where it has one of its own.
    #[must_use]
    pub fn on_rule(&self, rule: &str) -> Option<&Advice> {
        self.entries.get(rule)
    }

    /// Every piece of advice with the id of its rule or category, in order of ids.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Advice)> {
        self.entries.iter().map(|(id, advice)| (id.as_str(), advice))
    }
}
