//! How sure a hit is, and whether it stands by itself.
//!
//! The confidence is the probability that the words were really said, by logistic regression on words told in recognised
//! speech (`tests/calibration`: spoken sentences over a telephone line, the base model; half of them hold words of the
//! packs, so on calls with fewer the probability is less than it says). It is fitted to what the words were told by:
//!
//! - rarity: bits of surprise of their syllables, see [`rarity_bits`];
//! - cost: mean cost of the syllables that were misheard, for words told by sound;
//! - clarity: the least recogniser confidence of the segments touched, 1 where none is given, as in written transcripts.
//!
//! Predicted against observed, in fifths by prediction, each word by coefficients that were fitted without a fifth of the
//! sentences, its own among them (the calibration prints it; expected error 0.02 as written, 0.05 by sound):
//!
//! ```text
//! as written  0.69 : 0.69   0.83 : 0.81   0.88 : 0.86   0.91 : 0.93   0.94 : 0.96   (94 words each)
//! by sound    0.19 : 0.19   0.26 : 0.22   0.37 : 0.38   0.60 : 0.71   0.87 : 0.79   (57 words each)
//! ```
//!
//! Where two voices had to be told apart in one channel, the probability that it was this speaker's is a factor.
//!
//! Tiers:
//!
//! - the very words give the rule's own tier;
//! - a meaning gives what its threshold says, and its probability is the confidence (see `semantics`);
//! - words by sound give `violation` only from a probability of [`CONVICTING`] and three syllables on;
//! - `review` at most where the speaker is unknown, where the rule is for certain calls and the record does not tell
//!   whether this is one, or where part of the words is a suspected hallucination.

use crate::domain::{Grade, Speaker, Tier};
use crate::lexicon::Rule;
use crate::text::rarity_bits;

use super::applies::Applies;
use super::candidate::{Candidate, Kind};
use super::passage::Passage;

/// Probability from which on words told by sound convict.
const CONVICTING: f64 = 0.9;
/// Fewest syllables that convict by sound.
const CONVICTING_SYLLABLES: usize = 3;
/// A word of so few syllables is part of many others.
const SHORT_SYLLABLES: usize = 2;
/// Nothing told by words is certain.
const MOST: f64 = 0.99;
/// Rather so than not.
const PROBABLE: f64 = 0.5;

/// What a candidate was told by.
#[derive(Debug, Clone, Copy)]
struct Evidence {
    /// Bits of surprise.
    rarity: f64,
    /// Mean cost of a misheard syllable; absent where all characters are the words' own.
    cost: Option<f64>,
    /// Recogniser confidence in 0..=1.
    clarity: f64,
}

impl Evidence {
    fn new(candidate: &Candidate, passage: &Passage) -> Self {
        let heard = passage.touched(candidate.range()).filter_map(|(piece, _)| piece.segment.confidence);
        Self {
            rarity: rarity_bits(&candidate.meant),
            cost: (candidate.grade() != Grade::Exact).then(|| mean_cost(candidate)),
            clarity: heard.fold(1.0, f64::min).clamp(0.0, 1.0),
        }
    }

    /// Probability that the words were said. Coefficients by `cargo run --release --example calibrate`.
    fn probability(self) -> f64 {
        let log_odds = match self.cost {
            None => -2.951 + 0.549 * self.rarity / 10.0 + 5.624 * self.clarity,
            Some(cost) => -5.147 + 1.578 * self.rarity / 10.0 - 1.111 * cost / 10.0 + 2.487 * self.clarity,
        };
        (1.0 / (1.0 + (-log_odds).exp())).min(MOST)
    }
}

/// Confidence of a candidate in 0..=1: that the words were said, and by this speaker.
pub(super) fn confidence(candidate: &Candidate, passage: &Passage) -> f64 {
    let speakers =
        passage.touched(candidate.range()).filter_map(|(piece, _)| piece.segment.speaker_confidence);
    let probability = match candidate.kind {
        Kind::Meaning { percent, .. } => (f64::from(percent) / 100.0).min(MOST),
        _ => Evidence::new(candidate, passage).probability(),
    };
    hundredths(probability * speakers.fold(1.0, f64::min))
}

/// Rounds to two decimals, so that reports are short and equal on every machine.
pub(super) fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn mean_cost(candidate: &Candidate) -> f64 {
    f64::from(candidate.heard.cost) / candidate.heard.syllables.max(1) as f64
}

/// Whether a candidate stands by itself.
pub(super) fn tier(candidate: &Candidate, passage: &Passage, rule: &Rule, applies: Applies) -> Tier {
    let mut touched = passage.touched(candidate.range());
    let doubtful = passage.speaker == Speaker::Unknown
        || applies == Applies::Unsure
        || touched.any(|(piece, _)| piece.segment.suspicion.is_some())
        || !convinces(candidate, passage);
    if doubtful { Tier::Review } else { rule.tier }
}

/// True for two syllables told by sound alone in recognised speech, where other words were more probably said. What a
/// person wrote with other characters of the same sound, he meant.
pub(super) fn needs_support(candidate: &Candidate, passage: &Passage) -> bool {
    let recognised = passage.touched(candidate.range()).any(|(piece, _)| piece.segment.confidence.is_some());
    candidate.heard.syllables == SHORT_SYLLABLES
        && candidate.length == SHORT_SYLLABLES
        && recognised
        && Evidence::new(candidate, passage).probability() < PROBABLE
}

fn convinces(candidate: &Candidate, passage: &Passage) -> bool {
    if let Kind::Meaning { convicts, .. } = candidate.kind {
        return convicts;
    }
    candidate.grade() == Grade::Exact
        || (candidate.heard.syllables >= CONVICTING_SYLLABLES
            && Evidence::new(candidate, passage).probability() >= CONVICTING)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of grade, syllables, cost, bits, confidence, true.
    const TABLE: &str = include_str!("../../tests/calibration/hits.tsv");

    /// Predicted probability and what was so, for each row of a grade.
    fn rows(grade: &str) -> Vec<(f64, bool)> {
        let of_grade = TABLE.lines().filter(|line| line.starts_with(grade));
        let row = |line: &str| {
            let fields: Vec<f64> = line.split('\t').skip(1).map(|field| field.parse().unwrap()).collect();
            let [syllables, cost, rarity, clarity, is_true] = fields[..] else { panic!("{line}") };
            let cost = (grade == "phonetic").then_some(cost / syllables);
            (Evidence { rarity, cost, clarity }.probability(), is_true > 0.5)
        };
        of_grade.map(row).collect()
    }

    /// Mean predicted, share observed and number, of as many bins of equal size in order of the prediction.
    fn bins(mut rows: Vec<(f64, bool)>, count: usize) -> Vec<(f64, f64, usize)> {
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let bin = |rows: &[(f64, bool)]| {
            let predicted = rows.iter().map(|row| row.0).sum::<f64>() / rows.len() as f64;
            let observed = rows.iter().filter(|row| row.1).count() as f64 / rows.len() as f64;
            (predicted, observed, rows.len())
        };
        rows.chunks(rows.len().div_ceil(count)).map(bin).collect()
    }

    #[test]
    fn predictions_come_true() {
        for grade in ["exact", "phonetic"] {
            let rows = rows(grade);
            let all = rows.len() as f64;
            let bins = bins(rows, 5);
            let error: f64 = bins.iter().map(|(p, seen, n)| (p - seen).abs() * *n as f64 / all).sum();
            for (predicted, observed, n) in &bins {
                println!("{grade:8}  {predicted:.2}  {observed:.2}  {n}");
            }
            assert!(error <= 0.1, "{grade}: expected calibration error {error}");
            assert!(bins.is_sorted_by(|a, b| a.1 <= b.1 + 0.05), "{grade}: {bins:?}");
        }
    }
}
