//! From neighbouring syllables to the words that hold them.
//!
//! A word of two syllables is sought through the pair of them, a longer one through three of its syllables, as sound
//! classes: those that are rarest together. Where a syllable may be another, dropped or put in, words of six syllables and
//! more are sought through three of either half, shorter ones through three at either end, with a gap where a syllable may
//! be another, and without one that may be dropped. One bit for each pair and triple says beforehand whether any word has
//! it, so that most places of a text cost one look at a few bits.

use std::ops::Range;

use crate::text::rarity_bits;

use super::alignment::{EDIT, PAIR, Ways};
use super::budget::SoundBudget;
use super::syllabary::{Voice, classes_of, sounds_of};

/// How three syllables lie to each other: how many steps each is from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape(u8);

impl Shape {
    const TOGETHER: Self = Self(0);
    const GAP_BEHIND_FIRST: Self = Self(1);
    const GAP_BEFORE_LAST: Self = Self(2);
    pub const ALL: [Self; 3] = [Self::TOGETHER, Self::GAP_BEHIND_FIRST, Self::GAP_BEFORE_LAST];

    pub fn steps(self) -> [usize; 3] {
        match self {
            Self::GAP_BEHIND_FIRST => [0, 2, 3],
            Self::GAP_BEFORE_LAST => [0, 1, 3],
            _ => [0, 1, 2],
        }
    }
}

/// Bits that hold one sound class in a key.
const CLASS_BITS: u32 = 9;
/// Bits that hold one syllable in a key.
const SYLLABLE_BITS: u32 = 13;
/// Bits of the filter for each seed: one in eight that no word has is looked up for nothing.
const FILTER_BITS_PER_SEED: usize = 8;

/// Which word may be heard where a triple stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seed {
    key: u32,
    /// Number of the word in its index.
    pub entry: u32,
    /// Index in the word of its first or last pair of syllables, from which it is laid over the text.
    pub pair: u16,
    /// Index of the triple's first syllable, where nothing is dropped before that pair.
    index: u16,
    /// How the word may lie over the text, for others are found by other seeds of it.
    pub ways: Ways,
}

impl Seed {
    /// Where the word's outer pair stands in a text in which the triple begins at `place`.
    pub fn pair_place(self, place: usize) -> Option<usize> {
        (place + usize::from(self.pair)).checked_sub(self.index.into())
    }
}

/// The triples of all words.
#[derive(Debug, Default)]
pub(super) struct Seeds {
    /// One bit for each value of [`Seeds::hash`].
    filter: Vec<u64>,
    filter_bits: u32,
    bucket_bits: u32,
    /// Seeds of bucket `b` are `all[starts[b]..starts[b + 1]]`.
    starts: Vec<u32>,
    all: Vec<Seed>,
}

impl Seeds {
    pub fn new(mut seeds: Vec<Seed>) -> Self {
        let bits = |count: usize| count.max(64).next_power_of_two().trailing_zeros();
        let (filter_bits, bucket_bits) = (bits(seeds.len() * FILTER_BITS_PER_SEED), bits(seeds.len()));
        let mut table = Self { filter_bits, bucket_bits, ..Self::default() };
        table.filter = vec![0; 1 << (filter_bits - 6)];
        table.starts = vec![0; (1 << bucket_bits) + 1];
        seeds.sort_unstable_by_key(|seed| (table.bucket(table.hash(seed.key)), *seed));
        seeds.dedup();
        for seed in &seeds {
            let hash = table.hash(seed.key);
            let bucket = table.bucket(hash);
            table.filter[hash / 64] |= 1 << (hash % 64);
            table.starts[bucket + 1] += 1;
        }
        for bucket in 1..table.starts.len() {
            table.starts[bucket] += table.starts[bucket - 1];
        }
        table.all = seeds;
        table
    }

    /// False where surely no word has a pair or triple.
    pub fn may_hold(&self, key: u32) -> bool {
        let hash = self.hash(key);
        self.filter[hash / 64] >> (hash % 64) & 1 == 1
    }

    /// Seeds of a pair or triple.
    pub fn of(&self, key: u32) -> impl Iterator<Item = Seed> {
        let bucket = self.bucket(self.hash(key));
        let all = &self.all[self.starts[bucket] as usize..self.starts[bucket + 1] as usize];
        all.iter().copied().filter(move |seed| seed.key == key)
    }

    /// Multiplicative hashing, the highest bits: classes differ in the low ones.
    fn hash(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9E37_79B1) >> (32 - self.filter_bits)) as usize
    }

    fn bucket(&self, hash: usize) -> usize {
        hash >> (self.filter_bits - self.bucket_bits)
    }
}

/// Number of a triple of sound classes in a shape.
pub(super) fn key(shape: Shape, [first, second, third]: [u16; 3]) -> u32 {
    let classes = [first, second, third];
    classes.iter().fold(u32::from(shape.0), |key, class| key << CLASS_BITS | u32::from(*class))
}

/// Number of a pair of syllables, apart from those of triples.
pub(super) fn pair_key(first: u16, second: u16) -> u32 {
    3 << (3 * CLASS_BITS) | u32::from(first) << SYLLABLE_BITS | u32::from(second)
}

/// Adds the pairs by which a word of two syllables is found.
pub(super) fn sow_pair(entry: u32, first: Voice, second: Voice, seeds: &mut Vec<Seed>) {
    for a in sounds_of(first) {
        let keys = sounds_of(second).iter().map(|b| pair_key(*a, *b));
        seeds.extend(keys.map(|key| Seed { key, entry, pair: 0, index: 0, ways: Ways::Straight }));
    }
}

/// A word of three syllables or more that is to be sown.
pub(super) struct Sown<'a> {
    pub entry: u32,
    pub text: &'a str,
    pub voices: &'a [Voice],
    pub budget: SoundBudget,
    /// Syllables that may be dropped, a bit each.
    pub droppable: u32,
}

impl Sown<'_> {
    /// Adds all triples by which the word is found.
    pub fn sow(&self, seeds: &mut Vec<Seed>) {
        let length = self.voices.len();
        match length {
            _ if self.budget < EDIT => {
                self.add(Shape::TOGETHER, self.rarest(0..length), false, Ways::Straight, seeds);
            }
            6.. => {
                self.add(Shape::TOGETHER, self.rarest(0..length / 2), false, Ways::Both, seeds);
                self.add(Shape::TOGETHER, self.rarest(length / 2..length), true, Ways::Both, seeds);
            }
            _ => self.sow_with_gaps(seeds),
        }
    }

    /// Words of four and five syllables: in four nothing is put in, and each syllable that may be dropped has its own seed.
    fn sow_with_gaps(&self, seeds: &mut Vec<Seed>) {
        let length = self.voices.len();
        let ways = if length == 4 { Ways::Straight } else { Ways::Both };
        self.add(Shape::TOGETHER, 0, false, ways, seeds);
        self.add(Shape::TOGETHER, length - 3, true, ways, seeds);
        self.add(Shape::GAP_BEFORE_LAST, 0, false, Ways::Straight, seeds);
        self.add(Shape::GAP_BEHIND_FIRST, length - 4, true, Ways::Straight, seeds);
        if self.droppable >> 2 & 1 == 1 {
            self.add_of([0, 1, 3], Shape::TOGETHER, (0, 0, Ways::Bent), seeds);
        }
        if length == 4 && self.droppable >> 1 & 1 == 1 {
            self.add_of([0, 2, 3], Shape::TOGETHER, (2, 1, Ways::Bent), seeds);
        }
    }

    /// Index of the three syllables that are heard together the least often.
    fn rarest(&self, within: Range<usize>) -> usize {
        let characters: Vec<char> = self.text.chars().collect();
        let bits = |index: &usize| rarity_bits(&characters[*index..index + 3].iter().collect::<String>());
        let from = within.start..within.end - 2;
        from.max_by(|a, b| bits(a).total_cmp(&bits(b))).unwrap_or(within.start)
    }

    /// Adds the triple that begins at a syllable of the word.
    fn add(&self, shape: Shape, index: usize, is_last: bool, ways: Ways, seeds: &mut Vec<Seed>) {
        let pair = if is_last { self.voices.len() - PAIR } else { 0 };
        self.add_of(shape.steps().map(|step| index + step), shape, (pair, index, ways), seeds);
    }

    fn add_of(
        &self,
        at: [usize; 3],
        shape: Shape,
        (pair, index, ways): (usize, usize, Ways),
        seeds: &mut Vec<Seed>,
    ) {
        let (entry, pair, index) = (self.entry, pair as u16, index as u16);
        let [first, second, third] = at.map(|index| classes_of(self.voices[index]));
        for a in first {
            for b in second {
                let keys = third.iter().map(|c| key(shape, [*a, *b, *c]));
                seeds.extend(keys.map(|key| Seed { key, entry, pair, index, ways }));
            }
        }
    }
}
