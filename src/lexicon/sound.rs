//! Words by their sound: syllables that stand together lead to the words that hold them, which are then compared in full.
//!
//! Words of two syllables must sound the same and are found by their pair of voices, longer ones through `seeds`.

use super::alignment::Alignment;
use super::budget::{NEGATIONS, SoundBudget, droppable, rarity_budget};
use super::seeds::{Seed, Seeds, Shape, Sown, key, pair_key, sow_pair};
use super::syllabary::{Voice, classes_of, sounds_of, voices};

/// A word that may be found by sound.
#[derive(Debug)]
struct SoundWord {
    /// Index into the rule set's words.
    word: u32,
    /// Where its voices begin in [`SoundIndex::voices`], and how many there are.
    first_voice: u32,
    syllables: u16,
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
    fixed: Vec<Voice>,
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
        let mut index = Self { fixed: voices(NEGATIONS), ..Self::default() };
        let mut sown = Vec::new();
        for (word, text, budget, droppable) in words {
            let (entry, first_voice) = (index.words.len() as u32, index.voices.len() as u32);
            let own = voices(text);
            match own[..] {
                [first, second] => sow_pair(entry, first, second, &mut sown),
                _ => Sown { entry, text, voices: &own, budget, droppable }.sow(&mut sown),
            }
            let (word, syllables) = (word as u32, own.len() as u16);
            index.voices.extend(own);
            index.words.push(SoundWord { word, first_voice, syllables, budget, droppable });
        }
        index.seeds = Seeds::new(sown);
        index
    }

    /// Words that the index finds, by their number in the rule set.
    pub(super) fn words(&self) -> impl Iterator<Item = usize> {
        self.words.iter().map(|word| word.word as usize)
    }

    /// Every word heard in a text within its budget, in order of words; of places of one word that overlap, the
    /// cheapest. A word that is written as it is counts as heard at no cost.
    ///
    /// Step by step over the whole text, so that the look-ups of a step, which miss the cache, wait together.
    #[must_use]
    pub fn hear(&self, text: &str) -> Vec<Heard> {
        let said = voices(text);
        let likely = self.likely(&said);
        let seeds: Vec<(Seed, u32)> = likely
            .into_iter()
            .flat_map(|(key, place)| self.seeds.of(key).map(move |seed| (seed, place)))
            .collect();
        let heard = seeds.into_iter().filter_map(|(seed, place)| self.verify(seed, &said, place as usize));
        cheapest(heard.collect())
    }

    /// Keys of pairs and triples that some word has, with their places.
    fn likely(&self, said: &[Voice]) -> Vec<(u32, u32)> {
        let classes: Vec<&[u16]> = said.iter().map(|voice| classes_of(*voice)).collect();
        let mut likely = Vec::with_capacity(2 * said.len());
        let mut add = |key: u32, place: usize| {
            if self.seeds.may_hold(key) {
                likely.push((key, place as u32));
            }
        };
        for (place, pair) in said.windows(2).enumerate() {
            if let ([first, ..], [second, ..]) = (sounds_of(pair[0]), sounds_of(pair[1])) {
                add(pair_key(*first, *second), place);
            }
            for shape in Shape::ALL {
                let [first, second, third] = shape.steps().map(|step| place + step);
                let Some(thirds) = classes.get(third) else { continue };
                for a in classes[first] {
                    for b in classes[second] {
                        thirds.iter().for_each(|c| add(key(shape, [*a, *b, *c]), place));
                    }
                }
            }
        }
        likely
    }

    fn verify(&self, seed: Seed, said: &[Voice], place: usize) -> Option<Heard> {
        let place = seed.pair_place(place)?;
        let SoundWord { word, first_voice, syllables, budget, droppable } = self.words[seed.entry as usize];
        let meant = &self.voices[first_voice as usize..][..syllables.into()];
        let offset = seed.pair.into();
        let alignment = Alignment { meant, said, offset, place, budget, droppable, fixed: &self.fixed };
        let fit = alignment.fit(seed.ways)?;
        Some(Heard { word: word as usize, start: fit.start, length: fit.length, cost: fit.cost })
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
