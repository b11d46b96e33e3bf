//! A finding as its card shows it.

use std::cmp::Reverse;

use serde::Serialize;

use crate::domain::{Finding, Severity, Tier};

use super::super::clip::Clip;
use super::super::words;

#[derive(Serialize)]
pub(super) struct FindingView<'a> {
    number: usize,
    id: &'a str,
    rule: &'a str,
    /// Other rules that found the same words.
    also: Vec<&'a str>,
    category_name: &'static str,
    severity: Severity,
    severity_name: &'static str,
    tier: Tier,
    tier_name: &'static str,
    grade_name: &'static str,
    grade_help: &'static str,
    confidence_name: &'static str,
    confidence_percent: u8,
    /// Absent where nobody listened again.
    heard_again: Option<&'static str>,
    speaker_name: &'static str,
    when: Option<String>,
    start_s: Option<f64>,
    end_s: Option<f64>,
    quote: &'a str,
    meant_label: &'static str,
    /// Absent when it would say the quote again.
    meant: Option<&'a str>,
    explanation: &'a str,
    basis: &'a [String],
    /// Segment of the transcript to look at.
    segment: Option<usize>,
    /// `data:` address of the clip.
    audio: Option<String>,
}

impl<'a> FindingView<'a> {
    pub(super) fn new(finding: &'a Finding, number: usize, clips: &[Clip]) -> Self {
        Self {
            number,
            id: &finding.id,
            rule: &finding.rule,
            also: finding.also.iter().map(|also| also.rule.as_str()).collect(),
            category_name: finding.category.name_zh(),
            severity: finding.severity,
            severity_name: finding.severity.name_zh(),
            tier: finding.tier,
            tier_name: finding.tier.name_zh(),
            grade_name: words::grade_zh(finding.grade),
            grade_help: words::grade_help_zh(finding.grade),
            confidence_name: words::confidence_zh(finding.confidence),
            confidence_percent: (finding.confidence.clamp(0.0, 1.0) * 100.0).round() as u8,
            heard_again: finding.heard_again.map(words::heard_again_zh),
            speaker_name: words::speaker_zh(finding.speaker),
            when: words::span(finding.start_s, finding.end_s),
            start_s: finding.start_s,
            end_s: finding.end_s,
            quote: &finding.quote,
            meant_label: words::meant_label_zh(finding.grade),
            meant: Some(finding.meant.as_str()).filter(|meant| !meant.is_empty() && *meant != finding.quote),
            explanation: &finding.explanation,
            basis: &finding.basis,
            segment: finding.spans.first().map(|(segment, _, _)| *segment),
            audio: clips.iter().find(|clip| clip.finding_id == finding.id).map(Clip::address),
        }
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    pub(super) fn is_violation(&self) -> bool {
        self.tier == Tier::Violation
    }
}

/// The number of each finding, 1 for the gravest: violations before what asks for a review, then by severity, then as
/// they stand, which is by time.
pub(super) fn ranks(findings: &[Finding]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|&index| Reverse((findings[index].tier, findings[index].severity)));
    let mut ranks = vec![0; findings.len()];
    for (rank, index) in order.into_iter().enumerate() {
        ranks[index] = rank + 1;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn the_gravest_comes_first_and_equals_keep_their_order() {
        let of = |tier, severity| Finding { severity, tier, ..sample::finding() };
        let findings = [
            of(Tier::Review, Severity::Critical),
            of(Tier::Violation, Severity::Minor),
            of(Tier::Violation, Severity::Critical),
            of(Tier::Violation, Severity::Minor),
        ];
        assert_eq!(ranks(&findings), [4, 2, 1, 3]);
    }

    #[test]
    fn a_meaning_that_repeats_the_quote_is_left_out() {
        let finding = Finding { meant: "去你家".into(), quote: "去你家".into(), ..sample::finding() };
        assert_eq!(FindingView::new(&finding, 1, &[]).meant, None);
    }
}
