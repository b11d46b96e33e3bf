//! The words, lists of words and patterns of all rules, each once.

use std::collections::HashMap;

use super::rule::{Leaf, Pattern, Use, Word};
use crate::text::rarity_bits;

use super::budget::SoundBudget;
use super::leaf_set::LeafSet;

/// From so many leaves on, a word's leaves are added to others at once.
const MANY_USES: usize = 32;

/// A word that a rule looks for.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// In the normal form.
    pub text: String,
    /// As its writer wrote it.
    pub written: String,
    /// How far it may be misheard; absent for the very characters only.
    pub sound: Option<SoundBudget>,
}

/// Words, leaves and patterns as compilation collects them.
#[derive(Default)]
pub(super) struct Vocabulary {
    pub words: Vec<Word>,
    pub leaves: Vec<Leaf>,
    pub patterns: Vec<Pattern>,
    /// How often each word is said by chance.
    chances: Vec<f64>,
    // Looked up only, never walked.
    word_numbers: HashMap<String, usize>,
    leaf_numbers: HashMap<Vec<(usize, Option<SoundBudget>)>, usize>,
    pattern_numbers: HashMap<String, usize>,
}

impl Vocabulary {
    /// The leaf of a list of words; equal lists are one leaf.
    pub fn leaf(&mut self, entries: &[Entry]) -> usize {
        let mut uses: Vec<(usize, Option<SoundBudget>)> =
            entries.iter().map(|entry| (self.word(&entry.text, &entry.written), entry.sound)).collect();
        uses.sort_unstable();
        uses.dedup();
        if let Some(known) = self.leaf_numbers.get(&uses) {
            return *known;
        }
        let leaf = self.leaves.len();
        for (word, sound) in &uses {
            self.words[*word].uses.push(Use { leaf: leaf as u32, sound: *sound });
        }
        let words = uses.iter().map(|(word, _)| *word).collect();
        self.leaves.push(Leaf { words, ..Leaf::default() });
        self.leaf_numbers.insert(uses, leaf);
        leaf
    }

    fn word(&mut self, text: &str, written: &str) -> usize {
        *self.word_numbers.entry(text.to_owned()).or_insert_with(|| {
            let (text, written) = (text.to_owned(), written.to_owned());
            self.chances.push(chance(&text));
            self.words.push(Word {
                length: text.chars().count(),
                text,
                written,
                uses: Vec::new(),
                all_leaves: None,
            });
            self.words.len() - 1
        })
    }

    /// Adds a pattern, or finds the equal one that is there already. `key` tells patterns apart.
    pub fn pattern(&mut self, key: String, make: impl FnOnce(&mut Self) -> Pattern) -> usize {
        if let Some(known) = self.pattern_numbers.get(&key) {
            return *known;
        }
        let pattern = make(self);
        self.patterns.push(pattern);
        self.pattern_numbers.insert(key, self.patterns.len() - 1);
        self.patterns.len() - 1
    }

    /// How often a word of the leaf is said by chance, for each character of a text.
    pub fn chance(&self, leaf: usize) -> f64 {
        self.leaves[leaf].words.iter().map(|word| self.chances[*word]).sum()
    }

    /// Gives words that are in many leaves all of them as a set.
    pub fn gather_leaves(&mut self) {
        let leaves = self.leaves.len();
        for word in self.words.iter_mut().filter(|word| word.uses.len() >= MANY_USES) {
            let mut all = LeafSet::new(leaves);
            word.uses.iter().for_each(|usage| all.insert(usage.leaf as usize));
            word.all_leaves = Some(all);
        }
    }
}

/// Bits of surprise at a letter, of which the syllables say nothing.
const LETTER_BITS: f64 = 5.0;

/// How often a word is said by chance, for each character of a text, by its syllables.
fn chance(text: &str) -> f64 {
    let bits = rarity_bits(text);
    if bits > 0.0 { (-bits).exp2() } else { (-LETTER_BITS * text.chars().count() as f64).exp2() }
}
