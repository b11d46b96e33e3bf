//! Rules as the detector uses them: groups expanded, words and patterns shared, nothing left to look up.

use std::ops::Range;

use regex::Match;

use crate::domain::{Basis, Category, Coaching, Scoring, Severity, Tier};

use super::budget::SoundBudget;
use super::conduct::ConductRule;
use super::cue::Cue;
use super::example::Example;
use super::format::{Polarity, Silence, Speaks, When};
use super::index::{WordHit, WordIndex};
use super::lazy_regex::LazyRegex;
use super::leaf_set::LeafSet;
use super::need::Need;
use super::node::Node;

/// All rules of all layers, compiled. Immutable; share it between threads.
#[derive(Debug)]
pub struct RuleSet {
    pub(super) rules: Vec<Rule>,
    pub(super) cues: Vec<Cue>,
    pub(super) clauses: Vec<Clause>,
    pub(super) untriggered: Vec<usize>,
    pub(super) conduct: Vec<ConductRule>,
    pub(super) words: Vec<Word>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) triggers: LeafSet,
    pub(super) index: WordIndex,
    pub(super) scoring: Scoring,
    pub(super) coaching: Coaching,
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

    /// What to say instead, by rule or category.
    #[must_use]
    pub fn coaching(&self) -> &Coaching {
        &self.coaching
    }

    /// Sorted by id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Words of context, in order of layers.
    #[must_use]
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }

    /// Rules on times and loudness, sorted by id.
    #[must_use]
    pub fn conduct(&self) -> &[ConductRule] {
        &self.conduct
    }

    /// Every word that any rule looks for, in the normal form.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The lists of words that expressions hold, each once.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// What the rules forbid, in parts that are looked at one by one; those of one rule stand together.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// Indices of clauses that no word announces: they are looked at in every call.
    #[must_use]
    pub fn untriggered(&self) -> &[usize] {
        &self.untriggered
    }

    /// Leaves that announce clauses.
    #[must_use]
    pub fn triggers(&self) -> &LeafSet {
        &self.triggers
    }

    /// Every word in a text of the normal form, as written and by sound, in order of place and word.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<WordHit> {
        self.index.find(&self.words, text)
    }

    /// The leaves that words found in a text fill.
    #[must_use]
    pub fn leaves_of(&self, hits: &[WordHit]) -> LeafSet {
        let mut leaves = LeafSet::new(self.leaves.len());
        for hit in hits {
            let word = &self.words[hit.word];
            match &word.all_leaves {
                Some(all) if hit.misheard.is_none() => leaves.unite(all),
                _ => {
                    let served = word.uses.iter().filter(|usage| hit.serves(usage));
                    served.for_each(|usage| leaves.insert(usage.leaf as usize));
                }
            }
        }
        leaves
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
    /// Examples of its own: what means the same is a hit.
    pub like: Vec<String>,
    /// What is like the trained examples of its category is a hit.
    pub semantic: bool,
    pub hit: Vec<Example>,
    pub miss: Vec<Example>,
}

impl Rule {
    /// True where nothing but the meaning of an utterance can fill the rule.
    #[must_use]
    pub fn is_by_meaning(&self) -> bool {
        let has_words = match &self.body {
            Body::Said { clauses, .. } => !clauses.is_empty(),
            Body::Required(_) => true,
        };
        (self.semantic || !self.like.is_empty()) && !has_words
    }
}

/// What a rule looks for.
#[derive(Debug)]
pub enum Body {
    /// Words that must not be said.
    Said {
        /// Indices into [`RuleSet::clauses`]; each is a hit by itself.
        clauses: Range<usize>,
        unless: Vec<Unless>,
    },
    /// Words that must be said, where in the call the node's own window tells.
    Required(Box<Required>),
}

/// A statement that must be made.
#[derive(Debug)]
pub struct Required {
    pub statement: Node,
    /// Required only in calls where this is said.
    pub only_if: Option<Node>,
}

/// A branch of a rule.
#[derive(Debug)]
pub struct Clause {
    /// Index into [`RuleSet::rules`].
    pub rule: usize,
    pub node: Node,
}

/// Words that take a hit back.
#[derive(Debug)]
pub struct Unless {
    pub node: Node,
    pub near: Nearness,
}

/// How near to a hit words must stand to take it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearness {
    /// So many characters between them and the hit, in the same passage.
    Chars(usize),
    Passage,
    Call,
}

/// A word of some rules, in the normal form.
#[derive(Debug)]
pub struct Word {
    pub text: String,
    /// As its writer wrote it.
    pub written: String,
    /// Characters.
    pub length: usize,
    /// In order of leaves.
    pub uses: Vec<Use>,
    /// The leaves of all uses, for a word of many.
    pub all_leaves: Option<LeafSet>,
}

/// A list of words that a word is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Index into [`RuleSet::leaves`].
    pub leaf: u32,
    /// How far it may be misheard; absent for the very characters only.
    pub sound: Option<SoundBudget>,
}

/// A list of words, any of which will do.
#[derive(Debug, Default)]
pub struct Leaf {
    /// Indices into [`RuleSet::words`], sorted.
    pub words: Vec<usize>,
    /// Indices of clauses that cannot hit where none of these words (and of their other triggers) is said.
    pub triggers: Vec<usize>,
}

/// A regular expression over the normal form.
#[derive(Debug)]
pub struct Pattern {
    pub regex: LazyRegex,
    /// A match that this matches within does not count.
    pub except: Option<LazyRegex>,
    /// As its writer wrote it.
    pub written: String,
    /// What every match holds, in order.
    pub need: Need,
    /// The leaf of all its fixed words that may be misheard.
    pub heard: Option<usize>,
}

impl Pattern {
    /// Matches in a text of the normal form, one behind the other.
    pub fn find<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        let excepted =
            |found: &Match| self.except.as_ref().is_some_and(|except| except.get().is_match(found.as_str()));
        self.regex.get().find_iter(text).filter(move |found| !excepted(found))
    }
}
