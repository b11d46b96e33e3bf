//! What stands in one passage: words, patterns, entities, and any of them.

use crate::lexicon::{Node, Op, WordHit};

use super::super::candidate::{Candidate, Heard, Kind};
use super::super::passage::Passage;
use super::{Evaluator, entity};

impl Evaluator<'_> {
    /// The places of one passage where a node is true, in order.
    pub(super) fn local(&self, node: &Node, passage: usize) -> Vec<Candidate> {
        if !self.listens_to(node, passage) {
            return Vec::new();
        }
        let mut found = match &node.op {
            Op::Say { leaf, not_in } => self.say(*leaf, *not_in, passage),
            Op::Pattern(number) => self.pattern(*number, passage),
            Op::Entity(kind) => entity::find(*kind, &self.talk.passages[passage]),
            Op::Near { slots, within, unit, ordered } => self.near(slots, *within, *unit, *ordered, passage),
            Op::Any(parts) => parts.iter().flat_map(|part| self.local(part, passage)).collect(),
            _ => Vec::new(),
        };
        if let Some(window) = &node.window {
            found.retain(|candidate| self.talk.is_inside(window, (passage, candidate.range().start)));
        }
        found
    }

    /// The customer's words are heard under a rule about the agent too, to be kept as taken back.
    fn listens_to(&self, node: &Node, passage: usize) -> bool {
        use crate::lexicon::Speaks;
        let speaker = self.talk.passages[passage].speaker;
        node.speaker.includes(speaker) || (node.speaker == Speaks::Agent && self.silences.is_some())
    }

    fn say(&self, leaf: usize, not_in: Option<usize>, passage: usize) -> Vec<Candidate> {
        let longer: Vec<&WordHit> =
            not_in.into_iter().flat_map(|leaf| self.talk.leaf_in(leaf, passage)).collect();
        let inside = |hit: &WordHit| {
            longer.iter().any(|long| long.range.start <= hit.range.start && hit.range.end <= long.range.end)
        };
        let found = self.talk.leaf_in(leaf, passage).into_iter();
        found.filter(|hit| !inside(hit)).map(|hit| self.term(hit)).collect()
    }

    fn term(&self, hit: &WordHit) -> Candidate {
        let word = &self.talk.rules.words()[hit.word];
        let heard = hit.misheard.map(|cost| Heard { syllables: word.length, cost });
        Candidate {
            kind: Kind::Term(hit.word),
            parts: vec![hit.range.clone()],
            meant: word.written.clone(),
            length: word.length,
            heard: heard.unwrap_or_default(),
        }
    }

    /// Matches in the words as written; where there are none, in the words as heard.
    fn pattern(&self, number: usize, passage: usize) -> Vec<Candidate> {
        let pattern = &self.talk.rules.patterns()[number];
        if !self.talk.may_match(pattern, passage) {
            return Vec::new();
        }
        let found = matches(pattern, &self.talk.passages[passage]);
        if found.is_empty() { self.heard(pattern, passage) } else { found }
    }
}

fn matches(pattern: &crate::lexicon::Pattern, passage: &Passage) -> Vec<Candidate> {
    let found = pattern.find(&passage.text).map(|found| Candidate {
        kind: Kind::Pattern,
        parts: vec![found.range()],
        meant: found.as_str().to_owned(),
        length: found.as_str().chars().count(),
        heard: Heard::default(),
    });
    found.collect()
}
