//! Passes over a passage: every word of every rule as written, by sound first those that announce a clause.

use std::ops::Range;

use crate::lexicon::{RuleSet, SoundIndex, Use};

use super::passage::Passage;

/// A word of the rule set found in a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WordHit {
    /// Index into [`RuleSet::words`].
    pub word: usize,
    /// Bytes of the passage's text.
    pub range: Range<usize>,
    /// Cost of the sound; absent where the characters are the word's own.
    pub misheard: Option<u16>,
}

impl WordHit {
    /// True if the hit is close enough for this use of the word.
    pub fn serves(&self, usage: &Use) -> bool {
        match (self.misheard, usage.sound) {
            (None, _) => true,
            (Some(cost), Some(budget)) => cost <= budget,
            (Some(_), None) => false,
        }
    }
}

/// Finds all words as written, overlapping ones too, and those by sound that announce a clause, in order of place and
/// word.
pub(super) fn announcing(passage: &Passage, rules: &RuleSet) -> Vec<WordHit> {
    let text = passage.text.as_str();
    let mut hits: Vec<WordHit> = rules
        .exact()
        .find_overlapping_iter(text)
        .map(|found| WordHit { word: found.pattern().as_usize(), range: found.range(), misheard: None })
        .collect();
    by_sound(text, rules, rules.announcing(), &mut hits);
    hits.sort_unstable_by_key(|hit| (hit.range.start, hit.word));
    hits
}

/// Finds by sound the words that [`announcing`] leaves out, in order of place and word.
pub(super) fn supporting(passage: &Passage, rules: &RuleSet) -> Vec<WordHit> {
    let mut hits = Vec::new();
    by_sound(&passage.text, rules, rules.supporting(), &mut hits);
    hits
}

fn by_sound(text: &str, rules: &RuleSet, index: &SoundIndex, hits: &mut Vec<WordHit>) {
    let heard = index.hear(text);
    if heard.is_empty() {
        return;
    }
    let mut starts: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    starts.push(text.len());
    for heard in heard {
        let range = starts[heard.start]..starts[heard.start + heard.length];
        if text[range.clone()] != rules.words()[heard.word].text {
            hits.push(WordHit { word: heard.word, range, misheard: Some(heard.cost) });
        }
    }
}
