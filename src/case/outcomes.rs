//! How the calls of a case did by every rule and every limit, passes too.

use std::collections::BTreeMap;

use super::CaseCall;
use crate::domain::{Category, CheckItem, CheckOutcome, Grade};
use crate::lexicon::RuleSet;
use crate::store::FindingState;
use crate::timing::Policy;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleSource {
    /// What was said and how: a rule of the packs.
    Content,
    /// When was called: a limit of the policies.
    Timing,
}

/// How the calls did by one rule. Counts are of calls unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOutcome {
    pub rule: String,
    pub title: String,
    pub category: Category,
    pub source: RuleSource,
    pub passed: usize,
    pub failed: usize,
    /// Something keeps the rule from being judged, or a human must listen first.
    pub not_judged: usize,
    pub not_applicable: usize,
    /// Findings of the rule.
    pub findings: usize,
    /// Calls in which a hit of the rule was taken back.
    pub taken_back: usize,
    /// Findings that people confirmed and that stand.
    pub confirmed: usize,
    /// Findings that people rejected.
    pub rejected: usize,
}

impl RuleOutcome {
    fn new(rule: &str, title: &str, category: Category, source: RuleSource) -> Self {
        Self {
            rule: rule.to_owned(),
            title: title.to_owned(),
            category,
            source,
            passed: 0,
            failed: 0,
            not_judged: 0,
            not_applicable: 0,
            findings: 0,
            taken_back: 0,
            confirmed: 0,
            rejected: 0,
        }
    }

    /// Calls that the rule was held against.
    #[must_use]
    pub fn judged(&self) -> usize {
        self.passed + self.failed + self.not_judged
    }

    fn count(&mut self, outcome: CheckOutcome) {
        *match outcome {
            CheckOutcome::Failed => &mut self.failed,
            CheckOutcome::NotJudged => &mut self.not_judged,
            CheckOutcome::Passed => &mut self.passed,
            CheckOutcome::NotApplicable => &mut self.not_applicable,
        } += 1;
    }
}

/// Every rule of today and every rule that a call was judged by: content before timing, by category and id.
pub(super) fn outcomes(calls: &[CaseCall], rules: &RuleSet, policies: &[Policy]) -> Vec<RuleOutcome> {
    let mut outcomes: BTreeMap<String, RuleOutcome> = known(rules, policies);
    for call in calls {
        for item in &call.report.checklist {
            let source = source_of(call, item);
            outcomes
                .entry(item.rule.clone())
                .or_insert_with(|| RuleOutcome::new(&item.rule, &item.title, item.category, source))
                .count(item.outcome);
        }
        count_findings(call, &mut outcomes);
    }
    let mut outcomes: Vec<_> = outcomes.into_values().collect();
    outcomes.sort_by(|a, b| (a.source, a.category, &a.rule).cmp(&(b.source, b.category, &b.rule)));
    outcomes
}

fn known(rules: &RuleSet, policies: &[Policy]) -> BTreeMap<String, RuleOutcome> {
    let words =
        rules.rules().iter().map(|rule| (rule.id.clone(), &rule.title, rule.category, RuleSource::Content));
    let conduct = rules.conduct().iter().filter_map(|rule| {
        Some((rule.id.clone(), &rule.title, rule.measure.category()?, RuleSource::Content))
    });
    let limits = policies.iter().flat_map(|policy| {
        policy.limits.iter().map(|limit| {
            let id = format!("{}.{}", policy.id, limit.id);
            (id, &limit.title, limit.check.category(), RuleSource::Timing)
        })
    });
    words
        .chain(conduct)
        .chain(limits)
        .map(|(id, title, category, source)| {
            let outcome = RuleOutcome::new(&id, title, category, source);
            (id, outcome)
        })
        .collect()
}

/// Of a rule that today's packs and policies do not have.
fn source_of(call: &CaseCall, item: &CheckItem) -> RuleSource {
    let is_timing = call
        .report
        .findings
        .iter()
        .any(|finding| finding.grade == Grade::Timing && finding.tier_by(&item.rule).is_some());
    let is_of_records = matches!(
        item.category,
        Category::OutsideHours
            | Category::TooFrequent
            | Category::ShortInterval
            | Category::Holiday
            | Category::ThirdPartyFrequency
            | Category::ContactAfterRefusal
    );
    if is_timing || is_of_records { RuleSource::Timing } else { RuleSource::Content }
}

fn count_findings(call: &CaseCall, outcomes: &mut BTreeMap<String, RuleOutcome>) {
    for outcome in outcomes.values_mut() {
        let own = call.report.findings.iter().filter(|finding| finding.tier_by(&outcome.rule).is_some());
        for finding in own {
            outcome.findings += 1;
            let state = call.findings.iter().find(|stored| stored.finding_id == finding.id);
            match state.map(|stored| stored.state) {
                Some(FindingState::Confirmed | FindingState::Upheld) => outcome.confirmed += 1,
                Some(FindingState::Rejected | FindingState::Overturned) => outcome.rejected += 1,
                _ => {}
            }
        }
        let is_taken_back = call.report.suppressed.iter().any(|hit| hit.finding.rule == outcome.rule);
        outcome.taken_back += usize::from(is_taken_back);
    }
}
