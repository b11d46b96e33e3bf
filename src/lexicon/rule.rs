//! Rules as the detector uses them: groups expanded, words and patterns shared, nothing left to look up.

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::domain::{Basis, Category, Scoring, Severity, Tier};

use super::example::Example;
use super::format::{Polarity, Silence, Speaks, When};
use super::sound::{SoundBudget, SoundIndex};

/// All rules of all layers, compiled. Immutable; share it between threads.
#[derive(Debug)]
pub struct RuleSet {
    pub(super) rules: Vec<Rule>,
    pub(super) words: Vec<Word>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) unanchored: Vec<usize>,
    pub(super) exact: AhoCorasick,
    pub(super) sound: SoundIndex,
    pub(super) scoring: Scoring,
    pub(super) digest: String,
}

impl RuleSet {
    /// SHA-256 over the texts of all packs in use.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How findings and good conduct become a score.
    #[must_use]
    pub fn scoring(&self) -> &Scoring {
        &self.scoring
    }

    /// Sorted by id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Every word that any rule looks for, in the normal form.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Indices of patterns that no word announces: they run over every passage.
    #[must_use]
    pub fn unanchored(&self) -> &[usize] {
        &self.unanchored
    }

    /// Finds [`RuleSet::words`] (pattern id = word index), overlapping ones too.
    #[must_use]
    pub fn exact(&self) -> &AhoCorasick {
        &self.exact
    }

    /// Finds words by sound.
    #[must_use]
    pub fn sound(&self) -> &SoundIndex {
        &self.sound
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    pub id: String,
    /// Stem of the file it is from.
    pub pack: String,
    pub title: String,
    pub category: Category,
    pub severity: Severity,
    pub speaker: Speaks,
    /// The most a hit can become.
    pub tier: Tier,
    pub polarity: Polarity,
    /// What good conduct is worth.
    pub points: u32,
    pub silence: Vec<Silence>,
    pub when: When,
    pub why: String,
    pub basis: Vec<Basis>,
    pub body: Body,
    pub hit: Vec<Example>,
    pub miss: Vec<Example>,
}

/// What a rule looks for.
#[derive(Debug)]
pub enum Body {
    /// Words that must not be said.
    Said { near: Vec<Near>, unless: Unless },
    /// Words that must be said.
    Required(Required),
}

/// Slots that must all be filled close together.
#[derive(Debug)]
pub struct Near {
    pub slots: usize,
    /// Characters from the first of the first filled slot to the last of the last.
    pub within: usize,
    /// The slots come in the order written.
    pub ordered: bool,
}

/// Words that take a hit back when they stand close to it.
#[derive(Debug, Default)]
pub struct Unless {
    /// In the normal form.
    pub terms: Vec<String>,
    pub patterns: Vec<Regex>,
    /// Characters between them and the hit; the whole passage where absent.
    pub within: Option<usize>,
}

/// Where a required statement must stand.
#[derive(Debug)]
pub struct Required {
    /// Seconds from the agent's first word; 0 for the whole call.
    pub within_s: f64,
    /// Turns of the agent; 0 for the whole call.
    pub first_turns: usize,
    /// Required only in calls where the agent says certain words.
    pub conditional: bool,
}

/// A word of some rules, in the normal form.
#[derive(Debug)]
pub struct Word {
    pub text: String,
    /// As its writer wrote it.
    pub written: String,
    /// Characters.
    pub length: usize,
    pub uses: Vec<Use>,
}

/// What a word means to one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// Index into [`RuleSet::rules`].
    pub rule: usize,
    pub role: Role,
    /// How far it may be misheard; absent for the very characters only.
    pub sound: Option<SoundBudget>,
}

/// The part that a word plays in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A hit by itself.
    Term,
    /// Fills a slot of the rule's n-th `near`.
    Slot { near: usize, slot: usize },
    /// No match of the pattern (index into [`RuleSet::patterns`]) is without one of its announcing words.
    Announces { pattern: usize },
    /// The required statement itself.
    Statement,
    /// Makes the statement required.
    Condition,
}

/// A regular expression over the normal form.
#[derive(Debug)]
pub struct Pattern {
    pub regex: Regex,
    /// As its writer wrote it.
    pub written: String,
    /// Index into [`RuleSet::rules`].
    pub rule: usize,
    /// `Term`, `Statement` or `Condition`.
    pub role: Role,
}
