//! What the template of a sheet fills in.

use serde::Serialize;

use super::picture::Picture;
use crate::domain::Severity;

#[derive(Serialize)]
pub(super) struct SheetView<'a> {
    pub agent: &'a str,
    pub team: Option<&'a str>,
    pub month: String,
    pub calls: u64,
    pub heard: u64,
    pub flagged: ShareView,
    pub change: Option<&'static str>,
    pub average_score: Option<String>,
    pub recurring: Vec<TopicView<'a>>,
    pub single: Vec<TopicView<'a>>,
    pub pending: u64,
    pub rejected: u64,
    pub overturned: u64,
    pub picture: Picture,
    pub months: Vec<MonthView>,
    pub categories: Vec<CategoryView>,
    pub well: WellView<'a>,
}

#[derive(Serialize)]
pub(super) struct ShareView {
    pub count: u64,
    pub of: u64,
    pub percent: Option<String>,
    pub low: String,
    pub high: String,
}

#[derive(Serialize)]
pub(super) struct AdviceView<'a> {
    pub principle: &'a str,
    pub instead: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct TopicView<'a> {
    pub name: &'static str,
    pub severity: Severity,
    pub severity_name: &'static str,
    pub calls: u64,
    pub findings: u64,
    pub advice: Option<AdviceView<'a>>,
    pub rules: Vec<RuleView<'a>>,
}

#[derive(Serialize)]
pub(super) struct RuleView<'a> {
    pub rule: &'a str,
    pub title: &'a str,
    pub severity: Severity,
    pub severity_name: &'static str,
    pub calls: u64,
    pub findings: u64,
    /// What all examples say of themselves: told once.
    pub explanation: &'a str,
    pub basis: &'a [String],
    pub advice: Option<AdviceView<'a>>,
    pub examples: Vec<ExampleView<'a>>,
}

#[derive(Serialize)]
pub(super) struct ExampleView<'a> {
    pub call_id: &'a str,
    /// Where the finding is on the server; absent in a file.
    pub link: Option<String>,
    pub day: &'a str,
    pub when: Option<String>,
    pub severity: Severity,
    pub severity_name: &'static str,
    pub state_name: &'static str,
    pub quote: &'a str,
    /// Empty where it is told of the rule.
    pub explanation: &'a str,
    pub basis: &'a [String],
    pub comments: &'a [String],
    /// The sound itself.
    pub clip: Option<String>,
    /// Why there is no sound, where there was one.
    pub lost: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct MonthView {
    pub month: String,
    pub calls: u64,
    pub heard: u64,
    pub average_score: Option<String>,
}

/// Findings of a category, month by month.
#[derive(Serialize)]
pub(super) struct CategoryView {
    pub name: &'static str,
    pub months: Vec<CountView>,
}

#[derive(Serialize)]
pub(super) struct CountView {
    pub findings: u64,
    /// In a hundred calls; absent in a month without calls.
    pub per_hundred: Option<String>,
    /// Length of a bar, 0 to 100.
    pub width: f64,
}

#[derive(Serialize)]
pub(super) struct WellView<'a> {
    pub read: u64,
    /// The most that are read, where the month has more.
    pub limit: Option<usize>,
    pub good: Vec<GoodView<'a>>,
    pub always: Vec<&'static str>,
    pub mostly: Vec<(&'static str, u64, u64)>,
    pub overcome: Vec<(&'static str, u64)>,
    pub won: Vec<WonView<'a>>,
}

#[derive(Serialize)]
pub(super) struct GoodView<'a> {
    pub title: &'a str,
    pub calls: u64,
    pub quote: &'a str,
    pub call_id: &'a str,
    pub link: Option<String>,
}

#[derive(Serialize)]
pub(super) struct WonView<'a> {
    pub name: &'static str,
    pub call_id: &'a str,
    pub link: Option<String>,
    pub day: &'a str,
    pub quote: &'a str,
    pub decided: Option<&'a str>,
    pub grounds: &'a str,
}
