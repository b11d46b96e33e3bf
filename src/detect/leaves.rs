//! The words of a call by passage, and which leaves they fill.

use std::cell::OnceCell;

use crate::lexicon::{Layout, LeafSet, Need, RuleSet, WordHit};

use super::passage::Passage;

/// Words found in a call.
#[derive(Debug)]
pub(super) struct LeafHits<'a> {
    rules: &'a RuleSet,
    /// Of each passage, in order of place.
    hits: Vec<Vec<WordHit>>,
    /// Leaves that the words of each passage fill.
    filled: Vec<LeafSet>,
    /// Where the words of each passage stand, made when first asked for.
    layouts: Vec<OnceCell<Layout>>,
    /// Leaves that some passage fills.
    anywhere: LeafSet,
}

impl<'a> LeafHits<'a> {
    pub fn new(passages: &[Passage], rules: &'a RuleSet) -> Self {
        let hits: Vec<Vec<WordHit>> = passages.iter().map(|passage| rules.find(&passage.text)).collect();
        let filled: Vec<LeafSet> = hits.iter().map(|hits| rules.leaves_of(hits)).collect();
        let mut anywhere = LeafSet::new(rules.leaves().len());
        for leaves in &filled {
            anywhere.unite(leaves);
        }
        let layouts = passages.iter().map(|_| OnceCell::new()).collect();
        Self { rules, hits, filled, layouts, anywhere }
    }

    /// Leaves that the words of a passage fill.
    pub fn of_passage(&self, passage: usize) -> &LeafSet {
        &self.filled[passage]
    }

    /// Leaves that the words of any passage fill.
    pub fn of_call(&self) -> &LeafSet {
        &self.anywhere
    }

    /// Words of a leaf in a passage, in order of place.
    pub fn in_passage(&self, leaf: usize, passage: usize) -> Vec<&WordHit> {
        if !self.filled[passage].contains(leaf) {
            return Vec::new();
        }
        self.hits[passage].iter().filter(|hit| self.is_of(hit, leaf)).collect()
    }

    /// False where the words of a passage do not stand as they must.
    pub fn may_stand(&self, need: &Need, passage: usize, text: &str) -> bool {
        let layout = self.layouts[passage].get_or_init(|| Layout::new(text, &self.hits[passage]));
        need.is_met_by(&self.filled[passage]) && layout.may_hold(need, self.rules.leaves())
    }

    /// True if a leaf holds the word and lets it be misheard so far.
    fn is_of(&self, hit: &WordHit, leaf: usize) -> bool {
        let uses = &self.rules.words()[hit.word].uses;
        let own = uses[uses.partition_point(|usage| usage.leaf < leaf)..].iter();
        own.take_while(|usage| usage.leaf == leaf).any(|usage| hit.serves(usage))
    }
}
