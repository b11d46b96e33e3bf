//! A whole call as the rules see it: passages, the words in them, and where and when they stand.

use std::cell::OnceCell;
use std::ops::Range;

use crate::domain::{Speaker, Transcript};
use crate::lexicon::{RuleSet, Window};

use super::CallFacts;
use super::evidence::moment;
use super::party::{OnLine, Party};
use super::passage::{self, Passage};
use super::scan::{self, WordHit};

/// One call under a set of rules.
pub(super) struct Talk<'a> {
    pub passages: Vec<Passage<'a>>,
    pub facts: &'a CallFacts,
    pub rules: &'a RuleSet,
    leaves: LeafHits,
    /// Characters that anybody said before each passage.
    characters_before: Vec<usize>,
    /// Changes of speaker before each passage.
    turns_before: Vec<usize>,
    /// Made when first asked for.
    party: OnceCell<Party>,
}

/// A word of a leaf in a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeafHit {
    pub passage: usize,
    pub hit: WordHit,
}

/// The words of a call by the leaves that they are in.
#[derive(Debug)]
struct LeafHits {
    /// In order of place.
    hits: Vec<LeafHit>,
    /// Those of leaf `n` are `numbers[starts[n]..starts[n + 1]]`, as indices into `hits`.
    numbers: Vec<u32>,
    starts: Vec<u32>,
}

impl LeafHits {
    fn new(passages: &[Passage], rules: &RuleSet) -> Self {
        let mut hits = Vec::new();
        for (passage, text) in passages.iter().enumerate() {
            hits.extend(scan::words(text, rules).into_iter().map(|hit| LeafHit { passage, hit }));
        }
        let leaves = |hit: &LeafHit| {
            let word = hit.hit.clone();
            let uses = rules.words()[word.word].uses.iter();
            uses.filter(move |usage| word.serves(usage)).map(|usage| usage.leaf)
        };
        // Counted, then filled from behind: two passes and three allocations however many leaves there are.
        let mut starts = vec![0_u32; rules.leaves().len() + 1];
        for leaf in hits.iter().flat_map(leaves) {
            starts[leaf] += 1;
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut numbers = vec![0; total as usize];
        for (number, hit) in hits.iter().enumerate().rev() {
            for leaf in leaves(hit) {
                starts[leaf] -= 1;
                numbers[starts[leaf] as usize] = number as u32;
            }
        }
        Self { hits, numbers, starts }
    }

    fn of(&self, leaf: usize) -> &[u32] {
        &self.numbers[self.starts[leaf] as usize..self.starts[leaf + 1] as usize]
    }
}

/// A byte of a passage.
pub(super) type Place = (usize, usize);

impl<'a> Talk<'a> {
    /// Scans all passages.
    pub fn new(transcript: &'a Transcript, facts: &'a CallFacts, rules: &'a RuleSet) -> Self {
        let passages = passage::passages(transcript);
        let leaves = LeafHits::new(&passages, rules);
        let (characters_before, turns_before) = counted(&passages);
        Self { passages, facts, rules, leaves, characters_before, turns_before, party: OnceCell::new() }
    }

    /// Where words of a leaf stand in the call.
    pub fn leaf(&self, leaf: usize) -> impl ExactSizeIterator<Item = &LeafHit> {
        self.leaves.of(leaf).iter().map(|hit| &self.leaves.hits[*hit as usize])
    }

    /// Where words of a leaf stand in a passage.
    pub fn leaf_in(&self, leaf: usize, passage: usize) -> impl ExactSizeIterator<Item = &WordHit> {
        let (hits, own) = (&self.leaves.hits, self.leaves.of(leaf));
        let start = own.partition_point(|hit| hits[*hit as usize].passage < passage);
        let length = own[start..].partition_point(|hit| hits[*hit as usize].passage == passage);
        own[start..start + length].iter().map(|hit| &hits[*hit as usize].hit)
    }

    /// Who is on the line.
    pub fn party(&self) -> &Party {
        self.party.get_or_init(|| Party::new(&self.passages, self.facts.contact))
    }

    /// Who is on the line while a passage is said.
    pub fn on_line(&self, passage: usize) -> OnLine {
        self.party().at(passage)
    }

    /// Clauses that a word announces, and those that need none, in order.
    pub fn announced(&self) -> Vec<usize> {
        let mut clauses: Vec<usize> = self.rules.untriggered().to_vec();
        for (number, leaf) in self.rules.leaves().iter().enumerate() {
            if !self.leaves.of(number).is_empty() {
                clauses.extend(&leaf.triggers);
            }
        }
        clauses.sort_unstable();
        clauses.dedup();
        clauses
    }

    /// When a byte of a passage was said, in seconds from the start of the recording.
    pub fn moment_s(&self, (passage, byte): Place) -> f64 {
        let touched = self.passages[passage].touched(byte..byte + 1).next();
        let at_end = || self.passages[passage].end_s();
        touched.map_or_else(at_end, |(piece, part)| moment(piece, part.start))
    }

    /// Characters that were said before a byte of a passage, by anybody.
    pub fn characters(&self, (passage, byte): Place) -> usize {
        self.characters_before[passage] + self.passages[passage].text[..byte].chars().count()
    }

    /// Changes of speaker before a passage.
    pub fn turn(&self, passage: usize) -> usize {
        self.turns_before[passage]
    }

    /// Words of the dictionary that a range of a passage touches.
    pub fn words(&self, passage: usize, range: &Range<usize>) -> usize {
        self.passages[passage].words(range).count()
    }

    /// True where a place lies in a part of the call.
    pub fn is_inside(&self, window: &Window, place: Place) -> bool {
        self.is_in_turns(window, place.0) && self.is_in_time(window, place)
    }

    fn is_in_turns(&self, window: &Window, passage: usize) -> bool {
        let passage = &self.passages[passage];
        let turns = || {
            let own = self.passages.iter().filter(|other| other.speaker == passage.speaker);
            own.map(|other| other.turn + 1).max().unwrap_or(0)
        };
        window.first_turns.is_none_or(|first| passage.turn < first)
            && window.last_turns.is_none_or(|last| turns() - passage.turn <= last)
    }

    fn is_in_time(&self, window: &Window, place: Place) -> bool {
        let Window { from_s, to_s, from_percent, to_percent, .. } = window;
        if [from_s, to_s, from_percent, to_percent].iter().all(|limit| limit.is_none()) {
            return true;
        }
        let at_s = self.moment_s(place);
        let since_s = at_s - self.opening_s();
        let percent = self.percent(at_s);
        from_s.is_none_or(|from| from <= since_s)
            && to_s.is_none_or(|to| since_s <= to)
            && from_percent.is_none_or(|from| from <= percent)
            && to_percent.is_none_or(|to| percent <= to)
    }

    /// Start of the agent's first word, or of anybody's where no agent speaks.
    fn opening_s(&self) -> f64 {
        let agent = self.passages.iter().position(|passage| passage.speaker == Speaker::Agent);
        if self.passages.is_empty() { 0.0 } else { self.moment_s((agent.unwrap_or(0), 0)) }
    }

    fn percent(&self, at_s: f64) -> f64 {
        let first_s = self.moment_s((0, 0));
        let last_s = self.passages.iter().map(Passage::end_s).fold(first_s, f64::max);
        100.0 * (at_s - first_s) / (last_s - first_s).max(f64::MIN_POSITIVE)
    }
}

/// Characters and changes of speaker before each passage.
fn counted(passages: &[Passage]) -> (Vec<usize>, Vec<usize>) {
    let (mut characters, mut turns) = (Vec::new(), Vec::new());
    let (mut said, mut turn) = (0, 0);
    for (index, passage) in passages.iter().enumerate() {
        turn += usize::from(index > 0 && passages[index - 1].speaker != passage.speaker);
        characters.push(said);
        turns.push(turn);
        said += passage.text.chars().count();
    }
    (characters, turns)
}
