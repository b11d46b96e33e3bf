//! Judged findings of a store, sorted into what they are examples of.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Misheard, Training};
use super::utterance::{Utterance, spoken_by_agent};
use super::{lines, pack};
use crate::domain::{CallReport, Category, Finding, Speaker};
use crate::store::{FindingState, JudgedFinding, Judgement, Rejection, Selection, Store, StoreError};

/// Findings read at once.
const PAGE: usize = 1_000;

/// Confirmed and rejected utterances of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Examples {
    pub hits: BTreeSet<Utterance>,
    pub misses: BTreeSet<Utterance>,
}

/// What reviewers' judgements give to learn from, each once and in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidates {
    /// By category and rule.
    rules: BTreeMap<Category, BTreeMap<String, Examples>>,
    training: Training,
    misheard: BTreeSet<Misheard>,
    /// Findings looked at, and those that rest on no words.
    judged: u64,
    without_words: u64,
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Judged findings looked at.
    pub judged: u64,
    /// Of them, those that rest on no words: on what was not said, on times or on loudness.
    pub without_words: u64,
    pub hits: u64,
    pub misses: u64,
    /// Findings of what was never said.
    pub misheard: u64,
    pub training: u64,
}

/// What a judgement says of the words of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lesson {
    /// Words that the rule is right to find.
    Hit,
    /// Words that it should let pass.
    Miss,
    /// Words that somebody else said.
    WrongSpeaker,
    /// Nothing about the rule: the words were not said.
    Misheard,
}

/// Sorts all judged findings of a store.
///
/// # Errors
/// When the store cannot be read.
pub fn collect(store: &mut Store) -> Result<Candidates, StoreError> {
    let states =
        vec![FindingState::Confirmed, FindingState::Upheld, FindingState::Rejected, FindingState::Overturned];
    let selection = Selection { states, ..Selection::default() };
    let mut candidates = Candidates::default();
    let mut after: Option<(i64, String)> = None;
    let mut report: Option<(i64, CallReport)> = None;
    loop {
        let place = after.as_ref().map(|(call, id)| (*call, id.as_str()));
        let page = store.judged_findings(&selection, place, PAGE)?;
        for finding in &page {
            if report.as_ref().is_none_or(|(call, _)| *call != finding.call) {
                report = store.masked_report(finding.call)?.map(|report| (finding.call, report));
            }
            if let Some((_, report)) = &report {
                candidates.take(finding, report);
            }
        }
        match page.last() {
            Some(last) => after = Some((last.call, last.finding_id.clone())),
            None => return Ok(candidates),
        }
    }
}

impl Candidates {
    /// The files, by name: a pack a category, and the JSON lines.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let packs = self.rules.iter().map(|(category, rules)| pack::text(*category, rules));
        let mut files: Vec<_> = packs
            .zip(self.rules.keys())
            .map(|(text, category)| (format!("{}.toml", category.id()), text))
            .collect();
        files.push(("training.jsonl".to_owned(), self.training.text()));
        files.push(("not_said.jsonl".to_owned(), lines::misheard(&self.misheard)));
        files
    }

    #[must_use]
    pub fn counts(&self) -> Counts {
        let rules = || self.rules.values().flat_map(BTreeMap::values);
        Counts {
            judged: self.judged,
            without_words: self.without_words,
            hits: rules().map(|examples| examples.hits.len() as u64).sum(),
            misses: rules().map(|examples| examples.misses.len() as u64).sum(),
            misheard: self.misheard.len() as u64,
            training: self.training.len() as u64,
        }
    }

    fn take(&mut self, judged: &JudgedFinding, report: &CallReport) {
        self.judged += 1;
        let lesson = lesson(judged);
        let by = (lesson == Lesson::WrongSpeaker).then_some(Speaker::Customer);
        let found = report.findings.iter().find(|finding| finding.id == judged.finding_id);
        let said = found.and_then(|finding| Some((finding, Utterance::new(report, finding, by)?)));
        let Some((finding, utterance)) = said else {
            self.without_words += 1;
            return;
        };
        match lesson {
            Lesson::Misheard => {
                self.misheard.insert(Misheard::new(judged, finding, &utterance.text));
            }
            Lesson::WrongSpeaker => {
                self.examples(finding).misses.insert(utterance);
            }
            Lesson::Hit | Lesson::Miss => {
                let is_hit = lesson == Lesson::Hit;
                if let Some(text) = spoken_by_agent(report, finding) {
                    self.training.take(text, finding.category, is_hit);
                }
                let examples = self.examples(finding);
                if is_hit { &mut examples.hits } else { &mut examples.misses }.insert(utterance);
            }
        }
    }

    fn examples(&mut self, finding: &Finding) -> &mut Examples {
        self.rules.entry(finding.category).or_default().entry(finding.rule.clone()).or_default()
    }
}

fn lesson(judged: &JudgedFinding) -> Lesson {
    match (judged.state, judged.last.as_ref().map(|last| last.judgement)) {
        (FindingState::Confirmed | FindingState::Upheld, _) => Lesson::Hit,
        (_, Some(Judgement::Rejected(Rejection::NotSaid))) => Lesson::Misheard,
        (_, Some(Judgement::Rejected(Rejection::WrongSpeaker))) => Lesson::WrongSpeaker,
        _ => Lesson::Miss,
    }
}
