//! What reports say that went well. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::Good;
use crate::domain::{CallReport, Category, CheckItem, CheckOutcome};
use crate::oversight::Share;
use crate::text::to_simplified;

/// Counts what reports show, one after the other, the latest first.
#[derive(Debug, Default)]
pub(super) struct Tally {
    read: u64,
    good: BTreeMap<String, Good>,
    kept: BTreeMap<Category, Share>,
}

impl Tally {
    /// Adds a report as it may be shown; `stands` tells findings that count by their ids, and `call_id` is the call's name as
    /// it may be shown.
    pub fn add(&mut self, call: i64, call_id: &str, report: &CallReport, stands: &dyn Fn(&str) -> bool) {
        self.read += 1;
        let mut noted = BTreeSet::new();
        for good in &report.good_conduct {
            let entry = self.good.entry(good.rule.clone()).or_insert_with(|| Good {
                rule: good.rule.clone(),
                title: good.title.clone(),
                calls: 0,
                quote: to_simplified(&good.quote),
                call,
                call_id: call_id.to_owned(),
            });
            entry.calls += u64::from(noted.insert(&good.rule));
        }
        let mut by_category: BTreeMap<Category, bool> = BTreeMap::new();
        for item in &report.checklist {
            if let Some(is_kept) = kept(item, stands) {
                *by_category.entry(item.category).or_insert(true) &= is_kept;
            }
        }
        for (category, is_kept) in by_category {
            let share = self.kept.entry(category).or_default();
            share.of += 1;
            share.count += u64::from(is_kept);
        }
    }

    /// Number of reports, good conduct by number of calls, and categories with what was kept, in their order.
    pub fn counted(self) -> (u64, Vec<Good>, Vec<(Category, Share)>) {
        let mut good: Vec<_> = self.good.into_values().collect();
        good.sort_by(|a, b| b.calls.cmp(&a.calls).then_with(|| a.rule.cmp(&b.rule)));
        (self.read, good, self.kept.into_iter().collect())
    }
}

/// Whether a rule was kept; nothing where it could not be judged. What people rejected was kept, whatever the audit says.
fn kept(item: &CheckItem, stands: &dyn Fn(&str) -> bool) -> Option<bool> {
    // Good conduct that was not shown is no breach.
    if item.category == Category::GoodConduct {
        return None;
    }
    match item.outcome {
        CheckOutcome::Passed => Some(true),
        CheckOutcome::Failed if item.findings.is_empty() => Some(false),
        CheckOutcome::Failed => Some(!item.findings.iter().any(|id| stands(id))),
        // What waits for a human ear has been confirmed, or still waits.
        CheckOutcome::NotJudged => item.findings.iter().any(|id| stands(id)).then_some(false),
        CheckOutcome::NotApplicable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(category: Category, outcome: CheckOutcome, findings: &[&str]) -> CheckItem {
        let findings = findings.iter().map(|id| (*id).to_owned()).collect();
        CheckItem { findings, ..CheckItem::passed("r", "t", category).with(outcome, "") }
    }

    #[test]
    fn a_rule_is_kept_unless_a_finding_stands() {
        use CheckOutcome::{Failed, NotApplicable, NotJudged, Passed};
        for (outcome, findings, expected) in [
            (Passed, &[][..], Some(true)),
            (Failed, &["stands"], Some(false)),
            (Failed, &["rejected"], Some(true)),
            (Failed, &["rejected", "stands"], Some(false)),
            (Failed, &[], Some(false)),
            (NotJudged, &["open"], None),
            (NotJudged, &["stands"], Some(false)),
            (NotApplicable, &[], None),
        ] {
            let item = item(Category::Threat, outcome, findings);
            assert_eq!(kept(&item, &|id| id == "stands"), expected, "{outcome:?} {findings:?}");
        }
        assert_eq!(kept(&item(Category::GoodConduct, Failed, &[]), &|_| true), None);
    }

    #[test]
    fn calls_are_counted_once_a_rule_and_once_a_category() {
        let good = |rule: &str, quote: &str| {
            serde_json::json!({"rule": rule, "title": "同理心", "points": 1, "start_s": null, "end_s": null,
                "speaker": "agent", "quote": quote})
        };
        let report = |good: serde_json::Value, checklist: Vec<CheckItem>| -> CallReport {
            let report = serde_json::json!({
                "schema": "s", "call_id": "c", "recording": null, "verdict": "clean", "score": 100, "error": null,
                "findings": [], "suppressed": [], "good_conduct": good, "checklist": checklist, "not_judged": [],
                "transcript": [], "provenance": {"tool": "t", "model": null, "lexicons": "l", "policies": "p",
                "settings": "s"},
            });
            serde_json::from_value(report).unwrap()
        };
        let passed = |category| item(category, CheckOutcome::Passed, &[]);
        let failed = |category| item(category, CheckOutcome::Failed, &["stands"]);
        let mut tally = Tally::default();
        let reports = [
            report(
                serde_json::json!([good("good.a", "後來"), good("good.a", "又"), good("good.b", "乙")]),
                vec![passed(Category::Threat), failed(Category::Threat), passed(Category::Insult)],
            ),
            report(serde_json::json!([good("good.a", "先前")]), vec![passed(Category::Threat)]),
        ];
        for (call, report) in (1..).zip(&reports) {
            tally.add(call, "c", report, &|id| id == "stands");
        }
        let (read, good, kept) = tally.counted();
        let good: Vec<_> =
            good.iter().map(|one| (one.rule.as_str(), one.calls, one.quote.as_str())).collect();
        assert_eq!((read, good), (2, vec![("good.a", 2, "后来"), ("good.b", 1, "乙")]));
        let share = |count, of| Share { count, of };
        assert_eq!(kept, [(Category::Threat, share(1, 2)), (Category::Insult, share(1, 1))]);
    }
}
