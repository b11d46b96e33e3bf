//! How sure a hit is, and whether it stands by itself.
//!
//! `confidence = length × sound × clarity × speaker`, rounded to hundredths:
//!
//! - length: `1 − 0.5ⁿ` of `n` matched characters: two characters are said by chance far more often than five;
//! - sound: 1 for the very characters, else `0.85 − 0.5 × mean cost of the misheard syllables` (0..=1);
//! - clarity: `0.5 + 0.5 × p` with `p` the least recogniser confidence of the segments touched, 1 where none is given;
//! - speaker: 0.8 where nobody knows who spoke.
//!
//! It orders findings; it has not been fitted to data. Tiers:
//!
//! - the very words give the rule's own tier;
//! - words by sound give `violation` only for four syllables and more at a mean cost of at most [`NEARLY_SAME`];
//! - `review` at most where the speaker is unknown, where the rule is for certain calls and the record does not tell
//!   whether this is one, or where part of the words is a suspected hallucination.

use crate::domain::{Grade, Speaker, Tier};
use crate::lexicon::Rule;
use crate::text::MISMATCH;

use super::applies::Applies;
use super::candidate::Candidate;
use super::passage::Passage;

/// Fewest syllables that convict by sound.
const CONVICTING_SYLLABLES: usize = 4;
/// Mean cost of a syllable that is nearly the same: one [`CLOSE`](crate::text::CLOSE) sound in four syllables.
const NEARLY_SAME: f64 = 5.0;
/// What a hit is worth when nobody knows who spoke.
const UNKNOWN_SPEAKER: f64 = 0.8;

/// Confidence of a candidate in 0..=1.
pub(super) fn confidence(candidate: &Candidate, passage: &Passage) -> f64 {
    let length = 1.0 - 0.5_f64.powf(candidate.length as f64);
    let sound = match candidate.grade() {
        Grade::Exact => 1.0,
        _ => 0.85 - 0.5 * mean_cost(candidate) / f64::from(MISMATCH),
    };
    let speaker = if passage.speaker == Speaker::Unknown { UNKNOWN_SPEAKER } else { 1.0 };
    hundredths(length * sound * clarity(candidate, passage) * speaker)
}

/// Rounds to two decimals, so that reports are short and equal on every machine.
pub(super) fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn mean_cost(candidate: &Candidate) -> f64 {
    f64::from(candidate.heard.cost) / candidate.heard.syllables.max(1) as f64
}

fn clarity(candidate: &Candidate, passage: &Passage) -> f64 {
    let heard = passage.touched(candidate.range()).filter_map(|(piece, _)| piece.segment.confidence);
    0.5 + 0.5 * heard.fold(1.0, f64::min).clamp(0.0, 1.0)
}

/// Whether a candidate stands by itself.
pub(super) fn tier(candidate: &Candidate, passage: &Passage, rule: &Rule, applies: Applies) -> Tier {
    let mut touched = passage.touched(candidate.range());
    let doubtful = passage.speaker == Speaker::Unknown
        || applies == Applies::Unsure
        || touched.any(|(piece, _)| piece.segment.suspicion.is_some())
        || !convinces(candidate);
    if doubtful { Tier::Review } else { rule.tier }
}

fn convinces(candidate: &Candidate) -> bool {
    candidate.grade() == Grade::Exact
        || (candidate.heard.syllables >= CONVICTING_SYLLABLES && mean_cost(candidate) <= NEARLY_SAME)
}
