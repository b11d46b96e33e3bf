//! The words found in a text, by word: most lists of words are asked for in vain, which a few bits tell.

use super::index::WordHit;
use super::rule::Leaf;

/// Bits that say which words may be there, by the lowest bits of their numbers.
const BITS: usize = 1024;

/// The words of some hits.
#[derive(Debug)]
pub struct FoundWords {
    bits: [u64; BITS / 64],
    /// Word and number of the hit, sorted.
    words: Vec<(usize, usize)>,
}

impl FoundWords {
    #[must_use]
    pub fn new(hits: &[WordHit]) -> Self {
        let mut bits = [0; BITS / 64];
        for hit in hits {
            bits[hit.word % BITS / 64] |= 1 << (hit.word % 64);
        }
        let mut words: Vec<(usize, usize)> =
            hits.iter().enumerate().map(|(number, hit)| (hit.word, number)).collect();
        words.sort_unstable();
        Self { bits, words }
    }

    /// Tells the numbers of the hits whose word a leaf holds, however far misheard, in order of words. Goes through the
    /// leaf's words or the hits' own, whichever are fewer.
    pub fn each(&self, leaf: &Leaf, mut tell: impl FnMut(usize)) {
        if leaf.words.len() > self.words.len() {
            let held = self.words.iter().filter(|(word, _)| leaf.words.binary_search(word).is_ok());
            held.for_each(|(_, hit)| tell(*hit));
            return;
        }
        for word in leaf.words.iter().filter(|word| self.may_hold(**word)) {
            let first = self.words.partition_point(|(other, _)| other < word);
            let own = self.words[first..].iter().take_while(|(other, _)| other == word);
            own.for_each(|(_, hit)| tell(*hit));
        }
    }

    fn may_hold(&self, word: usize) -> bool {
        self.bits[word % BITS / 64] >> (word % 64) & 1 == 1
    }
}
