//! Statements that must be made. Decisions:
//!
//! - What anybody says by sound, or in a segment that may be a hallucination, counts as said: a missing statement is a
//!   reproach. A condition (`only_if`) on a marked segment alone does not count.
//! - Where no speaker is known, a statement by anyone counts, and a missing one asks for review.
//! - `within_s` runs from the first word of the agent, `first_turns` counts turns of the agent; both must hold.
//! - Nothing is judged without agent speech or with fewer than [`FEWEST_CHARS`] characters of it (hung up; what
//!   may be a hallucination does not count), nor where only
//!   the agent is heard (a mailbox, an excerpt): nobody was there to be told.
//! - Confidence: `0.9 × (1 − 0.5^(characters / 30)) × (0.5 + 0.5 × mean recogniser confidence)`: the more was heard
//!   without the statement, the surer it is missing.

use crate::domain::{Finding, Grade, Speaker, Tier};
use crate::lexicon::{Required, Rule, Speaks};

use super::applies::Applies;
use super::candidate::Hit;
use super::evaluate::Evaluator;
use super::finding::basis;
use super::passage::Passage;
use super::score::hundredths;
use super::talk::Talk;

/// Less than this from the agent is no conversation.
const FEWEST_CHARS: usize = 6;
/// Characters that halve the doubt whether a statement was made unheard.
const HALF_DOUBT_CHARS: f64 = 30.0;

/// What the agent said in a call, or everybody where no speaker is known.
pub(super) struct Speech<'a> {
    talk: &'a Talk<'a>,
    passages: Vec<&'a Passage<'a>>,
    speaker_known: bool,
    customer_heard: bool,
}

/// The outcome for one required statement.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The statement, where it was first made.
    Said(Hit),
    /// The call gave no reason to make it.
    NotAsked,
    Missing,
    /// Why, in Chinese.
    NotJudged(&'static str),
}

impl<'a> Speech<'a> {
    /// Picks the agent's passages.
    pub fn new(talk: &'a Talk<'a>) -> Self {
        let by = |speaker: Speaker| -> Vec<_> {
            talk.passages.iter().filter(|passage| passage.speaker == speaker).collect()
        };
        let agent = by(Speaker::Agent);
        let speaker_known = !agent.is_empty();
        Self {
            talk,
            passages: if speaker_known { agent } else { by(Speaker::Unknown) },
            speaker_known,
            customer_heard: talk.passages.iter().any(|passage| passage.speaker != Speaker::Agent),
        }
    }

    /// Judges one rule; `lenient` takes nothing back.
    pub fn judge(&self, required: &Required, lenient: &Evaluator) -> Outcome {
        if let Some(why) = self.unfit() {
            return Outcome::NotJudged(why);
        }
        let asked_for = || {
            required
                .only_if
                .as_ref()
                .is_none_or(|node| lenient.hits(node).iter().any(|hit| self.is_heard(hit)))
        };
        match lenient.hits(&required.statement).into_iter().min_by_key(Hit::start) {
            Some(said) => Outcome::Said(said),
            None if asked_for() => Outcome::Missing,
            None => Outcome::NotAsked,
        }
    }

    /// True where nothing was heard of the agent, nor of anybody unknown.
    pub fn is_silent(&self) -> bool {
        self.characters() == 0
    }

    /// True where some of a hit is no suspected hallucination.
    fn is_heard(&self, hit: &Hit) -> bool {
        let mut touched =
            hit.said.iter().flat_map(|said| self.talk.passages[said.passage].touched(said.candidate.range()));
        hit.said.is_empty() || touched.any(|(piece, _)| piece.segment.suspicion.is_none())
    }

    fn unfit(&self) -> Option<&'static str> {
        match self.characters() {
            0 => Some("通话中没有坐席语音"),
            1..FEWEST_CHARS => Some("坐席说话过少，无法判断"),
            _ if !self.customer_heard => Some("通话中没有客户语音，不构成对话"),
            _ => None,
        }
    }

    /// Of what was heard for sure.
    fn characters(&self) -> usize {
        let segments = self.passages.iter().flat_map(|passage| &passage.pieces).map(|piece| piece.segment);
        let heard = segments.filter(|segment| segment.suspicion.is_none());
        heard.map(|segment| segment.text.chars().count()).sum()
    }

    /// The finding for a statement that is missing, or for another rule that is broken without any words.
    pub fn missing(&self, rule: &Rule, applies: Applies) -> Finding {
        let sure = self.speaker_known && applies == Applies::Yes;
        Finding {
            id: String::new(),
            rule: rule.id.clone(),
            also: Vec::new(),
            category: rule.category,
            severity: rule.severity,
            tier: if sure { rule.tier } else { Tier::Review },
            grade: Grade::Absent,
            confidence: self.confidence(),
            heard_again: None,
            speaker: if rule.speaker == Speaks::Customer { Speaker::Customer } else { Speaker::Agent },
            start_s: None,
            end_s: None,
            quote: String::new(),
            meant: rule.title.clone(),
            explanation: rule.why.clone(),
            basis: basis(rule, self.talk.facts),
            spans: Vec::new(),
            calls: Vec::new(),
        }
    }

    fn confidence(&self) -> f64 {
        let doubt = 0.5_f64.powf(self.characters() as f64 / HALF_DOUBT_CHARS);
        hundredths(0.9 * (1.0 - doubt) * (0.5 + 0.5 * self.mean_confidence()))
    }

    /// Over the segments that have one; 1 where none has.
    fn mean_confidence(&self) -> f64 {
        let pieces = self.passages.iter().flat_map(|passage| &passage.pieces);
        let given: Vec<f64> = pieces.filter_map(|piece| piece.segment.confidence).collect();
        if given.is_empty() { 1.0 } else { given.iter().sum::<f64>() / given.len() as f64 }
    }
}
