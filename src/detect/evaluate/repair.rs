//! Patterns over the words that were heard: what a recogniser spelled by sound is put right and the pattern tried again.
//!
//! Only words of the pattern itself are put in, as many characters as were written, so that places hold. A match must rest
//! on something beside what was put in: enough characters as they were written, or many syllables that sound the same.

use std::ops::Range;

use crate::lexicon::{Pattern, WordHit};

use super::super::candidate::{Candidate, Heard, Kind};
use super::super::sound::other_word;
use super::{Evaluator, near};

impl Evaluator<'_> {
    /// Matches that need at least one word of the pattern to be told by sound.
    pub(super) fn heard(&self, pattern: &Pattern, passage: usize) -> Vec<Candidate> {
        let all = self.repairs(pattern, passage, |_| true);
        // Most repairs lead to no match: the dictionary is asked about each only where they do.
        if all.is_empty() || pattern.find(&self.repaired(&all, passage)).next().is_none() {
            return Vec::new();
        }
        let repairs = self.repairs(pattern, passage, |hit| self.is_credible(hit, passage));
        let repaired = self.repaired(&repairs, passage);
        let found = pattern.find(&repaired).map(|found| self.candidate(&found, &repairs));
        let is_supported = |candidate: &Candidate| {
            near::is_supported(candidate.heard, self.written(pattern, candidate, &repairs, passage))
        };
        found.filter(|candidate| candidate.heard.syllables > 0 && is_supported(candidate)).collect()
    }

    /// Words of the pattern that sound like what was written there, apart from each other, the surest first.
    fn repairs(&self, pattern: &Pattern, passage: usize, may: impl Fn(&WordHit) -> bool) -> Vec<&WordHit> {
        let Some(leaf) = pattern.heard else { return Vec::new() };
        let words = self.talk.rules.words();
        // As many characters of equal length: every character that has a sound has three bytes.
        let fits = |hit: &&WordHit| hit.misheard.is_some() && words[hit.word].text.len() == hit.range.len();
        let mut hits: Vec<&WordHit> = self.talk.leaf_in(leaf, passage).into_iter().filter(fits).collect();
        hits.sort_by_key(|hit| {
            (std::cmp::Reverse(words[hit.word].length), hit.misheard, hit.range.start, hit.word)
        });
        let mut chosen: Vec<&WordHit> = Vec::new();
        for hit in hits {
            if chosen.iter().all(|other| apart(&other.range, &hit.range)) && may(hit) {
                chosen.push(hit);
            }
        }
        chosen
    }

    /// False where another word than the pattern's was more probably said.
    fn is_credible(&self, hit: &WordHit, passage: usize) -> bool {
        let meant = &self.talk.rules.words()[hit.word].text;
        let cost = hit.misheard.unwrap_or(0);
        other_word(&self.talk.passages[passage], &hit.range, meant, cost).is_none()
    }

    /// Characters of a match that are words of the pattern as they were written.
    fn written(
        &self,
        pattern: &Pattern,
        candidate: &Candidate,
        repairs: &[&WordHit],
        passage: usize,
    ) -> usize {
        let range = candidate.range();
        let leaves = pattern.need.leaves().into_iter().chain(pattern.heard);
        let found = leaves.flat_map(|leaf| self.talk.leaf_in(leaf, passage));
        let mut words: Vec<Range<usize>> = found
            .filter(|hit| {
                hit.misheard.is_none() && range.start <= hit.range.start && hit.range.end <= range.end
            })
            .map(|hit| hit.range.clone())
            .filter(|word| repairs.iter().all(|repair| apart(&repair.range, word)))
            .collect();
        words.sort_by_key(|word| (word.start, word.end));
        let text = &self.talk.passages[passage].text;
        let mut behind = 0;
        let fresh = words.into_iter().map(|word| {
            let fresh = word.start.max(behind).min(word.end)..word.end;
            behind = behind.max(word.end);
            text[fresh].chars().count()
        });
        fresh.sum()
    }

    fn repaired(&self, repairs: &[&WordHit], passage: usize) -> String {
        let mut text = self.talk.passages[passage].text.clone();
        for hit in repairs {
            text.replace_range(hit.range.clone(), &self.talk.rules.words()[hit.word].text);
        }
        text
    }

    fn candidate(&self, found: &regex::Match, repairs: &[&WordHit]) -> Candidate {
        let put_in = repairs.iter().filter(|hit| !apart(&hit.range, &found.range()));
        let heard = put_in.fold(Heard::default(), |sum, hit| Heard {
            syllables: sum.syllables + self.talk.rules.words()[hit.word].length,
            cost: sum.cost + hit.misheard.unwrap_or(0),
        });
        Candidate {
            kind: Kind::Pattern,
            parts: vec![found.range()],
            meant: found.as_str().to_owned(),
            length: found.as_str().chars().count(),
            heard,
        }
    }
}

fn apart(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.end <= b.start || b.end <= a.start
}
