//! The words of a call by passage, and which leaves they fill.

use std::cell::OnceCell;

use crate::lexicon::{FoundWords, Layout, LeafSet, Need, RuleSet, WordHit};

use super::passage::Passage;

/// Words found in a call.
#[derive(Debug)]
pub(super) struct LeafHits<'a> {
    rules: &'a RuleSet,
    passages: Vec<PassageHits>,
    /// Leaves that some passage fills.
    anywhere: LeafSet,
}

/// Words found in a passage.
#[derive(Debug)]
struct PassageHits {
    /// In order of place.
    hits: Vec<WordHit>,
    /// Leaves that they fill.
    filled: LeafSet,
    /// Made when first asked for, as the layout is.
    found: OnceCell<FoundWords>,
    layout: OnceCell<Layout>,
}

impl PassageHits {
    fn new(text: &str, rules: &RuleSet) -> Self {
        let hits = rules.find(text);
        let filled = rules.leaves_of(&hits);
        Self { hits, filled, found: OnceCell::new(), layout: OnceCell::new() }
    }

    fn found(&self) -> &FoundWords {
        self.found.get_or_init(|| FoundWords::new(&self.hits))
    }
}

impl<'a> LeafHits<'a> {
    pub fn new(passages: &[Passage], rules: &'a RuleSet) -> Self {
        let passages: Vec<PassageHits> =
            passages.iter().map(|passage| PassageHits::new(&passage.text, rules)).collect();
        let mut anywhere = LeafSet::new(rules.leaves().len());
        for passage in &passages {
            anywhere.unite(&passage.filled);
        }
        Self { rules, passages, anywhere }
    }

    /// Leaves that the words of a passage fill.
    pub fn of_passage(&self, passage: usize) -> &LeafSet {
        &self.passages[passage].filled
    }

    /// Leaves that the words of any passage fill.
    pub fn of_call(&self) -> &LeafSet {
        &self.anywhere
    }

    /// Words of a leaf in a passage, in order of place.
    pub fn in_passage(&self, leaf: usize, passage: usize) -> Vec<&WordHit> {
        let passage = &self.passages[passage];
        if !passage.filled.contains(leaf) {
            return Vec::new();
        }
        let mut numbers = Vec::new();
        passage.found().each(&self.rules.leaves()[leaf], |hit| numbers.push(hit));
        numbers.sort_unstable();
        numbers.iter().map(|number| &passage.hits[*number]).filter(|hit| self.serves(hit, leaf)).collect()
    }

    /// True if a leaf lets a word of its own be misheard so far.
    fn serves(&self, hit: &WordHit, leaf: usize) -> bool {
        let uses = &self.rules.words()[hit.word].uses;
        let own = uses[uses.partition_point(|usage| (usage.leaf as usize) < leaf)..].iter();
        hit.misheard.is_none()
            || own.take_while(|usage| usage.leaf as usize == leaf).any(|usage| hit.serves(usage))
    }

    /// False where the words of a passage do not stand as they must.
    pub fn may_stand(&self, need: &Need, passage: usize, text: &str) -> bool {
        let passage = &self.passages[passage];
        let layout = passage.layout.get_or_init(|| Layout::new(text, &passage.hits));
        need.is_met_by(&passage.filled) && layout.may_hold(need, passage.found(), self.rules.leaves())
    }
}
