//! A set of pairs of voices: whether a word can begin here is one bit.

use super::syllabary::{Voice, voice_count};

/// Pairs of neighbouring voices, one bit each.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs {
    bits: Vec<u64>,
    width: usize,
}

impl Pairs {
    pub fn new() -> Self {
        let width = voice_count();
        Self { bits: vec![0; (width * width).div_ceil(64)], width }
    }

    pub fn insert(&mut self, first: Voice, second: Voice) {
        let bit = self.bit(first, second);
        self.bits[bit / 64] |= 1 << (bit % 64);
    }

    #[must_use]
    pub fn contains(&self, first: Voice, second: Voice) -> bool {
        let bit = self.bit(first, second);
        self.bits.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    fn bit(&self, first: Voice, second: Voice) -> usize {
        usize::from(first) * self.width + usize::from(second)
    }
}
