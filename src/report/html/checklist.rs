//! The compliance checklist by category, what failed first.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{CallReport, Category, CheckItem, CheckOutcome};

use super::super::{chinese, words};
use super::moment::segment_at;

#[derive(Serialize)]
pub(super) struct ChecklistView<'a> {
    failed: usize,
    not_judged: usize,
    passed: usize,
    not_applicable: usize,
    /// Categories with something failed first, then those with something open, then the others.
    categories: Vec<CategoryView<'a>>,
}

#[derive(Serialize)]
struct CategoryView<'a> {
    name: &'static str,
    /// The worst of its lines.
    outcome: CheckOutcome,
    counts: String,
    /// Lines that want a look: failed, then not judged.
    open: Vec<ItemView<'a>>,
    passed: Vec<ItemView<'a>>,
    not_applicable: Vec<ItemView<'a>>,
}

#[derive(Serialize)]
struct ItemView<'a> {
    rule: &'a str,
    title: &'a str,
    outcome: CheckOutcome,
    outcome_name: &'static str,
    when: Option<String>,
    segment: Option<usize>,
    reason: String,
    /// The finding to look at.
    finding: Option<&'a str>,
}

/// `None` where there is no checklist, as of a call that could not be heard.
pub(super) fn view(report: &CallReport) -> Option<ChecklistView<'_>> {
    if report.checklist.is_empty() {
        return None;
    }
    let mut categories = BTreeMap::<Category, Vec<&CheckItem>>::new();
    for item in &report.checklist {
        categories.entry(item.category).or_default().push(item);
    }
    let mut categories: Vec<_> =
        categories.into_iter().map(|(category, items)| category_view(report, category, &items)).collect();
    categories.sort_by_key(|category| category.outcome);
    let count = |outcome| report.checklist.iter().filter(|item| item.outcome == outcome).count();
    Some(ChecklistView {
        failed: count(CheckOutcome::Failed),
        not_judged: count(CheckOutcome::NotJudged),
        passed: count(CheckOutcome::Passed),
        not_applicable: count(CheckOutcome::NotApplicable),
        categories,
    })
}

fn category_view<'a>(report: &CallReport, category: Category, items: &[&'a CheckItem]) -> CategoryView<'a> {
    let with = |outcome| -> Vec<ItemView<'a>> {
        let own = items.iter().filter(|item| item.outcome == outcome);
        own.map(|item| ItemView::new(report, item)).collect()
    };
    let (failed, not_judged) = (with(CheckOutcome::Failed), with(CheckOutcome::NotJudged));
    let (passed, not_applicable) = (with(CheckOutcome::Passed), with(CheckOutcome::NotApplicable));
    CategoryView {
        name: category.name_zh(),
        outcome: items.iter().map(|item| item.outcome).min().unwrap_or(CheckOutcome::NotApplicable),
        counts: counts(&[
            (CheckOutcome::Failed, failed.len()),
            (CheckOutcome::NotJudged, not_judged.len()),
            (CheckOutcome::Passed, passed.len()),
            (CheckOutcome::NotApplicable, not_applicable.len()),
        ]),
        open: failed.into_iter().chain(not_judged).collect(),
        passed,
        not_applicable,
    }
}

fn counts(counts: &[(CheckOutcome, usize)]) -> String {
    let some = counts.iter().filter(|(_, count)| *count > 0);
    some.map(|(outcome, count)| format!("{} {count}", outcome.name_zh())).collect::<Vec<_>>().join(" · ")
}

impl<'a> ItemView<'a> {
    fn new(report: &CallReport, item: &'a CheckItem) -> Self {
        Self {
            rule: &item.rule,
            title: &item.title,
            outcome: item.outcome,
            outcome_name: item.outcome.name_zh(),
            when: item.at_s.map(words::clock),
            segment: segment_at(report, item.at_s),
            reason: chinese::reason(&item.reason),
            finding: item.findings.first().map(String::as_str),
        }
    }
}
