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
use super::evidence::{evidence_of, moment};
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
    /// Said: the statement as a finding would tell it.
    Said(Finding),
    /// The call gave no reason to say it.
    NotAsked,
    Missing(Finding),
    /// Why, in Chinese.
    NotJudged(&'static str),
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
        let Body::Required(required) = &rule.body else { return Outcome::NotAsked };
        if let Some(why) = self.unfit() {
            return Outcome::NotJudged(why);
        }
        let missing = self.missing(rule, facts, applies);
        match self.said(index, required) {
            Some((passage, mention)) => Outcome::Said(said(missing, passage, mention)),
            None if required.conditional && !self.asked_for(index) => Outcome::NotAsked,
            None => Outcome::Missing(missing),
        }
    }

    /// Why nothing can be judged from this speech.
    pub fn unfit(&self) -> Option<&'static str> {
        match self.characters() {
            0 => Some("通话中没有坐席语音"),
            1..FEWEST_CHARS => Some("坐席说话过少，无法判断"),
            _ if !self.customer_heard => Some("通话中没有客户语音，不构成对话"),
            _ => None,
        }
    }

    /// True where nothing was heard of the agent, nor of anybody unknown.
    pub fn is_silent(&self) -> bool {
        self.characters() == 0
    }

    fn characters(&self) -> usize {
        self.passages.iter().map(|(passage, _)| passage.text.chars().count()).sum()
    }

    /// The first mention where the statement has to stand.
    fn said(&self, rule: usize, required: &Required) -> Option<(&'a Passage<'a>, &'a Mention)> {
        let opening_s = self.passages.first().map_or(0.0, |(passage, _)| starts_s(passage, 0));
        let mentions = self
            .passages
            .iter()
            .flat_map(|(passage, mentions)| mentions.iter().map(move |mention| (*passage, mention)));
        let in_place = mentions.filter(|(passage, mention)| {
            let in_turn = required.first_turns == 0 || passage.turn < required.first_turns;
            let after_s = starts_s(passage, mention.range.start) - opening_s;
            let own = mention.rule == rule && !mention.condition;
            own && in_turn && (required.within_s <= 0.0 || after_s <= required.within_s)
        });
        in_place.min_by(|a, b| {
            let at = |(passage, mention): &(&Passage, &Mention)| starts_s(passage, mention.range.start);
            at(a).total_cmp(&at(b))
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

/// The statement as it was made.
fn said(missing: Finding, passage: &Passage, mention: &Mention) -> Finding {
    let evidence = evidence_of(std::slice::from_ref(&mention.range), passage);
    Finding {
        speaker: passage.speaker,
        grade: Grade::Exact,
        start_s: Some(evidence.start_s),
        end_s: Some(evidence.end_s),
        quote: evidence.quote,
        spans: evidence.spans,
        ..missing
    }
}

fn starts_s(passage: &Passage, byte: usize) -> f64 {
    let touched = passage.touched(byte..byte + 1).next();
    touched.map_or(0.0, |(piece, part)| moment(piece, part.start))
}
