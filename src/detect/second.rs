//! What the second listening says of findings. It heard the same sound in other windows, without expecting any words:
//! two errors of the recogniser seldom agree.
//!
//! - Heard again: the better tier of the two, and surer.
//! - Not heard again: `review`, and less sure. Words that only expectation brought about are among these.

use crate::domain::{Finding, Segment, Tier, Transcript};

use super::score::hundredths;

/// What the odds of a finding are multiplied by when the second listening finds it, too, and when it does not.
const AGREES: f64 = 2.0;
const DIFFERS: f64 = 0.1;

/// The call as the second listening heard it, the rest as it was; `None` where nobody listened again.
pub(super) fn hearing(transcript: &Transcript) -> Option<Transcript> {
    let again = |segment: &Segment| match &segment.heard_again {
        Some(text) => Segment { text: text.clone(), spelled: None, ..segment.clone() },
        None => segment.clone(),
    };
    transcript.segments.iter().any(|segment| segment.heard_again.is_some()).then(|| Transcript {
        call_id: transcript.call_id.clone(),
        segments: transcript.segments.iter().map(again).collect(),
    })
}

/// Weighs the `findings` in `transcript` by what was found in its second hearing.
pub(super) fn weigh(findings: &mut [Finding], transcript: &Transcript, second: &[Finding]) {
    for finding in findings {
        let was_heard_again = |(index, ..): &(usize, usize, usize)| {
            transcript.segments.get(*index).is_some_and(|segment| segment.heard_again.is_some())
        };
        if !finding.grade.is_of_words() || !finding.spans.iter().any(was_heard_again) {
            continue;
        }
        let best = second.iter().filter(|other| is_same(finding, other)).map(|other| other.tier).max();
        finding.heard_again = Some(best.is_some());
        finding.tier = best.map_or(Tier::Review, |tier| tier.max(finding.tier));
        if best.is_none() {
            finding.also.iter_mut().for_each(|also| also.tier = Tier::Review);
        }
        finding.confidence = confidence(finding.confidence, best.is_some());
    }
}

/// True for a breach of the same category in a segment of `finding`.
fn is_same(finding: &Finding, other: &Finding) -> bool {
    let shares = |(index, ..): &(usize, usize, usize)| finding.spans.iter().any(|span| span.0 == *index);
    finding.category == other.category && other.spans.iter().any(shares)
}

/// Probability after the second listening. The factors of the odds are chosen, not fitted: the sentences of the
/// calibration hold what is found in them, second listening or not.
fn confidence(first: f64, agrees: bool) -> f64 {
    let odds = first / (1.0 - first).max(0.01) * if agrees { AGREES } else { DIFFERS };
    hundredths((odds / (1.0 + odds)).min(0.99))
}
