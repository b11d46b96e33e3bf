//! From a moment to the place in the transcript.

use crate::domain::{CallReport, Speaker};

/// The segment that a moment is in, the agent's before the customer's where both speak.
pub(super) fn segment_at(report: &CallReport, at_s: Option<f64>) -> Option<usize> {
    let at_s = at_s?;
    let mut spoken = report.transcript.iter().enumerate().filter(|(_, segment)| {
        // Moments are printed to hundredths.
        segment.start_s - 0.01 <= at_s && at_s <= segment.end_s + 0.01
    });
    let first = spoken.clone().next()?;
    let agent = spoken.find(|(_, segment)| segment.speaker == Speaker::Agent);
    Some(agent.unwrap_or(first).0)
}
