//! What is kept of a call once its report is written, and what a run adds up to.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{CallError, CallId, CallReport, Category, Finding, Severity, Tier, Verdict};
use crate::text::to_simplified;

/// Findings by tier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub violation: usize,
    pub review: usize,
}

impl Tally {
    pub fn total(self) -> usize {
        self.violation + self.review
    }

    fn count(&mut self, tier: Tier) {
        match tier {
            Tier::Violation => self.violation += 1,
            Tier::Review => self.review += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.violation += other.violation;
        self.review += other.review;
    }
}

/// One call in the lists: the console's table, the index page, `run.json`.
#[derive(Debug, Clone, PartialEq)]
pub struct CallSummary {
    pub call_id: CallId,
    pub verdict: Verdict,
    pub score: u8,
    pub error: Option<CallError>,
    /// Findings by category.
    pub categories: BTreeMap<Category, Tally>,
    pub suppressed: usize,
    pub worst: Option<Worst>,
    pub started_at: Option<String>,
    /// Length of the recording.
    pub duration_s: Option<f64>,
}

/// The finding that a list shows of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Worst {
    pub category: Category,
    pub severity: Severity,
    pub tier: Tier,
    pub start_s: Option<f64>,
    /// In simplified characters, for people.
    pub quote: String,
}

impl CallSummary {
    /// What the lists need of a report.
    pub fn of(report: &CallReport) -> Self {
        let mut categories = BTreeMap::<Category, Tally>::new();
        for finding in &report.findings {
            categories.entry(finding.category).or_default().count(finding.tier);
        }
        Self {
            call_id: report.call_id.clone(),
            verdict: report.verdict,
            score: report.score,
            error: report.error.clone(),
            categories,
            suppressed: report.suppressed.len(),
            worst: report.worst().map(Worst::of),
            started_at: report.record.as_ref().and_then(|record| record.started_at.clone()),
            duration_s: report.recording.as_ref().map(|recording| recording.duration_s),
        }
    }

    /// Findings of all categories.
    pub fn findings(&self) -> Tally {
        let mut sum = Tally::default();
        self.categories.values().for_each(|tally| sum.add(*tally));
        sum
    }
}

impl Worst {
    fn of(finding: &Finding) -> Self {
        Self {
            category: finding.category,
            severity: finding.severity,
            tier: finding.tier,
            start_s: finding.start_s,
            quote: to_simplified(&finding.quote),
        }
    }
}

/// Sums over a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Totals {
    pub calls: usize,
    pub violation: usize,
    pub review: usize,
    pub clean: usize,
    pub failed: usize,
    pub findings: Tally,
    pub suppressed: usize,
    /// Seconds of sound in the calls that were audited.
    pub audio_s: f64,
    pub categories: BTreeMap<Category, Tally>,
}

impl Totals {
    pub(super) fn of<'a>(calls: impl IntoIterator<Item = &'a CallSummary>) -> Self {
        let mut totals = Self::default();
        calls.into_iter().for_each(|call| totals.add(call));
        totals.audio_s = super::border::hundredths(totals.audio_s);
        totals
    }

    fn add(&mut self, call: &CallSummary) {
        self.calls += 1;
        *self.of_verdict(call.verdict) += 1;
        self.findings.add(call.findings());
        self.suppressed += call.suppressed;
        self.audio_s += call.duration_s.unwrap_or(0.0);
        for (category, tally) in &call.categories {
            self.categories.entry(*category).or_default().add(*tally);
        }
    }

    fn of_verdict(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Violation => &mut self.violation,
            Verdict::Review => &mut self.review,
            Verdict::Clean => &mut self.clean,
            Verdict::Failed => &mut self.failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_run_adds_up() {
        let reports = [sample::violation(), sample::clean(), sample::failed(), sample::review()];
        let totals = Totals::of(&reports.map(|report| CallSummary::of(&report)));
        assert_eq!((totals.calls, totals.violation, totals.review), (4, 1, 1));
        assert_eq!((totals.clean, totals.failed), (1, 1));
        let by_category: usize = totals.categories.values().map(|tally| tally.total()).sum();
        assert_eq!(by_category, totals.findings.total());
    }

    #[test]
    fn the_worst_finding_stands_for_the_call() {
        let worst = CallSummary::of(&sample::violation()).worst.unwrap();
        assert_eq!((worst.category, worst.severity), (Category::Threat, Severity::Critical));
    }
}
