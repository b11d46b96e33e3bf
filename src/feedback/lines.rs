//! The JSON lines: labelled utterances of agents, as `callaudit eval` reads them, and what was misheard.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::{Category, Finding};
use crate::store::JudgedFinding;

/// Utterances with what reviewers found in them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Training {
    utterances: BTreeMap<String, Labels>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Labels {
    confirmed: BTreeSet<Category>,
    rejected: BTreeSet<Category>,
}

impl Labels {
    /// Reviewers do not contradict each other.
    fn is_clear(&self) -> bool {
        self.confirmed.is_disjoint(&self.rejected)
    }
}

#[derive(Serialize)]
struct LabelledLine<'a> {
    text: &'a str,
    labels: &'a BTreeSet<Category>,
}

impl Training {
    pub(super) fn take(&mut self, text: String, category: Category, is_confirmed: bool) {
        let labels = self.utterances.entry(text).or_default();
        if is_confirmed { &mut labels.confirmed } else { &mut labels.rejected }.insert(category);
    }

    pub(super) fn len(&self) -> usize {
        self.clear().count()
    }

    /// A line an utterance; one that nothing was confirmed in has no labels.
    pub(super) fn text(&self) -> String {
        self.clear().map(|(text, labels)| json(&LabelledLine { text, labels: &labels.confirmed })).collect()
    }

    fn clear(&self) -> impl Iterator<Item = (&String, &Labels)> {
        self.utterances.iter().filter(|(_, labels)| labels.is_clear())
    }
}

/// Words that the recogniser heard and nobody said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Misheard {
    call_id: String,
    /// Seconds from the start of the recording, as text: what sorts and compares.
    start_s: Option<String>,
    finding_id: String,
    rule: String,
    heard: String,
}

impl Misheard {
    pub(super) fn new(judged: &JudgedFinding, finding: &Finding, heard: &str) -> Self {
        Self {
            call_id: judged.call_id.clone(),
            start_s: finding.start_s.map(|start_s| format!("{start_s:.2}")),
            finding_id: finding.id.clone(),
            rule: finding.rule.clone(),
            heard: heard.to_owned(),
        }
    }
}

pub(super) fn misheard(misheard: &BTreeSet<Misheard>) -> String {
    misheard.iter().map(json).collect()
}

fn json(line: &impl Serialize) -> String {
    // Plain texts and ids: there is nothing that JSON cannot say.
    serde_json::to_string(line).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_utterance_has_the_labels_that_were_confirmed_unless_reviewers_disagree() {
        let mut training = Training::default();
        for (text, category, is_confirmed) in [
            ("b", Category::Threat, true),
            ("b", Category::Insult, true),
            ("b", Category::Harassment, false),
            ("a", Category::Threat, false),
            ("c", Category::Threat, true),
            ("c", Category::Threat, false),
        ] {
            training.take(text.to_owned(), category, is_confirmed);
        }
        assert_eq!(
            training.text(),
            "{\"text\":\"a\",\"labels\":[]}\n{\"text\":\"b\",\"labels\":[\"threat\",\"insult\"]}\n"
        );
        assert_eq!(training.len(), 2);
    }
}
