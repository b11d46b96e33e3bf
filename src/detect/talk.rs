//! A whole call as the rules see it: passages, the words in them, and where and when they stand.

use std::cell::OnceCell;
use std::ops::Range;

use crate::domain::{Speaker, Transcript, Understanding};
use crate::lexicon::{LeafSet, Node, Op, Pattern, RuleSet, Window, WordHit};

use super::CallFacts;
use super::evidence::moment;
use super::leaves::LeafHits;
use super::party::{OnLine, Party};
use super::passage::{self, Passage};
use super::utterances::{Utterance, understood};

/// One call under a set of rules.
pub(super) struct Talk<'a> {
    pub passages: Vec<Passage<'a>>,
    pub facts: &'a CallFacts,
    pub rules: &'a RuleSet,
    leaves: LeafHits<'a>,
    /// What agents mean beyond their words, or why that is not known.
    understood: Result<Vec<Utterance>, String>,
    /// Characters that anybody said before each passage.
    characters_before: Vec<usize>,
    /// Changes of speaker before each passage.
    turns_before: Vec<usize>,
    /// Made when first asked for.
    party: OnceCell<Party>,
}

/// A byte of a passage.
pub(super) type Place = (usize, usize);

impl<'a> Talk<'a> {
    /// Scans all passages.
    pub fn new(
        transcript: &'a Transcript,
        facts: &'a CallFacts,
        understanding: Option<&dyn Understanding>,
        rules: &'a RuleSet,
    ) -> Self {
        let passages = passage::passages(transcript);
        let understood = understood(&passages, rules, understanding);
        let leaves = LeafHits::new(&passages, rules);
        let (characters_before, turns_before) = counted(&passages);
        let party = OnceCell::new();
        Self { passages, facts, rules, leaves, understood, characters_before, turns_before, party }
    }

    /// Utterances that mean something, in order of place.
    pub fn utterances(&self) -> &[Utterance] {
        self.understood.as_deref().unwrap_or_default()
    }

    /// Why meanings are not known, where they are not.
    pub fn misunderstood(&self) -> Option<&str> {
        self.understood.as_ref().err().map(String::as_str)
    }

    /// Where words of a leaf stand in a passage, in order of place.
    pub fn leaf_in(&self, leaf: usize, passage: usize) -> Vec<&WordHit> {
        self.leaves.in_passage(leaf, passage)
    }

    /// Who is on the line.
    pub fn party(&self) -> &Party {
        self.party.get_or_init(|| Party::new(&self.passages, self.facts.contact))
    }

    /// Who is on the line while a passage is said.
    pub fn on_line(&self, passage: usize) -> OnLine {
        self.party().at(passage)
    }

    /// Clauses that may hit, in order, each with the passage in which it may, or without one where it spans the call.
    pub fn announced(&self) -> Vec<(usize, Option<usize>)> {
        let wide = self.possible(self.leaves.of_call(), false);
        let mut found: Vec<(usize, Option<usize>)> = wide.map(|clause| (clause, None)).collect();
        for passage in 0..self.passages.len() {
            let local = self.possible(self.leaves.of_passage(passage), true);
            found.extend(local.map(|clause| (clause, Some(passage))));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Clauses, looked for passage by passage or not, of which these leaves hold all the words that they need.
    fn possible<'l>(&'l self, leaves: &'l LeafSet, by_passage: bool) -> impl Iterator<Item = usize> + 'l {
        let rules = self.rules;
        let told = leaves.shared(rules.triggers()).flat_map(|leaf| &rules.leaves()[leaf].triggers);
        let all = told.chain(rules.untriggered()).copied();
        all.filter(move |clause| self.stands_in_one(*clause) == by_passage)
            .filter(move |clause| self.may_hit(self.node(*clause), leaves))
    }

    /// True if a clause is looked for passage by passage.
    fn stands_in_one(&self, clause: usize) -> bool {
        let node = self.node(clause);
        node.is_local() && !matches!(node.op, Op::Any(_))
    }

    fn node(&self, clause: usize) -> &'a Node {
        &self.rules.clauses()[clause].node
    }

    /// False where words are missing without which a node is surely true nowhere in a passage.
    pub fn may_hit_in(&self, node: &Node, passage: usize) -> bool {
        self.may_hit(node, self.leaves.of_passage(passage))
    }

    /// False where a pattern surely has no match in a passage, as written or heard.
    pub fn may_match(&self, pattern: &Pattern, passage: usize) -> bool {
        self.leaves.may_stand(&pattern.need, passage, &self.passages[passage].text)
    }

    /// False where words are missing without which a node is surely true nowhere in the call.
    pub fn may_hit_ever(&self, node: &Node) -> bool {
        self.may_hit(node, self.leaves.of_call())
    }

    fn may_hit(&self, node: &Node, found: &LeafSet) -> bool {
        match &node.op {
            Op::Say { leaf, .. } => found.contains(*leaf),
            Op::Pattern(number) => self.rules.patterns()[*number].need.is_met_by(found),
            Op::Any(parts) => parts.iter().any(|part| self.may_hit(part, found)),
            Op::All { .. } | Op::Near { .. } | Op::Sequence { .. } | Op::Repeat { .. } => {
                node.parts().iter().all(|part| self.may_hit(part, found))
            }
            Op::AtLeast { .. } | Op::None(_) | Op::Entity(_) | Op::Call(_) | Op::Rule(_) => true,
        }
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
