//! Slots that are all filled close together.

use std::ops::Range;

use crate::lexicon::{Body, Near, RuleSet};

use super::candidate::{Candidate, Heard, Kind};
use super::passage::Passage;
use super::scan::WordHit;
use super::sound::other_word;

/// Characters said as written that let the other slots be told by sound.
const SUPPORTING_CHARS: usize = 2;
/// Syllables that need no such support when all of them sound the same.
const SELF_SUPPORTING_SYLLABLES: usize = 4;

/// A word that fills a slot.
#[derive(Debug, Clone)]
pub(super) struct SlotHit {
    slot: usize,
    word: usize,
    range: Range<usize>,
    misheard: Option<u16>,
}

impl SlotHit {
    pub fn new(slot: usize, hit: &WordHit) -> Self {
        Self { slot, word: hit.word, range: hit.range.clone(), misheard: hit.misheard }
    }

    /// False where another word than the slot's was more probably said.
    fn is_credible(&self, passage: &Passage, rules: &RuleSet) -> bool {
        let meant = &rules.words()[self.word].text;
        self.misheard.is_none_or(|cost| other_word(passage, &self.range, meant, cost).is_none())
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.range.start < other.range.end && other.range.start < self.range.end
    }
}

/// Every way to fill the slots from a different first word; the surest and nearest words are taken.
pub(super) fn fill(
    rule: usize,
    number: usize,
    mut hits: Vec<SlotHit>,
    passage: &Passage,
    rules: &RuleSet,
) -> Vec<Candidate> {
    let Body::Said { near, .. } = &rules.rules()[rule].body else { return Vec::new() };
    let near = &near[number];
    if !all_filled(near, &hits) {
        return Vec::new();
    }
    hits.retain(|hit| hit.is_credible(passage, rules));
    hits.sort_by_key(|hit| (hit.misheard.unwrap_or(0), hit.misheard.is_some(), hit.range.start, hit.slot));
    let search = Search { near, hits: &hits, text: &passage.text, rules };
    let mut found: Vec<Candidate> = hits
        .iter()
        .filter_map(|first| search.from(first))
        .map(|chosen| candidate(rule, &chosen, rules))
        .collect();
    found.sort_by_key(|candidate| (candidate.range().start, candidate.range().end));
    found.dedup();
    found
}

fn all_filled(near: &Near, hits: &[SlotHit]) -> bool {
    (0..near.slots).all(|slot| hits.iter().any(|hit| hit.slot == slot))
}

struct Search<'a> {
    near: &'a Near,
    hits: &'a [SlotHit],
    text: &'a str,
    rules: &'a RuleSet,
}

impl<'a> Search<'a> {
    /// Fills the slots with words none of which begins before `first`.
    fn from(&self, first: &'a SlotHit) -> Option<Vec<&'a SlotHit>> {
        let window_end = self.window_end(first.range.start);
        let inside: Vec<&SlotHit> = self
            .hits
            .iter()
            .filter(|hit| hit.range.start >= first.range.start && hit.range.end <= window_end)
            .collect();
        let mut chosen = vec![first];
        (first.range.end <= window_end && self.complete(&inside, &mut chosen)).then_some(chosen)
    }

    /// Byte after the last character of a window of `within` characters.
    fn window_end(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        rest.char_indices().nth(self.near.within).map_or(self.text.len(), |(offset, _)| start + offset)
    }

    fn complete(&self, inside: &[&'a SlotHit], chosen: &mut Vec<&'a SlotHit>) -> bool {
        let empty = (0..self.near.slots).find(|slot| chosen.iter().all(|hit| hit.slot != *slot));
        let Some(slot) = empty else { return is_supported(chosen, self.rules) };
        for hit in inside.iter().filter(|hit| hit.slot == slot) {
            if chosen.iter().all(|other| self.go_together(hit, other)) {
                chosen.push(hit);
                if self.complete(inside, chosen) {
                    return true;
                }
                chosen.pop();
            }
        }
        false
    }

    fn go_together(&self, a: &SlotHit, b: &SlotHit) -> bool {
        let in_order = (a.slot < b.slot) == (a.range.start < b.range.start);
        !a.overlaps(b) && (in_order || !self.near.ordered)
    }
}

/// Words told by sound need some that were said as written, or must together be long and sound the same.
fn is_supported(chosen: &[&SlotHit], rules: &RuleSet) -> bool {
    let length = |hit: &SlotHit| rules.words()[hit.word].length;
    let exact: usize = chosen.iter().filter(|hit| hit.misheard.is_none()).map(|hit| length(hit)).sum();
    let heard: Vec<&&SlotHit> = chosen.iter().filter(|hit| hit.misheard.is_some()).collect();
    let syllables: usize = heard.iter().map(|hit| length(hit)).sum();
    let same = heard.iter().all(|hit| hit.misheard == Some(0));
    heard.is_empty() || exact >= SUPPORTING_CHARS || (same && syllables >= SELF_SUPPORTING_SYLLABLES)
}

fn candidate(rule: usize, chosen: &[&SlotHit], rules: &RuleSet) -> Candidate {
    let word = |hit: &SlotHit| &rules.words()[hit.word];
    let mut chosen = chosen.to_vec();
    chosen.sort_by_key(|hit| hit.range.start);
    let heard = chosen.iter().filter_map(|hit| hit.misheard.map(|cost| (word(hit).length, cost)));
    let heard = heard.fold(Heard::default(), |sum, (syllables, cost)| Heard {
        syllables: sum.syllables + syllables,
        cost: sum.cost + cost,
        rather: None,
    });
    let words: Vec<&str> = chosen.iter().map(|hit| word(hit).written.as_str()).collect();
    Candidate {
        rule,
        kind: Kind::Near,
        parts: chosen.iter().map(|hit| hit.range.clone()).collect(),
        meant: words.join(" … "),
        length: chosen.iter().map(|hit| word(hit).length).sum(),
        heard,
    }
}
