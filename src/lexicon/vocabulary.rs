//! The words, lists of words and patterns of all rules, each once.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::rule::{Leaf, Pattern, Use, Word};
use super::sound::{SoundBudget, SoundIndex};

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
        self.leaves.push(Leaf { words, triggers: Vec::new() });
        self.leaf_numbers.insert(uses, leaf);
        leaf
    }

    fn word(&mut self, text: &str, written: &str) -> usize {
        *self.word_numbers.entry(text.to_owned()).or_insert_with(|| {
            let (text, written) = (text.to_owned(), written.to_owned());
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

    /// How often a word of the leaf will be said by chance, on a scale of its own: short words, and many.
    pub fn commonness(&self, leaf: usize) -> usize {
        let by_length = |word: &usize| match self.words[*word].length {
            0 | 1 => 1000,
            2 => 30,
            3 => 5,
            _ => 1,
        };
        self.leaves[leaf].words.iter().map(by_length).sum()
    }

    pub fn exact_index(&self) -> Result<AhoCorasick, aho_corasick::BuildError> {
        // Standard semantics: only they report words inside words.
        AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(self.words.iter().map(|word| word.text.as_str()))
    }

    pub fn sound_index(&self) -> SoundIndex {
        let audible = self.words.iter().enumerate().filter_map(|(number, word)| {
            let widest: Option<SoundBudget> = word.uses.iter().filter_map(|usage| usage.sound).max();
            widest.map(|budget| (number, word.text.as_str(), budget))
        });
        SoundIndex::new(audible)
    }
}
