//! Words by their sound: a pair of neighbouring syllables leads to the words that hold it, which are then compared in full.
//!
//! A word is found through its first two syllables or its last two, each taken as a class of sounds that are easily
//! confused. One of the two pairs survives any single syllable that is misheard beyond its class, in words of four
//! syllables and more; in shorter ones the outer syllables may be.

use crate::text::{CLOSE, LOOSE, MISMATCH, SAME, Syllable, readings, sound_class, syllable_cost};

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

/// Characters that are common in more than one reading; the second readings of all others are rare.
const POLYPHONES: &str = "还行得着地长重都了调处数率差血弹落";

/// What it costs to take `said` for `meant`. A recogniser writes a character for its common reading, and a rule means it
/// so: any other reading counts as a confused sound.
fn cost(said: char, meant: char) -> SoundBudget {
    if said == meant {
        return 0;
    }
    let pairs = ranked(said, false).flat_map(|(said, rarity)| {
        ranked(meant, POLYPHONES.contains(meant)).map(move |(meant, rarer)| {
            syllable_cost(said, meant).saturating_add(rarity).saturating_add(rarer)
        })
    });
    SoundBudget::from(pairs.min().unwrap_or(MISMATCH))
}

/// Readings of a character, each with what it costs that it is not the common one.
fn ranked(character: char, all_common: bool) -> impl Iterator<Item = (Syllable, u8)> {
    let rarity = move |rank| if rank == 0 || all_common { SAME } else { CLOSE };
    readings(character).iter().enumerate().map(move |(rank, syllable)| (*syllable, rarity(rank)))
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
    /// Number of each sound class among the words' syllables, from 1; 0 for classes of no word.
    class_numbers: Vec<u16>,
    classes: usize,
    /// Seeds of the pair (a, b) are `seeds[starts[p]..starts[p + 1]]` with `p = a * classes + b`, numbers from 0.
    starts: Vec<u32>,
    seeds: Vec<Seed>,
}

impl SoundIndex {
    /// Builds the index over (word index, normal form, budget); words have at least two characters, all with readings.
    pub(super) fn new<'a>(words: impl Iterator<Item = (usize, &'a str, SoundBudget)>) -> Self {
        let words = words
            .map(|(word, text, budget)| SoundWord { word, characters: text.chars().collect(), budget })
            .collect();
        let mut index = Self { words, ..Self::default() };
        index.number_classes();
        index.sow();
        index
    }

    fn number_classes(&mut self) {
        for word in &self.words {
            for class in
                word.characters.iter().flat_map(|c| readings(*c)).map(|s| usize::from(sound_class(*s)))
            {
                if self.class_numbers.len() <= class {
                    self.class_numbers.resize(class + 1, 0);
                }
                if self.class_numbers[class] == 0 {
                    self.classes += 1;
                    self.class_numbers[class] = self.classes as u16;
                }
            }
        }
    }

    fn sow(&mut self) {
        let mut sown: Vec<(usize, Seed)> = Vec::new();
        for (entry, word) in self.words.iter().enumerate() {
            let last = word.characters.len().saturating_sub(2);
            for offset in [0, last] {
                let seed = Seed { entry: entry as u32, offset: offset as u32 };
                let pairs = self.pairs(&word.characters[offset..]);
                sown.extend(pairs.into_iter().map(|pair| (pair, seed)));
            }
        }
        sown.sort_unstable();
        sown.dedup();
        let mut starts = vec![0_u32; self.classes * self.classes + 1];
        for (pair, _) in &sown {
            starts[pair + 1] += 1;
        }
        for pair in 1..starts.len() {
            starts[pair] += starts[pair - 1];
        }
        self.starts = starts;
        self.seeds = sown.into_iter().map(|(_, seed)| seed).collect();
    }

    /// Numbers of the pairs that the first two characters may sound as.
    fn pairs(&self, characters: &[char]) -> Vec<usize> {
        let [first, second, ..] = characters else { return Vec::new() };
        let seconds: Vec<usize> = self.numbers(*second).collect();
        self.numbers(*first).flat_map(|a| seconds.iter().map(move |b| a * self.classes + b)).collect()
    }

    fn numbers(&self, character: char) -> impl Iterator<Item = usize> {
        readings(character).iter().filter_map(|syllable| self.number(*syllable))
    }

    /// Number of a syllable's class, from 0; none if no word has it.
    fn number(&self, syllable: Syllable) -> Option<usize> {
        let number = *self.class_numbers.get(usize::from(sound_class(syllable)))?;
        usize::from(number).checked_sub(1)
    }

    /// Every word heard in a text within its budget, in order of place, then word; each place of a word once.
    ///
    /// A word written as it is counts as heard at no cost.
    #[must_use]
    pub fn hear(&self, text: &[char]) -> Vec<Heard> {
        let mut heard = Vec::new();
        for place in 1..text.len() {
            for first in self.numbers(text[place - 1]) {
                for second in self.numbers(text[place]) {
                    let pair = first * self.classes + second;
                    let seeds = self.starts[pair] as usize..self.starts[pair + 1] as usize;
                    heard.extend(
                        self.seeds[seeds].iter().filter_map(|seed| self.verify(*seed, text, place - 1)),
                    );
                }
            }
        }
        heard.sort_unstable_by_key(|heard| (heard.start, heard.word));
        heard.dedup();
        heard
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
