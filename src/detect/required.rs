//! Statements that must be made. Decisions:
//!
//! - What anybody says by sound, or in a segment that may be a hallucination, counts as said: a missing statement is a
//!   reproach. A condition (`only_if`) on a marked segment alone does not count.
//! - Where no speaker is known, a statement by anyone counts, and a missing one asks for review.
//! - `within_s` runs from the first word of the agent, `first_turns` counts turns of the agent; both must hold.
//! - Nothing is judged without agent speech or with fewer than [`FEWEST_CHARS`] characters of it (hung up), nor where only
//!   the agent is heard (a mailbox, an excerpt): nobody was there to be told.
//! - Confidence: `0.9 × (1 − 0.5^(characters / 30)) × (0.5 + 0.5 × mean recogniser confidence)`: the more was heard
//!   without the statement, the surer it is missing.

use crate::domain::{Finding, Grade, Speaker, Tier};
use crate::lexicon::{Body, Required, Rule, Speaks};

use super::CallFacts;
use super::applies::Applies;
use super::evidence::moment;
use super::finding::basis;
use super::gather::Mention;
use super::passage::Passage;
use super::score::hundredths;

/// Less than this from the agent is no conversation.
const FEWEST_CHARS: usize = 6;
/// Characters that halve the doubt whether a statement was made unheard.
const HALF_DOUBT_CHARS: f64 = 30.0;

/// What the agent said in a call, or everybody where no speaker is known.
pub(super) struct Speech<'a> {
    passages: Vec<(&'a Passage<'a>, &'a [Mention])>,
    speaker_known: bool,
    customer_heard: bool,
}

/// The outcome for one required statement.
pub(super) enum Outcome {
    /// Said, or not asked for.
    Fine,
    Missing(Finding),
    /// `what: why`
    NotJudged(String),
}

impl<'a> Speech<'a> {
    /// Picks the agent's passages, each with what it mentions.
    pub fn new(passages: &'a [Passage<'a>], mentions: &'a [Vec<Mention>]) -> Self {
        let by = |speaker: Speaker| -> Vec<_> {
            let all = passages.iter().zip(mentions.iter().map(Vec::as_slice));
            all.filter(|(passage, _)| passage.speaker == speaker).collect()
        };
        let agent = by(Speaker::Agent);
        let speaker_known = !agent.is_empty();
        let customer_heard = passages.iter().any(|passage| passage.speaker != Speaker::Agent);
        Self {
            passages: if speaker_known { agent } else { by(Speaker::Unknown) },
            speaker_known,
            customer_heard,
        }
    }

    /// Judges one rule.
    pub fn judge(&self, index: usize, rule: &Rule, facts: &CallFacts, applies: Applies) -> Outcome {
        let Body::Required(required) = &rule.body else { return Outcome::Fine };
        if let Some(why) = self.unfit() {
            return Outcome::NotJudged(format!("{}: {why}", rule.id));
        }
        if self.said(index, required) || (required.conditional && !self.asked_for(index)) {
            return Outcome::Fine;
        }
        Outcome::Missing(self.missing(rule, facts, applies))
    }

    fn unfit(&self) -> Option<&'static str> {
        match self.characters() {
            0 => Some("通话中没有坐席语音"),
            1..FEWEST_CHARS => Some("坐席说话过少，无法判断"),
            _ if !self.customer_heard => Some("通话中没有客户语音，不构成对话"),
            _ => None,
        }
    }

    fn characters(&self) -> usize {
        self.passages.iter().map(|(passage, _)| passage.text.chars().count()).sum()
    }

    fn said(&self, rule: usize, required: &Required) -> bool {
        let opening_s = self.passages.first().map_or(0.0, |(passage, _)| starts_s(passage, 0));
        self.passages.iter().any(|(passage, mentions)| {
            mentions.iter().filter(|mention| mention.rule == rule && !mention.condition).any(|mention| {
                let in_turn = required.first_turns == 0 || passage.turn < required.first_turns;
                let after_s = starts_s(passage, mention.range.start) - opening_s;
                in_turn && (required.within_s <= 0.0 || after_s <= required.within_s)
            })
        })
    }

    fn asked_for(&self, rule: usize) -> bool {
        self.passages.iter().any(|(passage, mentions)| {
            mentions.iter().filter(|mention| mention.rule == rule && mention.condition).any(|mention| {
                passage.touched(mention.range.clone()).any(|(piece, _)| piece.segment.suspicion.is_none())
            })
        })
    }

    fn missing(&self, rule: &Rule, facts: &CallFacts, applies: Applies) -> Finding {
        let sure = self.speaker_known && applies == Applies::Yes;
        Finding {
            id: String::new(),
            rule: rule.id.clone(),
            category: rule.category,
            severity: rule.severity,
            tier: if sure { rule.tier } else { Tier::Review },
            grade: Grade::Absent,
            confidence: self.confidence(),
            speaker: if rule.speaker == Speaks::Customer { Speaker::Customer } else { Speaker::Agent },
            start_s: None,
            end_s: None,
            quote: String::new(),
            meant: rule.title.clone(),
            explanation: rule.why.clone(),
            basis: basis(rule, facts),
            spans: Vec::new(),
        }
    }

    fn confidence(&self) -> f64 {
        let doubt = 0.5_f64.powf(self.characters() as f64 / HALF_DOUBT_CHARS);
        hundredths(0.9 * (1.0 - doubt) * (0.5 + 0.5 * self.mean_confidence()))
    }

    /// Over the segments that have one; 1 where none has.
    fn mean_confidence(&self) -> f64 {
        let pieces = self.passages.iter().flat_map(|(passage, _)| &passage.pieces);
        let given: Vec<f64> = pieces.filter_map(|piece| piece.segment.confidence).collect();
        if given.is_empty() { 1.0 } else { given.iter().sum::<f64>() / given.len() as f64 }
    }
}

fn starts_s(passage: &Passage, byte: usize) -> f64 {
    let touched = passage.touched(byte..byte + 1).next();
    touched.map_or(0.0, |(piece, part)| moment(piece, part.start))
}
