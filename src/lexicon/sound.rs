//! Words by their sound: a pair of neighbouring syllables leads to the words that hold it, which are then compared in full.
//!
//! A word is found through its first two syllables or its last two, in every spelling of them that its budget allows
//! (see [`near_budget`]): one of the two pairs survives any single syllable that is misheard altogether, in words of four
//! syllables and more; in shorter ones the outer syllables may be. The pairs hold common readings only, so that most
//! places of a text cost one look-up.

use std::ops::Range;

use crate::text::{CLOSE, LOOSE, MISMATCH, SAME, readings, syllable_cost};

use super::syllabary::{is_polyphone, numbers, relatives, size};

/// Most total cost (see [`crate::text::syllable_cost`]) at which a word still counts as heard.
pub type SoundBudget = u16;

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

/// What it costs to take `said` for `meant`. A recogniser writes a character for its common reading, and a rule means it
/// so: any other reading counts as a confused sound.
fn cost(said: char, meant: char) -> SoundBudget {
    if said == meant {
        return 0;
    }
    let all_common = is_polyphone(meant);
    let mut least = MISMATCH;
    for (rank, reading) in readings(said).iter().enumerate() {
        for (rarer, other) in readings(meant).iter().enumerate() {
            let rare =
                if rank > 0 { CLOSE } else { SAME } + if rarer > 0 && !all_common { CLOSE } else { SAME };
            least = least.min(syllable_cost(*reading, *other).saturating_add(rare));
        }
    }
    SoundBudget::from(least)
}

/// A word that may be found by sound.
#[derive(Debug)]
struct SoundWord {
    /// Index into the rule set's words.
    word: usize,
    characters: Vec<char>,
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
    /// Characters.
    pub length: usize,
    pub cost: SoundBudget,
}

/// Finds words by sound in one pass over the characters of a text.
#[derive(Debug, Default)]
pub struct SoundIndex {
    words: Vec<SoundWord>,
    /// Seeds of the syllable pair `p` are `seeds[starts[p]..starts[p + 1]]`; see [`pair`].
    starts: Vec<u32>,
    seeds: Vec<Seed>,
}

/// Number of a pair of syllables.
fn pair(first: u16, second: u16) -> usize {
    usize::from(first) * size() + usize::from(second)
}

impl SoundIndex {
    /// Builds the index over (word index, normal form, budget); words have at least two characters, all with readings.
    pub(super) fn new<'a>(words: impl Iterator<Item = (usize, &'a str, SoundBudget)>) -> Self {
        let words: Vec<SoundWord> = words
            .map(|(word, text, budget)| SoundWord { word, characters: text.chars().collect(), budget })
            .collect();
        let mut sown: Vec<(usize, Seed)> =
            words.iter().enumerate().flat_map(|(entry, word)| word.seeds(entry as u32)).collect();
        sown.sort_unstable();
        sown.dedup();
        let mut starts = vec![0_u32; size() * size() + 1];
        for (pair, _) in &sown {
            starts[pair + 1] += 1;
        }
        for pair in 1..starts.len() {
            starts[pair] += starts[pair - 1];
        }
        Self { words, starts, seeds: sown.into_iter().map(|(_, seed)| seed).collect() }
    }

    /// Every word heard in a text within its budget, in order of place, then word; each place of a word once.
    ///
    /// A word written as it is counts as heard at no cost.
    #[must_use]
    pub fn hear(&self, text: &[char]) -> Vec<Heard> {
        let mut heard = Vec::new();
        let mut before: &[u16] = &[];
        for (place, character) in text.iter().enumerate() {
            let here = numbers(*character);
            for first in before {
                for second in here {
                    let seeds = &self.seeds[self.bucket(pair(*first, *second))];
                    heard.extend(seeds.iter().filter_map(|seed| self.verify(*seed, text, place - 1)));
                }
            }
            before = here;
        }
        heard.sort_unstable_by_key(|heard| (heard.start, heard.word));
        heard.dedup();
        heard
    }

    fn bucket(&self, pair: usize) -> Range<usize> {
        self.starts[pair] as usize..self.starts[pair + 1] as usize
    }

    fn verify(&self, seed: Seed, text: &[char], place: usize) -> Option<Heard> {
        let word = &self.words[seed.entry as usize];
        let start = place.checked_sub(seed.offset as usize)?;
        let said = text.get(start..start + word.characters.len())?;
        let mut cost = 0;
        for (said, meant) in said.iter().zip(&word.characters) {
            cost += self::cost(*said, *meant);
            if cost > word.budget {
                return None;
            }
        }
        Some(Heard { word: word.word, start, length: word.characters.len(), cost })
    }
}

impl SoundWord {
    /// The pairs of syllables that the word's first two and last two characters may be heard as.
    fn seeds(&self, entry: u32) -> Vec<(usize, Seed)> {
        let last = self.characters.len().saturating_sub(2);
        let mut seeds = Vec::new();
        for offset in [0, last] {
            let seed = Seed { entry, offset: offset as u32 };
            let [first, second, ..] = self.characters[offset..] else { continue };
            let seconds = self.spellings(second);
            for a in self.spellings(first) {
                seeds.extend(seconds.iter().map(|b| (pair(a, *b), seed)));
            }
        }
        seeds
    }

    /// Syllables that a character may be heard as: its own, and the confused ones where the budget has room for one.
    fn spellings(&self, character: char) -> Vec<u16> {
        let own = numbers(character);
        if self.budget < SoundBudget::from(CLOSE) {
            return own.to_vec();
        }
        own.iter().flat_map(|number| relatives(*number)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(words: &[&str], text: &str) -> Vec<(String, usize, SoundBudget)> {
        let entries =
            words.iter().enumerate().map(|(index, word)| (index, *word, near_budget(word.chars().count())));
        let text: Vec<char> = text.chars().collect();
        SoundIndex::new(entries)
            .hear(&text)
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
