//! What the template of the index fills in.

use std::cmp::Reverse;

use serde::Serialize;

use crate::domain::{Category, Severity, Tier, Verdict};

use super::super::summary::{CallSummary, Tally, Totals, Worst};
use super::super::{RunFacts, chinese, words};

/// See [`crate::report::TIMING`].
const TIMING_PAGE: &str = "timing/index.html";

#[derive(Serialize)]
pub(super) struct IndexView<'a> {
    interrupted: bool,
    /// Address of the page over all call records.
    timing: Option<&'static str>,
    calls: usize,
    audio: String,
    findings: Tally,
    suppressed: usize,
    verdicts: Vec<VerdictCount>,
    categories: Vec<CategoryCount>,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct VerdictCount {
    verdict: Verdict,
    name: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct CategoryCount {
    category: Category,
    name: &'static str,
    tally: Tally,
    /// Bars in percent of the longest.
    violation_percent: String,
    review_percent: String,
}

#[derive(Serialize)]
struct Row<'a> {
    call_id: &'a str,
    link: &'a str,
    verdict: Verdict,
    verdict_name: &'static str,
    score: u8,
    error: Option<&'a str>,
    /// The error in Chinese, where there are words for it.
    error_name: Option<&'static str>,
    findings: Tally,
    /// Ids of the categories, with a blank between them: what the filter looks at.
    categories: String,
    worst: Option<WorstView<'a>>,
    started_at: Option<String>,
    duration: Option<String>,
}

#[derive(Serialize)]
struct WorstView<'a> {
    severity: Severity,
    severity_name: &'static str,
    category_name: &'static str,
    is_review: bool,
    when: Option<String>,
    quote: &'a str,
}

impl<'a> IndexView<'a> {
    pub(super) fn new(calls: &'a [(&CallSummary, String)], totals: &Totals, facts: &RunFacts) -> Self {
        let mut order: Vec<_> = calls.iter().collect();
        order.sort_by_key(|(call, _)| gravity(call));
        Self {
            interrupted: facts.interrupted,
            timing: facts.has_timing.then_some(TIMING_PAGE),
            calls: totals.calls,
            audio: words::clock(totals.audio_s),
            findings: totals.findings,
            suppressed: totals.suppressed,
            verdicts: verdict_counts(totals),
            categories: category_counts(totals),
            rows: order.into_iter().map(|(call, link)| Row::new(call, link)).collect(),
        }
    }
}

/// Sorts by what asks for attention first; equals keep the order of the input. A call that failed may hide anything,
/// so it stands before the clean ones.
fn gravity(call: &CallSummary) -> impl Ord + use<> {
    let verdict = match call.verdict {
        Verdict::Violation => 0,
        Verdict::Review => 1,
        Verdict::Failed => 2,
        Verdict::Clean => 3,
    };
    (verdict, Reverse(call.worst.as_ref().map(|worst| (worst.tier, worst.severity))), call.score)
}

fn verdict_counts(totals: &Totals) -> Vec<VerdictCount> {
    let counts = [
        (Verdict::Violation, totals.violation),
        (Verdict::Review, totals.review),
        (Verdict::Clean, totals.clean),
        (Verdict::Failed, totals.failed),
    ];
    counts.map(|(verdict, count)| VerdictCount { verdict, name: verdict.name_zh(), count }).into()
}

/// Categories that occur, in the order of the contract.
fn category_counts(totals: &Totals) -> Vec<CategoryCount> {
    let longest = totals.categories.values().map(|tally| tally.total()).max().unwrap_or(1).max(1);
    let percent = |count: usize| format!("{:.1}", count as f64 * 100.0 / longest as f64);
    let count = |(&category, &tally): (&Category, &Tally)| CategoryCount {
        category,
        name: category.name_zh(),
        tally,
        violation_percent: percent(tally.violation),
        review_percent: percent(tally.review),
    };
    totals.categories.iter().map(count).collect()
}

impl<'a> Row<'a> {
    fn new(call: &'a CallSummary, link: &'a str) -> Self {
        Self {
            call_id: &call.call_id.0,
            link,
            verdict: call.verdict,
            verdict_name: call.verdict.name_zh(),
            score: call.score,
            error: call.error.as_ref().map(|error| error.cause.as_str()),
            error_name: call.error.as_ref().and_then(|error| chinese::cause(&error.cause)),
            findings: call.findings(),
            categories: call.categories.keys().map(|category| category.id()).collect::<Vec<_>>().join(" "),
            worst: call.worst.as_ref().map(WorstView::new),
            started_at: call.started_at.as_deref().map(words::date_time),
            duration: call.duration_s.map(words::clock),
        }
    }
}

impl<'a> WorstView<'a> {
    fn new(worst: &'a Worst) -> Self {
        Self {
            severity: worst.severity,
            severity_name: worst.severity.name_zh(),
            category_name: worst.category.name_zh(),
            is_review: worst.tier == Tier::Review,
            when: worst.start_s.map(words::clock),
            quote: &worst.quote,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn what_asks_for_attention_comes_first() {
        let calls = [sample::clean(), sample::failed(), sample::review(), sample::violation()]
            .map(|report| CallSummary::of(&report));
        let links: Vec<_> = calls.iter().map(|call| (call, String::new())).collect();
        let view = IndexView::new(&links, &Totals::of(&calls), &RunFacts::default());
        let verdicts: Vec<_> = view.rows.iter().map(|row| row.verdict).collect();
        assert_eq!(verdicts, [Verdict::Violation, Verdict::Review, Verdict::Failed, Verdict::Clean]);
    }
}
