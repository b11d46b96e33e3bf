//! The words and patterns of all rules, each once, with what they mean to which rule.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::rule::{Pattern, Role, Use, Word};
use super::sound::{SoundBudget, SoundIndex};

/// Words and patterns as compilation collects them.
#[derive(Default)]
pub(super) struct Vocabulary {
    pub words: Vec<Word>,
    pub patterns: Vec<Pattern>,
    pub unanchored: Vec<usize>,
    /// Looked up only, never walked.
    numbers: HashMap<String, usize>,
}

impl Vocabulary {
    /// Adds a use of a word given in the normal form and as written.
    pub fn add(&mut self, text: &str, written: &str, usage: Use) {
        let number = *self.numbers.entry(text.to_owned()).or_insert_with(|| {
            let word = Word {
                text: text.to_owned(),
                written: written.to_owned(),
                length: text.chars().count(),
                uses: Vec::new(),
            };
            self.words.push(word);
            self.words.len() - 1
        });
        let uses = &mut self.words[number].uses;
        if !uses.contains(&usage) {
            uses.push(usage);
        }
    }

    /// Adds a pattern and the words without which it cannot match; without such words it runs over every text.
    pub fn add_pattern(&mut self, pattern: Pattern, announcers: &[String]) {
        let number = self.patterns.len();
        let usage = Use { rule: pattern.rule, role: Role::Announces { pattern: number }, sound: None };
        for word in announcers {
            self.add(word, word, usage.clone());
        }
        if announcers.is_empty() {
            self.unanchored.push(number);
        }
        self.patterns.push(pattern);
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
