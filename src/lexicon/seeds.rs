//! From three neighbouring syllables to the words that hold them.
//!
//! A word is sought through three of its syllables, as sound classes, that lie at either end of it. Those of six syllables
//! and more have three left at one end or the other whichever syllable is misheard, dropped or put in; shorter ones are
//! also sown with a gap where a syllable may be another, and without a syllable that may be dropped. One bit for each
//! triple says beforehand whether any word has it, so that most places of a text cost one look at a few bits.

use super::alignment::{EDIT, PAIR};
use super::budget::SoundBudget;
use super::syllabary::{Voice, classes_of};

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
/// Bits of the filter for each seed: one triple in sixteen that no word has is looked up for nothing.
const FILTER_BITS_PER_SEED: usize = 16;

/// Which word may be heard where a triple stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seed {
    key: u32,
    /// Number of the word in its index.
    pub entry: u32,
    /// The triple holds the word's last pair of syllables, not its first.
    pub is_last: bool,
}

impl Seed {
    /// Where the word's outer pair stands in a text in which the triple begins at `place`.
    pub fn pair_place(self, shape: Shape, place: usize) -> usize {
        if self.is_last { place + shape.steps()[2] + 1 - PAIR } else { place }
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

    /// Seeds of a triple.
    pub fn at(&self, key: u32) -> impl Iterator<Item = Seed> {
        let hash = self.hash(key);
        let is_sown = self.filter[hash / 64] >> (hash % 64) & 1 == 1;
        let bucket = self.bucket(hash);
        let range =
            if is_sown { self.starts[bucket] as usize..self.starts[bucket + 1] as usize } else { 0..0 };
        self.all[range].iter().copied().filter(move |seed| seed.key == key)
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

/// All triples by which a word of three syllables or more is found.
pub(super) fn sow(entry: u32, word: &[Voice], budget: SoundBudget, droppable: u32, seeds: &mut Vec<Seed>) {
    let length = word.len();
    let mut add = |shape: Shape, at: [usize; 3], is_last: bool| {
        let [first, second, third] = at.map(|index| classes_of(word[index]));
        for a in first {
            for b in second {
                seeds.extend(third.iter().map(|c| Seed { key: key(shape, [*a, *b, *c]), entry, is_last }));
            }
        }
    };
    add(Shape::TOGETHER, [0, 1, 2], false);
    if length > 3 {
        add(Shape::TOGETHER, [length - 3, length - 2, length - 1], true);
    }
    if !(4..=5).contains(&length) || budget < EDIT {
        return;
    }
    add(Shape::GAP_BEFORE_LAST, [0, 1, 3], false);
    add(Shape::GAP_BEHIND_FIRST, [length - 4, length - 2, length - 1], true);
    if droppable >> 2 & 1 == 1 {
        add(Shape::TOGETHER, [0, 1, 3], false);
    }
    if length == 4 && droppable >> 1 & 1 == 1 {
        add(Shape::TOGETHER, [0, 2, 3], true);
    }
}
