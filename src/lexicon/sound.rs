//! Words by their sound: syllables that stand together lead to the words that hold them, which are then compared in full.
//!
//! Words of two syllables must sound the same and are found by their pair of voices, longer ones through `seeds`.

use std::ops::Range;

use crate::text::SAME;

use super::alignment::Alignment;
use super::budget::{NEGATIONS, SoundBudget, droppable, rarity_budget};
use super::pairs::Pairs;
use super::seeds::{Seed, Seeds, Shape, key, sow};
use super::syllabary::{Voice, classes_of, voice_cost, voice_count, voices};

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
    /// Voices of all words, one after the other.
    voices: Vec<Voice>,
    seeds: Seeds,
    /// Pairs of voices that sound like a word of two syllables.
    pairs: Pairs,
    /// Those words: of the pair of voices `p` they are `twos[two_starts[p]..two_starts[p + 1]]`.
    two_starts: Vec<u32>,
    twos: Vec<u32>,
    fixed: Vec<Voice>,
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
    /// Words of common syllables are left out.
    pub(super) fn new<'a>(words: impl Iterator<Item = (usize, &'a str, SoundBudget)>) -> Self {
        let audible = words.filter_map(|(word, text, budget)| {
            Some((word, text, budget.min(rarity_budget(text)?), droppable(text)))
        });
        Self::with_budgets(audible)
    }

    /// The same of (word index, normal form, budget, syllables that may be dropped), however common they are.
    fn with_budgets<'a>(words: impl Iterator<Item = (usize, &'a str, SoundBudget, u32)>) -> Self {
        let mut index = Self { pairs: Pairs::new(), fixed: voices(NEGATIONS), ..Self::default() };
        let mut sown = Vec::new();
        for (word, text, budget, droppable) in words {
            let own = voices(text);
            if own.len() > 2 {
                sow(index.words.len() as u32, &own, budget, droppable, &mut sown);
            }
            let first = index.voices.len();
            index.voices.extend(own);
            index.words.push(SoundWord { word, voices: first..index.voices.len(), budget, droppable });
        }
        index.seeds = Seeds::new(sown);
        let twos = index.sounds_of_two();
        (index.two_starts, index.twos) = buckets(twos, voice_count() * voice_count());
        index
    }

    /// Words that the index finds, by their number in the rule set.
    pub(super) fn words(&self) -> impl Iterator<Item = usize> {
        self.words.iter().map(|word| word.word)
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

    /// Every word heard in a text within its budget, in order of words; of places of one word that overlap, the
    /// cheapest. A word that is written as it is counts as heard at no cost.
    #[must_use]
    pub fn hear(&self, text: &str) -> Vec<Heard> {
        let said = voices(text);
        let classes: Vec<&[u16]> = said.iter().map(|voice| classes_of(*voice)).collect();
        let mut heard = Vec::new();
        for place in 0..said.len().saturating_sub(1) {
            if self.pairs.contains(said[place], said[place + 1]) {
                self.look_for_two(&said, place, &mut heard);
            }
            for shape in Shape::ALL {
                self.look(shape, &said, &classes, place, &mut heard);
            }
        }
        cheapest(heard)
    }

    /// Adds the words of two syllables that sound like those at a place.
    fn look_for_two(&self, said: &[Voice], place: usize, heard: &mut Vec<Heard>) {
        let pair = voice_pair(said[place], said[place + 1]);
        let entries = &self.twos[self.two_starts[pair] as usize..self.two_starts[pair + 1] as usize];
        let words = entries.iter().map(|entry| self.words[*entry as usize].word);
        heard.extend(words.map(|word| Heard { word, start: place, length: 2, cost: 0 }));
    }

    /// Adds the longer words of which three syllables are heard at a place.
    fn look(&self, shape: Shape, said: &[Voice], classes: &[&[u16]], place: usize, heard: &mut Vec<Heard>) {
        let [first, second, third] = shape.steps().map(|step| place + step);
        let Some(thirds) = classes.get(third) else { return };
        for a in classes[first] {
            for b in classes[second] {
                for c in *thirds {
                    let seeds = self.seeds.at(key(shape, [*a, *b, *c]));
                    heard.extend(
                        seeds.filter_map(|seed| self.verify(seed, said, seed.pair_place(shape, place))),
                    );
                }
            }
        }
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
    kept
}

#[cfg(test)]
mod tests;
