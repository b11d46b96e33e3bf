//! Walks the tree of a rule over a call: from every expression to the places where it is true.
//!
//! - [`Evaluator`] — the operators that are a line each; windows and speakers, which go with all of them.
//! - `local` — what stands in one passage: words, patterns, entities.
//! - `near` — slots close together; `repair` — patterns over the words that were heard.
//! - `spread` — all of, so many of, repeated; `sequence` — one after the other.
//!
//! Decisions:
//!
//! - What a silencer took back fills nothing else; where an expression is only true with it, the hit is kept as taken back.
//! - Under `none`, and in a required statement, nothing is taken back: a missing statement is a reproach.
//! - `{ call = … }` beside words is judged at the moment of the words, alone by what holds at any moment.

mod entity;
mod local;
mod near;
mod repair;
mod sequence;
mod spread;
#[cfg(test)]
mod tests;

use crate::lexicon::{Node, Op, Silence, When};

use super::applies::{Applies, applies, applies_ever};
use super::candidate::{Candidate, Hit, Said};
use super::context::silencer;
use super::talk::Talk;

/// One rule's way through one call.
pub(super) struct Evaluator<'a> {
    pub talk: &'a Talk<'a>,
    /// What takes hits back; nothing is taken back where absent.
    pub silences: Option<&'a [Silence]>,
    /// Where other rules hit.
    pub rule_hits: &'a dyn Fn(usize) -> Vec<Hit>,
}

impl Evaluator<'_> {
    /// Where a node is true, in order of place.
    pub fn hits(&self, node: &Node) -> Vec<Hit> {
        let mut hits = match &node.op {
            Op::Any(parts) => self.any(parts),
            Op::All { parts, reach } => self.all(parts, *reach),
            Op::AtLeast { count, parts, reach } => self.at_least(*count, parts, *reach),
            Op::None(parts) => self.none(parts),
            Op::Sequence { steps, reach, hit } => self.sequence(steps, *reach, *hit),
            Op::Repeat { what, times, reach } => self.repeat(what, *times, *reach),
            Op::Call(when) => self.call(when),
            Op::Rule(rule) => (self.rule_hits)(*rule),
            Op::Say { .. } | Op::Pattern(_) | Op::Near { .. } | Op::Entity(_) => {
                return self.in_passages(node);
            }
        };
        if let Some(window) = &node.window {
            hits.retain(|hit| hit.start().is_none_or(|start| self.talk.is_inside(window, start)));
        }
        hits
    }

    fn any(&self, parts: &[Node]) -> Vec<Hit> {
        let mut hits: Vec<Hit> = parts.iter().flat_map(|part| self.hits(part)).collect();
        hits.sort_by_key(|hit| (hit.start(), hit.end()));
        hits
    }

    fn none(&self, parts: &[Node]) -> Vec<Hit> {
        let lenient = self.lenient();
        let said = parts.iter().any(|part| !lenient.hits(part).is_empty());
        if said { Vec::new() } else { vec![Hit::wordless(Applies::Yes)] }
    }

    fn call(&self, when: &When) -> Vec<Hit> {
        let applies = applies_ever(when, self.talk);
        if applies == Applies::No { Vec::new() } else { vec![Hit::wordless(applies)] }
    }

    /// A hit where the calls' own conditions hold at its moment; `None` where one does not.
    fn under(&self, conditions: &[&When], mut hit: Hit) -> Option<Hit> {
        let on_line = self.talk.on_line(hit.start()?.0);
        for when in conditions {
            hit.applies = hit.applies.min(applies(when, self.talk.facts, on_line));
        }
        (hit.applies != Applies::No).then_some(hit)
    }

    /// The same where nothing is taken back.
    fn lenient(&self) -> Evaluator<'_> {
        Evaluator { silences: None, ..*self }
    }

    /// The hits of a node that stands in one passage.
    fn in_passages(&self, node: &Node) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.talk.may_hit_ever(node) {
            for passage in 0..self.talk.passages.len() {
                hits.extend(self.hits_in(node, passage));
            }
        }
        hits
    }

    /// The hits in one passage of a node that stands in one.
    pub fn hits_in(&self, node: &Node, passage: usize) -> Vec<Hit> {
        if !self.talk.may_hit_in(node, passage) {
            return Vec::new();
        }
        let candidates = self.local(node, passage).into_iter();
        candidates.filter_map(|candidate| self.judged(node, passage, candidate)).collect()
    }

    /// What the customer says under a rule about the agent is kept as taken back; what others say otherwise is nothing.
    fn judged(&self, node: &Node, passage: usize, candidate: Candidate) -> Option<Hit> {
        let spoken_by = &self.talk.passages[passage];
        let silenced = match self.silences {
            Some(silences) => silencer(&candidate, spoken_by, node.speaker, silences, self.talk.rules),
            None if !node.speaker.includes(spoken_by.speaker) => return None,
            None => None,
        };
        Some(Hit { said: vec![Said { passage, candidate }], silenced, applies: Applies::Yes })
    }
}
