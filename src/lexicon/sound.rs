//! Words by their sound: a pair of neighbouring syllables leads to the words that hold it, which are then compared in full.
//!
//! A word is found through its first two syllables or its last two, as sound classes: one of the two pairs survives any
//! single syllable that is misheard altogether, dropped or put in, in words of four syllables and more; in shorter ones
//! the outer syllables may be. One bit for each pair of voices says beforehand whether any word has such a pair, so that
//! most places of a text cost one look at one bit.

use std::ops::Range;

use crate::text::{CLOSE, LOOSE, MISMATCH, SAME, readings};

use super::alignment::Alignment;
use super::pairs::Pairs;
use super::syllabary::{Voice, class_count, classes_of, voice_count, voices};

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
}

/// Where in which word a pair of syllables stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seed {
    entry: u32,
    offset: u32,
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
    /// Seeds of the class pair `p` are `seeds[starts[p]..starts[p + 1]]`; see [`pair`].
    starts: Vec<u32>,
    seeds: Vec<Seed>,
    /// Pairs of voices that any seed may be heard in.
    pairs: Pairs,
    fixed: Vec<Voice>,
}

/// Number of a pair of sound classes.
fn pair(first: u16, second: u16) -> usize {
    usize::from(first) * class_count() + usize::from(second)
}

impl SoundIndex {
    /// Builds the index over (word index, normal form, budget); words have at least two characters, all with readings.
    pub(super) fn new<'a>(words: impl Iterator<Item = (usize, &'a str, SoundBudget)>) -> Self {
        let mut index = Self { pairs: Pairs::new(), fixed: voices(NEGATIONS), ..Self::default() };
        let mut sown: Vec<(usize, Seed)> = Vec::new();
        for (word, text, budget) in words {
            let first = index.voices.len();
            index.voices.extend(voices(text));
            let word = SoundWord { word, voices: first..index.voices.len(), budget };
            index.sow(&word, &mut sown);
            index.words.push(word);
        }
        index.mark_close_pairs(&sown);
        index.fill_buckets(sown);
        index
    }

    /// Notes the class pairs of the word's first two and last two characters.
    fn sow(&mut self, word: &SoundWord, sown: &mut Vec<(usize, Seed)>) {
        let voices = &self.voices[word.voices.clone()];
        let last = voices.len().saturating_sub(2);
        for offset in if last == 0 { vec![0] } else { vec![0, last] } {
            let [first, second, ..] = voices[offset..] else { continue };
            let seed = Seed { entry: self.words.len() as u32, offset: offset as u32 };
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

    fn fill_buckets(&mut self, mut sown: Vec<(usize, Seed)>) {
        sown.sort_unstable();
        sown.dedup();
        self.starts = vec![0; class_count() * class_count() + 1];
        for (pair, _) in &sown {
            self.starts[pair + 1] += 1;
        }
        for pair in 1..self.starts.len() {
            self.starts[pair] += self.starts[pair - 1];
        }
        self.seeds = sown.into_iter().map(|(_, seed)| seed).collect();
    }

    /// Every word heard in a text within its budget, in order of place, then word; of places of one word that overlap,
    /// the cheapest.
    ///
    /// A word written as it is counts as heard at no cost.
    #[must_use]
    pub fn hear(&self, text: &str) -> Vec<Heard> {
        let said = voices(text);
        let mut heard = Vec::new();
        for (place, pair) in said.windows(2).enumerate() {
            if self.pairs.contains(pair[0], pair[1]) {
                self.look(&said, place, &mut heard);
            }
        }
        cheapest(heard)
    }

    /// Adds the words whose seeds are heard at a place.
    fn look(&self, said: &[Voice], place: usize, heard: &mut Vec<Heard>) {
        for first in classes_of(said[place]) {
            for second in classes_of(said[place + 1]) {
                let seeds = &self.seeds[self.bucket(pair(*first, *second))];
                heard.extend(seeds.iter().filter_map(|seed| self.verify(*seed, said, place)));
            }
        }
    }

    fn bucket(&self, pair: usize) -> Range<usize> {
        self.starts[pair] as usize..self.starts[pair + 1] as usize
    }

    fn verify(&self, seed: Seed, said: &[Voice], place: usize) -> Option<Heard> {
        let word = &self.words[seed.entry as usize];
        let meant = &self.voices[word.voices.clone()];
        let offset = seed.offset as usize;
        let alignment = Alignment { meant, said, offset, place, budget: word.budget, fixed: &self.fixed };
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
mod tests {
    use super::*;

    fn hear(words: &[&str], text: &str) -> Vec<(String, usize, SoundBudget)> {
        let entries =
            words.iter().enumerate().map(|(index, word)| (index, *word, near_budget(word.chars().count())));
        SoundIndex::new(entries)
            .hear(text)
            .into_iter()
            .map(|heard| (words[heard.word].to_owned(), heard.start, heard.cost))
            .collect()
    }

    #[test]
    fn words_are_heard_through_the_recognisers_spelling() {
        for (word, text, found) in [
            ("再不还钱", "在不還前".replace('還', "还").as_str(), true),
            ("经侦大队", "我们是金正大队的", true),
            ("身份证号码", "报一下身份正好嗎".replace('嗎', "吗").as_str(), true),
            ("身份证号码", "报一下身份证号", false),
            ("单位", "担位", true),
            ("单位", "当委", false),
            ("单位", "单人", false),
            ("坐牢", "做老板", true),
            ("通讯录", "我们通知你", false),
            ("通讯录", "", false),
        ] {
            assert_eq!(!hear(&[word], text).is_empty(), found, "{word} in {text}");
        }
    }

    #[test]
    fn each_place_of_a_word_is_told_once_with_its_cost() {
        let close = SoundBudget::from(CLOSE);
        assert_eq!(
            hear(&["爆通讯录", "通讯录"], "爆通讯录和通讯陆和通讯努"),
            [
                ("爆通讯录".into(), 0, 0),
                ("通讯录".into(), 1, 0),
                ("通讯录".into(), 5, 0),
                ("通讯录".into(), 9, close)
            ]
        );
    }

    #[test]
    fn an_empty_index_hears_nothing() {
        assert_eq!(hear(&[], "还钱"), []);
    }
}
