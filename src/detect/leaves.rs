//! The words of a call by the leaves that they are in.
//!
//! What announces a clause is sought in every passage. Other words that may be misheard are sought in a passage when a
//! clause first asks for one of them there, which in clean text is seldom.

use std::cell::OnceCell;

use crate::lexicon::RuleSet;

use super::passage::Passage;
use super::scan::{self, WordHit};

/// Words by passage and leaf.
#[derive(Debug)]
pub(super) struct LeafHits<'a> {
    rules: &'a RuleSet,
    /// In order of place.
    hits: Vec<WordHit>,
    /// Passage of each.
    passages: Vec<u32>,
    /// Those of leaf `n` are `numbers[starts[n]..starts[n + 1]]`, as indices into `hits`.
    numbers: Vec<u32>,
    starts: Vec<u32>,
    /// Leaves that hold a word of the call.
    present: Vec<usize>,
    /// What is sought late, for each passage.
    late: Vec<OnceCell<Late>>,
}

/// Words of one passage that were sought late.
#[derive(Debug, Default)]
struct Late {
    /// In order of place.
    hits: Vec<WordHit>,
    /// Leaf and index into `hits`, sorted.
    numbers: Vec<(u32, u32)>,
}

impl Late {
    fn new(passage: &Passage, rules: &RuleSet) -> Self {
        let hits = scan::supporting(passage, rules);
        let numbered = hits.iter().zip(0..);
        let mut numbers: Vec<(u32, u32)> = numbered
            .flat_map(|(hit, number)| leaves(hit, rules).map(move |leaf| (leaf as u32, number)))
            .collect();
        numbers.sort_unstable();
        Self { hits, numbers }
    }

    fn of(&self, leaf: usize) -> impl Iterator<Item = &WordHit> {
        let first = self.numbers.partition_point(|(other, _)| (*other as usize) < leaf);
        let own = self.numbers[first..].iter().take_while(move |(other, _)| *other as usize == leaf);
        own.map(|(_, hit)| &self.hits[*hit as usize])
    }
}

/// The leaves that a hit is close enough for.
fn leaves<'a>(hit: &'a WordHit, rules: &'a RuleSet) -> impl Iterator<Item = usize> + 'a {
    rules.words()[hit.word].uses.iter().filter(|usage| hit.serves(usage)).map(|usage| usage.leaf)
}

impl<'a> LeafHits<'a> {
    pub fn new(passages: &[Passage], rules: &'a RuleSet) -> Self {
        let (mut hits, mut places) = (Vec::new(), Vec::new());
        for (number, passage) in passages.iter().enumerate() {
            hits.extend(scan::announcing(passage, rules));
            places.resize(hits.len(), number as u32);
        }
        let mut sorted = Self {
            rules,
            hits,
            passages: places,
            numbers: Vec::new(),
            starts: vec![0; rules.leaves().len() + 1],
            present: Vec::new(),
            late: passages.iter().map(|_| OnceCell::new()).collect(),
        };
        sorted.sort();
        sorted
    }

    /// Counted, then filled from behind: two passes and three allocations however many leaves there are.
    fn sort(&mut self) {
        for leaf in self.hits.iter().flat_map(|hit| leaves(hit, self.rules)) {
            if self.starts[leaf] == 0 {
                self.present.push(leaf);
            }
            self.starts[leaf] += 1;
        }
        let mut total = 0;
        for start in &mut self.starts {
            total += *start;
            *start = total;
        }
        self.numbers = vec![0; total as usize];
        for (number, hit) in self.hits.iter().enumerate().rev() {
            for leaf in leaves(hit, self.rules) {
                self.starts[leaf] -= 1;
                self.numbers[self.starts[leaf] as usize] = number as u32;
            }
        }
    }

    /// Leaves with words that were told first, in no order.
    pub fn present(&self) -> &[usize] {
        &self.present
    }

    /// False where surely no word of a leaf is in the call.
    pub fn may_hold(&self, leaf: usize) -> bool {
        !self.told_first(leaf).is_empty() || !self.is_told_first(leaf)
    }

    /// Words of a leaf in a passage, in order of place.
    pub fn in_passage(&self, leaf: usize, passage: usize, texts: &[Passage]) -> Vec<&WordHit> {
        let mut found: Vec<&WordHit> =
            self.first_in(leaf, passage).iter().map(|hit| &self.hits[*hit as usize]).collect();
        if !self.is_told_first(leaf) {
            let told = found.len();
            found.extend(self.late(passage, texts).of(leaf));
            if told > 0 && found.len() > told {
                found.sort_unstable_by_key(|hit| (hit.range.start, hit.word));
            }
        }
        found
    }

    /// True where a word of a leaf stands in a passage.
    pub fn is_in_passage(&self, leaf: usize, passage: usize, texts: &[Passage]) -> bool {
        !self.first_in(leaf, passage).is_empty()
            || (!self.is_told_first(leaf) && self.late(passage, texts).of(leaf).next().is_some())
    }

    /// Passages that hold a word of each of the leaves, in order.
    pub fn holding(&self, leaves: &[usize], texts: &[Passage]) -> Vec<usize> {
        let (told, late): (Vec<usize>, Vec<usize>) =
            leaves.iter().partition(|leaf| self.is_told_first(**leaf));
        let rarest = told.iter().min_by_key(|leaf| self.told_first(**leaf).len());
        let mut passages: Vec<usize> = match rarest {
            Some(leaf) => {
                self.told_first(*leaf).iter().map(|hit| self.passages[*hit as usize] as usize).collect()
            }
            None => (0..texts.len()).collect(),
        };
        passages.dedup();
        passages.retain(|passage| told.iter().all(|leaf| !self.first_in(*leaf, *passage).is_empty()));
        passages.retain(|passage| late.iter().all(|leaf| self.is_in_passage(*leaf, *passage, texts)));
        passages
    }

    fn is_told_first(&self, leaf: usize) -> bool {
        self.rules.leaves()[leaf].is_told_first
    }

    fn told_first(&self, leaf: usize) -> &[u32] {
        &self.numbers[self.starts[leaf] as usize..self.starts[leaf + 1] as usize]
    }

    fn first_in(&self, leaf: usize, passage: usize) -> &[u32] {
        let own = self.told_first(leaf);
        let number = passage as u32;
        let start = own.partition_point(|hit| self.passages[*hit as usize] < number);
        let length = own[start..].partition_point(|hit| self.passages[*hit as usize] == number);
        &own[start..start + length]
    }

    fn late(&self, passage: usize, texts: &[Passage]) -> &Late {
        self.late[passage].get_or_init(|| Late::new(&texts[passage], self.rules))
    }
}
