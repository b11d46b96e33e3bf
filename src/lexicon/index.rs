//! Every word of a rule set, sought in a text in one go: single characters by a table, words that must stand as they are
//! written by one automaton, all others by sound, which tells those that are written right as well.

use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError, MatchKind};

use super::budget::SoundBudget;
use super::rule::{Use, Word};
use super::sound::SoundIndex;
use super::syllabary::HAN;

/// A word of the rule set found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordHit {
    /// Index into the rule set's words.
    pub word: usize,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Cost of the sound; absent where the characters are the word's own.
    pub misheard: Option<SoundBudget>,
}

impl WordHit {
    /// True if the hit is close enough for this use of the word.
    #[must_use]
    pub fn serves(&self, usage: &Use) -> bool {
        match (self.misheard, usage.sound) {
            (None, _) => true,
            (Some(cost), Some(budget)) => cost <= budget,
            (Some(_), None) => false,
        }
    }
}

/// Finds words.
#[derive(Debug)]
pub(super) struct WordIndex {
    /// Word of each character of [`HAN`], counted from 1; 0 for none. Words of one other character go to `written`.
    singles: Vec<u32>,
    written: AhoCorasick,
    /// Words of `written` in the order of its patterns.
    written_words: Vec<usize>,
    sound: SoundIndex,
}

impl WordIndex {
    /// Builds the index; fails where the words are too many for one automaton.
    pub fn new(words: &[Word]) -> Result<Self, BuildError> {
        let audible = words.iter().enumerate().filter_map(|(number, word)| {
            let widest: Option<SoundBudget> = word.uses.iter().filter_map(|usage| usage.sound).max();
            widest.map(|budget| (number, word.text.as_str(), budget))
        });
        let sound = SoundIndex::new(audible);
        let mut is_left = vec![true; words.len()];
        sound.words().for_each(|word| is_left[word] = false);
        let mut singles = vec![0; *HAN.end() as usize - *HAN.start() as usize + 1];
        for (number, word) in words.iter().enumerate().filter(|(_, word)| word.length == 1) {
            if let Some(place) = word.text.chars().next().and_then(place) {
                singles[place] = number as u32 + 1;
                is_left[number] = false;
            }
        }
        let written_words: Vec<usize> = (0..words.len()).filter(|word| is_left[*word]).collect();
        // Standard semantics: only they report words inside words.
        let written = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(written_words.iter().map(|word| words[*word].text.as_str()))?;
        Ok(Self { singles, written, written_words, sound })
    }

    /// All places of all words, in order of place, then word. Of places of one word by sound that overlap, the best.
    pub fn find(&self, words: &[Word], text: &str) -> Vec<WordHit> {
        let written = |word, range| WordHit { word, range, misheard: None };
        let mut hits = Vec::with_capacity(text.len() / 2);
        let mut starts: Vec<usize> = Vec::with_capacity(text.len() / 3 + 2);
        for (start, character) in text.char_indices() {
            starts.push(start);
            let word = place(character).map_or(0, |place| self.singles[place]);
            if word > 0 {
                hits.push(written(word as usize - 1, start..start + character.len_utf8()));
            }
        }
        starts.push(text.len());
        let found = self.written.find_overlapping_iter(text);
        hits.extend(found.map(|found| written(self.written_words[found.pattern()], found.range())));
        for heard in self.sound.hear(text) {
            let range = starts[heard.start]..starts[heard.start + heard.length];
            let is_written = heard.cost == 0 && text[range.clone()] == words[heard.word].text;
            let misheard = (!is_written).then_some(heard.cost);
            hits.push(WordHit { word: heard.word, range, misheard });
        }
        hits.sort_unstable_by_key(|hit| (hit.range.start, hit.word));
        hits
    }
}

/// Where a character stands in the table.
fn place(character: char) -> Option<usize> {
    HAN.contains(&character).then(|| character as usize - *HAN.start() as usize)
}
