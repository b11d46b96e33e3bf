//! Words by their sound: a pair of neighbouring syllables leads to the words that hold it, which are then compared in full.
//!
//! A word is found through its first two syllables or its last two, as sound classes: one of the two pairs survives any
//! single syllable that is misheard altogether, dropped or put in, in words of four syllables and more; in shorter ones
//! the outer syllables may be. One bit for each pair of voices says beforehand whether any word has such a pair, so that
//! most places of a text cost one look at one bit.

use std::ops::Range;

use crate::text::{CLOSE, LOOSE, MISMATCH, SAME, rarity_bits, readings};

use super::alignment::{Alignment, EDIT, SHORTEST_WITH_A_DROP};
use super::pairs::Pairs;
use super::syllabary::{Voice, class_count, classes_of, voice_cost, voice_count, voices};

/// Most total cost (see [`crate::text::syllable_cost`]) at which a word still counts as heard.
pub type SoundBudget = u16;

/// Syllables that turn a sentence around: no word is heard with one of them dropped or put in.
const NEGATIONS: &str = "不没别未无勿";

/// What a word of so many syllables may cost when near sounds count. Two syllables must sound the same: more than that
/// finds 纸钱 in every 之前. Three may hold one confused sound, six one syllable that is altogether wrong.
#[must_use]
pub(super) fn near_budget(syllables: usize) -> SoundBudget {
    let cost = match syllables {
        0..=2 => SAME,
        3 => CLOSE,
        4 => LOOSE,
        5 => CLOSE + LOOSE,
        _ => MISMATCH,
    };
    SoundBudget::from(cost)
}

/// What the rarity of a word's syllables allows: each budget with the bits of surprise from which on it may be spent. What
/// sounds like common words is found in them, and the more so the more may be misheard.
const RARITY_STEPS: [(f64, u8); 5] =
    [(38.0, MISMATCH), (32.0, CLOSE + LOOSE), (28.0, LOOSE), (20.0, CLOSE), (11.0, SAME)];

/// Bits of surprise that must be left of a word when a syllable is dropped.
const RARE_BITS: f64 = 28.0;

/// The most that may be spent on a word for its rarity; `None` where nothing but the characters tells it.
fn rarity_budget(bits: f64) -> Option<SoundBudget> {
    RARITY_STEPS.iter().find(|(least, _)| bits >= *least).map(|(_, cost)| SoundBudget::from(*cost))
}

/// True if a word's syllables are rare enough to tell it.
pub(super) fn is_audible(word: &str) -> bool {
    rarity_budget(rarity_bits(word)).is_some()
}

/// Syllables without which a word is still told from others, a bit each: what is left must be as rare as a word that may
/// be misheard, and mean the same.
fn droppable(word: &str) -> u32 {
    let characters: Vec<char> = word.chars().collect();
    if characters.len() < SHORTEST_WITH_A_DROP {
        return 0;
    }
    let is_droppable = |index: &usize| {
        let left: String =
            characters.iter().enumerate().filter(|(at, _)| at != index).map(|(_, c)| *c).collect();
        !NEGATIONS.contains(characters[*index]) && rarity_bits(&left) >= RARE_BITS
    };
    (1..characters.len().min(32) - 1).filter(is_droppable).map(|index| 1 << index).sum()
}

/// True if every character has a reading: letters are matched as they are written.
#[must_use]
pub(super) fn is_pronounceable(word: &str) -> bool {
    word.chars().all(|character| !readings(character).is_empty())
}

/// A word that may be found by sound.
#[derive(Debug)]
struct SoundWord {
    /// Index into the rule set's words.
    word: usize,
    /// Its voices in [`SoundIndex::voices`].
    voices: Range<usize>,
    budget: SoundBudget,
    /// See [`droppable`].
    droppable: u32,
}

/// Where in which word a pair of syllables stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seed {
    entry: u32,
    /// The pair is the word's last, not its first.
    is_last: bool,
    /// The syllable next to the pair, inside the word, and the one next to it; the same in a word of three.
    third: Voice,
    fourth: Voice,
    /// Most that the word may cost.
    budget: SoundBudget,
}

impl Seed {
    /// False where the syllable next to the pair shows that the word was not said: most pairs belong to other words.
    fn goes_on(self, said: &[Voice], place: usize) -> bool {
        let behind = |steps: usize| {
            let at = if self.is_last { place.checked_sub(steps) } else { Some(place + 1 + steps) };
            at.and_then(|at| said.get(at)).copied()
        };
        let costs = |said: Option<Voice>, meant: Voice, most: SoundBudget| {
            said.is_some_and(|said| SoundBudget::from(voice_cost(said, meant)) <= most)
        };
        let next = behind(1);
        costs(next, self.third, self.budget)
            || self.budget.checked_sub(EDIT).is_some_and(|most| {
                let (dropped, inserted) =
                    (costs(next, self.fourth, most), costs(behind(2), self.third, most));
                dropped || inserted
            })
    }
}

/// A word heard at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// Index into the rule set's words.
    pub word: usize,
    /// Index of the first character.
    pub start: usize,
    /// Characters said: one fewer or more than the word has where a syllable was dropped or put in.
    pub length: usize,
    pub cost: SoundBudget,
}

/// Finds words by sound in one pass over a text.
#[derive(Debug, Default)]
pub struct SoundIndex {
    words: Vec<SoundWord>,
    /// Characters of all words, one after the other, and their voices.
    characters: Vec<char>,
    voices: Vec<Voice>,
    /// Seeds of the class pair `p` are `seeds[starts[p]..starts[p + 1]]`; see [`pair`].
    starts: Vec<u32>,
    seeds: Vec<Seed>,
    /// Words of two syllables that sound like the pair of voices `p`: `twos[two_starts[p]..two_starts[p + 1]]`.
    two_starts: Vec<u32>,
    twos: Vec<u32>,
    /// Pairs of voices that any word may be heard in.
    pairs: Pairs,
    fixed: Vec<Voice>,
}

/// Number of a pair of sound classes.
fn pair(first: u16, second: u16) -> usize {
    usize::from(first) * class_count() + usize::from(second)
}

/// Number of a pair of voices.
fn voice_pair(first: Voice, second: Voice) -> usize {
    usize::from(first) * voice_count() + usize::from(second)
}

/// Sorts entries into numbered buckets: where each begins, and all entries.
fn buckets<T: Ord>(mut entries: Vec<(usize, T)>, count: usize) -> (Vec<u32>, Vec<T>) {
    entries.sort_unstable();
    entries.dedup();
    let mut starts = vec![0; count + 1];
    for (bucket, _) in &entries {
        starts[bucket + 1] += 1;
    }
    for bucket in 1..starts.len() {
        starts[bucket] += starts[bucket - 1];
    }
    (starts, entries.into_iter().map(|(_, entry)| entry).collect())
}

impl SoundIndex {
    /// Builds the index over (word index, normal form, budget); words have at least two characters, all with readings.
    pub(super) fn new<'a>(words: impl Iterator<Item = (usize, &'a str, SoundBudget)>) -> Self {
        let mut index = Self { pairs: Pairs::new(), fixed: voices(NEGATIONS), ..Self::default() };
        let mut sown: Vec<(usize, Seed)> = Vec::new();
        for (word, text, budget) in words {
            let Some(rarity) = rarity_budget(rarity_bits(text)) else { continue };
            let budget = budget.min(rarity);
            let first = index.voices.len();
            index.characters.extend(text.chars());
            index.voices.extend(voices(text));
            let droppable = droppable(text);
            let word = SoundWord { word, voices: first..index.voices.len(), budget, droppable };
            index.sow(&word, &mut sown);
            index.words.push(word);
        }
        index.mark_close_pairs(&sown);
        (index.starts, index.seeds) = buckets(sown, class_count() * class_count());
        let twos = index.sounds_of_two();
        (index.two_starts, index.twos) = buckets(twos, voice_count() * voice_count());
        index
    }

    /// Notes the class pairs of the first two and last two characters of a word of three or more.
    fn sow(&self, word: &SoundWord, sown: &mut Vec<(usize, Seed)>) {
        let voices = &self.voices[word.voices.clone()];
        if voices.len() < 3 {
            return;
        }
        for offset in [0, voices.len() - 2] {
            let [first, second, ..] = voices[offset..] else { continue };
            let is_last = offset > 0;
            let (third, fourth) = if is_last {
                (voices[offset - 1], voices[offset.saturating_sub(2)])
            } else {
                (voices[2], voices[3.min(voices.len() - 1)])
            };
            let seed = Seed { entry: self.words.len() as u32, is_last, third, fourth, budget: word.budget };
            for a in classes_of(first) {
                sown.extend(classes_of(second).iter().map(|b| (pair(*a, *b), seed)));
            }
        }
    }

    /// Marks every pair of voices whose classes hold a seed.
    fn mark_close_pairs(&mut self, sown: &[(usize, Seed)]) {
        let mut is_sown = vec![false; class_count() * class_count()];
        for (pair, _) in sown {
            is_sown[*pair] = true;
        }
        let all = 0..voice_count() as Voice;
        for first in all.clone() {
            for second in all.clone() {
                let holds = |a: &u16| classes_of(second).iter().any(|b| is_sown[pair(*a, *b)]);
                if classes_of(first).iter().any(holds) {
                    self.pairs.insert(first, second);
                }
            }
        }
    }

    /// Marks the pairs of voices that sound like a word of two syllables, and gives each with the word.
    fn sounds_of_two(&mut self) -> Vec<(usize, u32)> {
        let all = 0..voice_count() as Voice;
        let same: Vec<Vec<Voice>> = all
            .clone()
            .map(|meant| all.clone().filter(|said| voice_cost(*said, meant) == SAME).collect())
            .collect();
        let mut twos = Vec::new();
        for (entry, word) in self.words.iter().enumerate() {
            let [first, second] = self.voices[word.voices.clone()] else { continue };
            for a in &same[usize::from(first)] {
                for b in &same[usize::from(second)] {
                    self.pairs.insert(*a, *b);
                    twos.push((voice_pair(*a, *b), entry as u32));
                }
            }
        }
        twos
    }

    /// Every word heard in a text within its budget, in order of place, then word; of places of one word that overlap,
    /// the cheapest.
    ///
    /// A word of three syllables and more that is written as it is counts as heard at no cost, a shorter one does not.
    #[must_use]
    pub fn hear(&self, text: &str) -> Vec<Heard> {
        let characters: Vec<char> = text.chars().collect();
        let said = voices(text);
        let mut heard = Vec::new();
        for (place, pair) in said.windows(2).enumerate() {
            if self.pairs.contains(pair[0], pair[1]) {
                self.look_for_two(&characters, place, voice_pair(pair[0], pair[1]), &mut heard);
                self.look(&said, place, &mut heard);
            }
        }
        cheapest(heard)
    }

    /// Adds the words of two syllables that sound like those at a place and are written otherwise.
    fn look_for_two(&self, characters: &[char], place: usize, pair: usize, heard: &mut Vec<Heard>) {
        let entries = &self.twos[self.two_starts[pair] as usize..self.two_starts[pair + 1] as usize];
        for word in entries.iter().map(|entry| &self.words[*entry as usize]) {
            if self.characters[word.voices.clone()] != characters[place..place + 2] {
                heard.push(Heard { word: word.word, start: place, length: 2, cost: 0 });
            }
        }
    }

    /// Adds the longer words whose seeds are heard at a place.
    fn look(&self, said: &[Voice], place: usize, heard: &mut Vec<Heard>) {
        for first in classes_of(said[place]) {
            for second in classes_of(said[place + 1]) {
                let seeds = &self.seeds[self.bucket(pair(*first, *second))];
                let likely = seeds.iter().filter(|seed| seed.goes_on(said, place));
                heard.extend(likely.filter_map(|seed| self.verify(*seed, said, place)));
            }
        }
    }

    fn bucket(&self, pair: usize) -> Range<usize> {
        self.starts[pair] as usize..self.starts[pair + 1] as usize
    }

    fn verify(&self, seed: Seed, said: &[Voice], place: usize) -> Option<Heard> {
        let word = &self.words[seed.entry as usize];
        let meant = &self.voices[word.voices.clone()];
        let offset = if seed.is_last { meant.len() - 2 } else { 0 };
        let SoundWord { budget, droppable, .. } = *word;
        let alignment = Alignment { meant, said, offset, place, budget, droppable, fixed: &self.fixed };
        let fit = alignment.fit()?;
        Some(Heard { word: word.word, start: fit.start, length: fit.length, cost: fit.cost })
    }
}

/// Of places of one word that overlap, keeps the cheapest; of equals, the first.
fn cheapest(mut heard: Vec<Heard>) -> Vec<Heard> {
    heard.sort_unstable_by_key(|heard| (heard.word, heard.cost, heard.start, heard.length));
    let mut kept: Vec<Heard> = Vec::with_capacity(heard.len());
    for next in heard {
        let same_word = kept.iter().rev().take_while(|other| other.word == next.word);
        let mut covered = same_word
            .map(|other| next.start < other.start + other.length && other.start < next.start + next.length);
        if !covered.any(|overlaps| overlaps) {
            kept.push(next);
        }
    }
    kept.sort_unstable_by_key(|heard| (heard.start, heard.word));
    kept
}

#[cfg(test)]
mod tests;
