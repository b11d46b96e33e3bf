//! The words, lists of words and patterns of all rules, each once.

use std::collections::{BTreeSet, HashMap};

use aho_corasick::{AhoCorasick, MatchKind};

use super::rule::{Leaf, Pattern, Use, Word};
use crate::text::rarity_bits;

use super::sound::{SoundBudget, SoundIndex, is_audible};

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
            self.words[*word].uses.push(Use { leaf, sound: *sound });
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
            self.words.push(Word { length: text.chars().count(), text, written, uses: Vec::new() });
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

    pub fn exact_index(&self) -> Result<AhoCorasick, aho_corasick::BuildError> {
        // Standard semantics: only they report words inside words.
        AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(self.words.iter().map(|word| word.text.as_str()))
    }

    /// Finds by sound the words of leaves that announce something, and in a second index all others. Leaves without
    /// words in the second are marked as told by the first.
    pub fn sound_indices(&mut self, asked: &[usize]) -> (SoundIndex, SoundIndex) {
        let asks = |leaf: &Leaf| !leaf.triggers.is_empty();
        let announcing = self.leaves.iter().filter(|leaf| asks(leaf));
        let asked = asked.iter().map(|leaf| &self.leaves[*leaf]);
        let first: BTreeSet<usize> =
            announcing.chain(asked).flat_map(|leaf| leaf.words.iter().copied()).collect();
        let indices =
            (self.sound_index(|word| first.contains(&word)), self.sound_index(|word| !first.contains(&word)));
        for (number, leaf) in self.leaves.iter_mut().enumerate() {
            let is_late = |word: &usize| {
                let heard =
                    self.words[*word].uses.iter().any(|usage| usage.leaf == number && usage.sound.is_some());
                heard && !first.contains(word) && is_audible(&self.words[*word].text)
            };
            leaf.is_told_first = !leaf.words.iter().any(is_late);
        }
        indices
    }

    fn sound_index(&self, wanted: impl Fn(usize) -> bool) -> SoundIndex {
        let wanted = self.words.iter().enumerate().filter(|(number, _)| wanted(*number));
        let audible = wanted.filter_map(|(number, word)| {
            let widest: Option<SoundBudget> = word.uses.iter().filter_map(|usage| usage.sound).max();
            widest.map(|budget| (number, word.text.as_str(), budget))
        });
        SoundIndex::new(audible)
    }
}

/// Bits of surprise at a letter, of which the syllables say nothing.
const LETTER_BITS: f64 = 5.0;

/// How often a word is said by chance, for each character of a text, by its syllables.
fn chance(text: &str) -> f64 {
    let bits = rarity_bits(text);
    if bits > 0.0 { (-bits).exp2() } else { (-LETTER_BITS * text.chars().count() as f64).exp2() }
}
